//! Knowing that the other side is who it says: safety numbers.

use streembit_identity::{AccountId, NetworkId, safety_number};
use streembit_store::{Contact, ContactOutcome, Relation};

use super::{ContactError, ContactView, change::step, request::stranger};
use crate::{event::Event, node::Node};

/// A number that both sides see alike.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SafetyNumber {
    /// 60 digits in groups of five.
    pub number: String,
    /// What a QR code of it says.
    pub qr: String,
}

impl Node {
    /// Returns what the two people compare.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub fn contact_safety_number(&self, peer: AccountId) -> Result<SafetyNumber, ContactError> {
        if peer == self.me().account {
            return Err(ContactError::Invalid("this is your own account"));
        }
        let number = safety_number(self.me().account, peer);
        let qr = number.chars().filter(char::is_ascii_digit).collect();
        Ok(SafetyNumber { number, qr })
    }

    /// Notes whether the numbers were compared and alike.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_verify(
        &self,
        network: Option<NetworkId>,
        peer: AccountId,
        is_verified: bool,
    ) -> Result<ContactView, ContactError> {
        let network = self.contact_network(network, peer).await?;
        self.keep_row(network, peer).await?;
        self.store()
            .set_contact_verified(network, peer, is_verified)
            .await?;
        self.emit(Event::Contact { network, peer });
        self.contact(network, peer).await
    }

    /// Shows a contact by another name.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_rename(
        &self,
        network: Option<NetworkId>,
        peer: AccountId,
        name: streembit_identity::Name,
    ) -> Result<ContactView, ContactError> {
        let network = self.contact_network(network, peer).await?;
        if network != NetworkId::PUBLIC {
            return Err(ContactError::Unsupported);
        }
        if !self
            .store()
            .set_contact_alias(network, peer, Some(name.to_string()))
            .await?
        {
            return Err(ContactError::NotFound(
                "this account is not among the contacts",
            ));
        }
        self.emit(Event::Contact { network, peer });
        self.contact(network, peer).await
    }

    /// The network meant: the one named, else the public one if the peer is known there.
    async fn contact_network(
        &self,
        network: Option<NetworkId>,
        peer: AccountId,
    ) -> Result<NetworkId, ContactError> {
        match network {
            Some(id) if self.network(&id).is_some() => Ok(id),
            Some(_) => Err(ContactError::NotFound("no such network")),
            None if self
                .store()
                .contact(NetworkId::PUBLIC, peer)
                .await?
                .is_some() =>
            {
                Ok(NetworkId::PUBLIC)
            }
            None => Ok(self.network_with(None, peer).await?),
        }
    }

    /// Makes a row for a member, so that something can be kept of it.
    async fn keep_row(&self, network: NetworkId, peer: AccountId) -> Result<(), ContactError> {
        let Some(live) = self.network(&network).filter(|live| !live.is_public()) else {
            return Ok(());
        };
        if !live.has_member(&peer) {
            return Err(ContactError::NotFound("this account is not a member"));
        }
        let contact = Contact {
            network,
            relation: Relation::Accepted,
            ..stranger(peer, self.now())
        };
        match self
            .store()
            .change_contact(step(None, contact, Vec::new(), self))
            .await?
        {
            ContactOutcome::Changed | ContactOutcome::Stale(_) => Ok(()),
            ContactOutcome::Duplicate | ContactOutcome::InviteRefused(_) => {
                Err(ContactError::Stale)
            }
        }
    }
}
