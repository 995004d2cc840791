//! Linking this folder to an account that another installation has: the new side.
//!
//! Nothing is made here before everything has come: the sealed backup is put back in one step.

use std::{io::Write as _, path::Path, sync::Arc, time::Duration};

use libp2p::Multiaddr;
use streembit_identity::{
    AccountKey, Certificate, Kind, NetworkId, NodeKey, PeerKind, Purpose,
    link::{Link, NodeLink},
    prove,
};
use streembit_store::{CachedAddress, OwnNode, Store};
use tokio::sync::watch;
use tracing::{debug, warn};
use zeroize::Zeroizing;

use super::{KeyStoreKind, Keys, Profile, ProfileError, Restore};
use crate::{
    chat::body::{decode, encode},
    claim::swarm::{LINK, Swarm},
    config::Config,
    node::{LocalIdentity, Node, fill, now},
    own::link::{
        body::{LinkAnswer, LinkRequest, Place},
        passphrase,
        window::{OPEN, code},
    },
    reach::{bare_addresses, split_address},
};

/// The file that what comes is written to.
pub(super) const PART: &str = "link.part";
/// How long the other side may take to be reached.
const DIAL: Duration = Duration::from_secs(15);
/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(15);
/// Questions before the first answer; a connection may be cut in its first moment.
const FIRST_TRIES: u32 = 3;
/// Between two questions whether the code was confirmed.
const PAUSE: Duration = Duration::from_millis(500);
/// Addresses that are taken from the other side.
const MAX_PLACES: usize = 64;

/// What to link with, and where the keys are to be kept.
#[derive(Clone, Debug)]
pub struct LinkWish {
    /// The link that the other installation shows.
    pub link: String,
    /// Where to keep the keys.
    pub key_store: KeyStoreKind,
    /// The passphrase of the sealed file that keeps the keys.
    pub passphrase: Option<streembit_identity::Passphrase>,
}

/// How far it is, as the new side sees it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Joining {
    /// The code to compare, once the other side has answered.
    pub code: Option<String>,
    /// Bytes that have come.
    pub received: u64,
    /// Bytes that there are; none before the code was confirmed.
    pub total: Option<u64>,
}

impl Profile {
    /// Links this empty folder to the account of the installation that made the link.
    ///
    /// # Errors
    /// See [`ProfileError`]; nothing is left behind after one.
    pub async fn link(
        &self,
        wish: LinkWish,
        progress: &watch::Sender<Joining>,
    ) -> Result<Keys, ProfileError> {
        if self.describe()?.is_some() {
            return Err(ProfileError::Exists);
        }
        let Ok(Link::Node(link)) = Link::parse(&wish.link) else {
            return Err(ProfileError::NotALink);
        };
        let part = self.folder.join(PART);
        let _ = std::fs::remove_file(&part);
        let guest = Guest::start(link).await?;
        let linked = self.fetch_and_restore(&guest, wish, &part, progress).await;
        let _ = std::fs::remove_file(&part);
        if linked.is_ok() {
            guest.say_done().await;
        }
        guest.node.stop().await;
        linked
    }

    async fn fetch_and_restore(
        &self,
        guest: &Guest,
        wish: LinkWish,
        part: &Path,
        progress: &watch::Sender<Joining>,
    ) -> Result<Keys, ProfileError> {
        let granted = guest.wait(progress).await?;
        guest.fetch(&granted, part, progress).await?;
        let restore = Restore {
            key_store: wish.key_store,
            passphrase: passphrase(&guest.link.secret),
            path: part.to_owned(),
            store_passphrase: wish.passphrase,
        };
        let keys = self.restore(restore).await?;
        if let Err(error) = self.remember_sibling(&keys, &guest.link, &granted).await {
            // It is found by the account's record, or where both are members.
            warn!(%error, "Could not keep where the other computer is");
        }
        Ok(keys)
    }

    /// Keeps which node handed over and where it listens.
    async fn remember_sibling(
        &self,
        keys: &Keys,
        link: &NodeLink,
        granted: &LinkAnswer,
    ) -> Result<(), ProfileError> {
        let store = self.store(keys, &Config::default()).await?;
        let kept = remember(&store, link, granted).await;
        store.close().await;
        Ok(kept?)
    }
}

async fn remember(
    store: &Store,
    link: &NodeLink,
    granted: &LinkAnswer,
) -> Result<(), streembit_store::StoreError> {
    let certificate = granted.certificate.as_ref();
    let certificate = certificate.and_then(|bytes| Certificate::parse(bytes).ok());
    let own = certificate.filter(|it| it.account() == link.account && it.node() == link.node);
    if let Some(certificate) = own {
        let own = OwnNode {
            node: link.node,
            certificate: certificate.bytes().to_vec(),
            since: certificate.since(),
            last_seen: Some(now()),
        };
        store.put_own_node(own).await?;
    }
    for place in granted.places.iter().flatten().take(MAX_PLACES) {
        keep_place(store, link, place).await?;
    }
    Ok(())
}

async fn keep_place(
    store: &Store,
    link: &NodeLink,
    place: &Place,
) -> Result<(), streembit_store::StoreError> {
    let Ok(id) = <[u8; 32]>::try_from(place.network.as_slice()) else {
        return Ok(());
    };
    let addresses = place.addresses.iter().filter_map(|it| split_address(it));
    for (_, address) in addresses.filter(|(at, _)| *at == link.node) {
        let cached = CachedAddress {
            node: link.node,
            account: Some(link.account),
            address: address.to_string(),
            last_ok: now(),
        };
        store.put_address(NetworkId::from_bytes(id), cached).await?;
    }
    Ok(())
}

