//! Opening what another node sealed for this one.

use std::sync::{Arc, Mutex};

use streembit_identity::{Accepted, DeviceKeys, Kind, NetworkId, NodeId};
use streembit_ratchet::{Astray, Device, Inside, OpenError, Pair, Sealed, SessionId};
use streembit_store::{Opening, RatchetKey, State, Store};
use tracing::{debug, warn};

use super::{inward, key, lock};
use crate::{chat::not_now, node::Node, wire::Refusal};

/// What became of a sealed envelope.
#[derive(Debug)]
pub(crate) enum Opened {
    /// What it says, and the store to write it into: the session moves on with the first change.
    Inside(Kind, Vec<u8>, Store),
    /// There is no key for it any more: its sender has to begin anew.
    Lost(SessionId),
    /// It was taken in before.
    Seen,
}

/// Opens an accepted envelope of a node of `envelope.from`.
pub(crate) async fn open(
    node: &Node,
    network: NetworkId,
    remote: NodeId,
    envelope: &Accepted,
) -> Result<Opened, Refusal> {
    let sealed = Sealed::from_bytes(&envelope.body).ok_or(Refusal::Invalid)?;
    if sealed.to != node.me().node {
        return Err(Refusal::Invalid);
    }
    let keys = sender_keys(&sealed, &network, remote)?;
    let key = key(node, network, envelope.from, remote);
    let before = node
        .store()
        .before_opening(key, envelope.id)
        .await
        .map_err(not_now)?;
    if before.is_seen {
        return Ok(Opened::Seen);
    }
    let session = sealed.session;
    let step = Attempt {
        device: node.0.ratchets.device.clone(),
        keys,
        sealed,
    };
    let plain = match step.look(before.state.as_ref().map(|state| state.as_slice())) {
        Ok((plain, _)) => plain,
        Err(OpenError::Lost) => return Ok(Opened::Lost(session)),
        Err(error @ (OpenError::Forged | OpenError::Malformed)) => {
            debug!(node = %remote, %error, "Refused a sealed envelope");
            return Err(Refusal::Invalid);
        }
    };
    let route = inward(node, network, envelope.from, remote);
    let inside = Inside::open(&plain, &route, envelope.id).map_err(|error| {
        warn!(node = %remote, %error, "Refused what was sealed");
        match error {
            Astray::Kind => Refusal::Unsupported, // a later version may say more
            Astray::Message | Astray::Route | Astray::Unreadable => Refusal::Invalid,
        }
    })?;
    let store = node.store().opening(step.opening(node, key, envelope));
    Ok(Opened::Inside(inside.kind, inside.body.into(), store))
}

/// Reads the keys that came along: nobody but the node that signed the envelope may have signed them.
fn sender_keys(
    sealed: &Sealed,
    network: &NetworkId,
    remote: NodeId,
) -> Result<Option<DeviceKeys>, Refusal> {
    let Some(bytes) = &sealed.keys else {
        return Ok(None);
    };
    let keys = DeviceKeys::verified(bytes, network).map_err(|_| Refusal::Invalid)?;
    if keys.node != remote {
        return Err(Refusal::Invalid);
    }
    Ok(Some((*keys).clone()))
}

/// One envelope, to be opened from any state of the pair.
struct Attempt {
    device: Arc<Mutex<Device>>,
    keys: Option<DeviceKeys>,
    sealed: Sealed,
}

impl Attempt {
    /// Opens it, and returns the state afterwards.
    fn look(&self, state: Option<&[u8]>) -> Result<(State, Pair), OpenError> {
        let mut pair = pair(state);
        let mut device = lock(&self.device);
        let plain = pair.open(&mut device, self.keys.as_ref(), &self.sealed)?;
        Ok((plain, pair))
    }

    /// Opens it once more when what it says is stored.
    fn opening(self, node: &Node, key: RatchetKey, envelope: &Accepted) -> Opening {
        Opening {
            key,
            id: envelope.id,
            at: node.now(),
            step: Box::new(move |state| self.look(state).ok().map(|(_, pair)| pair.to_bytes())),
        }
    }
}

/// Reads the sessions of a pair; what cannot be read any more is begun anew.
pub(super) fn pair(state: Option<&[u8]>) -> Pair {
    state.map_or_else(Pair::default, |bytes| {
        Pair::from_bytes(bytes).unwrap_or_else(|error| {
            warn!(%error, "Gave sessions up");
            Pair::default()
        })
    })
}
