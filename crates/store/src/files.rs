//! Files that were offered: what was said of them, how far they are, and where they lie.

use rusqlite::{Connection, Row, ToSql, params};
use streembit_identity::{AccountId, MessageId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis, named};
use crate::error::{Fault, StoreError};
use crate::messages::{self, Arrived, Direction, IncomingMessage, Message, OutgoingMessage};
use crate::outbox::{self, OutboxItem};
use crate::seen;

/// Offers of one account that may wait here for an answer or for their bytes.
pub const MAX_OPEN_FILES: usize = 256;
/// Files in one answer.
const MAX_LISTED: u32 = 500;

named! {
    /// How far a file is.
    pub enum FileState {
        /// Ours: it is read to be offered.
        Preparing = "preparing",
        /// It is offered, and not accepted as far as is known.
        Offered = "offered",
        /// It is accepted; its bytes come, or wait to come.
        Accepted = "accepted",
        /// All of it is there.
        Done = "done",
        /// The recipient does not want it.
        Declined = "declined",
        /// One side stopped it.
        Cancelled = "cancelled",
        /// It will not come any more.
        Failed = "failed",
    }
}

impl FileState {
    /// Whether nothing more happens to it.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        match self {
            Self::Preparing | Self::Offered | Self::Accepted => false,
            Self::Done | Self::Declined | Self::Cancelled | Self::Failed => true,
        }
    }
}

/// Names a file: by the message that offers it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct FileKey {
    /// The network of the conversation.
    pub network: NetworkId,
    /// The other side of the conversation.
    pub peer: AccountId,
    /// The message.
    pub id: MessageId,
}

/// One file.
#[derive(Clone, Eq, PartialEq)]
pub struct StoredFile {
    /// Which.
    pub key: FileKey,
    /// Who offers it.
    pub direction: Direction,
    /// What it is called.
    pub name: String,
    /// What its sender takes it for.
    pub media: Option<String>,
    /// Its size, in bytes.
    pub size: u64,
    /// Its BLAKE3 hash; zeroes until it was read.
    pub root: [u8; 32],
    /// The key that its bytes are encrypted with.
    pub secret: [u8; 32],
    /// How far it is.
    pub state: FileState,
    /// Why it failed, or waits.
    pub failure: Option<String>,
    /// Where it lies: of one's own the source, of another's where it is or will be.
    pub path: Option<String>,
    /// Where its verified parts lie until it is whole.
    pub part: Option<String>,
    /// How many bytes are there, verified.
    pub done: u64,
    /// When it was offered.
    pub offered_at: Timestamp,
}

impl std::fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredFile")
            .field("id", &self.key.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// What changes about a file; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct FileChange {
    /// How far it is.
    pub state: Option<FileState>,
    /// Why it failed or waits; an empty text for no reason.
    pub failure: Option<String>,
    /// Where it lies.
    pub path: Option<String>,
    /// Where its parts lie.
    pub part: Option<String>,
    /// How many bytes are there.
    pub done: Option<u64>,
    /// The hashes of its groups.
    pub leaves: Option<Vec<u8>>,
    /// Which groups are there.
    pub have: Option<Vec<u8>>,
    /// What the other side is told of it.
    pub item: Option<OutboxItem>,
    /// The envelope by which the other side asked for the change, and when it came.
    pub seen: Option<(MessageId, Timestamp)>,
}

/// What is known of a file's groups.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FileGroups {
    /// Their hashes.
    pub leaves: Option<Vec<u8>>,
    /// Which are there.
    pub have: Option<Vec<u8>>,
}

impl Store {
    /// Stores a file of ours that is about to be read.
    pub async fn prepare_file(&self, file: StoredFile) -> Result<(), StoreError> {
        self.write("store a file to send", move |db| put(db, &file))
            .await
    }

    /// Offers a file of ours that was read: the message, its envelope and the file, in one step.
    /// None where it was stopped meanwhile.
    pub async fn offer_file(
        &self,
        message: OutgoingMessage,
        root: [u8; 32],
        leaves: Vec<u8>,
    ) -> Result<Option<Message>, StoreError> {
        self.write("offer a file", move |db| {
            let key = FileKey {
                network: message.item.network,
                peer: message.item.peer,
                id: message.item.id,
            };
            let changed = db.change(
                "UPDATE files SET state = 'offered', root = ?4, leaves = ?5
                 WHERE network = ?1 AND peer = ?2 AND id = ?3 AND state = 'preparing'",
                params![Sql(key.network), Sql(key.peer), Sql(key.id), root, leaves],
            )?;
            if changed == 0 {
                return Ok(None);
            }
            messages::send(db, message, "file").map(Some)
        })
        .await
    }

