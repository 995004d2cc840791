//! Gives files out, on streams that their recipients open.

use std::{fs::File, io, path::PathBuf, sync::Arc, time::Duration};

use futures::{
    AsyncReadExt, AsyncWriteExt,
    io::{ReadHalf, WriteHalf},
};
use libp2p::Stream;
use streembit_delivery::transfer::{
    ASK, Answer, Ask, Cipher, Hello, LEAVES, Layout, Leaves, Rate, STOP, Serve, Stop,
};
use streembit_gate::ContactState;
use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_store::{Direction, FileChange, FileKey, FileState, StoredFile};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, info, warn};

use super::{
    blocking,
    disk::{self, ReadError},
    live::{self, Doing, Entry, Standing},
};
use crate::{contacts, net::streams::Incoming, networks::Network, node::Node};

/// Groups that are read and encrypted ahead.
const PIPE: usize = 3;
/// Asks that wait to be looked at.
const ASKS: usize = 64;
/// How long a greeting may take, and a group to leave.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long a stream may be open without an ask.
const IDLE: Duration = Duration::from_secs(180);

/// A file that may be given out on a stream.
struct Ready {
    cipher: Cipher,
    leaves: Arc<Leaves>,
    path: PathBuf,
    source: File,
}

/// What the reading thread hands on.
enum Piece {
    Group(Vec<u8>),
    Stop(Stop),
}

impl Node {
    /// Takes the streams that others open in a network, until it stops.
    pub(crate) async fn serve_files(self, network: Arc<Network>, mut incoming: Incoming) {
        while let Some((remote, stream)) = incoming.next().await {
            let Some(account) = network.keeper().account_of(&remote) else {
                continue;
            };
            let Some(place) = self.0.files.serve(account) else {
                self.spawn(refuse(stream, Stop::Busy));
                continue;
            };
            let (node, network) = (self.clone(), network.clone());
            self.spawn(async move {
                if let Err(error) = node.serve_file(&network, remote, account, stream).await {
                    debug!(%error, "A file's stream ended");
                }
                drop(place);
            });
        }
    }

    async fn serve_file(
        &self,
        network: &Network,
        remote: NodeId,
        account: AccountId,
        stream: Stream,
    ) -> io::Result<()> {
        let (mut reader, mut writer) = stream.split();
        let mut hello = [0; Hello::LENGTH];
        within(reader.read_exact(&mut hello)).await?;
        let Some(hello) = Hello::from_bytes(&hello) else {
            network.keeper().note_unverifiable(&remote);
            return Err(io::ErrorKind::InvalidData.into());
        };
        let key = FileKey {
            network: network.id(),
            peer: account,
            id: hello.id,
        };
        let (file, ready) = match self.ready(key).await {
            Ok(ready) => ready,
            Err(stop) => return say(&mut writer, &[stop.to_byte()]).await,
        };
        say(&mut writer, &[Answer::Go.to_byte()]).await?;
        if hello.wants_leaves {
            let mut list = ready.leaves.as_bytes().to_vec();
            let tag = ready.cipher.seal(LEAVES, &mut list);
            list.extend_from_slice(&tag.map_err(|_| io::ErrorKind::InvalidData)?);
            say(&mut writer, &list).await?;
        }
        self.pour(file, ready, hello, reader, writer).await
    }

    /// Opens a file for whoever it was offered to, if all is as it was.
    async fn ready(&self, key: FileKey) -> Result<(StoredFile, Ready), Stop> {
        let file = self.store().file(key).await.map_err(|_| Stop::Busy)?;
        let offered = file.filter(|file| file.direction == Direction::Out);
        let file = offered.ok_or(Stop::Unknown)?;
        match file.state {
            FileState::Offered | FileState::Accepted | FileState::Done => {}
            FileState::Preparing => return Err(Stop::Unknown),
            FileState::Declined | FileState::Cancelled | FileState::Failed => {
                return Err(Stop::Gone);
            }
        }
        if !self.may_have(key.network, key.peer).await {
            return Err(Stop::Unknown);
        }
        let groups = self.store().file_groups(key).await;
        let list = groups.map_err(|_| Stop::Busy)?.leaves.unwrap_or_default();
        let layout = Layout::new(file.size).ok_or(Stop::Unknown)?;
        let leaves = Leaves::verified(layout, &list, &file.root).map_err(|_| Stop::Unknown)?;
        let cipher = Cipher::new(&file.secret).map_err(|_| Stop::Unknown)?;
        let path = PathBuf::from(file.path.clone().unwrap_or_default());
        let opening = path.clone();
        let opened = blocking(move || disk::open_source(&opening, &layout)).await;
        match opened.map_err(|_| Stop::Busy)? {
            Ok(source) => Ok((
                file,
                Ready {
                    cipher,
                    leaves: Arc::new(leaves),
                    path,
                    source,
                },
            )),
            Err(error) => Err(self.say_why(key, &error).await),
        }
    }

