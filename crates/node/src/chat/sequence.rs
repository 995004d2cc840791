//! Keeps one sender's texts in their order, though several are on their way at once.
//!
//! A text names the one before it while that was still on its way. The recipient stores it only
//! after that one, or together with it in one transaction; meanwhile the sender keeps it. A
//! predecessor that never comes holds nothing up for good.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use streembit_identity::{AccountId, MessageId, Timestamp};
use streembit_store::StoreError;
use tokio::sync::Notify;

use crate::node::Node;

/// How long a text waits here for the one before it; then its sender has to try again.
const PATIENCE: Duration = Duration::from_secs(2);
/// After this a missing predecessor is waited for no longer.
const OVERDUE: Duration = Duration::from_secs(60);
/// Missing ones that are remembered; above that, texts are taken as they come.
const MAX_MISSING: usize = 1_024;

/// Whose text, and which.
type Text = (AccountId, MessageId);

/// Texts that wait for the one before them.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// Those in the store's queue, which keeps their order: as many as requests are worked on.
    entering: Mutex<BTreeSet<Text>>,
    changed: Notify,
    missing: Mutex<Missing>,
}

/// Since when each missing text is waited for.
#[derive(Debug, Default)]
struct Missing(BTreeMap<Text, Timestamp>);

/// Whether a text may be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// It may.
    Now,
    /// The one before it may still come.
    Later,
}

/// A text in the store's queue.
#[derive(Debug)]
struct Entering<'a> {
    arrivals: &'a Arrivals,
    text: Text,
}

impl Drop for Entering<'_> {
    fn drop(&mut self) {
        lock(&self.arrivals.entering).remove(&self.text);
    }
}

impl Arrivals {
    /// Stores a text; whoever waits for it may enter behind it before it is durable.
    pub(super) async fn enter<T>(&self, text: Text, storing: impl Future<Output = T>) -> T {
        let mut storing = std::pin::pin!(storing);
        // It stands in the queue once it was polled.
        if let Poll::Ready(stored) = futures::poll!(storing.as_mut()) {
            self.changed.notify_waiters();
            return stored;
        }
        lock(&self.entering).insert(text);
        let entering = Entering {
            arrivals: self,
            text,
        };
        self.changed.notify_waiters();
        let stored = storing.await;
        drop(entering);
        self.changed.notify_waiters();
        stored
    }

    fn is_entering(&self, text: Text) -> bool {
        lock(&self.entering).contains(&text)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Missing {
    fn arrived(&mut self, text: Text) -> Turn {
        self.0.remove(&text);
        Turn::Now
    }

    fn still(&mut self, text: Text, now: Timestamp) -> Turn {
        if self.0.len() >= MAX_MISSING {
            self.0.retain(|_, since| now.since(*since) < OVERDUE);
        }
        if self.0.len() >= MAX_MISSING && !self.0.contains_key(&text) {
            return Turn::Now;
        }
        let since = *self.0.entry(text).or_insert(now);
        if now.since(since) < OVERDUE {
            Turn::Later
        } else {
            self.arrived(text)
        }
    }
}

/// Waits a little until `before` from `sender` is stored, or about to be.
pub(super) async fn wait_for(
    node: &Node,
    sender: AccountId,
    before: MessageId,
) -> Result<Turn, StoreError> {
    let arrivals = &node.0.chat.arrivals;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        // Listens before it looks, so that nothing slips through in between.
        let changed = arrivals.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let text = (sender, before);
        let is_there = arrivals.is_entering(text) || node.store().was_seen(sender, before).await?;
        let is_late = !is_there && tokio::time::timeout_at(deadline, changed).await.is_err();
        if is_there || is_late {
            let mut missing = lock(&arrivals.missing);
            return Ok(if is_there {
                missing.arrived(text)
            } else {
                missing.still(text, node.now())
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn text(number: u16) -> (AccountId, MessageId) {
        let sender = AccountKey::from_seed(&Zeroizing::new([1; 32])).id();
        let mut random = [0; 10];
        random[8..].copy_from_slice(&number.to_be_bytes());
        (sender, MessageId::new(NOW, random))
    }

    #[test]
    fn a_missing_text_is_waited_for_but_not_for_good() {
        let mut missing = Missing::default();

        assert_eq!(missing.still(text(1), NOW), Turn::Later);
        assert_eq!(
            missing.still(text(1), NOW.plus(Duration::from_secs(59))),
            Turn::Later
        );
        assert_eq!(missing.still(text(1), NOW.plus(OVERDUE)), Turn::Now);
        assert_eq!(missing.0.len(), 0, "and is forgotten");
    }

    #[tokio::test]
    async fn the_next_text_may_enter_before_the_one_before_it_is_durable() {
        let arrivals = Arrivals::default();
        let (durable, is_durable) = tokio::sync::oneshot::channel::<()>();
        let entering = arrivals.enter(text(1), is_durable);
        let mut entering = std::pin::pin!(entering);
        assert!(!arrivals.is_entering(text(1)));

        assert!(futures::poll!(entering.as_mut()).is_pending());
        assert!(arrivals.is_entering(text(1)));

        durable.send(()).unwrap();
        entering.await.unwrap();
        assert!(
            !arrivals.is_entering(text(1)),
            "from here on the store tells"
        );
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut missing = Missing::default();

        let turns: Vec<Turn> = (0..2_000)
            .map(|number| missing.still(text(number), NOW))
            .collect();

        assert_eq!(missing.0.len(), MAX_MISSING);
        assert_eq!(turns.last(), Some(&Turn::Now));
        let later = NOW.plus(OVERDUE);
        assert_eq!(
            missing.still(text(3_000), later),
            Turn::Later,
            "there is room again"
        );
    }
}
