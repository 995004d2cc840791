//! For everyone: what axe finds, and the main path without a pointer.

use streembit_tests::walk::id;
use streembit_tests::window::key;
use streembit_tests::{Desk, Place, Town, Window};

/// Fails with what axe found, in both themes.
async fn check(window: &Window, view: &str) -> anyhow::Result<()> {
    for theme in ["light", "dark"] {
        window.theme(theme).await?;
        window.settle().await?;
        let mut found = window.axe().await?;
        if !found.is_empty() {
            // What came late may still have been fading in.
            window.settle().await?;
            found = window.axe().await?;
        }
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
async fn axe_finds_nothing_serious_in_any_dialog_or_section() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let window = Window::open(&desk, &place.path().join("profile")).await?;
    window.say_name("Alex").await?;
    window.keep_words().await?;
    window.finish_first_run().await?;
    window.open_link(&town.invite().await?).await?;

    window.go("settings").await?;
    for (name, keys, letter) in KEYED {
        window.session().press(keys, letter).await?;
        dialog(&window, name, &[]).await?;
    }
    window.go_to("contacts", town.friend.peer()).await?;
    for (name, clicks) in OF_A_CONTACT {
        dialog(&window, name, clicks).await?;
    }
    window.create_network("Home").await?;
    window.claim(&town.claim().await?).await?;
    window.click(&id("open-Desk lamp")).await?;
    for (name, clicks) in OF_A_THING {
        dialog(&window, name, clicks).await?;
    }
    for section in [
        "overview", "members", "invites", "peers", "refused", "log", "list",
    ] {
        window.go_to("network", section).await?;
        check(&window, &format!("network, {section}")).await?;
    }
    for (name, clicks) in OF_A_NETWORK {
        dialog(&window, name, clicks).await?;
    }
    for section in SETTINGS {
        window.go_to("settings", section).await?;
        check(&window, &format!("settings, {section}")).await?;
    }
    for (name, clicks) in OF_SETTINGS {
        dialog(&window, name, clicks).await?;
    }
    window.close().await?;
    town.stop().await;
    Ok(())
}

/// A dialog by name, and what is clicked, one after the other, to open it.
type Dialog = (&'static str, &'static [&'static str]);

const KEYED: [(&str, &[char], &str); 4] = [
    ("palette", &[key::CONTROL], "k"),
    ("write", &[key::CONTROL], "n"),
    ("search", &[key::CONTROL, key::SHIFT], "f"),
    ("shortcuts", &[], "?"),
];

const OF_A_CONTACT: [Dialog; 6] = [
    ("invite", &["contact-invite"]),
    ("paste", &["contact-paste"]),
    ("find", &["contact-find"]),
    ("safety number", &["contact-safety"]),
    ("rename", &["contact-menu", "contact-rename"]),
    ("remove a contact", &["contact-menu", "contact-remove"]),
];

const OF_A_THING: [Dialog; 3] = [
    ("name and room", &["thing-menu", "thing-edit"]),
    ("remove a thing", &["thing-menu", "thing-remove"]),
    ("claim", &["device-claim"]),
];

const OF_A_NETWORK: [Dialog; 5] = [
    ("create a network", &["network-switcher", "network-create"]),
    ("add a member", &["network-members", "member-new"]),
    ("an invite", &["member-new", "member-add"]),
    (
        "how old members may get",
        &["network-overview", "policy-change"],
    ),
    ("leave", &["network-leave"]),
];

const OF_SETTINGS: [Dialog; 3] = [
    ("words", &["settings-identity", "phrase-show"]),
    ("backup", &["settings-identity", "backup"]),
    ("delete the account", &["settings-danger", "account-delete"]),
];

const SETTINGS: [&str; 8] = [
    "identity",
    "appearance",
    "notifications",
    "privacy",
    "seeds",
    "storage",
    "about",
    "danger",
];

/// Opens a dialog, checks it, and closes it again.
async fn dialog(window: &Window, name: &str, clicks: &[&str]) -> anyhow::Result<()> {
    for testid in clicks {
        window.click(&id(testid)).await?;
    }
    window.see("dialog[open]").await?;
    check(window, name).await?;
    press(window, key::ESCAPE).await?;
    window.gone("dialog[open]").await
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
