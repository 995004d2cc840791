//! Changing a group: signed here, stored, and told to everybody whom it concerns.

use std::sync::Arc;

use streembit_gate::{AuthorError, Group, MAX_GROUP_MEMBERS};
use streembit_identity::{AccountId, AccountKey, GroupId, Kind, Name, NetworkId, Timestamp};
use streembit_store::{MAX_GROUPS, OutboxItem};
use zeroize::Zeroizing;

use super::{GroupError, GroupView, apply::Step, body::Operations};
use crate::{
    chat::{body::encode, post},
    networks::Network,
    node::{Node, fill},
};

impl Node {
    /// Begins a group of `peers`, who are members of the network.
    ///
    /// # Errors
    /// See [`GroupError`]; nothing is begun then.
    pub async fn group_create(
        &self,
        network: NetworkId,
        title: Name,
        peers: Vec<AccountId>,
    ) -> Result<GroupView, GroupError> {
        let live = self.group_network(network)?;
        let _changing = self.0.groups.changing.lock().await;
        let count = self
            .0
            .groups
            .known()
            .keys()
            .filter(|(it, _)| *it == network)
            .count();
        if count >= MAX_GROUPS || peers.len() >= MAX_GROUP_MEMBERS {
            return Err(GroupError::Full);
        }
        let now = self.now();
        let mut nonce = [0; 16];
        fill(&mut nonce);
        let admin = (&self.me().account_key, self.name());
        let begun = Group::create(network, title, admin, nobody(), nonce, now)?;
        let mut step = Step::begin(begun);
        for peer in peers {
            if peer != self.me().account {
                self.add_one(&live, &mut step, peer, now)?;
            }
        }
        self.tell(step).await
    }

    /// Gives a group another title.
    ///
    /// # Errors
    /// See [`GroupError`].
    pub async fn group_rename(&self, group: GroupId, title: Name) -> Result<GroupView, GroupError> {
        self.change(group, |group, key, now| {
            group.author_rename(key, title, now)
        })
        .await
    }

    /// Adds members of the network to a group; what was written before they do not get.
    ///
    /// # Errors
    /// See [`GroupError`]; nobody is added then.
    pub async fn group_add(
        &self,
        group: GroupId,
        peers: Vec<AccountId>,
    ) -> Result<GroupView, GroupError> {
        let _changing = self.0.groups.changing.lock().await;
        let known = self.known_group(group)?;
        let live = self.group_network(known.within())?;
        let mut step = Step::from(known);
        for peer in peers {
            self.add_one(&live, &mut step, peer, self.now())?;
        }
        self.tell(step).await
    }

    /// Removes somebody from a group; nothing that is written from now on can be read there.
    ///
    /// # Errors
    /// See [`GroupError`].
    pub async fn group_remove(
        &self,
        group: GroupId,
        peer: AccountId,
    ) -> Result<GroupView, GroupError> {
        self.change(group, |group, key, now| group.author_remove(key, peer, now))
            .await
    }

    /// Leaves a group.
    ///
    /// # Errors
    /// See [`GroupError`]; the only admin cannot, while others are there.
    pub async fn group_leave(&self, group: GroupId) -> Result<GroupView, GroupError> {
        let me = self.me().account;
        self.change(group, |group, key, now| group.author_remove(key, me, now))
            .await
    }

    /// Makes a member of a group an admin, or one no longer.
    ///
    /// # Errors
    /// See [`GroupError`].
    pub async fn group_admin(
        &self,
        group: GroupId,
        peer: AccountId,
        is_admin: bool,
    ) -> Result<GroupView, GroupError> {
        self.change(group, |group, key, now| {
            group.author_set_admin(key, peer, is_admin, now)
        })
        .await
    }

    fn add_one(
        &self,
        live: &Network,
        step: &mut Step,
        peer: AccountId,
        now: Timestamp,
    ) -> Result<(), GroupError> {
        let name = live.ledger().and_then(|ledger| {
            let member = ledger.roster().member(peer)?;
            Some(member.name.clone())
        });
        let name = name.ok_or(GroupError::NotFound("not a member of the network"))?;
        let key = &self.me().account_key;
        let signed = step.group().author_add(key, peer, name, now)?;
        Ok(step.add(signed, now)?)
    }

    async fn change(
        &self,
        group: GroupId,
        sign: impl FnOnce(&Group, &AccountKey, Timestamp) -> Result<Vec<u8>, AuthorError>,
    ) -> Result<GroupView, GroupError> {
        let _changing = self.0.groups.changing.lock().await;
        let known = self.known_group(group)?;
        let now = self.now();
        let signed = sign(&known, &self.me().account_key, now)?;
        let mut step = Step::from(known);
        step.add(signed, now)?;
        self.tell(step).await
    }

    fn known_group(&self, group: GroupId) -> Result<Arc<Group>, GroupError> {
        let network = super::network_of(self, group);
        let known = network.and_then(|network| self.0.groups.find(network, group));
        known.ok_or(GroupError::NotFound("no such group"))
    }

    fn group_network(&self, network: NetworkId) -> Result<Arc<Network>, GroupError> {
        let live = self.network(&network);
        let live = live.ok_or(GroupError::NotFound("no such network"))?;
        if live.is_public() {
            return Err(GroupError::Unsupported);
        }
        Ok(live)
    }

    /// Stores what was signed here with the envelopes that tell it, and takes those on their way.
    async fn tell(&self, step: Step) -> Result<GroupView, GroupError> {
        let mut items = Vec::new();
        if step.is_news() {
            for account in step.everybody() {
                items.extend(self.telling(&step, account).await?);
            }
        }
        let node = self.clone();
        let told = self.to_end(async move {
            let store = node.store().clone();
            let group = step.store(&node, &store, items.clone(), None).await?;
            for item in &items {
                post(&node, item);
            }
            Ok::<_, GroupError>(group)
        });
        let group = told.await.ok_or(GroupError::Stopped)??;
        Ok(self.group_view(&group).await)
    }

    /// What tells one account: everything, where it was not there before.
    async fn telling(
        &self,
        step: &Step,
        account: AccountId,
    ) -> Result<Option<OutboxItem>, GroupError> {
        let (network, group) = (step.group().within(), step.group().id());
        let nodes = if account == self.me().account {
            let siblings = self.siblings(network).await;
            if siblings.is_empty() {
                return Ok(None);
            }
            siblings
        } else {
            let live = self.network(&network);
            if !live.is_some_and(|live| live.has_member(&account)) {
                return Ok(None);
            }
            self.nodes_of(network, account).await?
        };
        let operations = step.for_account(account);
        let packed = Operations::pack(group, operations.iter().cloned());
        if packed.operations.len() < operations.len() {
            return Err(GroupError::Full);
        }
        let kind = Kind::GroupOperations;
        let mut item = self.outbox_item(network, account, kind, encode(&packed))?;
        item.nodes = nodes;
        Ok(Some(item))
    }
}

/// An account whose secret key is not kept: nobody can take a group over.
fn nobody() -> AccountId {
    let mut seed = Zeroizing::new([0; 32]);
    fill(seed.as_mut_slice());
    AccountKey::from_seed(&seed).id()
}
