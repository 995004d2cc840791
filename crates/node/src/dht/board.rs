//! The board: which nodes announce themselves under which keys, bounded for each key and each node.
//!
//! An announcement proves nothing but the node; whoever reads it looks the signed records up.

use std::{
    collections::{HashMap, hash_map},
    time::Instant,
};

use libp2p::{
    PeerId,
    kad::{ProviderRecord, RecordKey},
};

/// Most announcements held.
pub(crate) const MAX_ANNOUNCEMENTS: usize = 8_192;
/// Most nodes under one key: several may claim one name.
pub(crate) const MAX_PER_KEY: usize = 32;
/// Most keys of one node: the name that it has, and those that it had a while ago.
pub(crate) const MAX_PER_NODE: usize = 4;
/// Longest address that is kept with an announcement, in bytes.
const MAX_ADDRESS_BYTES: usize = 256;

/// Announcements, in memory.
#[derive(Debug)]
pub(crate) struct Board {
    local: PeerId,
    keys: HashMap<RecordKey, Vec<ProviderRecord>>,
    per_node: HashMap<PeerId, usize>,
    total: usize,
}

impl Board {
    pub(crate) fn new(local: PeerId) -> Self {
        Self {
            local,
            keys: HashMap::new(),
            per_node: HashMap::new(),
            total: 0,
        }
    }

    /// Keeps an announcement, or renews it; returns whether it was kept.
    ///
    /// What is full stays as it is until something has expired: a flood pushes nobody out.
    pub(crate) fn post(&mut self, mut record: ProviderRecord) -> bool {
        record
            .addresses
            .retain(|address| address.len() <= MAX_ADDRESS_BYTES);
        record.addresses.truncate(1);
        if let Some(held) = self.find(&record.key, &record.provider) {
            *held = record;
            return true;
        }
        if !self.has_room(&record) {
            self.sweep();
        }
        if !self.has_room(&record) {
            return false;
        }
        *self.per_node.entry(record.provider).or_default() += 1;
        self.total += 1;
        self.keys
            .entry(record.key.clone())
            .or_default()
            .push(record);
        true
    }

    /// Takes an announcement down.
    pub(crate) fn take_down(&mut self, key: &RecordKey, node: &PeerId) {
        let hash_map::Entry::Occupied(mut held) = self.keys.entry(key.clone()) else {
            return;
        };
        let before = held.get().len();
        held.get_mut().retain(|record| record.provider != *node);
        if held.get().len() == before {
            return;
        }
        if held.get().is_empty() {
            held.remove();
        }
        self.total -= 1;
        self.forget(*node);
    }

    /// Returns who announced itself under `key`.
    pub(crate) fn under(&self, key: &RecordKey) -> Vec<ProviderRecord> {
        let now = Instant::now();
        let held = self.keys.get(key).into_iter().flatten();
        held.filter(|record| !record.is_expired(now))
            .cloned()
            .collect()
    }

    fn find(&mut self, key: &RecordKey, node: &PeerId) -> Option<&mut ProviderRecord> {
        let mut held = self.keys.get_mut(key)?.iter_mut();
        held.find(|record| record.provider == *node)
    }

    /// This node itself always has room.
    fn has_room(&self, record: &ProviderRecord) -> bool {
        let of_node = self.per_node.get(&record.provider).copied();
        let under_key = self.keys.get(&record.key).map_or(0, Vec::len);
        record.provider == self.local
            || (self.total < MAX_ANNOUNCEMENTS
                && under_key < MAX_PER_KEY
                && of_node.unwrap_or(0) < MAX_PER_NODE)
    }

    /// Drops what has expired.
    fn sweep(&mut self) {
        let now = Instant::now();
        let mut gone = Vec::new();
        for held in self.keys.values_mut() {
            held.retain(|record| {
                let is_expired = record.is_expired(now);
                gone.extend(is_expired.then_some(record.provider));
                !is_expired
            });
        }
        self.keys.retain(|_, held| !held.is_empty());
        self.total -= gone.len();
        for node in gone {
            self.forget(node);
        }
    }

    fn forget(&mut self, node: PeerId) {
        if let hash_map::Entry::Occupied(mut count) = self.per_node.entry(node) {
            *count.get_mut() = count.get().saturating_sub(1);
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn announcement(key: u32, node: PeerId) -> ProviderRecord {
        ProviderRecord {
            key: RecordKey::new(&key.to_be_bytes()),
            provider: node,
            expires: Instant::now().checked_add(Duration::from_secs(60)),
            addresses: vec!["/ip4/192.0.2.1/tcp/1".parse().expect("an address"); 9],
        }
    }

    #[test]
    fn a_flood_of_nodes_pushes_nobody_out_of_a_name() {
        let mut board = Board::new(PeerId::random());
        let honest = PeerId::random();
        assert!(board.post(announcement(1, honest)));

        let kept = (0..1_000).filter(|_| board.post(announcement(1, PeerId::random())));

        assert_eq!(kept.count(), MAX_PER_KEY - 1);
        assert!(board.post(announcement(1, honest)), "renewed");
        let held = board.under(&announcement(1, honest).key);
        assert_eq!(held.len(), MAX_PER_KEY);
        assert!(held.iter().any(|record| record.provider == honest));
        assert!(held.iter().all(|record| record.addresses.len() <= 1));
    }

    #[test]
    fn one_node_claims_few_names() {
        let mut board = Board::new(PeerId::random());
        let greedy = PeerId::random();

        let kept = (0..100).filter(|key| board.post(announcement(*key, greedy)));

        assert_eq!(kept.count(), MAX_PER_NODE);
        board.take_down(&announcement(0, greedy).key, &greedy);
        assert!(board.post(announcement(200, greedy)), "room again");
    }

    #[test]
    fn the_board_is_bounded_and_what_has_expired_makes_room() {
        let mut board = Board::new(PeerId::random());
        let over = Instant::now();
        for key in 0..=u32::try_from(MAX_ANNOUNCEMENTS).expect("a number") {
            let mut record = announcement(key, PeerId::random());
            record.expires = Some(over);
            board.post(record);
        }

        assert!(board.total <= MAX_ANNOUNCEMENTS);
        assert_eq!(
            board.total,
            board.keys.values().map(Vec::len).sum::<usize>()
        );
        assert_eq!(board.total, board.per_node.values().sum::<usize>());
        assert!(
            board
                .under(&announcement(0, PeerId::random()).key)
                .is_empty()
        );
    }

    #[test]
    fn an_own_announcement_always_has_room() {
        let local = PeerId::random();
        let mut board = Board::new(local);
        for _ in 0..100 {
            board.post(announcement(1, PeerId::random()));
        }

        assert!(board.post(announcement(1, local)));
    }
}
