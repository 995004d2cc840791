//! Whoever is not listed: one word at most, and nothing of what members say among themselves.

use std::time::{Duration, Instant};

use futures::future::{join_all, try_join_all};
use futures::{AsyncReadExt, AsyncWriteExt};
use serde_json::json;
use streembit_gate::exchange::{Action, Exchange};
use streembit_gate::{Ledger, RefusalReason};
use streembit_identity::link::Link;
use streembit_tests::attacker::forgery::of_version;
use streembit_tests::attacker::{Attacker, Verdict, Wire, now};
use streembit_tests::{NodeProcess, PATIENCE};

use crate::scene::{CUT_OFF, Door, Scene, link_of};

/// Within which somebody who is refused is off the line.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How long a node waits for somebody who says nothing, and a little more.
const SILENCE: Duration = Duration::from_secs(12);

/// Asks for everything on a wire that was refused, and checks that only silence answers.
async fn hears_nothing(scene: &Scene, wire: &mut Wire, limit: Duration) -> anyhow::Result<()> {
    let protocols = scene.protocols();
    let probes = protocols.iter().map(|protocol| wire.probe(protocol, limit));
    for (protocol, heard) in protocols.iter().zip(join_all(probes).await) {
        assert!(heard.is_empty(), "{protocol} answered {heard:?}");
    }
    wire.ended(limit).await?;
    assert!(
        wire.accept().await.is_none(),
        "the node has opened no stream of its own"
    );
    Ok(())
}

async fn is_turned_away(scene: &Scene, stranger: &Attacker, door: &Door<'_>) -> anyhow::Result<()> {
    let mut wire = stranger.connect(&door.address).await?;
    let local = stranger.local(scene.id(), Some(scene.genesis.clone()), wire.remote())?;
    let begun = Instant::now();

    let verdict = wire.exchange(Exchange::dialer(local)).await;

    assert_eq!(
        verdict,
        Verdict::Refused(RefusalReason::NotListed),
        "{door:?}"
    );
    hears_nothing(scene, &mut wire, AT_ONCE).await?;
    let took = begun.elapsed();
    assert!(took < AT_ONCE, "{door:?} took {took:?}");
    Ok(())
}

#[tokio::test]
async fn a_stranger_hears_one_word_from_any_kind_of_node_over_any_transport() -> anyhow::Result<()>
{
    let scene = Scene::of_every_kind().await?;
    let stranger = Attacker::new(1);

    for door in scene.doors().await? {
        is_turned_away(&scene, &stranger, &door).await?;
    }

    for node in scene.nodes() {
        let lines = scene.refused(node, &stranger).await?;
        assert_eq!(lines.len(), 1, "one line for equal attempts: {lines:?}");
        assert_eq!(lines[0]["reason"], "not_listed");
        assert_eq!(lines[0]["peer"], stranger.peer());
        assert!(!scene.has_peer(node, &stranger.peer()).await?);
    }
    Ok(())
}

#[tokio::test]
async fn nothing_answers_somebody_who_says_nothing_at_the_gate() -> anyhow::Result<()> {
    let scene = Scene::of_every_kind().await?;
    let doors = scene.doors().await?;
    let stranger = Attacker::new(1);

    let silent = doors.iter().map(|door| async {
        let mut wire = stranger.connect(&door.address).await?;
        // On the gate's stream never more is said than half of a length.
        let mut gate = wire.open().await?;
        gate.write_all(&[0; 2]).await?;
        gate.flush().await?;
        hears_nothing(&scene, &mut wire, SILENCE).await
    });
    try_join_all(silent).await?;

    for node in scene.nodes() {
        let lines = scene.refused(node, &stranger).await?;
        assert_eq!(lines[0]["reason"], "timeout");
    }
    Ok(())
}

#[tokio::test]
async fn nothing_answers_somebody_who_speaks_another_protocol_at_the_gate() -> anyhow::Result<()> {
    let scene = Scene::of_two().await?;
    let stranger = Attacker::new(1);

    for door in scene.doors().await? {
        let mut wire = stranger.connect(&door.address).await?;
        hears_nothing(&scene, &mut wire, AT_ONCE).await?;
    }
    Ok(())
}

