//! What arrives in a conversation: stored first, then signed for.

use streembit_delivery::{Chain, Link, NoLink};
use streembit_identity::{Kind, MessageId, Party};
use streembit_store::{Arrived, IncomingMessage, Linked, StoreError};
use tracing::{debug, warn};

use super::body::{self, check_text, decode, encode};
use crate::{
    dispatch::{Arrival, Reply},
    event::Event,
    node::Node,
    wire::Refusal,
};

/// Takes a text in, once, and signs for it each time it comes.
pub(crate) async fn on_text(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::Text = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    check_text(&body.text).map_err(|error| {
        debug!(from = %arrival.from, %error, "Refused a text");
        Refusal::Invalid
    })?;
    let linked = linked(arrival, body.link())?;
    let id = arrival.envelope.id;
    let message = IncomingMessage {
        id,
        network: arrival.network,
        peer: arrival.party,
        from: arrival.from,
        text: body.text,
        reply_to: body.reply_to,
        sent_at: arrival.envelope.sent_at,
        received_at: node.now(),
        linked,
        edited: None,
    };
    let storing = arrival.store.insert_incoming(message);
    let arrived = storing.await.map_err(not_now)?;
    if arrived == Arrived::Duplicate {
        debug!(%id, "Signed again for a text that came before");
    }
    tell(node, &arrived);
    Ok(receipt(id))
}

/// Takes which message of its node this says it is, and hashes it as it was written.
pub(crate) fn linked(
    arrival: &Arrival,
    link: Result<Option<Link>, NoLink>,
) -> Result<Option<Linked>, Refusal> {
    let link = link.map_err(|error| {
        debug!(from = %arrival.from, %error, "Refused a message");
        Refusal::Invalid
    })?;
    let chain = Chain {
        network: arrival.network,
        from: arrival.from,
        node: arrival.node,
        to: match arrival.party {
            Party::Account(_) => arrival.envelope.to.into(),
            group @ Party::Group(_) => group,
        },
    };
    Ok(link.map(|link| Linked {
        node: arrival.node,
        link,
        hash: chain.hash(arrival.envelope.id, &arrival.body),
    }))
}

/// Tells the listeners of a message that came, and of the one behind it if it was missing there.
pub(crate) fn tell(node: &Node, arrived: &Arrived) {
    let (message, later) = match arrived {
        Arrived::New(message) => (message, None),
        Arrived::Filled { message, later } => (message, later.as_ref()),
        Arrived::Duplicate => return,
    };
    if message.gap.is_some() {
        node.0.chat.gaps.look();
    }
    for message in [Some(message), later].into_iter().flatten() {
        node.emit(Event::Message {
            network: message.network,
            peer: message.peer,
            id: message.id,
        });
    }
}

/// Takes the other side's word that our messages were read.
pub(crate) async fn on_read(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::Read = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    // Whoever does not tell is not told either.
    if !node.tells_what_was_read().await.map_err(not_now)? {
        return Ok(receipt(arrival.envelope.id));
    }
    let (network, peer, id) = (arrival.network, arrival.from, arrival.envelope.id);
    let read = arrival
        .store
        .receive_read(network, peer, id, body.through, node.now())
        .await
        .map_err(not_now)?;
    for message in read {
        node.emit(Event::Message {
            network,
            peer: peer.into(),
            id: message.id,
        });
    }
    Ok(receipt(id))
}

/// Signs that an envelope is stored here; the dispatcher seals it.
pub(crate) fn receipt(id: MessageId) -> Reply {
    Reply {
        kind: Kind::Receipt,
        body: encode(&body::Receipt { id }),
    }
}

/// A full disk or a busy store must not lose a message: the sender keeps it.
pub(crate) fn not_now(error: StoreError) -> Refusal {
    warn!(%error, "Could not store what arrived");
    Refusal::Busy
}
