//! The computers of other accounts as they became known: what came after the first is told.

use rusqlite::params;
use streembit_identity::{AccountId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Computers that are remembered for one account; the oldest gives way.
pub const MAX_COMPUTERS: usize = 64;

/// A computer of another account.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Computer {
    /// Its node.
    pub node: NodeId,
    /// Since when it is known.
    pub since: Timestamp,
    /// Whether the account had others before.
    pub is_new: bool,
}

const LIST: &str = "SELECT node, since, is_new FROM computers WHERE network = ?1 AND account = ?2
     ORDER BY since, node";

impl Store {
    /// Notes the computers that an account has, and returns those that came after others.
    pub async fn note_computers(
        &self,
        network: NetworkId,
        account: AccountId,
        nodes: Vec<NodeId>,
        now: Timestamp,
    ) -> Result<Vec<NodeId>, StoreError> {
        let known = self.computers(network, account).await?;
        if nodes
            .iter()
            .all(|node| known.iter().any(|it| it.node == *node))
        {
            return Ok(Vec::new());
        }
        self.write("note the computers of an account", move |db| {
            let pair = params![Sql(network), Sql(account)];
            let had = "SELECT count(*) FROM computers WHERE network = ?1 AND account = ?2";
            let is_new = db.number(had, pair)? > 0;
            let mut added = Vec::new();
            for node in nodes {
                let changed = db.change(
                    "INSERT OR IGNORE INTO computers (network, account, node, since, is_new)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![Sql(network), Sql(account), Sql(node), millis(now), is_new],
                )?;
                if changed > 0 && is_new {
                    added.push(node);
                }
            }
            db.change(
                "DELETE FROM computers WHERE network = ?1 AND account = ?2 AND node IN (
                     SELECT node FROM computers WHERE network = ?1 AND account = ?2
                     ORDER BY since DESC LIMIT -1 OFFSET ?3)",
                params![Sql(network), Sql(account), MAX_COMPUTERS as i64],
            )?;
            Ok::<_, Fault>(added)
        })
        .await
    }

    /// Returns the computers of an account as they became known, oldest first.
    pub async fn computers(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<Vec<Computer>, StoreError> {
        self.read("read the computers of an account", move |db| {
            db.all(LIST, params![Sql(network), Sql(account)], |row| {
                Ok(Computer {
                    node: row.id(0)?,
                    since: row.time(1)?,
                    is_new: row.get(2)?,
                })
            })
        })
        .await
    }
}
