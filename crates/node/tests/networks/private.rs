//! Private networks between nodes of one process, over real sockets on loopback.

use std::time::Duration;

use crate::peer::{Peer, eventually};
use streembit_gate::Role;
use streembit_identity::{Name, PeerKind};
use streembit_node::Event;

#[tokio::test(flavor = "multi_thread")]
async fn members_connect_and_strangers_do_not() {
    for transport in ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"] {
        let alice = Peer::start("Alice", PeerKind::Human, transport).await;
        let bob = Peer::start("Bob", PeerKind::Human, transport).await;
        let home = alice
            .node
            .network_create(name("Home"))
            .await
            .expect("a network")
            .network;
        eventually(&[&alice], "Alice listens", || {
            !alice.addresses(&home).is_empty()
        })
        .await;
        let link = alice.node.network_link(home).expect("a link");

        let mut events = alice.node.subscribe();
        let early = bob.node.network_join(&link).await.expect("a known network");
        assert!(!early.is_joined, "nobody has added Bob yet");
        assert!(
            alice.connected(&home).is_empty(),
            "a stranger gets no connection"
        );
        let told = async {
            loop {
                if let Event::Refused { id, .. } = events.recv().await.expect("an event") {
                    return id;
                }
            }
        };
        let told = tokio::time::timeout(Duration::from_secs(20), told).await;
        let id = told.expect("the event in time");
        let refused = alice
            .node
            .gate_log(Some(home), None, 50)
            .await
            .expect("the log");
        assert!(
            refused
                .iter()
                .any(|refusal| refusal.attempt.reason == "not_listed"
                    && refusal.attempt.account == Some(bob.account())
                    && Some(refusal.id) == id),
            "the refusal is written down: {refused:?}"
        );

        let added = alice
            .node
            .member_add(home, bob.account(), name("Bob"), Role::Member)
            .await;
        added.expect("an added member");
        let joined = bob.node.network_join(&link).await.expect("an open gate");
        assert!(joined.is_joined, "Bob was added");
        eventually(&[&alice, &bob], "both see each other", || {
            alice.connected(&home) == [bob.account()] && bob.connected(&home) == [alice.account()]
        })
        .await;
        alice.stop().await;
        bob.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_cuts_the_member_off_everywhere() {
    let transport = "/ip4/127.0.0.1/tcp/0";
    let alice = Peer::start("Alice", PeerKind::Human, transport).await;
    let bob = Peer::start("Bob", PeerKind::Human, transport).await;
    let eve = Peer::start("Eve", PeerKind::Human, transport).await;
    let made = alice.node.network_create(name("Home")).await;
    let home = made.expect("a network").network;
    for (peer, called) in [(&bob, "Bob"), (&eve, "Eve")] {
        let added = alice
            .node
            .member_add(home, peer.account(), name(called), Role::Member)
            .await;
        added.expect("an added member");
    }
    eventually(&[&alice], "Alice listens", || {
        !alice.addresses(&home).is_empty()
    })
    .await;
    let link = alice.node.network_link(home).expect("a link");
    for peer in [&bob, &eve] {
        assert!(
            peer.node
                .network_join(&link)
                .await
                .expect("an open gate")
                .is_joined
        );
    }
    eventually(&[&bob, &eve], "Bob and Eve find each other", || {
        bob.connected(&home).contains(&eve.account())
    })
    .await;

    let removed = alice
        .node
        .member_remove(home, eve.account())
        .await
        .expect("a removal");

    let names: Vec<_> = removed
        .disconnected
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["Bob"], "he has confirmed");
    for peer in [&alice, &bob] {
        eventually(&[peer], "Eve is cut off", || {
            !peer.connected(&home).contains(&eve.account())
        })
        .await;
    }
    tokio::time::timeout(Duration::from_secs(5), async {
        let again = eve.node.network_join(&link).await.expect("a known network");
        assert!(eve.connected(&home).is_empty(), "{again:?}");
    })
    .await
    .expect("an answer in time");
    for peer in [alice, bob, eve] {
        peer.stop().await;
    }
}

fn name(text: &str) -> Name {
    text.parse().expect("a name")
}
