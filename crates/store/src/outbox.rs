//! Sealed envelopes that wait for their recipient: messages, and what no one sees, such as receipts.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::messages::{self, Message, MessageState};

/// Envelopes that may wait at the same time.
pub const MAX_OUTBOX: usize = 10_000;

/// An envelope to send.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboxItem {
    /// Its id, the same across every resend.
    pub id: MessageId,
    /// The network in which it goes.
    pub network: NetworkId,
    /// To whom.
    pub peer: AccountId,
    /// To which nodes of theirs, each by itself; none for whichever answers first.
    pub nodes: Vec<NodeId>,
    /// Its kind's number.
    pub kind: u16,
    /// The signed bytes; empty for what is encrypted when it is sent.
    pub envelope: Vec<u8>,
    /// What is to be encrypted, of such an item.
    pub body: Option<Vec<u8>>,
    /// Now.
    pub queued_at: Timestamp,
    /// The same for our own other nodes.
    pub copy: Option<Box<Self>>,
}

/// What waits, without its bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboxEntry {
    /// Its place: lower goes first.
    pub order: u64,
    /// Its id.
    pub id: MessageId,
    /// To whom.
    pub peer: AccountId,
    /// To which node of theirs; none for whichever answers first.
    pub node: Option<NodeId>,
    /// Its kind's number.
    pub kind: u16,
    /// Whether it was sent before, without an answer yet.
    pub state: MessageState,
    /// Since when it waits.
    pub queued_at: Timestamp,
    /// Until when a mailbox keeps it as well.
    pub kept_until: Option<Timestamp>,
}

impl Store {
    /// Queues an envelope that is no message.
    pub async fn enqueue(&self, item: OutboxItem) -> Result<(), StoreError> {
        self.write("queue an envelope", move |db| put(db, &item))
            .await
    }

    /// Gives up envelopes, of those that wait.
    pub async fn drop_outgoing(&self, ids: Vec<MessageId>) -> Result<(), StoreError> {
        self.write("give up envelopes", move |db| {
            for id in ids {
                db.change("DELETE FROM outbox WHERE id = ?1", [Sql(id)])?;
            }
            Ok(())
        })
        .await
    }

    /// Returns what waits in a network, in order.
    pub async fn outbox(&self, network: NetworkId) -> Result<Vec<OutboxEntry>, StoreError> {
        self.read("read the outbox", move |db| {
            db.all(
                "SELECT position, id, peer, node, kind, state, queued_at, kept_until FROM outbox
                 WHERE network = ?1 ORDER BY position",
                [Sql(network)],
                from_row,
            )
        })
        .await
    }

    /// Returns the bytes of what waits, as they would be sent: empty until they are encrypted.
    pub async fn outbox_envelope(&self, id: MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("read an envelope", move |db| {
            db.first(
                "SELECT envelope FROM outbox WHERE id = ?1",
                [Sql(id)],
                |row| row.get(0),
            )
        })
        .await
    }

    /// Records how far an envelope to a node of `peer` got; states never go back.
    ///
    /// Returns the message when one became different by it: it is as far as the furthest of its
    /// envelopes, and has failed when the last of them has. What is delivered, read or failed leaves
    /// the outbox.
    pub async fn record_outgoing(
        &self,
        peer: AccountId,
        node: Option<NodeId>,
        id: MessageId,
        state: MessageState,
        failure: Option<String>,
    ) -> Result<Option<Message>, StoreError> {
        self.write("record how far an envelope got", move |db| {
            advance(db, peer, node, id, state)?;
            if state == MessageState::Failed && is_waiting(db, peer, id)? {
                return Ok(None);
            }
            messages::advance(db, peer, id, state, failure.as_deref())
        })
        .await
    }

