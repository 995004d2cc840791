//! Messages as they were sent and received, each stored before anyone is told of it.

use std::{fmt, sync::Arc};

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_delivery::Link;
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Party, Timestamp};

use crate::actor::Store;
use crate::acts;
use crate::chains::{self, Edited, Gap, Linked, Spot, Written};
use crate::changes::{self, Changes};
use crate::columns::{Columns, Sql, Statements, millis, named};
use crate::conversations;
use crate::error::{Fault, StoreError};
use crate::outbox::{self, OutboxItem};
use crate::receipts;
use crate::seen;

named! {
    /// Who wrote it.
    pub enum Direction {
        /// They did.
        In = "in",
        /// We did.
        Out = "out",
    }
}

named! {
    /// How far a message got; the order is the order of the members.
    pub enum MessageState {
        /// It is stored here.
        Queued = "queued",
        /// It left, without an answer yet.
        Sent = "sent",
        /// It will not arrive, unless a receipt shows that it did.
        Failed = "failed",
        /// The recipient's signed receipt is here.
        Delivered = "delivered",
        /// The recipient signed that it was read.
        Read = "read",
    }
}

/// One message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Message {
    /// Its place among all messages: lower is older.
    pub order: u64,
    /// Its id.
    #[serde(with = "crate::wire::text")]
    pub id: MessageId,
    /// The network that it belongs to.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// The other side of the conversation.
    #[serde(with = "crate::wire::text")]
    pub peer: Party,
    /// Who wrote it.
    pub direction: Direction,
    /// Its author.
    #[serde(with = "crate::wire::text")]
    pub from: AccountId,
    /// Its kind: `text`, or `file` where it offers one, whose name is its text.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// The message that it answers.
    #[serde(with = "crate::wire::maybe_text")]
    pub reply_to: Option<MessageId>,
    /// When its author sent it, by the author's clock.
    #[serde(with = "crate::wire::time")]
    pub sent_at: Timestamp,
    /// When it came, by ours.
    #[serde(with = "crate::wire::maybe_time")]
    pub received_at: Option<Timestamp>,
    /// How far it got.
    pub state: MessageState,
    /// Why it failed.
    pub failure: Option<String>,
    /// Until when a mailbox keeps it, if it was left in one.
    #[serde(skip)]
    pub kept_until: Option<Timestamp>,
    /// What was done to it since.
    #[serde(default)]
    pub changes: Changes,
    /// Its line in the conversation: what is shown is in this order.
    #[serde(skip)]
    pub line: u64,
    /// What is missing directly before it.
    #[serde(skip)]
    pub gap: Option<Gap>,
    /// Whether it contradicts what its author's node said before: its line may be wrong.
    #[serde(default)]
    pub is_astray: bool,
    /// How many of a group it has come to.
    #[serde(default)]
    pub reach: Reach,
}

/// How many of a group a message of ours has come to.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reach {
    /// How many it is for; none outside of groups.
    pub recipients: u32,
    /// How many have it.
    pub delivered: u32,
    /// How many of those have read it.
    pub read: u32,
}

/// Writes the body of a message at its place in its chain.
#[derive(Clone)]
pub struct WriteBody(Arc<dyn Fn(Link) -> Vec<u8> + Send + Sync>);

impl WriteBody {
    /// Writes it so.
    pub fn new(write: impl Fn(Link) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    pub(crate) fn at(&self, link: Link) -> Vec<u8> {
        (self.0)(link)
    }
}

impl fmt::Debug for WriteBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteBody")
    }
}

/// A message of ours, with what will carry it.
#[derive(Clone, Debug)]
pub struct OutgoingMessage {
    /// Our account.
    pub from: AccountId,
    /// Our node, which counts what it sends.
    pub node: NodeId,
    /// What it says.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Writes its body.
    pub write: WriteBody,
    /// Id, network, peer, kind and time; its body is written when its place is known.
    pub item: OutboxItem,
}

/// A message of theirs, verified.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IncomingMessage {
    /// Its id.
    pub id: MessageId,
    /// The network in which it came.
    pub network: NetworkId,
    /// The other side of the conversation: its author, or the group that it was written to.
    pub peer: Party,
    /// Its author.
    pub from: AccountId,
    /// What it says.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// When it was sent, by their clock.
    pub sent_at: Timestamp,
    /// Now.
    pub received_at: Timestamp,
    /// Its place in its chain; none from earlier releases.
    pub linked: Option<Linked>,
    /// What its author had changed before it came.
    pub edited: Option<Edited>,
}

/// What became of a message that came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Arrived {
    /// It is stored, at the end.
    New(Box<Message>),
    /// It was missing, and is stored where it was.
    Filled {
        /// The message.
        message: Box<Message>,
        /// The one behind it.
        later: Option<Box<Message>>,
    },
    /// It was stored before; answer it as then.
    Duplicate,
}

