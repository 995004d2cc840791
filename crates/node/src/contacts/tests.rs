mod refused;

use streembit_identity::{Kind, PeerKind};
use streembit_store::MessageState;

use super::{limit::MAX_PENDING, *};
use crate::{
    chat::body::encode,
    testing::{Person, until},
    wire::Refusal,
};

const PUBLIC: NetworkId = NetworkId::PUBLIC;

fn request(proof: Option<[u8; 32]>) -> Vec<u8> {
    let name = "Bob".parse().unwrap();
    encode(&body::Request {
        name,
        kind: PeerKind::Human,
        proof: proof.map(Into::into),
    })
}

fn answer(accepts: bool) -> Vec<u8> {
    encode(&body::Answer {
        accepts,
        name: "Bob".parse().unwrap(),
        kind: PeerKind::Human,
    })
}

/// A proof that `bob` makes from a link.
fn proof(link: &str, bob: &Person, alice: &Node) -> [u8; 32] {
    let invite = invites::read(link, alice.now()).unwrap();
    invites::proof(&invite.secret, bob.id(), alice.me().account)
}

async fn standing_of(node: &Node, peer: AccountId) -> ContactState {
    state(node, PUBLIC, peer).await.unwrap()
}

#[tokio::test]
async fn a_stranger_waits_for_the_person() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));

    let arrival = bob.sends(&alice, Kind::ContactRequest, request(None));
    on_contact_request(&alice, &arrival).await.unwrap();

    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::Incoming);
    let shown = alice.contacts_list(Some(PUBLIC)).await.unwrap();
    assert_eq!(
        shown
            .iter()
            .map(|view| view.name.as_str())
            .collect::<Vec<_>>(),
        ["Bob"]
    );
    alice.stop().await;
}

#[tokio::test]
async fn an_invite_opens_the_door_once() {
    let (alice, bob, eve) = (
        Person::new(1).start("Alice").await,
        Person::new(2),
        Person::new(3),
    );
    let link = alice.contact_invite().await.unwrap();

    let first = request(Some(proof(&link, &bob, &alice)));
    on_contact_request(&alice, &bob.sends(&alice, Kind::ContactRequest, first))
        .await
        .unwrap();
    let second = request(Some(proof(&link, &eve, &alice)));
    on_contact_request(&alice, &eve.sends(&alice, Kind::ContactRequest, second))
        .await
        .unwrap();

    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::Accepted);
    assert_eq!(
        standing_of(&alice, eve.id()).await,
        ContactState::Incoming,
        "she must wait"
    );
    alice.stop().await;
}

#[tokio::test]
async fn a_proof_made_by_someone_else_is_worth_nothing() {
    let (alice, bob, eve) = (
        Person::new(1).start("Alice").await,
        Person::new(2),
        Person::new(3),
    );
    let link = alice.contact_invite().await.unwrap();

    let stolen = request(Some(proof(&link, &bob, &alice)));
    on_contact_request(&alice, &eve.sends(&alice, Kind::ContactRequest, stolen))
        .await
        .unwrap();
    let guessed = request(Some([0; 32]));
    on_contact_request(&alice, &bob.sends(&alice, Kind::ContactRequest, guessed))
        .await
        .unwrap();

    assert_eq!(standing_of(&alice, eve.id()).await, ContactState::Incoming);
    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::Incoming);
    alice.stop().await;
}

#[tokio::test]
async fn the_same_request_twice_changes_nothing() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    let link = alice.contact_invite().await.unwrap();
    let body = request(Some(proof(&link, &bob, &alice)));
    let arrival = bob.sends(&alice, Kind::ContactRequest, body);

    let first = on_contact_request(&alice, &arrival).await.unwrap();
    let second = on_contact_request(&alice, &arrival).await.unwrap();

    assert_eq!(first.body, second.body, "the same receipt");
    let waiting = alice.store().outbox(PUBLIC).await.unwrap();
    assert_eq!(waiting.len(), 1, "and one answer: {waiting:?}");
    alice.stop().await;
}

