use streembit_identity::NetworkId;

use super::*;
use crate::Role;
use crate::fixture::{NOW, account, add, confirmed, key, network, remove};

fn statement(ledger: &Ledger, by: u64, at: Timestamp) -> Vec<u8> {
    let heads = ledger.heads();
    seal(&Statement { heads, at }, &ledger.network(), &key(by)).unwrap()
}

#[test]
fn admins_and_hubs_confirm_and_nobody_else() {
    let mut ledger = network();
    for (number, role) in [(2, Role::Hub), (3, Role::Member), (4, Role::Device)] {
        add(&mut ledger, 1, number, role);
    }

    for (by, may) in [
        (1, true),
        (2, true),
        (3, false),
        (4, false),
        (5, false),
        (0, false),
    ] {
        let mut freshness = Freshness::default();
        let outcome = freshness.confirm(&statement(&ledger, by, NOW), &ledger, NOW);
        assert_eq!(outcome.is_ok(), may, "person {by}");
        assert_eq!(freshness.at(), may.then_some(NOW), "person {by}");
        assert_eq!(ledger.author_statement(&key(by), NOW).is_ok(), may);
    }
}

#[test]
fn an_older_statement_never_takes_the_place_of_a_newer_one() {
    let ledger = network();
    let mut freshness = confirmed(&ledger);

    let older = statement(&ledger, 1, NOW.minus(DAY));
    let outcome = freshness.confirm(&older, &ledger, NOW);

    assert_eq!(outcome.unwrap(), Inserted::Known);
    assert_eq!(freshness.at(), Some(NOW));
}

#[test]
fn refuses_what_is_forged_ahead_of_time_or_about_something_else() {
    let mut ledger = network();
    let before = ledger.clone();
    add(&mut ledger, 1, 2, Role::Member);
    let sealed = |network: &NetworkId| {
        let heads = ledger.heads();
        seal(&Statement { heads, at: NOW }, network, &key(1)).unwrap()
    };
    let mut forged = statement(&ledger, 1, NOW);
    *forged.last_mut().unwrap() ^= 1;

    let outcome = |bytes: &[u8], ledger: &Ledger| {
        let mut freshness = Freshness::default();
        let outcome = freshness.confirm(bytes, ledger, NOW);
        assert!(outcome.is_err() && freshness.at().is_none());
        outcome.unwrap_err()
    };

    assert!(matches!(
        outcome(&forged, &ledger),
        ConfirmError::Signature(_)
    ));
    let elsewhere = sealed(&NetworkId::PUBLIC);
    assert!(matches!(
        outcome(&elsewhere, &ledger),
        ConfirmError::Signature(_)
    ));
    let ahead = statement(&ledger, 1, NOW.plus(Duration::from_millis(1)));
    assert!(matches!(outcome(&ahead, &ledger), ConfirmError::Ahead));
    let unknown = sealed(&ledger.network());
    assert!(matches!(
        outcome(&unknown, &before),
        ConfirmError::UnknownHeads
    ));
    let operation = ledger.genesis().to_vec();
    assert!(matches!(
        outcome(&operation, &ledger),
        ConfirmError::Parse(_)
    ));
}

#[test]
fn a_statement_falls_with_its_author() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Admin);
    let mut freshness = confirmed(&ledger);
    remove(&mut ledger, 2, 1);

    freshness.recheck(ledger.roster());

    assert_eq!(freshness.at(), None);
    assert!(freshness.is_stale(&ledger.roster().policy, NOW));
    let renewed = statement(&ledger, 2, NOW);
    freshness.confirm(&renewed, &ledger, NOW).unwrap();
    assert_eq!(freshness.by(), Some(account(2)));
}

#[test]
fn networks_from_before_there_were_statements_have_their_time() {
    let ledger = network();
    let policy = ledger.roster().policy;
    let mut freshness = Freshness::granted(NOW);

    assert!(!freshness.is_stale(&policy, NOW.plus(DAY * 7)));
    assert!(freshness.is_stale(&policy, NOW.plus(DAY * 7 + Duration::from_millis(1))));
    freshness.recheck(ledger.roster());
    assert_eq!(freshness.at(), Some(NOW));
    let before = statement(&ledger, 1, NOW.minus(DAY));
    let outcome = freshness.confirm(&before, &ledger, NOW);
    assert_eq!(
        outcome.unwrap(),
        Inserted::Known,
        "it would take their time away"
    );
    let signed = statement(&ledger, 1, NOW.plus(DAY));
    assert_eq!(
        freshness.confirm(&signed, &ledger, NOW.plus(DAY)).unwrap(),
        Inserted::New
    );
}

#[test]
fn nothing_confirms_a_ledger_that_has_fallen_back() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Hub);
    let old = ledger.clone();
    remove(&mut ledger, 1, 2);
    let mut freshness = Freshness::behind(Mark::of(&ledger));
    let policy = old.roster().policy;

    for by in [1, 2] {
        let outcome = freshness.confirm(&statement(&old, by, NOW), &old, NOW);
        assert!(matches!(outcome, Err(ConfirmError::Behind)), "person {by}");
    }
    assert!(freshness.is_behind(&old));
    assert_eq!(freshness.ends(&policy), Some(Timestamp::ZERO));

    assert!(!freshness.is_behind(&ledger), "it caught up");
    let statement = statement(&ledger, 1, NOW);
    freshness.confirm(&statement, &ledger, NOW).unwrap();
    assert_eq!(freshness.at(), Some(NOW));
}
