//! The public network, where anyone connects: records and messages that cannot be verified, and
//! what becomes of whoever keeps sending them.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use streembit_gate::exchange::Exchange;
use streembit_identity::{
    AccountId, Kind, Name, NetworkId, PeerKind, PeerRecord, PublicRecord, Timestamp, Unverified,
    seal,
};
use streembit_tests::attacker::{Attacker, Verdict, Wire, now};
use streembit_tests::{NodeProcess, Place, eventually};

use crate::scene::CUT_OFF;

/// A protocol of the public network.
fn protocol(part: &str) -> String {
    format!("/streembit/{}/{part}/1", NetworkId::PUBLIC.short())
}

/// Connects as anybody may.
async fn enter(who: &Attacker, node: &NodeProcess) -> anyhow::Result<Wire> {
    let mut wire = who.connect(&node.addresses()[0]).await?;
    let local = who.local(NetworkId::PUBLIC, None, wire.remote())?;
    let verdict = wire.exchange(Exchange::dialer(local)).await;
    if !matches!(verdict, Verdict::Admitted(_)) {
        bail!("{} gave {verdict:?}", node.name());
    }
    Ok(wire)
}

/// What `who` says about itself, as a record of its own.
fn record(who: &Attacker, sequence: u64, expires: Timestamp) -> anyhow::Result<Vec<u8>> {
    let record = PeerRecord {
        account: who.account(),
        name: "Mallory".parse::<Name>()?,
        kind: PeerKind::Human,
        certificates: vec![who.certificate()?.bytes().to_vec()],
        revoked: Vec::new(),
        sequence,
        expires,
        mailboxes: None,
        keys: None,
    };
    let sealed = seal(&record, &NetworkId::PUBLIC, who.key())?;
    let record = Unverified::parse(&sealed)?.verify(&NetworkId::PUBLIC)?;
    Ok(PublicRecord::Peer(record).to_bytes())
}

fn key_of(account: AccountId) -> Vec<u8> {
    PeerRecord::key_of(account).as_bytes().to_vec()
}

fn holds(answer: &[u8], record: &[u8]) -> bool {
    answer.windows(record.len()).any(|it| it == record)
}

#[tokio::test]
async fn a_record_gives_way_to_nothing_but_a_newer_one_of_its_owner() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().start().await?;
    let (owner, thief) = (Attacker::new(1), Attacker::new(2));
    let (wire, kad) = (enter(&owner, &seed).await?, protocol("kad"));
    let key = key_of(owner.account());
    let end = now().plus(Duration::from_hours(1));
    let genuine = record(&owner, 5, end)?;
    wire.put_record(&kad, &key, &genuine).await?;
    let held = wire.find_record(&kad, &key).await?;
    assert!(holds(&held, &genuine), "what is in order is held");

    let mut altered = genuine.clone();
    if let Some(last) = altered.last_mut() {
        *last ^= 1;
    }
    let large = [genuine.clone(), vec![0; 12 * 1024]].concat();
    let forgeries = [
        ("of somebody else", record(&thief, 9, end)?),
        ("altered", altered),
        ("older", record(&owner, 4, end)?),
        ("expired", record(&owner, 9, Timestamp(1))?),
        (
            "too long-lived",
            record(&owner, 9, now().plus(Duration::from_hours(9_999)))?,
        ),
        ("too large", large),
        ("of no form", vec![7; 200]),
    ];
    for (number, (what, forged)) in (10..).zip(forgeries) {
        // Somebody new each time: whoever comes with several is not heard any more.
        let wire = enter(&Attacker::new(number), &seed).await?;
        // A message that is too large is cut off.
        let _ = wire.put_record(&kad, &key, &forged).await;
        let wire = enter(&Attacker::new(number), &seed).await?;
        let held = wire.find_record(&kad, &key).await?;
        assert!(holds(&held, &genuine) && !holds(&held, &forged), "{what}");
    }

    let newer = record(&owner, 6, end)?;
    wire.put_record(&kad, &key, &newer).await?;
    let held = wire.find_record(&kad, &key).await?;
    assert!(holds(&held, &newer) && !holds(&held, &genuine));
    Ok(())
}

/// The gate log's reasons for refusing a node.
async fn reasons(at: &NodeProcess, who: &Attacker) -> anyhow::Result<Vec<Value>> {
    let node = who.node()?;
    let log = at.call("gate_log", json!({ "network": "public" })).await?;
    let log = log.as_array().context("no list")?.iter();
    let of_node = log.filter(|it| it["node"] == node.as_str());
    Ok(of_node.map(|it| it["reason"].clone()).collect())
}

/// Sends forgeries until the other side has had enough; tells how many it took.
async fn pester(wire: &mut Wire, mut forged: impl FnMut() -> anyhow::Result<Vec<u8>>) -> usize {
    for sent in 0..100 {
        let Ok(envelope) = forged() else { return sent };
        if wire.request(&protocol("msg"), &envelope).await.is_err() {
            return sent;
        }
    }
    100
}

#[tokio::test]
async fn whoever_keeps_sending_what_cannot_be_verified_stays_outside_for_a_while()
-> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let (mallory, honest) = (Attacker::new(1), Attacker::new(2));
    let bystander = enter(&honest, &alice).await?;
    let mut wire = enter(&mallory, &alice).await?;
    let peer = alice.peer().parse()?;

    let sent = pester(&mut wire, || {
        let kind = Kind::ContactRequest;
        let mut envelope = mallory.envelope(NetworkId::PUBLIC, peer, kind, vec![1])?;
        if let Some(last) = envelope.last_mut() {
            *last ^= 1;
        }
        Ok(envelope)
    })
    .await;

    assert!((5..20).contains(&sent), "cut off after {sent}");
    wire.ended(CUT_OFF).await?;
    assert!(enter(&mallory, &alice).await.is_err(), "it stays outside");
    eventually(CUT_OFF, "the reason in the gate log", || async {
        let reasons = reasons(&alice, &mallory).await?;
        Ok(reasons.contains(&json!("banned")).then_some(()))
    })
    .await?;
    assert!(!bystander.has_ended(), "others never notice");
    enter(&Attacker::new(3), &alice).await?;
    Ok(())
}

#[tokio::test]
async fn somebody_with_a_wrong_clock_or_address_is_not_banned() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let (clumsy, somebody) = (Attacker::new(1), Attacker::new(2));
    let mut wire = enter(&clumsy, &alice).await?;

    let sent = pester(&mut wire, || {
        clumsy.envelope(NetworkId::PUBLIC, somebody.account(), Kind::Text, vec![1])
    })
    .await;

    assert_eq!(sent, 100, "each was refused, and the connection stands");
    Ok(())
}
