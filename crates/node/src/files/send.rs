//! Offering a file: it is noted at once, and offered as soon as it was read.

use std::path::{Path, PathBuf};

use streembit_delivery::transfer::{FileName, Layout, Media};
use streembit_gate::ContactState;
use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Direction, FileKey, FileState, StoredFile};

use super::{FileError, FileView, blocking, live, prepare};
use crate::{
    chat::ChatError,
    contacts,
    node::{Node, message_id},
};

impl Node {
    /// Offers the file at `path` to `peer`; it has to stay there until it is sent.
    ///
    /// # Errors
    /// See [`FileError`]; nothing is offered then.
    pub async fn file_send(
        &self,
        network: Option<NetworkId>,
        peer: AccountId,
        path: PathBuf,
    ) -> Result<FileView, FileError> {
        let network = self.network_with(network, peer).await?;
        if contacts::state(self, network, peer)
            .await
            .map_err(ChatError::from)?
            != ContactState::Accepted
        {
            return Err(ChatError::Denied.into());
        }
        if contacts::is_gone(self, network, peer)
            .await
            .map_err(ChatError::from)?
        {
            return Err(ChatError::Gone.into());
        }
        self.0.chat.room(network, peer).map_err(ChatError::from)?;
        let text = path
            .to_str()
            .ok_or(FileError::Path("the path is not Unicode"))?
            .to_owned();
        let size = blocking(move || size_of(&path)).await??;
        let name = FileName::sanitised(&text);
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|_| FileError::Path("there is no randomness"))?;
        let now = self.now();
        let file = StoredFile {
            key: FileKey {
                network,
                peer,
                id: message_id(now),
            },
            direction: Direction::Out,
            media: Media::guess(&name).map(|media| media.as_str().to_owned()),
            name: name.to_string(),
            size,
            root: [0; 32],
            secret,
            state: FileState::Preparing,
            failure: None,
            path: Some(text),
            part: None,
            done: 0,
            offered_at: now,
        };
        self.store().prepare_file(file.clone()).await?;
        live::tell(self, file.key);
        prepare::begin(self, file.clone());
        Ok(self.file_view(file))
    }
}

/// The size of a file that can be offered.
fn size_of(path: &Path) -> Result<u64, FileError> {
    if !path.is_absolute() {
        return Err(FileError::Path("the path must be absolute"));
    }
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        return Err(FileError::Path("only files can be sent, one by one"));
    }
    // Somebody who may not read it learns so now.
    std::fs::File::open(path)?;
    match Layout::new(about.len()) {
        Some(layout) => Ok(layout.size()),
        None => Err(FileError::TooLarge),
    }
}
