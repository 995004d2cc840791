//! Where things lie in the repository, and how cargo is asked to build them.

use std::env;
use std::path::{Path, PathBuf};

use crate::program::Program;

/// One selection and one set of features for every cargo call, so that nothing is compiled twice.
pub(crate) const WHOLE: [&str; 4] = [
    "--workspace",
    "--features",
    "streembit/custom-protocol",
    "--locked",
];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder that cargo builds into.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// A cargo call on the whole workspace: `cargo VERB --workspace …`.
pub(crate) fn cargo(verb: &str) -> Program {
    Program::new("cargo").arg(verb).args(WHOLE)
}

/// A program that cargo built without optimisation.
pub(crate) fn built(name: &str) -> PathBuf {
    target().join("debug").join(name)
}
