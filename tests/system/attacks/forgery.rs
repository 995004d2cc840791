//! Operations that nobody was entitled to make, brought by a member who is connected.

use std::time::Duration;

use anyhow::Context;
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};
use serde_json::{Value, json};
use streembit_gate::exchange::{Action as Step, Exchange};
use streembit_gate::{Action, Binding, Ledger, Operation, RefusalReason, Role};
use streembit_identity::{AccountKey, Kind, NetworkId, Payload, Timestamp, seal};
use streembit_tests::attacker::{Attacker, Verdict, forgery, now};
use streembit_tests::{PATIENCE, eventually, process};

use crate::scene::{CUT_OFF, Door, Scene};

/// A malicious member, an admin whose word counts, one whose word does no longer, and nobody.
struct Cast {
    scene: Scene,
    mallory: Attacker,
    carol: Attacker,
    former: Attacker,
    stranger: Attacker,
}

impl Cast {
    async fn set() -> anyhow::Result<Self> {
        let scene = Scene::of_two().await?;
        let [mallory, carol, former, stranger] = [1, 2, 3, 4].map(Attacker::new);
        scene.add(&mallory.peer(), "Mallory", "member").await?;
        scene.add(&carol.peer(), "Carol", "admin").await?;
        scene.add(&former.peer(), "Former", "admin").await?;
        scene.remove(&former.peer()).await?;
        scene.agreed().await?;
        Ok(Self {
            scene,
            mallory,
            carol,
            former,
            stranger,
        })
    }

    /// Listing the stranger as an admin, whoever may be said to want it.
    fn addition(&self) -> anyhow::Result<Action> {
        Ok(Action::Add(Binding {
            account: self.stranger.account(),
            name: "Stranger".parse()?,
            role: Role::Admin,
        }))
    }

    /// Each forgery under the name of what is wrong with it.
    fn forgeries(&self, ledger: &Ledger) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
        let network = self.scene.id();
        let add = |key: &AccountKey, network: NetworkId, at: Timestamp| {
            forgery::operation(ledger, network, self.addition()?, at, key)
        };
        let good = add(self.carol.key(), network, now())?;
        let ahead = {
            let mut ahead = ledger.clone();
            ahead.insert(&good)?;
            forgery::operation(&ahead, network, self.addition()?, now(), self.carol.key())?
        };
        let doubled = Doubled(Operation {
            heads: ledger.heads(),
            at: now(),
            action: self.addition()?,
            seal: None,
        });
        Ok(vec![
            ("by a member", add(self.mallory.key(), network, now())?),
            (
                "by a removed admin",
                add(self.former.key(), network, now())?,
            ),
            ("by nobody", add(self.stranger.key(), network, now())?),
            (
                "for another network",
                add(self.carol.key(), NetworkId::PUBLIC, now())?,
            ),
            (
                "dated before what it builds on",
                add(self.carol.key(), network, Timestamp(1))?,
            ),
            ("on heads that are kept back", ahead),
            (
                "with a key twice",
                seal(&doubled, &network, self.carol.key())?,
            ),
            ("unsigned", unsigned(&good)),
            ("with a changed signature", changed(&good)),
            ("with a malleated signature", malleated(&good)),
            ("cut short", good[..good.len() - 1].to_vec()),
            ("with more behind it", [&good[..], &[0]].concat()),
            ("of no form at all", vec![0xff; 4_000]),
        ])
    }

    /// Hands operations over as a member does who has learned something.
    async fn tell(&self, to: &Door<'_>, operations: &[Vec<u8>]) -> anyhow::Result<()> {
        let (wire, _) = self.scene.enter(&self.mallory, to).await?;
        let body = forgery::roster(operations)?;
        let peer = to.node.peer().parse()?;
        let envelope = self
            .mallory
            .envelope(self.scene.id(), peer, Kind::Roster, body)?;
        // What it answers says nothing: what counts is what it knows afterwards.
        let _ = wire.request(&self.scene.requests(), &envelope).await;
        Ok(())
    }

    /// Hands operations over at the gate; returns the last word of the other side.
    async fn bring(&self, to: &Door<'_>, operations: &[Vec<u8>]) -> anyhow::Result<Step> {
        let mut wire = self.mallory.connect(&to.address).await?;
        let genesis = self.scene.genesis.clone();
        let local = self
            .mallory
            .local(self.scene.id(), Some(genesis), wire.remote())?;
        let mut exchange = Exchange::dialer(local);
        for step in exchange.start() {
            if let Step::Send(greeting) = step {
                wire.say(&greeting).await?;
            }
        }
        wire.say(&forgery::learn(operations)?).await?;
        let mut last = Vec::new();
        while let Some(word) = wire.hear().await {
            last = word;
        }
        wire.ended(CUT_OFF).await.ok();
        let mut steps = exchange.on_frame(&last, now());
        steps.pop().context("a last word")
    }

    /// Everything that a door's node holds true about the network.
    async fn truth(&self, door: &Door<'_>) -> anyhow::Result<(Vec<Value>, Value)> {
        let here = json!({ "network": self.scene.network });
        let members = door.node.call("members_list", here).await?;
        let members = members.as_array().context("no list")?.iter();
        let bound = members.map(|it| json!([it["peer"], it["name"], it["role"]]));
        Ok((self.scene.log_of(door.node).await?, bound.collect()))
    }
}

