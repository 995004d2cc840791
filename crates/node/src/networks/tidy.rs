//! Putting a private network's history together: one seal in the place of the operations before.

use streembit_identity::{NetworkId, RecoveryPhrase};

use super::{NetworkError, NetworkView};
use crate::node::Node;

/// Operations that have to go at least: fewer are not worth the words.
const WORTHWHILE: usize = 16;

impl Node {
    /// Forgets the operations of a network by a seal, which its recovery words sign. Members,
    /// roles, names and everybody's removal stay.
    ///
    /// # Errors
    /// [`NetworkError::Denied`] for whoever is no admin, [`NetworkError::Invalid`] where the words
    /// are not this network's, [`NetworkError::Conflict`] while its members are stale or where
    /// there is nothing to gain.
    pub async fn network_tidy(
        &self,
        id: NetworkId,
        phrase: &RecoveryPhrase,
    ) -> Result<NetworkView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        if !ledger.roster().is_admin(self.me().account) {
            return Err(NetworkError::Denied);
        }
        let recovery = phrase.account_key();
        if recovery.id() != ledger.roster().recovery {
            return Err(NetworkError::Invalid(
                "these are not the recovery words of this network".to_owned(),
            ));
        }
        let (standing, now) = (network.keeper().standing(), network.keeper().now());
        if standing.freshness.is_stale(&ledger.roster().policy, now) {
            return Err(NetworkError::Conflict(
                "the members have to be confirmed first: somebody may have been removed elsewhere",
            ));
        }
        if ledger.count() <= WORTHWHILE {
            return Err(NetworkError::Conflict(
                "there is hardly anything to put together",
            ));
        }
        let seal = ledger.author_seal(&recovery, now)?;
        let decided = self.decide(&network, &ledger, vec![seal])?;
        network.keeper().learn(decided).await?;
        Ok(self.network_view(&network))
    }
}
