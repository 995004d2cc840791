//! The things of other hosts: what is known of them, and what is asked of them.
//!
//! Shows nothing that the host has not said: a wish is kept as a target, never as a value.

mod act;
mod list;
mod refresh;
mod rights;
mod turns;
mod values;
mod watch;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use streembit_identity::{AccountId, Kind, NetworkId};
use streembit_things::{
    ActionStatus, ConsumerSession, Description, Operation, Outcome, Problem, Request, Response,
    ThingUrl,
};

pub use self::rights::GrantWish;
pub(crate) use self::watch::{on_connected, on_disconnected, on_notification};
use self::{turns::Turns, values::Values};
use super::{
    DeviceError,
    host::{Caller, obey},
};
use crate::node::{Node, message_id};

/// How long a host may take to answer.
const DEADLINE: Duration = Duration::from_secs(25);

/// Action states that are kept for whoever asks after them.
const MAX_ACTIONS: usize = 256;

/// Descriptions that are kept parsed.
const MAX_DESCRIPTIONS: usize = 1_024;

/// What is kept in memory about other hosts.
#[derive(Debug, Default)]
pub(crate) struct Consumer {
    actions: Mutex<Vec<(ThingUrl, ActionStatus)>>,
    descriptions: Mutex<HashMap<ThingUrl, Arc<Description>>>,
    sessions: Mutex<HashMap<(NetworkId, AccountId), ConsumerSession>>,
    turns: Turns,
    values: Values,
}

impl Consumer {
    /// Keeps how an action stands; the oldest gives way.
    fn keep_action(&self, thing: &ThingUrl, status: &ActionStatus) {
        let mut actions = lock(&self.actions);
        actions.retain(|(_, known)| known.id != status.id);
        if actions.len() >= MAX_ACTIONS {
            actions.remove(0);
        }
        actions.push((thing.clone(), status.clone()));
    }

    fn forget_description(&self, thing: &ThingUrl) {
        lock(&self.descriptions).remove(thing);
    }
}

impl Node {
    /// Finds the network in which a thing is reached: the one where its host is connected first.
    pub(super) async fn network_of(&self, thing: &ThingUrl) -> Result<NetworkId, DeviceError> {
        let known = self.store().things_at(&thing.to_string()).await?;
        let networks: Vec<NetworkId> = known.iter().map(|thing| thing.network).collect();
        self.best_network(thing.host, &networks)
            .ok_or_else(|| DeviceError::NotFound("there is no such thing here".to_owned()))
    }

    /// Finds the network in which a host is reached.
    pub(super) async fn network_of_host(&self, host: AccountId) -> Result<NetworkId, DeviceError> {
        let known = self.store().hosts(None).await?;
        let of_host = known.iter().filter(|known| known.host == host);
        let networks: Vec<NetworkId> = of_host.map(|known| known.network).collect();
        self.best_network(host, &networks)
            .ok_or_else(|| DeviceError::NotFound("there is no such device here".to_owned()))
    }

    fn best_network(&self, host: AccountId, networks: &[NetworkId]) -> Option<NetworkId> {
        let is_connected = |id: &&NetworkId| {
            self.network(id)
                .is_some_and(|live| !live.net().nodes_of(&host).is_empty())
        };
        if self.0.config.hooks.unchecked {
            let all = self.networks();
            return all
                .iter()
                .map(|live| live.id())
                .find(|id| is_connected(&id));
        }
        networks
            .iter()
            .find(is_connected)
            .or(networks.first())
            .copied()
    }

    /// Checks a request against the description before it leaves.
    pub(super) async fn check(
        &self,
        thing: &ThingUrl,
        check: impl FnOnce(&Description) -> Result<(), Problem>,
    ) -> Result<(), DeviceError> {
        if !self.0.config.hooks.unchecked {
            let known = self.description(thing).await?;
            check(&known)?;
        }
        Ok(())
    }

    /// Asks a host, or the things here, and returns what came of it.
    pub(super) async fn ask_host(
        &self,
        network: Option<NetworkId>,
        host: AccountId,
        request: &Request,
    ) -> Result<Outcome, DeviceError> {
        if host == self.me().account {
            let here = self.0.devices.host();
            let here =
                here.ok_or_else(|| DeviceError::NotFound("nothing is hosted here".to_owned()))?;
            let caller = Caller {
                peer: host,
                key: None,
                envelope: None,
            };
            return Ok(obey(self, here, caller, request).await?);
        }
        let network = match network {
            Some(network) => network,
            None => self.network_of_host(host).await?,
        };
        let body = request.to_body();
        let answer = self
            .ask(network, host, Kind::DeviceRequest, body, DEADLINE)
            .await?;
        if answer.kind != Kind::DeviceResponse || answer.from != host {
            return Err(DeviceError::Internal(
                "the device answered something else".to_owned(),
            ));
        }
        let response = Response::parse(&answer.body, &request.id).map_err(unreadable)?;
        Ok(response.into_result()?)
    }

    /// A request with an id of its own.
    pub(super) fn request(&self, thing: Option<&ThingUrl>, operation: Operation) -> Request {
        Request::new(
            message_id(self.now()).to_string(),
            thing.cloned(),
            operation,
        )
    }

    /// The description of a thing, as its host last gave it.
    pub(super) async fn description(
        &self,
        thing: &ThingUrl,
    ) -> Result<Arc<Description>, DeviceError> {
        if let Some(own) = self.own_thing(thing) {
            return Ok(Arc::new(own.description().clone()));
        }
        let kept = &self.0.devices.consumer().descriptions;
        if let Some(known) = lock(kept).get(thing) {
            return Ok(known.clone());
        }
        let network = self.network_of(thing).await?;
        let stored = self.store().things_at(&thing.to_string()).await?;
        let stored = stored.iter().find(|stored| stored.network == network);
        let text = stored.map(|stored| stored.td.as_str()).unwrap_or_default();
        let description = Description::parse(text.as_bytes())
            .map_err(|error| DeviceError::Internal(error.to_string()))?;
        let description = Arc::new(description);
        let mut kept = lock(kept);
        if kept.len() < MAX_DESCRIPTIONS {
            kept.insert(thing.clone(), description.clone());
        }
        Ok(description)
    }

    /// Whether the description of a thing says so; of what is not known, nothing is said.
    async fn describes(&self, thing: &ThingUrl, says: impl FnOnce(&Description) -> bool) -> bool {
        self.description(thing)
            .await
            .is_ok_and(|known| says(&known))
    }
}

fn unreadable(problem: Problem) -> DeviceError {
    DeviceError::Internal(format!("the device's answer cannot be read: {problem}"))
}

/// Locks what a panic elsewhere cannot have left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
