//! One step between two people: everything that a request, an answer or a block changes, at once.

use rusqlite::Connection;
use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::actor::Store;
use crate::columns::Statements;
use crate::contacts::{self, Contact, Relation};
use crate::error::{Fault, StoreError};
use crate::invites::{self, InviteState, SecretHash};
use crate::outbox::{self, OutboxItem};
use crate::{StoredCertificate, certificates, ratchets, seen};

/// What must still hold when the change is made, or it is not made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expected {
    /// Whatever holds.
    Anything,
    /// They are no contact.
    NoContact,
    /// They stand so.
    Standing(Relation),
}

/// A change that happens whole or not at all.
#[derive(Clone, Debug)]
pub struct ContactChange {
    /// The contact as it will be.
    pub contact: Contact,
    /// How it must stand before.
    pub expected: Expected,
    /// The envelope that causes the change, by sender and id; one that was seen changes nothing.
    pub cause: Option<(AccountId, MessageId)>,
    /// The invite that the change uses up.
    pub invite: Option<SecretHash>,
    /// Certificates of the contact's nodes.
    pub certificates: Vec<StoredCertificate>,
    /// What is to be sent.
    pub outgoing: Vec<OutboxItem>,
    /// Now.
    pub at: Timestamp,
}

/// What became of a [`ContactChange`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ContactOutcome {
    /// It happened.
    Changed,
    /// Its cause was seen before.
    Duplicate,
    /// The invite cannot be used.
    InviteRefused(InviteState),
    /// They stand otherwise than expected: as this contact, or not at all.
    Stale(Option<Box<Contact>>),
}

impl Store {
    /// Makes a change to a contact, unless something speaks against it.
    pub async fn change_contact(
        &self,
        change: ContactChange,
    ) -> Result<ContactOutcome, StoreError> {
        self.write("change a contact", move |db| apply(db, &change))
            .await
    }
}

fn apply(db: &Connection, change: &ContactChange) -> Result<ContactOutcome, Fault> {
    let (network, account) = (change.contact.network, change.contact.account);
    let current = contacts::find(db, network, account)?;
    if !change.expected.holds(current.as_ref()) {
        return Ok(ContactOutcome::Stale(current.map(Box::new)));
    }
    if let Some(hash) = change.invite {
        let state = invites::state(db, hash, change.at)?;
        if state != InviteState::Open {
            return Ok(ContactOutcome::InviteRefused(state));
        }
    }
    if let Some((sender, id)) = change.cause
        && !seen::mark(db, sender, id, change.at)?
    {
        return Ok(ContactOutcome::Duplicate);
    }
    if let Some(hash) = change.invite {
        invites::spend(db, hash, account, change.at)?;
    }
    contacts::put(db, &change.contact)?;
    certificates::put(db, network, &change.certificates, change.at)?;
    if change.contact.relation == Relation::Blocked {
        forget_unsent(db, change)?;
    }
    for item in &change.outgoing {
        outbox::put(db, item)?;
    }
    Ok(ContactOutcome::Changed)
}

/// Nothing more goes to someone who is blocked.
fn forget_unsent(db: &Connection, change: &ContactChange) -> Result<(), Fault> {
    use crate::columns::Sql;
    let key = rusqlite::params![Sql(change.contact.network), Sql(change.contact.account)];
    db.change("DELETE FROM outbox WHERE network = ?1 AND peer = ?2", key)?;
    ratchets::forget(db, change.contact.network, change.contact.account)?;
    db.change(
        "UPDATE messages SET state = 'failed', failure = 'blocked'
         WHERE network = ?1 AND peer = ?2 AND direction = 'out' AND state IN ('queued', 'sent')",
        key,
    )?;
    db.change(
        "UPDATE messages SET is_change_failed = 1
         WHERE network = ?1 AND peer = ?2 AND change IS NOT NULL",
        key,
    )?;
    Ok(())
}

impl Expected {
    fn holds(self, current: Option<&Contact>) -> bool {
        match self {
            Self::Anything => true,
            Self::NoContact => current.is_none(),
            Self::Standing(relation) => current.is_some_and(|contact| contact.relation == relation),
        }
    }
}
