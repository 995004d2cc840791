//! Messages that were signed for another place, another reader or another time.

use anyhow::Context;
use serde_json::{Value, json};
use streembit_gate::Ledger;
use streembit_identity::{Kind, NetworkId};
use streembit_ratchet::Route;
use streembit_tests::attacker::{Attacker, Sealer, Verdict, Wire};
use streembit_tests::{NodeProcess, PATIENCE, eventually};

use crate::scene::{Scene, link_of};

/// What a node answers: it was taken, it is not allowed, or it was found invalid.
const TAKEN: &[u8] = &[0];
const DENIED: &[u8] = &[1, 1];
const INVALID: &[u8] = &[1, 2];
const UNSUPPORTED: &[u8] = &[1, 3];

/// The body of a text.
fn text(words: &str) -> Vec<u8> {
    // Texts of less than 24 bytes have their length in the first one.
    let length = 0x60 + u8::try_from(words.len()).unwrap_or(u8::MAX);
    [&[0xa1, 0x01, length], words.as_bytes()].concat()
}

/// The texts that a node has from somebody, in one network.
async fn texts(node: &NodeProcess, network: &str, from: &str) -> anyhow::Result<Vec<String>> {
    let page = json!({ "network": network, "peer": from });
    let list = node.call("messages_list", page).await?;
    let list = list.as_array().context("no list")?.iter();
    let text = |it: &Value| it["text"].as_str().map(str::to_owned);
    Ok(list.filter_map(text).collect())
}

/// The first byte or two of an answer, by which its kind is known.
async fn answer(wire: &Wire, protocol: &str, envelope: &[u8]) -> anyhow::Result<Vec<u8>> {
    let answer = wire.request(protocol, envelope).await?;
    let length = if answer.first() == Some(&0) { 1 } else { 2 };
    Ok(answer.into_iter().take(length).collect())
}

#[tokio::test]
async fn an_envelope_counts_once_from_its_node_in_its_network_for_its_reader() -> anyhow::Result<()>
{
    let scene = Scene::of_two().await?;
    let mallory = Attacker::new(1);
    scene.add(&mallory.peer(), "Mallory", "member").await?;
    let made = scene
        .alice
        .call("network_create", json!({ "name": "Second" }))
        .await?;
    let second = made["network"].as_str().context("an id")?.to_owned();
    let member = json!({ "network": second, "peer": mallory.peer(), "name": "Mallory" });
    scene.alice.call("member_add", member).await?;
    let here = &scene.doors_of(&scene.alice).await?[0];
    let (wire, _) = scene.enter(&mallory, here).await?;
    let alice = scene.alice.peer().parse()?;
    let bob = scene.bob.peer().parse()?;
    let id = scene.id();
    let mut sealer = Sealer::ask(&mallory, id, alice, &wire, &scene.requests()).await?;
    let text_for = |to, words| mallory.envelope(id, to, Kind::Text, text(words));

    // Once, however often it comes.
    let once = sealer.seal(sealer.route(), Kind::Text, text("once"))?;
    for _ in 0..3 {
        assert_eq!(answer(&wire, &scene.requests(), &once).await?, TAKEN);
    }
    // For another reader, for another network, from another node, not signed at all.
    let public = mallory.envelope(NetworkId::PUBLIC, alice, Kind::Text, text("public"))?;
    let other_node = mallory.on_node(2);
    let other_node = other_node.envelope(id, alice, Kind::Text, text("other node"))?;
    let somebody = Attacker::new(9).envelope(id, alice, Kind::Text, text("somebody"))?;
    let mut forged = sealer.seal(sealer.route(), Kind::Text, text("forged"))?;
    let last = forged.len() - 1;
    forged[last] ^= 1;
    for (what, envelope) in [
        ("for Bob", text_for(bob, "for Bob")?),
        ("for the public network", public),
        ("from another node", other_node),
        ("from somebody else", somebody),
        ("with a changed signature", forged),
        ("of no form", vec![0; 300]),
    ] {
        let word = answer(&wire, &scene.requests(), &envelope).await?;
        assert_eq!(word, INVALID, "{what}");
    }
    assert_eq!(
        texts(&scene.alice, &scene.network, &mallory.peer()).await?,
        ["once"]
    );

    // In the other network, which both are in too, the same bytes mean nothing.
    let genesis = Ledger::from_genesis(&link_of(&scene.alice, &second).await?.genesis)?;
    let there = eventually(PATIENCE, "an address", || async {
        Ok(scene.alice.addresses_in(&second).await?.into_iter().next())
    })
    .await?;
    let (wire, verdict) = mallory.knock(&there, &genesis).await?;
    assert!(matches!(verdict, Verdict::Admitted(_)), "{verdict:?}");
    let protocol = format!("/streembit/{}/msg/1", genesis.network().short());
    assert_eq!(answer(&wire, &protocol, &once).await?, INVALID);
    assert_eq!(
        texts(&scene.alice, &second, &mallory.peer()).await?,
        Vec::<String>::new()
    );
    Ok(())
}

