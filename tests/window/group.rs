//! A group of a private network: begun in the window, written in by both, renamed, and left behind.

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::walk::id;
use streembit_tests::window::key;
use streembit_tests::{Desk, PATIENCE, Place, Window, eventually};

use crate::chat::check;
use crate::network::{join, newcomer, peer};

/// Waits until a window's own node knows a group, and returns its id.
async fn known(window: &Window) -> anyhow::Result<String> {
    let look = async || {
        let mut line = window.line().await?;
        let all = line.ask("groups_list", json!({})).await??;
        let id = all.pointer("/0/group").and_then(Value::as_str);
        Ok(id.map(str::to_owned))
    };
    eventually(2 * PATIENCE, "the group", look).await
}

#[tokio::test]
async fn a_group_is_begun_written_in_renamed_and_somebody_is_removed() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let alex = newcomer(&desk, &place.path().join("alex"), "Alex").await?;
    let noor = newcomer(&desk, &place.path().join("noor"), "Noor").await?;
    let (host, guest) = (peer(&alex).await?, peer(&noor).await?);
    alex.create_network("Home").await?;
    let link = alex.invite_member("Noor").await?;
    join(&noor, &link, &host).await?;
    alex.see(&id(&format!("member-{guest}"))).await?;

    alex.go("chats").await?;
    alex.click(&id("group-begin")).await?;
    alex.fill(&id("group-title"), "Garden").await?;
    alex.click(&id(&format!("pick-{guest}"))).await?;
    check(&alex, "a new group").await?;
    alex.click(&id("group-create")).await?;
    alex.write("who waters?").await?;
    let group = known(&noor).await?;
    noor.go_to("chats", &group).await?;
    noor.read(&id("messages"), "who waters?").await?;
    noor.write("I do").await?;
    alex.read(&id("messages"), "I do").await?;
    check(&alex, "a group").await?;

    alex.click(&id("chat-about")).await?;
    alex.see(&id("group-details")).await?;
    check(&alex, "about a group").await?;
    alex.fill(&id("group-title"), "Garden and gate").await?;
    alex.click(&id("group-rename")).await?;
    noor.says(&id("chat-about"), "Garden and gate").await?;
    noor.read(&id("group-note"), "Garden and gate").await?;

    alex.click(&id(&format!("group-remove-{guest}"))).await?;
    alex.read(&id("confirm"), "Noor").await?;
    check(&alex, "removing somebody from a group").await?;
    alex.click(&id("confirm-act")).await?;
    noor.see(&id("barrier")).await?;
    check(&noor, "a group that one was removed from").await?;
    alex.session().press(&[], &key::ESCAPE.to_string()).await?;
    alex.gone(&id("group-details")).await?;
    alex.write("between us alone").await?;
    let list = json!({ "peer": group, "limit": 50 });
    let all = noor.line().await?.ask("messages_list", list).await??;
    let all = all.as_array().context("no list")?;
    assert!(all.iter().any(|it| it["text"] == "who waters?"));
    assert!(!all.iter().any(|it| it["text"] == "between us alone"));
    noor.close().await?;
    alex.close().await
}
