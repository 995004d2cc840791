//! One-time invites into private networks: given out, taken back, and honoured at the door.
//!
//! An invite's use is stored before its guest is added, so that two never come in by one; what a
//! crash cut off in between is brought to its end.

use std::{sync::Arc, time::Duration};

use streembit_gate::{Invite, Invites, RefusalReason, Role, Used, exchange::Redeeming};
use streembit_identity::{
    AccountId, InviteId, InviteKey, Name, NetworkId, Timestamp,
    link::{Invited, JoinLink, Link},
};
use streembit_store::{NetworkInvite, StoreError};
use tokio::sync::mpsc;
use tracing::{info, warn};
use zeroize::Zeroizing;

use super::{Network, NetworkError};
use crate::{event::Event, net::keeper::Asked, node::Node};

/// How long an invite is good where nobody said otherwise.
const LIFETIME: Duration = Duration::from_hours(7 * 24);
/// The longest and the shortest that an invite may be good.
const LIFETIMES: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(1)..=Duration::from_hours(30 * 24);
/// Addresses that go into one link.
const MAX_ADDRESSES: usize = 6;
/// How often an addition is made anew because somebody else has taken the name meanwhile.
const ATTEMPTS: usize = 3;

/// An invite that was made.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// The link, which holds the only copy of the secret.
    pub link: Zeroizing<String>,
}

impl Node {
    /// Makes an invite that lets one account into a network, once.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_invite(
        &self,
        id: NetworkId,
        name: Option<Name>,
        role: Role,
        lifetime: Option<Duration>,
    ) -> Result<NewInvite, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let lifetime = lifetime.unwrap_or(LIFETIME);
        if !LIFETIMES.contains(&lifetime) {
            let rule = "an invite is good for one second to 30 days";
            return Err(NetworkError::Invalid(rule.to_owned()));
        }
        let issuer = ledger.roster().member(self.me().account);
        let issuer = issuer.filter(|issuer| issuer.role == Role::Admin);
        let issuer_name = issuer.ok_or(NetworkError::Denied)?.name.clone();
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice())
            .map_err(|_| NetworkError::Invalid("no randomness is available".to_owned()))?;
        let key = InviteKey::from_seed(&seed);
        let now = network.keeper().now();
        let invite = Invite {
            id: key.id(),
            name,
            role,
            created_at: now,
            expires_at: now.plus(lifetime),
            used: None,
            revoked_at: None,
        };
        let mut invites = self.invites_of(id).await?;
        invites.issue(invite.clone(), now)?;
        self.store().add_network_invite(row(id, &invite)).await?;
        let mut addresses = network.net().addresses();
        addresses.truncate(MAX_ADDRESSES);
        let link = JoinLink {
            genesis: ledger.genesis().to_vec(),
            name: ledger.roster().name.clone(),
            addresses: addresses.iter().map(ToString::to_string).collect(),
            issuer: self.me().account,
            issuer_name,
            node: self.me().node,
            key,
            expires: invite.expires_at,
            role: invited(role),
        };
        Ok(NewInvite {
            expires_at: invite.expires_at,
            link: Zeroizing::new(Link::Join(Box::new(link)).to_string()),
        })
    }

    /// Lists the invites that this installation gave out, newest first.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_invites(&self, id: NetworkId) -> Result<Vec<Invite>, NetworkError> {
        self.private(&id)?;
        let rows = self.store().network_invites(id).await?;
        Ok(rows.into_iter().filter_map(invite).collect())
    }

    /// Takes an invite back; whoever holds its link is refused from now on.
    ///
    /// # Errors
    /// See [`NetworkError`]; one that was used cannot be taken back.
    pub async fn network_invite_revoke(
        &self,
        id: NetworkId,
        invite: InviteId,
    ) -> Result<(), NetworkError> {
        let (network, _) = self.private(&id)?;
        let now = network.keeper().now();
        self.invites_of(id).await?.revoke(invite, now)?;
        if self.store().revoke_network_invite(invite, now).await? {
            Ok(())
        } else {
            Err(streembit_gate::InviteError::Closed.into())
        }
    }

    async fn invites_of(&self, id: NetworkId) -> Result<Invites, StoreError> {
        let rows = self.store().network_invites(id).await?;
        Ok(Invites::load(rows.into_iter().filter_map(invite)))
    }

    /// Decides on invites at the door of a network, one after the other, until it stops.
    pub(super) async fn let_guests_in(
        self,
        network: Arc<Network>,
        mut guests: mpsc::Receiver<Asked>,
    ) {
        if network.is_public() {
            return;
        }
        self.finish_additions(&network).await;
        loop {
            let asked = tokio::select! {
                () = network.stop_token().cancelled() => return,
                asked = guests.recv() => asked,
            };
            let Some(Asked { redeeming, answer }) = asked else {
                return;
            };
            let decision = self.redeem(&network, &redeeming).await;
            // Whoever has gone meanwhile comes again, and is let in without more ado.
            let _ = answer.send(decision);
        }
    }

    /// Adds whoever used an invite before the last stop and was not added any more.
    async fn finish_additions(&self, network: &Arc<Network>) {
        let Some(ledger) = network.ledger() else {
            return;
        };
        let roster = ledger.roster();
        if !roster.is_admin(self.me().account) {
            return;
        }
        let invites = match self.invites_of(network.id()).await {
            Ok(invites) => invites,
            Err(error) => {
                warn!(%error, "Could not read the invites");
                return;
            }
        };
        for invite in invites.iter() {
            let (Some(used), Some(name)) = (invite.used, &invite.name) else {
                continue;
            };
            let is_settled =
                roster.member(used.by).is_some() || roster.removed.contains_key(&used.by);
            if !is_settled
                && let Err(reason) = self.add_guest(network, used.by, name, invite.role).await
            {
                warn!(%reason, "Could not add a guest");
            }
        }
    }

    /// Decides on an invite: its use is stored, then its guest added.
    async fn redeem(&self, network: &Arc<Network>, asked: &Redeeming) -> Result<(), RefusalReason> {
        let ledger = network.ledger().ok_or(RefusalReason::NotListed)?;
        let (roster, now) = (ledger.roster(), network.keeper().now());
        let stored = self.store().network_invite(network.id(), asked.invite);
        let stored = stored.await.map_err(|error| closed(&error))?;
        let mut invites = Invites::load(stored.and_then(invite));
        let used = Used {
            by: asked.account,
            node: asked.node,
            at: now,
        };
        let own_name = asked.name.to_string();
        invites.note_use(asked.invite, used, &asked.name)?;
        let invite = invites.redeem(asked.invite, asked.account, now)?.clone();
        if roster.removed.contains_key(&asked.account) {
            return Err(RefusalReason::Removed);
        }
        if roster.member(asked.account).is_some() {
            return Ok(());
        }
        if !roster.is_admin(self.me().account) {
            return Err(RefusalReason::InviteRevoked);
        }
        let guest = (asked.account, asked.node);
        let spent = self
            .store()
            .use_network_invite(asked.invite, guest, own_name, now);
        if !spent.await.map_err(|error| closed(&error))? {
            return Err(RefusalReason::InviteUsed);
        }
        let name = invite.name.as_ref().unwrap_or(&asked.name);
        self.add_guest(network, asked.account, name, invite.role)
            .await
    }

    /// Adds a guest under the first free form of its name.
    async fn add_guest(
        &self,
        network: &Arc<Network>,
        account: AccountId,
        name: &Name,
        role: Role,
    ) -> Result<(), RefusalReason> {
        for _ in 0..ATTEMPTS {
            let ledger = network.ledger().ok_or(RefusalReason::NotListed)?;
            let name = ledger.roster().free_name(name);
            let key = &self.me().account_key;
            let now = network.keeper().now();
            let operation = ledger.author_add(key, account, name, role, now);
            let operation = operation.map_err(|error| closed(&error))?;
            let decided = self.decide(network, &ledger, vec![operation]);
            let decided = decided.map_err(|error| closed(&error))?;
            let learned = network.keeper().learn(decided).await;
            learned.map_err(|error| closed(&error))?;
            if network.has_member(&account) {
                info!(%account, "Let a guest in by its invite");
                self.emit(Event::Member {
                    network: network.id(),
                    peer: account,
                });
                return Ok(());
            }
        }
        Err(RefusalReason::Timeout)
    }
}

