//! What is chosen for a conversation by key and menu: quiet, first, put away; and that the other writes.

use serde_json::json;
use streembit_tests::walk::id;
use streembit_tests::window::key;
use streembit_tests::{Desk, PATIENCE, Place, Town, Window, eventually};

use super::chat::{check, met};

/// Opens the menu of the friend's conversation in the list, and chooses from it.
async fn choose(window: &Window, friend: &str, act: &str) -> anyhow::Result<()> {
    window.see(&id(&format!("chat-{friend}"))).await?;
    let script = "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))";
    let row = json!([id(&format!("chat-{friend}"))]);
    window.session().script(script, row).await?;
    window.see(&id("chat-menu")).await?;
    check(window, "the menu of a conversation").await?;
    window.click(&format!(":popover-open {}", id(act))).await?;
    window.gone(&id("chat-menu")).await
}

/// Waits until a row says `text`; the driver takes its words for hidden, as it is drawn only in sight.
async fn says(window: &Window, row: &str, text: &str) -> anyhow::Result<()> {
    let look = || async {
        let script = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1]) ?? false";
        let said = window.session().script(script, json!([row, text])).await?;
        Ok((said == json!(true)).then_some(()))
    };
    eventually(PATIENCE, text, look).await
}

#[tokio::test]
async fn a_conversation_is_muted_pinned_and_archived_and_comes_back() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    let friend = town.friend.peer();
    let row = id(&format!("chat-{friend}"));
    window.go("settings").await?;
    window.go("chats").await?;

    choose(&window, friend, "chat-mute").await?;
    window.see(&format!("{row} .lucide-bell-off")).await?;
    choose(&window, friend, "chat-pin").await?;
    window.see(&format!("{row} .lucide-pin")).await?;
    check(&window, "a muted and pinned conversation").await?;
    choose(&window, friend, "chat-archive").await?;
    window.gone(&row).await?;
    window.read(&id("chats-archived"), "Archived (1)").await?;
    window.click(&id("chats-archived")).await?;
    window.see(&row).await?;
    check(&window, "the archive").await?;

    // The next message brings it back, muted as it is.
    let mut line = window.line().await?;
    let loud = json!({ "peer": friend, "network": "public", "muted_until": 0 });
    line.ask("conversation_set", loud).await??;
    let me = line.ask("account_status", json!({})).await??;
    let words = json!({ "peer": me["peer"], "network": "public", "text": "Here again" });
    town.friend.call("message_send", words).await?;
    window.gone(&id("chats-archived")).await?;
    says(&window, &row, "Here again").await?;
    choose(&window, friend, "chat-unpin").await?;
    window.gone(&format!("{row} .lucide-pin")).await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn it_shows_that_the_other_is_writing_until_the_words_are_there() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    let me = window
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    let talk = json!({ "peer": me["peer"], "network": "public" });

    town.friend.call("conversation_typing", talk).await?;
    window.read(".who", "is writing").await?;
    check(&window, "somebody who writes").await?;
    let words = json!({ "peer": me["peer"], "network": "public", "text": "It took a while" });
    town.friend.call("message_send", words).await?;

    window.read(&id("messages"), "It took a while").await?;
    window.read(".who", "Online").await?;
    window
        .session()
        .press(&[], &key::ESCAPE.to_string())
        .await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}
