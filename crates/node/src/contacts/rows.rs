//! What is shown of contacts: of the public network by what was agreed, of a private one by membership.

use std::collections::BTreeMap;

use streembit_gate::{ContactState, Member, Role};
use streembit_identity::{AccountId, NetworkId, PeerKind, Timestamp, fingerprint};
use streembit_store::Contact;

use super::{ContactError, farewell::gone_since, standing};
use crate::{chat::short, networks::Network, node::Node, reach::Presence};

/// Another account, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ContactView {
    /// The fingerprint of its key, in groups.
    pub fingerprint: String,
    /// Since when the account is no more, as its owner signed.
    pub gone_since: Option<Timestamp>,
    /// Whether the safety numbers were compared.
    pub is_verified: bool,
    /// What kind of participant it is, where that is known.
    pub kind: Option<PeerKind>,
    /// When it was last connected.
    pub last_seen: Option<Timestamp>,
    /// The name it is shown by.
    pub name: String,
    /// The network it is known in.
    pub network: NetworkId,
    /// The account.
    pub peer: AccountId,
    /// What is known of where it is.
    pub presence: Presence,
    /// What it is in a private network.
    pub role: Option<Role>,
    /// Since when it stands so.
    pub since: Timestamp,
    /// How it stands to this account.
    pub state: ContactState,
}

impl Node {
    /// Lists the contacts of one network or of all, by name.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contacts_list(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<ContactView>, ContactError> {
        let networks = match network {
            None => self.networks(),
            Some(id) => vec![
                self.network(&id)
                    .ok_or(ContactError::NotFound("no such network"))?,
            ],
        };
        let mut views = Vec::new();
        for network in networks {
            let rows = self.store().contacts(Some(network.id())).await?;
            let mut of_network = match network.ledger() {
                Some(ledger) => {
                    self.members_as_contacts(&network, ledger.roster().members.values(), rows)
                }
                None if network.is_public() => {
                    rows.into_iter().map(|row| self.contact_row(row)).collect()
                }
                None => Vec::new(),
            };
            of_network.sort_by_cached_key(|view| (view.name.to_lowercase(), view.peer));
            views.append(&mut of_network);
        }
        Ok(views)
    }

    /// Returns one contact.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact(
        &self,
        network: NetworkId,
        peer: AccountId,
    ) -> Result<ContactView, ContactError> {
        let row = self.store().contact(network, peer).await?;
        let live = self
            .network(&network)
            .ok_or(ContactError::NotFound("no such network"))?;
        let view = match live.ledger() {
            None => row.map(|row| self.contact_row(row)),
            Some(ledger) => ledger
                .roster()
                .member(peer)
                .map(|member| self.member_as_contact(&live, member, row)),
        };
        view.ok_or(ContactError::NotFound(
            "this account is not among the contacts",
        ))
    }

    fn contact_row(&self, row: Contact) -> ContactView {
        ContactView {
            fingerprint: fingerprint(row.account),
            gone_since: gone_since(&row),
            is_verified: row.is_verified,
            kind: row.kind.parse().ok(),
            last_seen: row.last_seen,
            name: Some(shown_name(&row))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| short(&row.account)),
            network: row.network,
            peer: row.account,
            presence: self.presence(&row.network, &row.account),
            role: None,
            since: row.since,
            state: standing(Some(&row)),
        }
    }

    fn members_as_contacts<'a>(
        &self,
        network: &Network,
        members: impl Iterator<Item = &'a Member>,
        rows: Vec<Contact>,
    ) -> Vec<ContactView> {
        let mut rows: BTreeMap<AccountId, Contact> =
            rows.into_iter().map(|row| (row.account, row)).collect();
        members
            .filter(|member| member.account != self.me().account)
            .map(|member| self.member_as_contact(network, member, rows.remove(&member.account)))
            .collect()
    }

    fn member_as_contact(
        &self,
        network: &Network,
        member: &Member,
        row: Option<Contact>,
    ) -> ContactView {
        let account = member.account;
        ContactView {
            fingerprint: fingerprint(account),
            gone_since: row.as_ref().and_then(gone_since),
            is_verified: row.as_ref().is_some_and(|row| row.is_verified),
            kind: kind_of(member.role),
            last_seen: row.and_then(|row| row.last_seen),
            name: member.name.to_string(),
            network: network.id(),
            peer: account,
            presence: self.presence(&network.id(), &account),
            role: Some(member.role),
            since: member.added_at,
            state: ContactState::Accepted,
        }
    }
}

/// The name that a contact is shown by: ours for them, else their own.
pub(super) fn shown_name(contact: &Contact) -> String {
    contact
        .alias
        .clone()
        .unwrap_or_else(|| contact.name.clone())
}

fn kind_of(role: Role) -> Option<PeerKind> {
    match role {
        Role::Device => Some(PeerKind::Device),
        Role::Hub => Some(PeerKind::Hub),
        Role::Member | Role::Admin => None,
    }
}
