//! What is missing in chains: when to ask for it, what was sent of it, and how it is closed.

use rusqlite::{Connection, params};
use streembit_delivery::{LinkHash, Range};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::chains::{self, GapState};
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::messages::{self, COLUMN_COUNT, COLUMNS, Message};
use crate::outbox::{self, OutboxItem};
use crate::seen;

/// Gaps that are looked at in one go.
const MAX_DUE: u32 = 256;

/// One node's side of a conversation.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Whose {
    /// The network of the conversation.
    pub network: NetworkId,
    /// The other side of the conversation.
    pub peer: AccountId,
    /// The node that numbers.
    pub node: NodeId,
}

/// A gap that is due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DueGap {
    /// In which chain.
    pub whose: Whose,
    /// The message behind it.
    pub message: MessageId,
    /// What is missing.
    pub range: Range,
    /// How often it was asked for.
    pub asked: u32,
}

/// What becomes of a gap that was due.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GapStep {
    /// The gap, by the message behind it.
    pub message: MessageId,
    /// How far asking for it is.
    pub state: GapState,
    /// How often it was asked for.
    pub asked: u32,
    /// When to look again; none when it is given up.
    pub due: Option<Timestamp>,
}

/// A text of ours that was asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AskedText {
    /// The text.
    pub message: Message,
    /// Its number.
    pub sequence: u32,
    /// Its hash.
    pub hash: LinkHash,
    /// The hash of the one before it, if that is here.
    pub previous: Option<LinkHash>,
    /// Whether it is on its way to the node that asked.
    pub is_waiting: bool,
}

impl Store {
    /// Returns the gaps for which something is to be done by now, by chain, and when there will be
    /// others.
    pub async fn due_gaps(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<DueGap>, Option<Timestamp>), StoreError> {
        self.read("look for gaps", move |db| {
            Ok((due(db, now)?, next_due(db, now)?))
        })
        .await
    }

    /// Takes gaps of one chain a step further, and queues the question for what is missing, unless
    /// an earlier one still waits: then nothing changes but when to look again.
    ///
    /// Returns whether the question was queued.
    pub async fn ask_for(
        &self,
        whose: Whose,
        steps: Vec<GapStep>,
        question: Option<OutboxItem>,
        again: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write("ask for what is missing", move |db| {
            let kind = question.as_ref().map(|item| item.kind);
            if kind.is_some() && is_asking(db, whose, kind)? {
                for step in steps {
                    set_due(db, whose, step.message, again)?;
                }
                return Ok(false);
            }
            for step in &steps {
                take_step(db, whose, step)?;
            }
            if let Some(item) = &question {
                outbox::put(db, item)?;
            }
            Ok(question.is_some())
        })
        .await
    }

    /// Returns which texts of ours are in a range of a chain, as `asker` may be sent them.
    pub async fn asked_texts(
        &self,
        whose: Whose,
        asker: NodeId,
        range: Range,
    ) -> Result<Vec<AskedText>, StoreError> {
        self.read("look for what was asked for", move |db| {
            asked(db, whose, asker, range)
        })
        .await
    }

    /// Queues what answers a question, once however often it comes, and nothing that is on its way.
    ///
    /// Returns what was queued.
    pub async fn answer_gaps(
        &self,
        asker: (AccountId, NodeId),
        question: MessageId,
        items: Vec<OutboxItem>,
        now: Timestamp,
    ) -> Result<Vec<OutboxItem>, StoreError> {
        self.write("answer what is missing", move |db| {
            if !seen::mark(db, asker.0, question, now)? {
                return Ok(Vec::new());
            }
            let mut queued = Vec::new();
            for item in items {
                if !outbox::waits_for(db, asker.0, asker.1, item.id)? {
                    outbox::put(db, &item)?;
                    queued.push(item);
                }
            }
            Ok(queued)
        })
        .await
    }

    /// Takes the word of a chain's author that texts are gone, once; returns what shows that.
    pub async fn close_gaps(
        &self,
        whose: Whose,
        cause: MessageId,
        gone: Vec<Range>,
        now: Timestamp,
    ) -> Result<Vec<MessageId>, StoreError> {
        self.write("close gaps", move |db| {
            if !seen::mark(db, whose.peer, cause, now)? {
                return Ok(Vec::new());
            }
            close(db, whose, &gone)
        })
        .await
    }
}

