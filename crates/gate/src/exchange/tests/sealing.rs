//! Networks that began anew meet nodes that have not heard of it.

use super::*;

fn sealed(ledger: &mut Ledger) {
    let bytes = ledger.author_seal(&key(0), NOW).unwrap();
    ledger.insert(&bytes).unwrap();
}

/// Person 1 is the admin; 2, 3 and 4 are members.
fn before() -> Ledger {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    for number in 3..=4 {
        add(&mut ledger, 1, number, Role::Member);
    }
    ledger
}

fn assert_settled(one: &mut Side, other: &mut Side) {
    assert_eq!(one.ledger.root_id(), other.ledger.root_id());
    assert_eq!(one.ledger.roster(), other.ledger.roster());
    for is_first in [true, false] {
        let (dialer, listener) = if is_first {
            (&mut *one, &mut *other)
        } else {
            (&mut *other, &mut *one)
        };
        let again = connect(dialer, listener);
        assert!(admitted(&again.0).is_some() && admitted(&again.1).is_some());
        let learns = |actions: &[Action]| {
            actions.iter().any(|action| matches!(action, Action::Learn { operations, .. } if !operations.is_empty()))
        };
        assert!(!learns(&again.0) && !learns(&again.1), "{is_first}");
    }
}

#[test]
fn a_node_with_the_old_operations_ends_at_the_seal_whoever_dials() {
    for old_dials in [true, false] {
        let start = before();
        let mut old = start.clone();
        let removal = remove(&mut old, 2, 4);
        add(&mut old, 2, 5, Role::Member);
        let mut new = start;
        sealed(&mut new);
        add(&mut new, 1, 6, Role::Member);
        let (mut old, mut new) = (Side::new(2, &old), Side::new(1, &new));

        let outcome = if old_dials {
            connect(&mut old, &mut new)
        } else {
            connect(&mut new, &mut old)
        };

        assert!(admitted(&outcome.0).is_some(), "{old_dials}: {outcome:?}");
        assert!(admitted(&outcome.1).is_some(), "{old_dials}");
        assert_settled(&mut old, &mut new);
        let roster = new.ledger.roster();
        assert!(roster.member(account(4)).is_none(), "{removal:?} counts");
        assert!(
            roster.member(account(5)).is_none(),
            "that is to be repeated"
        );
        assert!(roster.member(account(6)).is_some());
    }
}

#[test]
fn a_node_with_an_earlier_seal_ends_at_the_later_one_whoever_dials() {
    for old_dials in [true, false] {
        let mut old = before();
        sealed(&mut old);
        let mut new = old.clone();
        add(&mut new, 1, 5, Role::Member);
        sealed(&mut new);
        add(&mut old, 2, 6, Role::Member);
        let (mut old, mut new) = (Side::new(2, &old), Side::new(1, &new));

        let outcome = if old_dials {
            connect(&mut old, &mut new)
        } else {
            connect(&mut new, &mut old)
        };

        assert!(admitted(&outcome.0).is_some(), "{old_dials}: {outcome:?}");
        assert!(admitted(&outcome.1).is_some(), "{old_dials}");
        assert_settled(&mut old, &mut new);
        assert_eq!(new.ledger.operations().count(), 2);
    }
}
