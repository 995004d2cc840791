//! Observing other hosts' things: sessions that come back after every gap.

use streembit_gate::Role;
use streembit_identity::{AccountId, NetworkId};
use streembit_things::{
    ConsumerSession, Notification, Operation, Reading, ThingUrl, Update, message::PropertyState,
};
use tracing::{debug, warn};

use super::{lock, turns::Turn};
use crate::{devices::DeviceError, dispatch::Arrival, event::Event, node::Node, wire::Refusal};

impl Node {
    /// Wants to hear what happens to a thing, now and after every reconnection.
    ///
    /// # Errors
    /// See [`DeviceError`]; of a host that is not connected, it is heard once it is.
    pub async fn device_observe(&self, thing: &ThingUrl) -> Result<(), DeviceError> {
        let Some(network) = self.remote_network(thing).await? else {
            return Ok(());
        };
        let is_connected = self.is_connected(network, thing.host);
        let ask_now = self.with_session(network, thing.host, |session| {
            if is_connected {
                session.connected();
            }
            session.observe(&thing.name) || is_connected
        });
        if ask_now {
            self.begin(network, thing).await
        } else {
            Ok(())
        }
    }

    /// No longer wants to hear of a thing.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_unobserve(&self, thing: &ThingUrl) -> Result<(), DeviceError> {
        let Some(network) = self.remote_network(thing).await? else {
            return Ok(());
        };
        let tell = self.with_session(network, thing.host, |session| {
            session.unobserve(&thing.name)
        });
        if tell && self.is_connected(network, thing.host) {
            for end in [
                Operation::UnobserveAllProperties,
                Operation::UnsubscribeAllEvents,
            ] {
                self.ask_host(Some(network), thing.host, &self.request(Some(thing), end))
                    .await?;
            }
        }
        Ok(())
    }

    pub(super) fn is_connected(&self, network: NetworkId, host: AccountId) -> bool {
        self.network(&network)
            .is_some_and(|live| !live.net().nodes_of(&host).is_empty())
    }

    fn with_session<T>(
        &self,
        network: NetworkId,
        host: AccountId,
        change: impl FnOnce(&mut ConsumerSession) -> T,
    ) -> T {
        let mut sessions = lock(&self.0.devices.consumer().sessions);
        change(
            sessions
                .entry((network, host))
                .or_insert_with(|| ConsumerSession::new(host)),
        )
    }

    /// Asks the host to tell, and takes what it says now.
    async fn begin(&self, network: NetworkId, thing: &ThingUrl) -> Result<(), DeviceError> {
        let subscribe = self.request(Some(thing), Operation::SubscribeAllEvents);
        self.ask_host(Some(network), thing.host, &subscribe).await?;
        let observe = self.request(Some(thing), Operation::ObserveAllProperties);
        let outcome = self.ask_host(Some(network), thing.host, &observe).await?;
        for (name, state) in outcome.values.unwrap_or_default() {
            if let Ok(state) = serde_json::from_value::<PropertyState>(state) {
                self.keep_value(network, thing, &name, Reading::from(&state))
                    .await;
            }
        }
        Ok(())
    }

    async fn begin_all(&self, network: NetworkId, things: Vec<ThingUrl>) {
        for thing in things {
            if let Err(error) = self.begin(network, &thing).await {
                debug!(%thing, %error, "Could not observe");
            }
        }
    }

    async fn take_update(&self, network: NetworkId, host: AccountId, update: Update) {
        match update {
            Update::Property {
                thing,
                name,
                reading,
            } => {
                self.keep_value(network, &thing, &name, reading).await;
            }
            Update::Event {
                thing, name, data, ..
            } => {
                if self
                    .describes(&thing, |known| known.check_event(&name, &data).is_ok())
                    .await
                {
                    self.emit(Event::DeviceEvent {
                        data,
                        name,
                        thing: thing.to_string(),
                    });
                }
            }
            Update::Action { thing, status } => {
                if !self
                    .describes(&thing, |known| known.action(&status.action).is_some())
                    .await
                {
                    return;
                }
                self.0.devices.consumer().keep_action(&thing, &status);
                self.emit(Event::Action {
                    action_id: status.id,
                    thing: thing.to_string(),
                });
            }
            Update::Resync => {
                let things = self.with_session(network, host, |session| {
                    session.observed().collect::<Vec<_>>()
                });
                let this = self.clone();
                // Off the answer's path: the host waits for it with its next batch.
                self.spawn(async move { this.begin_all(network, things).await });
            }
        }
    }
}

