//! What goes to each node of an account by itself.

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
