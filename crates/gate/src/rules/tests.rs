use std::time::Duration;

use streembit_identity::Purpose;

use super::*;
use crate::Role;
use crate::fixture::{
    NOW, account, add, certificate, certificate_for, confirmed, key, network, node, remove,
};

const KINDS: [Kind; 39] = [
    Kind::Text,
    Kind::Receipt,
    Kind::ContactRequest,
    Kind::ContactAnswer,
    Kind::Roster,
    Kind::Read,
    Kind::Sealed,
    Kind::KeyRequest,
    Kind::Keys,
    Kind::Reset,
    Kind::DeviceRequest,
    Kind::DeviceResponse,
    Kind::DeviceNotification,
    Kind::ClaimRequest,
    Kind::ClaimOffer,
    Kind::ClaimCommit,
    Kind::ClaimDone,
    Kind::React,
    Kind::Edit,
    Kind::Delete,
    Kind::Gaps,
    Kind::File,
    Kind::FileEnd,
    Kind::FilePiece,
    Kind::Typing,
    Kind::MailDeposit,
    Kind::MailDeposited,
    Kind::MailCollect,
    Kind::MailPage,
    Kind::MailDone,
    Kind::MailWaits,
    Kind::MailAsk,
    Kind::MailTerms,
    Kind::MailReceipt,
    Kind::GroupOperations,
    Kind::GroupKeyed,
    Kind::GroupMessage,
    Kind::GroupAsk,
    Kind::GroupAnswer,
];

/// What mailboxes are asked and answer; whom they serve they decide themselves.
const OF_MAILBOXES: [Kind; 8] = [
    Kind::MailDeposit,
    Kind::MailDeposited,
    Kind::MailCollect,
    Kind::MailPage,
    Kind::MailDone,
    Kind::MailWaits,
    Kind::MailAsk,
    Kind::MailTerms,
];

fn admit(rules: &Rules, number: u64) -> Result<AccountId, RefusalReason> {
    rules
        .admit(&certificate(number), NOW)
        .map(|admission| admission.account)
}

/// Persons 1 and 2 are members with known nodes, person 3 was removed.
fn private() -> Rules {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    add(&mut ledger, 1, 3, Role::Member);
    remove(&mut ledger, 1, 3);
    let mut certificates = Certificates::default();
    for number in [1, 2] {
        certificates
            .insert(certificate(number).bytes(), ledger.roster(), NOW)
            .unwrap();
    }
    Rules::private(&ledger, &certificates, &confirmed(&ledger))
}

#[test]
fn nobody_means_nobody() {
    let rules = Rules::nobody();

    assert_eq!(admit(&rules, 1), Err(RefusalReason::RulesUnreadable));
    assert!(!rules.may_dial(node(1)));
    for kind in KINDS {
        assert_eq!(
            rules.may_send(account(1), kind, ContactState::Accepted),
            Err(RefusalReason::RulesUnreadable)
        );
    }
}

#[test]
fn a_private_network_admits_its_members_and_nobody_else() {
    let rules = private();

    for (number, expected) in [
        (1, Ok(account(1))),
        (2, Ok(account(2))),
        (3, Err(RefusalReason::Removed)),
        (4, Err(RefusalReason::NotListed)),
        (0, Err(RefusalReason::NotListed)),
    ] {
        assert_eq!(admit(&rules, number), expected, "person {number}");
    }
}

#[test]
fn a_member_comes_in_with_each_of_its_nodes_until_it_is_removed_with_all() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let second = certificate_for(2, 9);

    let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::default());
    assert!(rules.admit(&second, NOW).is_ok());

    remove(&mut ledger, 1, 2);
    let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::default());
    assert_eq!(rules.admit(&second, NOW), Err(RefusalReason::Removed));
    assert_eq!(admit(&rules, 2), Err(RefusalReason::Removed));
}

#[test]
fn certificates_count_from_their_start_to_their_end() {
    let rules = private();
    let end = NOW.plus(Duration::from_hours(1));
    let short = Certificate::issue(&key(2), node(2), Purpose::Full, NOW, end).unwrap();

    assert!(
        rules
            .admit(&short, end.minus(Duration::from_millis(1)))
            .is_ok()
    );
    assert_eq!(rules.admit(&short, end), Err(RefusalReason::Expired));
    assert_eq!(
        rules.admit(&short, NOW.minus(Duration::from_hours(24))),
        Err(RefusalReason::Expired)
    );
}

#[test]
fn a_revoked_node_is_out_although_its_account_is_in() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let bytes = ledger.author_revoke_node(&key(1), node(2), NOW).unwrap();
    ledger.insert(&bytes).unwrap();

    let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::default())
        .expecting([node(2)]);

    assert_eq!(admit(&rules, 2), Err(RefusalReason::Removed));
    assert!(rules.admit(&certificate_for(2, 9), NOW).is_ok());
    assert!(!rules.may_dial(node(2)));
}

#[test]
fn dials_only_known_or_expected_nodes() {
    let rules = private();

    assert!(rules.may_dial(node(1)) && rules.may_dial(node(2)));
    assert!(!rules.may_dial(node(3)) && !rules.may_dial(node(4)));
    assert!(rules.expecting([node(4)]).may_dial(node(4)));
}