    /// Stores an offer of theirs, once however often it comes.
    pub async fn insert_incoming_file(
        &self,
        message: IncomingMessage,
        file: StoredFile,
    ) -> Result<Arrived, StoreError> {
        self.write("store a file that is offered", move |db| {
            let arrived = messages::receive(db, message, "file")?;
            if !matches!(arrived, Arrived::Duplicate) {
                check_room(db, file.key)?;
                put(db, &file)?;
            }
            Ok(arrived)
        })
        .await
    }

    /// Returns a file.
    pub async fn file(&self, key: FileKey) -> Result<Option<StoredFile>, StoreError> {
        self.read("read a file's row", move |db| find(db, key))
            .await
    }

    /// Returns the files with an id, at most two: one's own choice of id is nobody else's.
    pub async fn files_by_id(&self, id: MessageId) -> Result<Vec<StoredFile>, StoreError> {
        self.read("find a file", move |db| {
            let sql = format!("SELECT {COLUMNS} FROM files WHERE id = ?1 LIMIT 2");
            db.all(&sql, [Sql(id)], from_row)
        })
        .await
    }

    /// Lists files, the newest first: those of one network or of all.
    pub async fn files(&self, network: Option<NetworkId>) -> Result<Vec<StoredFile>, StoreError> {
        self.read("list files", move |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM files WHERE ?1 IS NULL OR network = ?1
                 ORDER BY offered_at DESC LIMIT {MAX_LISTED}"
            );
            db.all(&sql, [network.map(Sql)], from_row)
        })
        .await
    }

    /// Lists the files that something may still happen to, the oldest first.
    pub async fn open_files(&self) -> Result<Vec<StoredFile>, StoreError> {
        self.read("list unfinished files", |db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM files WHERE state IN ('preparing', 'offered', 'accepted')
                 ORDER BY offered_at"
            );
            db.all(&sql, [], from_row)
        })
        .await
    }

    /// Returns what is known of a file's groups.
    pub async fn file_groups(&self, key: FileKey) -> Result<FileGroups, StoreError> {
        self.read("read a file's groups", move |db| {
            let found = db.first(
                "SELECT leaves, have FROM files WHERE network = ?1 AND peer = ?2 AND id = ?3",
                params![Sql(key.network), Sql(key.peer), Sql(key.id)],
                |row| {
                    Ok(FileGroups {
                        leaves: row.get(0)?,
                        have: row.get(1)?,
                    })
                },
            )?;
            Ok(found.unwrap_or_default())
        })
        .await
    }

    /// Changes a file that is in one of these states, and queues what is said about that; none
    /// where it is not.
    pub async fn change_file(
        &self,
        key: FileKey,
        from: &'static [FileState],
        change: FileChange,
    ) -> Result<Option<StoredFile>, StoreError> {
        self.write("change a file's row", move |db| {
            if let Some((id, at)) = change.seen
                && !seen::mark(db, key.peer, id, at)?
            {
                return Ok(None);
            }
            let Some(mut file) = find(db, key)?.filter(|file| from.contains(&file.state)) else {
                return Ok(None);
            };
            update(db, key, &change)?;
            if let Some(item) = &change.item {
                outbox::put(db, item)?;
            }
            file.take(change);
            Ok(Some(file))
        })
        .await
    }

    /// Whether anything was ever sent to `peer`.
    pub async fn has_written_to(
        &self,
        network: NetworkId,
        peer: AccountId,
    ) -> Result<bool, StoreError> {
        self.read("look for messages to somebody", move |db| {
            let found = db.first(
                "SELECT 1 FROM messages WHERE network = ?1 AND peer = ?2 AND direction = 'out' LIMIT 1",
                params![Sql(network), Sql(peer)],
                |_| Ok(()),
            )?;
            Ok(found.is_some())
        })
        .await
    }

    /// Returns how many bytes of files were taken from `peer` without asking since `since`.
    pub async fn bytes_accepted(
        &self,
        network: NetworkId,
        peer: AccountId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        self.read("add accepted files up", move |db| {
            let sum = db.number(
                "SELECT coalesce(sum(size), 0) FROM files WHERE network = ?1 AND peer = ?2
                 AND direction = 'in' AND state IN ('accepted', 'done') AND offered_at >= ?3",
                params![Sql(network), Sql(peer), millis(since)],
            )?;
            Ok(sum.unsigned_abs())
        })
        .await
    }
}

