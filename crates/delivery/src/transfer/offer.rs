//! What is said about a file inside sealed messages: the offer, and how it ended.

use std::fmt;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use streembit_identity::MessageId;

use crate::chain::{Link, NoLink};
use crate::transfer::{FileName, Layout};

/// Longest name that an offer may carry, in bytes; what is made of it is shorter still.
const MAX_OFFERED_NAME: usize = 1_024;
/// Longest media type, in bytes.
const MAX_MEDIA: usize = 100;

/// A file that somebody offers.
#[derive(Clone, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct Offer {
    /// What the sender calls it; [`Offer::file_name`] is what it may be called here.
    #[n(1)]
    pub name: String,
    /// Its size, in bytes.
    #[n(2)]
    pub size: u64,
    /// Its BLAKE3 hash.
    #[n(3)]
    pub root: ByteArray<32>,
    /// The key of its groups.
    #[n(4)]
    pub key: ByteArray<32>,
    /// What the sender takes it for, as a media type; a guess, and no more.
    #[n(5)]
    pub media: Option<String>,
    /// Its number among all that its node has said in this conversation.
    #[n(6)]
    pub sequence: Option<u32>,
    /// The hash of the message before it.
    #[n(7)]
    pub previous: Option<ByteArray<32>>,
}

impl Offer {
    /// Reads an offer in its one encoding, and checks its limits.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let offer: Self = minicbor::decode(bytes).ok()?;
        let is_media = offer.media.as_deref().is_none_or(is_media);
        let fits = offer.name.len() <= MAX_OFFERED_NAME && is_media;
        (fits && Layout::new(offer.size).is_some() && offer.to_bytes() == bytes).then_some(offer)
    }

    /// Writes it; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }

    /// Its place in its chain.
    ///
    /// # Errors
    /// When it can be in no chain.
    pub fn link(&self) -> Result<Option<Link>, NoLink> {
        Link::read(self.sequence, self.previous.map(Into::into))
    }

    /// The same offer at a place in a chain.
    #[must_use]
    pub fn at(self, link: Link) -> Self {
        Self {
            sequence: Some(link.sequence),
            previous: link.previous.map(|hash| (*hash.as_bytes()).into()),
            ..self
        }
    }

    /// What the file may be called here.
    pub fn file_name(&self) -> FileName {
        FileName::sanitised(&self.name)
    }
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// A type and a subtype of RFC 6838, in lower case and without parameters.
fn is_media(text: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte)
            })
    };
    text.len() <= MAX_MEDIA
        && text
            .split_once('/')
            .is_some_and(|(kind, part)| is_name(kind) && is_name(part))
}

/// What a file is taken for by its name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Media(&'static str);

impl Media {
    /// Guesses by the ending of a name.
    pub fn guess(name: &FileName) -> Option<Self> {
        let (_, ending) = name.as_str().rsplit_once('.')?;
        let guess = match ending.to_ascii_lowercase().as_str() {
            "avif" => "image/avif",
            "csv" => "text/csv",
            "flac" => "audio/flac",
            "gif" => "image/gif",
            "gz" => "application/gzip",
            "htm" | "html" => "text/html",
            "jpeg" | "jpg" => "image/jpeg",
            "json" => "application/json",
            "m4a" => "audio/mp4",
            "md" => "text/markdown",
            "mov" => "video/quicktime",
            "mp3" => "audio/mpeg",
            "mp4" => "video/mp4",
            "odt" => "application/vnd.oasis.opendocument.text",
            "ogg" | "opus" => "audio/ogg",
            "pdf" => "application/pdf",
            "png" => "image/png",
            "svg" => "image/svg+xml",
            "log" | "txt" => "text/plain",
            "wav" => "audio/wav",
            "webm" => "video/webm",
            "webp" => "image/webp",
            "zip" => "application/zip",
            _ => return None,
        };
        Some(Self(guess))
    }

    /// Returns its text.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// What became of an offered file, by the word of one side.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub struct End {
    /// The offer.
    #[n(1)]
    pub target: MessageId,
    /// What became of it.
    #[n(2)]
    pub outcome: Outcome,
}

/// What became of an offered file.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(index_only)]
pub enum Outcome {
    /// The recipient has all of it.
    #[n(1)]
    Received,
    /// The recipient does not want it.
    #[n(2)]
    Declined,
    /// One side stopped it.
    #[n(3)]
    Cancelled,
    /// It cannot come any more: it changed, is gone, or was not what was offered.
    #[n(4)]
    Failed,
}

impl End {
    /// Reads it in its one encoding.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let end: Self = minicbor::decode(bytes).ok()?;
        (end.to_bytes() == bytes).then_some(end)
    }

    /// Writes it; writing to memory cannot fail.
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::Timestamp;

    use super::*;

    fn offer() -> Offer {
        Offer {
            name: "a.txt".to_owned(),
            size: 5,
            root: [1; 32].into(),
            key: [2; 32].into(),
            media: Some("text/plain".to_owned()),
            sequence: None,
            previous: None,
        }
    }

    #[test]
    fn what_is_said_survives_a_round_trip() {
        assert_eq!(Offer::from_bytes(&offer().to_bytes()), Some(offer()));
        let end = End {
            target: MessageId::new(Timestamp(1), [1; 10]),
            outcome: Outcome::Declined,
        };
        assert_eq!(End::from_bytes(&end.to_bytes()), Some(end));
    }

    #[test]
    fn offers_beyond_the_limits_are_refused() {
        let beyond = [
            Offer {
                name: "a".repeat(MAX_OFFERED_NAME + 1),
                ..offer()
            },
            Offer {
                size: u64::MAX,
                ..offer()
            },
            Offer {
                media: Some("text/plain; x=\"<script>\"".to_owned()),
                ..offer()
            },
        ];
        for offer in beyond {
            assert_eq!(Offer::from_bytes(&offer.to_bytes()), None);
        }
        let trailing = [offer().to_bytes(), vec![0]].concat();
        assert_eq!(Offer::from_bytes(&trailing), None);
    }

    #[test]
    fn neither_name_nor_key_is_printed() {
        assert_eq!(format!("{:?}", offer()), "Offer { size: 5, .. }");
    }
}
