//! Announces new messages on the desktop while the window is not looked at.

use serde_json::{Value, json};
use streembit_api::{
    Host, table,
    types::{Event, Message, MessageState},
};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_notification::NotificationExt as _;

/// The longest text that is shown, in characters.
const MAX_TEXT: usize = 160;

/// Follows the events until the host stops.
pub(crate) async fn follow(app: AppHandle, host: Host) {
    let mut events = host.events();
    while let Some(event) = events.next().await {
        if let Event::Message { message, .. } = event
            && is_new(&message)
            && !is_looked_at(&app)
            && is_wanted(&host).await
        {
            announce(&app, &host, &message).await;
        }
    }
}

/// Whether another wrote it and nobody has read it here.
fn is_new(message: &Message) -> bool {
    message.from == message.peer && message.state == MessageState::Delivered
}

fn is_looked_at(app: &AppHandle) -> bool {
    app.webview_windows()
        .values()
        .any(|window| window.is_focused().unwrap_or(false))
}

async fn is_wanted(host: &Host) -> bool {
    let settings = table::dispatch(host, "settings_get", Value::Null).await;
    settings.is_ok_and(|settings| settings.get("notifications") == Some(&json!(true)))
}

async fn announce(app: &AppHandle, host: &Host, message: &Message) {
    let arguments = json!({ "network": message.network });
    let conversations = table::dispatch(host, "conversations_list", arguments).await;
    let title = conversations.ok().and_then(|found| {
        let of_peer = |it: &&Value| it.get("peer") == Some(&json!(message.peer));
        Some(
            found
                .as_array()?
                .iter()
                .find(of_peer)?
                .get("title")?
                .as_str()?
                .to_owned(),
        )
    });
    let text: String = message.text.chars().take(MAX_TEXT).collect();
    let builder = app
        .notification()
        .builder()
        .title(title.as_deref().unwrap_or("Streembit"));
    let _ = builder.body(text).show();
}
