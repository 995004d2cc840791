//! What is done when a file has ended, well or not.

use std::{
    io,
    path::{Path, PathBuf},
};

use streembit_delivery::transfer::{Failure, Outcome};
use streembit_store::{Direction, FileChange, FileState, StoredFile};
use tracing::{info, warn};

use super::{FileError, blocking, live, place, word};
use crate::{chat, node::Node};

/// Removes what was gathered of a file that will not be whole.
pub(super) fn clean(node: &Node, file: &StoredFile) {
    if file.direction == Direction::Out || file.state == FileState::Done {
        return;
    }
    let Some(part) = file.part.clone() else {
        return;
    };
    node.spawn(async move {
        let removed = blocking(move || std::fs::remove_file(part)).await;
        if let Ok(Err(error)) = removed
            && error.kind() != io::ErrorKind::NotFound
        {
            warn!(%error, "Could not remove the parts of a file");
        }
    });
}

/// Gives a whole file its name, and tells everybody.
pub(super) async fn finish(node: &Node, file: &StoredFile) -> Result<(), FileError> {
    let part = PathBuf::from(file.part.clone().unwrap_or_default());
    let target = PathBuf::from(file.path.clone().unwrap_or_default());
    let placed = blocking(move || settle(&part, &target)).await??;
    let change = FileChange {
        state: Some(FileState::Done),
        failure: Some(String::new()),
        path: Some(placed.to_string_lossy().into_owned()),
        done: Some(file.size),
        have: Some(Vec::new()),
        ..FileChange::default()
    };
    info!(id = %file.key.id, "Received a file");
    record(node, file, change, Outcome::Received).await
}

fn settle(part: &Path, target: &Path) -> io::Result<PathBuf> {
    place::open_part(part)?.sync_all()?;
    place::put_in_place(part, target)
}

/// Notes that a file will never be there.
pub(super) async fn fail(
    node: &Node,
    file: &StoredFile,
    failure: Failure,
) -> Result<(), FileError> {
    let why = match failure {
        Failure::Changed => "changed",
        Failure::Gone => "gone",
        Failure::Wrong => "wrong",
    };
    let change = FileChange {
        state: Some(FileState::Failed),
        failure: Some(why.to_owned()),
        ..FileChange::default()
    };
    info!(id = %file.key.id, why, "A file will not come");
    record(node, file, change, Outcome::Failed).await
}

async fn record(
    node: &Node,
    file: &StoredFile,
    change: FileChange,
    outcome: Outcome,
) -> Result<(), FileError> {
    let (this, key) = (node.clone(), file.key);
    let recorded = node.to_end(async move {
        let item = word(&this, key, outcome);
        let change = FileChange {
            item: Some(item.clone()),
            ..change
        };
        let accepted = &[FileState::Accepted];
        let ended = this.store().change_file(key, accepted, change).await?;
        if let Some(ended) = ended {
            chat::post(&this, &item);
            clean(&this, &ended);
        }
        Ok::<_, FileError>(())
    });
    recorded.await.ok_or(chat::ChatError::Stopped)??;
    live::tell(node, key);
    Ok(())
}
