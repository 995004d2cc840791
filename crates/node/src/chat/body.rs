//! What the envelopes of a conversation say: one decoder for each kind, with its limits.

use minicbor::{Decode, Encode, bytes::ByteArray};
use streembit_delivery::{Link, NoLink, Range, gap};
use streembit_identity::MessageId;

use super::MAX_TEXT;

/// The body of a text.
#[derive(Clone, Debug, Decode, Default, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Text {
    /// What it says.
    #[n(1)]
    pub(crate) text: String,
    /// The message that it answers.
    #[n(2)]
    pub(crate) reply_to: Option<MessageId>,
    /// The message before it, as earlier releases say it; it is not looked at.
    #[n(3)]
    pub(crate) after: Option<MessageId>,
    /// Its number among all that its node has written in this conversation, from 1.
    #[n(4)]
    pub(crate) sequence: Option<u32>,
    /// The hash of the one before it.
    #[n(5)]
    pub(crate) previous: Option<ByteArray<32>>,
}

impl Text {
    /// Writes a text at its place in its chain.
    pub(crate) fn write(text: &str, reply_to: Option<MessageId>, link: Link) -> Vec<u8> {
        encode(&Self {
            text: text.to_owned(),
            reply_to,
            after: None,
            sequence: Some(link.sequence),
            previous: link.previous.map(|hash| ByteArray::from(*hash.as_bytes())),
        })
    }

    /// Its place in its chain; none from earlier releases.
    ///
    /// # Errors
    /// When it can be in no chain.
    pub(crate) fn link(&self) -> Result<Option<Link>, NoLink> {
        Link::read(self.sequence, self.previous.map(Into::into))
    }
}

/// The body of a receipt: an envelope is stored at its recipient.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Receipt {
    /// The envelope.
    #[n(1)]
    pub(crate) id: MessageId,
}

/// The body of a read receipt: the conversation was read up to here.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Read {
    /// The last message that was read.
    #[n(1)]
    pub(crate) through: MessageId,
}

/// The body of a reaction.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct React {
    /// The message.
    #[n(1)]
    pub(crate) target: MessageId,
    /// One emoji; empty to take the reaction back.
    #[n(2)]
    pub(crate) emoji: String,
    /// The sender's count of reactions to this message: the highest one holds.
    #[n(3)]
    pub(crate) revision: u32,
}

/// The body of an edit.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Edit {
    /// The message, which the sender wrote.
    #[n(1)]
    pub(crate) target: MessageId,
    /// What it says now.
    #[n(2)]
    pub(crate) text: String,
    /// The sender's count of edits of this message: the highest one holds.
    #[n(3)]
    pub(crate) revision: u32,
}

/// The body of a deletion.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Delete {
    /// The message, which the sender wrote.
    #[n(1)]
    pub(crate) target: MessageId,
}

/// The body of what is said about missing texts: either a question for some, or that some are gone.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Gaps {
    /// Texts of the recipient's node that are asked for: first and last number of each range.
    #[n(1)]
    pub(crate) asked: Option<Vec<(u32, u32)>>,
    /// Texts of the sender's node that are not there any more.
    #[n(2)]
    pub(crate) gone: Option<Vec<(u32, u32)>>,
}

/// What is said about missing texts, as it may be said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Said {
    /// They are asked for.
    Asked(Vec<Range>),
    /// They are gone.
    Gone(Vec<Range>),
}

impl Gaps {
    /// Writes it.
    pub(crate) fn write(said: &Said) -> Vec<u8> {
        let pairs = |ranges: &[Range]| ranges.iter().map(|it| (it.first, it.last)).collect();
        let (asked, gone) = match said {
            Said::Asked(ranges) => (Some(pairs(ranges)), None),
            Said::Gone(ranges) => (None, Some(pairs(ranges))),
        };
        encode(&Self { asked, gone })
    }

