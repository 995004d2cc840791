//! How old the confirmation of a network's members may become, and what happens then.

use streembit_gate::Policy;
use streembit_identity::NetworkId;

use super::{NetworkError, NetworkView};
use crate::node::Node;

/// The longest limit, in days.
const MAX_DAYS: u16 = 365;

impl Node {
    /// Sets how long the members of a network count as confirmed, and whether nobody may connect
    /// afterwards.
    ///
    /// # Errors
    /// See [`NetworkError`]; a policy that is in force already is no error.
    pub async fn network_set_policy(
        &self,
        id: NetworkId,
        policy: Policy,
    ) -> Result<NetworkView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        if !(1..=MAX_DAYS).contains(&policy.stale_after_days) {
            return Err(NetworkError::Invalid(format!(
                "the limit is 1 to {MAX_DAYS} days"
            )));
        }
        if policy != ledger.roster().policy {
            let now = network.keeper().now();
            let operation = ledger.author_set_policy(&self.me().account_key, policy, now)?;
            let decided = self.decide(&network, &ledger, vec![operation])?;
            network.keeper().learn(decided).await?;
        }
        Ok(self.network_view(&network))
    }
}
