//! Giving a host up: it becomes nobody's, leaves where it lived, and waits to be claimed again.

use std::{sync::Arc, time::Duration};

use streembit_identity::NetworkId;
use streembit_things::{Outcome, Problem, ProblemKind};
use tracing::{info, warn};

use super::Host;
use crate::{
    claim,
    devices::{DeviceError, error::broken},
    node::Node,
};

/// How long the owner's answer may take to leave before the connection goes with the network.
const FAREWELL: Duration = Duration::from_secs(2);

impl Host {
    /// Gives the host up, as its owner or whoever sits at it wishes.
    pub(super) async fn release(self: &Arc<Self>, node: &Node) -> Result<Outcome, Problem> {
        let claimed = node
            .store()
            .claimed()
            .await
            .map_err(|error| broken(&error))?;
        let claimed = claimed.ok_or_else(|| {
            Problem::because(ProblemKind::Conflict, "this device belongs to nobody")
        })?;
        node.store()
            .release_claim()
            .await
            .map_err(|error| broken(&error))?;
        self.reload(node).await.map_err(|error| broken(&error))?;
        info!("Given up by its owner");
        let this = node.clone();
        node.spawn(async move {
            tokio::time::sleep(FAREWELL).await;
            if let Err(error) = move_out(&this, claimed.network).await {
                warn!(%error, "Waits to be claimed only after a restart");
            }
        });
        Ok(Outcome::default())
    }
}

async fn move_out(node: &Node, network: NetworkId) -> Result<(), DeviceError> {
    if network == NetworkId::PUBLIC {
        node.stop_network(&network);
    } else if let Err(error) = node.network_leave(network).await {
        warn!(%error, "Could not leave the network");
    }
    claim::open_again(node).await
}
