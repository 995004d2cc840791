//! `streembit:` links from outside go to the window for inspection, and never act.

use tauri::{App, Manager as _};
use tauri_plugin_deep_link::DeepLinkExt as _;

use crate::{shell::Shell, window};

/// Follows the links that the system hands over while the app runs.
pub(crate) fn follow(app: &App, shell: &Shell) {
    let (shell, handle) = (shell.clone(), app.app_handle().clone());
    app.deep_link().on_open_url(move |event| {
        for link in event.urls() {
            shell.offer(link.into());
        }
        window::show(&handle);
    });
}
