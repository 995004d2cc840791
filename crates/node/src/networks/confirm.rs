//! Confirms the members of private networks, daily and with every change, and warns in time where
//! nobody does.

use std::{sync::Arc, time::Duration};

use streembit_gate::{AuthorError, ConfirmError, Freshness, Ledger, Policy};
use streembit_identity::{NetworkId, Timestamp};
use streembit_store::{StoreError, StoredConfirmation};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::{Network, NetworkError, NetworkView};
use crate::{
    event::Event,
    net::keeper::{Learning, Standing},
    node::Node,
};

/// How old a statement becomes before it is renewed.
const RENEWAL: Duration = Duration::from_hours(24);
/// By how much nodes renew apart from each other, so that one of them does it for all.
const SPREAD: Duration = Duration::from_hours(2);
/// How long after its start a node hears others before it confirms anything by itself.
const SETTLE: Duration = Duration::from_secs(15);
/// How long before the members count as stale people are told.
const WARNING: Duration = Duration::from_hours(3 * 24);
/// The longest sleep: wall clocks jump, and the network's clock is to be kept.
const NAP: Duration = Duration::from_hours(6);

/// What was last said about a network's freshness.
#[derive(Default)]
struct Said {
    /// The confirmation that people were warned about.
    warned: Option<Timestamp>,
    is_stale: bool,
}

impl Said {
    /// Returns how long nothing is to be done; what has been said already is not waited for.
    fn until_next(
        &self,
        freshness: &Freshness,
        policy: &Policy,
        renewal: Option<Timestamp>,
        now: Timestamp,
    ) -> Duration {
        let end = freshness.stale_at(policy).filter(|_| !self.is_stale);
        let warning = end
            .filter(|_| self.warned != freshness.at())
            .map(|end| end.minus(warning(freshness, end)));
        let stale = end.map(|end| end.plus(Duration::from_millis(1)));
        let next = [renewal, warning, stale].into_iter().flatten().min();
        next.map_or(NAP, |next| next.since(now).min(NAP))
    }
}

impl Node {
    /// Keeps a network's members confirmed, as far as it is for this account to do, until it stops.
    pub(crate) async fn confirm_forever(self, network: Arc<Network>) {
        let mut said = Said::default();
        let mut settled = Instant::now() + SETTLE;
        let mut next = settled;
        loop {
            tokio::select! {
                () = network.stop.cancelled() => return,
                () = network.confirmed.notified() => {}
                () = tokio::time::sleep_until(next) => {}
            }
            let is_settled = settled <= Instant::now();
            if is_settled && self.is_renewal_due(&network) {
                if let Err(error) = self.confirm(&network).await {
                    warn!(%error, "Could not confirm the members");
                }
                // Whatever failed is not tried again in a hurry.
                settled = Instant::now() + Duration::from_mins(10);
            }
            self.tell_age(&network, &mut said);
            self.keep_clock(&network).await;
            let wait = self.until_next(&network, &said);
            next = (Instant::now() + wait).max(settled);
        }
    }

    /// Whether this node is to renew the statement now.
    ///
    /// Without any it may hold an old state, as after a restore: then it waits for other members'.
    fn is_renewal_due(&self, network: &Network) -> bool {
        let standing = network.keeper().standing();
        let due = self.renewal(&standing);
        due.is_some_and(|due| due <= network.keeper().now())
    }

    /// Returns when this node renews the statement, if it is to.
    fn renewal(&self, standing: &Standing) -> Option<Timestamp> {
        let roster = standing.ledger.as_ref()?.roster();
        if !roster.may_confirm(self.me().account) {
            return None;
        }
        let [first, second, ..] = *self.me().node.as_bytes();
        let share = f64::from(u16::from_be_bytes([first, second])) / f64::from(u16::MAX);
        match standing.freshness.at() {
            Some(at) => Some(at.plus(RENEWAL + SPREAD.mul_f64(share))),
            None => {
                let is_alone = roster.members.len() == 1;
                let is_behind = standing.freshness.is_behind(standing.ledger.as_ref()?);
                (is_alone && !is_behind).then_some(Timestamp::ZERO)
            }
        }
    }

    /// Warns once for each statement that grows old, and tells when the members become stale.
    fn tell_age(&self, network: &Network, said: &mut Said) {
        let standing = network.keeper().standing();
        let Some(ledger) = &standing.ledger else {
            return;
        };
        let (policy, now) = (ledger.roster().policy, network.keeper().now());
        let is_stale = standing.freshness.is_stale(&policy, now);
        if is_stale != said.is_stale {
            said.is_stale = is_stale;
            self.emit(Event::Network {
                network: network.id(),
            });
        }
        let Some(end) = standing.freshness.stale_at(&policy) else {
            return;
        };
        let is_near = end.since(now) <= warning(&standing.freshness, end);
        if is_near && !is_stale && said.warned != standing.freshness.at() {
            said.warned = standing.freshness.at();
            self.emit(Event::Notice {
                code: "stale_soon",
                text: warning_text(network.name(), end.since(now), policy.cuts_off),
            });
        }
    }

    async fn keep_clock(&self, network: &Network) {
        let floor = network.keeper().clock_floor();
        if let Err(error) = self.store().put_clock(network.id(), floor).await {
            debug!(%error, "Could not keep the network's clock");
        }
    }

    /// Returns how long nothing is to be done about a network's freshness.
    fn until_next(&self, network: &Network, said: &Said) -> Duration {
        let (standing, now) = (network.keeper().standing(), network.keeper().now());
        let renewal = self.renewal(&standing);
        let Some(ledger) = &standing.ledger else {
            return NAP;
        };
        said.until_next(&standing.freshness, &ledger.roster().policy, renewal, now)
    }

