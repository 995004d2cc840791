//! The first run and a first message, in a window that nobody sees.

use std::path::Path;

use serde_json::json;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

use crate::gallery::Gallery;

/// Goes through the first run, meets a node that it starts for the purpose, and writes to it.
pub(crate) async fn run(pictures: &Path) -> anyhow::Result<()> {
    let place = Place::new()?;
    let desk = Desk::new().await?;
    let mut gallery = Gallery::new(pictures)?;
    let friend = place.node("Mira").start().await?;
    let window = Window::open(&desk, &place.path().join("profile")).await?;

    window.see(&id("first-run-name")).await?;
    gallery.take(&window, "your-name").await?;
    window.say_name("Alex").await?;
    gallery.take(&window, "your-words").await?;
    window.keep_words().await?;
    gallery.take(&window, "meet-someone").await?;
    let invite = window.finish_first_run().await?;

    println!(
        "    Mira, a node of its own, asks to be a contact by the invite that the window showed."
    );
    friend
        .call("contact_add", json!({ "link": invite }))
        .await?;
    window.go("contacts").await?;
    let row = id(&format!("contact-{}", friend.peer()));
    window.see(&row).await?;
    gallery.take(&window, "contacts").await?;
    window.go_to("chats", friend.peer()).await?;
    window
        .write("Hello Mira, this is my first message.")
        .await?;
    arrived(&friend).await?;
    gallery.take(&window, "first-message").await?;
    println!(
        "    Mira has it. That was the whole path: your name, your words, a friend, a message."
    );
    window.close().await?;
    friend.stop().await?;
    Ok(())
}

/// Waits until the friend has the message.
async fn arrived(friend: &streembit_tests::NodeProcess) -> anyhow::Result<()> {
    streembit_tests::eventually(
        streembit_tests::PATIENCE,
        "the message at Mira's",
        || async {
            let talks = friend.call("conversations_list", json!({})).await?;
            Ok(talks
                .as_array()
                .is_some_and(|talks| !talks.is_empty())
                .then_some(()))
        },
    )
    .await
}
