//! Keeps one sender's texts in their order, though several are on their way at once.
//!
//! A text names the one before it while that was still on its way. The recipient stores it only
//! after that one; meanwhile the sender keeps it. A predecessor that never comes holds nothing up
//! for good.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
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

/// Texts that wait for the one before them.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    stored: Notify,
    missing: Mutex<Missing>,
}

/// Since when each missing text is waited for.
#[derive(Debug, Default)]
struct Missing(BTreeMap<(AccountId, MessageId), Timestamp>);

/// Whether a text may be stored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// It may.
    Now,
    /// The one before it may still come.
    Later,
}

impl Arrivals {
    /// Something was stored.
    pub(super) fn notify(&self) {
        self.stored.notify_waiters();
    }
}

impl Missing {
    fn arrived(&mut self, text: (AccountId, MessageId)) -> Turn {
        self.0.remove(&text);
        Turn::Now
    }

    fn still(&mut self, text: (AccountId, MessageId), now: Timestamp) -> Turn {
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

/// Waits a little until `before` from `sender` is stored.
pub(super) async fn wait_for(
    node: &Node,
    sender: AccountId,
    before: MessageId,
) -> Result<Turn, StoreError> {
    let arrivals = &node.0.chat.arrivals;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        // Listens before it looks, so that nothing slips through in between.
        let stored = arrivals.stored.notified();
        tokio::pin!(stored);
        stored.as_mut().enable();
        let is_there = node.store().was_seen(sender, before).await?;
        let is_late = !is_there && tokio::time::timeout_at(deadline, stored).await.is_err();
        if is_there || is_late {
            let mut missing = arrivals
                .missing
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let text = (sender, before);
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
