//! Requests and answers as they arrive: stored first, then signed for.

use streembit_gate::{ContactEvent, ContactState};
use streembit_identity::{AccountId, Kind, NetworkId, Timestamp};
use streembit_store::{Contact, ContactChange, ContactOutcome, OutboxItem, Relation, SecretHash};
use tracing::{debug, info, warn};

use super::{
    body, change::step, invites, limit::MAX_PENDING, request::stranger, rows::shown_name, standing,
};
use crate::{
    chat::{
        body::{decode, encode},
        not_now, receipt, short,
    },
    dispatch::{Arrival, Reply},
    event::Event,
    node::Node,
    wire::Refusal,
};

/// Takes a request in, once; whoever proves an invite is accepted at once.
pub(crate) async fn on_contact_request(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    only_in_public(arrival)?;
    let body: body::Request = decode(&arrival.envelope.body).ok_or(Refusal::Invalid)?;
    let current = node
        .store()
        .contact(arrival.network, arrival.from)
        .await
        .map_err(not_now)?;
    let invite = match &body.proof {
        Some(proof) => invites::proven(node, proof, arrival.from)
            .await
            .map_err(not_now)?,
        None => None,
    };
    let before = standing(current.as_ref());
    let event = ContactEvent::RequestReceived {
        proven: invite.is_some(),
    };
    let after = before.after(event).map_err(|_| Refusal::Denied)?;
    if before == ContactState::None && after == ContactState::Incoming {
        admit_stranger(node, arrival).await?;
    }
    if before == after && after == ContactState::Incoming {
        return Ok(receipt(arrival.envelope.id)); // it waits for the person already
    }
    if before == ContactState::Accepted {
        return answer_again(node, arrival, current).await;
    }
    take_request(node, arrival, &body, current, (after, invite)).await?;
    Ok(receipt(arrival.envelope.id))
}

/// Strangers may knock, within limits and unless the person wants peace.
async fn admit_stranger(node: &Node, arrival: &Arrival) -> Result<(), Refusal> {
    if node
        .store()
        .was_seen(arrival.from, arrival.envelope.id)
        .await
        .map_err(not_now)?
    {
        return Ok(());
    }
    let setting = node
        .store()
        .setting("contact_requests")
        .await
        .map_err(not_now)?;
    if setting.and_then(|value| value.as_bool()) == Some(false) {
        return Err(Refusal::Denied);
    }
    let contacts = node
        .store()
        .contacts(Some(arrival.network))
        .await
        .map_err(not_now)?;
    let pending = contacts
        .iter()
        .filter(|contact| contact.relation == Relation::Incoming)
        .count();
    if pending >= MAX_PENDING || !node.0.contacts.strangers.admit(arrival.from, node.now()) {
        debug!(from = %arrival.from, pending, "Held a request back");
        return Err(Refusal::Busy);
    }
    Ok(())
}

async fn take_request(
    node: &Node,
    arrival: &Arrival,
    body: &body::Request,
    current: Option<Contact>,
    (after, invite): (ContactState, Option<SecretHash>),
) -> Result<(), Refusal> {
    let from = arrival.from;
    let accepts = after == ContactState::Accepted;
    let relation = if accepts {
        Relation::Accepted
    } else {
        Relation::Incoming
    };
    let outgoing = if accepts {
        vec![acceptance(node, arrival)?]
    } else {
        Vec::new()
    };
    let before = current
        .clone()
        .unwrap_or_else(|| stranger(from, node.now()));
    let contact = Contact {
        since: since(node, current.as_ref(), relation),
        relation,
        name: body.name.to_string(),
        kind: body.kind.to_string(),
        last_seen: Some(node.now()),
        ..before
    };
    let change = ContactChange {
        cause: Some((from, arrival.envelope.id)),
        invite,
        ..step(current.as_ref(), contact, outgoing, node)
    };
    match node.change_contact(change).await.map_err(not_now)? {
        ContactOutcome::Changed => info!(peer = %from, accepts, "Took a contact request"),
        ContactOutcome::Duplicate => debug!(%from, "The request came before"),
        // Something else happened first; asked again, it is judged anew.
        ContactOutcome::InviteRefused(_) | ContactOutcome::Stale(_) => return Err(Refusal::Busy),
    }
    Ok(())
}

