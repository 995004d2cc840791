//! A consumer's side of one host: what it wants to hear, what it last heard, whether it missed any.
//!
//! Sans-I/O: connections and notifications go in, requests and updates come out.

use std::collections::BTreeSet;

use serde_json::Value;
use streembit_identity::{AccountId, Timestamp};

use crate::action::ActionStatus;
use crate::message::Notification;
use crate::operation::Operation;
use crate::reading::Reading;
use crate::url::{ThingName, ThingUrl};

/// Something new about a thing.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// An action got on.
    Action {
        /// Of which thing.
        thing: ThingUrl,
        /// How it stands.
        status: ActionStatus,
    },
    /// An event happened.
    Event {
        /// To which thing.
        thing: ThingUrl,
        /// Its name.
        name: String,
        /// What it tells.
        data: Value,
        /// When.
        at: Timestamp,
    },
    /// A property changed.
    Property {
        /// Of which thing.
        thing: ThingUrl,
        /// Its name.
        name: String,
        /// Its state.
        reading: Reading,
    },
    /// Something was missed: everything observed must be read again.
    Resync,
}

/// The state of our observations on one host.
#[derive(Clone, Debug)]
pub struct ConsumerSession {
    host: AccountId,
    observed: BTreeSet<ThingName>,
    is_connected: bool,
    last_number: u64,
}

impl ConsumerSession {
    /// A session that observes nothing yet.
    pub fn new(host: AccountId) -> Self {
        Self {
            host,
            observed: BTreeSet::new(),
            is_connected: false,
            last_number: 0,
        }
    }

    /// Wants to hear of a thing; true when the host must be asked now.
    pub fn observe(&mut self, thing: &ThingName) -> bool {
        self.observed.insert(thing.clone()) && self.is_connected
    }

    /// No longer wants to; true when the host must be told now.
    pub fn unobserve(&mut self, thing: &ThingName) -> bool {
        self.observed.remove(thing) && self.is_connected
    }

    /// The things that are to be heard of.
    pub fn observed(&self) -> impl Iterator<Item = ThingUrl> {
        let url = |name: &ThingName| ThingUrl {
            host: self.host,
            name: name.clone(),
        };
        self.observed.iter().map(url)
    }

    /// The host is there (again): its session is new, so all must be observed and read anew.
    pub fn connected(&mut self) -> Vec<ThingUrl> {
        self.is_connected = true;
        self.last_number = 0;
        self.observed().collect()
    }

    /// The host is gone, and with it what it observed for us.
    pub fn disconnected(&mut self) {
        self.is_connected = false;
    }

    /// Takes a batch from the host; what does not belong to it, or was not wanted, is dropped.
    pub fn take(&mut self, batch: Vec<Notification>) -> Vec<Update> {
        let mut updates = Vec::new();
        for one in batch {
            // A session that began anew counts from 1; a repeated number was heard before.
            let is_fresh_start = one.number == 1;
            if one.number <= self.last_number && !is_fresh_start {
                continue;
            }
            let has_gap = one.number != self.last_number + 1 && !is_fresh_start;
            self.last_number = one.number;
            if has_gap {
                updates.push(Update::Resync);
            }
            updates.extend(self.update(one));
        }
        updates
    }

    fn update(&self, one: Notification) -> Option<Update> {
        if one.operation == Operation::Resync {
            return Some(Update::Resync);
        }
        let thing = one.thing.filter(|thing| thing.host == self.host)?;
        if !self.observed.contains(&thing.name) {
            return None;
        }
        if let Some(status) = one.status {
            return Some(Update::Action { thing, status });
        }
        let name = one.name?;
        if one.operation == Operation::SubscribeEvent {
            let at = Timestamp(one.state.timestamp.unwrap_or_default());
            return Some(Update::Event {
                thing,
                name,
                data: one.data.unwrap_or_default(),
                at,
            });
        }
        let is_property = one.operation == Operation::ObserveProperty;
        is_property.then(|| Update::Property {
            thing,
            name,
            reading: (&one.state).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::host::{HostSession, Turn};
    use crate::testing::{account, lamp_url};

    fn session() -> ConsumerSession {
        let mut session = ConsumerSession::new(lamp_url().host);
        session.observe(&lamp_url().name);
        session.connected();
        session
    }

    fn batch(host: &mut HostSession, value: i64, now: u64) -> Vec<Notification> {
        let reading = Reading {
            reported: Some(json!(value)),
            ..Reading::default()
        };
        host.changed(&lamp_url(), "level", &reading);
        let Turn::Send(batch) = host.turn(Timestamp(now)) else {
            panic!("nothing to send")
        };
        host.delivered();
        batch
    }

    fn observed_host() -> HostSession {
        let mut host = HostSession::default();
        host.observe(&lamp_url(), None, true).unwrap();
        host
    }

    #[test]
    fn hears_what_it_observes_once() {
        let (mut host, mut session) = (observed_host(), session());
        let first = batch(&mut host, 1, 100);

        assert_eq!(session.take(first.clone()).len(), 1);
        assert_eq!(session.take(batch(&mut host, 2, 200)).len(), 1);
        let second_again = batch(&mut host, 3, 300);
        session.take(second_again.clone());
        assert!(session.take(second_again).is_empty(), "heard before");
    }

    #[test]
    fn notices_a_gap() {
        let (mut host, mut session) = (observed_host(), session());
        session.take(batch(&mut host, 1, 100));
        let _lost = batch(&mut host, 2, 200);

        let updates = session.take(batch(&mut host, 3, 300));

        assert_eq!(updates.first(), Some(&Update::Resync));
        assert_eq!(updates.len(), 2);
    }

    #[test]
    fn ignores_things_of_others() {
        let mut session = session();
        let foreign = ThingUrl {
            host: account(9),
            name: lamp_url().name,
        };
        let mut host = HostSession::default();
        host.observe(&foreign, None, true).unwrap();
        host.changed(&foreign, "level", &Reading::default());
        let Turn::Send(batch) = host.turn(Timestamp(1)) else {
            panic!("nothing to send")
        };

        assert!(session.take(batch).is_empty());
    }

    #[test]
    fn observes_again_after_a_reconnect() {
        let mut session = session();
        session.disconnected();

        assert_eq!(session.connected(), vec![lamp_url()]);
        assert!(session.unobserve(&lamp_url().name));
        assert!(session.connected().is_empty());
    }
}
