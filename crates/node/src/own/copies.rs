//! What one node of an account says or hears in a conversation, told to its others.

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_identity::{AccountId, Kind, MessageId, NetworkId, Party, Timestamp};
use streembit_store::{
    Act, Acted, Changes, Deed, Direction, Message, MessageState, OutboxItem, Reach, StoreError,
};
use tracing::debug;

use crate::{
    chat::{
        ChatError,
        body::{self, check_text, decode, encode},
        not_now, post, receipt,
    },
    dispatch::{Arrival, Reply},
    event::Event,
    mailbox::{
        self,
        body::{Ask, Wish},
    },
    node::{Node, message_id},
    wire::Refusal,
};

/// The body of a copy.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Copy {
    /// The other side of the conversation.
    #[n(1)]
    pub(crate) peer: AccountId,
    /// What was sent: its kind's number.
    #[n(2)]
    pub(crate) kind: u16,
    /// The id under which it was sent.
    #[n(3)]
    pub(crate) id: MessageId,
    /// When.
    #[n(4)]
    pub(crate) at: Timestamp,
    /// What it says, as it was sent.
    #[n(5)]
    pub(crate) body: ByteVec,
}

/// Addresses an item to all nodes of its account, and a copy of it to the own other ones.
pub(crate) async fn address(node: &Node, mut item: OutboxItem) -> Result<OutboxItem, ChatError> {
    item.nodes = node.nodes_of(item.network, item.peer).await?;
    if let (Some(body), Some(kind)) = (&item.body, Kind::from_number(item.kind)) {
        let copy = Copy {
            peer: item.peer,
            kind: kind as u16,
            id: item.id,
            at: item.queued_at,
            body: body.clone().into(),
        };
        item.copy = copy_item(node, item.network, &copy, item.queued_at)
            .await
            .map(Box::new);
    }
    Ok(item)
}

async fn copy_item(
    node: &Node,
    network: NetworkId,
    copy: &Copy,
    now: Timestamp,
) -> Option<OutboxItem> {
    let nodes = node.siblings(network).await;
    (!nodes.is_empty()).then(|| OutboxItem {
        id: message_id(now),
        network,
        peer: node.me().account,
        nodes,
        kind: Kind::OwnCopy as u16,
        envelope: Vec::new(),
        body: Some(encode(copy)),
        queued_at: now,
        copy: None,
    })
}

/// Tells the own other nodes that a message of ours was delivered.
pub(crate) async fn tell_delivered(node: &Node, message: &Message) {
    if message.direction != Direction::Out || message.state != MessageState::Delivered {
        return;
    }
    // In a group every node of ours gets what each of them says.
    let Party::Account(peer) = message.peer else {
        return;
    };
    let now = node.now();
    let copy = Copy {
        peer,
        kind: Kind::Receipt as u16,
        id: message.id,
        at: now,
        body: Vec::new().into(),
    };
    tell(node, message.network, &copy, now).await;
}

/// Tells the own other nodes whom this account wants to keep its messages, or no longer.
pub(crate) async fn tell_mailbox(
    node: &Node,
    network: NetworkId,
    peer: AccountId,
    is_wanted: bool,
) {
    let wish = if is_wanted { Wish::Keep } else { Wish::End };
    let now = node.now();
    let copy = Copy {
        peer,
        kind: Kind::MailAsk as u16,
        id: message_id(now),
        at: now,
        body: encode(&Ask { wish }).into(),
    };
    tell(node, network, &copy, now).await;
}

async fn tell(node: &Node, network: NetworkId, copy: &Copy, now: Timestamp) {
    let Some(item) = copy_item(node, network, copy, now).await else {
        return;
    };
    match node.store().enqueue(item.clone()).await {
        Ok(()) => post(node, &item),
        Err(error) => debug!(%error, "Could not tell the other computers"),
    }
}

