//! One-time invites into private networks: those given out here, and the one that is waited upon.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, InviteId, NetworkId, NodeId, Timestamp};
use zeroize::Zeroizing;

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::networks::{self, Network};

/// Invites of one network that are open at a time.
pub const MAX_NETWORK_INVITES: usize = 256;

/// Invites of one network that are remembered after they were used, taken back or over.
const MAX_CLOSED: i64 = 512;

/// One invite; its secret is nowhere but in its link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NetworkInvite {
    /// Its public key.
    pub id: InviteId,
    /// The network.
    pub network: NetworkId,
    /// What the guest is to be called, or is called since it came.
    pub name: Option<String>,
    /// The number of its role.
    pub role: u8,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Who used it, and at which node.
    pub used_by: Option<(AccountId, NodeId)>,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Keeps an invite before its link is shown.
    pub async fn add_network_invite(&self, invite: NetworkInvite) -> Result<(), StoreError> {
        self.write("keep an invite into a network", move |db| put(db, &invite))
            .await
    }

    /// Returns the invites of a network, newest first.
    pub async fn network_invites(
        &self,
        network: NetworkId,
    ) -> Result<Vec<NetworkInvite>, StoreError> {
        self.read("read the invites into a network", move |db| {
            db.all(
                concat!(
                    select!(),
                    " WHERE network = ?1 ORDER BY created_at DESC, id"
                ),
                [Sql(network)],
                from_row,
            )
        })
        .await
    }

    /// Returns one invite of a network.
    pub async fn network_invite(
        &self,
        network: NetworkId,
        id: InviteId,
    ) -> Result<Option<NetworkInvite>, StoreError> {
        self.read("read an invite into a network", move |db| {
            db.first(
                concat!(select!(), " WHERE network = ?1 AND id = ?2"),
                params![Sql(network), Sql(id)],
                from_row,
            )
        })
        .await
    }

    /// Records that an account uses an open invite, and by which name it comes where nobody said;
    /// tells whether the invite is this account's now.
    pub async fn use_network_invite(
        &self,
        id: InviteId,
        (account, node): (AccountId, NodeId),
        name: String,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write("use an invite into a network", move |db| {
            db.change(
                "UPDATE network_invites
                 SET used_by = ?2, used_node = ?3, used_at = ?4, name = coalesce(name, ?5)
                 WHERE id = ?1 AND used_by IS NULL AND revoked_at IS NULL AND expires_at > ?4",
                params![Sql(id), Sql(account), Sql(node), millis(now), name],
            )?;
            let own = db.number(
                "SELECT count(*) FROM network_invites WHERE id = ?1 AND used_by = ?2",
                params![Sql(id), Sql(account)],
            )?;
            Ok(own > 0)
        })
        .await
    }

    /// Takes an invite back that nobody has used; tells whether there was one.
    pub async fn revoke_network_invite(
        &self,
        id: InviteId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write("take an invite back", move |db| {
            let changed = db.change(
                "UPDATE network_invites SET revoked_at = coalesce(revoked_at, ?2)
                 WHERE id = ?1 AND used_by IS NULL",
                params![Sql(id), millis(now)],
            )?;
            Ok(changed > 0)
        })
        .await
    }

    /// Adds a network together with the invite by which it is to be entered, or nothing of it.
    pub async fn put_network_invited(
        &self,
        network: Network,
        operations: Vec<([u8; 32], Vec<u8>)>,
        link: Zeroizing<String>,
    ) -> Result<(), StoreError> {
        self.write("keep a network with an invite", move |db| {
            networks::put(db, &network)?;
            crate::operations::put(db, network.network, &operations)?;
            set_redeem(db, network.network, Some(&link))
        })
        .await
    }

    /// Returns the link of the invite by which this installation still waits to be let in.
    pub async fn network_redeem(
        &self,
        network: NetworkId,
    ) -> Result<Option<Zeroizing<String>>, StoreError> {
        let link = self.read("read the invite of a network", move |db| {
            let link = db.first(
                "SELECT redeem FROM networks WHERE network = ?1",
                [Sql(network)],
                |row| row.get::<_, Option<String>>(0),
            )?;
            Ok(link.flatten().map(Zeroizing::new))
        });
        link.await
    }

    /// Keeps the link of the invite by which to enter a network, or forgets it.
    pub async fn set_network_redeem(
        &self,
        network: NetworkId,
        link: Option<Zeroizing<String>>,
    ) -> Result<(), StoreError> {
        self.write("keep the invite of a network", move |db| {
            set_redeem(db, network, link.as_ref())
        })
        .await
    }
}

macro_rules! select {
    () => {
        "SELECT id, network, name, role, created_at, expires_at, used_by, used_node, used_at, revoked_at
         FROM network_invites"
    };
}
use select;

fn from_row(row: &Row<'_>) -> rusqlite::Result<NetworkInvite> {
    Ok(NetworkInvite {
        id: row.id(0)?,
        network: row.id(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
        created_at: row.time(4)?,
        expires_at: row.time(5)?,
        used_by: row.maybe_id(6)?.zip(row.maybe_id(7)?),
        used_at: row.maybe_time(8)?,
        revoked_at: row.maybe_time(9)?,
    })
}

fn put(db: &Connection, invite: &NetworkInvite) -> Result<(), Fault> {
    let (network, now) = (Sql(invite.network), millis(invite.created_at));
    db.change(
        "DELETE FROM network_invites WHERE id IN (
             SELECT id FROM network_invites
             WHERE network = ?1 AND (used_by IS NOT NULL OR revoked_at IS NOT NULL OR expires_at <= ?2)
             ORDER BY created_at DESC LIMIT -1 OFFSET ?3
         )",
        params![network, now, MAX_CLOSED],
    )?;
    db.change(
        "INSERT INTO network_invites (id, network, name, role, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            Sql(invite.id),
            network,
            invite.name,
            invite.role,
            now,
            millis(invite.expires_at),
        ],
    )?;
    let open = db.number(
        "SELECT count(*) FROM network_invites
         WHERE network = ?1 AND used_by IS NULL AND revoked_at IS NULL AND expires_at > ?2",
        params![network, now],
    )?;
    if open > MAX_NETWORK_INVITES as i64 {
        return Err(Fault::TooMany("open invites"));
    }
    Ok(())
}

fn set_redeem(
    db: &Connection,
    network: NetworkId,
    link: Option<&Zeroizing<String>>,
) -> Result<(), Fault> {
    db.change(
        "UPDATE networks SET redeem = ?2 WHERE network = ?1",
        params![Sql(network), link.map(|link| link.as_str())],
    )?;
    Ok(())
}
