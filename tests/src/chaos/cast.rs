//! Who takes part: three people and a hub that keeps for them, each on a machine of their own.

use anyhow::Context;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::dice::Dice;
use crate::cable::Cable;
use crate::node::Draft;
use crate::{Home, NodeProcess, PATIENCE, Place, eventually};

/// How many write.
pub(super) const PEOPLE: usize = 3;
/// The machine of the hub, behind those of the people.
pub(super) const HUB: usize = PEOPLE;
const NAMES: [&str; PEOPLE + 1] = ["Alice", "Bob", "Cora", "Hall"];
/// How far a clock may be off, in seconds: two differ by less than what envelopes bear (10 min).
const SKEW: usize = 240;

/// Everybody, and what they share.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) cable: Cable,
    pub(super) group: String,
    pub(super) network: String,
    /// The accounts of the people.
    pub(super) peers: Vec<String>,
    players: Vec<Mutex<Player>>,
    place: Place,
}

/// One of them: running, or about to.
#[derive(Debug)]
enum Player {
    Up(Box<NodeProcess>),
    Down(Draft),
    /// A start or an end has failed.
    Lost,
}

impl Cast {
    /// Starts everybody, makes them members of one network and of one group.
    pub(super) async fn gather() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let cable = Cable::with(NAMES.len()).await?;
        let mut nodes = Vec::new();
        for (number, name) in NAMES.into_iter().enumerate() {
            let kind = if number == HUB { "hub" } else { "human" };
            let draft = place.node(name).kind(kind).program("hooked-node");
            nodes.push(draft.on(cable.machine(number)?).start().await?);
        }
        let [alice, others @ .., hub] = nodes.as_slice() else {
            anyhow::bail!("too few");
        };
        let home = Home::create(alice).await?;
        home.admit(alice, hub, "hub").await?;
        for other in others {
            home.admit(alice, other, "member").await?;
            home.connected(other, hub).await?;
        }
        for node in [alice].into_iter().chain(others) {
            eventually(PATIENCE, "the hub holds its record", || async {
                let log = node.log();
                let mut lines = log.lines().filter(|it| it.contains("Published the own"));
                Ok(lines.any(|it| !it.contains("holders=0")).then_some(()))
            })
            .await?;
        }
        let peers: Vec<String> = nodes.iter().map(|node| node.peer().to_owned()).collect();
        let peers = peers.into_iter().take(PEOPLE).collect::<Vec<_>>();
        let group = begin(alice, &home, &peers).await?;
        for node in nodes.iter().take(PEOPLE) {
            eventually(PATIENCE * 2, "everybody is in the group", || async {
                let all = node.call("groups_list", json!({})).await?;
                let mut all = all.as_array().into_iter().flatten();
                let whole = |it: &Value| {
                    let members = it.get("members").and_then(Value::as_array);
                    members.is_some_and(|members| members.len() == PEOPLE)
                };
                Ok(all.any(whole).then_some(()))
            })
            .await?;
        }
        let players = nodes
            .into_iter()
            .map(|node| Mutex::new(Player::Up(Box::new(node))));
        Ok(Self {
            cable,
            group,
            network: home.network,
            peers,
            players: players.collect(),
            place,
        })
    }

    /// What somebody is called.
    pub(super) fn name(number: usize) -> &'static str {
        NAMES.get(number).copied().unwrap_or_default()
    }

    /// Where the data of somebody lie.
    pub(super) fn folder(&self, number: usize) -> std::path::PathBuf {
        self.place.node(Self::name(number)).folder()
    }

    /// Kills a process, as a power cut would; false if it was down.
    pub(super) async fn kill(&self, number: usize) -> anyhow::Result<bool> {
        let mut player = self.player(number)?.lock().await;
        match std::mem::replace(&mut *player, Player::Lost) {
            Player::Up(node) => {
                *player = Player::Down(node.kill().await?);
                Ok(true)
            }
            other @ (Player::Down(_) | Player::Lost) => {
                *player = other;
                Ok(false)
            }
        }
    }

    /// Starts whoever is down, with another clock if the dice say so; true if it was set.
    pub(super) async fn revive(
        &self,
        number: usize,
        dice: Option<&mut Dice>,
    ) -> anyhow::Result<bool> {
        let mut player = self.player(number)?.lock().await;
        match std::mem::replace(&mut *player, Player::Lost) {
            Player::Down(draft) => {
                let (draft, is_set) = match dice {
                    Some(dice) => {
                        let skew = dice.below(2 * SKEW + 1) as i64 - SKEW as i64;
                        (
                            draft.without_hook("time").hook(&format!("time:{skew}")),
                            true,
                        )
                    }
                    None => (draft, false),
                };
                *player = Player::Up(Box::new(draft.start().await?));
                Ok(is_set)
            }
            other @ (Player::Up(_) | Player::Lost) => {
                *player = other;
                Ok(false)
            }
        }
    }

    fn player(&self, number: usize) -> anyhow::Result<&Mutex<Player>> {
        self.players.get(number).context("nobody")
    }
}

/// Has Alice begin a group with everybody.
async fn begin(alice: &NodeProcess, home: &Home, peers: &[String]) -> anyhow::Result<String> {
    let others = peers.iter().filter(|it| *it != alice.peer());
    let others: Vec<&String> = others.collect();
    let wanted = json!({ "network": home.network, "title": "Storm", "peers": others });
    let begun = alice.call("group_create", wanted).await?;
    let group = begun.get("group").and_then(Value::as_str);
    Ok(group.context("no group")?.to_owned())
}
