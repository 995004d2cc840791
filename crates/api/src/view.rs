//! The node's views as the shapes of the commands.

pub(crate) mod account;
pub(crate) mod contact;
pub(crate) mod device;
pub(crate) mod event;
mod file;
mod group;
pub(crate) mod link;
mod log;
pub(crate) mod message;
pub(crate) mod network;
