//! For everyone: what axe finds, and the main path without a pointer.

use streembit_tests::walk::id;
use streembit_tests::window::key;
use streembit_tests::{Desk, Place, Town, Window};

/// Fails with what axe found, in both themes.
async fn check(window: &Window, view: &str) -> anyhow::Result<()> {
    for theme in ["light", "dark"] {
        window.theme(theme).await?;
        window.settle().await?;
        let found = window.axe().await?;
        anyhow::ensure!(found.is_empty(), "{view}, {theme}: {found:#?}");
    }
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_serious_on_any_view_in_either_theme() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = Window::open(&desk, &place.path().join("profile")).await?;

    window.see(&id("first-run-name")).await?;
    check(&window, "first run, name").await?;
    window.say_name("Alex").await?;
    check(&window, "first run, words").await?;
    window.keep_words().await?;
    check(&window, "first run, meet someone").await?;
    window.finish_first_run().await?;
    for view in ["chats", "contacts", "devices", "network", "settings"] {
        window.go(view).await?;
        check(&window, &format!("{view}, empty")).await?;
    }
    window.open_link(&town.invite().await?).await?;
    window.go_to("chats", town.friend.peer()).await?;
    window.write("Hello Mira").await?;
    window.read(&id("messages"), "There you are").await?;
    check(&window, "a conversation").await?;
    window.go_to("contacts", town.friend.peer()).await?;
    check(&window, "a contact").await?;
    window.create_network("Home").await?;
    check(&window, "members").await?;
    window.claim(&town.claim().await?).await?;
    check(&window, "devices").await?;
    window.click(&id("open-Desk lamp")).await?;
    window.see(&id("thing-page")).await?;
    check(&window, "a thing").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

#[tokio::test]
async fn the_main_path_needs_no_pointer() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = Window::open(&desk, &place.path().join("profile")).await?;

    window.tab_to("first-run-name").await?;
    type_text(&window, "Alex").await?;
    press(&window, key::ENTER).await?;
    window.see(&id("phrase-words")).await?;
    window.tab_to("phrase-later").await?;
    press(&window, key::ENTER).await?;
    window.tab_to("paste-link").await?;
    type_text(&window, &town.invite().await?).await?;
    press(&window, key::ENTER).await?;
    window.see(&id("link-facts")).await?;
    window.tab_to("link-accept").await?;
    press(&window, key::ENTER).await?;
    window.gone(&id("link-facts")).await?;
    if !window
        .session()
        .find_all(&id("first-run-finish"))
        .await?
        .is_empty()
    {
        window.tab_to("first-run-finish").await?;
        press(&window, key::ENTER).await?;
    }
    window.see(&id("nav-chats")).await?;
    window.session().press(&[key::CONTROL], "k").await?;
    window.see(&id("palette-field")).await?;
    type_text(&window, "Mira").await?;
    press(&window, key::ENTER).await?;
    window.gone(&id("palette-field")).await?;
    window.tab_to("composer").await?;
    type_text(&window, "Without a pointer").await?;
    press(&window, key::ENTER).await?;
    window.read(&id("messages"), "There you are").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

async fn press(window: &Window, key: char) -> anyhow::Result<()> {
    window.session().press(&[], &key.to_string()).await
}

/// Types into whatever has the focus.
async fn type_text(window: &Window, text: &str) -> anyhow::Result<()> {
    window.session().press(&[], text).await
}
