//! What is announced on the desktop, what a click on it does, and when it goes away again.

use serde_json::json;
use streembit_tests::notices::Notices;
use streembit_tests::walk::id;
use streembit_tests::{Desk, PATIENCE, Place, Town, Window, eventually};

use super::chat::met;

/// Has the friend write to the window's person.
async fn say(town: &Town, window: &Window, text: &str) -> anyhow::Result<()> {
    let me = window
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    let words = json!({ "peer": me.get("peer"), "network": "public", "text": text });
    town.friend.call("message_send", words).await.map(drop)
}

#[tokio::test]
async fn a_message_is_announced_and_a_click_opens_its_conversation() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let notices = Notices::on(&desk).await?;
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    anyhow::ensure!(
        notices.all().is_empty(),
        "what is looked at is not announced: {:?}",
        notices.all()
    );

    window.go("settings").await?;
    window.gone(&id("composer")).await?;
    say(&town, &window, "The <b>kettle</b> is on").await?;
    let first = notices.wait("an announcement", |it| !it.is_gone).await?;
    assert_eq!(first.title, "Mira");
    assert_eq!(first.body, "The &lt;b&gt;kettle&lt;/b&gt; is on");
    assert_eq!(first.actions, ["default", "Open"]);

    say(&town, &window, "Come over").await?;
    let second = notices
        .wait("the next", |it| it.body == "Come over")
        .await?;
    assert_eq!(
        (second.id, second.title.as_str(), notices.all().len()),
        (first.id, "Mira (2)", 1),
        "it takes the place of the first"
    );

    notices.click(second.id).await?;
    window.read(&id("messages"), "Come over").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_click_brings_a_hidden_window_back_and_reading_takes_the_notice_away()
-> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let notices = Notices::on(&desk).await?;
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    window.go("devices").await?;
    hide(&window).await?;
    is_shown(&window, false).await?;

    say(&town, &window, "Are you there?").await?;
    let notice = notices.wait("an announcement", |it| !it.is_gone).await?;
    notices.click(notice.id).await?;

    is_shown(&window, true).await?;
    window.read(&id("messages"), "Are you there?").await?;
    // Reading elsewhere takes away what was announced meanwhile.
    window.go("settings").await?;
    window.gone(&id("composer")).await?;
    say(&town, &window, "And now?").await?;
    let notice = notices.wait("another", |it| it.body == "And now?").await?;
    let whole = json!({ "peer": town.friend.peer(), "network": "public" });
    window
        .line()
        .await?
        .ask("conversation_read", whole)
        .await??;
    notices
        .wait("it to go", |it| it.id == notice.id && it.is_gone)
        .await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn nothing_is_announced_of_what_is_muted_and_no_more_than_was_chosen() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let notices = Notices::on(&desk).await?;
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    window.go("settings").await?;
    window.gone(&id("composer")).await?;
    let mut line = window.line().await?;
    let talk = json!({ "peer": town.friend.peer(), "network": "public" });
    let muted = json!({ "peer": talk["peer"], "network": "public", "muted_until": 253_402_300_799_000_u64 });
    line.ask("conversation_set", muted).await??;
    say(&town, &window, "Quiet").await?;
    let unread = || async {
        let all = window
            .line()
            .await?
            .ask("conversations_list", json!({}))
            .await??;
        Ok((all[0]["unread"] == 1).then_some(()))
    };
    eventually(PATIENCE, "the quiet message", unread).await?;

    let loud = json!({ "peer": talk["peer"], "network": "public", "muted_until": 0 });
    line.ask("conversation_set", loud).await??;
    let little = json!({ "notification_content": "nothing" });
    line.ask("settings_set", little).await??;
    say(&town, &window, "The launch code").await?;

    let notice = notices.wait("an announcement", |_| true).await?;
    assert_eq!(notice.title, "Streembit");
    assert_eq!(notice.body, "2 new messages");
    assert_eq!(notices.all().len(), 1, "the quiet one was not announced");
    window.close().await?;
    town.stop().await;
    Ok(())
}

/// Closes the window as one who lets the node go on.
async fn hide(window: &Window) -> anyhow::Result<()> {
    let script = "window.__TAURI_INTERNALS__.invoke('window_close', { how: 'keep' })";
    window.session().script(script, json!([])).await.map(drop)
}

async fn is_shown(window: &Window, wanted: bool) -> anyhow::Result<()> {
    let look = || async {
        let script = "return document.visibilityState === 'visible'";
        let shown = window.session().script(script, json!([])).await?;
        Ok((shown == json!(wanted)).then_some(()))
    };
    eventually(PATIENCE, "the window to come or go", look).await
}
