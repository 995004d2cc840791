//! Runs the app with real nodes around it: for pictures, for trying it out, for figures.
//!
//! `cargo xtask run --headless`, `demo` and `bench` build everything and become this program.
#![expect(
    clippy::print_stdout,
    reason = "it tells a person at a terminal what it does"
)]

mod bench;
mod demo;
mod gallery;
mod run;
mod signals;
mod soak;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "stage", about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Figures beside a floor or a peer.
    Bench {
        /// Where the figures go.
        #[arg(long, default_value = "target/bench")]
        figures: PathBuf,
        /// Only these.
        names: Vec<String>,
    },
    /// The app with a small network around it, until Ctrl-C.
    Demo {
        /// Walks through the app unseen and takes pictures.
        #[arg(long)]
        headless: bool,
        /// Where the pictures go.
        #[arg(long, default_value = "target/demo")]
        pictures: PathBuf,
    },
    /// The other end of the raw TCP that messages are measured beside.
    #[command(hide = true)]
    Echo { port: u16 },
    /// The other end of the raw TCP that files are measured beside.
    #[command(hide = true)]
    Sink { port: u16 },
    /// The first run and a first message, unseen.
    Run {
        /// Where the pictures go.
        #[arg(long, default_value = "target/run")]
        pictures: PathBuf,
    },
    /// People who write while everything around them fails; judged in the end.
    Soak(soak::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    match play().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nThis did not work: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays what was asked for until it is over or somebody ends it.
async fn play() -> anyhow::Result<()> {
    let play = async {
        match Arguments::parse().command {
            Command::Bench { figures, names } => bench::bench(&figures, &names).await,
            Command::Echo { port } => bench::serve_echo(port).await,
            Command::Sink { port } => bench::serve_sink(port).await,
            Command::Demo {
                headless: true,
                pictures,
            } => demo::pictures(&pictures).await,
            Command::Demo {
                headless: false, ..
            } => demo::open().await,
            Command::Run { pictures } => run::run(&pictures).await,
            Command::Soak(options) => soak::soak(&options).await,
        }
    };
    // Everything that was started is held by `play` and ends with it.
    tokio::select! {
        result = play => result,
        name = signals::ending() => {
            println!("\n{} received: everything that was started here has been ended.", name?);
            Ok(())
        }
    }
}
