//! What holds when admins change each other at the same time.

use super::*;

/// A network of persons 1 to 3, all admins, and person 4, a member.
fn three_admins() -> Ledger {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    add(&mut ledger, 1, 3, Role::Admin);
    add(&mut ledger, 1, 4, Role::Member);
    ledger
}

/// Inserts operations in every order that two of them can come in, and returns the one state.
fn merged(start: &Ledger, operations: &[Vec<u8>]) -> Ledger {
    let mut forwards = start.clone();
    let mut backwards = start.clone();
    operations
        .iter()
        .for_each(|bytes| assert!(forwards.insert(bytes).is_ok()));
    operations
        .iter()
        .rev()
        .for_each(|bytes| assert!(backwards.insert(bytes).is_ok()));
    assert_eq!(forwards.roster(), backwards.roster());
    forwards
}

fn is_member(ledger: &Ledger, number: u64) -> bool {
    ledger.roster().member(account(number)).is_some()
}

fn removal(ledger: &Ledger, by: u64, number: u64) -> Vec<u8> {
    ledger
        .author_remove(&key(by), account(number), NOW)
        .unwrap()
}

fn addition(ledger: &Ledger, by: u64, number: u64, role: Role) -> Vec<u8> {
    ledger
        .author_add(&key(by), account(number), name(number), role, NOW)
        .unwrap()
}

#[test]
fn what_a_removed_admin_does_meanwhile_is_void() {
    let start = three_admins();

    let ledger = merged(
        &start,
        &[
            removal(&start, 1, 2),
            removal(&start, 2, 4),
            addition(&start, 2, 5, Role::Admin),
        ],
    );

    assert!(!is_member(&ledger, 2));
    assert!(is_member(&ledger, 4), "removed by nobody who still could");
    assert!(!is_member(&ledger, 5), "added by nobody who still could");
}

#[test]
fn what_an_admin_did_before_the_removal_stays() {
    let mut ledger = three_admins();
    add(&mut ledger, 2, 5, Role::Member);
    remove(&mut ledger, 2, 4);

    remove(&mut ledger, 1, 2);

    assert!(is_member(&ledger, 5) && !is_member(&ledger, 4));
}

#[test]
fn mutual_removals_both_apply() {
    let start = three_admins();

    let ledger = merged(&start, &[removal(&start, 1, 2), removal(&start, 2, 1)]);

    assert!(!is_member(&ledger, 1) && !is_member(&ledger, 2));
    assert!(is_member(&ledger, 3));
}

#[test]
fn removals_in_a_circle_all_apply() {
    let start = three_admins();

    let ledger = merged(
        &start,
        &[
            removal(&start, 1, 2),
            removal(&start, 2, 3),
            removal(&start, 3, 1),
        ],
    );

    assert_eq!(ledger.roster().admins().count(), 0);
    assert!(is_member(&ledger, 4));
}

#[test]
fn a_puppet_appointed_meanwhile_has_no_more_say_than_its_maker() {
    let start = three_admins();
    let mut branch = start.clone();
    let puppet = add(&mut branch, 2, 5, Role::Admin);
    let strike = remove(&mut branch, 5, 4);
    let mut ledger = start.clone();
    for bytes in [removal(&start, 1, 2), puppet, strike] {
        ledger.insert(&bytes).unwrap();
    }

    assert!(!is_member(&ledger, 2) && !is_member(&ledger, 5));
    assert!(is_member(&ledger, 4));
}

#[test]
fn a_demoted_admin_stays_a_member_without_a_say() {
    let start = three_admins();
    let demotion = start
        .author_set_role(&key(1), account(2), Role::Member, NOW)
        .unwrap();

    let ledger = merged(&start, &[demotion, addition(&start, 2, 5, Role::Member)]);

    assert_eq!(
        ledger.roster().member(account(2)).unwrap().role,
        Role::Member
    );
    assert!(!is_member(&ledger, 5));
    assert!(
        ledger
            .author_add(&key(2), account(6), name(6), Role::Member, NOW)
            .is_err()
    );
}

#[test]
fn the_recovery_key_appoints_when_nobody_else_can() {
    let start = three_admins();
    let circle = [
        removal(&start, 1, 2),
        removal(&start, 2, 3),
        removal(&start, 3, 1),
    ];
    let mut ledger = merged(&start, &circle);

    let bytes = ledger
        .author_appoint(&key(0), account(4), name(4), NOW)
        .unwrap();
    ledger.insert(&bytes).unwrap();
    add(&mut ledger, 4, 5, Role::Member);

    assert!(ledger.roster().is_admin(account(4)) && is_member(&ledger, 5));
    assert!(
        ledger
            .author_appoint(&key(3), account(3), name(3), NOW)
            .is_err(),
        "only the recovery key"
    );
}

#[test]
fn an_appointment_outweighs_a_removal_that_does_not_know_of_it() {
    let start = three_admins();
    let appointment = start
        .author_appoint(&key(0), account(4), name(4), NOW)
        .unwrap();

    let mut ledger = merged(&start, &[appointment, removal(&start, 1, 4)]);
    assert!(ledger.roster().is_admin(account(4)));

    remove(&mut ledger, 1, 4);
    assert!(!is_member(&ledger, 4), "what knows of it counts as ever");
}

#[test]
fn a_thief_of_the_only_admin_key_cannot_undo_the_recovery() {
    let mut start = network();
    add(&mut start, 1, 4, Role::Member);
    let mut ledger = start.clone();
    let bytes = ledger.author_remove(&key(0), account(1), NOW).unwrap();
    ledger.insert(&bytes).unwrap();
    let bytes = ledger
        .author_appoint(&key(0), account(4), name(4), NOW)
        .unwrap();
    ledger.insert(&bytes).unwrap();

    // Signed later by the thief, as if nothing had been heard of the recovery.
    for bytes in [removal(&start, 1, 4), addition(&start, 1, 5, Role::Admin)] {
        ledger.insert(&bytes).unwrap();
    }

    assert_eq!(ledger.roster().admins().collect::<Vec<_>>(), [account(4)]);
    assert!(!is_member(&ledger, 1) && !is_member(&ledger, 5));
}

#[test]
fn names_given_twice_at_once_are_told_apart_alike_everywhere() {
    let start = three_admins();
    let named = |by: u64, number: u64| {
        start
            .author_add(&key(by), account(number), name(77), Role::Member, NOW)
            .unwrap()
    };

    let mut ledger = merged(&start, &[named(1, 5), named(2, 6), named(3, 7)]);
    let names: BTreeSet<_> = ledger
        .roster()
        .members
        .values()
        .map(|member| member.name.clone())
        .collect();
    assert_eq!(names.len(), ledger.roster().members.len());
    assert!(names.contains(&name(77)), "the first keeps the name");

    let holder = ledger.roster().named(&name(77)).unwrap().account;
    let bytes = ledger.author_remove(&key(1), holder, NOW).unwrap();
    ledger.insert(&bytes).unwrap();
    assert!(
        ledger.roster().named(&name(77)).is_some(),
        "the next one gets it"
    );
}

#[test]
fn only_so_many_admins_are_taken() {
    let mut ledger = network();
    for number in 2..=64 {
        add(&mut ledger, 1, number, Role::Admin);
    }

    let more = ledger.author_add(&key(1), account(65), name(65), Role::Admin, NOW);

    assert!(matches!(more, Err(AuthorError::Refused(InsertError::Full))));
}
