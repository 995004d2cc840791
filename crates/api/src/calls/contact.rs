//! Commands about contacts.

use streembit_identity::{Name, NetworkId};
use streembit_node::{ContactView, Node};

use super::{invalid, read};
use crate::{Code, Error, Host, table::Nothing, types::*, view};

pub(crate) async fn invite(host: &Host, _: Nothing) -> Result<LinkText, Error> {
    Ok(view::link::text(host.node()?.contact_invite().await?, None))
}

pub(crate) async fn find(host: &Host, arguments: ContactFind) -> Result<Vec<ContactFound>, Error> {
    let name = read("name", arguments.name.trim())?;
    let found = host.node()?.contact_find(&name).await?;
    let shown = found.into_iter().map(|found| ContactFound {
        peer: found.peer.into(),
        name: found.name.to_string(),
        fingerprint: found.fingerprint,
    });
    Ok(shown.collect())
}

pub(crate) async fn add(host: &Host, arguments: ContactAdd) -> Result<Contact, Error> {
    let node = host.node()?;
    let name = arguments
        .name
        .map(|name| read::<Name>("name", &name))
        .transpose()?;
    let added = match (arguments.link, arguments.peer) {
        (Some(link), None) => node.contact_add_link(&link, name).await?,
        (None, Some(peer)) => node.contact_add(peer.0, name).await?,
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid("link", "give either an invite link or an account"));
        }
    };
    shown(host, added)
}

pub(crate) async fn list(host: &Host, arguments: NetworkFilter) -> Result<Vec<Contact>, Error> {
    let contacts = host
        .node()?
        .contacts_list(arguments.network.map(|network| network.0))
        .await?;
    Ok(contacts
        .into_iter()
        .filter_map(|contact| view::contact::of(host, contact))
        .collect())
}

pub(crate) async fn accept(host: &Host, arguments: ContactRef) -> Result<Contact, Error> {
    let node = public(host, &arguments)?;
    node.contact_accept(arguments.peer.0).await?;
    one(host, &node, &arguments).await
}

pub(crate) async fn decline(host: &Host, arguments: ContactRef) -> Result<(), Error> {
    Ok(public(host, &arguments)?
        .contact_decline(arguments.peer.0)
        .await?)
}

pub(crate) async fn block(host: &Host, arguments: ContactRef) -> Result<Contact, Error> {
    let node = public(host, &arguments)?;
    node.contact_block(arguments.peer.0).await?;
    one(host, &node, &arguments).await
}

pub(crate) async fn unblock(host: &Host, arguments: ContactRef) -> Result<(), Error> {
    Ok(public(host, &arguments)?
        .contact_unblock(arguments.peer.0)
        .await?)
}

pub(crate) async fn remove(host: &Host, arguments: ContactRef) -> Result<(), Error> {
    Ok(public(host, &arguments)?
        .contact_remove(arguments.peer.0)
        .await?)
}

pub(crate) async fn rename(host: &Host, arguments: ContactRename) -> Result<Contact, Error> {
    let name = read("name", &arguments.name)?;
    let network = arguments.network.map(|network| network.0);
    shown(
        host,
        host.node()?
            .contact_rename(network, arguments.peer.0, name)
            .await?,
    )
}

pub(crate) async fn safety_number(
    host: &Host,
    arguments: ContactRef,
) -> Result<SafetyNumber, Error> {
    let compared = host.node()?.contact_safety_number(arguments.peer.0)?;
    // Sixty digits always fit.
    let qr = view::link::qr(&compared.qr).unwrap_or_default();
    Ok(SafetyNumber {
        number: compared.number,
        qr,
    })
}

pub(crate) async fn verify(host: &Host, arguments: ContactVerify) -> Result<Contact, Error> {
    let network = arguments.network.map(|network| network.0);
    shown(
        host,
        host.node()?
            .contact_verify(network, arguments.peer.0, arguments.verified)
            .await?,
    )
}

/// Returns the node, for what exists in the public network only.
fn public(host: &Host, arguments: &ContactRef) -> Result<Node, Error> {
    match &arguments.network {
        Some(network) if network.0 != NetworkId::PUBLIC => Err(Error::new(
            Code::Unsupported,
            "in a private network the admin decides who is in it: use the members",
        )),
        Some(_) | None => host.node(),
    }
}

async fn one(host: &Host, node: &Node, arguments: &ContactRef) -> Result<Contact, Error> {
    shown(
        host,
        node.contact(NetworkId::PUBLIC, arguments.peer.0).await?,
    )
}

fn shown(host: &Host, contact: ContactView) -> Result<Contact, Error> {
    view::contact::of(host, contact)
        .ok_or_else(|| Error::new(Code::NotFound, "this account is not among the contacts"))
}
