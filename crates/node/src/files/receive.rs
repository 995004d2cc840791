//! What arrives about files: offers, and the other side's word on how one ended.

use streembit_delivery::transfer::{End, Offer, Outcome};
use streembit_gate::ContactState;
use streembit_identity::{NetworkId, Timestamp};
use streembit_store::{
    Arrived, Direction, FileChange, FileKey, FileState, IncomingMessage, StoreError, StoredFile,
};
use tracing::{debug, warn};

use super::live;
use crate::{
    chat::{self, not_now, receipt},
    contacts,
    dispatch::{Arrival, Reply},
    node::Node,
    wire::Refusal,
};

/// Up to this size a file of somebody known is taken without asking, unless the settings say
/// otherwise.
const TAKEN: u64 = 10 * 1024 * 1024;
/// What is taken from one account in a day without asking: so many times that size.
const TIMES_A_DAY: u64 = 20;
/// A day, in milliseconds.
const DAY: u64 = 24 * 3_600 * 1_000;

/// Takes an offer in, once, and signs for it each time it comes.
pub(crate) async fn on_offer(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let offer = Offer::from_bytes(&arrival.body).ok_or(Refusal::Invalid)?;
    let linked = chat::linked(arrival, offer.link())?;
    let id = arrival.envelope.id;
    let name = offer.file_name();
    let message = IncomingMessage {
        id,
        network: arrival.network,
        peer: arrival.from.into(),
        from: arrival.from,
        text: name.to_string(),
        reply_to: None,
        sent_at: arrival.envelope.sent_at,
        received_at: node.now(),
        linked,
        edited: None,
    };
    let file = StoredFile {
        key: FileKey {
            network: arrival.network,
            peer: arrival.from,
            id,
        },
        direction: Direction::In,
        name: name.to_string(),
        media: offer.media,
        size: offer.size,
        root: *offer.root,
        secret: *offer.key,
        state: FileState::Offered,
        failure: None,
        path: None,
        part: None,
        done: 0,
        offered_at: node.now(),
    };
    let storing = arrival.store.insert_incoming_file(message, file.clone());
    let arrived = storing.await.map_err(not_now)?;
    chat::tell(node, &arrived);
    match arrived {
        Arrived::New(_) | Arrived::Filled { .. } => {
            live::tell(node, file.key);
            node.spawn(take_if_wanted(node.clone(), file));
        }
        Arrived::Duplicate => debug!(%id, "Signed again for an offer that came before"),
    }
    Ok(receipt(id))
}

/// Accepts small files of people that are known, as the settings say.
async fn take_if_wanted(node: Node, file: StoredFile) {
    let wanted = match is_taken(&node, &file).await {
        Ok(wanted) => wanted,
        Err(error) => return warn!(%error, "Could not tell whether a file is wanted"),
    };
    if wanted && let Err(error) = node.take_file(file, None).await {
        warn!(%error, "Could not accept a file");
    }
}

async fn is_taken(node: &Node, file: &StoredFile) -> Result<bool, StoreError> {
    let setting = node.store().setting("files_auto_accept").await?;
    let limit = setting.and_then(|value| value.as_u64()).unwrap_or(TAKEN);
    if file.size > limit || limit == 0 || !is_known(node, file.key).await? {
        return Ok(false);
    }
    let FileKey { network, peer, .. } = file.key;
    let since = Timestamp(node.now().0.saturating_sub(DAY));
    let taken = node.store().bytes_accepted(network, peer, since).await?;
    Ok(taken.saturating_add(file.size) <= limit.saturating_mul(TIMES_A_DAY))
}

/// Known is who was verified, who was accepted as a contact, and which member of a private network
/// was written to before: not everybody who may write.
async fn is_known(node: &Node, key: FileKey) -> Result<bool, StoreError> {
    let contact = node.store().contact(key.network, key.peer).await?;
    if contact.is_some_and(|contact| contact.is_verified) {
        return Ok(true);
    }
    if key.network == NetworkId::PUBLIC {
        let state = contacts::state(node, key.network, key.peer).await?;
        return Ok(state == ContactState::Accepted);
    }
    node.store().has_written_to(key.network, key.peer).await
}

/// Takes the other side's word on how a file ended.
pub(crate) async fn on_end(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let end = End::from_bytes(&arrival.body).ok_or(Refusal::Invalid)?;
    let key = FileKey {
        network: arrival.network,
        peer: arrival.from,
        id: end.target,
    };
    let reply = receipt(arrival.envelope.id);
    let Some(file) = node.store().file(key).await.map_err(not_now)? else {
        return Ok(reply); // what never came does not have to end
    };
    let state = match (end.outcome, file.direction) {
        (Outcome::Received, Direction::Out) => FileState::Done,
        (Outcome::Declined, Direction::Out) => FileState::Declined,
        (Outcome::Failed, Direction::Out) => FileState::Failed,
        (Outcome::Cancelled, _) => FileState::Cancelled,
        (Outcome::Received | Outcome::Declined | Outcome::Failed, Direction::In) => {
            return Err(Refusal::Denied);
        }
    };
    let change = FileChange {
        state: Some(state),
        done: (state == FileState::Done).then_some(file.size),
        seen: Some((arrival.envelope.id, node.now())),
        ..FileChange::default()
    };
    let open = &[FileState::Offered, FileState::Accepted];
    let changed = arrival.store.change_file(key, open, change);
    if let Some(file) = changed.await.map_err(not_now)? {
        node.0.files.stop(key);
        super::end::clean(node, &file);
        super::piece::give_up(node, &file).await;
        live::tell(node, key);
    }
    Ok(reply)
}
