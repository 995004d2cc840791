//! The main path: who one is, someone to talk with, a home, a lamp; and all of it again after a restart.

use serde_json::json;
use streembit_tests::walk::id;
use streembit_tests::{Desk, Place, Town, Window};

#[tokio::test]
async fn a_newcomer_meets_a_friend_founds_a_home_switches_a_lamp_and_finds_it_all_again()
-> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::new().await?);
    let town = Town::new(&place).await?;
    let profile = place.path().join("profile");
    let friend = town.friend.peer();

    let window = Window::open(&desk, &profile).await?;
    window.say_name("Alex").await?;
    window.keep_words().await?;
    window.finish_first_run().await?;
    window.open_link(&town.invite().await?).await?;
    window.go_to("chats", friend).await?;
    window.write("Hello Mira").await?;
    window.read(&id("messages"), "There you are").await?;
    window.create_network("Home").await?;
    let link = window.add_member(friend, "Mira").await?;
    town.friend
        .call("network_join", json!({ "link": link }))
        .await?;
    window.claim(&town.claim().await?).await?;
    window.switch("Desk lamp", "on", true).await?;
    window.close().await?;

    let window = Window::open(&desk, &profile).await?;
    window.see(&id("nav-chats")).await?;
    window.go("devices").await?;
    window
        .see(&format!(
            "{} {}[aria-checked=\"true\"]",
            id("card-Desk lamp"),
            id("prop-on")
        ))
        .await?;
    window.go_to("network", "members").await?;
    window.see(&id(&format!("member-{friend}"))).await?;
    window.choose_network("public").await?;
    window.go_to("chats", friend).await?;
    window.read(&id("messages"), "Hello Mira").await?;
    window.read(&id("messages"), "There you are").await?;
    window.close().await?;
    town.stop().await;
    Ok(())
}
