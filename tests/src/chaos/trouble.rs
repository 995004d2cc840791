//! What goes wrong: one thing after the other, as the dice say, until the plan is fulfilled.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::cast::{Cast, HUB, PEOPLE};
use super::dice::Dice;
use super::{Plan, Report};

/// How long somebody who was killed stays away at most.
const AWAY: Duration = Duration::from_secs(2);
/// Between two troubles at most.
const PEACE: Duration = Duration::from_secs(1);

/// Whoever makes it.
#[derive(Debug)]
pub(super) struct Trouble {
    cast: Arc<Cast>,
    cut: Duration,
    cuts: u32,
    dice: Dice,
    kills: u32,
}

impl Trouble {
    pub(super) fn new(cast: &Arc<Cast>, plan: &Plan, dice: Dice) -> Self {
        Self {
            cast: cast.clone(),
            cut: plan.cut,
            cuts: plan.cuts,
            dice,
            kills: plan.kills,
        }
    }

    /// Makes some more, and tells what it was; none once all was made and everybody is back.
    pub(super) async fn next(&mut self, report: &mut Report) -> anyhow::Result<Option<String>> {
        let left = self.kills + self.cuts;
        if left == 0 {
            return Ok(None);
        }
        sleep(self.dice.pause(PEACE)).await;
        let is_kill = self.dice.below(left as usize) < self.kills as usize;
        let what = if is_kill {
            self.kills -= 1;
            self.kill(report).await?
        } else {
            self.cuts -= 1;
            self.cut(report).await?
        };
        Ok(Some(format!("{what}; {} to go", left - 1)))
    }

    /// Kills one, or two at once, and starts them again; half of them with another clock.
    async fn kill(&mut self, report: &mut Report) -> anyhow::Result<String> {
        let mut who = vec![self.dice.below(PEOPLE + 1)];
        if self.kills > 0 && self.dice.below(4) == 0 {
            let other = (who.iter().sum::<usize>() + 1 + self.dice.below(PEOPLE)) % (PEOPLE + 1);
            self.kills -= 1;
            who.push(other);
        }
        for number in &who {
            anyhow::ensure!(self.cast.kill(*number).await?, "it was down");
            if *number == HUB {
                report.mailboxes += 1;
            } else {
                report.kills += 1;
            }
        }
        sleep(self.dice.pause(AWAY)).await;
        for number in &who {
            let is_set = self.dice.below(2) == 0;
            let dice = is_set.then_some(&mut self.dice);
            report.clocks += u32::from(self.cast.revive(*number, dice).await?);
        }
        let names: Vec<_> = who.into_iter().map(Cast::name).collect();
        Ok(format!("killed {}", names.join(" and ")))
    }

    /// Cuts one off from all, or two from each other, for a while. Nobody is told.
    async fn cut(&mut self, report: &mut Report) -> anyhow::Result<String> {
        let one = self.dice.below(PEOPLE + 1);
        let other = (one + 1 + self.dice.below(PEOPLE)) % (PEOPLE + 1);
        let cable = &self.cast.cable;
        let long = self.dice.pause(self.cut);
        if self.dice.below(2) == 0 {
            cable.connect(one, false).await?;
            sleep(long).await;
            cable.connect(one, true).await?;
            report.cut_off += 1;
            Ok(format!("cut {} off for {long:?}", Cast::name(one)))
        } else {
            cable.part([one, other], true).await?;
            sleep(long).await;
            cable.part([one, other], false).await?;
            report.parted += 1;
            let names = (Cast::name(one), Cast::name(other));
            Ok(format!("parted {} and {} for {long:?}", names.0, names.1))
        }
    }
}
