//! A host's side of one consumer: what it observes and what it must still be told.
//!
//! Sans-I/O: changes and times go in, batches of notifications come out. One batch is on its way
//! at a time; meanwhile properties coalesce to their last state, and events queue up.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use serde_json::Value;
use streembit_identity::Timestamp;

use crate::action::ActionStatus;
use crate::message::{MAX_BATCH, Notification, PropertyState};
use crate::operation::Operation;
use crate::reading::Reading;
use crate::url::ThingUrl;

/// Shortest time between two batches.
pub const PACE: Duration = Duration::from_millis(50);

/// Most things that one consumer observes on one host.
pub const MAX_THINGS: usize = 1_000;

/// Most events and action states that wait.
pub const MAX_EVENTS: usize = 256;

/// Most property states that wait.
pub const MAX_CHANGES: usize = 4_096;

/// Largest batch, in bytes of JSON, well below an envelope.
const MAX_BATCH_BYTES: usize = 256 * 1024;

/// The consumer observes too much.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("at most {MAX_THINGS} things can be observed")]
pub struct TooMany;

/// What the host has to do for the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Nothing, until something changes or a batch returns.
    Idle,
    /// Send this, then tell [`HostSession::delivered`] or close the session.
    Send(Vec<Notification>),
    /// Ask again at that time.
    Wait(Timestamp),
}

/// What of one thing the consumer wants to hear.
#[derive(Clone, Debug, Default)]
struct Interest {
    all_properties: bool,
    all_events: bool,
    properties: BTreeSet<String>,
    events: BTreeSet<String>,
}

impl Interest {
    fn is_empty(&self) -> bool {
        let is_any = self.all_properties || self.all_events;
        !is_any && self.properties.is_empty() && self.events.is_empty()
    }
}

/// The state of one consumer's observations.
#[derive(Clone, Debug, Default)]
pub struct HostSession {
    interests: BTreeMap<ThingUrl, Interest>,
    changes: BTreeMap<(ThingUrl, String), Reading>,
    happenings: VecDeque<Notification>,
    has_lost: bool,
    is_sending: bool,
    next_number: u64,
    last_sent: Option<Timestamp>,
}

impl HostSession {
    /// Starts (`observe`) or ends telling a property, or all of them without a name.
    ///
    /// # Errors
    /// Refuses more things than [`MAX_THINGS`].
    pub fn observe(
        &mut self,
        thing: &ThingUrl,
        name: Option<&str>,
        observe: bool,
    ) -> Result<(), TooMany> {
        let interest = self.interest(thing)?;
        match (name, observe) {
            (None, on) => {
                interest.all_properties = on;
                interest.properties.clear();
            }
            (Some(name), true) => {
                interest.properties.insert(name.to_owned());
            }
            (Some(name), false) => {
                interest.properties.remove(name);
            }
        }
        self.forget_empty(thing);
        Ok(())
    }

    /// Starts or ends telling an event, or all of them without a name.
    ///
    /// # Errors
    /// Refuses more things than [`MAX_THINGS`].
    pub fn subscribe(
        &mut self,
        thing: &ThingUrl,
        name: Option<&str>,
        subscribe: bool,
    ) -> Result<(), TooMany> {
        let interest = self.interest(thing)?;
        match (name, subscribe) {
            (None, on) => {
                interest.all_events = on;
                interest.events.clear();
            }
            (Some(name), true) => {
                interest.events.insert(name.to_owned());
            }
            (Some(name), false) => {
                interest.events.remove(name);
            }
        }
        self.forget_empty(thing);
        Ok(())
    }

    /// Says whether anything of `thing` is observed.
    pub fn observes(&self, thing: &ThingUrl) -> bool {
        self.interests.contains_key(thing)
    }

    /// The things of which something is observed.
    pub fn things(&self) -> impl Iterator<Item = &ThingUrl> {
        self.interests.keys()
    }

    /// Drops every observation for which `may_see` does not hold, with all that waits.
    pub fn retain(&mut self, may_see: impl Fn(&ThingUrl) -> bool) {
        self.interests.retain(|thing, _| may_see(thing));
        self.changes.retain(|(thing, _), _| may_see(thing));
        self.happenings
            .retain(|one| one.thing.as_ref().is_none_or(&may_see));
    }

    /// Notes a property's new state.
    pub fn changed(&mut self, thing: &ThingUrl, name: &str, reading: &Reading) {
        let is_wanted = self
            .interests
            .get(thing)
            .is_some_and(|wish| wish.all_properties || wish.properties.contains(name));
        if !is_wanted {
            return;
        }
        let key = (thing.clone(), name.to_owned());
        if self.changes.len() >= MAX_CHANGES && !self.changes.contains_key(&key) {
            return self.lose();
        }
        self.changes.insert(key, reading.clone());
    }

