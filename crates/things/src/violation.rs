//! What is wrong in a document, and where.

use std::fmt;

use serde::Serialize;

/// One fault, with the place as a JSON Pointer (RFC 6901).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Violation {
    /// Where; empty for the whole document.
    pub path: String,
    /// What, as a phrase for people.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => out.write_str(&self.message),
            path => write!(out, "{path}: {}", self.message),
        }
    }
}

/// Most faults that are told of one document.
const MAX_VIOLATIONS: usize = 64;

/// Collects faults while a document is walked.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    path: Vec<String>,
    violations: Vec<Violation>,
}

impl Findings {
    /// Walks into the member or item `step` and back.
    pub(crate) fn at<T>(
        &mut self,
        step: impl fmt::Display,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        // RFC 6901 §3: '~' and '/' are escaped.
        self.path
            .push(step.to_string().replace('~', "~0").replace('/', "~1"));
        let result = walk(self);
        self.path.pop();
        result
    }

    /// Notes a fault at the present place.
    pub(crate) fn add(&mut self, message: impl Into<String>) {
        if self.violations.len() < MAX_VIOLATIONS {
            let path = self.path.iter().map(|step| format!("/{step}")).collect();
            self.violations.push(Violation {
                path,
                message: message.into(),
            });
        }
    }

    /// Notes a fault unless `is_fine`.
    pub(crate) fn require(&mut self, is_fine: bool, message: impl Into<String>) {
        if !is_fine {
            self.add(message);
        }
    }

    /// Says whether anything was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.violations.is_empty()
    }

    /// Hands over what was found.
    pub(crate) fn into_violations(self) -> Vec<Violation> {
        self.violations
    }
}