    /// In the public network only contacts get anything.
    async fn may_have(&self, network: NetworkId, peer: AccountId) -> bool {
        network != NetworkId::PUBLIC
            || contacts::state(self, network, peer)
                .await
                .is_ok_and(|state| state == ContactState::Accepted)
    }

    /// Notes why a file of ours cannot be sent, for both sides to know.
    async fn say_why(&self, key: FileKey, error: &ReadError) -> Stop {
        let (stop, why) = match error {
            ReadError::Changed => (Stop::Changed, "changed"),
            ReadError::Io(error) if error.kind() == io::ErrorKind::NotFound => (Stop::Gone, "gone"),
            ReadError::Io(error) => {
                warn!(%error, "Could not read a file that is to be sent");
                (Stop::Unreadable, "unreadable")
            }
        };
        let change = FileChange {
            failure: Some(why.to_owned()),
            ..FileChange::default()
        };
        let open = &[FileState::Offered, FileState::Accepted];
        if let Err(error) = self.store().change_file(key, open, change).await {
            warn!(%error, "Could not note why a file is not sent");
        }
        live::tell(self, key);
        stop
    }

    /// Sends what is asked for until the other side has enough, or the file is stopped.
    async fn pour(
        &self,
        file: StoredFile,
        ready: Ready,
        hello: Hello,
        reader: ReadHalf<Stream>,
        writer: WriteHalf<Stream>,
    ) -> io::Result<()> {
        let layout = *ready.leaves.layout();
        let (asks, asked) = mpsc::channel(ASKS);
        let (full, pieces) = mpsc::channel(PIPE);
        let (spare, empty) = mpsc::channel(PIPE + 2);
        let listening = AbortOnDropHandle::new(tokio::spawn(listen(reader, asks)));
        // It ends with the other ends of its channels.
        tokio::task::spawn_blocking(move || read_ahead(ready, asked, &full, empty));
        let entry = Entry::new(self, file.key, Doing::Moving);
        let stop = match &entry {
            Some(entry) => entry.stop.clone(),
            None => self.stop_token(),
        };
        let mut pouring = Pouring {
            done: u64::from(hello.has).saturating_mul(layout.group()),
            entry,
            given: 0,
            layout,
            node: self.clone(),
            pieces,
            rate: Rate::new(layout.group(), self.now()),
            spare,
            writer,
        };
        let outcome = tokio::select! {
            () = stop.cancelled() => Ok(None),
            outcome = pouring.run() => outcome,
        };
        info!(id = %file.key.id, has = hello.has, given = pouring.given, "Gave a file out");
        drop((listening, pouring.entry));
        live::tell(self, file.key);
        if let Some(stop) = outcome? {
            let error = match stop {
                Stop::Changed => ReadError::Changed,
                Stop::Gone => ReadError::Io(io::ErrorKind::NotFound.into()),
                Stop::Busy | Stop::Unknown | Stop::Unreadable => {
                    ReadError::Io(io::ErrorKind::Other.into())
                }
            };
            self.say_why(file.key, &error).await;
        }
        Ok(())
    }
}

/// Puts pieces on the stream.
struct Pouring {
    done: u64,
    entry: Option<Entry>,
    given: u32,
    layout: Layout,
    node: Node,
    pieces: mpsc::Receiver<Piece>,
    rate: Rate,
    spare: mpsc::Sender<Vec<u8>>,
    writer: WriteHalf<Stream>,
}

