//! Becoming an admin by a network's recovery words, when nobody is left who could make one.

use streembit_identity::{Name, NetworkId, RecoveryPhrase};

use super::{NetworkError, NetworkView};
use crate::node::Node;

impl Node {
    /// Makes this account an admin of a network by the words that were shown when it began.
    ///
    /// Works for members and for accounts that are not listed: the appointment itself lets them in.
    ///
    /// # Errors
    /// [`NetworkError::Invalid`] where the words are not this network's; see [`NetworkError`].
    pub async fn network_recover(
        &self,
        id: NetworkId,
        phrase: &RecoveryPhrase,
    ) -> Result<NetworkView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let recovery = phrase.account_key();
        if recovery.id() != ledger.roster().recovery {
            return Err(NetworkError::Invalid(
                "these are not the recovery words of this network".to_owned(),
            ));
        }
        let me = self.me().account;
        if ledger.roster().is_admin(me) {
            return Err(NetworkError::Exists(
                "you are an admin of this network already".to_owned(),
            ));
        }
        let member = ledger.roster().member(me);
        let name = member.map_or_else(|| self.name(), |member| member.name.clone());
        let name = self.free_name(ledger.roster(), name);
        let operation = ledger.author_appoint(&recovery, me, name, network.keeper().now())?;
        let decided = self.decide(&network, &ledger, vec![operation])?;
        network.keeper().learn(decided).await?;
        network.wake();
        Ok(self.network_view(&network))
    }

    /// Returns the name, with a number behind it if another member goes by it.
    pub(super) fn free_name(&self, roster: &streembit_gate::Roster, name: Name) -> Name {
        let is_free = |name: &Name| {
            let holder = roster.named(name);
            holder.is_none_or(|holder| holder.account == self.me().account)
        };
        if is_free(&name) {
            return name;
        }
        let numbered = (2..100).filter_map(|number| format!("{name} {number}").parse().ok());
        let mut free = numbered.filter(is_free);
        free.next().unwrap_or(name)
    }
}
