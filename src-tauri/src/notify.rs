//! Announces new messages on the desktop while their conversation is not looked at, and counts the
//! unread ones at the tray.

use serde_json::{Value, json};
use streembit_api::{
    Host,
    events::now,
    table,
    types::{Conversation, Event, Message, MessageState, NotificationContent, Settings},
};
use tauri::{AppHandle, Manager as _};

use crate::{
    notices::Notices,
    shell::{Shell, Talk},
    tray, window,
};

/// The longest text that is shown, in characters.
const MAX_TEXT: usize = 160;

/// Follows the events until the host stops.
pub(crate) async fn follow(app: AppHandle, host: Host) {
    let mut notices = Notices::new().await;
    let mut events = host.events();
    loop {
        tokio::select! {
            event = events.next() => {
                let Some(event) = event else { return };
                take(&app, &host, &mut notices, &event).await;
            }
            talk = notices.clicked() => {
                app.state::<Shell>().open(talk);
                window::show(&app);
            }
        }
    }
}

async fn take(app: &AppHandle, host: &Host, notices: &mut Notices, event: &Event) {
    if !is_about_unread(event) {
        return;
    }
    let conversations = conversations(host).await;
    tray::count(app, conversations.iter().map(unread).sum());
    let is_read = |talk: &Talk| {
        let mut unread = conversations.iter().filter(|it| it.unread > 0);
        !unread.any(|it| it.peer == talk.peer && it.network == talk.network)
    };
    notices.close(is_read).await;
    if let Event::Message { message, .. } = event
        && is_new(message)
        && !is_looked_at(app, message)
    {
        let conversation = conversations.iter().find(|it| is_of(it, message));
        announce(host, notices, message, conversation).await;
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
    message.received_at.is_some()
        && message.note.is_none()
        && message.state == MessageState::Delivered
        && message.deleted_at.is_none()
        && message.edited_at.is_none()
        && message.reactions.is_empty()
}

/// Whether somebody looks at this very conversation.
fn is_looked_at(app: &AppHandle, message: &Message) -> bool {
    let has_focus = |window: &tauri::WebviewWindow| window.is_focused().unwrap_or(false);
    app.state::<Shell>().looks_at(&talk_of(message))
        && app.webview_windows().values().any(has_focus)
}

fn talk_of(message: &Message) -> Talk {
    Talk {
        network: message.network.clone(),
        peer: message.peer.clone(),
    }
}

async fn announce(
    host: &Host,
    notices: &mut Notices,
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
    let unread = conversation.map_or(1, |conversation| conversation.unread);
    let (title, body) = words(settings.notification_content, name, &message.text, unread);
    notices
        .show(talk_of(message), message.order, &title, &body)
        .await;
}

/// What an announcement says.
fn words(content: NotificationContent, name: &str, text: &str, unread: u32) -> (String, String) {
    let count = match unread {
        0 | 1 => "New message".to_owned(),
        2.. => format!("{unread} new messages"),
    };
    match content {
        NotificationContent::Full => {
            let title = match unread {
                0 | 1 => name.to_owned(),
                2.. => format!("{name} ({unread})"),
            };
            (title, text.chars().take(MAX_TEXT).collect())
        }
        NotificationContent::Name => (name.to_owned(), count),
        NotificationContent::Nothing => ("Streembit".to_owned(), count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_says_as_much_as_was_chosen() {
        let said = |content| words(content, "Bob", "the launch code", 1);

        assert_eq!(
            said(NotificationContent::Full),
            ("Bob".to_owned(), "the launch code".to_owned())
        );
        for content in [NotificationContent::Name, NotificationContent::Nothing] {
            let (title, body) = said(content);
            assert!(!body.contains("launch"));
            assert_eq!(title == "Bob", content == NotificationContent::Name);
        }
        let (title, long) = words(NotificationContent::Full, "Bob", &"é".repeat(1_000), 3);
        assert_eq!(
            (title.as_str(), long.chars().count()),
            ("Bob (3)", MAX_TEXT)
        );
    }
}
