//! Two people who get to know each other, and what they wrote.

use std::collections::BTreeMap;

use anyhow::Context;
use serde_json::{Value, json};

use crate::{NodeProcess, PATIENCE, eventually};

/// Lets `guest` accept an invite of `host`, and waits until each is the other's contact.
///
/// # Errors
/// When they do not meet in time.
pub async fn meet(host: &NodeProcess, guest: &NodeProcess) -> anyhow::Result<()> {
    let invite = host.call("contact_invite", json!({})).await?;
    let link = invite.get("link").context("an invite without a link")?;
    guest.call("contact_add", json!({ "link": link })).await?;
    for (one, other) in [(host, guest), (guest, host)] {
        let met = async || {
            let contact = contact(one, other.peer()).await?;
            Ok(contact.filter(|contact| contact["state"] == "accepted"))
        };
        eventually(PATIENCE, "they are contacts", met).await?;
    }
    Ok(())
}

/// What `node` knows of the contact `peer`.
///
/// # Errors
/// When the node does not answer.
pub async fn contact(node: &NodeProcess, peer: &str) -> anyhow::Result<Option<Value>> {
    let contacts = node
        .call("contacts_list", json!({ "network": "public" }))
        .await?;
    let contacts = contacts.as_array().context("no list")?;
    Ok(contacts
        .iter()
        .find(|contact| contact["peer"] == peer)
        .cloned())
}

/// Sends a text and returns its id, once the node has promised to deliver it.
///
/// # Errors
/// When the node refuses or is gone.
pub async fn send(from: &NodeProcess, to: &str, text: &str) -> anyhow::Result<String> {
    let sent = from
        .call("message_send", json!({ "peer": to, "text": text }))
        .await?;
    let id = sent.get("id").and_then(Value::as_str);
    id.map(str::to_owned).context("a message without an id")
}

/// Every message of a conversation, oldest first.
///
/// # Errors
/// When the node does not answer.
pub async fn conversation(node: &NodeProcess, peer: &str) -> anyhow::Result<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let before = all.first().map(|message| message["id"].clone());
        let arguments =
            json!({ "peer": peer, "network": "public", "limit": 200, "before": before });
        let page = node.call("messages_list", arguments).await?;
        let page = page.as_array().cloned().context("no list")?;
        if page.is_empty() {
            return Ok(all);
        }
        all.splice(0..0, page);
    }
}

/// Waits until `node` has stored every one of `ids` from `peer`.
///
/// # Errors
/// When one is missing in the end, or is there twice.
pub async fn arrived(node: &NodeProcess, peer: &str, ids: &[String]) -> anyhow::Result<Vec<Value>> {
    let complete = async || {
        let messages = conversation(node, peer).await?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for message in &messages {
            *counts
                .entry(message["id"].as_str().unwrap_or_default())
                .or_default() += 1;
        }
        if let Some((id, count)) = counts.iter().find(|(_, count)| **count > 1) {
            anyhow::bail!("{id} is there {count} times");
        }
        let missing = ids
            .iter()
            .filter(|id| !counts.contains_key(id.as_str()))
            .count();
        anyhow::ensure!(missing == 0, "{missing} of {} are missing", ids.len());
        Ok(Some(messages))
    };
    eventually(2 * PATIENCE, "every message that was promised", complete).await
}
