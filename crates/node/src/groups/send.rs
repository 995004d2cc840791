//! Writing in a group: sealed once, queued for each reader, and durable before it returns.

use std::{collections::BTreeSet, sync::Arc};

use streembit_gate::{Group, OperationId};
use streembit_identity::{AccountId, GroupId, Kind, MessageId, NetworkId, NodeId, Timestamp};
use streembit_ratchet::group::{GroupInside, GroupKey, GroupRoute, Outbound};
use streembit_store::{
    Act, Acted, Deed, GroupSeal, GroupSent, GroupText, Message, OutboxItem, WriteBody,
};

use super::{
    body::{Keyed, MAX_HEADS, Post},
    readers,
};
use crate::{
    chat::{
        ChatError, MessageView,
        body::{self, encode},
        post,
    },
    event::Event,
    node::{Node, message_id_of},
};

/// One writing to a group.
pub(super) struct Writing {
    /// Who writes where.
    pub(super) node: Node,
    /// The group.
    pub(super) group: Arc<Group>,
    /// Its envelopes' id.
    pub(super) id: MessageId,
    /// What it is.
    pub(super) kind: Kind,
    /// Now.
    pub(super) at: Timestamp,
    /// Everybody who reads in the group.
    pub(super) everybody: BTreeSet<NodeId>,
    /// Whom this is for.
    pub(super) readers: Vec<(AccountId, Vec<NodeId>)>,
}

impl Writing {
    /// The accounts that it is for, without this one.
    fn accounts(&self) -> Vec<AccountId> {
        let me = self.node.me().account;
        let accounts = self.readers.iter().map(|(account, _)| *account);
        accounts.filter(|account| *account != me).collect()
    }

    /// Seals whatever is to be written.
    pub(super) fn seal(self) -> GroupSeal {
        GroupSeal::new(move |state, body| self.sealed(state, body))
    }

    /// Seals `body` on the thread that writes, which stores the session with the envelopes.
    fn sealed(self, state: Option<&[u8]>, body: Vec<u8>) -> Option<GroupSent> {
        let mut session = session(&self.group, state, &self.everybody, self.at);
        let all = self
            .readers
            .iter()
            .flat_map(|(_, nodes)| nodes.iter().copied());
        let lacking: BTreeSet<NodeId> = session.lacking(&all.collect()).into_iter().collect();
        // The key is that of the place before this message: it opens this one, and nothing older.
        let key = key_for(&mut session, &lacking, self.node.me().node)?;
        let heads = heads(&self.group);
        let inside = GroupInside {
            route: own_route(&self.node, &self.group),
            id: self.id,
            kind: self.kind,
            body: body.into(),
        };
        let plain = inside.to_bytes().to_vec();
        let keyed = encode(&Keyed {
            key: key.to_bytes().to_vec().into(),
            inside: plain.clone().into(),
            heads: heads.clone(),
        });
        let posted = encode(&Post {
            sealed: session.seal(&inside).to_bytes().into(),
            heads,
        });
        let mut items = Vec::new();
        for (account, nodes) in &self.readers {
            let (lack, have): (Vec<_>, Vec<_>) = nodes
                .iter()
                .copied()
                .partition(|node| lacking.contains(node));
            if !lack.is_empty() || nodes.is_empty() {
                let envelope = (Vec::new(), keyed.clone());
                items.push(self.item(*account, lack, Kind::GroupKeyed, envelope));
            }
            if !have.is_empty() {
                let kind = Kind::GroupMessage;
                let network = self.group.within();
                let signed =
                    self.node
                        .seal(network, *account, kind, self.id, self.at, posted.clone());
                items.push(self.item(*account, have, kind, (signed.ok()?, plain.clone())));
            }
        }
        Some(GroupSent {
            state: session.to_bytes(),
            items,
        })
    }

    fn item(
        &self,
        peer: AccountId,
        nodes: Vec<NodeId>,
        kind: Kind,
        (envelope, body): (Vec<u8>, Vec<u8>),
    ) -> OutboxItem {
        OutboxItem {
            id: self.id,
            network: self.group.within(),
            peer,
            nodes,
            copy: None,
            kind: kind as u16,
            envelope,
            body: Some(body),
            queued_at: self.at,
        }
    }
}

/// Our session in a group, or a new one where it is time for that.
pub(super) fn session(
    group: &Group,
    state: Option<&[u8]>,
    everybody: &BTreeSet<NodeId>,
    now: Timestamp,
) -> Outbound {
    let known = state.and_then(|state| Outbound::from_bytes(state).ok());
    let session = known.unwrap_or_else(|| Outbound::new(group.id(), now));
    session.for_readers(everybody, now)
}

