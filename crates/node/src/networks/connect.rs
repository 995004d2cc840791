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

impl Node {
    /// Connects to everybody wanted in `network`, again and again, until it stops.
    pub(crate) async fn connect_forever(self, network: Arc<Network>) {
        let mut due: BTreeMap<Target, Due> = BTreeMap::new();
        loop {
            let wanted = self.wanted(&network).await;
            due.retain(|target, _| wanted.contains(target));
            for target in wanted {
                due.entry(target).or_insert_with(|| Due {
                    at: Instant::now(),
                    wait: FIRST,
                });
            }
            self.attempt_due(&network, &mut due).await;
            let next = due.values().map(|due| due.at).min();
            tokio::select! {
                () = network.stop_token().cancelled() => return,
                () = network.wake.notified() => {
                    for due in due.values_mut() {
                        *due = Due { at: Instant::now(), wait: FIRST };
                    }
                }
                () = network.look.notified() => {}
                () = until(next) => {}
            }
        }
    }

    async fn attempt_due(&self, network: &Arc<Network>, due: &mut BTreeMap<Target, Due>) {
        let mut attempts = JoinSet::new();
        let now = Instant::now();
        let ready: Vec<Target> = due
            .iter()
            .filter(|(_, due)| due.at <= now)
            .map(|(target, _)| target.clone())
            .collect();
        for target in ready {
            if attempts.len() >= MAX_ATTEMPTS {
                settle(&mut attempts, due).await;
            }
            let (this, network) = (self.clone(), network.clone());
            attempts.spawn(async move {
                let reached = this.attempt(&network, &target).await;
                (target, reached)
            });
        }
        while !attempts.is_empty() {
            settle(&mut attempts, due).await;
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

/// Takes one outcome in and notes when its target is due again.
async fn settle(attempts: &mut JoinSet<(Target, bool)>, due: &mut BTreeMap<Target, Due>) {
    let Some(Ok((target, reached))) = attempts.join_next().await else {
        return;
    };
    if reached {
        due.remove(&target);
    } else if let Some(due) = due.get_mut(&target) {
        due.at = Instant::now() + jittered(due.wait);
        due.wait = (due.wait * 2).min(LONGEST);
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
