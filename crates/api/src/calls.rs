//! What each command does: reads the arguments' meaning, asks the node, gives the answer a shape.
#![expect(clippy::unused_async, reason = "the table awaits every command alike")]

pub(crate) mod account;
pub(crate) mod computer;
pub(crate) mod contact;
pub(crate) mod device;
pub(crate) mod file;
pub(crate) mod group;
pub(crate) mod link;
pub(crate) mod mailbox;
pub(crate) mod member;
pub(crate) mod message;
pub(crate) mod network;
pub(crate) mod practice;
pub(crate) mod seed;
pub(crate) mod settings;
pub(crate) mod window;

use std::str::FromStr;

use serde_json::json;

use crate::{Code, Error};

/// Reads the argument `path` as what it has to be.
pub(crate) fn read<T: FromStr<Err: std::fmt::Display>>(path: &str, text: &str) -> Result<T, Error> {
    text.parse()
        .map_err(|error: T::Err| invalid(path, &error.to_string()))
}

/// Says that the argument `path` does not do.
pub(crate) fn invalid(path: &str, message: &str) -> Error {
    let text = format!("{path}: {message}");
    Error::new(Code::InvalidArguments, text).with_details(json!({ "path": path }))
}
