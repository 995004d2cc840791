//! What the actor does when connections come, go and tell of themselves.

use std::collections::hash_map::Entry;

use libp2p::{
    Multiaddr, PeerId,
    core::ConnectedPoint,
    identify, kad,
    multiaddr::Protocol,
    ping,
    request_response::{Event as FrameEvent, Message, OutboundFailure},
    swarm::ConnectionId,
};
use streembit_identity::NodeId;
use tracing::{debug, info};

use super::{
    actor::Actor,
    behaviour::BehaviourEvent,
    codec::Frame,
    link::{NetEvent, PeerLink, RequestError, Responder, WayBack},
    peer_id,
};

/// Addresses of one peer taken into the routing table.
const MAX_ADDRESSES: usize = 16;
/// Peers that may say as whom they see us.
const MAX_OBSERVED: usize = 8;

impl Actor {
    pub(super) fn established(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
    ) {
        if let Some(node) = peer_id::to_node(&peer) {
            let session = self.keeper.session_of(&node);
            let dead = self.sessions.opened(peer, connection, session);
            if !dead.is_empty() {
                info!(%node, "Peer started anew");
                self.unlink(node);
            }
            for connection in dead {
                self.swarm.close_connection(connection);
            }
            self.note_link(node, endpoint);
        }
        // Whoever waited for the connection looks at once whose it is.
        self.dials.succeeded(&peer);
    }

    fn note_link(&mut self, node: NodeId, endpoint: &ConnectedPoint) {
        let inbound = endpoint.is_listener();
        self.keeper.observe("established", &node);
        let Some(account) = self.keeper.account_of(&node) else {
            return;
        };
        let address = strip_peer(endpoint.get_remote_address().clone());
        let link = PeerLink {
            account,
            address: address.clone(),
            inbound,
            node,
            rtt: None,
            since: self.keeper.now(),
        };
        let is_first = self
            .sight
            .links
            .write()
            .is_ok_and(|mut links| match links.entry(node) {
                Entry::Occupied(_) => false,
                Entry::Vacant(place) => {
                    place.insert(link);
                    true
                }
            });
        if inbound {
            // Somebody reached us from outside: good enough to serve the DHT.
            self.serve_dht();
        }
        if is_first {
            info!(%node, inbound, "Peer connected");
            self.report(NetEvent::Connected {
                account,
                address,
                inbound,
                node,
            });
        }
    }

    pub(super) fn closed(&mut self, peer: PeerId, cause: Option<String>) {
        let Some(node) = peer_id::to_node(&peer) else {
            return;
        };
        self.keeper.observe("closed", &node);
        self.keeper.forget(&node);
        info!(%node, cause = cause.as_deref().unwrap_or("idle"), "Peer disconnected");
        self.unlink(node);
    }

    fn unlink(&mut self, node: NodeId) {
        let links = self.sight.links.write();
        if let Some(link) = links.ok().and_then(|mut links| links.remove(&node)) {
            self.report(NetEvent::Disconnected {
                account: link.account,
                node,
            });
        }
    }

