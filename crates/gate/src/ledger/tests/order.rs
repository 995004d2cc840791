//! Properties of sets of operations that several admins make, cut off from each other at times.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::fixture::{certificate, node};
use crate::{Certificates, Freshness, Rules};

/// Persons who take part; 1 to `ADMINS` may become admins.
const PEOPLE: u64 = 8;
const REPLICAS: usize = 4;

/// One thing that happens on one replica.
#[derive(Clone, Debug)]
enum Step {
    Add {
        by: u64,
        who: u64,
        admin: bool,
    },
    Remove {
        by: u64,
        who: u64,
    },
    Change {
        by: u64,
        who: u64,
        admin: bool,
    },
    Appoint {
        who: u64,
    },
    Recover {
        who: u64,
    },
    /// Begins the network anew.
    Seal,
    /// Takes in everything that another replica knows.
    Hear {
        from: usize,
    },
    /// Goes back to the start, as somebody would who signs things as if nothing had happened.
    Forget,
}

fn step(seals: bool) -> impl Strategy<Value = (usize, Step)> {
    let person = 1..=PEOPLE;
    let who = person.clone();
    let step = prop_oneof![
        4 => (person.clone(), who.clone(), any::<bool>()).prop_map(|(by, who, admin)| Step::Add { by, who, admin }),
        4 => (person.clone(), who.clone()).prop_map(|(by, who)| Step::Remove { by, who }),
        2 => (person, who.clone(), any::<bool>()).prop_map(|(by, who, admin)| Step::Change { by, who, admin }),
        1 => who.clone().prop_map(|who| Step::Appoint { who }),
        1 => who.prop_map(|who| Step::Recover { who }),
        4 => (0..REPLICAS).prop_map(|from| Step::Hear { from }),
        1 => Just(Step::Forget),
    ];
    let step = if seals {
        prop_oneof![9 => step, 1 => Just(Step::Seal)].boxed()
    } else {
        step.boxed()
    };
    (0..REPLICAS, step)
}

/// Plays the steps and returns every operation that was made, the genesis first.
fn play(steps: &[(usize, Step)]) -> (Ledger, Vec<Vec<u8>>) {
    let mut start = network();
    for number in 2..=4 {
        add(&mut start, 1, number, Role::Admin);
    }
    let mut replicas = vec![start.clone(); REPLICAS];
    let (mut made, mut is_sealed) = (Vec::new(), false);
    for (at, step) in steps {
        let heard: Vec<Vec<u8>> = match step {
            Step::Hear { from } => replicas[*from].missing_for(&replicas[*at].heads()),
            Step::Forget => {
                replicas[*at] = start.clone();
                Vec::new()
            }
            // One at a time: of two at once, only one counts.
            Step::Seal if is_sealed => Vec::new(),
            Step::Add { .. }
            | Step::Remove { .. }
            | Step::Change { .. }
            | Step::Appoint { .. }
            | Step::Seal
            | Step::Recover { .. } => author(&replicas[*at], step)
                .into_iter()
                .inspect(|bytes| made.push(bytes.clone()))
                .collect(),
        };
        is_sealed |= matches!(step, Step::Seal);
        for bytes in heard {
            let taken = replicas[*at].insert(&bytes);
            assert!(taken.is_ok() || replicas[*at].generation() > 0, "{taken:?}");
        }
    }
    (start, made)
}

fn author(ledger: &Ledger, step: &Step) -> Option<Vec<u8>> {
    let role = |admin| if admin { Role::Admin } else { Role::Member };
    match *step {
        Step::Add { by, who, admin } => ledger
            .author_add(&key(by), account(who), name(who), role(admin), NOW)
            .ok(),
        Step::Remove { by, who } => ledger.author_remove(&key(by), account(who), NOW).ok(),
        Step::Change { by, who, admin } => ledger
            .author_set_role(&key(by), account(who), role(admin), NOW)
            .ok(),
        Step::Appoint { who } => ledger
            .author_appoint(&key(0), account(who), name(who), NOW)
            .ok(),
        Step::Recover { who } => ledger.author_remove(&key(0), account(who), NOW).ok(),
        Step::Seal => ledger.author_seal(&key(0), NOW).ok(),
        Step::Hear { .. } | Step::Forget => None,
    }
}

