//! Devices between processes: claimed and used, and refused to whoever has no grant.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use streembit_tests::{Draft, NodeProcess, PATIENCE, Place, eventually};

/// Alice, her private network, and a device that waits to be claimed.
struct Scene {
    place: Place,
    network: String,
    alice: NodeProcess,
    device: NodeProcess,
}

impl Scene {
    async fn set() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let alice = place.node("Alice").start().await?;
        let device = place.node("Porch").kind("device").start().await?;
        let network = found(&alice).await?;
        Ok(Self {
            place,
            network,
            alice,
            device,
        })
    }

    fn thing(&self, name: &str) -> String {
        format!("streembit://{}/{name}", self.device.peer())
    }

    async fn claim(&self) -> anyhow::Result<Vec<Value>> {
        let arguments = json!({ "link": link_of(&self.device).await?, "network": self.network });
        let things = self.alice.call("device_claim", arguments).await?;
        Ok(things.as_array().cloned().unwrap_or_default())
    }

    /// Lets `draft` into the network as a member, and waits until it is connected to the device.
    async fn join(&self, draft: Draft) -> anyhow::Result<NodeProcess> {
        let member = draft.start().await?;
        let wanted =
            json!({ "network": self.network, "peer": member.peer(), "name": member.name() });
        let added = self.alice.call("member_add", wanted).await?;
        member
            .call("network_join", json!({ "link": added.get("link") }))
            .await?;
        eventually(PATIENCE, "a connection to the device", || async {
            let peers = member
                .call("network_peers", json!({ "network": self.network }))
                .await?;
            let mut peers = peers.as_array().into_iter().flatten();
            Ok(peers
                .any(|it| it["peer"] == self.device.peer())
                .then_some(()))
        })
        .await?;
        Ok(member)
    }
}

async fn found(alice: &NodeProcess) -> anyhow::Result<String> {
    let made = alice
        .call("network_create", json!({ "name": "Home" }))
        .await?;
    let network = made
        .get("network")
        .and_then(Value::as_str)
        .context("a network")?
        .to_owned();
    eventually(PATIENCE, "an address in the network", || async {
        Ok((!alice.addresses_in(&network).await?.is_empty()).then_some(()))
    })
    .await?;
    Ok(network)
}

async fn link_of(device: &NodeProcess) -> anyhow::Result<String> {
    let offer = device.call("device_claim_link", json!({})).await?;
    Ok(offer
        .get("link")
        .and_then(Value::as_str)
        .context("a link")?
        .to_owned())
}

fn at(thing: &str, property: &str) -> Value {
    json!({ "thing": thing, "property": property })
}

fn to(thing: &str, property: &str, value: Value) -> Value {
    json!({ "thing": thing, "property": property, "value": value })
}

#[tokio::test]
async fn owner_uses_what_it_claimed() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    let things = scene.claim().await?;
    ensure!(things.len() == 4, "a device hosts four things: {things:?}");
    ensure!(
        things
            .iter()
            .all(|it| it["state"] == "online" && it["level"] == "owner")
    );
    let (alice, lamp) = (&scene.alice, scene.thing("lamp"));

    let mut events = alice.events().await?;
    alice
        .call("device_observe", json!({ "thing": lamp }))
        .await?;
    let on = alice
        .call("device_write", to(&lamp, "on", json!(true)))
        .await?;
    ensure!(on["reported"] == true, "{on}");
    events
        .wait("the lamp to be on", |it| {
            it["type"] == "property" && it["thing"] == lamp.as_str()
        })
        .await?;

    let fade = json!({ "thing": lamp, "action": "fade", "input": { "level": 0, "seconds": 1 } });
    let begun = alice.call("device_invoke", fade).await?;
    ensure!(begun["state"] == "running", "{begun}");
    let asked = json!({ "thing": lamp, "action_id": begun["action_id"] });
    eventually(PATIENCE, "the end of the fade", || async {
        let status = alice.call("device_action", asked.clone()).await?;
        Ok((status["state"] == "completed").then_some(()))
    })
    .await?;
    let level = alice.call("device_read", at(&lamp, "level")).await?;
    ensure!(level["reported"] == 0, "{level}");

    for (kind, property) in [
        ("sensor", "humidity"),
        ("thermostat", "temperature"),
        ("lock", "locked"),
    ] {
        let thing = scene.thing(kind);
        let read = alice.call("device_read", at(&thing, property)).await?;
        ensure!(!read["reported"].is_null(), "{kind}: {read}");
    }
    Ok(())
}

