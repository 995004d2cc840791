//! The shell: window, tray, notifications, links from outside.
//!
//! Knows Tauri, and nothing of what the window shows: names and arguments go to the command table
//! as they come, events go to the window as they are.

mod arguments;
mod bridge;
mod instance;
mod links;
mod login;
mod notices;
mod notify;
mod shell;
mod tray;
mod window;

use std::{io::IsTerminal as _, process::ExitCode};

use streembit_api::{Host, control::Control, node::Config, profile::ProfileError};
use tauri::{Manager as _, RunEvent};
use tracing::warn;
use tracing_subscriber::EnvFilter;

use arguments::Arguments;
use shell::Shell;

/// Runs the app with the arguments and the environment of this process.
#[must_use]
pub fn main() -> ExitCode {
    // Values are literal: a pattern could be made to cost much.
    let filter = EnvFilter::builder()
        .with_regex(false)
        .with_env_var("STREEMBIT_LOG")
        .try_from_env()
        .unwrap_or_else(|_| EnvFilter::new("warn"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .try_init();
    let Arguments {
        folder,
        is_hidden,
        listen,
        link,
    } = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(message) => return instance::complain(message),
    };
    match Host::open(
        &folder,
        Config {
            listen,
            ..Config::default()
        },
    ) {
        Ok(host) => run(host, link, is_hidden),
        Err(ProfileError::InUse) => instance::hand_over(&folder, link),
        Err(error) => instance::complain(error.to_string()),
    }
}

/// Opens the window on a folder that is this process's own.
fn run(host: Host, link: Option<String>, is_hidden: bool) -> ExitCode {
    let shell = Shell::new(host.clone(), link);
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(bridge::handler(shell.clone()))
        .on_window_event(window::on_event)
        .manage(shell.clone())
        .setup(move |app| {
            tray::open(app, &shell);
            window::open(app, &shell, is_hidden)?;
            links::follow(app, &shell);
            host.set_window(window::Front(app.handle().clone()));
            start(app.handle().clone(), shell.clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(on_run_event)).unwrap_or(1)),
        Err(error) => instance::complain(error.to_string()),
    }
}

/// Starts the node and its socket, and whatever follows the events.
fn start(app: tauri::AppHandle, shell: Shell) {
    let host = shell.host().clone();
    tauri::async_runtime::spawn(notify::follow(app.clone(), host.clone()));
    tauri::async_runtime::spawn(shell::quit_on_signal(app));
    tauri::async_runtime::spawn(async move {
        match Control::bind(&host.folder()) {
            Ok(control) => drop(tokio::spawn(control.run(host.clone(), host.stop_token()))),
            Err(error) => warn!(%error, "No control socket"),
        }
        // The status tells the window why it does not run.
        let _ = host.start(None).await;
    });
}

fn on_run_event(app: &tauri::AppHandle, event: RunEvent) {
    // The desktop session ends: stop cleanly first.
    if let RunEvent::ExitRequested {
        code: None, api, ..
    } = event
    {
        api.prevent_exit();
        app.state::<Shell>().quit(app);
    }
}