#[tokio::test]
async fn another_network_is_refused_by_any_kind_of_node_over_any_transport() -> anyhow::Result<()> {
    let scene = Scene::of_every_kind().await?;
    // Of both networks a member, and of this one an honest one otherwise.
    let (member, recovery) = (Attacker::new(1), Attacker::new(2));
    scene.add(&member.peer(), "Mallory", "admin").await?;
    scene.agreed().await?;
    let elsewhere = Ledger::create(
        "Elsewhere".parse()?,
        "Mallory".parse()?,
        member.key(),
        recovery.account(),
        [3; 16],
        now(),
    )?;

    for door in scene.doors().await? {
        let (mut wire, verdict) = member.knock(&door.address, &elsewhere).await?;
        assert_eq!(
            verdict,
            Verdict::Refused(RefusalReason::WrongNetwork),
            "{door:?}"
        );
        wire.ended(AT_ONCE).await?;
    }
    for node in scene.nodes() {
        let lines = scene.refused(node, &member).await?;
        assert_eq!(lines[0]["reason"], "wrong_network");
    }
    Ok(())
}

#[tokio::test]
async fn other_versions_of_the_exchange_are_refused_even_from_members() -> anyhow::Result<()> {
    let scene = Scene::of_two().await?;
    let member = Attacker::new(1);
    scene.add(&member.peer(), "Mallory", "member").await?;
    scene.agreed().await?;

    for door in scene.doors().await? {
        for version in [0, 1, 9] {
            let mut wire = member.connect(&door.address).await?;
            let local = member.local(scene.id(), Some(scene.genesis.clone()), wire.remote())?;
            let mut exchange = Exchange::dialer(local);
            let actions = exchange.start();
            let [Action::Send(greeting)] = actions.as_slice() else {
                panic!("a dialer greets: {actions:?}");
            };

            wire.say(&of_version(greeting, version)).await?;

            let word = wire.hear().await.unwrap_or_default();
            let actions = exchange.on_frame(&word, now());
            let told = Action::Refused(RefusalReason::Version);
            assert_eq!(actions, [told], "version {version} at {door:?}");
            wire.ended(AT_ONCE).await?;
        }
        let (_, verdict) = member.knock(&door.address, &scene.genesis).await?;
        assert!(matches!(verdict, Verdict::Admitted(_)), "{verdict:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_certificate_opens_the_gate_for_the_node_that_it_names_alone() -> anyhow::Result<()> {
    let scene = Scene::of_two().await?;
    let (member, thief) = (Attacker::new(1), Attacker::new(2));
    scene.add(&member.peer(), "Mallory", "member").await?;
    scene.agreed().await?;
    let stolen = member.certificate()?.bytes().to_vec();
    let mut altered = stolen.clone();
    if let Some(last) = altered.last_mut() {
        *last ^= 1;
    }

    for door in scene.doors().await? {
        for certificate in [&stolen, &altered, &Vec::new()] {
            let mut wire = thief.connect(&door.address).await?;
            let mut local = thief.local(scene.id(), Some(scene.genesis.clone()), wire.remote())?;
            local.certificate.clone_from(certificate);
            let verdict = wire.exchange(Exchange::dialer(local)).await;
            assert_eq!(
                verdict,
                Verdict::Refused(RefusalReason::BadCertificate),
                "{door:?}"
            );
            wire.ended(AT_ONCE).await?;
        }
    }
    Ok(())
}

/// Has Alice try to reach a node where the attacker listens, again and again, while she tries at
/// the places where it was before.
async fn lure(alice: &NodeProcess, network: &str, node: &str, place: &str) -> anyhow::Result<Wire> {
    let mut link = link_of(alice, network).await?;
    link.addresses = vec![format!("{place}/p2p/{node}")];
    let link = Link::Network(link).to_string();
    loop {
        alice.call("network_join", json!({ "link": link })).await?;
    }
}

#[tokio::test]
async fn whoever_answers_in_the_place_of_a_member_learns_nothing() -> anyhow::Result<()> {
    let Scene {
        place: _place,
        network,
        alice,
        bob,
        ..
    } = Scene::of_two().await?;
    let node = bob.node().to_owned();
    bob.stop().await?;
    let stand_in = Attacker::new(1);

    for transport in ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"] {
        let mut host = stand_in.listen(transport).await?;
        let address = host.address().to_string();
        let mut wire = tokio::select! {
            visit = host.visitor(PATIENCE) => visit?,
            failed = lure(&alice, &network, &node, &address) => failed?,
        };

        let mut heard = Vec::new();
        while let Some(mut stream) = wire.accept().await {
            // How the stream ends does not matter, what was said on it does.
            let _ = stream.read_to_end(&mut heard).await;
        }

        assert!(heard.is_empty(), "{transport}: Alice said {heard:?}");
        wire.ended(CUT_OFF).await?;
    }
    let peers = json!({ "network": network });
    assert_eq!(alice.call("network_peers", peers).await?, json!([]));
    Ok(())
}
