//! The promise under everything that goes wrong at once, in a form that fits into every run of the
//! tests; `cargo xtask soak` goes on for longer.

use streembit_tests::Cable;
use streembit_tests::chaos::{self, Plan};

/// Another one each time would be a test that nobody can repeat.
const SEED: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_disordered_by_kills_cuts_and_clocks() -> anyhow::Result<()> {
    if !Cable::is_possible().await {
        println!("Left out: nobody may make network namespaces here.");
        return Ok(());
    }
    let plan = Plan::short(SEED);

    let report = chaos::run(&plan, |what| println!("{what}")).await?;

    println!("{report}");
    assert_eq!(report.messages, plan.messages);
    assert_eq!(report.kills + report.mailboxes, plan.kills);
    assert_eq!(report.cut_off + report.parted, plan.cuts);
    assert!(report.mailboxes > 0, "{report}");
    assert!(report.clocks > 0, "{report}");
    Ok(())
}
