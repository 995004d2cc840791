//! Finds the programs that cargo built beside the tests.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, bail};

/// The path of the program `name` in the folder that the running test was built into.
///
/// # Errors
/// When it has not been built.
pub fn built(name: &str) -> anyhow::Result<PathBuf> {
    let own = env::current_exe().context("the test's own path")?;
    // target/debug/stage, or target/debug/deps/chat-0123.
    let folder = own
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps"));
    let path = folder.context("the folder of the test")?.join(name);
    if !path.is_file() {
        bail!(
            "{} is missing; `cargo build --workspace --bins --features streembit/custom-protocol` makes it",
            path.display()
        );
    }
    Ok(path)
}

/// Whether the program `name` is on the search path.
#[must_use]
pub fn is_installed(name: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}
