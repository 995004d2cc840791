//! Keeps and shows what the gate refused.

use std::sync::{Arc, Mutex, PoisonError};

use streembit_gate::{Attempt, Direction, Knocks, RefusalLog, RefusalReason};
use streembit_identity::{NetworkId, fingerprint};
use streembit_store::{Page, Refusal, RefusedAttempt};
use tracing::{info, warn};

use super::{Network, NetworkError};
use crate::{
    event::{Event, Refused},
    node::Node,
};

/// Rate-limits what is written down, so that a flood of attempts fills no disk.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    log: Mutex<RefusalLog>,
    knocks: Mutex<Knocks>,
}

impl Node {
    /// Writes a refusal down and tells the app, at most once a minute for the same node and reason.
    pub(crate) async fn on_refused(&self, network: &Arc<Network>, refused: Refused) {
        if self.0.devices.claims().expects(refused.node) {
            return;
        }
        self.tell_of_knocking(network, &refused);
        let attempt = Attempt {
            node: refused.node,
            account: refused.peer,
            address: refused.address.clone(),
            direction: if refused.inbound {
                Direction::Inbound
            } else {
                Direction::Outbound
            },
            reason: refused.reason,
            count: 1,
        };
        let noted = {
            let log = network.refusals.log.lock();
            let mut log = log.unwrap_or_else(PoisonError::into_inner);
            log.note(attempt, refused.at)
        };
        if noted.is_none() {
            return;
        }
        info!(reason = %refused.reason, inbound = refused.inbound, "The gate refused a connection");
        let id = match self.store().add_refusal(row(&refused)).await {
            Ok(id) => Some(id),
            Err(error) => {
                warn!(%error, "Could not write a refusal down");
                None
            }
        };
        self.emit(Event::Refused { id, refused });
    }

    /// Says once a day that somebody keeps trying to get into a private network.
    fn tell_of_knocking(&self, network: &Network, refused: &Refused) {
        let is_outside = matches!(
            refused.reason,
            RefusalReason::NotListed | RefusalReason::Removed
        );
        let Some(node) = refused.node.filter(|_| is_outside && refused.inbound) else {
            return;
        };
        if network.is_public() {
            return;
        }
        let knocks = network.refusals.knocks.lock();
        let mut knocks = knocks.unwrap_or_else(PoisonError::into_inner);
        let Some(count) = knocks.note(node, refused.at) else {
            return;
        };
        let who = match refused.peer {
            Some(peer) if refused.reason == RefusalReason::Removed => {
                format!("A former member ({})", fingerprint(peer))
            }
            Some(peer) => format!("Somebody whom it does not list ({})", fingerprint(peer)),
            None => "Somebody unknown".to_owned(),
        };
        self.emit(Event::Notice {
            code: "knocking",
            text: format!(
                "{who} keeps trying to get into \u{201c}{}\u{201d}: {count} times within the hour, last from {}. Nobody was let in.",
                network.name(),
                refused.address
            ),
        });
    }
}

impl Node {
    /// Lists refused attempts, newest first.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn gate_log(
        &self,
        network: Option<NetworkId>,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Refusal>, NetworkError> {
        Ok(self
            .store()
            .refusals(network, Page { before, limit })
            .await?)
    }
}

fn row(refused: &Refused) -> RefusedAttempt {
    RefusedAttempt {
        at: refused.at,
        network: refused.network,
        account: refused.peer,
        node: refused.node,
        address: refused.address.clone(),
        direction: if refused.inbound {
            "inbound"
        } else {
            "outbound"
        }
        .to_owned(),
        reason: refused.reason.code().to_owned(),
    }
}
