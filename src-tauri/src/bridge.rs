//! Hands the window's calls to the command table, and the node's events to the window.

use std::str::FromStr as _;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use streembit_api::{Code, Error, Events, table, types::Event};
use tauri::{
    Webview, Wry,
    ipc::{Channel, Invoke, InvokeBody, InvokeError, JavaScriptChannelId},
};

use crate::{
    login::Entry,
    shell::{Shell, Talk},
    window,
};

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
                "login_start" => login_start(&shell, arguments),
                "window_close" => close(&shell, &webview, arguments),
                "window_looks_at" => look_at(&shell, arguments),
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
    let waiting = shell.take_waiting();
    shell.look_at(None);
    shell.set_follower(tauri::async_runtime::spawn(forward(
        events, channel, waiting,
    )));
    Ok(Value::Null)
}

async fn forward(mut events: Events, channel: Channel<Event>, waiting: Option<Event>) {
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

/// Which conversation the window shows; none where it shows something else.
#[derive(Deserialize)]
struct LooksAt {
    conversation: Option<Talk>,
}

fn look_at(shell: &Shell, arguments: Value) -> Result<Value, Error> {
    let LooksAt { conversation } = read(arguments)?;
    shell.look_at(conversation);
    Ok(Value::Null)
}

/// Whether to start at login; left out to ask only.
#[derive(Deserialize)]
struct LoginStart {
    on: Option<bool>,
}

/// Answers what the disk says afterwards, or null where this system has no such thing.
fn login_start(shell: &Shell, arguments: Value) -> Result<Value, Error> {
    let LoginStart { on } = read(arguments)?;
    let Some(entry) = Entry::of_profile(&shell.host().folder()) else {
        return Ok(Value::Null);
    };
    if let Some(on) = on {
        entry
            .set(on)
            .map_err(|error| Error::new(Code::Storage, error.to_string()))?;
    }
    Ok(Value::Bool(entry.is_on()))
}

fn read<T: DeserializeOwned>(arguments: Value) -> Result<T, Error> {
    serde_json::from_value(arguments)
        .map_err(|error| Error::new(Code::InvalidArguments, error.to_string()))
}

fn close(shell: &Shell, webview: &Webview, arguments: Value) -> Result<Value, Error> {
    let close: Close = read(arguments)?;
    match close {
        Close::Keep => window::hide(&webview.window()),
        Close::Quit => {
            use tauri::Manager as _;
            shell.quit(webview.app_handle());
        }
    }
    Ok(Value::Null)
}
