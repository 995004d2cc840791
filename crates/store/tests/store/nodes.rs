//! What goes to each node of an account by itself.

use streembit_identity::{NodeId, Timestamp};
use streembit_store::MessageState;

use crate::support::*;

#[tokio::test]
async fn a_message_is_as_far_as_the_furthest_of_its_copies() {
    let store = memory().await;
    let nodes = [node(7), node(8)];
    let mut message = outgoing(1, bob());
    message.item.nodes = nodes.to_vec();
    store.insert_outgoing(message).await.unwrap();
    let waiting = store.outbox(NETWORK).await.unwrap();
    assert_eq!(
        waiting.iter().map(|entry| entry.node).collect::<Vec<_>>(),
        nodes.map(Some)
    );

    let record = async |node, state| {
        let why = Some("why".to_owned());
        let changed = store.record_outgoing(bob(), Some(node), id(1), state, why);
        changed.await.unwrap().map(|message| message.state)
    };
    assert_eq!(
        record(nodes[0], MessageState::Failed).await,
        None,
        "one waits"
    );
    let delivered = record(nodes[1], MessageState::Delivered).await;

    assert_eq!(delivered, Some(MessageState::Delivered));
    assert_eq!(store.outbox(NETWORK).await.unwrap(), []);
}

#[tokio::test]
async fn only_a_computer_that_came_after_others_is_new() {
    let store = memory().await;
    let note = async |nodes: &[u16], at| {
        let nodes = nodes.iter().copied().map(node).collect();
        let noted = store.note_computers(NETWORK, bob(), nodes, Timestamp(at));
        noted.await.unwrap()
    };
    let nobody: [NodeId; 0] = [];

    assert_eq!(note(&[7, 8], 1).await, nobody, "the first are not new");
    assert_eq!(
        note(&[8], 2).await,
        nobody,
        "one that went away says nothing"
    );
    assert_eq!(note(&[8, 9], 3).await, [node(9)]);
    assert_eq!(note(&[7, 9], 4).await, nobody, "it is told once");

    let all = store.computers(NETWORK, bob()).await.unwrap();
    let told = all.iter().map(|it| (it.node, it.since.0, it.is_new));
    let mut told: Vec<_> = told.collect();
    told.sort();
    let mut expected = vec![(node(7), 1, false), (node(8), 1, false), (node(9), 3, true)];
    expected.sort();
    assert_eq!(told, expected);
}

#[tokio::test]
async fn of_very_many_computers_the_oldest_are_forgotten() {
    let store = memory().await;
    for at in 1..=100 {
        let nodes = vec![node(at)];
        let noted = store.note_computers(NETWORK, bob(), nodes, Timestamp(at.into()));
        noted.await.unwrap();
    }

    let all = store.computers(NETWORK, bob()).await.unwrap();

    assert_eq!(all.len(), streembit_store::MAX_COMPUTERS);
    assert_eq!(all.last().map(|it| it.since), Some(Timestamp(100)));
}
