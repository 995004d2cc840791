//! Ends what a right covered when the right runs out: one timer, for the first end to come.

use std::{collections::BTreeSet, future, sync::Arc};

use streembit_identity::{AccountId, Timestamp};

use super::Host;
use crate::node::{Node, nap};

/// Watches over the ends of the grants.
pub(crate) async fn end_in_time(node: Node, host: Arc<Host>) {
    let mut looked_at = node.now();
    loop {
        let now = node.now();
        for peer in host.ended_between(looked_at, now) {
            host.rights_changed(&node, peer);
        }
        looked_at = now;
        let next = host.grants().next_end(now);
        let end = async {
            match next {
                Some(end) => tokio::time::sleep(nap(end)).await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            () = host.enforced.notified() => {}
            () = end => {}
        }
    }
}

impl Host {
    /// The accounts of which a right ended after `earlier`, by `now`.
    fn ended_between(&self, earlier: Timestamp, now: Timestamp) -> BTreeSet<AccountId> {
        let grants = self.grants();
        let ended = |end: Timestamp| earlier < end && end <= now;
        grants
            .iter()
            .filter(|grant| grant.expires_at.is_some_and(ended))
            .map(|grant| grant.peer)
            .collect()
    }
}
