//! How two accounts become contacts: a table of transitions, nothing else.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What an account is to this one, in one network.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ContactState {
    /// A stranger.
    #[default]
    None,
    /// Asked by this account, without an answer yet.
    Requested,
    /// Asking, without an answer from this account yet.
    Incoming,
    /// A contact.
    Accepted,
    /// Blocked by this account.
    Blocked,
}

/// Something that happens between two accounts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ContactEvent {
    /// This account asks.
    Request,
    /// The other one asks; `proven` if it knows the secret of an invite of this account.
    RequestReceived {
        /// Whether the invite's secret was proved, for the first time.
        proven: bool,
    },
    /// This account accepts.
    Accept,
    /// The other one accepts.
    AcceptReceived,
    /// This account declines.
    Decline,
    /// The other one declines, or ends it.
    DeclineReceived,
    /// This account ends it.
    Remove,
    /// This account blocks the other one.
    Block,
    /// This account takes the block back.
    Unblock,
}

/// Why nothing changes between two accounts.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum ContactError {
    /// They are contacts already.
    #[error("they are contacts already")]
    Already,
    /// The account is blocked.
    #[error("the account is blocked")]
    Blocked,
    /// There is no request to answer, or nothing to end.
    #[error("there is nothing to answer or to end")]
    Nothing,
}

/// A text that names no state of a contact.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a contact is requested, incoming, accepted or blocked")]
pub struct ContactStateError;

impl ContactState {
    /// Returns the state after `event`.
    ///
    /// # Errors
    ///
    /// Says why the event has no place in this state, which then stays.
    pub fn after(self, event: ContactEvent) -> Result<Self, ContactError> {
        match event {
            ContactEvent::Block => Ok(Self::Blocked),
            ContactEvent::Unblock if self == Self::Blocked => Ok(Self::None),
            ContactEvent::Unblock => Err(ContactError::Nothing),
            ContactEvent::Remove if self == Self::None => Err(ContactError::Nothing),
            ContactEvent::Remove => Ok(Self::None),
            ContactEvent::Request
            | ContactEvent::RequestReceived { .. }
            | ContactEvent::Accept
            | ContactEvent::AcceptReceived
            | ContactEvent::Decline
            | ContactEvent::DeclineReceived => match self {
                Self::None => self.as_stranger(event),
                Self::Requested => self.as_requested(event),
                Self::Incoming => self.as_incoming(event),
                Self::Accepted => self.as_accepted(event),
                Self::Blocked => Err(ContactError::Blocked),
            },
        }
    }

    fn as_stranger(self, event: ContactEvent) -> Result<Self, ContactError> {
        match event {
            ContactEvent::Request => Ok(Self::Requested),
            ContactEvent::RequestReceived { proven: true } => Ok(Self::Accepted),
            ContactEvent::RequestReceived { proven: false } => Ok(Self::Incoming),
            ContactEvent::Accept
            | ContactEvent::AcceptReceived
            | ContactEvent::Decline
            | ContactEvent::DeclineReceived
            | ContactEvent::Remove
            | ContactEvent::Block
            | ContactEvent::Unblock => Err(ContactError::Nothing),
        }
    }

    /// Whoever asks the one who asked has accepted.
    fn as_requested(self, event: ContactEvent) -> Result<Self, ContactError> {
        match event {
            ContactEvent::Request => Ok(Self::Requested),
            ContactEvent::RequestReceived { .. } | ContactEvent::AcceptReceived => {
                Ok(Self::Accepted)
            }
            ContactEvent::DeclineReceived => Ok(Self::None),
            ContactEvent::Accept
            | ContactEvent::Decline
            | ContactEvent::Remove
            | ContactEvent::Block
            | ContactEvent::Unblock => Err(ContactError::Nothing),
        }
    }

    fn as_incoming(self, event: ContactEvent) -> Result<Self, ContactError> {
        match event {
            ContactEvent::Accept
            | ContactEvent::Request
            | ContactEvent::RequestReceived { proven: true } => Ok(Self::Accepted),
            ContactEvent::RequestReceived { proven: false } => Ok(Self::Incoming),
            ContactEvent::Decline | ContactEvent::DeclineReceived => Ok(Self::None),
            ContactEvent::AcceptReceived
            | ContactEvent::Remove
            | ContactEvent::Block
            | ContactEvent::Unblock => Err(ContactError::Nothing),
        }
    }

