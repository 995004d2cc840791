//! The mailbox of the simulated network: the real shelf, and the copies that it has stored.

use std::collections::{BTreeMap, BTreeSet};

use crate::Destination;
use crate::mailbox::{Copy, Deposited, Parcel, Quota, Shelf};
use streembit_identity::Timestamp;

use super::disk::Envelope;

/// Copies that are handed out at once, in bytes.
const ROOM: usize = 2_048;

/// One mailbox, with its disk.
#[derive(Debug)]
pub(crate) struct Post {
    shelf: Shelf,
    stored: BTreeMap<u64, (Copy, Envelope)>,
    last: u64,
}

impl Post {
    pub(crate) fn new(quota: Quota) -> Self {
        Self {
            shelf: Shelf::new(quota),
            stored: BTreeMap::new(),
            last: 0,
        }
    }

    /// Keeps a copy; returns until when, or none if there is no room.
    pub(crate) fn deposit(
        &mut self,
        envelope: Envelope,
        to: Destination,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let parcel = Parcel {
            to: to.account,
            node: to.node.unwrap(),
            from: envelope.from.account,
            token: *envelope.id.as_bytes(),
            bytes: 256,
        };
        match self.shelf.deposit(parcel, now) {
            Ok(Deposited::New(copy)) => {
                self.stored.insert(copy.number, (copy, envelope));
                self.last = self.last.max(copy.number);
                Some(copy.until)
            }
            Ok(Deposited::Known(copy)) => Some(copy.until),
            Err(_) => None,
        }
    }

    /// What lies here for a node.
    pub(crate) fn page(&self, node: Destination) -> Vec<(u64, Envelope)> {
        let (page, _) =
            self.shelf
                .page(node.account, node.node.unwrap(), 0, ROOM, &BTreeSet::new());
        let stored = page.iter().map(|copy| &self.stored[&copy.number]);
        stored.map(|(copy, it)| (copy.number, it.clone())).collect()
    }

    /// Deletes what a node has.
    pub(crate) fn acknowledge(&mut self, node: Destination, number: u64) {
        let (account, node) = (node.account, node.node.unwrap());
        for number in self.shelf.acknowledge(account, node, &[number]) {
            self.stored.remove(&number);
        }
    }

    /// Starts again with nothing but its disk.
    pub(crate) fn restart(&mut self) {
        self.shelf = Shelf::new(self.shelf.quota());
        self.shelf.resume(self.last);
        for (copy, _) in self.stored.values() {
            self.shelf.restore(*copy);
        }
    }

    /// Whether it keeps no more than it may.
    pub(crate) fn is_within_bounds(&self) -> bool {
        self.shelf.total().fits(self.shelf.quota().total)
            && self.stored.len() as u64 == self.shelf.total().copies
    }
}
