//! The plain list of members: written to a file, and a network made to follow one.

use std::path::{Path, PathBuf};

use streembit_gate::{
    Binding,
    list::{List, MAX_BYTES, Plan},
};
use streembit_identity::NetworkId;
use tokio::{fs, io::AsyncWriteExt};

use super::NetworkError;
use crate::{event::Event, node::Node};

/// What an import has changed or, as a dry run, would change.
#[derive(Clone, Debug, Default)]
pub struct ListChange {
    /// Added accounts.
    pub added: Vec<Binding>,
    /// Members with another name or role now.
    pub changed: Vec<Binding>,
    /// Removed members.
    pub removed: Vec<Binding>,
}

impl From<Plan> for ListChange {
    fn from(plan: Plan) -> Self {
        Self {
            added: plan.add,
            changed: plan.change.into_iter().map(|(_, after)| after).collect(),
            removed: plan.remove,
        }
    }
}

impl Node {
    /// Writes the members of a network into a TOML file; an existing file is replaced as a whole.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_export(&self, id: NetworkId, path: &Path) -> Result<(), NetworkError> {
        let (_, ledger) = self.private(&id)?;
        let text = List::of(ledger.roster()).to_toml();
        replace(path, text.as_bytes())
            .await
            .map_err(|source| file_error(path, source))
    }

    /// Makes the members of a network those of a TOML file; a dry run only tells the difference.
    ///
    /// # Errors
    /// See [`NetworkError`]; a list with a mistake changes nothing.
    pub async fn network_import(
        &self,
        id: NetworkId,
        path: &Path,
        dry_run: bool,
    ) -> Result<ListChange, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let list = List::parse(&read(path).await?)?;
        let plan = list.plan(ledger.roster(), self.me().account);
        if dry_run || plan.is_empty() {
            return Ok(plan.into());
        }
        // Each operation builds on the one before, so they are made on a copy first: all or none.
        let (key, now) = (&self.me().account_key, network.keeper().now());
        let operations = ledger.author_plan(key, &plan, now)?;
        let decided = self.decide(&network, &ledger, operations)?;
        network.keeper().learn(decided).await?;
        network.wake();
        self.emit(Event::Network { network: id });
        Ok(plan.into())
    }
}

/// Replaces a file as a whole: whoever looks sees the old one or the new one.
pub(super) async fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let temporary = beside(path)?;
    let write = async {
        let mut options = fs::OpenOptions::new();
        // Nothing that lies there is followed or overwritten, and nobody else reads along.
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&temporary).await?;
        file.write_all(content).await?;
        file.sync_all().await?;
        fs::rename(&temporary, path).await
    };
    let outcome = write.await;
    if outcome.is_err() {
        // It may not even have been made.
        let _ = fs::remove_file(&temporary).await;
    }
    outcome
}

/// Returns a name in the same folder that nobody can guess.
fn beside(path: &Path) -> std::io::Result<PathBuf> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let random = data_encoding::BASE32_NOPAD.encode(&random);
    Ok(path.with_file_name(format!(".{random}.part")))
}

async fn read(path: &Path) -> Result<String, NetworkError> {
    let size = fs::metadata(path)
        .await
        .map_err(|source| file_error(path, source))?
        .len();
    if size > MAX_BYTES as u64 {
        return Err(NetworkError::Invalid(format!(
            "{} is too large for a list",
            path.display()
        )));
    }
    fs::read_to_string(path)
        .await
        .map_err(|source| file_error(path, source))
}

pub(super) fn file_error(path: &Path, source: std::io::Error) -> NetworkError {
    NetworkError::File {
        path: path.display().to_string(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_list_is_replaced_as_a_whole_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.toml");
        let other = folder.path().join("other");
        std::fs::write(&path, "old").unwrap();
        std::fs::write(&other, "precious").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&other, folder.path().join("list.toml.part")).unwrap();

        replace(&path, b"new").await.unwrap();

        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read(&other).unwrap(), b"precious", "not followed");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[tokio::test]
    async fn a_list_that_cannot_be_replaced_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.toml");
        std::fs::create_dir(&path).unwrap();

        replace(&path, b"new").await.unwrap_err();

        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
