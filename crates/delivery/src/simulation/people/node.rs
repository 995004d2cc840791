//! One simulated node: stores first, then tells its outbox, and does what that says.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::simulation::world::Dice;
use crate::{
    Action, Chain, Destination, Event, Item, Link, LinkHash, Mail, Outbox, Pace, Range, Receipt,
    State, Tail,
};
use streembit_identity::{AccountId, MessageId, NetworkId, NodeId, Timestamp};

use super::disk::{Disk, Envelope, Letter, Power, Said, Stop};
use super::flaw::Flaw;

const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);

/// What a node wants of the network.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Transmit(Envelope, Destination),
    Deposit(Envelope, Destination),
    Seek(Destination),
}

/// One node, with its disk.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) at: Destination,
    pub(crate) disk: Disk,
    pub(crate) outbox: Outbox,
    pub(crate) wake_at: Option<Timestamp>,
    pub(crate) ask_at: Option<Timestamp>,
    pub(crate) wishes: Vec<Wish>,
    /// Which start of the program this is: what belongs to an earlier one ended with it.
    pub(crate) life: u32,
    /// By how many milliseconds its clock is ahead.
    pub(crate) skew: u64,
    flaw: Option<Flaw>,
}

/// What a node needs to do something.
pub(crate) struct Now<'a> {
    /// Its own time.
    pub(crate) time: Timestamp,
    pub(crate) dice: &'a mut Dice,
    pub(crate) power: &'a mut Power,
    /// What was ever stored where: nothing counts as delivered that was not.
    pub(crate) stored: &'a mut BTreeSet<(MessageId, Destination)>,
}

impl Now<'_> {
    fn id(&mut self) -> MessageId {
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.dice.next().to_be_bytes());
        MessageId::new(self.time, random)
    }
}

impl Node {
    pub(crate) fn new(account: AccountId, node: NodeId, flaw: Option<Flaw>) -> Self {
        Self {
            at: Destination::at(account, node),
            disk: Disk::default(),
            outbox: Outbox::default(),
            wake_at: None,
            ask_at: None,
            wishes: Vec::new(),
            life: 0,
            skew: 0,
            flaw,
        }
    }

    fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// Says something to an account, at all of its nodes.
    pub(crate) fn say(&mut self, nodes: &[Destination], now: &mut Now<'_>) -> Result<(), Stop> {
        let to = nodes[0].account;
        let id = now.id();
        let tail = self.disk.tails.get(&to).copied();
        let link = Link::after(tail).unwrap();
        let tail = Tail {
            sequence: link.sequence,
            hash: hash(self.at, to, id, link),
        };
        if self.has(Flaw::SendsBeforeStoring) {
            for node in nodes {
                let envelope = self.envelope(id, Letter::Text(link));
                self.wishes.push(Wish::Transmit(envelope, *node));
            }
        }
        let is_apart = self.has(Flaw::NumbersApart);
        let items = self.commit(now, |disk, time| {
            if !is_apart {
                disk.tails.insert(to, tail);
            }
            disk.said.entry(to).or_default().push(Said { id, link });
            let each = nodes.iter().map(|node| {
                disk.states.insert((id, *node), State::Queued);
                disk.queue_up(id, *node, Letter::Text(link), Mail::Copy(None), time)
            });
            Ok(each.collect::<Vec<Item>>())
        })?;
        if is_apart {
            self.commit(now, |disk, _| Ok(disk.tails.insert(to, tail)))?;
        }
        self.start(items, now)
    }

    /// Takes in a message, stored before it is answered.
    pub(crate) fn take(
        &mut self,
        envelope: &Envelope,
        by_mail: bool,
        now: &mut Now<'_>,
    ) -> Result<(), Stop> {
        match &envelope.letter {
            Letter::Text(link) => self.take_text(envelope, *link, by_mail, now),
            Letter::Receipt(target) => {
                if self.has(Flaw::NotesReceiptsFirst)
                    && !self.commit(now, |disk, _| Ok(disk.seen.insert(envelope.id)))?
                {
                    return Ok(());
                }
                let event = Event::Acknowledged {
                    id: *target,
                    to: envelope.from,
                    by: envelope.from.account,
                    receipt: Receipt::Delivered,
                };
                self.handle(event, now)
            }
            Letter::Question(ranges) => self.answer(envelope, ranges, by_mail, now),
        }
    }

