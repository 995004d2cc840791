//! Leaving copies in the mailboxes of somebody who cannot be reached.

use std::{collections::BTreeSet, time::Duration};

use streembit_delivery::{Destination, mailbox::MAX_COPY};
use streembit_identity::{
    AccountId, DeviceKeys, Kind, MessageId, NetworkId, NodeId, PeerRecord, Timestamp,
};
use tracing::debug;

use super::{
    body::{Deposit, Deposited, Outcome},
    is_hub, letter, lock,
};
use crate::{
    ask::AskError,
    chat::body::{decode, encode},
    networks::Network,
    node::{Node, message_id},
    sealed::{self, NotSealed},
};

/// Mailboxes that a copy is left in, where there are so many.
const ENOUGH: usize = 2;
/// Mailboxes that are tried.
const MAX_TRIED: usize = 6;
/// How long one mailbox may take.
const ANSWER: Duration = Duration::from_secs(20);

/// Nothing keeps a copy, because …
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotKept {
    /// the mailboxes are full.
    #[error("the mailboxes are full")]
    Full,
    /// it waits no longer.
    #[error("it waits no longer")]
    Gone,
    /// the recipient's keys could not be had.
    #[error("the recipient's keys could not be had")]
    NoKeys,
    /// the recipient has no mailbox.
    #[error("the recipient has no mailbox")]
    NoMailbox,
    /// the mailboxes refuse it.
    #[error("the mailboxes refuse it")]
    Refused,
    /// it is too large.
    #[error("it is too large for a mailbox")]
    TooLarge,
    /// no mailbox can be reached.
    #[error("no mailbox can be reached")]
    Unreachable,
}

/// Leaves copies of what waits in the outbox for `to`; returns until when it is kept.
pub(crate) async fn deposit(
    node: &Node,
    network: NetworkId,
    id: MessageId,
    to: Destination,
) -> Result<Timestamp, NotKept> {
    let left = attempt(node, network, id, to).await;
    let mut trouble = lock(&node.0.mailboxes.trouble);
    match left {
        Ok(_) => {
            trouble.remove(&network);
        }
        Err(NotKept::Gone) => {}
        Err(why) => {
            trouble.insert(network, (why, node.now()));
        }
    }
    left
}

async fn attempt(
    node: &Node,
    network: NetworkId,
    id: MessageId,
    to: Destination,
) -> Result<Timestamp, NotKept> {
    let live = node.network(&network).ok_or(NotKept::Gone)?;
    let account = to.account;
    let record = node.record_of(network, account).await;
    let record = record.as_deref();
    let mailboxes = mailboxes_of(node, &live, account, record);
    if mailboxes.is_empty() {
        return Err(NotKept::NoMailbox);
    }
    let keys = record.map(|record| sealed::keys_in(node, network, record));
    let mut keys = keys.into_iter().flatten();
    let keys = keys.find(|keys| to.node.is_none_or(|wanted| wanted == keys.node));
    let keys = keys.ok_or(NotKept::NoKeys)?;
    let envelope = sealed::envelope_for(node, network, account, keys.node, id)
        .await
        .map_err(|error| match error {
            NotSealed::Gone => NotKept::Gone,
            NotSealed::Denied | NotSealed::NoKeys | NotSealed::Store(_) => NotKept::NoKeys,
        })?;
    leave_in(node, &live, account, &keys, &envelope, mailboxes).await
}

async fn leave_in(
    node: &Node,
    network: &Network,
    to: AccountId,
    keys: &DeviceKeys,
    envelope: &[u8],
    mailboxes: Vec<Destination>,
) -> Result<Timestamp, NotKept> {
    let mut kept: Vec<Timestamp> = Vec::new();
    let mut why = NotKept::Unreachable;
    for mailbox in mailboxes.into_iter().take(MAX_TRIED) {
        match leave(node, network, mailbox, to, keys, envelope).await {
            Ok(until) => kept.push(until),
            Err(error) => {
                debug!(mailbox = %mailbox.account, %error, "A mailbox kept nothing");
                why = error;
            }
        }
        if kept.len() >= ENOUGH {
            break;
        }
    }
    kept.into_iter().max().ok_or(why)
}

/// Those who keep messages for `account`: the hubs of its private network, and whom its record
/// names. This node is none, nor is any of the account's own.
fn mailboxes_of(
    node: &Node,
    live: &Network,
    account: AccountId,
    record: Option<&PeerRecord>,
) -> Vec<Destination> {
    let me = node.me().account;
    let named = record.and_then(|record| record.mailboxes.as_deref());
    let named = named.into_iter().flatten();
    let named = named.filter(|mailbox| live.is_public() || live.has_member(&mailbox.account));
    let named = named.map(|mailbox| Destination::at(mailbox.account, mailbox.node));
    let mut all: Vec<Destination> = hubs(live).into_iter().map(Destination::any).collect();
    all.extend(named.filter(|named| !is_hub(live, &named.account)));
    all.retain(|mailbox| mailbox.account != me && mailbox.account != account);
    all
}

/// The hubs of a private network.
pub(super) fn hubs(live: &Network) -> Vec<AccountId> {
    let members = live.ledger().map(|ledger| {
        let members = ledger.roster().members.keys().copied();
        members.collect::<BTreeSet<AccountId>>()
    });
    let members = members.into_iter().flatten();
    members.filter(|member| is_hub(live, member)).collect()
}

async fn leave(
    node: &Node,
    network: &Network,
    mailbox: Destination,
    to: AccountId,
    keys: &DeviceKeys,
    envelope: &[u8],
) -> Result<Timestamp, NotKept> {
    let remote = node.reach_at(network.id(), mailbox, ANSWER).await;
    let remote: NodeId = remote.map_err(|_| NotKept::Unreachable)?;
    let copy = letter::cover(node, keys, envelope.to_vec()).ok_or(NotKept::NoKeys)?;
    if copy.len() > MAX_COPY {
        return Err(NotKept::TooLarge);
    }
    let body = encode(&Deposit {
        to,
        node: keys.node,
        token: letter::token(remote, envelope),
        copy: copy.into(),
    });
    let (now, kind) = (node.now(), Kind::MailDeposit);
    let request = node
        .seal(
            network.id(),
            mailbox.account,
            kind,
            message_id(now),
            now,
            body,
        )
        .map_err(|_| NotKept::TooLarge)?;
    let answer = node.hand_over(network.id(), remote, request, ANSWER).await;
    let answer = answer.map_err(|error| match error {
        AskError::Denied | AskError::Unsupported => NotKept::Refused,
        AskError::Busy
        | AskError::Invalid
        | AskError::Seal(_)
        | AskError::Stopped
        | AskError::Timeout
        | AskError::Unreachable => NotKept::Unreachable,
    })?;
    let answer = decode::<Deposited>(&answer.body).filter(|_| answer.kind == Kind::MailDeposited);
    match answer {
        Some(Deposited {
            outcome: Outcome::Kept,
            until: Some(until),
        }) => Ok(until),
        Some(answer) => Err(match answer.outcome {
            Outcome::Full => NotKept::Full,
            Outcome::TooLarge => NotKept::TooLarge,
            Outcome::Kept | Outcome::Unknown | Outcome::Denied => NotKept::Refused,
        }),
        None => Err(NotKept::Refused),
    }
}
