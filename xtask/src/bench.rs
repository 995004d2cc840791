//! `cargo xtask bench`: figures beside a floor or a peer, measured in the same run.

use crate::program::Program;
use crate::{interface, packages, workspace};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only these, by name: message, file, device, gate, idle, window, view, bundle.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Builds and runs an optimised example, which prints its figures.
fn example(package: &str, name: &str) -> anyhow::Result<()> {
    let arguments = ["run", "--quiet", "--release", "--locked", "--package"];
    Program::new("cargo")
        .args(arguments)
        .args([package, "--example", name])
        .run()
}

/// Builds optimised programs and measures; the figures go to target/bench/.
pub(crate) fn bench(options: &Options) -> anyhow::Result<()> {
    println!("==> [1/3] Packages");
    packages::ensure(&[&packages::BUILD[..], &packages::SCREEN, &packages::PEERS].concat())?;
    println!("\n==> [2/3] Optimised programs");
    interface::install()?;
    interface::build()?;
    workspace::cargo("build")
        .args(["--bins", "--release"])
        .run()?;
    println!("\n==> [3/3] Measuring; leave the machine alone meanwhile");
    if options.names.is_empty() {
        println!("    B15, an envelope over a bare signature:");
        example("streembit-identity", "envelope_cost")?;
        println!("    the gate: a decision, an import, catching up:");
        example("streembit-gate", "gate_cost")?;
        println!("    end-to-end encryption, beside a bare signature:");
        example("streembit-ratchet", "ratchet_cost")?;
    }
    Program::new(workspace::target().join("release/stage"))
        .args(["bench", "--figures"])
        .arg(workspace::target().join("bench"))
        .args(&options.names)
        .become_it()
}
