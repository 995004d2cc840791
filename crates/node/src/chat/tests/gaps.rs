//! What is asked for is sent again as it was, or said to be gone; nothing else is.

use streembit_delivery::Range;
use streembit_store::{Gap, GapState};

use super::order::{chained, rows};
use super::*;
use crate::chat::body::Said;

fn says(said: Said) -> Vec<u8> {
    body::Gaps::write(&said)
}

fn range(first: u32, last: u32) -> Range {
    Range { first, last }
}

/// Writes texts to `peer`, who has signed for all of them.
async fn delivered(node: &Node, peer: AccountId, texts: &[&str]) -> Vec<MessageId> {
    let mut ids = Vec::new();
    for text in texts {
        let sent = node.message_send(None, peer, (*text).to_owned(), None);
        let id = sent.await.unwrap().id;
        for entry in node.store().outbox(NetworkId::PUBLIC).await.unwrap() {
            let state = MessageState::Delivered;
            let recorded = node
                .store()
                .record_outgoing(peer, entry.node, id, state, None);
            recorded.await.unwrap();
        }
        ids.push(id);
    }
    ids
}

async fn waiting(node: &Node) -> Vec<(Kind, MessageId)> {
    let waiting = node.store().outbox(NetworkId::PUBLIC).await.unwrap();
    let kind = |number| Kind::from_number(number).unwrap();
    let pairs = waiting
        .into_iter()
        .map(|entry| (kind(entry.kind), entry.id));
    pairs.collect()
}

#[tokio::test]
async fn texts_that_are_asked_for_are_sent_again_once() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let ids = delivered(&alice, bob.id(), &["1", "2", "3"]).await;
    assert_eq!(waiting(&alice).await, []);

    let question = bob.sends(&alice, Kind::Gaps, says(Said::Asked(vec![range(2, 3)])));
    on_gaps(&alice, &question).await.unwrap();
    on_gaps(&alice, &question).await.unwrap();

    let again = [(Kind::Text, ids[1]), (Kind::Text, ids[2])];
    assert_eq!(waiting(&alice).await, again);
    let soon = bob.sends(&alice, Kind::Gaps, says(Said::Asked(vec![range(1, 1)])));
    let refused = on_gaps(&alice, &soon).await.unwrap_err();
    assert_eq!(refused, Refusal::Busy, "not so often");
    alice.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_again_is_said_to_be_gone() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    delivered(&alice, bob.id(), &["1"]).await;

    let question = bob.sends(&alice, Kind::Gaps, says(Said::Asked(vec![range(2, 9)])));
    on_gaps(&alice, &question).await.unwrap();

    let kinds: Vec<Kind> = waiting(&alice)
        .await
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    assert_eq!(kinds, [Kind::Gaps], "one word for all of them");
    alice.stop().await;
}

#[tokio::test]
async fn a_gap_shows_that_its_texts_are_gone() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let sent = chained(&bob, &alice, &["1", "2", "3", "4"]);
    on_text(&alice, &sent[0]).await.unwrap();
    on_text(&alice, &sent[3]).await.unwrap();
    let gap = async || rows(&alice, bob.id()).await[1].1;

    let part = bob.sends(&alice, Kind::Gaps, says(Said::Gone(vec![range(2, 2)])));
    on_gaps(&alice, &part).await.unwrap();
    let state = GapState::Waiting;
    assert_eq!(
        gap().await,
        Some(Gap { missing: 2, state }),
        "not all of it"
    );

    let all = bob.sends(&alice, Kind::Gaps, says(Said::Gone(vec![range(1, 3)])));
    on_gaps(&alice, &all).await.unwrap();
    let state = GapState::Gone;
    assert_eq!(gap().await, Some(Gap { missing: 2, state }));

    on_text(&alice, &sent[1]).await.unwrap();
    on_text(&alice, &sent[2]).await.unwrap();
    assert_eq!(texts(&alice, bob.id()).await, ["1", "2", "3", "4"]);
    assert_eq!(
        rows(&alice, bob.id()).await[3].1,
        None,
        "it came all the same"
    );
    alice.stop().await;
}

#[tokio::test]
async fn questions_that_no_node_asks_are_refused() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let both = body::Gaps {
        asked: Some(vec![(1, 1)]),
        gone: Some(vec![(1, 1)]),
    };
    let neither = body::Gaps {
        asked: None,
        gone: None,
    };

    for body in [
        body::encode(&both),
        body::encode(&neither),
        says(Said::Asked(Vec::new())),
        says(Said::Asked(vec![range(0, 1)])),
        says(Said::Asked(vec![range(1, 10_000)])),
        says(Said::Gone(vec![range(1, u32::MAX)])),
        vec![0xff; 40],
    ] {
        let arrival = bob.sends(&alice, Kind::Gaps, body);
        let refused = on_gaps(&alice, &arrival).await.unwrap_err();
        assert_eq!(refused, Refusal::Invalid);
    }
    alice.stop().await;
}
