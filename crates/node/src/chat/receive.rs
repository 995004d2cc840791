//! What arrives in a conversation: stored first, then signed for.

use streembit_identity::{AccountId, Kind, MessageId};
use streembit_store::{Arrived, IncomingMessage, StoreError};
use tracing::{debug, warn};

use super::{
    body::{self, check_text, decode, encode},
    sequence::{self, Turn},
};
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
    in_turn(node, arrival.from, body.after).await?;
    let id = arrival.envelope.id;
    let message = IncomingMessage {
        id,
        network: arrival.network,
        from: arrival.from,
        text: body.text,
        reply_to: body.reply_to,
        sent_at: arrival.envelope.sent_at,
        received_at: node.now(),
    };
    let storing = arrival.store.insert_incoming(message);
    match enter(node, arrival, storing).await.map_err(not_now)? {
        Arrived::New(message) => {
            node.emit(Event::Message {
                network: message.network,
                peer: message.peer,
                id,
            });
        }
        Arrived::Duplicate => debug!(%id, "Signed again for a text that came before"),
    }
    Ok(receipt(id))
}

/// Waits a little for the message before one that names it.
pub(crate) async fn in_turn(
    node: &Node,
    from: AccountId,
    after: Option<MessageId>,
) -> Result<(), Refusal> {
    let Some(before) = after else {
        return Ok(());
    };
    let turn = sequence::wait_for(node, from, before);
    match turn.await.map_err(not_now)? {
        Turn::Now => Ok(()),
        Turn::Later => Err(Refusal::Busy),
    }
}

/// Stores what arrived; whoever waits for it may enter behind it.
pub(crate) async fn enter<T>(
    node: &Node,
    arrival: &Arrival,
    storing: impl Future<Output = T>,
) -> T {
    let arrivals = &node.0.chat.arrivals;
    arrivals
        .enter((arrival.from, arrival.envelope.id), storing)
        .await
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
            peer,
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
