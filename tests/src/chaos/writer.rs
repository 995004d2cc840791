//! Somebody who writes, whatever happens: each message until the node has promised to deliver it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::sleep;

use super::cast::{Cast, PEOPLE};
use super::dice::Dice;
use super::{Plan, judge};
use crate::Line;

/// How long one trouble takes about: what is written is spread over all of it.
const TROUBLE: Duration = Duration::from_millis(2_500);
/// Between two tries to hand a message to one's own node.
const AGAIN: Duration = Duration::from_millis(200);
/// How often a message is tried.
const TRIES: u32 = 600;

/// A message that its author's node has promised to deliver.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Written {
    /// Its author.
    pub(super) author: usize,
    /// The conversation.
    pub(super) thread: Thread,
    /// Its number among its author's in this conversation.
    pub(super) number: u32,
}

/// Where somebody writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Thread {
    /// To one of the others.
    With(usize),
    /// To the group.
    Group,
}

impl Written {
    /// What it says.
    pub(super) fn text(&self) -> String {
        format!("{} {}", Cast::name(self.author), self.number)
    }
}

/// How many messages `person` writes, and how long between two.
pub(super) fn share(plan: &Plan, person: usize) -> (u32, Duration) {
    let people = PEOPLE as u32;
    let extra = u32::from((person as u32) < plan.messages % people);
    let count = plan.messages / people + extra;
    let whole = TROUBLE * (plan.kills + plan.cuts);
    (count, whole / count.max(1))
}

/// One person at the keyboard.
#[derive(Debug)]
pub(super) struct Writer {
    cast: Arc<Cast>,
    count: u32,
    dice: Dice,
    folder: PathBuf,
    is_over: watch::Receiver<bool>,
    line: Option<Line>,
    numbers: [u32; PEOPLE + 1],
    pause: Duration,
    person: usize,
}

impl Writer {
    pub(super) fn new(
        cast: &Arc<Cast>,
        person: usize,
        dice: Dice,
        (count, pause): (u32, Duration),
        is_over: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        anyhow::ensure!(person < PEOPLE, "nobody");
        Ok(Self {
            folder: cast.folder(person),
            cast: cast.clone(),
            count,
            dice,
            is_over,
            line: None,
            numbers: [0; PEOPLE + 1],
            pause,
            person,
        })
    }

    /// Writes everything; returns what was promised.
    pub(super) async fn write(mut self) -> anyhow::Result<Vec<Written>> {
        let mut written = Vec::new();
        for _ in 0..self.count {
            let message = self.think()?;
            self.hand_over(&message).await?;
            written.push(message);
            if !*self.is_over.borrow() {
                sleep(self.dice.pause(2 * self.pause)).await;
            }
        }
        Ok(written)
    }

    /// What comes next: a third goes to the group.
    fn think(&mut self) -> anyhow::Result<Written> {
        let at = self.dice.below(PEOPLE);
        let thread = if at == self.person {
            Thread::Group
        } else {
            Thread::With(at)
        };
        let numbers = self.numbers.get_mut(at).context("nobody")?;
        *numbers += 1;
        Ok(Written {
            author: self.person,
            thread,
            number: *numbers,
        })
    }

    /// Hands it to the own node. Whoever is cut off in the middle looks whether it was taken.
    async fn hand_over(&mut self, message: &Written) -> anyhow::Result<()> {
        let mut is_open = false;
        let mut last = None;
        for _ in 0..TRIES {
            match self.attempt(message, is_open).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(refused)) => last = Some(anyhow::Error::from(refused)),
                Err(error) => {
                    // It ended before it answered: who knows what it did.
                    (self.line, is_open, last) = (None, true, Some(error));
                }
            }
            sleep(AGAIN).await;
        }
        let name = Cast::name(self.person);
        Err(last.context("never tried")?).with_context(|| format!("{name} can write nothing"))
    }

    async fn attempt(
        &mut self,
        message: &Written,
        is_open: bool,
    ) -> anyhow::Result<Result<(), crate::CallError>> {
        let line = match self.line.as_mut() {
            Some(line) => line,
            None => self.line.insert(Line::connect(&self.folder).await?),
        };
        let thread = arguments(&self.cast, message.thread)?;
        if is_open && was_taken(line, thread.clone(), message).await? {
            return Ok(Ok(()));
        }
        let mut wanted = thread;
        if let Some(wanted) = wanted.as_object_mut() {
            wanted.insert("text".to_owned(), json!(message.text()));
        }
        Ok(line.ask("message_send", wanted).await?.map(drop))
    }
}

/// How commands name a conversation.
pub(super) fn arguments(cast: &Cast, thread: Thread) -> anyhow::Result<Value> {
    Ok(match thread {
        Thread::With(other) => {
            let peer = cast.peers.get(other).context("nobody")?;
            json!({ "peer": peer, "network": cast.network })
        }
        Thread::Group => json!({ "peer": cast.group, "network": cast.network }),
    })
}

/// Whether the own store has it already.
async fn was_taken(line: &mut Line, thread: Value, message: &Written) -> anyhow::Result<bool> {
    let all = judge::read(line, thread, 50).await?;
    let text = message.text();
    Ok(all
        .iter()
        .any(|it| it.get("text").is_some_and(|it| *it == text)))
}
