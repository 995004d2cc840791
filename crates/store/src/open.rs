//! Opening a database: one process at a time, the right key, and never a newer one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};

use crate::actor::{Job, QUEUE, Store};
use crate::columns::Statements;
use crate::error::{StoreError, is_damage};
use crate::key::{DatabaseKey, SALT_BYTES};
use crate::lock::{Lock, beside, private};
use crate::migrations;
use crate::threads::{self, Hook, Writer};

pub use self::error::OpenError;

mod error;

/// Pages of 4 KiB that a database may have: 16 GiB, after which it answers that it is full.
const MAX_PAGES: u32 = 4 << 20;

/// Statements that each connection keeps prepared.
const PREPARED: usize = 256;

/// Keeps the cipher from writing to standard error; what fails is told in answers.
const QUIET: &str = "PRAGMA cipher_log_level = NONE";

/// How a store is opened; the default is what everything but a test wants.
#[derive(Clone, Default)]
pub struct Options {
    /// Called at each of [`crate::WRITE_POINTS`].
    pub hook: Option<Hook>,
    /// Pages of 4 KiB that the database may have.
    pub max_pages: Option<u32>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("max_pages", &self.max_pages)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `path`, making it when there is none, and brings it to today's form.
    ///
    /// # Errors
    /// See [`OpenError`]; whatever happens, nothing that was there is overwritten.
    pub async fn open(path: &Path, key: &DatabaseKey, options: Options) -> Result<Self, OpenError> {
        let (path, key) = (path.to_owned(), key.clone());
        start(move || {
            let lock = Lock::take(&path)?;
            let db = connect(&path, &key, &options)?;
            migrations::run(&db, options.hook.as_ref())?;
            let reader = connect_reader(&path, &key)?;
            Ok(Opened {
                db,
                reader: Some(reader),
                lock: Some(lock),
                hook: options.hook,
            })
        })
        .await
    }

    /// Opens an empty database that is gone when the last handle is.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub async fn in_memory() -> Result<Self, OpenError> {
        start(|| {
            let db = Connection::open_in_memory()?;
            configure(&db)?;
            migrations::run(&db, None)?;
            Ok(Opened {
                db,
                reader: None,
                lock: None,
                hook: None,
            })
        })
        .await
    }

    /// Reads the whole database and tells what is wrong with it; nothing, if all is well.
    ///
    /// # Errors
    /// As every read; damage so deep that it cannot be listed is [`StoreError::Damaged`].
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        self.read("check the database", |db| {
            db.all("PRAGMA quick_check(20)", [], |row| row.get(0))
                .map(|mut found: Vec<String>| {
                    found.retain(|line| line != "ok");
                    found
                })
        })
        .await
    }

    /// Removes the database at `path` and everything beside it that belongs to it.
    ///
    /// # Errors
    /// [`OpenError::Locked`] while it is open, [`OpenError::Io`] when a file cannot be removed.
    pub fn remove(path: &Path) -> Result<(), OpenError> {
        let lock = Lock::take(path)?;
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
            match std::fs::remove_file(beside(path, suffix)) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.into()),
            }
        }
        drop(lock);
        Ok(())
    }
}

/// What opening hands to the threads.
struct Opened {
    db: Connection,
    reader: Option<Connection>,
    lock: Option<Lock>,
    hook: Option<Hook>,
}

/// Opens on the thread that will write, so that no async thread waits for the disk.
async fn start<F>(open: F) -> Result<Store, OpenError>
where
    F: FnOnce() -> Result<Opened, OpenError> + Send + 'static,
{
    let (queue, jobs) = mpsc::channel(QUEUE);
    let (reply, opened) = oneshot::channel();
    let write = move || match open() {
        Err(error) => drop(reply.send(Err(error))),
        Ok(Opened {
            db,
            reader,
            lock,
            hook,
        }) => {
            drop(reply.send(Ok(reader)));
            let closing = Writer::new(db, hook).run(jobs);
            drop(lock);
            closing.tell();
        }
    };
    let writer = thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(write)?;
    let ended = || OpenError::Io(io::Error::other("the store's thread ended"));
    let reader = opened
        .await
        .map_err(|_| ended())??
        .map(spawn_reader)
        .transpose()?;
    let (reader_queue, reader) = reader.unzip();
    Ok(Store::new(
        queue,
        reader_queue,
        std::iter::once(writer).chain(reader).collect(),
    ))
}

