//! Brings an accepted file here: does what the pure `Fetch` says until the file is whole.

use std::{
    future::Future,
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use streembit_delivery::transfer::{
    Action, Cipher, Event, Failure, Fetch, Have, Hello, Layout, Leaves,
};
use streembit_identity::{NodeId, Timestamp};
use streembit_store::{FileChange, FileKey, FileState, StoredFile};
use tokio::{sync::OwnedSemaphorePermit, time::Instant};
use tracing::{debug, warn};

use super::{
    FileError, blocking, disk, end,
    live::{Doing, Entry, Standing},
    place,
    session::{self, Opened, Running, Wanted},
};
use crate::node::{Node, fill};

/// How long finding the sender may take; below what the fetch allows for opening a stream.
const SEARCH: Duration = Duration::from_secs(20);
/// How often it is noted which groups are there.
const CHECKPOINT: Duration = Duration::from_secs(1);
/// How long a disk is left alone that does not take a whole file's name.
const PAUSE: Duration = Duration::from_secs(30);
/// The clock of the system may jump: a wait is looked at again after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// A stream that is being opened, and to whom.
type Opening = Pin<Box<dyn Future<Output = Result<(NodeId, Opened), Refused>> + Send>>;

/// Why no stream was opened.
enum Refused {
    /// As many files come as may.
    Busy,
    /// Nobody there.
    Closed,
}

/// One file on its way here.
struct Coming {
    cipher: Cipher,
    entry: Entry,
    fetch: Fetch,
    file: StoredFile,
    from: Option<NodeId>,
    leaves: Option<Arc<Leaves>>,
    node: Node,
    noted_at: Instant,
    opening: Option<Opening>,
    part: PathBuf,
    place: Option<OwnedSemaphorePermit>,
    running: Option<Running>,
    wake_at: Option<Timestamp>,
}

/// Begins to bring a file here, or goes on.
pub(super) fn begin(node: &Node, key: FileKey) {
    let node = node.clone();
    node.clone().spawn(async move {
        let Some(entry) = Entry::new(&node, key, Doing::Waiting) else {
            return;
        };
        let stop = entry.stop.clone();
        let work = async {
            if let Err(error) = bring(&node, entry).await {
                warn!(id = %key.id, %error, "Could not go on with a file");
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
        // Its place is free for another.
        node.0.files.nudge(key.network, key.peer);
    });
}

async fn bring(node: &Node, entry: Entry) -> Result<(), FileError> {
    let Some(mut coming) = Coming::take_up(node, entry).await? else {
        return Ok(());
    };
    let ended = coming.run().await?;
    let Coming { entry, file, .. } = coming;
    match ended {
        Ok(()) => put_in_place(node, &entry, &file).await?,
        Err(failure) => end::fail(node, &file, failure).await?,
    }
    Ok(())
}

/// Gives a whole file its name, as soon as the disk allows.
async fn put_in_place(node: &Node, entry: &Entry, file: &StoredFile) -> Result<(), FileError> {
    loop {
        match end::finish(node, file).await {
            Err(FileError::Io(error)) => {
                warn!(%error, "Could not put a file in its place");
                entry.note(Standing {
                    done: file.size,
                    rate: 0,
                    doing: Doing::Held,
                });
                let _ = tokio::time::timeout(PAUSE, entry.nudge.notified()).await;
            }
            other => return other,
        }
    }
}

impl Coming {
    /// Reads what is known of a file, and looks what of it is here.
    async fn take_up(node: &Node, entry: Entry) -> Result<Option<Self>, FileError> {
        let store = node.store();
        let file = store.file(entry.key).await?;
        let Some(file) = file.filter(|file| file.state == FileState::Accepted) else {
            return Ok(None);
        };
        let (Some(layout), Ok(cipher)) = (Layout::new(file.size), Cipher::new(&file.secret)) else {
            return Ok(None);
        };
        let groups = store.file_groups(entry.key).await?;
        let leaves = groups
            .leaves
            .and_then(|bytes| Leaves::verified(layout, &bytes, &file.root).ok())
            .map(Arc::new);
        let noted = groups.have.as_deref();
        let noted = noted.and_then(|bytes| Have::from_bytes(bytes, layout.count()));
        let noted = noted.unwrap_or_else(|| Have::none(layout.count()));
        let part = PathBuf::from(file.part.clone().unwrap_or_default());
        let have = look(&entry, &part, layout, leaves.clone(), noted).await?;
        Ok(Some(Self {
            cipher,
            entry,
            fetch: Fetch::new(layout, have, node.now()),
            file,
            from: None,
            leaves,
            node: node.clone(),
            noted_at: Instant::now(),
            opening: None,
            part,
            place: None,
            running: None,
            wake_at: None,
        }))
    }

    /// Runs until the file is whole, or will never be.
    async fn run(&mut self) -> Result<Result<(), Failure>, FileError> {
        let mut event = Event::Reachable;
        loop {
            let mut is_cut = false;
            for action in self.fetch.handle(event, self.node.now(), jitter()) {
                match action {
                    Action::Open => self.opening = Some(self.open()),
                    Action::Ask(ask) => {
                        if let Some(running) = &mut self.running {
                            is_cut |= running.ask(ask).await.is_err();
                        }
                    }
                    Action::Close => self.close(),
                    Action::Finish => return Ok(Ok(())),
                    Action::Fail(failure) => {
                        self.blame(failure);
                        return Ok(Err(failure));
                    }
                    Action::WakeAt(at) => self.wake_at = Some(at),
                }
            }
            self.note(event).await?;
            event = match is_cut {
                true => Event::Closed,
                false => self.next().await?,
            };
        }
    }

    async fn next(&mut self) -> Result<Event, FileError> {
        let wait = self.wake_at.map(|at| at.since(self.node.now()));
        tokio::select! {
            () = self.entry.nudge.notified() => Ok(Event::Reachable),
            opened = opened(&mut self.opening) => {
                self.opening = None;
                self.begin(opened).await
            }
            event = happened(&mut self.running) => Ok(event),
            () = sleep(wait) => Ok(Event::Tick),
        }
    }

    fn close(&mut self) {
        self.opening = None;
        self.running = None;
        self.place = None;
    }

    /// Finds the sender and opens a stream to whichever of its nodes has the file.
    fn open(&mut self) -> Opening {
        let (node, key) = (self.node.clone(), self.file.key);
        let wanted = Wanted {
            cipher: self.cipher.clone(),
            hello: Hello {
                id: key.id,
                wants_leaves: self.leaves.is_none(),
                has: self.fetch.have().len(),
            },
            layout: *self.fetch.layout(),
            leaves: self.leaves.clone(),
            root: self.file.root,
        };
        self.place = node.0.files.fetches.clone().try_acquire_owned().ok();
        let has_place = self.place.is_some();
        Box::pin(async move {
            if !has_place {
                return Err(Refused::Busy);
            }
            let found = node.reach(key.network, key.peer, SEARCH).await;
            let first = found.map_err(|_| Refused::Closed)?;
            let live = node.network(&key.network).ok_or(Refused::Closed)?;
            let mut nodes = live.net().nodes_of(&key.peer);
            nodes.retain(|node| *node != first);
            nodes.insert(0, first);
            let mut outcome = Err(Refused::Closed);
            for remote in nodes {
                let Ok(stream) = live.net().open_stream(&remote).await else {
                    continue;
                };
                match session::open(stream, wanted.clone()).await {
                    Ok(Opened::Stop(stop)) => outcome = Ok((remote, Opened::Stop(stop))),
                    Ok(opened) => return Ok((remote, opened)),
                    Err(error) => debug!(%error, "A file's stream ended at once"),
                }
            }
            outcome
        })
    }

    async fn begin(
        &mut self,
        opened: Result<(NodeId, Opened), Refused>,
    ) -> Result<Event, FileError> {
        let (remote, opened) = match opened {
            Ok(opened) => opened,
            Err(Refused::Busy) => {
                return Ok(Event::Stopped(streembit_delivery::transfer::Stop::Busy));
            }
            Err(Refused::Closed) => return Ok(Event::Closed),
        };
        self.from = Some(remote);
        let session = match opened {
            Opened::Go(session) => session,
            Opened::Stop(stop) => return Ok(Event::Stopped(stop)),
            Opened::Wrong => return Ok(Event::Wrong),
        };
        if self.leaves.is_none() {
            self.leaves = Some(session.leaves.clone());
            let change = FileChange {
                leaves: Some(session.leaves.as_bytes().to_vec()),
                ..FileChange::default()
            };
            self.change(change).await?;
        }
        let part = self.part.clone();
        match blocking(move || place::open_part(&part)).await? {
            Ok(part) => {
                self.running = Some(session.run(self.cipher.clone(), part));
                Ok(Event::Opened)
            }
            Err(error) => {
                warn!(%error, "Could not open the parts of a file");
                Ok(Event::Held)
            }
        }
    }

    /// Whoever sends something else counts as whoever signs something else.
    fn blame(&self, failure: Failure) {
        let network = self.node.network(&self.file.key.network);
        if let (Failure::Wrong, Some(from), Some(network)) = (failure, self.from, network) {
            network.keeper().note_unverifiable(&from);
        }
    }

    async fn note(&mut self, event: Event) -> Result<(), FileError> {
        let now = self.node.now();
        let is_held = event == Event::Held;
        self.entry.note(Standing {
            done: self.done(),
            rate: self.fetch.per_second(now),
            doing: match self.running {
                Some(_) => Doing::Moving,
                None if is_held => Doing::Held,
                None => Doing::Waiting,
            },
        });
        let is_due = self.noted_at.elapsed() >= CHECKPOINT;
        if matches!(event, Event::Stored { .. }) && is_due {
            self.noted_at = Instant::now();
            let change = FileChange {
                done: Some(self.done()),
                have: Some(self.fetch.have().as_bytes().to_vec()),
                ..FileChange::default()
            };
            self.change(change).await?;
        }
        Ok(())
    }

    async fn change(&mut self, change: FileChange) -> Result<(), FileError> {
        let accepted = &[FileState::Accepted];
        let key = self.file.key;
        self.node.store().change_file(key, accepted, change).await?;
        Ok(())
    }

    fn done(&self) -> u64 {
        let groups = u64::from(self.fetch.have().len());
        let bytes = groups.saturating_mul(self.fetch.layout().group());
        bytes.min(self.file.size)
    }
}

/// Looks what of a file is here; where its parts are gone they begin anew.
async fn look(
    entry: &Entry,
    part: &Path,
    layout: Layout,
    leaves: Option<Arc<Leaves>>,
    noted: Have,
) -> Result<Have, FileError> {
    let (part, stop) = (part.to_owned(), entry.stop.clone());
    let looking = blocking(move || {
        let mut file = match place::open_part(&part) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = part.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                std::fs::File::create_new(&part)?
            }
            Err(error) => return Err(error),
        };
        match leaves {
            Some(leaves) => disk::look(&mut file, &leaves, &noted, |_| !stop.is_cancelled()),
            None => Ok(Have::none(layout.count())),
        }
    });
    Ok(looking.await??)
}

async fn opened(opening: &mut Option<Opening>) -> Result<(NodeId, Opened), Refused> {
    match opening {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

async fn happened(running: &mut Option<Running>) -> Event {
    match running {
        Some(running) => running.events.recv().await.unwrap_or(Event::Closed),
        None => std::future::pending().await,
    }
}

async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait.min(LONGEST_SLEEP)).await,
        None => std::future::pending().await,
    }
}

fn jitter() -> u32 {
    let mut random = [0; 4];
    fill(&mut random);
    u32::from_be_bytes(random)
}
