//! What the actor does for announcements: its own, those of others that it holds, and searches.

use std::{
    collections::{BTreeSet, HashSet},
    time::{Duration, Instant},
};

use libp2p::{
    PeerId,
    kad::{GetProvidersOk, ProviderRecord, QueryId, RecordKey},
};
use streembit_identity::{NetworkId, NodeId};
use tokio::sync::oneshot;
use tracing::debug;

use super::{
    actor::{Actor, MAX_QUERIES},
    peer_id,
};

/// How long an announcement is held that nobody renews.
const HELD_FOR: Duration = Duration::from_hours(3);
/// Nodes that one search collects.
const MAX_FOUND: usize = 20;

/// A search that collects nodes.
pub(super) struct Search {
    found: BTreeSet<NodeId>,
    reply: oneshot::Sender<Vec<NodeId>>,
}

impl Actor {
    /// Announces this node under `key` and under no other; under none where there is none.
    pub(super) fn announce(&mut self, key: Option<[u8; 32]>) {
        let key = key.map(|key| RecordKey::new(&key));
        let kad = &mut self.swarm.behaviour_mut().kad;
        if let Some(before) = self
            .announced
            .take()
            .filter(|before| Some(before) != key.as_ref())
        {
            kad.stop_providing(&before);
        }
        let Some(key) = key else { return };
        match kad.start_providing(key.clone()) {
            Ok(_) => self.announced = Some(key),
            Err(error) => debug!(%error, "Could not announce"),
        }
    }

    /// Looks for the nodes that announced themselves under `key`.
    pub(super) fn seek(&mut self, key: [u8; 32], reply: oneshot::Sender<Vec<NodeId>>) {
        if self.searches.len() >= MAX_QUERIES {
            let _ = reply.send(Vec::new());
            return;
        }
        let key = RecordKey::new(&key);
        let id = self.swarm.behaviour_mut().kad.get_providers(key);
        let found = BTreeSet::new();
        self.searches.insert(id, Search { found, reply });
    }

    /// Takes in what a search has found so far.
    pub(super) fn sought(&mut self, id: QueryId, found: GetProvidersOk, is_last: bool) {
        match found {
            GetProvidersOk::FoundProviders { providers, .. } => self.collect(id, &providers),
            GetProvidersOk::FinishedWithNoAdditionalRecord { .. } => {}
        }
        if is_last {
            self.finish_search(id);
        }
    }

    fn collect(&mut self, id: QueryId, providers: &HashSet<PeerId>) {
        let Some(search) = self.searches.get_mut(&id) else {
            return;
        };
        let room = MAX_FOUND.saturating_sub(search.found.len());
        let nodes = providers.iter().filter_map(peer_id::to_node);
        search.found.extend(nodes.take(room));
        if search.found.len() >= MAX_FOUND {
            self.finish_search(id);
        }
    }

    pub(super) fn finish_search(&mut self, id: QueryId) {
        if let Some(search) = self.searches.remove(&id) {
            let _ = search.reply.send(search.found.into_iter().collect());
        }
    }

    /// Posts the announcement of a peer; names are looked for in the public network only.
    pub(super) fn post(&mut self, mut record: ProviderRecord) {
        if self.keeper.network() != NetworkId::PUBLIC {
            return;
        }
        let node = peer_id::to_node(&record.provider);
        let links = self.sight.links.read().ok();
        let link = links.zip(node).and_then(|(links, node)| {
            let link = links.get(&node)?;
            Some(link.address.clone())
        });
        // Where it is, its own signed record says; kad passes on no announcement without an address.
        record.addresses = link.into_iter().collect();
        record.expires = Instant::now().checked_add(HELD_FOR);
        let provider = record.provider;
        let board = self.swarm.behaviour_mut().kad.store_mut().board_mut();
        let kept = board.post(record);
        debug!(%provider, kept, "Was asked to hold an announcement");
    }
}
