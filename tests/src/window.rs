//! The real app in a real window, used as a person would use it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::deadline::{PATIENCE, eventually};
use crate::desk::Desk;
use crate::events::Events;
use crate::line::Line;
use crate::node::LOG;
use crate::program;
use crate::webdriver::{Element, Session};

/// Keys as WebDriver writes them.
pub mod key {
    /// Moves the focus on.
    pub const TAB: char = '\u{e004}';
    /// Acts.
    pub const ENTER: char = '\u{e007}';
    /// Goes back.
    pub const ESCAPE: char = '\u{e00c}';
    /// Held with others.
    pub const CONTROL: char = '\u{e009}';
    /// Held with others.
    pub const SHIFT: char = '\u{e008}';
    /// One row down.
    pub const DOWN: char = '\u{e015}';
}

/// Keeps what goes wrong in the page, to be told when a test fails.
const COLLECT: &str = "window.faults = [];
    addEventListener('error', (event) => window.faults.push(String(event.error?.stack ?? event.message)));
    addEventListener('unhandledrejection', (event) => window.faults.push(String(event.reason?.stack ?? event.reason)));";
/// What the page shows and what went wrong in it.
const DESCRIBE: &str = "return [document.body.innerText, ...(window.faults ?? [])].join('\\n')";

/// The size that the window opens at.
pub const USUAL: (u32, u32) = (1100, 720);

/// An app window on a [`Desk`].
#[derive(Debug)]
pub struct Window {
    session: Session,
    folder: PathBuf,
}

