//! What was agreed about mailboxes: for whom this node keeps messages, and who keeps them for this
//! account.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};
use streembit_delivery::mailbox::{Entry, Keeper, Terms};
use streembit_identity::{AccountId, NetworkId, NodeId};

use crate::actor::Store;
use crate::columns::{Columns, Sql, Statements};
use crate::error::{Fault, StoreError};

impl Store {
    /// Returns with whom this node has terms in a network.
    pub async fn mail_terms(
        &self,
        network: NetworkId,
    ) -> Result<Vec<(AccountId, Terms)>, StoreError> {
        self.read("read for whom messages are kept", move |db| {
            db.all(
                "SELECT account, state FROM mail_terms WHERE network = ?1 AND keeps = 1",
                [Sql(network)],
                |row| Ok((row.id(0)?, terms(row, 1)?)),
            )
        })
        .await
    }

    /// Stores the terms with an account; none ends them.
    pub async fn put_mail_terms(
        &self,
        network: NetworkId,
        account: AccountId,
        terms: Option<Terms>,
    ) -> Result<(), StoreError> {
        self.write("store for whom messages are kept", move |db| {
            let state = terms.map(number_of_terms);
            put(db, network, account, true, state.map(|state| (state, None)))
        })
        .await
    }

    /// Returns the mailboxes of this account in a network.
    pub async fn mail_keepers(
        &self,
        network: NetworkId,
    ) -> Result<Vec<(AccountId, Entry)>, StoreError> {
        self.read("read who keeps messages", move |db| {
            db.all(
                "SELECT account, state, node FROM mail_terms WHERE network = ?1 AND keeps = 0",
                [Sql(network)],
                |row| {
                    let (keeper, node) = (keeper(row, 1)?, row.maybe_id(2)?);
                    Ok((row.id(0)?, Entry { keeper, node }))
                },
            )
        })
        .await
    }

    /// Stores how far this account has got with a mailbox; none forgets it.
    pub async fn put_mail_keeper(
        &self,
        network: NetworkId,
        account: AccountId,
        entry: Option<Entry>,
    ) -> Result<(), StoreError> {
        self.write("store who keeps messages", move |db| {
            let state = entry.map(|it| (number_of_keeper(it.keeper), it.node));
            put(db, network, account, false, state)
        })
        .await
    }
}

fn put(
    db: &Connection,
    network: NetworkId,
    account: AccountId,
    keeps: bool,
    state: Option<(u8, Option<NodeId>)>,
) -> Result<(), Fault> {
    match state {
        Some((state, node)) => db.change(
            "INSERT OR REPLACE INTO mail_terms (network, account, keeps, state, node)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![Sql(network), Sql(account), keeps, state, node.map(Sql)],
        ),
        None => db.change(
            "DELETE FROM mail_terms WHERE network = ?1 AND account = ?2 AND keeps = ?3",
            params![Sql(network), Sql(account), keeps],
        ),
    }?;
    Ok(())
}

fn number_of_terms(terms: Terms) -> u8 {
    match terms {
        Terms::Offered => 1,
        Terms::Asked => 2,
        Terms::Agreed => 3,
    }
}

fn terms(row: &Row<'_>, column: usize) -> rusqlite::Result<Terms> {
    match row.get::<_, u8>(column)? {
        1 => Ok(Terms::Offered),
        2 => Ok(Terms::Asked),
        3 => Ok(Terms::Agreed),
        other => Err(unknown(column, other)),
    }
}

fn number_of_keeper(keeper: Keeper) -> u8 {
    match keeper {
        Keeper::Offered => 1,
        Keeper::Wanted => 2,
        Keeper::Agreed => 3,
        Keeper::Ending => 4,
        Keeper::Declined => 5,
    }
}

fn keeper(row: &Row<'_>, column: usize) -> rusqlite::Result<Keeper> {
    match row.get::<_, u8>(column)? {
        1 => Ok(Keeper::Offered),
        2 => Ok(Keeper::Wanted),
        3 => Ok(Keeper::Agreed),
        4 => Ok(Keeper::Ending),
        5 => Ok(Keeper::Declined),
        other => Err(unknown(column, other)),
    }
}

fn unknown(column: usize, state: u8) -> rusqlite::Error {
    let text = format!("no state of a mailbox is {state}");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, text.into())
}
