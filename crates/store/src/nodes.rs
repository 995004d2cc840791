//! The nodes of accounts: our own other ones, those known of others, and those that were revoked.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};

use crate::actor::Store;
use crate::chains::Spot;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::messages::{self, Message};
use crate::outbox::{self, OutboxEntry};
use crate::{conversations, seen};

/// Other installations of this account that are kept.
pub const MAX_OWN_NODES: usize = 16;

/// Revocations that are kept for one account; the oldest gives way, whose certificate ended first.
pub const MAX_REVOKED: usize = 64;

/// Another installation of this account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OwnNode {
    /// The node.
    pub node: NodeId,
    /// Its certificate, signed by this account.
    pub certificate: Vec<u8>,
    /// Since when it is known.
    pub since: Timestamp,
    /// When it was last connected.
    pub last_seen: Option<Timestamp>,
}

/// A node that its account has revoked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RevokedNode {
    /// Whose it was.
    pub account: AccountId,
    /// The node.
    pub node: NodeId,
    /// The signed revocation.
    pub bytes: Vec<u8>,
    /// When it was revoked.
    pub at: Timestamp,
}

/// What is known of an account's nodes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KnownNodes {
    /// The certificates, newest last.
    pub certificates: Vec<Vec<u8>>,
    /// The pinned public record.
    pub record: Option<Vec<u8>>,
    /// Those that are revoked.
    pub revoked: Vec<NodeId>,
}

impl Store {
    /// Keeps another installation of this account, and tells whether it is new.
    pub async fn put_own_node(&self, own: OwnNode) -> Result<bool, StoreError> {
        self.write("keep an own node", move |db| {
            let known = db.number(
                "SELECT count(*) FROM own_nodes WHERE node = ?1",
                [Sql(own.node)],
            )?;
            if known == 0
                && db.number("SELECT count(*) FROM own_nodes", [])? >= MAX_OWN_NODES as i64
            {
                return Err(Fault::TooMany("computers"));
            }
            db.change(
                "INSERT INTO own_nodes (node, certificate, since, last_seen) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET certificate = excluded.certificate,
                     last_seen = coalesce(excluded.last_seen, last_seen)",
                params![
                    Sql(own.node),
                    own.certificate,
                    millis(own.since),
                    own.last_seen.map(millis)
                ],
            )?;
            Ok(known == 0)
        })
        .await
    }

    /// Returns the other installations of this account.
    pub async fn own_nodes(&self) -> Result<Vec<OwnNode>, StoreError> {
        self.read("read the own nodes", |db| {
            db.all(
                "SELECT node, certificate, since, last_seen FROM own_nodes ORDER BY since",
                [],
                |row| {
                    Ok(OwnNode {
                        node: row.id(0)?,
                        certificate: row.get(1)?,
                        since: row.time(2)?,
                        last_seen: row.maybe_time(3)?,
                    })
                },
            )
        })
        .await
    }

    /// Returns what is known of an account's nodes in a network.
    pub async fn known_nodes(
        &self,
        network: NetworkId,
        account: AccountId,
    ) -> Result<KnownNodes, StoreError> {
        self.read("read an account's nodes", move |db| {
            Ok(KnownNodes {
                certificates: db.all(
                    "SELECT bytes FROM certificates WHERE network = ?1 AND account = ?2
                     ORDER BY stored_at",
                    params![Sql(network), Sql(account)],
                    |row| row.get(0),
                )?,
                record: db.first(
                    "SELECT bytes FROM records WHERE network = ?1 AND account = ?2",
                    params![Sql(network), Sql(account)],
                    |row| row.get(0),
                )?,
                revoked: db.all(
                    "SELECT node FROM revoked_nodes WHERE account = ?1",
                    [Sql(account)],
                    |row| row.id(0),
                )?,
            })
        })
        .await
    }

