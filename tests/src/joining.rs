//! A computer that is being linked to the account of another, in a process of its own.

use std::process::Stdio;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::deadline::{PATIENCE, within};
use crate::node::Draft;
use crate::program;

/// A computer that shows its code and waits; it is killed when this is dropped.
#[derive(Debug)]
pub struct Joining {
    draft: Draft,
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    code: String,
}

impl Draft {
    /// Shows `link` to the computer that made it, and waits for the code.
    ///
    /// # Errors
    /// When it gets none.
    pub async fn link(self, link: &str) -> anyhow::Result<Joining> {
        let file = self.folder().with_extension("link");
        std::fs::write(&file, link)?;
        let mut child = Command::new(program::built("streembit-node")?)
            .args(["init", "--key-store", "file", "--link"])
            .arg(file)
            .arg("--data")
            .arg(self.folder())
            .arg("--passphrase-file")
            .arg(self.passphrase_file())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let output = child.stdout.take().context("no output")?;
        let mut lines = BufReader::new(output).lines();
        let first = within(PATIENCE, "the code of the link", lines.next_line()).await??;
        let first = first.context("it ended without a code")?;
        let said: Value = serde_json::from_str(&first)?;
        let code = said.get("code").and_then(Value::as_str);
        let code = code.context("no code")?.to_owned();
        Ok(Joining {
            draft: self,
            child,
            lines,
            code,
        })
    }
}

impl Joining {
    /// The code that it shows.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Waits until everything has come.
    ///
    /// # Errors
    /// When it was refused.
    pub async fn finish(mut self) -> anyhow::Result<Draft> {
        let last = within(PATIENCE, "the end of linking", self.lines.next_line()).await??;
        let status = within(PATIENCE, "its end", self.child.wait()).await??;
        if !status.success() {
            bail!("linking failed: {last:?}");
        }
        Ok(self.draft)
    }

    /// Kills it, as a power cut would.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}
