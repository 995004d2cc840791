//! How far a message has got, as far as its sender can honestly say.

use std::fmt;
use std::str::FromStr;

/// How far a message has got; the order of the variants is the only direction it moves in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum State {
    /// Stored here, not yet handed to anyone.
    Queued,
    /// Handed to a node of the recipient, which has not answered for it.
    Sent,
    /// Given up: refused for good, or unconfirmed for too long. A late receipt still counts.
    Failed,
    /// The recipient signed that it is stored there.
    Delivered,
    /// The recipient signed that it was read.
    Read,
}

impl State {
    /// Returns `next` if it lies ahead of this state, so that nothing ever goes back.
    pub fn advance(self, next: Self) -> Option<Self> {
        (next > self).then_some(next)
    }

    /// Tells whether the outbox has nothing left to do for a message in this state.
    pub fn is_settled(self) -> bool {
        self >= Self::Failed
    }

    /// The name that commands and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no delivery state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the text names no delivery state")]
pub struct UnknownState;

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        match text {
            "queued" => Ok(Self::Queued),
            "sent" => Ok(Self::Sent),
            "failed" => Ok(Self::Failed),
            "delivered" => Ok(Self::Delivered),
            "read" => Ok(Self::Read),
            _ => Err(UnknownState),
        }
    }
}

/// What a recipient signed about a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Receipt {
    /// It is stored on a node of the recipient.
    Delivered,
    /// The recipient read it.
    Read,
}

impl From<Receipt> for State {
    fn from(receipt: Receipt) -> Self {
        match receipt {
            Receipt::Delivered => Self::Delivered,
            Receipt::Read => Self::Read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [State; 5] = [
        State::Queued,
        State::Sent,
        State::Failed,
        State::Delivered,
        State::Read,
    ];

    #[test]
    fn never_goes_back() {
        for from in ALL {
            for to in ALL {
                assert_eq!(from.advance(to).is_some(), to > from, "{from} to {to}");
            }
        }
    }

    #[test]
    fn names_survive_a_round_trip() {
        for state in ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert_eq!("lost".parse::<State>(), Err(UnknownState));
    }
}
