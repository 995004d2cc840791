//! What the node tells, as events with the objects that changed.

use streembit_identity::{AccountId, GroupId, MessageId, NetworkId, Party};
use streembit_node::{Event as Change, Node, Refused};

use crate::{
    Host, calls,
    events::now,
    types::{
        ActionStatus, Contact, Conversation, Device, Direction, Event, File, Group, Member,
        Message, Network, NetworkKey, Peer, PropertyState, Refusal, ThingUrl,
    },
    view,
};

/// Turns one change into events; none where nothing is left to tell.
pub(crate) async fn of(host: &Host, node: &Node, change: Change) -> Vec<Event> {
    let at = now();
    let event = match change {
        Change::Account => Some(Event::Account {
            at,
            account: Box::new(calls::account::describe(host)),
        }),
        Change::Conversation { network, peer } => conversation(node, network, peer).await,
        Change::Typing {
            network,
            peer,
            until,
        } => Some(Event::Typing {
            at,
            network: network.into(),
            peer: peer.into(),
            until: until.0,
        }),
        Change::Contact { network, peer } => Some(contact(host, node, network, peer).await),
        Change::Lagged { missed } => Some(Event::Lagged { at, missed }),
        Change::Member { network, peer } => Some(member(node, network, peer).await),
        Change::Message { id, network, peer } => message(node, network, peer, id).await,
        Change::Network { network } => Some(self::network(node, network)),
        Change::Notice { code, text } => Some(Event::Notice {
            at,
            code: code.to_owned(),
            text,
        }),
        Change::Presence { network, peer } => Some(presence(host, node, network, peer).await),
        Change::Refused { id, refused } => Some(self::refused(id, refused)),
        Change::Action { action_id, thing } => action(node, &action_id, &thing),
        Change::Device { host, network } => return devices(node, network, host).await,
        Change::DeviceEvent { data, name, thing } => device_event(&thing, name, data),
        Change::File { id, network, peer } => file(node, network, peer, id).await,
        Change::Group { group, network } => self::group(node, network, group).await,
        Change::Grant { host } => Some(Event::Grant {
            at,
            device: host.into(),
        }),
        Change::Property { name, thing } => property(node, &thing, name).await,
    };
    event.into_iter().collect()
}

fn action(node: &Node, action_id: &str, thing: &str) -> Option<Event> {
    let (_, status) = node.device_action_known(action_id)?;
    let action = status.action.clone();
    let ActionStatus {
        action_id,
        state,
        progress,
        output,
        error,
    } = status.into();
    let (at, thing) = (now(), thing.parse().ok()?);
    Some(Event::Action {
        at,
        thing,
        action,
        action_id,
        state,
        progress,
        output,
        error,
    })
}

/// One event for each thing of a device; one without a thing when the device is gone.
async fn devices(node: &Node, network: NetworkId, host: AccountId) -> Vec<Event> {
    let things = node.devices_list(Some(network)).await.unwrap_or_default();
    let mut found: Vec<_> = things
        .into_iter()
        .filter(|thing| thing.device == host)
        .map(|thing| Some(Box::new(Device::from(thing))))
        .collect();
    if found.is_empty() {
        found.push(None);
    }
    let (network, peer) = (NetworkKey::from(network), Peer::from(host));
    let event = |device| Event::Device {
        at: now(),
        network: network.clone(),
        peer: peer.clone(),
        device,
    };
    found.into_iter().map(event).collect()
}

fn device_event(thing: &str, event: String, data: serde_json::Value) -> Option<Event> {
    Some(Event::DeviceEvent {
        at: now(),
        thing: thing.parse().ok()?,
        event,
        data,
    })
}

async fn property(node: &Node, thing: &str, property: String) -> Option<Event> {
    let thing: ThingUrl = thing.parse().ok()?;
    let reading = node.device_reading(&thing.0, &property).await.ok()??;
    let PropertyState {
        reported,
        target,
        pending_since,
        at,
    } = reading.into();
    Some(Event::Property {
        at,
        thing,
        property,
        reported,
        target,
        pending_since,
    })
}

async fn found(host: &Host, node: &Node, network: NetworkId, peer: AccountId) -> Option<Contact> {
    view::contact::of(host, node.contact(network, peer).await.ok()?)
}

async fn contact(host: &Host, node: &Node, network: NetworkId, peer: AccountId) -> Event {
    let contact = found(host, node, network, peer).await.map(Box::new);
    Event::Contact {
        at: now(),
        network: network.into(),
        peer: peer.into(),
        contact,
    }
}

async fn presence(host: &Host, node: &Node, network: NetworkId, peer: AccountId) -> Event {
    let presence = node.presence(&network, &peer).into();
    let last_seen = found(host, node, network, peer)
        .await
        .and_then(|contact| contact.last_seen);
    Event::Presence {
        at: now(),
        network: network.into(),
        peer: peer.into(),
        presence,
        last_seen,
    }
}

async fn member(node: &Node, network: NetworkId, peer: AccountId) -> Event {
    let members = node.members_list(network).await.unwrap_or_default();
    let member = members.into_iter().find(|member| member.peer == peer);
    let member = member.map(|member| Box::new(Member::from(member)));
    Event::Member {
        at: now(),
        network: network.into(),
        peer: peer.into(),
        member,
    }
}

async fn group(node: &Node, network: NetworkId, group: GroupId) -> Option<Event> {
    let group = node.group(network, group).await.ok()?;
    Some(Event::Group {
        at: now(),
        group: Box::new(Group::from(group)),
    })
}

async fn message(node: &Node, network: NetworkId, peer: Party, id: MessageId) -> Option<Event> {
    let message = node.message(network, peer, id).await.ok()?;
    Some(Event::Message {
        at: now(),
        message: Box::new(Message::from(message)),
    })
}

async fn file(node: &Node, network: NetworkId, peer: AccountId, id: MessageId) -> Option<Event> {
    let file = node.file(network, peer, id).await.ok()?;
    Some(Event::File {
        at: now(),
        file: Box::new(File::from(file)),
    })
}

async fn conversation(node: &Node, network: NetworkId, peer: Party) -> Option<Event> {
    let conversation = node.conversation(network, peer).await.ok()?;
    Some(Event::Conversation {
        at: now(),
        conversation: Box::new(Conversation::from(conversation)),
    })
}

fn network(node: &Node, id: NetworkId) -> Event {
    let found = node
        .networks_list()
        .into_iter()
        .find(|view| view.network == id);
    let network = found.map(|view| Box::new(Network::from(view)));
    Event::Network {
        at: now(),
        id: id.into(),
        network,
    }
}

fn refused(id: Option<u64>, refused: Refused) -> Event {
    let direction = if refused.inbound {
        Direction::Inbound
    } else {
        Direction::Outbound
    };
    let at = refused.at.0;
    let refused = Refusal {
        id: id.map(|id| id.to_string()).unwrap_or_default(),
        at,
        network: refused.network.into(),
        peer: refused.peer.map(Into::into),
        node: refused.node.map(Into::into),
        address: refused.address,
        direction,
        reason: refused.reason.to_string(),
    };
    Event::Refused {
        at,
        refused: Box::new(refused),
    }
}
