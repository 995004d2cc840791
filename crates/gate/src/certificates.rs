//! Which nodes the members of a network have: the certificates that their accounts signed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use streembit_identity::{
    AccountId, Certificate, CertificateError, Digest, NetworkId, NodeCertificate, NodeId,
};
use streembit_identity::{NodeRevocation, Timestamp, Unverified};
use thiserror::Error;

use crate::{Inserted, Roster};

/// Most certificates and revocations, each, of one network.
const MAX_CERTIFICATES: usize = 4_096;

/// Most nodes of one account.
const MAX_NODES: usize = 32;

/// How much newer a certificate is than the one that it replaces, so that nobody makes every node
/// store and pass on one after the other.
const REISSUE: Duration = Duration::from_hours(1);

/// The nodes of the members of one network.
#[derive(Clone, Debug, Default)]
pub struct Certificates {
    live: BTreeMap<(AccountId, NodeId), Certificate>,
    revoked: BTreeMap<(AccountId, NodeId), Vec<u8>>,
}

/// Why a certificate or revocation is not taken.
#[derive(Debug, Error)]
pub enum CertificateRefusal {
    /// It is not signed by its account.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// It is over, or not yet valid.
    #[error("the certificate is not valid now")]
    Expired,
    /// There are as many as there may be.
    #[error("there are too many certificates")]
    Full,
    /// Its account is no member.
    #[error("the certificate's account is not a member")]
    NotMember,
    /// The node was revoked.
    #[error("the node was revoked")]
    Revoked,
}

impl Certificates {
    /// Takes a certificate of a member's node.
    ///
    /// # Errors
    ///
    /// Refuses what is forged, over, revoked or too much, and what concerns no member.
    pub fn insert(
        &mut self,
        bytes: &[u8],
        roster: &Roster,
        now: Timestamp,
    ) -> Result<Inserted, CertificateRefusal> {
        let claimed =
            Unverified::<NodeCertificate>::parse(bytes).map_err(CertificateError::from)?;
        let key = (AccountId::from(claimed.signer()), claimed.peek().node);
        if self
            .live
            .get(&key)
            .is_some_and(|known| known.bytes() == bytes)
        {
            return Ok(Inserted::Known);
        }
        let certificate = Certificate::parse(bytes)?;
        if roster.member(key.0).is_none() {
            return Err(CertificateRefusal::NotMember);
        }
        if !certificate.is_live(now) {
            return Err(CertificateRefusal::Expired);
        }
        if self.revoked.contains_key(&key) || roster.revoked.contains(&key.1) {
            return Err(CertificateRefusal::Revoked);
        }
        match self.live.get(&key) {
            Some(known) if rank(known) >= rank(&certificate) => return Ok(Inserted::Known),
            Some(known)
                if known.is_live(now) && certificate.since() < known.since().plus(REISSUE) =>
            {
                return Ok(Inserted::Known);
            }
            Some(_) => {}
            None if self.live.len() >= MAX_CERTIFICATES => return Err(CertificateRefusal::Full),
            None if self.nodes_of(key.0).count() >= MAX_NODES => {
                return Err(CertificateRefusal::Full);
            }
            None => {}
        }
        self.live.insert(key, certificate);
        Ok(Inserted::New)
    }

