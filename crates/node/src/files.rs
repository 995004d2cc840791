//! Files between two accounts: offered in the conversation, pulled by whoever accepts.
//!
//! What is asked for and what counts is decided by the pure `streembit_delivery::transfer`; this
//! module reads, writes, carries and shows. Disks and hashes are kept off the async threads.

mod accept;
mod disk;
mod end;
mod error;
mod fetch;
mod live;
mod piece;
mod place;
mod prepare;
pub(crate) mod preview;
mod receive;
mod rows;
mod send;
mod serve;
mod session;

use streembit_delivery::transfer::{End, Outcome};
use streembit_identity::{AccountId, Kind, MessageId, NetworkId, Party};
use streembit_store::{Direction, FileKey, FileState, OutboxItem, StoreError};
use tracing::{debug, warn};

pub use self::error::FileError;
pub(crate) use self::live::Files;
pub(crate) use self::piece::{Piece, on_kept, on_piece};
pub use self::preview::Preview;
pub(crate) use self::receive::{on_end, on_offer};
pub use self::rows::{FileProgress, FileView};
use crate::{
    chat::MessageRef,
    node::{Node, message_id},
};

/// Takes up what was under way when the node stopped.
pub(crate) async fn start(node: &Node) {
    let open = match node.store().open_files().await {
        Ok(open) => open,
        Err(error) => return warn!(%error, "Could not read which files are under way"),
    };
    for file in open {
        match (file.direction, file.state) {
            (Direction::Out, FileState::Preparing) => prepare::begin(node, file),
            (Direction::In, FileState::Accepted) => fetch::begin(node, file.key),
            (Direction::In | Direction::Out, _) => {}
        }
    }
}

/// A node of `account` is connected: whatever waits for it is asked for.
pub(crate) fn on_connected(node: &Node, network: NetworkId, account: AccountId) {
    node.0.files.nudge(network, account);
}

/// A message was deleted: the file that it offers goes no further.
pub(crate) async fn deleted(node: &Node, network: NetworkId, peer: Party, id: MessageId) {
    let file = MessageRef {
        id,
        network: Some(network),
        peer: Some(peer),
    };
    match node.file_cancel(file).await {
        Ok(_) | Err(FileError::NotFound | FileError::Ended) => {}
        Err(error) => warn!(%id, %error, "Could not stop the file of a deleted message"),
    }
}

/// Files do not go on with somebody who is no contact or member any more.
pub(crate) fn abandon(node: &Node, network: NetworkId, account: AccountId) {
    node.0.files.stop_all(network, account);
}

/// What the other side is told of a file's end.
fn word(node: &Node, key: FileKey, outcome: Outcome) -> OutboxItem {
    let now = node.now();
    let end = End {
        target: key.id,
        outcome,
    };
    let id = message_id(now);
    debug!(%id, file = %key.id, ?outcome, "A file has ended");
    OutboxItem {
        id,
        network: key.network,
        peer: key.peer,
        nodes: Vec::new(),
        copy: None,
        kind: Kind::FileEnd as u16,
        envelope: Vec::new(),
        body: Some(end.to_bytes()),
        queued_at: now,
    }
}

/// Runs work that waits for a disk or hashes much where it holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Stopped)
}
