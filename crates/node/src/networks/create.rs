//! Making, joining and leaving private networks.

use std::{fmt, sync::Arc, time::Duration};

use libp2p::Multiaddr;
use streembit_gate::{Certificates, Ledger};
use streembit_identity::{
    AccountKey, Name, NetworkId, RecoveryPhrase,
    link::{Link, NetworkLink},
};
use streembit_store::NetworkKind;
use tracing::info;
use zeroize::Zeroizing;

use super::{Network, NetworkError};
use crate::{
    event::Event,
    net::keeper::Standing,
    node::Node,
    reach::{full_addresses, split_address},
};

/// How long joining waits for a member before it answers "waiting".
pub(super) const JOIN_WAIT: Duration = Duration::from_secs(6);

/// A network that was made here.
#[derive(Debug)]
pub struct CreatedNetwork {
    /// Its name.
    pub name: Name,
    /// Its id.
    pub network: NetworkId,
    /// The words of the recovery key; they are kept nowhere else.
    pub recovery: Zeroizing<String>,
}

/// A network that a link names.
#[derive(Debug)]
pub struct JoinedNetwork {
    /// Whether a member let this node in.
    pub is_joined: bool,
    /// Its name.
    pub name: String,
    /// Its id.
    pub network: NetworkId,
    /// Who is to add this account, when it is not a member yet.
    pub waiting_for: Option<String>,
}

/// A private network that was drawn up and is kept nowhere yet.
pub struct NetworkDraft {
    ledger: Ledger,
    name: Name,
    recovery: AccountKey,
}

impl fmt::Debug for NetworkDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetworkDraft")
            .field("network", &self.network())
            .finish_non_exhaustive()
    }
}

impl NetworkDraft {
    /// Returns the id that the network will have.
    #[must_use]
    pub fn network(&self) -> NetworkId {
        self.ledger.network()
    }

    /// Returns the words of the recovery key; they are kept nowhere else.
    #[must_use]
    pub fn recovery(&self) -> Zeroizing<String> {
        RecoveryPhrase::of(&self.recovery).reveal()
    }
}

impl Node {
    /// Makes a private network with this account as its admin, and starts it.
    ///
    /// # Errors
    /// See [`NetworkError`]; nothing remains of the network after one.
    pub async fn network_create(&self, name: Name) -> Result<CreatedNetwork, NetworkError> {
        self.network_found(self.network_draft(name)?, &[]).await
    }

