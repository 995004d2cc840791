//! Somebody with keys of its own who speaks the wire directly and keeps to no rule of ours.
//!
//! Owns keys, certificates and what is said in the gate exchange; the connection is the wire's.

pub mod forgery;
pub mod host;
pub mod kad;
pub mod sealer;
pub mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId};
use streembit_gate::exchange::{Exchange, Local, Session};
use streembit_gate::{Ledger, Rules};
use streembit_identity::{
    AccountId, AccountKey, Certificate, Envelope, Kind, MessageId, NetworkId, NodeId, NodeKey,
    Purpose, Timestamp, seal,
};

pub use self::sealer::Sealer;
pub use self::wire::{Verdict, Wire};

/// An account and one node of it, whose every byte the test decides on.
#[derive(Clone, Debug)]
pub struct Attacker {
    account: AccountKey,
    node: NodeKey,
}

impl Attacker {
    /// Somebody whose keys follow from `number`; the account has that one node.
    #[must_use]
    pub fn new(number: u8) -> Self {
        Self {
            account: AccountKey::from_seed(&[number; 32].into()),
            node: NodeKey::from_seed(&[number ^ 0x80; 32].into()),
        }
    }

    /// The same account on another node.
    #[must_use]
    pub fn on_node(&self, number: u8) -> Self {
        Self {
            account: self.account.clone(),
            node: Self::new(number).node,
        }
    }

    /// The account's key.
    #[must_use]
    pub fn key(&self) -> &AccountKey {
        &self.account
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account.id()
    }

    /// The account, as commands take it.
    #[must_use]
    pub fn peer(&self) -> String {
        self.account().to_string()
    }

    /// The node's key pair for handshakes.
    ///
    /// # Errors
    /// Never, for a key of 32 bytes.
    pub fn keypair(&self) -> anyhow::Result<Keypair> {
        Ok(Keypair::ed25519_from_bytes(
            self.node.seed().as_mut_slice(),
        )?)
    }

    /// The node, as commands show it.
    ///
    /// # Errors
    /// Never, for a key of 32 bytes.
    pub fn node(&self) -> anyhow::Result<String> {
        Ok(self.keypair()?.public().to_peer_id().to_string())
    }

    /// The certificate by which the account vouches for the node, valid for an hour.
    ///
    /// # Errors
    /// Never.
    pub fn certificate(&self) -> anyhow::Result<Certificate> {
        let (from, to) = (
            now().minus(Duration::from_secs(60)),
            now().plus(Duration::from_hours(1)),
        );
        Ok(Certificate::issue(
            &self.account,
            self.node.id(),
            Purpose::Full,
            from,
            to,
        )?)
    }

    /// Connects to `address`; the handshake proves the node's key, and nothing else is said.
    ///
    /// # Errors
    /// When nobody is there or the handshake fails.
    pub async fn connect(&self, address: &str) -> anyhow::Result<Wire> {
        Wire::dial(&self.keypair()?, address.parse()?).await
    }

    /// What the attacker brings to the exchange: any network, any operations, no scruples.
    ///
    /// # Errors
    /// When the remote's PeerId is none of ours.
    pub fn local(
        &self,
        network: NetworkId,
        ledger: Option<Ledger>,
        remote: PeerId,
    ) -> anyhow::Result<Local> {
        Ok(Local {
            network,
            certificate: self.certificate()?.bytes().to_vec(),
            rules: Arc::new(Rules::public(BTreeSet::new())),
            ledger: ledger.map(Arc::new),
            certificates: Arc::default(),
            freshness: Arc::default(),
            latest: now(),
            session: Session(7),
            remote: node_id(&remote)?,
        })
    }

    /// Connects and knocks at the gate as somebody who knows `ledger`.
    ///
    /// # Errors
    /// When there is no connection at all.
    pub async fn knock(&self, address: &str, ledger: &Ledger) -> anyhow::Result<(Wire, Verdict)> {
        let mut wire = self.connect(address).await?;
        let local = self.local(ledger.network(), Some(ledger.clone()), wire.remote())?;
        let verdict = wire.exchange(Exchange::dialer(local)).await;
        Ok((wire, verdict))
    }

    /// A message in an envelope that this node signs for `network`.
    ///
    /// # Errors
    /// When the body is too large.
    pub fn envelope(
        &self,
        network: NetworkId,
        to: AccountId,
        kind: Kind,
        body: Vec<u8>,
    ) -> anyhow::Result<Vec<u8>> {
        let id = MessageId::new(now(), random()?);
        let envelope = Envelope::new(id, self.account(), to, now(), kind, body);
        Ok(seal(&envelope, &network, &self.node)?)
    }
}

/// The time that nodes on this machine have.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Our name for the node behind a PeerId.
///
/// # Errors
/// When it holds no Ed25519 key.
pub fn node_id(peer: &PeerId) -> anyhow::Result<NodeId> {
    let digest = peer.as_ref().digest();
    let key = libp2p::identity::PublicKey::try_decode_protobuf(digest)?;
    Ok(NodeId::from_bytes(&key.try_into_ed25519()?.to_bytes())?)
}

/// The part of a full address that says where, without who.
///
/// # Errors
/// When it is no address.
pub fn place_of(address: &str) -> anyhow::Result<Multiaddr> {
    let mut address: Multiaddr = address.parse()?;
    if matches!(
        address.iter().last(),
        Some(libp2p::multiaddr::Protocol::P2p(_))
    ) {
        address.pop();
    }
    Ok(address)
}

fn random() -> anyhow::Result<[u8; 10]> {
    // A key pair is the one source of randomness that is at hand here.
    let bytes = Keypair::generate_ed25519().public().to_peer_id().to_bytes();
    bytes
        .get(bytes.len() - 10..)
        .and_then(|tail| tail.try_into().ok())
        .context("a PeerId")
}
