//! What the two ends of a file's stream say to each other, besides the encrypted groups.
//!
//! The recipient opens the stream with a [`Hello`] and then says [`Ask`] as often as it wants more.
//! The sender answers once, then gives each group that was asked for, in order, behind [`GROUP`].

use streembit_identity::MessageId;

/// Stands before each group.
pub const GROUP: u8 = 1;
/// Stands before the reason when no further group comes.
pub const STOP: u8 = 0;
/// Length of an answer, in bytes.
pub const ANSWER: usize = 1;
/// Length of an ask, in bytes.
pub const ASK: usize = 8;

/// Which file is meant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Hello {
    /// The id of its offer.
    pub id: MessageId,
    /// Whether the list of leaves is to come first.
    pub wants_leaves: bool,
    /// How many groups are there already, for the sender to show.
    pub has: u32,
}

impl Hello {
    /// Length, in bytes.
    pub const LENGTH: usize = 21;

    /// Writes it.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let parts = self.id.as_bytes().iter().copied();
        let parts = parts
            .chain([u8::from(self.wants_leaves)])
            .chain(self.has.to_be_bytes());
        for (byte, of) in bytes.iter_mut().zip(parts) {
            *byte = of;
        }
        bytes
    }

    /// Reads it; none for what is no such greeting.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (flag, rest) = rest.split_first()?;
        let has = u32::from_be_bytes(rest.try_into().ok()?);
        let wants_leaves = match flag {
            0 => false,
            1 => true,
            _ => return None,
        };
        Some(Self {
            id: MessageId::from_bytes(*id).ok()?,
            wants_leaves,
            has,
        })
    }
}

/// Groups that are wanted: `count` of them from `first` on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ask {
    /// The first.
    pub first: u32,
    /// How many: at least one.
    pub count: u32,
}

impl Ask {
    /// Writes it.
    pub fn to_bytes(self) -> [u8; ASK] {
        let both = u64::from(self.first) << 32 | u64::from(self.count);
        both.to_be_bytes()
    }

    /// Reads it; none when it asks for nothing.
    pub fn from_bytes(bytes: [u8; ASK]) -> Option<Self> {
        let both = u64::from_be_bytes(bytes);
        let ask = Self {
            first: u32::try_from(both >> 32).ok()?,
            count: u32::try_from(both & u64::from(u32::MAX)).ok()?,
        };
        (ask.count > 0).then_some(ask)
    }
}

/// What the sender answers to a greeting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// Go on: the leaves follow, if they were wanted.
    Go,
    /// No group comes.
    Stop(Stop),
}

/// Why no further group comes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stop {
    /// Too much is going on: later.
    Busy,
    /// The file is not what it was when it was offered.
    Changed,
    /// It was there, and is no more.
    Gone,
    /// There is no such file here, or not for whoever asks.
    Unknown,
    /// It cannot be read now.
    Unreadable,
}

impl Answer {
    /// Its one byte.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Go => 0,
            Self::Stop(stop) => stop.to_byte(),
        }
    }

    /// Reads it; none for a byte that means nothing.
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Go),
            other => Stop::from_byte(other).map(Self::Stop),
        }
    }
}

impl Stop {
    /// Its one byte.
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Busy => 1,
            Self::Changed => 2,
            Self::Gone => 3,
            Self::Unreadable => 4,
            Self::Unknown => 5,
        }
    }

    /// Reads it; none for a byte that means nothing.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Busy),
            2 => Some(Self::Changed),
            3 => Some(Self::Gone),
            4 => Some(Self::Unreadable),
            5 => Some(Self::Unknown),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::Timestamp;

    use super::*;

    #[test]
    fn frames_survive_the_wire() {
        let hello = Hello {
            id: MessageId::new(Timestamp(5), [3; 10]),
            wants_leaves: true,
            has: 70_000,
        };
        assert_eq!(Hello::from_bytes(&hello.to_bytes()), Some(hello));
        let ask = Ask {
            first: 70_000,
            count: 3,
        };
        assert_eq!(Ask::from_bytes(ask.to_bytes()), Some(ask));
        for byte in 0..=5 {
            let answer = Answer::from_byte(byte).unwrap();
            assert_eq!(answer.to_byte(), byte);
        }
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let hello = [0; Hello::LENGTH];
        assert_eq!(Hello::from_bytes(&hello), None, "that is no message id");
        assert_eq!(Hello::from_bytes(&hello[1..]), None);
        assert_eq!(Ask::from_bytes([0; ASK]), None);
        assert_eq!(Answer::from_byte(6), None);
        assert_eq!(Stop::from_byte(0), None);
    }
}