/// An operation whose map has its first key twice.
struct Doubled(Operation);

impl<C> Encode<C> for Doubled {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.map(4)?;
        for _ in 0..2 {
            e.u8(0)?;
            self.0.heads.encode(e, ctx)?;
        }
        e.u8(1)?;
        self.0.at.encode(e, ctx)?;
        e.u8(2)?;
        self.0.action.encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Doubled {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        Operation::decode(d, ctx).map(Self)
    }
}

impl Payload for Doubled {
    const DOMAIN: &'static str = Operation::DOMAIN;
    const MAX_BYTES: usize = Operation::MAX_BYTES;
}

/// The same with zeros for a signature, which is the last 64 bytes.
fn unsigned(signed: &[u8]) -> Vec<u8> {
    [&signed[..signed.len() - 64], &[0; 64]].concat()
}

fn changed(signed: &[u8]) -> Vec<u8> {
    let mut bytes = signed.to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    bytes
}

/// Adds the order of the group to S: the same equation holds, and RFC 8032 §5.1.7 forbids it.
fn malleated(signed: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bytes = signed.to_vec();
    let start = bytes.len() - ORDER.len();
    let mut carry = 0;
    for (byte, more) in bytes[start..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(more) + carry;
        [*byte, _] = sum.to_le_bytes();
        carry = sum >> 8;
    }
    bytes
}

#[tokio::test]
async fn forged_operations_change_nothing_however_a_member_brings_them() -> anyhow::Result<()> {
    let cast = Cast::set().await?;
    let doors = cast.scene.doors_of(&cast.scene.bob).await?;
    let door = &doors[0];
    let (_, ledger) = cast.scene.enter(&cast.mallory, door).await?;
    let before = cast.truth(door).await?;

    for (what, forged) in cast.forgeries(&ledger)? {
        let forged = [forged];
        cast.tell(door, &forged).await?;
        assert_eq!(cast.truth(door).await?, before, "told {what}");

        let word = cast.bring(door, &forged).await?;
        assert_eq!(
            word,
            Step::Refused(RefusalReason::BadFrame),
            "brought {what}"
        );
        assert_eq!(cast.truth(door).await?, before, "brought {what}");
    }

    // Nothing was wrong with the ways: what Carol really signs is taken on both.
    let mut ledger = ledger;
    for (number, way) in ["told", "brought"].into_iter().enumerate() {
        let guest = Attacker::new(40 + u8::try_from(number)?);
        let name = format!("Guest {number}").parse()?;
        let (carol, role) = (cast.carol.key(), Role::Member);
        let genuine = ledger.author_add(carol, guest.account(), name, role, now())?;
        ledger.insert(&genuine)?;
        if way == "told" {
            cast.tell(door, &[genuine]).await?;
        } else {
            cast.bring(door, &[genuine]).await?;
        }
        eventually(PATIENCE, way, || async {
            let (_, members) = cast.truth(door).await?;
            Ok(members.to_string().contains(&guest.peer()).then_some(()))
        })
        .await?;
    }
    cast.scene.agreed().await
}

