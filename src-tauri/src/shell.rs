//! What the parts of the shell share.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use serde::Deserialize;
use streembit_api::{
    Host,
    events::now,
    types::{Event, NetworkKey, Party},
};
use tauri::{AppHandle, async_runtime::JoinHandle};

/// The node, and what the window is at. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Shell(Arc<Inner>);

struct Inner {
    follower: Mutex<Option<JoinHandle<()>>>,
    has_tray: AtomicBool,
    host: Host,
    is_quitting: AtomicBool,
    looked_at: Mutex<Option<Talk>>,
    waiting: Mutex<Option<Event>>,
}

impl Shell {
    /// Begins with a link that waits for the window to ask.
    pub(crate) fn new(host: Host, link: Option<String>) -> Self {
        Self(Arc::new(Inner {
            follower: Mutex::default(),
            has_tray: AtomicBool::new(false),
            host,
            is_quitting: AtomicBool::new(false),
            looked_at: Mutex::default(),
            waiting: Mutex::new(link.map(link_event)),
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
        self.hand(link_event(link));
    }

    /// Has the window show a conversation: now, or when it asks.
    pub(crate) fn open(&self, talk: Talk) {
        self.hand(Event::Open {
            at: now(),
            network: talk.network,
            peer: talk.peer,
        });
    }

    fn hand(&self, event: Event) {
        if self.is_followed() {
            self.0.host.tell(event);
        } else {
            lock(&self.0.waiting).replace(event);
        }
    }

    /// Takes what waits for the window.
    pub(crate) fn take_waiting(&self) -> Option<Event> {
        lock(&self.0.waiting).take()
    }

    /// Takes note of the conversation that the window shows.
    pub(crate) fn look_at(&self, talk: Option<Talk>) {
        *lock(&self.0.looked_at) = talk;
    }

    /// Whether the window shows this conversation.
    pub(crate) fn looks_at(&self, talk: &Talk) -> bool {
        lock(&self.0.looked_at).as_ref() == Some(talk)
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

/// A conversation by its key.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Talk {
    /// Its network.
    pub network: NetworkKey,
    /// The other side.
    pub peer: Party,
}

fn link_event(link: String) -> Event {
    Event::Link { at: now(), link }
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
