//! What a file looks like in its place: a picture of a bounded size or the beginning of a text.
//!
//! Nothing is decoded here. A picture's head is read for its kind and its size; whoever shows it
//! gets only kinds that hold no script, and never more squares than it can draw.

use std::{fs::File, io::Read as _, path::Path};

use super::{FileError, FileView, blocking};
use crate::{chat::MessageRef, node::Node};

/// The largest picture, in bytes.
const MAX_PICTURE: u64 = 8 * 1024 * 1024;
/// The largest picture, in squares, and its longest side.
const MAX_SQUARES: u64 = 40_000_000;
const MAX_SIDE: u32 = 16_384;
/// What is read of a text.
const TEXT: usize = 4 * 1024;

/// What is shown of a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Preview {
    /// A picture.
    Picture {
        /// Its media type.
        media: &'static str,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// The beginning of a text.
    Text {
        /// The beginning.
        text: String,
        /// Whether there is more.
        is_cut: bool,
    },
}

impl Node {
    /// Shows what a file that is here looks like.
    ///
    /// # Errors
    /// See [`FileError`]; `NoPreview` for whatever is neither a picture nor a text.
    pub async fn file_preview(&self, file: MessageRef) -> Result<Preview, FileError> {
        let found = self.found_file(file).await?;
        let view: FileView = self.file_view(found);
        let path = view.path.ok_or(FileError::NoPreview)?;
        let seen = blocking(move || look(&path)).await??;
        seen.ok_or(FileError::NoPreview)
    }
}

fn look(path: &Path) -> std::io::Result<Option<Preview>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    (&file).take(TEXT as u64).read_to_end(&mut bytes)?;
    let Some(media) = kind(&bytes) else {
        return Ok(text(&bytes, about.len()));
    };
    if about.len() > MAX_PICTURE {
        return Ok(None);
    }
    // It may have grown meanwhile.
    let left = MAX_PICTURE.saturating_sub(bytes.len() as u64);
    (&file).take(left).read_to_end(&mut bytes)?;
    Ok(is_drawable(&bytes).then_some(Preview::Picture { media, bytes }))
}

/// Returns the media type of a picture by how it begins.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

/// Whether a picture says that it is of a size that can be drawn.
pub(crate) fn is_drawable(bytes: &[u8]) -> bool {
    size(bytes).is_some_and(|(width, height)| {
        let squares = u64::from(width) * u64::from(height);
        (1..=MAX_SIDE).contains(&width)
            && (1..=MAX_SIDE).contains(&height)
            && squares <= MAX_SQUARES
    })
}

fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match kind(bytes)? {
        "image/png" => Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?)),
        "image/gif" => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        "image/jpeg" => jpeg(bytes),
        _ => webp(bytes),
    }
}

/// Walks the segments of a JPEG to the one with the size.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let (mark, marker) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xff {
            return None;
        }
        if marker == 0xff {
            at += 1;
            continue;
        }
        if (0xc0..=0xcf).contains(&marker) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
        }
        let length = big(bytes, at + 2, 2)?;
        if length < 2 {
            return None;
        }
        at += 2 + length as usize;
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => Some((1 + little(bytes, 24, 3)?, 1 + little(bytes, 27, 3)?)),
        b"VP8L" => {
            let bits = little(bytes, 21, 4)?;
            Some((1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff)))
        }
        b"VP8 " => Some((
            little(bytes, 26, 2)? & 0x3fff,
            little(bytes, 28, 2)? & 0x3fff,
        )),
        _ => None,
    }
}

fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    let rising = part.iter().rev();
    Some(rising.fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

/// The beginning of a text, if that is what it is.
pub(crate) fn text(bytes: &[u8], all: u64) -> Option<Preview> {
    let is_cut = all > bytes.len() as u64;
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // Only a letter that was cut in two.
        Err(error) if is_cut && error.error_len().is_none() => {
            std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    (!text.trim().is_empty() && text.chars().all(is_plain)).then(|| Preview::Text {
        text: text.to_owned(),
        is_cut,
    })
}

#[cfg(test)]
mod tests {
    use super::{Preview, is_drawable, look, size, text};

    /// A PNG's head.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn reads_the_size_of_each_kind_of_picture() {
        assert_eq!(size(&png(640, 480)), Some((640, 480)));
        assert_eq!(size(b"GIF89a\x03\x00\x05\x00"), Some((3, 5)));
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x07\x00\x09";
        assert_eq!(size(jpeg), Some((9, 7)));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x0f\0\0\x1f\0\0";
        assert_eq!(size(webp), Some((16, 32)));
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_not_shown() {
        assert!(is_drawable(&png(4000, 3000)));
        for (width, height) in [(16_000, 16_000), (100_000, 1), (0, 7), (u32::MAX, u32::MAX)] {
            assert!(!is_drawable(&png(width, height)), "{width} × {height}");
        }
        assert!(!is_drawable(b"\xff\xd8\xff\xe0\x00\x00"));
    }

    #[test]
    fn shows_pictures_and_texts_and_nothing_that_could_act() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let seen = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            look(&file).unwrap()
        };

        assert!(matches!(
            seen(&png(2, 2)),
            Some(Preview::Picture {
                media: "image/png",
                ..
            })
        ));
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
        let shown = Preview::Text {
            text: svg.to_owned(),
            is_cut: false,
        };
        assert_eq!(seen(svg.as_bytes()), Some(shown), "its words, not it");
        assert_eq!(seen(b"%PDF\0\x01\x02"), None);
        assert_eq!(seen(b""), None);
        assert!(matches!(
            seen("ä".repeat(5000).as_bytes()),
            Some(Preview::Text { is_cut: true, .. })
        ));
    }

    #[test]
    fn a_letter_that_was_cut_in_two_is_left_out() {
        let bytes = "ab€".as_bytes();
        let cut = bytes.get(..4).unwrap_or_default();
        let shown = Preview::Text {
            text: "ab".to_owned(),
            is_cut: true,
        };
        assert_eq!(text(cut, 5), Some(shown));
        assert_eq!(text(b"\xff\xfe", 2), None);
    }
}
