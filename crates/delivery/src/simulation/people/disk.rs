//! What a simulated node has stored, and the moments at which it may stop: before and after a write.

use std::collections::{BTreeMap, BTreeSet};

use crate::simulation::world::Dice;
use crate::{Destination, Item, Link, Range, State, Tail};
use streembit_identity::{AccountId, MessageId};

use super::heard::Heard;

/// What a message says.
#[derive(Clone, Debug)]
pub(crate) enum Letter {
    /// A text, at its place.
    Text(Link),
    /// A receipt that went by mail.
    Receipt(MessageId),
    /// A question for what is missing.
    Question(Vec<Range>),
}

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub(crate) id: MessageId,
    pub(crate) from: Destination,
    pub(crate) letter: Letter,
}

/// A text that was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub(crate) id: MessageId,
    pub(crate) link: Link,
}

/// Everything that survives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) order: u64,
    pub(crate) queue: BTreeMap<(MessageId, Destination), (Item, Letter)>,
    /// How far each text has got, by destination.
    pub(crate) states: BTreeMap<(MessageId, Destination), State>,
    pub(crate) tails: BTreeMap<AccountId, Tail>,
    pub(crate) said: BTreeMap<AccountId, Vec<Said>>,
    /// Messages that were taken in, but for texts.
    pub(crate) seen: BTreeSet<MessageId>,
    pub(crate) heard: Heard,
}

/// Why a node does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It lost its power.
    Crash,
    /// It did what must not be.
    Broken(String),
}

/// When nodes crash.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Crashes {
    /// At one write in so many, by chance.
    Sometimes(u64),
    /// At this write only, before it or after it.
    At(u64, Side),
    /// Not at all.
    Never,
}

/// The side of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    Before,
    After,
}

/// Counts the writes of all nodes and says which ends in a crash.
#[derive(Debug)]
pub(crate) struct Power {
    pub(crate) crashes: Crashes,
    pub(crate) writes: u64,
    pub(crate) crashed: u64,
}

impl Power {
    /// Writes in one step: all of it or nothing.
    pub(crate) fn commit<T>(
        &mut self,
        dice: &mut Dice,
        disk: &mut Disk,
        write: impl FnOnce(&mut Disk) -> Result<T, Stop>,
    ) -> Result<T, Stop> {
        let side = self.crash(dice);
        self.writes += 1;
        if side == Some(Side::Before) {
            return Err(Stop::Crash);
        }
        let written = write(disk)?;
        if side == Some(Side::After) {
            return Err(Stop::Crash);
        }
        Ok(written)
    }

    fn crash(&mut self, dice: &mut Dice) -> Option<Side> {
        let side = match self.crashes {
            Crashes::Never => None,
            Crashes::At(write, side) => (self.writes == write).then_some(side),
            Crashes::Sometimes(rarity) => match dice.below(2 * rarity) {
                0 => Some(Side::Before),
                1 => Some(Side::After),
                _ => None,
            },
        };
        self.crashed += u64::from(side.is_some());
        side
    }
}