/// Takes what another node of this account said or heard.
pub(crate) async fn on_copy(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    if arrival.from != node.me().account {
        return Err(Refusal::Denied);
    }
    let copy: Copy = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    match Kind::from_number(copy.kind) {
        Some(Kind::Text) => on_text(node, arrival, &copy).await?,
        Some(Kind::React | Kind::Edit | Kind::Delete) => on_act(node, arrival, &copy).await?,
        Some(Kind::MailAsk) => {
            mailbox::on_copy(node, arrival.network, copy.peer, &copy.body).await?;
        }
        Some(Kind::Read) => {
            let read: body::Read = decode(&copy.body).ok_or(Refusal::Invalid)?;
            let (network, peer) = (arrival.network, copy.peer);
            let marked = arrival.store.mark_read(network, peer, read.through, None);
            if marked.await.map_err(not_now)? {
                changed(node, arrival.network, peer, read.through);
            }
        }
        Some(Kind::Receipt) => {
            let recorded = arrival.store.record_outgoing(
                copy.peer,
                None,
                copy.id,
                MessageState::Delivered,
                None,
            );
            if recorded.await.map_err(not_now)?.is_some() {
                changed(node, arrival.network, copy.peer, copy.id);
            }
        }
        Some(_) | None => return Err(Refusal::Unsupported),
    }
    Ok(receipt(arrival.envelope.id))
}

fn changed(node: &Node, network: NetworkId, peer: AccountId, id: MessageId) {
    node.emit(Event::Message {
        network,
        peer: peer.into(),
        id,
    });
}

async fn on_text(node: &Node, arrival: &Arrival, copy: &Copy) -> Result<(), Refusal> {
    let said: body::Text = decode(&copy.body).ok_or(Refusal::Invalid)?;
    check_text(&said.text).map_err(|_| Refusal::Invalid)?;
    let message = Message {
        order: 0,
        id: copy.id,
        network: arrival.network,
        peer: copy.peer.into(),
        direction: Direction::Out,
        from: arrival.from,
        kind: "text".to_owned(),
        text: said.text,
        reply_to: said.reply_to,
        sent_at: copy.at,
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
    let cause = arrival.envelope.id;
    let stored = arrival.store.insert_copy(message, cause, node.now());
    if stored.await.map_err(not_now)? {
        changed(node, arrival.network, copy.peer, copy.id);
    }
    Ok(())
}

async fn on_act(node: &Node, arrival: &Arrival, copy: &Copy) -> Result<(), Refusal> {
    let (target, deed) = deed(copy).ok_or(Refusal::Invalid)?;
    let (network, peer) = (arrival.network, copy.peer);
    let is_here = node.store().message(network, peer, target);
    if is_here.await.map_err(not_now)?.is_none() {
        // It is on its way, or it never comes: the other node tries again for as long as it may.
        return Err(Refusal::Busy);
    }
    let act = Act {
        id: copy.id,
        network,
        peer: peer.into(),
        by: arrival.from,
        target,
        at: copy.at,
        deed,
    };
    let acted: Result<Acted, StoreError> = arrival.store.take_act(act, node.now()).await;
    if let Acted::Changed(_) = acted.map_err(not_now)? {
        changed(node, network, peer, target);
    }
    Ok(())
}

fn deed(copy: &Copy) -> Option<(MessageId, Deed)> {
    let kind = Kind::from_number(copy.kind)?;
    if kind == Kind::React {
        let it: body::React = decode(&copy.body)?;
        let (emoji, revision) = (it.emoji, it.revision);
        Some((it.target, Deed::React { emoji, revision }))
    } else if kind == Kind::Edit {
        let it: body::Edit = decode(&copy.body)?;
        let (text, revision) = (it.text, it.revision);
        Some((it.target, Deed::Edit { text, revision }))
    } else {
        let it = decode::<body::Delete>(&copy.body).filter(|_| kind == Kind::Delete)?;
        Some((it.target, Deed::Delete))
    }
}
