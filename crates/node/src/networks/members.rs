//! The members of a private network: who they are, adding them, removing them.

use std::{sync::Arc, time::Duration};

use streembit_gate::Role;
use streembit_identity::{AccountId, Kind, Name, NetworkId, NodeId, Timestamp};
use tokio::task::JoinSet;

use super::{Network, NetworkError};
use crate::{event::Event, net::keeper::Learning, node::Node};

/// How long a removal waits for the connected members to confirm it.
const CONFIRM: Duration = Duration::from_secs(3);
/// After how long a member that did not confirm is asked again.
const AGAIN: Duration = Duration::from_millis(200);

/// A member as the app shows it.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// When it was added.
    pub added_at: Timestamp,
    /// Who added it.
    pub added_by: AccountId,
    /// Whether it is connected now; this node itself always is.
    pub is_online: bool,
    /// When it was last connected.
    pub last_seen: Option<Timestamp>,
    /// Its name here.
    pub name: Name,
    /// Its known nodes.
    pub nodes: Vec<NodeId>,
    /// Its account.
    pub peer: AccountId,
    /// Its role.
    pub role: Role,
}

/// What a removal has achieved so far.
#[derive(Clone, Debug)]
pub struct RemovedMember {
    /// When even a member that stays away accepts the removed one no more, if that is certain.
    pub certain_by: Option<Timestamp>,
    /// The names of the members that have confirmed that they refuse it now, besides this one.
    pub disconnected: Vec<Name>,
    /// The names of the members that will learn of it when they connect.
    pub pending: Vec<Name>,
}

/// Which members have taken an operation.
#[derive(Debug, Default)]
pub(super) struct Told {
    confirmed: Vec<Name>,
    pending: Vec<Name>,
}

impl Node {
    /// Lists the members of a private network, by name.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn members_list(&self, id: NetworkId) -> Result<Vec<MemberView>, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let standing = network.keeper().standing();
        let mut members = Vec::new();
        for member in ledger.roster().members.values() {
            let last_seen = self.last_seen(&network, member.account).await?;
            let is_online = member.account == self.me().account
                || !network.net().nodes_of(&member.account).is_empty();
            members.push(MemberView {
                added_at: member.added_at,
                added_by: member.added_by,
                is_online,
                last_seen,
                name: member.name.clone(),
                nodes: standing.certificates.nodes_of(member.account).collect(),
                peer: member.account,
                role: member.role,
            });
        }
        members.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
        Ok(members)
    }

    /// Adds an account; it may connect at once to whoever knows of the addition.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn member_add(
        &self,
        id: NetworkId,
        account: AccountId,
        name: Name,
        role: Role,
    ) -> Result<MemberView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let key = &self.me().account_key;
        let operation = ledger.author_add(key, account, name, role, network.keeper().now())?;
        let decided = self.decide(&network, &ledger, vec![operation])?;
        network.keeper().learn(decided).await?;
        network.wake();
        self.emit(Event::Member {
            network: id,
            peer: account,
        });
        self.listed_member(id, account).await
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn member_set_role(
        &self,
        id: NetworkId,
        account: AccountId,
        role: Role,
    ) -> Result<MemberView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let (key, now) = (&self.me().account_key, network.keeper().now());
        let operation = ledger.author_set_role(key, account, role, now)?;
        let decided = self.decide(&network, &ledger, vec![operation])?;
        network.keeper().learn(decided).await?;
        self.emit(Event::Member {
            network: id,
            peer: account,
        });
        self.listed_member(id, account).await
    }

    /// Removes an account: its connections close here at once and on every connected member.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn member_remove(
        &self,
        id: NetworkId,
        account: AccountId,
    ) -> Result<RemovedMember, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let (key, now) = (&self.me().account_key, network.keeper().now());
        let operation = ledger.author_remove(key, account, now)?;
        // Whoever may confirm could go on confirming the old list to a node that meets nobody else.
        let could_confirm = ledger.roster().may_confirm(account);
        let decided = self.decide(&network, &ledger, vec![operation])?;
        network.keeper().learn(decided.clone()).await?;
        self.emit(Event::Member {
            network: id,
            peer: account,
        });
        let told = tell(self, &network, &decided).await;
        let (standing, policy) = (network.keeper().standing(), ledger.roster().policy);
        let certain_by = standing
            .freshness
            .stale_at(&policy)
            .filter(|_| policy.cuts_off && !could_confirm);
        Ok(RemovedMember {
            certain_by,
            disconnected: told.confirmed,
            pending: told.pending,
        })
    }

    async fn listed_member(
        &self,
        id: NetworkId,
        account: AccountId,
    ) -> Result<MemberView, NetworkError> {
        let members = self.members_list(id).await?;
        members
            .into_iter()
            .find(|member| member.peer == account)
            .ok_or(NetworkError::NotFound("this account is not a member"))
    }

    async fn last_seen(
        &self,
        network: &Network,
        account: AccountId,
    ) -> Result<Option<Timestamp>, NetworkError> {
        let cached = self.store().addresses_of(network.id(), account).await?;
        Ok(cached.first().map(|address| address.last_ok))
    }

    /// Returns a private network and its membership.
    pub(crate) fn private(
        &self,
        id: &NetworkId,
    ) -> Result<(Arc<Network>, Arc<streembit_gate::Ledger>), NetworkError> {
        let network = self.network(id).ok_or(NetworkError::NotFound(
            "this profile is not in that network",
        ))?;
        let ledger = network
            .ledger()
            .ok_or(NetworkError::NotFound("this is no private network"))?;
        Ok((network, ledger))
    }
}

/// Tells the connected members at once and waits for who confirms; the others are pending.
pub(super) async fn tell(node: &Node, network: &Arc<Network>, news: &Learning) -> Told {
    let mut told = Told::default();
    let (Some(ledger), body) = (network.ledger(), news.encode()) else {
        return told;
    };
    let mut asks = JoinSet::new();
    for member in ledger.roster().members.values().cloned() {
        if member.account == node.me().account {
            continue;
        }
        let (this, network, body) = (node.clone(), network.clone(), body.clone());
        asks.spawn(async move {
            let taken = take(&this, &network, member.account, &body);
            let confirmed = tokio::time::timeout(CONFIRM, taken).await;
            (member.name, confirmed.unwrap_or(false))
        });
    }
    while let Some(outcome) = asks.join_next().await {
        match outcome {
            Ok((name, true)) => told.confirmed.push(name),
            Ok((name, false)) => told.pending.push(name),
            Err(_) => {}
        }
    }
    let by_name = |a: &Name, b: &Name| a.as_str().cmp(b.as_str());
    told.confirmed.sort_by(by_name);
    told.pending.sort_by(by_name);
    told
}

/// Asks a connected member until it confirms: what the news builds on may still be on its way.
async fn take(node: &Node, network: &Network, account: AccountId, body: &[u8]) -> bool {
    while !network.net().nodes_of(&account).is_empty() {
        let asked = node.ask(network.id(), account, Kind::Roster, body.to_vec(), CONFIRM);
        if asked.await.is_ok_and(|answer| answer.kind == Kind::Roster) {
            return true;
        }
        tokio::time::sleep(AGAIN).await;
    }
    false
}
