//! Answering requests, and ending what was agreed.

use streembit_gate::ContactEvent;
use streembit_identity::{AccountId, Kind, NetworkId};
use streembit_store::{Contact, OutboxItem, Relation};

use super::{ContactError, body, change::step, standing};
use crate::{chat::body::encode, node::Node};

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
        let contact = Contact {
            relation: Relation::Accepted,
            since: self.now(),
            ..current.clone()
        };
        self.take_step(step(Some(&current), contact, vec![item], self))
            .await
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
        Ok(self.forget_contact(network, peer, Some(item)).await?)
    }

    /// Ends a contact, or takes a request back; the history stays.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_remove(&self, peer: AccountId) -> Result<(), ContactError> {
        let network = NetworkId::PUBLIC;
        let current = self.known_contact(network, peer).await?;
        standing(Some(&current)).after(ContactEvent::Remove)?;
        self.forget_contact(network, peer, None).await?;
        if current.relation == Relation::Blocked {
            super::enforce(self).await?;
        }
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
