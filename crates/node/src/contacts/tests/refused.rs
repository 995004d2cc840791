//! Requests that are refused for good, and nodes that are not dialled.

use std::collections::BTreeMap;

use streembit_store::CachedAddress;

use super::*;

/// Where `peer` is, as `node` could have learned it from a link.
async fn learn(node: &Node, peer: &Node) {
    let address = peer.network(&PUBLIC).unwrap().net().listening().remove(0);
    let place = CachedAddress {
        node: peer.me().node,
        account: Some(peer.me().account),
        address: address.to_string(),
        last_ok: node.now(),
    };
    node.store().put_address(PUBLIC, place).await.unwrap();
}

#[tokio::test]
async fn a_request_that_is_refused_for_good_does_not_stay() {
    let alice = Person::new(1).start("Alice").await;
    let bob = Person::new(2).start("Bob").await;
    let a = alice.me().account;
    let peace = BTreeMap::from([("contact_requests".to_owned(), false.into())]);
    alice.store().set_settings(peace).await.unwrap();
    learn(&bob, &alice).await;
    let mut events = bob.subscribe();

    bob.contact_add(a, Some("Al".parse().unwrap()))
        .await
        .unwrap();
    until(&bob, "nothing is asked any more", async |bob| {
        standing_of(bob, a).await == ContactState::None
    })
    .await;

    let notice = async {
        loop {
            if let Event::Notice { code, text } = events.recv().await.unwrap() {
                return (code, text);
            }
        }
    };
    let notice = tokio::time::timeout(std::time::Duration::from_secs(20), notice).await;
    let expected = "Al does not take your contact request.".to_owned();
    assert_eq!(notice.unwrap(), ("contact_refused", expected));
    assert_eq!(bob.store().outbox(PUBLIC).await.unwrap(), []);
    alice.stop().await;
    bob.stop().await;
}

#[tokio::test]
async fn known_nodes_of_the_blocked_are_not_dialled() {
    let alice = Person::new(1).start("Alice").await;
    let bob = Person::new(2).start("Bob").await;
    let (b, node) = (bob.me().account, bob.me().node);
    learn(&alice, &bob).await;
    let may_dial = || {
        let public = alice.network(&PUBLIC).unwrap();
        public.keeper().may_dial(&node)
    };
    assert!(may_dial());

    alice.contact_block(b).await.unwrap();
    assert!(!may_dial());

    alice.contact_unblock(b).await.unwrap();
    assert!(may_dial());
    alice.stop().await;
    bob.stop().await;
}