impl Window {
    /// Opens the app on `desk` with its data in `folder`.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open(desk: &Desk, folder: &Path) -> anyhow::Result<Self> {
        Self::open_with(desk, folder, &BTreeMap::new()).await
    }

    /// Opens the app with more variables set.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open_with(
        desk: &Desk,
        folder: &Path,
        more: &BTreeMap<String, String>,
    ) -> anyhow::Result<Self> {
        Self::start(desk, folder, more, &[]).await
    }

    /// Opens the app with more arguments.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open_as(desk: &Desk, folder: &Path, more: &[&str]) -> anyhow::Result<Self> {
        Self::start(desk, folder, &BTreeMap::new(), more).await
    }

    async fn start(
        desk: &Desk,
        folder: &Path,
        more: &BTreeMap<String, String>,
        words: &[&str],
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut environment = desk.environment().clone();
        environment.insert("STREEMBIT_LOG".to_owned(), LOG.to_owned());
        environment.extend(more.clone());
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_file(folder))?;
        let mut arguments = vec!["--data".to_owned(), folder.to_string_lossy().into_owned()];
        for address in crate::node::LOOPBACK {
            arguments.extend(["--listen".to_owned(), address.to_owned()]);
        }
        arguments.extend(words.iter().map(|word| (*word).to_owned()));
        let session =
            Session::start(&program::built("streembit")?, &arguments, &environment, log).await;
        let session = session.with_context(|| format!("its log ends with:\n{}", tail(folder)))?;
        session.resize(USUAL.0, USUAL.1).await?;
        session.script(COLLECT, json!([])).await?;
        Ok(Self {
            session,
            folder: folder.to_path_buf(),
        })
    }

    /// The driver's session, for what this type has no word for.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A connection to the control socket of the app's node.
    ///
    /// # Errors
    /// When the app has ended.
    pub async fn line(&self) -> anyhow::Result<Line> {
        Line::connect(&self.folder).await
    }

    /// The events of the app's node.
    ///
    /// # Errors
    /// When the app has ended.
    pub async fn events(&self) -> anyhow::Result<Events> {
        Events::of(&self.folder).await
    }

    /// Waits until an element is there and can be seen.
    ///
    /// # Errors
    /// When it does not appear; the page's text is told.
    pub async fn see(&self, selector: &str) -> anyhow::Result<Element> {
        let look = || async {
            for element in self.session.find_all(selector).await? {
                if self.session.is_displayed(&element).await.unwrap_or(false) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        };
        match eventually(PATIENCE, selector, look).await {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// Waits until an element shows `text` somewhere in it.
    ///
    /// # Errors
    /// When it does not; the page's text is told.
    pub async fn read(&self, selector: &str, text: &str) -> anyhow::Result<Element> {
        let look = || async {
            for element in self.session.find_all(selector).await? {
                if self
                    .session
                    .text(&element)
                    .await
                    .is_ok_and(|shown| shown.contains(text))
                {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        };
        match eventually(PATIENCE, &format!("“{text}” in {selector}"), look).await {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// Waits until an element matches whose text, as the page tells it, has `text` in it.
    ///
    /// The driver takes whatever cuts off its own overflow for hidden, and reads nothing there.
    ///
    /// # Errors
    /// When none does; the page's text is told.
    pub async fn says(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        const SAYS: &str = "const [selector, text] = arguments;
            return [...document.querySelectorAll(selector)].some((it) => it.innerText.includes(text));";
        let look = || async {
            let says = self.session.script(SAYS, json!([selector, text])).await?;
            Ok(says.as_bool().unwrap_or_default().then_some(()))
        };
        match eventually(PATIENCE, &format!("“{text}” in {selector}"), look).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// Waits until no element matches.
    ///
    /// # Errors
    /// When one stays.
    pub async fn gone(&self, selector: &str) -> anyhow::Result<()> {
        let look = || async {
            Ok(self
                .session
                .find_all(selector)
                .await?
                .is_empty()
                .then_some(()))
        };
        match eventually(PATIENCE, &format!("{selector} to go"), look).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// Clicks what matches, once it can be clicked.
    ///
    /// # Errors
    /// When it never can.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let attempt = || async {
            let element = self.see(selector).await?;
            Ok(self.session.click(&element).await.ok())
        };
        match eventually(PATIENCE, &format!("a click on {selector}"), attempt).await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(self.describe().await)),
        }
    }

    /// Writes `text` into a field, in place of what is there.
    ///
    /// # Errors
    /// When the field does not appear or cannot be written to.
    pub async fn fill(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let field = self.see(selector).await?;
        self.session.clear(&field).await?;
        self.session.type_into(&field, text).await
    }

    /// What an element shows.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, selector: &str) -> anyhow::Result<String> {
        let element = self.see(selector).await?;
        self.session.text(&element).await
    }

    /// The value of a field.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn value(&self, selector: &str) -> anyhow::Result<String> {
        self.see(selector).await?;
        let value = self
            .session
            .script(
                "return document.querySelector(arguments[0]).value",
                json!([selector]),
            )
            .await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// What has the focus: its test id, label or text.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn focus(&self) -> anyhow::Result<String> {
        let script = "const e = document.activeElement; return e ? (e.dataset.testid || e.getAttribute('aria-label') || e.textContent.trim().slice(0, 60) || e.tagName) : ''";
        Ok(self
            .session
            .script(script, json!([]))
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Moves the focus with Tab until it is on `wanted` (see [`Window::focus`]).
    ///
    /// # Errors
    /// When it does not get there within 80 steps.
    pub async fn tab_to(&self, wanted: &str) -> anyhow::Result<()> {
        let mut passed = Vec::new();
        for _ in 0..80 {
            let focus = self.focus().await?;
            if focus == wanted {
                return Ok(());
            }
            passed.push(focus);
            self.session.press(&[], &key::TAB.to_string()).await?;
        }
        bail!("Tab never reached {wanted}; it passed {passed:?}")
    }

    /// Runs axe on what the window shows and returns its serious and critical findings.
    ///
    /// # Errors
    /// When `axe-core` is not installed in `ui/`.
    pub async fn axe(&self) -> anyhow::Result<Vec<String>> {
        let file =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        self.session.script(&axe, json!([])).await?;
        let script = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations), (error) => done(String(error)))";
        let found = self.session.script_async(script, json!([])).await?;
        let Some(found) = found.as_array() else {
            bail!("axe failed: {found}")
        };
        let is_serious =
            |finding: &&Value| matches!(finding["impact"].as_str(), Some("serious" | "critical"));
        let tell = |finding: &Value| {
            let nodes = finding["nodes"].as_array().into_iter().flatten();
            let places: Vec<String> = nodes
                .map(|node| format!("{} {}", node["target"], node["failureSummary"]))
                .collect();
            format!(
                "{} ({}): {}",
                finding["id"],
                finding["help"],
                places.join("; ")
            )
        };
        Ok(found.iter().filter(is_serious).map(tell).collect())
    }

    /// Quits the app, as the end of a desktop session would, and waits until it has ended.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn close(self) -> anyhow::Result<()> {
        let app = self.session.app().await?;
        Command::new("kill")
            .args(["-TERM", &app.to_string()])
            .status()
            .await?;
        let gone = || async { Ok(has_ended(app).then_some(())) };
        let ended = eventually(PATIENCE, "the end of the app", gone).await;
        ended.with_context(|| format!("its log ends with:\n{}", tail(&self.folder)))
    }

    /// What the window shows, and the end of the app's log.
    async fn describe(&self) -> String {
        let text = self.session.script(DESCRIBE, json!([])).await;
        let text = text
            .ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default();
        format!(
            "the window shows:\n{text}\nand its log ends with:\n{}",
            tail(&self.folder)
        )
    }
}

/// Whether a process is gone, or only waits for its parent to notice.
fn has_ended(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    status.is_empty() || status.contains("State:\tZ")
}

fn log_file(folder: &Path) -> PathBuf {
    folder.with_extension("log")
}

fn tail(folder: &Path) -> String {
    let log = std::fs::read(log_file(folder)).unwrap_or_default();
    let text = String::from_utf8_lossy(&log).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(30)..)
        .unwrap_or_default()
        .join("\n")
}
