//! Other sizes, other letters, no pointer, and waiting.

use serde_json::json;
use streembit_tests::Town;
use streembit_tests::window::USUAL;

use super::tour::Tour;

/// Where to look: a name, the view, its item, and what is seen there.
type Spot = (&'static str, &'static str, String, &'static str);

pub(crate) async fn pictures(tour: &mut Tour<'_>, town: &Town, home: &str) -> anyhow::Result<()> {
    let lamp = lamp(tour, town).await?;
    let public = spots(&[
        ("chats", "chats", town.friend.peer(), "composer"),
        ("contacts", "contacts", town.friend.peer(), "contact-safety"),
        ("settings", "settings", "identity", "own-key"),
    ]);
    let private = spots(&[
        ("devices", "devices", "all", "board"),
        ("device", "devices", &lamp, "thing-page"),
        ("members", "network", "members", "members"),
        ("peers", "network", "peers", "peers"),
    ]);
    sizes(tour, "public", &public).await?;
    keyboard(tour, town).await?;
    loading(tour, town).await?;
    tour.window.choose_network(home).await?;
    sizes(tour, home, &private).await?;
    tour.window.go_to("devices", "all").await?;
    tour.window.tab_to("open-Desk lamp").await?;
    tour.both("devices-keyboard").await
}

fn spots(all: &[(&'static str, &'static str, &str, &'static str)]) -> Vec<Spot> {
    all.iter()
        .map(|(name, view, item, seen)| (*name, *view, (*item).to_owned(), *seen))
        .collect()
}

/// The spots of a network in windows of every size, twice as large, and in stretched words.
async fn sizes(tour: &mut Tour<'_>, network: &str, all: &[Spot]) -> anyhow::Result<()> {
    let window = tour.window;
    window.choose_network(network).await?;
    for (size, width, height) in [
        ("folded", 800, 700),
        ("narrow", 480, 560),
        ("large", 2560, 1440),
    ] {
        window.resize(width, height).await?;
        each(tour, all, size).await?;
    }
    tour.usual_size().await?;
    window.zoom_to_double().await?;
    each(tour, all, "zoomed").await?;
    window.zoom_back(USUAL.0).await?;
    window.speak("en-XA").await?;
    each(tour, all, "pseudo").await?;
    window.resize(480, 560).await?;
    each(tour, all, "pseudo-narrow").await?;
    tour.usual_size().await?;
    window.speak("en").await
}

async fn each(tour: &mut Tour<'_>, all: &[Spot], how: &str) -> anyhow::Result<()> {
    for (name, view, item, seen) in all {
        tour.show(view, item, seen).await?;
        tour.light(&format!("{name}-{how}")).await?;
    }
    Ok(())
}

/// Where the focus is when there is no pointer.
async fn keyboard(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let friend = town.friend.peer();
    tour.show("chats", friend, "composer").await?;
    for (name, focus) in [
        ("rail", "nav-contacts".to_owned()),
        ("list", format!("chat-{friend}")),
        ("composer", "composer".to_owned()),
    ] {
        tour.window.tab_to(&focus).await?;
        tour.both(&format!("chats-keyboard-{name}")).await?;
    }
    Ok(())
}

/// What stands in while a slow node has not answered.
async fn loading(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let window = tour.window;
    window.go_to("settings", "identity").await?;
    window.speak("en").await?;
    window.hold_questions().await?;
    for (name, view, item) in [
        ("chats", "chats", town.friend.peer()),
        ("peers", "network", "peers"),
    ] {
        window.go_to(view, item).await?;
        window.see(".skeleton").await?;
        tour.both(&format!("{name}-loading")).await?;
    }
    window.let_go().await
}

async fn lamp(tour: &Tour<'_>, town: &Town) -> anyhow::Result<String> {
    let mut line = tour.window.line().await?;
    let list = line.ask("devices_list", json!({})).await??;
    let mut all = list.as_array().into_iter().flatten();
    let lamp = all.find(|one| one["device"] == town.devices.peer() && one["title"] == "Desk lamp");
    let url = lamp.and_then(|lamp| lamp["thing"].as_str());
    Ok(url.unwrap_or_default().to_owned())
}
