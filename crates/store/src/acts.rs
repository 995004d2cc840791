//! What people do to messages that are there: react, edit, delete; in any order of arrival.
//!
//! An act on a message that has not come yet waits for it. The later act wins by its author's own
//! count, so that every order of arrival ends the same.

use rusqlite::{Connection, params};
use streembit_identity::{AccountId, MessageId, NetworkId, Party, Timestamp};

use crate::actor::Store;
use crate::changes::{self, Reaction};
use crate::columns::{Columns, Sql, Statements, millis};
use crate::error::{Fault, StoreError};
use crate::messages::{self, COLUMNS, Message, MessageState};
use crate::outbox::{self, OutboxItem};
use crate::receipts;
use crate::seen;

/// Acts of one person in one conversation that wait for their messages at most; then that person's
/// oldest is forgotten.
pub const MAX_EARLY: u32 = 256;

/// Something done to a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Act {
    /// The id of its envelope.
    pub id: MessageId,
    /// The network of the conversation.
    pub network: NetworkId,
    /// The other side of the conversation.
    pub peer: Party,
    /// Who did it.
    pub by: AccountId,
    /// The message.
    pub target: MessageId,
    /// When, by the clock of whoever did it.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What can be done to a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Deed {
    /// Its author deletes it for everyone.
    Delete,
    /// Its author changes its text.
    Edit {
        /// What it says now.
        text: String,
        /// The author's count of changes.
        revision: u32,
    },
    /// Anyone reacts to it.
    React {
        /// The emoji; empty to take it back.
        emoji: String,
        /// The person's count of reactions.
        revision: u32,
    },
}

/// What became of an act.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Acted {
    /// The message is as the act wants it.
    Changed(Box<Message>),
    /// The message has not come yet; the act waits for it.
    Early,
    /// Only its author may do that.
    NotTheirs,
    /// A later act was here before, or the same one.
    Unchanged,
}

impl Store {
    /// Does something of ours to a message and queues its envelope, in one step.
    ///
    /// Nothing is queued unless the message changed.
    pub async fn act(&self, act: Act, item: OutboxItem) -> Result<Acted, StoreError> {
        self.write("change a message", move |db| {
            let Some(mut message) = messages::find(db, act.network, act.peer, act.target)? else {
                return Ok(Acted::Unchanged);
            };
            if !act.deed.is_for(act.by, &message) {
                return Ok(Acted::NotTheirs);
            }
            withdraw(db, &message, &act.deed)?;
            let acted = apply(db, &mut message, &act)?;
            if let Acted::Changed(message) = &acted {
                outbox::put(db, &item)?;
                await_receipt(db, message, act.id)?;
                return Ok(messages::find(db, act.network, act.peer, act.target)?
                    .map_or(Acted::Unchanged, |message| {
                        Acted::Changed(Box::new(message))
                    }));
            }
            Ok(acted)
        })
        .await
    }

    /// Takes what the other side did to a message, once.
    pub async fn take_act(&self, act: Act, now: Timestamp) -> Result<Acted, StoreError> {
        let taken = self.write("take a change of a message", move |db| {
            let message = messages::find(db, act.network, act.peer, act.target)?;
            if let Some(message) = &message
                && !act.deed.is_for(act.by, message)
            {
                return Err(Fault::Refused); // and nothing of it stays
            }
            if !seen::mark(db, act.by, act.id, now)? {
                return Ok(Acted::Unchanged);
            }
            match message {
                Some(mut message) => apply(db, &mut message, &act),
                None => wait(db, &act),
            }
        });
        match taken.await {
            Err(StoreError::Refused) => Ok(Acted::NotTheirs),
            taken => taken,
        }
    }

    /// Deletes a message here only; none when it is not there.
    pub async fn delete_here(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        id: MessageId,
        now: Timestamp,
    ) -> Result<Option<Message>, StoreError> {
        let peer = peer.into();
        self.write("delete a message here", move |db| {
            let Some(mut message) = messages::find(db, network, peer, id)? else {
                return Ok(None);
            };
            if message.changes.deleted_at.is_none() {
                message.changes.is_deleted_here = true;
                clear(db, &mut message, now)?;
            }
            Ok(Some(message))
        })
        .await
    }

