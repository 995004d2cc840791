//! `td check` and `list check`: tell what is wrong in files.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde::Serialize;
use streembit_gate::list::List;
use streembit_things::{Description, description::LIMITS};

use crate::{failure::Failure, file::read_text, output};

/// The longest member list, in bytes.
const MAX_LIST: u64 = streembit_gate::list::MAX_BYTES as u64;

/// What is said of one file.
#[derive(Debug, Serialize)]
struct Verdict {
    file: String,
    ok: bool,
    errors: Vec<Fault>,
}

/// One thing that is wrong, and where.
#[derive(Debug, Serialize)]
struct Fault {
    path: String,
    message: String,
}

/// Checks Thing Descriptions.
pub(crate) fn descriptions(files: &[PathBuf]) -> Result<ExitCode, Failure> {
    check(
        files,
        |text| match Description::parse(text.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .violations()
                .into_iter()
                .map(|violation| Fault {
                    path: violation.path,
                    message: violation.message,
                })
                .collect(),
        },
        u64::try_from(LIMITS.bytes).unwrap_or(u64::MAX),
    )
}

/// Checks plain member lists.
pub(crate) fn lists(files: &[PathBuf]) -> Result<ExitCode, Failure> {
    check(
        files,
        |text| match List::parse(text) {
            Ok(_) => Vec::new(),
            Err(error) => error
                .issues
                .into_iter()
                .map(|issue| Fault {
                    path: format!("line {}", issue.line),
                    message: issue.problem.to_string(),
                })
                .collect(),
        },
        MAX_LIST,
    )
}

fn check(
    files: &[PathBuf],
    faults: impl Fn(&str) -> Vec<Fault>,
    limit: u64,
) -> Result<ExitCode, Failure> {
    let mut all_ok = true;
    for file in files {
        let errors = match read_text(file, limit) {
            Ok(text) => faults(&text),
            Err(Failure::Command(error)) => vec![unreadable(error.message)],
            Err(failure @ (Failure::NotRunning | Failure::Unread)) => return Err(failure),
        };
        let verdict = Verdict {
            file: shown(file),
            ok: errors.is_empty(),
            errors,
        };
        all_ok &= verdict.ok;
        output::print(&verdict)?;
    }
    Ok(if all_ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn unreadable(message: String) -> Fault {
    Fault {
        path: String::new(),
        message,
    }
}

fn shown(file: &Path) -> String {
    file.display().to_string()
}
