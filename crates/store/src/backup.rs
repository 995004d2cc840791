//! What a backup holds of the store, taken and put back whole.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use streembit_identity::Timestamp;
use thiserror::Error;

use crate::actor::Store;
use crate::certificates::{self, StoredCertificate};
use crate::chains::{self, Spot, StoredChain};
use crate::choices::{self, ChosenConversation};
use crate::claim::{self, Claimed};
use crate::columns::Statements;
use crate::contacts::{self, Contact};
use crate::error::{Fault, StoreError};
use crate::grants::{self, StoredGrant};
use crate::groups::{self, StoredGroup};
use crate::hosts::{self, Host};
use crate::messages::{self, Direction, Message, MessageState};
use crate::networks::{self, Network};
use crate::seeds::{self, Seed};
use crate::things::{self, Thing};
use crate::{account, conversations, history, operations, seen, settings};

/// The form of backups that this version writes.
pub const BACKUP_VERSION: u32 = 1;

/// A whole profile, secrets and caches excepted.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Backup {
    /// Its form.
    pub version: u32,
    /// The highest sequence that a record was published with.
    pub record_sequence: u64,
    /// Whether the phrase was written down.
    pub is_phrase_confirmed: bool,
    /// The settings.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// The seeds.
    pub seeds: Vec<Seed>,
    /// The networks, each with its members.
    pub networks: Vec<NetworkBackup>,
    /// The contacts.
    pub contacts: Vec<Contact>,
    /// The hosts of things.
    pub hosts: Vec<Host>,
    /// The things.
    pub things: Vec<Thing>,
    /// The owner of this host, when it is one.
    #[serde(default)]
    pub claimed: Option<Claimed>,
    /// The grants that this host gave.
    #[serde(default)]
    pub grants: Vec<StoredGrant>,
    /// The history, oldest first.
    pub messages: Vec<Message>,
    /// What was chosen for conversations.
    #[serde(default)]
    pub conversations: Vec<ChosenConversation>,
    /// How far the chains of texts have come.
    #[serde(default)]
    pub chains: Vec<StoredChain>,
    /// The groups; never the sessions that they are written in.
    #[serde(default)]
    pub groups: Vec<StoredGroup>,
}

/// A network with its members.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct NetworkBackup {
    /// The network.
    pub network: Network,
    /// Its operations, in order.
    pub operations: Vec<OperationBackup>,
    /// Its certificates.
    pub certificates: Vec<StoredCertificate>,
}

/// One signed operation.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct OperationBackup {
    /// Its id.
    #[serde(with = "crate::wire::bytes")]
    pub id: Vec<u8>,
    /// Its bytes.
    #[serde(with = "crate::wire::bytes")]
    pub bytes: Vec<u8>,
}

/// Why a backup was not put back; nothing of it was.
#[derive(Clone, Debug, Error)]
pub enum ImportError {
    /// A later version wrote it.
    #[error("the backup has form {found}, this version knows {known}; install a newer Streembit", known = BACKUP_VERSION)]
    Newer {
        /// The form of the backup.
        found: u32,
    },
    /// There is something here already.
    #[error("this profile is not empty")]
    NotEmpty,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Takes what a backup holds, as of one moment.
    pub async fn export(&self) -> Result<Backup, StoreError> {
        self.read("take a backup", take).await
    }

    /// Puts a backup into an empty store, whole or not at all.
    ///
    /// What waited to be sent when it was taken is marked as failed: another installation may have
    /// sent it since.
    pub async fn import(&self, backup: Backup, now: Timestamp) -> Result<(), ImportError> {
        if backup.version > BACKUP_VERSION {
            return Err(ImportError::Newer {
                found: backup.version,
            });
        }
        let is_empty = self
            .write("put a backup back", move |db| {
                let is_empty = is_empty(db)?;
                if is_empty {
                    put(db, &backup, now)?;
                }
                Ok(is_empty)
            })
            .await?;
        if is_empty {
            Ok(())
        } else {
            Err(ImportError::NotEmpty)
        }
    }
}

