//! Nodes that are not dialled.

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
