//! The headless node: a program around the command table.
//!
//! A library, so that a test's own binary can be the same program with hooks set in code.

mod arguments;
mod call;
mod check;
mod claim;
mod failure;
mod file;
#[doc(hidden)]
pub mod fuzzing;
mod init;
mod output;
mod passphrase;
mod run;
mod status;

use std::{
    ffi::OsString,
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use clap::Parser as _;
use streembit_api::Code;
pub use streembit_node::Hooks;
use tracing_subscriber::EnvFilter;

use arguments::{Arguments, Check, Command};
use failure::Failure;

/// Runs the program with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    main_with(Hooks::default())
}

/// Runs the program with the arguments of this process and `hooks`.
#[must_use]
pub fn main_with(hooks: Hooks) -> ExitCode {
    main_from(std::env::args_os(), hooks)
}

/// Runs the program with `arguments`, the first of which is its own name, and `hooks`.
#[must_use]
pub fn main_from(arguments: impl IntoIterator<Item = OsString>, hooks: Hooks) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    log_to_stderr(&arguments.log)
        .and_then(|()| perform(arguments.command, hooks))
        .unwrap_or_else(Failure::report)
}

/// Runs one subcommand to its end.
fn perform(command: Command, hooks: Hooks) -> Result<ExitCode, Failure> {
    match command {
        Command::Td {
            check: Check::Check { files },
        } => return check::descriptions(&files),
        Command::List {
            check: Check::Check { files },
        } => return check::lists(&files),
        Command::Commands => return output::print_pretty(&streembit_api::table::list()),
        Command::Init(_)
        | Command::Run(_)
        | Command::Call(_)
        | Command::Events(_)
        | Command::Id(_)
        | Command::Claim(_) => {}
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        match command {
            Command::Init(init) => init::init(init).await,
            Command::Run(run) => run::run(run, hooks).await,
            Command::Call(call) => call::call(call).await,
            Command::Events(folder) => call::events(folder).await,
            Command::Id(folder) => status::id(folder).await,
            Command::Claim(folder) => claim::claim(folder).await,
            Command::Commands | Command::Td { .. } | Command::List { .. } => Ok(ExitCode::SUCCESS),
        }
    });
    // A keyring or a terminal that never answers must not keep the program from ending.
    runtime.shutdown_background();
    result
}

/// Logs go to standard error, so that standard output holds only what was asked for.
fn log_to_stderr(filter: &str) -> Result<(), Failure> {
    let filter = read_filter(filter)?;
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .try_init();
    Ok(())
}

/// Reads a filter of the log; a field's value is no pattern, since some would take for ever.
pub(crate) fn read_filter(text: &str) -> Result<EnvFilter, Failure> {
    let read = EnvFilter::builder().with_regex(false).parse(text);
    read.map_err(|error| Failure::new(Code::InvalidArguments, format!("--log: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_makes_no_sense_is_told() {
        assert!(read_filter("info,streembit_node=debug").is_ok());
        assert!(matches!(read_filter("info=x=y"), Err(Failure::Command(_))));
    }

    #[test]
    fn values_in_a_filter_are_no_patterns() {
        let filter = read_filter("[a{b=n................0e}]").unwrap();

        assert!(filter.to_string().contains("n......"), "{filter}");
    }
}