/// This node's own trouble is nobody else's business; the guest may come again.
fn closed(error: &dyn std::error::Error) -> RefusalReason {
    warn!(%error, "Could not honour an invite");
    RefusalReason::RulesUnreadable
}

fn invited(role: Role) -> Invited {
    match role {
        Role::Member => Invited::Member,
        Role::Hub => Invited::Hub,
        Role::Device => Invited::Device,
        Role::Admin => Invited::Admin,
    }
}

fn row(network: NetworkId, invite: &Invite) -> NetworkInvite {
    NetworkInvite {
        id: invite.id,
        network,
        name: invite.name.as_ref().map(ToString::to_string),
        role: number(invite.role),
        created_at: invite.created_at,
        expires_at: invite.expires_at,
        used_by: None,
        used_at: None,
        revoked_at: None,
    }
}

/// Reads an invite as it was kept; one that cannot be read lets nobody in.
fn invite(row: NetworkInvite) -> Option<Invite> {
    let used = row.used_by.zip(row.used_at);
    Some(Invite {
        id: row.id,
        name: row.name.map(|name| name.parse()).transpose().ok()?,
        role: role(row.role)?,
        created_at: row.created_at,
        expires_at: row.expires_at,
        used: used.map(|((by, node), at)| Used { by, node, at }),
        revoked_at: row.revoked_at,
    })
}

const fn number(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Hub => 1,
        Role::Device => 2,
        Role::Admin => 3,
    }
}

fn role(number: u8) -> Option<Role> {
    [Role::Member, Role::Hub, Role::Device, Role::Admin]
        .into_iter()
        .nth(number.into())
}
