//! Blocking: from then on the account is refused at the connection.

use streembit_gate::ContactEvent;
use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Contact, Relation};

use super::{ContactError, change::step, enforce, request::stranger, standing};
use crate::{chat, node::Node};

impl Node {
    /// Blocks an account, known or not; a live connection is closed at once.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_block(&self, peer: AccountId) -> Result<(), ContactError> {
        if peer == self.me().account {
            return Err(ContactError::Invalid("this is your own account"));
        }
        let network = NetworkId::PUBLIC;
        let current = self.store().contact(network, peer).await?;
        standing(current.as_ref()).after(ContactEvent::Block)?;
        let contact = current
            .clone()
            .unwrap_or_else(|| stranger(peer, self.now()));
        let contact = Contact {
            relation: Relation::Blocked,
            since: self.now(),
            ..contact
        };
        self.take_step(step(current.as_ref(), contact, Vec::new(), self))
            .await?;
        enforce(self).await?;
        chat::abandon(self, network, peer);
        crate::mailbox::part(self, network, peer).await;
        Ok(())
    }

    /// Takes a block back; the account is a stranger then.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_unblock(&self, peer: AccountId) -> Result<(), ContactError> {
        let network = NetworkId::PUBLIC;
        let current = self.known_contact(network, peer).await?;
        standing(Some(&current)).after(ContactEvent::Unblock)?;
        self.forget_contact(network, peer, None).await?;
        Ok(enforce(self).await?)
    }
}
