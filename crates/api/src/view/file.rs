//! Files.

use streembit_node::{FileProgress, FileView};

use crate::types::{File, FileState};

impl From<FileView> for File {
    fn from(view: FileView) -> Self {
        Self {
            id: view.id.into(),
            network: view.network.into(),
            peer: view.peer.into(),
            own: view.is_own,
            name: view.name,
            media: view.media,
            bytes: view.size,
            done: view.done,
            rate: view.rate,
            state: view.progress.into(),
            failure: view.failure,
            path: view.path.map(|path| path.to_string_lossy().into_owned()),
            offered_at: view.offered_at.0,
        }
    }
}

impl From<FileProgress> for FileState {
    fn from(progress: FileProgress) -> Self {
        match progress {
            FileProgress::Cancelled => Self::Cancelled,
            FileProgress::Declined => Self::Declined,
            FileProgress::Done => Self::Done,
            FileProgress::Failed => Self::Failed,
            FileProgress::Held => Self::Held,
            FileProgress::Offered => Self::Offered,
            FileProgress::Preparing => Self::Preparing,
            FileProgress::Running => Self::Running,
            FileProgress::Waiting => Self::Waiting,
        }
    }
}