    /// Returns the messages with an id, at most two: one's own choice of id is nobody else's.
    pub async fn messages_by_id(&self, id: MessageId) -> Result<Vec<Message>, StoreError> {
        self.read("find a message", move |db| {
            db.all(
                &format!("SELECT {COLUMNS} FROM messages WHERE id = ?1 LIMIT 2"),
                [Sql(id)],
                messages::from_row,
            )
        })
        .await
    }
}

/// Does something of ours to a message of a group; whoever calls queues what tells the others.
pub(crate) fn begin(db: &Connection, act: &Act) -> Result<Acted, Fault> {
    let Some(mut message) = messages::find(db, act.network, act.peer, act.target)? else {
        return Ok(Acted::Unchanged);
    };
    if !act.deed.is_for(act.by, &message) {
        return Ok(Acted::NotTheirs);
    }
    withdraw(db, &message, &act.deed)?;
    let acted = apply(db, &mut message, act)?;
    let Acted::Changed(message) = acted else {
        return Ok(acted);
    };
    await_receipt(db, &message, act.id)?;
    let message = messages::find(db, act.network, act.peer, act.target)?;
    Ok(message.map_or(Acted::Unchanged, |message| {
        Acted::Changed(Box::new(message))
    }))
}

impl Deed {
    /// Whether that person may do it to that message.
    fn is_for(&self, person: AccountId, message: &Message) -> bool {
        match self {
            Self::Delete => message.from == person && !is_note(message),
            // What a file is called stands in its offer.
            Self::Edit { .. } => message.from == person && message.kind == "text",
            Self::React { .. } => message.kind == "text" || message.kind == "file",
        }
    }
}

/// Whether it is no message but tells of a change of a group.
fn is_note(message: &Message) -> bool {
    message.kind != "text" && message.kind != "file"
}

/// Changes a message that is here.
fn apply(db: &Connection, message: &mut Message, act: &Act) -> Result<Acted, Fault> {
    if !act.deed.is_for(act.by, message) {
        return Ok(Acted::NotTheirs);
    }
    if message.changes.deleted_at.is_some() {
        return Ok(Acted::Unchanged);
    }
    let is_news = match &act.deed {
        Deed::Delete => {
            clear(db, message, act.at)?;
            return Ok(Acted::Changed(Box::new(message.clone())));
        }
        Deed::Edit { text, revision } => {
            let changes = &mut message.changes;
            let is_later = (*revision, Some(act.id)) > (changes.revision, changes.edit);
            if is_later {
                changes.revision = *revision;
                changes.edit = Some(act.id);
                changes.edited_at = Some(act.at);
                message.text.clone_from(text);
            }
            is_later
        }
        Deed::React { emoji, revision } => message.changes.react(Reaction {
            by: act.by,
            emoji: emoji.clone(),
            revision: *revision,
            act: act.id,
        }),
    };
    if !is_news {
        return Ok(Acted::Unchanged);
    }
    changes::write(db, message)?;
    Ok(Acted::Changed(Box::new(message.clone())))
}

/// Takes the words from a message, and whatever was said to them; its place stays.
fn clear(db: &Connection, message: &mut Message, at: Timestamp) -> Result<(), Fault> {
    message.text.clear();
    message.reply_to = None;
    let changes = &mut message.changes;
    changes.deleted_at = Some(at);
    changes.edited_at = None;
    changes.reactions.clear();
    changes::write(db, message)
}

/// Words that nobody has signed for do not have to go any more: those of a message that is deleted,
/// and those of an edit that another one or a deletion comes after.
fn withdraw(db: &Connection, message: &Message, deed: &Deed) -> Result<(), Fault> {
    let (text, edit) = match deed {
        Deed::Delete => (Some(message.id), message.changes.edit),
        Deed::Edit { .. } => (None, message.changes.edit),
        Deed::React { .. } => (None, None),
    };
    for id in text.into_iter().chain(edit) {
        match message.peer {
            Party::Account(peer) => {
                db.change(
                    "DELETE FROM outbox WHERE id = ?1 AND peer = ?2",
                    params![Sql(id), Sql(peer)],
                )?;
            }
            Party::Group(group) => receipts::take_back(db, (message.network, group), id)?,
        }
    }
    Ok(())
}

/// Notes which act of ours has to be signed for before its message counts as changed there.
fn await_receipt(db: &Connection, message: &Message, act: MessageId) -> Result<(), Fault> {
    db.change(
        "UPDATE messages SET change = ?2, is_change_failed = 0 WHERE position = ?1",
        params![message.place(), Sql(act)],
    )?;
    Ok(())
}

