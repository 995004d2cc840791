//! The certificates of other people's nodes: of members in private networks, of contacts in the public one.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Certificates that are kept for one network at most.
pub const MAX_CERTIFICATES: usize = 4096;

/// Certificates that are kept for one account of a network; the oldest gives way.
pub const MAX_CERTIFICATES_PER_ACCOUNT: usize = 16;

/// A node of an account, and the proof.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StoredCertificate {
    /// Whose node.
    #[serde(with = "crate::wire::text")]
    pub account: AccountId,
    /// The node.
    #[serde(with = "crate::wire::text")]
    pub node: NodeId,
    /// The signed certificate.
    #[serde(with = "crate::wire::bytes")]
    pub bytes: Vec<u8>,
}

impl Store {
    /// Returns the certificates of a network.
    pub async fn certificates(
        &self,
        network: NetworkId,
    ) -> Result<Vec<StoredCertificate>, StoreError> {
        self.read("read the certificates of a network", move |db| {
            all(db, network)
        })
        .await
    }

    /// Keeps certificates; a later one for the same node replaces the earlier.
    pub async fn put_certificates(
        &self,
        network: NetworkId,
        certificates: Vec<StoredCertificate>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write("keep certificates of a network", move |db| {
            put(db, network, &certificates, now)
        })
        .await
    }

    /// Forgets the certificate of a node and tells whether it was there.
    pub async fn remove_certificate(
        &self,
        network: NetworkId,
        node: NodeId,
    ) -> Result<bool, StoreError> {
        self.write("forget a certificate", move |db| {
            let gone = db.change(
                "DELETE FROM certificates WHERE network = ?1 AND node = ?2",
                params![Sql(network), Sql(node)],
            )?;
            Ok(gone > 0)
        })
        .await
    }
}

/// Reads a network's certificates.
pub(crate) fn all(db: &Connection, network: NetworkId) -> Result<Vec<StoredCertificate>, Fault> {
    db.all(
        "SELECT account, node, bytes FROM certificates WHERE network = ?1 ORDER BY stored_at, node",
        [Sql(network)],
        |row| {
            Ok(StoredCertificate {
                account: row.id(0)?,
                node: row.id(1)?,
                bytes: row.get(2)?,
            })
        },
    )
}

/// Keeps certificates within their bounds.
pub(crate) fn put(
    db: &Connection,
    network: NetworkId,
    certificates: &[StoredCertificate],
    now: Timestamp,
) -> Result<(), Fault> {
    for certificate in certificates {
        db.change(
            "INSERT OR REPLACE INTO certificates (network, node, account, bytes, stored_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                Sql(network),
                Sql(certificate.node),
                Sql(certificate.account),
                certificate.bytes,
                millis(now)
            ],
        )?;
        db.change(
            "DELETE FROM certificates WHERE network = ?1 AND node IN (
                 SELECT node FROM certificates WHERE network = ?1 AND account = ?2
                 ORDER BY stored_at DESC, node = ?3 DESC LIMIT -1 OFFSET ?4)",
            params![
                Sql(network),
                Sql(certificate.account),
                Sql(certificate.node),
                MAX_CERTIFICATES_PER_ACCOUNT as i64
            ],
        )?;
    }
    let kept = db.number(
        "SELECT count(*) FROM certificates WHERE network = ?1",
        [Sql(network)],
    )?;
    if kept > MAX_CERTIFICATES as i64 {
        return Err(Fault::TooMany("certificates"));
    }
    Ok(())
}