    /// Keeps a revocation, forgets the node and its sessions, and tells whether that was new.
    ///
    /// What waits for the node stays until the outbox gives it up.
    pub async fn revoke_node(&self, revoked: RevokedNode) -> Result<bool, StoreError> {
        self.write("revoke a node", move |db| revoke(db, &revoked))
            .await
    }

    /// Returns the nodes that were revoked.
    pub async fn revoked_nodes(&self) -> Result<Vec<RevokedNode>, StoreError> {
        self.read("read the revoked nodes", |db| {
            db.all(
                "SELECT account, node, bytes, at FROM revoked_nodes ORDER BY at",
                [],
                |row| {
                    Ok(RevokedNode {
                        account: row.id(0)?,
                        node: row.id(1)?,
                        bytes: row.get(2)?,
                        at: row.time(3)?,
                    })
                },
            )
        })
        .await
    }

    /// Queues for `node` whatever waits for other nodes of `peer` and has reached none of them.
    pub async fn spread(
        &self,
        network: NetworkId,
        peer: AccountId,
        node: NodeId,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        self.write("queue what waits for another node", move |db| {
            db.change(
                "INSERT OR IGNORE INTO outbox (id, network, peer, node, kind, envelope, queued_at, body)
                 SELECT id, network, peer, ?3, kind, CASE WHEN body IS NULL THEN envelope ELSE x'' END,
                     queued_at, body
                 FROM outbox o WHERE network = ?1 AND peer = ?2 AND node NOT IN (x'', ?3)
                     AND (EXISTS (SELECT 1 FROM messages m WHERE m.id = o.id AND m.peer = o.peer
                                  AND m.state IN ('queued', 'sent'))
                          OR EXISTS (SELECT 1 FROM messages m WHERE m.change = o.id AND m.peer = o.peer))
                 GROUP BY id ORDER BY min(position)",
                params![Sql(network), Sql(peer), Sql(node)],
            )?;
            outbox::waiting_for(db, network, peer, node)
        })
        .await
    }

    /// Stores a message of ours that another of our installations sent, once.
    pub async fn insert_copy(
        &self,
        mut message: Message,
        cause: MessageId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write("store a copy of a message", move |db| {
            let is_new = seen::mark(db, message.from, cause, now)?
                && messages::find(db, message.network, message.peer, message.id)?.is_none();
            if is_new {
                messages::put(db, &mut message, &Spot::default())?;
                conversations::sent(db, &message)?;
            }
            Ok(is_new)
        })
        .await
    }
}

fn revoke(db: &Connection, revoked: &RevokedNode) -> Result<bool, Fault> {
    let is_new = db.change(
        "INSERT OR IGNORE INTO revoked_nodes (account, node, bytes, at) VALUES (?1, ?2, ?3, ?4)",
        params![
            Sql(revoked.account),
            Sql(revoked.node),
            revoked.bytes,
            millis(revoked.at)
        ],
    )? > 0;
    db.change(
        "DELETE FROM revoked_nodes WHERE account = ?1 AND node IN (
             SELECT node FROM revoked_nodes WHERE account = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)",
        params![Sql(revoked.account), MAX_REVOKED as i64],
    )?;
    let pair = params![Sql(revoked.account), Sql(revoked.node)];
    // In private networks the ledger's certificates are kept with their revocations.
    db.change(
        "DELETE FROM certificates WHERE account = ?1 AND node = ?2 AND network = ?3",
        params![
            Sql(revoked.account),
            Sql(revoked.node),
            Sql(NetworkId::PUBLIC)
        ],
    )?;
    db.change(
        "DELETE FROM addresses WHERE account = ?1 AND node = ?2",
        pair,
    )?;
    db.change(
        "DELETE FROM ratchets WHERE account = ?1 AND node = ?2",
        pair,
    )?;
    db.change("DELETE FROM own_nodes WHERE node = ?1", [Sql(revoked.node)])?;
    Ok(is_new)
}
