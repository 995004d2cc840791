//! The simulated people: three of them, one with two nodes, who write to one another over bad
//! connections and through a mailbox, with nodes that crash at any write and disks set back.

mod disk;
mod end;
mod fault;
mod flaw;
mod heard;
mod net;
mod node;
mod post;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use crate::mailbox::{Amount, Quota};
use crate::{Destination, Event};
use streembit_identity::{AccountId, AccountKey, MessageId, NodeId, NodeKey, Timestamp};
use zeroize::Zeroizing;

use super::world::Dice;
pub(crate) use disk::{Crashes, Side};
use disk::{Power, Stop};
pub(crate) use flaw::Flaw;
use net::{Happening, Link, Wire};
use node::{Node, Now};
use post::Post;

/// Virtual time within which everything must have arrived once the network is good: what is
/// missing is asked for ever more rarely.
const PATIENCE: Duration = Duration::from_secs(8 * 24 * 3_600);

/// Accounts and nodes: the last two are one person's.
static NODES: LazyLock<[(AccountId, NodeId); 4]> = LazyLock::new(|| {
    [(2, 12), (3, 13), (4, 14), (4, 15)].map(|(account, node)| {
        let account = AccountKey::from_seed(&Zeroizing::new([account; 32])).id();
        (
            account,
            NodeKey::from_seed(&Zeroizing::new([node; 32])).id(),
        )
    })
});

/// The mailbox, where links are named by their ends; the nodes come before it.
const MAILBOX: usize = 4;

/// What is simulated under a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// Steps with faults; afterwards everything must arrive.
    pub(crate) steps: usize,
    pub(crate) crashes: Crashes,
    pub(crate) flaw: Option<Flaw>,
}

/// What happened.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Outcome {
    /// A number that every step went into.
    pub(crate) trace: u64,
    pub(crate) texts: u64,
    pub(crate) writes: u64,
    pub(crate) crashes: u64,
    pub(crate) set_back: u64,
    pub(crate) went_silent: u64,
}

/// Everything.
pub(crate) struct World {
    plan: Plan,
    dice: Dice,
    now: Timestamp,
    nodes: Vec<Node>,
    post: Post,
    wire: Wire,
    links: BTreeMap<(usize, usize), Link>,
    power: Power,
    stored: BTreeSet<(MessageId, Destination)>,
    snapshots: Vec<heard::Heard>,
    calm: bool,
    outcome: Outcome,
}

impl World {
    pub(crate) fn new(plan: Plan) -> Self {
        let mut dice = Dice::new(plan.seed);
        let room = if dice.below(2) == 0 { 1_000 } else { 24 };
        let nodes = NODES.map(|(account, node)| Node::new(account, node, plan.flaw));
        let pairs = (0..MAILBOX).flat_map(|a| (a + 1..=MAILBOX).map(move |b| (a, b)));
        Self {
            plan,
            now: Timestamp(1_800_000_000_000),
            snapshots: nodes.iter().map(|_| heard::Heard::default()).collect(),
            nodes: nodes.into(),
            post: Post::new(quota(room)),
            wire: Wire::default(),
            links: pairs.map(|pair| (pair, Link::default())).collect(),
            power: Power {
                crashes: plan.crashes,
                writes: 0,
                crashed: 0,
            },
            stored: BTreeSet::new(),
            calm: false,
            outcome: Outcome::default(),
            dice,
        }
    }

    /// Runs to the end; says what went wrong if anything did.
    pub(crate) fn run(mut self) -> Result<Outcome, String> {
        for node in 0..MAILBOX {
            self.post_after(Happening::Poll { node }, 60_000);
        }
        for _ in 0..self.plan.steps {
            self.fault()?;
            self.step()?;
        }
        self.calm_down()?;
        let end = self.now.plus(PATIENCE);
        while !self.is_idle() {
            if self.now > end {
                return Err(self.waiting());
            }
            self.step()?;
        }
        // What is still on the wire comes, too, and changes nothing.
        while !self.wire.has_only_polls() {
            self.step()?;
        }
        self.check_end()?;
        Ok(Outcome {
            writes: self.power.writes,
            crashes: self.power.crashed,
            ..self.outcome
        })
    }

    /// Lets the next thing happen, and time pass until then.
    fn step(&mut self) -> Result<(), String> {
        for node in 0..MAILBOX {
            self.flush(node)?;
        }
        let wakes = self.nodes.iter().enumerate().flat_map(|(nth, node)| {
            let skew = Duration::from_millis(node.skew);
            let at = [node.wake_at, node.ask_at].into_iter().flatten().min();
            at.map(|at| (at.minus(skew).max(self.now), nth))
        });
        let wake = wakes.min();
        let next = self.wire.next_at();
        let at = [next, wake.map(|(at, _)| at)].into_iter().flatten().min();
        let at = at.ok_or("nothing will ever happen")?;
        // A long wait must not swallow the run: while faults go on, time moves in hops.
        let hop = self.now.plus(Duration::from_secs(30));
        if !self.calm && at > hop {
            self.now = hop;
            return Ok(());
        }
        self.now = self.now.max(at);
        self.note(self.now.as_millis());
        match wake {
            Some((wake, node)) if next.is_none_or(|next| wake < next) => self.wake(node)?,
            _ => {
                if let Some(happening) = self.wire.pop() {
                    self.happen(happening)?;
                }
            }
        }
        self.check_bounds()
    }

    fn wake(&mut self, node: usize) -> Result<(), String> {
        self.note(node as u64);
        let time = self.time(node);
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= time);
        let (wake, ask) = (self.nodes[node].wake_at, self.nodes[node].ask_at);
        if is_due(wake) {
            self.nodes[node].wake_at = None;
            self.at(node, |node, now| node.handle(Event::Tick, now))?;
        }
        if is_due(ask) {
            self.nodes[node].ask_at = None;
            self.at(node, Node::ask)?;
        }
        Ok(())
    }

    /// Lets a node do something; tells whether it came to an end, or crashed and started again.
    fn at(
        &mut self,
        node: usize,
        act: impl FnOnce(&mut Node, &mut Now<'_>) -> Result<(), Stop>,
    ) -> Result<bool, String> {
        let mut now = Now {
            time: self.time(node),
            dice: &mut self.dice,
            power: &mut self.power,
            stored: &mut self.stored,
        };
        match act(&mut self.nodes[node], &mut now) {
            Ok(()) => Ok(true),
            Err(Stop::Broken(text)) => Err(text),
            Err(Stop::Crash) => self.crash(node).map(|()| false),
        }
    }

    /// The time by the clock of a node.
    fn time(&self, node: usize) -> Timestamp {
        self.now.plus(Duration::from_millis(self.nodes[node].skew))
    }

    fn note(&mut self, word: u64) {
        let trace = self.outcome.trace ^ word;
        self.outcome.trace = trace.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn place(&self, node: usize) -> Destination {
        self.nodes[node].at
    }

    fn index(&self, place: Destination) -> usize {
        self.nodes.iter().position(|node| node.at == place).unwrap()
    }
}

/// Room for so many copies, shared as a mailbox shares it.
fn quota(copies: u64) -> Quota {
    let share = |part: u64| Amount {
        copies: copies / part,
        bytes: copies / part * 512,
    };
    Quota {
        total: share(1),
        recipient: share(2),
        depositor: share(2),
        pair: share(4),
    }
}