    /// Sends again what was asked for, and what is still here.
    fn answer(
        &mut self,
        envelope: &Envelope,
        ranges: &[Range],
        by_mail: bool,
        now: &mut Now<'_>,
    ) -> Result<(), Stop> {
        let asker = envelope.from;
        let receipt = now.id();
        let items = self.commit(now, |disk, time| {
            let mut items = Vec::new();
            if disk.seen.insert(envelope.id) {
                let said = disk.said.get(&asker.account).cloned().unwrap_or_default();
                for said in said {
                    let (id, n) = (said.id, said.link.sequence);
                    let is_waiting = disk.queue.contains_key(&(id, asker));
                    if !is_waiting && ranges.iter().any(|r| r.first <= n && n <= r.last) {
                        let letter = Letter::Text(said.link);
                        items.push(disk.queue_up(id, asker, letter, Mail::Copy(None), time));
                    }
                }
            }
            items.extend(disk.sign(receipt, envelope, by_mail, time));
            Ok(items)
        })?;
        self.start(items, now)
    }

    fn take_text(
        &mut self,
        envelope: &Envelope,
        link: Link,
        by_mail: bool,
        now: &mut Now<'_>,
    ) -> Result<(), Stop> {
        let (id, from, at, flaw) = (envelope.id, envelope.from, self.at, self.flaw);
        let receipt = now.id();
        let items = self.commit(now, |disk, time| {
            if flaw == Some(Flaw::ForgetsIds) || !disk.heard.has(id) {
                let whose = (from.account, from.node.unwrap());
                let hash = hash(from, at.account, id, link);
                disk.heard.put(whose, id, link, hash, time, flaw)?;
            }
            Ok(disk.sign(receipt, envelope, by_mail, time))
        });
        if self.disk.heard.has(id) {
            now.stored.insert((id, at));
        }
        self.look_at_gaps();
        self.start(items?.into_iter().collect(), now)
    }

    /// Asks for what is missing and due.
    pub(crate) fn ask(&mut self, now: &mut Now<'_>) -> Result<(), Stop> {
        let mut items = Vec::new();
        for (whose, ranges) in self.disk.heard.due(now.time) {
            let id = now.id();
            let node = Destination::at(whose.0, whose.1);
            items.extend(self.commit(now, |disk, time| {
                let is_asking = disk
                    .queue
                    .values()
                    .any(|(item, letter)| item.to == node && matches!(letter, Letter::Question(_)));
                disk.heard.asked(whose, time, !is_asking);
                let letter = Letter::Question(ranges);
                let ask = || disk.queue_up(id, node, letter, Mail::Copy(None), time);
                Ok((!is_asking).then(ask))
            })?);
        }
        self.look_at_gaps();
        self.start(items, now)
    }

    fn look_at_gaps(&mut self) {
        let due = self.disk.heard.next_due();
        self.ask_at = due.filter(|_| !self.has(Flaw::NeverAsks));
    }

    fn start(&mut self, items: Vec<Item>, now: &mut Now<'_>) -> Result<(), Stop> {
        let mut items = items.into_iter();
        items.try_for_each(|item| self.handle(Event::Enqueued(item), now))
    }

    /// Starts again with nothing but the disk.
    pub(crate) fn restart(&mut self, now: &mut Now<'_>) -> Result<(), Stop> {
        self.outbox = Outbox::default();
        self.wake_at = None;
        self.wishes.clear();
        self.life += 1;
        self.look_at_gaps();
        if self.has(Flaw::StartsAfresh) {
            return Ok(());
        }
        let items = self.disk.queue.values().map(|(item, _)| *item).collect();
        self.start(items, now)
    }

