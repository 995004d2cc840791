//! The headless node.

use std::process::ExitCode;

fn main() -> ExitCode {
    streembit_cli::main()
}
