//! Robin, who answers: reads what came, and writes back once to each message.

use std::collections::BTreeSet;

use streembit_identity::{AccountId, NetworkId};
use streembit_node::{ChatError, Event, MessageView, Node};
use streembit_store::Page;
use tokio::sync::broadcast::error::RecvError;
use tracing::debug;

use super::words;

/// Answers what `friend` writes to `robin`, also what came while nobody was there.
pub(super) async fn answer(robin: Node, network: NetworkId, friend: AccountId) {
    let mut events = robin.subscribe();
    loop {
        if let Err(error) = catch_up(&robin, network, friend).await {
            debug!(%error, "Robin has nothing to say");
        }
        loop {
            match events.recv().await {
                Ok(Event::Message { .. }) | Err(RecvError::Lagged(_)) => break,
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

/// Answers each message of the newest page that has no answer yet.
///
/// Which ones have is told by the conversation itself, so that nothing is answered twice after a
/// restart.
async fn catch_up(robin: &Node, network: NetworkId, friend: AccountId) -> Result<(), ChatError> {
    let messages = robin
        .messages_list(Some(network), friend, Page::default())
        .await?;
    let answered: BTreeSet<_> = messages
        .iter()
        .filter(|message| message.is_own)
        .filter_map(|message| message.reply_to)
        .collect();
    let is_open = |message: &&MessageView| !message.is_own && !answered.contains(&message.id);
    for message in messages.iter().filter(is_open) {
        robin.conversation_read(Some(network), friend).await?;
        let words = words::answer(&message.text);
        robin
            .message_send(Some(network), friend, words, Some(message.id))
            .await?;
    }
    Ok(())
}
