//! Messages that were signed for another place, another reader or another time.

use anyhow::Context;
use serde_json::{Value, json};
use streembit_gate::Ledger;
use streembit_identity::{Kind, NetworkId};
use streembit_tests::attacker::{Attacker, Verdict, Wire};
use streembit_tests::{NodeProcess, PATIENCE, eventually};

use crate::scene::{Scene, link_of};

/// What a node answers: it was taken, or it was found invalid.
const TAKEN: &[u8] = &[0];
const INVALID: &[u8] = &[1, 2];

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
    let text_for = |to, words| mallory.envelope(id, to, Kind::Text, text(words));

    // Once, however often it comes.
    let once = text_for(alice, "once")?;
    for _ in 0..3 {
        assert_eq!(answer(&wire, &scene.requests(), &once).await?, TAKEN);
    }
    // For another reader, for another network, from another node, not signed at all.
    let public = mallory.envelope(NetworkId::PUBLIC, alice, Kind::Text, text("public"))?;
    let other_node = mallory.on_node(2);
    let other_node = other_node.envelope(id, alice, Kind::Text, text("other node"))?;
    let somebody = Attacker::new(9).envelope(id, alice, Kind::Text, text("somebody"))?;
    let mut forged = text_for(alice, "forged")?;
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
