//! The plain list of members: names, keys and roles in a text file that people keep.
//!
//! ```toml
//! [[member]]
//! name = "Ada"
//! key = "…52 characters…"
//! role = "admin"          # member if left out
//! ```

mod parse;
mod plan;

use std::fmt::Write;

use streembit_identity::{AccountId, Name};

pub use self::parse::{Issue, ListError, Problem};
pub use self::plan::Plan;
use crate::{Binding, Role, Roster};

/// Largest list, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A list of members in which every name and every key occurs once.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct List {
    members: Vec<Binding>,
}

impl List {
    /// Returns the list of a network's members, by name.
    pub fn of(roster: &Roster) -> Self {
        let mut members: Vec<_> = roster
            .members
            .values()
            .map(crate::Member::binding)
            .collect();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        Self { members }
    }

    /// Returns the members in the order of the list.
    pub fn members(&self) -> &[Binding] {
        &self.members
    }

    /// Writes the list as [`List::parse`] reads it.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for Binding {
            account,
            name,
            role,
        } in &self.members
        {
            let name = quoted(name);
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "[[member]]\nname = {name}\nkey = \"{account}\"\nrole = \"{role}\"\n\n"
            );
        }
        text
    }

    fn role_of(&self, account: AccountId) -> Option<Role> {
        self.members
            .iter()
            .find(|member| member.account == account)
            .map(|member| member.role)
    }
}

/// A TOML basic string; names have no control characters.
fn quoted(name: &Name) -> String {
    format!(
        "\"{}\"",
        name.as_str().replace('\\', "\\\\").replace('"', "\\\"")
    )
}

#[cfg(test)]
mod tests;
