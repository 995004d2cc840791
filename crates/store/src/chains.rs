//! The chains in which texts are numbered: where each goes, and what is missing before it.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use streembit_delivery::{Around, Chain, Later, Link, LinkHash, MAX_MISSING, Place, Tail, gap};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Party, Timestamp};

use crate::changes::Changes;
use crate::columns::{Columns, Sql, Statements, named};
use crate::error::Fault;
use crate::messages::{IncomingMessage, WriteBody};

/// The line of a message in its conversation, as queries and their index say it.
pub(crate) const LINE: &str = "coalesce(line, position << 16)";

/// Lines between two messages that came one after the other: room for all that may be missing.
const ROOM: u32 = MAX_MISSING.ilog2() + 1;

named! {
    /// How far asking for what is missing is.
    pub enum GapState {
        /// It was not asked for: it may only be late.
        Waiting = "waiting",
        /// Its author's node was asked for it.
        Asked = "asked",
        /// It cannot be got.
        Gone = "gone",
    }
}

/// Texts that are missing directly before a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Gap {
    /// How many.
    pub missing: u32,
    /// How far asking for them is.
    pub state: GapState,
}

/// The place of a text of theirs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Linked {
    /// The node that numbered it.
    pub node: NodeId,
    /// Where it stands in that node's chain.
    pub link: Link,
    /// Its hash.
    pub hash: LinkHash,
}

/// What an author had changed in a text before it was sent again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Edited {
    /// How often.
    pub revision: u32,
    /// The act that did it last.
    pub act: MessageId,
    /// When, by the author's clock.
    pub at: Timestamp,
}

/// How far a chain has come, in a backup.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StoredChain {
    /// The network of the conversation.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// The other side of the conversation.
    #[serde(with = "crate::wire::text")]
    pub peer: Party,
    /// The node that counts.
    #[serde(with = "crate::wire::text")]
    pub node: NodeId,
    /// The number of its last text.
    pub sequence: u32,
    /// The hash of that text.
    #[serde(with = "crate::wire::bytes")]
    pub hash: Vec<u8>,
}

/// A number of a chain and the hash of the text that has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub(crate) chain: i64,
    pub(crate) sequence: u32,
    pub(crate) hash: LinkHash,
}

/// A text of ours that is to be numbered.
pub(crate) struct Written<'a> {
    pub(crate) network: NetworkId,
    pub(crate) peer: Party,
    pub(crate) from: AccountId,
    pub(crate) node: NodeId,
    pub(crate) id: MessageId,
    pub(crate) write: &'a WriteBody,
}

/// Where a message goes; by default to the end, outside of all chains.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spot {
    pub(crate) at: Option<At>,
    pub(crate) previous: Option<LinkHash>,
    pub(crate) missing: u32,
    pub(crate) gap: Option<GapState>,
    pub(crate) asked: u32,
    pub(crate) due: Option<Timestamp>,
    pub(crate) is_astray: bool,
    pub(crate) line: Option<i64>,
    /// The position of the message behind it.
    pub(crate) later: Option<i64>,
}

/// A message behind the place of one that comes late.
struct Behind {
    position: i64,
    line: i64,
    later: Later,
    gap: Option<GapState>,
    asked: u32,
    due: Option<Timestamp>,
}

impl Gap {
    /// Reads the two columns from `first` on.
    pub(crate) fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Self>> {
        let missing = row.get(first)?;
        let state: Option<GapState> = row.get(first + 1)?;
        Ok(state.map(|state| Self { missing, state }))
    }
}

impl Spot {
    /// What is missing before it.
    pub(crate) fn gap(&self) -> Option<Gap> {
        let missing = self.missing;
        self.gap.map(|state| Gap { missing, state })
    }
}

impl From<Edited> for Changes {
    fn from(edited: Edited) -> Self {
        Self {
            revision: edited.revision,
            edit: Some(edited.act),
            edited_at: Some(edited.at),
            ..Self::default()
        }
    }
}

/// The line of a message that is where it came.
pub(crate) const fn line(position: i64) -> i64 {
    position << ROOM
}

