//! Asking to become a contact, by invite or by account.

use streembit_gate::{ContactEvent, ContactState};
use streembit_identity::{
    AccountId, Certificate, Kind, Name, NetworkId, Timestamp, link::ContactInvite,
};
use streembit_store::{CachedAddress, Contact, Relation, Seed};
use tracing::warn;

use super::{ContactError, ContactView, body, change::step, invites, standing};
use crate::{
    chat::{self, body::encode},
    node::Node,
    reach::{bare_addresses, split_address},
};

/// Seeds that links may add; people add more by themselves.
const MAX_SEEDS_FROM_LINKS: usize = 16;

impl Node {
    /// Asks whoever made an invite link to become a contact; whoever proves the link is accepted.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_add_link(
        &self,
        link: &str,
        alias: Option<Name>,
    ) -> Result<ContactView, ContactError> {
        let invite = invites::read(link, self.now())?;
        let proof = invites::proof(&invite.secret, self.me().account, invite.account);
        let wish = Wish {
            peer: invite.account,
            name: Some(invite.name.clone()),
            alias,
            proof: Some(proof),
        };
        self.learn_places(&invite).await?;
        self.wish(wish).await
    }

    /// Asks an account to become a contact.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_add(
        &self,
        peer: AccountId,
        alias: Option<Name>,
    ) -> Result<ContactView, ContactError> {
        self.wish(Wish {
            peer,
            name: None,
            alias,
            proof: None,
        })
        .await
    }

    async fn wish(&self, wish: Wish) -> Result<ContactView, ContactError> {
        let peer = wish.peer;
        if peer == self.me().account {
            return Err(ContactError::Invalid("this is your own account"));
        }
        let current = self.store().contact(NetworkId::PUBLIC, peer).await?;
        match standing(current.as_ref()) {
            ContactState::Accepted => {}
            ContactState::Incoming => self.contact_accept(peer).await?,
            ContactState::None | ContactState::Requested | ContactState::Blocked => {
                self.ask_to_be_contact(wish, current).await?;
            }
        }
        self.contact(NetworkId::PUBLIC, peer).await
    }

    async fn ask_to_be_contact(
        &self,
        wish: Wish,
        current: Option<Contact>,
    ) -> Result<(), ContactError> {
        let (network, peer) = (NetworkId::PUBLIC, wish.peer);
        standing(current.as_ref()).after(ContactEvent::Request)?;
        if self.asks_already(current.as_ref(), &wish) {
            return Ok(());
        }
        let body = encode(&body::Request {
            name: self.name(),
            kind: self.me().kind,
            proof: wish.proof.map(Into::into),
        });
        let item = self.outbox_item(network, peer, Kind::ContactRequest, body)?;
        let contact = wish.into_contact(current.clone(), self.now());
        self.take_step(step(current.as_ref(), contact, vec![item], self))
            .await
    }

    /// Whether a request is on its way that says as much.
    fn asks_already(&self, current: Option<&Contact>, wish: &Wish) -> bool {
        let is_on_its_way = chat::waits_for(self, NetworkId::PUBLIC, wish.peer);
        current.is_some() && wish.proof.is_none() && is_on_its_way
    }

    /// Keeps where an invite says that its maker and some seeds are.
    async fn learn_places(&self, invite: &ContactInvite) -> Result<(), ContactError> {
        let certificate = Certificate::parse(&invite.certificate)
            .map_err(|_| ContactError::Invalid("the certificate in the link is not good"))?;
        let now = self.now();
        let node = certificate.node();
        for address in bare_addresses(&node, &invite.addresses) {
            let account = Some(invite.account);
            let place = CachedAddress {
                node,
                account,
                address: address.to_string(),
                last_ok: now,
            };
            self.store().put_address(NetworkId::PUBLIC, place).await?;
        }
        self.learn_seeds(&invite.seeds).await;
        Ok(())
    }

    async fn learn_seeds(&self, seeds: &[String]) {
        let own = self.me().node;
        let known = self
            .store()
            .seeds()
            .await
            .map_or(usize::MAX, |seeds| seeds.len());
        let room = MAX_SEEDS_FROM_LINKS.saturating_sub(known);
        let usable = seeds
            .iter()
            .filter(|text| split_address(text).is_some_and(|(node, _)| node != own));
        for address in usable.take(room) {
            let seed = Seed {
                address: address.clone(),
                added_at: self.now(),
            };
            if let Err(error) = self.store().add_seed(seed).await {
                warn!(%error, "Could not keep a seed of a link");
            }
        }
    }
}

/// Whom to ask, and what is known of them.
struct Wish {
    peer: AccountId,
    name: Option<Name>,
    alias: Option<Name>,
    proof: Option<[u8; 32]>,
}

impl Wish {
    fn into_contact(self, current: Option<Contact>, now: Timestamp) -> Contact {
        let mut contact = current.unwrap_or_else(|| stranger(self.peer, now));
        contact.relation = Relation::Requested;
        if let Some(name) = self.name {
            contact.name = name.to_string();
        }
        if let Some(alias) = self.alias {
            contact.alias = Some(alias.to_string());
        }
        contact
    }
}

/// Someone of whom nothing is known yet.
pub(super) fn stranger(peer: AccountId, now: Timestamp) -> Contact {
    Contact {
        network: NetworkId::PUBLIC,
        account: peer,
        name: String::new(),
        kind: "human".to_owned(),
        alias: None,
        relation: Relation::Requested,
        since: now,
        is_verified: false,
        last_seen: None,
        tombstone: None,
    }
}
