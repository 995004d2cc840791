//! Who came in through the door, and whether they may stay.

use std::{sync::PoisonError, time::Instant};

use streembit_gate::{Admission, RefusalReason, exchange::Session};
use streembit_identity::{AccountId, Certificate, NodeId, Timestamp};

use super::Keeper;

impl Keeper {
    /// Notes that the door let `remote` in, unless the rules have changed meanwhile.
    pub(crate) fn admit(
        &self,
        remote: NodeId,
        admission: Admission,
        session: Session,
    ) -> Result<(), RefusalReason> {
        let (rules, now) = (self.rules(), self.now());
        rules.admit(&admission.certificate, now)?;
        rules.check_fresh(now)?;
        self.observe("admitted", &remote);
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .enter(admission, session, Instant::now())?;
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&remote);
        Ok(())
    }

    /// Returns when `node` may stay no longer, unless something is renewed before.
    pub(crate) fn stays_until(&self, node: &NodeId) -> Option<Timestamp> {
        let certificate = self.certificate_of(node)?;
        let fresh_until = self.rules().fresh_until();
        Some(fresh_until.map_or(certificate.expires(), |end| end.min(certificate.expires())))
    }

    /// Whether `node` came through the door and the rules still allow it.
    pub(crate) fn still_admits(&self, node: &NodeId) -> bool {
        if self.hooks.gate_off {
            return true;
        }
        let (rules, now) = (self.rules(), self.now());
        let certificate = self.certificate_of(node);
        let is_listed = certificate.is_some_and(|known| rules.admit(&known, now).is_ok());
        is_listed && rules.check_fresh(now).is_ok() && !self.is_banned(node)
    }

    /// Returns the certificate with which `node` came in.
    pub(crate) fn certificate_of(&self, node: &NodeId) -> Option<Certificate> {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .certificate_of(node)
    }

    /// Notes that a connection to `node` is up.
    pub(crate) fn arrived(&self, node: &NodeId) {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .arrived(node);
    }

    /// Returns since when `node` runs, which came through the door.
    pub(crate) fn session_of(&self, node: &NodeId) -> Option<Session> {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .session_of(node)
    }

    /// Returns the account of `node`, which came through the door.
    pub(crate) fn account_of(&self, node: &NodeId) -> Option<AccountId> {
        self.certificate_of(node)
            .map(|certificate| certificate.account())
    }

    /// Forgets `node` when its last connection has ended.
    pub(crate) fn forget(&self, node: &NodeId) {
        self.admissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .forget(node, Instant::now());
    }
}
