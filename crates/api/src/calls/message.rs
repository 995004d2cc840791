//! Commands about conversations and messages.

use streembit_identity::Timestamp;
use streembit_node::MessageRef;
use streembit_store::{ChoicesChange, Place, Sought, Stretch};

use super::invalid;
use crate::{Error, Host, types::*};

/// How many items a page has where nobody said otherwise.
const LIMIT: u32 = 50;

pub(crate) async fn conversations(
    host: &Host,
    arguments: NetworkFilter,
) -> Result<Vec<Conversation>, Error> {
    let network = arguments.network.map(|network| network.0);
    let found = host.node()?.conversations_list(network).await?;
    Ok(found.into_iter().map(Conversation::from).collect())
}

pub(crate) async fn send(host: &Host, arguments: MessageSend) -> Result<MessageAccepted, Error> {
    let network = arguments.network.map(|network| network.0);
    let reply_to = arguments.reply_to.map(|id| id.0);
    let sent = host
        .node()?
        .message_send(network, arguments.peer.0, arguments.text, reply_to)
        .await?;
    Ok(MessageAccepted {
        id: sent.id.into(),
        state: sent.state.into(),
    })
}

pub(crate) async fn react(host: &Host, arguments: MessageReact) -> Result<Message, Error> {
    let message = meant(arguments.id, arguments.network, arguments.peer);
    let changed = host.node()?.message_react(message, arguments.emoji).await?;
    Ok(changed.into())
}

pub(crate) async fn edit(host: &Host, arguments: MessageEdit) -> Result<Message, Error> {
    let message = meant(arguments.id, arguments.network, arguments.peer);
    let changed = host.node()?.message_edit(message, arguments.text).await?;
    Ok(changed.into())
}

pub(crate) async fn delete(host: &Host, arguments: MessageDelete) -> Result<Message, Error> {
    let message = meant(arguments.id, arguments.network, arguments.peer);
    let here = arguments.here.unwrap_or(false);
    let deleted = host.node()?.message_delete(message, here).await?;
    Ok(deleted.into())
}

fn meant(id: MessageKey, network: Option<NetworkKey>, peer: Option<Party>) -> MessageRef {
    MessageRef {
        id: id.0,
        network: network.map(|network| network.0),
        peer: peer.map(|peer| peer.0),
    }
}

pub(crate) async fn list(host: &Host, arguments: MessagesPage) -> Result<Vec<Message>, Error> {
    let stretch = Stretch {
        place: place(&arguments)?,
        limit: arguments.limit.unwrap_or(LIMIT),
    };
    let network = arguments.network.map(|network| network.0);
    let found = host
        .node()?
        .messages_list(network, arguments.peer.0, stretch)
        .await?;
    Ok(found.into_iter().map(Message::from).collect())
}

/// Which part of a conversation is meant: one place, or the newest.
fn place(page: &MessagesPage) -> Result<Place, Error> {
    let places = [
        page.before.as_ref().map(|id| Place::Before(id.0)),
        page.after.as_ref().map(|id| Place::After(id.0)),
        page.around.as_ref().map(|id| Place::Around(id.0)),
        page.at.map(|at| Place::At(Timestamp(at))),
    ];
    let mut named = places.into_iter().flatten();
    match (named.next(), named.next()) {
        (None, _) => Ok(Place::Newest),
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => Err(invalid("at", "one place at a time can be asked for")),
    }
}

pub(crate) async fn search(
    host: &Host,
    arguments: MessagesSearch,
) -> Result<Vec<MessageFound>, Error> {
    let sought = Sought {
        text: arguments.text,
        network: arguments.network.map(|network| network.0),
        peer: arguments.peer.map(|peer| peer.0),
        limit: arguments.limit.unwrap_or(LIMIT),
    };
    let found = host.node()?.messages_search(sought).await?;
    Ok(found.into_iter().map(MessageFound::from).collect())
}

pub(crate) async fn set(host: &Host, arguments: ConversationSet) -> Result<Conversation, Error> {
    let network = arguments.network.map(|network| network.0);
    let change = ChoicesChange {
        draft: arguments.draft,
        muted_until: arguments.muted_until.map(Timestamp),
        is_pinned: arguments.pinned,
        is_archived: arguments.archived,
        is_marked_unread: arguments.marked_unread,
    };
    let view = host
        .node()?
        .conversation_set(network, arguments.peer.0, change)
        .await?;
    Ok(view.into())
}

pub(crate) async fn typing(host: &Host, arguments: ConversationTyping) -> Result<(), Error> {
    let network = arguments.network.map(|network| network.0);
    let is_typing = arguments.typing.unwrap_or(true);
    Ok(host
        .node()?
        .conversation_typing(network, arguments.peer.0, is_typing)
        .await?)
}

pub(crate) async fn read(host: &Host, arguments: ConversationRead) -> Result<(), Error> {
    let network = arguments.network.map(|network| network.0);
    let through = arguments.through.map(|id| id.0);
    Ok(host
        .node()?
        .conversation_read_through(network, arguments.peer.0, through)
        .await?)
}
