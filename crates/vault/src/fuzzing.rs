//! The private decoders of this crate, for the fuzz targets and nobody else.
//!
//! Each takes any bytes, and panics only if a promise is broken.

use std::path::Path;

use crate::{ProfileFile, Secrets};

/// The plain profile file.
pub fn profile(data: &[u8]) {
    let path = Path::new("profile.toml");
    if let Ok(profile) = ProfileFile::parse(data, path) {
        let again = ProfileFile::parse(profile.to_text().as_bytes(), path);
        assert!(again.is_ok_and(|again| again == profile));
    }
}

/// What a keyring or a sealed file holds.
pub fn secrets(data: &[u8]) {
    if let Some(secrets) = Secrets::read(data) {
        assert!(secrets.write().as_bytes() == data, "one way to write them");
    }
}
