//! How far what was written to a group got with each of its readers.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, GroupId, Kind, MessageId, NetworkId, Party};

use crate::changes;
use crate::columns::{Columns, Sql, Statements};
use crate::error::Fault;
use crate::messages::{self, COLUMNS, Message, MessageState, Reach};

/// A group of a network.
pub(crate) type Place = (NetworkId, GroupId);

/// Notes for whom something is.
pub(crate) fn begin(
    db: &Connection,
    place: Place,
    id: MessageId,
    readers: &[AccountId],
) -> Result<(), Fault> {
    for reader in readers {
        db.change(
            "INSERT OR IGNORE INTO group_receipts (id, account, network, group_id)
             VALUES (?1, ?2, ?3, ?4)",
            params![Sql(id), Sql(*reader), Sql(place.0), Sql(place.1)],
        )?;
    }
    Ok(())
}

/// The group that something for `account` was written to, if it was one.
pub(crate) fn group_of(
    db: &Connection,
    account: AccountId,
    id: MessageId,
) -> Result<Option<Place>, Fault> {
    db.first(
        "SELECT network, group_id FROM group_receipts WHERE id = ?1 AND account = ?2",
        params![Sql(id), Sql(account)],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// Moves what was written on with one reader; returns the message when that changed it.
pub(crate) fn advance(
    db: &Connection,
    place: Place,
    account: AccountId,
    id: MessageId,
    state: MessageState,
) -> Result<Option<Message>, Fault> {
    let before = db.first(
        "SELECT state FROM group_receipts WHERE id = ?1 AND account = ?2",
        params![Sql(id), Sql(account)],
        |row| row.get::<_, MessageState>(0),
    )?;
    if before.is_none_or(|before| before >= state) {
        return Ok(None);
    }
    db.change(
        "UPDATE group_receipts SET state = ?3 WHERE id = ?1 AND account = ?2",
        params![Sql(id), Sql(account), state],
    )?;
    settle(db, place, id)
}

/// Brings a message, or the one that an act was done to, to where its readers are.
fn settle(db: &Connection, place: Place, id: MessageId) -> Result<Option<Message>, Fault> {
    let states = db.all(
        "SELECT state FROM group_receipts WHERE id = ?1",
        [Sql(id)],
        |row| row.get::<_, MessageState>(0),
    )?;
    let party = Party::Group(place.1);
    let (changed, last) = match messages::find(db, place.0, party, id)? {
        Some(message) => (write(db, message, &states).map(Some)?, MessageState::Read),
        None => (settle_act(db, party, id, &states)?, MessageState::Delivered),
    };
    if states.iter().all(|state| *state >= last) {
        // Nothing more can come of it.
        db.change("DELETE FROM group_receipts WHERE id = ?1", [Sql(id)])?;
    }
    Ok(changed)
}

/// The state of all readers together: that of the least of those with whom it has not failed.
pub(crate) fn least(states: &[MessageState]) -> MessageState {
    let hopeful = states.iter().filter(|it| **it != MessageState::Failed);
    let all_failed = match states {
        [] => MessageState::Delivered, // nobody else is there
        [..] => MessageState::Failed,
    };
    hopeful.min().copied().unwrap_or(all_failed)
}

fn write(db: &Connection, message: Message, states: &[MessageState]) -> Result<Message, Fault> {
    let mut message = message;
    let count = |from| {
        let those = states.iter().filter(|it| **it >= from).count();
        u32::try_from(those).unwrap_or(u32::MAX)
    };
    message.state = least(states);
    message.reach = Reach {
        recipients: u32::try_from(states.len()).unwrap_or(u32::MAX),
        delivered: count(MessageState::Delivered),
        read: count(MessageState::Read),
    };
    let reach = message.reach;
    db.change(
        "UPDATE messages SET state = ?2, recipients = ?3, delivered_to = ?4, read_by = ?5
         WHERE position = ?1",
        params![
            message.place(),
            message.state,
            reach.recipients,
            reach.delivered,
            reach.read
        ],
    )?;
    Ok(message)
}

fn settle_act(
    db: &Connection,
    party: Party,
    act: MessageId,
    states: &[MessageState],
) -> Result<Option<Message>, Fault> {
    let state = least(states);
    if state < MessageState::Failed {
        return Ok(None);
    }
    let message = db.first(
        &format!("SELECT {COLUMNS} FROM messages WHERE change = ?1 AND peer = ?2"),
        params![Sql(act), Sql(party)],
        messages::from_row,
    )?;
    let Some(mut message) = message else {
        return Ok(None);
    };
    message.changes.is_failed = state == MessageState::Failed;
    if !message.changes.is_failed {
        message.changes.unconfirmed = None;
    }
    changes::write(db, &message)?;
    Ok(Some(message))
}

/// Gives up what still waits for somebody who is no longer in a group; returns what changed by it.
pub(crate) fn withdraw(
    db: &Connection,
    place: Place,
    account: AccountId,
) -> Result<Vec<Message>, Fault> {
    let waiting = db.all(
        "SELECT r.id FROM group_receipts r WHERE r.network = ?1 AND r.group_id = ?2
           AND r.account = ?3 AND r.state IN ('queued', 'sent')",
        params![Sql(place.0), Sql(place.1), Sql(account)],
        |row| row.id::<MessageId>(0),
    )?;
    let mut changed = Vec::new();
    for id in waiting {
        db.change(
            "DELETE FROM outbox WHERE id = ?1 AND peer = ?2",
            params![Sql(id), Sql(account)],
        )?;
        changed.extend(advance(db, place, account, id, MessageState::Failed)?);
    }
    Ok(changed)
}

/// Takes a message of a group out of what is to be sent, for all who have not signed for it.
///
/// What carries a key stays: messages that come later are read with it.
pub(crate) fn take_back(db: &Connection, place: Place, id: MessageId) -> Result<(), Fault> {
    let waiting = db.all(
        "SELECT r.account FROM group_receipts r WHERE r.id = ?1 AND r.network = ?2
           AND r.group_id = ?3 AND r.state IN ('queued', 'sent')
           AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = r.id AND o.peer = r.account
                           AND o.kind = ?4)",
        params![Sql(id), Sql(place.0), Sql(place.1), Kind::GroupKeyed as u16],
        |row| row.id::<AccountId>(0),
    )?;
    for account in waiting {
        db.change(
            "DELETE FROM outbox WHERE id = ?1 AND peer = ?2",
            params![Sql(id), Sql(account)],
        )?;
        advance(db, place, account, id, MessageState::Failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_far_as_the_least_of_those_it_can_reach() {
        use MessageState::{Delivered, Failed, Queued, Read};

        assert_eq!(least(&[Read, Delivered, Queued]), Queued);
        assert_eq!(least(&[Read, Failed, Delivered]), Delivered);
        assert_eq!(least(&[Failed, Failed]), Failed);
        assert_eq!(least(&[]), Delivered);
    }
}
