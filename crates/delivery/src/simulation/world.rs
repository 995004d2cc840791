//! The simulated world: a sender and three recipients, two of one account, with disks that survive
//! crashes, and a wire that loses, doubles, delays and reorders.

mod dice;
mod recipient;
mod sender;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Destination, Event, Receipt};
use streembit_identity::{MessageId, Timestamp};

pub(crate) use dice::Dice;
use recipient::Recipient;
use sender::Sender;

/// Steps with faults; after them the network is good and everything must arrive.
const STEPS: usize = 250;
/// Virtual time within which everything must have arrived once the network is good.
const PATIENCE: Duration = Duration::from_secs(4 * 3_600);

/// What travels, or what the sender is told later.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parcel {
    Message {
        id: MessageId,
        to: Destination,
    },
    Answer {
        id: MessageId,
        by: Destination,
        answer: Answer,
    },
    GaveUp {
        id: MessageId,
        to: Destination,
    },
    Found {
        place: Destination,
    },
    NotFound {
        place: Destination,
    },
}

/// What a recipient says to a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Stored,
    Busy,
}

/// Everything, under one seed.
pub(crate) struct World {
    dice: Dice,
    now: Timestamp,
    sender: Sender,
    recipients: BTreeMap<Destination, Recipient>,
    wire: BTreeMap<(Timestamp, u64), Parcel>,
    parcels: u64,
    calm: bool,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let recipients = [(2, None), (3, Some(4)), (3, Some(5))]
            .map(|(seed, node)| Recipient::new(seed, node))
            .map(|r| (r.place, r))
            .into();
        Self {
            dice: Dice::new(seed),
            now: Timestamp(1_800_000_000_000),
            sender: Sender::default(),
            recipients,
            wire: BTreeMap::new(),
            parcels: 0,
            calm: false,
        }
    }

    pub(crate) fn run(mut self) {
        for _ in 0..STEPS {
            self.fault_or_message();
            self.step();
        }
        self.calm_down();
        let end = self.now.plus(PATIENCE);
        while !self.sender.is_idle() {
            assert!(
                self.now < end,
                "still waiting: {} items",
                self.sender.waiting()
            );
            self.step();
        }
        self.check_end();
    }

    fn fault_or_message(&mut self) {
        let to = self.anyone();
        match self.dice.below(100) {
            0..30 => {
                let (now, lone) = (self.now, self.dice.below(8) == 0);
                let crash = self.dice.below(20) == 0;
                self.sender.send(to, lone, crash, now, &mut self.dice);
            }
            30..34 => self.sender.crash(self.now, &mut self.dice),
            34..38 => self.recipient(to).crash(),
            38..46 => self.cut(to),
            46..56 => self.join(to),
            56..59 => self.recipient(to).busy ^= true,
            _ => {}
        }
    }

    /// Lets the next thing happen, and time pass until then.
    fn step(&mut self) {
        self.flush();
        let parcel = self.wire.first_key_value().map(|((at, _), _)| *at);
        let wake = self.sender.wake_at;
        let Some(at) = [parcel, wake].into_iter().flatten().min() else {
            assert!(self.sender.is_idle(), "nothing will ever happen");
            return;
        };
        // A long backoff must not swallow the run: while faults go on, time moves in hops.
        let hop = self.now.plus(Duration::from_secs(30));
        if !self.calm && at > hop {
            self.now = hop;
            return;
        }
        self.now = self.now.max(at);
        if parcel == Some(at) {
            if let Some((_, parcel)) = self.wire.pop_first() {
                self.arrive(parcel);
            }
        } else {
            self.sender.wake_at = None;
            self.sender.handle(Event::Tick, self.now, &mut self.dice);
        }
        self.flush();
    }

    fn arrive(&mut self, parcel: Parcel) {
        let (now, dice) = (self.now, &mut self.dice);
        match parcel {
            Parcel::Message { id, to } => self.deliver(id, to),
            Parcel::Answer {
                id,
                by,
                answer: Answer::Stored,
            } => {
                let event = Event::Acknowledged {
                    id,
                    to: by,
                    by: by.account,
                    receipt: Receipt::Delivered,
                };
                self.sender.handle(event, now, dice);
            }
            Parcel::Answer {
                id,
                by,
                answer: Answer::Busy,
            } => {
                self.sender.handle(
                    Event::Refused {
                        id,
                        to: by,
                        permanent: false,
                    },
                    now,
                    dice,
                );
            }
            Parcel::GaveUp { id, to } => self.sender.handle(Event::Failed { id, to }, now, dice),
            Parcel::Found { place } => {
                let event = if self.recipient(place).linked {
                    Event::Reachable(place)
                } else {
                    Event::Unreachable(place)
                };
                self.sender.handle(event, now, &mut self.dice);
            }
            Parcel::NotFound { place } => {
                self.sender.handle(Event::Unreachable(place), now, dice);
            }
        }
    }

    fn deliver(&mut self, id: MessageId, to: Destination) {
        let crash = !self.calm && self.dice.below(30) == 0;
        let Some(answer) = self.recipient(to).take(id, crash) else {
            return;
        };
        if self.recipient(to).linked && !self.lost() {
            self.post(Parcel::Answer { id, by: to, answer });
        }
    }

    /// Puts on the wire what the sender wants to go out.
    fn flush(&mut self) {
        for parcel in self.sender.outgoing() {
            match parcel {
                Parcel::Message { id, to } => self.carry(id, to),
                // The search itself may never come back.
                Parcel::Found { .. } if self.lost() => {}
                Parcel::Found { place } if self.recipient(place).linked => self.post(parcel),
                Parcel::Found { place } => self.post(Parcel::NotFound { place }),
                Parcel::Answer { .. } | Parcel::GaveUp { .. } | Parcel::NotFound { .. } => {
                    self.post(parcel);
                }
            }
        }
    }

    fn carry(&mut self, id: MessageId, to: Destination) {
        // Every request ends by its deadline, whatever became of it; sometimes even that is lost.
        if self.calm || self.dice.below(50) != 0 {
            self.post_after(Parcel::GaveUp { id, to }, 20_000);
        }
        if !self.recipient(to).linked || self.lost() {
            return;
        }
        self.sender.transmitted(id, to, self.now, &mut self.dice);
        self.post(Parcel::Message { id, to });
        if !self.calm && self.dice.below(10) == 0 {
            self.post(Parcel::Message { id, to });
        }
    }

    fn post(&mut self, parcel: Parcel) {
        let delay = 1 + self.dice.below(if self.calm { 50 } else { 5_000 });
        self.post_after(parcel, delay);
    }

    fn post_after(&mut self, parcel: Parcel, delay: u64) {
        self.parcels += 1;
        self.wire.insert(
            (self.now.plus(Duration::from_millis(delay)), self.parcels),
            parcel,
        );
    }

    fn lost(&mut self) -> bool {
        !self.calm && self.dice.below(5) == 0
    }

    fn cut(&mut self, place: Destination) {
        self.recipient(place).linked = false;
        self.sender
            .handle(Event::Unreachable(place), self.now, &mut self.dice);
    }

    fn join(&mut self, place: Destination) {
        self.recipient(place).linked = true;
        self.sender
            .handle(Event::Reachable(place), self.now, &mut self.dice);
    }

    fn calm_down(&mut self) {
        self.calm = true;
        for recipient in self.recipients.values_mut() {
            recipient.linked = true;
            recipient.busy = false;
        }
    }

    fn anyone(&mut self) -> Destination {
        let nth = self.dice.below(3) as usize;
        *self.recipients.keys().nth(nth).unwrap()
    }

    fn recipient(&mut self, place: Destination) -> &mut Recipient {
        self.recipients.get_mut(&place).unwrap()
    }

    fn check_end(&self) {
        for (id, to) in self.sender.promised() {
            let stored = self.recipients[&to].stored(id);
            assert_eq!(stored, 1, "{id} was stored {stored} times");
        }
        self.sender.check_all_delivered();
    }
}
