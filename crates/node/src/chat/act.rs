//! What people do to messages that are there: react, edit, delete.
//!
//! An act is durable before it is sent, taken once however often it comes, and shown as not
//! confirmed until its recipient has signed for it.

use streembit_gate::ContactState;
use streembit_identity::{Kind, MessageId, NetworkId, Party};
use streembit_store::{Act, Acted, Deed, Direction, Message};
use tracing::debug;

use super::{
    ChatError, MessageView,
    body::{self, check_text, decode, encode},
    emoji, post,
    receive::{not_now, receipt},
};
use crate::{
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    files, groups,
    node::Node,
    own::copies,
    wire::Refusal,
};

/// Which message is meant; where its id is known once, the id is enough.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MessageRef {
    /// Its id.
    pub id: MessageId,
    /// The network of the conversation.
    pub network: Option<NetworkId>,
    /// The other side of the conversation.
    pub peer: Option<Party>,
}

impl Node {
    /// Reacts to a message, in the place of an earlier reaction; an empty `emoji` takes it back.
    ///
    /// # Errors
    /// See [`ChatError`]; nothing is stored then.
    pub async fn message_react(
        &self,
        message: MessageRef,
        emoji: String,
    ) -> Result<MessageView, ChatError> {
        let message = self.meant(message).await?;
        let me = self.me().account;
        let known = message.changes.reaction_of(me);
        let shown = known.map_or("", |reaction| reaction.emoji.as_str());
        if shown == emoji {
            return Ok(message.into());
        }
        if !emoji.is_empty() {
            emoji::check(&emoji)?;
        }
        let revision = next(known.map_or(0, |reaction| reaction.revision))?;
        let body = encode(&body::React {
            target: message.id,
            emoji: emoji.clone(),
            revision,
        });
        self.act(&message, Kind::React, body, Deed::React { emoji, revision })
            .await
    }

    /// Gives a message of one's own another text.
    ///
    /// # Errors
    /// See [`ChatError`]; nothing is stored then.
    pub async fn message_edit(
        &self,
        message: MessageRef,
        text: String,
    ) -> Result<MessageView, ChatError> {
        check_text(&text)?;
        let message = self.meant(message).await?;
        if message.direction != Direction::Out {
            return Err(ChatError::NotOwn);
        }
        if message.text == text {
            return Ok(message.into());
        }
        let revision = next(message.changes.revision)?;
        let body = encode(&body::Edit {
            target: message.id,
            text: text.clone(),
            revision,
        });
        self.act(&message, Kind::Edit, body, Deed::Edit { text, revision })
            .await
    }

    /// Deletes a message: one's own for everyone, unless `here` says otherwise; another's here only.
    ///
    /// # Errors
    /// See [`ChatError`]; nothing is deleted then.
    pub async fn message_delete(
        &self,
        message: MessageRef,
        here: bool,
    ) -> Result<MessageView, ChatError> {
        let message = self.found(message).await?;
        if message.changes.deleted_at.is_some() {
            return Ok(message.into());
        }
        let is_note = groups::is_note(&message.kind);
        if message.direction == Direction::Out && !here && !is_note {
            let body = encode(&body::Delete { target: message.id });
            let deleted = self.act(&message, Kind::Delete, body, Deed::Delete).await?;
            files::deleted(self, message.network, message.peer, message.id).await;
            return Ok(deleted);
        }
        let (network, peer, id) = (message.network, message.peer, message.id);
        let deleted = self
            .store()
            .delete_here(network, peer, id, self.now())
            .await?
            .ok_or(ChatError::NotFound("no such message"))?;
        files::deleted(self, network, peer, id).await;
        self.emit(Event::Message { network, peer, id });
        Ok(deleted.into())
    }

    /// Finds the one message that is meant, if it still says something.
    async fn meant(&self, message: MessageRef) -> Result<Message, ChatError> {
        let message = self.found(message).await?;
        match message.changes.deleted_at {
            Some(_) => Err(ChatError::Deleted),
            None if groups::is_note(&message.kind) => Err(ChatError::NotOwn),
            None => Ok(message),
        }
    }

