//! Files on the disk, a group at a time: hashed, checked, read and written. Everything here waits.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use streembit_delivery::transfer::{Cipher, GROUP, Have, Layout, Leaf, Leaves, leaf};

/// Groups in a row that may be missing before the rest of what is not noted is not looked at.
const MISSES: u32 = 32;

/// Why a file cannot be sent.
#[derive(Debug)]
pub(super) enum ReadError {
    /// It is not what it was.
    Changed,
    /// It could not be read.
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Opens a file to read it, and checks that it is as long as it should be.
pub(super) fn open_source(path: &Path, layout: &Layout) -> Result<File, ReadError> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.is_file() && about.len() == layout.size() {
        Ok(file)
    } else {
        Err(ReadError::Changed)
    }
}

/// Hashes a whole file; `goes_on` is told after each group how long it was, and may stop it.
pub(super) fn hash(
    path: &Path,
    layout: &Layout,
    mut goes_on: impl FnMut(u64) -> bool,
) -> Result<Option<Vec<Leaf>>, ReadError> {
    let mut file = open_source(path, layout)?;
    let mut leaves = Vec::with_capacity(layout.count() as usize);
    let mut buffer = Vec::new();
    for index in 0..layout.count() {
        buffer.resize(layout.length(index), 0);
        read(&mut file, &mut buffer)?;
        leaves.push(leaf(layout, index, &buffer).ok_or(ReadError::Changed)?);
        if !goes_on(buffer.len() as u64) {
            return Ok(None);
        }
    }
    Ok(Some(leaves))
}

/// Reads group `index` of an offered file, checks that it is what was offered, and encrypts it as
/// it goes out.
pub(super) fn read_group(
    file: &mut File,
    leaves: &Leaves,
    cipher: &Cipher,
    index: u32,
    buffer: &mut Vec<u8>,
) -> Result<(), ReadError> {
    let layout = leaves.layout();
    buffer.clear();
    buffer.push(GROUP);
    buffer.resize(1 + layout.length(index), 0);
    let piece = buffer.get_mut(1..).unwrap_or_default();
    file.seek(SeekFrom::Start(layout.offset(index)))?;
    read(file, piece)?;
    if !leaves.is_group(index, piece) {
        return Err(ReadError::Changed);
    }
    let tag = cipher.seal(index, piece).map_err(|_| ReadError::Changed)?;
    buffer.extend_from_slice(&tag);
    Ok(())
}

/// Reads group `index` of an offered file, and checks that it is what was offered.
pub(super) fn read_plain(path: &Path, leaves: &Leaves, index: u32) -> Result<Vec<u8>, ReadError> {
    let layout = leaves.layout();
    let mut file = open_source(path, layout)?;
    let mut group = vec![0; layout.length(index)];
    file.seek(SeekFrom::Start(layout.offset(index)))?;
    read(&mut file, &mut group)?;
    if leaves.is_group(index, &group) {
        Ok(group)
    } else {
        Err(ReadError::Changed)
    }
}

/// A file that ends too early has changed.
fn read(file: &mut File, buffer: &mut [u8]) -> Result<(), ReadError> {
    file.read_exact(buffer).map_err(|error| {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            ReadError::Changed
        } else {
            error.into()
        }
    })
}

/// Writes a group to its place.
pub(super) fn write_group(
    part: &mut File,
    layout: &Layout,
    index: u32,
    bytes: &[u8],
) -> io::Result<()> {
    part.seek(SeekFrom::Start(layout.offset(index)))?;
    part.write_all(bytes)
}

/// Looks which groups lie in a part: those that are noted, and those behind them that were written
/// and not noted any more.
pub(super) fn look(
    part: &mut File,
    leaves: &Leaves,
    noted: &Have,
    mut goes_on: impl FnMut(u64) -> bool,
) -> io::Result<Have> {
    let layout = leaves.layout();
    let mut have = Have::none(layout.count());
    let mut buffer = Vec::new();
    let mut misses = 0;
    let length = part.metadata()?.len();
    for index in 0..layout.count() {
        let is_there = layout
            .offset(index)
            .saturating_add(layout.length(index) as u64)
            <= length;
        if !is_there || (misses >= MISSES && !noted.has(index)) {
            continue;
        }
        buffer.resize(layout.length(index), 0);
        part.seek(SeekFrom::Start(layout.offset(index)))?;
        part.read_exact(&mut buffer)?;
        if leaves.is_group(index, &buffer) {
            have.insert(index);
            misses = 0;
        } else {
            misses += 1;
        }
        if !goes_on(buffer.len() as u64) {
            break;
        }
    }
    Ok(have)
}
