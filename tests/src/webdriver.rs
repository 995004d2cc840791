//! A WebDriver session (W3C) with the web view of one app window.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail};
use data_encoding::BASE64;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::deadline::{PATIENCE, eventually};
use crate::desk::SCREEN;
use crate::http;

/// The key under which WebDriver hides an element's reference.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page, until the page changes.
#[derive(Clone, Debug)]
pub struct Element(String);

/// A running app under a driver of its own; both end when this is dropped.
#[derive(Debug)]
pub struct Session {
    port: u16,
    id: String,
    driver: Child,
}

impl Session {
    /// Starts `WebKitWebDriver` in `environment`, and through it the app.
    ///
    /// # Errors
    /// When either does not start.
    pub async fn start(
        app: &Path,
        arguments: &[String],
        environment: &BTreeMap<String, String>,
        log: std::fs::File,
    ) -> anyhow::Result<Self> {
        let port = free_port()?;
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env_clear()
            .envs(environment)
            // What the Tauri runtime looks for before it lets itself be driven.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("WebKitWebDriver is missing; `apt-get install webkit2gtk-driver` brings it")?;
        eventually(PATIENCE, "WebKitWebDriver", || async move {
            Ok(http::request(port, "GET", "/status", None).await.ok())
        })
        .await?;
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "webkitgtk:browserOptions": { "binary": app, "args": arguments }
        } } });
        let (status, answer) = http::request(port, "POST", "/session", Some(&wanted)).await?;
        let id = answer.pointer("/value/sessionId").and_then(Value::as_str);
        let id = id
            .with_context(|| format!("the app did not start under the driver: {status} {answer}"))?
            .to_owned();
        Ok(Self { port, id, driver })
    }

    /// The driver's process, whose only child is the app.
    #[must_use]
    pub fn driver(&self) -> Option<u32> {
        self.driver.id()
    }

    /// The process of the app that the driver has started.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn app(&self) -> anyhow::Result<u32> {
        let driver = self.driver.id().context("the driver has ended")?;
        let children =
            tokio::fs::read_to_string(format!("/proc/{driver}/task/{driver}/children")).await?;
        let app = children
            .split_whitespace()
            .next()
            .context("the app has ended")?;
        Ok(app.parse()?)
    }

    async fn send(&self, method: &str, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let path = format!("/session/{}{path}", self.id);
        let (status, mut answer) = http::request(self.port, method, &path, body.as_ref()).await?;
        let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
        if status != 200 {
            let text = |name: &str| {
                value
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            bail!("{}: {}", text("error"), text("message"));
        }
        Ok(value)
    }

    /// Goes to another page.
    ///
    /// # Errors
    /// When it does not load.
    pub async fn open(&self, url: &str) -> anyhow::Result<()> {
        self.send("POST", "/url", Some(json!({ "url": url })))
            .await
            .map(drop)
    }

    /// Runs JavaScript in the page and returns what it returns.
    ///
    /// # Errors
    /// When it throws.
    pub async fn script(&self, script: &str, arguments: Value) -> anyhow::Result<Value> {
        self.send(
            "POST",
            "/execute/sync",
            Some(json!({ "script": script, "args": arguments })),
        )
        .await
    }

    /// Runs JavaScript that calls its last argument when it is done.
    ///
    /// # Errors
    /// When it throws or takes too long.
    pub async fn script_async(&self, script: &str, arguments: Value) -> anyhow::Result<Value> {
        self.send(
            "POST",
            "/execute/async",
            Some(json!({ "script": script, "args": arguments })),
        )
        .await
    }

    /// All elements that match a CSS selector.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn find_all(&self, selector: &str) -> anyhow::Result<Vec<Element>> {
        let found = self
            .send(
                "POST",
                "/elements",
                Some(json!({ "using": "css selector", "value": selector })),
            )
            .await?;
        let references = found.as_array().into_iter().flatten();
        Ok(references
            .filter_map(|one| one.get(ELEMENT)?.as_str().map(|id| Element(id.to_owned())))
            .collect())
    }

    /// Clicks an element as a person would: where it is, if nothing covers it.
    ///
    /// # Errors
    /// When it is hidden, covered or gone.
    pub async fn click(&self, element: &Element) -> anyhow::Result<()> {
        self.send(
            "POST",
            &format!("/element/{}/click", element.0),
            Some(json!({})),
        )
        .await
        .map(drop)
    }

    /// Empties a field.
    ///
    /// # Errors
    /// When it cannot be written to.
    pub async fn clear(&self, element: &Element) -> anyhow::Result<()> {
        self.send(
            "POST",
            &format!("/element/{}/clear", element.0),
            Some(json!({})),
        )
        .await
        .map(drop)
    }

    /// Types into an element.
    ///
    /// # Errors
    /// When it cannot be typed into.
    pub async fn type_into(&self, element: &Element, text: &str) -> anyhow::Result<()> {
        self.send(
            "POST",
            &format!("/element/{}/value", element.0),
            Some(json!({ "text": text })),
        )
        .await
        .map(drop)
    }

    /// What an element shows.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn text(&self, element: &Element) -> anyhow::Result<String> {
        let text = self
            .send("GET", &format!("/element/{}/text", element.0), None)
            .await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Whether a person could see it.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn is_displayed(&self, element: &Element) -> anyhow::Result<bool> {
        let shown = self
            .send("GET", &format!("/element/{}/displayed", element.0), None)
            .await?;
        Ok(shown.as_bool().unwrap_or_default())
    }

    /// Presses keys one after the other; `held` stay down meanwhile.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn press(&self, held: &[char], keys: &str) -> anyhow::Result<()> {
        let down = |key: char| json!({ "type": "keyDown", "value": key.to_string() });
        let up = |key: char| json!({ "type": "keyUp", "value": key.to_string() });
        let mut actions: Vec<Value> = held.iter().copied().map(down).collect();
        actions.extend(keys.chars().flat_map(|key| [down(key), up(key)]));
        actions.extend(held.iter().rev().copied().map(up));
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.send("POST", "/actions", Some(body)).await.map(drop)
    }

    /// Sets the window's outer size, in the middle of the screen.
    ///
    /// The pointer rests there, and without a window manager the focus is where the pointer is.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        let left = SCREEN.0.saturating_sub(width) / 2;
        let top = SCREEN.1.saturating_sub(height) / 2;
        self.send(
            "POST",
            "/window/rect",
            Some(json!({ "x": left, "y": top, "width": width, "height": height })),
        )
        .await
        .map(drop)
    }

    /// Writes what the page looks like to a PNG file.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn picture(&self, file: &Path) -> anyhow::Result<()> {
        let encoded = self.send("GET", "/screenshot", None).await?;
        let bytes = BASE64.decode(encoded.as_str().unwrap_or_default().as_bytes())?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, bytes).with_context(|| file.display().to_string())
    }

    /// Ends the session, which closes the app.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn end(self) -> anyhow::Result<()> {
        self.send("DELETE", "", None).await.map(drop)
    }
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?
        .local_addr()?
        .port())
}
