//! The control socket of a data folder: the command table as JSON lines.
//!
//! A request is `{"id", "command", "arguments"?}`, its answer `{"id", "result"}` or
//! `{"id", "error"}`. After the request `events_subscribe`, lines `{"event"}` follow. The socket
//! lies in the data folder and only the folder's owner can open it.

mod client;
pub(crate) mod lines;
mod server;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Code, Error, types::Event};

pub use client::{CallError, Client};
pub use server::Control;

/// The request after which events follow.
pub const SUBSCRIBE: &str = "events_subscribe";

/// The socket's name in the data folder.
const SOCKET: &str = "control.sock";

/// The longest line that is read, in bytes.
pub(crate) const MAX_LINE: usize = 1024 * 1024;

/// The longest path that every system takes for a socket, in bytes.
const MAX_SOCKET_PATH: usize = 100;

/// What a client asks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// Given back with the answer.
    id: u64,
    /// The command's name.
    pub(crate) command: String,
    /// The command's arguments.
    #[serde(default)]
    pub(crate) arguments: Value,
}

impl Request {
    /// Reads a line of a client.
    pub(crate) fn parse(line: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(line).map_err(|error| {
            let message = format!("the request cannot be read: {error}");
            Error::new(Code::InvalidArguments, message)
        })
    }
}

/// What a client is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line {
    /// The command failed.
    Failure {
        /// The request's id; `null` where the request could not be read.
        id: Option<u64>,
        /// Why.
        error: Error,
    },
    /// Something changed.
    Event {
        /// What.
        event: Box<Event>,
    },
    /// The command's result.
    Success {
        /// The request's id.
        id: u64,
        /// The result.
        result: Value,
    },
}

/// The address of a folder's socket; it holds the folder open where the path is too long.
struct Address {
    path: PathBuf,
    _folder: Option<File>,
}

impl Address {
    /// Finds the address of the socket in `folder`.
    fn of(folder: &Path) -> io::Result<Self> {
        let path = folder.join(SOCKET);
        if path.as_os_str().len() <= MAX_SOCKET_PATH {
            return Ok(Self {
                path,
                _folder: None,
            });
        }
        Self::short(folder)
    }

    /// Goes around the length limit of socket addresses by way of an open folder.
    #[cfg(target_os = "linux")]
    fn short(folder: &Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd as _;

        let open = File::open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", open.as_raw_fd()));
        Ok(Self {
            path,
            _folder: Some(open),
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn short(_folder: &Path) -> io::Result<Self> {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the path of the data folder is too long",
        ))
    }
}
