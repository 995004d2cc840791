//! Tells contacts which nodes an account has and which it has revoked; members of private networks
//! learn it from the roster.

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_identity::{AccountId, Certificate, Kind, NetworkId, NodeRevocation, Unverified};
use streembit_store::{RevokedNode, StoreError, StoredCertificate};
use tracing::{info, warn};

use crate::{
    chat::{
        self,
        body::{decode, encode},
        not_now, post, receipt,
    },
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    node::Node,
    wire::Refusal,
};

/// Certificates and revocations, each, that one message carries.
const MAX_ITEMS: usize = 64;

/// The body: each item is signed by the account, and proves itself.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
struct Nodes {
    /// The certificates of the live nodes.
    #[n(1)]
    certificates: Vec<ByteVec>,
    /// The revocations.
    #[n(2)]
    revocations: Vec<ByteVec>,
}

/// Queues the own set for every contact and for the own other nodes.
pub(super) async fn tell_contacts(node: &Node) {
    if let Err(error) = try_tell(node).await {
        warn!(%error, "Could not tell the contacts of the own computers");
    }
}

async fn try_tell(node: &Node) -> Result<(), chat::ChatError> {
    let (me, network) = (node.me().account, NetworkId::PUBLIC);
    if node.network(&network).is_none() {
        return Ok(());
    }
    let body = own_set(node).await?;
    let mut peers = contacts::wanted(node, network).await;
    peers.push(me);
    for peer in peers {
        let mut item = node.outbox_item(network, peer, Kind::OwnNodes, body.clone())?;
        item.nodes = node.nodes_of(network, peer).await?;
        if peer == me && item.nodes.is_empty() {
            continue;
        }
        node.store().enqueue(item.clone()).await?;
        post(node, &item);
    }
    Ok(())
}

async fn own_set(node: &Node) -> Result<Vec<u8>, StoreError> {
    let me = node.me();
    let own = node.store().own_nodes().await?.into_iter();
    let certificates = own.map(|own| own.certificate);
    let this = me.certificate.bytes().to_vec();
    let mut revoked = node.store().revoked_nodes().await?;
    revoked.retain(|one| one.account == me.account);
    let set = Nodes {
        certificates: std::iter::once(this)
            .chain(certificates)
            .map(Into::into)
            .collect(),
        revocations: revoked.into_iter().map(|one| one.bytes.into()).collect(),
    };
    Ok(encode(&set))
}

/// Takes what an account says of its nodes.
pub(crate) async fn on_own_nodes(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let told: Nodes = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if told.certificates.len() > MAX_ITEMS || told.revocations.len() > MAX_ITEMS {
        return Err(Refusal::Invalid);
    }
    let from = arrival.from;
    for bytes in &told.revocations {
        take_revocation(node, from, bytes).await?;
    }
    let now = node.now();
    let certificates = told.certificates.iter().filter_map(|bytes| {
        let certificate = Certificate::parse(bytes).ok()?;
        let is_good = certificate.account() == from && certificate.is_live(now);
        is_good.then(|| StoredCertificate {
            account: from,
            node: certificate.node(),
            bytes: bytes.to_vec(),
        })
    });
    let store = &arrival.store;
    store
        .put_certificates(arrival.network, certificates.collect(), now)
        .await
        .map_err(not_now)?;
    super::note_computers(node, arrival.network, from).await;
    node.emit(Event::Contact {
        network: arrival.network,
        peer: from,
    });
    Ok(receipt(arrival.envelope.id))
}

/// Keeps a revocation that `account` signed, and closes the door to the node.
pub(super) async fn take_revocation(
    node: &Node,
    account: AccountId,
    bytes: &[u8],
) -> Result<(), Refusal> {
    let revocation = Unverified::<NodeRevocation>::parse(bytes)
        .ok()
        .and_then(|signed| signed.verify(&NetworkId::NONE).ok())
        .filter(|signed| AccountId::from(signed.signer()) == account)
        .ok_or(Refusal::Invalid)?;
    let revoked = RevokedNode {
        account,
        node: revocation.node,
        bytes: bytes.to_vec(),
        at: revocation.revoked_at,
    };
    if !node.store().revoke_node(revoked).await.map_err(not_now)? {
        return Ok(());
    }
    info!(%account, node = %revocation.node, "A computer was revoked");
    contacts::enforce(node).await.map_err(not_now)?;
    for network in node.networks() {
        chat::revoke(node, network.id(), revocation.node);
    }
    node.emit(Event::Account);
    Ok(())
}
