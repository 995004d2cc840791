//! Where files go: never over one that is there, never whole under its name before it is.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use directories::UserDirs;
use streembit_delivery::transfer::FileName;
use streembit_store::FileKey;

use super::FileError;
use crate::node::Node;

/// Names that are tried before giving up.
const MAX_TRIES: u32 = 10_000;

impl Node {
    /// Returns the folder that files go to when no other is named.
    pub(super) async fn downloads(&self) -> Result<PathBuf, FileError> {
        let setting = self.store().setting("downloads").await?;
        let chosen = setting
            .as_ref()
            .and_then(|value| value.as_str())
            .filter(|text| !text.is_empty())
            .map(PathBuf::from);
        chosen
            .or_else(|| self.0.config.downloads.clone())
            .or_else(|| UserDirs::new()?.download_dir().map(Path::to_owned))
            .ok_or(FileError::Path(
                "this user has no folder for downloads: say where it is to go",
            ))
    }
}

/// Where a file is to be, if nothing is there when it is whole: in the folder `path`, or there.
pub(super) fn target(path: &Path, name: &FileName) -> Result<PathBuf, FileError> {
    if !path.is_absolute() {
        return Err(FileError::Path("the path must be absolute"));
    }
    if path.is_dir() {
        return Ok(path.join(name.as_str()));
    }
    let is_in_folder = path.parent().is_some_and(Path::is_dir);
    let own = path.file_name().and_then(|name| name.to_str());
    match own {
        Some(own) if is_in_folder && FileName::sanitised(own).as_str() == own => {
            Ok(path.to_owned())
        }
        Some(_) | None => Err(FileError::Path("there is no such folder")),
    }
}

/// Makes the file in which the parts of `target` are gathered.
pub(super) fn make_part(target: &Path, key: FileKey) -> io::Result<PathBuf> {
    let folder = target.parent().unwrap_or(target);
    fs::create_dir_all(folder)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let id = key.id.to_string();
    let mark = id.rsplit('-').next().unwrap_or_default();
    let path = folder.join(format!("{name}.{mark}.part"));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)?;
    Ok(path)
}

/// Opens a part that is there.
pub(super) fn open_part(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

/// Gives a part that is whole its name, or the next one that is free.
pub(super) fn put_in_place(part: &Path, target: &Path) -> io::Result<PathBuf> {
    let folder = target.parent().unwrap_or(target);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name = FileName::sanitised(&name);
    for number in 0..MAX_TRIES {
        let free = match number {
            0 => folder.join(name.as_str()),
            number => folder.join(name.numbered(number).as_str()),
        };
        match take_name(part, &free) {
            Ok(()) => {
                sync_folder(folder);
                return Ok(free);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Moves `part` to `free`, unless something is there.
fn take_name(part: &Path, free: &Path) -> io::Result<()> {
    match fs::hard_link(part, free) {
        Ok(()) => fs::remove_file(part),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // No links there: the name is taken with an empty file first, which is then replaced.
        Err(_) => {
            OpenOptions::new().write(true).create_new(true).open(free)?;
            fs::rename(part, free)
        }
    }
}

/// The new name outlives a power cut; where folders cannot be synced, the system sees to it.
fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        fs::write(&target, "theirs").unwrap();
        fs::write(folder.path().join("a (1).txt"), "too").unwrap();
        let part = folder.path().join("x.part");
        fs::write(&part, "new").unwrap();

        let placed = put_in_place(&part, &target).unwrap();

        assert_eq!(placed, folder.path().join("a (2).txt"));
        assert_eq!(fs::read_to_string(placed).unwrap(), "new");
        assert_eq!(fs::read_to_string(target).unwrap(), "theirs");
        assert!(!part.exists());
    }

    #[test]
    fn a_link_in_the_way_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        let target = folder.path().join("a.txt");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&victim, &target).unwrap();
        let part = folder.path().join("x.part");
        fs::write(&part, "new").unwrap();

        put_in_place(&part, &target).unwrap();

        assert!(!victim.exists());
    }

    #[test]
    fn a_path_is_a_folder_or_a_name_in_one() {
        let folder = tempfile::tempdir().unwrap();
        let name = FileName::sanitised("a.txt");

        let inside = target(folder.path(), &name).unwrap();
        assert_eq!(inside, folder.path().join("a.txt"));
        let named = folder.path().join("b.txt");
        assert_eq!(target(&named, &name).unwrap(), named);
        for wrong in [Path::new("b.txt"), &folder.path().join("no/b.txt")] {
            assert!(target(wrong, &name).is_err(), "{}", wrong.display());
        }
    }
}
