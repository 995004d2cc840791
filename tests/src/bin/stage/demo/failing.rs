//! What goes wrong: links that are none, claims that fail, devices that do not answer.

use serde_json::{Value, json};
use streembit_tests::town::THINGS;
use streembit_tests::walk::id;
use streembit_tests::{Place, Town};

use super::tour::Tour;

/// `used` is a code by which a device was claimed already.
pub(crate) async fn pictures(
    tour: &mut Tour<'_>,
    place: &Place,
    town: &Town,
    used: &str,
) -> anyhow::Result<()> {
    let window = tour.window;
    claims(tour, place, used).await?;
    device(tour, town).await?;
    given_up(tour).await?;
    window.choose_network("public").await?;
    window.go("contacts").await?;
    for (name, link, seen) in [
        (
            "wrong",
            "streembit:invite/not-a-whole-link".to_owned(),
            "[role=alert]",
        ),
        ("known", town.invite().await?, "[data-testid=link-facts]"),
    ] {
        tour.click(&["contact-paste"]).await?;
        window.fill(&id("paste-link-field"), &link).await?;
        tour.click(&["link-look"]).await?;
        window.see(&format!("{} {seen}", id("paste"))).await?;
        tour.both(&format!("paste-{name}")).await?;
        tour.escape().await?;
    }
    Ok(())
}

/// Codes that are none, that are used up, and of a device that is not there.
async fn claims(tour: &mut Tour<'_>, place: &Place, used: &str) -> anyhow::Result<()> {
    let away = place.node("Cellar").kind("device").config(THINGS)?;
    let away = away.start().await?;
    let code = away.call("device_claim_link", json!({})).await?;
    let unreachable = code.get("link").and_then(Value::as_str).unwrap_or_default();
    away.stop().await?;
    let window = tour.window;
    window.go("devices").await?;
    for (name, code) in [
        ("wrong", "streembit:claim/not-a-whole-code"),
        ("used", used),
        ("unreachable", unreachable),
    ] {
        tour.click(&["device-claim"]).await?;
        window.fill(&id("claim-link"), code).await?;
        tour.click(&["claim-start"]).await?;
        window.see(&id("claim-failure")).await?;
        tour.both(&format!("claim-{name}")).await?;
        tour.escape().await?;
    }
    Ok(())
}

/// A lamp whose host hangs: asked for, and not confirmed; then confirmed after all.
async fn device(tour: &mut Tour<'_>, town: &Town) -> anyhow::Result<()> {
    let window = tour.window;
    tour.show("devices", "all", "board").await?;
    let switch = format!("{} {}", id("card-Desk lamp"), id("prop-on"));
    window.see(&format!("{switch}:not(:disabled)")).await?;
    town.devices.freeze().await?;
    window.click(&switch).await?;
    window.see(&id("pending-on")).await?;
    tour.both("devices-pending").await?;
    window.see(&id("refused-on")).await?;
    tour.both("devices-refused").await?;
    town.devices.thaw().await
}

/// A message to somebody who never came, and who is then removed.
async fn given_up(tour: &mut Tour<'_>) -> anyhow::Result<()> {
    let window = tour.window;
    window.go("chats").await?;
    window
        .click(&format!("{} [data-row]", id("chat-list")))
        .await?;
    window.see(&id("composer")).await?;
    tour.light("chats-queued").await?;
    let script = "return decodeURIComponent(location.hash.split('/')[2])";
    let peer = window.session().script(script, json!([])).await?;
    let network = "return document.querySelector('[data-testid=window]').dataset.network";
    let network = window.session().script(network, json!([])).await?;
    let member = json!({ "network": network, "peer": peer });
    window.line().await?.ask("member_remove", member).await??;
    window.see("[data-state=failed]").await?;
    tour.both("chats-failed").await
}
