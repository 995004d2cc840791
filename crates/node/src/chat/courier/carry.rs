//! One errand each: carry an envelope, write its state down, look for an account.

use std::time::Duration;

use streembit_delivery::{Destination, Event, Receipt, State};
use streembit_identity::{
    Accepted, AccountId, Envelope, Kind, MessageId, NetworkId, NodeId, Timestamp, Unverified,
};
use streembit_store::{MessageState, StoreError};
use tracing::{debug, warn};

use super::feed;
use crate::{
    ask::AskError,
    chat::body::{self, decode},
    contacts,
    event::Event as Change,
    files,
    mailbox::{self, NotKept},
    node::Node,
    own::copies,
    sealed::{self, NotSealed},
};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// When no answer came by then, the envelope shows as sent.
const OVERDUE: Duration = Duration::from_millis(750);
/// How long one search may take; below the limit of the outbox.
const SEARCH: Duration = Duration::from_secs(45);
/// Waits between tries to write a state down.
const STORE_PAUSE: Duration = Duration::from_secs(2);

/// What came of one try.
enum Outcome {
    /// The recipient's signed receipt.
    Stored(AccountId),
    /// Nobody there, or no answer.
    Nothing,
    /// Not now.
    Busy,
    /// The recipient cannot open it: its session is lost.
    Reset(Box<Accepted>),
    /// Never.
    Refused(Kind, &'static str),
    /// It is wanted no longer: nothing is there to carry.
    Gone,
}

/// Carries an envelope to where it is to go, once.
pub(super) async fn carry(node: Node, network: NetworkId, id: MessageId, to: Destination) {
    match attempt(&node, network, id, to).await {
        Outcome::Stored(by) => {
            let event = Event::Acknowledged {
                id,
                to,
                by,
                receipt: Receipt::Delivered,
            };
            feed(&node, network, event, None);
        }
        Outcome::Busy | Outcome::Reset(_) => feed(
            &node,
            network,
            Event::Refused {
                id,
                to,
                permanent: false,
            },
            None,
        ),
        Outcome::Gone => give_up(&node, network, id, to, "removed"),
        Outcome::Refused(kind, why) => {
            debug!(%id, to = %to.account, ?kind, why, "A peer refused an envelope");
            give_up(&node, network, id, to, why);
            if kind == Kind::ContactRequest {
                contacts::on_request_refused(&node, network, to.account).await;
            }
        }
        Outcome::Nothing => {
            feed(&node, network, Event::Failed { id, to }, None);
            super::lost(&node, network, to);
        }
    }
}

fn give_up(node: &Node, network: NetworkId, id: MessageId, to: Destination, why: &'static str) {
    let event = Event::Refused {
        id,
        to,
        permanent: true,
    };
    feed(node, network, event, Some(why));
}

async fn attempt(node: &Node, network: NetworkId, id: MessageId, to: Destination) -> Outcome {
    let Some(remote) = super::connected(node, network, to) else {
        return Outcome::Nothing;
    };
    let outcome = hand_over(node, network, id, to, remote).await;
    if let Outcome::Reset(answer) = &outcome
        && sealed::on_reset(node, network, to.account, remote, id, answer).await
    {
        return hand_over(node, network, id, to, remote).await;
    }
    outcome
}

/// Hands an envelope to one node, encrypted for it if its kind is.
async fn hand_over(
    node: &Node,
    network: NetworkId,
    id: MessageId,
    to: Destination,
    remote: NodeId,
) -> Outcome {
    let envelope = match sealed::envelope_for(node, network, to.account, remote, id).await {
        Ok(envelope) => envelope,
        Err(NotSealed::Denied) => return Outcome::Refused(Kind::Sealed, "denied"),
        Err(NotSealed::Gone) => return Outcome::Gone,
        Err(error @ (NotSealed::NoKeys | NotSealed::Store(_))) => {
            warn!(%id, %error, "Could not encrypt a message");
            return Outcome::Busy;
        }
    };
    let Ok(kind) = Unverified::<Envelope>::parse(&envelope).map(|own| own.peek().kind) else {
        return Outcome::Gone;
    };
    let answer = node.hand_over(network, remote, envelope, ANSWER);
    tokio::pin!(answer);
    let answer = match tokio::time::timeout(OVERDUE, &mut answer).await {
        Ok(answer) => answer,
        Err(_) => {
            feed(node, network, Event::Transmitted { id, to }, None);
            answer.await
        }
    };
    judge(answer, id, kind)
}

fn judge(answer: Result<Accepted, AskError>, id: MessageId, kind: Kind) -> Outcome {
    match answer {
        Ok(answer) if is_receipt(&answer, id) => Outcome::Stored(answer.from),
        Ok(answer) if answer.kind == Kind::Reset => Outcome::Reset(Box::new(answer)),
        Ok(_) => Outcome::Busy,
        Err(AskError::Denied) => Outcome::Refused(kind, "denied"),
        Err(AskError::Unsupported) => Outcome::Refused(kind, "unsupported"),
        // Clocks that differ make an envelope invalid for a while; waiting cures that.
        Err(AskError::Busy | AskError::Invalid | AskError::Seal(_)) => Outcome::Busy,
        Err(AskError::Stopped | AskError::Timeout | AskError::Unreachable) => Outcome::Nothing,
    }
}

fn is_receipt(answer: &Accepted, id: MessageId) -> bool {
    answer.kind == Kind::Receipt
        && decode::<body::Receipt>(&answer.body).is_some_and(|receipt| receipt.id == id)
}

/// Writes down how far an envelope got, and tells the listeners when a message changed.
pub(super) async fn record(
    node: Node,
    network: NetworkId,
    id: MessageId,
    to: Destination,
    state: State,
    failure: Option<&'static str>,
) {
    loop {
        let failure = failure.map(str::to_owned);
        match node
            .store()
            .record_outgoing(to.account, to.node, id, stored(state), failure)
            .await
        {
            Ok(None) => return,
            // An act changes the message that it was done to.
            Ok(Some(message)) => {
                copies::tell_delivered(&node, &message).await;
                return node.emit(Change::Message {
                    network,
                    peer: message.peer,
                    id: message.id,
                });
            }
            Err(StoreError::Stopped) => return,
            // What is lost here is only asked for again: the recipient knows the id.
            Err(error) => warn!(%id, %error, "Could not record how far a message got"),
        }
        tokio::time::sleep(STORE_PAUSE).await;
    }
}

/// Leaves copies of an item in the mailboxes of `to`, and writes down that they are kept.
pub(super) async fn deposit(node: Node, network: NetworkId, id: MessageId, to: Destination) {
    let event = match mailbox::deposit(&node, network, id, to).await {
        Ok(until) => {
            debug!(%id, to = %to.account, "A mailbox keeps what waits");
            keep_kept(&node, network, id, to, until).await;
            files::on_kept(&node, network, id, to);
            Event::Kept { id, to, until }
        }
        Err(NotKept::Gone) => return give_up(&node, network, id, to, "removed"),
        Err(error) => {
            debug!(%id, %error, "No mailbox keeps a message");
            Event::NotKept { id, to }
        }
    };
    feed(&node, network, event, None);
}

/// What is not written down is only left again after a restart.
async fn keep_kept(
    node: &Node,
    network: NetworkId,
    id: MessageId,
    to: Destination,
    until: Timestamp,
) {
    let kept = node.store().record_kept(to.account, to.node, id, until);
    match kept.await {
        Ok(Some(message)) => node.emit(Change::Message {
            network,
            peer: message.peer,
            id: message.id,
        }),
        Ok(None) => {}
        Err(error) => warn!(%id, %error, "Could not record that a mailbox keeps a message"),
    }
}

/// Looks for a destination and tells the outbox what came of it.
pub(super) async fn seek(node: Node, network: NetworkId, to: Destination) {
    let searches = node.0.chat.searches.clone();
    let Ok(permit) = searches.acquire().await else {
        return;
    };
    let mut outcome = node.reach_at(network, to, SEARCH).await;
    if outcome.is_err() && to.node.is_some() && to.account != node.me().account {
        // It may be gone for good, and another have taken its place: meeting that one sends it
        // what waits.
        let any = node.reach(network, to.account, SEARCH).await;
        outcome = any.and(outcome);
    }
    drop(permit);
    node.0.chat.end_search(network, to);
    match outcome {
        Ok(found) => super::found(&node, network, Destination::at(to.account, found)),
        Err(error) => {
            debug!(account = %to.account, %error, "Could not reach a recipient");
            super::lost(&node, network, to);
        }
    }
}

/// The store's word for a state.
pub(in crate::chat) fn stored(state: State) -> MessageState {
    match state {
        State::Queued => MessageState::Queued,
        State::Sent => MessageState::Sent,
        State::Failed => MessageState::Failed,
        State::Delivered => MessageState::Delivered,
        State::Read => MessageState::Read,
    }
}

/// The state that the store's word stands for.
pub(in crate::chat) fn state_of(state: MessageState) -> State {
    match state {
        MessageState::Queued => State::Queued,
        MessageState::Sent => State::Sent,
        MessageState::Failed => State::Failed,
        MessageState::Delivered => State::Delivered,
        MessageState::Read => State::Read,
    }
}
