//! The shapes that commands take and answer with, and nothing that acts.
//!
//! Each type is JSON on the outside (serde), a JSON Schema in the command listing (schemars)
//! and, in tests, the TypeScript of the window (ts-rs).

pub mod account;
pub mod contact;
pub mod device;
pub mod event;
pub mod file;
pub mod grant;
pub mod group;
pub mod id;
pub mod link;
pub mod mailbox;
pub mod member;
pub mod message;
pub mod network;
pub mod practice;
pub mod settings;

pub use self::{
    account::*, contact::*, device::*, event::*, file::*, grant::*, group::*, id::*, link::*,
    mailbox::*, member::*, message::*, network::*, practice::*, settings::*,
};
