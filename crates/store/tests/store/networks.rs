//! Networks, their members and the ways to their nodes.

use streembit_store::{
    CachedAddress, ChoicesChange, MAX_ADDRESSES_PER_NODE, MAX_CERTIFICATES_PER_ACCOUNT,
    MAX_OPERATIONS, Network, NetworkKind, Page, RefusedAttempt, Seed, StoreError,
    StoredCertificate, StoredConfirmation, ThingDescription,
};

use crate::support::*;

pub(crate) fn network() -> Network {
    Network {
        network: home(),
        name: "Home".to_owned(),
        kind: NetworkKind::Private,
        genesis: Some(vec![1, 2, 3]),
        listen: vec!["/ip4/0.0.0.0/tcp/4001".to_owned()],
        bootstrap: vec!["/ip4/192.0.2.1/tcp/4001".to_owned()],
        joined_at: NOW,
        is_waiting: true,
        waiting_for: Some(bob()),
        hue: Some(210),
    }
}

pub(crate) fn operations(count: u32) -> Vec<([u8; 32], Vec<u8>)> {
    (0..count)
        .map(|n| {
            let mut id = [0; 32];
            id[..4].copy_from_slice(&n.to_be_bytes());
            (id, n.to_be_bytes().to_vec())
        })
        .collect()
}

fn certificate(account_number: u8, node_number: u16) -> StoredCertificate {
    StoredCertificate {
        account: account(account_number),
        node: node(node_number),
        bytes: vec![1],
    }
}

fn address(node_number: u16, n: u64) -> CachedAddress {
    CachedAddress {
        node: node(node_number),
        account: Some(bob()),
        address: format!("/ip4/192.0.2.1/tcp/{n}"),
        last_ok: later(n),
    }
}

#[tokio::test]
async fn a_network_comes_back_as_it_was_stored() {
    let store = memory().await;
    let certificates = vec![certificate(2, 1)];

    store
        .put_network_whole(network(), operations(3), certificates.clone(), NOW)
        .await
        .unwrap();

    assert_eq!(store.networks().await.unwrap(), [network()]);
    assert_eq!(store.network(home()).await.unwrap(), Some(network()));
    assert_eq!(
        store.operations(home()).await.unwrap(),
        [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2]]
    );
    assert_eq!(store.certificates(home()).await.unwrap(), certificates);
}

