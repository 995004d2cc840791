//! Finding words in what was said.

use proptest::prelude::*;
use streembit_identity::{AccountId, NetworkId};
use streembit_store::{Act, Deed, FoundMessage, MAX_PAGE, OutgoingMessage, Sought, Store};

use crate::support::*;

async fn say(store: &Store, n: u32, from: AccountId, text: &str) {
    let mut message = incoming(n, from);
    message.text = text.to_owned();
    store.insert_incoming(message).await.unwrap();
}

fn words(text: &str) -> Sought {
    Sought {
        text: text.to_owned(),
        limit: 50,
        ..Sought::default()
    }
}

async fn find(store: &Store, sought: Sought) -> Vec<FoundMessage> {
    store.search_messages(sought).await.unwrap()
}

async fn ids(store: &Store, text: &str) -> Vec<streembit_identity::MessageId> {
    let found = find(store, words(text)).await;
    found.into_iter().map(|message| message.id).collect()
}

#[tokio::test]
async fn finds_all_the_words_whatever_their_case_and_accents_newest_first() {
    let store = memory().await;
    say(&store, 1, bob(), "Die Lampe über dem Tisch").await;
    say(&store, 2, bob(), "lampe und TISCH, später").await;
    say(&store, 3, bob(), "nur ein Tisch").await;

    assert_eq!(ids(&store, "tisch LAMPE").await, [id(2), id(1)]);
    assert_eq!(ids(&store, "uber").await, [id(1)]);
    assert_eq!(
        ids(&store, "tisc").await,
        [id(3), id(2), id(1)],
        "the last word may go on"
    );
    assert_eq!(ids(&store, "lamp tisch").await, [], "the others may not");
    assert_eq!(ids(&store, "").await, []);
}

#[tokio::test]
async fn shows_the_words_around_and_where_they_stand() {
    let store = memory().await;
    let text = format!(
        "{} the green lamp is on {}",
        "a ".repeat(200),
        "b ".repeat(200)
    );
    say(&store, 1, bob(), &text).await;

    let found = find(&store, words("lamp")).await;

    let [message] = found.as_slice() else {
        panic!("{found:?}")
    };
    let (from, to) = message.marks[0];
    let marked: String = message
        .snippet
        .chars()
        .skip(from as usize)
        .take((to - from) as usize)
        .collect();
    assert_eq!(marked, "lamp");
    assert!(message.snippet.contains("green lamp is on"));
    assert!(message.snippet.chars().count() < 200);
    assert_eq!((message.from, message.peer), (bob(), bob().into()));
}

#[tokio::test]
async fn a_text_full_of_one_word_costs_no_more_than_its_length() {
    let store = memory().await;
    let long = "th ".repeat(21_000);
    let short = "th ".repeat(2_700);
    for n in 0..10 {
        say(&store, n, bob(), if n % 2 == 0 { &long } else { &short }).await;
    }

    // What grows with the square of the words takes minutes here.
    let search = find(&store, words("th th"));
    let found = tokio::time::timeout(std::time::Duration::from_secs(20), search).await;

    let found = found.unwrap();
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|message| !message.marks.is_empty()));
    assert!(found.iter().all(|message| message.snippet.len() < 300));
}

#[tokio::test]
async fn stays_in_one_network_or_one_conversation_when_asked() {
    let store = memory().await;
    say(&store, 1, bob(), "the lamp").await;
    say(&store, 2, account(3), "the lamp").await;
    let mut message = incoming(3, bob());
    message.network = home();
    message.text = "the lamp".to_owned();
    store.insert_incoming(message).await.unwrap();

    let count = async |network: Option<NetworkId>, peer: Option<AccountId>| {
        let sought = Sought {
            network,
            peer: peer.map(Into::into),
            ..words("lamp")
        };
        find(&store, sought).await.len()
    };

    assert_eq!(count(None, None).await, 3);
    assert_eq!(count(Some(NETWORK), None).await, 2);
    assert_eq!(count(Some(NETWORK), Some(bob())).await, 1);
    assert_eq!(count(None, Some(bob())).await, 2);
    assert_eq!(count(Some(home()), Some(account(3))).await, 0);
}

#[tokio::test]
async fn what_was_edited_or_deleted_is_found_no_longer() {
    let store = memory().await;
    say(&store, 1, bob(), "the launch code").await;
    say(&store, 2, bob(), "another launch").await;
    let act = |n: u32, target: u32, deed: Deed| Act {
        id: id(n),
        network: NETWORK,
        peer: bob().into(),
        by: bob(),
        target: id(target),
        at: NOW,
        deed,
    };

    let edit = Deed::Edit {
        text: "nothing to see".to_owned(),
        revision: 1,
    };
    store.take_act(act(3, 1, edit), NOW).await.unwrap();
    store.take_act(act(4, 2, Deed::Delete), NOW).await.unwrap();

    assert_eq!(ids(&store, "launch").await, []);
    assert_eq!(ids(&store, "nothing").await, [id(1)]);
    store.remove_conversation(NETWORK, bob()).await.unwrap();
    assert_eq!(ids(&store, "nothing").await, []);
}

#[tokio::test]
async fn answers_are_bounded() {
    let store = memory().await;
    for n in 0..MAX_PAGE + 5 {
        say(&store, n, bob(), "lamp").await;
    }
    let sought = Sought {
        limit: u32::MAX,
        ..words("lamp")
    };

    assert_eq!(find(&store, sought).await.len(), MAX_PAGE as usize);
}

#[tokio::test]
async fn a_restored_backup_is_searched_at_once() {
    let store = memory().await;
    let message = OutgoingMessage {
        text: "the oak".to_owned(),
        ..outgoing(1, bob())
    };
    store.insert_outgoing(message).await.unwrap();
    let restored = memory().await;

    restored
        .import(store.export().await.unwrap(), NOW)
        .await
        .unwrap();

    assert_eq!(ids(&restored, "oak").await, [id(1)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_is_only_words(text in r#"[ -~äß👍"*():^{}\-+\\]{0,40}"#) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let store = memory().await;
            say(&store, 1, bob(), "text place NEAR AND OR NOT").await;

            prop_assert!(store.search_messages(words(&text)).await.is_ok());
            Ok(())
        })?;
    }
}
