//! A few people and a few devices, as on most days.

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::Town;
use streembit_tests::walk::id;
use streembit_tests::window::key;

use super::tour::Tour;

/// One contact, one conversation, and somebody who asks.
pub(crate) async fn public(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let (window, friend) = (tour.window, town.friend.peer());
    window.go_to("chats", friend).await?;
    window.read(&id("messages"), "There you are").await?;
    window.write("The lamp is next. One moment.").await?;
    window.read(&id("messages"), "Try the lamp").await?;
    tour.both("chats-one").await?;
    tour.show("contacts", friend, "contact-safety").await?;
    tour.both("contacts-one").await?;
    let mut line = window.line().await?;
    let me = line.ask("account_status", json!({})).await??;
    // Who has no invite has to ask.
    let asked = json!({ "peer": me.get("peer") });
    town.stranger.call("contact_add", asked).await?;
    let asking = town.stranger.peer();
    window.see(&id(&format!("allow-{asking}"))).await?;
    tour.show("contacts", asking, "contact-accept").await?;
    tour.both("contacts-waiting").await?;
    tour.show("network", "overview", "reachability").await?;
    tour.both("network-public").await
}

/// A private network with a hub, a friend and a box of devices.
pub(crate) async fn home(tour: &mut Tour<'_>, town: &Town, home: &str) -> anyhow::Result<()> {
    let window = tour.window;
    tour.click(&["network-switcher"]).await?;
    window.see(&id("network-menu")).await?;
    tour.both("switcher").await?;
    tour.click(&[&format!("network-{home}")]).await?;
    for (section, seen) in [
        ("overview", "reachability"),
        ("members", "members"),
        ("invites", "invite-new"),
        ("peers", "peers"),
        ("refused", "refused"),
        ("log", "timeline"),
        ("list", "list-export"),
    ] {
        tour.show("network", section, seen).await?;
        tour.both(&format!("network-home-{section}")).await?;
    }
    window.go("contacts").await?;
    tour.both("contacts-members").await?;
    devices(tour, town).await
}

async fn devices(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let window = tour.window;
    window.go("devices").await?;
    window.switch("Desk lamp", "on", true).await?;
    tour.both("devices-few").await?;
    let things = things(tour, town).await?;
    for thing in &things {
        tour.show("devices", thing, "thing-page").await?;
        let name = thing.rsplit('/').next().context("the thing's name")?;
        tour.both(&format!("device-{name}")).await?;
    }
    let settings = json!({ "favourites": things.iter().take(2).collect::<Vec<_>>() });
    window.line().await?.ask("settings_set", settings).await??;
    window.speak("en").await?;
    tour.show("devices", "all", "favourites").await?;
    tour.both("devices-favourites").await
}

/// The URLs of the things that the app knows.
async fn things(tour: &Tour<'_>, town: &Town) -> anyhow::Result<Vec<String>> {
    let mut line = tour.window.line().await?;
    let list = line.ask("devices_list", json!({})).await??;
    let ours = |device: &&Value| device["device"] == town.devices.peer();
    let url = |device: &Value| device["thing"].as_str().map(str::to_owned);
    let all = list.as_array().into_iter().flatten();
    Ok(all.filter(ours).filter_map(url).collect())
}

/// What opens above a view.
pub(crate) async fn dialogs(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let (window, friend) = (tour.window, town.friend.peer());
    for (name, keys, letter) in [
        ("palette", &[key::CONTROL][..], "k"),
        ("write", &[key::CONTROL], "n"),
        ("shortcuts", &[], "?"),
    ] {
        tour.press(keys, letter).await?;
        window.see("dialog[open]").await?;
        tour.both(&format!("dialog-{name}")).await?;
        tour.escape().await?;
    }
    tour.press(&[key::CONTROL, key::SHIFT], "f").await?;
    window.fill(&id("search-field"), "lamp").await?;
    window.see(&format!("{} [data-row]", id("search"))).await?;
    tour.light("dialog-search").await?;
    tour.escape().await?;
    tour.show("network", "members", "members").await?;
    tour.click(&[&format!("member-menu-{friend}")]).await?;
    window
        .click(&format!(":popover-open {}", id("member-remove")))
        .await?;
    window.see("dialog[open]").await?;
    tour.both("dialog-member-remove").await?;
    tour.escape().await?;
    tour.click(&["member-new"]).await?;
    tour.light("dialog-member-add").await?;
    tour.click(&["member-add"]).await?;
    window.see(&id("network-invite-link")).await?;
    tour.both("dialog-member-invited").await?;
    tour.escape().await?;
    tour.show("network", "overview", "policy-change").await?;
    tour.click(&["policy-change"]).await?;
    tour.light("dialog-policy").await?;
    tour.escape().await?;
    window.choose_network("public").await?;
    tour.show("contacts", friend, "contact-safety").await?;
    for name in ["contact-safety", "contact-invite"] {
        tour.click(&[name]).await?;
        window.see("dialog[open]").await?;
        tour.both(&format!("dialog-{name}")).await?;
        tour.escape().await?;
    }
    Ok(())
}
