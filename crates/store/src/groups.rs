//! Groups: their signed operations, the sessions they are written in, and what is written.

use std::fmt;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use streembit_identity::{AccountId, GroupId, MessageId, NetworkId, NodeId, Party, Timestamp};

use crate::actor::Store;
use crate::acts::{self, Act, Acted};
use crate::chains::{self, Spot, Written};
use crate::changes::Changes;
use crate::columns::{Columns, Sql, Statements};
use crate::conversations;
use crate::error::{Fault, StoreError};
use crate::messages::{self, Direction, Message, MessageState, Reach, WriteBody};
use crate::outbox::{self, OutboxItem};
use crate::ratchets::State;
use crate::receipts::{self, Place};
use crate::seen;

/// Groups of one network at most.
pub const MAX_GROUPS: usize = 256;

/// Sessions of one node in one group that are kept; older ones are forgotten.
pub const MAX_GROUP_SESSIONS: usize = 8;

/// A group, as it is stored.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct StoredGroup {
    /// Its network.
    #[serde(with = "crate::wire::text")]
    pub network: NetworkId,
    /// Its id.
    #[serde(with = "crate::wire::text")]
    pub group: GroupId,
    /// Its operations, the genesis first.
    #[serde(with = "crate::wire::bytes_list")]
    pub operations: Vec<Vec<u8>>,
}

/// A line of a conversation that tells of a change of its group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupNote {
    /// Its id.
    pub id: MessageId,
    /// Who made the change.
    pub by: AccountId,
    /// When, by that one's clock.
    pub at: Timestamp,
    /// What it is: the kind of the line.
    pub kind: String,
    /// The title, where there is a new one.
    pub text: String,
}

/// Operations of a group that are new, with all that follows from them.
#[derive(Clone, Debug)]
pub struct GroupChange {
    /// The network.
    pub network: NetworkId,
    /// The group.
    pub group: GroupId,
    /// The operations with their ids.
    pub operations: Vec<([u8; 32], Vec<u8>)>,
    /// What is told of them in the conversation.
    pub notes: Vec<GroupNote>,
    /// Who is in it no longer: what waits for them is given up, and the session as well.
    pub gone: Vec<AccountId>,
    /// What tells the others.
    pub items: Vec<OutboxItem>,
    /// The sealed envelope that brought them, if one did: it is taken once.
    pub cause: Option<(AccountId, MessageId)>,
    /// Now.
    pub now: Timestamp,
}

/// Which session of a node something is sealed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GroupSessionKey {
    /// The network.
    pub network: NetworkId,
    /// The group.
    pub group: GroupId,
    /// The node that writes in it.
    pub node: NodeId,
    /// Its id.
    pub session: [u8; 32],
}

/// What was sealed for a group.
#[derive(Debug)]
pub struct GroupSent {
    /// The state of the session afterwards.
    pub state: State,
    /// An envelope for each reader and way.
    pub items: Vec<OutboxItem>,
}

/// Seals a body in the session of this node: gets its state, and says nothing if it cannot.
pub struct GroupSeal(Seal);

type Seal = Box<dyn FnOnce(Option<&[u8]>, Vec<u8>) -> Option<GroupSent> + Send>;

impl GroupSeal {
    /// Seals it so.
    pub fn new(
        seal: impl FnOnce(Option<&[u8]>, Vec<u8>) -> Option<GroupSent> + Send + 'static,
    ) -> Self {
        Self(Box::new(seal))
    }
}

impl fmt::Debug for GroupSeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GroupSeal")
    }
}

/// A text of ours for a group.
#[derive(Debug)]
pub struct GroupText {
    /// Its id.
    pub id: MessageId,
    /// The network.
    pub network: NetworkId,
    /// The group.
    pub group: GroupId,
    /// Our account.
    pub from: AccountId,
    /// Our node.
    pub node: NodeId,
    /// What it says.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Now.
    pub at: Timestamp,
    /// For whom it is.
    pub readers: Vec<AccountId>,
    /// Writes its body.
    pub write: WriteBody,
    /// Seals it.
    pub seal: GroupSeal,
}

