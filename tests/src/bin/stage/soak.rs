//! The chaos run in its long form.

use std::time::Duration;

use streembit_tests::chaos::{self, Plan};

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Options {
    /// Messages that three people write to each other and to a group.
    #[arg(long, default_value_t = 10_000)]
    messages: u32,
    /// Processes that are killed with SIGKILL.
    #[arg(long, default_value_t = 120)]
    kills: u32,
    /// Links that are cut.
    #[arg(long, default_value_t = 120)]
    cuts: u32,
    /// What happens follows from it; another one each time unless given.
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs until everything was judged.
pub(crate) async fn soak(options: &Options) -> anyhow::Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let plan = Plan {
        seed: options.seed.unwrap_or(now.as_secs()),
        messages: options.messages,
        kills: options.kills,
        cuts: options.cuts,
        cut: Duration::from_secs(8),
        calm: Duration::from_mins(10),
    };
    let outcome = chaos::run(&plan, |what| println!("    {what}")).await;
    let report = outcome.map_err(|error| error.context(format!("with --seed {}", plan.seed)))?;
    println!(
        "\n{report}\nNothing lost, nothing twice, nothing out of order (seed {}).",
        plan.seed
    );
    Ok(())
}
