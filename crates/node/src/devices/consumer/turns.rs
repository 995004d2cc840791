//! Whose list of things is being asked for: each host's once at a time, strangers' once in a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use streembit_identity::{AccountId, NetworkId, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::lock;

/// Hosts that are asked at once; the others wait.
const MAX_AT_ONCE: usize = 16;

/// Of those, accounts of which it is not known that they host anything.
const MAX_STRANGERS: usize = 4;

/// A stranger is asked again after this.
const AGAIN: Duration = Duration::from_secs(30);

/// Strangers that are remembered; no further one is asked meanwhile.
const MAX_REMEMBERED: usize = 1_024;

type Key = (NetworkId, AccountId);

/// What came of wanting to ask a host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// It is asked already, and will be once more.
    Already,
    /// Whoever wanted it asks now, and ends the turn.
    Begun,
    /// Not now.
    Refused,
}

/// The turns that have begun, and the strangers that had theirs.
#[derive(Debug)]
pub(super) struct Turns {
    places: Arc<Semaphore>,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    asked_at: HashMap<Key, Timestamp>,
    under_way: HashMap<Key, UnderWay>,
}

#[derive(Debug)]
struct UnderWay {
    is_known: bool,
    is_wanted_again: bool,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            table: Mutex::default(),
        }
    }
}

impl Turns {
    /// Begins the turn of a host, or of an account that may turn out to be one.
    pub(super) fn begin(&self, key: Key, is_known: bool, now: Timestamp) -> Turn {
        let mut table = lock(&self.table);
        if !is_known && !table.admit_stranger(key, now) {
            return Turn::Refused;
        }
        if let Some(turn) = table.under_way.get_mut(&key) {
            turn.is_wanted_again = true;
            return Turn::Already;
        }
        let turn = UnderWay {
            is_known,
            is_wanted_again: false,
        };
        table.under_way.insert(key, turn);
        Turn::Begun
    }

    /// Ends a turn, unless the host is to be asked once more: then it goes on.
    pub(super) fn end(&self, key: Key) -> bool {
        let mut table = lock(&self.table);
        match table.under_way.get_mut(&key) {
            Some(turn) if turn.is_wanted_again => {
                turn.is_wanted_again = false;
                false
            }
            Some(_) | None => {
                table.under_way.remove(&key);
                true
            }
        }
    }

    /// Waits for a place among those that are asked.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        self.places.clone().acquire_owned().await.ok()
    }
}

impl Table {
    fn admit_stranger(&mut self, key: Key, now: Timestamp) -> bool {
        self.asked_at.retain(|_, at| now.since(*at) < AGAIN);
        let strangers = self.under_way.values().filter(|turn| !turn.is_known);
        let is_free = strangers.count() < MAX_STRANGERS
            && self.asked_at.len() < MAX_REMEMBERED
            && !self.asked_at.contains_key(&key);
        if is_free {
            self.asked_at.insert(key, now);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn key(seed: u8) -> Key {
        let account = AccountKey::from_seed(&Zeroizing::new([seed; 32])).id();
        (NetworkId::PUBLIC, account)
    }

    #[test]
    fn a_host_is_asked_once_at_a_time_and_misses_nothing() {
        let turns = Turns::default();
        assert_eq!(turns.begin(key(1), true, NOW), Turn::Begun);
        assert_eq!(turns.begin(key(1), true, NOW), Turn::Already);
        assert_eq!(turns.begin(key(1), true, NOW), Turn::Already);

        assert!(!turns.end(key(1)), "asked once more for both");
        assert!(turns.end(key(1)));
        assert_eq!(turns.begin(key(1), true, NOW), Turn::Begun);
    }

    #[test]
    fn a_stranger_is_asked_once_in_a_while() {
        let turns = Turns::default();
        assert_eq!(turns.begin(key(1), false, NOW), Turn::Begun);
        turns.end(key(1));

        assert_eq!(turns.begin(key(1), false, NOW), Turn::Refused);
        assert_eq!(turns.begin(key(1), true, NOW), Turn::Begun, "known now");
        turns.end(key(1));
        let later = NOW.plus(AGAIN);
        assert_eq!(turns.begin(key(1), false, later), Turn::Begun);
    }

    #[test]
    fn strangers_do_not_take_the_places_of_hosts() {
        let turns = Turns::default();
        let begun = (0..100)
            .filter(|seed| turns.begin(key(*seed), false, NOW) == Turn::Begun)
            .count();

        assert_eq!(begun, MAX_STRANGERS);
        assert_eq!(turns.begin(key(200), true, NOW), Turn::Begun);
    }
}
