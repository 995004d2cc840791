//! Things as their users know them, and grants, claims and audit as their hosts keep them.

use serde_json::json;
use streembit_store::{
    AuditEntry, ClaimCommit, ClaimOutcome, Claimed, Host, Page, PendingClaim, PropertyValue,
    StoredGrant, ThingDescription,
};

use crate::networks::{network, operations};
use crate::support::*;

const LAMP: &str = "streembit://host/lamp";

fn description(url: &str, td: &str) -> ThingDescription {
    ThingDescription {
        url: url.to_owned(),
        td: td.to_owned(),
        level: Some("operate".to_owned()),
    }
}

pub(crate) fn grant(level: &str) -> StoredGrant {
    StoredGrant {
        peer: bob(),
        level: level.to_owned(),
        expires_at: None,
        issued_by: bob(),
        issued_at: NOW,
        thing: None,
        affordances: Vec::new(),
    }
}

fn commit() -> ClaimCommit {
    ClaimCommit {
        claimed: Claimed {
            owner: bob(),
            network: home(),
            at: NOW,
        },
        grant: grant("owner"),
        network: network(),
        operations: operations(2),
        certificates: Vec::new(),
    }
}

fn value(reported: serde_json::Value, target: Option<serde_json::Value>) -> PropertyValue {
    PropertyValue {
        name: "on".to_owned(),
        reported: Some(reported),
        pending_since: target.as_ref().map(|_| NOW),
        target,
        at: Some(NOW),
    }
}

