//! What a swarm promises to whoever asked it something.

use std::{sync::Arc, time::Duration};

use libp2p::Multiaddr;
use streembit_gate::Rules;
use streembit_identity::{Certificate, Digest, NetworkId, NodeId, Purpose};
use streembit_store::Store;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    Net,
    keeper::{Keeper, Standing},
    link::NetEvent,
};
use crate::{
    node::{LocalIdentity, now},
    testing::Person,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// One end of a swarm that only `host` and its guests are let into.
struct End {
    events: mpsc::Receiver<NetEvent>,
    keeper: Arc<Keeper>,
    net: Net,
    stop: CancellationToken,
}

impl End {
    async fn start(me: &LocalIdentity, host: NodeId, listen: &[Multiaddr]) -> Self {
        let id = NetworkId::from(Digest::of(&[b"a network for this test"]));
        let standing = Standing::without_members(Rules::claim(host, me.node));
        let store = Store::in_memory().await.unwrap();
        let (keeper, mut news) = Keeper::new(
            me,
            id,
            standing,
            (store, Arc::default()),
            crate::Hooks::default(),
        );
        let stop = CancellationToken::new();
        let (net, events, actor) =
            Net::start(&me.node_key, keeper.clone(), listen, false, stop.clone()).unwrap();
        tokio::spawn(actor);
        tokio::spawn(async move { while news.recv().await.is_some() {} });
        Self {
            events,
            keeper,
            net,
            stop,
        }
    }

    /// Waits for the first event that `wanted` makes something of.
    async fn wait<T>(&mut self, wanted: impl Fn(NetEvent) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.recv().await.expect("a running network");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, found)
            .await
            .expect("in time")
    }
}

#[tokio::test]
async fn answer_given_before_a_stop_arrives() {
    let (alice, porch) = (
        Person::new(1).identity("Alice"),
        Person::new(2).identity("Porch"),
    );
    let listen = ["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let mut host = End::start(&porch, porch.node, &listen).await;
    host.wait(|event| matches!(event, NetEvent::Listening).then_some(()))
        .await;
    let guest = End::start(&alice, porch.node, &[]).await;
    guest.keeper.expect(porch.node);
    guest
        .net
        .dial(porch.node, host.net.listening())
        .await
        .unwrap();

    let net = guest.net.clone();
    let asked = tokio::spawn(async move { net.request(porch.node, vec![1], PATIENCE).await });
    let responder = host
        .wait(|event| match event {
            NetEvent::Request { responder, .. } => Some(responder),
            NetEvent::Connected { .. }
            | NetEvent::Disconnected { .. }
            | NetEvent::Identified { .. }
            | NetEvent::Listening
            | NetEvent::Routable => None,
        })
        .await;
    // More than is read at once.
    responder.respond(vec![7; 200 * 1024]).await;
    host.stop.cancel();

    let answer = asked.await.unwrap().expect("the whole answer");
    assert_eq!(answer.len(), 200 * 1024);
}

#[tokio::test]
async fn a_connection_ends_with_its_certificate() {
    let (mut alice, porch) = (
        Person::new(1).identity("Alice"),
        Person::new(2).identity("Porch"),
    );
    let (since, end) = (now(), now().plus(Duration::from_secs(2)));
    alice.certificate = Certificate::issue(
        &alice.account_key,
        alice.node,
        Purpose::default(),
        since,
        end,
    )
    .unwrap();
    let listen = ["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let mut host = End::start(&porch, porch.node, &listen).await;
    host.wait(|event| matches!(event, NetEvent::Listening).then_some(()))
        .await;
    let guest = End::start(&alice, porch.node, &[]).await;
    guest.keeper.expect(porch.node);
    guest
        .net
        .dial(porch.node, host.net.listening())
        .await
        .unwrap();

    host.wait(|event| matches!(event, NetEvent::Disconnected { .. }).then_some(()))
        .await;

    assert!(now() >= end, "not before its end");
    guest.stop.cancel();
    host.stop.cancel();
}
