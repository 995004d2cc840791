//! Runs other programs, shows what they print and counts the tests that they report.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::workspace;

/// Tests that a program said it had run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Count {
    /// Adds what `other` counted.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Reads the closing line of nextest, of the built-in test runner or of Vitest.
    fn read(line: &str) -> Self {
        let line = line.trim_start();
        let closing = line.starts_with("Summary [")
            || line.starts_with("test result:")
            || line.starts_with("Tests  ");
        if !closing {
            return Self::default();
        }
        let mut count = Self::default();
        let words: Vec<&str> = line
            .split([' ', ',', ';', '|'])
            .filter(|word| !word.is_empty())
            .collect();
        for pair in words.windows(2) {
            if let [number, word] = pair
                && let Ok(number) = number.parse::<u64>()
            {
                match *word {
                    "passed" => count.passed += number,
                    "failed" | "timed" => count.failed += number,
                    _ => {}
                }
            }
        }
        count
    }
}

/// A program about to be run, by default in the root of the repository.
#[derive(Debug)]
pub(crate) struct Program {
    command: Command,
    line: String,
}

impl Program {
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let line = name.as_ref().to_string_lossy().into_owned();
        let mut command = Command::new(name);
        command.current_dir(workspace::root()).stdin(Stdio::null());
        // What cargo tells this program of itself is no business of another cargo: some crates
        // would be built anew each time, depending on who calls.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        Self { command, line }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.line.push(' ');
        self.line.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(self, args: I) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Keeps the terminal, for programs that ask (sudo) or that end with a key (the app).
    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        println!("    {}", self.line);
        self.command.stdin(Stdio::inherit());
        let status = self
            .command
            .status()
            .with_context(|| format!("could not start `{}`", self.line))?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line);
        }
        Ok(())
    }

    /// Runs it, passing on what it prints, and counts the tests it reports even when it fails.
    pub(crate) fn count(mut self, count: &mut Count) -> anyhow::Result<()> {
        println!("    {}", self.line);
        let (reader, writer) = pipe()?;
        self.command.stdout(writer.try_clone()?).stderr(writer);
        let mut child = self
            .command
            .spawn()
            .with_context(|| format!("could not start `{}`", self.line))?;
        // The command holds the writing ends of the pipe; without it the pipe ends with the child.
        drop(self.command);
        for line in BufReader::new(reader).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
            count.add(Count::read(&plain(&line)));
            println!("    {line}");
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line);
        }
        Ok(())
    }

    /// Runs it and returns what it printed.
    pub(crate) fn output(mut self) -> anyhow::Result<String> {
        let output = self
            .command
            .output()
            .with_context(|| format!("could not start `{}`", self.line))?;
        if !output.status.success() {
            bail!(
                "`{}` ended with {}: {}",
                self.line,
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Becomes the program, so that signals reach it and nothing stays in between.
    pub(crate) fn become_it(mut self) -> anyhow::Result<()> {
        use std::os::unix::process::CommandExt;
        println!("    {}", self.line);
        self.command.stdin(Stdio::inherit());
        let error = self.command.exec();
        Err(error).with_context(|| format!("could not start `{}`", self.line))
    }
}

/// The path of `name` on the search path, if it is there.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// `line` without the sequences that colour it.
fn plain(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            for inner in characters.by_ref() {
                if inner.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_each_runner_reports() {
        let lines = [
            (
                "     Summary [   0.005s] 4 tests run: 3 passed (1 slow), 1 failed, 2 skipped",
                3,
                1,
            ),
            (
                "     Summary [  61.000s] 2 tests run: 1 passed, 1 timed out, 0 skipped",
                1,
                1,
            ),
            (
                "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured",
                5,
                0,
            ),
            (
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m12 passed\u{1b}[39m (12)",
                12,
                0,
            ),
            ("      Tests  1 failed | 11 passed (12)", 11, 1),
            (" Test Files  3 passed (3)", 0, 0),
        ];
        for (line, passed, failed) in lines {
            assert_eq!(
                Count::read(&plain(line)),
                Count { passed, failed },
                "{line}"
            );
        }
    }
}
