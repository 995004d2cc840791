//! Linking another installation: the side that has the account.
//!
//! A throw-away swarm, a secret in a link, one guest, a code that both show. What is handed over is
//! a sealed backup, in pieces that the guest asks for; the link's secret opens it.

pub(crate) mod body;
pub(crate) mod window;

use std::{
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use data_encoding::BASE32_NOPAD;
use minicbor::bytes::ByteVec;
use streembit_identity::{
    AccountId, Kind, LinkSecret, NetworkId, NodeId, Passphrase, Timestamp, link::NodeLink,
};
use thiserror::Error;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use self::window::LinkStage;
use self::{
    body::{LinkAnswer, LinkRequest, Place},
    window::LinkWindow,
};
use crate::{
    chat::body::{decode, encode},
    claim::swarm::{LINK, Swarm},
    event::Event,
    net::link::{NetEvent, Responder},
    node::Node,
    profile::ProfileError,
    reach::full_addresses,
    wire::{self, Refusal},
};

/// Bytes of the sealed backup in one answer.
pub(crate) const PIECE: usize = 192 * 1024;

/// How often the window looks at the clock.
const TICK: Duration = Duration::from_secs(1);

/// Addresses of one network that an answer carries.
const MAX_ADDRESSES: usize = 8;

/// Linking failed because …
#[derive(Debug, Error)]
pub enum LinkError {
    /// the code was another one.
    #[error("the other computer shows another code, or none: nothing was handed over")]
    Code,
    /// there is nothing to confirm.
    #[error("nobody waits to be linked")]
    NotWaiting,
    /// what is to be handed over could not be written.
    #[error("{0}")]
    Profile(#[from] ProfileError),
    /// the link could not be opened.
    #[error("no link could be made: {0}")]
    Start(String),
}

impl LinkError {
    /// Returns the code that programs decide by.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Code => "denied",
            Self::NotWaiting => "conflict",
            Self::Profile(error) => error.code(),
            Self::Start(_) => "internal",
        }
    }
}

/// A link for another installation.
#[derive(Clone, Debug)]
pub struct LinkOffer {
    /// The link.
    pub link: String,
    /// When it stops being good.
    pub closes_at: Timestamp,
}

/// How far linking is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LinkProgress {
    /// How far.
    pub stage: LinkStage,
    /// The code to compare.
    pub code: Option<String>,
    /// When the link stops being good.
    pub closes_at: Timestamp,
    /// Bytes that the other side has asked for.
    pub sent: u64,
    /// Bytes that there are; none before the code was confirmed.
    pub total: Option<u64>,
}

/// The link that is open, if one is.
#[derive(Debug, Default)]
pub(crate) struct Linking(Mutex<Option<Open>>);

#[derive(Clone, Debug)]
struct Open {
    shared: Arc<Mutex<Shared>>,
    stop: CancellationToken,
}

#[derive(Debug)]
struct Shared {
    window: LinkWindow,
    file: PathBuf,
    secret: LinkSecret,
    sent: u64,
    total: Option<u64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What opens the sealed backup: the link's secret.
pub(crate) fn passphrase(secret: &LinkSecret) -> Passphrase {
    Passphrase::new(BASE32_NOPAD.encode(secret.as_bytes()))
}

impl Node {
    /// Makes a link by which another installation can be linked; the one before ends.
    ///
    /// `file` is where the sealed backup lies while it is handed over.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn node_link(&self, file: PathBuf) -> Result<LinkOffer, LinkError> {
        self.node_link_cancel();
        let _ = std::fs::remove_file(&file);
        let mut secret = [0; 16];
        getrandom::fill(&mut secret).map_err(|error| LinkError::Start(error.to_string()))?;
        let secret = LinkSecret::from_bytes(secret);
        let me = self.me();
        let stop = self.stop_token();
        let listen = self.listen_addresses(NetworkId::NONE, &[]);
        let (swarm, events) = Swarm::start(self, LINK, me.node, &listen, &stop)
            .map_err(|error| LinkError::Start(error.to_string()))?;
        let window = LinkWindow::open((me.account, me.node), secret.clone(), self.now());
        let closes_at = window.closes_at();
        let shared = Arc::new(Mutex::new(Shared {
            window,
            file,
            secret: secret.clone(),
            sent: 0,
            total: None,
        }));
        let open = Open {
            shared: shared.clone(),
            stop: stop.clone(),
        };
        lock(&self.0.linking.0).replace(open);
        let desk = Desk {
            node: self.clone(),
            swarm: swarm.clone(),
            shared,
        };
        self.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = desk.serve(events) => stop.cancel(),
            }
        });
        info!("Waiting for another computer to be linked");
        let link = NodeLink {
            account: me.account,
            node: me.node,
            addresses: swarm.link_addresses().await,
            secret,
            name: self.name(),
        };
        Ok(LinkOffer {
            link: streembit_identity::link::Link::Node(link).to_string(),
            closes_at,
        })
    }

    /// Tells how far linking is; none when no link was made.
    #[must_use]
    pub fn node_link_progress(&self) -> Option<LinkProgress> {
        let open = lock(&self.0.linking.0).clone()?;
        let shared = lock(&open.shared);
        Some(LinkProgress {
            stage: shared.window.stage,
            code: shared.window.code(),
            closes_at: shared.window.closes_at(),
            sent: shared.sent,
            total: shared.total,
        })
    }

    /// Confirms that the other installation shows `code`; then everything is handed over.
    ///
    /// # Errors
    /// See [`LinkError`]; nothing is handed over then, and the link is over.
    pub async fn node_link_confirm(&self, code: &str) -> Result<(), LinkError> {
        let open = lock(&self.0.linking.0).clone();
        let open = open.ok_or(LinkError::NotWaiting)?;
        let (file, secret) = {
            let mut shared = lock(&open.shared);
            if shared.window.stage != LinkStage::Compare {
                return Err(LinkError::NotWaiting);
            }
            if !shared.window.confirm(code, self.now()) {
                self.emit(Event::Account);
                return Err(LinkError::Code);
            }
            (shared.file.clone(), shared.secret.clone())
        };
        self.emit(Event::Account);
        let written = self.account_backup(file, passphrase(&secret)).await;
        let mut shared = lock(&open.shared);
        match written {
            // It was ended meanwhile: nothing of it stays.
            Ok(_) if shared.window.stage == LinkStage::Closed || open.stop.is_cancelled() => {
                let _ = std::fs::remove_file(&shared.file);
                Err(LinkError::NotWaiting)
            }
            Ok(bytes) => {
                shared.total = Some(bytes);
                Ok(())
            }
            Err(error) => {
                shared.window.close();
                Err(error.into())
            }
        }
    }

    /// Ends a link that was made, unless it is done.
    pub fn node_link_cancel(&self) {
        if let Some(open) = lock(&self.0.linking.0).take() {
            lock(&open.shared).window.close();
            open.stop.cancel();
            let _ = std::fs::remove_file(&lock(&open.shared).file);
        }
    }
}

