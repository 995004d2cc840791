//! Names as people look for them.

use std::fmt;

use crate::{Digest, Name};

/// What two names have in common that are found by one search.
///
/// Several accounts may go by one handle, so it names nobody.
#[derive(Clone, Eq, PartialEq)]
pub struct Handle(String);

impl Handle {
    /// Returns the handle of a name: its words in lower case, whatever the blanks between them.
    pub fn of(name: &Name) -> Self {
        let lower = name.as_str().to_lowercase();
        Self(lower.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Returns the key under which nodes announce that their account goes by this handle.
    pub fn key(&self) -> Digest {
        Digest::of(&[b"streembit/1/handle", self.0.as_bytes()])
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({:?})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(text: &str) -> Handle {
        Handle::of(&text.parse().unwrap())
    }

    #[test]
    fn case_and_blanks_make_no_difference() {
        assert_eq!(handle("Ada  Lovelace"), handle("ada lovelace"));
        assert_eq!(handle("ZOË").key(), handle("zoë").key());
        assert_ne!(handle("Ada").key(), handle("Adam").key());
    }
}