impl Store {
    /// Returns every group with its operations.
    pub async fn groups(&self) -> Result<Vec<StoredGroup>, StoreError> {
        self.read("read the groups", all).await
    }

    /// Stores operations of a group, and all that follows from them, in one step.
    ///
    /// Returns the lines that the conversation gained and the messages that changed.
    pub async fn change_group(&self, change: GroupChange) -> Result<Vec<Message>, StoreError> {
        self.write("change a group", move |db| apply(db, change))
            .await
    }

    /// Seals and stores a text of ours; when this returns, it will be sent.
    pub async fn send_to_group(
        &self,
        text: GroupText,
    ) -> Result<(Message, Vec<OutboxItem>), StoreError> {
        self.write("store a message to a group", move |db| send(db, text))
            .await
    }

    /// Does something of ours to a message of a group, and queues what tells its readers.
    pub async fn act_in_group(
        &self,
        act: Act,
        readers: Vec<AccountId>,
        body: Vec<u8>,
        seal: GroupSeal,
    ) -> Result<(Acted, Vec<OutboxItem>), StoreError> {
        self.write("change a message of a group", move |db| {
            let Some(group) = act.peer.group() else {
                return Ok((Acted::Unchanged, Vec::new()));
            };
            let acted = acts::begin(db, &act)?;
            if !matches!(acted, Acted::Changed(_)) {
                return Ok((acted, Vec::new()));
            }
            let place = (act.network, group);
            let items = seal_for(db, place, body, seal)?;
            receipts::begin(db, place, act.id, &readers)?;
            Ok((acted, items))
        })
        .await
    }

    /// Returns who wrote what is unread in a group, up to the message `through`.
    pub async fn unread_authors(
        &self,
        network: NetworkId,
        group: GroupId,
        through: MessageId,
    ) -> Result<Vec<AccountId>, StoreError> {
        self.read("read who wrote", move |db| {
            let party = Party::Group(group);
            let Some(last) = messages::find(db, network, party, through)? else {
                return Ok(Vec::new());
            };
            db.all(
                &format!(
                    "SELECT DISTINCT sender FROM messages m JOIN conversations c USING (network, peer)
                     WHERE m.network = ?1 AND m.peer = ?2 AND m.direction = 'in'
                       AND m.position > c.read_through AND {} <= ?3",
                    chains::LINE
                ),
                params![Sql(network), Sql(party), last.line()],
                |row| row.id(0),
            )
        })
        .await
    }

    /// Queues something of ours for readers of a group that is no message.
    pub async fn tell_group(
        &self,
        network: NetworkId,
        group: GroupId,
        body: Vec<u8>,
        seal: GroupSeal,
    ) -> Result<Vec<OutboxItem>, StoreError> {
        self.write("tell a group", move |db| {
            seal_for(db, (network, group), body, seal)
        })
        .await
    }

    /// Takes a reader's word that our messages were read through `through`, once.
    pub async fn receive_group_read(
        &self,
        place: (NetworkId, GroupId),
        by: AccountId,
        cause: MessageId,
        through: MessageId,
        now: Timestamp,
    ) -> Result<Vec<Message>, StoreError> {
        self.write("take a read receipt of a group", move |db| {
            if !seen::mark(db, by, cause, now)? {
                return Ok(Vec::new());
            }
            read_by(db, place, by, through)
        })
        .await
    }

    /// Returns the state of a session that another node writes in.
    pub async fn group_session(&self, key: GroupSessionKey) -> Result<Option<State>, StoreError> {
        self.read("read a session of a group", move |db| {
            db.first(
                "SELECT state FROM group_sessions
                 WHERE network = ?1 AND group_id = ?2 AND node = ?3 AND session = ?4",
                params![Sql(key.network), Sql(key.group), Sql(key.node), key.session],
                |row| row.get(0).map(zeroize::Zeroizing::new),
            )
        })
        .await
    }

