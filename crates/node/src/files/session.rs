//! One stream on which a file comes in: bytes are read here, checked and written on a thread of
//! their own, and what became of them is told to whoever holds the session.

use std::{fs::File, io, sync::Arc, time::Duration};

use futures::{
    AsyncReadExt, AsyncWriteExt,
    io::{ReadHalf, WriteHalf},
};
use libp2p::Stream;
use streembit_delivery::transfer::{
    ANSWER, Answer, Ask, Cipher, Event, GROUP, Hello, LEAVES, Layout, Leaves, Stop, TAG,
};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::disk;

/// Groups that are read and not written yet, besides the one that is being read.
const PIPE: usize = 3;
/// Asks that are open at once.
const ASKS: usize = 64;
/// How long the other side may take to answer, and to take an ask.
const DEADLINE: Duration = Duration::from_secs(30);

/// What opening a file's stream came to.
pub(super) enum Opened {
    /// It is open.
    Go(Box<Session>),
    /// The sender gives nothing.
    Stop(Stop),
    /// The sender's list of hashes is not that of the file.
    Wrong,
}

/// What is known of the file that a stream is for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) cipher: Cipher,
    pub(super) hello: Hello,
    pub(super) layout: Layout,
    pub(super) leaves: Option<Arc<Leaves>>,
    pub(super) root: [u8; 32],
}

/// A stream on which groups come.
pub(super) struct Session {
    /// The leaves, where they came with it.
    pub(super) leaves: Arc<Leaves>,
    reader: ReadHalf<Stream>,
    writer: WriteHalf<Stream>,
}

/// A session whose bytes are read and written by tasks of its own, which end with it.
pub(super) struct Running {
    asked: mpsc::Sender<Ask>,
    /// What became of what came.
    pub(super) events: mpsc::Receiver<Event>,
    _reading: AbortOnDropHandle<()>,
    writer: WriteHalf<Stream>,
}

/// Greets the sender, and takes its answer and its leaves.
pub(super) async fn open(stream: Stream, wanted: Wanted) -> io::Result<Opened> {
    let (mut reader, mut writer) = stream.split();
    let exchange = async {
        writer.write_all(&wanted.hello.to_bytes()).await?;
        writer.flush().await?;
        let mut answer = [0; ANSWER];
        reader.read_exact(&mut answer).await?;
        match Answer::from_byte(u8::from_be_bytes(answer)) {
            None => return Ok(Opened::Wrong),
            Some(Answer::Stop(stop)) => return Ok(Opened::Stop(stop)),
            Some(Answer::Go) => {}
        }
        let leaves = match wanted.leaves {
            Some(leaves) => leaves,
            None => {
                let length = wanted.layout.count() as usize * 32 + TAG;
                let sealed = crate::net::codec::fill(&mut reader, length).await?;
                match read_leaves(sealed, &wanted) {
                    Some(leaves) => leaves,
                    None => return Ok(Opened::Wrong),
                }
            }
        };
        Ok(Opened::Go(Box::new(Session {
            leaves,
            reader,
            writer,
        })))
    };
    tokio::time::timeout(DEADLINE, exchange).await?
}

fn read_leaves(mut sealed: Vec<u8>, wanted: &Wanted) -> Option<Arc<Leaves>> {
    let plain = wanted.cipher.open(LEAVES, &mut sealed).ok()?;
    let leaves = Leaves::verified(wanted.layout, plain, &wanted.root).ok()?;
    Some(Arc::new(leaves))
}

impl Session {
    /// Begins to take groups, which go to `part`.
    pub(super) fn run(self, cipher: Cipher, part: File) -> Running {
        let (asked, expected) = mpsc::channel(ASKS);
        let (tell, events) = mpsc::channel(64);
        let (full, groups) = mpsc::channel(PIPE);
        let (spare, empty) = mpsc::channel(PIPE + 2);
        let leaves = self.leaves;
        let reading = Reading {
            empty,
            expected,
            full,
            layout: *leaves.layout(),
            made: 0,
            reader: self.reader,
            tell: tell.clone(),
        };
        let writing = Writing {
            cipher,
            groups,
            leaves,
            part,
            spare,
            tell,
        };
        // It ends with the reader, at the other end of its channel.
        tokio::task::spawn_blocking(move || writing.run());
        Running {
            asked,
            events,
            _reading: AbortOnDropHandle::new(tokio::spawn(reading.run())),
            writer: self.writer,
        }
    }
}

