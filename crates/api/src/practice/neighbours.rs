//! Who lives in the practice network: a person and a home, each a node of its own on loopback.

use std::{fmt, io, path::Path, time::Duration};

use streembit_gate::Role;
use streembit_identity::{NetworkId, PeerKind};
use streembit_node::{Config, Multiaddr, Node, ThingConfig, profile::Guest};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::task::AbortOnDropHandle;

use super::{
    kept::{self, Kept},
    robin, words,
};
use crate::{Code, Error};

/// Where everybody of the practice network listens.
const HERE: &str = "/ip4/127.0.0.1/tcp/0";

/// How long this node may take to listen in its network.
const LISTENING: Duration = Duration::from_secs(10);

/// The person and the home: label and name.
const ROBIN: (&str, &str) = ("robin", "Robin");
const HOME: (&str, &str) = ("home", "Practice home");

/// What the home has: kind, which is the name as well, and title.
const THINGS: [(&str, &str); 4] = [
    ("lamp", "Practice lamp"),
    ("thermostat", "Practice thermostat"),
    ("sensor", "Practice sensor"),
    ("lock", "Practice door"),
];

/// Those who run; empty while nobody does.
#[derive(Default)]
pub(super) struct Neighbours {
    answering: Option<AbortOnDropHandle<()>>,
    home: Option<Node>,
    robin: Option<Node>,
}

impl fmt::Debug for Neighbours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Neighbours").finish_non_exhaustive()
    }
}

impl Neighbours {
    /// Starts both from their databases in `folder`, new ones where there are none.
    pub(super) async fn start(&mut self, kept: &Kept, folder: &Path) -> Result<(), Error> {
        let (robin, home) = (ROBIN, HOME);
        let guest = |(label, name), kind| {
            Ok::<_, Error>(Guest {
                database: database(folder, label),
                kind,
                label,
                name: kept::name(name)?,
                seed: kept.seed()?,
            })
        };
        let things = THINGS.map(|(kind, title)| ThingConfig {
            driver: "virtual".to_owned(),
            kind: kind.to_owned(),
            name: kind.to_owned(),
            title: Some(title.to_owned()),
        });
        let alone = Config {
            listen: vec![here()?],
            public: false,
            ..Config::default()
        };
        let with_things = Config {
            things: things.into(),
            ..alone.clone()
        };
        self.robin = Some(guest(robin, PeerKind::Human)?.start(alone).await?);
        self.home = Some(guest(home, PeerKind::Device)?.start(with_things).await?);
        Ok(())
    }

    /// Makes Robin a member; the home becomes one when it is claimed.
    pub(super) async fn let_in(&self, node: &Node, network: NetworkId) -> Result<(), Error> {
        let me = self.robin()?.me();
        node.member_add(network, me.account, me.name.clone(), Role::Member)
            .await?;
        Ok(())
    }

    /// Has whoever is a member meet `node` in the network.
    pub(super) async fn join(&self, node: &Node, network: NetworkId) -> Result<(), Error> {
        listening(node, network).await?;
        let link = node.network_link(network)?;
        for neighbour in [&self.robin, &self.home].into_iter().flatten() {
            let me = neighbour.me().account;
            let is_member = node.network(&network).is_some_and(|it| it.has_member(&me));
            if is_member && !neighbour.network_join(&link).await?.is_joined {
                let text = "the practice network did not come together in time";
                return Err(Error::new(Code::Timeout, text));
            }
        }
        Ok(())
    }

    /// Claims the home with its own code, as any device is claimed.
    pub(super) async fn give_home(&self, node: &Node, network: NetworkId) -> Result<(), Error> {
        let home = self.home.as_ref().ok_or_else(nobody)?;
        let offer = home.device_claim_link().await?;
        let things = node.device_claim(&offer.link, network).await?;
        if things.len() < THINGS.len() {
            let text = "the practice devices did not appear in time";
            return Err(Error::new(Code::Timeout, text));
        }
        Ok(())
    }

    /// Lets Robin answer what `node` writes, and say something first where they have just met.
    pub(super) async fn wake_robin(
        &mut self,
        node: &Node,
        network: NetworkId,
        is_new: bool,
    ) -> Result<(), Error> {
        let (robin, friend) = (self.robin()?.clone(), node.me().account);
        if is_new {
            let hello = words::GREETING.to_owned();
            robin
                .message_send(Some(network), friend, hello, None)
                .await?;
        }
        let answering = tokio::spawn(robin::answer(robin, network, friend));
        self.answering = Some(AbortOnDropHandle::new(answering));
        Ok(())
    }

    /// Stops everybody who runs.
    pub(super) async fn stop(&mut self) {
        self.answering = None;
        let (robin, home) = (self.robin.take(), self.home.take());
        let stop = async |node: Option<Node>| {
            if let Some(node) = node {
                node.stop().await;
            }
        };
        tokio::join!(stop(robin), stop(home));
    }

    fn robin(&self) -> Result<&Node, Error> {
        self.robin.as_ref().ok_or_else(nobody)
    }
}

/// Returns where everybody of the practice network listens.
pub(super) fn here() -> Result<Multiaddr, Error> {
    HERE.parse()
        .map_err(|_| Error::new(Code::Internal, format!("{HERE} is no address")))
}

/// Whether the databases of both are in `folder`.
pub(super) fn are_known(folder: &Path) -> bool {
    [ROBIN, HOME]
        .iter()
        .all(|(label, _)| database(folder, label).exists())
}

/// Removes the databases of both with their folder.
pub(super) fn forget(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn database(folder: &Path, label: &str) -> std::path::PathBuf {
    folder.join(format!("{label}.db"))
}

fn nobody() -> Error {
    Error::new(Code::Internal, "nobody lives in the practice network")
}

/// Waits until `node` listens in its own network, so that its link leads somewhere.
async fn listening(node: &Node, network: NetworkId) -> Result<(), Error> {
    let mut events = node.subscribe();
    let is_up = || {
        node.network(&network)
            .is_some_and(|live| !live.net().listening().is_empty())
    };
    let waiting = async {
        while !is_up() {
            // Whatever happened, or was missed: look again.
            if let Err(RecvError::Closed) = events.recv().await {
                return;
            }
        }
    };
    tokio::time::timeout(LISTENING, waiting)
        .await
        .map_err(|_| Error::new(Code::Timeout, "this node did not listen in time"))
}
