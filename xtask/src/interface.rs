//! Fetches and builds the window's contents in `ui/`.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::program::Program;
use crate::{tools, workspace};

/// An npm call inside `ui/`.
pub(crate) fn npm() -> Program {
    Program::new("npm").within(workspace::root().join("ui"))
}

/// Installs the packages that `package-lock.json` names, unless they are there already.
pub(crate) fn install() -> anyhow::Result<()> {
    tools::node()?;
    let ui = workspace::root().join("ui");
    let installed = changed(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&ui.join("package-lock.json")) {
        println!("    Packages are up to date.");
        return Ok(());
    }
    npm().args(["ci", "--no-audit", "--no-fund"]).run()
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
