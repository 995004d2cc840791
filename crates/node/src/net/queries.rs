//! What the actor does for the DHT: lookups, puts, and what peers want us to hold.

use std::time::{Duration, Instant};

use libp2p::{
    PeerId,
    kad::{self, GetRecordOk, InboundRequest, QueryId, QueryResult, Quorum, Record, RecordKey},
};
use streembit_identity::NodeId;
use tokio::sync::oneshot;
use tracing::debug;

use super::{
    actor::{Actor, Lookup, MAX_QUERIES},
    keeper::News,
    link::PutError,
    peer_id,
};
use crate::dht::{check, shelf::MAX_VALUE_BYTES};

/// Answers collected by one lookup.
const MAX_FOUND: usize = 64;

impl Actor {
    pub(super) fn get(
        &mut self,
        key: [u8; 32],
        reply: oneshot::Sender<Vec<(Option<NodeId>, Vec<u8>)>>,
    ) {
        if self.lookups.len() >= MAX_QUERIES {
            let _ = reply.send(Vec::new());
            return;
        }
        let id = self
            .swarm
            .behaviour_mut()
            .kad
            .get_record(RecordKey::new(&key));
        self.lookups.insert(
            id,
            Lookup {
                found: Vec::new(),
                reply,
            },
        );
    }

    pub(super) fn put(
        &mut self,
        key: [u8; 32],
        value: Vec<u8>,
        expires_in: Duration,
        reply: oneshot::Sender<Result<(), PutError>>,
    ) {
        let refused = if value.len() > MAX_VALUE_BYTES {
            Some(PutError::TooLarge)
        } else {
            (self.puts.len() >= MAX_QUERIES).then_some(PutError::Busy)
        };
        if let Some(error) = refused {
            let _ = reply.send(Err(error));
            return;
        }
        let (network, now) = (self.keeper.network(), self.keeper.now());
        let sequence = check::record(&key, &value, &network, now).map(|checked| checked.sequence);
        let key = RecordKey::new(&key);
        let record = Record {
            key: key.clone(),
            value,
            publisher: Some(*self.swarm.local_peer_id()),
            expires: Instant::now().checked_add(expires_in),
        };
        match self
            .swarm
            .behaviour_mut()
            .kad
            .put_record(record, Quorum::One)
        {
            Ok(id) => {
                let shelf = self.swarm.behaviour_mut().kad.store_mut();
                shelf.number(&key, sequence.unwrap_or_default());
                self.puts.insert(id, reply);
            }
            Err(_) => {
                let _ = reply.send(Err(PutError::TooLarge));
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most progress of kad is its own affair"
    )]
    pub(super) fn on_kad(&mut self, event: kad::Event) {
        match event {
            kad::Event::InboundRequest {
                request:
                    InboundRequest::PutRecord {
                        source,
                        record: Some(record),
                        ..
                    },
            } => self.hold(source, record),
            kad::Event::InboundRequest {
                request:
                    InboundRequest::AddProvider {
                        record: Some(record),
                    },
            } => self.post(record),
            kad::Event::OutboundQueryProgressed {
                id, result, step, ..
            } => match result {
                QueryResult::GetRecord(result) => {
                    if let Ok(GetRecordOk::FoundRecord(found)) = result {
                        self.found(id, found);
                    }
                    if step.last {
                        self.finish_lookup(id);
                    }
                }
                QueryResult::GetProviders(Ok(found)) => self.sought(id, found, step.last),
                QueryResult::GetProviders(Err(_)) => self.finish_search(id),
                QueryResult::PutRecord(result) => {
                    if let Some(reply) = self.puts.remove(&id) {
                        let _ = reply.send(result.map(|_| ()).map_err(|_| PutError::NoPeer));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Puts a peer's record on the shelf when it is signed, unexpired, newer, and under its own key.
    fn hold(&mut self, source: PeerId, mut record: Record) {
        let now = self.keeper.now();
        let network = self.keeper.network();
        match check::record(record.key.as_ref(), &record.value, &network, now) {
            Ok(checked) => {
                record.expires = Instant::now().checked_add(checked.expires.since(now));
                let news = checked.subject.map(|account| News::Held {
                    account,
                    sequence: checked.sequence,
                    value: record.value.clone(),
                });
                let shelf = self.swarm.behaviour_mut().kad.store_mut();
                let kept = shelf.keep(record, checked.sequence, source);
                debug!(%source, kept, held = shelf.len(), "Was asked to hold a record");
                if let Some(news) = news.filter(|_| kept) {
                    self.keeper.tell(news);
                }
            }
            Err(error) => {
                debug!(%source, %error, "Refused to hold a record");
                let node = peer_id::to_node(&source).filter(|_| check::is_fault(&error));
                if let Some(node) = node {
                    self.keeper.note_unverifiable(&node);
                }
            }
        }
    }

    /// Puts back a record that was held before the last stop, if it may still be held.
    pub(super) fn hold_again(&mut self, key: [u8; 32], value: Vec<u8>) {
        let now = self.keeper.now();
        let Ok(checked) = check::record(&key, &value, &self.keeper.network(), now) else {
            return;
        };
        let source = *self.swarm.local_peer_id();
        let mut record = Record::new(key.to_vec(), value);
        record.expires = Instant::now().checked_add(checked.expires.since(now));
        let shelf = self.swarm.behaviour_mut().kad.store_mut();
        shelf.keep(record, checked.sequence, source);
    }

    fn found(&mut self, id: QueryId, found: kad::PeerRecord) {
        let Some(lookup) = self.lookups.get_mut(&id) else {
            return;
        };
        if lookup.found.len() >= MAX_FOUND {
            return;
        }
        let from = found.peer.as_ref().and_then(peer_id::to_node);
        lookup.found.push((from, found.record.value));
    }

    fn finish_lookup(&mut self, id: QueryId) {
        if let Some(lookup) = self.lookups.remove(&id) {
            let _ = lookup.reply.send(lookup.found);
        }
    }
}
