//! A conversation: answering, reacting, editing, deleting, finding again; and what the other side sees.

use serde_json::{Value, json};
use streembit_tests::walk::id;
use streembit_tests::window::key;
use streembit_tests::{Desk, PATIENCE, Place, Town, Window, eventually};

/// The key that deletes, in the WebDriver protocol.
const DELETE: char = '\u{e017}';
/// The bytes of a file that takes a while.
const LARGE: u64 = 512 << 20;
/// The key up, in the WebDriver protocol.
const UP: char = '\u{e013}';

/// A window in which somebody has just been met and greeted.
pub(crate) async fn met(place: &Place, desk: &Desk, town: &Town) -> anyhow::Result<Window> {
    let window = Window::open(desk, &place.path().join("profile")).await?;
    window.say_name("Alex").await?;
    window.keep_words().await?;
    window.finish_first_run().await?;
    window.open_link(&town.invite().await?).await?;
    window.go_to("chats", town.friend.peer()).await?;
    window.write("The oak by the river").await?;
    window.read(&id("messages"), "There you are").await?;
    all_read(&window).await?;
    Ok(window)
}

/// Waits until nothing is left unread: what is drawn counts as read a moment later.
async fn all_read(window: &Window) -> anyhow::Result<()> {
    let read = || async {
        let list = json!({});
        let all = window
            .line()
            .await?
            .ask("conversations_list", list)
            .await??;
        let mut all = all.as_array().into_iter().flatten();
        Ok(all.all(|it| it["unread"] == 0).then_some(()))
    };
    eventually(PATIENCE, "everything to be read", read).await
}

#[tokio::test]
async fn messages_are_answered_edited_reacted_to_and_deleted() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;

    focus_message(&window, "There you are").await?;
    press(&window, "r").await?;
    window.see(&id("replying")).await?;
    window.write("Here I am").await?;
    window.see(&id("quote")).await?;

    window.click(&id("composer")).await?;
    press(&window, &UP.to_string()).await?;
    window.see(&id("editing")).await?;
    press(&window, " again").await?;
    press(&window, &key::ENTER.to_string()).await?;
    window.see(&id("edited")).await?;
    there(&town, "the edit", |all| {
        let is_edited = |it: &&Value| it["text"] == "Here I am again" && it["edited_at"].is_u64();
        all.iter().any(|it| is_edited(&it))
    })
    .await?;

    focus_message(&window, "There you are").await?;
    press(&window, "+").await?;
    window.see(&id("emoji-picker")).await?;
    check(&window, "the choice of emoji").await?;
    press(&window, &key::ENTER.to_string()).await?;
    window.read(&id("reactions"), "👍").await?;
    there(&town, "the reaction", |all| {
        all.iter().any(|it| it["reactions"][0]["emoji"] == "👍")
    })
    .await?;

    focus_message(&window, "Here I am again").await?;
    press(&window, &DELETE.to_string()).await?;
    window.see(&id("confirm-act")).await?;
    check(&window, "deleting a message").await?;
    window.click(&id("confirm-act")).await?;
    window
        .read(&id("messages"), "You deleted this message")
        .await?;
    there(&town, "the deletion", |all| {
        all.iter()
            .any(|it| it["text"] == "" && it["deleted_at"].is_u64())
    })
    .await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn words_are_found_everywhere_and_where_they_were_said() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;

    window.go("settings").await?;
    window
        .session()
        .press(&[key::CONTROL, key::SHIFT], "f")
        .await?;
    window.fill(&id("search-field"), "oak").await?;
    window.read(&id("search"), "by the river").await?;
    check(&window, "what a search found").await?;
    window
        .click(&format!("{} [data-row]", id("search")))
        .await?;
    window.read(&id("messages"), "The oak by the river").await?;
    window.session().press(&[key::CONTROL], "f").await?;
    window.fill(&id("find-field"), "river").await?;
    window.read(&id("find-count"), "1 of 1").await?;
    check(&window, "a conversation that is searched").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

