//! Keeps one sender's texts in their order, though several are on their way at once.

use std::time::Duration;

use streembit_identity::{AccountId, MessageId};
use streembit_store::StoreError;
use tokio::sync::Notify;

use crate::node::Node;

/// How long a text waits for the one before it; after that it is taken as it comes.
const PATIENCE: Duration = Duration::from_secs(2);

/// Wakes texts that wait for the one before them.
#[derive(Debug, Default)]
pub(crate) struct Arrivals(Notify);

impl Arrivals {
    /// Something was stored.
    pub(crate) fn notify(&self) {
        self.0.notify_waiters();
    }
}

/// Waits until `before` from `sender` is stored, or until it is overdue.
pub(crate) async fn wait_for(
    node: &Node,
    sender: AccountId,
    before: MessageId,
) -> Result<(), StoreError> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        // Listens before it looks, so that nothing slips through in between.
        let stored = node.0.chat.arrivals.0.notified();
        tokio::pin!(stored);
        stored.as_mut().enable();
        if node.store().was_seen(sender, before).await? {
            return Ok(());
        }
        if tokio::time::timeout_at(deadline, stored).await.is_err() {
            return Ok(());
        }
    }
}
