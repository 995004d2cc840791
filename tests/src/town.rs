//! A small network around the app: a seed, a friend who answers, a hub, and a host of devices.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::line::Line;
use crate::node::NodeProcess;
use crate::place::Place;

/// What the device host has.
pub const THINGS: &str = r#"
[[thing]]
kind = "lamp"
name = "lamp"
title = "Desk lamp"

[[thing]]
kind = "thermostat"
name = "thermostat"
title = "Living room"

[[thing]]
kind = "sensor"
name = "sensor"
title = "Window sill"

[[thing]]
kind = "lock"
name = "lock"
title = "Front door"
"#;

/// What the friend says, in turn.
const ANSWERS: [&str; 5] = [
    "There you are! I see you, and nobody in between does.",
    "Try the lamp: Devices, then the round switch.",
    "If you switch me off and write, your words wait here until I am back.",
    "The house only lets in who is on its list. Look under Network who was turned away.",
    "I am a program on your own machine, so this is as far as my wit goes.",
];

/// Separate processes that together make a neighbourhood.
#[derive(Debug)]
pub struct Town {
    /// The seed of the public network.
    pub seed: NodeProcess,
    /// Someone to talk with.
    pub friend: NodeProcess,
    /// An always-on member of the home network.
    pub hub: NodeProcess,
    /// The host of [`THINGS`].
    pub devices: NodeProcess,
    /// Someone whom the home network does not know.
    pub stranger: NodeProcess,
    answering: JoinHandle<()>,
}

impl Town {
    /// Starts all of them in `place`.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn new(place: &Place) -> anyhow::Result<Self> {
        let seed = place.node("Seed").seed().start().await?;
        let (friend, hub, devices, stranger) = tokio::try_join!(
            place.node("Mira").bootstrap(&seed).start(),
            place
                .node("Hall cupboard")
                .kind("hub")
                .bootstrap(&seed)
                .start(),
            place
                .node("Desk box")
                .kind("device")
                .config(THINGS)?
                .start(),
            place.node("Somebody").bootstrap(&seed).start(),
        )?;
        let answering = answer(&friend).await?;
        Ok(Self {
            seed,
            friend,
            hub,
            devices,
            stranger,
            answering,
        })
    }

    /// The friend's invite link.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn invite(&self) -> anyhow::Result<String> {
        link(&self.friend.call("contact_invite", json!({})).await?)
    }

    /// The claim link of the device host.
    ///
    /// # Errors
    /// When its window is closed.
    pub async fn claim(&self) -> anyhow::Result<String> {
        link(&self.devices.call("device_claim_link", json!({})).await?)
    }

    /// Has `app` create the network `name` with the hub and the friend in it; returns its id.
    ///
    /// # Errors
    /// When one of them does not get in.
    pub async fn found_home(&self, app: &mut Line, name: &str) -> anyhow::Result<String> {
        let made = app.ask("network_create", json!({ "name": name })).await??;
        let network = made
            .get("network")
            .and_then(Value::as_str)
            .context("the network's id")?
            .to_owned();
        self.let_in(app, &network, &self.hub, "hub").await?;
        self.let_in(app, &network, &self.friend, "member").await?;
        Ok(network)
    }

    /// Has `app` add `who` to a network, and `who` join it.
    ///
    /// # Errors
    /// When either fails.
    pub async fn let_in(
        &self,
        app: &mut Line,
        network: &str,
        who: &NodeProcess,
        role: &str,
    ) -> anyhow::Result<()> {
        let wanted =
            json!({ "network": network, "peer": who.peer(), "name": who.name(), "role": role });
        let added = app.ask("member_add", wanted).await??;
        who.call("network_join", json!({ "link": link(&added)? }))
            .await?;
        Ok(())
    }

    /// Has somebody whom nobody listed knock at a network's door.
    ///
    /// # Errors
    /// When the link cannot be made; that the door stays shut is no error.
    pub async fn knock(&self, app: &mut Line, network: &str) -> anyhow::Result<()> {
        let open = app
            .ask("network_link", json!({ "network": network }))
            .await??;
        let _ = self
            .stranger
            .attempt("network_join", json!({ "link": link(&open)? }))
            .await?;
        Ok(())
    }

    /// Stops all of them cleanly.
    pub async fn stop(self) {
        self.answering.abort();
        for node in [
            self.devices,
            self.hub,
            self.friend,
            self.stranger,
            self.seed,
        ] {
            // A node that has ended already is as good as stopped.
            let _ = node.stop().await;
        }
    }
}

/// The link in a command's result.
pub(crate) fn link(result: &Value) -> anyhow::Result<String> {
    Ok(result["link"].as_str().context("a link")?.to_owned())
}

/// Lets `friend` accept whoever asks and answer what is written.
async fn answer(friend: &NodeProcess) -> anyhow::Result<JoinHandle<()>> {
    let mut events = friend.events().await?;
    let line = friend.line().await?;
    let mut answering = Answering {
        line,
        me: friend.peer().to_owned(),
        answered: BTreeSet::new(),
    };
    Ok(tokio::spawn(async move {
        while let Ok(event) = events.next().await {
            // The friend keeps talking whatever one answer came to.
            let _ = answering.react(&event).await;
        }
    }))
}

/// A friend at work.
struct Answering {
    line: Line,
    me: String,
    /// The messages that were answered.
    answered: BTreeSet<String>,
}

impl Answering {
    /// Accepts a request, answers a message, and lets everything else pass.
    async fn react(&mut self, event: &Value) -> anyhow::Result<()> {
        if event.pointer("/contact/state").and_then(Value::as_str) == Some("incoming") {
            let asking = json!({ "peer": event["peer"] });
            self.line.ask("contact_accept", asking).await??;
        }
        let message = &event["message"];
        let from = message["from"].as_str().unwrap_or_default();
        let is_for_me = event["type"] == "message" && !from.is_empty() && from != self.me;
        if !is_for_me || !self.answered.insert(message["id"].to_string()) {
            return Ok(());
        }
        let said = (self.answered.len() - 1) % ANSWERS.len();
        let words = ANSWERS.get(said).unwrap_or(&"Yes.");
        let place = json!({ "network": message["network"], "peer": from });
        self.line.ask("conversation_read", place).await??;
        let answer = json!({ "network": message["network"], "peer": from, "text": words });
        self.line.ask("message_send", answer).await??;
        Ok(())
    }
}
