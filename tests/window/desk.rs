//! The desk that windows open on: whole, and apart from every other.

use streembit_tests::Desk;
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
