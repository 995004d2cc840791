//! What members tell about their network: sifted, stored, then put in force.

use std::sync::{Arc, PoisonError};

use streembit_gate::{Certificates, Freshness, InsertError, Inserted, Ledger, Rules};
use streembit_identity::{Certificate, NodeRevocation, Timestamp, Unverified};
use streembit_store::{StoreError, StoredCertificate, StoredConfirmation};

use super::{Keeper, MAX_REFUSED, News, Standing};

/// What a member may tell about its network: each item is signed and proves itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Learning {
    /// Certificates of members' nodes.
    pub(crate) certificates: Vec<Vec<u8>>,
    /// Membership operations, in order.
    pub(crate) operations: Vec<Vec<u8>>,
    /// Revocations of members' nodes.
    pub(crate) revocations: Vec<Vec<u8>>,
    /// The newest statement that confirms the members.
    pub(crate) statement: Option<Vec<u8>>,
}

impl Learning {
    fn is_empty(&self) -> bool {
        self.certificates.is_empty()
            && self.operations.is_empty()
            && self.revocations.is_empty()
            && self.statement.is_none()
    }
}

impl Keeper {
    /// Takes what a listed peer told or an admin here decided: stored first, then in force.
    ///
    /// What does not verify is left out; returns whether anything was new. It comes to its end even
    /// if nobody waits for it any more: nothing is stored that is not in force.
    pub(crate) async fn learn(self: &Arc<Self>, told: Learning) -> Result<bool, StoreError> {
        let keeper = Arc::clone(self);
        let work = tokio::spawn(async move { keeper.take(told).await });
        work.await.unwrap_or(Err(StoreError::Stopped))
    }

    async fn take(&self, told: Learning) -> Result<bool, StoreError> {
        let _one_at_a_time = self.learning.lock().await;
        let standing = self.standing();
        let Some(ledger) = &standing.ledger else {
            return Ok(false);
        };
        let mut ledger = Ledger::clone(ledger);
        let mut known = Certificates::clone(&standing.certificates);
        let mut freshness = Freshness::clone(&standing.freshness);
        let statement = told.statement.clone();
        let times = (self.now(), self.latest());
        let mut news = sift(told, &mut ledger, &mut known, times);
        freshness.recheck(ledger.roster());
        news.statement = statement.filter(|bytes| {
            let confirmed = freshness.confirm(bytes, &ledger, self.latest());
            matches!(confirmed, Ok(Inserted::New))
        });
        if news.is_empty() {
            return Ok(false);
        }
        // Its place is kept first: a flood of refusals must not keep a removal from being passed on.
        let place = self.news.reserve().await;
        let is_sealed =
            standing.ledger.as_ref().map(|before| before.root_id()) != Some(ledger.root_id());
        self.persist(&ledger, &news, is_sealed).await?;
        self.persist_confirmation(&freshness, &news).await?;
        self.marks.note(&ledger, news.statement.is_some());
        self.part_from_removed(&standing.certificates, &ledger);
        let rules = Arc::new(Rules::private(&ledger, &known, &freshness));
        self.enforce(Standing {
            certificates: Arc::new(known),
            freshness: Arc::new(freshness),
            ledger: Some(Arc::new(ledger)),
            rules,
        });
        if let Ok(place) = place {
            place.send(News::Learned(news));
        }
        Ok(true)
    }

    /// Takes what this node holds for all that there is, though it once knew more.
    pub(crate) async fn accept_as_it_is(&self) {
        let _one_at_a_time = self.learning.lock().await;
        let standing = self.standing();
        if let Some(ledger) = &standing.ledger {
            self.marks.accept(ledger);
            let rules = Rules::private(ledger, &standing.certificates, &Freshness::default());
            self.enforce(Standing {
                freshness: Arc::default(),
                rules: Arc::new(rules),
                ..standing
            });
        }
    }

