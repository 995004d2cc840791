//! Commands about the members of a private network.

use super::read;
use crate::{Error, Host, types::*};

pub(crate) async fn list(host: &Host, arguments: NetworkRef) -> Result<Vec<Member>, Error> {
    let members = host.node()?.members_list(arguments.network.0).await?;
    Ok(members.into_iter().map(Member::from).collect())
}

pub(crate) async fn add(host: &Host, arguments: MemberAdd) -> Result<MemberAdded, Error> {
    let (node, network) = (host.node()?, arguments.network.0);
    let role = arguments.role.unwrap_or(Role::Member).into();
    let name = read("name", &arguments.name)?;
    let member = node
        .member_add(network, arguments.peer.0, name, role)
        .await?;
    Ok(MemberAdded {
        member: member.into(),
        link: node.network_link(network)?,
    })
}

pub(crate) async fn remove(host: &Host, arguments: MemberRef) -> Result<MemberRemoved, Error> {
    let removed = host
        .node()?
        .member_remove(arguments.network.0, arguments.peer.0)
        .await?;
    let names = |names: Vec<streembit_identity::Name>| -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    };
    Ok(MemberRemoved {
        disconnected: u32::try_from(removed.disconnected.len() + 1).unwrap_or(u32::MAX),
        disconnected_names: names(removed.disconnected),
        pending: u32::try_from(removed.pending.len()).unwrap_or(u32::MAX),
        pending_names: names(removed.pending),
        certain_by: removed.certain_by.map(|at| at.0),
    })
}

pub(crate) async fn set_role(host: &Host, arguments: MemberSetRole) -> Result<Member, Error> {
    let role = arguments.role.into();
    Ok(host
        .node()?
        .member_set_role(arguments.network.0, arguments.peer.0, role)
        .await?
        .into())
}