impl Running {
    /// Says what is wanted next.
    pub(super) async fn ask(&mut self, ask: Ask) -> io::Result<()> {
        // More than the window of a fetch allows are never open.
        let expected = self.asked.try_send(ask);
        expected.map_err(|_| io::ErrorKind::BrokenPipe)?;
        let saying = async {
            self.writer.write_all(&ask.to_bytes()).await?;
            self.writer.flush().await
        };
        tokio::time::timeout(DEADLINE, saying).await?
    }
}

/// What comes off a stream.
enum Came {
    /// Nothing more, for this reason.
    End(Event),
    /// A group, encrypted.
    Group(u32, Vec<u8>),
}

/// Takes groups off the stream.
struct Reading {
    empty: mpsc::Receiver<Vec<u8>>,
    expected: mpsc::Receiver<Ask>,
    full: mpsc::Sender<Came>,
    layout: Layout,
    made: usize,
    reader: ReadHalf<Stream>,
    tell: mpsc::Sender<Event>,
}

impl Reading {
    async fn run(mut self) {
        let ended = match self.take().await {
            Ok(Some(stop)) => Event::Stopped(stop),
            Ok(None) => Event::Wrong,
            Err(_) => Event::Closed,
        };
        // What came before it is written first.
        let _ = self.full.send(Came::End(ended)).await;
    }

    /// Ends with the sender's reason, with none where it broke the rules, or with the stream.
    async fn take(&mut self) -> io::Result<Option<Stop>> {
        while let Some(ask) = self.expected.recv().await {
            for index in ask.first..ask.first.saturating_add(ask.count) {
                if let Some(reason) = self.group(index).await? {
                    return Ok(Stop::from_byte(reason));
                }
            }
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    /// Takes one group and hands it on, or returns the sender's reason for giving none.
    async fn group(&mut self, index: u32) -> io::Result<Option<u8>> {
        let mut mark = [0];
        self.reader.read_exact(&mut mark).await?;
        if mark != [GROUP] {
            self.reader.read_exact(&mut mark).await?;
            let [reason] = mark;
            return Ok(Some(reason));
        }
        // Buffers go round: none is made anew once the pipe is full.
        let mut buffer = match self.empty.try_recv() {
            Ok(buffer) => buffer,
            Err(_) if self.made < PIPE + 2 => {
                self.made += 1;
                Vec::new()
            }
            Err(_) => self.empty.recv().await.unwrap_or_default(),
        };
        buffer.resize(self.layout.length(index) + TAG, 0);
        self.reader.read_exact(&mut buffer).await?;
        let told = self.tell.send(Event::Arrived).await;
        told.map_err(|_| io::ErrorKind::BrokenPipe)?;
        let handed = self.full.send(Came::Group(index, buffer)).await;
        handed.map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(None)
    }
}

/// Checks and writes groups, on a thread that may wait.
struct Writing {
    cipher: Cipher,
    groups: mpsc::Receiver<Came>,
    leaves: Arc<Leaves>,
    part: File,
    spare: mpsc::Sender<Vec<u8>>,
    tell: mpsc::Sender<Event>,
}

impl Writing {
    fn run(mut self) {
        while let Some(came) = self.groups.blocking_recv() {
            let (event, buffer) = match came {
                Came::Group(index, mut buffer) => (self.take(index, &mut buffer), buffer),
                Came::End(event) => (event, Vec::new()),
            };
            let is_over = !matches!(event, Event::Stored { .. });
            if self.tell.blocking_send(event).is_err() || is_over {
                return;
            }
            // A reader that has ended needs none.
            let _ = self.spare.try_send(buffer);
        }
    }

    fn take(&mut self, index: u32, buffer: &mut [u8]) -> Event {
        let Ok(plain) = self.cipher.open(index, buffer) else {
            return Event::Wrong;
        };
        if !self.leaves.is_group(index, plain) {
            return Event::Wrong;
        }
        match disk::write_group(&mut self.part, self.leaves.layout(), index, plain) {
            Ok(()) => Event::Stored { index },
            Err(error) => {
                tracing::warn!(%error, "Could not write a file that comes");
                Event::Held
            }
        }
    }
}
