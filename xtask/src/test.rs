//! `cargo xtask test`: everything that must hold, from a clean clone.

mod step;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::bail;

use crate::program::Count;
use step::{STEPS, Step};

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only these steps, by name, separated by commas.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// All but these steps.
    #[arg(long, value_delimiter = ',')]
    skip: Vec<String>,
    /// Names the steps and ends.
    #[arg(long)]
    list: bool,
}

/// How one step ended.
struct Ended {
    step: &'static Step,
    took: Duration,
    count: Count,
    result: Result<(), String>,
}

impl Ended {
    /// What the step adds to the closing line: its tests, or itself as one.
    fn weight(&self) -> Count {
        let Count { passed, failed } = self.count;
        match self.result {
            Ok(()) if passed + failed == 0 => Count { passed: 1, failed },
            Err(_) if failed == 0 => Count { passed, failed: 1 },
            Ok(()) | Err(_) => self.count,
        }
    }
}

/// Runs the steps, tells how each went, and fails if any did.
pub(crate) fn test(options: &Options) -> anyhow::Result<()> {
    if options.list {
        for step in &STEPS {
            println!("{:12}  {}", step.name, step.claim);
        }
        return Ok(());
    }
    let chosen = choose(options)?;
    let mut ended: Vec<Ended> = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!(
            "\n==> [{}/{}] {}: {}",
            index + 1,
            chosen.len(),
            step.name,
            step.claim
        );
        let outcome = take(step, &ended);
        match &outcome.result {
            Ok(()) => println!("    ok, {:.1} s", outcome.took.as_secs_f64()),
            Err(reason) => println!("    FAILED: {reason}"),
        }
        ended.push(outcome);
    }
    summarise(&ended)
}

fn choose(options: &Options) -> anyhow::Result<Vec<&'static Step>> {
    let known: BTreeSet<&str> = STEPS.iter().map(|step| step.name).collect();
    if let Some(name) = options
        .only
        .iter()
        .chain(&options.skip)
        .find(|name| !known.contains(name.as_str()))
    {
        bail!("there is no step `{name}`; `cargo xtask test --list` names them");
    }
    let wanted = |step: &&Step| {
        let named = |names: &[String]| names.iter().any(|name| name == step.name);
        (options.only.is_empty() || named(&options.only)) && !named(&options.skip)
    };
    Ok(STEPS.iter().filter(wanted).collect())
}

/// Takes `step`, unless a step that it stands on has failed.
fn take(step: &'static Step, before: &[Ended]) -> Ended {
    let started = Instant::now();
    let mut count = Count::default();
    let broken = before
        .iter()
        .find(|other| other.result.is_err() && step.needs.contains(&other.step.name));
    let result = match broken {
        Some(other) => Err(format!("not tried, because `{}` failed", other.step.name)),
        None => (step.take)(&mut count).map_err(|error| format!("{error:#}")),
    };
    Ended {
        step,
        took: started.elapsed(),
        count,
        result,
    }
}

/// Prints the table and the closing line.
fn summarise(ended: &[Ended]) -> anyhow::Result<()> {
    let mut total = Count::default();
    println!(
        "\n{:12}  {:8}  {:>8}  {:>7}",
        "step", "result", "seconds", "tests"
    );
    for one in ended {
        total.add(one.weight());
        let tests = one.count.passed + one.count.failed;
        println!(
            "{:12}  {:8}  {:>8.1}  {:>7}",
            one.step.name,
            if one.result.is_ok() { "ok" } else { "FAILED" },
            one.took.as_secs_f64(),
            if tests == 0 {
                String::new()
            } else {
                tests.to_string()
            },
        );
    }
    let failed: Vec<&Ended> = ended.iter().filter(|one| one.result.is_err()).collect();
    for one in &failed {
        println!(
            "\n{}: {}",
            one.step.name,
            one.result.as_ref().err().map_or("", String::as_str)
        );
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if failed.is_empty() {
        Ok(())
    } else {
        let names: Vec<&str> = failed.iter().map(|one| one.step.name).collect();
        bail!(
            "{} of {} steps failed: {}",
            failed.len(),
            ended.len(),
            names.join(", ")
        )
    }
}