    /// Keeps the state of a session that another node writes in.
    pub async fn put_group_session(
        &self,
        key: GroupSessionKey,
        state: State,
    ) -> Result<(), StoreError> {
        self.write("keep a session of a group", move |db| {
            put_session(db, key, &state)
        })
        .await
    }

    /// Forgets the sessions of others in a group.
    pub async fn forget_group_sessions(
        &self,
        network: NetworkId,
        group: GroupId,
    ) -> Result<(), StoreError> {
        self.write("forget the sessions of a group", move |db| {
            db.change(
                "DELETE FROM group_sessions WHERE network = ?1 AND group_id = ?2",
                params![Sql(network), Sql(group)],
            )?;
            Ok(())
        })
        .await
    }

    /// Returns what was sealed for a group as `id` and waits for `account`, as it was before.
    pub async fn waiting_for_group(
        &self,
        id: MessageId,
        account: AccountId,
        kind: u16,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("read what waits for a reader", move |db| {
            let found = db.first(
                "SELECT body FROM outbox WHERE id = ?1 AND peer = ?2 AND kind = ?3",
                params![Sql(id), Sql(account), kind],
                |row| row.get::<_, Option<Vec<u8>>>(0),
            )?;
            Ok(found.flatten())
        })
        .await
    }

    /// A node cannot read what waits for it in a group: `renew` makes of each a body that comes with
    /// the key, and the state of our session afterwards; it is sent as the second of the `kinds`.
    pub async fn renew_for(
        &self,
        place: (NetworkId, GroupId),
        reader: (AccountId, NodeId),
        kinds: (u16, u16),
        renew: impl Fn(Option<&[u8]>, &[u8]) -> Option<(State, Vec<u8>)> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.write("give a reader the key anew", move |db| {
            renew_all(db, place, reader, kinds, &renew)
        })
        .await
    }
}

/// Makes a body that comes with the key of what was sealed before.
type Renew = dyn Fn(Option<&[u8]>, &[u8]) -> Option<(State, Vec<u8>)>;

fn renew_all(
    db: &Connection,
    place: Place,
    reader: (AccountId, NodeId),
    kinds: (u16, u16),
    renew: &Renew,
) -> Result<(), Fault> {
    let waiting = db.all(
        "SELECT position, body FROM outbox
         WHERE network = ?1 AND peer = ?2 AND node IN (?3, x'') AND kind = ?4
           AND body IS NOT NULL ORDER BY position",
        params![Sql(place.0), Sql(reader.0), Sql(reader.1), kinds.0],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
    )?;
    for (position, inside) in waiting {
        let state = session(db, place)?;
        let Some((next, body)) = renew(state.as_ref().map(|it| it.as_slice()), &inside) else {
            continue;
        };
        put_own_session(db, place, &next)?;
        db.change(
            "UPDATE outbox SET kind = ?2, body = ?3, envelope = x'', sealed_to = NULL, session = NULL
             WHERE position = ?1",
            params![position, kinds.1, body],
        )?;
    }
    Ok(())
}

fn apply(db: &Connection, change: GroupChange) -> Result<Vec<Message>, Fault> {
    if let Some((from, id)) = change.cause {
        seen::mark(db, from, id, change.now)?;
    }
    let place = (change.network, change.group);
    let is_new = db.change(
        "INSERT OR IGNORE INTO groups (network, id) VALUES (?1, ?2)",
        params![Sql(place.0), Sql(place.1)],
    )? > 0;
    if is_new {
        let count = db.number(
            "SELECT count(*) FROM groups WHERE network = ?1",
            [Sql(place.0)],
        )?;
        if count > MAX_GROUPS as i64 {
            return Err(Fault::TooMany("groups"));
        }
    }
    for (operation, bytes) in &change.operations {
        put_operation(db, place, operation, bytes)?;
    }
    let mut changed = Vec::new();
    for account in &change.gone {
        changed.extend(receipts::withdraw(db, place, *account)?);
    }
    if !change.gone.is_empty() {
        db.change(
            "UPDATE groups SET session = NULL WHERE network = ?1 AND id = ?2",
            params![Sql(place.0), Sql(place.1)],
        )?;
    }
    for note in change.notes {
        changed.extend(put_note(db, place, note, change.now)?);
    }
    for item in &change.items {
        outbox::put(db, item)?;
    }
    Ok(changed)
}

