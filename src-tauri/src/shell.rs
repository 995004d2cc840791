//! What the parts of the shell share.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use streembit_api::{Host, types::Event};
use tauri::{AppHandle, async_runtime::JoinHandle};

/// The node, and what the window is at. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell(Arc<Inner>);

struct Inner {
    follower: Mutex<Option<JoinHandle<()>>>,
    has_tray: AtomicBool,
    host: Host,
    is_quitting: AtomicBool,
    link: Mutex<Option<String>>,
}

impl Shell {
    /// Begins with a link that waits for the window to ask.
    pub(crate) fn new(host: Host, link: Option<String>) -> Self {
        Self(Arc::new(Inner {
            follower: Mutex::default(),
            has_tray: AtomicBool::new(false),
            host,
            is_quitting: AtomicBool::new(false),
            link: Mutex::new(link),
        }))
    }

    pub(crate) fn host(&self) -> &Host {
        &self.0.host
    }

    pub(crate) fn has_tray(&self) -> bool {
        self.0.has_tray.load(Ordering::Relaxed)
    }

    pub(crate) fn set_has_tray(&self) {
        self.0.has_tray.store(true, Ordering::Relaxed);
    }

    /// Whether the window follows the events, and so can ask its person something.
    pub(crate) fn is_followed(&self) -> bool {
        lock(&self.0.follower).is_some()
    }

    /// Replaces whoever follows the events: a reloaded page begins anew.
    pub(crate) fn set_follower(&self, follower: JoinHandle<()>) {
        if let Some(earlier) = lock(&self.0.follower).replace(follower) {
            earlier.abort();
        }
    }

    /// Hands `link` to the window: now, or when it asks.
    pub(crate) fn offer(&self, link: String) {
        if self.is_followed() {
            self.0.host.tell(Event::Link {
                at: streembit_api::events::now(),
                link,
            });
        } else {
            lock(&self.0.link).replace(link);
        }
    }

    /// Takes the link that waits for the window.
    pub(crate) fn take_link(&self) -> Option<String> {
        lock(&self.0.link).take()
    }

    /// Stops the node cleanly and ends the app.
    pub(crate) fn quit(&self, app: &AppHandle) {
        if self.0.is_quitting.swap(true, Ordering::Relaxed) {
            return;
        }
        let (shell, app) = (self.clone(), app.clone());
        tauri::async_runtime::spawn(async move {
            shell.host().stop().await;
            app.exit(0);
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Quits when the process is asked to end.
pub(crate) async fn quit_on_signal(app: AppHandle) {
    use tauri::Manager as _;
    use tokio::signal::unix::{SignalKind, signal};

    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.state::<Shell>().quit(&app);
}
