//! `cargo xtask soak`: people who write while their processes are killed, links cut, clocks set.

use crate::program::Program;
use crate::{interface, packages, workspace};

/// How long to go on, passed to the program that does it.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// As in `-- --messages 10000 --kills 120 --cuts 120 --seed 7`, which are the numbers by default
    /// but for the seed: that is another one each time.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Builds everything and runs until all that was written was judged.
pub(crate) fn soak(options: &Options) -> anyhow::Result<()> {
    println!("==> [1/3] Packages");
    packages::ensure(&[&packages::BUILD[..], &packages::JUDGES].concat())?;
    println!("\n==> [2/3] Programs");
    interface::install()?;
    interface::build()?;
    workspace::cargo("build").arg("--bins").run()?;
    println!("\n==> [3/3] Trouble; Ctrl-C ends all that was started");
    Program::new(workspace::built("stage"))
        .arg("soak")
        .args(&options.arguments)
        .become_it()
}