/// Gives a text of ours the next number of its chain; returns its spot and its body.
pub(crate) fn append(db: &Connection, message: &Written<'_>) -> Result<(Spot, Vec<u8>), Fault> {
    let (network, peer) = (message.network, message.peer);
    let known = find(db, network, peer, message.node)?;
    let tail = known.map(|(_, tail)| tail);
    let link = Link::after(tail).ok_or(Fault::TooMany("messages in a conversation"))?;
    let body = message.write.at(link);
    let chain = Chain {
        network,
        from: message.from,
        node: message.node,
        to: peer,
    };
    let hash = chain.hash(message.id, &body);
    let chain = end(
        db,
        known,
        (network, peer, message.node),
        link.sequence,
        hash,
    )?;
    let at = At {
        chain,
        sequence: link.sequence,
        hash,
    };
    let spot = Spot {
        at: Some(at),
        ..Spot::default()
    };
    Ok((spot, body))
}

/// Finds the spot of a text of theirs, and notes there what comes before which.
pub(crate) fn place(
    db: &Connection,
    message: &IncomingMessage,
    linked: &Linked,
) -> Result<Spot, Fault> {
    let whose = (message.network, message.peer, linked.node);
    let known = find(db, whose.0, whose.1, whose.2)?;
    let (link, hash) = (linked.link, linked.hash);
    let tail = known.map(|(_, tail)| tail);
    match (link.at_end(tail), known) {
        (Some(place), _) => {
            let chain = end(db, known, whose, link.sequence, hash)?;
            Ok(at_end(message, linked, chain, place, tail.is_none()))
        }
        (None, Some((chain, _))) => in_between(db, linked, chain),
        (None, None) => Ok(Spot::default()), // what is not known yet always begins
    }
}

fn at_end(
    message: &IncomingMessage,
    linked: &Linked,
    chain: i64,
    place: Place,
    is_first: bool,
) -> Spot {
    let is_group = message.peer.group().is_some();
    let missing = match place {
        // Whoever joined a group later is not meant to have what was before.
        Place::End { .. } if is_group && is_first => 0,
        Place::End { missing } => missing,
        Place::Before { .. } | Place::Apart | Place::Conflict { .. } => 0,
    };
    let link = linked.link;
    Spot {
        at: Some(At {
            chain,
            sequence: link.sequence,
            hash: linked.hash,
        }),
        previous: link.previous.filter(|_| missing > 0 || is_first),
        missing,
        gap: (missing > 0).then_some(GapState::Waiting),
        // Nobody is asked for what is missing in a group: a member may be new.
        due: (missing > 0 && !is_group)
            .then(|| gap::due(0, message.received_at, jitter(linked.hash)))
            .flatten(),
        is_astray: matches!(place, Place::Conflict { .. }),
        ..Spot::default()
    }
}

fn in_between(db: &Connection, linked: &Linked, chain: i64) -> Result<Spot, Fault> {
    let sequence = linked.link.sequence;
    let behind = behind(db, chain, sequence)?;
    let around = Around {
        is_taken: hash_of(db, chain, sequence)?.is_some(),
        before: hash_of(db, chain, sequence.saturating_sub(1))?,
        later: behind.as_ref().map(|behind| behind.later),
    };
    match (linked.link.in_between(linked.hash, around), behind) {
        (Place::Before { distance, missing }, Some(behind)) => {
            close(db, &behind, distance - 1)?;
            let is_open = missing > 0;
            Ok(Spot {
                at: Some(At {
                    chain,
                    sequence,
                    hash: linked.hash,
                }),
                previous: linked.link.previous.filter(|_| around.before.is_none()),
                missing,
                gap: behind.gap.filter(|_| is_open),
                asked: behind.asked,
                due: behind.due.filter(|_| is_open),
                is_astray: false,
                line: Some(behind.line - i64::from(distance)),
                later: Some(behind.position),
            })
        }
        (Place::Conflict { .. }, _) => Ok(Spot {
            is_astray: true,
            ..Spot::default()
        }),
        (Place::Before { .. } | Place::End { .. } | Place::Apart, _) => Ok(Spot::default()),
    }
}

