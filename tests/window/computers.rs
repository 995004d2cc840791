//! Several computers of one person: linked in the window, written to on both, removed again.

use serde_json::{Value, json};
use streembit_tests::walk::id;
use streembit_tests::{Desk, PATIENCE, Place, Town, Window, eventually, meet};

use crate::chat::{check, met};

#[tokio::test]
async fn another_computer_is_linked_from_the_window_and_removed_again() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    let friend = town.friend.peer();

    window.go("settings").await?;
    window.click(&id("settings-computers")).await?;
    window.click(&id("computer-link")).await?;
    window.see(&id("node-link")).await?;
    let link = window.value(&id("node-link")).await?;
    check(&window, "the link for another computer").await?;
    let joining = place.node("lap").link(&link).await?;
    window.read(&id("link-code"), joining.code()).await?;
    check(&window, "the digits to compare").await?;
    window.click(&id("link-match")).await?;
    let lap = joining.finish().await?.start().await?;
    window
        .read(&id("link-computer"), "The other computer is linked")
        .await?;
    window.click(&id("linking-close")).await?;
    window.read(&id("computers"), "Connected").await?;
    check(&window, "the computers").await?;

    // What is said in the window is shown on the other one, and the other way about.
    window.go_to("chats", friend).await?;
    window.write("said in the window").await?;
    let copied = async || {
        let all = meet::conversation(&lap, friend).await?;
        let said = |it: &Value| it["text"] == "said in the window" && it["from"] != friend;
        Ok(all.iter().any(said).then_some(()))
    };
    eventually(PATIENCE, "the message on the other computer", copied).await?;
    meet::send(&lap, friend, "said on the other one").await?;
    window
        .read(&id("messages"), "said on the other one")
        .await?;

    window.go("settings").await?;
    window.click(&id("settings-computers")).await?;
    window.click(&id("computer-remove")).await?;
    check(&window, "removing a computer").await?;
    window.click(&id("confirm-act")).await?;
    window.read(&id("computers"), "Removed").await?;
    let told = async || {
        let all = lap.call("nodes_list", json!({})).await?;
        let mut all = all.as_array().into_iter().flatten();
        let is_told = |it: &Value| it["this"] == true && it["revoked_at"].is_u64();
        Ok(all.any(is_told).then_some(()))
    };
    eventually(PATIENCE, "the removed computer to know", told).await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_window_becomes_another_computer_and_says_when_it_was_removed() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let old = place.node("old").start().await?;
    let friend = place.node("friend").start().await?;
    meet::meet(&friend, &old).await?;
    let before = meet::send(&friend, old.peer(), "said before").await?;
    meet::arrived(&old, friend.peer(), &[before]).await?;

    let window = Window::open(&desk, &place.path().join("profile")).await?;
    window.click(&id("first-run-link")).await?;
    let offer = old.call("node_link", json!({})).await?;
    let link = offer["link"].as_str().unwrap_or_default();
    window.fill(&id("join-link"), link).await?;
    check(&window, "linking this computer").await?;
    window.click(&id("join-act")).await?;
    window.see(&id("link-code")).await?;
    let code = window.text(&id("link-code")).await?;
    check(&window, "the digits of this computer").await?;
    old.call("node_link_confirm", json!({ "code": code.trim() }))
        .await?;

    window.see(&id("window")).await?;
    window.go_to("chats", friend.peer()).await?;
    window.read(&id("messages"), "said before").await?;
    meet::send(&old, friend.peer(), "from the first one").await?;
    window.read(&id("messages"), "from the first one").await?;
    let known = async || {
        let all = friend
            .call("contact_nodes", json!({ "peer": old.peer() }))
            .await?;
        Ok((all.as_array().map(Vec::len) == Some(2)).then_some(()))
    };
    eventually(PATIENCE, "the friend to know both", known).await?;
    meet::send(&friend, old.peer(), "to both of you").await?;
    window.read(&id("messages"), "to both of you").await?;

    let status = window
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    old.call("node_revoke", json!({ "node": status["node"] }))
        .await?;
    window
        .read(&id("removed-computer"), "was removed from your account")
        .await?;
    check(&window, "a computer that was removed").await?;
    window.close().await
}
