use streembit_identity::Name;

use super::*;
use crate::{
    net::keeper::Learning,
    node::Node,
    testing::{Person, until},
};

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

async fn home(alice: &Node) -> NetworkId {
    alice.network_create(name("Home")).await.unwrap().network
}

#[tokio::test]
async fn nodes_of_the_removed_are_no_dial_targets_even_after_a_restart() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    let home = home(&alice).await;
    let added = alice
        .member_add(home, bob.id(), name("Bob"), Role::Member)
        .await;
    added.unwrap();
    let told = Learning {
        certificates: vec![bob.certificate.bytes().to_vec()],
        ..Learning::default()
    };
    let live = alice.network(&home).unwrap();
    assert!(live.keeper().learn(told).await.unwrap());
    assert!(live.keeper().may_dial(&bob.key.id()), "a member");
    alice.member_remove(home, bob.id()).await.unwrap();

    alice.stop_network(&home);
    let stored = alice.store().networks().await.unwrap();
    let stored = stored.into_iter().find(|row| row.network == home).unwrap();
    let live = alice.start_stored(&stored).await.unwrap();

    live.keeper().expect(bob.key.id());
    assert!(!live.keeper().may_dial(&bob.key.id()), "a link names it");
    let stranger = Person::new(3).key.id();
    live.keeper().expect(stranger);
    assert!(live.keeper().may_dial(&stranger), "whom nobody removed");
    alice.stop().await;
}

#[tokio::test]
async fn what_is_stored_comes_into_force_though_nobody_waits_for_it() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    let home = home(&alice).await;
    let live = alice.network(&home).unwrap();
    let operation = live.ledger().unwrap().author_add(
        &alice.me().account_key,
        bob.id(),
        name("Bob"),
        Role::Member,
        alice.now(),
    );

    {
        let mut learn = std::pin::pin!(live.keeper().learn(Learning {
            operations: vec![operation.unwrap()],
            ..Learning::default()
        }));
        let started = futures::poll!(learn.as_mut());
        assert!(started.is_pending(), "it is given up while it is under way");
    }

    until(&alice, "Bob is a member", async |_| {
        live.has_member(&bob.id())
    })
    .await;
    alice.stop().await;
}
