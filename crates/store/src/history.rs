//! The history of a conversation, page by page.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, NetworkId};

use crate::actor::Store;
use crate::columns::{Sql, Statements};
use crate::error::{Fault, StoreError};
use crate::messages::{COLUMNS, Message, find, from_row};
use crate::page::Page;

impl Store {
    /// Returns a page of a conversation, oldest first; none when `before` is not in it.
    pub async fn messages(
        &self,
        network: NetworkId,
        peer: AccountId,
        page: Page<MessageId>,
    ) -> Result<Option<Vec<Message>>, StoreError> {
        self.read("read a conversation", move |db| {
            let before = match page.before {
                None => i64::MAX,
                Some(id) => match find(db, network, peer, id)? {
                    None => return Ok(None),
                    Some(message) => i64::try_from(message.order).unwrap_or(i64::MAX),
                },
            };
            let mut messages = db.all(
                &format!(
                    "SELECT {COLUMNS} FROM messages WHERE network = ?1 AND peer = ?2 AND position < ?3
                     ORDER BY position DESC LIMIT ?4"
                ),
                params![Sql(network), Sql(peer), before, page.rows()],
                from_row,
            )?;
            messages.reverse();
            Ok(Some(messages))
        })
        .await
    }
}

/// Reads every message, oldest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<Message>, Fault> {
    db.all(
        &format!("SELECT {COLUMNS} FROM messages ORDER BY position"),
        [],
        from_row,
    )
}
