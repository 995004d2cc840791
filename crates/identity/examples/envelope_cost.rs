//! Measures what an envelope costs above a bare signature (B15), and prints it as JSON.
//!
//! Both sides of each ratio are measured in turns in one run; the fastest round of each counts.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use streembit_identity::{
    AccountKey, Envelope, Kind, MessageId, NetworkId, NodeKey, Signer as _, Timestamp, Unverified,
    seal,
};
use zeroize::Zeroizing;

const ROUNDS: usize = 40;
const CALLS: u32 = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (alice, node) = (key(1), NodeKey::from_seed(&Zeroizing::new([2; 32])));
    let network = NetworkId::PUBLIC;
    for size in [64, 1_024, 64 * 1_024] {
        let now = Timestamp(1_800_000_000_000);
        let id = MessageId::new(now, [5; 10]);
        let envelope = Envelope::new(id, alice.id(), key(3).id(), now, Kind::Text, vec![7; size]);
        let bytes = seal(&envelope, &network, &node)?;
        let signature = node.sign(&bytes);

        let [sign, sealing] = fastest([
            &mut || {
                black_box(node.sign(black_box(&bytes)));
            },
            &mut || drop(black_box(seal(black_box(&envelope), &network, &node))),
        ]);
        let [verify, opening] = fastest([
            &mut || {
                black_box(node.public().is_signature(black_box(&bytes), &signature));
            },
            &mut || {
                let envelope = Unverified::<Envelope>::parse(black_box(&bytes));
                drop(black_box(
                    envelope.map(|envelope| envelope.verify(&network).is_ok()),
                ));
            },
        ]);
        println!(
            "{{\"body\": {size}, \"sign_ns\": {sign}, \"seal_over_sign\": {:.3}, \"verify_ns\": {verify}, \"open_over_verify\": {:.3}}}",
            sealing / sign,
            opening / verify,
        );
    }
    Ok(())
}

/// Returns the nanoseconds of one call of each, in the fastest of their rounds.
fn fastest(mut calls: [&mut dyn FnMut(); 2]) -> [f64; 2] {
    let mut best = [Duration::MAX; 2];
    for _ in 0..ROUNDS {
        for (call, best) in calls.iter_mut().zip(&mut best) {
            let start = Instant::now();
            for _ in 0..CALLS {
                call();
            }
            *best = start.elapsed().min(*best);
        }
    }
    best.map(|time| time.as_secs_f64() * 1e9 / f64::from(CALLS))
}

fn key(seed: u8) -> AccountKey {
    AccountKey::from_seed(&Zeroizing::new([seed; 32]))
}
