//! What was done to a message since it was sent: edits, reactions, its deletion.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::Fault;
use crate::messages::Message;

/// What was done to one message.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Changes {
    /// How often its author has changed its text.
    pub revision: u32,
    /// The act that gave it the text that it has.
    #[serde(with = "crate::wire::maybe_text")]
    pub edit: Option<MessageId>,
    /// When its author last changed its text, by the author's clock.
    #[serde(with = "crate::wire::maybe_time")]
    pub edited_at: Option<Timestamp>,
    /// When its text was deleted.
    #[serde(with = "crate::wire::maybe_time")]
    pub deleted_at: Option<Timestamp>,
    /// Whether it was deleted here only.
    pub is_deleted_here: bool,
    /// Our last act on it, until its recipient has signed for it.
    #[serde(skip)]
    pub unconfirmed: Option<MessageId>,
    /// Whether that act will not arrive.
    #[serde(skip)]
    pub is_failed: bool,
    /// Who reacted, each once.
    pub reactions: Vec<Reaction>,
}

/// One person's reaction to a message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reaction {
    /// Whose it is.
    #[serde(with = "crate::wire::text")]
    pub by: AccountId,
    /// The emoji; empty when it was taken back.
    pub emoji: String,
    /// How often that person has changed it.
    pub revision: u32,
    /// The act that made it so.
    #[serde(with = "crate::wire::text")]
    pub act: MessageId,
}

impl Changes {
    /// Reads the eight columns from `first` on.
    pub(crate) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let reactions: String = row.get(first + 7)?;
        Ok(Self {
            revision: row.get(first)?,
            edit: row.maybe_id(first + 1)?,
            edited_at: row.maybe_time(first + 2)?,
            deleted_at: row.maybe_time(first + 3)?,
            is_deleted_here: row.get(first + 4)?,
            unconfirmed: row.maybe_id(first + 5)?,
            is_failed: row.get(first + 6)?,
            reactions: read(&reactions).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(first + 7, Type::Text, Box::new(error))
            })?,
        })
    }

    /// The reaction of one person, also when it was taken back.
    #[must_use]
    pub fn reaction_of(&self, person: AccountId) -> Option<&Reaction> {
        self.reactions.iter().find(|reaction| reaction.by == person)
    }

    /// Puts a person's reaction in the place of an earlier one; false when a later one is there.
    pub(crate) fn react(&mut self, reaction: Reaction) -> bool {
        let known = self
            .reactions
            .iter_mut()
            .find(|known| known.by == reaction.by);
        match known {
            Some(known) if (known.revision, known.act) >= (reaction.revision, reaction.act) => {
                return false;
            }
            Some(known) => *known = reaction,
            None => self.reactions.push(reaction),
        }
        true
    }
}

/// Writes what a message says now, and what was done to it.
pub(crate) fn write(db: &Connection, message: &Message) -> Result<(), Fault> {
    let changes = &message.changes;
    let reactions = if changes.reactions.is_empty() {
        "[]".to_owned()
    } else {
        serde_json::to_string(&changes.reactions).unwrap_or_else(|_| "[]".to_owned())
    };
    db.change(
        "UPDATE messages SET reply_to = ?2, revision = ?3, edit = ?4, edited_at = ?5, deleted_at = ?6,
         is_deleted_here = ?7, change = ?8, is_change_failed = ?9, reactions = ?10
         WHERE position = ?1",
        params![
            message.place(),
            message.reply_to.map(Sql),
            changes.revision,
            changes.edit.map(Sql),
            changes.edited_at.map(millis),
            changes.deleted_at.map(millis),
            changes.is_deleted_here,
            changes.unconfirmed.map(Sql),
            changes.is_failed,
            reactions,
        ],
    )?;
    db.change(
        "UPDATE messages SET text = ?2 WHERE position = ?1 AND text <> ?2",
        params![message.place(), message.text],
    )?;
    Ok(())
}

fn read(text: &str) -> serde_json::Result<Vec<Reaction>> {
    if text == "[]" {
        Ok(Vec::new())
    } else {
        serde_json::from_str(text)
    }
}
