//! What is shown of conversations: rows of the store with the names people know.

use streembit_identity::{AccountId, MessageId, NetworkId, Party, Timestamp};
use streembit_store::{
    Choices, Direction, FoundMessage, Gap, Message, MessageState, Reach, Reaction, Sought, Stretch,
};

use super::ChatError;
use crate::{
    groups::{self, NoteView},
    node::Node,
};

/// One message, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageView {
    /// Our last change to it, while its recipient has not signed for it.
    pub change: Option<ChangeState>,
    /// When its words were deleted.
    pub deleted_at: Option<Timestamp>,
    /// When its author last changed its words.
    pub edited_at: Option<Timestamp>,
    /// Why it failed, as a code.
    pub failure: Option<String>,
    /// Who wrote it.
    pub from: AccountId,
    /// What is missing directly before it.
    pub gap: Option<Gap>,
    /// Its id.
    pub id: MessageId,
    /// Whether it contradicts what its author's node said before.
    pub is_astray: bool,
    /// Whether it offers a file, which has its id.
    pub is_file: bool,
    /// Whether it was deleted here only.
    pub is_deleted_here: bool,
    /// Whether this account wrote it.
    pub is_own: bool,
    /// Until when a mailbox keeps it, where it was left in one.
    pub kept_until: Option<Timestamp>,
    /// The network of the conversation.
    pub network: NetworkId,
    /// Its line in the conversation: what is shown is in this order.
    pub order: u64,
    /// The other side of the conversation.
    pub peer: Party,
    /// What change of its group it tells of, where it is no message.
    pub note: Option<NoteView>,
    /// How many of a group it has come to.
    pub reach: Reach,
    /// Who reacted to it.
    pub reactions: Vec<ReactionView>,
    /// When it was stored here, where another wrote it.
    pub received_at: Option<Timestamp>,
    /// The message it answers.
    pub reply_to: Option<MessageId>,
    /// When its author sent it.
    pub sent_at: Timestamp,
    /// How far it got.
    pub state: MessageState,
    /// What it says.
    pub text: String,
}

/// A reaction, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// Whose it is.
    pub peer: AccountId,
}

/// How far a change to a message got that its recipient has not signed for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ChangeState {
    /// It will not arrive.
    Failed,
    /// It waits or is on its way.
    Queued,
}

/// One conversation, as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConversationView {
    /// What the person has chosen for it.
    pub choices: Choices,
    /// The first message that was not read.
    pub first_unread: Option<MessageId>,
    /// Its newest message; none where nothing but a draft was written.
    pub last: Option<MessageView>,
    /// Its network.
    pub network: NetworkId,
    /// The other side.
    pub peer: Party,
    /// What it is called: the peer's name.
    pub title: String,
    /// How many messages were not read.
    pub unread: u64,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        let changes = message.changes;
        let is_failed = changes.is_failed;
        Self {
            change: changes.unconfirmed.map(|_| match is_failed {
                true => ChangeState::Failed,
                false => ChangeState::Queued,
            }),
            deleted_at: changes.deleted_at,
            edited_at: changes.edited_at,
            failure: message.failure,
            from: message.from,
            gap: message.gap,
            id: message.id,
            is_astray: message.is_astray,
            is_file: message.kind == "file",
            is_deleted_here: changes.is_deleted_here,
            is_own: message.direction == Direction::Out,
            kept_until: message.kept_until,
            network: message.network,
            order: message.line,
            peer: message.peer,
            note: NoteView::read(&message.kind),
            reach: message.reach,
            reactions: reactions(changes.reactions),
            received_at: message.received_at,
            reply_to: message.reply_to,
            sent_at: message.sent_at,
            state: message.state,
            text: message.text,
        }
    }
}

/// The reactions that were not taken back.
fn reactions(stored: Vec<Reaction>) -> Vec<ReactionView> {
    let shown = stored
        .into_iter()
        .filter(|reaction| !reaction.emoji.is_empty());
    shown
        .map(|reaction| ReactionView {
            emoji: reaction.emoji,
            peer: reaction.by,
        })
        .collect()
}

impl Node {
    /// Returns a stretch of a conversation, oldest first.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn messages_list(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
        stretch: impl Into<Stretch>,
    ) -> Result<Vec<MessageView>, ChatError> {
        let peer = peer.into();
        let network = self.network_with(network, peer).await?;
        let messages = self.store().messages(network, peer, stretch).await?;
        let messages =
            messages.ok_or(ChatError::NotFound("no such message in this conversation"))?;
        Ok(messages.into_iter().map(MessageView::from).collect())
    }

    /// Returns one message of a conversation.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn message(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
        id: MessageId,
    ) -> Result<MessageView, ChatError> {
        let message = self.store().message(network, peer, id).await?;
        message
            .map(MessageView::from)
            .ok_or(ChatError::NotFound("no such message"))
    }

    /// Lists the conversations of one network or of all, the latest first.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn conversations_list(
        &self,
        network: Option<NetworkId>,
    ) -> Result<Vec<ConversationView>, ChatError> {
        let rows = self.store().conversations(network).await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            views.push(ConversationView {
                choices: row.choices,
                first_unread: row.first_unread,
                last: row.last.map(MessageView::from),
                network: row.network,
                peer: row.peer,
                title: self.title(row.network, row.peer).await,
                unread: row.unread,
            });
        }
        Ok(views)
    }

    /// What a conversation is called.
    pub(super) async fn title(&self, network: NetworkId, peer: Party) -> String {
        let peer = match peer {
            Party::Account(account) => account,
            Party::Group(group) => return groups::title(self, network, group),
        };
        let title = match self.network(&network) {
            Some(network) => self.known_name(&network, peer).await,
            None => None,
        };
        title.unwrap_or_else(|| short(&peer))
    }

    /// Finds messages that have all of the words, newest first.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn messages_search(&self, sought: Sought) -> Result<Vec<FoundMessage>, ChatError> {
        Ok(self.store().search_messages(sought).await?)
    }
}

/// What someone without a name is called.
pub(crate) fn short(account: &AccountId) -> String {
    account.to_string().chars().take(8).collect()
}
