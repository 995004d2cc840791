//! What is shown of groups: their members, and lines about their changes.

use streembit_gate::{Group, Role};
use streembit_identity::{AccountId, GroupId, NetworkId, Timestamp};

use super::GroupError;
use crate::{chat::short, node::Node};

/// What kinds of lines about changes begin with.
const MARK: &str = "group ";

/// A group, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupView {
    /// Its id.
    pub group: GroupId,
    /// Its network.
    pub network: NetworkId,
    /// What it is called.
    pub title: String,
    /// Whether this account is in it.
    pub is_member: bool,
    /// Whether this account may change it.
    pub is_admin: bool,
    /// Who belongs to it.
    pub members: Vec<GroupMemberView>,
}

/// Somebody in a group, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GroupMemberView {
    /// Whether it may change the group.
    pub is_admin: bool,
    /// What it is called.
    pub name: String,
    /// Who.
    pub peer: AccountId,
    /// Since when.
    pub since: Timestamp,
}

/// A change of a group, as its conversation tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoteView {
    /// What happened: `created added removed left renamed admin no_admin`.
    pub what: &'static str,
    /// To whom.
    pub peer: Option<AccountId>,
}

/// A change of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Note {
    /// Somebody was added.
    Added(AccountId),
    /// Somebody became an admin.
    Admin(AccountId),
    /// It was begun, under this title.
    Created(String),
    /// Whoever did it left.
    Left,
    /// Somebody is an admin no longer.
    NoAdmin(AccountId),
    /// Somebody was removed.
    Removed(AccountId),
    /// It has another title.
    Renamed(String),
}

impl Note {
    /// The kind of the line, and its text.
    pub(super) fn stored(self) -> (String, String) {
        let about = |word: &str, peer: AccountId| (format!("{MARK}{word} {peer}"), String::new());
        match self {
            Self::Added(peer) => about("added", peer),
            Self::Admin(peer) => about("admin", peer),
            Self::Created(title) => (format!("{MARK}created"), title),
            Self::Left => (format!("{MARK}left"), String::new()),
            Self::NoAdmin(peer) => about("no_admin", peer),
            Self::Removed(peer) => about("removed", peer),
            Self::Renamed(title) => (format!("{MARK}renamed"), title),
        }
    }
}

impl NoteView {
    /// Reads what a line is about from its kind; none for what is a message.
    pub(crate) fn read(kind: &str) -> Option<Self> {
        let mut words = kind.strip_prefix(MARK)?.split(' ');
        let word = words.next()?;
        let all = [
            "created", "added", "removed", "left", "renamed", "admin", "no_admin",
        ];
        Some(Self {
            what: all.into_iter().find(|it| *it == word)?,
            peer: words.next().and_then(|peer| peer.parse().ok()),
        })
    }
}

/// Whether it is no message but tells of a change of a group.
pub(crate) fn is_note(kind: &str) -> bool {
    kind.starts_with(MARK)
}

/// What a group is called.
pub(crate) fn title(node: &Node, network: NetworkId, group: GroupId) -> String {
    let known = node.0.groups.find(network, group);
    known.map_or_else(String::new, |group| group.roster().name.to_string())
}

impl Node {
    /// Lists the groups of one network or of all, also those that this account is in no longer.
    pub async fn groups_list(&self, network: Option<NetworkId>) -> Vec<GroupView> {
        let known: Vec<_> = self.0.groups.known().values().cloned().collect();
        let mut views = Vec::with_capacity(known.len());
        for group in known {
            if network.is_none_or(|it| it == group.within()) {
                views.push(self.group_view(&group).await);
            }
        }
        views
    }

    /// Returns a group, also one that this account is in no longer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn group(&self, network: NetworkId, group: GroupId) -> Result<GroupView, GroupError> {
        let known = self.0.groups.find(network, group);
        let known = known.ok_or(GroupError::NotFound("no such group"))?;
        Ok(self.group_view(&known).await)
    }

    pub(super) async fn group_view(&self, group: &Group) -> GroupView {
        let roster = group.roster();
        let me = roster.member(self.me().account);
        let network = self.network(&group.within());
        let mut members = Vec::with_capacity(roster.members.len());
        for member in roster.members.values() {
            let name = match &network {
                Some(network) => self.known_name(network, member.account).await,
                None => None,
            };
            members.push(GroupMemberView {
                is_admin: member.role == Role::Admin,
                name: name.unwrap_or_else(|| short(&member.account)),
                peer: member.account,
                since: member.added_at,
            });
        }
        GroupView {
            group: group.id(),
            network: group.within(),
            title: roster.name.to_string(),
            is_member: me.is_some(),
            is_admin: me.is_some_and(|me| me.role == Role::Admin),
            members,
        }
    }
}
