//! The one trait behind which every device stands.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use crate::problem::{Problem, ProblemKind};

/// A device, or whatever speaks for one.
///
/// The host asks only what the description names, with values that fit its schemas. Futures may
/// be dropped at any await: a dropped `invoke` is a cancelled action, a dropped `watch` means
/// that nobody looks any longer.
#[async_trait]
pub trait Driver: Debug + Send + Sync {
    /// The description: title, properties, actions and events.
    ///
    /// Forms, security, identifier and base are added by the host.
    fn description(&self) -> Value;

    /// Reads a property.
    async fn read(&self, property: &str) -> Result<Value, DriverError>;

    /// Asks a property to take a value, and returns once the device has been told.
    ///
    /// What the device makes of it comes through `reporter`, now or later.
    async fn write(
        &self,
        property: &str,
        value: Value,
        reporter: &Reporter,
    ) -> Result<(), DriverError>;

    /// Carries out an action and returns its output, or null.
    async fn invoke(
        &self,
        action: &str,
        input: Value,
        reporter: &Reporter,
    ) -> Result<Value, DriverError>;

    /// Reports changes for as long as somebody looks; the host drops it when nobody does.
    ///
    /// The default reports nothing by itself, for devices that change only when told.
    async fn watch(&self, reporter: &Reporter) {
        let _ = reporter;
        std::future::pending::<()>().await;
    }
}

/// Why a device did not do what it was asked.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DriverError {
    /// The state of the device does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// The device has no such property or action, or not that way.
    #[error("the device does not support {0:?}")]
    Unsupported(String),
    /// The device cannot be reached or does not work.
    #[error("{0}")]
    Unavailable(String),
    /// The value fits the schema and still cannot be taken.
    #[error("{0}")]
    Value(String),
}

impl From<DriverError> for Problem {
    fn from(error: DriverError) -> Self {
        let kind = match &error {
            DriverError::Conflict(_) => ProblemKind::Conflict,
            DriverError::Unsupported(_) => ProblemKind::Unsupported,
            DriverError::Unavailable(_) => ProblemKind::Unavailable,
            DriverError::Value(_) => ProblemKind::InvalidValue,
        };
        Self::because(kind, error.to_string())
    }
}

/// Something that a device tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// An event happened.
    Event {
        /// Its name.
        name: String,
        /// What it tells, or null.
        data: Value,
    },
    /// The action at hand is so far done, in percent.
    Progress(u8),
    /// A property has this value now.
    Property {
        /// Its name.
        name: String,
        /// The value.
        value: Value,
    },
    /// The device gave up reaching what was asked of this property.
    Settled {
        /// Its name.
        name: String,
    },
}

/// Takes what a device tells; must not block.
pub trait Sink: Send + Sync {
    /// Takes one report.
    fn report(&self, report: Report);
}

/// Through which a device tells what it does.
#[derive(Clone)]
pub struct Reporter(Arc<dyn Sink>);

impl Reporter {
    /// Reports into `sink`.
    pub fn new(sink: Arc<dyn Sink>) -> Self {
        Self(sink)
    }

    /// Reports a property's value.
    pub fn property(&self, name: &str, value: impl Into<Value>) {
        self.0.report(Report::Property {
            name: name.to_owned(),
            value: value.into(),
        });
    }

    /// Reports an event.
    pub fn event(&self, name: &str, data: impl Into<Value>) {
        self.0.report(Report::Event {
            name: name.to_owned(),
            data: data.into(),
        });
    }

    /// Reports how much of the action at hand is done, in percent.
    pub fn progress(&self, percent: u8) {
        self.0.report(Report::Progress(percent.min(100)));
    }

    /// Reports that the device no longer tries to reach what was asked of a property.
    pub fn settled(&self, name: &str) {
        self.0.report(Report::Settled {
            name: name.to_owned(),
        });
    }
}

impl Debug for Reporter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Reporter")
    }
}