#[tokio::test]
async fn a_contact_that_asks_again_and_again_is_answered_once_and_keeps_its_name() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    alice.contact_add(bob.id(), None).await.unwrap();
    let accepted = bob.sends(&alice, Kind::ContactAnswer, answer(true));
    on_contact_answer(&alice, &accepted).await.unwrap();
    let before = alice.store().outbox(PUBLIC).await.unwrap().len();

    let (name, kind) = ("Alice".parse().unwrap(), PeerKind::Hub);
    let again = encode(&body::Answer {
        accepts: true,
        name,
        kind,
    });
    let (name, kind) = ("Alice".parse().unwrap(), PeerKind::Hub);
    let asked = encode(&body::Request {
        name,
        kind,
        proof: None,
    });
    for _ in 0..5 {
        let arrival = bob.sends(&alice, Kind::ContactRequest, asked.clone());
        on_contact_request(&alice, &arrival).await.unwrap();
        let arrival = bob.sends(&alice, Kind::ContactAnswer, again.clone());
        on_contact_answer(&alice, &arrival).await.unwrap();
    }

    let after = alice.store().outbox(PUBLIC).await.unwrap();
    assert_eq!(after.len(), before + 1, "one answer: {after:?}");
    let known = alice.store().contact(PUBLIC, bob.id()).await.unwrap();
    let known = known.unwrap();
    assert_eq!((known.name.as_str(), known.kind.as_str()), ("Bob", "human"));
    alice.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_block_is_lost_when_many_are_made_at_once() {
    let alice = Person::new(1).start("Alice").await;
    let others: Vec<_> = (2..40).map(Person::new).collect();

    let blocks: Vec<_> = others
        .iter()
        .map(|person| {
            let (alice, peer) = (alice.clone(), person.id());
            tokio::spawn(async move { alice.contact_block(peer).await })
        })
        .collect();
    for block in blocks {
        block.await.unwrap().unwrap();
    }

    let rules = alice.network(&PUBLIC).unwrap().keeper().rules();
    for person in &others {
        assert!(rules.admit(&person.certificate, alice.now()).is_err());
    }
    alice.stop().await;
}

#[tokio::test]
async fn strangers_are_held_back_when_many_wait() {
    let alice = Person::new(1).start("Alice").await;
    let mut outcomes = Vec::new();

    for seed in 2..=40 {
        let arrival = Person::new(seed).sends(&alice, Kind::ContactRequest, request(None));
        outcomes.push(on_contact_request(&alice, &arrival).await.map(|_| ()));
    }

    let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(
        (20..=22).contains(&taken),
        "a burst is taken, not a flood: {taken}"
    );
    assert_eq!(
        outcomes.last(),
        Some(&Err(Refusal::Busy)),
        "it may be tried again later"
    );
    assert!(alice.contacts_list(Some(PUBLIC)).await.unwrap().len() <= MAX_PENDING);
    alice.stop().await;
}

#[tokio::test]
async fn nobody_may_ask_when_the_person_wants_peace_but_an_invite_still_works() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    let setting = [(
        "contact_requests".to_owned(),
        serde_json::Value::Bool(false),
    )];
    alice.store().set_settings(setting.into()).await.unwrap();
    let link = alice.contact_invite().await.unwrap();

    let plain = bob.sends(&alice, Kind::ContactRequest, request(None));
    let refused = on_contact_request(&alice, &plain).await.unwrap_err();
    let proven = request(Some(proof(&link, &bob, &alice)));
    let proven = bob.sends(&alice, Kind::ContactRequest, proven);
    on_contact_request(&alice, &proven).await.unwrap();

    assert_eq!(refused, Refusal::Denied);
    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::Accepted);
    alice.stop().await;
}

#[tokio::test]
async fn an_answer_nobody_asked_for_is_refused() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));

    for accepts in [true, false] {
        let arrival = bob.sends(&alice, Kind::ContactAnswer, answer(accepts));
        let refused = on_contact_answer(&alice, &arrival).await.unwrap_err();
        assert_eq!(refused, Refusal::Denied);
    }

    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::None);
    alice.stop().await;
}

#[tokio::test]
async fn a_declined_request_leaves_nothing_behind() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    alice.contact_add(bob.id(), None).await.unwrap();

    let arrival = bob.sends(&alice, Kind::ContactAnswer, answer(false));
    on_contact_answer(&alice, &arrival).await.unwrap();

    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::None);
    assert_eq!(alice.store().outbox(PUBLIC).await.unwrap(), []);
    alice.stop().await;
}