impl Store {
    /// Stores a message of ours and queues its envelope; when this returns, it will be sent.
    pub async fn insert_outgoing(&self, message: OutgoingMessage) -> Result<Message, StoreError> {
        self.write("store a message to send", move |db| {
            send(db, message, "text")
        })
        .await
    }

    /// Stores a message of theirs, once however often it comes.
    pub async fn insert_incoming(&self, message: IncomingMessage) -> Result<Arrived, StoreError> {
        self.write("store a message that came", move |db| {
            receive(db, message, "text")
        })
        .await
    }

    /// Returns one message of a conversation.
    pub async fn message(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        id: MessageId,
    ) -> Result<Option<Message>, StoreError> {
        let peer = peer.into();
        self.read("read a message", move |db| find(db, network, peer, id))
            .await
    }
}

impl Message {
    /// Its line as queries say it.
    pub(crate) fn line(&self) -> i64 {
        i64::try_from(self.line).unwrap_or(i64::MAX)
    }

    /// Its place as columns hold it.
    pub(crate) fn place(&self) -> i64 {
        i64::try_from(self.order).unwrap_or(i64::MAX)
    }
}

impl OutgoingMessage {
    fn into_message(self, kind: &str) -> Message {
        Message {
            order: 0,
            id: self.item.id,
            network: self.item.network,
            peer: self.item.peer.into(),
            direction: Direction::Out,
            from: self.from,
            kind: kind.to_owned(),
            text: self.text,
            reply_to: self.reply_to,
            sent_at: self.item.queued_at,
            received_at: None,
            state: MessageState::Queued,
            failure: None,
            kept_until: None,
            changes: Changes::default(),
            line: 0,
            gap: None,
            is_astray: false,
            reach: Reach::default(),
        }
    }
}

impl IncomingMessage {
    fn into_message(self, kind: &str) -> Message {
        Message {
            order: 0,
            id: self.id,
            network: self.network,
            peer: self.peer,
            direction: Direction::In,
            from: self.from,
            kind: kind.to_owned(),
            text: self.text,
            reply_to: self.reply_to,
            sent_at: self.sent_at,
            received_at: Some(self.received_at),
            state: MessageState::Delivered,
            failure: None,
            kept_until: None,
            changes: self.edited.map(Changes::from).unwrap_or_default(),
            line: 0,
            gap: None,
            is_astray: false,
            reach: Reach::default(),
        }
    }
}

/// Stores a message of ours and queues its envelope.
pub(crate) fn send(
    db: &Connection,
    message: OutgoingMessage,
    kind: &str,
) -> Result<Message, Fault> {
    let mut message = message;
    let (spot, body) = chains::append(
        db,
        &Written {
            network: message.item.network,
            peer: message.item.peer.into(),
            from: message.from,
            node: message.node,
            id: message.item.id,
            write: &message.write,
        },
    )?;
    message.item.body = Some(body);
    outbox::put(db, &message.item)?;
    let mut stored = message.into_message(kind);
    put(db, &mut stored, &spot)?;
    conversations::sent(db, &stored)?;
    Ok(stored)
}

/// Stores a message of theirs, once.
pub(crate) fn receive(
    db: &Connection,
    message: IncomingMessage,
    kind: &str,
) -> Result<Arrived, Fault> {
    if !seen::mark(db, message.from, message.id, message.received_at)?
        || find(db, message.network, message.peer, message.id)?.is_some()
    {
        return Ok(Arrived::Duplicate);
    }
    let spot = match &message.linked {
        Some(linked) => chains::place(db, &message, linked)?,
        None => Spot::default(),
    };
    let mut stored = message.into_message(kind);
    put(db, &mut stored, &spot)?;
    acts::settle(db, &mut stored)?;
    conversations::received(db, &stored)?;
    let message = Box::new(stored);
    Ok(match spot.later {
        Some(later) => Arrived::Filled {
            later: by_position(db, later)?.map(Box::new),
            message,
        },
        None => Arrived::New(message),
    })
}

/// The columns of a message, in the order that [`from_row`] reads.
pub(crate) const COLUMNS: &str = "position, id, network, peer, direction, sender, kind, text, reply_to, \
                                  sent_at, received_at, state, failure, revision, edit, edited_at, \
                                  deleted_at, is_deleted_here, change, is_change_failed, reactions, kept_until, \
                                  line, missing, gap, is_astray, recipients, delivered_to, read_by";

/// How many [`COLUMNS`] there are: what else a query asks for stands behind them.
pub(crate) const COLUMN_COUNT: usize = 29;

