//! Commands about the computers of one account: linking, listing, revoking.

use streembit_identity::{NetworkId, Passphrase};
use streembit_node::profile::{Joining, KeyStoreKind, LINK_FILE, LinkWish};
use tokio::sync::watch;

use super::{account::describe, read};
use crate::{Code, Error, Host, table::Nothing, types::*, view};

pub(crate) async fn list(host: &Host, _: Nothing) -> Result<Vec<Installation>, Error> {
    let all = host.node()?.installations().await?;
    Ok(all.into_iter().map(Into::into).collect())
}

pub(crate) async fn link(host: &Host, _: Nothing) -> Result<NodeLinkOffer, Error> {
    let offer = host
        .node()?
        .node_link(host.folder().join(LINK_FILE))
        .await?;
    Ok(NodeLinkOffer {
        qr: view::link::qr(&offer.link),
        link: offer.link,
        closes_at: offer.closes_at.0,
    })
}

pub(crate) async fn link_status(host: &Host, _: Nothing) -> Result<NodeLinkStatus, Error> {
    let progress = host.node()?.node_link_progress();
    Ok(NodeLinkStatus {
        stage: progress
            .as_ref()
            .map_or(NodeLinkStage::None, |it| it.stage.into()),
        code: progress.as_ref().and_then(|it| it.code.clone()),
        closes_at: progress.as_ref().map(|it| it.closes_at.0),
        sent: progress.as_ref().map_or(0, |it| it.sent),
        total: progress.and_then(|it| it.total),
    })
}

pub(crate) async fn link_confirm(
    host: &Host,
    arguments: NodeLinkConfirm,
) -> Result<NodeLinkStatus, Error> {
    host.node()?.node_link_confirm(&arguments.code).await?;
    link_status(host, Nothing {}).await
}

pub(crate) async fn link_cancel(host: &Host, _: Nothing) -> Result<NodeLinkStatus, Error> {
    host.node()?.node_link_cancel();
    link_status(host, Nothing {}).await
}

pub(crate) async fn revoke(host: &Host, arguments: NodeRevoke) -> Result<Vec<Installation>, Error> {
    let node = read("node", &arguments.node)?;
    host.node()?.node_revoke(node).await?;
    list(host, Nothing {}).await
}

pub(crate) async fn of_contact(host: &Host, arguments: ContactNodes) -> Result<Vec<Node>, Error> {
    let network = arguments
        .network
        .map_or(NetworkId::PUBLIC, |network| network.0);
    let node = host.node()?;
    let nodes = node.nodes_of(network, arguments.peer.0).await?;
    Ok(nodes.into_iter().map(Into::into).collect())
}

pub(crate) async fn known_of_contact(
    host: &Host,
    arguments: ContactNodes,
) -> Result<Vec<ContactComputer>, Error> {
    let network = arguments
        .network
        .map_or(NetworkId::PUBLIC, |network| network.0);
    let node = host.node()?;
    let known = node.computers_of(network, arguments.peer.0).await?;
    let in_use = node.nodes_of(network, arguments.peer.0).await?;
    Ok(known
        .into_iter()
        .map(|it| ContactComputer {
            node: it.node.into(),
            since: it.since.0,
            is_new: it.is_new,
            in_use: in_use.contains(&it.node),
        })
        .collect())
}

pub(crate) async fn join(host: &Host, arguments: AccountLink) -> Result<AccountStatus, Error> {
    let (progress, receiver) = watch::channel(Joining::default());
    if !host.begin_joining(receiver) {
        return Err(Error::new(
            Code::Busy,
            "this computer is being linked already",
        ));
    }
    let wish = LinkWish {
        link: arguments.link,
        key_store: KeyStoreKind::from(arguments.key_store.unwrap_or(KeyStore::Keyring)),
        passphrase: arguments.passphrase.map(Passphrase::new),
    };
    // The account's status is asked for meanwhile: only the start is a change.
    let keys = host.profile().link(wish, &progress).await;
    drop(progress);
    let keys = keys?;
    let _change = host.change().await;
    host.run(&keys).await?;
    Ok(describe(host))
}

pub(crate) async fn join_status(host: &Host, _: Nothing) -> Result<AccountLinkStatus, Error> {
    Ok(host
        .joining()
        .map_or_else(AccountLinkStatus::default, |it| AccountLinkStatus {
            active: true,
            code: it.code,
            received: it.received,
            total: it.total,
        }))
}