fn put_operation(
    db: &Connection,
    place: Place,
    operation: &[u8; 32],
    bytes: &[u8],
) -> Result<(), Fault> {
    db.change(
        "INSERT OR IGNORE INTO group_operations (network, group_id, operation, bytes)
         VALUES (?1, ?2, ?3, ?4)",
        params![Sql(place.0), Sql(place.1), operation, bytes],
    )?;
    Ok(())
}

fn put_note(
    db: &Connection,
    place: Place,
    note: GroupNote,
    now: Timestamp,
) -> Result<Option<Message>, Fault> {
    let party = Party::Group(place.1);
    if messages::find(db, place.0, party, note.id)?.is_some() {
        return Ok(None);
    }
    let mut message = Message {
        order: 0,
        id: note.id,
        network: place.0,
        peer: party,
        // It is nobody's to read or to answer for.
        direction: Direction::Out,
        from: note.by,
        kind: note.kind,
        text: note.text,
        reply_to: None,
        sent_at: note.at,
        received_at: Some(now),
        state: MessageState::Read,
        failure: None,
        kept_until: None,
        changes: Changes::default(),
        line: 0,
        gap: None,
        is_astray: false,
        reach: Reach::default(),
    };
    messages::put(db, &mut message, &Spot::default())?;
    conversations::sent(db, &message)?;
    Ok(Some(message))
}

fn send(db: &Connection, text: GroupText) -> Result<(Message, Vec<OutboxItem>), Fault> {
    let party = Party::Group(text.group);
    let written = Written {
        network: text.network,
        peer: party,
        from: text.from,
        node: text.node,
        id: text.id,
        write: &text.write,
    };
    let (spot, body) = chains::append(db, &written)?;
    let place = (text.network, text.group);
    let items = seal_for(db, place, body, text.seal)?;
    receipts::begin(db, place, text.id, &text.readers)?;
    let mut message = Message {
        order: 0,
        id: text.id,
        network: text.network,
        peer: party,
        direction: Direction::Out,
        from: text.from,
        kind: "text".to_owned(),
        text: text.text,
        reply_to: text.reply_to,
        sent_at: text.at,
        received_at: None,
        state: match text.readers.is_empty() {
            true => MessageState::Delivered,
            false => MessageState::Queued,
        },
        failure: None,
        kept_until: None,
        changes: Changes::default(),
        line: 0,
        gap: None,
        is_astray: false,
        reach: Reach {
            recipients: u32::try_from(text.readers.len()).unwrap_or(u32::MAX),
            ..Reach::default()
        },
    };
    messages::put(db, &mut message, &spot)?;
    conversations::sent(db, &message)?;
    Ok((message, items))
}

/// Seals a body in our session and queues an envelope for each reader.
fn seal_for(
    db: &Connection,
    place: Place,
    body: Vec<u8>,
    seal: GroupSeal,
) -> Result<Vec<OutboxItem>, Fault> {
    let state = session(db, place)?;
    let sent = (seal.0)(state.as_ref().map(|it| it.as_slice()), body);
    let sent = sent.ok_or(Fault::Refused)?;
    put_own_session(db, place, &sent.state)?;
    for item in &sent.items {
        outbox::put(db, item)?;
    }
    Ok(sent.items)
}

