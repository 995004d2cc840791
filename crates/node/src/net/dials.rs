//! Dials under way: who waits for which, and which addresses are being tried.

use std::collections::HashMap;

use libp2p::{Multiaddr, PeerId, swarm::ConnectionId};
use tokio::sync::oneshot;

use super::link::DialError;

/// Peers that are dialled at once.
const MAX_PEERS: usize = 256;
/// Dials of one peer at once, each at other addresses.
const MAX_TRIES: usize = 4;
/// Callers that wait for one peer.
const MAX_WAITING: usize = 64;

/// Where the outcome of a dial goes.
type Reply = oneshot::Sender<Result<(), DialError>>;

/// What a caller's wish comes to.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Joined {
    /// Nobody dials the peer yet.
    First(Vec<Multiaddr>),
    /// The peer is being dialled, but not at these addresses.
    More(Vec<Multiaddr>),
    /// What is under way is waited for, or the caller has its answer.
    Waits,
}

/// Everybody who is being dialled.
#[derive(Debug, Default)]
pub(super) struct Dials {
    peers: HashMap<PeerId, Peer>,
}

#[derive(Debug, Default)]
struct Peer {
    tries: HashMap<ConnectionId, Vec<Multiaddr>>,
    waiting: Vec<Reply>,
    was_refused: bool,
}

impl Dials {
    /// Has a caller wait for a connection to `peer`, and tells what more there is to dial.
    ///
    /// A try at a place where nobody answers takes seconds; it does not hold up one at another.
    pub(super) fn join(&mut self, peer: PeerId, addresses: Vec<Multiaddr>, reply: Reply) -> Joined {
        let is_full = self.peers.len() >= MAX_PEERS && !self.peers.contains_key(&peer);
        let under_way = if is_full {
            None
        } else {
            Some(self.peers.entry(peer).or_default())
        };
        let Some(under_way) = under_way.filter(|it| it.waiting.len() < MAX_WAITING) else {
            let _ = reply.send(Err(DialError::Busy));
            return Joined::Waits;
        };
        under_way.waiting.push(reply);
        if under_way.tries.is_empty() {
            return Joined::First(addresses);
        }
        let is_tried =
            |address: &Multiaddr| under_way.tries.values().any(|it| it.contains(address));
        let fresh: Vec<_> = addresses.into_iter().filter(|it| !is_tried(it)).collect();
        if fresh.is_empty() || under_way.tries.len() >= MAX_TRIES {
            return Joined::Waits;
        }
        Joined::More(fresh)
    }

    /// A dial begins.
    pub(super) fn begin(&mut self, peer: PeerId, id: ConnectionId, addresses: Vec<Multiaddr>) {
        if let Some(peer) = self.peers.get_mut(&peer) {
            peer.tries.insert(id, addresses);
        }
    }

    /// A connection to `peer` is there: whoever waits has it.
    pub(super) fn succeeded(&mut self, peer: &PeerId) {
        self.end(peer, Ok(()));
    }

    /// A dial came to nothing; whoever waits hears of it with the last.
    pub(super) fn failed(&mut self, peer: &PeerId, id: ConnectionId, error: DialError) {
        let Some(under_way) = self.peers.get_mut(peer) else {
            return;
        };
        if under_way.tries.remove(&id).is_none() {
            return;
        }
        under_way.was_refused |= error == DialError::Refused;
        if under_way.tries.is_empty() {
            let error = if under_way.was_refused {
                DialError::Refused
            } else {
                error
            };
            self.end(peer, Err(error));
        }
    }

    fn end(&mut self, peer: &PeerId, outcome: Result<(), DialError>) {
        let waiting = self.peers.remove(peer).map(|peer| peer.waiting);
        for reply in waiting.unwrap_or_default() {
            let _ = reply.send(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(port: u16) -> Multiaddr {
        format!("/ip4/192.0.2.7/tcp/{port}").parse().unwrap()
    }

    fn id(number: usize) -> ConnectionId {
        ConnectionId::new_unchecked(number)
    }

    fn waiter() -> (Reply, oneshot::Receiver<Result<(), DialError>>) {
        oneshot::channel()
    }

    #[test]
    fn a_try_at_a_place_where_nobody_is_does_not_hold_up_one_at_another() {
        let (mut dials, peer) = (Dials::default(), PeerId::random());
        let (first, mut heard_first) = waiter();
        assert_eq!(
            dials.join(peer, vec![place(1)], first),
            Joined::First(vec![place(1)])
        );
        dials.begin(peer, id(1), vec![place(1)]);

        let (second, mut heard_second) = waiter();
        let joined = dials.join(peer, vec![place(1), place(2)], second);

        assert_eq!(joined, Joined::More(vec![place(2)]));
        dials.begin(peer, id(2), vec![place(2)]);
        dials.succeeded(&peer);
        assert_eq!(heard_first.try_recv(), Ok(Ok(())));
        assert_eq!(heard_second.try_recv(), Ok(Ok(())));
    }

    #[test]
    fn failure_is_told_with_the_last_try_and_a_refusal_outweighs_silence() {
        let (mut dials, peer) = (Dials::default(), PeerId::random());
        let (reply, mut heard) = waiter();
        dials.join(peer, vec![place(1)], reply);
        dials.begin(peer, id(1), vec![place(1)]);
        dials.begin(peer, id(2), vec![place(2)]);

        dials.failed(&peer, id(1), DialError::Refused);
        assert!(heard.try_recv().is_err(), "another try is under way");
        dials.failed(&peer, id(2), DialError::Unreachable);

        assert_eq!(heard.try_recv(), Ok(Err(DialError::Refused)));
        assert!(dials.peers.is_empty());
    }

    #[test]
    fn peers_tries_and_callers_are_bounded() {
        let (mut dials, peer) = (Dials::default(), PeerId::random());
        for number in 0..MAX_WAITING {
            let joined = dials.join(
                peer,
                vec![place(u16::try_from(number).unwrap())],
                waiter().0,
            );
            if let Joined::First(addresses) | Joined::More(addresses) = joined {
                dials.begin(peer, id(number), addresses);
            }
        }
        assert_eq!(dials.peers[&peer].tries.len(), MAX_TRIES);
        let (late, mut heard) = waiter();
        assert_eq!(dials.join(peer, vec![place(1)], late), Joined::Waits);
        assert_eq!(heard.try_recv(), Ok(Err(DialError::Busy)));

        for _ in 1..MAX_PEERS {
            dials.join(PeerId::random(), vec![place(1)], waiter().0);
        }
        let (late, mut heard) = waiter();
        assert_eq!(
            dials.join(PeerId::random(), vec![place(1)], late),
            Joined::Waits
        );
        assert_eq!(heard.try_recv(), Ok(Err(DialError::Busy)));
    }
}
