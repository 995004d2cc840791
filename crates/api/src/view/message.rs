//! Conversations and messages.

use streembit_node::{ConversationView, MessageView, ReactionView};

use crate::types::{ChangeState, Conversation, Message, MessageFound, MessageState, Reaction};

/// How much of a text is shown before what was found, in characters.
const BEFORE: usize = 32;

/// How much of a text is shown in all, in characters.
const SNIPPET: usize = 160;

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        Self {
            id: view.id.into(),
            network: view.network.into(),
            peer: view.peer.into(),
            from: view.from.into(),
            text: view.text,
            sent_at: view.sent_at.0,
            state: view.state.into(),
            received_at: view.received_at.map(|at| at.0),
            reply_to: view.reply_to.map(Into::into),
            failure: view.failure,
            reactions: view.reactions.into_iter().map(Reaction::from).collect(),
            edited_at: view.edited_at.map(|at| at.0),
            deleted_at: view.deleted_at.map(|at| at.0),
            deleted_here: view.is_deleted_here,
            change: view.change.map(ChangeState::from),
        }
    }
}

impl From<ReactionView> for Reaction {
    fn from(view: ReactionView) -> Self {
        Self {
            peer: view.peer.into(),
            emoji: view.emoji,
        }
    }
}

impl From<streembit_node::ChangeState> for ChangeState {
    fn from(state: streembit_node::ChangeState) -> Self {
        match state {
            streembit_node::ChangeState::Failed => Self::Failed,
            streembit_node::ChangeState::Queued => Self::Queued,
        }
    }
}

impl From<streembit_store::MessageState> for MessageState {
    fn from(state: streembit_store::MessageState) -> Self {
        match state {
            streembit_store::MessageState::Delivered => Self::Delivered,
            streembit_store::MessageState::Failed => Self::Failed,
            streembit_store::MessageState::Queued => Self::Queued,
            streembit_store::MessageState::Read => Self::Read,
            streembit_store::MessageState::Sent => Self::Sent,
        }
    }
}

impl From<ConversationView> for Conversation {
    fn from(view: ConversationView) -> Self {
        Self {
            network: view.network.into(),
            peer: view.peer.into(),
            title: view.title,
            last: Some(view.last.into()),
            unread: u32::try_from(view.unread).unwrap_or(u32::MAX),
        }
    }
}

/// Describes a message that a search for `sought` found.
pub(crate) fn found(view: MessageView, sought: &str) -> MessageFound {
    MessageFound {
        id: view.id.into(),
        network: view.network.into(),
        peer: view.peer.into(),
        snippet: snippet(&view.text, sought),
        sent_at: view.sent_at.0,
    }
}

/// Returns the words around the first place where `sought` stands in `text`.
fn snippet(text: &str, sought: &str) -> String {
    let folded = text.to_lowercase();
    let place = folded.find(&sought.to_lowercase()).unwrap_or_default();
    // Lower case may have another length, so the place is counted in characters.
    let place = folded
        .get(..place)
        .map_or(0, |before| before.chars().count());
    let start = place.saturating_sub(BEFORE);
    let shown: String = text.chars().skip(start).take(SNIPPET).collect();
    let is_cut = text.chars().nth(start + SNIPPET).is_some();
    let (before, after) = (
        if start > 0 { "…" } else { "" },
        if is_cut { "…" } else { "" },
    );
    format!("{before}{}{after}", shown.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_words_around_what_was_found() {
        let text = format!("{} the lamp is on {}", "a ".repeat(50), "b ".repeat(200));

        let shown = snippet(&text, "LAMP");

        assert!(shown.contains("the lamp is on"), "{shown}");
        assert!(shown.starts_with('…') && shown.ends_with('…'));
        assert!(shown.chars().count() <= SNIPPET + 2);
    }

    #[test]
    fn shows_short_texts_whole() {
        assert_eq!(snippet("hello", "ell"), "hello");
    }
}
