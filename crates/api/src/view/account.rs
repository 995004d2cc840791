//! The account and its installations.

use streembit_identity::PeerKind;
use streembit_node::{Node, profile::KeyStoreKind};

use crate::types::{Installation, KeyStore, Kind};

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

/// Describes this installation.
pub(crate) fn installation(node: &Node) -> Installation {
    let certificate = &node.me().certificate;
    Installation {
        node: node.me().node.into(),
        this: true,
        since: certificate.since().0,
        expires_at: certificate.expires().0,
    }
}
