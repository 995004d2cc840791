//! What lies between the simulated nodes: links that break with or without a word, and a wire that
//! loses, doubles, delays and reorders.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Destination, Event, Receipt};
use streembit_identity::{MessageId, Timestamp};

use super::disk::Envelope;
use super::node::Wish;
use super::{Flaw, MAILBOX, World};

/// A connection between two.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Line {
    /// There is none.
    #[default]
    Down,
    /// It works.
    Up,
    /// Both ends take it for one, and nothing comes through.
    Silent,
}

/// What is between two.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Link {
    pub(crate) line: Line,
    /// Whether a connection cannot be made.
    pub(crate) is_cut: bool,
}

/// What happens later.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A message comes to a node.
    Message {
        from: usize,
        to: usize,
        envelope: Envelope,
    },
    /// Its signed receipt comes back.
    Answer {
        node: usize,
        id: MessageId,
        by: Destination,
    },
    /// A try came to its deadline.
    GaveUp {
        node: usize,
        life: u32,
        id: MessageId,
        to: Destination,
    },
    /// A search comes to its end.
    Sought {
        node: usize,
        life: u32,
        to: Destination,
    },
    /// A copy comes to the mailbox.
    Deposit {
        node: usize,
        life: u32,
        envelope: Envelope,
        to: Destination,
    },
    /// Its answer comes back: until when it is kept.
    Kept {
        node: usize,
        life: u32,
        id: MessageId,
        to: Destination,
        until: Option<Timestamp>,
    },
    /// A node collects what is kept for it.
    Collect { node: usize },
    /// It collects from time to time.
    Poll { node: usize },
    /// A copy comes from the mailbox.
    Mail {
        node: usize,
        number: u64,
        envelope: Envelope,
    },
    /// The mailbox hears that a copy is stored.
    Collected { node: usize, number: u64 },
}

/// Everything that happens later, in order.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    coming: BTreeMap<(Timestamp, u64), Happening>,
    count: u64,
}

impl Wire {
    pub(crate) fn next_at(&self) -> Option<Timestamp> {
        self.coming.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<Happening> {
        self.coming.pop_first().map(|(_, happening)| happening)
    }

    pub(crate) fn has_only_polls(&self) -> bool {
        let is_poll = |it: &Happening| matches!(it, Happening::Poll { .. });
        self.coming.values().all(is_poll)
    }
}

impl World {
    pub(crate) fn link(&mut self, a: usize, b: usize) -> &mut Link {
        self.links.get_mut(&(a.min(b), a.max(b))).unwrap()
    }

    fn is_up(&mut self, a: usize, b: usize) -> bool {
        self.link(a, b).line == Line::Up
    }

    pub(crate) fn post_after(&mut self, happening: Happening, delay: u64) {
        self.wire.count += 1;
        let at = self.now.plus(Duration::from_millis(delay));
        self.wire.coming.insert((at, self.wire.count), happening);
    }

    fn send(&mut self, happening: Happening) {
        let delay = 1 + self.dice.below(if self.calm { 50 } else { 5_000 });
        self.post_after(happening, delay);
    }

    fn lost(&mut self) -> bool {
        !self.calm && self.dice.below(5) == 0
    }

    /// Whether even the end of a try is never heard of.
    fn forgotten(&mut self) -> bool {
        !self.calm && self.dice.below(50) == 0
    }

    /// Does what a node wants.
    pub(crate) fn flush(&mut self, node: usize) -> Result<(), String> {
        let life = self.nodes[node].life;
        for wish in std::mem::take(&mut self.nodes[node].wishes) {
            match wish {
                Wish::Transmit(envelope, to) => self.carry(node, envelope, to)?,
                Wish::Deposit(envelope, to) => {
                    let (id, until) = (envelope.id, None);
                    if self.is_up(node, MAILBOX) && !self.lost() {
                        self.send(Happening::Deposit {
                            node,
                            life,
                            envelope,
                            to,
                        });
                    } else if !self.forgotten() {
                        let answer = Happening::Kept {
                            node,
                            life,
                            id,
                            to,
                            until,
                        };
                        self.post_after(answer, 30_000);
                    }
                }
                Wish::Seek(_) if self.lost() => {}
                Wish::Seek(to) => self.send(Happening::Sought { node, life, to }),
            }
        }
        Ok(())
    }

    fn carry(&mut self, node: usize, envelope: Envelope, place: Destination) -> Result<(), String> {
        let (id, to, life) = (envelope.id, self.index(place), self.nodes[node].life);
        if !self.forgotten() {
            let end = Happening::GaveUp {
                node,
                life,
                id,
                to: place,
            };
            self.post_after(end, 20_000);
        }
        let line = self.link(node, to).line;
        let is_lost = line == Line::Silent || self.lost();
        if line == Line::Down || (is_lost && self.dice.below(2) == 0) {
            return Ok(());
        }
        let event = Event::Transmitted { id, to: place };
        self.at(node, |node, now| node.handle(event, now))?;
        if !is_lost {
            let message = Happening::Message {
                from: node,
                to,
                envelope,
            };
            if !self.calm && self.dice.below(10) == 0 {
                self.send(message.clone());
            }
            self.send(message);
        }
        Ok(())
    }