    /// Signs that this node knows of nothing newer than what it holds, and tells everybody.
    pub(crate) async fn confirm(&self, network: &Network) -> Result<(), NetworkError> {
        let ledger = network
            .ledger()
            .ok_or(NetworkError::NotFound("this is no private network"))?;
        let key = &self.me().account_key;
        let statement = ledger.author_statement(key, network.keeper().now())?;
        let told = Learning {
            statement: Some(statement),
            ..Learning::default()
        };
        network.keeper().learn(told).await?;
        Ok(())
    }

    /// Returns operations together with the statement that this account makes about them.
    ///
    /// # Errors
    /// Refuses what the network would refuse.
    pub(crate) fn decide(
        &self,
        network: &Network,
        ledger: &Ledger,
        operations: Vec<Vec<u8>>,
    ) -> Result<Learning, NetworkError> {
        let mut after = Ledger::clone(ledger);
        for operation in &operations {
            after.insert(operation).map_err(AuthorError::from)?;
        }
        let key = &self.me().account_key;
        let may_confirm = after.roster().may_confirm(key.id());
        let statement = may_confirm
            .then(|| after.author_statement(key, network.keeper().now()))
            .transpose()?;
        Ok(Learning {
            operations,
            statement,
            ..Learning::default()
        })
    }

    /// Renews the statement because somebody asked for it.
    ///
    /// # Errors
    /// [`NetworkError::Denied`] for whoever is neither an admin nor a hub.
    ///
    /// On a node that has fallen back this takes what it holds for all that there is: only a
    /// person decides that.
    pub async fn network_confirm(&self, id: NetworkId) -> Result<NetworkView, NetworkError> {
        let (network, ledger) = self.private(&id)?;
        let keeper = network.keeper();
        let may_confirm = ledger.roster().may_confirm(self.me().account);
        if may_confirm && keeper.standing().freshness.is_behind(&ledger) {
            warn!(network = %id, "What is known here counts, though more was known before");
            keeper.accept_as_it_is().await;
        }
        self.confirm(&network).await?;
        Ok(self.network_view(&network))
    }

    /// Returns what is stored of a network's freshness.
    pub(super) async fn stored_freshness(&self, ledger: &Ledger) -> Result<Freshness, StoreError> {
        if let Some(objection) = self.0.marks.objection(ledger) {
            warn!(network = %ledger.network(), "The stored membership may be an old one");
            return Ok(objection);
        }
        let stored = self.store().confirmation(ledger.network()).await?;
        let Some(stored) = stored else {
            return Ok(Freshness::default());
        };
        let Some(bytes) = stored.bytes else {
            return Ok(Freshness::granted(stored.at));
        };
        let mut freshness = Freshness::default();
        // It was not ahead of the clock when it was kept.
        match freshness.confirm(&bytes, ledger, stored.at) {
            // It counted when it was kept; a seal has taken the place of what it names.
            Err(ConfirmError::UnknownHeads) if ledger.generation() > 0 => {
                Ok(Freshness::granted(stored.at))
            }
            Err(error) => {
                debug!(%error, "The stored confirmation does not count any more");
                Ok(freshness)
            }
            Ok(_) => Ok(freshness),
        }
    }

    /// Confirms a network that begins here; one that is joined is confirmed by its members.
    pub(super) async fn first_freshness(&self, ledger: &Ledger) -> Result<Freshness, NetworkError> {
        let (mut freshness, now) = (Freshness::default(), self.now());
        let key = &self.me().account_key;
        if !ledger.roster().may_confirm(key.id()) {
            return Ok(freshness);
        }
        let bytes = ledger.author_statement(key, now)?;
        if freshness.confirm(&bytes, ledger, now).is_ok() {
            let confirmation = StoredConfirmation {
                bytes: Some(bytes),
                at: now,
                clock: now,
            };
            self.store()
                .put_confirmation(ledger.network(), confirmation)
                .await?;
        }
        Ok(freshness)
    }
}

/// How long before the end people are told: a short limit leaves less time.
fn warning(freshness: &Freshness, end: Timestamp) -> Duration {
    let limit = freshness.at().map_or(WARNING, |at| end.since(at));
    WARNING.min(limit / 2)
}

fn warning_text(name: &str, left: Duration, cuts_off: bool) -> String {
    let hours = left.as_secs().div_ceil(3_600);
    let left = match hours {
        0..=1 => "an hour".to_owned(),
        2..=47 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    };
    let effect = if cuts_off {
        "nobody can connect until an admin or a hub has been online"
    } else {
        "the list of members counts as old until an admin or a hub has been online"
    };
    format!(
        "Nobody has confirmed the members of \u{201c}{name}\u{201d} for a while. In {left} {effect}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const DAY: Duration = Duration::from_hours(24);

    fn until_next(said: &Said, confirmed: Freshness) -> Duration {
        said.until_next(&confirmed, &Policy::default(), None, NOW)
    }

    #[test]
    fn nothing_is_waited_for_without_pause_however_old_the_confirmation_is() {
        let old = || Freshness::granted(NOW.minus(DAY * 30));
        let stale = Said {
            warned: None,
            is_stale: true,
        };

        assert_eq!(until_next(&stale, old()), NAP);
        assert_eq!(until_next(&stale, Freshness::default()), NAP);
    }

    #[test]
    fn the_warning_comes_first_and_then_the_end() {
        let nearly = Freshness::granted(NOW.minus(DAY * 4).plus(DAY / 12));
        let at = nearly.at();
        assert_eq!(until_next(&Said::default(), nearly.clone()), DAY / 12);

        let warned = Said {
            warned: at,
            is_stale: false,
        };
        assert_eq!(until_next(&warned, nearly), NAP, "three days are left");
    }
}
