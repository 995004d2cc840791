//! A private network of a person who leads it, another person, a hub and a device.

use std::time::Duration;

use anyhow::{Context, bail};
use futures::future::try_join_all;
use serde_json::{Value, json};
use streembit_gate::Ledger;
use streembit_identity::NetworkId;
use streembit_identity::link::{Link, NetworkLink};
use streembit_tests::attacker::{Attacker, Verdict, Wire};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually};

/// Within which a refused or removed node is cut off.
pub(crate) const CUT_OFF: Duration = Duration::from_secs(5);

/// The transports of our nodes, as their addresses name them.
const TRANSPORTS: [&str; 2] = ["/tcp/", "/quic-v1"];

/// The network and everybody in it.
pub(crate) struct Scene {
    pub(crate) place: Place,
    /// The network's id, as commands take it.
    pub(crate) network: String,
    /// What its link says: enough to knock, and no more.
    pub(crate) genesis: Ledger,
    pub(crate) alice: NodeProcess,
    pub(crate) bob: NodeProcess,
    /// An always-on node and a device, in tests of every kind of node.
    pub(crate) others: Vec<NodeProcess>,
}

/// One way into the network: a node and one of its addresses there.
pub(crate) struct Door<'a> {
    pub(crate) node: &'a NodeProcess,
    pub(crate) address: String,
}

impl std::fmt::Debug for Door<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.node.name(), self.address)
    }
}

