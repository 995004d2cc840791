//! What befalls the simulated people: what they write, and what breaks.

use std::collections::BTreeSet;

use crate::Event;
use streembit_identity::AccountId;

use super::disk::Stop;
use super::net::{Happening, Line};
use super::node::Now;
use super::{Crashes, Flaw, MAILBOX, World};

/// How far a clock is ahead at most, in milliseconds.
const MAX_SKEW: u64 = 2 * 3_600_000;

impl World {
    /// One thing that a person does or that breaks, or nothing.
    pub(crate) fn fault(&mut self) -> Result<(), String> {
        let node = self.dice.below(MAILBOX as u64) as usize;
        let pair = self.pair();
        match self.dice.below(100) {
            0..25 => self.say(node),
            25..27 => self.crash(node),
            27..33 => self.cut(pair),
            33..43 => self.heal(pair),
            43..47 => self.notice(pair),
            47..49 => {
                self.post.restart();
                Ok(())
            }
            49..52 => {
                self.snapshots[node] = self.nodes[node].disk.heard.clone();
                Ok(())
            }
            52 => self.set_back(node),
            53..55 => {
                self.nodes[node].skew = self.dice.below(MAX_SKEW);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn pair(&mut self) -> (usize, usize) {
        let nth = self.dice.below(self.links.len() as u64) as usize;
        *self.links.keys().nth(nth).unwrap()
    }

    /// A node writes to somebody else, at all of their nodes.
    fn say(&mut self, node: usize) -> Result<(), String> {
        let own = self.place(node).account;
        let others = self.nodes.iter().map(|it| it.at.account);
        let others: Vec<_> = others.filter(|account| *account != own).collect();
        let whom = others[self.dice.below(others.len() as u64) as usize];
        self.say_to(node, whom).map(drop)
    }

    /// Says whether it was said.
    fn say_to(&mut self, node: usize, whom: AccountId) -> Result<bool, String> {
        let places = self.nodes.iter().map(|it| it.at);
        let places: Vec<_> = places.filter(|place| place.account == whom).collect();
        self.at(node, |node, now| node.say(&places, now))
    }

    /// A node loses everything but its disk and starts again. Its peers hear of it, or do not.
    pub(crate) fn crash(&mut self, node: usize) -> Result<(), String> {
        if self.plan.flaw == Some(Flaw::SendsBeforeStoring) {
            self.flush(node)?;
        }
        let mut now = Now {
            time: self.time(node),
            dice: &mut self.dice,
            power: &mut self.power,
            stored: &mut self.stored,
        };
        match self.nodes[node].restart(&mut now) {
            Err(Stop::Broken(text)) => return Err(text),
            Err(Stop::Crash) => return Err("a start writes".to_owned()),
            Ok(()) => {}
        }
        for other in (0..=MAILBOX).filter(|other| *other != node) {
            if self.link(node, other).line == Line::Up {
                self.drop_link(node, other, false)?;
            }
        }
        Ok(())
    }

    /// A connection breaks. Both ends hear of it, or think that it still is one.
    fn drop_link(&mut self, a: usize, b: usize, always_told: bool) -> Result<(), String> {
        if !self.calm && !always_told && self.dice.below(2) == 0 {
            self.link(a, b).line = Line::Silent;
            self.outcome.went_silent += 1;
            return Ok(());
        }
        self.link(a, b).line = Line::Down;
        for (one, other) in [(a, b), (b, a)] {
            if one != MAILBOX && other != MAILBOX {
                let place = self.place(other);
                self.tell(one, Event::Unreachable(place))?;
            }
        }
        Ok(())
    }

    fn cut(&mut self, (a, b): (usize, usize)) -> Result<(), String> {
        self.link(a, b).is_cut = true;
        match self.link(a, b).line {
            Line::Up => self.drop_link(a, b, false),
            Line::Down | Line::Silent => Ok(()),
        }
    }

    fn heal(&mut self, (a, b): (usize, usize)) -> Result<(), String> {
        self.link(a, b).is_cut = false;
        match self.link(a, b).line {
            Line::Down => self.connect(a, b),
            Line::Up | Line::Silent => Ok(()),
        }
    }

    /// Both ends find out that a silent connection is none.
    fn notice(&mut self, (a, b): (usize, usize)) -> Result<(), String> {
        match self.link(a, b).line {
            Line::Silent => self.drop_link(a, b, true),
            Line::Up | Line::Down => Ok(()),
        }
    }

    /// Two connect.
    pub(crate) fn connect(&mut self, a: usize, b: usize) -> Result<(), String> {
        self.link(a, b).line = Line::Up;
        for (one, other) in [(a, b), (b, a)] {
            if one == MAILBOX {
                continue;
            }
            if other == MAILBOX {
                self.post_after(Happening::Collect { node: one }, 100);
                self.tell(one, Event::MailboxFound)?;
            } else {
                let place = self.place(other);
                self.tell(one, Event::Reachable(place))?;
            }
        }
        Ok(())
    }

    /// What a node received lately is not on its disk any more.
    fn set_back(&mut self, node: usize) -> Result<(), String> {
        self.outcome.set_back += 1;
        self.nodes[node].disk.heard = self.snapshots[node].clone();
        self.crash(node)
    }

    /// Nothing breaks any more, though some never meet but by mail, and everybody says a last thing
    /// to everybody: it shows what is missing before it.
    pub(crate) fn calm_down(&mut self) -> Result<(), String> {
        self.calm = true;
        if matches!(self.power.crashes, Crashes::Sometimes(_)) {
            self.power.crashes = Crashes::Never;
        }
        let pairs: Vec<(usize, usize)> = self.links.keys().copied().collect();
        for pair in pairs {
            self.notice(pair)?;
            if pair.1 != MAILBOX && self.dice.below(3) == 0 {
                self.cut(pair)?;
            } else {
                self.heal(pair)?;
            }
        }
        for node in 0..MAILBOX {
            let own = self.place(node).account;
            let accounts = self.nodes.iter().map(|it| it.at.account);
            let others: BTreeSet<_> = accounts.filter(|it| *it != own).collect();
            for whom in others {
                while !self.say_to(node, whom)? {}
            }
        }
        Ok(())
    }
}
