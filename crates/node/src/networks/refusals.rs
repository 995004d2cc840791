//! Keeps and shows what the gate refused.

use std::sync::{Arc, Mutex, PoisonError};

use streembit_gate::{Attempt, Direction, RefusalLog};
use streembit_identity::NetworkId;
use streembit_store::{Page, Refusal, RefusedAttempt};
use tracing::{info, warn};

use super::{Network, NetworkError};
use crate::{
    event::{Event, Refused},
    node::Node,
};

/// Rate-limits what is written down, so that a flood of attempts fills no disk.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<RefusalLog>);

impl Node {
    /// Writes a refusal down and tells the app, at most once a minute for the same node and reason.
    pub(crate) async fn on_refused(&self, network: &Arc<Network>, refused: Refused) {
        if self.0.devices.claims().expects(refused.node) {
            return;
        }
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
            let mut log = network
                .refusals
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
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
