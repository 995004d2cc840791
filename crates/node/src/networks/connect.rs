//! Keeps connections: members of a private network, contacts and seeds of the public one.
//!
//! One task a network; it sleeps until somebody is due or something changes. Nothing polls.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use libp2p::Multiaddr;
use streembit_identity::{AccountId, NodeId};
use streembit_store::StoreError;
use tokio::{task::JoinSet, time::Instant};
use tracing::debug;

use super::{Network, entering::enter};
use crate::{
    event::Event,
    net::keeper::Fate,
    node::{Node, fill},
    reach::split_address,
};

/// Accounts that one network keeps trying to connect to.
const MAX_WANTED: usize = 512;
/// Attempts under way at once.
const MAX_ATTEMPTS: usize = 8;
/// The first waiting time; it doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
/// The longest waiting time.
const LONGEST: Duration = Duration::from_secs(600);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(25);

/// Somebody to be connected to.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Target {
    /// Any node of an account.
    Account(AccountId),
    /// A seed or a node that a link names.
    Node(NodeId, Vec<Multiaddr>),
}

/// When a target is tried again.
#[derive(Debug)]
struct Due {
    at: Instant,
    wait: Duration,
}

impl Due {
    fn now() -> Self {
        Self {
            at: Instant::now(),
            wait: FIRST,
        }
    }
}

/// Whom one network keeps trying, and the attempts under way. One that takes long holds up nobody.
#[derive(Debug, Default)]
struct Round {
    due: BTreeMap<Target, Due>,
    under_way: BTreeSet<Target>,
    attempts: JoinSet<(Target, bool)>,
}

impl Round {
    /// Keeps trying those who are wanted, and only them.
    fn want(&mut self, wanted: BTreeSet<Target>) {
        self.due.retain(|target, _| wanted.contains(target));
        for target in wanted {
            self.due.entry(target).or_insert_with(Due::now);
        }
    }

    /// Begins with whoever has been due for longest, when there is a place.
    fn begin(&mut self) -> Option<Target> {
        let now = Instant::now();
        let (target, due) = self.waiting()?;
        if due.at > now {
            return None;
        }
        let target = target.clone();
        self.under_way.insert(target.clone());
        Some(target)
    }

    /// Returns when somebody is due next.
    fn next(&self) -> Option<Instant> {
        self.waiting().map(|(_, due)| due.at)
    }

    /// Whoever is due first and not tried at the moment, while there is a place.
    fn waiting(&self) -> Option<(&Target, &Due)> {
        if self.under_way.len() >= MAX_ATTEMPTS {
            return None;
        }
        let idle = |(target, _): &(&Target, &Due)| !self.under_way.contains(target);
        let waiting = self.due.iter().filter(idle);
        waiting.min_by_key(|(_, due)| due.at)
    }

    /// Tries everybody anew, as if for the first time.
    fn hurry(&mut self) {
        self.due.values_mut().for_each(|due| *due = Due::now());
    }

    /// Takes an outcome in and notes when its target is due again.
    fn settle(&mut self, target: &Target, reached: bool) {
        self.under_way.remove(target);
        if reached {
            self.due.remove(target);
        } else if let Some(due) = self.due.get_mut(target) {
            due.at = Instant::now() + jittered(due.wait);
            due.wait = (due.wait * 2).min(LONGEST);
        }
    }
}

impl Node {
    /// Connects to everybody wanted in `network`, again and again, until it stops.
    pub(crate) async fn connect_forever(self, network: Arc<Network>) {
        let mut round = Round::default();
        loop {
            round.want(self.wanted(&network).await);
            loop {
                while let Some(target) = round.begin() {
                    let (this, network) = (self.clone(), network.clone());
                    round.attempts.spawn(async move {
                        let reached = this.attempt(&network, &target).await;
                        (target, reached)
                    });
                }
                let next = round.next();
                tokio::select! {
                    () = network.stop_token().cancelled() => return,
                    () = network.wake.notified() => round.hurry(),
                    () = network.look.notified() => {}
                    Some(Ok((target, reached))) = round.attempts.join_next() => {
                        round.settle(&target, reached);
                        continue;
                    }
                    () = until(next) => {}
                }
                break;
            }
        }
    }

    async fn attempt(&self, network: &Network, target: &Target) -> bool {
        match target {
            Target::Account(account) => {
                let outcome = self.reach(network.id(), *account, ATTEMPT).await;
                if let Err(error) = &outcome {
                    debug!(%account, %error, "Could not reach");
                    if network.has_fresh_address(account, self.now()) {
                        self.emit(Event::Presence {
                            network: network.id(),
                            peer: *account,
                        });
                    }
                }
                outcome.is_ok()
            }
            Target::Node(node, addresses) => {
                let entry = enter(network, *node, addresses.clone());
                tokio::time::timeout(ATTEMPT, entry).await.unwrap_or(false)
            }
        }
    }