    /// Tells the outbox what happened, and does what it says.
    pub(crate) fn handle(&mut self, event: Event, now: &mut Now<'_>) -> Result<(), Stop> {
        let jitter = now.dice.next() as u32;
        for action in self.outbox.handle(event, now.time, jitter) {
            self.obey(action, now)?;
        }
        if let Event::Transmitted { id, to } = event
            && self.has(Flaw::BelievesTheConnection)
        {
            let (by, receipt) = (to.account, Receipt::Delivered);
            return self.handle(
                Event::Acknowledged {
                    id,
                    to,
                    by,
                    receipt,
                },
                now,
            );
        }
        Ok(())
    }

    fn obey(&mut self, action: Action, now: &mut Now<'_>) -> Result<(), Stop> {
        match action {
            Action::Transmit { id, to } => {
                let wish = Wish::Transmit(self.read(id, to)?, to);
                self.wishes.push(wish);
            }
            Action::Deposit { id, to } => {
                let wish = Wish::Deposit(self.read(id, to)?, to);
                self.wishes.push(wish);
            }
            Action::Seek { to } => self.wishes.push(Wish::Seek(to)),
            Action::WakeAt(at) => self.wake_at = Some(at),
            Action::Record { id, to, state } => return self.record(id, to, state, now),
        }
        Ok(())
    }

    fn record(
        &mut self,
        id: MessageId,
        to: Destination,
        state: State,
        now: &mut Now<'_>,
    ) -> Result<(), Stop> {
        let is_text = self.disk.states.contains_key(&(id, to));
        if is_text && state == State::Delivered && !now.stored.contains(&(id, to)) {
            let text = format!("{id} counts as delivered and is not there");
            return Err(Stop::Broken(text));
        }
        if state == State::Failed {
            return Err(Stop::Broken(format!("{id} was given up")));
        }
        self.commit(now, |disk, _| {
            if let Some(known) = disk.states.get_mut(&(id, to)) {
                *known = known.advance(state).unwrap_or(*known);
            }
            if state.is_settled() {
                disk.queue.remove(&(id, to));
            } else if let Some((item, _)) = disk.queue.get_mut(&(id, to)) {
                item.state = state;
            }
            Ok(())
        })
    }

    fn read(&self, id: MessageId, to: Destination) -> Result<Envelope, Stop> {
        let Some((_, letter)) = self.disk.queue.get(&(id, to)) else {
            return Err(Stop::Broken(format!("{id} goes out and is not stored")));
        };
        Ok(self.envelope(id, letter.clone()))
    }

    fn envelope(&self, id: MessageId, letter: Letter) -> Envelope {
        let from = self.at;
        Envelope { id, from, letter }
    }

    fn commit<T>(
        &mut self,
        now: &mut Now<'_>,
        write: impl FnOnce(&mut Disk, Timestamp) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let time = now.time;
        let Now { power, dice, .. } = now;
        power.commit(dice, &mut self.disk, |disk| write(disk, time))
    }
}

impl Disk {
    /// Signs by mail for what came by mail, unless that is on its way already.
    fn sign(
        &mut self,
        receipt: MessageId,
        envelope: &Envelope,
        by_mail: bool,
        now: Timestamp,
    ) -> Option<Item> {
        let (of, to) = (envelope.id, envelope.from);
        let is_waiting = self.queue.values().any(|(item, letter)| {
            item.to == to && matches!(letter, Letter::Receipt(target) if *target == of)
        });
        let letter = Letter::Receipt(of);
        (by_mail && !is_waiting).then(|| self.queue_up(receipt, to, letter, Mail::Instead, now))
    }

    fn queue_up(
        &mut self,
        id: MessageId,
        to: Destination,
        letter: Letter,
        mail: Mail,
        now: Timestamp,
    ) -> Item {
        self.order += 1;
        let item = Item {
            id,
            to,
            order: self.order,
            state: State::Queued,
            pace: Pace::Together,
            until: now.plus(MONTH),
            mail,
        };
        self.queue.insert((id, to), (item, letter));
        item
    }
}

fn hash(from: Destination, to: AccountId, id: MessageId, link: Link) -> LinkHash {
    let chain = Chain {
        network: NetworkId::PUBLIC,
        from: from.account,
        node: from.node.unwrap(),
        to: to.into(),
    };
    chain.hash(id, &link.sequence.to_be_bytes())
}
