//! `cargo xtask bundle`: the .deb, with desktop entry, link handler, icon and headless node.

use std::fs;

use anyhow::Context;

use crate::program::Program;
use crate::{interface, packages, tools, workspace};

/// Nothing to choose yet.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {}

/// Builds optimised programs and packs them.
pub(crate) fn bundle(_: &Options) -> anyhow::Result<()> {
    println!("==> [1/4] Packages");
    packages::ensure(&packages::BUILD)?;
    println!("\n==> [2/4] The window's contents");
    interface::install()?;
    let bundler = tools::bundler()?;
    interface::build()?;
    println!(
        "\n==> [3/4] The app and the headless node, optimised (about 20 minutes the first time)"
    );
    workspace::cargo("build")
        .args(["--release", "--bin", "streembit", "--bin", "streembit-node"])
        .run()?;
    println!("\n==> [4/4] The package");
    // Without CI set, the bundler would ask before it overwrites.
    Program::new(bundler)
        .args(["bundle", "--ci", "--bundles", "deb"])
        .run()?;
    report()
}

/// Prints where the packages are and how big.
fn report() -> anyhow::Result<()> {
    let folder = workspace::target().join("release/bundle/deb");
    for entry in
        fs::read_dir(&folder).with_context(|| format!("{} cannot be read", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            let bytes = fs::metadata(&path)?.len();
            println!(
                "{} ({}.{} MB)",
                path.display(),
                bytes / 1_000_000,
                bytes / 100_000 % 10
            );
            println!("Install it with: sudo apt-get install {}", path.display());
        }
    }
    Ok(())
}
