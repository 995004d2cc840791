//! Asking whoever wrote for what is lacking of a group: at once over a connection, and apart from
//! everything else where a mailbox brought what they wrote.

use std::time::Duration;

use streembit_gate::Group;
use streembit_identity::{AccountId, GroupId, Kind, MessageId, NetworkId, NodeId};
use streembit_store::Store;
use tracing::{debug, warn};

use super::{
    apply::{NotTaken, take},
    body::{Ask, Operations},
    send::heads,
};
use crate::{
    ask::AskError,
    chat::{
        body::{decode, encode},
        not_now,
    },
    dispatch::Arrival,
    mailbox,
    node::{Node, message_id},
    wire::Refusal,
};

/// How long the sender may take to tell what is lacking.
const ANSWER: Duration = Duration::from_secs(10);
/// Questions apart from everything else at once; what is not asked now is with the next round.
const MAX_LATER: usize = 16;

/// Whoever knows more of a group, and where.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Teller {
    network: NetworkId,
    account: AccountId,
    node: NodeId,
}

impl From<&Arrival> for Teller {
    fn from(arrival: &Arrival) -> Self {
        Self {
            network: arrival.network,
            account: arrival.from,
            node: arrival.node,
        }
    }
}

/// Asks the sender for the changes of a group that are lacking here.
pub(super) async fn ask(
    node: &Node,
    teller: Teller,
    group: GroupId,
    known: Option<&Group>,
) -> Result<(), Refusal> {
    let (now, kind) = (node.now(), Kind::GroupAsk);
    let body = encode(&Ask {
        group,
        heads: known.map(heads).unwrap_or_default(),
    });
    let request = node
        .seal(
            teller.network,
            teller.account,
            kind,
            message_id(now),
            now,
            body,
        )
        .map_err(|_| Refusal::Busy)?;
    let answer = node.hand_over(teller.network, teller.node, request, ANSWER);
    let answer = answer.await.map_err(|error| {
        debug!(from = %teller.account, %error, "Could not ask for the changes of a group");
        match error {
            AskError::Denied => Refusal::Denied,
            // Whoever is not there now may be later.
            AskError::Busy
            | AskError::Invalid
            | AskError::Seal(_)
            | AskError::Stopped
            | AskError::Timeout
            | AskError::Unreachable
            | AskError::Unsupported => Refusal::Busy,
        }
    })?;
    let body: Operations = decode(&answer.body)
        .filter(|_| answer.kind == Kind::GroupAnswer)
        .ok_or(Refusal::Invalid)?;
    if body.group != group {
        return Err(Refusal::Invalid);
    }
    if body.operations.is_empty() {
        return Ok(());
    }
    taken(node, teller, body, (node.store(), None)).await
}

/// Asks while everything else goes on; one question at a time to each node. Once it knows more, what
/// mailboxes keep is looked at again.
pub(super) fn ask_later(node: &Node, teller: Teller, group: GroupId) {
    {
        let mut asking = node.0.groups.asking();
        if asking.len() >= MAX_LATER || !asking.insert(teller) {
            return;
        }
    }
    let this = node.clone();
    node.spawn(async move {
        let known = this.0.groups.find(teller.network, group);
        let asked = ask(&this, teller, group, known.as_deref()).await;
        this.0.groups.asking().remove(&teller);
        match asked {
            Ok(()) => mailbox::look_again(&this, teller.network),
            Err(error) => debug!(from = %teller.account, %error, "Is behind with a group"),
        }
    });
}

/// Takes changes of a group, and says what is wrong with them.
pub(super) async fn taken(
    node: &Node,
    teller: Teller,
    body: Operations,
    way: (&Store, Option<MessageId>),
) -> Result<(), Refusal> {
    let operations = body.operations.into_iter().map(Into::into).collect();
    let (network, from) = (teller.network, teller.account);
    let taken = take(node, network, body.group, operations, from, way);
    taken.await.map_err(|error| match error {
        NotTaken::Store(error) => not_now(error),
        NotTaken::NotTheirs => {
            warn!(%from, group = %body.group, "Refused changes of a group by a stranger to it");
            Refusal::Denied
        }
        error @ (NotTaken::Invalid(_) | NotTaken::NoGroup(_) | NotTaken::TooMany) => {
            warn!(%from, group = %body.group, %error, "Refused changes of a group");
            Refusal::Invalid
        }
    })
}
