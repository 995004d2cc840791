//! Contacts.

use streembit_gate::ContactState as Standing;
use streembit_node::ContactView;

use crate::{
    Host,
    types::{Contact, ContactState, Kind, Presence, Role},
};

/// Describes a contact; a stranger is none.
pub(crate) fn of(host: &Host, view: ContactView) -> Option<Contact> {
    let state = match view.state {
        Standing::Accepted => ContactState::Accepted,
        Standing::Blocked => ContactState::Blocked,
        Standing::Incoming => ContactState::Incoming,
        Standing::Requested => ContactState::Requested,
        Standing::None => return None,
    };
    Some(Contact {
        peer: view.peer.into(),
        name: view.name,
        network: view.network.into(),
        state,
        presence: view.presence.into(),
        last_seen: view.last_seen.map(|at| at.0),
        verified: view.is_verified,
        since: view.since.0,
        grants: host.rights().of(view.peer),
        fingerprint: view.fingerprint,
        kind: view.kind.map(Kind::from),
        role: view.role.map(Role::from),
        gone_since: view.gone_since.map(|at| at.0),
    })
}

impl From<streembit_node::Presence> for Presence {
    fn from(presence: streembit_node::Presence) -> Self {
        match presence {
            streembit_node::Presence::Offline => Self::Offline,
            streembit_node::Presence::Online => Self::Online,
            streembit_node::Presence::Reachable => Self::Reachable,
        }
    }
}
