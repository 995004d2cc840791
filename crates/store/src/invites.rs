//! Invites that this account handed out: each is good for one person, once.

use rusqlite::{Connection, Row, params};
use streembit_identity::{AccountId, Timestamp};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// Invites that may be open at the same time.
pub const MAX_INVITES: usize = 1000;

/// The hash of an invite's secret; the secret itself is never stored.
pub type SecretHash = [u8; 32];

/// One invite.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invite {
    /// The hash of its secret.
    pub secret_hash: SecretHash,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Who used it.
    pub used_by: Option<AccountId>,
}

/// Whether an invite is good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InviteState {
    /// Its time has passed.
    Expired,
    /// It can be used.
    Open,
    /// It never was, or is long forgotten.
    Unknown,
    /// It was used.
    Used,
}

impl Store {
    /// Keeps an invite before its link is shown.
    pub async fn add_invite(&self, invite: Invite) -> Result<(), StoreError> {
        self.write("keep an invite", move |db| put(db, &invite))
            .await
    }

    /// Returns the invites that can still be used.
    pub async fn open_invites(&self, now: Timestamp) -> Result<Vec<Invite>, StoreError> {
        self.read("read the invites", move |db| {
            db.all(
                "SELECT secret_hash, created_at, expires_at, used_by FROM invites
                 WHERE used_by IS NULL AND expires_at > ?1 ORDER BY created_at",
                [millis(now)],
                from_row,
            )
        })
        .await
    }

    /// Tells whether an invite is good; using it is part of [`Store::change_contact`].
    pub async fn invite_state(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<InviteState, StoreError> {
        self.read("read an invite", move |db| state(db, hash, now))
            .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Invite> {
    Ok(Invite {
        secret_hash: row.get(0)?,
        created_at: row.time(1)?,
        expires_at: row.time(2)?,
        used_by: row.maybe_id(3)?,
    })
}

fn put(db: &Connection, invite: &Invite) -> Result<(), Fault> {
    db.change(
        "DELETE FROM invites WHERE expires_at <= ?1",
        [millis(invite.created_at)],
    )?;
    db.change(
        "INSERT INTO invites (secret_hash, created_at, expires_at, used_by) VALUES (?1, ?2, ?3, ?4)",
        params![
            invite.secret_hash,
            millis(invite.created_at),
            millis(invite.expires_at),
            invite.used_by.map(Sql)
        ],
    )?;
    if db.number("SELECT count(*) FROM invites WHERE used_by IS NULL", [])? > MAX_INVITES as i64 {
        return Err(Fault::TooMany("invites"));
    }
    Ok(())
}

/// Tells whether an invite is good.
pub(crate) fn state(
    db: &Connection,
    hash: SecretHash,
    now: Timestamp,
) -> Result<InviteState, Fault> {
    let invite = db.first(
        "SELECT secret_hash, created_at, expires_at, used_by FROM invites WHERE secret_hash = ?1",
        [hash],
        from_row,
    )?;
    Ok(match invite {
        None => InviteState::Unknown,
        Some(invite) if invite.used_by.is_some() => InviteState::Used,
        Some(invite) if invite.expires_at <= now => InviteState::Expired,
        Some(_) => InviteState::Open,
    })
}

/// Uses an invite up.
pub(crate) fn spend(
    db: &Connection,
    hash: SecretHash,
    by: AccountId,
    now: Timestamp,
) -> Result<(), Fault> {
    db.change(
        "UPDATE invites SET used_by = ?2, used_at = ?3 WHERE secret_hash = ?1 AND used_by IS NULL",
        params![hash, Sql(by), millis(now)],
    )?;
    Ok(())
}
