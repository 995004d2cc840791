//! The sender: a disk that survives, an outbox that does not, and the checks on what it does.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Action, Destination, Event, FLIGHT_LIMIT, Item, Mail, Outbox, Pace, State, WINDOW};
use streembit_identity::{MessageId, Timestamp};

use super::Parcel;
use super::dice::Dice;

const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);

/// The sender and its disk.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    outbox: Outbox,
    pub(crate) wake_at: Option<Timestamp>,
    /// The disk. Survives crashes.
    disk: BTreeMap<MessageId, Item>,
    order: u64,
    /// In flight since the last restart, by recipient, with the time of take-off.
    flights: BTreeMap<Destination, BTreeMap<MessageId, Timestamp>>,
    outgoing: Vec<Parcel>,
}

impl Sender {
    /// Stores a message, then tells the outbox, unless it crashes in between.
    pub(crate) fn send(
        &mut self,
        to: Destination,
        lone: bool,
        crash: bool,
        now: Timestamp,
        dice: &mut Dice,
    ) {
        self.order += 1;
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.order.to_be_bytes());
        let item = Item {
            id: MessageId::new(now, random),
            to,
            order: self.order,
            state: State::Queued,
            pace: if lone { Pace::Alone } else { Pace::Together },
            until: now.plus(MONTH),
            mail: Mail::Never,
        };
        self.disk.insert(item.id, item);
        if crash {
            self.crash(now, dice);
        } else {
            self.handle(Event::Enqueued(item), now, dice);
        }
    }

    /// Loses everything but the disk, and starts again from it.
    pub(crate) fn crash(&mut self, now: Timestamp, dice: &mut Dice) {
        self.outbox = Outbox::default();
        self.wake_at = None;
        self.flights.clear();
        self.outgoing.clear();
        let items: Vec<Item> = self.disk.values().copied().collect();
        for item in items {
            self.handle(Event::Enqueued(item), now, dice);
        }
    }

    pub(crate) fn transmitted(
        &mut self,
        id: MessageId,
        to: Destination,
        now: Timestamp,
        dice: &mut Dice,
    ) {
        self.handle(Event::Transmitted { id, to }, now, dice);
    }

    /// Feeds the outbox and does what it says; may crash between any two actions.
    pub(crate) fn handle(&mut self, event: Event, now: Timestamp, dice: &mut Dice) {
        if let Event::Failed { id, .. }
        | Event::Refused { id, .. }
        | Event::Acknowledged { id, .. } = event
        {
            self.landed(id);
        }
        for action in self.outbox.handle(event, now, dice.next() as u32) {
            self.obey(action, now);
        }
    }

    fn obey(&mut self, action: Action, now: Timestamp) {
        match action {
            Action::Transmit { id, to } => {
                self.check_takeoff(id, to, now);
                self.outgoing.push(Parcel::Message { id, to });
            }
            Action::Record { id, to, state } => {
                let item = self.disk.get_mut(&id).unwrap();
                assert_eq!(item.to, to);
                assert!(
                    state > item.state,
                    "{id} went from {} to {state}",
                    item.state
                );
                item.state = state;
                if state.is_settled() {
                    self.landed(id);
                }
            }
            Action::Deposit { id, .. } => panic!("{id} is for no mailbox"),
            Action::Seek { to } => self.outgoing.push(Parcel::Found { place: to }),
            Action::WakeAt(at) => self.wake_at = Some(at),
        }
    }

    fn check_takeoff(&mut self, id: MessageId, to: Destination, now: Timestamp) {
        let flights = self.flights.entry(to).or_default();
        let item = &self.disk[&id];
        assert_eq!(item.to, to);
        assert!(
            !item.state.is_settled(),
            "{id} is settled and goes out again"
        );
        // What never came back is no longer counted as in flight.
        flights.retain(|_, took_off| now < took_off.plus(FLIGHT_LIMIT));
        flights.insert(id, now);
        assert!(flights.len() <= WINDOW, "{} in flight", flights.len());
        let alone = flights.keys().any(|id| self.disk[id].pace == Pace::Alone);
        assert!(!alone || flights.len() == 1, "a lone item has company");
        let earlier = self.disk.values().find(|other| {
            other.to == to
                && other.order < item.order
                && !other.state.is_settled()
                && !flights.contains_key(&other.id)
        });
        assert!(earlier.is_none(), "{id} overtook {earlier:?}");
    }

    fn landed(&mut self, id: MessageId) {
        for flights in self.flights.values_mut() {
            flights.remove(&id);
        }
    }

    pub(crate) fn outgoing(&mut self) -> Vec<Parcel> {
        std::mem::take(&mut self.outgoing)
    }

    pub(crate) fn waiting(&self) -> usize {
        self.outbox.len()
    }

    pub(crate) fn is_idle(&self) -> bool {
        self.outbox.is_empty() && self.outgoing.is_empty()
    }

    /// Every message that was stored, and for whom.
    pub(crate) fn promised(&self) -> impl Iterator<Item = (MessageId, Destination)> {
        self.disk.values().map(|item| (item.id, item.to))
    }

    pub(crate) fn check_all_delivered(&self) {
        for item in self.disk.values() {
            assert_eq!(item.state, State::Delivered, "{item:?}");
        }
    }
}
