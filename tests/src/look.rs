//! How a window looks: its colours, its size, its language, and what of it is still on its way.

use std::path::Path;

use anyhow::ensure;
use serde_json::{Value, json};

use crate::deadline::{PATIENCE, eventually};
use crate::walk::id;
use crate::window::{Window, key};

impl Window {
    /// Shows the app in `light` or `dark`, as its settings would.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn theme(&self, theme: &str) -> anyhow::Result<()> {
        let script = "document.documentElement.dataset.theme = arguments[0]; document.documentElement.style.colorScheme = arguments[0]";
        self.session()
            .script(script, json!([theme]))
            .await
            .map(drop)
    }

    /// Makes the window as large as that, at the usual size of what is in it.
    ///
    /// # Errors
    /// When it does not become so large.
    pub async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.session().resize(width, height).await?;
        self.until_wide(width).await
    }

    /// Draws everything twice as large, by the keys for it.
    ///
    /// # Errors
    /// When nothing grows.
    pub async fn zoom_to_double(&self) -> anyhow::Result<()> {
        let width = self.width().await?;
        // From 100 over 110, 125, 150 and 175 to 200 percent.
        for _ in 0..5 {
            self.session().press(&[key::CONTROL], "+").await?;
        }
        self.until_wide(width / 2).await
    }

    /// Draws everything at its usual size again, in a window of that width.
    ///
    /// # Errors
    /// When it stays large.
    pub async fn zoom_back(&self, width: u32) -> anyhow::Result<()> {
        self.session().press(&[key::CONTROL], "0").await?;
        self.until_wide(width).await
    }

    async fn until_wide(&self, width: u32) -> anyhow::Result<()> {
        let look = || async {
            let now = self.width().await?;
            ensure!(now.abs_diff(width) <= 1, "it is {now} wide");
            Ok(Some(()))
        };
        eventually(PATIENCE, &format!("a width of {width}"), look).await
    }

    /// How wide the page is, in its own pixels.
    async fn width(&self) -> anyhow::Result<u32> {
        let width = self
            .session()
            .script("return window.innerWidth", json!([]))
            .await?;
        Ok(u32::try_from(width.as_u64().unwrap_or_default())?)
    }

    /// Loads the page anew in a language; `en-XA` is English stretched and accented.
    ///
    /// # Errors
    /// When the page does not come back.
    pub async fn speak(&self, language: &str) -> anyhow::Result<()> {
        let wanted = format!("?locale={language}");
        let go = "window.isLeaving = true; if (location.search === arguments[0]) location.reload(); else location.search = arguments[0]";
        self.session().script(go, json!([wanted])).await?;
        let is_loaded = || async {
            let script = "return !window.isLeaving && location.search === arguments[0] && document.readyState === 'complete'";
            let loaded = self.session().script(script, json!([wanted])).await?;
            Ok((loaded == Value::Bool(true)).then_some(()))
        };
        eventually(PATIENCE, "the page in another language", is_loaded).await?;
        self.see(&id("window")).await.map(drop)
    }

    /// Holds back what the page asks the node from now on, so that waiting can be looked at.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn hold_questions(&self) -> anyhow::Result<()> {
        let script = "const held = []; const ask = window.fetch; window.fetch = (...question) => new Promise((done) => held.push(() => done(ask(...question)))); window.letGo = () => { window.fetch = ask; held.forEach((go) => go()); }";
        self.session().script(script, json!([])).await.map(drop)
    }

    /// Lets go what was held back.
    ///
    /// # Errors
    /// When nothing was.
    pub async fn let_go(&self) -> anyhow::Result<()> {
        let script = "window.letGo()";
        self.session().script(script, json!([])).await.map(drop)
    }

    /// Waits until fonts are there and nothing moves or loads any more.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let script = "const done = arguments[arguments.length - 1]; document.fonts.ready.then(() => Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().iterations !== Infinity).map((one) => one.finished))).then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
        self.session()
            .script_async(script, json!([]))
            .await
            .map(drop)
    }

    /// Writes what the window shows to a PNG file.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn picture(&self, file: &Path) -> anyhow::Result<()> {
        self.session().picture(file).await
    }
}