fn spawn_reader(db: Connection) -> io::Result<(mpsc::Sender<Job>, JoinHandle<()>)> {
    let (queue, jobs) = mpsc::channel(QUEUE);
    let read = move || threads::read_loop(db, jobs).tell();
    let handle = thread::Builder::new()
        .name("store-reader".to_owned())
        .spawn(read)?;
    Ok((queue, handle))
}

/// Opens the writing connection and looks before it writes anything.
fn connect(path: &Path, key: &DatabaseKey, options: &Options) -> Result<Connection, OpenError> {
    private(path)?;
    let db = Connection::open_with_flags(path, flags())?;
    // Until the form is known, not even closing may touch the file.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.execute_batch(QUIET)?;
    db.execute_batch(&key.pragma())?;
    if let Err(error) = db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())) {
        return Err(refusal(&db, path, key, error));
    }
    migrations::refuse_newer(&db)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    configure(&db)?;
    db.pragma_update(
        None,
        "max_page_count",
        options.max_pages.unwrap_or(MAX_PAGES),
    )?;
    Ok(db)
}

fn connect_reader(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenError> {
    let db = Connection::open_with_flags(path, flags())?;
    db.execute_batch(&key.pragma())?;
    configure(&db)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

fn flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// A commit is durable when it returns, and a reader never waits for the writer.
fn configure(db: &Connection) -> Result<(), OpenError> {
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    // What is deleted is gone from the file, and not only from the answers.
    db.pragma_update(None, "secure_delete", true)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(PREPARED);
    Ok(())
}

/// Tells a wrong key from a damaged file.
fn refusal(db: &Connection, path: &Path, key: &DatabaseKey, error: rusqlite::Error) -> OpenError {
    if !is_damage(&error) {
        return error.into();
    }
    if has_salt(path, key) || opens_some_page(db, path) {
        OpenError::Damaged
    } else {
        OpenError::WrongKey
    }
}

/// Whether the file begins as every file under `key` does.
fn has_salt(path: &Path, key: &DatabaseKey) -> bool {
    let mut start = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(SALT_BYTES as u64).read_to_end(&mut start));
    read.is_ok() && key.salt().starts_with(&start)
}

/// Whether `key` authenticates any page at all.
fn opens_some_page(db: &Connection, path: &Path) -> bool {
    let pages = std::fs::metadata(path).map_or(0, |file| file.len() / 4096);
    let failed = db
        .prepare("PRAGMA cipher_integrity_check")
        .and_then(|mut check| {
            check
                .query_map([], |_| Ok(()))?
                .collect::<Result<Vec<()>, _>>()
        })
        .map_or(u64::MAX, |rows| rows.len() as u64);
    failed < pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_deleted_is_gone_from_the_file() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("plain.db");
        let words = b"the launch code";
        // Without a key, so that the bytes can be looked at.
        let db = Connection::open(&path).unwrap();
        configure(&db).unwrap();
        migrations::run(&db, None).unwrap();
        let holds = || {
            db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .unwrap();
            let bytes = std::fs::read(&path).unwrap();
            bytes.windows(words.len()).any(|window| window == words)
        };

        let insert = "INSERT INTO messages (id, network, peer, direction, sender, kind, text, sent_at, state)
                      VALUES (x'', x'', x'', 'in', x'', 'text', 'the launch code', 1, 'delivered')";
        db.execute(insert, []).unwrap();
        assert!(holds());
        db.execute("UPDATE messages SET text = ''", []).unwrap();

        assert!(!holds());
    }
}
