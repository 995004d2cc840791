//! The programs besides compiler and packages: Node.js, nextest, cargo-deny, the Tauri bundler.

use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::program::{Program, find};
use crate::workspace;

/// The Tauri command line program that packs the app; it goes with the `tauri` of Cargo.lock.
const BUNDLER: &str = "@tauri-apps/cli@2.12.5";

/// Makes sure that Node.js is new enough and npm is there.
pub(crate) fn node() -> anyhow::Result<()> {
    const ADVICE: &str = "Node.js 20.19 or newer with npm is needed to build the window: https://nodejs.org, or `apt-get install nodejs npm` where that is new enough";
    if find("npm").is_none() {
        bail!("npm was not found. {ADVICE}");
    }
    let version = Program::new("node")
        .arg("--version")
        .output()
        .context(ADVICE)?;
    let mut parts = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    let found: (u32, u32) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < (20, 19) {
        bail!("Node.js {} is too old. {ADVICE}", version.trim());
    }
    Ok(())
}

/// Makes sure that `cargo NAME` works, building it from the crates registry when it is missing.
pub(crate) fn cargo_tool(name: &str) -> anyhow::Result<()> {
    let program = format!("cargo-{name}");
    let installed = find(&program).is_some()
        || Program::new("cargo")
            .args([name, "--version"])
            .output()
            .is_ok();
    if installed {
        return Ok(());
    }
    println!("    Missing: {program}. Building it, once.");
    // Unoptimised is fast enough here and builds in half the time.
    Program::new("cargo")
        .args(["install", "--locked", "--debug", &program])
        .run()
}

/// The bundler, fetched into `target/tools` when it is not there.
pub(crate) fn bundler() -> anyhow::Result<PathBuf> {
    let folder = workspace::target().join("tools");
    let program = folder.join("node_modules/.bin/tauri");
    if !program.is_file() {
        node()?;
        std::fs::create_dir_all(&folder)?;
        println!("    Missing: the bundler. Fetching it, once.");
        Program::new("npm")
            .args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
            ])
            .arg(&folder)
            .arg(BUNDLER)
            .run()?;
    }
    Ok(program)
}
