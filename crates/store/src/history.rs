//! The history of a conversation, stretch by stretch, however long it is.

use rusqlite::{Connection, params};
use streembit_identity::{MessageId, NetworkId, Party, Timestamp};

use crate::actor::Store;
use crate::chains::LINE;
use crate::columns::{Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::messages::{COLUMNS, Message, find, from_row};
use crate::page::{MAX_PAGE, Page};

/// Where in a conversation a stretch of it lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// At its end.
    Newest,
    /// Right before this message.
    Before(MessageId),
    /// Right after this message.
    After(MessageId),
    /// This message with as much before it as from it on.
    Around(MessageId),
    /// The same around the first message since then, or around the last one where there is none.
    At(Timestamp),
}

/// Messages of a conversation that follow each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stretch {
    /// Where they lie.
    pub place: Place,
    /// How many, at most [`MAX_PAGE`].
    pub limit: u32,
}

impl From<Page<MessageId>> for Stretch {
    fn from(page: Page<MessageId>) -> Self {
        Self {
            place: page.before.map_or(Place::Newest, Place::Before),
            limit: page.limit,
        }
    }
}

impl Store {
    /// Returns a stretch of a conversation, oldest first; none when the message that it names is not
    /// in it.
    pub async fn messages(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        stretch: impl Into<Stretch>,
    ) -> Result<Option<Vec<Message>>, StoreError> {
        let Stretch { place, limit } = stretch.into();
        let talk = Talk {
            network,
            peer: peer.into(),
        };
        self.read("read a conversation", move |db| {
            talk.stretch(db, place, limit.min(MAX_PAGE))
        })
        .await
    }
}

/// A conversation by its key, read by its indices only.
#[derive(Clone, Copy)]
struct Talk {
    network: NetworkId,
    peer: Party,
}

impl Talk {
    fn stretch(
        self,
        db: &Connection,
        place: Place,
        limit: u32,
    ) -> Result<Option<Vec<Message>>, Fault> {
        let found = match place {
            Place::Newest => Some(self.before(db, i64::MAX, limit)?),
            Place::Before(id) => self
                .place_of(db, id)?
                .map(|place| self.before(db, place, limit))
                .transpose()?,
            Place::After(id) => self
                .place_of(db, id)?
                .map(|place| self.from(db, place.saturating_add(1), limit))
                .transpose()?,
            Place::Around(id) => self
                .place_of(db, id)?
                .map(|place| self.around(db, place, limit))
                .transpose()?,
            Place::At(time) => match self.place_at(db, time)? {
                Some(place) => Some(self.around(db, place, limit)?),
                None => Some(self.before(db, i64::MAX, limit)?),
            },
        };
        Ok(found)
    }

    /// Reads what lies before a place, oldest first.
    fn before(self, db: &Connection, place: i64, limit: u32) -> Result<Vec<Message>, Fault> {
        let key = params![Sql(self.network), Sql(self.peer), place, limit];
        let mut messages = db.all(&before_sql(), key, from_row)?;
        messages.reverse();
        Ok(messages)
    }

    /// Reads what lies from a place on.
    fn from(self, db: &Connection, place: i64, limit: u32) -> Result<Vec<Message>, Fault> {
        let key = params![Sql(self.network), Sql(self.peer), place, limit];
        db.all(&from_sql(), key, from_row)
    }

    fn around(self, db: &Connection, place: i64, limit: u32) -> Result<Vec<Message>, Fault> {
        let mut messages = self.before(db, place, limit / 2)?;
        messages.extend(self.from(db, place, limit - limit / 2)?);
        Ok(messages)
    }

    fn place_of(self, db: &Connection, id: MessageId) -> Result<Option<i64>, Fault> {
        let message = find(db, self.network, self.peer, id)?;
        Ok(message.map(|message| message.line()))
    }

    fn place_at(self, db: &Connection, time: Timestamp) -> Result<Option<i64>, Fault> {
        let key = params![Sql(self.network), Sql(self.peer), millis(time)];
        db.first(&place_at_sql(), key, |row| row.get(0))
    }
}

fn place_at_sql() -> String {
    format!(
        "SELECT {LINE} FROM messages WHERE network = ?1 AND peer = ?2 AND sent_at >= ?3
         ORDER BY sent_at, position LIMIT 1"
    )
}

fn before_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM messages WHERE network = ?1 AND peer = ?2 AND {LINE} < ?3
         ORDER BY {LINE} DESC LIMIT ?4"
    )
}

fn from_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM messages WHERE network = ?1 AND peer = ?2 AND {LINE} >= ?3
         ORDER BY {LINE} LIMIT ?4"
    )
}

/// Reads every message, oldest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<Message>, Fault> {
    db.all(
        &format!("SELECT {COLUMNS} FROM messages ORDER BY {LINE}"),
        [],
        from_row,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How the database would go about a query: a step a line.
    fn plan(db: &Connection, sql: &str) -> String {
        let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
        steps.collect::<Result<Vec<_>, _>>().unwrap().join("\n")
    }

    #[test]
    fn no_place_in_a_conversation_costs_more_than_a_look_into_an_index() {
        let db = Connection::open_in_memory().unwrap();
        crate::migrations::run(&db, None).unwrap();

        for (sql, index) in [
            (before_sql(), "messages_by_line"),
            (from_sql(), "messages_by_line"),
            (place_at_sql(), "messages_by_time"),
            (
                crate::conversations::READ_BY_PEER.to_owned(),
                "messages_unread_by_peer",
            ),
        ] {
            let plan = plan(&db, &sql);

            assert!(plan.contains("SEARCH") && plan.contains(index), "{plan}");
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP"), "{plan}");
        }
    }
}