/// Reads a message from [`COLUMNS`].
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Message> {
    let position: i64 = row.get(0)?;
    let line: Option<i64> = row.get(22)?;
    Ok(Message {
        order: position.unsigned_abs(),
        id: row.id(1)?,
        network: row.id(2)?,
        peer: row.id(3)?,
        direction: row.get(4)?,
        from: row.id(5)?,
        kind: row.get(6)?,
        text: row.get(7)?,
        reply_to: row.maybe_id(8)?,
        sent_at: row.time(9)?,
        received_at: row.maybe_time(10)?,
        state: row.get(11)?,
        failure: row.get(12)?,
        kept_until: row.maybe_time(21)?,
        changes: Changes::from_row(row, 13)?,
        line: line.unwrap_or(chains::line(position)).unsigned_abs(),
        gap: Gap::from_row(row, 23)?,
        is_astray: row.get(25)?,
        reach: Reach {
            recipients: row.get(26)?,
            delivered: row.get(27)?,
            read: row.get(28)?,
        },
    })
}

/// Reads one message of a conversation.
pub(crate) fn find(
    db: &Connection,
    network: NetworkId,
    peer: Party,
    id: MessageId,
) -> Result<Option<Message>, Fault> {
    db.first(
        &format!("SELECT {COLUMNS} FROM messages WHERE network = ?1 AND peer = ?2 AND id = ?3"),
        params![Sql(network), Sql(peer), Sql(id)],
        from_row,
    )
}

/// Reads the message at a position.
fn by_position(db: &Connection, position: i64) -> Result<Option<Message>, Fault> {
    db.first(
        &format!("SELECT {COLUMNS} FROM messages WHERE position = ?1"),
        [position],
        from_row,
    )
}

/// Stores a message at its spot, and notes its place in it.
pub(crate) fn put(db: &Connection, message: &mut Message, spot: &Spot) -> Result<(), Fault> {
    db.change(
        "INSERT INTO messages
         (id, network, peer, direction, sender, kind, text, reply_to, sent_at, received_at, state, failure,
          chain, sequence, hash, previous, missing, gap, gap_asked, gap_due, is_astray, line,
          recipients, delivered_to, read_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                 ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
        params![
            Sql(message.id),
            Sql(message.network),
            Sql(message.peer),
            message.direction,
            Sql(message.from),
            message.kind,
            message.text,
            message.reply_to.map(Sql),
            millis(message.sent_at),
            message.received_at.map(millis),
            message.state,
            message.failure,
            spot.at.map(|at| at.chain),
            spot.at.map(|at| at.sequence),
            spot.at.map(|at| *at.hash.as_bytes()),
            spot.previous.map(|hash| *hash.as_bytes()),
            spot.missing,
            spot.gap,
            spot.asked,
            spot.due.map(millis),
            spot.is_astray || message.is_astray,
            spot.line,
            message.reach.recipients,
            message.reach.delivered,
            message.reach.read,
        ],
    )?;
    let position = db.last_insert_rowid();
    message.order = position.unsigned_abs();
    message.line = spot.line.unwrap_or(chains::line(position)).unsigned_abs();
    message.gap = spot.gap();
    message.is_astray |= spot.is_astray;
    if message.changes != Changes::default() {
        changes::write(db, message)?;
    }
    Ok(())
}

/// Moves a message of ours forward; returns it when that changed it.
pub(crate) fn advance(
    db: &Connection,
    peer: AccountId,
    id: MessageId,
    state: MessageState,
    failure: Option<&str>,
) -> Result<Option<Message>, Fault> {
    if let Some(group) = receipts::group_of(db, peer, id)? {
        return receipts::advance(db, group, peer, id, state);
    }
    let message = db.first(
        &format!(
            "SELECT {COLUMNS} FROM messages WHERE id = ?1 AND peer = ?2 AND direction = 'out'"
        ),
        params![Sql(id), Sql(peer)],
        from_row,
    )?;
    let Some(message) = message else {
        return acts::advance(db, peer, id, state);
    };
    let Some(mut message) = Some(message).filter(|message| message.state < state) else {
        return Ok(None);
    };
    message.state = state;
    message.failure = failure
        .filter(|_| state == MessageState::Failed)
        .map(str::to_owned);
    db.change(
        "UPDATE messages SET state = ?2, failure = ?3 WHERE position = ?1",
        params![message.place(), message.state, message.failure],
    )?;
    Ok(Some(message))
}

/// Notes that a mailbox keeps one of our messages; none if that changes nothing to be seen.
pub(crate) fn kept(
    db: &Connection,
    peer: AccountId,
    id: MessageId,
    until: Timestamp,
) -> Result<Option<Message>, Fault> {
    if let Some(group) = receipts::group_of(db, peer, id)? {
        return receipts::advance(db, group, peer, id, MessageState::Sent);
    }
    db.change(
        "UPDATE messages SET kept_until = ?3, state = 'sent'
         WHERE id = ?1 AND peer = ?2 AND direction = 'out' AND state IN ('queued', 'sent')",
        params![Sql(id), Sql(peer), millis(until)],
    )?;
    db.first(
        &format!(
            "SELECT {COLUMNS} FROM messages
             WHERE id = ?1 AND peer = ?2 AND direction = 'out' AND state = 'sent'"
        ),
        params![Sql(id), Sql(peer)],
        from_row,
    )
}
