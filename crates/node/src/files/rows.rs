//! What is shown of files.

use std::path::PathBuf;

use streembit_identity::{AccountId, MessageId, NetworkId, Timestamp};
use streembit_store::{Direction, FileKey, FileState, StoredFile};

use super::{
    FileError,
    live::{Doing, Standing},
};
use crate::node::Node;

/// How far a file is, as it is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileProgress {
    /// One side stopped it.
    Cancelled,
    /// The recipient does not want it.
    Declined,
    /// All of it is there.
    Done,
    /// It will not come any more.
    Failed,
    /// It cannot be written now, as when the disk is full; it is tried again.
    Held,
    /// It is offered, and not accepted as far as is known.
    Offered,
    /// It is read before it is offered.
    Preparing,
    /// Its bytes move.
    Running,
    /// It is accepted, and waits for the other side or for its turn.
    Waiting,
}

/// One file, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FileView {
    /// How many bytes are there, verified.
    pub done: u64,
    /// Why it failed or waits, as a code.
    pub failure: Option<String>,
    /// The message that offers it.
    pub id: MessageId,
    /// Whether this account offers it.
    pub is_own: bool,
    /// What its sender takes it for.
    pub media: Option<String>,
    /// What it is called.
    pub name: String,
    /// The network of the conversation.
    pub network: NetworkId,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// Where it lies, once it is whole; of one's own the source.
    pub path: Option<PathBuf>,
    /// The other side of the conversation.
    pub peer: AccountId,
    /// How far it is.
    pub progress: FileProgress,
    /// Bytes a second.
    pub rate: u64,
    /// Its size, in bytes.
    pub size: u64,
}

impl Node {
    /// Lists the files of one network or of all, the newest first.
    ///
    /// # Errors
    /// See [`FileError`].
    pub async fn files_list(&self, network: Option<NetworkId>) -> Result<Vec<FileView>, FileError> {
        let files = self.store().files(network).await?;
        Ok(files.into_iter().map(|file| self.file_view(file)).collect())
    }

    /// Returns one file.
    ///
    /// # Errors
    /// See [`FileError`].
    pub async fn file(
        &self,
        network: NetworkId,
        peer: AccountId,
        id: MessageId,
    ) -> Result<FileView, FileError> {
        let key = FileKey { network, peer, id };
        let file = self.store().file(key).await?.ok_or(FileError::NotFound)?;
        Ok(self.file_view(file))
    }

    pub(super) fn file_view(&self, file: StoredFile) -> FileView {
        let standing = self.0.files.standing(file.key);
        let is_here = file.direction == Direction::Out || file.state == FileState::Done;
        let live = standing.unwrap_or_default();
        let is_live = standing.is_some() && !file.state.is_ended();
        FileView {
            done: if is_live { live.done } else { file.done }.min(file.size),
            failure: file.failure,
            id: file.key.id,
            is_own: file.direction == Direction::Out,
            media: file.media,
            name: file.name,
            network: file.key.network,
            offered_at: file.offered_at,
            path: file.path.filter(|_| is_here).map(PathBuf::from),
            peer: file.key.peer,
            progress: progress(file.state, standing),
            rate: if is_live { live.rate } else { 0 },
            size: file.size,
        }
    }
}

fn progress(state: FileState, standing: Option<Standing>) -> FileProgress {
    let doing = standing.map(|standing| standing.doing);
    match (state, doing) {
        (FileState::Preparing, _) => FileProgress::Preparing,
        (FileState::Offered | FileState::Accepted, Some(Doing::Moving)) => FileProgress::Running,
        (FileState::Accepted, Some(Doing::Held)) => FileProgress::Held,
        (FileState::Offered, _) => FileProgress::Offered,
        (FileState::Accepted, _) => FileProgress::Waiting,
        (FileState::Done, _) => FileProgress::Done,
        (FileState::Declined, _) => FileProgress::Declined,
        (FileState::Cancelled, _) => FileProgress::Cancelled,
        (FileState::Failed, _) => FileProgress::Failed,
    }
}
