//! The account and its installations.

use streembit_identity::PeerKind;
use streembit_node::{LinkStage, profile::KeyStoreKind};

use crate::types::{Installation, KeyStore, Kind, NodeLinkStage};

impl From<PeerKind> for Kind {
    fn from(kind: PeerKind) -> Self {
        match kind {
            PeerKind::Device => Self::Device,
            PeerKind::Hub => Self::Hub,
            PeerKind::Human => Self::Human,
        }
    }
}

impl From<Kind> for PeerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Device => Self::Device,
            Kind::Hub => Self::Hub,
            Kind::Human => Self::Human,
        }
    }
}

impl From<KeyStoreKind> for KeyStore {
    fn from(kind: KeyStoreKind) -> Self {
        match kind {
            KeyStoreKind::File => Self::File,
            KeyStoreKind::Keyring => Self::Keyring,
        }
    }
}

impl From<KeyStore> for KeyStoreKind {
    fn from(kind: KeyStore) -> Self {
        match kind {
            KeyStore::File => Self::File,
            KeyStore::Keyring => Self::Keyring,
        }
    }
}

impl From<streembit_node::Installation> for Installation {
    fn from(it: streembit_node::Installation) -> Self {
        Self {
            node: it.node.into(),
            this: it.is_this,
            since: it.since.0,
            expires_at: it.expires.0,
            last_seen: it.last_seen.map(|at| at.0),
            connected: it.is_connected,
            revoked_at: it.revoked_at.map(|at| at.0),
        }
    }
}

impl From<LinkStage> for NodeLinkStage {
    fn from(stage: LinkStage) -> Self {
        match stage {
            LinkStage::Waiting => Self::Waiting,
            LinkStage::Compare => Self::Compare,
            LinkStage::Sending => Self::Sending,
            LinkStage::Done => Self::Done,
            LinkStage::Closed => Self::Closed,
        }
    }
}