/// Notes how many are still missing directly before a message.
fn close(db: &Connection, behind: &Behind, missing: u32) -> Result<(), Fault> {
    let is_open = missing > 0;
    let gap = is_open.then(|| behind.gap.unwrap_or(GapState::Waiting));
    db.change(
        "UPDATE messages SET missing = ?2, gap = ?3, gap_due = iif(?2 > 0, gap_due, NULL),
         previous = iif(?2 > 0, previous, NULL) WHERE position = ?1",
        params![behind.position, missing, gap],
    )?;
    Ok(())
}

/// Reads a chain: its number here, and its end.
pub(crate) fn find(
    db: &Connection,
    network: NetworkId,
    peer: Party,
    node: NodeId,
) -> Result<Option<(i64, Tail)>, Fault> {
    db.first(
        "SELECT chain, sequence, hash FROM chains WHERE network = ?1 AND peer = ?2 AND node = ?3",
        params![Sql(network), Sql(peer), Sql(node)],
        |row| {
            let tail = Tail {
                sequence: row.get(1)?,
                hash: LinkHash::from_bytes(row.get(2)?),
            };
            Ok((row.get(0)?, tail))
        },
    )
}

/// Notes where a chain ends now, and returns its number here.
fn end(
    db: &Connection,
    known: Option<(i64, Tail)>,
    whose: (NetworkId, Party, NodeId),
    sequence: u32,
    hash: LinkHash,
) -> Result<i64, Fault> {
    if let Some((chain, _)) = known {
        db.change(
            "UPDATE chains SET sequence = ?2, hash = ?3 WHERE chain = ?1",
            params![chain, sequence, hash.as_bytes()],
        )?;
        return Ok(chain);
    }
    let (network, peer, node) = whose;
    db.change(
        "INSERT INTO chains (network, peer, node, sequence, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            Sql(network),
            Sql(peer),
            Sql(node),
            sequence,
            hash.as_bytes()
        ],
    )?;
    Ok(db.last_insert_rowid())
}

pub(crate) fn hash_of(
    db: &Connection,
    chain: i64,
    sequence: u32,
) -> Result<Option<LinkHash>, Fault> {
    db.first(
        "SELECT hash FROM messages WHERE chain = ?1 AND sequence = ?2",
        params![chain, sequence],
        |row| Ok(LinkHash::from_bytes(row.get(0)?)),
    )
}

/// Finds the nearest message with a higher number.
fn behind(db: &Connection, chain: i64, sequence: u32) -> Result<Option<Behind>, Fault> {
    db.first(
        &format!(
            "SELECT position, {LINE}, sequence, previous, missing, gap, gap_asked, gap_due
             FROM messages WHERE chain = ?1 AND sequence > ?2 ORDER BY sequence LIMIT 1"
        ),
        params![chain, sequence],
        |row| {
            Ok(Behind {
                position: row.get(0)?,
                line: row.get(1)?,
                later: Later {
                    sequence: row.get(2)?,
                    previous: row.get::<_, Option<[u8; 32]>>(3)?.map(LinkHash::from_bytes),
                    missing: row.get(4)?,
                },
                gap: row.get(5)?,
                asked: row.get(6)?,
                due: row.maybe_time(7)?,
            })
        },
    )
}

/// Spreads the questions of many gaps; the hash of a text is as good as chance.
fn jitter(hash: LinkHash) -> u32 {
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Reads every chain.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredChain>, Fault> {
    db.all(
        "SELECT network, peer, node, sequence, hash FROM chains ORDER BY chain",
        [],
        |row| {
            Ok(StoredChain {
                network: row.id(0)?,
                peer: row.id(1)?,
                node: row.id(2)?,
                sequence: row.get(3)?,
                hash: row.get(4)?,
            })
        },
    )
}

/// Puts a chain of a backup back: what comes next is compared with its end.
pub(crate) fn restore(db: &Connection, chain: &StoredChain) -> Result<(), Fault> {
    let hash = <[u8; 32]>::try_from(chain.hash.as_slice())
        .map_err(|_| Fault::Invalid("the hash of a message"))?;
    let whose = (chain.network, chain.peer, chain.node);
    let known = find(db, whose.0, whose.1, whose.2)?;
    end(db, known, whose, chain.sequence, LinkHash::from_bytes(hash)).map(drop)
}
