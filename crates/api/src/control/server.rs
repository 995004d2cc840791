//! Answers the clients of the control socket.

use std::{
    io,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncWriteExt as _, BufReader},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Semaphore, mpsc},
    task::JoinSet,
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::{debug, warn};

use super::{Address, Line, MAX_LINE, Request, SUBSCRIBE, lines::read_line};
use crate::{Code, Error, Events, Host, table};

/// How many clients are served at once.
const MAX_CLIENTS: usize = 64;

/// How many commands of one client run at once; more wait in the socket.
const MAX_RUNNING: usize = 32;

/// How many answers of one client wait to be read.
const MAX_ANSWERS: usize = 64;

/// How long to wait when a client cannot be accepted, most likely for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The listening socket of a data folder.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    owner: u32,
    path: PathBuf,
}

impl Control {
    /// Listens in `folder`, whose lock the caller holds.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn bind(folder: &Path) -> io::Result<Self> {
        let address = Address::of(folder)?;
        // The lock says that nobody serves it: what lies there was left by a crash.
        match std::fs::remove_file(&address.path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let listener = UnixListener::bind(&address.path)?;
        std::fs::set_permissions(&address.path, std::fs::Permissions::from_mode(0o600))?;
        let owner = std::fs::metadata(folder)?.uid();
        Ok(Self {
            listener,
            owner,
            path: folder.join(super::SOCKET),
        })
    }

    /// Serves clients with the commands of `host` until `stop`.
    pub async fn run(self, host: Host, stop: CancellationToken) {
        let mut clients = JoinSet::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(_) = clients.join_next() => {}
                accepted = self.listener.accept(), if clients.len() < MAX_CLIENTS => match accepted {
                    Ok((stream, _)) if self.is_own(&stream) => {
                        clients.spawn(serve(stream, host.clone(), stop.child_token()));
                    }
                    Ok(_) => warn!("Refused a client of another user"),
                    Err(error) => {
                        warn!(%error, "Could not accept a client");
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                    }
                },
            }
        }
        let _ = std::fs::remove_file(&self.path);
        while clients.join_next().await.is_some() {}
    }

    /// Whether the client runs as the folder's owner, or as root.
    fn is_own(&self, stream: &UnixStream) -> bool {
        stream
            .peer_cred()
            .is_ok_and(|peer| peer.uid() == self.owner || peer.uid() == 0)
    }
}

/// Serves one client until it leaves or `stop`.
async fn serve(stream: UnixStream, host: Host, stop: CancellationToken) {
    let (reader, writer) = stream.into_split();
    let (answers, queue) = mpsc::channel(MAX_ANSWERS);
    let writer = AbortOnDropHandle::new(tokio::spawn(write(writer, queue)));
    let client = Client {
        answers,
        commands: JoinSet::new(),
        events: None,
        host,
        running: Arc::new(Semaphore::new(MAX_RUNNING)),
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = client.run(BufReader::new(reader)) => {
            let _ = writer.await;
        }
    }
}

/// One client, and what runs for it.
struct Client {
    answers: mpsc::Sender<Line>,
    commands: JoinSet<()>,
    events: Option<AbortOnDropHandle<()>>,
    host: Host,
    running: Arc<Semaphore>,
}

impl Client {
    /// Takes requests until there are no more, and finishes what they asked.
    async fn run(mut self, mut reader: BufReader<OwnedReadHalf>) {
        loop {
            while self.commands.try_join_next().is_some() {}
            match read_line(&mut reader, MAX_LINE).await {
                Ok(Some(line)) => self.take(&line).await,
                Ok(None) => break,
                Err(error) => {
                    self.refuse(Error::new(Code::TooLarge, error.to_string()))
                        .await;
                    break;
                }
            }
        }
        // A client that only closed its writing side still gets its answers.
        while self.commands.join_next().await.is_some() {}
    }

    async fn take(&mut self, line: &[u8]) {
        match Request::parse(line) {
            Ok(request) if request.command == SUBSCRIBE => self.subscribe(request.id).await,
            Ok(request) => self.start(request).await,
            Err(error) => self.refuse(error).await,
        }
    }

    async fn subscribe(&mut self, id: u64) {
        let events = self.host.events();
        let _ = self
            .answers
            .send(Line::Success {
                id,
                result: Value::Null,
            })
            .await;
        if self.events.is_none() {
            let task = tokio::spawn(forward(events, self.answers.clone()));
            self.events = Some(AbortOnDropHandle::new(task));
        }
    }

    /// Starts a command once there is room for it.
    async fn start(&mut self, request: Request) {
        let Ok(permit) = Arc::clone(&self.running).acquire_owned().await else {
            return;
        };
        let (host, answers) = (self.host.clone(), self.answers.clone());
        self.commands.spawn(async move {
            let Request {
                id,
                command,
                arguments,
            } = request;
            let line = match table::dispatch(&host, &command, arguments).await {
                Ok(result) => Line::Success { id, result },
                Err(error) => Line::Failure {
                    id: Some(id),
                    error,
                },
            };
            let _ = answers.send(line).await;
            drop(permit);
        });
    }

    async fn refuse(&self, error: Error) {
        let _ = self.answers.send(Line::Failure { id: None, error }).await;
    }
}

/// Passes events on; a client that reads too slowly gets `lagged`.
async fn forward(mut events: Events, answers: mpsc::Sender<Line>) {
    while let Some(event) = events.next().await {
        if answers
            .send(Line::Event {
                event: Box::new(event),
            })
            .await
            .is_err()
        {
            break;
        }
    }
}

async fn write(mut writer: OwnedWriteHalf, mut queue: mpsc::Receiver<Line>) {
    while let Some(line) = queue.recv().await {
        let Ok(mut text) = serde_json::to_vec(&line) else {
            continue;
        };
        text.push(b'\n');
        if let Err(error) = writer.write_all(&text).await {
            debug!(%error, "A client went away");
            break;
        }
    }
}