/// Delivers the operations in the order that `picks` says, each as soon as it can follow.
fn deliver(start: &Ledger, operations: &[Vec<u8>], picks: &[Index]) -> Ledger {
    let mut ledger = start.clone();
    let mut waiting = operations.to_vec();
    let mut picks = picks.iter().cycle();
    while !waiting.is_empty() {
        let first = picks.next().unwrap().index(waiting.len());
        let next = (0..waiting.len()).map(|offset| (first + offset) % waiting.len());
        let taken = next
            .into_iter()
            .find(|at| match ledger.insert(&waiting[*at]) {
                Ok(_) => true,
                Err(InsertError::UnknownHeads) => false,
                // What a seal makes void is refused for that, or for what it would do there.
                Err(_) if ledger.generation() > 0 => true,
                Err(error) => panic!("an honest operation was refused: {error}"),
            });
        waiting.swap_remove(taken.expect("every operation can follow at last"));
    }
    ledger
}

/// Returns whom nobody ever tried to remove or change, and who owes being an admin only to such.
fn doubtless(ledger: &Ledger) -> BTreeSet<AccountId> {
    let operations = || {
        ledger
            .entries
            .iter()
            .map(|entry| (entry.author, &entry.operation.action))
    };
    let mut doubtless: BTreeSet<_> = operations().map(|(author, _)| author).collect();
    doubtless.retain(|author| {
        !operations().any(|(_, action)| match action {
            Action::Remove { account } => account == author,
            Action::Change(binding) => binding.account == *author,
            Action::Genesis { .. }
            | Action::Add(_)
            | Action::Appoint { .. }
            | Action::RevokeNode { .. }
            | Action::SetPolicy(_)
            | Action::Rename(_)
            | Action::Checkpoint(_)
            | Action::Seal(_) => false,
        })
    });
    loop {
        let before = doubtless.clone();
        doubtless.retain(|account| {
            operations().all(|(author, action)| {
                let is_grant = action
                    .binding(author)
                    .is_some_and(|binding| binding.account == *account);
                !is_grant || before.contains(&author)
            })
        });
        if doubtless == before {
            return doubtless;
        }
    }
}

