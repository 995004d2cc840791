//! Whose this host is: unclaimed, promised to someone, or owned.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::grants::{self, StoredGrant};
use crate::networks::{self, Network};
use crate::{StoredCertificate, certificates, operations};

/// The owner of this host.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Claimed {
    /// Who.
    #[serde(with = "crate::wire::text")]
    pub owner: AccountId,
    /// The network that it was claimed into.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// When.
    #[serde(with = "crate::wire::time")]
    pub at: Timestamp,
}

/// An offer that was made and not yet taken up.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PendingClaim {
    /// To whom.
    pub peer: AccountId,
    /// Until when it stands.
    pub until: Timestamp,
    /// What the protocol has to remember of it.
    pub state: Vec<u8>,
}

/// Everything that makes a host somebody's, at once.
#[derive(Clone, Debug)]
pub struct ClaimCommit {
    /// Owner, network and time.
    pub claimed: Claimed,
    /// The owner's grant.
    pub grant: StoredGrant,
    /// The network that the host joins.
    pub network: Network,
    /// Its operations, by id.
    pub operations: Vec<([u8; 32], Vec<u8>)>,
    /// The certificates of its members' nodes.
    pub certificates: Vec<StoredCertificate>,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClaimOutcome {
    /// The host is theirs now, or was already by this very claim.
    Done,
    /// It belongs to someone, and nothing changed.
    Taken(Claimed),
}

impl Store {
    /// Returns the owner of this host.
    pub async fn claimed(&self) -> Result<Option<Claimed>, StoreError> {
        self.read("read the owner", owner).await
    }

    /// Returns the offer that stands at `now`.
    pub async fn pending_claim(&self, now: Timestamp) -> Result<Option<PendingClaim>, StoreError> {
        self.read("read the offer", move |db| {
            db.first(
                "SELECT pending_peer, pending_until, pending_state FROM claim WHERE pending_until > ?1",
                [millis(now)],
                |row| Ok(PendingClaim { peer: row.id(0)?, until: row.time(1)?, state: row.get(2)? }),
            )
        })
        .await
    }

    /// Keeps an offer, or withdraws it.
    pub async fn set_pending_claim(&self, pending: Option<PendingClaim>) -> Result<(), StoreError> {
        self.write("keep an offer", move |db| {
            db.change(
                "UPDATE claim SET pending_peer = ?1, pending_until = ?2, pending_state = ?3",
                params![
                    pending.as_ref().map(|offer| Sql(offer.peer)),
                    pending.as_ref().map(|offer| millis(offer.until)),
                    pending.as_ref().map(|offer| &offer.state),
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Makes the host somebody's and a member of a network, or does nothing.
    pub async fn commit_claim(&self, commit: ClaimCommit) -> Result<ClaimOutcome, StoreError> {
        self.write("commit a claim", move |db| apply(db, &commit))
            .await
    }

    /// Makes the host nobody's: no owner, no grants, no offer.
    pub async fn release_claim(&self) -> Result<(), StoreError> {
        self.write("release the host", |db| {
            db.change("DELETE FROM grants", [])?;
            db.change(
                "UPDATE claim SET owner = NULL, network = NULL, claimed_at = NULL,
                                  pending_peer = NULL, pending_until = NULL, pending_state = NULL",
                [],
            )?;
            Ok(())
        })
        .await
    }
}

/// Reads the owner.
pub(crate) fn owner(db: &Connection) -> Result<Option<Claimed>, Fault> {
    db.first(
        "SELECT owner, network, claimed_at FROM claim WHERE owner IS NOT NULL",
        [],
        |row| {
            Ok(Claimed {
                owner: row.id(0)?,
                network: row.id(1)?,
                at: row.time(2)?,
            })
        },
    )
}

/// Makes the host somebody's, and ends every offer.
pub(crate) fn set_owner(db: &Connection, claimed: Claimed) -> Result<(), Fault> {
    db.change(
        "UPDATE claim SET owner = ?1, network = ?2, claimed_at = ?3,
                          pending_peer = NULL, pending_until = NULL, pending_state = NULL",
        params![Sql(claimed.owner), Sql(claimed.network), millis(claimed.at)],
    )?;
    Ok(())
}

fn apply(db: &Connection, commit: &ClaimCommit) -> Result<ClaimOutcome, Fault> {
    let claimed = commit.claimed;
    if let Some(current) = owner(db)? {
        let is_same = current.owner == claimed.owner && current.network == claimed.network;
        return Ok(if is_same {
            ClaimOutcome::Done
        } else {
            ClaimOutcome::Taken(current)
        });
    }
    set_owner(db, claimed)?;
    grants::put(db, &commit.grant)?;
    networks::put(db, &commit.network)?;
    operations::put(db, commit.network.network, &commit.operations)?;
    certificates::put(db, commit.network.network, &commit.certificates, claimed.at)?;
    Ok(ClaimOutcome::Done)
}