/// Answers a contact that asks although it is accepted, once in a while: it may have lost what it
/// knew. Nothing else changes, least of all its name.
async fn answer_again(
    node: &Node,
    arrival: &Arrival,
    current: Option<Contact>,
) -> Result<Reply, Refusal> {
    let repeated = &node.0.contacts.repeated;
    if let Some(current) = current
        && repeated.admit(arrival.from, node.now())
    {
        let change = ContactChange {
            cause: Some((arrival.from, arrival.envelope.id)),
            ..step(
                Some(&current.clone()),
                current,
                vec![acceptance(node, arrival)?],
                node,
            )
        };
        node.change_contact(change).await.map_err(not_now)?;
    }
    Ok(receipt(arrival.envelope.id))
}

/// Takes the answer to a request of ours.
pub(crate) async fn on_contact_answer(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    only_in_public(arrival)?;
    let body: body::Answer = decode(&arrival.envelope.body).ok_or(Refusal::Invalid)?;
    let (network, from) = (arrival.network, arrival.from);
    let current = node.store().contact(network, from).await.map_err(not_now)?;
    let current = current.ok_or(Refusal::Denied)?;
    let event = if body.accepts {
        ContactEvent::AcceptReceived
    } else {
        ContactEvent::DeclineReceived
    };
    let after = standing(Some(&current))
        .after(event)
        .map_err(|_| Refusal::Denied)?;
    if after == ContactState::None {
        node.forget_contact(network, from, None)
            .await
            .map_err(not_now)?;
        let text = format!("{} declined.", body.name);
        node.emit(Event::Notice {
            code: "contact_declined",
            text,
        });
    } else if current.relation != Relation::Accepted {
        take_acceptance(node, arrival, &body, current).await?;
    }
    Ok(receipt(arrival.envelope.id))
}

/// A request of ours was refused for good, by a program and not by a person: nothing is asked any
/// more.
pub(crate) async fn on_request_refused(node: &Node, network: NetworkId, by: AccountId) {
    let contact = match node.store().contact(network, by).await {
        Ok(Some(contact)) if contact.relation == Relation::Requested => contact,
        Ok(_) => return,
        Err(error) => return warn!(%error, "Could not read a contact"),
    };
    if let Err(error) = node.forget_contact(network, by, None).await {
        return warn!(%error, "Could not take a refused request back");
    }
    let name = Some(shown_name(&contact)).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| short(&by));
    node.emit(Event::Notice {
        code: "contact_refused",
        text: format!("{name} does not take your contact request."),
    });
}

async fn take_acceptance(
    node: &Node,
    arrival: &Arrival,
    body: &body::Answer,
    current: Contact,
) -> Result<(), Refusal> {
    let contact = Contact {
        since: since(node, Some(&current), Relation::Accepted),
        relation: Relation::Accepted,
        name: body.name.to_string(),
        kind: body.kind.to_string(),
        last_seen: Some(node.now()),
        ..current.clone()
    };
    let change = ContactChange {
        cause: Some((arrival.from, arrival.envelope.id)),
        ..step(Some(&current), contact, Vec::new(), node)
    };
    match node.change_contact(change).await.map_err(not_now)? {
        ContactOutcome::Changed | ContactOutcome::Duplicate => Ok(()),
        ContactOutcome::InviteRefused(_) | ContactOutcome::Stale(_) => Err(Refusal::Busy),
    }
}

/// Since when the two stand as they will: a step that changes nothing keeps the old time.
fn since(node: &Node, current: Option<&Contact>, relation: Relation) -> Timestamp {
    current
        .filter(|contact| contact.relation == relation)
        .map_or_else(|| node.now(), |contact| contact.since)
}

fn acceptance(node: &Node, arrival: &Arrival) -> Result<OutboxItem, Refusal> {
    let body = encode(&body::Answer {
        accepts: true,
        name: node.name(),
        kind: node.me().kind,
    });
    node.outbox_item(arrival.network, arrival.from, Kind::ContactAnswer, body)
        .map_err(|_| Refusal::Busy)
}

/// In a private network the members are the contacts; nobody asks.
fn only_in_public(arrival: &Arrival) -> Result<(), Refusal> {
    if arrival.network == NetworkId::PUBLIC {
        Ok(())
    } else {
        Err(Refusal::Unsupported)
    }
}
