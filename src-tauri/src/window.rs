//! The one window: opening, showing, closing.

use serde_json::{Value, json};
use streembit_api::{Window as ShownWindow, events::now, table, types::Event};
use tauri::{App, AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder, Window, WindowEvent};
use tauri_plugin_notification::NotificationExt as _;

use crate::shell::Shell;

/// The window's label, which its capability names.
const LABEL: &str = "main";

/// Opens the window, or makes it ready only; what the page keeps lies in the data folder, so profiles share nothing.
pub(crate) fn open(app: &App, shell: &Shell, is_hidden: bool) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Streembit")
        .inner_size(1100.0, 720.0)
        .min_inner_size(480.0, 560.0)
        .data_directory(shell.host().folder().join("webview"))
        .on_navigation(|url| is_own_page(url.scheme(), url.host_str()))
        .visible(!is_hidden)
        .build()?;
    if is_hidden && !shell.has_tray() {
        // Without an icon nothing else would lead to it.
        window.show()?;
        window.minimize()?;
    }
    Ok(())
}

/// Whether the window may go there: the app's own page and the development server's.
fn is_own_page(scheme: &str, host: Option<&str>) -> bool {
    let is_development = cfg!(debug_assertions) && host == Some("localhost");
    scheme == "tauri" || host == Some("tauri.localhost") || is_development
}

/// Shows the window when somebody asks for it from outside.
pub(crate) struct Front(pub AppHandle);

impl ShownWindow for Front {
    fn show(&self, link: Option<String>) {
        show(&self.0);
        if let Some(link) = link {
            self.0.state::<Shell>().offer(link);
        }
    }
}

/// Brings the window to the front.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Hides the window; the node goes on.
pub(crate) fn hide(window: &Window) {
    let _ = window.hide();
}

/// Decides what closing the window does.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        tauri::async_runtime::spawn(close(window.clone()));
    }
}

/// Hides, asks or quits, as the person set it and the desktop allows.
async fn close(window: Window) {
    let shell = window.state::<Shell>().inner().clone();
    let settings = table::dispatch(shell.host(), "settings_get", Value::Null).await;
    let on_close = settings
        .as_ref()
        .ok()
        .and_then(|settings| settings.get("on_close")?.as_str());
    match on_close {
        Some("keep") => hide(&window),
        Some("ask") if shell.has_tray() => {
            hide(&window);
            let is_hinted = settings.is_ok_and(|it| it.get("tray_hint_seen") == Some(&json!(true)));
            if !is_hinted {
                hint(&window, &shell).await;
            }
        }
        Some("ask") if shell.is_followed() => {
            let code = "window_close_requested".to_owned();
            let text = "The window is about to close.".to_owned();
            shell.host().tell(Event::Notice {
                at: now(),
                code,
                text,
            });
        }
        Some(_) | None => shell.quit(window.app_handle()),
    }
}

/// Says once that the node goes on.
async fn hint(window: &Window, shell: &Shell) {
    let hint =
        "Streembit keeps running, so that messages reach you. Quit from its icon in the tray.";
    let _ = window
        .notification()
        .builder()
        .title("Streembit")
        .body(hint)
        .show();
    let seen = json!({ "tray_hint_seen": true });
    let _ = table::dispatch(shell.host(), "settings_set", seen).await;
}