#[tokio::test]
async fn what_a_removed_admin_signs_as_if_nothing_had_happened_is_void() -> anyhow::Result<()> {
    let cast = Cast::set().await?;
    let doors = cast.scene.doors_of(&cast.scene.bob).await?;
    let door = &doors[0];
    let (_, ledger) = cast.scene.enter(&cast.mallory, door).await?;
    let (log, members) = cast.truth(door).await?;
    // What it knew while it was an admin.
    let mut past = cast.scene.genesis.clone();
    for (_, operation) in ledger.operations() {
        if !past.roster().is_admin(cast.former.account()) {
            past.insert(operation.bytes())?;
        }
    }
    let network = cast.scene.id();
    let backdated = forgery::operation(&past, network, cast.addition()?, now(), cast.former.key())?;

    cast.bring(door, &[backdated]).await?;

    let (longer, same) = cast.truth(door).await?;
    assert_eq!(longer.len(), log.len() + 1, "it is well-formed and kept");
    assert_eq!(same, members, "and changes nothing");
    for door in &doors {
        let (_, verdict) = cast
            .stranger
            .knock(&door.address, &cast.scene.genesis)
            .await?;
        assert_eq!(verdict, Verdict::Refused(RefusalReason::NotListed));
    }
    Ok(())
}

#[tokio::test]
async fn floods_at_the_gate_cost_no_memory_and_nobody_elses_time() -> anyhow::Result<()> {
    const MIB: usize = 1024 * 1024;
    let cast = Cast::set().await?;
    let scene = &cast.scene;
    let doors = scene.doors_of(&scene.bob).await?;
    let (_, ledger) = scene.enter(&cast.mallory, &doors[0]).await?;
    let id = scene.bob.process().context("a process")?;
    let before = process::resident(id);

    for door in &doors {
        // Ten megabytes in one frame, from somebody who is nobody and from a member.
        for who in [&cast.stranger, &cast.mallory] {
            for _ in 0..8 {
                let mut wire = who.connect(&door.address).await?;
                // It is cut off while it writes, or right after.
                let _ = wire.say(&vec![0; 10 * MIB]).await;
                wire.ended(CUT_OFF).await?;
            }
        }
        // A hundred thousand operations, as many as fit into each frame.
        let operations = ledger.operations().skip(1);
        let known: Vec<Vec<u8>> = operations.map(|(_, it)| it.bytes().to_vec()).collect();
        let known: Vec<Vec<u8>> = known.into_iter().cycle().take(1_500).collect();
        let begun = std::time::Instant::now();
        for _ in 0..100_000 / known.len() / doors.len() {
            if begun.elapsed() > Duration::from_secs(5) {
                break;
            }
            cast.bring(door, &known).await?;
        }
    }

    let grown = process::resident(id) - before;
    assert!(grown < 32.0, "Bob grew by {grown:.1} MiB");
    let text =
        json!({ "network": scene.network, "peer": scene.bob.peer(), "text": "Still there?" });
    let sent = scene.alice.call("message_send", text).await?;
    eventually(CUT_OFF, "Bob's receipt", || async {
        let page = json!({ "network": scene.network, "peer": scene.bob.peer() });
        let list = scene.alice.call("messages_list", page).await?;
        let mut list = list.as_array().into_iter().flatten();
        Ok(list
            .any(|it| it["id"] == sent["id"] && it["state"] == "delivered")
            .then_some(()))
    })
    .await
}
