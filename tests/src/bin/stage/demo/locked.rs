//! Profiles whose keys cannot be read yet: sealed with a passphrase, or without a keyring.

use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

use super::tour::Tour;
use crate::gallery::Gallery;

/// Expects a profile in `profile` whose keys are in the keyring of `desk`.
pub(crate) async fn pictures(
    place: &Place,
    desk: &Desk,
    gallery: &mut Gallery,
) -> anyhow::Result<()> {
    sealed(place, desk, gallery).await?;
    let bare = Desk::without_keyring().await?;
    let window = Window::open(&bare, &place.path().join("profile")).await?;
    window.see(&id("unlock-retry")).await?;
    Tour::new(&window, gallery)
        .both("locked-no-keyring")
        .await?;
    window.close().await?;
    newcomer(place, &bare, gallery).await
}

/// A profile sealed with a passphrase.
async fn sealed(place: &Place, desk: &Desk, gallery: &mut Gallery) -> anyhow::Result<()> {
    let draft = place.node("Sealed");
    draft.init().await?;
    let window = Window::open(desk, &draft.folder()).await?;
    let mut tour = Tour::new(&window, gallery);
    window.see(&id("unlock-passphrase")).await?;
    tour.both("locked").await?;
    window
        .fill(&id("unlock-passphrase"), "a noisy house")
        .await?;
    tour.click(&["unlock-act"]).await?;
    window
        .see(&format!("{} [role=alert]", id("unlock")))
        .await?;
    tour.both("locked-wrong").await?;
    window.resize(480, 560).await?;
    tour.light("locked-narrow").await?;
    window.close().await
}

/// Somebody new on a system without a keyring.
async fn newcomer(place: &Place, desk: &Desk, gallery: &mut Gallery) -> anyhow::Result<()> {
    let window = Window::open(desk, &place.path().join("bare")).await?;
    let mut tour = Tour::new(&window, gallery);
    window.fill(&id("first-run-name"), "Alex").await?;
    tour.click(&["first-run-next"]).await?;
    window.see(&id("keyring-trouble")).await?;
    tour.both("first-run-no-keyring").await?;
    tour.click(&["keyring-file"]).await?;
    window.see(&id("passphrase")).await?;
    tour.light("first-run-passphrase").await?;
    window.resize(480, 560).await?;
    tour.light("first-run-narrow").await?;
    window.close().await
}
