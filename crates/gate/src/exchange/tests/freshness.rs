//! What two members do whose members nobody has confirmed for too long, and who was appointed.

use super::*;

const WEEK: Duration = Duration::from_hours(24 * 7);

/// One side that was away: what it knows was confirmed eight days ago.
fn stale(side: &Side) -> Side {
    let heads = side.ledger.heads();
    let at = NOW.minus(WEEK + Duration::from_hours(24));
    let statement = crate::Statement { heads, at };
    let bytes = seal(&statement, &side.ledger.network(), &key(1)).unwrap();
    let mut freshness = Freshness::default();
    freshness.confirm(&bytes, &side.ledger, NOW).unwrap();
    Side {
        freshness,
        ..side.clone()
    }
}

#[test]
fn whoever_was_away_for_long_is_let_in_with_the_news_of_those_who_were_not() {
    let (one, two) = two_members();

    for is_dialer_stale in [true, false] {
        let (mut one, mut two) = (one.clone(), stale(&two));
        let (dialer, listener) = if is_dialer_stale {
            connect(&mut two, &mut one)
        } else {
            connect(&mut one, &mut two)
        };

        assert!(admitted(&dialer).is_some() && admitted(&listener).is_some());
        assert_eq!(two.freshness.at(), Some(NOW));
    }
}

#[test]
fn two_who_were_away_for_long_only_catch_up() {
    let (one, two) = two_members();
    let (mut one, mut two) = (stale(&one), stale(&two));
    add(&mut one.ledger, 1, 3, Role::Member);

    let (dialer, listener) = connect(&mut two, &mut one);

    assert_eq!(admitted(&dialer).or(admitted(&listener)), None);
    let reasons = [
        refusal(&dialer).or(told(&dialer)),
        refusal(&listener).or(told(&listener)),
    ];
    assert_eq!(reasons, [Some(RefusalReason::Stale); 2]);
    assert_eq!(
        one.ledger.heads(),
        two.ledger.heads(),
        "what one knew, both know"
    );

    // The other way about, the dialer is the one who knows more.
    add(&mut two.ledger, 1, 4, Role::Member);
    let (dialer, listener) = connect(&mut two, &mut one);
    assert_eq!(admitted(&dialer).or(admitted(&listener)), None);
    assert_eq!(one.ledger.heads(), two.ledger.heads());
}

#[test]
fn a_stale_node_learns_of_a_removal_before_it_lets_anybody_in() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);
    let (mut away, mut removed) = (stale(&Side::new(2, &ledger)), stale(&Side::new(3, &ledger)));
    remove(&mut ledger, 1, 3);
    let mut admin = Side::new(1, &ledger);

    let (dialer, listener) = connect(&mut removed, &mut away);
    assert_eq!(
        admitted(&dialer).or(admitted(&listener)),
        None,
        "neither knows, neither trusts"
    );

    connect(&mut away, &mut admin);
    let (_, listener) = connect(&mut removed, &mut away);
    assert_eq!(refusal(&listener), Some(RefusalReason::Removed));
}

#[test]
fn whom_the_recovery_key_appoints_is_let_in_by_those_who_did_not_know() {
    let (mut one, _) = two_members();
    let mut newcomer = Side::new(9, &network());
    let appointed =
        newcomer
            .ledger
            .author_appoint(&key(0), account(9), "Nina".parse().unwrap(), NOW);
    newcomer.ledger.insert(&appointed.unwrap()).unwrap();

    let (dialer, listener) = connect(&mut newcomer, &mut one);

    assert!(admitted(&dialer).is_some() && admitted(&listener).is_some());
    assert!(one.ledger.roster().is_admin(account(9)));
    assert_eq!(one.ledger.heads(), newcomer.ledger.heads());
}

#[test]
fn nobody_is_let_in_by_an_appointment_that_is_not_the_recovery_keys_or_not_its_own() {
    let (one, _) = two_members();
    let mut appointed = network();
    let for_nine = appointed
        .author_appoint(&key(0), account(9), "Nina".parse().unwrap(), NOW)
        .unwrap();
    appointed.insert(&for_nine).unwrap();
    let mut forged = for_nine.clone();
    *forged.last_mut().unwrap() ^= 1;
    let stranger = Side::new(8, &network());
    let added = network()
        .author_add(
            &key(1),
            account(8),
            "Otto".parse().unwrap(),
            Role::Admin,
            NOW,
        )
        .unwrap();

    for (what, number, bytes) in [
        ("forged", 9, forged),
        ("another's", 8, for_nine),
        ("none", 8, added),
    ] {
        let local = Local {
            certificate: certificate(number).bytes().to_vec(),
            ..stranger.towards(1)
        };
        let greeting = hostile::hello(&local, |hello| {
            hello.appointment = Some(bytes.clone().into());
        });
        let mut listener = Exchange::listener(Local {
            remote: node(number),
            ..one.towards(8)
        });
        let actions = listener.on_frame(&greeting, NOW);
        assert_eq!(refusal(&actions), Some(RefusalReason::NotListed), "{what}");
        assert_eq!(actions.len(), 2, "{what}: nothing is learned");
    }
}

#[test]
fn a_statement_that_does_not_hold_is_left_out_and_the_rest_counts() {
    let (one, two) = two_members();
    let ahead = crate::Statement {
        heads: one.ledger.heads(),
        at: NOW.plus(WEEK),
    };
    let bytes = seal(&ahead, &one.ledger.network(), &key(1)).unwrap();
    let mut liar = one.clone();
    liar.freshness
        .confirm(&bytes, &one.ledger, ahead.at)
        .unwrap();
    let mut two = stale(&two);

    let (dialer, listener) = connect(&mut two, &mut liar);

    assert_eq!(admitted(&dialer), None);
    assert_eq!(refusal(&dialer), Some(RefusalReason::Stale));
    assert_eq!(
        two.freshness.at(),
        Some(NOW.minus(WEEK + Duration::from_hours(24)))
    );
    drop(listener);
}
