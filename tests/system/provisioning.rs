//! Headless nodes that come to their networks by a file: as members from the start, or as founders.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use std::os::unix::fs::PermissionsExt as _;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually};

async fn listens(at: &NodeProcess, network: &str) -> anyhow::Result<()> {
    eventually(PATIENCE, "an address in the network", || async {
        Ok((!at.addresses_in(network).await?.is_empty()).then_some(()))
    })
    .await
}

/// Lets `who` knock with the link that `at` gives out: genesis and addresses, no secret.
async fn knock(who: &NodeProcess, at: &NodeProcess, network: &str) -> anyhow::Result<Value> {
    listens(at, network).await?;
    let link = at
        .call("network_link", json!({ "network": network }))
        .await?;
    who.call("network_join", json!({ "link": link["link"] }))
        .await
}

async fn names(at: &NodeProcess, network: &str) -> anyhow::Result<Vec<String>> {
    let members = at
        .call("members_list", json!({ "network": network }))
        .await?;
    let members = members.as_array().cloned().unwrap_or_default();
    let name = |it: &Value| it["name"].as_str().unwrap_or_default().to_owned();
    Ok(members.iter().map(name).collect())
}

#[tokio::test]
async fn a_device_from_a_file_lets_members_in_whom_it_never_met() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, eve, porch) = tokio::try_join!(
        place.node("Alice").start(),
        place.node("Bob").start(),
        place.node("Eve").start(),
        place.node("Porch").kind("hub").start(),
    )?;
    let made = alice
        .call("network_create", json!({ "name": "Home" }))
        .await?;
    let network = made["network"].as_str().context("a network")?;
    for (who, role) in [(&bob, "member"), (&porch, "device")] {
        let peer =
            json!({ "network": network, "peer": who.peer(), "name": who.name(), "role": role });
        alice.call("member_add", peer).await?;
    }
    knock(&bob, &alice, network).await?;
    let file = place.path().join("home.bundle");
    let wish = json!({ "network": network, "path": file });
    let written = alice.call("network_bundle", wish.clone()).await?;
    let mode = std::fs::metadata(&file)?.permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it names everybody");
    assert_eq!(written["bytes"], std::fs::metadata(&file)?.len());
    alice.stop().await?;
    porch.stop().await?;

    let config = "[[network]]\nbundle = \"home.bundle\"\n";
    let porch = place
        .node("Porch")
        .kind("hub")
        .config(config)?
        .start()
        .await?;

    assert_eq!(names(&porch, network).await?, ["Alice", "Bob", "Porch"]);
    knock(&bob, &porch, network).await?;
    eventually(PATIENCE, "Bob connected with the device", || async {
        let asked = json!({ "network": network });
        let peers = porch.call("network_peers", asked).await?;
        let mut peers = peers.as_array().into_iter().flatten();
        Ok(peers.any(|it| it["peer"] == bob.peer()).then_some(()))
    })
    .await?;
    knock(&eve, &porch, network).await?;
    eventually(PATIENCE, "Eve refused by the device", || async {
        let log = porch
            .call("gate_log", json!({ "network": network }))
            .await?;
        let mut entries = log.as_array().into_iter().flatten();
        let is_it = |it: &Value| it["peer"] == eve.peer() && it["reason"] == "not_listed";
        Ok(entries.any(is_it).then_some(()))
    })
    .await
}

#[tokio::test]
async fn an_older_file_takes_nothing_back() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, porch) = tokio::try_join!(
        place.node("Alice").start(),
        place.node("Porch").kind("hub").start(),
    )?;
    let made = alice
        .call("network_create", json!({ "name": "Home" }))
        .await?;
    let network = made["network"].as_str().context("a network")?;
    let peer = json!({ "network": network, "peer": porch.peer(), "name": "Porch", "role": "hub" });
    alice.call("member_add", peer).await?;
    let file = place.path().join("home.bundle");
    let wish = json!({ "network": network, "path": file });
    alice.call("network_bundle", wish).await?;
    let bob = place.node("Bob").start().await?;
    let peer = json!({ "network": network, "peer": bob.peer(), "name": "Bob" });
    alice.call("member_add", peer.clone()).await?;
    knock(&porch, &alice, network).await?;
    alice.call("member_remove", peer_of(&peer)).await?;
    eventually(PATIENCE, "the removal at the hub", || async {
        Ok((names(&porch, network).await? == ["Alice", "Porch"]).then_some(()))
    })
    .await?;
    porch.stop().await?;

    let config = "[[network]]\nbundle = \"home.bundle\"\n";
    let porch = place
        .node("Porch")
        .kind("hub")
        .config(config)?
        .start()
        .await?;

    let log = porch
        .call("network_log", json!({ "network": network }))
        .await?;
    let kinds: Vec<&Value> = log
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| &it["operation"])
        .collect();
    assert_eq!(
        kinds,
        ["remove", "add", "add", "genesis"],
        "all that was known"
    );
    Ok(())
}

