//! Thing Descriptions, values, device sessions and the driver trait.
//!
//! Owns what a thing is and how one speaks with it. Does no I/O and reads no clock; who may do
//! what is decided by `streembit-gate`, and the node carries the bytes.

pub mod action;
pub mod claim;
pub mod consumer;
pub mod description;
pub mod driver;
pub mod host;
pub mod json;
pub mod message;
mod obey;
pub mod operation;
pub mod problem;
pub mod reading;
pub mod schema;
#[cfg(test)]
mod testing;
pub mod url;
mod violation;

pub use action::{ActionState, ActionStatus};
pub use consumer::{ConsumerSession, Update};
pub use description::{Description, DescriptionError};
pub use driver::{Driver, DriverError, Report, Reporter, Sink};
pub use host::{HostSession, Turn};
pub use message::{Notification, Outcome, Request, Response};
pub use operation::Operation;
pub use problem::{Problem, ProblemKind};
pub use reading::Reading;
pub use schema::DataSchema;
pub use url::{ThingName, ThingUrl, ThingUrlError};
pub use violation::Violation;