/// Answers whoever shows the link.
struct Desk {
    node: Node,
    swarm: Arc<Swarm>,
    shared: Arc<Mutex<Shared>>,
}

impl Drop for Desk {
    /// However it ends, the sealed backup does not stay.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&lock(&self.shared).file);
    }
}

impl Desk {
    async fn serve(self, mut events: mpsc::Receiver<NetEvent>) {
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                _ = tick.tick() => if self.is_over() { break },
                event = events.recv() => match event {
                    Some(NetEvent::Request { node, frame, responder, .. }) => {
                        self.answer(&node, &frame.bytes, responder).await;
                    }
                    Some(NetEvent::Listening) => self.swarm.listens(),
                    Some(
                        NetEvent::Connected { .. }
                        | NetEvent::Disconnected { .. }
                        | NetEvent::Identified { .. }
                        | NetEvent::Routable,
                    ) => {}
                    None => break,
                }
            }
        }
        self.node.emit(Event::Account);
    }

    fn is_over(&self) -> bool {
        let mut shared = lock(&self.shared);
        if self.node.now() >= shared.window.closes_at() {
            shared.window.close();
        }
        // Whoever is done may still ask whether that was heard, until the time is over.
        shared.window.stage == LinkStage::Closed
    }

    async fn answer(&self, from: &NodeId, frame: &[u8], responder: Responder) {
        let reply = match self.swarm.accept(&self.node, from, frame) {
            Some(envelope) if envelope.kind == Kind::LinkRequest => {
                let guest = (envelope.from, *from);
                decode(&envelope.body).map(|wish| (envelope.from, self.on_request(guest, &wish)))
            }
            Some(_) | None => None,
        };
        let sealed = reply.and_then(|(to, answer)| {
            let body = encode(&answer);
            self.swarm.seal(&self.node, to, Kind::LinkAnswer, body).ok()
        });
        let frame = sealed.map_or_else(
            || wire::refusal(Refusal::Invalid),
            |sealed| wire::answer(&sealed),
        );
        responder.respond(frame).await;
    }

    fn on_request(&self, guest: (AccountId, NodeId), wish: &LinkRequest) -> LinkAnswer {
        let mut shared = lock(&self.shared);
        let before = shared.window.stage;
        let may_have = match shared.window.ask(guest, &wish.proof, self.node.now()) {
            Ok(may_have) => may_have,
            Err(refusal) => {
                warn!(?refusal, "Refused to link a computer");
                return LinkAnswer {
                    is_refused: true,
                    ..LinkAnswer::default()
                };
            }
        };
        if before != shared.window.stage {
            self.node.emit(Event::Account);
        }
        let Some(total) = shared.total.filter(|_| may_have) else {
            return LinkAnswer::default();
        };
        if wish.is_done {
            shared.window.done();
            self.node.emit(Event::Account);
        }
        let mut answer = LinkAnswer {
            total: Some(total),
            ..LinkAnswer::default()
        };
        match wish.offset {
            None => {
                answer.certificate = Some(self.node.me().certificate.bytes().to_vec().into());
                answer.places = Some(places(&self.node));
            }
            Some(offset) => {
                answer.piece = read(&shared.file, offset).map(ByteVec::from);
                shared.sent = shared.sent.max(offset);
                self.node.emit(Event::Account);
            }
        }
        answer
    }
}

fn read(file: &Path, offset: u64) -> Option<Vec<u8>> {
    let mut file = std::fs::File::open(file).ok()?;
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut piece = Vec::new();
    file.take(PIECE as u64).read_to_end(&mut piece).ok()?;
    Some(piece)
}

fn places(node: &Node) -> Vec<Place> {
    let place = |network: &Arc<crate::networks::Network>| {
        let mut addresses = full_addresses(&node.me().node, &network.net().addresses());
        addresses.truncate(MAX_ADDRESSES);
        Place {
            network: network.id().as_bytes().to_vec().into(),
            addresses,
        }
    };
    node.networks().iter().map(place).collect()
}