/// Records how far an act of ours got; returns its message when that changed it.
pub(crate) fn advance(
    db: &Connection,
    peer: AccountId,
    act: MessageId,
    state: MessageState,
) -> Result<Option<Message>, Fault> {
    let is_failed = match state {
        MessageState::Queued | MessageState::Sent => return Ok(None),
        MessageState::Failed => true,
        MessageState::Delivered | MessageState::Read => false,
    };
    let message = db.first(
        &format!("SELECT {COLUMNS} FROM messages WHERE change = ?1 AND peer = ?2"),
        params![Sql(act), Sql(peer)],
        messages::from_row,
    )?;
    let Some(mut message) = message else {
        return Ok(None);
    };
    message.changes.is_failed = is_failed;
    if !is_failed {
        message.changes.unconfirmed = None;
    }
    changes::write(db, &message)?;
    Ok(Some(message))
}

/// Keeps an act until its message comes.
fn wait(db: &Connection, act: &Act) -> Result<Acted, Fault> {
    let key = params![
        Sql(act.network),
        Sql(act.peer),
        Sql(act.target),
        Sql(act.by)
    ];
    let (deed, content, revision) = match &act.deed {
        Deed::Delete => {
            db.change(
                "DELETE FROM early_acts WHERE network = ?1 AND peer = ?2 AND target = ?3
                   AND coalesce(author, peer) = ?4",
                key,
            )?;
            ("delete", "", &0)
        }
        Deed::Edit { text, revision } => ("edit", text.as_str(), revision),
        Deed::React { emoji, revision } => ("react", emoji.as_str(), revision),
    };
    if !was_deleted(db, act)? {
        db.change(
            "INSERT INTO early_acts (network, peer, target, act, deed, content, revision, at, author)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                Sql(act.network),
                Sql(act.peer),
                Sql(act.target),
                Sql(act.id),
                deed,
                content,
                revision,
                millis(act.at),
                Sql(act.by)
            ],
        )?;
        db.change(
            "DELETE FROM early_acts WHERE network = ?1 AND peer = ?2 AND coalesce(author, peer) = ?4
               AND position <= (
                 SELECT position FROM early_acts
                 WHERE network = ?1 AND peer = ?2 AND coalesce(author, peer) = ?4
                 ORDER BY position DESC LIMIT 1 OFFSET ?3)",
            params![Sql(act.network), Sql(act.peer), MAX_EARLY, Sql(act.by)],
        )?;
    }
    Ok(Acted::Early)
}

/// Whether a message of theirs that is not here has been here before, or was deleted on its way.
fn was_deleted(db: &Connection, act: &Act) -> Result<bool, Fault> {
    let found = db.first(
        "SELECT 1 FROM early_acts
         WHERE network = ?1 AND peer = ?2 AND target = ?3 AND deed = 'delete'
           AND coalesce(author, peer) = ?4",
        params![
            Sql(act.network),
            Sql(act.peer),
            Sql(act.target),
            Sql(act.by)
        ],
        |_| Ok(()),
    )?;
    Ok(found.is_some() || seen::is_marked(db, act.by, act.target)?)
}

/// Does to a message that has just come what waited for it.
pub(crate) fn settle(db: &Connection, message: &mut Message) -> Result<(), Fault> {
    let (network, peer, target) = (message.network, message.peer, message.id);
    let waiting = db.all(
        "SELECT act, deed, content, revision, at, coalesce(author, peer) FROM early_acts
         WHERE network = ?1 AND peer = ?2 AND target = ?3 ORDER BY position",
        params![Sql(network), Sql(peer), Sql(target)],
        |row| {
            let (content, revision) = (row.get(2)?, row.get(3)?);
            Ok(Act {
                id: row.id(0)?,
                network,
                peer,
                by: row.id(5)?,
                target,
                at: row.time(4)?,
                deed: match row.get_ref(1)?.as_str()? {
                    "delete" => Deed::Delete,
                    "edit" => Deed::Edit {
                        text: content,
                        revision,
                    },
                    _ => Deed::React {
                        emoji: content,
                        revision,
                    },
                },
            })
        },
    )?;
    if waiting.is_empty() {
        return Ok(());
    }
    for act in waiting {
        apply(db, message, &act)?;
    }
    db.change(
        "DELETE FROM early_acts WHERE network = ?1 AND peer = ?2 AND target = ?3",
        params![Sql(network), Sql(peer), Sql(target)],
    )?;
    Ok(())
}
