//! A W3C Thing Description 1.1: the document as it came, and a typed view of it.
//!
//! The document is never rebuilt from the view, so no member and no order is lost.

mod affordance;
mod context;
mod link;
mod publish;
#[cfg(test)]
mod published;
mod rules;
mod security;
mod shape;
pub(crate) mod vocabulary;

use serde_json::Value;

pub use self::affordance::{ActionAffordance, Affordances, EventAffordance, PropertyAffordance};
use crate::json::{self, JsonError, Limits};
use crate::violation::{Findings, Violation};

/// What a description may be at most.
pub const LIMITS: Limits = Limits {
    bytes: 256 * 1024,
    depth: 32,
};

/// Most properties, actions and events together.
pub const MAX_AFFORDANCES: usize = 1_000;

/// Why a document is not a Thing Description that can be used.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// Well-formed JSON that departs from TD 1.1.
    #[error("the description is not valid: {}", list(.0))]
    Invalid(Vec<Violation>),
    /// Not acceptable as JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
}

impl DescriptionError {
    /// The faults, each with its place.
    pub fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Invalid(violations) => violations.clone(),
            Self::Json(error) => {
                vec![Violation {
                    path: String::new(),
                    message: error.to_string(),
                }]
            }
        }
    }
}

fn list(violations: &[Violation]) -> String {
    let told: Vec<_> = violations
        .iter()
        .take(3)
        .map(Violation::to_string)
        .collect();
    told.join("; ")
}

/// A valid Thing Description.
#[derive(Clone, Debug)]
pub struct Description {
    document: Value,
    affordances: Affordances,
}

impl Description {
    /// Reads a description within [`LIMITS`].
    ///
    /// # Errors
    /// Refuses bad JSON, and lists where the document departs from TD 1.1.
    pub fn parse(bytes: &[u8]) -> Result<Self, DescriptionError> {
        Self::from_document(json::parse(bytes, LIMITS)?)
    }

    /// Checks a document that is already JSON.
    ///
    /// # Errors
    /// Lists where the document departs from TD 1.1.
    pub fn from_document(document: Value) -> Result<Self, DescriptionError> {
        let mut found = Findings::default();
        vocabulary::THING.check(&document, &mut found);
        rules::check(&document, &mut found);
        let affordances = Affordances::view(&document, &mut found);
        if !found.is_empty() {
            return Err(DescriptionError::Invalid(found.into_violations()));
        }
        Ok(Self {
            document,
            affordances,
        })
    }

    /// The document as it came.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The properties, actions and events.
    pub fn affordances(&self) -> &Affordances {
        &self.affordances
    }

    /// The title for people.
    pub fn title(&self) -> &str {
        self.text("title").unwrap_or_default()
    }

    /// The thing's identifier, if it has one.
    pub fn id(&self) -> Option<&str> {
        self.text("id")
    }

    /// The property called `name`.
    pub fn property(&self, name: &str) -> Option<&PropertyAffordance> {
        self.affordances.properties.get(name)
    }

    /// The action called `name`.
    pub fn action(&self, name: &str) -> Option<&ActionAffordance> {
        self.affordances.actions.get(name)
    }

    /// The event called `name`.
    pub fn event(&self, name: &str) -> Option<&EventAffordance> {
        self.affordances.events.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.document.get(name).and_then(Value::as_str)
    }
}
