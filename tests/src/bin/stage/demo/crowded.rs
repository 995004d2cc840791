//! Very many: hundreds of messages, a hundred and fifty members, names of every length and script.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use streembit_tests::crowd::{Extra, crowd, enlist};
use streembit_tests::meet::conversation;
use streembit_tests::walk::id;
use streembit_tests::{Line, Town, eventually};

use super::tour::Tour;

const MEMBERS: usize = 150;

/// Messages that each side writes; the friend answers each of ours besides.
const MESSAGES: usize = 100;

/// How long so many messages may take on a busy machine.
const ARRIVAL: Duration = Duration::from_secs(120);

/// What people write, over and over.
const TEXTS: [&str; 10] = [
    "Yes.",
    "Did the parcel come? It should be on the shelf by the door, behind the umbrella stand.",
    "See https://example.org/a/rather/long/address/that/has/no/blank/in/it?and=a&query=too#part",
    "مرحبا، هل وصلت إلى البيت؟ أراك غدا في الساعة 9:30.",
    "One\ntwo\n\nfour",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "👍",
    "שלום! נתראה מחר ב-Home בשעה 18:00?",
    "I looked at the thermostat again. It holds 20.5 °C when the window is shut, and 19 when it is not, and I should like to know why it does not notice: the sensor on the sill says 12 at night. Perhaps they do not hear each other through the wall. I shall move one of them tomorrow and tell you what happened.",
    "Good night.",
];

pub(crate) async fn pictures(
    tour: &mut Tour<'_>,
    town: &Town,
    folder: &Path,
    home: &str,
) -> anyhow::Result<()> {
    let (window, friend) = (tour.window, town.friend.peer());
    talk(&mut window.line().await?, town).await?;
    window.choose_network("public").await?;
    window.go_to("chats", friend).await?;
    window.read(&id("messages"), "Good night").await?;
    tour.both("chats-many").await?;
    tour.press(&[streembit_tests::window::key::CONTROL], "g")
        .await?;
    window.see(&format!("{}:popover-open", id("jump"))).await?;
    tour.both("chats-many-calendar").await?;
    tour.escape().await?;

    let extras = crowd(MEMBERS);
    enlist(&mut window.line().await?, home, &extras, folder).await?;
    window.choose_network(home).await?;
    window.go("contacts").await?;
    let [hebrew, arabic, long, ..] = extras.as_slice() else {
        anyhow::bail!("a crowd of {}", extras.len());
    };
    window.see(&id(&format!("contact-{}", long.peer))).await?;
    tour.both("contacts-many").await?;
    tour.show("network", "members", "members").await?;
    // Who founded it, the friend, the hub and the box of devices are members too.
    let everybody = format!("{} members", MEMBERS + 4);
    window.read("main, [data-pane=main]", &everybody).await?;
    tour.both("network-members-many").await?;
    tour.show("network", "log", "timeline").await?;
    tour.light("network-log-many").await?;
    people(
        tour,
        home,
        &[("rtl", arabic), ("rtl-hebrew", hebrew), ("long", long)],
    )
    .await
}

/// Writes back and forth until both have everything.
async fn talk(app: &mut Line, town: &Town) -> anyhow::Result<()> {
    let me = app.ask("account_status", json!({})).await??;
    let me = me.get("peer").and_then(Value::as_str).unwrap_or_default();
    let mut friend = town.friend.line().await?;
    for text in TEXTS.iter().cycle().take(MESSAGES) {
        let public = "public";
        let ours = json!({ "network": public, "peer": town.friend.peer(), "text": text });
        app.ask("message_send", ours).await??;
        let theirs = json!({ "network": public, "peer": me, "text": text });
        friend.ask("message_send", theirs).await??;
    }
    let complete = || async {
        let all = conversation(&town.friend, me).await?;
        Ok((all.len() >= 3 * MESSAGES).then_some(()))
    };
    eventually(ARRIVAL, "every message", complete).await
}

/// Shows people with odd names, and a conversation with each.
async fn people(tour: &mut Tour<'_>, home: &str, extras: &[(&str, &Extra)]) -> anyhow::Result<()> {
    for (name, extra) in extras {
        let mut app = tour.window.line().await?;
        for text in TEXTS.iter().skip(3).take(2) {
            let written = json!({ "network": home, "peer": extra.peer, "text": text });
            app.ask("message_send", written).await??;
        }
        tour.show("contacts", &extra.peer, "contact-safety").await?;
        tour.light(&format!("contacts-{name}")).await?;
        tour.show("chats", &extra.peer, "composer").await?;
        tour.window.see(&id("message")).await?;
        let row = id(&format!("chat-{}", extra.peer));
        tour.window.see(&row).await?;
        tour.both(&format!("chats-{name}")).await?;
    }
    Ok(())
}
