//! What one side knows that the other lacks, cut into frames; and what came of the other's.

use std::sync::Arc;

use streembit_identity::{AccountId, Certificate, Digest, Timestamp};

use super::frame::{Hello, Learn};
use super::{Action, Local, MAX_FRAME_BYTES};
use crate::{Certificates, Freshness, InsertError, Inserted, Ledger, OperationId, RefusalReason};

/// Room for everything in a frame that is not a shared item, a statement included.
const MARGIN: usize = 2_048;

/// Room for the length of one item.
const ITEM_MARGIN: usize = 5;

/// What this side knows.
pub(super) struct Inventory<'a> {
    ledger: Option<&'a Ledger>,
    certificates: &'a Certificates,
    freshness: &'a Freshness,
}

impl<'a> Inventory<'a> {
    pub(super) fn of(local: &'a Local) -> Self {
        Self {
            ledger: local.ledger.as_deref(),
            certificates: &local.certificates,
            freshness: &local.freshness,
        }
    }

    pub(super) fn heads(&self) -> Vec<OperationId> {
        self.ledger.map(Ledger::heads).unwrap_or_default()
    }

    pub(super) fn landmarks(&self) -> Vec<OperationId> {
        self.ledger.map(Ledger::landmarks).unwrap_or_default()
    }

    pub(super) fn digest(&self) -> Option<Digest> {
        self.ledger.map(|_| self.certificates.digest())
    }

    pub(super) fn confirmed(&self) -> Option<Timestamp> {
        self.freshness.signed_at()
    }

    /// Returns whether the other side has nothing that this one lacks.
    pub(super) fn covers(&self, hello: &Hello) -> bool {
        self.ledger.is_none_or(|ledger| ledger.covers(&hello.heads))
            && self.digest() == hello.certificates
            && self.confirmed() >= hello.confirmed
    }

    /// Returns what the other side lacks, in at most `max` frames; the rest waits for another time.
    pub(super) fn missing_for(&self, hello: &Hello, max: u8) -> Vec<Learn> {
        let Some(ledger) = self.ledger else {
            return Vec::new();
        };
        let mut parts = Parts::default();
        let known: Vec<_> = hello
            .heads
            .iter()
            .chain(&hello.landmarks)
            .copied()
            .collect();
        for operation in ledger.missing_for(&known) {
            parts.room_for(operation.len()).operations.push(operation);
        }
        if self.digest() != hello.certificates {
            for certificate in self.certificates.bytes() {
                parts
                    .room_for(certificate.len())
                    .certificates
                    .push(certificate.to_vec());
            }
            for revocation in self.certificates.revocations() {
                parts
                    .room_for(revocation.len())
                    .revocations
                    .push(revocation.to_vec());
            }
        }
        let statement = self.freshness.statement();
        let statement = statement.filter(|_| self.confirmed() > hello.confirmed);
        parts.numbered(max, statement)
    }
}

#[derive(Default)]
struct Parts {
    full: Vec<Learn>,
    last: Learn,
    bytes: usize,
}

impl Parts {
    /// Returns the frame that has room for one more item of that length.
    fn room_for(&mut self, len: usize) -> &mut Learn {
        if self.bytes + len + ITEM_MARGIN > MAX_FRAME_BYTES - MARGIN {
            self.full.push(std::mem::take(&mut self.last));
            self.bytes = 0;
        }
        self.bytes += len + ITEM_MARGIN;
        &mut self.last
    }

    fn numbered(mut self, max: u8, statement: Option<&[u8]>) -> Vec<Learn> {
        if self.bytes > 0 || (statement.is_some() && self.full.is_empty()) {
            self.full.push(self.last);
        }
        self.full.truncate(max.into());
        if let Some(last) = self.full.last_mut() {
            last.statement = statement.map(|bytes| bytes.to_vec().into());
        }
        for (left, part) in (0_u8..).zip(self.full.iter_mut().rev()) {
            part.left = left;
        }
        self.full
    }
}

/// What the other side told, verified, on top of what this side knew.
#[derive(Debug, Default)]
pub(super) struct Learned {
    merged: Option<(Ledger, Certificates, Freshness)>,
    operations: Vec<Vec<u8>>,
    certificates: Vec<Vec<u8>>,
    revocations: Vec<Vec<u8>>,
    statement: Option<Vec<u8>>,
    /// Whether an operation was left out that is dated in the future.
    is_waiting: bool,
}