impl Pouring {
    /// Ends with the stream, or with the reason that was said on it.
    async fn run(&mut self) -> io::Result<Option<Stop>> {
        loop {
            let piece = tokio::time::timeout(IDLE, self.pieces.recv()).await?;
            match piece {
                None => return Ok(None),
                Some(Piece::Stop(stop)) => {
                    say(&mut self.writer, &[STOP, stop.to_byte()]).await?;
                    return Ok(Some(stop));
                }
                Some(Piece::Group(group)) => {
                    within(self.writer.write_all(&group)).await?;
                    if self.pieces.is_empty() {
                        within(self.writer.flush()).await?;
                    }
                    self.note();
                    // A reader that has ended needs none.
                    let _ = self.spare.try_send(group);
                }
            }
        }
    }

    fn note(&mut self) {
        let now = self.node.now();
        self.given += 1;
        self.rate.count(self.layout.group(), now);
        self.done = self.done.saturating_add(self.layout.group());
        if let Some(entry) = &self.entry {
            entry.note(Standing {
                done: self.done.min(self.layout.size()),
                rate: self.rate.per_second(now),
                doing: Doing::Moving,
            });
        }
    }
}

/// Reads asks off the stream until it ends; whoever asks without end is no longer heard.
async fn listen(mut reader: ReadHalf<Stream>, asks: mpsc::Sender<Ask>) {
    let mut bytes = [0; ASK];
    while reader.read_exact(&mut bytes).await.is_ok() {
        let Some(ask) = Ask::from_bytes(bytes) else {
            return;
        };
        if asks.send(ask).await.is_err() {
            return;
        }
    }
}

/// Reads, checks and encrypts what is asked for, on a thread that may wait.
fn read_ahead(
    mut ready: Ready,
    mut asked: mpsc::Receiver<Ask>,
    full: &mpsc::Sender<Piece>,
    mut empty: mpsc::Receiver<Vec<u8>>,
) {
    let mut serve = Serve::new(*ready.leaves.layout());
    let mut made = 0;
    loop {
        let index = loop {
            while let Ok(ask) = asked.try_recv() {
                if serve.ask(ask).is_err() {
                    return;
                }
            }
            if let Some(index) = serve.next_group() {
                break index;
            }
            let Some(ask) = asked.blocking_recv() else {
                return;
            };
            if serve.ask(ask).is_err() {
                return;
            }
        };
        let mut buffer = match empty.try_recv() {
            Ok(buffer) => buffer,
            Err(_) if made < PIPE + 2 => {
                made += 1;
                Vec::new()
            }
            Err(_) => match empty.blocking_recv() {
                Some(buffer) => buffer,
                None => return,
            },
        };
        let piece = match read_piece(&mut ready, index, &mut buffer) {
            Ok(()) => Piece::Group(buffer),
            Err(stop) => Piece::Stop(stop),
        };
        let is_over = matches!(piece, Piece::Stop(_));
        if full.blocking_send(piece).is_err() || is_over {
            return;
        }
    }
}

fn read_piece(ready: &mut Ready, index: u32, buffer: &mut Vec<u8>) -> Result<(), Stop> {
    let read = disk::read_group(
        &mut ready.source,
        &ready.leaves,
        &ready.cipher,
        index,
        buffer,
    );
    read.map_err(|error| match error {
        ReadError::Changed => Stop::Changed,
        ReadError::Io(error) => {
            warn!(%error, path = ?ready.path.file_name(), "Could not read a file that is sent");
            Stop::Unreadable
        }
    })
}

async fn refuse(stream: Stream, stop: Stop) {
    let (mut reader, mut writer) = stream.split();
    let mut hello = [0; Hello::LENGTH];
    let refusing = async {
        within(reader.read_exact(&mut hello)).await?;
        say(&mut writer, &[stop.to_byte()]).await
    };
    if let Err(error) = refusing.await {
        debug!(%error, "A file's stream ended");
    }
}

async fn say(writer: &mut WriteHalf<Stream>, bytes: &[u8]) -> io::Result<()> {
    within(async {
        writer.write_all(bytes).await?;
        writer.flush().await
    })
    .await
}

async fn within<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(DEADLINE, work).await?
}
