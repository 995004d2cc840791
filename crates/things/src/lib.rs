//! Thing Descriptions, values, device sessions and the driver trait.
//!
//! Owns what a thing is and how one speaks with it. Does no I/O and reads no clock; who may do
//! what is decided by `streembit-gate`, and the node carries the bytes.

pub mod description;
pub mod json;
pub mod schema;
mod violation;

pub use description::{Description, DescriptionError};
pub use schema::DataSchema;
pub use violation::Violation;