/// Returns whether some binding of the account holds in spite of all removals that stand beyond
/// doubt.
fn is_covered(ledger: &Ledger, who: AccountId) -> bool {
    let doubtless = doubtless(ledger);
    let entries = || ledger.entries.iter().enumerate();
    let is_removal = |entry: &Entry| {
        let is_of_account =
            matches!(entry.operation.action, Action::Remove { account } if account == who);
        is_of_account && doubtless.contains(&entry.author)
    };
    let removals: Vec<_> = entries().filter(|(_, entry)| is_removal(entry)).collect();
    let holds = |at: usize, entry: &Entry| {
        let is_appointment = matches!(entry.operation.action, Action::Appoint { .. });
        removals.iter().all(|(removed_at, removal)| {
            entry.past.contains(*removed_at) || (is_appointment && !removal.past.contains(at))
        })
    };
    entries().any(|(at, entry)| {
        let binding = entry.operation.action.binding_of(who, entry.author);
        binding.is_some() && holds(at, entry)
    })
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        max_shrink_iters: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn every_order_of_arrival_gives_the_same_state(
        steps in prop::collection::vec(step(false), 1..30),
        one in prop::collection::vec(any::<Index>(), 1..30),
        other in prop::collection::vec(any::<Index>(), 1..30),
    ) {
        let (start, operations) = play(&steps);

        let (one, other) = (deliver(&start, &operations, &one), deliver(&start, &operations, &other));

        prop_assert_eq!(one.roster(), other.roster());
        prop_assert_eq!(one.heads(), other.heads());
        let all = Bits::below(one.entries.len());
        let whole = evaluate::evaluate(&one.root, &one.entries, &all);
        prop_assert_eq!(one.roster().as_ref(), &whole, "step by step and all at once");
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn every_order_of_arrival_of_seals_gives_the_same_state(
        steps in prop::collection::vec(step(true), 1..30),
        one in prop::collection::vec(any::<Index>(), 1..30),
        other in prop::collection::vec(any::<Index>(), 1..30),
    ) {
        let (start, operations) = play(&steps);

        let (one, other) = (deliver(&start, &operations, &one), deliver(&start, &operations, &other));

        prop_assert_eq!(one.roster(), other.roster());
        prop_assert_eq!(one.root_id(), other.root_id());
        let again = reload(&one);
        prop_assert_eq!(one.roster(), again.roster(), "stored and loaded");
    }

    #[test]
    fn whoever_hears_the_other_side_ends_at_the_same_state(
        steps in prop::collection::vec(step(true), 1..30),
        split in any::<Index>(),
    ) {
        let (start, operations) = play(&steps);
        let (some, rest) = operations.split_at(split.index(operations.len() + 1));
        let mut one = deliver_what_fits(&start, some);
        let mut other = deliver_what_fits(&start, rest);

        for _ in 0..2 {
            let told = one.missing_for(&[other.heads(), other.landmarks()].concat());
            told.iter().for_each(|bytes| drop(other.insert(bytes)));
            let told = other.missing_for(&[one.heads(), one.landmarks()].concat());
            told.iter().for_each(|bytes| drop(one.insert(bytes)));
        }

        prop_assert_eq!(one.roster(), other.roster());
        prop_assert_eq!(one.root_id(), other.root_id());
        prop_assert!(one.missing_for(&[other.heads(), other.landmarks()].concat()).is_empty());
    }
}

/// Delivers whatever of the operations can follow.
fn deliver_what_fits(start: &Ledger, operations: &[Vec<u8>]) -> Ledger {
    let mut ledger = start.clone();
    for _ in 0..2 {
        operations
            .iter()
            .for_each(|bytes| drop(ledger.insert(bytes)));
    }
    ledger
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn nobody_is_admitted_whom_no_live_addition_covers(
        steps in prop::collection::vec(step(true), 1..30),
        order in prop::collection::vec(any::<Index>(), 1..30),
    ) {
        let (start, operations) = play(&steps);
        let ledger = deliver(&start, &operations, &order);

        let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::default());

        for number in 0..=PEOPLE + 1 {
            let admitted = rules.admit(&certificate(number), NOW).is_ok();
            prop_assert!(!admitted || is_covered(&ledger, account(number)), "person {}", number);
            prop_assert_eq!(admitted, ledger.roster().member(account(number)).is_some());
            prop_assert!(!rules.may_dial(node(number)), "no certificate is known");
        }
        prop_assert!(rules.admit(&certificate(0), NOW).is_err(), "the recovery key is nobody");
        prop_assert!(rules.admit(&certificate(PEOPLE + 1), NOW).is_err());
    }

    #[test]
    fn a_changed_operation_is_refused(
        steps in prop::collection::vec(step(false), 1..12),
        which in any::<Index>(),
        byte in any::<Index>(),
        change in 1_u8..,
        cut in any::<Index>(),
    ) {
        let (start, mut operations) = play(&steps);
        operations.push(start.operations().nth(1).unwrap().1.bytes().to_vec());
        let original = which.get(&operations);
        let mut changed = original.clone();
        changed[byte.index(original.len())] ^= change;
        let mut ledger = deliver(&start, &operations, &[which]);
        let before = ledger.clone();

        prop_assert!(ledger.insert(&changed).is_err());
        prop_assert!(ledger.insert(&original[..cut.index(original.len())]).is_err());
        prop_assert!(ledger.insert(&[original.as_slice(), &[change]].concat()).is_err());
        prop_assert_eq!(ledger.heads(), before.heads());
        prop_assert_eq!(ledger.roster(), before.roster());
    }

    #[test]
    fn arbitrary_bytes_are_no_operation(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(network().insert(&bytes).is_err());
        prop_assert!(Ledger::from_genesis(&bytes).is_err());
    }
}
