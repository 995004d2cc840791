//! Conversations: for each peer of a network the last message and what is unread.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, MessageId, NetworkId, Party, Timestamp};

use crate::actor::Store;
use crate::chains::{self, LINE};
use crate::choices::{self, Choices};
use crate::columns::{Columns, Sql, Statements};
use crate::error::{Fault, StoreError};
use crate::messages::{self, Direction, Message, MessageState};
use crate::outbox::{self, OutboxItem};
use crate::seen;

/// One conversation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conversation {
    /// The network that it belongs to.
    pub network: NetworkId,
    /// The other side.
    pub peer: Party,
    /// Its last message; none where nothing but a draft was written.
    pub last: Option<Message>,
    /// How many of their messages are unread.
    pub unread: u64,
    /// The first of those.
    pub first_unread: Option<MessageId>,
    /// What the person has chosen for it.
    pub choices: Choices,
}

impl Store {
    /// Returns the conversations of one network, or of all: the pinned ones first, then the latest.
    pub async fn conversations(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<Conversation>, StoreError> {
        self.read("read the conversations", move |db| {
            let sql = format!(
                "SELECT {}, c.unread, {}, k.of, k.with_peer,
                     CASE WHEN c.unread > 0 THEN (
                         SELECT id FROM messages
                         WHERE network = k.of AND peer = k.with_peer
                           AND position > c.read_through AND direction = 'in'
                         ORDER BY position LIMIT 1) END
                 FROM (SELECT network AS of, peer AS with_peer FROM conversations
                       UNION SELECT network, peer FROM conversation_choices WHERE draft <> '') k
                 LEFT JOIN conversations c ON c.network = k.of AND c.peer = k.with_peer
                 LEFT JOIN (SELECT network AS in_network, peer AS for_peer, {} FROM conversation_choices) s
                     ON s.in_network = k.of AND s.for_peer = k.with_peer
                 LEFT JOIN messages m ON m.position = c.last
                 WHERE ?1 IS NULL OR k.of = ?1
                 ORDER BY coalesce(is_pinned, 0) DESC, m.position DESC",
                columns("m."),
                choices::COLUMNS,
                choices::COLUMNS,
            );
            db.all(&sql, [network.map(Sql)], from_row)
        })
        .await
    }

    /// Tells which message of theirs is the last unread one, up to `through` where it is named: what
    /// a read receipt would name.
    pub async fn last_unread(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        through: Option<MessageId>,
    ) -> Result<Option<MessageId>, StoreError> {
        let peer = peer.into();
        self.read("find the last unread message", move |db| {
            let end = match through {
                None => i64::MAX,
                Some(id) => match messages::find(db, network, peer, id)? {
                    None => return Ok(None),
                    Some(message) => message.line(),
                },
            };
            db.first(
                &format!(
                    "SELECT m.id FROM messages m JOIN conversations c USING (network, peer)
                     WHERE m.network = ?1 AND m.peer = ?2 AND m.direction = 'in'
                       AND m.position > c.read_through AND {LINE} <= ?3
                     ORDER BY {LINE} DESC LIMIT 1"
                ),
                params![Sql(network), Sql(peer), end],
                |row| row.id(0),
            )
        })
        .await
    }

    /// Marks their messages as read through `through`, and queues the receipt that says so.
    ///
    /// Returns whether anything was unread; if not, nothing is queued.
    pub async fn mark_read(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        through: MessageId,
        receipt: Option<OutboxItem>,
    ) -> Result<bool, StoreError> {
        let peer = peer.into();
        self.write("mark a conversation as read", move |db| {
            let Some(message) = messages::find(db, network, peer, through)? else {
                return Ok(false);
            };
            let is_news = read_through(db, &message)?;
            if let (true, Some(item)) = (is_news, receipt) {
                outbox::put(db, &item)?;
            }
            Ok(is_news)
        })
        .await
    }

    /// Takes their receipt that our messages were read through `through`, once.
    ///
    /// Returns the messages that became read by it.
    pub async fn receive_read(
        &self,
        network: NetworkId,
        peer: AccountId,
        cause: MessageId,
        through: MessageId,
        now: Timestamp,
    ) -> Result<Vec<Message>, StoreError> {
        self.write("take a read receipt", move |db| {
            if !seen::mark(db, peer, cause, now)? {
                return Ok(Vec::new());
            }
            let last = messages::find(db, network, peer.into(), through)?;
            let Some(last) = last.filter(|last| last.direction == Direction::Out) else {
                return Ok(Vec::new());
            };
            read_by_peer(db, &last)?
                .into_iter()
                .map(|id| {
                    // Another node of theirs may still lack what one has shown.
                    outbox::advance(db, peer, None, id, MessageState::Read)?;
                    messages::advance(db, peer, id, MessageState::Read, None)
                })
                .filter_map(Result::transpose)
                .collect()
        })
        .await
    }

    /// Forgets a conversation's messages and what of it waits to be sent.
    pub async fn remove_conversation(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
    ) -> Result<(), StoreError> {
        let peer = peer.into();
        self.write("forget a conversation", move |db| {
            let key = params![Sql(network), Sql(peer)];
            db.change(
                "DELETE FROM outbox WHERE id IN (
                     SELECT id FROM messages WHERE network = ?1 AND peer = ?2 AND direction = 'out'
                     UNION SELECT change FROM messages
                     WHERE network = ?1 AND peer = ?2 AND change IS NOT NULL)",
                key,
            )?;
            db.change(
                "DELETE FROM early_acts WHERE network = ?1 AND peer = ?2",
                key,
            )?;
            db.change("DELETE FROM messages WHERE network = ?1 AND peer = ?2", key)?;
            db.change(
                "DELETE FROM conversations WHERE network = ?1 AND peer = ?2",
                key,
            )?;
            Ok(())
        })
        .await
    }
}

