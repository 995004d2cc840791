//! How often strangers may knock: a bucket that refills, one for each account and one for all.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use streembit_identity::{AccountId, Timestamp};

/// Requests of strangers that wait for an answer of the person.
pub(crate) const MAX_PENDING: usize = 100;

/// Requests that may come at once, from all strangers.
const BURST: u32 = 20;
/// One more is allowed each time this has passed.
const REFILL: Duration = Duration::from_secs(3);
/// The same account is heard again after this.
const AGAIN: Duration = Duration::from_secs(10);
/// Accounts that are remembered; above that only the common bucket counts.
const MAX_REMEMBERED: usize = 1_024;

/// An accepted contact that asks again is answered again after this.
const ANSWER_AGAIN: Duration = Duration::from_secs(600);

/// The accepted contacts that asked again and were answered.
#[derive(Debug, Default)]
pub(crate) struct Repeated(Mutex<BTreeMap<AccountId, Timestamp>>);

impl Repeated {
    /// Tells whether `account` is answered once more: it may have lost what it knew.
    pub(crate) fn admit(&self, account: AccountId, now: Timestamp) -> bool {
        let mut answered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answered.retain(|_, at| now.since(*at) < ANSWER_AGAIN);
        let is_due = answered.len() < MAX_REMEMBERED && !answered.contains_key(&account);
        if is_due {
            answered.insert(account, now);
        }
        is_due
    }
}

/// What is known of strangers who knocked.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<Bucket>);

#[derive(Debug, Default)]
struct Bucket {
    used: u32,
    refilled_at: Timestamp,
    heard: BTreeMap<AccountId, Timestamp>,
}

impl Strangers {
    /// Tells whether a request of `account` is looked at now.
    pub(crate) fn admit(&self, account: AccountId, now: Timestamp) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .admit(account, now)
    }
}

impl Bucket {
    fn admit(&mut self, account: AccountId, now: Timestamp) -> bool {
        self.refill(now);
        self.heard.retain(|_, at| now.since(*at) < AGAIN);
        if self.used >= BURST || self.heard.contains_key(&account) {
            return false;
        }
        self.used = self.used.saturating_add(1);
        if self.heard.len() < MAX_REMEMBERED {
            self.heard.insert(account, now);
        }
        true
    }

    fn refill(&mut self, now: Timestamp) {
        let steps = now.since(self.refilled_at).as_millis() / REFILL.as_millis();
        if steps > 0 {
            self.used = self
                .used
                .saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
            self.refilled_at = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn account(seed: u8) -> AccountId {
        AccountKey::from_seed(&Zeroizing::new([seed; 32])).id()
    }

    #[test]
    fn one_stranger_is_heard_once_in_a_while() {
        let strangers = Strangers::default();

        assert!(strangers.admit(account(1), NOW));
        assert!(!strangers.admit(account(1), NOW.plus(Duration::from_secs(9))));
        assert!(strangers.admit(account(1), NOW.plus(Duration::from_secs(10))));
    }

    #[test]
    fn a_crowd_is_held_back_and_let_in_again() {
        let strangers = Strangers::default();

        let heard = (0..60)
            .filter(|seed| strangers.admit(account(*seed), NOW))
            .count();
        let later = NOW.plus(Duration::from_secs(15));
        let again = (60..120)
            .filter(|seed| strangers.admit(account(*seed), later))
            .count();

        assert_eq!((heard, again), (20, 5));
    }
}
