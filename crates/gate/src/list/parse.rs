//! Reads a list, and says on which line it is wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use streembit_identity::{AccountId, IdError, Name, NameError};
use thiserror::Error;
use toml::Spanned;

use super::{List, MAX_BYTES};
use crate::ledger::MAX_MEMBERS;
use crate::roster::name_key;
use crate::{Binding, Role, RoleError};

/// Most problems that are told at once.
const MAX_ISSUES: usize = 100;

/// Why a text is not a list: everything that is wrong with it.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the list has {} mistakes, the first on {}", issues.len(), first(issues))]
pub struct ListError {
    /// What is wrong, by line.
    pub issues: Vec<Issue>,
}

/// One mistake in a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issue {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Problem {
    /// The key was listed before.
    #[error("the key is listed on line {0} already")]
    DuplicateKey(usize),
    /// The name was listed before.
    #[error("the name is listed on line {0} already")]
    DuplicateName(usize),
    /// The key is none.
    #[error("{0}")]
    Key(IdError),
    /// The list is too long.
    #[error("a list has at most {MAX_MEMBERS} members and {MAX_BYTES} bytes")]
    Long,
    /// The name is none.
    #[error("{0}")]
    Name(NameError),
    /// The role is none.
    #[error("{0}")]
    Role(RoleError),
    /// The text is not TOML of the right form.
    #[error("{0}")]
    Syntax(String),
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

fn first(issues: &[Issue]) -> String {
    issues.first().map_or_else(String::new, Issue::to_string)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    #[serde(default)]
    member: Vec<Spanned<RawMember>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMember {
    name: Spanned<String>,
    key: Spanned<String>,
    role: Option<Spanned<String>>,
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    ///
    /// Tells every mistake with its line; a list with one is not used at all.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let at = |line, problem| ListError {
            issues: vec![Issue { line, problem }],
        };
        if text.len() > MAX_BYTES {
            return Err(at(1, Problem::Long));
        }
        let lines = Lines::of(text);
        let raw: RawList = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| lines.of_span(&span));
            at(line, Problem::Syntax(error.message().to_owned()))
        })?;
        if let Some(first_too_many) = raw.member.get(MAX_MEMBERS) {
            return Err(at(lines.of_span(&first_too_many.span()), Problem::Long));
        }
        Reader::default().read(raw, &lines)
    }
}

/// Collects members and mistakes.
#[derive(Default)]
struct Reader {
    members: Vec<Binding>,
    issues: Vec<Issue>,
    names: BTreeMap<String, usize>,
    keys: BTreeMap<AccountId, usize>,
}

impl Reader {
    fn read(mut self, raw: RawList, lines: &Lines) -> Result<List, ListError> {
        for member in raw.member {
            self.read_member(&member.into_inner(), lines);
            if self.issues.len() >= MAX_ISSUES {
                break;
            }
        }
        if self.issues.is_empty() {
            Ok(List {
                members: self.members,
            })
        } else {
            Err(ListError {
                issues: self.issues,
            })
        }
    }

    fn read_member(&mut self, raw: &RawMember, lines: &Lines) {
        let line = |value: &Spanned<String>| lines.of_span(&value.span());
        let name = raw.name.get_ref().parse().map_err(Problem::Name);
        let name = self.keep(line(&raw.name), name);
        let key = raw.key.get_ref().parse().map_err(Problem::Key);
        let key = self.keep(line(&raw.key), key);
        let role = raw.role.as_ref().map_or(Some(Role::Member), |role| {
            let parsed = role.get_ref().parse().map_err(Problem::Role);
            self.keep(line(role), parsed)
        });
        let name = name.filter(|name| self.is_new_name(name, line(&raw.name)));
        let key = key.filter(|key| self.is_new_key(*key, line(&raw.key)));
        if let (Some(name), Some(account), Some(role)) = (name, key, role) {
            self.members.push(Binding {
                account,
                name,
                role,
            });
        }
    }

    fn keep<T>(&mut self, line: usize, parsed: Result<T, Problem>) -> Option<T> {
        parsed
            .map_err(|problem| self.issues.push(Issue { line, problem }))
            .ok()
    }

    fn is_new_name(&mut self, name: &Name, line: usize) -> bool {
        let earlier = self.names.insert(name_key(name), line);
        self.keep(
            line,
            earlier.map_or(Ok(()), |earlier| Err(Problem::DuplicateName(earlier))),
        )
        .is_some()
    }

    fn is_new_key(&mut self, key: AccountId, line: usize) -> bool {
        let earlier = self.keys.insert(key, line);
        self.keep(
            line,
            earlier.map_or(Ok(()), |earlier| Err(Problem::DuplicateKey(earlier))),
        )
        .is_some()
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at)
                .collect(),
        )
    }

    fn of_span(&self, span: &Range<usize>) -> usize {
        self.0.partition_point(|end| *end < span.start) + 1
    }
}