fn peer_of(added: &Value) -> Value {
    json!({ "network": added["network"], "peer": added["peer"] })
}

#[tokio::test]
async fn a_file_of_another_network_or_none_is_refused() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let make = async |name: &str| -> anyhow::Result<Value> {
        let made = alice
            .call("network_create", json!({ "name": name }))
            .await?;
        listens(&alice, made["network"].as_str().unwrap_or_default()).await?;
        Ok(made["network"].clone())
    };
    let (home, work) = (make("Home").await?, make("Work").await?);
    let file = place.path().join("home.bundle");
    alice
        .call("network_bundle", json!({ "network": home, "path": file }))
        .await?;
    let link = alice
        .call("network_link", json!({ "network": work }))
        .await?;
    let link = link["link"].as_str().context("a link")?;
    std::fs::write(place.path().join("noise.bundle"), b"noise")?;

    for config in [
        format!("[[network]]\nbundle = \"home.bundle\"\nlink = \"{link}\"\n"),
        "[[network]]\nbundle = \"noise.bundle\"\n".to_owned(),
        "[[network]]\nbundle = \"missing.bundle\"\n".to_owned(),
        "[[network]]\nbundle = \"home.bundle\"\nname = \"Home\"\n".to_owned(),
        "[[network]]\nlist = \"list.toml\"\n".to_owned(),
        "[[network]]\nname = \"Home\"\n".to_owned(),
    ] {
        let started = place
            .node("Porch")
            .kind("hub")
            .config(&config)?
            .start()
            .await;
        assert!(started.is_err(), "{config}");
    }
    Ok(())
}

#[tokio::test]
async fn a_hub_begins_its_network_once_and_keeps_its_words_for_its_owner() -> anyhow::Result<()> {
    let place = Place::new()?;
    let bob = place.node("Bob").start().await?;
    let list = format!(
        "[[member]]\nname = \"Bob\"\nkey = \"{}\"\nrole = \"admin\"\n",
        bob.peer()
    );
    let config = "[[network]]\nname = \"Home\"\nlist = \"list.toml\"\nrecovery_file = \"words\"\n";
    let hub = place.node("Hub").kind("hub");
    let mine = hub.clone().start().await?;
    let own = format!(
        "{list}\n[[member]]\nname = \"Hub\"\nkey = \"{}\"\nrole = \"admin\"\n",
        mine.peer()
    );
    mine.stop().await?;
    std::fs::write(place.path().join("list.toml"), own)?;

    let hub = hub.config(config)?.start().await?;

    let words = place.path().join("words");
    let kept = std::fs::read_to_string(&words)?;
    assert_eq!(kept.split_whitespace().count(), 24);
    assert_eq!(
        std::fs::metadata(&words)?.permissions().mode() & 0o777,
        0o600
    );
    assert!(!hub.log().contains(kept.trim()), "the log has no words");
    let network = private(&hub).await?;
    assert_eq!(names(&hub, &network).await?, ["Bob", "Hub"]);

    let hub = hub.restart().await?;

    assert_eq!(private(&hub).await?, network, "the same one, and no other");
    assert_eq!(std::fs::read_to_string(&words)?, kept);
    let joined = knock(&bob, &hub, &network).await?;
    assert_eq!(joined["state"], "joined", "{joined}");

    // Words that lie there already belong to something else.
    let other = place
        .node("Other")
        .kind("hub")
        .config(config)?
        .start()
        .await;
    assert!(other.is_err());
    assert_eq!(std::fs::read_to_string(&words)?, kept);
    Ok(())
}

/// The one private network that the node is in.
async fn private(at: &NodeProcess) -> anyhow::Result<String> {
    let networks = at.call("networks_list", json!({})).await?;
    let networks = networks.as_array().cloned().unwrap_or_default();
    let private: Vec<_> = networks
        .iter()
        .filter(|it| it["kind"] == "private")
        .collect();
    assert_eq!(private.len(), 1, "{private:?}");
    Ok(private[0]["network"].as_str().context("an id")?.to_owned())
}
