//! Two peers on a bad network, over many seeds: nothing is lost, doubled or claimed too early.
//!
//! Each seed is one history of messages, losses, duplicates, late packets, partitions, busy
//! answers and crashes on both sides. A failing seed is printed; `SEED=… cargo test` repeats it.

mod world;

use world::World;

const SEEDS: u64 = 2_000;

#[test]
fn every_message_arrives_exactly_once_whatever_happens() {
    let seeds = match std::env::var("SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("SEED is a number");
            seed..seed + 1
        }
        Err(_) => 0..SEEDS,
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| World::new(seed).run());
        assert!(
            outcome.is_ok(),
            "seed {seed} failed; repeat it with SEED={seed}"
        );
    }
}
