//! Claiming: how a host of things gets its owner and its network.
//!
//! Host and claimer meet in a swarm of their own that speaks nothing else. What each side may do
//! is decided by the state machines of `streembit-things`; here they meet store and network.

mod accept;
mod claimer;
mod pending;
pub(crate) mod swarm;
mod window;

use std::sync::{Arc, Mutex, PoisonError};

use streembit_identity::{AccountId, NetworkId, NodeId, PeerKind, Timestamp};
use streembit_store::StoreError;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use self::swarm::Swarm;
use crate::{devices::DeviceError, node::Node};

/// The setting that says that the owner has heard of its claim.
const HEARD: &str = "claim.heard";

/// What claiming keeps in memory.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// Held while this node claims: one device at a time.
    claiming: tokio::sync::Mutex<()>,
    /// The host that may knock at a network before its addition counts there.
    knocking: Arc<Mutex<Option<NodeId>>>,
    open: Mutex<Option<OpenWindow>>,
}

/// A claim window and the swarm that it is open in.
#[derive(Clone, Debug)]
struct OpenWindow {
    link: Option<streembit_identity::link::ClaimLink>,
    stop: CancellationToken,
    swarm: Arc<Swarm>,
    until: Timestamp,
}

/// A host that waits to be claimed.
#[derive(Clone, Debug)]
pub struct ClaimOffer {
    /// When the window closes.
    pub closes_at: Timestamp,
    /// The link to hand to the owner-to-be.
    pub link: String,
}

/// While this is held, its host is about to become a member.
pub(crate) struct Claiming(Arc<Mutex<Option<NodeId>>>);

impl Drop for Claiming {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Claims {
    fn is_claiming(&self, host: NodeId) -> Claiming {
        *self.knocking.lock().unwrap_or_else(PoisonError::into_inner) = Some(host);
        Claiming(self.knocking.clone())
    }

    /// Whether that node is a host about to become a member: it may knock a moment too early.
    pub(crate) fn expects(&self, node: Option<NodeId>) -> bool {
        node.is_some() && *self.knocking.lock().unwrap_or_else(PoisonError::into_inner) == node
    }

    fn replace(&self, open: Option<OpenWindow>) {
        let mut current = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *current, open) {
            before.stop.cancel();
        }
    }

    fn current(&self) -> Option<OpenWindow> {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Opens the window of a host that nobody owns, and takes up claims that were cut off.
pub(crate) async fn start(node: &Node) {
    let started = match node.store().claimed().await {
        Ok(None) => window::open(node, streembit_things::claim::OPEN),
        Ok(Some(claimed)) => window::confirm(node, claimed).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = started {
        warn!(%error, "Could not wait to be claimed");
    }
    let this = node.clone();
    node.spawn(async move { this.resume_claims().await });
}

/// Returns whether this node is part of the public network.
///
/// A host of things lives where its owner put it, and nowhere before; a hub without things of its
/// own, until somebody has claimed it.
pub(crate) async fn lives_in_public(node: &Node) -> Result<bool, StoreError> {
    if !node.0.config.public {
        return Ok(false);
    }
    let is_host = match node.me().kind {
        PeerKind::Human => return Ok(true),
        PeerKind::Device => true,
        PeerKind::Hub => !node.0.config.things.is_empty(),
    };
    if node.0.config.seed {
        return Ok(true);
    }
    let claimed = node.store().claimed().await?;
    Ok(claimed.map_or(!is_host, |claimed| claimed.network == NetworkId::PUBLIC))
}

/// Waits to be claimed once more, by a new code.
pub(crate) async fn open_again(node: &Node) -> Result<(), DeviceError> {
    let unheard = [(HEARD.to_owned(), serde_json::Value::Null)].into();
    node.store().set_settings(unheard).await?;
    window::open(node, streembit_things::claim::OPEN)
}

/// The owner uses its host: it knows that the claim is done, and the last window closes.
pub(crate) async fn on_request(node: &Node, from: AccountId) {
    let claims = node.0.devices.claims();
    let owner = node.0.devices.host().and_then(|host| host.owner());
    if owner != Some(from) || claims.current().is_none() {
        return;
    }
    let heard = [(HEARD.to_owned(), serde_json::Value::Bool(true))].into();
    if let Err(error) = node.store().set_settings(heard).await {
        warn!(%error, "Could not note that the owner has heard");
        return;
    }
    claims.replace(None);
}

impl Node {
    /// Returns the link by which this host can be claimed, while its window is open.
    ///
    /// # Errors
    /// There is no open window: the host is owned, or its time is over.
    pub async fn device_claim_link(&self) -> Result<ClaimOffer, DeviceError> {
        let open = self.0.devices.claims().current();
        let open = open.filter(|open| self.now() < open.until);
        let Some((open, mut link)) = open.and_then(|open| Some((open.clone(), open.link?))) else {
            let is_owned = self
                .0
                .devices
                .host()
                .is_some_and(|host| host.owner().is_some());
            return Err(DeviceError::NotFound(if is_owned {
                "this device belongs to someone already".to_owned()
            } else {
                "this device does not wait to be claimed: restart it to open the window".to_owned()
            }));
        };
        link.addresses = open.swarm.link_addresses().await;
        let link = streembit_identity::link::Link::Claim(link).to_string();
        Ok(ClaimOffer {
            closes_at: open.until,
            link,
        })
    }

    /// Opens the window of this host again, with a new code.
    ///
    /// # Errors
    /// See [`DeviceError`].
    pub async fn device_pairing_open(
        &self,
        device: AccountId,
        minutes: Option<u32>,
    ) -> Result<ClaimOffer, DeviceError> {
        if device != self.me().account {
            let text = "a window is opened at the device itself";
            return Err(DeviceError::Unsupported(text.to_owned()));
        }
        if self
            .0
            .devices
            .host()
            .is_some_and(|host| host.owner().is_some())
        {
            return Err(DeviceError::Conflict(
                "this device belongs to someone already".to_owned(),
            ));
        }
        let open = minutes.map(|minutes| std::time::Duration::from_secs(u64::from(minutes) * 60));
        window::open(self, open.unwrap_or(streembit_things::claim::OPEN))?;
        self.device_claim_link().await
    }
}
