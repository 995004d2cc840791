//! The host's side: a window that is open for a while, or until its owner has heard.

use std::{str::FromStr, sync::Arc, time::Duration};

use libp2p::Multiaddr;
use serde_json::Value;
use streembit_identity::{Kind, LinkSecret, PeerKind, link::ClaimLink};
use streembit_store::Claimed;
use streembit_things::claim::{
    ClaimCommit, ClaimDone, ClaimOffer, ClaimRequest, ClaimWindow, Offer, decode, encode,
};
use tokio::sync::mpsc;
use tracing::{info, warn};

use super::{
    HEARD, OpenWindow, accept,
    swarm::{CLAIM, Swarm},
};
use crate::{
    devices::DeviceError,
    net::link::{NetEvent, Responder},
    node::Node,
    wire::{self, Refusal},
};

/// The setting that keeps where the last window was open.
const LISTEN: &str = "claim.listen";

/// Titles that an offer names.
const MAX_TITLES: usize = 64;

/// Opens a window, if this is a host that nobody owns.
pub(super) fn open(node: &Node, time: Duration) -> Result<(), DeviceError> {
    let me = node.me();
    if me.kind == PeerKind::Human || node.0.devices.host().is_none() {
        return Ok(());
    }
    let mut secret = [0; 16];
    getrandom::fill(&mut secret).map_err(|error| DeviceError::Internal(error.to_string()))?;
    let secret = LinkSecret::from_bytes(secret);
    let window = ClaimWindow::open(me.account, secret.clone(), node.now(), time);
    let link = ClaimLink {
        host: me.account,
        node: me.node,
        addresses: Vec::new(),
        secret,
        title: node.name(),
    };
    let claim_network = streembit_identity::NetworkId::NONE;
    let listen = node.listen_addresses(claim_network, &[]);
    begin(node, window, Some(link), &listen)
}

/// Lets the owner ask once more whether the claim was kept, until it has heard.
pub(super) async fn confirm(node: &Node, claimed: Claimed) -> Result<(), DeviceError> {
    if node.store().setting(HEARD).await? == Some(Value::Bool(true)) {
        return Ok(());
    }
    let window = ClaimWindow::confirming(node.me().account, claimed.owner);
    let stored = node.store().setting(LISTEN).await?.unwrap_or_default();
    let texts = stored
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let listen: Vec<_> = texts
        .filter_map(|text| Multiaddr::from_str(text).ok())
        .collect();
    begin(node, window, None, &listen)
}

fn begin(
    node: &Node,
    window: ClaimWindow,
    link: Option<ClaimLink>,
    listen: &[Multiaddr],
) -> Result<(), DeviceError> {
    let claims = node.0.devices.claims();
    // The one before ends first: it may hold the ports.
    claims.replace(None);
    let stop = node.stop_token();
    let (swarm, events) = Swarm::start(node, CLAIM, node.me().node, listen, &stop)
        .map_err(|error| DeviceError::Internal(error.to_string()))?;
    let until = window.closes_at();
    claims.replace(Some(OpenWindow {
        link,
        stop: stop.clone(),
        swarm: swarm.clone(),
        until,
    }));
    info!("Waiting to be claimed");
    let desk = Desk {
        node: node.clone(),
        swarm,
        window,
    };
    node.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = desk.serve(events) => stop.cancel(),
        }
    });
    Ok(())
}

/// Answers claimers, one after the other.
struct Desk {
    node: Node,
    swarm: Arc<Swarm>,
    window: ClaimWindow,
}

impl Desk {
    /// Serves until the window closes; once the host is owned, until the owner has heard.
    async fn serve(mut self, mut events: mpsc::Receiver<NetEvent>) {
        loop {
            let now = self.node.now();
            let is_over = now >= self.window.closes_at();
            let left = self
                .window
                .closes_at()
                .since(now)
                .min(Duration::from_secs(3_600));
            tokio::select! {
                () = tokio::time::sleep(left) => {
                    if is_over || self.is_shut() {
                        info!("The claim window closed");
                        return;
                    }
                }
                event = events.recv() => match event {
                    Some(NetEvent::Request { node, frame, responder, .. }) => {
                        self.answer(&node, &frame.bytes, responder).await;
                    }
                    Some(NetEvent::Listening) => self.keep_listening().await,
                    Some(
                        NetEvent::Connected { .. }
                        | NetEvent::Disconnected { .. }
                        | NetEvent::Identified { .. }
                        | NetEvent::Routable,
                    ) => {}
                    None => return,
                }
            }
        }
    }