/// Waits until the friend's conversation is as `wanted`.
async fn there(
    town: &Town,
    what: &'static str,
    wanted: impl Fn(&[Value]) -> bool,
) -> anyhow::Result<()> {
    let look = async || {
        let conversations = town.friend.call("conversations_list", json!({})).await?;
        let peer = conversations.get(0).and_then(|first| first.get("peer"));
        let arguments = json!({ "peer": peer, "network": "public" });
        let messages = town.friend.call("messages_list", arguments).await?;
        let all = messages.as_array().cloned().unwrap_or_default();
        Ok(wanted(&all).then_some(()))
    };
    eventually(PATIENCE, what, look).await
}

/// Puts the focus on the message that says `text`.
async fn focus_message(window: &Window, text: &str) -> anyhow::Result<()> {
    window.read(&id("messages"), text).await?;
    let script = "[...document.querySelectorAll('[data-testid=message]')]
                      .find((each) => each.textContent.includes(arguments[0])).focus()";
    window
        .session()
        .script(script, json!([text]))
        .await
        .map(drop)
}

async fn press(window: &Window, keys: &str) -> anyhow::Result<()> {
    window.session().press(&[], keys).await
}

/// Fails with what axe found, in both themes.
pub(crate) async fn check(window: &Window, view: &str) -> anyhow::Result<()> {
    for theme in ["light", "dark"] {
        window.theme(theme).await?;
        window.settle().await?;
        let found = window.axe().await?;
        anyhow::ensure!(found.is_empty(), "{view}, {theme}: {found:#?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_came_shows_what_is_in_it() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    let downloads = place.path().join("from friends");
    std::fs::create_dir(&downloads)?;
    let mut line = window.line().await?;
    line.ask("settings_set", json!({ "downloads": downloads }))
        .await??;
    let me = line.ask("account_status", json!({})).await??;

    let path = place.write("list.txt", "Bring the long rope.\n")?;
    let sent = json!({ "peer": me["peer"], "path": path });
    town.friend.call("file_send", sent).await?;
    window.says(&id("file-text"), "Bring the long rope").await?;
    check(&window, "a text that came").await?;

    // Words that would draw or run something stay words.
    let path = place.write("note.svg", "<svg onload=\"alert(1)\"></svg>")?;
    let sent = json!({ "peer": me["peer"], "path": path });
    town.friend.call("file_send", sent).await?;
    window.says(&id("file-text"), "onload=").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_large_file_is_accepted_shows_how_far_it_is_and_goes_on_after_a_restart()
-> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = met(&place, &desk, &town).await?;
    let downloads = place.path().join("from friends");
    std::fs::create_dir(&downloads)?;
    let mut line = window.line().await?;
    line.ask("settings_set", json!({ "downloads": downloads }))
        .await??;
    let me = line.ask("account_status", json!({})).await??;
    let film = place.path().join("film.mp4");
    let content: Vec<u8> = (0..LARGE / 8).flat_map(u64::to_le_bytes).collect();
    std::fs::write(&film, &content)?;

    let sent = json!({ "peer": me["peer"], "path": film });
    town.friend.call("file_send", sent).await?;
    let mut events = window.events().await?;
    window.click(&id("file-accept")).await?;
    window.see(&id("file-progress")).await?;
    let is_begun =
        |event: &Value| event["type"] == "file" && event["file"]["done"].as_u64() > Some(0);
    events.wait("the file to be on its way", is_begun).await?;
    window.close().await?;
    anyhow::ensure!(!downloads.join("film.mp4").exists(), "it was too fast");

    let window = Window::open(&desk, &place.path().join("profile")).await?;
    window.go_to("chats", town.friend.peer()).await?;
    let files = window.line().await?.ask("files_list", json!({})).await??;
    assert!(
        files[0]["done"].as_u64() > Some(0),
        "what was there stays: {files}"
    );
    window
        .see(&format!("{}[data-state=done]", id("file")))
        .await?;
    assert!(std::fs::read(downloads.join("film.mp4"))? == content);
    window.close().await?;
    town.stop().await;
    Ok(())
}