    /// Reads it; none if it says both or neither, or more than may be said at once.
    pub(crate) fn read(bytes: &[u8]) -> Option<Said> {
        let body: Self = decode(bytes)?;
        let ranges = |pairs: Vec<(u32, u32)>| {
            let ranges = pairs.into_iter().map(|(first, last)| Range { first, last });
            let ranges: Vec<Range> = ranges.collect();
            gap::is_fair(&ranges).then_some(ranges)
        };
        match (body.asked, body.gone) {
            (Some(asked), None) => ranges(asked).map(Said::Asked),
            (None, Some(gone)) => ranges(gone).map(Said::Gone),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }
}

/// The body of a notice that something is being written.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Typing {
    /// Whether it is; false takes the notice back.
    #[n(1)]
    pub(crate) is_typing: bool,
}

/// Why a text may not be sent, or is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum TextError {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// Above [`MAX_TEXT`].
    #[error("the text is longer than 64 KiB")]
    Long,
}

/// Checks a text before it is sent, and again where it arrives.
pub(crate) fn check_text(text: &str) -> Result<(), TextError> {
    if text.len() > MAX_TEXT {
        return Err(TextError::Long);
    }
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    Ok(())
}

/// Writes a body; writing to memory cannot fail.
pub(crate) fn encode<T: Encode<()>>(body: &T) -> Vec<u8> {
    minicbor::to_vec(body).unwrap_or_default()
}

/// Reads a body in its one encoding; none for anything else.
pub(crate) fn decode<T>(bytes: &[u8]) -> Option<T>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let body: T = minicbor::decode(bytes).ok()?;
    (encode(&body) == bytes).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Text {
        Text {
            text: text.to_owned(),
            ..Text::default()
        }
    }

    #[test]
    fn a_text_survives_a_round_trip() {
        let id = MessageId::new(streembit_identity::Timestamp(1), [7; 10]);
        let body = Text {
            reply_to: Some(id),
            after: Some(id),
            sequence: Some(7),
            previous: Some(ByteArray::from([9; 32])),
            ..text("Grüße 👋")
        };

        assert_eq!(decode(&encode(&body)), Some(body));
    }

    #[test]
    fn bytes_that_are_not_the_one_encoding_are_refused() {
        let good = encode(&text("hello"));
        let trailing = [good.as_slice(), &[0]].concat();
        // The same map with its length written long: 0xb8 0x01 instead of 0xa1.
        let long_form = [&[0xb8, 0x01], good.get(1..).unwrap()].concat();
        let bad_utf8 = [0xa1, 0x01, 0x62, 0xff, 0xfe];

        for bytes in [&trailing[..], &long_form, &bad_utf8, &[], &good[..3]] {
            assert_eq!(decode::<Text>(bytes), None, "{bytes:02x?}");
        }
    }

    #[test]
    fn acts_survive_a_round_trip() {
        let target = MessageId::new(streembit_identity::Timestamp(1), [7; 10]);
        let react = React {
            target,
            emoji: "👍🏽".to_owned(),
            revision: 3,
        };
        let edit = Edit {
            target,
            text: "better".to_owned(),
            revision: u32::MAX,
        };

        assert_eq!(decode(&encode(&react)), Some(react));
        assert_eq!(decode(&encode(&edit)), Some(edit));
        assert_eq!(decode(&encode(&Delete { target })), Some(Delete { target }));
    }

    #[test]
    fn a_text_has_a_place_that_can_be_or_none() {
        let placed = |sequence, previous: Option<u8>| Text {
            sequence,
            previous: previous.map(|byte| ByteArray::from([byte; 32])),
            ..text("hello")
        };

        assert_eq!(placed(None, None).link(), Ok(None), "an earlier release");
        assert!(
            placed(Some(1), None)
                .link()
                .is_ok_and(|link| link.is_some())
        );
        assert!(
            placed(Some(2), Some(1))
                .link()
                .is_ok_and(|link| link.is_some())
        );
        for (sequence, previous) in [
            (Some(0), None),
            (Some(2), None),
            (Some(1), Some(1)),
            (None, Some(1)),
        ] {
            assert_eq!(placed(sequence, previous).link(), Err(NoLink));
        }
    }

    #[test]
    fn texts_have_limits() {
        assert_eq!(check_text(&"a".repeat(MAX_TEXT)), Ok(()));
        assert_eq!(check_text(&"a".repeat(MAX_TEXT + 1)), Err(TextError::Long));
        assert_eq!(check_text(" \n\t "), Err(TextError::Empty));
        assert_eq!(check_text(""), Err(TextError::Empty));
    }
}
