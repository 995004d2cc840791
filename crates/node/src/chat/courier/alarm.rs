//! Wakes an outbox when it asked for it: one timer a network, and no polling.

use std::time::Duration;

use streembit_delivery::Event;
use streembit_identity::{NetworkId, Timestamp};
use tokio::sync::watch;

use super::feed;
use crate::node::Node;

/// The clock of the system may jump, as after sleep: a wait is looked at again after this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// Ticks at the time that `alarm` shows; ends when the network is left.
pub(super) async fn keep_time(
    node: Node,
    network: NetworkId,
    mut alarm: watch::Receiver<Option<Timestamp>>,
) {
    loop {
        let at = *alarm.borrow_and_update();
        let wait = at.map(|at| at.since(node.now()));
        tokio::select! {
            changed = alarm.changed() => if changed.is_err() { return },
            () = sleep(wait) => {
                if at.is_some_and(|at| at <= node.now()) {
                    feed(&node, network, Event::Tick, Some("expired"));
                }
            }
        }
    }
}

async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait.min(LONGEST_SLEEP)).await,
        None => std::future::pending().await,
    }
}