/// Finds what [`read_by_peer`] asks for, by the index of what is unread.
pub(crate) const READ_BY_PEER: &str = "SELECT id FROM messages
     WHERE network = ?1 AND peer = ?2 AND position < ?3
       AND direction = 'out' AND state <> 'read' AND state = 'delivered' ORDER BY position";

/// Our messages that the peer has read who read `last`, oldest first: it, and those before it that
/// have arrived. Whatever else stands before it is still on its way, or never went.
fn read_by_peer(db: &Connection, last: &Message) -> Result<Vec<MessageId>, Fault> {
    let mut read = db.all(
        READ_BY_PEER,
        params![Sql(last.network), Sql(last.peer), place(last)],
        |row| row.id(0),
    )?;
    read.push(last.id);
    Ok(read)
}

/// The columns of a message under the name of its table.
fn columns(table: &str) -> String {
    let of_table = messages::COLUMNS
        .split(',')
        .map(|column| format!("{table}{}", column.trim()));
    of_table.collect::<Vec<_>>().join(", ")
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let after = messages::COLUMN_COUNT;
    let has_messages = row.get::<_, Option<i64>>(0)?.is_some();
    Ok(Conversation {
        network: row.id(after + 6)?,
        peer: row.id(after + 7)?,
        last: has_messages.then(|| messages::from_row(row)).transpose()?,
        unread: row
            .get::<_, Option<i64>>(after)?
            .unwrap_or(0)
            .unsigned_abs(),
        first_unread: row.maybe_id(after + 8)?,
        choices: choices::from_row(row, after + 1)?,
    })
}

fn read_through(db: &Connection, message: &Message) -> Result<bool, Fault> {
    // What came late stands before it, and was read with it.
    let through = db.first(
        &format!(
            "SELECT max(m.position) FROM messages m JOIN conversations c USING (network, peer)
             WHERE m.network = ?1 AND m.peer = ?2 AND m.position > c.read_through AND {LINE} <= ?3"
        ),
        params![Sql(message.network), Sql(message.peer), message.line()],
        |row| row.get::<_, Option<i64>>(0),
    )?;
    let Some(through) = through.flatten() else {
        return Ok(false);
    };
    let changed = db.change(
        "UPDATE conversations SET read_through = ?3, unread = (
             SELECT count(*) FROM messages WHERE network = ?1 AND peer = ?2 AND direction = 'in' AND position > ?3)
         WHERE network = ?1 AND peer = ?2 AND unread > 0",
        params![Sql(message.network), Sql(message.peer), through],
    )?;
    Ok(changed > 0)
}

/// Notes a message of ours: it is the last.
pub(crate) fn sent(db: &Connection, message: &Message) -> Result<(), Fault> {
    note(db, message, 0)
}

/// Notes a message of theirs: it is the last, and unread.
pub(crate) fn received(db: &Connection, message: &Message) -> Result<(), Fault> {
    let now = message.received_at.unwrap_or(message.sent_at);
    choices::bring_back(db, message.network, message.peer, now)?;
    note(db, message, 1)
}

fn note(db: &Connection, message: &Message, unread: u8) -> Result<(), Fault> {
    db.change(
        "INSERT INTO conversations (network, peer, last, unread) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET last = iif(?5, excluded.last, last), unread = unread + excluded.unread",
        params![
            Sql(message.network),
            Sql(message.peer),
            place(message),
            unread,
            is_last(message),
        ],
    )?;
    Ok(())
}

/// Whether nothing is behind a message that has just come.
fn is_last(message: &Message) -> bool {
    message.line() == chains::line(place(message))
}

fn place(message: &Message) -> i64 {
    i64::try_from(message.order).unwrap_or(i64::MAX)
}
