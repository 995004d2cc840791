//! Reads a passphrase from a file.

use std::path::Path;

use streembit_api::Code;

use crate::{failure::Failure, file::read_text};

/// The longest passphrase file, in bytes.
const MAX_BYTES: u64 = 4 * 1024;

/// Reads the first line of `path` as a passphrase.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = read_text(path, MAX_BYTES)?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => {
            let message = format!("{}: the first line is empty", path.display());
            Err(Failure::new(Code::InvalidArguments, message))
        }
    }
}