/// Our session in a group.
fn session(db: &Connection, place: Place) -> Result<Option<State>, Fault> {
    let found = db.first(
        "SELECT session FROM groups WHERE network = ?1 AND id = ?2",
        params![Sql(place.0), Sql(place.1)],
        |row| row.get::<_, Option<Vec<u8>>>(0),
    )?;
    Ok(found.flatten().map(State::new))
}

fn put_own_session(db: &Connection, place: Place, state: &State) -> Result<(), Fault> {
    db.change(
        "UPDATE groups SET session = ?3 WHERE network = ?1 AND id = ?2",
        params![Sql(place.0), Sql(place.1), state.as_slice()],
    )?;
    Ok(())
}

fn put_session(db: &Connection, key: GroupSessionKey, state: &State) -> Result<(), Fault> {
    db.change(
        "INSERT INTO group_sessions (network, group_id, node, session, state)
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET state = excluded.state",
        params![
            Sql(key.network),
            Sql(key.group),
            Sql(key.node),
            key.session,
            state.as_slice()
        ],
    )?;
    db.change(
        "DELETE FROM group_sessions WHERE network = ?1 AND group_id = ?2 AND node = ?3
           AND position <= (
             SELECT position FROM group_sessions
             WHERE network = ?1 AND group_id = ?2 AND node = ?3
             ORDER BY position DESC LIMIT 1 OFFSET ?4)",
        params![
            Sql(key.network),
            Sql(key.group),
            Sql(key.node),
            MAX_GROUP_SESSIONS as i64
        ],
    )?;
    Ok(())
}

/// Our messages that `by` has read who read `through`: it, and those before it that `by` has.
fn read_by(
    db: &Connection,
    place: Place,
    by: AccountId,
    through: MessageId,
) -> Result<Vec<Message>, Fault> {
    let party = Party::Group(place.1);
    let Some(last) = messages::find(db, place.0, party, through)? else {
        return Ok(Vec::new());
    };
    let read = db.all(
        "SELECT m.id FROM group_receipts r
         JOIN messages m ON m.network = r.network AND m.peer = ?2 AND m.id = r.id
         WHERE r.network = ?1 AND r.group_id = ?3 AND r.account = ?4 AND m.direction = 'out'
           AND (m.id = ?5 OR (m.position < ?6 AND r.state = 'delivered'))
         ORDER BY m.position",
        params![
            Sql(place.0),
            Sql(party),
            Sql(place.1),
            Sql(by),
            Sql(through),
            last.place()
        ],
        |row| row.id::<MessageId>(0),
    )?;
    let mut changed = Vec::new();
    for id in read {
        changed.extend(receipts::advance(db, place, by, id, MessageState::Read)?);
    }
    Ok(changed)
}

/// Puts a group of a backup back. What its operations are worth is looked at when it is read.
pub(crate) fn restore(db: &Connection, group: &StoredGroup) -> Result<(), Fault> {
    let place = (group.network, group.group);
    db.change(
        "INSERT OR IGNORE INTO groups (network, id) VALUES (?1, ?2)",
        params![Sql(place.0), Sql(place.1)],
    )?;
    for bytes in &group.operations {
        put_operation(db, place, &Sha256::digest(bytes).into(), bytes)?;
    }
    Ok(())
}

/// Reads every group, with its operations in the order in which they came.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredGroup>, Fault> {
    let mut groups: Vec<StoredGroup> = Vec::new();
    let rows = db.all(
        "SELECT network, group_id, bytes FROM group_operations ORDER BY network, group_id, position",
        [],
        |row| Ok((row.id(0)?, row.id(1)?, row.get(2)?)),
    )?;
    for (network, group, bytes) in rows {
        match groups.last_mut() {
            Some(last) if last.network == network && last.group == group => {
                last.operations.push(bytes);
            }
            Some(_) | None => groups.push(StoredGroup {
                network,
                group,
                operations: vec![bytes],
            }),
        }
    }
    Ok(groups)
}
