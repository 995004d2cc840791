//! What comes out of order stands in order, and what is missing shows.

use streembit_delivery::{Chain, Link, Tail};
use streembit_store::{Gap, GapState};

use super::*;
use crate::dispatch::Arrival;

/// Texts of one node to another, numbered.
pub(super) fn chained(bob: &Person, alice: &Node, texts: &[&str]) -> Vec<Arrival> {
    let chain = Chain {
        network: NetworkId::PUBLIC,
        from: bob.id(),
        node: bob.key.id(),
        to: alice.me().account.into(),
    };
    let mut tail = None;
    let mut arrivals = Vec::new();
    for text in texts {
        let link = Link::after(tail).unwrap();
        let arrival = bob.sends(alice, Kind::Text, body::Text::write(text, None, link));
        tail = Some(Tail {
            sequence: link.sequence,
            hash: chain.hash(arrival.envelope.id, &arrival.body),
        });
        arrivals.push(arrival);
    }
    arrivals
}

pub(super) async fn rows(node: &Node, peer: AccountId) -> Vec<(String, Option<Gap>, bool)> {
    let page = Page {
        before: None,
        limit: 200,
    };
    let list = node.messages_list(None, peer, page).await.unwrap();
    list.into_iter()
        .map(|row| (row.text, row.gap, row.is_astray))
        .collect()
}

fn waiting(missing: u32) -> Option<Gap> {
    let state = GapState::Waiting;
    Some(Gap { missing, state })
}

#[tokio::test]
async fn texts_stand_in_the_order_in_which_they_were_written() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let sent = chained(&bob, &alice, &["1", "2", "3", "4", "5"]);

    for at in [3, 0, 4, 2, 1] {
        on_text(&alice, &sent[at]).await.unwrap();
    }

    let clean = ["1", "2", "3", "4", "5"].map(|text| (text.to_owned(), None, false));
    assert_eq!(rows(&alice, bob.id()).await, clean);
    let conversations = alice.conversations_list(None).await.unwrap();
    assert_eq!(conversations[0].last.as_ref().unwrap().text, "5");
    assert_eq!(conversations[0].unread, 5);
    alice.stop().await;
}

#[tokio::test]
async fn what_is_missing_shows_before_the_text_behind_it() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let sent = chained(&bob, &alice, &["1", "2", "3", "4", "5"]);

    on_text(&alice, &sent[0]).await.unwrap();
    on_text(&alice, &sent[4]).await.unwrap();
    let before = rows(&alice, bob.id()).await;
    on_text(&alice, &sent[2]).await.unwrap();
    let between = rows(&alice, bob.id()).await;

    assert_eq!(before[1], ("5".to_owned(), waiting(3), false));
    assert_eq!(between[1], ("3".to_owned(), waiting(1), false));
    assert_eq!(between[2], ("5".to_owned(), waiting(1), false));
    alice.stop().await;
}

#[tokio::test]
async fn a_text_that_contradicts_the_chain_is_shown_as_such() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;
    let sent = chained(&bob, &alice, &["1", "2"]);
    let other = chained(&bob, &alice, &["1", "another 2", "3"]);

    on_text(&alice, &sent[0]).await.unwrap();
    on_text(&alice, &sent[1]).await.unwrap();
    on_text(&alice, &other[1]).await.unwrap();
    on_text(&alice, &other[2]).await.unwrap();

    let shown = rows(&alice, bob.id()).await;
    let astray: Vec<(&str, bool)> = shown.iter().map(|row| (&*row.0, row.2)).collect();
    assert_eq!(
        astray,
        [("1", false), ("2", false), ("another 2", true), ("3", true)]
    );
    alice.stop().await;
}

#[tokio::test]
async fn a_text_without_a_possible_place_is_refused() {
    let (alice, bob) = (Person::new(1).start("Alice").await, Person::new(2));
    befriend(&alice, bob.id()).await;

    for sequence in [0, 2] {
        let link = Link {
            sequence,
            previous: None,
        };
        let arrival = bob.sends(&alice, Kind::Text, body::Text::write("hi", None, link));
        let refused = on_text(&alice, &arrival).await.unwrap_err();
        assert_eq!(refused, Refusal::Invalid);
    }
    assert_eq!(alice.conversations_list(None).await.unwrap(), []);
    alice.stop().await;
}
