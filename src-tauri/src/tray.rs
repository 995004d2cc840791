//! The icon in the tray, where the desktop has one.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::{
    App, AppHandle, include_image,
    menu::{MenuBuilder, MenuItemBuilder},
    tray::TrayIconBuilder,
};
use tracing::{debug, warn};

use crate::{shell::Shell, window};

/// What the icon is called by.
const ID: &str = "main";

/// Shows the icon; without one the window asks before it closes.
pub(crate) fn open(app: &App, shell: &Shell) {
    if !is_supported() {
        debug!("This desktop has no tray");
        return;
    }
    // libappindicator is loaded at run time, and its binding panics where it is not installed.
    match catch_unwind(AssertUnwindSafe(|| build(app, shell))) {
        Ok(Ok(())) => shell.set_has_tray(),
        Ok(Err(error)) => warn!(%error, "No tray icon"),
        Err(_) => warn!("No tray icon: libayatana-appindicator3 is not installed"),
    }
}

/// Shows how many messages are unread beside the icon, where the desktop shows such words.
pub(crate) fn count(app: &AppHandle, unread: u32) {
    let Some(tray) = app.tray_by_id(ID) else {
        return;
    };
    let title = match unread {
        0 => None,
        1..=99 => Some(unread.to_string()),
        100.. => Some("99+".to_owned()),
    };
    let tooltip = match &title {
        Some(count) => format!("Streembit: {count} unread"),
        None => "Streembit".to_owned(),
    };
    let _ = tray.set_title(title);
    let _ = tray.set_tooltip(Some(tooltip));
}

fn build(app: &App, shell: &Shell) -> tauri::Result<()> {
    let show = MenuItemBuilder::with_id("show", "Show Streembit").build(app)?;
    let quit = MenuItemBuilder::with_id("quit", "Quit").build(app)?;
    let menu = MenuBuilder::new(app).items(&[&show, &quit]).build()?;
    let shell = shell.clone();
    TrayIconBuilder::with_id(ID)
        .icon(include_image!("icons/tray.png"))
        .tooltip("Streembit")
        .menu(&menu)
        .on_menu_event(move |app, event| match event.id().as_ref() {
            "quit" => shell.quit(app),
            _ => window::show(app),
        })
        .build(app)
        .map(drop)
}

/// Whether something would show the icon.
#[cfg(target_os = "linux")]
fn is_supported() -> bool {
    use zbus::{blocking::Connection, blocking::fdo::DBusProxy, names::BusName};

    let Ok(name) = BusName::try_from("org.kde.StatusNotifierWatcher") else {
        return false;
    };
    Connection::session()
        .and_then(|bus| Ok(DBusProxy::new(&bus)?.name_has_owner(name)?))
        .unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn is_supported() -> bool {
    true
}