impl Learned {
    /// Takes in one frame; this side's own state stays as it is.
    pub(super) fn merge(
        &mut self,
        local: &Local,
        learn: Learn,
        now: Timestamp,
    ) -> Result<(), RefusalReason> {
        let is_empty = learn.operations.is_empty()
            && learn.certificates.is_empty()
            && learn.revocations.is_empty()
            && learn.statement.is_none();
        if is_empty {
            return Ok(());
        }
        let Some(before) = &local.ledger else {
            return Err(RefusalReason::BadFrame);
        };
        let known = || {
            let certificates = (*local.certificates).clone();
            ((**before).clone(), certificates, (*local.freshness).clone())
        };
        let (ledger, certificates, freshness) = self.merged.get_or_insert_with(known);
        for bytes in learn.operations {
            match ledger.insert_dated(&bytes, local.latest) {
                Ok(Inserted::New) => self.operations.push(bytes),
                // Its author's clock is wrong, or this node's: what builds on it waits as well.
                Err(InsertError::Ahead) => self.is_waiting = true,
                Err(InsertError::UnknownHeads) if self.is_waiting => {}
                // A full ledger stays what it is; everything else is no honest member's doing.
                // So does one with a seal, whatever others still have from before.
                Ok(Inserted::Known) | Err(InsertError::Full | InsertError::Sealed) => {}
                Err(_) => return Err(RefusalReason::BadFrame),
            }
        }
        // Members may disagree on who is one, on clocks and on limits: what is not taken is left.
        for bytes in learn.certificates {
            if matches!(
                certificates.insert(&bytes, ledger.roster(), now),
                Ok(Inserted::New)
            ) {
                self.certificates.push(bytes);
            }
        }
        for bytes in learn.revocations {
            if matches!(
                certificates.revoke(&bytes, ledger.roster()),
                Ok(Inserted::New)
            ) {
                self.revocations.push(bytes);
            }
        }
        freshness.recheck(ledger.roster());
        // A statement on top of what is not here yet counts the next time.
        if let Some(bytes) = learn.statement.map(Vec::from)
            && matches!(
                freshness.confirm(&bytes, ledger, local.latest),
                Ok(Inserted::New)
            )
        {
            self.statement = Some(bytes);
        }
        Ok(())
    }

    /// Takes in the appointment with which somebody came who may be on no list yet.
    pub(super) fn merge_appointment(
        &mut self,
        local: &mut Local,
        account: AccountId,
        bytes: &[u8],
    ) {
        let Some(ledger) = &local.ledger else { return };
        if ledger.roster().member(account).is_some() {
            return;
        }
        let mut ledger = Ledger::clone(ledger);
        if !matches!(ledger.insert_appointment(bytes, account), Ok(Inserted::New)) {
            return;
        }
        self.operations.push(bytes.to_vec());
        let freshness = Freshness::clone(&local.freshness);
        self.merged = Some((ledger, Certificates::clone(&local.certificates), freshness));
        self.apply(local);
    }

    /// Takes in the certificate with which an admitted member came.
    pub(super) fn merge_certificate(
        &mut self,
        local: &mut Local,
        certificate: &Certificate,
        now: Timestamp,
    ) {
        let Some(ledger) = &local.ledger else { return };
        let is_known = local
            .certificates
            .certificates_of(certificate.account())
            .any(|known| known == certificate);
        if is_known {
            return;
        }
        let certificates = Arc::make_mut(&mut local.certificates);
        if matches!(
            certificates.insert(certificate.bytes(), ledger.roster(), now),
            Ok(Inserted::New)
        ) {
            self.certificates.push(certificate.bytes().to_vec());
        }
    }

    /// Replaces this side's view of the network for the rest of the exchange.
    pub(super) fn apply(&mut self, local: &mut Local) {
        if let Some((ledger, certificates, freshness)) = self.merged.take() {
            local.rules = Arc::new(local.rules.renewed(&ledger, &certificates, &freshness));
            local.ledger = Some(Arc::new(ledger));
            local.certificates = Arc::new(certificates);
            local.freshness = Arc::new(freshness);
        }
    }

    /// Returns what is to be kept, if anything is new.
    pub(super) fn into_action(self) -> Option<Action> {
        let Self {
            operations,
            certificates,
            revocations,
            statement,
            merged: _,
            is_waiting: _,
        } = self;
        let is_new = !operations.is_empty()
            || !certificates.is_empty()
            || !revocations.is_empty()
            || statement.is_some();
        is_new.then_some(Action::Learn {
            operations,
            certificates,
            revocations,
            statement,
        })
    }
}
