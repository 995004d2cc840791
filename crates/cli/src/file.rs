//! Reads files of bounded size, and finds the data folder.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use streembit_api::Code;

use crate::{arguments::Folder, failure::Failure};

/// Reads a text file of at most `limit` bytes.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, Failure> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(limit + 1).read_to_string(&mut text));
    if let Err(error) = read {
        return Err(Failure::new(
            Code::InvalidArguments,
            format!("{}: {error}", path.display()),
        ));
    }
    if u64::try_from(text.len()).is_ok_and(|length| length > limit) {
        let message = format!("{}: larger than {limit} bytes", path.display());
        return Err(Failure::new(Code::TooLarge, message));
    }
    Ok(text)
}

impl Folder {
    /// Returns the data folder: the one named, or the desktop app's.
    pub(crate) fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(path) = &self.data {
            return Ok(path.clone());
        }
        ProjectDirs::from("org", "Streembit", "streembit")
            .map(|found| found.data_local_dir().to_owned())
            .ok_or_else(|| {
                let message = "this user has no home folder: name a data folder with --data";
                Failure::new(Code::InvalidArguments, message)
            })
    }
}
