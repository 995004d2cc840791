//! What arrives for a group: from its members only, stored first, then signed for.

use std::sync::Arc;

use streembit_gate::{Group, OperationId};
use streembit_identity::{GroupId, Kind, NetworkId};
use streembit_ratchet::{
    SessionId,
    group::{GroupInside, GroupKey, GroupRoute, GroupSealed, HeardError, Inbound},
};
use streembit_store::{Changes, Direction, GroupSessionKey, Message, MessageState, Reach};
use tracing::{debug, warn};

use super::{
    ask,
    body::{Ask, Keyed, Operations, Post, are_sound},
    read,
};
use crate::{
    chat::{
        self,
        body::{self, check_text, decode, encode},
        not_now, receipt,
    },
    dispatch::{Arrival, Reply},
    event::Event,
    node::Node,
    sealed,
    wire::Refusal,
};

/// Takes signed changes of a group.
pub(crate) async fn on_operations(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: Operations = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if !body.is_sound() {
        return Err(Refusal::Invalid);
    }
    let id = arrival.envelope.id;
    ask::taken(node, arrival.into(), body, (&arrival.store, Some(id))).await?;
    Ok(receipt(id))
}

/// Tells a member what it lacks.
pub(crate) fn on_ask(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let ask: Ask = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if !are_sound(&ask.heads) {
        return Err(Refusal::Invalid);
    }
    let group = node.0.groups.find(arrival.network, ask.group);
    let group = group.filter(|group| group.is_member(arrival.from));
    let group = group.ok_or(Refusal::Denied)?;
    let lacking = match ask.heads.as_slice() {
        [] => group.operations().map(<[u8]>::to_vec).collect(),
        has => group.missing_for(has),
    };
    Ok(Reply {
        kind: Kind::GroupAnswer,
        body: encode(&Operations::pack(ask.group, lacking)),
    })
}

/// Takes what comes with the key of its sender's session.
pub(crate) async fn on_keyed(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: Keyed = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let key = GroupKey::from_bytes(&body.key).ok_or(Refusal::Invalid)?;
    let group = among_members(node, arrival, key.group, &body.heads).await?;
    let session = Inbound::new(&key).ok_or(Refusal::Invalid)?;
    let place = place(arrival, group.id(), session.id().as_bytes());
    keep_key(node, place, session, &key).await?;
    let route = route(arrival, group.id());
    let inside = GroupInside::open(&body.inside, &route, arrival.envelope.id);
    said(node, arrival, &group, inside).await
}

/// Takes what is sealed in a session whose key came before.
pub(crate) async fn on_message(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: Post = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let sealed = GroupSealed::from_bytes(&body.sealed).ok_or(Refusal::Invalid)?;
    let group = among_members(node, arrival, sealed.group, &body.heads).await?;
    let id = arrival.envelope.id;
    let known = node.store().message(arrival.network, group.id(), id);
    if known
        .await
        .map_err(not_now)?
        .is_some_and(|it| it.from == arrival.from)
    {
        return Ok(receipt(id)); // its key may be forgotten by now
    }
    let place = place(arrival, group.id(), sealed.session.as_bytes());
    let state = node.store().group_session(place).await.map_err(not_now)?;
    let session = state.and_then(|state| Inbound::from_bytes(&state).ok());
    let lost = || {
        let session = SessionId::from_bytes(*sealed.session.as_bytes());
        sealed::reset_body(node, arrival.network, arrival.node, id, session)
    };
    let Some(mut session) = session else {
        return lost();
    };
    let plain = match session.open(&sealed) {
        Ok(plain) => plain,
        Err(HeardError::Lost) => return lost(),
        Err(error @ HeardError::Malformed) => {
            warn!(from = %arrival.from, %error, "Refused a message to a group");
            return Err(Refusal::Invalid);
        }
    };
    let inside = GroupInside::open(&plain, &route(arrival, group.id()), id);
    let reply = said(node, arrival, &group, inside).await?;
    // What is opened twice is stored once: the session may move on after the message.
    let kept = node.store().put_group_session(place, session.to_bytes());
    kept.await.map_err(not_now)?;
    Ok(reply)
}

