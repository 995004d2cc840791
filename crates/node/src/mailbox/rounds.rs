//! Which mailboxes are being asked: each by one round at a time, however often there is news.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use streembit_delivery::mailbox::Visit;
use streembit_identity::{NetworkId, NodeId};
use tokio::sync::Notify;

use super::lock;

/// Mailboxes of which it is remembered what was put off while they are not connected.
const MAX_REMEMBERED: usize = 64;

/// The rounds under way, and what was put off in those before.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    under_way: Mutex<BTreeMap<(NetworkId, NodeId), Arc<Round>>>,
    put_off: Mutex<BTreeMap<(NetworkId, NodeId), Visit>>,
}

/// A round, as others see it.
#[derive(Debug, Default)]
pub(super) struct Round {
    news: Mutex<News>,
    /// Rings when there is news.
    pub(super) bell: Notify,
}

/// What has happened since a round last looked.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum News {
    /// Nothing.
    #[default]
    None,
    /// Something more waits.
    More,
    /// What was put off may be taken now.
    Changed,
}

impl Round {
    /// What has happened since the last time.
    pub(super) fn news(&self) -> News {
        std::mem::take(&mut *lock(&self.news))
    }

    fn ring(&self, what: News) {
        let mut news = lock(&self.news);
        if *news != News::Changed {
            *news = what;
        }
        self.bell.notify_one();
    }
}

impl Rounds {
    /// Returns a round if one is to begin; otherwise the one under way looks again.
    pub(super) fn begin(&self, network: NetworkId, mailbox: NodeId) -> Option<(Arc<Round>, Visit)> {
        let mut rounds = lock(&self.under_way);
        if let Some(round) = rounds.get(&(network, mailbox)) {
            round.ring(News::More);
            return None;
        }
        let round = Arc::new(Round::default());
        rounds.insert((network, mailbox), round.clone());
        let visit = lock(&self.put_off).remove(&(network, mailbox));
        Some((round, visit.unwrap_or_default()))
    }

    /// Has every round of a network look again at what was put off.
    pub(super) fn look_again(&self, network: NetworkId) {
        for ((within, _), round) in lock(&self.under_way).iter() {
            if *within == network {
                round.ring(News::Changed);
            }
        }
        for ((within, _), visit) in lock(&self.put_off).iter_mut() {
            if *within == network {
                visit.look_again();
            }
        }
    }

    /// True if there was news meanwhile; otherwise the round is over.
    pub(super) fn goes_on(&self, network: NetworkId, mailbox: NodeId) -> bool {
        let mut rounds = lock(&self.under_way);
        let round = rounds.get(&(network, mailbox));
        let has_news = round.is_some_and(|round| *lock(&round.news) != News::None);
        if !has_news {
            rounds.remove(&(network, mailbox));
        }
        has_news
    }

    /// Ends a round, whatever news there was; what it has put off is remembered for the next.
    pub(super) fn end(&self, network: NetworkId, mailbox: NodeId, visit: Visit) {
        lock(&self.under_way).remove(&(network, mailbox));
        let mut put_off = lock(&self.put_off);
        if !visit.is_empty() && put_off.len() < MAX_REMEMBERED {
            put_off.insert((network, mailbox), visit);
        }
    }
}