    /// Returns who is wanted and not connected.
    async fn wanted(&self, network: &Arc<Network>) -> BTreeSet<Target> {
        let accounts = self.wanted_accounts(network).await;
        network.keeper().keep(accounts.clone());
        let connected: BTreeSet<NodeId> = network
            .net()
            .peers()
            .into_iter()
            .map(|link| link.node)
            .collect();
        let mut wanted: BTreeSet<Target> = accounts
            .into_iter()
            .filter(|account| network.net().nodes_of(account).is_empty())
            .take(MAX_WANTED)
            .map(Target::Account)
            .collect();
        for (node, addresses) in self.entry_points(network).await {
            if !connected.contains(&node) && node != self.me().node {
                wanted.insert(Target::Node(node, addresses));
            }
        }
        wanted
    }

    async fn wanted_accounts(&self, network: &Network) -> BTreeSet<AccountId> {
        let me = self.me().account;
        let accounts: Vec<AccountId> = match network.ledger() {
            Some(ledger) => ledger.roster().members.keys().copied().collect(),
            None => crate::contacts::wanted(self, network.id()).await,
        };
        accounts
            .into_iter()
            .filter(|account| *account != me)
            .collect()
    }

    /// Returns the nodes through which the network is entered: seeds in the public one, and what
    /// the link named until this account is a member.
    async fn entry_points(&self, network: &Network) -> BTreeMap<NodeId, Vec<Multiaddr>> {
        if let Err(error) = self.take_invite_up(network).await {
            debug!(%error, "Could not read the invite");
        }
        let addresses = self.entry_addresses(network).await.unwrap_or_else(|error| {
            debug!(%error, "Could not read the entry points");
            Vec::new()
        });
        let mut points: BTreeMap<NodeId, Vec<Multiaddr>> = BTreeMap::new();
        for (node, address) in addresses
            .iter()
            .filter_map(|address| split_address(address))
        {
            network.keeper().expect(node);
            points.entry(node).or_default().push(address);
        }
        if !network.has_member(&self.me().account)
            && let Some(held) = network
                .keeper()
                .held()
                .filter(|held| held.fate == Fate::Open)
        {
            points.entry(held.node).or_default().extend(held.addresses);
        }
        points
    }

    async fn entry_addresses(&self, network: &Network) -> Result<Vec<String>, StoreError> {
        if network.is_public() {
            let seeds = self
                .store()
                .seeds()
                .await?
                .into_iter()
                .map(|seed| seed.address);
            let given = self.0.config.bootstrap.iter().map(ToString::to_string);
            return Ok(seeds.chain(given).collect());
        }
        if !network.net().peers().is_empty() {
            return Ok(Vec::new());
        }
        let stored = self.store().network(network.id()).await?;
        Ok(stored.map(|stored| stored.bootstrap).unwrap_or_default())
    }
}

/// Returns `wait` give or take a quarter, so that peers do not try in step.
fn jittered(wait: Duration) -> Duration {
    let mut random = [0; 1];
    fill(&mut random);
    let [random] = random;
    wait.mul_f64(0.75 + f64::from(random) / 512.0)
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Person;

    fn targets(count: u8) -> BTreeSet<Target> {
        let person = |seed| Target::Account(Person::new(seed).account.id());
        (1..=count).map(person).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn somebody_who_takes_long_to_fail_holds_up_nobody_else() {
        let (both, mut round) = (targets(2), Round::default());
        round.want(both.clone());
        let (slow, quick) = (round.begin().unwrap(), round.begin().unwrap());

        round.settle(&quick, false);
        tokio::time::advance(FIRST * 2).await;

        assert_eq!(round.begin(), Some(quick.clone()), "it is due again");
        assert_eq!(BTreeSet::from([slow, quick]), both);
        assert_eq!(round.begin(), None, "and nobody is tried twice at once");
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_tried_at_once_than_there_are_places() {
        let mut round = Round::default();
        round.want(targets(u8::try_from(MAX_ATTEMPTS + 1).unwrap()));
        let begun: Vec<Target> = std::iter::from_fn(|| round.begin()).collect();
        assert_eq!(begun.len(), MAX_ATTEMPTS);
        assert_eq!(round.next(), None);

        round.settle(begun.first().unwrap(), false);

        let next = round.begin().unwrap();
        assert!(!begun.contains(&next), "whoever has waited longest is next");
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_doubles_until_something_changes() {
        let mut round = Round::default();
        round.want(targets(1));
        for tries in 0..3 {
            let target = round.begin().unwrap();
            round.settle(&target, false);
            let wait = round.next().unwrap() - Instant::now();
            let usual = FIRST * 2_u32.pow(tries);
            assert!(
                wait >= usual.mul_f64(0.7) && wait <= usual.mul_f64(1.3),
                "{wait:?}"
            );
            tokio::time::advance(wait).await;
        }

        let target = round.begin().unwrap();
        round.settle(&target, false);
        round.hurry();

        assert_eq!(round.begin(), Some(target));
    }
}