    /// Records that a mailbox keeps an envelope to a node of `peer`: it has left this machine.
    ///
    /// Returns the message when one became different by it.
    pub async fn record_kept(
        &self,
        peer: AccountId,
        node: Option<NodeId>,
        id: MessageId,
        until: Timestamp,
    ) -> Result<Option<Message>, StoreError> {
        self.write("record that a mailbox keeps an envelope", move |db| {
            let node = node_column(node.as_ref());
            db.change(
                "UPDATE outbox SET kept_until = ?4, state = 'sent'
                 WHERE id = ?1 AND peer = ?2 AND node = ?3",
                params![Sql(id), Sql(peer), node, millis(until)],
            )?;
            messages::kept(db, peer, id, until)
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<OutboxEntry> {
    Ok(OutboxEntry {
        order: row.get::<_, i64>(0)?.unsigned_abs(),
        id: row.id(1)?,
        peer: row.id(2)?,
        node: node_from(row, 3)?,
        kind: row.get(4)?,
        state: row.get(5)?,
        queued_at: row.time(6)?,
        kept_until: row.maybe_time(7)?,
    })
}

/// A node as the outbox holds it.
fn node_from(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<NodeId>> {
    match row.get_ref(column)?.as_blob()? {
        [] => Ok(None),
        _ => row.id(column).map(Some),
    }
}

/// A node as the outbox holds it: empty for whichever answers first.
fn node_column(node: Option<&NodeId>) -> &[u8] {
    node.map_or(&[], |node| node.as_bytes().as_slice())
}

/// Queues an envelope for each of its nodes.
pub(crate) fn put(db: &Connection, item: &OutboxItem) -> Result<(), Fault> {
    if let Some(copy) = &item.copy {
        put(db, copy)?;
    }
    if item.nodes.is_empty() {
        return put_one(db, item, None);
    }
    for node in &item.nodes {
        put_one(db, item, Some(node))?;
    }
    Ok(())
}

fn put_one(db: &Connection, item: &OutboxItem, node: Option<&NodeId>) -> Result<(), Fault> {
    db.change(
        "INSERT INTO outbox (id, network, peer, node, kind, envelope, queued_at, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            Sql(item.id),
            Sql(item.network),
            Sql(item.peer),
            node_column(node),
            item.kind,
            item.envelope,
            millis(item.queued_at),
            item.body
        ],
    )?;
    let order = db.last_insert_rowid();
    // Places only grow, so a short span of them needs no counting.
    let oldest = db.number("SELECT min(position) FROM outbox", [])?;
    if order - oldest >= MAX_OUTBOX as i64
        && db.number("SELECT count(*) FROM outbox", [])? > MAX_OUTBOX as i64
    {
        return Err(Fault::TooMany("messages that wait"));
    }
    Ok(())
}

/// Returns what waits for one node, in order.
pub(crate) fn waiting_for(
    db: &Connection,
    network: NetworkId,
    peer: AccountId,
    node: NodeId,
) -> Result<Vec<OutboxEntry>, Fault> {
    db.all(
        "SELECT position, id, peer, node, kind, state, queued_at FROM outbox
         WHERE network = ?1 AND peer = ?2 AND node = ?3 ORDER BY position",
        params![Sql(network), Sql(peer), Sql(node)],
        from_row,
    )
}

/// Whether an envelope still waits for some node of `peer`.
fn is_waiting(db: &Connection, peer: AccountId, id: MessageId) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM outbox WHERE id = ?1 AND peer = ?2",
        params![Sql(id), Sql(peer)],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Whether an envelope still waits for a node of `peer`, or for whichever answers first.
pub(crate) fn waits_for(
    db: &Connection,
    peer: AccountId,
    node: NodeId,
    id: MessageId,
) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM outbox WHERE id = ?1 AND peer = ?2 AND node IN (?3, x'')",
        params![Sql(id), Sql(peer), Sql(node)],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Moves an envelope on, or out when it needs no more sending.
pub(crate) fn advance(
    db: &Connection,
    peer: AccountId,
    node: Option<NodeId>,
    id: MessageId,
    state: MessageState,
) -> Result<(), Fault> {
    let key = params![Sql(id), Sql(peer), node_column(node.as_ref())];
    match state {
        MessageState::Queued => 0,
        MessageState::Sent => db.change(
            "UPDATE outbox SET state = 'sent' WHERE id = ?1 AND peer = ?2 AND node = ?3",
            key,
        )?,
        MessageState::Delivered | MessageState::Failed | MessageState::Read => db.change(
            "DELETE FROM outbox WHERE id = ?1 AND peer = ?2 AND node = ?3",
            key,
        )?,
    };
    Ok(())
}
