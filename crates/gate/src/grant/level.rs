//! How much an account may do with a thing, and what each act asks for.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use thiserror::Error;

/// How much an account may do; each level includes those before it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Level {
    /// Read values and follow events.
    #[n(0)]
    View,
    /// Write values and start actions.
    #[n(1)]
    Operate,
    /// Rename things and change how they are set up.
    #[n(2)]
    Manage,
    /// Give rights to others.
    #[n(3)]
    Admin,
    /// Everything, for as long as the host is claimed.
    #[n(4)]
    Owner,
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Access {
    /// Read or follow.
    View,
    /// Write or invoke.
    Operate,
    /// Rename or set up.
    Manage,
    /// Grant or revoke.
    Admin,
}

impl Access {
    /// Returns the lowest level that allows it.
    pub const fn level(self) -> Level {
        match self {
            Self::View => Level::View,
            Self::Operate => Level::Operate,
            Self::Manage => Level::Manage,
            Self::Admin => Level::Admin,
        }
    }
}

/// A text that names no level.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a level is view, operate, manage, admin or owner")]
pub struct LevelError;

impl Level {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Operate => "operate",
            Self::Manage => "manage",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = LevelError;

    fn from_str(text: &str) -> Result<Self, LevelError> {
        [
            Self::View,
            Self::Operate,
            Self::Manage,
            Self::Admin,
            Self::Owner,
        ]
        .into_iter()
        .find(|level| level.as_str() == text)
        .ok_or(LevelError)
    }
}