    /// Finds the one message that is meant.
    async fn found(&self, message: MessageRef) -> Result<Message, ChatError> {
        let found = match (message.network, message.peer) {
            (Some(network), Some(peer)) => {
                let found = self.store().message(network, peer, message.id).await?;
                found.into_iter().collect()
            }
            (network, peer) => {
                let mut found = self.store().messages_by_id(message.id).await?;
                found.retain(|it| network.is_none_or(|network| it.network == network));
                found.retain(|it| peer.is_none_or(|peer| it.peer == peer));
                found
            }
        };
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (None, _) => Err(ChatError::NotFound("no such message")),
            (Some(_), Some(_)) => Err(ChatError::Ambiguous),
            (Some(message), None) => Ok(message),
        }
    }

    /// Stores an act on `message` and takes it on its way.
    async fn act(
        &self,
        message: &Message,
        kind: Kind,
        body: Vec<u8>,
        deed: Deed,
    ) -> Result<MessageView, ChatError> {
        let (network, target) = (message.network, message.id);
        let peer = match message.peer {
            Party::Account(account) => account,
            Party::Group(group) => return self.group_act(message, group, kind, body, deed).await,
        };
        if contacts::state(self, network, peer).await? != ContactState::Accepted {
            return Err(ChatError::Denied);
        }
        if contacts::is_gone(self, network, peer).await? {
            return Err(ChatError::Gone);
        }
        self.0.chat.room(network, peer)?;
        let item = self.outbox_item(network, peer, kind, body)?;
        let item = copies::address(self, item).await?;
        let act = Act {
            id: item.id,
            network,
            peer: message.peer,
            by: self.me().account,
            target,
            at: item.queued_at,
            deed,
        };
        let node = self.clone();
        let acted = self.to_end(async move {
            let acted = node.store().act(act, item.clone()).await?;
            if matches!(acted, Acted::Changed(_)) {
                post(&node, &item);
                node.emit(Event::Message {
                    network,
                    peer: peer.into(),
                    id: target,
                });
            }
            Ok::<_, ChatError>(acted)
        });
        match acted.await.ok_or(ChatError::Stopped)?? {
            Acted::Changed(message) => Ok((*message).into()),
            // Something else was done to it in between: that stays.
            Acted::Early | Acted::NotTheirs | Acted::Unchanged => {
                self.message(network, peer, target).await
            }
        }
    }
}

/// The count after `revision`.
fn next(revision: u32) -> Result<u32, ChatError> {
    revision.checked_add(1).ok_or(ChatError::TooOften)
}

/// Takes a reaction.
pub(crate) async fn on_react(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::React = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    if !body.emoji.is_empty() {
        emoji::check(&body.emoji).map_err(|error| {
            debug!(from = %arrival.from, %error, "Refused a reaction");
            Refusal::Invalid
        })?;
    }
    let deed = Deed::React {
        emoji: body.emoji,
        revision: body.revision,
    };
    take(node, arrival, body.target, deed).await
}

/// Takes another text for one of the sender's messages.
pub(crate) async fn on_edit(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::Edit = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    check_text(&body.text).map_err(|error| {
        debug!(from = %arrival.from, %error, "Refused an edit");
        Refusal::Invalid
    })?;
    let deed = Deed::Edit {
        text: body.text,
        revision: body.revision,
    };
    take(node, arrival, body.target, deed).await
}

/// Deletes one of the sender's messages.
pub(crate) async fn on_delete(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::Delete = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let reply = take(node, arrival, body.target, Deed::Delete).await?;
    files::deleted(node, arrival.network, arrival.from.into(), body.target).await;
    Ok(reply)
}

/// Does what the sender did, once, and signs for it each time it comes.
async fn take(
    node: &Node,
    arrival: &Arrival,
    target: MessageId,
    deed: Deed,
) -> Result<Reply, Refusal> {
    let (network, peer, id) = (arrival.network, arrival.party, arrival.envelope.id);
    let act = Act {
        id,
        network,
        peer,
        by: arrival.from,
        target,
        at: arrival.envelope.sent_at,
        deed,
    };
    match arrival
        .store
        .take_act(act, node.now())
        .await
        .map_err(not_now)?
    {
        Acted::Changed(message) => node.emit(Event::Message {
            network,
            peer,
            id: message.id,
        }),
        Acted::Early | Acted::Unchanged => debug!(%id, "Signed for an act that changed nothing"),
        Acted::NotTheirs => {
            debug!(from = %arrival.from, %target, "Refused an act on somebody else's message");
            return Err(Refusal::Denied);
        }
    }
    Ok(receipt(id))
}
