//! A throw-away folder in which the nodes of one test live.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::TempDir;

use crate::node::Draft;

/// What seals the keys of every node of a test.
pub const PASSPHRASE: &str = "a quiet house at the end of the lane";

/// A folder of its own, gone when the test ends.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// Makes an empty place.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("streembit-")
            .tempdir()
            .context("a folder for the test")?;
        fs::write(folder.path().join("passphrase"), PASSPHRASE)?;
        Ok(Self { folder })
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The file that holds [`PASSPHRASE`].
    #[must_use]
    pub fn passphrase_file(&self) -> PathBuf {
        self.path().join("passphrase")
    }

    /// Writes a file into the place and returns its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> anyhow::Result<PathBuf> {
        let path = self.path().join(name);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(path)
    }

    /// A node called `name`, not started yet; it listens on loopback only.
    #[must_use]
    pub fn node(&self, name: &str) -> Draft {
        Draft::new(self.path(), name)
    }
}