/// Does what a member says.
async fn said(
    node: &Node,
    arrival: &Arrival,
    group: &Group,
    inside: Result<GroupInside, streembit_ratchet::group::GroupAstray>,
) -> Result<Reply, Refusal> {
    let inside = inside.map_err(|error| {
        warn!(from = %arrival.from, %error, "Refused what was sealed for a group");
        Refusal::Invalid
    })?;
    if !arrival.envelope.id.is_of(&arrival.from) {
        // It could be in the way of what somebody else has written under this id.
        warn!(from = %arrival.from, "Refused a message to a group with an id of somebody else");
        return Err(Refusal::Invalid);
    }
    let heard = Arrival {
        body: inside.body.into(),
        envelope: arrival.envelope.clone(),
        from: arrival.from,
        party: group.id().into(),
        network: arrival.network,
        node: arrival.node,
        is_kept: arrival.is_kept,
        store: arrival.store.clone(),
    };
    let kind = inside.kind;
    if kind == Kind::Text && heard.from == node.me().account {
        on_own_text(node, &heard).await
    } else if kind == Kind::Text {
        chat::on_text(node, &heard).await
    } else if kind == Kind::React {
        chat::on_react(node, &heard).await
    } else if kind == Kind::Edit {
        chat::on_edit(node, &heard).await
    } else if kind == Kind::Delete {
        chat::on_delete(node, &heard).await
    } else if kind == Kind::Read {
        read::on_read(node, &heard, group.id()).await
    } else {
        Err(Refusal::Unsupported)
    }
}

/// Takes what another node of this account wrote.
async fn on_own_text(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let said: body::Text = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    check_text(&said.text).map_err(|_| Refusal::Invalid)?;
    let (network, id) = (arrival.network, arrival.envelope.id);
    let message = Message {
        order: 0,
        id,
        network,
        peer: arrival.party,
        direction: Direction::Out,
        from: arrival.from,
        kind: "text".to_owned(),
        text: said.text,
        reply_to: said.reply_to,
        sent_at: arrival.envelope.sent_at,
        received_at: None,
        state: MessageState::Sent,
        failure: None,
        kept_until: None,
        changes: Changes::default(),
        line: 0,
        gap: None,
        is_astray: false,
        reach: Reach::default(),
    };
    let stored = arrival.store.insert_copy(message, id, node.now());
    if stored.await.map_err(not_now)? {
        node.emit(Event::Message {
            network,
            peer: arrival.party,
            id,
        });
    }
    Ok(receipt(id))
}

/// Returns the group if sender and recipient belong to it, by all that can be known now.
async fn among_members(
    node: &Node,
    arrival: &Arrival,
    id: GroupId,
    heads: &[OperationId],
) -> Result<Arc<Group>, Refusal> {
    if !are_sound(heads) {
        return Err(Refusal::Invalid);
    }
    let me = node.me().account;
    let known = node.0.groups.find(arrival.network, id);
    let is_behind = known.as_ref().is_none_or(|group| !group.covers(heads));
    let is_in = |group: &Group| group.is_member(arrival.from) && group.is_member(me);
    if let Some(group) = known.filter(|group| is_in(group)) {
        if is_behind && arrival.is_kept {
            ask::ask_later(node, arrival.into(), id);
        } else if is_behind {
            // Who may read does not depend on it: what is lacking may come later.
            if let Err(error) = ask::ask(node, arrival.into(), id, Some(&group)).await {
                debug!(%error, "Is behind with a group");
            }
        }
    } else if is_behind && arrival.is_kept {
        // Whoever answers nothing holds up nothing that others have left.
        ask::ask_later(node, arrival.into(), id);
        return Err(Refusal::Busy);
    } else if is_behind {
        let known = node.0.groups.find(arrival.network, id);
        ask::ask(node, arrival.into(), id, known.as_deref()).await?;
    }
    let now = node.0.groups.find(arrival.network, id);
    now.filter(|group| is_in(group)).ok_or_else(|| {
        warn!(from = %arrival.from, group = %id, "Refused what a stranger wrote to a group");
        Refusal::Denied
    })
}

fn place(arrival: &Arrival, group: GroupId, session: &[u8; 32]) -> GroupSessionKey {
    GroupSessionKey {
        network: arrival.network,
        group,
        node: arrival.node,
        session: *session,
    }
}

fn route(arrival: &Arrival, group: GroupId) -> GroupRoute {
    let network: NetworkId = arrival.network;
    GroupRoute {
        network,
        group,
        from: arrival.from,
        from_node: arrival.node,
    }
}

/// Keeps the key of a session, with whatever was known of it before.
async fn keep_key(
    node: &Node,
    place: GroupSessionKey,
    session: Inbound,
    key: &GroupKey,
) -> Result<(), Refusal> {
    let state = node.store().group_session(place).await.map_err(not_now)?;
    let known = state.and_then(|state| Inbound::from_bytes(&state).ok());
    let session = match known {
        Some(mut known) => {
            if known.merge(key) {
                known
            } else {
                session
            }
        }
        None => session,
    };
    let kept = node.store().put_group_session(place, session.to_bytes());
    kept.await.map_err(not_now)
}