    /// Draws a private network up: its id is known, and nothing is kept or started yet.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub fn network_draft(&self, name: Name) -> Result<NetworkDraft, NetworkError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice())
            .map_err(|_| NetworkError::Invalid("no randomness is available".to_owned()))?;
        let recovery = AccountKey::from_seed(&seed);
        let mut nonce = [0; 16];
        crate::node::fill(&mut nonce);
        let ledger = Ledger::create(
            name.clone(),
            self.name(),
            &self.me().account_key,
            recovery.id(),
            nonce,
            self.now(),
        )?;
        Ok(NetworkDraft {
            ledger,
            name,
            recovery,
        })
    }

    /// Returns the network of that name that this account began.
    #[must_use]
    pub fn network_founded(&self, name: &Name) -> Option<NetworkId> {
        let me = self.me().account;
        let is_it = |network: &Arc<Network>| {
            let ledger = network.ledger()?;
            let founder = ledger.operations().next()?.1.signer();
            (me == founder && ledger.roster().name == *name).then(|| network.id())
        };
        self.networks().iter().find_map(is_it)
    }

    /// Keeps and starts a network that was drawn up; it listens at `listen`, if that says anything.
    ///
    /// # Errors
    /// See [`NetworkError`]; nothing remains of the network after one.
    pub async fn network_found(
        &self,
        draft: NetworkDraft,
        listen: &[Multiaddr],
    ) -> Result<CreatedNetwork, NetworkError> {
        let (name, network) = (draft.name.clone(), draft.network());
        let recovery = draft.recovery();
        let listen = listen.iter().map(ToString::to_string).collect();
        self.add_private(draft.ledger, &name, listen, &[], false)
            .await?;
        info!(network = %network.short(), "Created a private network");
        Ok(CreatedNetwork {
            name,
            network,
            recovery,
        })
    }

    /// Joins the network that a link names: connects when this account was added or the link is an
    /// invite, otherwise keeps asking.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn network_join(&self, link: &str) -> Result<JoinedNetwork, NetworkError> {
        match Link::parse(link)? {
            Link::Network(link) => self.join_added(link).await,
            Link::Join(link) => self.join_invited(*link).await,
            Link::Claim(_) | Link::Invite(_) | Link::Node(_) | Link::Seed(_) => Err(
                NetworkError::Invalid("this link does not lead to a network".to_owned()),
            ),
        }
    }

    async fn join_added(&self, link: NetworkLink) -> Result<JoinedNetwork, NetworkError> {
        let ledger = Ledger::from_genesis(&link.genesis)?;
        let id = ledger.network();
        if self.network(&id).is_none() {
            self.add_private(ledger, &link.name, Vec::new(), &link.addresses, true)
                .await?;
        }
        let network = self
            .network(&id)
            .ok_or(NetworkError::NotFound("the network stopped"))?;
        self.wait_for_entry(&network, &link).await;
        Ok(self.joined(&network, &link))
    }

    fn joined(&self, network: &Network, link: &NetworkLink) -> JoinedNetwork {
        let is_joined = network.has_member(&self.me().account);
        let issuer = network
            .ledger()
            .and_then(|ledger| Some(ledger.roster().member(link.issuer)?.name.to_string()));
        JoinedNetwork {
            is_joined,
            name: network.name().to_owned(),
            network: network.id(),
            waiting_for: (!is_joined)
                .then(|| issuer.unwrap_or_else(|| streembit_identity::fingerprint(link.issuer))),
        }
    }

    /// Dials what the link names and gives the exchange a moment.
    async fn wait_for_entry(&self, network: &Arc<Network>, link: &NetworkLink) {
        let mut dials = tokio::task::JoinSet::new();
        for (node, address) in link.addresses.iter().filter_map(|text| split_address(text)) {
            network.keeper().expect(node);
            let net = network.net().clone();
            dials.spawn(async move { net.dial(node, vec![address]).await.is_ok() });
        }
        let first = async { while !matches!(dials.join_next().await, None | Some(Ok(true))) {} };
        // Whatever has not answered by then is tried again in the background.
        let _ = tokio::time::timeout(JOIN_WAIT, first).await;
    }

    /// Returns a secret-free link for somebody who was added or will be.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub fn network_link(&self, id: NetworkId) -> Result<String, NetworkError> {
        let network = self
            .network(&id)
            .ok_or(NetworkError::NotFound("no such network"))?;
        let ledger = network
            .ledger()
            .ok_or(NetworkError::NotFound("this is no private network"))?;
        let link = NetworkLink {
            genesis: ledger.genesis().to_vec(),
            name: ledger.roster().name.clone(),
            addresses: self.link_addresses(&network),
            issuer: self.me().account,
        };
        Ok(Link::Network(link).to_string())
    }

    /// Returns at most eight full addresses of this node, to be put into a link.
    pub(crate) fn link_addresses(&self, network: &Network) -> Vec<String> {
        let mut addresses = full_addresses(&self.me().node, &network.net().addresses());
        addresses.truncate(8);
        addresses
    }

    /// Stores and starts a private network.
    pub(crate) async fn add_private(
        &self,
        ledger: Ledger,
        name: &Name,
        listen: Vec<String>,
        bootstrap: &[String],
        is_waiting: bool,
    ) -> Result<Arc<Network>, NetworkError> {
        let id = ledger.network();
        let mut certificates = Certificates::default();
        // An own certificate that is not listed yet is learned with the membership.
        let _ = certificates.insert(self.me().certificate.bytes(), ledger.roster(), self.now());
        let operations = ledger
            .operations()
            .map(|(id, operation)| (*id.as_bytes(), operation.bytes().to_vec()))
            .collect();
        let row = streembit_store::Network {
            network: id,
            name: name.to_string(),
            kind: NetworkKind::Private,
            genesis: Some(ledger.genesis().to_vec()),
            listen: listen.clone(),
            bootstrap: bootstrap.to_vec(),
            joined_at: self.now(),
            is_waiting,
            waiting_for: None,
            hue: Some(hue(&id)),
        };
        self.store()
            .put_network_whole(row, operations, Vec::new(), self.now())
            .await?;
        let freshness = self.first_freshness(&ledger).await?;
        let clock = freshness.at().unwrap_or_default();
        let standing = (Standing::private(ledger, certificates, freshness), clock);
        let started = self.start_network(id, name.as_str(), standing, Vec::new(), &listen);
        match started {
            Ok(network) => {
                self.emit(Event::Network { network: id });
                Ok(network)
            }
            Err(error) => {
                self.store().remove_network(id).await?;
                Err(error.into())
            }
        }
    }
}

/// Returns the network's colour, the same on every node and never the red of a warning.
pub(crate) fn hue(id: &NetworkId) -> u16 {
    const AFTER_RED: u16 = 50;
    const BEFORE_RED: u16 = 340;
    let [first, second, ..] = *id.as_bytes();
    AFTER_RED + u16::from_be_bytes([first, second]) % (BEFORE_RED - AFTER_RED)
}