#[tokio::test]
async fn what_is_sealed_opens_only_between_those_that_it_names() -> anyhow::Result<()> {
    let scene = Scene::of_two().await?;
    let mallory = Attacker::new(1);
    scene.add(&mallory.peer(), "Mallory", "member").await?;
    let here = &scene.doors_of(&scene.alice).await?[0];
    let (wire, _) = scene.enter(&mallory, here).await?;
    let (id, requests) = (scene.id(), scene.requests());
    let alice = scene.alice.peer().parse()?;
    let bob = scene.bob.peer().parse()?;
    let mut sealer = Sealer::ask(&mallory, id, alice, &wire, &requests).await?;
    let route = sealer.route();
    let other = Attacker::new(9);

    let plain = mallory.envelope(id, alice, Kind::Text, text("in the open"))?;
    assert_eq!(answer(&wire, &requests, &plain).await?, DENIED);
    let read = mallory.envelope(id, alice, Kind::Read, Vec::new())?;
    assert_eq!(answer(&wire, &requests, &read).await?, DENIED);
    for (what, route) in [
        ("for Bob", Route { to: bob, ..route }),
        ("from Bob", Route { from: bob, ..route }),
        (
            "for the public network",
            Route {
                network: NetworkId::PUBLIC,
                ..route
            },
        ),
        (
            "from another node",
            Route {
                from_node: other.on_node(9).certificate()?.node(),
                ..route
            },
        ),
    ] {
        let sealed = sealer.seal(route, Kind::Text, text(what))?;
        assert_eq!(answer(&wire, &requests, &sealed).await?, INVALID, "{what}");
    }
    let sealed = sealer.seal(route, Kind::Roster, Vec::new())?;
    let word = answer(&wire, &requests, &sealed).await?;
    assert_eq!(word, UNSUPPORTED, "a roster does not travel sealed");
    let bare = mallory.envelope(id, alice, Kind::Sealed, vec![0; 300])?;
    assert_eq!(
        answer(&wire, &requests, &bare).await?,
        INVALID,
        "of no form"
    );

    let good = sealer.seal(route, Kind::Text, text("good"))?;
    assert_eq!(answer(&wire, &requests, &good).await?, TAKEN);
    assert_eq!(
        texts(&scene.alice, &scene.network, &mallory.peer()).await?,
        ["good"]
    );
    Ok(())
}

#[tokio::test]
async fn a_replay_is_stored_by_no_kind_of_node_over_any_transport() -> anyhow::Result<()> {
    let scene = Scene::of_every_kind().await?;
    let (mallory, eve) = (Attacker::new(1), Attacker::new(2));
    scene.add(&mallory.peer(), "Mallory", "member").await?;
    scene.add(&eve.peer(), "Eve", "member").await?;
    scene.agreed().await?;
    let (id, requests) = (scene.id(), scene.requests());
    for node in scene.nodes() {
        let doors = scene.doors_of(node).await?;
        let (wire, _) = scene.enter(&mallory, &doors[0]).await?;
        let to = node.peer().parse()?;
        let mut sealer = Sealer::ask(&mallory, id, to, &wire, &requests).await?;
        let once = sealer.seal(sealer.route(), Kind::Text, text("once"))?;
        assert_eq!(answer(&wire, &requests, &once).await?, TAKEN, "{node:?}");
        drop(wire);

        for door in &doors {
            // On a new connection by whoever said it, and by a member who saw it pass.
            let (wire, _) = scene.enter(&mallory, door).await?;
            answer(&wire, &requests, &once).await?;
            let (wire, _) = scene.enter(&eve, door).await?;
            let word = answer(&wire, &requests, &once).await?;
            assert_eq!(word, INVALID, "by another member at {door:?}");
        }
        let heard = texts(node, &scene.network, &mallory.peer()).await?;
        assert_eq!(heard, ["once"], "{}", node.name());
        let heard = texts(node, &scene.network, &eve.peer()).await?;
        assert!(heard.is_empty(), "{}", node.name());
    }
    Ok(())
}
