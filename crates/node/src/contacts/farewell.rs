//! Contacts whose accounts are no more: the signed farewell is kept, and nothing waits for them.

use streembit_identity::{AccountId, NetworkId, Timestamp, Tombstone, Unverified, Verified};
use streembit_store::{Contact, StoreError};
use tracing::{info, warn};

use super::rows::shown_name;
use crate::{
    chat::{self, short},
    event::Event,
    node::Node,
};

/// Keeps what the owner of `account` signed last, if it is a contact's.
pub(crate) async fn on_tombstone(node: &Node, account: AccountId, farewell: &Verified<Tombstone>) {
    if let Err(error) = keep(node, account, farewell.bytes()).await {
        warn!(%account, %error, "Could not keep a farewell");
    }
}

async fn keep(node: &Node, account: AccountId, farewell: &[u8]) -> Result<(), StoreError> {
    let mut bereaved = node.store().contacts(None).await?;
    bereaved.retain(|contact| contact.account == account && contact.tombstone.is_none());
    let Some(contact) = bereaved.first() else {
        return Ok(());
    };
    node.store()
        .set_contact_tombstone(account, farewell.to_vec())
        .await?;
    info!(peer = %account, "A contact's account was deleted");
    for contact in &bereaved {
        chat::abandon(node, contact.network, account);
        node.contact_changed(contact.network, account);
    }
    let name = Some(shown_name(contact)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| short(&account));
    node.emit(Event::Notice {
        code: "contact_gone",
        text: format!("{name} has deleted their account."),
    });
    Ok(())
}

/// Returns whether a contact's account was deleted.
pub(crate) async fn is_gone(
    node: &Node,
    network: NetworkId,
    account: AccountId,
) -> Result<bool, StoreError> {
    let contact = node.store().contact(network, account).await?;
    Ok(contact.is_some_and(|contact| contact.tombstone.is_some()))
}

/// When a contact's account was deleted; its farewell was verified before it was kept.
pub(super) fn gone_since(contact: &Contact) -> Option<Timestamp> {
    let farewell = Unverified::<Tombstone>::parse(contact.tombstone.as_deref()?);
    Some(farewell.ok()?.peek().at)
}