/// A peer is connected: if it hosts things, they are listed and observed again.
pub(crate) async fn on_connected(node: &Node, network: NetworkId, account: AccountId) {
    match is_host(node, network, account).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return warn!(%error, "Could not look a device up"),
    }
    let turns = &node.0.devices.consumer().turns;
    if turns.begin((network, account), true, node.now()) == Turn::Begun {
        node.look_at(network, account).await;
    }
    node.emit(Event::Device {
        host: account,
        network,
    });
    let things = node.with_session(network, account, ConsumerSession::connected);
    node.begin_all(network, things).await;
}

async fn is_host(
    node: &Node,
    network: NetworkId,
    account: AccountId,
) -> Result<bool, streembit_store::StoreError> {
    let role = node
        .network(&network)
        .and_then(|live| live.role_of(&account));
    if matches!(role, Some(Role::Device | Role::Hub)) {
        return Ok(true);
    }
    let hosts = node.store().hosts(Some(network)).await?;
    Ok(hosts.iter().any(|host| host.host == account))
}

/// A peer is gone: what it hosts is offline from now on.
pub(crate) async fn on_disconnected(node: &Node, network: NetworkId, account: AccountId) {
    if node.is_connected(network, account) {
        return;
    }
    let was_known = {
        let mut sessions = lock(&node.0.devices.consumer().sessions);
        sessions
            .get_mut(&(network, account))
            .map(ConsumerSession::disconnected)
            .is_some()
    };
    let is_known = was_known || is_host(node, network, account).await.unwrap_or(false);
    if is_known {
        node.save_values().await;
        if let Err(error) = node
            .store()
            .set_host_seen(network, account, node.now())
            .await
        {
            warn!(%error, "Could not note when a device was last heard of");
        }
        node.emit(Event::Device {
            host: account,
            network,
        });
    }
}

/// A host tells what happened.
pub(crate) async fn on_notification(node: &Node, arrival: &Arrival) -> Result<(), Refusal> {
    let batch = Notification::parse_batch(&arrival.envelope.body).map_err(|_| Refusal::Invalid)?;
    let (network, host) = (arrival.network, arrival.from);
    if batch
        .iter()
        .any(|one| one.operation == Operation::ListThings)
    {
        return list_again(node, network, host).await;
    }
    let updates = {
        let mut sessions = lock(&node.0.devices.consumer().sessions);
        let session = sessions.get_mut(&(network, host)).ok_or(Refusal::Denied)?;
        session.take(batch)
    };
    for update in updates {
        node.take_update(network, host, update).await;
    }
    Ok(())
}

/// An account says that what this one may see there has changed; it need not be true.
async fn list_again(node: &Node, network: NetworkId, host: AccountId) -> Result<(), Refusal> {
    let is_known = is_host(node, network, host).await.map_err(|error| {
        warn!(%error, "Could not look a device up");
        Refusal::Busy
    })?;
    let turns = &node.0.devices.consumer().turns;
    match turns.begin((network, host), is_known, node.now()) {
        Turn::Already => {}
        Turn::Refused => return Err(Refusal::Busy),
        Turn::Begun => {
            let this = node.clone();
            node.spawn(async move {
                this.look_at(network, host).await;
                this.emit(Event::Grant { host });
            });
        }
    }
    Ok(())
}
