//! A private network of two people: invited, promoted, removed and refused; and recovered.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

/// Opens a window for somebody new, who has written nothing down and met nobody.
pub(crate) async fn newcomer(desk: &Desk, folder: &Path, name: &str) -> anyhow::Result<Window> {
    let window = Window::open(desk, folder).await?;
    window.say_name(name).await?;
    window.click(&id("phrase-later")).await?;
    window.finish_first_run().await?;
    Ok(window)
}

/// The key of whoever sits at a window.
pub(crate) async fn peer(window: &Window) -> anyhow::Result<String> {
    let status = window
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    let peer = status.get("peer").and_then(Value::as_str);
    Ok(peer.context("a key")?.to_owned())
}

/// Accepts a one-time invite and waits until its network lists `host`.
pub(crate) async fn join(window: &Window, link: &str, host: &str) -> anyhow::Result<()> {
    window.open_link(link).await?;
    window.gone(&id("waiting")).await?;
    window.go_to("network", "members").await?;
    window.see(&id(&format!("member-{host}"))).await?;
    Ok(())
}

#[tokio::test]
async fn an_invited_member_becomes_an_admin_is_removed_and_refused() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let alex = newcomer(&desk, &place.path().join("alex"), "Alex").await?;
    let noor = newcomer(&desk, &place.path().join("noor"), "Noor").await?;
    let (host, guest) = (peer(&alex).await?, peer(&noor).await?);

    alex.create_network("Home").await?;
    let link = alex.invite_member("Noor").await?;
    join(&noor, &link, &host).await?;
    let row = id(&format!("member-{guest}"));
    alex.see(&row).await?;
    alex.go_to("network", "invites").await?;
    alex.read(&id("invites"), "let in Noor").await?;

    alex.go_to("network", "members").await?;
    alex.act_on_member(&guest, "member-promote").await?;
    alex.read(&id("role-consequences"), "removing anybody")
        .await?;
    alex.click(&id("role-save")).await?;
    alex.read(&row, "Admin").await?;
    noor.see(&id("member-new")).await?;

    alex.act_on_member(&guest, "member-remove").await?;
    alex.read(&id("confirm"), "To take it back").await?;
    alex.click(&id("confirm-act")).await?;
    alex.read(&id("member-removed"), "Removed Noor").await?;
    alex.gone(&row).await?;
    alex.go_to("network", "log").await?;
    alex.read(&id("timeline"), "Alex removed Noor").await?;

    noor.close().await?;
    let noor = Window::open(&desk, &place.path().join("noor")).await?;
    alex.go_to("network", "refused").await?;
    alex.read(&id("refused"), "Noor").await?;
    alex.read(&id("refused"), "Was removed").await?;
    noor.close().await?;
    alex.close().await
}

#[tokio::test]
async fn the_recovery_words_bring_an_admin_back() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let alex = newcomer(&desk, &place.path().join("alex"), "Alex").await?;
    let noor = newcomer(&desk, &place.path().join("noor"), "Noor").await?;
    let words = alex.create_network("Home").await?;
    let link = alex.invite_member("Noor").await?;
    join(&noor, &link, &peer(&alex).await?).await?;
    alex.close().await?;

    noor.go_to("network", "overview").await?;
    noor.click(&id("network-recover")).await?;
    noor.fill(&id("recover-words"), &words.join(" ")).await?;
    noor.click(&id("recover-act")).await?;
    noor.see(&id("member-new")).await?;
    noor.go_to("network", "log").await?;
    noor.read(
        &id("timeline"),
        "Noor became an admin by the recovery words",
    )
    .await?;
    noor.close().await
}
