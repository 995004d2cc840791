//! The main path through the window, step by step, as a person would take it.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::deadline::within;
use crate::window::{Window, key};

/// How long a first account may take, with its key stretching, on a busy machine.
const CREATION: Duration = Duration::from_secs(60);

/// The selector of an element with this test id.
#[must_use]
pub fn id(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

impl Window {
    /// Step one of the first run: a name, and the account is made.
    ///
    /// # Errors
    /// When the window does not go on to the words.
    pub async fn say_name(&self, name: &str) -> anyhow::Result<()> {
        self.fill(&id("first-run-name"), name).await?;
        self.click(&id("first-run-next")).await?;
        within(CREATION, "the 24 words", self.see(&id("phrase-words"))).await??;
        Ok(())
    }

    /// Step two: reads the 24 words and gives three of them back; returns all.
    ///
    /// # Errors
    /// When the window does not go on to meeting someone.
    pub async fn keep_words(&self) -> anyhow::Result<Vec<String>> {
        let words = self.words().await?;
        ensure!(words.len() == 24, "24 words are shown, not {}", words.len());
        self.click(&id("phrase-kept")).await?;
        self.give_back(&words).await?;
        self.see(&id("first-run-finish")).await?;
        Ok(words)
    }

    /// Gives back those of the 24 words that are asked for.
    ///
    /// # Errors
    /// When they are not taken.
    pub async fn give_back(&self, words: &[String]) -> anyhow::Result<()> {
        for position in 0..3 {
            let field = id(&format!("phrase-check-{position}"));
            self.see(&field).await?;
            let script = "return document.querySelector(arguments[0]).dataset.index";
            let index = self.session().script(script, json!([field])).await?;
            let index: usize = index.as_str().context("which word is asked")?.parse()?;
            self.fill(&field, words.get(index).context("a word that was shown")?)
                .await?;
        }
        self.click(&id("phrase-check")).await
    }

    /// The words of the account that are shown.
    ///
    /// # Errors
    /// When none are.
    pub async fn words(&self) -> anyhow::Result<Vec<String>> {
        self.words_in("phrase-words").await
    }

    async fn words_in(&self, sheet: &str) -> anyhow::Result<Vec<String>> {
        self.see(&format!("{} li", id(sheet))).await?;
        let script = "return [...document.querySelectorAll(arguments[0] + ' .word')].map((word) => word.textContent)";
        let words = self.session().script(script, json!([id(sheet)])).await?;
        Ok(words
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect())
    }

    /// Step three, without meeting anyone yet; returns the own invite link.
    ///
    /// # Errors
    /// When the window does not open.
    pub async fn finish_first_run(&self) -> anyhow::Result<String> {
        let invite = self.value(&id("invite-link")).await?;
        self.click(&id("first-run-finish")).await?;
        self.see(&id("nav-chats")).await?;
        Ok(invite)
    }

    /// Shows a view by its place in the rail.
    ///
    /// # Errors
    /// When the rail is not there.
    pub async fn go(&self, view: &str) -> anyhow::Result<()> {
        self.click(&id(&format!("nav-{view}"))).await
    }

    /// Shows an item of a view, as a link to it would.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn go_to(&self, view: &str, item: &str) -> anyhow::Result<()> {
        let script = "location.hash = '#/' + arguments[0] + '/' + encodeURIComponent(arguments[1])";
        self.session()
            .script(script, json!([view, item]))
            .await
            .map(drop)
    }

    /// Writes a message in the conversation that is open and sends it.
    ///
    /// # Errors
    /// When it does not appear among the messages.
    pub async fn write(&self, text: &str) -> anyhow::Result<()> {
        self.fill(&id("composer"), text).await?;
        self.click(&id("send")).await?;
        self.read(&id("messages"), text).await?;
        Ok(())
    }

    /// Opens a link that somebody sent: looks at it first, then accepts it.
    ///
    /// # Errors
    /// When it cannot be accepted.
    pub async fn open_link(&self, link: &str) -> anyhow::Result<()> {
        self.go("contacts").await?;
        self.click(&id("contact-paste")).await?;
        self.fill(&id("paste-link-field"), link).await?;
        self.click(&id("link-look")).await?;
        self.see(&id("link-facts")).await?;
        self.click(&id("link-accept")).await?;
        self.gone(&id("paste")).await
    }

    /// Chooses the network that the window shows.
    ///
    /// # Errors
    /// When it is not in the switcher.
    pub async fn choose_network(&self, network: &str) -> anyhow::Result<()> {
        self.click(&id("network-switcher")).await?;
        self.click(&id(&format!("network-{network}"))).await?;
        self.gone(&format!("{}:popover-open", id("network-menu")))
            .await
    }

    /// Creates a private network and shows its members; returns its recovery words.
    ///
    /// # Errors
    /// When it is not created.
    pub async fn create_network(&self, name: &str) -> anyhow::Result<Vec<String>> {
        self.click(&id("network-switcher")).await?;
        self.click(&id("network-create")).await?;
        self.fill(&id("network-name"), name).await?;
        self.click(&id("network-create-act")).await?;
        let words = self.words_in("recovery-words").await?;
        self.click(&id("recovery-kept")).await?;
        self.give_back(&words).await?;
        self.click(&id("network-created-done")).await?;
        self.see(&id("members")).await?;
        Ok(words)
    }

    /// Makes a one-time invite into the network whose members are shown; returns its link.
    ///
    /// # Errors
    /// When it is not made.
    pub async fn invite_member(&self, name: &str) -> anyhow::Result<String> {
        self.click(&id("member-new")).await?;
        self.fill(&id("invite-name"), name).await?;
        self.click(&id("member-add")).await?;
        let link = self.value(&id("network-invite-link")).await?;
        self.click(&id("invite-done")).await?;
        self.gone(&id("invite-made")).await?;
        Ok(link)
    }

    /// Chooses an act on a member of the network that is shown.
    ///
    /// # Errors
    /// When the member is not listed or the act is not offered.
    pub async fn act_on_member(&self, peer: &str, act: &str) -> anyhow::Result<()> {
        self.click(&id(&format!("member-menu-{peer}"))).await?;
        self.click(&format!(":popover-open {}", id(act))).await
    }

    /// Adds a member to the network that is shown; returns the link to hand over.
    ///
    /// # Errors
    /// When they are not added.
    pub async fn add_member(&self, peer: &str, name: &str) -> anyhow::Result<String> {
        self.click(&id("member-new")).await?;
        self.click(&format!("label:has({})", id("member-way-key")))
            .await?;
        self.fill(&id("member-key"), peer).await?;
        self.fill(&id("member-name"), name).await?;
        self.click(&id("member-add")).await?;
        let link = self.value(&id("member-link-text")).await?;
        self.session().press(&[], &key::ESCAPE.to_string()).await?;
        self.gone(&id("member-link-dialog")).await?;
        self.see(&id(&format!("member-{peer}"))).await?;
        Ok(link)
    }

    /// Claims a device for the network that is shown.
    ///
    /// # Errors
    /// When a step of the claim fails.
    pub async fn claim(&self, link: &str) -> anyhow::Result<()> {
        self.go("devices").await?;
        self.click(&format!(
            "{}, {}",
            id("devices-enter-code"),
            id("device-claim")
        ))
        .await?;
        self.fill(&id("claim-link"), link).await?;
        self.click(&id("claim-start")).await?;
        self.see(&id("claim-done")).await?;
        self.click(&id("claim-show")).await?;
        self.see(&id("board")).await?;
        Ok(())
    }

    /// Switches the switch of a card and waits until the device has confirmed it.
    ///
    /// # Errors
    /// When it is not confirmed.
    pub async fn switch(&self, title: &str, property: &str, on: bool) -> anyhow::Result<()> {
        let control = format!(
            "{} {}",
            id(&format!("card-{title}")),
            id(&format!("prop-{property}"))
        );
        self.click(&format!(
            "{control}[aria-checked=\"{}\"]:not(:disabled)",
            !on
        ))
        .await?;
        self.see(&format!("{control}[aria-checked=\"{on}\"]"))
            .await?;
        Ok(())
    }
}