    /// An owned host goes on confirming; any other is shut once its time is over.
    fn is_shut(&self) -> bool {
        let is_owned = self
            .node
            .0
            .devices
            .host()
            .is_some_and(|host| host.owner().is_some());
        !is_owned && !self.window.is_open(self.node.now())
    }

    /// Keeps the ports, so that a claimer that was cut off finds them again after a restart.
    async fn keep_listening(&self) {
        self.swarm.listens();
        let addresses = self
            .swarm
            .listening()
            .iter()
            .map(|a| Value::from(a.to_string()))
            .collect();
        let setting = [(LISTEN.to_owned(), Value::Array(addresses))].into();
        if let Err(error) = self.node.store().set_settings(setting).await {
            warn!(%error, "Could not keep the ports of the claim window");
        }
    }

    async fn answer(
        &mut self,
        from: &streembit_identity::NodeId,
        frame: &[u8],
        responder: Responder,
    ) {
        let reply = match self.swarm.accept(&self.node, from, frame) {
            Some(envelope) if envelope.kind == Kind::ClaimRequest => {
                let body = self.on_request(envelope.from, &envelope.body);
                body.map(|body| (envelope.from, Kind::ClaimOffer, body))
            }
            Some(envelope) if envelope.kind == Kind::ClaimCommit => {
                let body = self.on_commit(envelope.from, &envelope.body).await;
                body.map(|body| (envelope.from, Kind::ClaimDone, body))
            }
            Some(_) | None => None,
        };
        let sealed =
            reply.and_then(|(to, kind, body)| self.swarm.seal(&self.node, to, kind, body).ok());
        let frame = sealed.map_or_else(
            || wire::refusal(Refusal::Invalid),
            |sealed| wire::answer(&sealed),
        );
        responder.respond(frame).await;
    }

    fn on_request(&mut self, from: streembit_identity::AccountId, body: &[u8]) -> Option<Vec<u8>> {
        let wish: ClaimRequest = decode(body).ok()?;
        let answer = match self.window.request(from, &wish, self.node.now()) {
            Ok(()) => {
                info!(%from, "Somebody is about to claim this device");
                ClaimOffer::Offer(self.offer())
            }
            Err(refusal) => {
                warn!(%from, %refusal, "Refused to be claimed");
                ClaimOffer::Refused(refusal)
            }
        };
        Some(encode(&answer))
    }

    fn offer(&self) -> Offer {
        let host = self.node.0.devices.host();
        let titles = host.into_iter().flat_map(|host| host.served());
        let titles = titles.map(|thing| thing.description().title().chars().take(64).collect());
        Offer {
            name: self.node.name(),
            kind: self.node.me().kind,
            things: titles.take(MAX_TITLES).collect(),
            certificate: self.node.me().certificate.bytes().to_vec().into(),
        }
    }

    async fn on_commit(
        &mut self,
        from: streembit_identity::AccountId,
        body: &[u8],
    ) -> Option<Vec<u8>> {
        let commit: ClaimCommit = decode(body).ok()?;
        let attempt = commit.attempt;
        let answer = match self.window.commit(from, attempt, self.node.now()) {
            Ok(true) => match accept::persist(&self.node, from, commit).await {
                Ok(addresses) => {
                    self.window.committed(from, attempt);
                    ClaimDone::Done(attempt, addresses)
                }
                Err(refusal) => {
                    self.window.abandoned();
                    ClaimDone::Refused(refusal)
                }
            },
            Ok(false) => accept::confirm(&self.node, from, &commit).await,
            Err(refusal) => ClaimDone::Refused(refusal),
        };
        Some(encode(&answer))
    }
}
