//! Sending: durable before it returns.

use streembit_gate::ContactState;
use streembit_identity::{AccountId, Kind, MessageId, NetworkId, Party, Timestamp};
use streembit_store::{ChoicesChange, OutboxItem, OutgoingMessage, StoreError, WriteBody};
use tokio::sync::oneshot;

use super::{
    ChatError, MessageView,
    body::{self, check_text, encode},
    post,
};
use crate::{
    contacts,
    event::Event,
    groups,
    node::{Node, message_id},
    own::copies,
};

impl Node {
    /// Stores a text for `peer`; it is sent as soon as the peer can be reached, even after a restart.
    ///
    /// # Errors
    /// See [`ChatError`]; nothing is stored then.
    pub async fn message_send(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
        text: String,
        reply_to: Option<MessageId>,
    ) -> Result<MessageView, ChatError> {
        check_text(&text)?;
        let peer = match peer.into() {
            Party::Account(account) => account,
            Party::Group(group) => return self.group_send(network, group, text, reply_to).await,
        };
        let network = self.network_with(network, peer).await?;
        if contacts::state(self, network, peer).await? != ContactState::Accepted {
            return Err(ChatError::Denied);
        }
        if contacts::is_gone(self, network, peer).await? {
            return Err(ChatError::Gone);
        }
        if let Some(original) = reply_to
            && self
                .store()
                .message(network, peer, original)
                .await?
                .is_none()
        {
            return Err(ChatError::NotFound(
                "the message to answer is not in this conversation",
            ));
        }
        self.0.chat.room(network, peer)?;
        // What goes to the other side is written when it is stored: then it is known which one it is.
        let body = encode(&body::Text {
            text: text.clone(),
            reply_to,
            ..body::Text::default()
        });
        let item = self.outbox_item(network, peer, Kind::Text, body)?;
        let item = copies::address(self, item).await?;
        let me = self.me();
        let said = text.clone();
        let write = WriteBody::new(move |link| body::Text::write(&said, reply_to, link));
        self.store_and_post(OutgoingMessage {
            from: me.account,
            node: me.node,
            text,
            reply_to,
            write,
            item,
        })
        .await
    }

    /// Marks what `peer` wrote as read, and tells the peer unless the person does not want that.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn conversation_read(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
    ) -> Result<(), ChatError> {
        self.conversation_read_through(network, peer, None).await
    }

    /// Marks what `peer` wrote as read up to the message `through`, or all of it, and tells the peer
    /// unless the person does not want that.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn conversation_read_through(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
        through: Option<MessageId>,
    ) -> Result<(), ChatError> {
        let party = peer.into();
        let network = self.network_with(network, party).await?;
        if self.store().choices(network, party).await?.is_marked_unread {
            let change = ChoicesChange {
                is_marked_unread: Some(false),
                ..ChoicesChange::default()
            };
            self.store().choose(network, party, change).await?;
            self.emit(Event::Conversation {
                network,
                peer: party,
            });
        }
        let Some(through) = self.store().last_unread(network, party, through).await? else {
            return Ok(());
        };
        let peer = match party {
            Party::Account(account) => account,
            Party::Group(group) => return self.group_read(network, group, through).await,
        };
        let receipt = self.read_receipt(network, peer, through).await?;
        let node = self.clone();
        let marked = self.to_end(async move {
            let is_news = node
                .store()
                .mark_read(network, peer, through, receipt.clone())
                .await?;
            if is_news {
                if let Some(item) = receipt {
                    post(&node, &item);
                }
                node.emit(Event::Message {
                    network,
                    peer: party,
                    id: through,
                });
            }
            Ok(())
        });
        marked.await.ok_or(ChatError::Stopped)?
    }

    /// Whether this person wants to tell, and to be told, what was read.
    pub(crate) async fn tells_what_was_read(&self) -> Result<bool, StoreError> {
        let setting = self.store().setting("read_receipts").await?;
        Ok(setting.and_then(|value| value.as_bool()).unwrap_or(true))
    }

    async fn read_receipt(
        &self,
        network: NetworkId,
        peer: AccountId,
        through: MessageId,
    ) -> Result<Option<OutboxItem>, ChatError> {
        let is_wanted = self.tells_what_was_read().await?;
        let may_send = contacts::state(self, network, peer).await? == ContactState::Accepted;
        if !is_wanted || !may_send || self.0.chat.room(network, peer).is_err() {
            return Ok(None);
        }
        let body = encode(&body::Read { through });
        let item = self.outbox_item(network, peer, Kind::Read, body)?;
        copies::address(self, item).await.map(Some)
    }

    /// Stores a text and takes it on its way.
    async fn store_and_post(&self, message: OutgoingMessage) -> Result<MessageView, ChatError> {
        let node = self.clone();
        let stored = self.to_end(async move {
            let item = message.item.clone();
            let stored = node.store().insert_outgoing(message).await?;
            post(&node, &item);
            node.emit(Event::Message {
                network: item.network,
                peer: item.peer.into(),
                id: item.id,
            });
            Ok(stored.into())
        });
        stored.await.ok_or(ChatError::Stopped)?
    }

    /// Runs `work` to its end even if whoever waits for it goes away; none when the node stops.
    ///
    /// What was stored is then also on its way, and not only after the next restart.
    pub(crate) async fn to_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let (reply, done) = oneshot::channel();
        self.spawn_to_end(async move {
            // Nobody may wait any more; the work is done all the same.
            drop(reply.send(work.await));
        });
        done.await.ok()
    }

    /// Prepares a body for the outbox: what travels sealed is encrypted when it is first sent, the
    /// rest is signed now.
    pub(crate) fn outbox_item(
        &self,
        network: NetworkId,
        peer: AccountId,
        kind: Kind,
        body: Vec<u8>,
    ) -> Result<OutboxItem, ChatError> {
        let now: Timestamp = self.now();
        let id = message_id(now);
        let (envelope, body) = if kind.is_sealed() {
            (Vec::new(), Some(body))
        } else {
            (self.seal(network, peer, kind, id, now, body)?, None)
        };
        Ok(OutboxItem {
            id,
            network,
            peer,
            nodes: Vec::new(),
            copy: None,
            kind: kind as u16,
            envelope,
            body,
            queued_at: now,
        })
    }

    /// Returns the one network in which `peer` is known.
    pub(crate) async fn network_with(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
    ) -> Result<NetworkId, ChatError> {
        let party = peer.into();
        if let Some(id) = network {
            let is_running = self.network(&id).is_some();
            return is_running
                .then_some(id)
                .ok_or(ChatError::NotFound("no such network"));
        }
        let peer = match party {
            Party::Account(account) => account,
            Party::Group(group) => {
                let within = groups::network_of(self, group);
                return within.ok_or(ChatError::NotFound("no such group"));
            }
        };
        let mut found = None;
        for network in self.networks() {
            let id = network.id();
            let is_known = contacts::state(self, id, peer).await? != ContactState::None;
            if is_known && found.replace(id).is_some() {
                return Err(ChatError::Ambiguous);
            }
        }
        match found {
            Some(network) => Ok(network),
            None => self.network_of_history(peer).await,
        }
    }

    /// Returns the one network in which `peer`, unknown by now, has written.
    async fn network_of_history(&self, peer: AccountId) -> Result<NetworkId, ChatError> {
        let mut found = None;
        for conversation in self.store().conversations(None).await? {
            if conversation.peer == peer && found.replace(conversation.network).is_some() {
                return Err(ChatError::Ambiguous);
            }
        }
        found.ok_or(ChatError::NotFound("nobody here knows this peer"))
    }
}