#[tokio::test]
async fn a_new_description_keeps_what_we_call_the_thing() {
    let store = memory().await;
    let things = vec![
        description(LAMP, "{}"),
        description("streembit://host/lock", "{}"),
    ];
    store
        .replace_things(home(), bob(), things, NOW)
        .await
        .unwrap();
    store
        .set_thing_title(LAMP, Some("Reading lamp".to_owned()))
        .await
        .unwrap();
    store
        .set_thing_room(LAMP, Some("Study".to_owned()))
        .await
        .unwrap();
    store.set_thing_favourite(LAMP, true).await.unwrap();
    store
        .put_values(home(), LAMP, vec![value(json!(true), None)])
        .await
        .unwrap();

    store
        .replace_things(
            home(),
            bob(),
            vec![description(LAMP, "{\"a\":1}")],
            later(5),
        )
        .await
        .unwrap();

    let things = store.things(Some(home())).await.unwrap();
    assert_eq!(things.len(), 1, "the lock is gone");
    assert_eq!(things[0].title.as_deref(), Some("Reading lamp"));
    assert_eq!(things[0].room.as_deref(), Some("Study"));
    assert!(things[0].is_favourite);
    assert_eq!(
        (things[0].td.as_str(), things[0].updated_at),
        ("{\"a\":1}", later(5))
    );
    assert_eq!(store.values(home(), LAMP).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_host_cannot_take_over_anothers_thing() {
    let store = memory().await;
    store
        .replace_things(home(), bob(), vec![description(LAMP, "{}")], NOW)
        .await
        .unwrap();

    store
        .replace_things(home(), account(3), vec![description(LAMP, "[]")], NOW)
        .await
        .unwrap();

    let things = store.things_at(LAMP).await.unwrap();
    assert_eq!((things[0].host, things[0].td.as_str()), (bob(), "{}"));
}

#[tokio::test]
async fn what_was_asked_for_is_kept_apart_from_what_is() {
    let store = memory().await;
    store
        .replace_things(home(), bob(), vec![description(LAMP, "{}")], NOW)
        .await
        .unwrap();

    store
        .put_values(home(), LAMP, vec![value(json!(false), Some(json!(true)))])
        .await
        .unwrap();

    let values = store.values(home(), LAMP).await.unwrap();
    assert_eq!(values, [value(json!(false), Some(json!(true)))]);
    store
        .put_values(
            home(),
            "streembit://host/ghost",
            vec![value(json!(1), None)],
        )
        .await
        .unwrap();
    assert!(
        store
            .values(home(), "streembit://host/ghost")
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_forgotten_host_takes_its_things_with_it() {
    let store = memory().await;
    let host = Host {
        network: home(),
        host: bob(),
        title: "Hub".to_owned(),
        level: Some("owner".to_owned()),
        added_at: NOW,
        last_seen: None,
    };
    store.put_host(host.clone()).await.unwrap();
    store
        .replace_things(home(), bob(), vec![description(LAMP, "{}")], NOW)
        .await
        .unwrap();
    store
        .put_values(home(), LAMP, vec![value(json!(true), None)])
        .await
        .unwrap();
    store.set_host_seen(home(), bob(), later(3)).await.unwrap();
    let seen = store.hosts(Some(home())).await.unwrap();

    store.remove_host(home(), bob()).await.unwrap();

    assert_eq!(
        seen,
        [Host {
            last_seen: Some(later(3)),
            ..host
        }]
    );
    assert!(store.things(None).await.unwrap().is_empty());
    assert!(store.values(home(), LAMP).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_claim_happens_whole_and_once() {
    let store = memory().await;
    let offer = PendingClaim {
        peer: bob(),
        until: later(60),
        state: vec![1],
    };
    store.set_pending_claim(Some(offer.clone())).await.unwrap();
    let pending = store.pending_claim(NOW).await.unwrap();
    let mut other = commit();
    other.claimed.owner = account(3);

    let first = store.commit_claim(commit()).await.unwrap();
    let again = store.commit_claim(commit()).await.unwrap();
    let late = store.commit_claim(other).await.unwrap();

    assert_eq!(pending, Some(offer));
    assert_eq!((first, again), (ClaimOutcome::Done, ClaimOutcome::Done));
    assert_eq!(late, ClaimOutcome::Taken(commit().claimed));
    assert_eq!(store.claimed().await.unwrap(), Some(commit().claimed));
    assert_eq!(store.grants().await.unwrap(), [grant("owner")]);
    assert_eq!(store.networks().await.unwrap(), [network()]);
    assert_eq!(store.operations(home()).await.unwrap().len(), 2);
    assert_eq!(store.pending_claim(NOW).await.unwrap(), None);
}

#[tokio::test]
async fn a_claim_that_fails_half_way_leaves_the_host_unclaimed() {
    let store = memory().await;
    let mut broken = commit();
    broken.operations = operations(streembit_store::MAX_OPERATIONS as u32 + 1);

    let refused = store.commit_claim(broken).await;

    assert!(refused.is_err());
    assert_eq!(store.claimed().await.unwrap(), None);
    assert!(store.grants().await.unwrap().is_empty());
    assert!(store.networks().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_offer_ends_by_itself() {
    let store = memory().await;
    let offer = PendingClaim {
        peer: bob(),
        until: later(60),
        state: vec![1],
    };
    store.set_pending_claim(Some(offer)).await.unwrap();

    assert_eq!(store.pending_claim(later(60)).await.unwrap(), None);
}

#[tokio::test]
async fn a_released_host_is_nobodys() {
    let store = memory().await;
    store.commit_claim(commit()).await.unwrap();

    store.release_claim().await.unwrap();

    assert_eq!(store.claimed().await.unwrap(), None);
    assert!(store.grants().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_grant_is_replaced_and_taken_back_whole() {
    let store = memory().await;
    let narrow = StoredGrant {
        thing: Some(LAMP.to_owned()),
        affordances: vec!["on".to_owned()],
        expires_at: Some(later(9)),
        ..grant("operate")
    };
    store.put_grant(grant("view")).await.unwrap();
    store.put_grant(grant("manage")).await.unwrap();
    store.put_grant(narrow.clone()).await.unwrap();

    let kept = store.grants().await.unwrap();
    let removed = store.remove_grants(bob()).await.unwrap();

    assert_eq!(kept, [grant("manage"), narrow]);
    assert_eq!(removed, 2);
    assert!(store.grants().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_request_is_carried_out_once_until_it_expires() {
    let store = memory().await;

    let first = store
        .admit_request(bob(), id(1), later(30), NOW)
        .await
        .unwrap();
    let replay = store
        .admit_request(bob(), id(1), later(30), later(30))
        .await
        .unwrap();
    let other = store
        .admit_request(account(3), id(1), later(30), NOW)
        .await
        .unwrap();

    assert_eq!((first, replay, other), (true, false, true));
}

#[tokio::test]
async fn the_audit_is_paged_newest_first() {
    let store = memory().await;
    let entry = |n: u64| AuditEntry {
        id: 0,
        at: later(n),
        peer: bob(),
        thing: LAMP.to_owned(),
        operation: "writeproperty".to_owned(),
        affordance: Some("on".to_owned()),
        outcome: "ok".to_owned(),
    };
    for n in 0..5 {
        store.add_audit(entry(n)).await.unwrap();
    }

    let newest = store
        .audit(Page {
            before: None,
            limit: 2,
        })
        .await
        .unwrap();
    let older = store
        .audit(Page {
            before: Some(newest[1].id),
            limit: 10,
        })
        .await
        .unwrap();

    assert_eq!(
        newest.iter().map(|entry| entry.at).collect::<Vec<_>>(),
        [later(4), later(3)]
    );
    assert_eq!(older.len(), 3);
    assert_eq!(newest[0].outcome, "ok");
}
