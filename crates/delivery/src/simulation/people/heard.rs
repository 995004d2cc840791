//! The texts that a simulated node has received, in their places, with the gaps that it shows.

use std::collections::BTreeMap;

use crate::{Around, Later, Link, LinkHash, Place, Range, Tail, gap};
use streembit_identity::{AccountId, MessageId, NodeId, Timestamp};

use super::disk::Stop;
use super::flaw::Flaw;

/// Room between two lines for all that may be missing.
const ROOM: u32 = 16;

/// One text.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: MessageId,
    pub(crate) line: i64,
    hash: LinkHash,
    previous: Option<LinkHash>,
    pub(crate) missing: u32,
    asked: u32,
    due: Option<Timestamp>,
}

/// The texts of one node.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    tail: Tail,
    pub(crate) rows: BTreeMap<u32, Row>,
}

/// Everything received.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard {
    pub(crate) threads: BTreeMap<(AccountId, NodeId), Thread>,
    /// What contradicts its chain.
    pub(crate) astray: Vec<MessageId>,
    position: i64,
}

impl Heard {
    /// Whether a text is here.
    pub(crate) fn has(&self, id: MessageId) -> bool {
        let rows = self
            .threads
            .values()
            .flat_map(|thread| thread.rows.values());
        self.astray.contains(&id) || rows.into_iter().any(|row| row.id == id)
    }

    /// Puts a text in its place.
    pub(crate) fn put(
        &mut self,
        whose: (AccountId, NodeId),
        id: MessageId,
        link: Link,
        hash: LinkHash,
        now: Timestamp,
        flaw: Option<Flaw>,
    ) -> Result<(), Stop> {
        self.position += 1;
        let end = Row {
            id,
            line: self.position << ROOM,
            hash,
            previous: link.previous,
            missing: 0,
            asked: 0,
            due: None,
        };
        let tail = self.threads.get(&whose).map(|thread| thread.tail);
        match link.at_end(tail) {
            Some(Place::End { missing }) => self.append(whose, link, end, missing, now),
            Some(Place::Conflict { .. } | Place::Apart | Place::Before { .. }) => {
                self.astray.push(id);
            }
            None => self.insert(whose, link, end, flaw),
        }
        self.check(whose)
    }

    fn append(
        &mut self,
        whose: (AccountId, NodeId),
        link: Link,
        row: Row,
        missing: u32,
        now: Timestamp,
    ) {
        let due = gap::due(0, now, u32::from(row.hash.as_bytes()[0])).filter(|_| missing > 0);
        let tail = Tail {
            sequence: link.sequence,
            hash: row.hash,
        };
        let thread = self.threads.entry(whose).or_insert_with(|| Thread {
            tail,
            rows: BTreeMap::new(),
        });
        thread.tail = tail;
        let row = Row {
            missing,
            due,
            ..row
        };
        thread.rows.insert(link.sequence, row);
    }

    fn insert(&mut self, whose: (AccountId, NodeId), link: Link, row: Row, flaw: Option<Flaw>) {
        let rows = &mut self.threads.get_mut(&whose).unwrap().rows;
        let sequence = link.sequence;
        let behind = rows.range(sequence + 1..).next();
        let around = Around {
            is_taken: rows.contains_key(&sequence),
            before: sequence
                .checked_sub(1)
                .and_then(|before| rows.get(&before))
                .map(|row| row.hash),
            later: behind.map(|(sequence, row)| Later {
                sequence: *sequence,
                previous: row.previous,
                missing: row.missing,
            }),
        };
        let Place::Before { distance, missing } = link.in_between(row.hash, around) else {
            self.astray.push(row.id);
            return;
        };
        let behind = rows.get_mut(&(sequence + distance)).unwrap();
        let row = Row {
            line: match flaw {
                Some(Flaw::ShowsAsTheyCome) => row.line,
                _ => behind.line - i64::from(distance),
            },
            missing,
            asked: behind.asked,
            due: behind.due.filter(|_| missing > 0),
            ..row
        };
        behind.missing = distance - 1;
        behind.due = behind.due.filter(|_| distance > 1);
        rows.insert(sequence, row);
    }

    /// Checks that every gap is shown, and as large as it is.
    fn check(&self, whose: (AccountId, NodeId)) -> Result<(), Stop> {
        let mut before = 0;
        for (sequence, row) in self.threads.get(&whose).into_iter().flat_map(|t| &t.rows) {
            let missing = sequence - before - 1;
            if row.missing != missing {
                let (id, shown) = (row.id, row.missing);
                return Err(Stop::Broken(format!(
                    "{missing} are missing before {id}, {shown} are shown"
                )));
            }
            before = *sequence;
        }
        Ok(())
    }

    /// When something is to be asked for.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let rows = self
            .threads
            .values()
            .flat_map(|thread| thread.rows.values());
        rows.filter_map(|row| row.due).min()
    }

    /// The chains of which something is due, with what to ask for.
    pub(crate) fn due(&self, now: Timestamp) -> Vec<((AccountId, NodeId), Vec<Range>)> {
        let is_due = |row: &Row| row.due.is_some_and(|due| due <= now);
        let threads = self.threads.iter();
        threads
            .filter(|(_, thread)| thread.rows.values().any(is_due))
            .map(|(whose, thread)| {
                let rows = thread.rows.iter().filter(|(_, row)| is_due(row));
                let missing = rows.filter_map(|(n, row)| Range::before(*n, row.missing));
                (*whose, gap::question(missing))
            })
            .collect()
    }

    /// Notes that what is due was asked for, or looks again later.
    pub(crate) fn asked(&mut self, whose: (AccountId, NodeId), now: Timestamp, is_asked: bool) {
        let Some(thread) = self.threads.get_mut(&whose) else {
            return;
        };
        for row in thread.rows.values_mut() {
            if row.due.is_some_and(|due| due <= now) {
                row.asked += u32::from(is_asked);
                let wait = if is_asked { row.asked } else { 0 };
                row.due = gap::due(wait, now, 512);
            }
        }
    }

    /// How many texts are missing.
    pub(crate) fn missing(&self) -> u32 {
        let rows = self
            .threads
            .values()
            .flat_map(|thread| thread.rows.values());
        rows.map(|row| row.missing).sum()
    }
}
