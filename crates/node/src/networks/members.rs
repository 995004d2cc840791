//! The members of a private network: who they are, adding them, removing them.

use std::{sync::Arc, time::Duration};

use streembit_gate::Role;
use streembit_identity::{AccountId, Kind, Name, NetworkId, NodeId, Timestamp};
use tokio::task::JoinSet;

use super::{Network, NetworkError};
use crate::{event::Event, net::keeper::Learning, node::Node};

/// How long a removal waits for the connected members to confirm it.
const CONFIRM: Duration = Duration::from_secs(3);

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
    /// How many nodes have confirmed that they refuse the member now, this one included.
    pub disconnected: usize,
    /// The names of the members that will learn of it when they connect.
    pub pending: Vec<Name>,
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
        let operation = ledger.author_add(key, account, name, role, self.now())?;
        network.keeper().learn(decided(vec![operation])).await?;
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
        let operation =
            ledger.author_set_role(&self.me().account_key, account, role, self.now())?;
        network.keeper().learn(decided(vec![operation])).await?;
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
        let operation = ledger.author_remove(&self.me().account_key, account, self.now())?;
        network
            .keeper()
            .learn(decided(vec![operation.clone()]))
            .await?;
        self.emit(Event::Member {
            network: id,
            peer: account,
        });
        Ok(self.confirm_removal(&network, operation).await)
    }

    /// Tells the connected members and counts who confirms.
    async fn confirm_removal(&self, network: &Arc<Network>, operation: Vec<u8>) -> RemovedMember {
        let body = decided(vec![operation]).encode();
        let Some(ledger) = network.ledger() else {
            return RemovedMember {
                disconnected: 0,
                pending: Vec::new(),
            };
        };
        let mut asks = JoinSet::new();
        for member in ledger.roster().members.values().cloned() {
            if member.account == self.me().account {
                continue;
            }
            let (this, body, id) = (self.clone(), body.clone(), network.id());
            let is_connected = !network.net().nodes_of(&member.account).is_empty();
            asks.spawn(async move {
                let confirmed = is_connected
                    && this
                        .ask(id, member.account, Kind::Roster, body, CONFIRM)
                        .await
                        .is_ok_and(|answer| answer.kind == Kind::Roster);
                (member.name, confirmed)
            });
        }
        let mut removed = RemovedMember {
            disconnected: 1,
            pending: Vec::new(),
        };
        while let Some(outcome) = asks.join_next().await {
            match outcome {
                Ok((_, true)) => removed.disconnected += 1,
                Ok((name, false)) => removed.pending.push(name),
                Err(_) => {}
            }
        }
        removed.pending.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        removed
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

/// Operations that an admin here has made.
pub(crate) fn decided(operations: Vec<Vec<u8>>) -> Learning {
    Learning {
        operations,
        ..Learning::default()
    }
}
