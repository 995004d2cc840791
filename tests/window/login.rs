//! Starting at login: off until it is chosen, and as the disk has it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

const TOGGLE: &str = "setting-login-start";

#[tokio::test]
async fn the_app_starts_at_login_only_when_that_was_chosen_and_the_disk_says_so()
-> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let folder = place.path().join("profile");
    let window = Window::open(&desk, &folder).await?;
    window.say_name("Alex").await?;
    window.keep_words().await?;
    window.finish_first_run().await?;
    window.go_to("settings", "notifications").await?;
    is_on(&window, false).await?;
    assert_eq!(entries(&desk)?, Vec::<PathBuf>::new());

    window.click(&id(TOGGLE)).await?;
    is_on(&window, true).await?;
    let entry = entries(&desk)?.pop().context("an entry")?;
    let command = command(&entry)?;
    assert_eq!(command.get(1).map(String::as_str), Some("--data"));
    assert_eq!(command.get(2).map(Path::new), Some(folder.as_path()));
    window.close().await?;

    // Where there is no tray the window comes all the same, or nothing would lead to it.
    let hidden = command.get(3).context("how it starts")?;
    let window = Window::open_as(&desk, &folder, &[hidden]).await?;
    window.see(&id("nav-chats")).await?;
    std::fs::remove_file(&entry)?;
    window.go_to("settings", "notifications").await?;
    is_on(&window, false).await?;
    window.close().await
}

async fn is_on(window: &Window, wanted: bool) -> anyhow::Result<()> {
    let toggle = format!("{}[aria-checked=\"{wanted}\"]", id(TOGGLE));
    window.see(&toggle).await.map(drop)
}

/// What the desktop would start at login.
fn entries(desk: &Desk) -> anyhow::Result<Vec<PathBuf>> {
    let folder = desk.home().join("config/autostart");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    paths.collect()
}

/// The words of an entry's command; none of these needs a second look at its quotes.
fn command(entry: &Path) -> anyhow::Result<Vec<String>> {
    let text = std::fs::read_to_string(entry)?;
    let line = text.lines().find_map(|line| line.strip_prefix("Exec="));
    let words = line.context("a command")?.split("\" \"");
    Ok(words
        .map(|word| word.trim_matches('"').to_owned())
        .collect())
}
