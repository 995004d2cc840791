//! `call` and `events`: talks with the node that runs on a data folder.

use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use serde_json::{Value, json};
use streembit_api::{
    Code,
    control::{CallError, Client},
};

use crate::{
    arguments::{Call, Folder},
    failure::Failure,
    output,
};

/// The longest arguments that are read, in bytes.
const MAX_ARGUMENTS: u64 = 1024 * 1024;

/// Runs one command and prints its result.
pub(crate) async fn call(call: Call) -> Result<ExitCode, Failure> {
    let arguments = arguments(call.arguments.as_deref())?;
    let mut client = Client::connect(&call.folder.path()?).await?;
    let result = client.call(&call.command, arguments).await?;
    output::print(&result)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints events until the node or this program is stopped.
pub(crate) async fn events(folder: Folder) -> Result<ExitCode, Failure> {
    let mut client = Client::connect(&folder.path()?).await?;
    client.subscribe().await?;
    let stop = tokio::signal::ctrl_c();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            _ = &mut stop => return Ok(ExitCode::SUCCESS),
            event = client.next_event() => match event {
                Ok(event) => output::print(&event)?,
                Err(CallError::Connection(_) | CallError::NotRunning) => {
                    return Err(Failure::NotRunning);
                }
                Err(error @ CallError::Command(_)) => return Err(error.into()),
            },
        }
    }
}

/// Reads the arguments of a command: JSON, `-` for standard input, or none.
fn arguments(text: Option<&str>) -> Result<Value, Failure> {
    let text = match text {
        None => return Ok(json!({})),
        Some("-") => {
            let mut text = String::new();
            io::stdin()
                .lock()
                .take(MAX_ARGUMENTS)
                .read_to_string(&mut text)?;
            text
        }
        Some(text) => text.to_owned(),
    };
    parse(&text)
}

/// Reads arguments that were written out; white space is none.
pub(crate) fn parse(text: &str) -> Result<Value, Failure> {
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_str(text).map_err(|error| {
        Failure::new(
            Code::InvalidArguments,
            format!("the arguments are not JSON: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_absent_and_empty_arguments_as_an_empty_object() {
        assert_eq!(arguments(None).unwrap(), json!({}));
        assert_eq!(arguments(Some(" ")).unwrap(), json!({}));
    }

    #[test]
    fn refuses_arguments_that_are_not_json() {
        let Failure::Command(error) = arguments(Some("{peer")).unwrap_err() else {
            panic!("a failure of the command");
        };

        assert_eq!(error.code, Code::InvalidArguments);
    }
}
