//! A connection to a node's control socket: JSON lines, one request at a time.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use crate::deadline::within;

/// How long any command may take.
const LIMIT: Duration = Duration::from_secs(60);

/// An error that a command answered with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CallError {
    /// The stable code.
    pub code: String,
    /// The explanation for people.
    pub message: String,
}

impl std::fmt::Display for CallError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for CallError {}

/// One client of a control socket.
#[derive(Debug)]
pub struct Line {
    next: u64,
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Line {
    /// Connects to the node whose data lies in `folder`.
    ///
    /// # Errors
    /// When no node runs there.
    pub async fn connect(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("control.sock");
        let stream = UnixStream::connect(&path)
            .await
            .with_context(|| path.display().to_string())?;
        let (reader, writer) = stream.into_split();
        Ok(Self {
            next: 1,
            reader: BufReader::new(reader),
            writer,
        })
    }

    /// Runs a command; the inner error is the command's own answer.
    ///
    /// # Errors
    /// When the connection breaks or no answer comes.
    pub async fn ask(
        &mut self,
        command: &str,
        arguments: Value,
    ) -> anyhow::Result<Result<Value, CallError>> {
        let id = self.next;
        self.next += 1;
        let mut request =
            json!({ "id": id, "command": command, "arguments": arguments }).to_string();
        request.push('\n');
        self.writer.write_all(request.as_bytes()).await?;
        loop {
            let mut answer = within(LIMIT, command, self.read()).await??;
            if answer.get("id").and_then(Value::as_u64) != Some(id) {
                continue;
            }
            if let Some(error) = answer.get("error") {
                let text = |name: &str| {
                    error
                        .get(name)
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned()
                };
                return Ok(Err(CallError {
                    code: text("code"),
                    message: text("message"),
                }));
            }
            return Ok(Ok(answer
                .get_mut("result")
                .map(Value::take)
                .unwrap_or_default()));
        }
    }

    /// Asks for events; [`Line::read_event`] gives them.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn subscribe(&mut self) -> anyhow::Result<()> {
        self.ask("events_subscribe", Value::Null).await??;
        Ok(())
    }

    /// Waits for the next event.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn read_event(&mut self) -> anyhow::Result<Value> {
        loop {
            if let Some(event) = self.read().await?.get_mut("event") {
                return Ok(event.take());
            }
        }
    }

    async fn read(&mut self) -> anyhow::Result<Value> {
        let mut line = String::new();
        if self.reader.read_line(&mut line).await? == 0 {
            return Err(anyhow!("the node closed the connection"));
        }
        serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))
    }
}
