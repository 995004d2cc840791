//! Who observes the things here: one session and one task for each observing node.
//!
//! A session ends with the connection, with the last right, or with the node.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use streembit_gate::Access;
use streembit_identity::{AccountId, Kind, NetworkId, NodeId};
use streembit_things::{
    ActionStatus, HostSession, Notification, Problem, ProblemKind, Reading, ThingUrl, Turn,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::{Host, ObserverKey, lock, served::Served};
use crate::{
    ask::AskError,
    node::{Node, message_id, now},
};

/// Most nodes that observe one host.
const MAX_OBSERVERS: usize = 256;

/// How long an observer may take to confirm a batch.
const CONFIRM: Duration = Duration::from_secs(10);

/// One node that observes.
#[derive(Debug)]
pub(super) struct Observer {
    key: ObserverKey,
    peer: AccountId,
    session: Mutex<HostSession>,
    stop: CancellationToken,
    wake: Notify,
}

impl Observer {
    fn new(node: &Node, peer: AccountId, key: ObserverKey) -> Arc<Self> {
        Arc::new(Self {
            key,
            peer,
            session: Mutex::default(),
            stop: node.stop_token(),
            wake: Notify::new(),
        })
    }

    fn observes_nothing(&self) -> bool {
        lock(&self.session).things().next().is_none()
    }
}

impl Host {
    /// Changes what a node observes; its task runs while it observes anything.
    pub(super) fn observe(
        self: &Arc<Self>,
        node: &Node,
        peer: AccountId,
        key: ObserverKey,
        change: impl FnOnce(&mut HostSession) -> Result<(), streembit_things::host::TooMany>,
    ) -> Result<(), Problem> {
        let too_many = |text: &str| Problem::because(ProblemKind::RateLimited, text);
        let mut observers = lock(&self.observers);
        let known = observers.get(&key).cloned();
        if known.is_none() && observers.len() >= MAX_OBSERVERS {
            return Err(too_many("too many observe this device"));
        }
        let observer = known
            .clone()
            .unwrap_or_else(|| Observer::new(node, peer, key));
        // Under both locks, so that a task which finds nothing observed cannot end meanwhile.
        change(&mut lock(&observer.session)).map_err(|error| too_many(&error.to_string()))?;
        observer.wake.notify_one();
        if known.is_none() {
            observers.insert(key, observer.clone());
            node.spawn(tell(node.clone(), self.clone(), observer));
        }
        Ok(())
    }

    /// Passes a property's state on to whoever observes it and may.
    pub(super) fn tell_change(&self, thing: &ThingUrl, name: &str, reading: &Reading) {
        self.each_observer(thing, Some(name), |session| {
            session.changed(thing, name, reading);
        });
    }

    /// Passes an event on to whoever subscribed to it and may.
    pub(super) fn tell_event(&self, thing: &ThingUrl, name: &str, data: &Value) {
        self.each_observer(thing, Some(name), |session| {
            session.happened(thing, name, data, now());
        });
    }

    /// Passes an action's state on to whoever started it.
    pub(super) fn tell_action(&self, thing: &ThingUrl, by: AccountId, status: &ActionStatus) {
        for observer in self.observers() {
            if observer.peer == by {
                lock(&observer.session).action(thing, status);
                observer.wake.notify_one();
            }
        }
    }

    fn each_observer(
        &self,
        thing: &ThingUrl,
        affordance: Option<&str>,
        mut tell: impl FnMut(&mut HostSession),
    ) {
        let now = now();
        for observer in self.observers() {
            let may = self.may(
                observer.peer,
                Some(&thing.name),
                Access::View,
                affordance,
                now,
            );
            if may.is_ok() {
                tell(&mut lock(&observer.session));
                observer.wake.notify_one();
            }
        }
    }

    fn observers(&self) -> Vec<Arc<Observer>> {
        lock(&self.observers).values().cloned().collect()
    }

    /// Ends the observations of a node that is gone.
    pub(crate) fn forget_observer(&self, network: NetworkId, gone: NodeId) {
        let observer = lock(&self.observers).remove(&(network, gone));
        if let Some(observer) = observer {
            observer.stop.cancel();
        }
    }

    /// Ends at once what a changed or ended right no longer covers.
    pub(super) fn recheck_observers(&self) {
        for observer in self.observers() {
            self.drop_denied(&observer);
            observer.wake.notify_one();
        }
    }

    fn drop_denied(&self, observer: &Observer) {
        let now = now();
        lock(&observer.session).retain(|thing| {
            self.may(observer.peer, Some(&thing.name), Access::View, None, now)
                .is_ok()
        });
    }

    /// Whether anybody observes a thing.
    pub(in crate::devices) fn is_observed(&self, thing: &ThingUrl) -> bool {
        self.observers()
            .iter()
            .any(|observer| lock(&observer.session).observes(thing))
    }

    /// Lets the drivers of observed things watch, and those of others rest.
    pub(super) fn update_watches(self: &Arc<Self>, node: &Node) {
        for thing in self.served.values() {
            let is_observed = self.is_observed(&thing.url);
            let mut watch = lock(&thing.watch);
            if !is_observed {
                if let Some(token) = watch.take() {
                    token.cancel();
                }
            } else if watch.is_none() {
                let token = node.stop_token();
                *watch = Some(token.clone());
                node.spawn(attend(self.clone(), thing.clone(), token));
            }
        }
    }
}

/// Runs a driver's watch until nobody observes its thing.
async fn attend(host: Arc<Host>, thing: Arc<Served>, token: CancellationToken) {
    let reporter = host.reporter(&thing, None);
    tokio::select! {
        () = token.cancelled() => {}
        () = thing.driver.watch(&reporter) => {}
    }
}

/// Tells one observer what happens, a batch at a time.
async fn tell(node: Node, host: Arc<Host>, observer: Arc<Observer>) {
    loop {
        host.drop_denied(&observer);
        if observer.observes_nothing() && retire(&host, &observer, false) {
            break;
        }
        let turn = lock(&observer.session).turn(node.now());
        match turn {
            Turn::Idle => tokio::select! {
                () = observer.stop.cancelled() => break,
                () = observer.wake.notified() => {}
            },
            Turn::Wait(at) => tokio::select! {
                () = observer.stop.cancelled() => break,
                () = tokio::time::sleep(at.since(node.now())) => {}
            },
            Turn::Send(batch) => {
                if let Err(error) = send(&node, &observer, &batch).await {
                    debug!(%error, "An observer did not take what it observes");
                    break;
                }
                lock(&observer.session).delivered();
            }
        }
    }
    retire(&host, &observer, true);
    host.update_watches(&node);
}

/// Forgets an observer, unless it observes something again and need not go.
fn retire(host: &Host, observer: &Arc<Observer>, must_go: bool) -> bool {
    let mut observers = lock(&host.observers);
    if !must_go && !observer.observes_nothing() {
        return false;
    }
    if observers
        .get(&observer.key)
        .is_some_and(|known| Arc::ptr_eq(known, observer))
    {
        observers.remove(&observer.key);
    }
    true
}

async fn send(node: &Node, observer: &Observer, batch: &[Notification]) -> Result<(), AskError> {
    let (network, to) = observer.key;
    let now = node.now();
    let body = Notification::to_body(batch);
    let kind = Kind::DeviceNotification;
    let envelope = node.seal(network, observer.peer, kind, message_id(now), now, body)?;
    node.hand_over(network, to, envelope, CONFIRM)
        .await
        .map(|_| ())
}