    pub(crate) fn happen(&mut self, happening: Happening) -> Result<(), String> {
        match happening {
            Happening::Message { from, to, envelope } => self.arrive(from, to, &envelope),
            Happening::Answer { node, id, by } => {
                let event = Event::Acknowledged {
                    id,
                    to: by,
                    by: by.account,
                    receipt: Receipt::Delivered,
                };
                self.tell(node, event)
            }
            Happening::GaveUp { node, life, id, to } => {
                self.tell_same(node, life, Event::Failed { id, to })
            }
            Happening::Kept {
                node,
                life,
                id,
                to,
                until,
            } => {
                let event = match until {
                    Some(until) => Event::Kept { id, to, until },
                    None => Event::NotKept { id, to },
                };
                self.tell_same(node, life, event)
            }
            Happening::Sought { node, life, to } => self.found(node, life, to),
            Happening::Deposit {
                node,
                life,
                envelope,
                to,
            } => {
                self.deposit(node, life, envelope, to);
                Ok(())
            }
            Happening::Collect { node } => {
                self.collect(node);
                Ok(())
            }
            Happening::Poll { node } => {
                self.post_after(Happening::Poll { node }, 600_000);
                let link = self.link(node, MAILBOX);
                if link.line == Line::Down && !link.is_cut {
                    self.connect(node, MAILBOX)?;
                }
                self.collect(node);
                Ok(())
            }
            Happening::Mail {
                node,
                number,
                envelope,
            } => self.mail(node, number, &envelope),
            Happening::Collected { node, number } => {
                self.post.acknowledge(self.place(node), number);
                Ok(())
            }
        }
    }

    fn arrive(&mut self, from: usize, to: usize, envelope: &Envelope) -> Result<(), String> {
        // What was on its way when a connection broke may still come.
        let late = !self.link(from, to).is_cut && self.dice.below(2) == 0;
        if !late && !self.is_up(from, to) {
            return Ok(());
        }
        let is_stored = self.at(to, |node, now| node.take(envelope, false, now))?;
        let answers = is_stored || self.plan.flaw == Some(Flaw::AnswersBeforeStoring);
        if answers && !self.lost() {
            let (id, by) = (envelope.id, self.place(to));
            self.send(Happening::Answer { node: from, id, by });
        }
        Ok(())
    }

    fn found(&mut self, node: usize, life: u32, to: Destination) -> Result<(), String> {
        if self.nodes[node].life != life {
            return Ok(());
        }
        let other = self.index(to);
        match *self.link(node, other) {
            Link {
                line: Line::Up | Line::Silent,
                ..
            } => self.tell(node, Event::Reachable(to)),
            Link { is_cut: true, .. } => self.tell(node, Event::Unreachable(to)),
            Link { .. } => self.connect(node, other),
        }
    }

    fn deposit(&mut self, node: usize, life: u32, envelope: Envelope, to: Destination) {
        let id = envelope.id;
        let until = self.post.deposit(envelope, to, self.now);
        if !self.lost() {
            self.send(Happening::Kept {
                node,
                life,
                id,
                to,
                until,
            });
        }
        let other = self.index(to);
        self.send(Happening::Collect { node: other });
    }

    fn collect(&mut self, node: usize) {
        if !self.is_up(node, MAILBOX) {
            return;
        }
        let place = self.place(node);
        for (number, envelope) in self.post.page(place) {
            if self.plan.flaw == Some(Flaw::DeletesEarly) {
                self.post.acknowledge(place, number);
            }
            if !self.lost() {
                self.send(Happening::Mail {
                    node,
                    number,
                    envelope,
                });
            }
        }
    }

    fn mail(&mut self, node: usize, number: u64, envelope: &Envelope) -> Result<(), String> {
        if !self.is_up(node, MAILBOX) {
            return Ok(());
        }
        let is_stored = self.at(node, |node, now| node.take(envelope, true, now))?;
        if is_stored && !self.lost() {
            self.send(Happening::Collected { node, number });
        }
        Ok(())
    }

    pub(crate) fn tell(&mut self, node: usize, event: Event) -> Result<(), String> {
        self.at(node, |node, now| node.handle(event, now)).map(drop)
    }

    /// Tells a node what belongs to this start of it.
    fn tell_same(&mut self, node: usize, life: u32, event: Event) -> Result<(), String> {
        if self.nodes[node].life == life {
            self.tell(node, event)
        } else {
            Ok(())
        }
    }
}
