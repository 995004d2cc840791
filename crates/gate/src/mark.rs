//! How far a network's membership had got: small enough to be kept where no copy of the database
//! brings the past back.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use thiserror::Error;

use crate::{Ledger, OperationId};

/// Heads that a mark keeps: more stand apart only for moments.
const MAX_HEADS: usize = 4;

/// Bytes of an operation's id that a mark keeps.
const BYTES: usize = 16;

/// The heads that a ledger has had, shortened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mark {
    /// How many times the network had begun anew.
    generation: u32,
    heads: Vec<[u8; BYTES]>,
}

/// A text that is no mark.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a mark is a number and one to four shortened ids")]
pub struct MarkError;

impl Mark {
    /// Returns how far the ledger has got.
    pub fn of(ledger: &Ledger) -> Self {
        let heads = ledger.heads().into_iter().take(MAX_HEADS);
        Self {
            generation: ledger.generation(),
            heads: heads.map(|head| shorten(&head)).collect(),
        }
    }

    /// Returns whether the ledger holds everything that the mark stands for, or has begun anew
    /// since with what the recovery key says is the whole state.
    pub fn is_reached_by(&self, ledger: &Ledger) -> bool {
        let holds = || self.heads.iter().all(|head| ledger.holds(head));
        ledger.generation() > self.generation || (ledger.generation() == self.generation && holds())
    }
}

fn shorten(id: &OperationId) -> [u8; BYTES] {
    let mut short = [0; BYTES];
    short
        .iter_mut()
        .zip(id.as_bytes())
        .for_each(|(to, from)| *to = *from);
    short
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.generation)?;
        for head in &self.heads {
            f.write_str(",")?;
            f.write_str(&HEXLOWER.encode(head))?;
        }
        Ok(())
    }
}

impl FromStr for Mark {
    type Err = MarkError;

    fn from_str(text: &str) -> Result<Self, MarkError> {
        let (generation, heads) = text.split_once(',').ok_or(MarkError)?;
        let heads: Option<Vec<_>> = heads.split(',').map(head).collect();
        let mark = Self {
            generation: generation.parse().map_err(|_| MarkError)?,
            heads: heads.ok_or(MarkError)?,
        };
        if mark.heads.len() <= MAX_HEADS && mark.to_string() == text {
            Ok(mark)
        } else {
            Err(MarkError)
        }
    }
}

fn head(text: &str) -> Option<[u8; BYTES]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use streembit_identity::{AccountKey, Timestamp};

    use super::*;
    use crate::Role;

    fn key(seed: u8) -> AccountKey {
        AccountKey::from_seed(&[seed; 32].into())
    }

    fn ledger() -> Ledger {
        let name = |text: &str| text.parse().unwrap();
        let recovery = key(9).id();
        Ledger::create(
            name("Home"),
            name("Ann"),
            &key(1),
            recovery,
            [7; 16],
            Timestamp(5),
        )
        .unwrap()
    }

    #[test]
    fn a_ledger_that_has_fallen_back_does_not_reach_its_mark() {
        let before = ledger();
        let mut after = before.clone();
        let name = "Bob".parse().unwrap();
        let add = after.author_add(&key(1), key(2).id(), name, Role::Member, Timestamp(6));
        after.insert(&add.unwrap()).unwrap();
        let mark = Mark::of(&after);

        assert!(mark.is_reached_by(&after));
        assert!(!mark.is_reached_by(&before));
        assert!(Mark::of(&before).is_reached_by(&after), "more is as good");
    }

    #[test]
    fn a_mark_is_written_in_one_way() {
        let mark = Mark::of(&ledger());
        let text = mark.to_string();

        assert_eq!(text.parse(), Ok(mark));
        for bad in [
            String::new(),
            text.to_uppercase(),
            format!("+{}", &text[1..]),
            format!("{text},"),
            format!("0{text}"),
            text.clone() + &text[1..].repeat(4),
            text[1..].to_owned(),
        ] {
            assert_eq!(bad.parse::<Mark>(), Err(MarkError), "{bad}");
        }
    }
}