    /// Takes a member's revocation of one of its nodes, for good.
    ///
    /// Where an account has as many as it may, the oldest gives way to a newer one: what it ended is
    /// the first to have run out. So every order of arrival leads to the same.
    ///
    /// # Errors
    ///
    /// Refuses what is forged or too much, and what concerns no member.
    pub fn revoke(
        &mut self,
        bytes: &[u8],
        roster: &Roster,
    ) -> Result<Inserted, CertificateRefusal> {
        let revocation =
            Unverified::<NodeRevocation>::parse(bytes).map_err(CertificateError::from)?;
        let key = (AccountId::from(revocation.signer()), revocation.peek().node);
        if self.revoked.contains_key(&key) {
            return Ok(Inserted::Known);
        }
        revocation
            .verify(&NetworkId::NONE)
            .map_err(CertificateError::from)?;
        if !is_known(roster, key.0) {
            return Err(CertificateRefusal::NotMember);
        }
        let of_account = self
            .revoked
            .iter()
            .filter(|((account, _), _)| *account == key.0);
        let oldest = of_account
            .clone()
            .min_by_key(|(key, bytes)| age(key, bytes));
        let oldest = oldest.map(|(other, kept)| (*other, age(other, kept)));
        if of_account.count() >= MAX_NODES
            && let Some((oldest, its_age)) = oldest
        {
            if its_age >= age(&key, bytes) {
                return Err(CertificateRefusal::Full);
            }
            self.revoked.remove(&oldest);
        } else if self.revoked.len() >= MAX_CERTIFICATES {
            return Err(CertificateRefusal::Full);
        }
        self.live.remove(&key);
        self.revoked.insert(key, bytes.to_vec());
        Ok(Inserted::New)
    }

    /// Drops what has expired, certificates of former members, and whatever concerns nobody known.
    pub fn retain(&mut self, roster: &Roster, now: Timestamp) {
        self.live.retain(|(account, node), certificate| {
            let is_wanted = roster.member(*account).is_some() && !roster.revoked.contains(node);
            is_wanted && certificate.is_live(now)
        });
        self.revoked
            .retain(|(account, _), _| is_known(roster, *account));
    }

    /// Returns the nodes of an account.
    pub fn nodes_of(&self, account: AccountId) -> impl Iterator<Item = NodeId> + '_ {
        self.certificates_of(account).map(Certificate::node)
    }

    /// Returns the certificates of an account's nodes.
    pub fn certificates_of(&self, account: AccountId) -> impl Iterator<Item = &Certificate> {
        let others_before = self
            .live
            .iter()
            .skip_while(move |((owner, _), _)| *owner < account);
        others_before
            .take_while(move |((owner, _), _)| *owner == account)
            .map(|(_, certificate)| certificate)
    }

    /// Returns the accounts that certify a node; one at most, unless somebody certified a stranger's.
    pub fn accounts_of(&self, node: NodeId) -> impl Iterator<Item = AccountId> + '_ {
        self.live
            .keys()
            .filter(move |(_, other)| *other == node)
            .map(|(account, _)| *account)
    }

    /// Returns whether the account revoked the node.
    pub fn is_revoked(&self, account: AccountId, node: NodeId) -> bool {
        self.revoked.contains_key(&(account, node))
    }

    /// Returns all nodes, each with the account that certifies it.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, NodeId)> + '_ {
        self.live.keys().copied()
    }

    /// Returns the bytes of all certificates.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.live.values().map(Certificate::bytes)
    }

    /// Returns the bytes of all revocations.
    pub fn revocations(&self) -> impl Iterator<Item = &[u8]> {
        self.revoked.values().map(Vec::as_slice)
    }

    pub(crate) fn revoked_pairs(&self) -> BTreeSet<(AccountId, NodeId)> {
        self.revoked.keys().copied().collect()
    }

    /// Returns a digest that two nodes compare to know whether they hold the same.
    pub fn digest(&self) -> Digest {
        let parts: Vec<&[u8]> = self.bytes().chain(self.revocations()).collect();
        Digest::of(&parts)
    }
}

/// Orders an account's revocations, the oldest first.
fn age(key: &(AccountId, NodeId), bytes: &[u8]) -> (Timestamp, NodeId) {
    let revocation = Unverified::<NodeRevocation>::parse(bytes);
    let at = revocation.map_or(Timestamp::ZERO, |known| known.peek().revoked_at);
    (at, key.1)
}

/// Revocations outlive the removal of their account: it may be added again.
fn is_known(roster: &Roster, account: AccountId) -> bool {
    roster.member(account).is_some() || roster.removed.contains_key(&account)
}

/// The newer of two certificates for one node counts.
fn rank(certificate: &Certificate) -> (Timestamp, Timestamp, &[u8]) {
    (
        certificate.since(),
        certificate.expires(),
        certificate.bytes(),
    )
}

#[cfg(test)]
mod tests;
