//! The chaos run: people who write while their processes are killed, their links cut, their mailbox
//! restarted and their clocks set; and the judge of what has arrived in the end.
//!
//! The promise that it tries (research: "what was sent arrives, once, in order"): whatever
//! `message_send` took is in every recipient's store in the end, once, in its sender's order.

mod cast;
mod dice;
mod judge;
mod trouble;
mod writer;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use self::cast::Cast;
use self::dice::Dice;
use self::trouble::Trouble;

/// What a run has to go through.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// What everything that happens follows from, but for the timing of the machine.
    pub seed: u64,
    /// Messages that are written, by all together.
    pub messages: u32,
    /// Processes that are killed with SIGKILL, people's and the mailbox's.
    pub kills: u32,
    /// Links that are cut, each for a while.
    pub cuts: u32,
    /// How long a link stays cut at most.
    pub cut: Duration,
    /// How long everything may take to arrive once the trouble is over.
    pub calm: Duration,
}

impl Plan {
    /// What fits into a test.
    #[must_use]
    pub fn short(seed: u64) -> Self {
        Self {
            seed,
            messages: 200,
            kills: 8,
            cuts: 8,
            cut: Duration::from_secs(3),
            calm: Duration::from_mins(3),
        }
    }
}

/// What a run went through.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Report {
    /// Messages that were taken to be sent.
    pub messages: u32,
    /// Messages that were found with their recipients: one for each of a group's.
    pub arrived: u32,
    /// People's processes that were killed.
    pub kills: u32,
    /// Mailboxes that were killed.
    pub mailboxes: u32,
    /// Links of one machine with all others that were cut.
    pub cut_off: u32,
    /// Links of two machines that were cut.
    pub parted: u32,
    /// Clocks that were set.
    pub clocks: u32,
    /// How long the trouble lasted, in seconds.
    pub trouble: u64,
    /// How long everything took to arrive after it, in seconds.
    pub calm: u64,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} messages written, {} received; {} people and {} mailboxes killed, {} machines cut \
             off, {} pairs parted, {} clocks set in {} s; all there {} s later",
            self.messages,
            self.arrived,
            self.kills,
            self.mailboxes,
            self.cut_off,
            self.parted,
            self.clocks,
            self.trouble,
            self.calm
        )
    }
}

/// Goes through `plan` and judges what has arrived.
///
/// # Errors
/// When anything is lost, there twice or out of order, or does not come in time.
pub async fn run(plan: &Plan, tell: impl Fn(&str)) -> anyhow::Result<Report> {
    tell(&format!("seed {}", plan.seed));
    let cast = Arc::new(Cast::gather().await?);
    tell("they know each other");
    let mut dice = Dice::new(plan.seed);
    let begun = Instant::now();
    let (over, is_over) = watch::channel(false);
    let mut writing = Vec::new();
    for person in 0..cast::PEOPLE {
        let share = writer::share(plan, person);
        let writer = writer::Writer::new(&cast, person, dice.child(), share, is_over.clone())?;
        writing.push(tokio::spawn(writer.write()));
    }
    let mut report = Report::default();
    let mut trouble = Trouble::new(&cast, plan, dice.child());
    while let Some(what) = trouble.next(&mut report).await? {
        tell(&what);
    }
    // Whoever has something left writes it without further pauses.
    over.send_replace(true);
    let mut written = Vec::new();
    for writing in writing {
        written.extend(writing.await??);
    }
    report.messages = u32::try_from(written.len())?;
    report.trouble = begun.elapsed().as_secs();
    tell("the trouble is over");
    let calm = Instant::now();
    judge::judge(&cast, &written, plan.calm, &mut report).await?;
    report.calm = calm.elapsed().as_secs();
    Ok(report)
}
