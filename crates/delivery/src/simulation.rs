//! Peers on a bad network, over many seeds: nothing is lost, doubled, out of order or claimed too
//! early.
//!
//! Each seed is one history of messages, losses, duplicates, late packets, partitions, connections
//! that went silent, clocks that jump, and crashes at any write. A failing seed is printed;
//! `SEED=… cargo test` repeats it, and `SEEDS=…` runs another number of them.

mod people;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use people::{Crashes, Flaw, Outcome, Plan, Side};
use world::World;

const SEEDS: u64 = 10_000;

/// One write in so many ends in a crash.
const RARITY: u64 = 40;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("seeds are numbers"))
}

/// Runs what is to be run for every seed, on all processors.
fn for_every_seed(run: impl Fn(u64) + Sync) {
    let (first, end) = match number("SEED") {
        Some(seed) => (seed, seed + 1),
        None => (0, number("SEEDS").unwrap_or(SEEDS)),
    };
    let next = AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    run(seed);
                }
            });
        }
    });
}

fn plan(seed: u64) -> Plan {
    Plan {
        seed,
        steps: 150,
        crashes: Crashes::Sometimes(RARITY),
        flaw: None,
    }
}

fn run(plan: Plan) -> Result<Outcome, String> {
    people::World::new(plan).run()
}

#[test]
fn every_message_arrives_exactly_once_whatever_happens() {
    for_every_seed(|seed| {
        let outcome = std::panic::catch_unwind(|| World::new(seed).run());
        assert!(
            outcome.is_ok(),
            "seed {seed} failed; repeat it with SEED={seed}"
        );
    });
}

#[test]
fn people_read_everything_once_in_order_and_know_how_far_it_got() {
    let sums = [const { AtomicU64::new(0) }; 5];
    for_every_seed(|seed| match run(plan(seed)) {
        Ok(it) => {
            let each = [it.texts, it.writes, it.crashes, it.set_back, it.went_silent];
            for (sum, value) in sums.iter().zip(each) {
                sum.fetch_add(value, Ordering::Relaxed);
            }
        }
        Err(what) => panic!("seed {seed}: {what}; repeat it with SEED={seed}"),
    });
    let [texts, writes, crashes, set_back, silent] = sums.map(AtomicU64::into_inner);
    println!(
        "{texts} texts, {writes} writes, {crashes} crashes at a write, {set_back} disks set back, \
         {silent} connections gone silent"
    );
    assert!(number("SEED").is_some() || texts.min(crashes).min(set_back).min(silent) > 0);
}

#[test]
fn a_seed_repeats_itself() {
    for seed in 0..50 {
        let first = run(plan(seed)).unwrap();
        assert_eq!(run(plan(seed)), Ok(first), "seed {seed}");
        assert_eq!(run(plan(seed)), Ok(first), "seed {seed}");
    }
    assert_ne!(
        run(plan(1)).map(|it| it.trace),
        run(plan(2)).map(|it| it.trace)
    );
}

#[test]
fn a_crash_before_or_after_any_write_loses_nothing() {
    for seed in 0..10 {
        let plan = Plan {
            steps: 60,
            crashes: Crashes::Never,
            ..plan(seed)
        };
        let writes = run(plan).unwrap().writes;
        for write in 0..writes {
            for side in [Side::Before, Side::After] {
                let crashes = Crashes::At(write, side);
                if let Err(what) = run(Plan { crashes, ..plan }) {
                    panic!("seed {seed}, {side:?} write {write}: {what}");
                }
            }
        }
    }
}

/// Says what the simulation found of a mistake.
fn caught(flaw: Flaw) -> String {
    let plans = (0..500).map(|seed| Plan {
        flaw: Some(flaw),
        ..plan(seed)
    });
    let mut found = plans.filter_map(|plan| run(plan).err());
    found.next().expect("no seed shows the mistake")
}

#[test]
fn a_recipient_that_forgets_ids_is_caught() {
    assert!(caught(Flaw::ForgetsIds).contains("contradicts"));
}

#[test]
fn a_recipient_that_answers_before_it_stores_is_caught() {
    assert!(caught(Flaw::AnswersBeforeStoring).contains("counts as delivered"));
}

#[test]
fn a_sender_that_sends_before_it_stores_is_caught() {
    caught(Flaw::SendsBeforeStoring);
}

#[test]
fn a_sender_that_stores_its_numbers_apart_is_caught() {
    caught(Flaw::NumbersApart);
}

#[test]
fn a_sender_that_forgets_its_queue_is_caught() {
    assert!(caught(Flaw::StartsAfresh).contains("on their way"));
}

#[test]
fn a_sender_that_believes_the_connection_is_caught() {
    assert!(caught(Flaw::BelievesTheConnection).contains("counts as delivered"));
}

#[test]
fn a_sender_that_notes_receipts_before_it_takes_them_is_caught() {
    assert!(caught(Flaw::NotesReceiptsFirst).contains("on their way"));
}

#[test]
fn a_recipient_that_shows_texts_as_they_come_is_caught() {
    assert!(caught(Flaw::ShowsAsTheyCome).contains("are shown"));
}

#[test]
fn a_recipient_that_never_asks_is_caught() {
    assert!(caught(Flaw::NeverAsks).contains("not everything came"));
}

#[test]
fn a_mailbox_that_deletes_early_is_caught() {
    caught(Flaw::DeletesEarly);
}
