//! One-time invites into private networks: used once, by one account.

use streembit_identity::{InviteId, InviteKey};
use streembit_store::{MAX_NETWORK_INVITES, NetworkInvite, StoreError};

use crate::networks::{network, operations};
use crate::support::*;

fn key(n: u16) -> InviteId {
    let mut seed = [3; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    InviteKey::from_seed(&seed.into()).id()
}

fn invite(n: u16) -> NetworkInvite {
    NetworkInvite {
        id: key(n),
        network: home(),
        name: None,
        role: 0,
        created_at: later(n.into()),
        expires_at: later(100_000),
        used_by: None,
        used_at: None,
        revoked_at: None,
    }
}

fn guest(n: u8) -> (streembit_identity::AccountId, streembit_identity::NodeId) {
    (account(n), node(n.into()))
}

#[tokio::test]
async fn an_invite_is_used_by_one_account() {
    let store = memory().await;
    store.add_network_invite(invite(1)).await.unwrap();

    let spend = |n| store.use_network_invite(key(1), guest(n), format!("Guest {n}"), later(5));
    let (first, second, again) = (spend(2).await, spend(3).await, spend(2).await);

    assert_eq!(
        (first.unwrap(), second.unwrap(), again.unwrap()),
        (true, false, true)
    );
    let kept = store.network_invite(home(), key(1)).await.unwrap().unwrap();
    assert_eq!(kept.used_by, Some(guest(2)));
    assert_eq!(
        (kept.used_at, kept.name),
        (Some(later(5)), Some("Guest 2".to_owned()))
    );
    assert!(!store.revoke_network_invite(key(1), NOW).await.unwrap());
}

#[tokio::test]
async fn what_is_over_taken_back_or_unknown_is_not_used() {
    let store = memory().await;
    store.add_network_invite(invite(1)).await.unwrap();
    store.add_network_invite(invite(2)).await.unwrap();
    assert!(store.revoke_network_invite(key(2), later(3)).await.unwrap());

    for (n, at) in [(1, later(100_000)), (2, later(4)), (9, later(4))] {
        let spent = store.use_network_invite(key(n), guest(2), "Bob".to_owned(), at);
        assert!(!spent.await.unwrap(), "invite {n}");
    }
    let kept = store.network_invites(home()).await.unwrap();
    assert!(kept.iter().all(|invite| invite.used_by.is_none()));
    assert_eq!(kept[0].id, key(2), "newest first");
}

#[tokio::test]
async fn a_name_that_the_issuer_gave_stays() {
    let store = memory().await;
    let named = NetworkInvite {
        name: Some("Kitchen".to_owned()),
        ..invite(1)
    };
    store.add_network_invite(named).await.unwrap();

    let spent = store.use_network_invite(key(1), guest(2), "Bob".to_owned(), later(5));

    assert!(spent.await.unwrap());
    let kept = store.network_invite(home(), key(1)).await.unwrap().unwrap();
    assert_eq!(kept.name.as_deref(), Some("Kitchen"));
}

#[tokio::test]
async fn open_invites_are_bounded_and_old_closed_ones_go() {
    let store = memory().await;
    for n in 0..MAX_NETWORK_INVITES as u16 {
        store.add_network_invite(invite(n)).await.unwrap();
    }
    let refused = store.add_network_invite(invite(900)).await;
    assert!(
        matches!(refused, Err(StoreError::TooMany { .. })),
        "{refused:?}"
    );

    for n in 1_000..1_600 {
        store.revoke_network_invite(key(n - 1), NOW).await.unwrap();
        store.revoke_network_invite(key(0), NOW).await.unwrap();
        store.add_network_invite(invite(n)).await.unwrap();
    }
    let kept = store.network_invites(home()).await.unwrap();
    assert_eq!(kept.len(), MAX_NETWORK_INVITES + 512);
    assert!(kept.iter().all(|invite| invite.id != key(0)));
}

#[tokio::test]
async fn an_invite_that_is_waited_upon_goes_with_the_wait() {
    let store = memory().await;
    let link = "streembit:join/abc".to_owned();
    let put = store.put_network_invited(network(), operations(1), link.clone().into());
    put.await.unwrap();
    let waits = async || store.network_redeem(home()).await.unwrap();
    assert_eq!(waits().await.as_deref(), Some(&link));

    store.set_network_joined(home()).await.unwrap();
    assert_eq!(waits().await, None);

    let set = store.set_network_redeem(home(), Some(link.into()));
    set.await.unwrap();
    assert!(waits().await.is_some());
    store.set_network_redeem(home(), None).await.unwrap();
    assert_eq!(waits().await, None);
}

#[tokio::test]
async fn invites_go_with_their_network() {
    let store = memory().await;
    store.put_network(network()).await.unwrap();
    store.add_network_invite(invite(1)).await.unwrap();

    store.remove_network(home()).await.unwrap();

    assert!(store.network_invites(home()).await.unwrap().is_empty());
}
