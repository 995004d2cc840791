use std::time::Duration;

use proptest::prelude::*;
use streembit_identity::InviteKey;

use super::*;
use crate::fixture::{NOW, account, name, node};

const DAY: Duration = Duration::from_hours(24);

fn id(number: u64) -> InviteId {
    let mut seed = [b'i'; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    InviteKey::from_seed(&seed.into()).id()
}

fn invite(number: u64) -> Invite {
    Invite {
        id: id(number),
        name: None,
        role: Role::Member,
        created_at: NOW,
        expires_at: NOW.plus(DAY),
        used: None,
        revoked_at: None,
    }
}

fn used(by: u64) -> Used {
    Used {
        by: account(by),
        node: node(by),
        at: NOW,
    }
}

fn issued() -> Invites {
    let mut invites = Invites::default();
    invites.issue(invite(1), NOW).unwrap();
    invites
}

#[test]
fn an_open_invite_lets_one_account_in_and_nobody_else() {
    let mut invites = issued();

    invites.note_use(id(1), used(2), &name(2)).unwrap();

    assert_eq!(
        invites.redeem(id(1), account(3), NOW),
        Err(RefusalReason::InviteUsed)
    );
    let again = invites.redeem(id(1), account(2), NOW.plus(DAY)).unwrap();
    assert_eq!(again.name, Some(name(2)), "the same account may finish");
}

#[test]
fn the_name_that_the_issuer_gave_stays() {
    let named = Invite {
        name: Some(name(7)),
        ..invite(1)
    };
    let mut invites = Invites::load([named]);

    invites.note_use(id(1), used(2), &name(2)).unwrap();

    let used = invites.redeem(id(1), account(2), NOW).unwrap();
    assert_eq!(used.name, Some(name(7)));
}

#[test]
fn what_is_unknown_over_or_taken_back_lets_nobody_in() {
    let mut invites = issued();
    let redeem = |invites: &Invites, at| invites.redeem(id(1), account(2), at).err();

    assert_eq!(
        invites.redeem(id(2), account(2), NOW),
        Err(RefusalReason::NotListed)
    );
    assert_eq!(
        redeem(&invites, NOW.plus(DAY)),
        Some(RefusalReason::InviteExpired)
    );
    invites.revoke(id(1), NOW).unwrap();
    assert_eq!(redeem(&invites, NOW), Some(RefusalReason::InviteRevoked));
    assert_eq!(invites.revoke(id(2), NOW), Err(InviteError::Unknown));
}

#[test]
fn a_used_invite_cannot_be_taken_back() {
    let mut invites = issued();
    invites.note_use(id(1), used(2), &name(2)).unwrap();

    assert_eq!(invites.revoke(id(1), NOW), Err(InviteError::Closed));
}

#[test]
fn open_invites_are_bounded_and_closed_ones_make_room() {
    let mut invites = Invites::default();
    for number in 0..256 {
        invites.issue(invite(number), NOW).unwrap();
    }

    assert_eq!(invites.issue(invite(999), NOW), Err(InviteError::Full));
    assert_eq!(invites.issue(invite(3), NOW), Err(InviteError::Known));
    invites.revoke(id(3), NOW).unwrap();
    assert_eq!(invites.issue(invite(999), NOW), Ok(()));
}

#[derive(Clone, Debug)]
enum Step {
    Redeem { id: u64, by: u64 },
    Revoke { id: u64 },
    Wait,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_u64..4, 2_u64..5).prop_map(|(id, by)| Step::Redeem { id, by }),
        1 => (0_u64..4).prop_map(|id| Step::Revoke { id }),
        1 => Just(Step::Wait),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_invite_ever_lets_two_accounts_in(steps in steps()) {
        let mut invites = Invites::load((0..3).map(invite));
        let mut let_in: BTreeMap<InviteId, AccountId> = BTreeMap::new();
        let mut now = NOW;
        for step in steps {
            match step {
                Step::Redeem { id: number, by } => {
                    let outcome = invites.note_use(id(number), Used { at: now, ..used(by) }, &name(by));
                    let decided = invites.redeem(id(number), account(by), now).map(|_| ());
                    prop_assert_eq!(outcome, decided, "used means usable by the same again");
                    if outcome.is_ok() {
                        prop_assert!(number < 3, "nobody made that one");
                        let first = *let_in.entry(id(number)).or_insert(account(by));
                        prop_assert_eq!(first, account(by));
                    }
                }
                Step::Revoke { id: number } => {
                    let revoked = invites.revoke(id(number), now);
                    prop_assert_eq!(revoked.is_ok(), number < 3 && !let_in.contains_key(&id(number)));
                }
                Step::Wait => now = now.plus(DAY / 2),
            }
        }
    }
}
