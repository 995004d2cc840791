//! Contacts, invites and the steps between two people.

use streembit_store::{
    ContactChange, ContactOutcome, Expected, Invite, InviteState, MessageState, Relation, Store,
    StoredCertificate,
};

use crate::support::*;

fn change(relation: Relation) -> ContactChange {
    ContactChange {
        contact: contact(bob(), relation),
        expected: Expected::Anything,
        cause: None,
        invite: None,
        certificates: Vec::new(),
        outgoing: Vec::new(),
        at: NOW,
    }
}

async fn with_invite() -> Store {
    let store = memory().await;
    let invite = Invite {
        secret_hash: [9; 32],
        created_at: NOW,
        expires_at: later(60),
        used_by: None,
    };
    store.add_invite(invite).await.unwrap();
    store
}

fn by_invite(n: u32) -> ContactChange {
    ContactChange {
        cause: Some((bob(), id(n))),
        invite: Some([9; 32]),
        outgoing: vec![item(n + 100, bob())],
        ..change(Relation::Accepted)
    }
}

#[tokio::test]
async fn an_invite_is_good_for_one_person_once() {
    let store = with_invite().await;

    let first = store.change_contact(by_invite(1)).await.unwrap();
    let second = store.change_contact(by_invite(2)).await.unwrap();

    assert_eq!(first, ContactOutcome::Changed);
    assert_eq!(second, ContactOutcome::InviteRefused(InviteState::Used));
    assert_eq!(
        store.outbox(NETWORK).await.unwrap().len(),
        1,
        "the refused one sends nothing"
    );
    assert!(store.open_invites(NOW).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_invite_changes_nothing() {
    let store = with_invite().await;
    let mut late = by_invite(1);
    late.at = later(60);
    let mut forged = by_invite(1);
    forged.invite = Some([8; 32]);

    let expired = store.change_contact(late).await.unwrap();
    let unknown = store.change_contact(forged).await.unwrap();

    assert_eq!(expired, ContactOutcome::InviteRefused(InviteState::Expired));
    assert_eq!(unknown, ContactOutcome::InviteRefused(InviteState::Unknown));
    assert!(store.contacts(None).await.unwrap().is_empty());
    assert!(!store.was_seen(bob(), id(1)).await.unwrap());
    assert!(store.outbox(NETWORK).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_request_has_its_effect_once() {
    let store = memory().await;
    let request = ContactChange {
        cause: Some((bob(), id(1))),
        ..change(Relation::Incoming)
    };

    store.change_contact(request.clone()).await.unwrap();
    store
        .change_contact(change(Relation::Accepted))
        .await
        .unwrap();
    let replayed = store.change_contact(request).await.unwrap();

    assert_eq!(replayed, ContactOutcome::Duplicate);
    let kept = store.contact(NETWORK, bob()).await.unwrap().unwrap();
    assert_eq!(kept.relation, Relation::Accepted);
}

#[tokio::test]
async fn a_decision_on_a_stale_view_is_not_carried_out() {
    let store = memory().await;
    store
        .change_contact(change(Relation::Blocked))
        .await
        .unwrap();
    let accept = ContactChange {
        expected: Expected::Standing(Relation::Incoming),
        ..change(Relation::Accepted)
    };
    let add = ContactChange {
        expected: Expected::NoContact,
        ..change(Relation::Requested)
    };

    for late in [accept, add] {
        let outcome = store.change_contact(late).await.unwrap();
        let blocked = Box::new(contact(bob(), Relation::Blocked));
        assert_eq!(outcome, ContactOutcome::Stale(Some(blocked)));
    }
}

#[tokio::test]
async fn nothing_more_goes_to_someone_who_is_blocked() {
    let store = memory().await;
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();
    store
        .insert_outgoing(outgoing(2, account(3)))
        .await
        .unwrap();

    store
        .change_contact(change(Relation::Blocked))
        .await
        .unwrap();

    let waiting: Vec<_> = store
        .outbox(NETWORK)
        .await
        .unwrap()
        .iter()
        .map(|entry| entry.id)
        .collect();
    assert_eq!(waiting, [id(2)]);
    let message = store.message(NETWORK, bob(), id(1)).await.unwrap().unwrap();
    assert_eq!(message.state, MessageState::Failed);
}

#[tokio::test]
async fn a_contact_keeps_what_is_said_of_it() {
    let store = memory().await;
    store
        .change_contact(change(Relation::Accepted))
        .await
        .unwrap();

    store
        .set_contact_alias(NETWORK, bob(), Some("Bobby".to_owned()))
        .await
        .unwrap();
    store
        .set_contact_verified(NETWORK, bob(), true)
        .await
        .unwrap();
    store
        .set_contact_seen(NETWORK, bob(), later(9))
        .await
        .unwrap();
    store
        .set_contact_seen(NETWORK, bob(), later(5))
        .await
        .unwrap();
    let renamed = store
        .set_contact_profile(NETWORK, bob(), "Robert".to_owned(), "human".to_owned())
        .await;
    let same = store
        .set_contact_profile(NETWORK, bob(), "Robert".to_owned(), "human".to_owned())
        .await;
    store
        .set_contact_tombstone(bob(), vec![1, 2])
        .await
        .unwrap();

    let kept = store.contact(NETWORK, bob()).await.unwrap().unwrap();
    assert_eq!(
        (kept.alias.as_deref(), kept.name.as_str(), kept.is_verified),
        (Some("Bobby"), "Robert", true)
    );
    assert_eq!((renamed.unwrap(), same.unwrap()), (true, false));
    assert_eq!(kept.last_seen, Some(later(9)), "presence never goes back");
    assert_eq!(kept.tombstone, Some(vec![1, 2]));
}

#[tokio::test]
async fn a_forgotten_contact_leaves_its_history_but_not_its_nodes() {
    let store = memory().await;
    let certificate = StoredCertificate {
        account: bob(),
        node: node(1),
        bytes: vec![1],
    };
    let added = ContactChange {
        certificates: vec![certificate],
        ..change(Relation::Accepted)
    };
    store.change_contact(added).await.unwrap();
    store.insert_outgoing(outgoing(1, bob())).await.unwrap();

    let was_there = store.remove_contact(NETWORK, bob()).await.unwrap();

    assert!(was_there);
    assert!(store.contact(NETWORK, bob()).await.unwrap().is_none());
    assert!(store.certificates(NETWORK).await.unwrap().is_empty());
    assert!(store.outbox(NETWORK).await.unwrap().is_empty());
    let message = store.message(NETWORK, bob(), id(1)).await.unwrap().unwrap();
    assert_eq!(message.state, MessageState::Failed);
}