/// The session's key from here on; it is noted who gets it.
fn key_for(session: &mut Outbound, readers: &BTreeSet<NodeId>, own: NodeId) -> Option<GroupKey> {
    let mut key = None;
    for reader in readers {
        key = Some(session.key_for(*reader)?);
    }
    // Somebody whose nodes are not known gets it wherever it appears first.
    key.or_else(|| {
        let key = session.key_for(own);
        session.lost(own);
        key
    })
}

/// The operations that no other one builds on, as many as are named.
pub(super) fn heads(group: &Group) -> Vec<OperationId> {
    group.heads().into_iter().take(MAX_HEADS).collect()
}

fn own_route(node: &Node, group: &Group) -> GroupRoute {
    GroupRoute {
        network: group.within(),
        group: group.id(),
        from: node.me().account,
        from_node: node.me().node,
    }
}

impl Node {
    /// Stores a text for a group.
    pub(crate) async fn group_send(
        &self,
        network: Option<NetworkId>,
        group: GroupId,
        text: String,
        reply_to: Option<MessageId>,
    ) -> Result<MessageView, ChatError> {
        let network = self.network_with(network, group).await?;
        if let Some(original) = reply_to {
            self.message(network, group, original).await?;
        }
        let writing = self.writing(network, group, Kind::Text, None).await?;
        let said = text.clone();
        let text = GroupText {
            id: writing.id,
            network,
            group,
            from: self.me().account,
            node: self.me().node,
            text,
            reply_to,
            at: writing.at,
            readers: writing.accounts(),
            write: WriteBody::new(move |link| body::Text::write(&said, reply_to, link)),
            seal: writing.seal(),
        };
        let node = self.clone();
        let sent = self.to_end(async move {
            let (message, items) = node.store().send_to_group(text).await?;
            node.on_its_way(&message, &items);
            Ok::<_, ChatError>(MessageView::from(message))
        });
        sent.await.ok_or(ChatError::Stopped)?
    }

    /// Stores an act on a message of a group.
    pub(crate) async fn group_act(
        &self,
        message: &Message,
        group: GroupId,
        kind: Kind,
        body: Vec<u8>,
        deed: Deed,
    ) -> Result<MessageView, ChatError> {
        let network = message.network;
        let writing = self.writing(network, group, kind, None).await?;
        let act = Act {
            id: writing.id,
            network,
            peer: message.peer,
            by: self.me().account,
            target: message.id,
            at: writing.at,
            deed,
        };
        let (readers, seal) = (writing.accounts(), writing.seal());
        let node = self.clone();
        let acted = self.to_end(async move {
            let done = node.store().act_in_group(act, readers, body, seal).await?;
            if let (Acted::Changed(message), items) = &done {
                node.on_its_way(message, items);
            }
            Ok::<_, ChatError>(done.0)
        });
        match acted.await.ok_or(ChatError::Stopped)?? {
            Acted::Changed(message) => Ok((*message).into()),
            Acted::Early | Acted::NotTheirs | Acted::Unchanged => {
                self.message(network, group, message.id).await
            }
        }
    }

    /// Takes what was stored on its way, and tells the listeners.
    pub(super) fn on_its_way(&self, message: &Message, items: &[OutboxItem]) {
        for item in items {
            post(self, item);
        }
        self.emit(Event::Message {
            network: message.network,
            peer: message.peer,
            id: message.id,
        });
    }

    /// Prepares something to be written in a group: for all who read there, or only for some.
    pub(super) async fn writing(
        &self,
        network: NetworkId,
        group: GroupId,
        kind: Kind,
        only: Option<&[AccountId]>,
    ) -> Result<Writing, ChatError> {
        let known = self.0.groups.find(network, group);
        let known = known.ok_or(ChatError::NotFound("no such group"))?;
        if !known.is_member(self.me().account) {
            return Err(ChatError::Denied);
        }
        let mut readers = readers(self, &known).await?;
        let everybody = readers.iter().flat_map(|(_, nodes)| nodes.iter().copied());
        let everybody = everybody.collect();
        if let Some(only) = only {
            readers.retain(|(account, _)| only.contains(account));
        }
        for (account, _) in &readers {
            self.0.chat.room(network, *account)?;
        }
        let at = self.now();
        Ok(Writing {
            node: self.clone(),
            group: known,
            id: message_id_of(&self.me().account, at),
            kind,
            at,
            everybody,
            readers,
        })
    }
}
