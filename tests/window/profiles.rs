//! Two profiles of one person on one machine: apart, down to their keys.

use serde_json::json;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Window};

#[tokio::test]
async fn two_profiles_side_by_side_never_touch_each_others_keys() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let (home, work) = (place.path().join("home"), place.path().join("work"));

    let first = Window::open(&desk, &home).await?;
    first.say_name("Alex at home").await?;
    let of_one = desk.secrets().await?;
    let second = Window::open(&desk, &work).await?;
    second.say_name("Alex at work").await?;
    let of_both = desk.secrets().await?;
    let mine = first
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    let other = second
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;

    assert!(!of_one.is_empty(), "the keys are in the keyring");
    assert_eq!(
        of_both.len(),
        2 * of_one.len(),
        "each profile has entries of its own"
    );
    assert!(of_one.iter().all(|entry| of_both.contains(entry)));
    assert_ne!(mine["peer"], other["peer"]);

    second
        .line()
        .await?
        .ask("account_delete", json!({ "confirm": "Alex at work" }))
        .await??;
    assert_eq!(
        desk.secrets().await?,
        of_one,
        "deleting one leaves the other's keys"
    );
    first.close().await?;
    let first = Window::open(&desk, &home).await?;
    first.see(&id("first-run")).await?;
    let again = first
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    assert_eq!(
        again["peer"], mine["peer"],
        "the first profile is as it was"
    );
    Ok(())
}

#[tokio::test]
async fn without_a_keyring_the_window_says_so_and_offers_a_sealed_file() -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::without_keyring().await?);
    let profile = place.path().join("profile");

    let window = Window::open(&desk, &profile).await?;
    window.fill(&id("first-run-name"), "Alex").await?;
    window.click(&id("first-run-next")).await?;
    window.see(&id("keyring-trouble")).await?;
    assert!(
        !profile.join("secrets.age").exists(),
        "nothing is chosen for the person"
    );
    window.click(&id("keyring-file")).await?;
    window
        .fill(&id("passphrase"), "a quiet house at the end")
        .await?;
    window
        .fill(&id("passphrase-repeat"), "a quiet house at the end")
        .await?;
    window.click(&id("first-run-next")).await?;
    window.see(&id("phrase-words")).await?;
    window.close().await?;

    let window = Window::open(&desk, &profile).await?;
    window
        .fill(&id("unlock-passphrase"), "a noisy house")
        .await?;
    window.click(&id("unlock-act")).await?;
    window
        .see(&format!("{} [role=alert]", id("unlock")))
        .await?;
    window
        .fill(&id("unlock-passphrase"), "a quiet house at the end")
        .await?;
    window.click(&id("unlock-act")).await?;
    window.gone(&id("unlock")).await?;
    window.close().await
}
