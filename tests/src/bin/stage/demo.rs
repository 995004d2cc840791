//! The app with a small network around it on this machine.

mod away;
mod beginning;
mod crowded;
mod everyday;
mod failing;
mod locked;
mod practice;
mod shapes;
mod tour;

use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use streembit_tests::place::PASSPHRASE;
use streembit_tests::{Desk, Events, Line, PATIENCE, Place, Town, Window, eventually, program};
use tokio::process::Command;
use tokio::time::Instant;

use self::tour::Tour;
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
    befriend(&town, &profile).await?;
    furnish(&town, &profile).await?;
    println!("    The app is open. Close it for good, or press Ctrl-C here, and everything ends.");
    app.wait().await?;
    town.stop().await;
    Ok(())
}

/// Meets Mira and writes to her.
async fn befriend(town: &Town, folder: &Path) -> anyhow::Result<()> {
    let mut app = Line::connect(folder).await?;
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
    Ok(())
}

/// Founds a home, claims the devices, and has a stranger turned away; returns the home's id.
async fn furnish(town: &Town, folder: &Path) -> anyhow::Result<String> {
    let mut app = Line::connect(folder).await?;
    let app = &mut app;
    let home = town.found_home(app, "Home").await?;
    app.ask(
        "device_claim",
        json!({ "link": town.claim().await?, "network": home }),
    )
    .await??;
    town.knock(app, &home).await?;
    Ok(home)
}

/// Walks through the app unseen and takes pictures of every view in every state.
pub(crate) async fn pictures(folder: &Path) -> anyhow::Result<()> {
    let began = Instant::now();
    let place = Place::new()?;
    let desk = Desk::new().await?;
    let mut gallery = Gallery::new(folder)?;
    newcomer(&place, &desk, &mut gallery).await?;
    locked::pictures(&place, &desk, &mut gallery).await?;
    practice::pictures(&place, &desk, &mut gallery).await?;
    println!(
        "    {} pictures in {} s, in {}",
        gallery.taken(),
        began.elapsed().as_secs(),
        folder.display()
    );
    Ok(())
}

/// One account from its first step to the day on which everybody is away.
async fn newcomer(place: &Place, desk: &Desk, gallery: &mut Gallery) -> anyhow::Result<()> {
    let town = Town::new(place).await?;
    let profile = place.path().join("profile");
    let window = Window::open(desk, &profile).await?;
    let mut tour = Tour::new(&window, gallery);
    beginning::pictures(&mut tour).await?;
    befriend(&town, &profile).await?;
    everyday::public(&mut tour, &town).await?;
    let used = town.claim().await?;
    let home = furnish(&town, &profile).await?;
    everyday::home(&mut tour, &town, &home).await?;
    everyday::dialogs(&mut tour, &town).await?;
    crowded::pictures(&mut tour, &town, place.path(), &home).await?;
    shapes::pictures(&mut tour, &town, &home).await?;
    failing::pictures(&mut tour, place, &town, &used).await?;
    away::pictures(&mut tour, town, &home).await?;
    window.close().await
}
