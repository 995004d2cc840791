//! Accepting an offered file, or not.

use std::path::PathBuf;

use streembit_delivery::transfer::{FileName, Outcome};
use streembit_identity::{AccountId, MessageId, NetworkId};
use streembit_store::{Direction, FileChange, FileKey, FileState, StoredFile};

use super::{FileError, FileView, blocking, end, fetch, live, piece, place, word};
use crate::{chat, chat::MessageRef, mailbox, node::Node};

impl Node {
    /// Accepts a file; it goes to the folder or the new file `path`, or to the downloads.
    ///
    /// # Errors
    /// See [`FileError`].
    pub async fn file_accept(
        &self,
        file: MessageRef,
        path: Option<PathBuf>,
    ) -> Result<FileView, FileError> {
        let file = self.found_file(file).await?;
        if file.direction != Direction::In {
            return Err(FileError::NotTheirs);
        }
        match file.state {
            FileState::Offered => self.take_file(file, path).await,
            // Once more is now.
            FileState::Accepted => {
                self.0.files.nudge_one(file.key);
                Ok(self.file_view(file))
            }
            FileState::Preparing
            | FileState::Done
            | FileState::Declined
            | FileState::Cancelled
            | FileState::Failed => Err(FileError::Ended),
        }
    }

    /// Declines a file that was offered.
    ///
    /// # Errors
    /// See [`FileError`].
    pub async fn file_decline(&self, file: MessageRef) -> Result<FileView, FileError> {
        let file = self.found_file(file).await?;
        if file.direction != Direction::In {
            return Err(FileError::NotTheirs);
        }
        self.end_file(file, FileState::Declined, Outcome::Declined)
            .await
    }

    /// Stops a file, whoever offers it.
    ///
    /// # Errors
    /// See [`FileError`].
    pub async fn file_cancel(&self, file: MessageRef) -> Result<FileView, FileError> {
        let file = self.found_file(file).await?;
        self.end_file(file, FileState::Cancelled, Outcome::Cancelled)
            .await
    }

    /// Accepts an offered file, and begins to ask for it.
    pub(super) async fn take_file(
        &self,
        file: StoredFile,
        path: Option<PathBuf>,
    ) -> Result<FileView, FileError> {
        let folder = match path {
            Some(path) => path,
            None => {
                let folder = self.downloads().await?;
                let make = folder.clone();
                blocking(move || std::fs::create_dir_all(make)).await??;
                folder
            }
        };
        let (name, key) = (FileName::sanitised(&file.name), file.key);
        let (target, part) = blocking(move || {
            let target = place::target(&folder, &name)?;
            let part = place::make_part(&target, key)?;
            Ok::<_, FileError>((target, part))
        })
        .await??;
        let change = FileChange {
            state: Some(FileState::Accepted),
            failure: Some(String::new()),
            path: Some(target.to_string_lossy().into_owned()),
            part: Some(part.to_string_lossy().into_owned()),
            ..FileChange::default()
        };
        let changed = self
            .store()
            .change_file(key, &[FileState::Offered], change)
            .await?;
        let Some(file) = changed else {
            // Somebody was faster.
            let _ = blocking(move || std::fs::remove_file(part)).await?;
            return Err(FileError::Ended);
        };
        fetch::begin(self, key);
        mailbox::look_again(self, key.network);
        live::tell(self, key);
        Ok(self.file_view(file))
    }

    /// Ends a file that has not ended, and says so to the other side if it knows of it.
    async fn end_file(
        &self,
        file: StoredFile,
        state: FileState,
        outcome: Outcome,
    ) -> Result<FileView, FileError> {
        let key = file.key;
        let item = (file.state != FileState::Preparing).then(|| word(self, key, outcome));
        let change = FileChange {
            state: Some(state),
            item: item.clone(),
            ..FileChange::default()
        };
        let from: &[FileState] = if item.is_some() {
            &[FileState::Offered, FileState::Accepted]
        } else {
            &[FileState::Preparing]
        };
        let node = self.clone();
        let ended = self.to_end(async move {
            let ended = node.store().change_file(key, from, change).await?;
            if let (Some(_), Some(item)) = (&ended, &item) {
                chat::post(&node, item);
            }
            Ok::<_, FileError>(ended)
        });
        let ended = ended.await.ok_or(chat::ChatError::Stopped)??;
        let ended = ended.ok_or(FileError::Ended)?;
        self.0.files.stop(key);
        end::clean(self, &ended);
        piece::give_up(self, &ended).await;
        live::tell(self, key);
        Ok(self.file_view(ended))
    }

    /// Finds the one file that is meant.
    pub(super) async fn found_file(&self, file: MessageRef) -> Result<StoredFile, FileError> {
        let peer = file
            .peer
            .map(|peer| peer.account().ok_or(FileError::NotFound));
        let peer = peer.transpose()?;
        let is_it = |found: &StoredFile| {
            let is_network = |network: NetworkId| found.key.network == network;
            let is_peer = |peer: AccountId| found.key.peer == peer;
            file.network.is_none_or(is_network) && peer.is_none_or(is_peer)
        };
        let mut found: Vec<StoredFile> = match (file.network, peer) {
            (Some(network), Some(peer)) => {
                let id: MessageId = file.id;
                let key = FileKey { network, peer, id };
                self.store().file(key).await?.into_iter().collect()
            }
            (_, _) => self.store().files_by_id(file.id).await?,
        };
        found.retain(is_it);
        match found.len() {
            0 => Err(FileError::NotFound),
            1 => found.pop().ok_or(FileError::NotFound),
            _ => Err(FileError::Ambiguous),
        }
    }
}