    pub(super) fn on_behaviour_event(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Guard(never) | BehaviourEvent::Limits(never) => match never {},
            BehaviourEvent::Identify(event) => self.on_identify(event),
            BehaviourEvent::Ping(event) => self.on_ping(event),
            BehaviourEvent::Kad(event) => self.on_kad(event),
            BehaviourEvent::Frames(event) => self.on_frame(event),
            // Streams are handed over by their control.
            BehaviourEvent::Streams(()) => {}
        }
    }

    fn on_identify(&mut self, event: identify::Event) {
        let identify::Event::Received {
            peer_id: peer,
            info,
            ..
        } = event
        else {
            return;
        };
        if let Some(node) = peer_id::to_node(&peer) {
            self.keeper.observe("identified", &node);
            self.observed(node, &info.observed_addr);
        }
        let kad = self.swarm.behaviour().kad.protocol_names();
        if !info.protocols.iter().any(|protocol| kad.contains(protocol)) {
            return;
        }
        if !info.listen_addrs.is_empty() {
            // What it says now takes the place of what it said before: kad bounds no list itself.
            self.swarm.behaviour_mut().kad.remove_peer(&peer);
        }
        let mut addresses = info.listen_addrs;
        addresses.truncate(MAX_ADDRESSES);
        for address in &addresses {
            let kad = &mut self.swarm.behaviour_mut().kad;
            kad.add_address(&peer, address.clone());
        }
        if let Some(node) = peer_id::to_node(&peer)
            && let Some(account) = self.keeper.account_of(&node)
        {
            self.report(NetEvent::Identified {
                account,
                addresses,
                node,
            });
        }
        self.became_routable();
    }

    /// The first entries of the routing table: look around from there.
    fn became_routable(&mut self) {
        if !self.routable {
            self.routable = true;
            // Without known peers there is nothing to start from; identify brings us back here.
            let _ = self.swarm.behaviour_mut().kad.bootstrap();
            self.report(NetEvent::Routable);
        }
    }

    /// Remembers as whom a peer sees us: one address a peer, so that none speaks for all.
    fn observed(&self, by: NodeId, address: &Multiaddr) {
        let (Ok(mut observed), Ok(links)) = (self.sight.observed.write(), self.sight.links.read())
        else {
            return;
        };
        observed.retain(|(node, _)| *node != by);
        if observed.len() >= MAX_OBSERVED {
            let gone = observed
                .iter()
                .position(|(node, _)| !links.contains_key(node));
            let Some(gone) = gone else { return };
            observed.remove(gone);
        }
        observed.push((by, address.clone()));
    }

    fn on_ping(&mut self, event: ping::Event) {
        let rtt = match event.result {
            Ok(rtt) => rtt,
            Err(ping::Failure::Unsupported) => return,
            Err(error @ (ping::Failure::Timeout | ping::Failure::Other { .. })) => {
                // TCP alone would take a dead link for a live one for a quarter of an hour.
                debug!(peer = %event.peer, %error, "A connection shows no sign of life");
                self.swarm.close_connection(event.connection);
                return;
            }
        };
        let Some(node) = peer_id::to_node(&event.peer) else {
            return;
        };
        self.keeper.observe("ping", &node);
        if let Ok(mut links) = self.sight.links.write()
            && let Some(link) = links.get_mut(&node)
        {
            link.rtt = Some(rtt);
        }
    }

    fn on_frame(&mut self, event: FrameEvent<Frame, Vec<u8>>) {
        match event {
            FrameEvent::Message {
                peer,
                message:
                    Message::Request {
                        channel,
                        request,
                        request_id,
                    },
                ..
            } => {
                let way = WayBack {
                    channel,
                    request: request_id,
                };
                self.on_request(peer, request, way);
            }
            FrameEvent::Message {
                message:
                    Message::Response {
                        request_id,
                        response,
                    },
                ..
            } => {
                if let Some(reply) = self.requests.remove(&request_id) {
                    let _ = reply.send(Ok(response));
                }
            }
            FrameEvent::OutboundFailure {
                request_id, error, ..
            } => {
                if let Some(reply) = self.requests.remove(&request_id) {
                    let _ = reply.send(Err(failure(&error)));
                }
            }
            FrameEvent::InboundFailure {
                error, request_id, ..
            } => {
                debug!(%error, "Could not answer a request");
                self.answered(request_id);
            }
            FrameEvent::ResponseSent { request_id, .. } => {
                self.answered(request_id);
            }
        }
    }

    /// Hands a request on, or answers that the node is busy.
    fn on_request(&mut self, peer: PeerId, frame: Frame, way: WayBack) {
        let node = peer_id::to_node(&peer);
        let account = node.and_then(|node| self.keeper.account_of(&node));
        let (Some(node), Some(account)) = (node, account) else {
            return;
        };
        let responder = Responder {
            way,
            commands: self.to_self.clone(),
        };
        let event = NetEvent::Request {
            account,
            frame,
            node,
            responder,
        };
        if let Err(error) = self.events.try_send(event)
            && let NetEvent::Request { responder, .. } = error.into_inner()
        {
            let busy = crate::wire::refusal(crate::wire::Refusal::Busy);
            self.respond(responder.way, busy);
        }
    }

    /// Serves the DHT to others, from now on.
    pub(super) fn serve_dht(&mut self) {
        if !self.serves_dht {
            self.serves_dht = true;
            self.swarm
                .behaviour_mut()
                .kad
                .set_mode(Some(kad::Mode::Server));
        }
    }
}

fn failure(error: &OutboundFailure) -> RequestError {
    match error {
        OutboundFailure::DialFailure => RequestError::Unreachable,
        OutboundFailure::Timeout => RequestError::Timeout,
        OutboundFailure::ConnectionClosed | OutboundFailure::Io(_) => RequestError::Closed,
        OutboundFailure::UnsupportedProtocols => RequestError::Unsupported,
    }
}

/// Returns `address` without a trailing `/p2p/…`.
pub(crate) fn strip_peer(mut address: Multiaddr) -> Multiaddr {
    if matches!(address.iter().last(), Some(Protocol::P2p(_))) {
        address.pop();
    }
    address
}
