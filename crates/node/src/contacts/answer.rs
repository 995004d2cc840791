//! Answering requests, and ending what was agreed.

use streembit_gate::ContactEvent;
use streembit_identity::{AccountId, Kind, NetworkId};
use streembit_store::{Contact, ContactChange, ContactOutcome, OutboxItem, Relation};

use super::{ContactError, body, request::expected, standing};
use crate::{
    chat::{self, body::encode},
    node::Node,
};

impl Node {
    /// Accepts a request.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_accept(&self, peer: AccountId) -> Result<(), ContactError> {
        let network = NetworkId::PUBLIC;
        let current = self.known_contact(network, peer).await?;
        standing(Some(&current)).after(ContactEvent::Accept)?;
        let item = self.answer_to(peer, true)?;
        let parcel = chat::parcel(&item, Kind::ContactAnswer);
        let change = ContactChange {
            expected: expected(Some(&current)),
            contact: Contact {
                relation: Relation::Accepted,
                since: self.now(),
                ..current
            },
            cause: None,
            invite: None,
            certificates: Vec::new(),
            outgoing: vec![item],
            at: self.now(),
        };
        match self.store().change_contact(change).await? {
            ContactOutcome::Changed => {}
            ContactOutcome::Duplicate
            | ContactOutcome::InviteRefused(_)
            | ContactOutcome::Stale(_) => return Err(ContactError::Stale),
        }
        chat::post(self, network, parcel);
        self.contact_changed(network, peer);
        Ok(())
    }

    /// Declines a request; the other side is told.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_decline(&self, peer: AccountId) -> Result<(), ContactError> {
        let network = NetworkId::PUBLIC;
        let current = self.known_contact(network, peer).await?;
        standing(Some(&current)).after(ContactEvent::Decline)?;
        let item = self.answer_to(peer, false)?;
        let parcel = chat::parcel(&item, Kind::ContactAnswer);
        self.store().remove_contact(network, peer).await?;
        self.store().enqueue(item).await?;
        chat::post(self, network, parcel);
        self.contact_changed(network, peer);
        Ok(())
    }

    /// Ends a contact, or takes a request back; the history stays.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_remove(&self, peer: AccountId) -> Result<(), ContactError> {
        let network = NetworkId::PUBLIC;
        let current = self.known_contact(network, peer).await?;
        standing(Some(&current)).after(ContactEvent::Remove)?;
        self.store().remove_contact(network, peer).await?;
        chat::abandon(self, network, peer);
        if current.relation == Relation::Blocked {
            super::enforce(self).await?;
        }
        self.contact_changed(network, peer);
        Ok(())
    }

    pub(super) async fn known_contact(
        &self,
        network: NetworkId,
        peer: AccountId,
    ) -> Result<Contact, ContactError> {
        let contact = self.store().contact(network, peer).await?;
        contact.ok_or(ContactError::NotFound(
            "this account is not among the contacts",
        ))
    }

    fn answer_to(&self, peer: AccountId, accepts: bool) -> Result<OutboxItem, ContactError> {
        let body = encode(&body::Answer {
            accepts,
            name: self.name(),
            kind: self.me().kind,
        });
        Ok(self.outbox_item(NetworkId::PUBLIC, peer, Kind::ContactAnswer, body)?)
    }
}
