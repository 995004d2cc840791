//! The private decoders of this crate, for the fuzz targets and nobody else.
//!
//! Each takes any bytes, and panics only if a promise is broken.

use clap::Parser as _;

use crate::{arguments::Arguments, call, read_filter, run::config};

/// The program's arguments, one a line; and text as the JSON that `call` takes.
pub fn arguments(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Arguments::try_parse_from(["streembit-node"].into_iter().chain(text.lines())) {
        Ok(arguments) => drop(read_filter(&arguments.log)),
        Err(error) => assert!(!error.to_string().is_empty(), "it says why"),
    }
    let _ = call::parse(text);
}

/// The TOML file of a node.
pub fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Err(error) = config::parse(text) {
        assert!(!error.to_string().is_empty(), "it says why");
    }
}
