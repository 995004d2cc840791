//! The shelf: the records this node holds for the DHT, bounded, with eviction.
//!
//! Announcements lie on its board. Only what `dht::check` has verified is put here; the shelf itself knows nothing of signatures.

use std::{
    borrow::Cow,
    collections::{HashMap, hash_map},
    time::Instant,
};

use libp2p::{
    PeerId,
    kad::{
        ProviderRecord, Record, RecordKey,
        store::{Error, RecordStore, Result},
    },
};

use super::board::Board;

/// Most records held, each of at most [`MAX_VALUE_BYTES`].
pub(crate) const MAX_RECORDS: usize = 16_384;
/// Most records accepted from one peer that is not their subject.
pub(crate) const MAX_PER_SOURCE: usize = 2_048;
/// Largest record, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 8 * 1024;

/// An in-memory record store with quotas.
#[derive(Debug)]
pub(crate) struct Shelf {
    local: PeerId,
    board: Board,
    records: HashMap<RecordKey, Held>,
    per_source: HashMap<PeerId, usize>,
}

#[derive(Debug)]
struct Held {
    record: Record,
    source: Option<PeerId>,
    sequence: u64,
}

impl Shelf {
    pub(crate) fn new(local: PeerId) -> Self {
        Self {
            board: Board::new(local),
            local,
            records: HashMap::new(),
            per_source: HashMap::new(),
        }
    }

    /// Keeps `record` of `sequence` that `source` brought, unless a newer one is held.
    ///
    /// Returns whether it was kept.
    pub(crate) fn keep(&mut self, record: Record, sequence: u64, source: PeerId) -> bool {
        if record.value.len() > MAX_VALUE_BYTES {
            return false;
        }
        if self
            .records
            .get(&record.key)
            .is_some_and(|held| held.sequence >= sequence)
        {
            return false;
        }
        let known = self.records.contains_key(&record.key);
        if !known && self.per_source.get(&source).copied().unwrap_or(0) >= MAX_PER_SOURCE {
            return false;
        }
        if !known && self.records.len() >= MAX_RECORDS && !self.evict() {
            return false;
        }
        self.forget(&record.key.clone());
        *self.per_source.entry(source).or_default() += 1;
        self.records.insert(
            record.key.clone(),
            Held {
                record,
                source: Some(source),
                sequence,
            },
        );
        true
    }

    /// Notes the sequence of a record of our own, so that no older one takes its place.
    pub(crate) fn number(&mut self, key: &RecordKey, sequence: u64) {
        if let Some(held) = self.records.get_mut(key) {
            held.sequence = sequence;
        }
    }

    /// The announcements that are held for others.
    pub(crate) fn board_mut(&mut self) -> &mut Board {
        &mut self.board
    }

    /// Number of records held.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Drops what has expired; when nothing has, one record that is not ours.
    fn evict(&mut self) -> bool {
        let now = Instant::now();
        let expired: Vec<RecordKey> = self
            .records
            .iter()
            .filter(|(_, held)| held.record.is_expired(now))
            .map(|(key, _)| key.clone())
            .collect();
        if !expired.is_empty() {
            for key in expired {
                self.forget(&key);
            }
            return true;
        }
        // Of whoever brought most, so that a flood pushes itself out and nobody else.
        let greediest = self.per_source.iter().max_by_key(|(_, count)| **count);
        let greediest = greediest.map(|(source, _)| *source);
        let first = self
            .records
            .iter()
            .filter(|(_, held)| held.source.is_some() && held.source == greediest)
            .min_by_key(|(_, held)| held.record.expires)
            .map(|(key, _)| key.clone());
        first.is_some_and(|key| {
            self.forget(&key);
            true
        })
    }

    fn forget(&mut self, key: &RecordKey) {
        let Some(held) = self.records.remove(key) else {
            return;
        };
        if let Some(source) = held.source
            && let hash_map::Entry::Occupied(mut count) = self.per_source.entry(source)
        {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

impl RecordStore for Shelf {
    type RecordsIter<'a> = Box<dyn Iterator<Item = Cow<'a, Record>> + 'a>;
    type ProvidedIter<'a> = std::iter::Empty<Cow<'a, ProviderRecord>>;

    fn get(&self, key: &RecordKey) -> Option<Cow<'_, Record>> {
        self.records
            .get(key)
            .filter(|held| !held.record.is_expired(Instant::now()))
            .map(|held| Cow::Borrowed(&held.record))
    }

    /// Stores one of our own records: kad calls this when we publish, never for what peers send.
    fn put(&mut self, record: Record) -> Result<()> {
        if record.value.len() > MAX_VALUE_BYTES {
            return Err(Error::ValueTooLarge);
        }
        let ours = record
            .publisher
            .is_none_or(|publisher| publisher == self.local);
        let sequence = self
            .records
            .get(&record.key)
            .map_or(0, |held| held.sequence);
        self.forget(&record.key.clone());
        let source = (!ours).then_some(record.publisher).flatten();
        self.records.insert(
            record.key.clone(),
            Held {
                record,
                source,
                sequence,
            },
        );
        Ok(())
    }

    fn remove(&mut self, key: &RecordKey) {
        self.forget(key);
    }

    fn records(&self) -> Self::RecordsIter<'_> {
        Box::new(
            self.records
                .values()
                .map(|held| Cow::Borrowed(&held.record)),
        )
    }

    /// Posts an announcement of our own: kad calls this when we announce, never for what peers send.
    fn add_provider(&mut self, record: ProviderRecord) -> Result<()> {
        if self.board.post(record) {
            Ok(())
        } else {
            Err(Error::MaxProvidedKeys)
        }
    }

    fn providers(&self, key: &RecordKey) -> Vec<ProviderRecord> {
        self.board.under(key)
    }

    fn provided(&self) -> Self::ProvidedIter<'_> {
        std::iter::empty()
    }

    fn remove_provider(&mut self, key: &RecordKey, node: &PeerId) {
        self.board.take_down(key, node);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn record(key: u32, expires_in: u64) -> Record {
        let expires = Instant::now().checked_add(Duration::from_secs(expires_in));
        Record {
            key: RecordKey::new(&key.to_be_bytes()),
            value: vec![1],
            publisher: None,
            expires,
        }
    }

    #[test]
    fn a_flood_pushes_out_only_itself() {
        let mut shelf = Shelf::new(PeerId::random());
        let honest = PeerId::random();
        assert!(shelf.keep(record(0, 60), 1, honest));

        for source in 0..9_u32 {
            let peer = PeerId::random();
            let number = if source == 8 { 32 } else { 2_048 };
            for number in 1..=number {
                shelf.keep(record(source * 10_000 + number, 3_600), 1, peer);
            }
        }

        assert_eq!(shelf.len(), MAX_RECORDS);
        assert!(
            shelf.get(&record(0, 60).key).is_some(),
            "short-lived, yet there"
        );
    }

    #[test]
    fn an_own_record_gives_way_to_no_older_one() {
        let local = PeerId::random();
        let mut shelf = Shelf::new(local);
        let own = record(1, 60);
        shelf.put(own.clone()).expect("room");
        shelf.number(&own.key, 5);

        assert!(!shelf.keep(record(1, 600), 4, PeerId::random()), "a replay");
        assert!(
            shelf.keep(record(1, 600), 6, PeerId::random()),
            "a newer one"
        );
    }
}
