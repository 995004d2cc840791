//! Small files by mailbox: their groups as messages of their own, for a recipient who is away.
//!
//! They go the way of all messages: sealed, signed for, kept by mailboxes. Whoever is there pulls
//! the file by a stream as ever; what has come by then is not asked for again.

use std::{fs::File, io, path::PathBuf};

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_delivery::{
    Destination,
    transfer::{Have, Layout, Leaves},
};
use streembit_identity::{Digest, Kind, MessageId, NetworkId};
use streembit_store::{
    Direction, FileChange, FileGroups, FileKey, FileState, OutboxItem, StoredFile,
};
use tracing::{debug, warn};

use super::{
    FileError, blocking,
    disk::{self, ReadError},
    end,
    live::{self, Doing},
    place,
};
use crate::{
    chat::{
        self,
        body::{decode, encode},
        not_now, receipt,
    },
    dispatch::{Arrival, Reply},
    node::Node,
    wire::Refusal,
};

/// Files above this wait for both.
const SMALL: u64 = 25 * 1024 * 1024;

/// The body: one group of a file, with all that tells that it is one.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Piece {
    /// The offer.
    #[n(1)]
    pub(crate) target: MessageId,
    /// Which group.
    #[n(2)]
    pub(crate) index: u32,
    /// The leaves of the whole file.
    #[n(3)]
    pub(crate) leaves: ByteVec,
    /// The group.
    #[n(4)]
    pub(crate) group: ByteVec,
}

/// A mailbox keeps the offer of `id` for `to`: what is offered goes the same way, if it is small.
pub(crate) fn on_kept(node: &Node, network: NetworkId, id: MessageId, to: Destination) {
    let node = node.clone();
    node.clone().spawn(async move {
        let key = FileKey {
            network,
            peer: to.account,
            id,
        };
        let _one_at_a_time = node.0.files.pieces.lock().await;
        if let Err(error) = leave(&node, key, to).await {
            warn!(%id, %error, "Could not leave a file in a mailbox");
        }
    });
}

/// Queues what is not queued yet.
async fn leave(node: &Node, key: FileKey, to: Destination) -> Result<(), FileError> {
    let file = node.store().file(key).await?;
    let is_open = |file: &StoredFile| {
        let state = matches!(file.state, FileState::Offered | FileState::Accepted);
        state && file.direction == Direction::Out && file.size <= SMALL
    };
    let Some(file) = file.filter(is_open) else {
        return Ok(());
    };
    let Some(leaves) = leaves(&file, node.store().file_groups(key).await?.leaves) else {
        return Ok(());
    };
    let path = PathBuf::from(file.path.clone().unwrap_or_default());
    for index in 0..leaves.layout().count() {
        let id = id_of(&file, to, index);
        if node.store().outbox_envelope(id).await?.is_some() {
            continue;
        }
        let (from, of) = (path.clone(), leaves.clone());
        let group = match blocking(move || disk::read_plain(&from, &of, index)).await? {
            Ok(group) => group,
            Err(ReadError::Changed) => return Ok(()),
            Err(ReadError::Io(error)) => return Err(error.into()),
        };
        let piece = Piece {
            target: key.id,
            index,
            leaves: leaves.as_bytes().to_vec().into(),
            group: group.into(),
        };
        let item = OutboxItem {
            id,
            network: key.network,
            peer: key.peer,
            nodes: to.node.into_iter().collect(),
            copy: None,
            kind: Kind::FilePiece as u16,
            envelope: Vec::new(),
            body: Some(encode(&piece)),
            queued_at: node.now(),
        };
        node.store().enqueue(item.clone()).await?;
        chat::post(node, &item);
    }
    Ok(())
}

fn leaves(file: &StoredFile, list: Option<Vec<u8>>) -> Option<Leaves> {
    let layout = Layout::new(file.size)?;
    Leaves::verified(layout, &list.unwrap_or_default(), &file.root).ok()
}

/// The same each time, so that nothing is queued twice.
fn id_of(file: &StoredFile, to: Destination, index: u32) -> MessageId {
    let node = to.node.map(|node| node.as_bytes().to_vec());
    let digest = Digest::of(&[
        b"streembit/1/piece",
        file.key.id.as_bytes(),
        &node.unwrap_or_default(),
        &index.to_be_bytes(),
    ]);
    let mut random = [0; 10];
    random
        .iter_mut()
        .zip(digest.as_bytes())
        .for_each(|(to, from)| *to = *from);
    MessageId::new(file.offered_at, random)
}

