//! The order of texts: what comes late goes where it belongs, and what is missing is known.

use streembit_delivery::{Chain, Link, LinkHash, Tail};
use streembit_identity::MessageId;
use streembit_store::{
    Arrived, Gap, GapState, IncomingMessage, Linked, Message, Page, Store, WriteBody,
};

use crate::support::*;

fn hash(n: u32) -> LinkHash {
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    LinkHash::from_bytes(bytes)
}

/// The text of Bob's that has the number `n`, and names `before` before it.
fn text(n: u32, before: u32) -> IncomingMessage {
    let link = Link {
        sequence: n,
        previous: (n > 1).then(|| hash(before)),
    };
    IncomingMessage {
        linked: Some(Linked {
            node: node(2),
            link,
            hash: hash(n),
        }),
        ..incoming(n, bob())
    }
}

async fn take(store: &Store, numbers: &[u32]) {
    for n in numbers {
        let arrived = store.insert_incoming(text(*n, n - 1)).await.unwrap();
        assert_ne!(arrived, Arrived::Duplicate);
    }
}

async fn all(store: &Store) -> Vec<Message> {
    let page = Page {
        before: None,
        limit: 200,
    };
    store.messages(NETWORK, bob(), page).await.unwrap().unwrap()
}

async fn ids(store: &Store) -> Vec<MessageId> {
    all(store).await.iter().map(|it| it.id).collect()
}

async fn missing(store: &Store) -> Vec<u32> {
    let gaps = all(store).await.into_iter().map(|message| message.gap);
    gaps.map(|gap| gap.map_or(0, |gap| gap.missing)).collect()
}

#[tokio::test]
async fn every_order_of_arrival_ends_the_same() {
    let orders = [
        [1, 2, 3, 4, 5, 6],
        [6, 5, 4, 3, 2, 1],
        [3, 1, 6, 2, 5, 4],
        [2, 4, 6, 1, 3, 5],
        [6, 1, 3, 5, 2, 4],
    ];
    for order in orders {
        let store = memory().await;
        take(&store, &order).await;

        assert_eq!(ids(&store).await, [1, 2, 3, 4, 5, 6].map(id), "{order:?}");
        assert_eq!(missing(&store).await, [0; 6], "{order:?}");
        assert!(all(&store).await.iter().all(|it| !it.is_astray));
    }
}

#[tokio::test]
async fn what_is_said_in_between_stays_where_it_was() {
    let store = memory().await;
    take(&store, &[1]).await;
    store.insert_outgoing(outgoing(50, bob())).await.unwrap();
    take(&store, &[4]).await;
    let before = ids(&store).await;
    take(&store, &[3, 2]).await;

    assert_eq!(before, [1, 50, 4].map(id));
    assert_eq!(ids(&store).await, [1, 50, 2, 3, 4].map(id));
    let page = Page {
        before: Some(id(3)),
        limit: 2,
    };
    let earlier = store.messages(NETWORK, bob(), page).await.unwrap().unwrap();
    let earlier: Vec<_> = earlier.iter().map(|it| it.id).collect();
    assert_eq!(earlier, [50, 2].map(id), "pages follow the same order");
}

#[tokio::test]
async fn a_gap_is_counted_split_and_closed() {
    let store = memory().await;
    take(&store, &[1, 6]).await;
    assert_eq!(missing(&store).await, [0, 4]);
    let gap = Some(Gap {
        missing: 4,
        state: GapState::Waiting,
    });
    assert_eq!(all(&store).await[1].gap, gap);

    take(&store, &[4]).await;
    assert_eq!(missing(&store).await, [0, 2, 1]);
    let filled = store.insert_incoming(text(5, 4)).await.unwrap();
    let Arrived::Filled { later, .. } = filled else {
        panic!("{filled:?}");
    };
    assert_eq!(later.unwrap().gap, None, "whoever shows it is told");
    take(&store, &[2, 3]).await;
    assert_eq!(missing(&store).await, [0; 6]);
    assert_eq!(ids(&store).await, [1, 2, 3, 4, 5, 6].map(id));
}

