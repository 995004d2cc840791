//! A notification daemon for a desk: keeps what it is asked to show, and clicks on it when told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use zbus::names::BusName;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, interface};

use crate::deadline::{PATIENCE, eventually};
use crate::desk::Desk;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// One notification, as it was last shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notice {
    /// Its id.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// Its text, as it was sent.
    pub body: String,
    /// What can be chosen on it: keys and titles in turns.
    pub actions: Vec<String>,
    /// Whether the program has taken it away.
    pub is_gone: bool,
}

/// The desk's notifications; they end when this is dropped.
#[derive(Debug)]
pub struct Notices {
    bus: Connection,
    shown: Shown,
}

type Shown = Arc<Mutex<Vec<Notice>>>;

/// What answers on the bus.
struct Daemon(Shown);

#[interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "the interface has them")]
    fn notify(
        &self,
        _app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut shown = lock(&self.0);
        let replaced = shown
            .iter()
            .position(|notice| notice.id == replaces_id && !notice.is_gone);
        let id = replaced.map_or_else(
            || u32::try_from(shown.len()).unwrap_or(u32::MAX) + 1,
            |_| replaces_id,
        );
        let notice = Notice {
            id,
            title: summary,
            body,
            actions,
            is_gone: false,
        };
        match replaced.and_then(|place| shown.get_mut(place)) {
            Some(earlier) => *earlier = notice,
            None => shown.push(notice),
        }
        id
    }

    fn close_notification(&self, id: u32) {
        for notice in lock(&self.0).iter_mut().filter(|notice| notice.id == id) {
            notice.is_gone = true;
        }
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).into()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let words = ["Desk", "Streembit", "1", "1.2"].map(str::to_owned);
        words.into()
    }
}

impl Notices {
    /// Starts showing what programs on `desk` announce.
    ///
    /// # Errors
    /// When the desk's bus does not let it.
    pub async fn on(desk: &Desk) -> anyhow::Result<Self> {
        let address = desk.environment().get("DBUS_SESSION_BUS_ADDRESS");
        let shown = Shown::default();
        let bus = connection::Builder::address(address.context("a bus")?.as_str())?
            .serve_at(PATH, Daemon(Arc::clone(&shown)))?
            .name(NAME)?
            .build()
            .await?;
        Ok(Self { bus, shown })
    }

    /// Everything that was ever shown, each as it was last.
    #[must_use]
    pub fn all(&self) -> Vec<Notice> {
        lock(&self.shown).clone()
    }

    /// Waits until a notification is as `wanted`.
    ///
    /// # Errors
    /// When none becomes so; what there is instead is told.
    pub async fn wait(
        &self,
        what: &str,
        wanted: impl Fn(&Notice) -> bool,
    ) -> anyhow::Result<Notice> {
        let look = || async { Ok(self.all().into_iter().find(|notice| wanted(notice))) };
        let found = eventually(PATIENCE, what, look).await;
        found.with_context(|| format!("there is {:?}", self.all()))
    }

    /// Clicks a notification, as a person would.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn click(&self, id: u32) -> anyhow::Result<()> {
        let everyone: Option<BusName<'_>> = None;
        let signal = ("ActionInvoked", (id, "default"));
        let sent = self
            .bus
            .emit_signal(everyone, PATH, NAME, signal.0, &signal.1);
        Ok(sent.await?)
    }
}

fn lock(shown: &Shown) -> std::sync::MutexGuard<'_, Vec<Notice>> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}
