//! What a person has chosen for a conversation: quiet, first, put away, unread, half written.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{NetworkId, Party, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Conversations that may be pinned.
pub const MAX_PINNED: usize = 20;

/// What was chosen for one conversation.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Choices {
    /// What was begun to be written.
    pub draft: String,
    /// Until when it is quiet.
    #[serde(with = "crate::wire::maybe_time")]
    pub muted_until: Option<Timestamp>,
    /// Whether it stands before the others.
    pub is_pinned: bool,
    /// Whether it was put away.
    pub is_archived: bool,
    /// Whether it counts as unread though it was read.
    pub is_marked_unread: bool,
}

/// What is to be chosen; what is left out stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ChoicesChange {
    /// What was begun to be written.
    pub draft: Option<String>,
    /// Until when it is quiet; the time zero makes it heard again.
    pub muted_until: Option<Timestamp>,
    /// Whether it stands before the others.
    pub is_pinned: Option<bool>,
    /// Whether it was put away.
    pub is_archived: Option<bool>,
    /// Whether it counts as unread though it was read.
    pub is_marked_unread: Option<bool>,
}

/// The choices for one conversation, as a backup has them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ChosenConversation {
    /// Its network.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// The other side.
    #[serde(with = "crate::wire::text")]
    pub peer: Party,
    /// What was chosen.
    pub choices: Choices,
}

impl Store {
    /// Changes what is chosen for a conversation, and returns all of it.
    pub async fn choose(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        change: ChoicesChange,
    ) -> Result<Choices, StoreError> {
        let peer = peer.into();
        self.write("choose something for a conversation", move |db| {
            let mut choices = find(db, network, peer)?;
            change.apply(&mut choices);
            put(db, network, peer, &choices)?;
            let pinned = db.number(
                "SELECT count(*) FROM conversation_choices WHERE is_pinned = 1",
                [],
            )?;
            if choices.is_pinned && pinned > MAX_PINNED as i64 {
                return Err(Fault::TooMany("pinned conversations"));
            }
            Ok(choices)
        })
        .await
    }

    /// Returns what is chosen for a conversation.
    pub async fn choices(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
    ) -> Result<Choices, StoreError> {
        let peer = peer.into();
        self.read("read what is chosen for a conversation", move |db| {
            find(db, network, peer)
        })
        .await
    }
}

impl ChoicesChange {
    fn apply(self, choices: &mut Choices) {
        if let Some(draft) = self.draft {
            choices.draft = draft;
        }
        if let Some(until) = self.muted_until {
            choices.muted_until = Some(until).filter(|until| until.0 > 0);
        }
        choices.is_pinned = self.is_pinned.unwrap_or(choices.is_pinned);
        choices.is_archived = self.is_archived.unwrap_or(choices.is_archived);
        choices.is_marked_unread = self.is_marked_unread.unwrap_or(choices.is_marked_unread);
    }
}

/// The columns that [`from_row`] reads.
pub(crate) const COLUMNS: &str = "draft, muted_until, is_pinned, is_archived, is_marked_unread";

/// Reads [`COLUMNS`] from the column `first` on; nothing was chosen where they are not there.
pub(crate) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Choices> {
    let Some(draft) = row.get(first)? else {
        return Ok(Choices::default());
    };
    Ok(Choices {
        draft,
        muted_until: row.maybe_time(first + 1)?,
        is_pinned: row.get(first + 2)?,
        is_archived: row.get(first + 3)?,
        is_marked_unread: row.get(first + 4)?,
    })
}

fn find(db: &Connection, network: NetworkId, peer: Party) -> Result<Choices, Fault> {
    let found = db.first(
        &format!("SELECT {COLUMNS} FROM conversation_choices WHERE network = ?1 AND peer = ?2"),
        params![Sql(network), Sql(peer)],
        |row| from_row(row, 0),
    )?;
    Ok(found.unwrap_or_default())
}

/// Stores what is chosen; a conversation for which nothing is has no row.
pub(crate) fn put(
    db: &Connection,
    network: NetworkId,
    peer: Party,
    choices: &Choices,
) -> Result<(), Fault> {
    if *choices == Choices::default() {
        return forget(db, network, peer);
    }
    db.change(
        "INSERT OR REPLACE INTO conversation_choices
         (network, peer, draft, muted_until, is_pinned, is_archived, is_marked_unread)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            Sql(network),
            Sql(peer),
            choices.draft,
            choices.muted_until.map(millis),
            choices.is_pinned,
            choices.is_archived,
            choices.is_marked_unread,
        ],
    )?;
    Ok(())
}

/// Forgets what was chosen.
pub(crate) fn forget(db: &Connection, network: NetworkId, peer: Party) -> Result<(), Fault> {
    db.change(
        "DELETE FROM conversation_choices WHERE network = ?1 AND peer = ?2",
        params![Sql(network), Sql(peer)],
    )?;
    Ok(())
}

/// A message came: what was put away comes back, unless it is to be quiet.
pub(crate) fn bring_back(
    db: &Connection,
    network: NetworkId,
    peer: Party,
    now: Timestamp,
) -> Result<(), Fault> {
    db.change(
        "UPDATE conversation_choices SET is_archived = 0
         WHERE network = ?1 AND peer = ?2 AND is_archived = 1
           AND (muted_until IS NULL OR muted_until <= ?3)",
        params![Sql(network), Sql(peer), millis(now)],
    )?;
    Ok(())
}

/// Reads everything that was chosen.
pub(crate) fn all(db: &Connection) -> Result<Vec<ChosenConversation>, Fault> {
    db.all(
        &format!(
            "SELECT network, peer, {COLUMNS} FROM conversation_choices ORDER BY network, peer"
        ),
        [],
        |row| {
            Ok(ChosenConversation {
                network: row.id(0)?,
                peer: row.id(1)?,
                choices: from_row(row, 2)?,
            })
        },
    )
}