#[test]
fn does_not_dial_the_nodes_of_a_removed_member_whose_certificates_it_still_has() {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    let mut certificates = Certificates::default();
    certificates
        .insert(certificate(2).bytes(), ledger.roster(), NOW)
        .unwrap();
    assert!(Rules::private(&ledger, &certificates, &confirmed(&ledger)).may_dial(node(2)));

    remove(&mut ledger, 1, 2);

    assert!(!Rules::private(&ledger, &certificates, &confirmed(&ledger)).may_dial(node(2)));
}

#[test]
fn the_public_network_is_open_but_for_the_blocked() {
    let rules = Rules::public(BTreeSet::from([account(2)])).blocking_nodes([node(2)]);

    assert_eq!(admit(&rules, 1), Ok(account(1)));
    assert_eq!(admit(&rules, 2), Err(RefusalReason::Blocked));
    assert!(rules.may_dial(node(1)) && !rules.may_dial(node(2)));
}

#[test]
fn strangers_in_public_may_only_ask_and_use_mailboxes() {
    let rules = Rules::public(BTreeSet::new());

    for state in [ContactState::None, ContactState::Incoming] {
        for kind in KINDS {
            let is_wanted = kind == Kind::ContactRequest || OF_MAILBOXES.contains(&kind);
            let expected = if is_wanted {
                Ok(())
            } else {
                Err(RefusalReason::Unwanted)
            };
            assert_eq!(
                rules.may_send(account(1), kind, state),
                expected,
                "{kind:?} of {state}"
            );
        }
    }
    assert_eq!(
        rules.may_send(account(1), Kind::ContactAnswer, ContactState::Requested),
        Ok(())
    );
    assert_eq!(
        rules.may_send(account(1), Kind::Text, ContactState::Accepted),
        Ok(())
    );
}

#[test]
fn the_blocked_may_send_nothing_anywhere() {
    let open = Rules::public(BTreeSet::new());
    let blocking = Rules::public(BTreeSet::from([account(2)]));

    for kind in KINDS {
        assert_eq!(
            open.may_send(account(2), kind, ContactState::Blocked),
            Err(RefusalReason::Blocked)
        );
        assert_eq!(
            private().may_send(account(2), kind, ContactState::Blocked),
            Err(RefusalReason::Blocked)
        );
        assert_eq!(
            blocking.may_send(account(2), kind, ContactState::Accepted),
            Err(RefusalReason::Blocked)
        );
    }
}

#[test]
fn members_write_to_each_other_and_others_do_not() {
    let rules = private();

    assert_eq!(
        rules.may_send(account(2), Kind::Text, ContactState::None),
        Ok(())
    );
    assert_eq!(
        rules.may_send(account(2), Kind::ClaimRequest, ContactState::None),
        Err(RefusalReason::Unwanted)
    );
    for kind in KINDS {
        assert_eq!(
            rules.may_send(account(3), kind, ContactState::Accepted),
            Err(RefusalReason::Removed)
        );
        assert_eq!(
            rules.may_send(account(4), kind, ContactState::Accepted),
            Err(RefusalReason::NotListed)
        );
    }
}

#[test]
fn a_claim_is_between_the_host_and_whoever_claims() {
    let host = Rules::claim(node(1), node(1));
    let guest = Rules::claim(node(1), node(2));

    assert!(admit(&host, 2).is_ok() && admit(&guest, 1).is_ok());
    assert_eq!(admit(&guest, 3), Err(RefusalReason::NotListed));
    assert!(guest.may_dial(node(1)) && !guest.may_dial(node(3)) && !host.may_dial(node(2)));
    assert_eq!(
        host.may_send(account(2), Kind::ClaimRequest, ContactState::None),
        Ok(())
    );
    assert_eq!(
        host.may_send(account(2), Kind::DeviceRequest, ContactState::None),
        Err(RefusalReason::Unwanted)
    );
}

#[test]
fn stale_members_are_cut_off_unless_the_policy_only_warns() {
    let mut ledger = network();
    let end = NOW.plus(Duration::from_hours(24 * 7));
    let rules = Rules::private(&ledger, &Certificates::default(), &confirmed(&ledger));

    assert_eq!(rules.fresh_until(), Some(end));
    assert_eq!(rules.check_fresh(end), Ok(()));
    let late = end.plus(Duration::from_millis(1));
    assert_eq!(rules.check_fresh(late), Err(RefusalReason::Stale));

    let policy = crate::Policy {
        cuts_off: false,
        ..ledger.roster().policy
    };
    let bytes = ledger.author_set_policy(&key(1), policy, NOW).unwrap();
    ledger.insert(&bytes).unwrap();
    let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::granted(NOW));
    assert_eq!(rules.check_fresh(late), Ok(()));
    let never = Rules::private(&ledger, &Certificates::default(), &Freshness::default());
    assert_eq!(
        never.check_fresh(NOW),
        Err(RefusalReason::Stale),
        "that is more than old"
    );
}

#[test]
fn members_whom_nobody_has_ever_confirmed_may_only_catch_up() {
    let ledger = network();
    let rules = Rules::private(&ledger, &Certificates::default(), &Freshness::default());

    assert!(rules.admit(&certificate(1), NOW).is_ok());
    assert_eq!(rules.check_fresh(NOW), Err(RefusalReason::Stale));
}