    /// Keeps a new statement, and lets the network's clock fall no more below it.
    async fn persist_confirmation(
        &self,
        freshness: &Freshness,
        news: &Learning,
    ) -> Result<(), StoreError> {
        let (Some(bytes), Some(at)) = (&news.statement, freshness.at()) else {
            return Ok(());
        };
        let confirmation = StoredConfirmation {
            bytes: Some(bytes.clone()),
            at,
            clock: self.raise_clock(at),
        };
        self.store
            .put_confirmation(self.network, confirmation)
            .await
    }

    /// Remembers the nodes of whoever is removed now: a link that names them leads nowhere.
    fn part_from_removed(&self, known: &Certificates, ledger: &Ledger) {
        let removed = &ledger.roster().removed;
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        let mut expected = self
            .expected
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        for (account, node) in known
            .iter()
            .filter(|(account, _)| removed.contains_key(account))
        {
            expected.remove(&node);
            if former.len() < MAX_REFUSED {
                former.insert(node, account);
            }
        }
    }

    /// Keeps what is new; after a seal, what is left.
    async fn persist(
        &self,
        ledger: &Ledger,
        news: &Learning,
        is_sealed: bool,
    ) -> Result<(), StoreError> {
        let is_new = |bytes: &[u8]| is_sealed || news.operations.iter().any(|new| new == bytes);
        let rows = ledger
            .operations()
            .filter(|(_, operation)| is_new(operation.bytes()))
            .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
            .collect();
        if is_sealed {
            self.store.replace_operations(self.network, rows).await?;
        } else {
            self.store.put_operations(self.network, rows).await?;
        }
        let certified = news.certificates.iter().filter_map(|bytes| {
            let certificate = Certificate::parse(bytes).ok()?;
            let (account, node) = (certificate.account(), certificate.node());
            Some(StoredCertificate {
                account,
                node,
                bytes: bytes.clone(),
            })
        });
        // A revocation takes the place of the certificate it ends.
        let revoked = news.revocations.iter().filter_map(|bytes| {
            let revocation = Unverified::<NodeRevocation>::parse(bytes).ok()?;
            let (account, node) = (revocation.signer().into(), revocation.peek().node);
            Some(StoredCertificate {
                account,
                node,
                bytes: bytes.clone(),
            })
        });
        let rows: Vec<StoredCertificate> = certified.chain(revoked).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.store
            .put_certificates(self.network, rows, self.now())
            .await
    }
}

/// Keeps of `told` what verifies and was not known.
fn sift(
    told: Learning,
    ledger: &mut Ledger,
    known: &mut Certificates,
    (now, latest): (Timestamp, Timestamp),
) -> Learning {
    let is_new = |inserted: bool, bytes: Vec<u8>| inserted.then_some(bytes);
    // A refused operation has cost a signature and perhaps a look at the whole history: no honest
    // member sends one, so what follows it is not looked at.
    let mut operations = Vec::new();
    for bytes in told.operations {
        match ledger.insert_dated(&bytes, latest) {
            Ok(Inserted::New) => operations.push(bytes),
            Ok(Inserted::Known)
            | Err(
                InsertError::Ahead
                | InsertError::Full
                | InsertError::Sealed
                | InsertError::UnknownHeads,
            ) => {}
            Err(_) => break,
        }
    }
    let roster = ledger.roster().clone();
    let certificates = told
        .certificates
        .into_iter()
        .filter_map(|bytes| {
            is_new(
                matches!(known.insert(&bytes, &roster, now), Ok(Inserted::New)),
                bytes,
            )
        })
        .collect();
    let revocations = told
        .revocations
        .into_iter()
        .filter_map(|bytes| {
            is_new(
                matches!(known.revoke(&bytes, &roster), Ok(Inserted::New)),
                bytes,
            )
        })
        .collect();
    known.retain(&roster, now);
    Learning {
        certificates,
        operations,
        revocations,
        statement: None,
    }
}
