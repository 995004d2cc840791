//! A reader lost the key, or never had it: what waits for it is sent anew, with the key.

use std::{collections::BTreeSet, sync::Arc};

use streembit_gate::Group;
use streembit_identity::{AccountId, Kind, MessageId, NetworkId, NodeId};
use streembit_ratchet::group::{GroupInside, Outbound};
use tracing::{debug, info, warn};

use super::{
    body::Keyed,
    readers,
    send::{heads, session},
};
use crate::{chat::body::encode, node::Node};

/// Sends what waits for a node in the group of `id` anew, if that is something of a group: with the
/// key from now on, and only to who is in the group.
pub(crate) async fn renew(
    node: &Node,
    network: NetworkId,
    account: AccountId,
    remote: NodeId,
    id: MessageId,
) {
    let kind = Kind::GroupMessage as u16;
    let waiting = match node.store().waiting_for_group(id, account, kind).await {
        Ok(Some(waiting)) => waiting,
        Ok(None) => return,
        Err(error) => return warn!(%error, "Could not read what waits for a reader"),
    };
    let Some(group) = group_of(node, network, &waiting) else {
        return;
    };
    if account != node.me().account && !group.is_member(account) {
        return debug!(%account, "Gave no key to who is not in the group");
    }
    let everybody = match readers(node, &group).await {
        Ok(readers) => readers.into_iter().flat_map(|(_, nodes)| nodes).collect(),
        Err(error) => return warn!(%error, "Could not read who is in a group"),
    };
    info!(node = %remote, group = %group.id(), "Gave a reader the key anew");
    let place = (network, group.id());
    let kinds = (kind, Kind::GroupKeyed as u16);
    let now = node.now();
    let again = move |state: Option<&[u8]>, inside: &[u8]| {
        let mine = read(inside).filter(|it| it.route.group == group.id())?;
        let session = session(&group, state, &everybody, now);
        keyed(session, &group, &everybody, remote, &mine)
    };
    let renewed = node
        .store()
        .renew_for(place, (account, remote), kinds, again);
    if let Err(error) = renewed.await {
        warn!(%error, "Could not give a reader the key anew");
    }
}

/// The session afterwards, and a body that comes with its key.
fn keyed(
    mut session: Outbound,
    group: &Group,
    everybody: &BTreeSet<NodeId>,
    remote: NodeId,
    inside: &GroupInside,
) -> Option<(zeroize::Zeroizing<Vec<u8>>, Vec<u8>)> {
    let key = session.key_for(remote)?;
    if !everybody.contains(&remote) {
        session.lost(remote);
    }
    let body = encode(&Keyed {
        key: key.to_bytes().to_vec().into(),
        inside: inside.to_bytes().to_vec().into(),
        heads: heads(group),
    });
    Some((session.to_bytes(), body))
}

fn group_of(node: &Node, network: NetworkId, inside: &[u8]) -> Option<Arc<Group>> {
    node.0.groups.find(network, read(inside)?.route.group)
}

fn read(inside: &[u8]) -> Option<GroupInside> {
    minicbor::decode(inside).ok()
}
