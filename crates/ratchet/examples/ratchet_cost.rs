//! Measures what sealing and opening cost, states read and written included, beside a bare signature.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use streembit_identity::{NodeKey, Signer as _, Timestamp};
use streembit_ratchet::{Device, Pair};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ROUNDS: u32 = 10;
const MESSAGES: u32 = 500;
const TEXT: [u8; 512] = [7; 512];

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Time spent on each part of a message.
#[derive(Clone, Copy, Default)]
struct Spent {
    sealing: Duration,
    opening: Duration,
}

fn main() -> Outcome<()> {
    let verification = verification();
    for (what, turns) in [("one side writes", false), ("by turns", true)] {
        let mut best: Option<Spent> = None;
        for _ in 0..ROUNDS {
            let spent = converse(turns)?;
            let is_best =
                best.is_none_or(|it| spent.sealing + spent.opening < it.sealing + it.opening);
            if is_best {
                best = Some(spent);
            }
        }
        let best = best.unwrap_or_default();
        println!(
            "{{\"conversation\": \"{what}\", \"seal_us\": {:.1}, \"open_us\": {:.1}, \"verify_us\": {:.1}, \"open_over_verify\": {:.2}}}",
            micros(best.sealing),
            micros(best.opening),
            micros(verification),
            best.opening.as_secs_f64() / verification.as_secs_f64(),
        );
    }
    Ok(())
}

/// Two nodes, each of which keeps its sessions as bytes between any two messages.
fn converse(turns: bool) -> Outcome<Spent> {
    let nodes = [1, 2].map(|number| NodeKey::from_seed(&[number; 32].into()).id());
    let mut devices = [Device::new(NOW), Device::new(NOW)];
    let mut states = [Pair::default().to_bytes(), Pair::default().to_bytes()];
    let mut spent = Spent::default();
    for number in 0..MESSAGES {
        let [one, other] = &mut devices;
        let [mine, theirs] = &mut states;
        let is_back = number > 0 && (number == 1 || (turns && number % 2 == 1));
        let (from, to, out, into, node) = if is_back {
            (other, one, theirs, mine, nodes)
        } else {
            let [a, b] = nodes;
            (one, other, mine, theirs, [b, a])
        };
        let [to_node, from_node] = node;
        let (their_keys, own_keys) = (
            to.keys(to_node).ok_or("keys")?,
            from.keys(from_node).ok_or("keys")?,
        );
        let start = Instant::now();
        let mut pair = Pair::from_bytes(out)?;
        if pair.current().is_none() {
            pair.begin(from, &their_keys)?;
        }
        let sealed = pair.seal(to_node, || vec![1], black_box(&TEXT))?;
        *out = pair.to_bytes();
        spent.sealing += start.elapsed();

        let start = Instant::now();
        let mut pair = Pair::from_bytes(into)?;
        black_box(pair.open(to, sealed.keys.as_ref().map(|_| &own_keys), &sealed)?);
        *into = pair.to_bytes();
        spent.opening += start.elapsed();
    }
    spent.sealing /= MESSAGES;
    spent.opening /= MESSAGES;
    Ok(spent)
}

/// How long one strict Ed25519 verification takes.
fn verification() -> Duration {
    let key = NodeKey::from_seed(&[3; 32].into());
    let (public, signature) = (key.public(), key.sign(&TEXT));
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..MESSAGES {
            black_box(public.is_signature(black_box(&TEXT), &signature));
        }
        best = best.min(start.elapsed() / MESSAGES);
    }
    best
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
