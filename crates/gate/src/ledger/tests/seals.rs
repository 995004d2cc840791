//! Seals: what goes, what stays, and who stays out.

use super::*;

/// A network in which much has happened: 2 is an admin, 3 a member, 4 was removed, 5 came back.
fn old() -> Ledger {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    for number in [3, 4, 5] {
        add(&mut ledger, 2, number, Role::Member);
    }
    remove(&mut ledger, 1, 4);
    remove(&mut ledger, 1, 5);
    add(&mut ledger, 1, 5, Role::Hub);
    ledger
}

fn sealed(ledger: &mut Ledger) -> Vec<u8> {
    let bytes = ledger.author_seal(&key(0), NOW).unwrap();
    ledger.insert(&bytes).unwrap();
    bytes
}

#[test]
fn a_seal_forgets_the_operations_and_changes_nobody() {
    let mut ledger = old();
    let before = Roster::clone(ledger.roster());

    sealed(&mut ledger);

    let after = ledger.roster();
    assert_eq!(after.members, before.members, "with dates and by whom");
    assert_eq!(
        (after.policy, &after.revoked),
        (before.policy, &before.revoked)
    );
    let removed = |roster: &Roster| roster.removed.keys().copied().collect::<Vec<_>>();
    assert_eq!(removed(after), removed(&before));
    assert_eq!((ledger.count(), ledger.generation()), (1, 1));
    assert_eq!(ledger.operations().len(), 2, "the genesis, and the seal");
    assert_eq!(reload(&ledger).roster(), ledger.roster());
    add(&mut ledger, 2, 6, Role::Member);
    remove(&mut ledger, 2, 3);
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}

#[test]
fn nobody_but_the_recovery_key_seals() {
    let ledger = old();
    for by in [1, 2, 3, 9] {
        assert!(ledger.author_seal(&key(by), NOW).is_err(), "person {by}");
        let seal = ledger.sealed();
        let refused = refusal(&ledger, by, Action::Seal(seal));
        assert!(matches!(refused, InsertError::NotAdmin), "person {by}");
    }
}

#[test]
fn a_seal_that_could_be_no_network_is_refused() {
    let ledger = old();
    let spoil = |change: fn(&mut crate::Seal)| {
        let mut seal = ledger.sealed();
        change(&mut seal);
        refusal(&ledger, 0, Action::Seal(seal))
    };

    let no_admin = spoil(|seal| {
        for listed in &mut seal.members {
            listed.binding.role = Role::Member;
        }
    });
    assert!(matches!(no_admin, InsertError::LastAdmin));
    let twins = spoil(|seal| {
        for listed in &mut seal.members {
            listed.binding.name = name(1);
        }
    });
    assert!(matches!(twins, InsertError::NameTaken));
}

#[test]
fn a_removal_that_the_seal_did_not_know_keeps_its_target_out_in_every_order() {
    let start = old();
    let (mut here, mut there) = (start.clone(), start.clone());
    let seal = sealed(&mut here);
    let removal = remove(&mut there, 2, 3);
    let later = add(&mut there, 2, 6, Role::Member);

    let mut orders = vec![here.clone(), there, start.clone()];
    orders[0].insert(&removal).unwrap();
    orders[1].insert(&seal).unwrap();
    orders[2].insert(&removal).unwrap();
    orders[2].insert(&seal).unwrap();
    let late = orders[0].insert(&later);

    assert!(
        matches!(late, Err(InsertError::Sealed)),
        "an addition is void"
    );
    for ledger in &orders {
        assert_eq!(ledger.roster(), orders[0].roster());
        assert!(ledger.roster().member(account(3)).is_none());
        assert!(ledger.roster().member(account(6)).is_none());
        assert_eq!(reload(ledger).roster(), ledger.roster());
    }
    // An admin who knows of both may bring the removed back.
    let mut ledger = orders.remove(0);
    add(&mut ledger, 1, 3, Role::Member);
    assert!(ledger.roster().member(account(3)).is_some());
}

#[test]
fn what_the_seal_covers_cuts_nobody_off_again() {
    let before = old();
    let mut ledger = before.clone();
    sealed(&mut ledger);
    let sealed = Roster::clone(ledger.roster());

    for (_, operation) in before.operations() {
        let again = ledger.insert(operation.bytes());
        assert!(matches!(
            again,
            Ok(Inserted::Known) | Err(InsertError::Sealed)
        ));
    }

    assert_eq!(*ledger.roster().as_ref(), sealed, "5 has come back since");
}

