//! Ids of envelopes that were taken in, so that none is taken twice.

use std::time::Duration;

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, Timestamp};

use crate::actor::Store;
use crate::columns::{Sql, Statements, millis};
use crate::error::{Fault, StoreError};

/// How long an id is remembered: a day longer than an envelope may live.
pub const SEEN_FOR: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// Ids of one sender that are remembered; what it sends beyond that is not taken in. Ten a minute,
/// day and night, are 450,000.
pub(crate) const MAX_SEEN: u32 = 1_000_000;

/// Forgotten ids cleared away with each new one.
const CLEARED: i64 = 16;

impl Store {
    /// Tells whether an envelope was taken in before.
    pub async fn was_seen(&self, sender: AccountId, id: MessageId) -> Result<bool, StoreError> {
        self.read("look an envelope up", move |db| is_marked(db, sender, id))
            .await
    }
}

/// Tells whether an envelope was taken in before.
pub(crate) fn is_marked(db: &Connection, sender: AccountId, id: MessageId) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM seen WHERE sender = ?1 AND id = ?2",
        params![Sql(sender), Sql(id)],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Remembers an envelope; false when it was there before. Refuses more than [`MAX_SEEN`].
pub(crate) fn mark(
    db: &Connection,
    sender: AccountId,
    id: MessageId,
    now: Timestamp,
) -> Result<bool, Fault> {
    db.change(
        "DELETE FROM seen WHERE (sender, id) IN (
             SELECT sender, id FROM seen WHERE keep_until < ?1 ORDER BY keep_until LIMIT ?2)",
        params![millis(now), CLEARED],
    )?;
    let count = db.first(
        "SELECT count FROM seen_senders WHERE sender = ?1",
        [Sql(sender)],
        |row| row.get::<_, u32>(0),
    )?;
    if count >= Some(MAX_SEEN) && !is_marked(db, sender, id)? {
        return Err(Fault::TooMany("envelopes of one sender"));
    }
    let added = db.change(
        "INSERT INTO seen (sender, id, keep_until) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![Sql(sender), Sql(id), millis(now.plus(SEEN_FOR))],
    )?;
    Ok(added > 0)
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn sender(number: u8) -> AccountId {
        AccountKey::from_seed(&[number; 32].into()).id()
    }

    #[test]
    fn nobody_fills_the_database_with_ids() {
        let db = Connection::open_in_memory().unwrap();
        crate::migrations::run(&db, None).unwrap();
        let id = |number: u8| MessageId::new(NOW, [number; 10]);
        assert!(mark(&db, sender(1), id(1), NOW).unwrap());
        let count = "UPDATE seen_senders SET count = ?1";
        assert_eq!(db.change(count, [MAX_SEEN]).unwrap(), 1);

        let more = mark(&db, sender(1), id(2), NOW);
        assert!(matches!(more, Err(Fault::TooMany(_))));
        assert!(!mark(&db, sender(1), id(1), NOW).unwrap(), "it is known");
        assert!(
            mark(&db, sender(2), id(2), NOW).unwrap(),
            "others have their own"
        );

        let later = NOW.plus(SEEN_FOR).plus(Duration::from_secs(1));
        assert!(mark(&db, sender(2), id(3), later).unwrap());
        assert!(
            mark(&db, sender(1), id(2), later).unwrap(),
            "once old ones went"
        );
    }
}
