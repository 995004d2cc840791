//! Writes JSON to standard output and standard error.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use serde::Serialize;

use crate::failure::Failure;

/// Prints `value` as one line.
pub(crate) fn print(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// Prints `value` so that a person can read it, and ends well.
pub(crate) fn print_pretty(value: &impl Serialize) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints `value` to standard error as one line.
pub(crate) fn complain(value: &impl Serialize) {
    let mut err = io::stderr().lock();
    let _ = serde_json::to_writer(&mut err, value);
    let _ = err.write_all(b"\n");
}

/// Prints `text` to standard error, for the person at the terminal.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
