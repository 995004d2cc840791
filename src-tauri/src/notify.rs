//! Announces new messages on the desktop while the window is not looked at, and counts the unread
//! ones at the tray.

use serde_json::{Value, json};
use streembit_api::{
    Host,
    events::now,
    table,
    types::{Conversation, Event, Message, MessageState, NotificationContent, Settings},
};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

use crate::tray;

/// The longest text that is shown, in characters.
const MAX_TEXT: usize = 160;

/// Follows the events until the host stops.
pub(crate) async fn follow(app: AppHandle, host: Host) {
    let mut events = host.events();
    while let Some(event) = events.next().await {
        if is_about_unread(&event) {
            let conversations = conversations(&host).await;
            tray::count(&app, conversations.iter().map(unread).sum());
            if let Event::Message { message, .. } = &event
                && is_new(message)
                && !is_looked_at(&app)
            {
                let conversation = conversations.iter().find(|it| is_of(it, message));
                announce(&app, &host, message, conversation).await;
            }
        }
    }
}

/// Whether the count of unread messages may be another one now.
fn is_about_unread(event: &Event) -> bool {
    matches!(
        event,
        Event::Account { .. }
            | Event::Conversation { .. }
            | Event::Lagged { .. }
            | Event::Message { .. }
    )
}

async fn conversations(host: &Host) -> Vec<Conversation> {
    let found = table::dispatch(host, "conversations_list", Value::Null).await;
    found
        .ok()
        .and_then(|found| serde_json::from_value(found).ok())
        .unwrap_or_default()
}

/// How much of a conversation calls for attention: nothing of what is muted or put away.
fn unread(conversation: &Conversation) -> u32 {
    if conversation.archived || is_muted(conversation) {
        return 0;
    }
    conversation
        .unread
        .max(u32::from(conversation.marked_unread))
}

fn is_muted(conversation: &Conversation) -> bool {
    conversation.muted_until.is_some_and(|until| until > now())
}

fn is_of(conversation: &Conversation, message: &Message) -> bool {
    conversation.peer == message.peer && conversation.network == message.network
}

/// Whether another wrote it just now and nobody has read it here.
fn is_new(message: &Message) -> bool {
    message.from == message.peer
        && message.state == MessageState::Delivered
        && message.deleted_at.is_none()
        && message.edited_at.is_none()
        && message.reactions.is_empty()
}

fn is_looked_at(app: &AppHandle) -> bool {
    app.webview_windows()
        .values()
        .any(|window| window.is_focused().unwrap_or(false))
}

async fn announce(
    app: &AppHandle,
    host: &Host,
    message: &Message,
    conversation: Option<&Conversation>,
) {
    let settings = table::dispatch(host, "settings_get", json!({})).await;
    let settings = settings.map(serde_json::from_value::<Settings>);
    let Ok(Ok(settings)) = settings else {
        return;
    };
    if !settings.notifications || conversation.is_some_and(is_muted) {
        return;
    }
    let name = conversation.map_or("Streembit", |conversation| conversation.title.as_str());
    let (title, body) = words(settings.notification_content, name, &message.text);
    let _ = app.notification().builder().title(title).body(body).show();
}

/// What an announcement says.
fn words(content: NotificationContent, name: &str, text: &str) -> (String, String) {
    match content {
        NotificationContent::Full => (name.to_owned(), text.chars().take(MAX_TEXT).collect()),
        NotificationContent::Name => (name.to_owned(), "New message".to_owned()),
        NotificationContent::Nothing => ("Streembit".to_owned(), "New message".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_says_as_much_as_was_chosen() {
        let said = |content| words(content, "Bob", "the launch code");

        assert_eq!(
            said(NotificationContent::Full),
            ("Bob".to_owned(), "the launch code".to_owned())
        );
        for content in [NotificationContent::Name, NotificationContent::Nothing] {
            let (title, body) = said(content);
            assert!(!body.contains("launch"));
            assert_eq!(title == "Bob", content == NotificationContent::Name);
        }
        let (_, long) = words(NotificationContent::Full, "Bob", &"é".repeat(1_000));
        assert_eq!(long.chars().count(), MAX_TEXT);
    }
}
