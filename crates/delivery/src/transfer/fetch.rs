//! The recipient's side of a file: when to open a stream, what to ask for, when it is over.

use std::collections::VecDeque;
use std::time::Duration;

use streembit_identity::Timestamp;

use crate::backoff::{self, Jitter};
use crate::transfer::{Ask, Have, Layout, Rate, Stop};

/// How long nothing may come of what was asked for.
pub const STALL: Duration = Duration::from_secs(30);
/// How long a disk that is full is left alone.
const HELD: Duration = Duration::from_secs(30);

/// What happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event {
    /// The sender can be reached, or the person wants it now.
    Reachable,
    /// A stream is open, and the leaves are there and verified.
    Opened,
    /// The next group that was asked for has come.
    Arrived,
    /// A group is verified and written.
    Stored {
        /// Which.
        index: u32,
    },
    /// Something came that is not of the offered file.
    Wrong,
    /// The sender gives no more.
    Stopped(Stop),
    /// The stream ended, or could not be opened.
    Closed,
    /// What came could not be written.
    Held,
    /// The time of [`Action::WakeAt`] has come.
    Tick,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Open a stream to the sender, then report `Opened` or how it failed.
    Open,
    /// Say this on the stream.
    Ask(Ask),
    /// Drop the stream.
    Close,
    /// All groups are there.
    Finish,
    /// It will never be there.
    Fail(Failure),
    /// Call with [`Event::Tick`] at this time; replaces the previous one.
    WakeAt(Timestamp),
}

/// Why a file will never be there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The sender's file is not what it offered.
    Changed,
    /// The sender has no such file any more.
    Gone,
    /// The sender sent something else.
    Wrong,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    Ended,
    /// Nothing is open; the next try is at this time.
    Idle(Timestamp),
    /// A stream is being opened, until this time.
    Opening(Timestamp),
    Running,
}

/// One file on its way here.
#[derive(Debug)]
pub struct Fetch {
    /// Groups asked for and not arrived, and when; they arrive in this order.
    asked: VecDeque<(u32, Timestamp)>,
    failures: u32,
    have: Have,
    is_held: bool,
    layout: Layout,
    /// The last time that anything came.
    moved: Timestamp,
    /// Where to look for what is missing.
    next: u32,
    phase: Phase,
    rate: Rate,
    /// Groups that arrived and are not written.
    storing: u32,
}

impl Fetch {
    /// Begins, or goes on where `have` says.
    pub fn new(layout: Layout, have: Have, now: Timestamp) -> Self {
        Self {
            asked: VecDeque::new(),
            failures: 0,
            have,
            is_held: false,
            layout,
            moved: now,
            next: 0,
            phase: Phase::Idle(now),
            rate: Rate::new(layout.group(), now),
            storing: 0,
        }
    }

    /// What is there.
    pub const fn have(&self) -> &Have {
        &self.have
    }

    /// How the file is cut.
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Which group comes next.
    pub fn expected(&self) -> Option<u32> {
        self.asked.front().map(|(index, _)| *index)
    }

    /// Bytes a second, as of late.
    pub fn per_second(&self, now: Timestamp) -> u64 {
        match self.phase {
            Phase::Running => self.rate.per_second(now),
            Phase::Ended | Phase::Idle(_) | Phase::Opening(_) => 0,
        }
    }

    /// Takes note of what happened, and says what to do.
    pub fn handle(&mut self, event: Event, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        if self.phase == Phase::Ended {
            return Vec::new();
        }
        let mut actions = match event {
            Event::Reachable => self.reachable(now),
            Event::Opened => self.opened(now),
            Event::Arrived => self.arrived(now),
            Event::Stored { index } => self.stored(index, now),
            Event::Wrong => self.fail(Failure::Wrong),
            Event::Stopped(Stop::Changed) => self.fail(Failure::Changed),
            Event::Stopped(Stop::Gone) => self.fail(Failure::Gone),
            Event::Stopped(Stop::Busy | Stop::Unknown | Stop::Unreadable) | Event::Closed => {
                self.put_off(now, jitter)
            }
            Event::Held => self.hold(now),
            Event::Tick => self.tick(now, jitter),
        };
        actions.extend(self.deadline().map(Action::WakeAt));
        actions
    }

