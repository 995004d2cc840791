//! `cargo xtask demo`: the app with a small network around it on this machine.

use anyhow::bail;

use crate::program::Program;
use crate::{run, workspace};

/// How to show the demo.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Walks through the app on an invisible screen and writes a picture of every view.
    #[arg(long)]
    headless: bool,
}

/// Builds everything and hands over to the stage, which ends all that it started.
pub(crate) fn demo(options: &Options) -> anyhow::Result<()> {
    if !options.headless && !run::has_display() {
        bail!(
            "there is no display here; `cargo xtask demo --headless` writes pictures to target/demo/"
        );
    }
    run::build(options.headless)?;
    println!(
        "\n==> [4/4] The network around you: a seed, a friend, a home with a hub, a device host"
    );
    let stage = Program::new(workspace::built("stage")).arg("demo");
    if options.headless {
        stage
            .arg("--headless")
            .arg("--pictures")
            .arg(workspace::target().join("demo"))
            .become_it()
    } else {
        stage.become_it()
    }
}
