//! Reads a file that is to be offered, then offers it.

use std::path::PathBuf;

use streembit_delivery::transfer::{Layout, Leaves, Offer, Rate};
use streembit_identity::Kind;
use streembit_store::{
    FileChange, FileState, Message, OutboxItem, OutgoingMessage, StoreError, StoredFile, WriteBody,
};
use tracing::warn;

use super::{
    blocking,
    disk::{self, ReadError},
    live::{self, Doing, Entry, Standing},
};
use crate::{chat, event::Event, node::Node};

/// Why a file is not offered.
enum Failure {
    Read(ReadError),
    Stopped,
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Reads and offers a file, after those before it.
pub(super) fn begin(node: &Node, file: StoredFile) {
    let node = node.clone();
    node.clone().spawn(async move {
        let Some(entry) = Entry::new(&node, file.key, Doing::Waiting) else {
            return;
        };
        let key = file.key;
        let Ok(_place) = node.0.files.preparing.clone().acquire_owned().await else {
            return;
        };
        let why = match prepare(&node, &entry, file).await {
            Ok(()) | Err(Failure::Stopped) => return drop(entry),
            Err(Failure::Read(ReadError::Changed)) => "changed",
            Err(Failure::Read(ReadError::Io(error))) => {
                warn!(%error, "Could not read a file to send");
                "unreadable"
            }
            Err(Failure::Store(error)) => {
                return warn!(%error, "Could not offer a file");
            }
        };
        drop(entry);
        let change = FileChange {
            state: Some(FileState::Failed),
            failure: Some(why.to_owned()),
            ..FileChange::default()
        };
        let changed = node
            .store()
            .change_file(key, &[FileState::Preparing], change);
        if let Err(error) = changed.await {
            warn!(%error, "Could not note that a file is not sent");
        }
        live::tell(&node, key);
    });
}

async fn prepare(node: &Node, entry: &Entry, file: StoredFile) -> Result<(), Failure> {
    let layout = Layout::new(file.size).ok_or(Failure::Read(ReadError::Changed))?;
    let leaves = read(node, entry, &file, layout).await?;
    let message = offer(node, &file, &leaves);
    let (root, bytes) = (*leaves.root(), leaves.as_bytes().to_vec());
    let (this, item) = (node.clone(), message.item.clone());
    let offered = node.to_end(async move {
        let offered = this.store().offer_file(message, root, bytes).await?;
        if offered.is_some() {
            chat::post(&this, &item);
        }
        Ok::<Option<Message>, StoreError>(offered)
    });
    if offered.await.ok_or(Failure::Stopped)??.is_some() {
        let (network, peer, id) = (file.key.network, file.key.peer, file.key.id);
        node.emit(Event::Message {
            network,
            peer: peer.into(),
            id,
        });
        live::tell(node, file.key);
    }
    Ok(())
}

/// Hashes the file where that holds nobody up, and says how far it is.
async fn read(
    node: &Node,
    entry: &Entry,
    file: &StoredFile,
    layout: Layout,
) -> Result<Leaves, Failure> {
    let path = PathBuf::from(file.path.clone().unwrap_or_default());
    let stop = entry.stop.clone();
    let mut rate = Rate::new(layout.group(), node.now());
    let (tell, mut told) = tokio::sync::watch::channel(Standing::default());
    let clock = node.clone();
    let hashing = blocking(move || {
        let mut done = 0_u64;
        disk::hash(&path, &layout, |bytes| {
            done += bytes;
            let now = clock.now();
            rate.count(bytes, now);
            tell.send_replace(Standing {
                done,
                rate: rate.per_second(now),
                doing: Doing::Reading,
            });
            !stop.is_cancelled()
        })
    });
    tokio::pin!(hashing);
    let leaves = loop {
        tokio::select! {
            done = &mut hashing => break done?,
            Ok(()) = told.changed() => entry.note(*told.borrow_and_update()),
        }
    };
    let leaves = leaves.map_err(Failure::Read)?.ok_or(Failure::Stopped)?;
    Leaves::of(layout, leaves).map_err(|_| Failure::Read(ReadError::Changed))
}

fn offer(node: &Node, file: &StoredFile, leaves: &Leaves) -> OutgoingMessage {
    let key = file.key;
    let offer = Offer {
        name: file.name.clone(),
        size: file.size,
        root: (*leaves.root()).into(),
        key: file.secret.into(),
        media: file.media.clone(),
        sequence: None,
        previous: None,
    };
    OutgoingMessage {
        from: node.me().account,
        node: node.me().node,
        text: file.name.clone(),
        reply_to: None,
        write: WriteBody::new(move |link| offer.clone().at(link).to_bytes()),
        item: OutboxItem {
            id: key.id,
            network: key.network,
            peer: key.peer,
            nodes: Vec::new(),
            copy: None,
            kind: Kind::File as u16,
            envelope: Vec::new(),
            body: None, // written when its place is known
            queued_at: node.now(),
        },
    }
}
