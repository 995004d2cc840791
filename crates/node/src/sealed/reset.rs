//! Beginning anew where a session was lost: who cannot open something says so, signed, in the answer.
//!
//! A reset comes only as the answer to an envelope that was handed over, so nobody can ask for one
//! unasked; and it makes the sender encrypt what was not acknowledged anew, no faster than it tries
//! again anyway.

use std::{collections::BTreeMap, time::Duration};

use minicbor::{Decode, Encode};
use streembit_identity::{Accepted, AccountId, Kind, MessageId, NetworkId, NodeId, Timestamp};
use streembit_ratchet::SessionId;
use tracing::{info, warn};

use super::{key, lock, open::pair};
use crate::{
    chat::body::{decode, encode},
    dispatch::Reply,
    groups,
    node::Node,
    wire::Refusal,
};

/// Resets to and from one node within [`SPAN`]; after that, tries are only put off.
const MAX_RESETS: u32 = 8;
/// What they are counted over.
const SPAN: Duration = Duration::from_mins(10);
/// Nodes that are counted; the one counted longest ago makes room.
const MAX_NODES: usize = 1_024;

/// The body of a reset.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Reset {
    /// The envelope that could not be opened.
    #[n(1)]
    pub(crate) id: MessageId,
    /// The session that is of no use.
    #[n(2)]
    pub(crate) session: SessionId,
}

/// Counts resets, so that two nodes never keep each other busy with them.
#[derive(Debug, Default)]
pub(super) struct Resets(BTreeMap<(NetworkId, NodeId), (Timestamp, u32)>);

impl Resets {
    /// False when there were enough of them.
    fn allow(&mut self, pair: (NetworkId, NodeId), now: Timestamp) -> bool {
        if self.0.len() >= MAX_NODES && !self.0.contains_key(&pair) {
            let oldest = self.0.iter().min_by_key(|(_, (since, _))| *since);
            if let Some(pair) = oldest.map(|(pair, _)| *pair) {
                self.0.remove(&pair);
            }
        }
        let (since, count) = self.0.entry(pair).or_insert((now, 0));
        if now.since(*since) >= SPAN {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= MAX_RESETS
    }
}

fn allow(node: &Node, network: NetworkId, remote: NodeId) -> bool {
    lock(&node.0.ratchets.resets).allow((network, remote), node.now())
}

/// Answers that an envelope could not be opened, unless that was said often enough.
pub(crate) fn body(
    node: &Node,
    network: NetworkId,
    remote: NodeId,
    id: MessageId,
    session: SessionId,
) -> Result<Reply, Refusal> {
    if !allow(node, network, remote) {
        return Err(Refusal::Busy);
    }
    info!(node = %remote, "Asked for a new session: a message cannot be read here");
    Ok(Reply {
        kind: Kind::Reset,
        body: encode(&Reset { id, session }),
    })
}

/// Takes the answer that `id` could not be opened by `remote`; true if it may be sent again at once.
pub(crate) async fn on_reset(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
    id: MessageId,
    answer: &Accepted,
) -> bool {
    let Some(reset) = decode::<Reset>(&answer.body).filter(|reset| reset.id == id) else {
        return false;
    };
    retire(node, network, account, remote, reset).await
}

/// Gives a session up that `remote` cannot read, unless that was said often enough; true if what was
/// sealed in it may be sent again.
pub(crate) async fn retire(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
    reset: Reset,
) -> bool {
    if !allow(node, network, remote) {
        return false;
    }
    info!(node = %remote, "Began a new session: the other side lost its own");
    groups::renew(node, network, account, remote, reset.id).await;
    let session = reset.session;
    let retire = move |state: &[u8]| {
        let mut pair = pair(Some(state));
        pair.retire(session).then(|| pair.to_bytes())
    };
    let key = key(node, network, account, remote);
    let given_up = node
        .store()
        .reset_session(key, *session.as_bytes(), node.now(), retire);
    match given_up.await {
        Ok(()) => true,
        Err(error) => {
            warn!(%error, "Could not give a session up");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::NodeKey;
    use zeroize::Zeroizing;

    use super::*;

    fn pair_of(number: u16) -> (NetworkId, NodeId) {
        let mut seed = [3; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        let node = NodeKey::from_seed(&Zeroizing::new(seed)).id();
        (NetworkId::PUBLIC, node)
    }

    #[test]
    fn two_nodes_do_not_keep_each_other_busy_with_resets() {
        let mut resets = Resets::default();
        let start = Timestamp(1_800_000_000_000);

        let allowed = (0..100).filter(|_| resets.allow(pair_of(1), start)).count();

        assert_eq!(u32::try_from(allowed), Ok(MAX_RESETS));
        assert!(resets.allow(pair_of(2), start), "others are not concerned");
        assert!(resets.allow(pair_of(1), start.plus(SPAN)), "later again");
    }

    #[test]
    fn the_count_of_resets_is_bounded() {
        let mut resets = Resets::default();
        let start = Timestamp(1_800_000_000_000);

        for number in 0..2_000 {
            resets.allow(pair_of(number), start);
        }

        assert_eq!(resets.0.len(), MAX_NODES);
        assert!(
            resets.allow(pair_of(3_000), start),
            "newcomers are counted too"
        );
    }
}
