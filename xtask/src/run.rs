//! `cargo xtask run`: from a fresh clone to the open app.

use std::env;

use crate::program::Program;
use crate::{interface, packages, workspace};

/// How to run the app.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Runs it on an invisible screen with a throw-away profile, sends a first message and ends.
    #[arg(long)]
    headless: bool,
    /// Passed on to the app, as in `-- --data /tmp/somewhere`.
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Installs what is missing, builds, and opens the app.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let unseen = options.headless || !has_display();
    if unseen && !options.headless {
        println!("There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set).");
        println!(
            "The app runs on an invisible screen instead, with a throw-away profile; pictures follow."
        );
    }
    build(unseen)?;
    println!("\n==> [4/4] Opening Streembit");
    if unseen {
        Program::new(workspace::built("stage"))
            .args(["run", "--pictures"])
            .arg(workspace::target().join("run"))
            .become_it()
    } else {
        println!(
            "    It keeps running until its window is closed for good, or Ctrl-C is pressed here."
        );
        Program::new(workspace::built("streembit"))
            .args(&options.arguments)
            .become_it()
    }
}

/// Whether a window could be seen by someone.
pub(crate) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Builds the app and the programs around it, with what drives an invisible screen if asked.
pub(crate) fn build(unseen: bool) -> anyhow::Result<()> {
    println!("==> [1/4] Packages");
    packages::ensure(&packages::BUILD)?;
    if unseen {
        packages::ensure(&packages::SCREEN)?;
    }
    println!("\n==> [2/4] The window's contents");
    interface::install()?;
    interface::build()?;
    println!("\n==> [3/4] The app and the headless node (about 5 minutes the first time)");
    workspace::cargo("build").arg("--bins").run()
}