impl Scene {
    /// Alice and Bob, both at their desktop's core.
    pub(crate) async fn of_two() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let (alice, bob) =
            tokio::try_join!(place.node("Alice").start(), place.node("Bob").start())?;
        Self::found(place, alice, bob, Vec::new()).await
    }

    /// Alice, Bob, a hub and a device.
    pub(crate) async fn of_every_kind() -> anyhow::Result<Self> {
        let place = Place::new()?;
        let (alice, bob, hub, device) = tokio::try_join!(
            place.node("Alice").start(),
            place.node("Bob").start(),
            place.node("Hub").kind("hub").start(),
            place.node("Device").kind("device").start(),
        )?;
        Self::found(place, alice, bob, vec![hub, device]).await
    }

    async fn found(
        place: Place,
        alice: NodeProcess,
        bob: NodeProcess,
        others: Vec<NodeProcess>,
    ) -> anyhow::Result<Self> {
        let made = alice
            .call("network_create", json!({ "name": "Home" }))
            .await?;
        let network = made["network"].as_str().context("an id")?.to_owned();
        let link = link_of(&alice, &network).await?;
        let genesis = Ledger::from_genesis(&link.genesis)?;
        let scene = Self {
            place,
            network,
            genesis,
            alice,
            bob,
            others,
        };
        for (node, role) in scene.nodes().skip(1).zip(["member", "hub", "device"]) {
            scene.add(node.peer(), node.name(), role).await?;
            scene.join(node, &scene.alice).await?;
        }
        scene.agreed().await?;
        Ok(scene)
    }

    /// Everybody, Alice first.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &NodeProcess> {
        [&self.alice, &self.bob].into_iter().chain(&self.others)
    }

    /// The network's id.
    pub(crate) fn id(&self) -> NetworkId {
        self.genesis.network()
    }

    /// The protocols that nodes of the network speak among themselves.
    pub(crate) fn protocols(&self) -> Vec<String> {
        let own = |part| format!("/streembit/{}/{part}/1", self.id().short());
        let mut all: Vec<String> = ["id", "kad", "msg"].into_iter().map(own).collect();
        all.push("/ipfs/ping/1.0.0".to_owned());
        all
    }

    /// The protocol of requests.
    pub(crate) fn requests(&self) -> String {
        format!("/streembit/{}/msg/1", self.id().short())
    }

    /// Every node over every transport.
    pub(crate) async fn doors(&self) -> anyhow::Result<Vec<Door<'_>>> {
        let each = self.nodes().map(|node| self.doors_of(node));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    /// One node over every transport.
    pub(crate) async fn doors_of<'a>(
        &self,
        node: &'a NodeProcess,
    ) -> anyhow::Result<Vec<Door<'a>>> {
        eventually(PATIENCE, "an address over each transport", || async {
            let all = node.addresses_in(&self.network).await?;
            let doors: Vec<Door<'_>> = TRANSPORTS
                .iter()
                .filter_map(|name| all.iter().find(|address| address.contains(name)))
                .map(|address| Door {
                    node,
                    address: address.clone(),
                })
                .collect();
            Ok((doors.len() == TRANSPORTS.len()).then_some(doors))
        })
        .await
    }

    /// Has Alice list an account.
    pub(crate) async fn add(&self, peer: &str, name: &str, role: &str) -> anyhow::Result<()> {
        let member = json!({ "network": self.network, "peer": peer, "name": name, "role": role });
        self.alice.call("member_add", member).await?;
        Ok(())
    }

    /// Has Alice remove an account.
    pub(crate) async fn remove(&self, peer: &str) -> anyhow::Result<Value> {
        let who = json!({ "network": self.network, "peer": peer });
        self.alice.call("member_remove", who).await
    }

    /// Lets `who` knock at `at`.
    pub(crate) async fn join(&self, who: &NodeProcess, at: &NodeProcess) -> anyhow::Result<()> {
        self.doors_of(at).await?;
        let link = Link::Network(link_of(at, &self.network).await?).to_string();
        who.call("network_join", json!({ "link": link })).await?;
        Ok(())
    }

    /// The ids of the operations that `node` knows, newest first.
    pub(crate) async fn log_of(&self, node: &NodeProcess) -> anyhow::Result<Vec<Value>> {
        let page = json!({ "network": self.network, "limit": 200 });
        let log = node.call("network_log", page).await?;
        let entries = log.as_array().context("no log")?;
        Ok(entries.iter().map(|entry| entry["id"].clone()).collect())
    }

    /// Waits until everybody knows the same operations as Alice.
    pub(crate) async fn agreed(&self) -> anyhow::Result<()> {
        for node in self.nodes() {
            let what = format!("{} knowing what Alice knows", node.name());
            eventually(PATIENCE, &what, || async {
                let (own, hers) = (self.log_of(node).await?, self.log_of(&self.alice).await?);
                Ok((own == hers).then_some(()))
            })
            .await?;
        }
        Ok(())
    }

    /// Whether `node` has a connection with an account.
    pub(crate) async fn has_peer(&self, node: &NodeProcess, peer: &str) -> anyhow::Result<bool> {
        let peers = node
            .call("network_peers", json!({ "network": self.network }))
            .await?;
        let mut peers = peers.as_array().into_iter().flatten();
        Ok(peers.any(|it| it["peer"] == peer))
    }

    /// Waits until `node` has a connection with `other`.
    pub(crate) async fn connected(
        &self,
        node: &NodeProcess,
        other: &NodeProcess,
    ) -> anyhow::Result<()> {
        let what = format!("{} connected with {}", node.name(), other.name());
        eventually(PATIENCE, &what, || async {
            Ok(self.has_peer(node, other.peer()).await?.then_some(()))
        })
        .await
    }

    /// The refusals of `node` in which `field` is `value`.
    pub(crate) async fn refusals(
        &self,
        node: &NodeProcess,
        field: &str,
        value: &str,
    ) -> anyhow::Result<Vec<Value>> {
        let log = node
            .call("gate_log", json!({ "network": self.network, "limit": 200 }))
            .await?;
        let entries = log.as_array().context("no log")?.iter();
        Ok(entries.filter(|it| it[field] == value).cloned().collect())
    }

    /// Waits until the gate log of `node` has an entry about that attacker's node, and returns all.
    pub(crate) async fn refused(
        &self,
        node: &NodeProcess,
        attacker: &Attacker,
    ) -> anyhow::Result<Vec<Value>> {
        let name = attacker.node()?;
        eventually(PATIENCE, "a line in the gate log", || async {
            let lines = self.refusals(node, "node", &name).await?;
            Ok((!lines.is_empty()).then_some(lines))
        })
        .await
    }

    /// Lets a raw member in at a door, with everything that the network tells its members.
    pub(crate) async fn enter(
        &self,
        who: &Attacker,
        door: &Door<'_>,
    ) -> anyhow::Result<(Wire, Ledger)> {
        let (wire, verdict) = who.knock(&door.address, &self.genesis).await?;
        let Verdict::Admitted(operations) = verdict else {
            bail!("{door:?} gave {verdict:?}");
        };
        let mut ledger = self.genesis.clone();
        for operation in operations {
            ledger.insert(&operation)?;
        }
        Ok((wire, ledger))
    }
}

/// What the link says that a member gives out: genesis and addresses, no secret.
pub(crate) async fn link_of(node: &NodeProcess, network: &str) -> anyhow::Result<NetworkLink> {
    let made = node
        .call("network_link", json!({ "network": network }))
        .await?;
    let link = Link::parse(made["link"].as_str().context("a link")?)?;
    let Link::Network(link) = link else {
        bail!("{link} leads into no network");
    };
    Ok(link)
}
