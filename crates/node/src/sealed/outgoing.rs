//! Encrypting what waits in the outbox, for the node that it is about to go to.

use streembit_gate::ContactState;
use streembit_identity::{
    AccountId, DeviceKeys, Envelope, Kind, MessageId, NetworkId, NodeId, Unverified,
};
use streembit_ratchet::{Inside, SealError};
use streembit_store::{Encrypted, Sealing, StoreError, Waiting};
use tracing::debug;

use super::{key, keys, open::pair, outward};
use crate::{contacts, node::Node};

/// Something is not encrypted because …
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSealed {
    /// the other node takes no messages from here.
    #[error("the other node takes no messages from here")]
    Denied,
    /// it waits no longer.
    #[error("it waits no longer")]
    Gone,
    /// the other node's keys could not be had.
    #[error("the other node's keys could not be had")]
    NoKeys,
    /// the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a try to encrypt failed.
#[derive(Clone, Copy, Debug)]
enum Refused {
    NoSession,
    Unfit,
}

/// Returns the bytes of `id` to send to `remote`, a connected node of `to`: the same each time, until
/// the session is given up.
pub(crate) async fn envelope_for(
    node: &Node,
    network: NetworkId,
    to: AccountId,
    remote: NodeId,
    id: MessageId,
) -> Result<Vec<u8>, NotSealed> {
    let mut keys = None;
    loop {
        let is_last = keys.is_some();
        match attempt(node, network, to, remote, id, keys).await? {
            Ok(envelope) => return Ok(envelope),
            Err(Refused::NoSession) if !is_last => {}
            Err(refused) => {
                debug!(%id, node = %remote, ?refused, "Could not encrypt");
                return Err(NotSealed::NoKeys);
            }
        }
        if !may_begin(node, network, to).await? {
            return Err(NotSealed::Denied);
        }
        keys = Some(keys::keys_of(node, network, to, remote).await?);
    }
}

/// Whether a session may be begun: with nobody who was removed in the meantime.
async fn may_begin(node: &Node, network: NetworkId, to: AccountId) -> Result<bool, StoreError> {
    let is_own = to == node.me().account;
    Ok(is_own || contacts::state(node, network, to).await? == ContactState::Accepted)
}

async fn attempt(
    node: &Node,
    network: NetworkId,
    to: AccountId,
    remote: NodeId,
    id: MessageId,
    keys: Option<DeviceKeys>,
) -> Result<Result<Vec<u8>, Refused>, NotSealed> {
    let this = node.clone();
    let seal = move |waiting: &Waiting, state: Option<&[u8]>| {
        encrypt(&this, waiting, remote, state, keys.as_ref())
    };
    let key = key(node, network, to, remote);
    let outcome = node.store().outgoing(id, key, node.now(), seal).await?;
    outcome.ok_or(NotSealed::Gone)
}

/// Encrypts one item on the thread that writes, which stores the state with it.
fn encrypt(
    node: &Node,
    waiting: &Waiting,
    remote: NodeId,
    state: Option<&[u8]>,
    keys: Option<&DeviceKeys>,
) -> Result<Sealing, Refused> {
    let Some((kind, body)) = said(waiting) else {
        return Ok(Sealing::AsItIs);
    };
    let mut pair = pair(state);
    if pair.current().is_none() {
        let keys = keys.ok_or(Refused::NoSession)?;
        let device = node.0.ratchets.device();
        pair.begin(&device, keys).map_err(|_| Refused::Unfit)?;
    }
    let inside = Inside {
        route: outward(node, waiting.network, waiting.peer, remote),
        id: waiting.id,
        kind,
        body: body.clone().into(),
    };
    let own_keys = || keys::own_keys(node, waiting.network).unwrap_or_default();
    let sealed = pair
        .seal(remote, own_keys, &inside.to_bytes())
        .map_err(|error| match error {
            SealError::NoSession => Refused::NoSession,
            SealError::Useless => Refused::Unfit,
        })?;
    let envelope = node
        .seal(
            waiting.network,
            waiting.peer,
            Kind::Sealed,
            waiting.id,
            waiting.queued_at,
            sealed.to_bytes(),
        )
        .map_err(|_| Refused::Unfit)?;
    Ok(Sealing::Done(Box::new(Encrypted {
        body,
        envelope,
        session: *sealed.session.as_bytes(),
        state: pair.to_bytes(),
    })))
}

/// Returns what is to be encrypted; none for what is only signed.
///
/// Earlier releases queued texts and read receipts as signed envelopes: what those say is encrypted.
fn said(waiting: &Waiting) -> Option<(Kind, Vec<u8>)> {
    let kind = Kind::from_number(waiting.kind)?;
    if kind == Kind::GroupMessage {
        return None; // sealed for the whole group already
    }
    if let Some(body) = &waiting.body {
        return Some((kind, body.clone()));
    }
    let queued = Unverified::<Envelope>::parse(&waiting.envelope).ok()?;
    let queued = queued.peek();
    queued
        .kind
        .is_sealed()
        .then(|| (queued.kind, queued.body.clone()))
}
