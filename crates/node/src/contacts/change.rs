//! One step between two people: stored whole, then put into effect.

use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Contact, ContactChange, ContactOutcome, Expected, OutboxItem, StoreError};

use super::ContactError;
use crate::{chat, event::Event, node::Node};

/// A step that this account takes; those that a peer causes name their cause besides.
pub(super) fn step(
    current: Option<&Contact>,
    contact: Contact,
    outgoing: Vec<OutboxItem>,
    node: &Node,
) -> ContactChange {
    ContactChange {
        contact,
        expected: current.map_or(Expected::NoContact, |now| Expected::Standing(now.relation)),
        cause: None,
        invite: None,
        certificates: Vec::new(),
        outgoing,
        at: node.now(),
    }
}

impl Node {
    /// Makes a change and, when it happened, sends what belongs to it and tells the listeners.
    pub(super) async fn change_contact(
        &self,
        change: ContactChange,
    ) -> Result<ContactOutcome, StoreError> {
        let node = self.clone();
        let work = async move {
            let (network, peer) = (change.contact.network, change.contact.account);
            let outgoing = change.outgoing.clone();
            let outcome = node.store().change_contact(change).await?;
            if outcome == ContactOutcome::Changed {
                for item in &outgoing {
                    chat::post(&node, item);
                }
                node.contact_changed(network, peer);
            }
            Ok(outcome)
        };
        self.to_end(work).await.ok_or(StoreError::Stopped)?
    }

    /// Makes a change of this account's own will.
    pub(super) async fn take_step(&self, change: ContactChange) -> Result<(), ContactError> {
        match self.change_contact(change).await? {
            ContactOutcome::Changed => Ok(()),
            ContactOutcome::Duplicate
            | ContactOutcome::InviteRefused(_)
            | ContactOutcome::Stale(_) => Err(ContactError::Stale),
        }
    }

    /// Forgets a contact, gives up what waits for it, and sends a last word if there is one.
    pub(super) async fn forget_contact(
        &self,
        network: NetworkId,
        peer: AccountId,
        last: Option<OutboxItem>,
    ) -> Result<(), StoreError> {
        let node = self.clone();
        let work = async move {
            node.store().remove_contact(network, peer).await?;
            chat::abandon(&node, network, peer);
            crate::mailbox::part(&node, network, peer).await;
            if let Some(item) = last {
                node.store().enqueue(item.clone()).await?;
                chat::post(&node, &item);
            }
            node.contact_changed(network, peer);
            Ok(())
        };
        self.to_end(work).await.ok_or(StoreError::Stopped)?
    }

    /// Tells the listeners, and whoever keeps the connections.
    pub(super) fn contact_changed(&self, network: NetworkId, peer: AccountId) {
        if let Some(live) = self.network(&network) {
            live.look();
        }
        self.emit(Event::Contact { network, peer });
    }
}
