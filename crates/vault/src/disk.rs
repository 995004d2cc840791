//! Files that appear whole or not at all, for their owner's eyes only.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use crate::VaultError;

/// Largest file that is read: profile and sealed keys are far smaller.
const MAX_BYTES: u64 = 64 * 1024;

/// Makes the data folder if need be, and closes it to others.
pub(crate) fn make_folder(folder: &Path) -> Result<(), VaultError> {
    fs::create_dir_all(folder).map_err(VaultError::io(folder))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let owner_only = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder, owner_only).map_err(VaultError::io(folder))?;
    }
    Ok(())
}

/// Writes a file that must not exist yet.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<(), VaultError> {
    let draft = draft(path, content)?;
    draft
        .persist_noclobber(path)
        .map_err(|failure| VaultError::io(path)(failure.error))?;
    sync_folder(path)
}

/// Puts new content in the place of a file; whoever looks sees the old or the new, never a mixture.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), VaultError> {
    let draft = draft(path, content)?;
    draft
        .persist(path)
        .map_err(|failure| VaultError::io(path)(failure.error))?;
    sync_folder(path)
}

/// Reads a small file; `None` means that it certainly does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(VaultError::io(path)(error)),
    };
    let mut content = Zeroizing::new(Vec::with_capacity(4_096));
    file.take(MAX_BYTES + 1)
        .read_to_end(&mut content)
        .map_err(VaultError::io(path))?;
    if u64::try_from(content.len()).is_ok_and(|len| len <= MAX_BYTES) {
        Ok(Some(content))
    } else {
        Err(VaultError::damaged(path.display().to_string()))
    }
}

/// Returns whether something lies at the path, or might.
pub(crate) fn is_taken(path: &Path) -> bool {
    !matches!(path.try_exists(), Ok(false)) || path.is_symlink()
}

/// Removes a file if it exists.
pub(crate) fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(VaultError::io(path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes the content to a file of its own, mode 0600, down to the disk.
fn draft(path: &Path, content: &[u8]) -> Result<NamedTempFile, VaultError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut draft =
        NamedTempFile::with_prefix_in(".draft-", folder).map_err(VaultError::io(folder))?;
    draft.write_all(content).map_err(VaultError::io(path))?;
    draft.as_file().sync_all().map_err(VaultError::io(path))?;
    Ok(draft)
}

/// Makes the new name of a file as durable as its content.
fn sync_folder(path: &Path) -> Result<(), VaultError> {
    #[cfg(unix)]
    {
        let folder = path.parent().unwrap_or(Path::new("."));
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(VaultError::io(folder))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
