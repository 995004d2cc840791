//! Names that people see, and the kinds of peers.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use thiserror::Error;

/// Longest name, in characters.
const MAX_CHARS: usize = 64;

/// A name fit to be shown: 1 to 64 characters, none of which hides or reorders others.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum NameError {
    /// Nothing that could be seen.
    #[error("a name needs at least one visible character")]
    Empty,
    /// A control character, or one that hides or reorders text.
    #[error("a name has no control or invisible characters")]
    Hidden,
    /// More than 64 characters.
    #[error("a name has at most 64 characters")]
    Long,
    /// A blank at the start or the end.
    #[error("a name neither begins nor ends with a blank")]
    Padded,
}

impl Name {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() > 4 * MAX_CHARS || text.chars().count() > MAX_CHARS {
            return Err(NameError::Long);
        }
        if text.chars().any(is_hidden) {
            return Err(NameError::Hidden);
        }
        if text.trim().is_empty() {
            return Err(NameError::Empty);
        }
        if text.trim() != text {
            return Err(NameError::Padded);
        }
        Ok(Self(text.to_owned()))
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<C> Encode<C> for Name {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Name {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let position = d.position();
        d.str()?
            .parse()
            .map_err(|error: NameError| decode::Error::custom(error).at(position))
    }
}

/// Control characters, marks and overrides of direction, and blanks that nobody sees.
///
/// The joiners U+200C and U+200D stay: several scripts and emoji need them.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}'
            | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// What a peer is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum PeerKind {
    /// A person.
    #[n(1)]
    Human,
    /// A host of things.
    #[n(2)]
    Device,
    /// A node that serves others: seed, mailbox, bridge.
    #[n(3)]
    Hub,
}

/// A text that names no kind of peer.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a peer is a human, a device or a hub")]
pub struct PeerKindError;

impl PeerKind {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Device => "device",
            Self::Hub => "hub",
        }
    }
}

impl fmt::Display for PeerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for PeerKind {
    type Err = PeerKindError;

    fn from_str(text: &str) -> Result<Self, PeerKindError> {
        [Self::Human, Self::Device, Self::Hub]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(PeerKindError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_of_people() {
        for name in ["Ada", "Zoë Ω", "李小龍", "👩‍🚀", &"x".repeat(64)] {
            assert_eq!(name.parse::<Name>().unwrap().as_str(), name);
        }
    }

    #[test]
    fn refuses_names_that_deceive() {
        for (name, error) in [
            ("", NameError::Empty),
            ("   ", NameError::Empty),
            (" Ada", NameError::Padded),
            ("Ada\n", NameError::Hidden),
            ("Ada\u{202e}moc", NameError::Hidden),
            ("\u{200b}", NameError::Hidden),
            (&"x".repeat(65), NameError::Long),
        ] {
            assert_eq!(name.parse::<Name>(), Err(error), "{name:?}");
        }
    }

    #[test]
    fn kinds_are_read_as_written() {
        for kind in [PeerKind::Human, PeerKind::Device, PeerKind::Hub] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert_eq!("robot".parse::<PeerKind>(), Err(PeerKindError));
    }
}
