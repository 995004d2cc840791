//! A private network in a file: written by whoever is in it, taken in by a device that is offline.

use std::path::Path;

use streembit_gate::{Bundle, MAX_BUNDLE_BYTES, Unbundled};
use streembit_identity::{AccountId, Certificate, NetworkId, NodeRevocation, Unverified};
use streembit_store::{NetworkKind, StoredCertificate, StoredConfirmation};
use tokio::fs;
use tracing::info;

use super::{
    JoinedNetwork, NetworkError,
    create::hue,
    lists::{file_error, replace},
};
use crate::{event::Event, net::keeper::Learning, node::Node};

impl Node {
    /// Writes a network into a file, an existing one is replaced as a whole; returns its size.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_bundle(&self, id: NetworkId, path: &Path) -> Result<u64, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let standing = network.keeper().standing();
        let bundle = Bundle::of(&ledger, &standing.certificates, &standing.freshness);
        let bytes = bundle.to_bytes();
        replace(path, &bytes)
            .await
            .map_err(|source| file_error(path, source))?;
        Ok(bytes.len() as u64)
    }

    /// Takes a network in from a file; of one that is known already, what the file adds.
    ///
    /// # Errors
    /// See [`NetworkError`]; a file of another network than `expected` changes nothing.
    pub async fn network_provide(
        &self,
        path: &Path,
        expected: Option<NetworkId>,
    ) -> Result<JoinedNetwork, NetworkError> {
        let provided = Bundle::parse(&read(path).await?)?.open(self.now())?;
        let id = provided.ledger.network();
        if expected.is_some_and(|expected| expected != id) {
            return Err(NetworkError::Invalid(format!(
                "{} is of another network",
                path.display()
            )));
        }
        let name = provided.ledger.roster().name.to_string();
        if let Some(network) = self.network(&id) {
            network.keeper().learn(news(&provided)).await?;
        } else {
            self.add_provided(&provided).await?;
            info!(network = %id.short(), "Took a network in from a file");
        }
        let network = self.network(&id);
        let network = network.ok_or(NetworkError::NotFound("the network stopped"))?;
        network.wake();
        self.emit(Event::Network { network: id });
        Ok(JoinedNetwork {
            is_joined: network.has_member(&self.me().account),
            name,
            network: id,
            waiting_for: None,
        })
    }

    async fn add_provided(&self, provided: &Unbundled) -> Result<(), NetworkError> {
        let Unbundled {
            ledger, freshness, ..
        } = provided;
        let (id, me) = (ledger.network(), self.me().account);
        let is_member = ledger.roster().member(me).is_some();
        let row = streembit_store::Network {
            network: id,
            name: ledger.roster().name.to_string(),
            kind: NetworkKind::Private,
            genesis: Some(ledger.genesis().to_vec()),
            listen: Vec::new(),
            bootstrap: Vec::new(),
            joined_at: self.now(),
            is_waiting: !is_member,
            waiting_for: None,
            hue: Some(hue(&id)),
        };
        let operations = ledger
            .operations()
            .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
            .collect();
        let mut certificates = rows(provided);
        if is_member {
            certificates.push(StoredCertificate {
                account: me,
                node: self.me().node,
                bytes: self.me().certificate.bytes().to_vec(),
            });
        }
        let stored = row.clone();
        self.store()
            .put_network_whole(row, operations, certificates, self.now())
            .await?;
        if let (Some(bytes), Some(at)) = (freshness.statement(), freshness.at()) {
            let confirmation = StoredConfirmation {
                bytes: Some(bytes.to_vec()),
                at,
                clock: at,
            };
            self.store().put_confirmation(id, confirmation).await?;
        }
        if let Err(error) = self.start_stored(&stored).await {
            self.store().remove_network(id).await?;
            return Err(error.into());
        }
        Ok(())
    }
}

/// What a file may add to a network that is known.
fn news(provided: &Unbundled) -> Learning {
    let Unbundled {
        ledger,
        certificates,
        freshness,
    } = provided;
    Learning {
        certificates: certificates.bytes().map(<[u8]>::to_vec).collect(),
        operations: ledger
            .operations()
            .map(|(_, operation)| operation.bytes().to_vec())
            .collect(),
        revocations: certificates.revocations().map(<[u8]>::to_vec).collect(),
        statement: freshness.statement().map(<[u8]>::to_vec),
    }
}

/// The certificates and revocations as they are stored.
fn rows(provided: &Unbundled) -> Vec<StoredCertificate> {
    let certified = provided.certificates.bytes().filter_map(|bytes| {
        let certificate = Certificate::parse(bytes).ok()?;
        Some(StoredCertificate {
            account: certificate.account(),
            node: certificate.node(),
            bytes: bytes.to_vec(),
        })
    });
    let revoked = provided.certificates.revocations().filter_map(|bytes| {
        let revocation = Unverified::<NodeRevocation>::parse(bytes).ok()?;
        Some(StoredCertificate {
            account: AccountId::from(revocation.signer()),
            node: revocation.peek().node,
            bytes: bytes.to_vec(),
        })
    });
    certified.chain(revoked).collect()
}

async fn read(path: &Path) -> Result<Vec<u8>, NetworkError> {
    let size = fs::metadata(path)
        .await
        .map_err(|source| file_error(path, source))?
        .len();
    if size > MAX_BUNDLE_BYTES as u64 {
        return Err(streembit_gate::BundleError::Large.into());
    }
    fs::read(path)
        .await
        .map_err(|source| file_error(path, source))
}
