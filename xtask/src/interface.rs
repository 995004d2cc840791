//! Fetches and builds the window's contents in `ui/`, and fetches what else comes by npm.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::program::Program;
use crate::{tools, workspace};

/// An npm call inside `ui/`.
pub(crate) fn npm() -> Program {
    Program::new("npm").within(workspace::root().join("ui"))
}

/// Installs the window's packages.
pub(crate) fn install() -> anyhow::Result<()> {
    install_in("ui", "ci", &[])
}

/// Installs the peer from other hands that knocks at our nodes.
///
/// Its QUIC comes as a package for each platform. `npm ci` wants all of them, and some registries
/// lack those of others; what the lock file names is installed either way.
pub(crate) fn install_knocker() -> anyhow::Result<()> {
    install_in("tests/peers/knocker", "install", &["--no-save"])
}

/// Installs the packages that `package-lock.json` names, unless they are there already.
fn install_in(folder: &str, command: &str, options: &[&str]) -> anyhow::Result<()> {
    tools::node()?;
    let folder = workspace::root().join(folder);
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&folder.join("package-lock.json")) {
        println!("    Packages are up to date.");
        return Ok(());
    }
    let npm = Program::new("npm").within(folder);
    npm.args([command, "--no-audit", "--no-fund"])
        .args(options)
        .run()
}

/// Builds `ui/dist`, which the app carries inside itself.
pub(crate) fn build() -> anyhow::Result<()> {
    npm().args(["run", "build"]).run()
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}