fn take(db: &Connection) -> Result<Backup, Fault> {
    let own = account::own(db)?;
    let networks = networks::all(db)?
        .into_iter()
        .map(|network| take_network(db, network));
    Ok(Backup {
        version: BACKUP_VERSION,
        record_sequence: own.record_sequence,
        is_phrase_confirmed: own.is_phrase_confirmed,
        settings: settings::all(db)?,
        seeds: seeds::all(db)?,
        networks: networks.collect::<Result<_, _>>()?,
        contacts: contacts::all(db)?,
        hosts: hosts::all(db)?,
        things: things::all(db)?,
        claimed: claim::owner(db)?,
        grants: grants::all(db)?,
        messages: history::all(db)?,
        conversations: choices::all(db)?,
        chains: chains::all(db)?,
        groups: groups::all(db)?,
    })
}

fn take_network(db: &Connection, network: Network) -> Result<NetworkBackup, Fault> {
    Ok(NetworkBackup {
        operations: operations::with_ids(db, network.network)?,
        certificates: certificates::all(db, network.network)?,
        network,
    })
}

fn is_empty(db: &Connection) -> Result<bool, Fault> {
    let rows = db.number(
        "SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM things)
              + (SELECT count(*) FROM networks WHERE kind = 'private') + (SELECT count(*) FROM outbox)
              + (SELECT count(*) FROM claim WHERE owner IS NOT NULL)",
        [],
    )?;
    Ok(rows == 0)
}

fn put(db: &Connection, backup: &Backup, now: Timestamp) -> Result<(), Fault> {
    db.change(
        "UPDATE account SET record_sequence = max(record_sequence, ?1), phrase_confirmed = ?2",
        params![
            i64::try_from(backup.record_sequence).unwrap_or(i64::MAX),
            backup.is_phrase_confirmed
        ],
    )?;
    backup
        .settings
        .iter()
        .try_for_each(|(key, value)| settings::set(db, key, value))?;
    backup
        .seeds
        .iter()
        .try_for_each(|seed| seeds::put(db, seed).map(drop))?;
    backup
        .networks
        .iter()
        .try_for_each(|network| put_network(db, network, now))?;
    backup
        .contacts
        .iter()
        .try_for_each(|contact| contacts::put(db, contact))?;
    backup
        .hosts
        .iter()
        .try_for_each(|host| hosts::put(db, host))?;
    backup
        .things
        .iter()
        .try_for_each(|thing| things::put(db, thing))?;
    backup
        .claimed
        .map_or(Ok(()), |claimed| claim::set_owner(db, claimed))?;
    backup
        .grants
        .iter()
        .try_for_each(|grant| grants::put(db, grant))?;
    backup
        .messages
        .iter()
        .try_for_each(|message| put_message(db, message, now))?;
    backup
        .conversations
        .iter()
        .try_for_each(|it| choices::put(db, it.network, it.peer, &it.choices))?;
    backup
        .chains
        .iter()
        .try_for_each(|chain| chains::restore(db, chain))?;
    backup
        .groups
        .iter()
        .try_for_each(|group| groups::restore(db, group))
}

fn put_network(db: &Connection, backup: &NetworkBackup, now: Timestamp) -> Result<(), Fault> {
    let network = backup.network.network;
    networks::put(db, &backup.network)?;
    for operation in &backup.operations {
        let id = operation
            .id
            .as_slice()
            .try_into()
            .map_err(|_| Fault::Invalid("an operation's id"))?;
        operations::put(db, network, &[(id, operation.bytes.clone())])?;
    }
    certificates::put(db, network, &backup.certificates, now)
}

fn put_message(db: &Connection, message: &Message, now: Timestamp) -> Result<(), Fault> {
    let mut message = message.clone();
    match (message.direction, message.state) {
        (Direction::Out, MessageState::Queued | MessageState::Sent) => {
            message.state = MessageState::Failed;
            message.failure = Some("restored from a backup".to_owned());
        }
        (Direction::In, _)
        | (Direction::Out, MessageState::Delivered | MessageState::Failed | MessageState::Read) => {
        }
    }
    messages::put(db, &mut message, &Spot::default())?;
    if message.direction == Direction::In {
        seen::mark(
            db,
            message.from,
            message.id,
            message.received_at.unwrap_or(now),
        )?;
    }
    conversations::sent(db, &message)
}
