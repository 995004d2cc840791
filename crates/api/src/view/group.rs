//! Groups.

use streembit_node::{GroupMemberView, GroupView};

use crate::types::{Group, GroupMember};

impl From<GroupView> for Group {
    fn from(view: GroupView) -> Self {
        Self {
            group: view.group.into(),
            network: view.network.into(),
            title: view.title,
            member: view.is_member,
            admin: view.is_admin,
            members: view.members.into_iter().map(GroupMember::from).collect(),
        }
    }
}

impl From<GroupMemberView> for GroupMember {
    fn from(view: GroupMemberView) -> Self {
        Self {
            peer: view.peer.into(),
            name: view.name,
            admin: view.is_admin,
            since: view.since.0,
        }
    }
}
