//! The app with a small network around it on this machine.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::place::PASSPHRASE;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Events, Line, PATIENCE, Place, Town, Window, eventually, program};
use tokio::process::Command;

use crate::gallery::Gallery;

/// Opens the app on the screen at hand, as somebody who has been here for a while.
pub(crate) async fn open() -> anyhow::Result<()> {
    let place = Place::new()?;
    let town = Town::new(&place).await?;
    println!("    A seed, Mira, a hub, a box of devices and a stranger are running.");
    let profile = place.path().join("profile");
    let mut app = Command::new(program::built("streembit")?)
        .arg("--data")
        .arg(&profile)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut line = eventually(PATIENCE, "the app", || async {
        Ok(Line::connect(&profile).await.ok())
    })
    .await?;
    // A throw-away profile leaves nothing in the keyring of this machine.
    let account = json!({ "name": "You", "key_store": "file", "passphrase": PASSPHRASE });
    line.ask("account_create", account).await??;
    line.ask(
        "settings_set",
        json!({ "first_run_done": true, "phrase_kept": true }),
    )
    .await??;
    furnish(&town, &profile).await?;
    println!("    The app is open. Close it for good, or press Ctrl-C here, and everything ends.");
    app.wait().await?;
    town.stop().await;
    Ok(())
}

/// Meets Mira, founds a home, claims the devices, and has a stranger turned away.
async fn furnish(town: &Town, folder: &Path) -> anyhow::Result<String> {
    let mut app = Line::connect(folder).await?;
    let app = &mut app;
    let mut events = Events::of(folder).await?;
    app.ask("contact_add", json!({ "link": town.invite().await? }))
        .await??;
    events
        .wait("Mira as a contact", |event| {
            event
                .pointer("/contact/state")
                .is_some_and(|state| state == "accepted")
        })
        .await?;
    app.ask(
        "message_send",
        json!({ "peer": town.friend.peer(), "text": "Hello Mira, are you there?" }),
    )
    .await??;
    let home = town.found_home(app, "Home").await?;
    app.ask(
        "device_claim",
        json!({ "link": town.claim().await?, "network": home }),
    )
    .await??;
    town.knock(app, &home).await?;
    Ok(home)
}

/// Walks through the app unseen and takes pictures of every view.
pub(crate) async fn pictures(folder: &Path) -> anyhow::Result<()> {
    let place = Place::new()?;
    let desk = Desk::new().await?;
    let town = Town::new(&place).await?;
    let mut gallery = Gallery::new(folder)?;
    let profile = place.path().join("profile");
    let window = Window::open(&desk, &profile).await?;

    first_run(&window, &mut gallery).await?;
    empty_views(&window, &mut gallery).await?;
    let home = furnish(&town, &profile).await?;
    talk(&town, &window).await?;
    public_views(&town, &window, &mut gallery).await?;
    home_views(&town, &window, &mut gallery, &home).await?;
    odd_sizes(&window, &mut gallery, &town).await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}

async fn first_run(window: &Window, gallery: &mut Gallery) -> anyhow::Result<()> {
    window.see(&id("first-run-name")).await?;
    gallery.take_both(window, "first-run-name").await?;
    window.say_name("Alex").await?;
    gallery.take_both(window, "first-run-words").await?;
    window.keep_words().await?;
    gallery.take_both(window, "first-run-meet").await?;
    window.finish_first_run().await?;
    Ok(())
}

/// Every view while there is nothing in it.
async fn empty_views(window: &Window, gallery: &mut Gallery) -> anyhow::Result<()> {
    for view in ["chats", "contacts", "devices", "network", "settings"] {
        window.go(view).await?;
        gallery.take_both(window, &format!("{view}-empty")).await?;
    }
    Ok(())
}

/// A few words back and forth, and some that wait.
async fn talk(town: &Town, window: &Window) -> anyhow::Result<()> {
    window.go_to("chats", town.friend.peer()).await?;
    window.read(&id("messages"), "There you are").await?;
    window.write("The lamp is next. One moment.").await?;
    window.read(&id("messages"), "Try the lamp").await?;
    Ok(())
}

async fn public_views(town: &Town, window: &Window, gallery: &mut Gallery) -> anyhow::Result<()> {
    gallery.take_both(window, "chats-conversation").await?;
    window.go_to("contacts", town.friend.peer()).await?;
    gallery.take_both(window, "contacts-one").await?;
    window.go("network").await?;
    gallery.take_both(window, "network-public").await?;
    Ok(())
}

async fn home_views(
    town: &Town,
    window: &Window,
    gallery: &mut Gallery,
    home: &str,
) -> anyhow::Result<()> {
    window.click(&id("network-switcher")).await?;
    window.see(&id("network-menu")).await?;
    gallery.take_both(window, "switcher").await?;
    window.click(&id(&format!("network-{home}"))).await?;
    window.go("network").await?;
    gallery.take_both(window, "network-private").await?;
    window.go("contacts").await?;
    gallery.take_both(window, "contacts-members").await?;
    window.go("devices").await?;
    gallery.take_both(window, "devices").await?;
    for thing in things(window, town).await? {
        window.go_to("devices", &thing).await?;
        let name = thing.rsplit('/').next().context("the thing's name")?;
        gallery.take_both(window, &format!("device-{name}")).await?;
    }
    Ok(())
}

/// The URLs of the things that the app knows.
async fn things(window: &Window, town: &Town) -> anyhow::Result<Vec<String>> {
    let list = window
        .line()
        .await?
        .ask("devices_list", json!({}))
        .await??;
    let ours = |device: &&Value| device["device"] == town.devices.peer();
    let url = |device: &Value| device["thing"].as_str().map(str::to_owned);
    Ok(list
        .as_array()
        .into_iter()
        .flatten()
        .filter(ours)
        .filter_map(url)
        .collect())
}

/// Narrow windows, and the palette.
async fn odd_sizes(window: &Window, gallery: &mut Gallery, town: &Town) -> anyhow::Result<()> {
    use streembit_tests::window::key;

    window.session().press(&[key::CONTROL], "k").await?;
    gallery.take_both(window, "palette").await?;
    window
        .session()
        .press(&[], &key::ESCAPE.to_string())
        .await?;
    for (name, width, height) in [("folded", 800, 640), ("narrow", 480, 640)] {
        window.session().resize(width, height).await?;
        window.go_to("chats", town.friend.peer()).await?;
        gallery.take_both(window, &format!("chats-{name}")).await?;
        window.go("devices").await?;
        gallery
            .take_both(window, &format!("devices-{name}"))
            .await?;
    }
    Ok(())
}
