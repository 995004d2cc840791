//! A profile as one sealed file that the standard `age` tool opens too.

use std::{
    fs::OpenOptions,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use streembit_identity::{Name, Passphrase, PeerKind, RecoveryPhrase, backup};
use streembit_store::Backup;
use zeroize::{Zeroize, Zeroizing};

use super::ProfileError;
use crate::node::Node;

/// What the sealed file holds, as JSON.
#[derive(Deserialize, Serialize)]
struct Contents {
    /// The 24 words.
    phrase: String,
    /// What the account is called.
    name: String,
    /// What kind of participant it is.
    kind: String,
    /// Everything but secrets.
    profile: Backup,
}

impl Drop for Contents {
    fn drop(&mut self) {
        self.phrase.zeroize();
    }
}

/// A backup that was opened.
pub(crate) struct Opened {
    pub(crate) phrase: RecoveryPhrase,
    pub(crate) name: Name,
    pub(crate) kind: PeerKind,
    pub(crate) profile: Backup,
}

impl Node {
    /// Writes account, contacts, networks, devices and history to a new sealed file.
    ///
    /// # Errors
    /// [`ProfileError::FileExists`] when there is a file already; nothing is overwritten.
    pub async fn account_backup(
        &self,
        path: PathBuf,
        passphrase: Passphrase,
    ) -> Result<u64, ProfileError> {
        let contents = Contents {
            phrase: RecoveryPhrase::of(&self.me().account_key)
                .reveal()
                .to_string(),
            name: self.name().to_string(),
            kind: self.me().kind.to_string(),
            profile: self.store().export().await?,
        };
        let text = Zeroizing::new(serde_json::to_vec(&contents).map_err(io::Error::from)?);
        let written = tokio::task::spawn_blocking(move || {
            let sealed = backup::seal(&passphrase, &text)?;
            write_new(&path, &sealed)?;
            Ok::<_, ProfileError>(sealed.len())
        });
        let bytes = written.await.map_err(io::Error::from)??;
        Ok(u64::try_from(bytes).unwrap_or(u64::MAX))
    }
}

/// Opens a backup file.
pub(super) async fn open(path: PathBuf, passphrase: Passphrase) -> Result<Opened, ProfileError> {
    let opened = tokio::task::spawn_blocking(move || {
        let sealed = read(&path)?;
        Ok::<_, ProfileError>(backup::open(&passphrase, &sealed)?)
    });
    parse(&opened.await.map_err(io::Error::from)??)
}

/// Reads what a sealed file held.
pub(crate) fn parse(text: &[u8]) -> Result<Opened, ProfileError> {
    let mut contents: Contents =
        serde_json::from_slice(text).map_err(|_| ProfileError::NotABackup)?;
    Ok(Opened {
        phrase: RecoveryPhrase::parse(&contents.phrase)?,
        name: contents
            .name
            .parse()
            .map_err(|_| ProfileError::NotABackup)?,
        kind: contents
            .kind
            .parse()
            .map_err(|_| ProfileError::NotABackup)?,
        profile: std::mem::take(&mut contents.profile),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, ProfileError> {
    let limit = u64::try_from(backup::MAX_BYTES).unwrap_or(u64::MAX);
    let mut sealed = Vec::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut sealed));
    match read {
        Ok(_) if sealed.len() > backup::MAX_BYTES => Err(ProfileError::NotABackup),
        Ok(_) => Ok(sealed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ProfileError::FileMissing),
        Err(error) => Err(error.into()),
    }
}

/// Writes a file that was not there, whole or not at all, for its owner alone.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), ProfileError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(ProfileError::FileExists);
        }
        Err(error) => return Err(error.into()),
    };
    if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        drop(file);
        let _ = std::fs::remove_file(path);
        return Err(error.into());
    }
    Ok(())
}
