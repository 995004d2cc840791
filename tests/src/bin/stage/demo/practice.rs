//! The practice network, for somebody who knows nobody yet.

use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

use super::tour::Tour;
use crate::gallery::Gallery;

/// Robin, a lamp, and how both go away again.
pub(crate) async fn pictures(
    place: &Place,
    desk: &Desk,
    gallery: &mut Gallery,
) -> anyhow::Result<()> {
    let window = Window::open(desk, &place.path().join("practice")).await?;
    let mut tour = Tour::new(&window, gallery);
    window.say_name("Alex").await?;
    tour.click(&["phrase-later", "practice-start"]).await?;
    window.see(&id("nav-chats")).await?;
    tour.click(&["nav-chats"]).await?;
    window
        .click(&format!("{} [data-row]", id("chat-list")))
        .await?;
    window.read(&id("messages"), "I am Robin").await?;
    tour.both("practice-chats").await?;
    window.go("devices").await?;
    window.switch("Practice lamp", "on", true).await?;
    tour.both("practice-devices").await?;
    tour.show("network", "overview", "practice-remove").await?;
    tour.both("practice-network").await?;
    tour.click(&["practice-remove"]).await?;
    window.see(&id("confirm-act")).await?;
    tour.both("practice-remove").await?;
    tour.click(&["confirm-act"]).await?;
    window.gone(&id("practice-remove")).await?;
    window.close().await
}
