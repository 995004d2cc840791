//! The throw-away swarm in which one host is claimed, or one installation linked: a network of its
//! own, outside all others.

use std::{sync::Arc, time::Duration};

use libp2p::Multiaddr;
use streembit_gate::Rules;
use streembit_identity::{
    Accepted, AccountId, Digest, Envelope, Kind, NetworkId, NodeId, SealError, Unverified, seal,
};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{
    ask::AskError,
    net::{
        Net, NetError,
        keeper::{Keeper, Standing},
        link::NetEvent,
    },
    node::{Node, message_id},
    wire,
};

/// Addresses that a link carries.
const MAX_ADDRESSES: usize = 8;

/// How long a swarm may take to listen.
const STARTING: Duration = Duration::from_secs(5);

/// The domain of the swarm in which a host is claimed.
pub(crate) const CLAIM: &str = "streembit/1/claim";

/// The domain of the swarm in which an installation is linked.
pub(crate) const LINK: &str = "streembit/1/link";

/// One end of the swarm.
#[derive(Debug)]
pub(crate) struct Swarm {
    id: NetworkId,
    keeper: Arc<Keeper>,
    listening: Notify,
    net: Net,
}

impl Swarm {
    /// Starts an end: the host listens, the other side only dials.
    pub(crate) fn start(
        node: &Node,
        label: &str,
        host: NodeId,
        listen: &[Multiaddr],
        stop: &CancellationToken,
    ) -> Result<(Arc<Self>, mpsc::Receiver<NetEvent>), NetError> {
        let me = node.me();
        let id = NetworkId::from(Digest::of(&[label.as_bytes(), host.as_bytes()]));
        let standing = Standing::without_members(Rules::claim(host, me.node));
        let hooks = node.0.config.hooks.clone();
        let (keeper, mut news) = Keeper::new(
            me,
            id,
            standing,
            (node.store().clone(), Arc::default()),
            hooks,
        );
        let (net, events, actor) =
            Net::start(&me.node_key, keeper.clone(), listen, false, stop.clone())?;
        node.spawn_to_end(actor);
        node.spawn(async move {
            while let Some(news) = news.recv().await {
                debug!(?news, "Something happened while claiming");
            }
        });
        Ok((
            Arc::new(Self {
                id,
                keeper,
                listening: Notify::new(),
                net,
            }),
            events,
        ))
    }

    /// The addresses to put into a link; waits a moment for the first.
    pub(crate) async fn link_addresses(&self) -> Vec<String> {
        let some = async {
            while self.net.addresses().is_empty() {
                self.listening.notified().await;
            }
        };
        // Without any address the link still names the host.
        let _ = tokio::time::timeout(STARTING, some).await;
        let mut addresses = self.net.addresses();
        addresses.truncate(MAX_ADDRESSES);
        addresses.iter().map(ToString::to_string).collect()
    }

    /// Notes that this end listens at other addresses.
    pub(crate) fn listens(&self) {
        self.listening.notify_one();
    }

    /// The addresses at which this end listens.
    pub(crate) fn listening(&self) -> Vec<Multiaddr> {
        self.net.listening()
    }

    /// Connects to the host.
    pub(crate) async fn dial(
        &self,
        host: NodeId,
        addresses: Vec<Multiaddr>,
        deadline: Duration,
    ) -> Result<(), AskError> {
        self.keeper.expect(host);
        match tokio::time::timeout(deadline, self.net.dial(host, addresses)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                debug!(%error, "Could not reach the device");
                Err(AskError::Unreachable)
            }
            Err(_) => Err(AskError::Timeout),
        }
    }

    /// Asks the other end, and returns its verified answer of the kind `expected`.
    pub(crate) async fn ask(
        &self,
        node: &Node,
        (to, at): (AccountId, NodeId),
        (kind, expected): (Kind, Kind),
        body: Vec<u8>,
        deadline: Duration,
    ) -> Result<Accepted, AskError> {
        let frame = self.seal(node, to, kind, body)?;
        let answer = self.net.request(at, frame, deadline).await?;
        let envelope = wire::open(&answer).map_err(|_| AskError::Invalid)??;
        let answer = self.accept(node, &at, envelope).ok_or(AskError::Invalid)?;
        if answer.kind == expected && answer.from == to {
            Ok(answer)
        } else {
            Err(AskError::Invalid)
        }
    }

    /// Seals a message for the other end.
    pub(crate) fn seal(
        &self,
        node: &Node,
        to: AccountId,
        kind: Kind,
        body: Vec<u8>,
    ) -> Result<Vec<u8>, SealError> {
        let (me, now) = (node.me(), node.now());
        let envelope = Envelope::new(message_id(now), me.account, to, now, kind, body);
        seal(&envelope, &self.id, &me.node_key)
    }

    /// Verifies what `from` handed over on its own connection.
    pub(crate) fn accept(&self, node: &Node, from: &NodeId, bytes: &[u8]) -> Option<Accepted> {
        let certificate = self.keeper.certificate_of(from)?;
        let envelope = Unverified::<Envelope>::parse(bytes)
            .ok()?
            .verify(&self.id)
            .ok()?;
        envelope
            .accept(&certificate, node.me().account, node.now())
            .ok()
    }
}
