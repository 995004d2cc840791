//! What a person chooses for a conversation: quiet, first, put away, unread, half written.

use streembit_identity::{NetworkId, Party};
use streembit_store::ChoicesChange;

use super::{ChatError, ConversationView, MAX_TEXT};
use crate::{event::Event, node::Node};

impl Node {
    /// Changes what is chosen for a conversation, and returns the conversation.
    ///
    /// # Errors
    /// See [`ChatError`]; nothing is changed then.
    pub async fn conversation_set(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
        change: ChoicesChange,
    ) -> Result<ConversationView, ChatError> {
        let peer = peer.into();
        if change
            .draft
            .as_ref()
            .is_some_and(|draft| draft.len() > MAX_TEXT)
        {
            return Err(ChatError::TooLarge);
        }
        let network = self.network_with(network, peer).await?;
        self.store().choose(network, peer, change).await?;
        self.emit(Event::Conversation { network, peer });
        self.conversation(network, peer).await
    }

    /// Tells whether a conversation is to be quiet now.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn is_muted(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
    ) -> Result<bool, ChatError> {
        let choices = self.store().choices(network, peer).await?;
        Ok(choices.muted_until.is_some_and(|until| until > self.now()))
    }

    /// Returns one conversation, also where nothing was said in it yet.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn conversation(
        &self,
        network: NetworkId,
        peer: impl Into<Party>,
    ) -> Result<ConversationView, ChatError> {
        let peer = peer.into();
        let known = self.conversations_list(Some(network)).await?;
        if let Some(view) = known.into_iter().find(|view| view.peer == peer) {
            return Ok(view);
        }
        Ok(ConversationView {
            choices: self.store().choices(network, peer).await?,
            first_unread: None,
            last: None,
            network,
            peer,
            title: self.title(network, peer).await,
            unread: 0,
        })
    }
}