#[tokio::test]
async fn host_refuses_raw_requests_without_a_grant() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    scene.claim().await?;
    let (alice, lamp) = (&scene.alice, scene.thing("lamp"));
    alice
        .call("device_write", to(&lamp, "level", json!(42)))
        .await?;
    // Eve is a member, and her program sends what hers would never let her send.
    let eve = scene
        .join(scene.place.node("Eve").hook("unchecked"))
        .await?;

    let fade = json!({ "thing": lamp, "action": "fade", "input": { "level": 0, "seconds": 0 } });
    let grant = json!({ "device": scene.device.peer(), "peer": eve.peer(), "level": "admin" });
    let revoke = json!({ "device": scene.device.peer(), "peer": alice.peer() });
    for (command, arguments) in [
        ("device_read", at(&lamp, "level")),
        ("device_read", at(&scene.thing("nothing"), "level")),
        ("device_write", to(&lamp, "level", json!(0))),
        ("device_invoke", fade),
        ("device_observe", json!({ "thing": lamp })),
        ("device_grant", grant),
        ("device_audit", json!({ "device": scene.device.peer() })),
    ] {
        let code = eve.refuses(command, arguments).await?;
        ensure!(code == "denied", "{command}: {code}");
    }
    let code = eve.refuses("device_revoke", revoke).await?;
    ensure!(["denied", "conflict"].contains(&code.as_str()), "{code}");

    let level = alice.call("device_read", at(&lamp, "level")).await?;
    ensure!(
        level["reported"] == 42,
        "the lamp is as Alice left it: {level}"
    );
    let audit = alice
        .call("device_audit", json!({ "device": scene.device.peer() }))
        .await?;
    let mut rows = audit.as_array().into_iter().flatten();
    ensure!(
        rows.any(|row| row["peer"] == eve.peer() && row["outcome"] == "denied"),
        "the attempt is on record: {audit}"
    );
    Ok(())
}

#[tokio::test]
async fn grant_works_until_it_is_taken_back() -> anyhow::Result<()> {
    let scene = Scene::set().await?;
    scene.claim().await?;
    let lamp = scene.thing("lamp");
    let bob = scene.join(scene.place.node("Bob")).await?;
    let device = scene.device.peer();
    let grant = json!({ "device": device, "peer": bob.peer(), "level": "operate" });

    scene.alice.call("device_grant", grant).await?;
    eventually(PATIENCE, "the lamp in Bob's list", || async {
        let list = bob.call("devices_list", json!({})).await?;
        let mut list = list.as_array().into_iter().flatten();
        Ok(list.any(|it| it["thing"] == lamp.as_str()).then_some(()))
    })
    .await?;
    bob.call("device_write", to(&lamp, "on", json!(true)))
        .await?;

    let revoke = json!({ "device": device, "peer": bob.peer() });
    scene.alice.call("device_revoke", revoke).await?;
    let code = bob
        .refuses("device_write", to(&lamp, "on", json!(false)))
        .await?;
    ensure!(["denied", "not_found"].contains(&code.as_str()), "{code}");
    let on = scene.alice.call("device_read", at(&lamp, "on")).await?;
    ensure!(on["reported"] == true, "{on}");
    Ok(())
}

#[tokio::test]
async fn claimed_device_is_found_again_after_both_restart() -> anyhow::Result<()> {
    let mut scene = Scene::set().await?;
    scene.claim().await?;
    let lamp = scene.thing("lamp");
    scene
        .alice
        .call("device_write", to(&lamp, "level", json!(55)))
        .await?;

    scene.device = scene.device.kill().await?.start().await?;
    scene.alice = scene.alice.restart().await?;

    usable(&scene.alice, &lamp).await?;
    let code = scene.device.refuses("device_claim_link", json!({})).await?;
    ensure!(
        code == "not_found",
        "an owned device opens no window: {code}"
    );
    Ok(())
}

/// Waits until `alice` can switch the lamp.
async fn usable(alice: &NodeProcess, lamp: &str) -> anyhow::Result<()> {
    let log = || format!("her log ends with:\n{}", alice.log());
    eventually(PATIENCE, "a lamp that can be switched", || async {
        let answer = alice
            .attempt("device_write", to(lamp, "on", json!(true)))
            .await?;
        let answer = answer.map_err(anyhow::Error::from)?;
        Ok((answer.get("reported") == Some(&Value::Bool(true))).then_some(()))
    })
    .await
    .with_context(log)
}