#[tokio::test]
async fn a_network_with_too_many_operations_leaves_no_trace() {
    let store = memory().await;

    let refused = store
        .put_network_whole(
            network(),
            operations(MAX_OPERATIONS as u32 + 1),
            Vec::new(),
            NOW,
        )
        .await;

    assert!(
        matches!(refused, Err(StoreError::TooMany { .. })),
        "{refused:?}"
    );
    assert!(store.networks().await.unwrap().is_empty());
    assert!(store.operations(home()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_wait_for_a_network_ends_once() {
    let store = memory().await;
    store.put_network(network()).await.unwrap();

    store.set_network_joined(home()).await.unwrap();
    store
        .set_network_listen(home(), vec!["/ip4/0.0.0.0/tcp/5".to_owned()])
        .await
        .unwrap();

    let kept = store.network(home()).await.unwrap().unwrap();
    assert_eq!((kept.is_waiting, kept.waiting_for), (false, None));
    assert_eq!(kept.listen, ["/ip4/0.0.0.0/tcp/5"]);
}

#[tokio::test]
async fn an_operation_is_kept_once() {
    let store = memory().await;

    let first = store.put_operations(home(), operations(2)).await.unwrap();
    let second = store.put_operations(home(), operations(3)).await.unwrap();

    assert_eq!((first, second), (2, 1));
}

#[tokio::test]
async fn leaving_a_network_takes_everything_of_it_and_nothing_of_others() {
    let store = memory().await;
    store
        .put_network_whole(network(), operations(3), vec![certificate(2, 1)], NOW)
        .await
        .unwrap();
    store.put_address(home(), address(1, 1)).await.unwrap();
    store.put_address(NETWORK, address(1, 1)).await.unwrap();
    store.pin_record(home(), bob(), 1, vec![1]).await.unwrap();
    let mut message = outgoing(1, bob());
    message.item.network = home();
    store.insert_outgoing(message).await.unwrap();
    store.insert_outgoing(outgoing(2, bob())).await.unwrap();
    store.add_refusal(attempt()).await.unwrap();
    let lamp = ThingDescription {
        url: "streembit://x/lamp".to_owned(),
        td: "{}".to_owned(),
        level: None,
    };
    store
        .replace_things(home(), bob(), vec![lamp], NOW)
        .await
        .unwrap();

    let draft = ChoicesChange {
        draft: Some("not yet".to_owned()),
        is_pinned: Some(true),
        ..ChoicesChange::default()
    };
    store.choose(home(), bob(), draft).await.unwrap();

    let was_there = store.remove_network(home()).await.unwrap();

    assert!(was_there);
    let choices = store.choices(home(), bob()).await.unwrap();
    assert!(choices.draft.is_empty() && !choices.is_pinned);
    assert!(store.operations(home()).await.unwrap().is_empty());
    assert!(store.certificates(home()).await.unwrap().is_empty());
    assert!(store.addresses(home()).await.unwrap().is_empty());
    assert!(store.outbox(home()).await.unwrap().is_empty());
    assert!(store.things(None).await.unwrap().is_empty());
    assert!(
        store
            .refusals(None, Page::default())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(store.record(home(), bob()).await.unwrap(), None);
    assert_eq!(store.addresses(NETWORK).await.unwrap().len(), 1);
    assert_eq!(store.conversations(None).await.unwrap().len(), 1);
}

fn attempt() -> RefusedAttempt {
    RefusedAttempt {
        at: NOW,
        network: home(),
        account: Some(bob()),
        node: Some(node(1)),
        address: "/ip4/192.0.2.1/tcp/4001".to_owned(),
        direction: "inbound".to_owned(),
        reason: "not_listed".to_owned(),
    }
}

#[tokio::test]
async fn an_account_keeps_its_latest_certificates_only() {
    let store = memory().await;
    for n in 0..20 {
        store
            .put_certificates(home(), vec![certificate(2, n)], later(n.into()))
            .await
            .unwrap();
    }
    store
        .put_certificates(home(), vec![certificate(3, 99)], NOW)
        .await
        .unwrap();

    let kept = store.certificates(home()).await.unwrap();

    assert_eq!(kept.len(), MAX_CERTIFICATES_PER_ACCOUNT + 1);
    assert!(kept.iter().any(|certificate| certificate.node == node(19)));
    assert!(!kept.iter().any(|certificate| certificate.node == node(0)));
    assert!(store.remove_certificate(home(), node(99)).await.unwrap());
}

#[tokio::test]
async fn a_node_keeps_the_addresses_that_worked_last() {
    let store = memory().await;
    for n in 0..30 {
        store.put_address(NETWORK, address(1, n)).await.unwrap();
    }
    store
        .put_address(
            NETWORK,
            CachedAddress {
                account: None,
                ..address(1, 29)
            },
        )
        .await
        .unwrap();

    let kept = store.addresses_of(NETWORK, bob()).await.unwrap();

    assert_eq!(kept.len(), MAX_ADDRESSES_PER_NODE);
    assert_eq!(kept[0].address, "/ip4/192.0.2.1/tcp/29");
    assert_eq!(kept[15].address, "/ip4/192.0.2.1/tcp/14");
}

#[tokio::test]
async fn only_a_higher_sequence_replaces_a_pinned_record() {
    let store = memory().await;

    let pins = [
        store.pin_record(NETWORK, bob(), 5, vec![5]).await.unwrap(),
        store.pin_record(NETWORK, bob(), 4, vec![4]).await.unwrap(),
        store.pin_record(NETWORK, bob(), 5, vec![50]).await.unwrap(),
        store.pin_record(NETWORK, bob(), 6, vec![6]).await.unwrap(),
    ];

    assert_eq!(pins, [true, false, false, true]);
    assert_eq!(store.record(NETWORK, bob()).await.unwrap(), Some(vec![6]));
}

#[tokio::test]
async fn own_records_never_reuse_a_sequence() {
    let store = memory().await;

    let taken = [
        store.next_record_sequence(0).await.unwrap(),
        store.next_record_sequence(0).await.unwrap(),
        store.next_record_sequence(1000).await.unwrap(),
        store.next_record_sequence(7).await.unwrap(),
    ];

    assert_eq!(taken, [1, 2, 1000, 1001]);
}

#[tokio::test]
async fn the_own_account_keeps_its_row() {
    let store = memory().await;

    store.set_phrase_confirmed(true).await.unwrap();
    store.set_own_certificate(vec![1]).await.unwrap();
    store.observe_time(later(5)).await.unwrap();
    let latest = store.observe_time(NOW).await.unwrap();

    let own = store.own_account().await.unwrap();
    assert_eq!(
        (own.is_phrase_confirmed, own.certificate),
        (true, Some(vec![1]))
    );
    assert_eq!(
        (latest, own.latest_time),
        (later(5), later(5)),
        "time never goes back"
    );
}

#[tokio::test]
async fn settings_and_seeds_come_back_as_they_were_set() {
    let store = memory().await;
    let theme = [("theme".to_owned(), serde_json::json!("dark"))].into();
    let seed = Seed {
        address: "/dns4/seed.example/tcp/1".to_owned(),
        added_at: NOW,
    };

    store.set_settings(theme).await.unwrap();
    store
        .set_settings([("old".to_owned(), serde_json::json!({"a": [1, 2]}))].into())
        .await
        .unwrap();
    store
        .set_settings([("old".to_owned(), serde_json::Value::Null)].into())
        .await
        .unwrap();
    let added = (
        store.add_seed(seed.clone()).await.unwrap(),
        store.add_seed(seed.clone()).await.unwrap(),
    );

    assert_eq!(store.setting("theme").await.unwrap(), Some("dark".into()));
    assert_eq!(store.settings().await.unwrap().len(), 1);
    assert_eq!(added, (true, false));
    assert_eq!(store.seeds().await.unwrap(), std::slice::from_ref(&seed));
    assert!(store.remove_seed(&seed.address).await.unwrap());
}

#[tokio::test]
async fn the_log_of_refusals_is_paged_newest_first() {
    let store = memory().await;
    for n in 0..7 {
        store
            .add_refusal(RefusedAttempt {
                at: later(n),
                ..attempt()
            })
            .await
            .unwrap();
    }
    store
        .add_refusal(RefusedAttempt {
            network: NETWORK,
            ..attempt()
        })
        .await
        .unwrap();

    let first = store
        .refusals(
            Some(home()),
            Page {
                before: None,
                limit: 4,
            },
        )
        .await
        .unwrap();
    let before = first.last().map(|refusal| refusal.id);
    let second = store
        .refusals(Some(home()), Page { before, limit: 4 })
        .await
        .unwrap();

    let times: Vec<_> = first
        .iter()
        .chain(&second)
        .map(|refusal| refusal.attempt.at)
        .collect();
    assert_eq!(
        times,
        [
            later(6),
            later(5),
            later(4),
            later(3),
            later(2),
            later(1),
            later(0)
        ]
    );
    assert_eq!(
        first[0].attempt,
        RefusedAttempt {
            at: later(6),
            ..attempt()
        }
    );
}

#[tokio::test]
async fn a_networks_clock_never_goes_back() {
    let store = memory().await;
    let at = |n| StoredConfirmation {
        bytes: Some(vec![1]),
        at: later(n),
        clock: later(n),
    };

    store.put_confirmation(home(), at(50)).await.unwrap();
    store.put_clock(home(), later(60)).await.unwrap();
    store.put_clock(home(), later(55)).await.unwrap();
    store.put_confirmation(home(), at(52)).await.unwrap();

    let kept = store.confirmation(home()).await.unwrap().unwrap();
    assert_eq!(kept.at, later(52));
    assert_eq!(kept.clock, later(60));
}

#[tokio::test]
async fn nothing_of_a_forgotten_network_stays_confirmed() {
    let store = memory().await;
    let confirmation = StoredConfirmation {
        bytes: None,
        at: NOW,
        clock: NOW,
    };
    store.put_confirmation(home(), confirmation).await.unwrap();

    store.remove_network(home()).await.unwrap();

    assert_eq!(store.confirmation(home()).await.unwrap(), None);
}