#[tokio::test]
async fn a_contradiction_is_kept_apart_and_said() {
    let store = memory().await;
    take(&store, &[1, 2, 4]).await;

    let fork = IncomingMessage {
        id: id(20),
        ..text(2, 1)
    };
    store.insert_incoming(fork).await.unwrap();
    let not_named_by_4 = IncomingMessage {
        linked: Some(Linked {
            hash: hash(99),
            ..text(3, 2).linked.unwrap()
        }),
        ..text(3, 2)
    };
    store.insert_incoming(not_named_by_4).await.unwrap();
    store.insert_incoming(text(5, 77)).await.unwrap();
    take(&store, &[6]).await;

    let rows = all(&store).await;
    let astray: Vec<_> = rows.iter().map(|it| (it.id, it.is_astray)).collect();
    assert_eq!(
        astray,
        [
            (id(1), false),
            (id(2), false),
            (id(4), false),
            (id(20), true),
            (id(3), true),
            (id(5), true),
            (id(6), false),
        ],
        "and the chain goes on from the last"
    );
    assert_eq!(rows[2].gap.map(|gap| gap.missing), Some(1), "3 is missing");
}

fn write(link: Link) -> Vec<u8> {
    let previous = link.previous.map_or([0; 32], |hash| *hash.as_bytes());
    [&link.sequence.to_be_bytes()[..], &previous].concat()
}

#[tokio::test]
async fn our_own_texts_are_numbered_without_a_break_also_after_a_restart() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("streembit.db");
    let mut tail: Option<Tail> = None;
    for n in 1..=4 {
        let store = open(&path).await;
        let mut message = outgoing(n, bob());
        message.write = WriteBody::new(write);
        store.insert_outgoing(message).await.unwrap();

        let link = Link::after(tail).unwrap();
        let body = write(link);
        let chain = Chain {
            network: NETWORK,
            from: me(),
            node: node(100),
            to: bob().into(),
        };
        tail = Some(Tail {
            sequence: link.sequence,
            hash: chain.hash(id(n), &body),
        });
        let chains = store.export().await.unwrap().chains;
        assert_eq!(chains.len(), 1);
        assert_eq!(chains[0].sequence, n);
        assert_eq!(chains[0].hash, tail.unwrap().hash.as_bytes());
        store.close().await;
    }
}

#[tokio::test]
async fn a_restored_profile_goes_on_where_the_backup_ended() {
    let store = memory().await;
    take(&store, &[1, 2, 3]).await;
    let backup = store.export().await.unwrap();
    let restored = memory().await;
    restored.import(backup, NOW).await.unwrap();

    restored.insert_incoming(text(6, 5)).await.unwrap();

    assert_eq!(
        missing(&restored).await,
        [0, 0, 0, 2],
        "what came since the backup is missing"
    );
}

#[tokio::test]
async fn texts_of_earlier_releases_are_in_no_chain() {
    let store = memory().await;
    for n in [1, 3, 2] {
        store.insert_incoming(incoming(n, bob())).await.unwrap();
    }
    let with_number = IncomingMessage {
        id: id(10),
        ..text(1, 0)
    };
    store.insert_incoming(with_number).await.unwrap();

    assert_eq!(ids(&store).await, [1, 3, 2, 10].map(id));
    assert_eq!(missing(&store).await, [0; 4]);
}

#[tokio::test]
async fn what_was_not_received_is_not_read() {
    let store = memory().await;
    for n in 1..=3 {
        store.insert_outgoing(outgoing(n, bob())).await.unwrap();
    }
    let delivered = streembit_store::MessageState::Delivered;
    store
        .record_outgoing(bob(), None, id(1), delivered, None)
        .await
        .unwrap();

    let read = store
        .receive_read(NETWORK, bob(), id(90), id(3), NOW)
        .await
        .unwrap();

    let read: Vec<_> = read.iter().map(|it| it.id).collect();
    assert_eq!(read, [id(1), id(3)], "the second is still on its way");
    let waits = store.outbox(NETWORK).await.unwrap();
    assert_eq!(waits.iter().map(|it| it.id).collect::<Vec<_>>(), [id(2)]);
}

#[tokio::test]
async fn reading_reads_what_came_late_too_and_names_the_last() {
    let store = memory().await;
    take(&store, &[1, 3, 2]).await;

    let through = store.last_unread(NETWORK, bob(), None).await.unwrap();
    assert_eq!(through, Some(id(3)), "the last that is shown");
    assert!(store.mark_read(NETWORK, bob(), id(3), None).await.unwrap());

    let unread = async || store.conversations(None).await.unwrap()[0].unread;
    assert_eq!(unread().await, 0);
    take(&store, &[6]).await;
    store.mark_read(NETWORK, bob(), id(6), None).await.unwrap();
    take(&store, &[5]).await;
    assert_eq!(unread().await, 1, "what comes late is news");
    let last = store.conversations(None).await.unwrap().remove(0).last;
    assert_eq!(last.unwrap().id, id(6), "and not the last");
}
