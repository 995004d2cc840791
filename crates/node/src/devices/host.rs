//! The things that this node hosts, who may use them, and who observes them.
//!
//! Every request is decided here by this host's own grants, whatever the sender's client checked.

mod actions;
mod audit;
mod ends;
mod observers;
mod properties;
mod release;
mod rights;
mod serve;
mod served;
mod things;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use streembit_drivers::{Clock, virtuals::VirtualKind};
use streembit_gate::{Access, Denied, Grants, Level};
use streembit_identity::{AccountId, NetworkId, NodeId, PeerKind, Timestamp};
use streembit_store::StoreError;
use streembit_things::{DescriptionError, Driver, ThingName, ThingUrl, ThingUrlError};
use thiserror::Error;
use tokio::sync::Notify;

pub(crate) use self::ends::end_in_time;
pub(crate) use self::rights::to_view;
pub(crate) use self::serve::{Caller, answer, obey};
pub(crate) use self::served::Served;
use self::{audit::Failures, observers::Observer};
use crate::{config::ThingConfig, node::Node};

/// The driver of virtual things.
const VIRTUAL: &str = "virtual";

/// The node of an observer, in one network.
type ObserverKey = (NetworkId, NodeId);

/// A host and what it keeps in memory.
#[derive(Debug)]
pub(crate) struct Host {
    account: AccountId,
    /// Held while grants change, so that two changes never overtake each other.
    changing: tokio::sync::Mutex<()>,
    /// Wakes whoever waits for the next end of a grant.
    enforced: Notify,
    failures: Failures,
    grants: RwLock<Arc<Grants>>,
    observers: Mutex<HashMap<ObserverKey, Arc<Observer>>>,
    served: BTreeMap<ThingName, Arc<Served>>,
    working: Mutex<HashMap<AccountId, usize>>,
}

/// The things could not be served because …
#[derive(Debug, Error)]
pub(crate) enum HostError {
    /// a driver describes its device wrongly.
    #[error("the thing {0:?} describes itself wrongly: {1}")]
    Description(String, #[source] DescriptionError),
    /// a thing's driver or kind is not known.
    #[error("the thing {0:?} has no known driver: {1}")]
    Driver(String, String),
    /// a thing's name cannot be part of a URL.
    #[error("the thing {0:?} has an unusable name: {1}")]
    Name(String, #[source] ThingUrlError),
    /// the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Builds the things of the configuration and reads who may use them.
pub(crate) async fn start(node: &Node) -> Result<Arc<Host>, HostError> {
    let account = node.me().account;
    let clock = Clock::new(node.now(), 1.0);
    let mut served = BTreeMap::new();
    for config in things(node) {
        let (name, thing) = build(&config, account, clock)?;
        served.insert(name, Arc::new(thing));
    }
    let grants = RwLock::new(Arc::new(rights::load(node).await?));
    Ok(Arc::new(Host {
        account,
        changing: tokio::sync::Mutex::default(),
        enforced: Notify::new(),
        failures: Failures::default(),
        grants,
        observers: Mutex::default(),
        served,
        working: Mutex::default(),
    }))
}

/// What is configured; a device for which nothing is, hosts one virtual thing of each kind.
fn things(node: &Node) -> Vec<ThingConfig> {
    let configured = &node.0.config.things;
    if !configured.is_empty() || node.me().kind != PeerKind::Device {
        return configured.clone();
    }
    let usual = |kind: VirtualKind| ThingConfig {
        driver: VIRTUAL.to_owned(),
        kind: kind.name().to_owned(),
        name: kind.name().to_owned(),
        title: None,
    };
    VirtualKind::ALL.map(usual).to_vec()
}

fn build(
    config: &ThingConfig,
    account: AccountId,
    clock: Clock,
) -> Result<(ThingName, Served), HostError> {
    let wrong_name = |error| HostError::Name(config.name.clone(), error);
    let name: ThingName = config.name.parse().map_err(wrong_name)?;
    let url = ThingUrl {
        host: account,
        name: name.clone(),
    };
    let driver = driver(config, clock)?;
    let thing = Served::new(url, driver)
        .map_err(|error| HostError::Description(config.name.clone(), error))?;
    Ok((name, thing))
}

fn driver(config: &ThingConfig, clock: Clock) -> Result<Arc<dyn Driver>, HostError> {
    if config.driver != VIRTUAL {
        let reason = format!("the driver {:?} is unknown", config.driver);
        return Err(HostError::Driver(config.name.clone(), reason));
    }
    let kind: VirtualKind = config
        .kind
        .parse()
        .map_err(|error| HostError::Driver(config.name.clone(), format!("{error}")))?;
    Ok(kind.build(config.title.as_deref(), clock))
}

impl Host {
    /// The grants in force.
    pub(crate) fn grants(&self) -> Arc<Grants> {
        self.grants
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Who owns this host.
    pub(crate) fn owner(&self) -> Option<AccountId> {
        self.grants().owner()
    }

    /// Its things, by name.
    pub(crate) fn served(&self) -> impl Iterator<Item = &Arc<Served>> {
        self.served.values()
    }

    /// Decides whether `peer` may do something now; whoever sits at the host itself may.
    pub(crate) fn may(
        &self,
        peer: AccountId,
        thing: Option<&ThingName>,
        access: Access,
        affordance: Option<&str>,
        now: Timestamp,
    ) -> Result<Level, Denied> {
        if peer == self.account {
            return Ok(Level::Owner);
        }
        self.grants()
            .decide(peer, thing.map(ThingName::as_str), access, affordance, now)
    }

    fn enforce(&self, grants: Grants) {
        *self.grants.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(grants);
        self.enforced.notify_one();
    }
}

/// Locks what a panic elsewhere cannot have left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
