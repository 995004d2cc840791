//! Networks, members, connections and refusals.

use streembit_gate::Invite;
use streembit_identity::{NetworkId, Timestamp};
use streembit_node::{Inbound, MemberView, NetworkView, Node, PeerView, split_address};

use crate::types::{
    Direction, History, InviteState, ListChange, ListedMember, Member, Network, NetworkInvite,
    NetworkKind, NetworkPeer, NetworkState, Policy, Reachability, Refusal, Role, Seed, Transport,
};

impl From<NetworkView> for Network {
    fn from(view: NetworkView) -> Self {
        Self {
            network: view.network.into(),
            name: view.name,
            kind: if view.is_public {
                NetworkKind::Public
            } else {
                NetworkKind::Private
            },
            state: view.state.into(),
            role: view.role.map(Role::from),
            peers: u32::try_from(view.peers).unwrap_or(u32::MAX),
            addresses: view.addresses,
            confirmed_at: view.confirmed_at.map(|at| at.0),
            confirmed_by: view.confirmed_by.map(Into::into),
            history: view.history.map(|(operations, limit)| History {
                operations: u32::try_from(operations).unwrap_or(u32::MAX),
                limit: u32::try_from(limit).unwrap_or(u32::MAX),
            }),
            is_behind: view.is_behind,
            stale_at: view.stale_at.map(|at| at.0),
            policy: view.policy.map(Policy::from),
            reachability: match view.inbound {
                Some(Inbound::Anywhere) => Reachability::Reachable,
                Some(Inbound::Local) => Reachability::Local,
                None => Reachability::Unknown,
            },
            waiting_for: view.waiting_for,
        }
    }
}

/// Describes an invite as it is at `now`.
pub(crate) fn invite(invite: Invite, now: Timestamp) -> NetworkInvite {
    NetworkInvite {
        id: invite.id.to_string(),
        state: match invite.state(now) {
            streembit_gate::InviteState::Expired => InviteState::Expired,
            streembit_gate::InviteState::Open => InviteState::Open,
            streembit_gate::InviteState::Revoked => InviteState::Revoked,
            streembit_gate::InviteState::Used => InviteState::Used,
        },
        name: invite.name.map(|name| name.to_string()),
        role: invite.role.into(),
        created_at: invite.created_at.0,
        expires_at: invite.expires_at.0,
        used_by: invite.used.map(|used| used.by.into()),
        used_at: invite.used.map(|used| used.at.0),
    }
}

impl From<streembit_node::NetworkState> for NetworkState {
    fn from(state: streembit_node::NetworkState) -> Self {
        match state {
            streembit_node::NetworkState::Alone => Self::Alone,
            streembit_node::NetworkState::Connected => Self::Connected,
            streembit_node::NetworkState::Stale => Self::Stale,
            streembit_node::NetworkState::Starting => Self::Starting,
        }
    }
}

impl From<streembit_gate::Policy> for Policy {
    fn from(policy: streembit_gate::Policy) -> Self {
        Self {
            stale_after_days: policy.stale_after_days,
            cuts_off: policy.cuts_off,
        }
    }
}

impl From<streembit_gate::Role> for Role {
    fn from(role: streembit_gate::Role) -> Self {
        match role {
            streembit_gate::Role::Admin => Self::Admin,
            streembit_gate::Role::Device => Self::Device,
            streembit_gate::Role::Hub => Self::Hub,
            streembit_gate::Role::Member => Self::Member,
        }
    }
}

impl From<Role> for streembit_gate::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Device => Self::Device,
            Role::Hub => Self::Hub,
            Role::Member => Self::Member,
        }
    }
}

impl From<PeerView> for NetworkPeer {
    fn from(view: PeerView) -> Self {
        Self {
            peer: view.peer.into(),
            node: view.node.into(),
            name: view.name,
            address: view.address,
            transport: if view.transport == "quic" {
                Transport::Quic
            } else {
                Transport::Tcp
            },
            relayed: false,
            rtt_ms: view
                .rtt
                .map(|rtt| u64::try_from(rtt.as_millis()).unwrap_or(u64::MAX)),
            since: view.since.0,
        }
    }
}

impl From<MemberView> for Member {
    fn from(view: MemberView) -> Self {
        Self {
            peer: view.peer.into(),
            name: view.name.to_string(),
            role: view.role.into(),
            added_at: view.added_at.0,
            added_by: view.added_by.into(),
            online: view.is_online,
            last_seen: view.last_seen.map(|at| at.0),
            nodes: view.nodes.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<MemberView> for ListedMember {
    fn from(view: MemberView) -> Self {
        Self {
            peer: view.peer.into(),
            name: view.name.to_string(),
            role: view.role.into(),
        }
    }
}

impl From<streembit_gate::Binding> for ListedMember {
    fn from(binding: streembit_gate::Binding) -> Self {
        Self {
            peer: binding.account.into(),
            name: binding.name.to_string(),
            role: binding.role.into(),
        }
    }
}

impl From<streembit_node::ListChange> for ListChange {
    fn from(change: streembit_node::ListChange) -> Self {
        let listed = |bindings: Vec<streembit_gate::Binding>| {
            bindings.into_iter().map(ListedMember::from).collect()
        };
        Self {
            added: listed(change.added),
            removed: listed(change.removed),
            changed: listed(change.changed),
        }
    }
}

impl From<streembit_store::Refusal> for Refusal {
    fn from(refusal: streembit_store::Refusal) -> Self {
        let attempt = refusal.attempt;
        let is_inbound = attempt.direction == "inbound";
        Self {
            id: refusal.id.to_string(),
            at: attempt.at.0,
            network: attempt.network.into(),
            peer: attempt.account.map(Into::into),
            node: attempt.node.map(Into::into),
            address: attempt.address,
            direction: if is_inbound {
                Direction::Inbound
            } else {
                Direction::Outbound
            },
            reason: attempt.reason,
        }
    }
}

/// Describes a seed; one whose address names no node is left out.
pub(crate) fn seed(node: &Node, seed: streembit_store::Seed) -> Option<Seed> {
    let (remote, _) = split_address(&seed.address)?;
    let public = node.network(&NetworkId::PUBLIC);
    let connected =
        public.is_some_and(|network| network.net().peers().iter().any(|link| link.node == remote));
    Some(Seed {
        address: seed.address,
        node: remote.into(),
        added_at: seed.added_at.0,
        connected,
    })
}
