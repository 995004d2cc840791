//! The project's own commands: `cargo xtask run | demo | test | bundle | bench | soak`.
//!
//! Owns how the pieces are fetched, built and started; what they do is theirs.
#![expect(clippy::print_stdout, reason = "these commands speak to a terminal")]

mod bench;
mod bundle;
mod demo;
mod interface;
mod packages;
mod program;
mod run;
mod soak;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures beside a floor or a peer, and writes target/bench/.
    Bench(bench::Options),
    /// Builds the .deb, with the headless node inside.
    Bundle(bundle::Options),
    /// Opens the app with a small network around it, in a throw-away profile.
    Demo(demo::Options),
    /// Installs what is missing, builds, and opens the app.
    Run(run::Options),
    /// Kills, cuts and restarts while people write, and judges what has arrived.
    Soak(soak::Options),
    /// Checks everything: formatting, lints, tests, documentation, windows.
    Test(test::Options),
}

fn main() -> ExitCode {
    match perform() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nThis did not work: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Bench(options) => bench::bench(&options),
        Command::Bundle(options) => bundle::bundle(&options),
        Command::Demo(options) => demo::demo(&options),
        Command::Run(options) => run::run(&options),
        Command::Soak(options) => soak::soak(&options),
        Command::Test(options) => test::test(&options),
    }
}