    fn reachable(&mut self, now: Timestamp) -> Vec<Action> {
        match self.phase {
            Phase::Idle(_) if !self.is_held => self.open(now),
            Phase::Idle(_) | Phase::Ended | Phase::Opening(_) | Phase::Running => Vec::new(),
        }
    }

    fn open(&mut self, now: Timestamp) -> Vec<Action> {
        self.is_held = false;
        if self.have.is_complete() {
            return self.finish();
        }
        self.phase = Phase::Opening(now.plus(STALL));
        vec![Action::Open]
    }

    fn opened(&mut self, now: Timestamp) -> Vec<Action> {
        if !matches!(self.phase, Phase::Opening(_)) {
            return Vec::new();
        }
        self.phase = Phase::Running;
        self.moved = now;
        self.next = 0;
        self.storing = 0;
        self.rate = Rate::new(self.layout.group(), now);
        self.ask(now)
    }

    fn arrived(&mut self, now: Timestamp) -> Vec<Action> {
        let Some((index, at)) = self.asked.pop_front() else {
            return Vec::new();
        };
        self.moved = now;
        self.storing += 1;
        let bytes = self.layout.length(index) as u64;
        self.rate.arrived(bytes, at, now);
        Vec::new()
    }

    fn stored(&mut self, index: u32, now: Timestamp) -> Vec<Action> {
        self.have.insert(index);
        self.storing = self.storing.saturating_sub(1);
        self.failures = 0;
        if self.have.is_complete() {
            return self.finish();
        }
        match self.phase {
            Phase::Running => self.ask(now),
            Phase::Ended | Phase::Idle(_) | Phase::Opening(_) => Vec::new(),
        }
    }

    /// Asks for as much as may be on the way, in no smaller bits than a quarter of that.
    fn ask(&mut self, now: Timestamp) -> Vec<Action> {
        let window = self.rate.window() / self.layout.group().max(1);
        let window = u32::try_from(window).unwrap_or(u32::MAX).max(1);
        let under_way = u32::try_from(self.asked.len()).unwrap_or(u32::MAX);
        let mut room = window.saturating_sub(under_way.saturating_add(self.storing));
        if room < window.div_ceil(4) {
            return Vec::new();
        }
        let mut asks = Vec::new();
        while let Some(range) = self.have.missing(self.next, room) {
            self.next = range.end;
            room = room.saturating_sub(range.end - range.start);
            asks.push(Action::Ask(Ask {
                first: range.start,
                count: range.end - range.start,
            }));
            if self.asked.is_empty() {
                self.moved = now;
            }
            self.asked.extend(range.map(|index| (index, now)));
        }
        asks
    }

    fn tick(&mut self, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        match self.phase {
            Phase::Idle(at) if at <= now => self.open(now),
            Phase::Opening(until) if until <= now => self.put_off(now, jitter),
            Phase::Running if self.is_stalled(now) => self.put_off(now, jitter),
            Phase::Ended | Phase::Idle(_) | Phase::Opening(_) | Phase::Running => Vec::new(),
        }
    }

    fn is_stalled(&self, now: Timestamp) -> bool {
        !self.asked.is_empty() && self.moved.plus(STALL) <= now
    }

    fn put_off(&mut self, now: Timestamp, jitter: Jitter) -> Vec<Action> {
        if let Phase::Idle(_) = self.phase {
            return Vec::new();
        }
        let wait = backoff::delay(self.failures, jitter);
        self.failures = self.failures.saturating_add(1);
        self.close(Phase::Idle(now.plus(wait)));
        vec![Action::Close]
    }

    fn hold(&mut self, now: Timestamp) -> Vec<Action> {
        self.is_held = true;
        self.close(Phase::Idle(now.plus(HELD)));
        vec![Action::Close]
    }

    fn finish(&mut self) -> Vec<Action> {
        self.close(Phase::Ended);
        vec![Action::Close, Action::Finish]
    }

    fn fail(&mut self, failure: Failure) -> Vec<Action> {
        self.close(Phase::Ended);
        vec![Action::Close, Action::Fail(failure)]
    }

    /// Nothing that was asked for comes any more.
    fn close(&mut self, phase: Phase) {
        self.phase = phase;
        self.asked.clear();
    }

    fn deadline(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Ended => None,
            Phase::Idle(at) | Phase::Opening(at) => Some(at),
            Phase::Running if self.asked.is_empty() => None,
            Phase::Running => Some(self.moved.plus(STALL)),
        }
    }
}
