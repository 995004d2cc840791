//! The DHT of the public network between nodes of one process, over real sockets on loopback.

use crate::peer::{Peer, eventually};
use streembit_identity::{NetworkId, PeerKind};
use streembit_node::{Config, DhtMode, Hooks};

const TCP: &str = "/ip4/127.0.0.1/tcp/0";

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_found_through_the_dht() {
    let (alice, bob, others) = crowd(true).await;

    let found = alice.node.locate(&NetworkId::PUBLIC, bob.account()).await;

    let nodes: Vec<_> = found.iter().map(|(node, _)| *node).collect();
    assert_eq!(nodes, [bob.node.me().node], "Bob published where he is");
    stop(alice, bob, others).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_found_who_does_not_publish() {
    let (alice, bob, others) = crowd(false).await;

    let found = alice.node.locate(&NetworkId::PUBLIC, bob.account()).await;

    assert!(found.is_empty(), "nothing says where Bob is");
    stop(alice, bob, others).await;
}

/// Alice and Bob, who know a seed and not each other.
async fn crowd(publish: bool) -> (Peer, Peer, Vec<Peer>) {
    let seed = Config {
        seed: true,
        ..Config::default()
    };
    let seed = Peer::start_with("Seed", PeerKind::Hub, TCP, seed).await;
    eventually(&[&seed], "the seed listens", || {
        !seed.addresses(&NetworkId::PUBLIC).is_empty()
    })
    .await;
    let bootstrap: Vec<_> = seed
        .addresses(&NetworkId::PUBLIC)
        .iter()
        .map(|address| address.parse().expect("a multiaddress"))
        .collect();
    let config = || Config {
        bootstrap: bootstrap.clone(),
        dht: DhtMode::Server,
        hooks: Hooks {
            publish,
            ..Hooks::default()
        },
        ..Config::default()
    };
    let alice = Peer::start_with("Alice", PeerKind::Human, TCP, config()).await;
    let bob = Peer::start_with("Bob", PeerKind::Human, TCP, config()).await;
    for peer in [&alice, &bob] {
        eventually(&[peer], "the seed is met", || {
            peer.connected(&NetworkId::PUBLIC).contains(&seed.account())
        })
        .await;
    }
    if publish {
        let public = bob
            .node
            .network(&NetworkId::PUBLIC)
            .expect("the public network");
        eventually(&[&bob], "Bob publishes", || public.published_at().is_some()).await;
    }
    (alice, bob, vec![seed])
}

async fn stop(alice: Peer, bob: Peer, others: Vec<Peer>) {
    for peer in [alice, bob].into_iter().chain(others) {
        peer.stop().await;
    }
}