/// Gives up what of a file waits to be sent: it has ended.
pub(super) async fn give_up(node: &Node, file: &StoredFile) {
    let count = Layout::new(file.size).map_or(0, |layout| layout.count());
    if file.direction == Direction::In || file.size > SMALL {
        return;
    }
    let nodes = node.nodes_of(file.key.network, file.key.peer).await;
    let peer = file.key.peer;
    let mut places = vec![Destination::any(peer)];
    places.extend(
        nodes
            .into_iter()
            .flatten()
            .map(|node| Destination::at(peer, node)),
    );
    let ids = places
        .iter()
        .flat_map(|to| (0..count).map(|index| id_of(file, *to, index)));
    if let Err(error) = node.store().drop_outgoing(ids.collect()).await {
        warn!(%error, "Could not give up what waits of a file");
    }
}

/// Takes a group of a file that was accepted.
pub(crate) async fn on_piece(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let piece: Piece = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let reply = receipt(arrival.envelope.id);
    let key = FileKey {
        network: arrival.network,
        peer: arrival.from,
        id: piece.target,
    };
    let _one_at_a_time = node.0.files.pieces.lock().await;
    let file = node.store().file(key).await.map_err(not_now)?;
    let Some(file) = file.filter(|file| file.direction == Direction::In) else {
        return Ok(reply); // of what was never offered, nothing is kept
    };
    match file.state {
        FileState::Accepted => {}
        // Its person has not decided, or the first of it is only just here.
        FileState::Offered | FileState::Preparing => return Err(Refusal::Busy),
        FileState::Done | FileState::Declined | FileState::Cancelled | FileState::Failed => {
            return Ok(reply);
        }
    }
    let is_moving = node.0.files.standing(key);
    if is_moving.is_some_and(|standing| standing.doing == Doing::Moving) {
        return Err(Refusal::Busy);
    }
    let known = node.store().file_groups(key).await.map_err(not_now)?;
    let leaves = leaves(&file, Some(piece.leaves.to_vec())).ok_or(Refusal::Invalid)?;
    if file.size > SMALL || !leaves.is_group(piece.index, &piece.group) {
        return Err(Refusal::Invalid);
    }
    let have = store(node, arrival, &file, known, &leaves, piece).await?;
    if have.is_complete() {
        complete(node, &file, leaves, have).await.map_err(|error| {
            debug!(%error, "A file is not whole yet");
            Refusal::Busy
        })?;
    }
    Ok(reply)
}

async fn store(
    node: &Node,
    arrival: &Arrival,
    file: &StoredFile,
    known: FileGroups,
    leaves: &Leaves,
    piece: Piece,
) -> Result<Have, Refusal> {
    let layout = *leaves.layout();
    let noted = known.have.as_deref();
    let noted = noted.and_then(|bytes| Have::from_bytes(bytes, layout.count()));
    let mut have = noted.unwrap_or_else(|| Have::none(layout.count()));
    if !have.insert(piece.index) {
        return Ok(have);
    }
    let part = PathBuf::from(file.part.clone().unwrap_or_default());
    let writing = blocking(move || {
        let mut part = open_or_make(&part)?;
        disk::write_group(&mut part, &layout, piece.index, &piece.group)
    });
    let written = writing.await.map_err(|_| Refusal::Busy)?;
    written.map_err(|error| {
        warn!(%error, "Could not write a file that comes");
        Refusal::Busy
    })?;
    let done = u64::from(have.len()).saturating_mul(layout.group());
    let change = FileChange {
        leaves: known.leaves.is_none().then(|| leaves.as_bytes().to_vec()),
        have: Some(have.as_bytes().to_vec()),
        done: Some(done.min(file.size)),
        ..FileChange::default()
    };
    let accepted = &[FileState::Accepted];
    let changed = arrival.store.change_file(file.key, accepted, change);
    changed.await.map_err(not_now)?;
    live::tell(node, file.key);
    Ok(have)
}

fn open_or_make(part: &std::path::Path) -> io::Result<File> {
    match place::open_part(part) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = part.parent() {
                std::fs::create_dir_all(folder)?;
            }
            File::create_new(part)
        }
        opened => opened,
    }
}

/// Gives a file its name once every group of it has been seen on the disk.
async fn complete(
    node: &Node,
    file: &StoredFile,
    leaves: Leaves,
    noted: Have,
) -> Result<(), FileError> {
    let part = PathBuf::from(file.part.clone().unwrap_or_default());
    let looking = blocking(move || {
        let mut part = place::open_part(&part)?;
        disk::look(&mut part, &leaves, &noted, |_| true)
    });
    let have = looking.await??;
    if !have.is_complete() {
        // What the disk has lost comes by a stream.
        let change = FileChange {
            have: Some(have.as_bytes().to_vec()),
            ..FileChange::default()
        };
        let accepted = &[FileState::Accepted];
        node.store().change_file(file.key, accepted, change).await?;
        return Ok(());
    }
    end::finish(node, file).await?;
    node.0.files.stop(file.key);
    Ok(())
}
