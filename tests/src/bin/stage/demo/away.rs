//! Everybody is away: what waits, how old it is, and who does not answer.

use streembit_tests::Town;
use streembit_tests::walk::id;

use super::tour::Tour;

/// Stops the whole town and looks at what is left of it.
pub(crate) async fn pictures(tour: &mut Tour<'_>, town: Town, home: &str) -> anyhow::Result<()> {
    let window = tour.window;
    let friend = town.friend.peer().to_owned();
    town.stop().await;
    let alone = format!("{}[data-state=alone]", id("reachability"));
    window.go_to("network", "overview").await?;
    window.see(&alone).await?;
    tour.both("network-public-offline").await?;
    window.go_to("network", "peers").await?;
    tour.light("network-peers-offline").await?;
    tour.show("chats", &friend, "composer").await?;
    window
        .write("You are away. This waits until you are back.")
        .await?;
    window.see("[data-state=queued]").await?;
    tour.both("chats-offline").await?;
    tour.show("contacts", &friend, "contact-safety").await?;
    tour.both("contacts-offline").await?;
    window.choose_network(home).await?;
    tour.show("devices", "all", "board").await?;
    window
        .see(&format!("{}.offline", id("card-Desk lamp")))
        .await?;
    tour.both("devices-offline").await?;
    tour.click(&["open-Living room"]).await?;
    window.see(&id("thing-page")).await?;
    tour.both("device-offline").await?;
    window.go_to("network", "overview").await?;
    window.see(&alone).await?;
    tour.both("network-home-offline").await
}