impl StoredFile {
    fn take(&mut self, change: FileChange) {
        self.state = change.state.unwrap_or(self.state);
        self.done = change.done.unwrap_or(self.done);
        if let Some(failure) = change.failure {
            self.failure = Some(failure).filter(|text| !text.is_empty());
        }
        self.path = change.path.or(self.path.take());
        self.part = change.part.or(self.part.take());
    }
}

const COLUMNS: &str = "network, peer, id, direction, name, media, size, root, key, state, failure, \
                       path, part, done, offered_at";

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredFile> {
    Ok(StoredFile {
        key: FileKey {
            network: row.id(0)?,
            peer: row.id(1)?,
            id: row.id(2)?,
        },
        direction: row.get(3)?,
        name: row.get(4)?,
        media: row.get(5)?,
        size: row.get::<_, i64>(6)?.unsigned_abs(),
        root: row.get(7)?,
        secret: row.get(8)?,
        state: row.get(9)?,
        failure: row.get(10)?,
        path: row.get(11)?,
        part: row.get(12)?,
        done: row.get::<_, i64>(13)?.unsigned_abs(),
        offered_at: row.time(14)?,
    })
}

fn find(db: &Connection, key: FileKey) -> Result<Option<StoredFile>, Fault> {
    db.first(
        &format!("SELECT {COLUMNS} FROM files WHERE network = ?1 AND peer = ?2 AND id = ?3"),
        params![Sql(key.network), Sql(key.peer), Sql(key.id)],
        from_row,
    )
}

fn put(db: &Connection, file: &StoredFile) -> Result<(), Fault> {
    db.change(
        "INSERT INTO files (network, peer, id, direction, name, media, size, root, key, state,
             failure, path, part, done, offered_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            Sql(file.key.network),
            Sql(file.key.peer),
            Sql(file.key.id),
            file.direction,
            file.name,
            file.media,
            number(file.size),
            file.root,
            file.secret,
            file.state,
            file.failure,
            file.path,
            file.part,
            number(file.done),
            millis(file.offered_at),
        ],
    )?;
    Ok(())
}

fn update(db: &Connection, key: FileKey, change: &FileChange) -> Result<(), Fault> {
    let values: [(&str, Option<&dyn ToSql>); 6] = [
        ("state", change.state.as_ref().map(|it| it as &dyn ToSql)),
        ("failure", change.failure.as_ref().map(|it| it as _)),
        ("path", change.path.as_ref().map(|it| it as _)),
        ("part", change.part.as_ref().map(|it| it as _)),
        ("leaves", change.leaves.as_ref().map(|it| it as _)),
        ("have", change.have.as_ref().map(|it| it as _)),
    ];
    let place = "WHERE network = ?1 AND peer = ?2 AND id = ?3";
    for (column, value) in values {
        let Some(value) = value else { continue };
        db.change(
            &format!("UPDATE files SET {column} = nullif(?4, '') {place}"),
            params![Sql(key.network), Sql(key.peer), Sql(key.id), value],
        )?;
    }
    if let Some(done) = change.done {
        db.change(
            &format!("UPDATE files SET done = ?4 {place}"),
            params![Sql(key.network), Sql(key.peer), Sql(key.id), number(done)],
        )?;
    }
    Ok(())
}

/// Nobody fills the list with offers that are never answered.
fn check_room(db: &Connection, key: FileKey) -> Result<(), Fault> {
    let open = db.number(
        "SELECT count(*) FROM files WHERE network = ?1 AND peer = ?2 AND direction = 'in'
         AND state IN ('offered', 'accepted')",
        params![Sql(key.network), Sql(key.peer)],
    )?;
    if open >= MAX_OPEN_FILES as i64 {
        return Err(Fault::TooMany("files that wait"));
    }
    Ok(())
}

fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
