//! What a profile must not fall back behind, kept apart from its database.
//!
//! A few lines of text that mean something to the node alone. Whoever puts an old copy of the
//! database in place does not put this back with it: it lies in the keyring, or beside a sealed file.

use std::path::{Path, PathBuf};

use crate::{Keyring, ProfileId, VaultError, disk};

/// Name of the file, where the keys are in a sealed file.
const FILE: &str = "marks";

/// Longest text: Windows keeps 2,560 bytes of UTF-16 in an entry.
pub const MAX_MARKS: usize = 1_200;

/// The marks of one profile.
#[derive(Clone, Debug)]
pub struct Marks(Place);

#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Keyring(Keyring, String),
}

impl Marks {
    pub(crate) fn in_keyring(keyring: Keyring, id: &ProfileId) -> Self {
        Self(Place::Keyring(keyring, format!("{}.marks", id.as_str())))
    }

    /// Keeps them in a file of this folder.
    pub fn beside(folder: &Path) -> Self {
        Self(Place::File(folder.join(FILE)))
    }

    /// Reads them; none where nothing was ever written. Blocks like the keyring.
    ///
    /// # Errors
    ///
    /// A keyring that does not answer, or a file that cannot be read, is never "none".
    pub fn read(&self) -> Result<Option<String>, VaultError> {
        let bytes = match &self.0 {
            Place::File(path) => disk::read(path)?.map(|bytes| bytes.to_vec()),
            Place::Keyring(keyring, user) => keyring.get(user)?,
        };
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|_| VaultError::damaged("what must not be fallen back behind"))
    }

    /// Puts `text` in the place of what was there. Blocks like the keyring.
    ///
    /// # Errors
    ///
    /// Refuses more than [`MAX_MARKS`] bytes; what was there stays after an error.
    pub fn write(&self, text: &str) -> Result<(), VaultError> {
        if text.len() > MAX_MARKS {
            return Err(VaultError::damaged("what is to be written as a mark"));
        }
        match &self.0 {
            Place::File(path) => disk::replace(path, text.as_bytes()),
            Place::Keyring(keyring, user) => keyring.set(user, text),
        }
    }

    /// Deletes them; that there are none is as good.
    pub(crate) fn delete(&self) -> Result<(), VaultError> {
        match &self.0 {
            Place::File(path) => disk::remove(path),
            Place::Keyring(keyring, user) => keyring.delete(user),
        }
    }
}
