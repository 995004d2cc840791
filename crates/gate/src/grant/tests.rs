use super::*;
use crate::fixture::{NOW, account};
use std::time::Duration;

const OWNER: u64 = 1;
const ADMIN: u64 = 2;
const GUEST: u64 = 3;
const STRANGER: u64 = 4;

fn grant(peer: u64, level: Level, by: u64) -> Grant {
    Grant {
        peer: account(peer),
        level,
        expires_at: None,
        issued_by: account(by),
        issued_at: NOW,
        thing: None,
        affordances: Vec::new(),
    }
}

fn host() -> Grants {
    let mut grants = Grants::owned_by(account(OWNER));
    grants
        .grant(grant(ADMIN, Level::Admin, OWNER), NOW)
        .unwrap();
    grants
        .grant(grant(GUEST, Level::Operate, ADMIN), NOW)
        .unwrap();
    grants
}

fn decide(grants: &Grants, peer: u64, access: Access) -> Result<Level, Denied> {
    grants.decide(account(peer), Some("lamp"), access, Some("on"), NOW)
}

#[test]
fn levels_allow_what_lies_below_them() {
    let grants = host();

    for (peer, access, expected) in [
        (OWNER, Access::Admin, Ok(Level::Owner)),
        (ADMIN, Access::Admin, Ok(Level::Admin)),
        (GUEST, Access::View, Ok(Level::Operate)),
        (GUEST, Access::Operate, Ok(Level::Operate)),
        (GUEST, Access::Manage, Err(Denied::TooLittle)),
        (STRANGER, Access::View, Err(Denied::NoGrant)),
    ] {
        assert_eq!(decide(&grants, peer, access), expected, "{peer} {access:?}");
    }
}

#[test]
fn an_unclaimed_host_obeys_nobody() {
    let mut grants = Grants::default();

    assert_eq!(decide(&grants, OWNER, Access::View), Err(Denied::NoGrant));
    assert_eq!(
        grants.grant(grant(GUEST, Level::View, OWNER), NOW),
        Err(GrantError::NotAllowed)
    );
    assert_eq!(grants.claim(account(OWNER)), Ok(()));
    assert_eq!(grants.claim(account(GUEST)), Err(GrantError::Owned));
}

#[test]
fn grants_end_when_they_say() {
    let mut grants = host();
    let end = NOW.plus(Duration::from_mins(1));
    grants
        .grant(
            Grant {
                expires_at: Some(end),
                ..grant(GUEST, Level::Operate, OWNER)
            },
            NOW,
        )
        .unwrap();

    let just_before = grants.decide(
        account(GUEST),
        None,
        Access::View,
        None,
        end.minus(Duration::from_millis(1)),
    );

    assert_eq!(just_before, Ok(Level::Operate));
    assert_eq!(
        grants.decide(account(GUEST), None, Access::View, None, end),
        Err(Denied::Expired)
    );
}

#[test]
fn a_narrowed_grant_stays_narrow() {
    let mut grants = Grants::owned_by(account(OWNER));
    let narrow = Grant {
        thing: Some("lamp".into()),
        affordances: vec!["on".into()],
        ..grant(GUEST, Level::Operate, OWNER)
    };
    grants.grant(narrow, NOW).unwrap();
    let guest = account(GUEST);
    let decide = |thing, access, affordance| {
        grants
            .decide(guest, Some(thing), access, affordance, NOW)
            .is_ok()
    };

    assert!(decide("lamp", Access::Operate, Some("on")));
    assert!(decide("lamp", Access::View, None), "the description");
    assert!(!decide("lamp", Access::Operate, Some("colour")));
    assert!(!decide("lamp", Access::Operate, None));
    assert!(!decide("door", Access::View, Some("on")));
}

#[test]
fn nobody_gives_or_takes_beyond_their_own_level() {
    let mut grants = host();

    for (attempt, expected) in [
        (
            grant(STRANGER, Level::View, GUEST),
            Err(GrantError::NotAllowed),
        ),
        (
            grant(STRANGER, Level::View, STRANGER),
            Err(GrantError::NotAllowed),
        ),
        (
            grant(STRANGER, Level::Admin, ADMIN),
            Err(GrantError::NotAllowed),
        ),
        (grant(OWNER, Level::View, ADMIN), Err(GrantError::Owner)),
        (grant(STRANGER, Level::Manage, ADMIN), Ok(())),
        (
            grant(ADMIN, Level::View, ADMIN),
            Err(GrantError::NotAllowed),
        ),
    ] {
        assert_eq!(grants.grant(attempt.clone(), NOW), expected, "{attempt:?}");
    }
    assert!(
        grants
            .grant(grant(GUEST, Level::Owner, OWNER), NOW)
            .is_err(),
        "one owner"
    );
    assert_eq!(
        grants.revoke(account(ADMIN), account(OWNER), None, NOW),
        Err(GrantError::Owner)
    );
    assert_eq!(
        grants.revoke(account(GUEST), account(ADMIN), None, NOW),
        Err(GrantError::NotAllowed)
    );
    assert!(
        grants
            .revoke(account(GUEST), account(GUEST), None, NOW)
            .is_ok(),
        "one's own"
    );
    assert!(
        grants
            .revoke(account(OWNER), account(ADMIN), None, NOW)
            .is_ok()
    );
    assert_eq!(decide(&grants, ADMIN, Access::View), Err(Denied::NoGrant));
}

#[test]
fn an_admin_of_one_thing_is_none_of_the_host() {
    let mut grants = Grants::owned_by(account(OWNER));
    grants
        .grant(
            Grant {
                thing: Some("lamp".into()),
                ..grant(ADMIN, Level::Admin, OWNER)
            },
            NOW,
        )
        .unwrap();

    let of_lamp = Grant {
        thing: Some("lamp".into()),
        ..grant(GUEST, Level::View, ADMIN)
    };
    let of_door = Grant {
        thing: Some("door".into()),
        ..grant(GUEST, Level::View, ADMIN)
    };

    assert_eq!(grants.grant(of_lamp, NOW), Ok(()));
    assert_eq!(grants.grant(of_door, NOW), Err(GrantError::NotAllowed));
    assert_eq!(
        grants.grant(grant(GUEST, Level::View, ADMIN), NOW),
        Err(GrantError::NotAllowed)
    );
}

#[test]
fn stays_within_its_limit() {
    let mut grants = Grants::owned_by(account(OWNER));
    for at in 0..MAX_GRANTS {
        let of_thing = Grant {
            thing: Some(format!("thing-{at}")),
            ..grant(GUEST, Level::View, OWNER)
        };
        grants.grant(of_thing, NOW).unwrap();
    }

    let more = Grant {
        thing: Some("one more".into()),
        ..grant(GUEST, Level::View, OWNER)
    };

    assert_eq!(grants.grant(more, NOW), Err(GrantError::Full));
}

#[test]
fn the_next_end_is_the_first_that_is_to_come() {
    let mut grants = host();
    assert_eq!(grants.next_end(NOW), None);
    let [soon, later] = [1, 2].map(|minutes| NOW.plus(Duration::from_mins(minutes)));
    for (peer, end) in [(GUEST, later), (STRANGER, soon)] {
        let grant = Grant {
            expires_at: Some(end),
            ..grant(peer, Level::View, OWNER)
        };
        grants.grant(grant, NOW).unwrap();
    }

    assert_eq!(grants.next_end(NOW), Some(soon));
    assert_eq!(grants.next_end(soon), Some(later));
    assert_eq!(grants.next_end(later), None);
}