#[test]
fn an_admin_whom_the_seal_does_not_list_removes_nobody() {
    let start = old();
    let (mut here, mut there) = (start.clone(), start);
    remove(&mut here, 1, 2);
    sealed(&mut here);
    let revenge = remove(&mut there, 2, 1);

    assert!(here.insert(&revenge).is_err());
    assert!(here.roster().member(account(1)).is_some());
}

#[test]
fn a_later_seal_takes_the_place_of_an_earlier_one_and_never_the_other_way() {
    let mut ledger = old();
    let first = sealed(&mut ledger);
    add(&mut ledger, 1, 6, Role::Member);
    let early = {
        let mut early = old();
        early.insert(&first).unwrap();
        early
    };
    let second = sealed(&mut ledger);

    assert_eq!((ledger.generation(), ledger.count()), (2, 1));
    assert!(matches!(ledger.insert(&first), Err(InsertError::Sealed)));
    let mut other = early;
    other.insert(&second).unwrap();
    assert_eq!(other.roster(), ledger.roster());
    let mut newcomer = Ledger::from_genesis(ledger.genesis()).unwrap();
    for bytes in ledger.missing_for(&newcomer.heads()) {
        newcomer.insert(&bytes).unwrap();
    }
    assert_eq!(newcomer.roster(), ledger.roster());
}

#[test]
fn a_full_network_fits_into_a_seal() {
    let mut ledger = network();
    let seal = crate::Seal {
        generation: 1,
        members: Vec::new(),
        ..ledger.sealed()
    };
    let mut members: Vec<_> = (1..=2_048)
        .map(|number| crate::Listed {
            binding: Binding {
                account: account(number),
                name: format!("{number} of a place with a long name")
                    .parse()
                    .unwrap(),
                role: Role::Admin,
            },
            since: NOW,
            by: Some(2_047),
            outlived: Vec::new(),
        })
        .collect();
    members.sort_by_key(|listed| listed.binding.account);
    let bytes = signed(&ledger, 0, Action::Seal(crate::Seal { members, ..seal }));

    ledger.insert(&bytes).unwrap();

    assert_eq!(ledger.roster().members.len(), 2_048);
    assert_eq!(reload(&ledger).roster(), ledger.roster());
}

#[test]
fn what_two_seals_cover_cuts_nobody_off_again_and_what_neither_knew_does() {
    let start = old();
    let mut away = start.clone();
    let unknown = remove(&mut away, 2, 3);
    let mut ledger = start.clone();
    remove(&mut ledger, 1, 3);
    sealed(&mut ledger);
    for number in [3, 4] {
        add(&mut ledger, 1, number, Role::Member);
    }
    sealed(&mut ledger);
    let members = ledger.roster().members.len();

    for (_, operation) in start.operations() {
        let _ = ledger.insert(operation.bytes());
    }
    assert_eq!(
        ledger.roster().members.len(),
        members,
        "4 and 5 have come back since"
    );

    // Whoever added 3 again knew of one removal, not of this one.
    ledger.insert(&unknown).unwrap();
    assert!(ledger.roster().member(account(3)).is_none());
}

#[test]
fn members_leave_past_a_seal_and_remove_nobody_else() {
    let start = old();
    let mut here = start.clone();
    sealed(&mut here);
    let leave = start.author_leave(&key(3), NOW).unwrap();
    let theft = signed(
        &start,
        3,
        Action::Remove {
            account: account(1),
        },
    );

    here.insert(&leave).unwrap();

    assert!(here.roster().member(account(3)).is_none());
    assert!(matches!(here.insert(&theft), Err(InsertError::Sealed)));
    let unlisted = signed(
        &start,
        9,
        Action::Remove {
            account: account(9),
        },
    );
    assert!(matches!(here.insert(&unlisted), Err(InsertError::Sealed)));
}

#[test]
fn an_admin_whom_the_seal_lists_cannot_fill_the_network_with_removals() {
    let start = old();
    let mut here = start.clone();
    sealed(&mut here);
    let flood = |number: u64| {
        let gone = Action::Remove {
            account: account(1_000 + number),
        };
        signed(&start, 2, gone)
    };

    let taken = (0..1_100)
        .filter(|number| here.insert(&flood(*number)).is_ok())
        .count();

    assert_eq!(taken, 1_024);
    assert!(matches!(here.insert(&flood(2_000)), Err(InsertError::Full)));
    remove(&mut here, 1, 2);
    add(&mut here, 1, 6, Role::Member);
    assert!(here.roster().member(account(2)).is_none());
}