#[tokio::test]
async fn both_asking_at_once_become_contacts() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    alice.contact_add(bob.id(), None).await.unwrap();

    let arrival = bob.sends(&alice, Kind::ContactRequest, request(None));
    on_contact_request(&alice, &arrival).await.unwrap();

    assert_eq!(standing_of(&alice, bob.id()).await, ContactState::Accepted);
    alice.stop().await;
}

#[tokio::test]
async fn the_blocked_are_in_the_rules_and_nothing_waits_for_them() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    alice.contact_add(bob.id(), None).await.unwrap();

    alice.contact_block(bob.id()).await.unwrap();

    let rules = alice.network(&PUBLIC).unwrap().keeper().rules();
    assert!(rules.admit(&bob.certificate, alice.now()).is_err());
    assert_eq!(alice.store().outbox(PUBLIC).await.unwrap(), []);
    assert_eq!(
        alice.contact_add(bob.id(), None).await.unwrap_err().code(),
        "conflict"
    );
    alice.contact_unblock(bob.id()).await.unwrap();
    let rules = alice.network(&PUBLIC).unwrap().keeper().rules();
    assert!(rules.admit(&bob.certificate, alice.now()).is_ok());
    alice.stop().await;
}

#[tokio::test]
async fn own_expired_and_foreign_links_are_refused() {
    let alice = Person::new(1).start("Alice").await;
    let own = alice.contact_invite().await.unwrap();

    let mine = alice.contact_add_link(&own, None).await.unwrap_err();
    let expired = invites::read(
        &own,
        alice.now().plus(std::time::Duration::from_secs(8 * 86_400)),
    );
    let garbage = alice
        .contact_add_link("streembit:invite/AAAA", None)
        .await
        .unwrap_err();
    let foreign = alice
        .contact_add_link("https://example.org/", None)
        .await
        .unwrap_err();

    assert_eq!(mine.code(), "invalid_arguments");
    assert_eq!(expired.unwrap_err().code(), "expired");
    assert_eq!([garbage.code(), foreign.code()], ["invalid_arguments"; 2]);
    alice.stop().await;
}

#[tokio::test]
async fn two_people_meet_by_invite_and_write_both_ways() {
    let alice = Person::new(1).start("Alice").await;
    let bob = Person::new(2).start("Bob").await;
    let (a, b) = (alice.me().account, bob.me().account);
    let link = alice.contact_invite().await.unwrap();

    let asked = bob.contact_add_link(&link, None).await.unwrap();
    assert_eq!(
        (asked.name.as_str(), asked.state),
        ("Alice", ContactState::Requested)
    );
    until(&bob, "Alice accepted", async |bob| {
        standing_of(bob, a).await == ContactState::Accepted
    })
    .await;
    let to_alice = bob
        .message_send(None, a, "hello Alice".to_owned(), None)
        .await
        .unwrap();
    let to_bob = alice
        .message_send(None, b, "hello Bob".to_owned(), None)
        .await
        .unwrap();

    until(&bob, "Alice has it", async |bob| {
        bob.message(PUBLIC, a, to_alice.id).await.unwrap().state == MessageState::Delivered
    })
    .await;
    until(&alice, "Bob has it", async |alice| {
        alice.message(PUBLIC, b, to_bob.id).await.unwrap().state == MessageState::Delivered
    })
    .await;
    bob.conversation_read(None, a).await.unwrap();
    until(&alice, "Bob read it", async |alice| {
        alice.message(PUBLIC, b, to_bob.id).await.unwrap().state == MessageState::Read
    })
    .await;
    assert_eq!(
        alice.contact(PUBLIC, b).await.unwrap().presence,
        crate::Presence::Online
    );
    alice.stop().await;
    bob.stop().await;
}

#[tokio::test]
async fn a_block_closes_the_live_connection() {
    let alice = Person::new(1).start("Alice").await;
    let bob = Person::new(2).start("Bob").await;
    let (a, b) = (alice.me().account, bob.me().account);
    let link = alice.contact_invite().await.unwrap();
    bob.contact_add_link(&link, None).await.unwrap();
    until(&bob, "they met", async |bob| {
        standing_of(bob, a).await == ContactState::Accepted
    })
    .await;

    alice.contact_block(b).await.unwrap();

    until(&bob, "the connection is gone", async |bob| {
        bob.network(&PUBLIC).unwrap().net().nodes_of(&a).is_empty()
    })
    .await;
    alice.stop().await;
    bob.stop().await;
}
