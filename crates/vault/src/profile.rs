//! The plain profile file: what may be known before anything is unlocked.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, Name, NodeId, PeerKind};
use thiserror::Error;

use crate::{VaultError, disk, secrets};

/// Version of the file's format.
const VERSION: u32 = 1;

const HEADER: &str =
    "# Streembit keeps what may be known without unlocking here; the keys are elsewhere.\n\n";

/// Where a profile keeps its keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyStoreKind {
    /// A file sealed with a passphrase, in the data folder.
    File,
    /// The keyring of the operating system.
    Keyring,
}

/// A text that names no key store.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a key store is \"keyring\" or \"file\"")]
pub struct KeyStoreKindError;

impl KeyStoreKind {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Keyring => "keyring",
        }
    }
}

impl fmt::Display for KeyStoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for KeyStoreKind {
    type Err = KeyStoreKindError;

    fn from_str(text: &str) -> Result<Self, KeyStoreKindError> {
        [Self::File, Self::Keyring]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(KeyStoreKindError)
    }
}

/// The random name of a profile's keyring entry, so that no two profiles ever share one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProfileId(String);

impl ProfileId {
    /// Draws a new one.
    pub(crate) fn random() -> Result<Self, VaultError> {
        let bytes = secrets::random::<16>()?;
        Ok(Self(
            data_encoding::BASE32_NOPAD
                .encode(bytes.as_slice())
                .to_ascii_lowercase(),
        ))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let is_id = text.len() == 26
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'));
        is_id.then(|| Self(text.to_owned()))
    }
}

/// What a new profile begins with.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// What the account calls itself.
    pub name: Name,
    /// What it is.
    pub kind: PeerKind,
}

/// The content of `profile.toml`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProfileFile {
    /// Names the keyring entry.
    pub id: ProfileId,
    /// Where the keys are.
    pub key_store: KeyStoreKind,
    /// What the account calls itself.
    pub name: Name,
    /// What it is.
    pub kind: PeerKind,
    /// Whose profile it is.
    pub account: AccountId,
    /// Which installation it is; files of early versions do not tell.
    pub node: Option<NodeId>,
}

/// The file as it is written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    id: String,
    key_store: String,
    name: String,
    kind: String,
    account: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    node: Option<String>,
}

/// The one field that every version has.
#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl ProfileFile {
    /// Returns where the file lies in a data folder.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("profile.toml")
    }

    /// Reads the file of a data folder, if there is one.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, VaultError> {
        let path = Self::path(folder);
        disk::read(&path)?
            .map(|content| Self::parse(&content, &path))
            .transpose()
    }

    /// Reads the content of the file at `path`.
    pub(crate) fn parse(content: &[u8], path: &Path) -> Result<Self, VaultError> {
        let damaged = || VaultError::damaged(path.display().to_string());
        let text = std::str::from_utf8(content).map_err(|_| damaged())?;
        let version: Version = toml::from_str(text).map_err(|_| damaged())?;
        if version.version > VERSION {
            return Err(VaultError::Newer {
                found: version.version,
            });
        }
        let written: Written = toml::from_str(text).map_err(|_| damaged())?;
        written.parse().ok_or_else(damaged)
    }

    pub(crate) fn write_new(&self, folder: &Path) -> Result<(), VaultError> {
        disk::write_new(&Self::path(folder), self.to_text().as_bytes())
    }

    pub(crate) fn replace(&self, folder: &Path) -> Result<(), VaultError> {
        disk::replace(&Self::path(folder), self.to_text().as_bytes())
    }

    pub(crate) fn to_text(&self) -> String {
        let written = Written {
            version: VERSION,
            id: self.id.0.clone(),
            key_store: self.key_store.to_string(),
            name: self.name.to_string(),
            kind: self.kind.to_string(),
            account: self.account.to_string(),
            node: self.node.map(|node| node.to_string()),
        };
        // A struct of plain strings always has a form in TOML.
        format!("{HEADER}{}", toml::to_string(&written).unwrap_or_default())
    }
}

impl Written {
    fn parse(&self) -> Option<ProfileFile> {
        Some(ProfileFile {
            id: ProfileId::parse(&self.id)?,
            key_store: self.key_store.parse().ok()?,
            name: self.name.parse().ok()?,
            kind: self.kind.parse().ok()?,
            account: self.account.parse().ok()?,
            node: self.node.as_deref().map(str::parse).transpose().ok()?,
        })
    }
}
