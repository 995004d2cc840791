//! Commands about groups.

use super::read;
use crate::{Error, Host, types::*};

pub(crate) async fn list(host: &Host, arguments: NetworkFilter) -> Result<Vec<Group>, Error> {
    let network = arguments.network.map(|network| network.0);
    let found = host.node()?.groups_list(network).await;
    Ok(found.into_iter().map(Group::from).collect())
}

pub(crate) async fn create(host: &Host, arguments: GroupCreate) -> Result<Group, Error> {
    let title = read("title", &arguments.title)?;
    let peers = arguments.peers.into_iter().map(|peer| peer.0).collect();
    let created = host
        .node()?
        .group_create(arguments.network.0, title, peers)
        .await?;
    Ok(created.into())
}

pub(crate) async fn rename(host: &Host, arguments: GroupRename) -> Result<Group, Error> {
    let title = read("title", &arguments.title)?;
    let renamed = host.node()?.group_rename(arguments.group.0, title).await?;
    Ok(renamed.into())
}

pub(crate) async fn add(host: &Host, arguments: GroupAdd) -> Result<Group, Error> {
    let peers = arguments.peers.into_iter().map(|peer| peer.0).collect();
    let added = host.node()?.group_add(arguments.group.0, peers).await?;
    Ok(added.into())
}

pub(crate) async fn remove(host: &Host, arguments: GroupRemove) -> Result<Group, Error> {
    let removed = host
        .node()?
        .group_remove(arguments.group.0, arguments.peer.0)
        .await?;
    Ok(removed.into())
}

pub(crate) async fn leave(host: &Host, arguments: GroupRef) -> Result<Group, Error> {
    Ok(host.node()?.group_leave(arguments.group.0).await?.into())
}

pub(crate) async fn admin(host: &Host, arguments: GroupAdmin) -> Result<Group, Error> {
    let changed = host
        .node()?
        .group_admin(arguments.group.0, arguments.peer.0, arguments.admin)
        .await?;
    Ok(changed.into())
}
