//! How much a mailbox keeps: in all, for one recipient, from one depositor, and from one for another.

use super::{MAX_COPY, Refusal};

/// What a copy costs besides its bytes: its row and its places in the index.
const OVERHEAD: u64 = 256;

/// A number of copies and their bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Amount {
    /// How many.
    pub copies: u64,
    /// Their bytes, with what each costs besides.
    pub bytes: u64,
}

impl Amount {
    /// One copy of this size.
    pub fn one(bytes: usize) -> Self {
        Self {
            copies: 1,
            bytes: (bytes as u64).saturating_add(OVERHEAD),
        }
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            copies: self.copies.saturating_add(other.copies),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    /// This without the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            copies: self.copies.saturating_sub(other.copies),
            bytes: self.bytes.saturating_sub(other.bytes),
        }
    }

    /// Tells whether this is within `limit`.
    pub fn fits(self, limit: Self) -> bool {
        self.copies <= limit.copies && self.bytes <= limit.bytes
    }
}

/// The bounds of a mailbox. What does not fit is refused; nothing that is kept makes room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Quota {
    /// Everything.
    pub total: Amount,
    /// What is kept for one account.
    pub recipient: Amount,
    /// What one account left, for everybody.
    pub depositor: Amount,
    /// What one account left for one other.
    pub pair: Amount,
}

/// What is kept already, seen from one copy that is to be left.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Usage {
    pub(super) total: Amount,
    pub(super) recipient: Amount,
    pub(super) depositor: Amount,
    pub(super) pair: Amount,
}

const MEBIBYTE: u64 = 1024 * 1024;

impl Quota {
    /// What a mailbox keeps in one network unless it is told otherwise: no depositor takes more than
    /// an eighth of all, nor more than a quarter of what one recipient has.
    pub const DEFAULT: Self = Self {
        total: Amount {
            copies: 65_536,
            bytes: 512 * MEBIBYTE,
        },
        recipient: Amount {
            copies: 16_384,
            bytes: 128 * MEBIBYTE,
        },
        depositor: Amount {
            copies: 8_192,
            bytes: 64 * MEBIBYTE,
        },
        pair: Amount {
            copies: 4_096,
            bytes: 32 * MEBIBYTE,
        },
    };

    /// The same shares of another total; the copies that it allows are of 8 KiB on average.
    pub fn within(bytes: u64) -> Self {
        let share = |part: u64| Amount {
            copies: (bytes / part / (8 * 1024)).max(1),
            bytes: bytes / part,
        };
        Self {
            total: share(1),
            recipient: share(4),
            depositor: share(8),
            pair: share(16),
        }
    }

    /// Decides whether one more copy of `bytes` fits.
    pub(super) fn admits(&self, usage: &Usage, bytes: usize) -> Result<(), Refusal> {
        if bytes > MAX_COPY {
            return Err(Refusal::TooLarge);
        }
        let one = Amount::one(bytes);
        let fits = usage.total.plus(one).fits(self.total)
            && usage.recipient.plus(one).fits(self.recipient)
            && usage.depositor.plus(one).fits(self.depositor)
            && usage.pair.plus(one).fits(self.pair);
        if fits { Ok(()) } else { Err(Refusal::Full) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_total_has_the_same_shares() {
        assert_eq!(Quota::within(512 * MEBIBYTE), Quota::DEFAULT);
        let small = Quota::within(MEBIBYTE);
        assert_eq!(small.pair.bytes, 64 * 1024);
        assert_eq!(
            Quota::within(0).pair,
            Amount {
                copies: 1,
                bytes: 0
            }
        );
    }
}
