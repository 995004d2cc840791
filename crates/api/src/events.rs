//! The stream of events: what the node tells, with the objects that changed.

use std::time::{SystemTime, UNIX_EPOCH};

use streembit_node::{Event as Change, Node};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{Host, types::Event, view};

/// How many devices are asked at once who holds rights on them.
const MAX_QUESTIONS: usize = 8;

/// Follows the events of a host.
#[derive(Debug)]
pub struct Events {
    receiver: Receiver<Event>,
    stop: CancellationToken,
}

impl Events {
    pub(crate) fn new(receiver: Receiver<Event>, stop: CancellationToken) -> Self {
        Self { receiver, stop }
    }

    /// Waits for the next event; `None` when the host has stopped.
    ///
    /// A follower that was too slow gets [`Event::Lagged`] in place of what it missed.
    pub async fn next(&mut self) -> Option<Event> {
        tokio::select! {
            biased;
            event = self.receiver.recv() => match event {
                Ok(event) => Some(event),
                Err(RecvError::Lagged(missed)) => Some(Event::Lagged { at: now(), missed }),
                Err(RecvError::Closed) => None,
            },
            () = self.stop.cancelled() => None,
        }
    }
}

/// Turns what the node tells into events with objects, until the node stops.
pub(crate) async fn pump(host: Host, node: Node, mut changes: Receiver<Change>) {
    let mut questions = JoinSet::new();
    loop {
        while questions.try_join_next().is_some() {}
        let change = match changes.recv().await {
            Ok(change) => change,
            Err(RecvError::Lagged(missed)) => Change::Lagged { missed },
            Err(RecvError::Closed) => break,
        };
        if let Change::Device { host: device, .. } | Change::Grant { host: device } = change
            && questions.len() < MAX_QUESTIONS
        {
            let (host, node) = (host.clone(), node.clone());
            questions.spawn(async move { host.rights().refresh(&node, device).await });
        }
        for event in view::event::of(&host, &node, change).await {
            host.tell(event);
        }
    }
}

/// Returns the time, in Unix milliseconds.
#[must_use]
pub fn now() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
