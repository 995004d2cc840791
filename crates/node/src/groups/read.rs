//! Read receipts in a group: told to those whose messages were read, and to nobody else.

use streembit_identity::{GroupId, Kind, MessageId, NetworkId};

use crate::{
    chat::{
        ChatError,
        body::{self, decode, encode},
        not_now, post, receipt,
    },
    dispatch::{Arrival, Reply},
    event::Event,
    node::Node,
    wire::Refusal,
};

impl Node {
    /// Marks what was written in a group as read through a message, and tells its authors unless
    /// the person does not want that.
    pub(crate) async fn group_read(
        &self,
        network: NetworkId,
        group: GroupId,
        through: MessageId,
    ) -> Result<(), ChatError> {
        let authors = self.store().unread_authors(network, group, through).await?;
        let is_news = self
            .store()
            .mark_read(network, group, through, None)
            .await?;
        if !is_news {
            return Ok(());
        }
        self.emit(Event::Message {
            network,
            peer: group.into(),
            id: through,
        });
        if !self.tells_what_was_read().await? {
            return Ok(());
        }
        // Whoever left may still read what was written before, and tells nobody.
        let Ok(writing) = self
            .writing(network, group, Kind::Read, Some(&authors))
            .await
        else {
            return Ok(());
        };
        let body = encode(&body::Read { through });
        let node = self.clone();
        let told = self.to_end(async move {
            let seal = writing.seal();
            let items = node.store().tell_group(network, group, body, seal).await?;
            for item in &items {
                post(&node, item);
            }
            Ok(())
        });
        told.await.ok_or(ChatError::Stopped)?
    }
}

/// Takes a member's word that our messages were read.
pub(super) async fn on_read(
    node: &Node,
    arrival: &Arrival,
    group: GroupId,
) -> Result<Reply, Refusal> {
    let body: body::Read = decode(&arrival.body).ok_or(Refusal::Invalid)?;
    let id = arrival.envelope.id;
    // Whoever does not tell is not told either.
    if arrival.from == node.me().account || !node.tells_what_was_read().await.map_err(not_now)? {
        return Ok(receipt(id));
    }
    let place = (arrival.network, group);
    let read = arrival
        .store
        .receive_group_read(place, arrival.from, id, body.through, node.now())
        .await
        .map_err(not_now)?;
    for message in read {
        node.emit(Event::Message {
            network: arrival.network,
            peer: group.into(),
            id: message.id,
        });
    }
    Ok(receipt(id))
}
