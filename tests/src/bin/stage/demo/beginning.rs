//! The first run, and every view while there is nothing in it.

use streembit_tests::walk::id;

use super::tour::Tour;

/// Parts of the settings.
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

pub(crate) async fn pictures(tour: &mut Tour<'_>) -> anyhow::Result<()> {
    first_run(tour).await?;
    for view in ["chats", "contacts", "devices", "network"] {
        tour.window.go(view).await?;
        tour.both(&format!("{view}-empty")).await?;
    }
    for section in SETTINGS {
        tour.window.go_to("settings", section).await?;
        tour.light(&format!("settings-{section}")).await?;
    }
    tour.window.go_to("settings", "identity").await?;
    tour.dark("settings-identity").await
}

async fn first_run(tour: &mut Tour<'_>) -> anyhow::Result<()> {
    let window = tour.window;
    window.see(&id("first-run-name")).await?;
    tour.both("first-run-name").await?;
    window.say_name("Alex").await?;
    tour.both("first-run-words").await?;
    let words = window.words().await?;
    tour.click(&["phrase-kept"]).await?;
    for position in 0..3 {
        window
            .fill(&id(&format!("phrase-check-{position}")), "wrong")
            .await?;
    }
    tour.click(&["phrase-check"]).await?;
    tour.both("first-run-words-wrong").await?;
    window.give_back(&words).await?;
    window.see(&id("first-run-finish")).await?;
    tour.both("first-run-meet").await?;
    window
        .fill(&id("paste-link"), "streembit:invite/not-a-whole-link")
        .await?;
    tour.click(&["paste-look"]).await?;
    window.see(&format!("{} [role=alert]", id("paste"))).await?;
    tour.both("first-run-paste-wrong").await?;
    tour.escape().await?;
    window.finish_first_run().await.map(drop)
}
