//! Databases of `streembit-store` after damage: in the file, and in the rows.

mod reader;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql};
use streembit_store::{Backup, DatabaseKey, Options, Store, StoreError};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::gate::pieces;

/// A database of the first release, with a row of almost every kind.
const FILE: &[u8] = include_bytes!("../../crates/store/tests/fixtures/v1.db");

/// The byte that its key is made of.
const KEY: u8 = 42;

/// What does not change is made once.
static FURNISHED: LazyLock<Snapshot> = LazyLock::new(|| RUNTIME.block_on(furnished()));
static COLUMNS: LazyLock<Vec<(String, String)>> = LazyLock::new(columns);
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| match Builder::new_current_thread().build() {
    Ok(runtime) => runtime,
    Err(error) => panic!("a runtime without drivers always builds: {error}"),
});

/// The files of a database while it is open, as a crash leaves them.
struct Snapshot {
    main: Vec<u8>,
    log: Vec<u8>,
}

/// A crash and what came after: pieces of one byte that names the file, three that say where, and
/// what then lies there; a piece without anything cuts the file off.
pub fn database(data: &[u8]) {
    let Snapshot { mut main, mut log } = FURNISHED.copy();
    for piece in pieces(data) {
        if let Some(([which, at @ ..], bytes)) = piece.split_first_chunk::<4>() {
            let file = if which & 1 == 0 { &mut main } else { &mut log };
            overwrite(file, at, bytes);
        }
    }
    let folder = folder();
    let path = folder.path().join("streembit.db");
    Snapshot { main, log }.write(&path);
    RUNTIME.block_on(async {
        if let Ok(store) = Store::open(&path, &key(), Options::default()).await {
            reader::read_all(&store).await;
            reader::write_some(&store).await;
            store.close().await;
        }
    });
}

/// Rows that make no sense: pieces of a column, a type and a value.
pub fn rows(data: &[u8]) {
    let folder = folder();
    let path = folder.path().join("streembit.db");
    FURNISHED.copy().write(&path);
    let db = raw(&path);
    for piece in pieces(data) {
        let Some(([column, kind], bytes)) = piece.split_first_chunk::<2>() else {
            continue;
        };
        let column = COLUMNS.get(usize::from(*column) % COLUMNS.len());
        let Some((table, name)) = column else {
            continue;
        };
        // What the schema itself does not take cannot lie there.
        let _ = db.execute(
            &format!("UPDATE OR IGNORE {table} SET {name} = ?1"),
            [Cell { kind: *kind, bytes }],
        );
    }
    drop(db);
    RUNTIME.block_on(async {
        let store = open(&path).await;
        reader::read_all(&store).await;
        reader::write_some(&store).await;
        store.close().await;
    });
}

/// How many columns there are.
#[must_use]
pub fn columns_count() -> usize {
    COLUMNS.len()
}

/// What a backup of the database holds.
///
/// # Errors
/// As the store's.
pub fn backup() -> Result<Backup, StoreError> {
    let folder = folder();
    let path = folder.path().join("streembit.db");
    FURNISHED.copy().write(&path);
    RUNTIME.block_on(async {
        let store = open(&path).await;
        let backup = store.export().await;
        store.close().await;
        backup
    })
}

/// A value of any type that a column may have.
struct Cell<'a> {
    kind: u8,
    bytes: &'a [u8],
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.kind % 4 {
            0 => ToSqlOutput::Owned(Value::Null),
            1 => {
                let number = self
                    .bytes
                    .first_chunk()
                    .map_or(-1, |it| i64::from_be_bytes(*it));
                ToSqlOutput::Owned(Value::Integer(number))
            }
            2 => ToSqlOutput::Borrowed(ValueRef::Text(self.bytes)),
            _ => ToSqlOutput::Borrowed(ValueRef::Blob(self.bytes)),
        })
    }
}

impl Snapshot {
    fn copy(&self) -> Self {
        Self {
            main: self.main.clone(),
            log: self.log.clone(),
        }
    }

    fn write(&self, path: &Path) {
        let written = fs::write(path, &self.main)
            .and_then(|()| fs::write(path.with_extension("db-wal"), &self.log));
        assert!(written.is_ok(), "{written:?}");
    }
}

/// Makes the rows that the fixture lacks, and leaves some of them in the log.
async fn furnished() -> Snapshot {
    let folder = folder();
    let path = folder.path().join("streembit.db");
    let main = FILE.to_vec();
    Snapshot {
        main,
        log: Vec::new(),
    }
    .write(&path);
    let store = open(&path).await;
    reader::write_some(&store).await;
    let files = fs::read(&path).and_then(|main| {
        let log = fs::read(path.with_extension("db-wal"))?;
        Ok(Snapshot { main, log })
    });
    store.close().await;
    match files {
        Ok(files) => files,
        Err(error) => panic!("{error}"),
    }
}

/// Every column of every table.
fn columns() -> Vec<(String, String)> {
    let folder = folder();
    let path = folder.path().join("streembit.db");
    FURNISHED.copy().write(&path);
    let db = raw(&path);
    let found = db
        .prepare(
            "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
        )
        .and_then(|mut select| {
            select
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        });
    match found {
        Ok(found) => found,
        Err(error) => panic!("{error}"),
    }
}

fn overwrite(file: &mut Vec<u8>, at: &[u8; 3], bytes: &[u8]) {
    let [high, middle, low] = *at;
    let at = u32::from_be_bytes([0, high, middle, low]) as usize;
    if bytes.is_empty() {
        file.truncate(at);
    }
    for (old, new) in file.iter_mut().skip(at).zip(bytes) {
        *old = *new;
    }
}

/// Opens a database whose file is whole: no row in it keeps it from opening.
async fn open(path: &Path) -> Store {
    match Store::open(path, &key(), Options::default()).await {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    }
}

/// The database by other means than the store's.
fn raw(path: &Path) -> Connection {
    let hex = format!("{KEY:02x}").repeat(32);
    let opened = Connection::open(path).and_then(|db| {
        db.execute_batch(&format!(
            "PRAGMA key = \"x'{hex}'\"; PRAGMA synchronous = OFF"
        ))?;
        Ok(db)
    });
    match opened {
        Ok(db) => db,
        Err(error) => panic!("{error}"),
    }
}

fn key() -> DatabaseKey {
    DatabaseKey::new([KEY; 32])
}

/// A folder in memory where there is one, since every write waits for the disk.
fn folder() -> TempDir {
    match tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()) {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    }
}
