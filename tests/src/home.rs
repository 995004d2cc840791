//! A private network between node processes: made, joined, and looked at.

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::{NodeProcess, PATIENCE, eventually};

/// A private network, by its id.
#[derive(Clone, Debug)]
pub struct Home {
    /// Its id.
    pub network: String,
    /// The words of its recovery key.
    pub recovery: String,
}

impl Home {
    /// Has `admin` make a network.
    ///
    /// # Errors
    /// Whatever the node answers.
    pub async fn create(admin: &NodeProcess) -> anyhow::Result<Self> {
        let made = admin
            .call("network_create", json!({ "name": "Home" }))
            .await?;
        let text = |field: &str| -> anyhow::Result<String> {
            let text = made.get(field).and_then(Value::as_str);
            Ok(text.with_context(|| format!("no {field}"))?.to_owned())
        };
        Ok(Self {
            network: text("network")?,
            recovery: text("recovery")?,
        })
    }

    /// Has `admin` add `who`, which joins and is connected with the admin then.
    ///
    /// # Errors
    /// Whatever a node answers; when they do not meet in time.
    pub async fn admit(
        &self,
        admin: &NodeProcess,
        who: &NodeProcess,
        role: &str,
    ) -> anyhow::Result<()> {
        self.add(admin, who, role).await?;
        self.join(who, admin).await?;
        self.connected(admin, who).await
    }

    /// Has `admin` add `who`.
    ///
    /// # Errors
    /// Whatever the node answers.
    pub async fn add(
        &self,
        admin: &NodeProcess,
        who: &NodeProcess,
        role: &str,
    ) -> anyhow::Result<Value> {
        let arguments = json!({
            "network": self.network,
            "peer": who.peer(),
            "name": who.name(),
            "role": role,
        });
        admin.call("member_add", arguments).await
    }

    /// Lets `who` knock with the link that `at` gives out.
    ///
    /// # Errors
    /// Whatever a node answers.
    pub async fn join(&self, who: &NodeProcess, at: &NodeProcess) -> anyhow::Result<Value> {
        eventually(PATIENCE, "an address in the network", || async {
            Ok((!at.addresses_in(&self.network).await?.is_empty()).then_some(()))
        })
        .await?;
        let link = at.call("network_link", self.arguments()).await?;
        who.call("network_join", json!({ "link": link.get("link") }))
            .await
    }

    /// Arguments that name the network.
    #[must_use]
    pub fn arguments(&self) -> Value {
        json!({ "network": self.network })
    }

    /// Arguments that name the network and an account.
    #[must_use]
    pub fn with(&self, who: &NodeProcess) -> Value {
        json!({ "network": self.network, "peer": who.peer() })
    }

    /// Returns the network as `at` lists it.
    ///
    /// # Errors
    /// When it is not listed.
    pub async fn view(&self, at: &NodeProcess) -> anyhow::Result<Value> {
        let all = at.call("networks_list", json!({})).await?;
        let mut all = all.as_array().cloned().unwrap_or_default().into_iter();
        all.find(|it| it.get("network") == Some(&json!(self.network)))
            .context("the network is not listed")
    }

    /// Returns the names of the members as `at` lists them.
    ///
    /// # Errors
    /// Whatever the node answers.
    pub async fn names(&self, at: &NodeProcess) -> anyhow::Result<Vec<String>> {
        let members = at.call("members_list", self.arguments()).await?;
        let members = members.as_array().cloned().unwrap_or_default();
        let name = |member: &Value| Some(member.get("name")?.as_str()?.to_owned());
        Ok(members.iter().filter_map(name).collect())
    }

    /// Whether `at` has a connection with `who`.
    ///
    /// # Errors
    /// Whatever the node answers.
    pub async fn has_connection(
        &self,
        at: &NodeProcess,
        who: &NodeProcess,
    ) -> anyhow::Result<bool> {
        let peers = at.call("network_peers", self.arguments()).await?;
        let peers = peers.as_array().cloned().unwrap_or_default();
        Ok(peers
            .iter()
            .any(|it| it.get("peer") == Some(&json!(who.peer()))))
    }

    /// Waits until `at` is connected with `who`.
    ///
    /// # Errors
    /// When it does not come to pass in time.
    pub async fn connected(&self, at: &NodeProcess, who: &NodeProcess) -> anyhow::Result<()> {
        let what = format!("{} connected with {}", at.name(), who.name());
        eventually(PATIENCE, &what, || async {
            Ok(self.has_connection(at, who).await?.then_some(()))
        })
        .await
    }

    /// Waits until `at` has no connection with `who`.
    ///
    /// # Errors
    /// When it does not come to pass within `limit`.
    pub async fn disconnected(
        &self,
        at: &NodeProcess,
        who: &NodeProcess,
        limit: Duration,
    ) -> anyhow::Result<()> {
        let what = format!("{} cut off by {}", who.name(), at.name());
        eventually(limit, &what, || async {
            Ok((!self.has_connection(at, who).await?).then_some(()))
        })
        .await
    }

    /// Waits until the gate log of `at` holds a refusal of, or by, `who` for `reason`.
    ///
    /// # Errors
    /// When it does not come to pass in time.
    pub async fn refused(
        &self,
        at: &NodeProcess,
        who: &NodeProcess,
        reason: &str,
    ) -> anyhow::Result<Value> {
        let what = format!("{} and {}: {reason}", at.name(), who.name());
        eventually(PATIENCE, &what, || async {
            let log = at.call("gate_log", self.arguments()).await?;
            let log = log.as_array().cloned().unwrap_or_default();
            let is_it = |it: &&Value| {
                it.get("node") == Some(&json!(who.node()))
                    && it.get("reason") == Some(&json!(reason))
            };
            Ok(log.iter().find(is_it).cloned())
        })
        .await
    }
}
