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

use std::{ffi::OsString, io, process::ExitCode};

use clap::Parser as _;
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
    log_to_stderr(&arguments);
    match perform(arguments.command, hooks) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
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
fn log_to_stderr(arguments: &Arguments) {
    let filter = EnvFilter::try_new(&arguments.log).unwrap_or_else(|_| EnvFilter::new("warn"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
}