    /// Notes an event; events are never coalesced.
    pub fn happened(&mut self, thing: &ThingUrl, name: &str, data: &Value, now: Timestamp) {
        let wish = self.interests.get(thing);
        if wish.is_some_and(|wish| wish.all_events || wish.events.contains(name)) {
            let state = PropertyState {
                timestamp: Some(now.as_millis()),
                ..PropertyState::default()
            };
            let told = blank(
                Some(thing.clone()),
                Operation::SubscribeEvent,
                Some(name.to_owned()),
            );
            self.queue(Notification {
                state,
                data: Some(data.clone()),
                ..told
            });
        }
    }

    /// Notes how an action stands; a later state of the same invocation replaces a waiting one.
    pub fn action(&mut self, thing: &ThingUrl, status: &ActionStatus) {
        if !self.observes(thing) {
            return;
        }
        let is_same = |one: &&mut Notification| {
            one.thing.as_ref() == Some(thing)
                && one
                    .status
                    .as_ref()
                    .is_some_and(|known| known.id == status.id)
        };
        if let Some(waiting) = self.happenings.iter_mut().find(is_same) {
            waiting.status = Some(status.clone());
            return;
        }
        let told = blank(
            Some(thing.clone()),
            Operation::QueryAction,
            Some(status.action.clone()),
        );
        self.queue(Notification {
            status: Some(status.clone()),
            ..told
        });
    }

    /// Says what to do at `now`.
    pub fn turn(&mut self, now: Timestamp) -> Turn {
        let has_news = self.has_lost || !self.changes.is_empty() || !self.happenings.is_empty();
        if self.is_sending || !has_news {
            return Turn::Idle;
        }
        let due = self.last_sent.map(|sent| sent.plus(PACE));
        if let Some(due) = due.filter(|due| now < *due) {
            return Turn::Wait(due);
        }
        self.is_sending = true;
        self.last_sent = Some(now);
        Turn::Send(self.batch())
    }

    /// The batch arrived.
    pub fn delivered(&mut self) {
        self.is_sending = false;
    }

    fn interest(&mut self, thing: &ThingUrl) -> Result<&mut Interest, TooMany> {
        if self.interests.len() >= MAX_THINGS && !self.interests.contains_key(thing) {
            return Err(TooMany);
        }
        Ok(self.interests.entry(thing.clone()).or_default())
    }

    fn forget_empty(&mut self, thing: &ThingUrl) {
        if self.interests.get(thing).is_some_and(Interest::is_empty) {
            self.interests.remove(thing);
        }
    }

    fn queue(&mut self, happening: Notification) {
        if self.happenings.len() >= MAX_EVENTS {
            return self.lose();
        }
        self.happenings.push_back(happening);
    }

    /// Too much waits: everything is dropped, and the consumer is told to read again.
    fn lose(&mut self) {
        self.changes.clear();
        self.happenings.clear();
        self.has_lost = true;
    }

    fn batch(&mut self) -> Vec<Notification> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        if std::mem::take(&mut self.has_lost) {
            batch.push(self.numbered(blank(None, Operation::Resync, None)));
        }
        while batch.len() < MAX_BATCH && bytes < MAX_BATCH_BYTES {
            let Some(next) = self.next() else { break };
            let next = self.numbered(next);
            bytes += next
                .data
                .as_ref()
                .or(next.state.value.as_ref())
                .map_or(0, size);
            batch.push(next);
        }
        batch
    }

    /// Events first: they are older than the states that go with them.
    fn next(&mut self) -> Option<Notification> {
        if let Some(happening) = self.happenings.pop_front() {
            return Some(happening);
        }
        let ((thing, name), reading) = self.changes.pop_first()?;
        let told = blank(Some(thing), Operation::ObserveProperty, Some(name));
        Some(Notification {
            state: (&reading).into(),
            ..told
        })
    }

    fn numbered(&mut self, notification: Notification) -> Notification {
        self.next_number += 1;
        Notification {
            number: self.next_number,
            ..notification
        }
    }
}

fn blank(thing: Option<ThingUrl>, operation: Operation, name: Option<String>) -> Notification {
    let state = PropertyState::default();
    Notification {
        thing,
        number: 0,
        operation,
        name,
        state,
        data: None,
        status: None,
    }
}

/// The rough size of a value on the wire.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 16,
        Value::String(text) => text.len() + 16,
        Value::Array(list) => list.iter().map(size).sum::<usize>() + 16,
        Value::Object(object) => {
            object
                .iter()
                .map(|(name, one)| name.len() + size(one))
                .sum::<usize>()
                + 16
        }
    }
}

#[cfg(test)]
mod tests;
