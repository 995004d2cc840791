//! One app for each data folder: a second start shows the first one's window.

use std::{path::Path, process::ExitCode};

use serde_json::json;
use streembit_api::control::{CallError, Client};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use tracing::error;

/// Has the app that owns `folder` show its window, and `link` in it.
pub(crate) fn hand_over(folder: &Path, link: Option<String>) -> ExitCode {
    let shown = tauri::async_runtime::block_on(async {
        let mut first = Client::connect(folder).await?;
        first.call("window_show", json!({ "link": link })).await
    });
    match shown {
        Ok(_) => ExitCode::SUCCESS,
        Err(CallError::Command(failure)) => complain(failure.message),
        Err(CallError::Connection(_) | CallError::NotRunning) => complain(format!(
            "Another Streembit is using {} and does not answer. End it, then start again.",
            folder.display()
        )),
    }
}

/// Tells a person why the app cannot open.
pub(crate) fn complain(message: String) -> ExitCode {
    error!("{message}");
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .setup(move |app| {
            let handle = app.handle().clone();
            let dialog = app.dialog().message(message).title("Streembit");
            dialog
                .kind(MessageDialogKind::Error)
                .show(move |_| handle.exit(1));
            Ok(())
        })
        .build(tauri::generate_context!());
    if let Ok(app) = built {
        app.run_return(|_, _| {});
    }
    ExitCode::FAILURE
}