/// A node with throw-away keys, which only asks.
struct Guest {
    addresses: Vec<Multiaddr>,
    link: NodeLink,
    node: Node,
    swarm: Arc<Swarm>,
}

impl Guest {
    async fn start(link: NodeLink) -> Result<Self, ProfileError> {
        let store = Store::in_memory().await?;
        let config = Config {
            public: false,
            ..Config::default()
        };
        let node = Node::start(passer_by(&link)?, store, config).await?;
        let stop = node.stop_token();
        let started = Swarm::start(&node, LINK, link.node, &[], &stop);
        let (swarm, mut events) = started.map_err(crate::node::StartError::from)?;
        node.spawn(async move { while events.recv().await.is_some() {} });
        Ok(Self {
            addresses: bare_addresses(&link.node, &link.addresses),
            link,
            node,
            swarm,
        })
    }

    /// Asks until the person on the other side has confirmed the code.
    async fn wait(&self, progress: &watch::Sender<Joining>) -> Result<LinkAnswer, ProfileError> {
        let begin = tokio::time::Instant::now();
        let (mut tries, until) = (0_u32, begin + OPEN);
        let code = code(&self.link.secret, self.link.node, self.node.me().node);
        loop {
            match self.ask(None, false).await {
                Ok(answer) if answer.is_refused => return Err(ProfileError::LinkRefused),
                Ok(answer) if answer.total.is_some() => {
                    progress.send_modify(|it| it.total = answer.total);
                    return Ok(answer);
                }
                Ok(_) => {
                    progress.send_modify(|it| it.code = Some(code.clone()));
                }
                Err(error) => {
                    debug!(%error, "The other computer did not answer");
                    tries += 1;
                    let was_seen = progress.borrow().code.is_some();
                    if !was_seen && (tries >= FIRST_TRIES || begin.elapsed() >= DIAL) {
                        return Err(ProfileError::LinkUnreachable);
                    }
                }
            }
            if tokio::time::Instant::now() >= until {
                return Err(ProfileError::LinkRefused);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Fetches everything, piece by piece; goes on where a connection was cut.
    async fn fetch(
        &self,
        granted: &LinkAnswer,
        part: &Path,
        progress: &watch::Sender<Joining>,
    ) -> Result<(), ProfileError> {
        let total = granted.total.unwrap_or_default();
        if total > streembit_identity::backup::MAX_BYTES as u64 {
            return Err(ProfileError::NotABackup);
        }
        let mut file = create(part)?;
        let (mut received, mut failures) = (0_u64, 0_u32);
        while received < total {
            let piece = match self.ask(Some(received), false).await {
                Ok(answer) if answer.is_refused => return Err(ProfileError::LinkRefused),
                Ok(answer) => answer.piece.filter(|piece| !piece.is_empty()),
                Err(error) => {
                    debug!(%error, "A piece did not come");
                    None
                }
            };
            let Some(piece) = piece else {
                failures += 1;
                if failures > 20 {
                    return Err(ProfileError::LinkUnreachable);
                }
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            failures = 0;
            file.write_all(&piece)?;
            received = received.saturating_add(piece.len() as u64);
            progress.send_modify(|it| it.received = received);
        }
        Ok(file.sync_all()?)
    }

    async fn say_done(&self) {
        if let Err(error) = self.ask(None, true).await {
            debug!(%error, "The other computer did not hear that everything came");
        }
    }

    async fn ask(
        &self,
        offset: Option<u64>,
        is_done: bool,
    ) -> Result<LinkAnswer, crate::ask::AskError> {
        let host = (self.link.account, self.link.node);
        self.swarm
            .dial(host.1, self.addresses.clone(), DIAL)
            .await?;
        let me = self.node.me().account;
        let wish = LinkRequest {
            proof: prove(&self.link.secret, me, self.link.account)
                .to_vec()
                .into(),
            offset,
            is_done,
        };
        let kinds = (Kind::LinkRequest, Kind::LinkAnswer);
        let answer = self
            .swarm
            .ask(&self.node, host, kinds, encode(&wish), ANSWER)
            .await?;
        decode(&answer.body).ok_or(crate::ask::AskError::Invalid)
    }
}

fn create(part: &Path) -> Result<std::fs::File, ProfileError> {
    let mut options = std::fs::OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(part)?)
}

/// Keys that are used for this once.
fn passer_by(link: &NodeLink) -> Result<LocalIdentity, ProfileError> {
    let seed = || {
        let mut seed = Zeroizing::new([0; 32]);
        fill(seed.as_mut_slice());
        seed
    };
    let (account, node, now) = (
        AccountKey::from_seed(&seed()),
        NodeKey::from_seed(&seed()),
        now(),
    );
    let until = now.plus(OPEN + OPEN);
    let certificate = Certificate::issue(&account, node.id(), Purpose::Full, now, until)?;
    Ok(LocalIdentity {
        account: account.id(),
        account_key: account,
        certificate,
        kind: PeerKind::Human,
        name: link.name.clone(),
        node: node.id(),
        node_key: node,
    })
}
