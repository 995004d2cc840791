//! The desk that windows open on: whole, and apart from every other.

use std::path::Path;

use anyhow::Context;
use streembit_tests::Desk;
use streembit_tests::webdriver::Session;
use tokio::process::Command;

#[tokio::test]
async fn two_desks_share_neither_screen_nor_keyring() -> anyhow::Result<()> {
    let one = Desk::new().await?;
    let other = Desk::new().await?;

    keep_secret(&one).await?;

    assert_eq!(
        one.secrets().await?.len(),
        1,
        "the secret is kept where it was put"
    );
    assert_eq!(other.secrets().await?.len(), 0, "and nowhere else");
    assert_ne!(
        one.environment().get("DISPLAY"),
        other.environment().get("DISPLAY")
    );
    Ok(())
}

/// Stores a secret with the keyring's own tool.
async fn keep_secret(desk: &Desk) -> anyhow::Result<()> {
    let line = "printf quiet | secret-tool store --label=house room hall";
    let status = Command::new("sh")
        .args(["-c", line])
        .env_clear()
        .envs(desk.environment())
        .status()
        .await?;
    anyhow::ensure!(status.success(), "secret-tool ended with {status}");
    Ok(())
}

/// A plain web view, which comes with WebKitGTK.
const BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

#[tokio::test]
async fn a_window_on_a_desk_can_be_driven_and_pictured() -> anyhow::Result<()> {
    let desk = Desk::new().await?;
    let log = tempfile::tempfile()?;
    let page = "data:text/html,<title>Hall</title><button onclick=\"this.textContent = 'Lit'\">Switch</button>";
    let arguments = ["--automation".to_owned()];

    let session = Session::start(Path::new(BROWSER), &arguments, desk.environment(), log).await?;
    session.open(page).await?;
    let button = session
        .find_all("button")
        .await?
        .pop()
        .context("the button")?;
    session.click(&button).await?;
    let picture = desk.home().join("picture.png");
    session.picture(&picture).await?;

    assert_eq!(session.text(&button).await?, "Lit");
    assert!(std::fs::read(&picture)?.starts_with(b"\x89PNG"));
    session.end().await
}
