//! Measures what the gate costs: a decision, an import and catching up, beside bare signatures.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::error::Error;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use streembit_gate::list::List;
use streembit_gate::{Action, Certificates, Freshness, Ledger, Operation, Role, Rules};
use streembit_identity::{
    AccountId, AccountKey, Certificate, Name, NodeKey, Purpose, Signer as _, Timestamp, seal,
};
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ROUNDS: u32 = 20;
const DECISIONS: u32 = 10_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    for members in [10, 100, 1_000, 2_000] {
        decision(members)?;
    }
    import(200, 1_000)?;
    catch_up(10_000)
}

/// How long one decision takes among so many members.
fn decision(members: u64) -> Outcome<()> {
    let ledger = network(members)?;
    let certificate = certificate(members / 2)?;
    let mut freshness = Freshness::default();
    freshness.confirm(&ledger.author_statement(&key(1), NOW)?, &ledger, NOW)?;
    let rules = Rules::private(&ledger, &Certificates::default(), &freshness);
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..DECISIONS {
            let admitted = black_box(&rules).admit(black_box(&certificate), NOW);
            black_box(admitted.is_ok() && rules.check_fresh(NOW).is_ok());
        }
        best = best.min(start.elapsed());
    }
    let nanoseconds = best.as_secs_f64() * 1e9 / f64::from(DECISIONS);
    println!("{{\"members\": {members}, \"decision_ns\": {nanoseconds:.0}}}");
    Ok(())
}

/// How long a list takes from its text to the operations that everybody has taken.
fn import(people: u64, devices: u64) -> Outcome<()> {
    let mut ledger = network(1)?;
    let start = Instant::now();
    let mut text = String::new();
    for number in 1..=people + devices {
        let role = match number {
            1 => "admin",
            _ if number <= people => "member",
            _ => "device",
        };
        let (name, account) = (name(number)?, account(number));
        writeln!(
            text,
            "[[member]]\nname = \"{name}\"\nkey = \"{account}\"\nrole = \"{role}\"\n"
        )?;
    }
    let list = List::parse(&text)?;
    let plan = list.plan(ledger.roster(), account(1));
    let operations = ledger.author_plan(&key(1), &plan, NOW)?;
    for operation in &operations {
        ledger.insert(operation)?;
    }
    let elapsed = start.elapsed().as_secs_f64();
    println!(
        "{{\"imported\": {}, \"seconds\": {elapsed:.3}}}",
        operations.len()
    );
    Ok(())
}

/// How long so many operations take to catch up with, and how that compares to their signatures.
fn catch_up(count: u64) -> Outcome<()> {
    let genesis = network(1)?;
    let mut full = genesis.clone();
    for number in 0..count {
        let member = 2 + number % 500;
        let operation = if full.roster().member(account(member)).is_none() {
            full.author_add(&key(1), account(member), name(member)?, Role::Member, NOW)
        } else {
            full.author_remove(&key(1), account(member), NOW)
        };
        full.insert(&operation?)?;
    }
    let missing = full.missing_for(&genesis.heads());
    let mut behind = genesis.clone();
    let start = Instant::now();
    for operation in &missing {
        behind.insert(operation)?;
    }
    let elapsed = start.elapsed();

    let example = Operation {
        heads: full.heads(),
        at: NOW,
        action: Action::Remove {
            account: account(2),
        },
        seal: None,
    };
    let bytes = seal(&example, &full.network(), &key(1))?;
    let (signature, public) = (key(1).sign(&bytes), key(1).public());
    let start = Instant::now();
    for _ in 0..missing.len() {
        black_box(public.is_signature(black_box(&bytes), &signature));
    }
    let bare = start.elapsed();
    println!(
        "{{\"caught_up\": {}, \"seconds\": {:.3}, \"over_bare_verification\": {:.2}}}",
        missing.len(),
        elapsed.as_secs_f64(),
        elapsed.as_secs_f64() / bare.as_secs_f64()
    );
    Ok(())
}

/// A network of account 1 with so many members.
fn network(members: u64) -> Outcome<Ledger> {
    let mut ledger = Ledger::create("Home".parse()?, name(1)?, &key(1), account(0), [7; 16], NOW)?;
    for number in 2..=members {
        let added =
            ledger.author_add(&key(1), account(number), name(number)?, Role::Member, NOW)?;
        ledger.insert(&added)?;
    }
    Ok(ledger)
}

fn certificate(number: u64) -> Outcome<Certificate> {
    let node = NodeKey::from_seed(&seed(b'n', number)).id();
    let end = NOW.plus(Duration::from_hours(24));
    Ok(Certificate::issue(
        &key(number),
        node,
        Purpose::Full,
        NOW,
        end,
    )?)
}

fn key(number: u64) -> AccountKey {
    AccountKey::from_seed(&seed(b'a', number))
}

fn account(number: u64) -> AccountId {
    key(number).id()
}

fn name(number: u64) -> Outcome<Name> {
    Ok(format!("Person {number}").parse()?)
}

fn seed(kind: u8, number: u64) -> Zeroizing<[u8; 32]> {
    let mut seed = Zeroizing::new([kind; 32]);
    for (byte, digit) in seed.iter_mut().zip(number.to_be_bytes()) {
        *byte = digit;
    }
    seed
}
