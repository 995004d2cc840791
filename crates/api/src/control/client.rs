//! Asks the node that runs on a data folder.

use std::{collections::VecDeque, io, path::Path};

use serde_json::Value;
use thiserror::Error as ThisError;
use tokio::{
    io::{AsyncWriteExt as _, BufReader},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{Address, Line, Request, SUBSCRIBE, lines::read_line};
use crate::{Error, types::Event};

/// The longest answer that is read, in bytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// How many events are kept while an answer is awaited.
const MAX_KEPT: usize = 1024;

/// Why a call gave no result.
#[derive(Debug, ThisError)]
pub enum CallError {
    /// The command failed.
    #[error(transparent)]
    Command(#[from] Error),
    /// The node ended, or the connection broke.
    #[error("the connection to the node broke")]
    Connection(#[source] io::Error),
    /// No node runs on the folder.
    #[error("no node runs on this data folder")]
    NotRunning,
}

/// A connection to a running node.
#[derive(Debug)]
pub struct Client {
    kept: VecDeque<Event>,
    next: u64,
    reader: BufReader<OwnedReadHalf>,
    writer: OwnedWriteHalf,
}

impl Client {
    /// Connects to the node that runs on `folder`.
    ///
    /// # Errors
    /// [`CallError::NotRunning`] when there is none.
    pub async fn connect(folder: &Path) -> Result<Self, CallError> {
        let address = Address::of(folder).map_err(explain)?;
        let stream = UnixStream::connect(&address.path).await.map_err(explain)?;
        let (reader, writer) = stream.into_split();
        Ok(Self {
            kept: VecDeque::new(),
            next: 1,
            reader: BufReader::new(reader),
            writer,
        })
    }

    /// Runs a command and waits for its result.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(&mut self, command: &str, arguments: Value) -> Result<Value, CallError> {
        let id = self.next;
        self.next += 1;
        self.send(&Request {
            id,
            command: command.to_owned(),
            arguments,
        })
        .await?;
        loop {
            match self.read().await? {
                Line::Success {
                    id: answered,
                    result,
                } if answered == id => return Ok(result),
                Line::Failure {
                    id: answered,
                    error,
                } if answered.is_none_or(|it| it == id) => {
                    return Err(error.into());
                }
                Line::Event { event } if self.kept.len() < MAX_KEPT => self.kept.push_back(*event),
                Line::Success { .. } | Line::Failure { .. } | Line::Event { .. } => {}
            }
        }
    }

    /// Asks for events; [`Client::next_event`] gives them.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn subscribe(&mut self) -> Result<(), CallError> {
        self.call(SUBSCRIBE, Value::Null).await.map(drop)
    }

    /// Waits for the next event.
    ///
    /// # Errors
    /// [`CallError::Connection`] when the node has ended.
    pub async fn next_event(&mut self) -> Result<Event, CallError> {
        if let Some(event) = self.kept.pop_front() {
            return Ok(event);
        }
        loop {
            if let Line::Event { event } = self.read().await? {
                return Ok(*event);
            }
        }
    }

    async fn send(&mut self, request: &Request) -> Result<(), CallError> {
        let mut text = serde_json::to_vec(request)
            .map_err(|error| CallError::Connection(io::Error::other(error)))?;
        text.push(b'\n');
        self.writer
            .write_all(&text)
            .await
            .map_err(CallError::Connection)
    }

    async fn read(&mut self) -> Result<Line, CallError> {
        let line = read_line(&mut self.reader, MAX_ANSWER)
            .await
            .map_err(CallError::Connection)?
            .ok_or_else(|| CallError::Connection(io::ErrorKind::UnexpectedEof.into()))?;
        serde_json::from_slice(&line)
            .map_err(|error| CallError::Connection(io::Error::other(error)))
    }
}

/// A socket that is missing or that nobody serves means that no node runs.
fn explain(error: io::Error) -> CallError {
    if matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused
    ) {
        CallError::NotRunning
    } else {
        CallError::Connection(error)
    }
}
