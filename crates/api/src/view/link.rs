//! Links: as text with a QR code, and what one is and would do.

use fast_qr::{QRBuilder, convert::svg::SvgBuilder};
use streembit_gate::{ContactState, Ledger};
use streembit_identity::{
    NetworkId, Timestamp, fingerprint,
    link::{ClaimLink, ContactInvite, Invited, JoinLink, Link, NetworkLink, NodeLink, SeedLink},
};
use streembit_node::Node;

use crate::{
    Error,
    calls::invalid,
    events,
    types::{LinkInspection, LinkKind, LinkText},
};

/// Returns a link with its QR code.
pub(crate) fn text(link: String, expires_at: Option<u64>) -> LinkText {
    LinkText {
        qr: qr(&link),
        link,
        expires_at,
    }
}

/// Returns the QR code of `text` as an SVG document; `None` where it is too long for one.
pub(crate) fn qr(text: &str) -> Option<String> {
    QRBuilder::new(text)
        .build()
        .ok()
        .map(|code| SvgBuilder::default().to_str(&code))
}

/// Tells what a link is and would do.
pub(crate) async fn inspection(node: &Node, link: Link) -> Result<LinkInspection, Error> {
    match link {
        Link::Claim(link) => Ok(claim(link)),
        Link::Invite(link) => invite(node, &link).await,
        Link::Join(link) => join(node, *link),
        Link::Network(link) => network(node, link),
        Link::Node(link) => Ok(computer(link)),
        Link::Seed(link) => seed(node, link).await,
    }
}

fn claim(link: ClaimLink) -> LinkInspection {
    LinkInspection {
        kind: LinkKind::Claim,
        peer: Some(link.host.into()),
        fingerprint: Some(fingerprint(link.host)),
        node: Some(link.node.into()),
        network: None,
        effect: format!(
            "Makes you the owner of the device \u{201c}{}\u{201d} and adds it to a network that \
             you choose. The device must still be waiting to be claimed.",
            link.title
        ),
        name: Some(link.title.to_string()),
        addresses: link.addresses,
        expires_at: None,
        expired: false,
        known: false,
    }
}

fn computer(link: NodeLink) -> LinkInspection {
    LinkInspection {
        kind: LinkKind::Node,
        peer: Some(link.account.into()),
        fingerprint: Some(fingerprint(link.account)),
        node: Some(link.node.into()),
        network: None,
        effect: format!(
            "Makes a computer one of \u{201c}{}\u{201d}'s. It is meant for a computer on which \
             Streembit has no account yet: choose it there, at the first start.",
            link.name
        ),
        name: Some(link.name.to_string()),
        addresses: link.addresses,
        expires_at: None,
        expired: false,
        known: false,
    }
}

async fn invite(node: &Node, link: &ContactInvite) -> Result<LinkInspection, Error> {
    let invite = node.invite_inspect(link).await?;
    Ok(LinkInspection {
        kind: LinkKind::Invite,
        peer: Some(invite.peer.into()),
        fingerprint: Some(invite.fingerprint),
        node: invite.node.map(Into::into),
        network: Some(NetworkId::PUBLIC.into()),
        name: Some(invite.name.to_string()),
        addresses: invite.addresses,
        expires_at: Some(invite.expires.0),
        expired: invite.is_expired,
        known: invite.is_own || invite.state == ContactState::Accepted,
        effect: invite.effect,
    })
}

fn network(node: &Node, link: NetworkLink) -> Result<LinkInspection, Error> {
    let ledger =
        Ledger::from_genesis(&link.genesis).map_err(|error| invalid("link", &error.to_string()))?;
    let id = ledger.network();
    Ok(LinkInspection {
        kind: LinkKind::Network,
        peer: Some(link.issuer.into()),
        fingerprint: Some(fingerprint(link.issuer)),
        node: None,
        network: Some(id.into()),
        effect: format!(
            "Joins the private network \u{201c}{}\u{201d}. It lets you in once an admin has added \
             you; until then nobody there learns anything but that you asked.",
            link.name
        ),
        name: Some(link.name.to_string()),
        addresses: link.addresses,
        expires_at: None,
        expired: false,
        known: node.network(&id).is_some(),
    })
}

fn join(node: &Node, link: JoinLink) -> Result<LinkInspection, Error> {
    let ledger =
        Ledger::from_genesis(&link.genesis).map_err(|error| invalid("link", &error.to_string()))?;
    let id = ledger.network();
    let role = match link.role {
        Invited::Member => "a member",
        Invited::Hub => "a hub",
        Invited::Device => "a device",
        Invited::Admin => "an admin, who adds and removes others",
    };
    let known = node
        .network(&id)
        .is_some_and(|network| network.has_member(&node.me().account));
    Ok(LinkInspection {
        kind: LinkKind::Network,
        peer: Some(link.issuer.into()),
        fingerprint: Some(fingerprint(link.issuer)),
        node: Some(link.node.into()),
        network: Some(id.into()),
        effect: format!(
            "A one-time invite by {} into the private network \u{201c}{}\u{201d}: it makes you {role}. \
             It works once, and only while {} can be reached.",
            link.issuer_name, link.name, link.issuer_name
        ),
        expired: !link.is_live(Timestamp(events::now())),
        name: Some(link.name.to_string()),
        addresses: link.addresses,
        expires_at: Some(link.expires.0),
        known,
    })
}

async fn seed(node: &Node, link: SeedLink) -> Result<LinkInspection, Error> {
    let seeds = node.seeds_list().await?;
    let known = link
        .addresses
        .iter()
        .any(|address| seeds.iter().any(|it| it.address == *address));
    Ok(LinkInspection {
        kind: LinkKind::Seed,
        peer: None,
        fingerprint: None,
        node: Some(link.node.into()),
        network: Some(NetworkId::PUBLIC.into()),
        name: None,
        addresses: link.addresses,
        expires_at: None,
        expired: false,
        known,
        effect: "Adds a seed: a node that helps you find others in the public network. It learns \
                 your address and whom you look for, never what you write."
            .to_owned(),
    })
}
