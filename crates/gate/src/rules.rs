//! Decides who may connect, whom this node dials, and what each may send.
//!
//! An immutable snapshot; the node replaces it whenever membership or blocks change. Whatever is
//! not allowed in so many words is refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use streembit_identity::{AccountId, Certificate, Kind, NodeId, Timestamp};

use crate::{Certificates, ContactState, Freshness, Ledger, RefusalReason, Roster};

/// Somebody who may connect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Admission {
    /// The account.
    pub account: AccountId,
    /// Its node at the other end.
    pub node: NodeId,
    /// What binds the two.
    pub certificate: Certificate,
}

/// The rules of one network, as they are now.
#[derive(Clone, Debug)]
pub struct Rules(Policy);

#[derive(Clone, Debug)]
enum Policy {
    /// An unclaimed host admits whoever proves its own key; whoever claims admits only the host.
    Claim {
        host: NodeId,
        is_host: bool,
    },
    Nobody,
    Private(Private),
    Public {
        blocked: BTreeSet<AccountId>,
        blocked_nodes: BTreeSet<NodeId>,
        revoked: BTreeSet<(AccountId, NodeId)>,
    },
}

#[derive(Clone, Debug)]
struct Private {
    roster: Arc<Roster>,
    nodes: BTreeSet<NodeId>,
    expected: BTreeSet<NodeId>,
    revoked: BTreeSet<(AccountId, NodeId)>,
    /// When the members count as stale and nobody is let in; `None` where that only warns.
    ends: Option<Timestamp>,
}

impl Rules {
    /// Nobody: for rules that are empty, unreadable or not yet there.
    pub const fn nobody() -> Self {
        Self(Policy::Nobody)
    }

    /// Everybody but the blocked.
    pub const fn public(blocked: BTreeSet<AccountId>) -> Self {
        Self(Policy::Public {
            blocked,
            blocked_nodes: BTreeSet::new(),
            revoked: BTreeSet::new(),
        })
    }

    /// The members of a private network, and nobody else.
    pub fn private(ledger: &Ledger, certificates: &Certificates, freshness: &Freshness) -> Self {
        let roster = ledger.roster();
        let of_members = certificates
            .iter()
            .filter(|(account, _)| roster.member(*account).is_some());
        Self(Policy::Private(Private {
            roster: Arc::clone(roster),
            nodes: of_members.map(|(_, node)| node).collect(),
            expected: BTreeSet::new(),
            revoked: certificates.revoked_pairs(),
            ends: freshness.ends(&roster.policy),
        }))
    }

    /// The throw-away network in which `host` is claimed, seen from the node `me`.
    pub fn claim(host: NodeId, me: NodeId) -> Self {
        Self(Policy::Claim {
            host,
            is_host: host == me,
        })
    }

