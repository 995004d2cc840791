//! Receipts for what came through mailboxes: signed like those for what came directly, and brought
//! back the same two ways.

use streembit_identity::{AccountId, Kind, NetworkId};
use tracing::warn;

use super::body::{MAX_NAMED, MailReceipt};
use crate::{
    chat::{
        self,
        body::{decode, encode},
    },
    dispatch::{Arrival, Reply},
    node::Node,
    sealed,
    wire::Refusal,
};

/// Queues what is to be said to senders; false if that was not possible.
pub(super) async fn post_all(
    node: &Node,
    network: NetworkId,
    said: impl IntoIterator<Item = (AccountId, MailReceipt)>,
) -> bool {
    for (to, receipt) in said {
        if let Err(error) = post(node, network, to, &receipt).await {
            warn!(%to, %error, "Could not queue a receipt");
            return false;
        }
    }
    true
}

async fn post(
    node: &Node,
    network: NetworkId,
    to: AccountId,
    receipt: &MailReceipt,
) -> Result<(), chat::ChatError> {
    let item = node.outbox_item(network, to, Kind::MailReceipt, encode(receipt))?;
    node.store().enqueue(item.clone()).await?;
    chat::post(node, &item);
    Ok(())
}

/// Takes the recipient's word on what it collected.
pub(crate) async fn on_receipt(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let receipt: MailReceipt = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if receipt.stored.len() > MAX_NAMED || receipt.lost.len() > MAX_NAMED {
        return Err(Refusal::Invalid);
    }
    let (network, from) = (arrival.network, arrival.from);
    for id in receipt.stored {
        chat::acknowledged(node, network, from, arrival.node, id);
    }
    for reset in receipt.lost {
        if sealed::retire(node, network, from, arrival.node, reset).await {
            chat::came_back(node, network, from, arrival.node, reset.id);
        }
    }
    Ok(chat::receipt(arrival.envelope.id))
}