/// Finds what is due in conversations of two: there the other side is an account, of 32 bytes.
fn due(db: &Connection, now: Timestamp) -> Result<Vec<DueGap>, Fault> {
    db.all(
        "SELECT c.network, c.peer, c.node, m.id, m.sequence, m.missing, m.gap_asked
         FROM messages m JOIN chains c USING (chain)
         WHERE m.gap_due <= ?1 AND length(c.peer) = 32 ORDER BY m.gap_due LIMIT ?2",
        params![millis(now), MAX_DUE],
        |row| {
            let (sequence, missing) = (row.get(4)?, row.get(5)?);
            let whose = Whose {
                network: row.id(0)?,
                peer: row.id(1)?,
                node: row.id(2)?,
            };
            let (message, asked) = (row.id(3)?, row.get(6)?);
            Ok(Range::before(sequence, missing).map(|range| DueGap {
                whose,
                message,
                range,
                asked,
            }))
        },
    )
    .map(|found| found.into_iter().flatten().collect())
}

fn next_due(db: &Connection, now: Timestamp) -> Result<Option<Timestamp>, Fault> {
    db.first(
        "SELECT min(m.gap_due) FROM messages m JOIN chains c USING (chain)
         WHERE m.gap_due > ?1 AND length(c.peer) = 32",
        [millis(now)],
        |row| row.maybe_time(0),
    )
    .map(Option::flatten)
}

fn is_asking(db: &Connection, whose: Whose, kind: Option<u16>) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM outbox WHERE network = ?1 AND peer = ?2 AND node = ?3 AND kind = ?4",
        params![Sql(whose.network), Sql(whose.peer), Sql(whose.node), kind],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

fn set_due(db: &Connection, whose: Whose, id: MessageId, due: Timestamp) -> Result<(), Fault> {
    db.change(
        "UPDATE messages SET gap_due = ?4
         WHERE network = ?1 AND peer = ?2 AND id = ?3 AND gap_due IS NOT NULL",
        params![Sql(whose.network), Sql(whose.peer), Sql(id), millis(due)],
    )?;
    Ok(())
}

fn take_step(db: &Connection, whose: Whose, step: &GapStep) -> Result<(), Fault> {
    db.change(
        "UPDATE messages SET gap = ?4, gap_asked = ?5, gap_due = ?6
         WHERE network = ?1 AND peer = ?2 AND id = ?3 AND gap IS NOT NULL",
        params![
            Sql(whose.network),
            Sql(whose.peer),
            Sql(step.message),
            step.state,
            step.asked,
            step.due.map(millis)
        ],
    )?;
    Ok(())
}

fn asked(
    db: &Connection,
    whose: Whose,
    asker: NodeId,
    range: Range,
) -> Result<Vec<AskedText>, Fault> {
    let Some((chain, _)) = chains::find(db, whose.network, whose.peer.into(), whose.node)? else {
        return Ok(Vec::new());
    };
    let found = db.all(
        &format!(
            "SELECT {COLUMNS}, sequence, hash FROM messages
             WHERE chain = ?1 AND sequence BETWEEN ?2 AND ?3 AND direction = 'out' ORDER BY sequence"
        ),
        params![chain, range.first, range.last],
        |row| {
            let hash = LinkHash::from_bytes(row.get(COLUMN_COUNT + 1)?);
            Ok((messages::from_row(row)?, row.get(COLUMN_COUNT)?, hash))
        },
    )?;
    found
        .into_iter()
        .map(|(message, sequence, hash): (Message, u32, LinkHash)| {
            Ok(AskedText {
                is_waiting: outbox::waits_for(db, whose.peer, asker, message.id)?,
                previous: chains::hash_of(db, chain, sequence.saturating_sub(1))?,
                message,
                sequence,
                hash,
            })
        })
        .collect()
}

fn close(db: &Connection, whose: Whose, gone: &[Range]) -> Result<Vec<MessageId>, Fault> {
    let Some((chain, _)) = chains::find(db, whose.network, whose.peer.into(), whose.node)? else {
        return Ok(Vec::new());
    };
    let mut changed = Vec::new();
    for (id, range) in open(db, chain)? {
        if gone.iter().any(|told| told.covers(&range)) {
            db.change(
                "UPDATE messages SET gap = 'gone', gap_due = NULL WHERE chain = ?1 AND id = ?2",
                params![chain, Sql(id)],
            )?;
            changed.push(id);
        }
    }
    Ok(changed)
}

/// The gaps of a chain that are not given up.
fn open(db: &Connection, chain: i64) -> Result<Vec<(MessageId, Range)>, Fault> {
    let found = db.all(
        "SELECT id, sequence, missing FROM messages
         WHERE gap_due IS NOT NULL AND chain = ?1 ORDER BY sequence DESC LIMIT ?2",
        params![chain, MAX_DUE],
        |row| Ok((row.id(0)?, Range::before(row.get(1)?, row.get(2)?))),
    )?;
    let is_range = |(id, range): (MessageId, Option<Range>)| Some((id, range?));
    Ok(found.into_iter().filter_map(is_range).collect())
}