    /// What arrives twice, or is asked again after a restored backup, changes nothing.
    fn as_accepted(self, event: ContactEvent) -> Result<Self, ContactError> {
        match event {
            ContactEvent::RequestReceived { .. } | ContactEvent::AcceptReceived => {
                Ok(Self::Accepted)
            }
            ContactEvent::DeclineReceived => Ok(Self::None),
            ContactEvent::Request | ContactEvent::Accept => Err(ContactError::Already),
            ContactEvent::Decline
            | ContactEvent::Remove
            | ContactEvent::Block
            | ContactEvent::Unblock => Err(ContactError::Nothing),
        }
    }

    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Requested => "requested",
            Self::Incoming => "incoming",
            Self::Accepted => "accepted",
            Self::Blocked => "blocked",
        }
    }
}

impl fmt::Display for ContactState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContactState {
    type Err = ContactStateError;

    fn from_str(text: &str) -> Result<Self, ContactStateError> {
        [
            Self::None,
            Self::Requested,
            Self::Incoming,
            Self::Accepted,
            Self::Blocked,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
        .ok_or(ContactStateError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ContactEvent as Event;
    use ContactState::{Accepted, Blocked, Incoming, None, Requested};

    const ASKED: Event = Event::RequestReceived { proven: false };
    const PROVED: Event = Event::RequestReceived { proven: true };
    const ALREADY: Result<ContactState, ContactError> = Err(ContactError::Already);
    const REFUSED: Result<ContactState, ContactError> = Err(ContactError::Blocked);
    const NOTHING: Result<ContactState, ContactError> = Err(ContactError::Nothing);

    /// For each event, what follows from none, requested, incoming, accepted and blocked.
    #[rustfmt::skip]
    const TABLE: [(Event, [Result<ContactState, ContactError>; 5]); 10] = [
        (Event::Request,         [Ok(Requested), Ok(Requested), Ok(Accepted), ALREADY,      REFUSED]),
        (ASKED,                  [Ok(Incoming),  Ok(Accepted),  Ok(Incoming), Ok(Accepted), REFUSED]),
        (PROVED,                 [Ok(Accepted),  Ok(Accepted),  Ok(Accepted), Ok(Accepted), REFUSED]),
        (Event::Accept,          [NOTHING,       NOTHING,       Ok(Accepted), ALREADY,      REFUSED]),
        (Event::AcceptReceived,  [NOTHING,       Ok(Accepted),  NOTHING,      Ok(Accepted), REFUSED]),
        (Event::Decline,         [NOTHING,       NOTHING,       Ok(None),     NOTHING,      REFUSED]),
        (Event::DeclineReceived, [NOTHING,       Ok(None),      Ok(None),     Ok(None),     REFUSED]),
        (Event::Remove,          [NOTHING,       Ok(None),      Ok(None),     Ok(None),     Ok(None)]),
        (Event::Block,           [Ok(Blocked),   Ok(Blocked),   Ok(Blocked),  Ok(Blocked),  Ok(Blocked)]),
        (Event::Unblock,         [NOTHING,       NOTHING,       NOTHING,      NOTHING,      Ok(None)]),
    ];

    #[test]
    fn follows_the_table() {
        for (event, expected) in TABLE {
            for (state, expected) in [None, Requested, Incoming, Accepted, Blocked]
                .into_iter()
                .zip(expected)
            {
                assert_eq!(state.after(event), expected, "{state} after {event:?}");
            }
        }
    }

    #[test]
    fn nothing_that_a_stranger_sends_makes_it_a_contact() {
        let mut state = None;
        for event in [
            ASKED,
            Event::AcceptReceived,
            Event::DeclineReceived,
            ASKED,
            Event::AcceptReceived,
            ASKED,
        ] {
            state = state.after(event).unwrap_or(state);
            assert_ne!(state, Accepted, "after {event:?}");
        }
    }

    #[test]
    fn states_are_read_as_written() {
        for state in [None, Requested, Incoming, Accepted, Blocked] {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
    }
}
