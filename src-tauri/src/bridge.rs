//! Hands the window's calls to the command table, and the node's events to the window.

use std::str::FromStr as _;

use serde::Deserialize;
use serde_json::Value;
use streembit_api::{Code, Error, Events, table, types::Event};
use tauri::{
    Webview, Wry,
    ipc::{Channel, Invoke, InvokeBody, InvokeError, JavaScriptChannelId},
};

use crate::{shell::Shell, window};

/// Returns the handler of everything that the window invokes.
pub(crate) fn handler(shell: Shell) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    move |Invoke {
              message, resolver, ..
          }| {
        let name = message.command().to_owned();
        let arguments = match message.payload() {
            InvokeBody::Json(arguments) => arguments.clone(),
            InvokeBody::Raw(_) => Value::Null,
        };
        let (shell, webview) = (shell.clone(), message.webview());
        resolver.respond_async(async move {
            let answer = match name.as_str() {
                "events_subscribe" => subscribe(&shell, webview, &arguments),
                "window_close" => close(&shell, &webview, arguments),
                _ => table::dispatch(shell.host(), &name, arguments).await,
            };
            answer.map_err(InvokeError::from)
        });
        true
    }
}

/// Sends events to the page from now on, beginning with a link that waits.
fn subscribe(shell: &Shell, webview: Webview, arguments: &Value) -> Result<Value, Error> {
    let id = arguments
        .get("channel")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let channel: Channel<Event> = JavaScriptChannelId::from_str(id)
        .map_err(|message| Error::new(Code::InvalidArguments, format!("channel: {message}")))?
        .channel_on(webview);
    let events = shell.host().events();
    let link = shell.take_link();
    shell.set_follower(tauri::async_runtime::spawn(forward(events, channel, link)));
    Ok(Value::Null)
}

async fn forward(mut events: Events, channel: Channel<Event>, link: Option<String>) {
    let waiting = link.map(|link| Event::Link {
        at: streembit_api::events::now(),
        link,
    });
    if let Some(event) = waiting
        && channel.send(event).is_err()
    {
        return;
    }
    while let Some(event) = events.next().await {
        if channel.send(event).is_err() {
            return;
        }
    }
}

/// What the person chose when the window asked how to close.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "how")]
enum Close {
    Keep,
    Quit,
}

fn close(shell: &Shell, webview: &Webview, arguments: Value) -> Result<Value, Error> {
    let close: Close = serde_json::from_value(arguments)
        .map_err(|error| Error::new(Code::InvalidArguments, error.to_string()))?;
    match close {
        Close::Keep => window::hide(&webview.window()),
        Close::Quit => {
            use tauri::Manager as _;
            shell.quit(webview.app_handle());
        }
    }
    Ok(Value::Null)
}