    /// Also refuses to dial these nodes: those known of blocked accounts.
    #[must_use]
    pub fn blocking_nodes(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Self {
        if let Policy::Public { blocked_nodes, .. } = &mut self.0 {
            blocked_nodes.extend(nodes);
        }
        self
    }

    /// Also refuses these nodes: their accounts have revoked them.
    #[must_use]
    pub fn revoking(mut self, nodes: impl IntoIterator<Item = (AccountId, NodeId)>) -> Self {
        if let Policy::Public { revoked, .. } = &mut self.0 {
            revoked.extend(nodes);
        }
        self
    }

    /// Also allows dialling these nodes, which a link named; they still have to be members.
    #[must_use]
    pub fn expecting(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Self {
        if let Policy::Private(private) = &mut self.0 {
            private.expected.extend(nodes);
        }
        self
    }

    /// Returns these rules for another state of the same private network; others stay as they are.
    #[must_use]
    pub(crate) fn renewed(
        &self,
        ledger: &Ledger,
        certificates: &Certificates,
        freshness: &Freshness,
    ) -> Self {
        match &self.0 {
            Policy::Private(private) => Self::private(ledger, certificates, freshness)
                .expecting(private.expected.iter().copied()),
            Policy::Claim { .. } | Policy::Nobody | Policy::Public { .. } => self.clone(),
        }
    }

    /// Decides whether whoever may be connected may do anything but catch up.
    ///
    /// # Errors
    ///
    /// Refuses everybody while the members have not been confirmed for too long.
    pub fn check_fresh(&self, now: Timestamp) -> Result<(), RefusalReason> {
        match self.fresh_until() {
            Some(end) if now > end => Err(RefusalReason::Stale),
            Some(_) | None => Ok(()),
        }
    }

    /// Returns until when anybody may be connected, if that ends.
    pub const fn fresh_until(&self) -> Option<Timestamp> {
        match &self.0 {
            Policy::Private(private) => private.ends,
            Policy::Claim { .. } | Policy::Nobody | Policy::Public { .. } => None,
        }
    }

    /// Decides whether the holder of a certificate may be connected, be it only to catch up.
    ///
    /// That the node at the other end is the certified one is for the transport to have proved.
    ///
    /// # Errors
    ///
    /// Says why not.
    pub fn admit(
        &self,
        certificate: &Certificate,
        now: Timestamp,
    ) -> Result<Admission, RefusalReason> {
        let (account, node) = (certificate.account(), certificate.node());
        match &self.0 {
            Policy::Nobody => return Err(RefusalReason::RulesUnreadable),
            Policy::Public { blocked, .. } if blocked.contains(&account) => {
                return Err(RefusalReason::Blocked);
            }
            Policy::Public { revoked, .. } if revoked.contains(&(account, node)) => {
                return Err(RefusalReason::Removed);
            }
            Policy::Public { .. } => {}
            Policy::Claim { host, is_host } if *is_host || node == *host => {}
            Policy::Claim { .. } => return Err(RefusalReason::NotListed),
            Policy::Private(private) => private.admit(account, node)?,
        }
        if !certificate.is_live(now) {
            return Err(RefusalReason::Expired);
        }
        Ok(Admission {
            account,
            node,
            certificate: certificate.clone(),
        })
    }

    /// Decides whether this node may open a connection to that one.
    pub fn may_dial(&self, node: NodeId) -> bool {
        match &self.0 {
            Policy::Nobody => false,
            Policy::Public {
                blocked,
                blocked_nodes,
                revoked: _,
            } => {
                let is_blocked_host = blocked
                    .iter()
                    .any(|account| account.as_bytes() == node.as_bytes());
                !is_blocked_host && !blocked_nodes.contains(&node)
            }
            Policy::Claim { host, is_host } => !is_host && node == *host,
            Policy::Private(private) => private.may_dial(node),
        }
    }

    /// Decides whether a message of that kind is taken from that account.
    ///
    /// # Errors
    ///
    /// Says why not.
    pub fn may_send(
        &self,
        from: AccountId,
        kind: Kind,
        contact: ContactState,
    ) -> Result<(), RefusalReason> {
        if contact == ContactState::Blocked {
            return Err(RefusalReason::Blocked);
        }
        let is_wanted = match &self.0 {
            Policy::Nobody => return Err(RefusalReason::RulesUnreadable),
            Policy::Public { blocked, .. } if blocked.contains(&from) => {
                return Err(RefusalReason::Blocked);
            }
            Policy::Public { .. } => is_wanted_in_public(kind, contact),
            Policy::Claim { .. } => is_claim(kind),
            Policy::Private(private) => {
                private.check_account(from)?;
                is_wanted_among_members(kind)
            }
        };
        if is_wanted {
            Ok(())
        } else {
            Err(RefusalReason::Unwanted)
        }
    }
}

impl Private {
    fn check_account(&self, account: AccountId) -> Result<(), RefusalReason> {
        if self.roster.member(account).is_some() {
            Ok(())
        } else if self.roster.removed.contains_key(&account) {
            Err(RefusalReason::Removed)
        } else {
            Err(RefusalReason::NotListed)
        }
    }

    fn admit(&self, account: AccountId, node: NodeId) -> Result<(), RefusalReason> {
        self.check_account(account)?;
        let is_revoked =
            self.roster.revoked.contains(&node) || self.revoked.contains(&(account, node));
        if is_revoked {
            Err(RefusalReason::Removed)
        } else {
            Ok(())
        }
    }

    fn may_dial(&self, node: NodeId) -> bool {
        let is_revoked = self.roster.revoked.contains(&node);
        !is_revoked && (self.nodes.contains(&node) || self.expected.contains(&node))
    }
}

/// Strangers may ask to be a contact, and use a mailbox that agreed to it; nothing else.
fn is_wanted_in_public(kind: Kind, contact: ContactState) -> bool {
    match kind {
        // Whom a mailbox keeps something for, and from whom, it decides by its agreements.
        Kind::ContactRequest
        | Kind::MailDeposit
        | Kind::MailDeposited
        | Kind::MailCollect
        | Kind::MailPage
        | Kind::MailDone
        | Kind::MailWaits
        | Kind::MailAsk
        | Kind::MailTerms => true,
        Kind::ContactAnswer | Kind::MailReceipt => {
            matches!(contact, ContactState::Requested | ContactState::Accepted)
        }
        Kind::Text
        | Kind::Receipt
        | Kind::Read
        | Kind::React
        | Kind::Edit
        | Kind::Delete
        | Kind::Gaps
        | Kind::File
        | Kind::FileEnd
        | Kind::FilePiece
        | Kind::Typing
        | Kind::Sealed
        | Kind::KeyRequest
        | Kind::Keys
        | Kind::Reset
        | Kind::DeviceRequest
        | Kind::DeviceResponse
        | Kind::DeviceNotification
        | Kind::OwnCopy
        | Kind::OwnNodes => contact == ContactState::Accepted,
        Kind::Roster
        | Kind::GroupOperations
        | Kind::GroupKeyed
        | Kind::GroupMessage
        | Kind::GroupAsk
        | Kind::GroupAnswer
        | Kind::LinkRequest
        | Kind::LinkAnswer
        | Kind::ClaimRequest
        | Kind::ClaimOffer
        | Kind::ClaimCommit
        | Kind::ClaimDone => false,
    }
}

/// Members write to each other without asking.
fn is_wanted_among_members(kind: Kind) -> bool {
    match kind {
        Kind::Text
        | Kind::Receipt
        | Kind::Read
        | Kind::React
        | Kind::Edit
        | Kind::Delete
        | Kind::Gaps
        | Kind::File
        | Kind::FileEnd
        | Kind::FilePiece
        | Kind::Typing
        | Kind::Roster
        | Kind::Sealed
        | Kind::KeyRequest
        | Kind::Keys
        | Kind::Reset
        | Kind::DeviceRequest
        | Kind::DeviceResponse
        | Kind::DeviceNotification
        | Kind::MailDeposit
        | Kind::MailDeposited
        | Kind::MailCollect
        | Kind::MailPage
        | Kind::MailDone
        | Kind::MailWaits
        | Kind::MailAsk
        | Kind::MailTerms
        | Kind::MailReceipt
        | Kind::OwnCopy
        | Kind::GroupOperations
        | Kind::GroupKeyed
        | Kind::GroupMessage
        | Kind::GroupAsk
        | Kind::GroupAnswer => true,
        Kind::ContactRequest
        | Kind::OwnNodes
        | Kind::LinkRequest
        | Kind::LinkAnswer
        | Kind::ContactAnswer
        | Kind::ClaimRequest
        | Kind::ClaimOffer
        | Kind::ClaimCommit
        | Kind::ClaimDone => false,
    }
}

fn is_claim(kind: Kind) -> bool {
    match kind {
        Kind::ClaimRequest | Kind::ClaimOffer | Kind::ClaimCommit | Kind::ClaimDone => true,
        Kind::OwnCopy
        | Kind::OwnNodes
        | Kind::LinkRequest
        | Kind::LinkAnswer
        | Kind::Text
        | Kind::Receipt
        | Kind::ContactRequest
        | Kind::ContactAnswer
        | Kind::Roster
        | Kind::Read
        | Kind::React
        | Kind::Edit
        | Kind::Delete
        | Kind::Gaps
        | Kind::File
        | Kind::FileEnd
        | Kind::FilePiece
        | Kind::Typing
        | Kind::Sealed
        | Kind::KeyRequest
        | Kind::Keys
        | Kind::Reset
        | Kind::DeviceRequest
        | Kind::DeviceResponse
        | Kind::DeviceNotification
        | Kind::MailDeposit
        | Kind::MailDeposited
        | Kind::MailCollect
        | Kind::MailPage
        | Kind::MailDone
        | Kind::MailWaits
        | Kind::MailAsk
        | Kind::MailTerms
        | Kind::MailReceipt
        | Kind::GroupOperations
        | Kind::GroupKeyed
        | Kind::GroupMessage
        | Kind::GroupAsk
        | Kind::GroupAnswer => false,
    }
}

#[cfg(test)]
mod tests;
