//! Practising before one knows anybody: somebody who answers and a lamp, and no trace afterwards.

use serde_json::json;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

#[tokio::test]
async fn a_newcomer_practises_with_robin_and_a_lamp_and_removes_both() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let profile = place.path().join("profile");

    let window = Window::open(&desk, &profile).await?;
    window.say_name("Alex").await?;
    window.click(&id("phrase-later")).await?;
    window.click(&id("practice-start")).await?;
    window.see(&id("nav-chats")).await?;
    let robin = robin(&window).await?;
    window.go_to("chats", &robin).await?;
    window.read(&id("messages"), "I am Robin").await?;
    window.write("What do the ticks mean?").await?;
    window.read(&id("messages"), "signed for it").await?;
    window.go("devices").await?;
    window.switch("Practice lamp", "on", true).await?;
    window.close().await?;

    let window = Window::open(&desk, &profile).await?;
    window.see(&id("nav-chats")).await?;
    window.go("devices").await?;
    // A lamp that had no power meanwhile is off, whatever was seen of it last.
    window.switch("Practice lamp", "on", true).await?;
    window.go_to("network", "overview").await?;
    window.click(&id("practice-remove")).await?;
    window.click(&id("confirm-act")).await?;
    window.gone(&id("practice-remove")).await?;
    window.go("devices").await?;
    window.see(&id("practice-lamp")).await?;
    assert!(!profile.join("practice").exists(), "nothing is left");
    window.close().await
}

/// Robin's key, as the node of the window lists it.
async fn robin(window: &Window) -> anyhow::Result<String> {
    let contacts = window
        .line()
        .await?
        .ask("contacts_list", json!({}))
        .await??;
    let mut found = contacts.as_array().into_iter().flatten();
    let robin = found.find(|contact| contact["name"] == "Robin");
    let key = robin.and_then(|contact| contact["peer"].as_str());
    Ok(key.unwrap_or_default().to_owned())
}
