mod freshness;
mod hostile;
mod redeeming;
mod sealing;

use std::collections::BTreeSet;
use std::time::Duration;

use streembit_identity::{Purpose, seal};

use super::*;
use crate::fixture::{
    NOW, account, add, certificate, certificate_for, confirmed, key, network, node, remove,
};
use crate::{OperationId, Role};

/// One side as a node would keep it.
#[derive(Clone)]
struct Side {
    number: u64,
    ledger: Ledger,
    certificates: Certificates,
    freshness: Freshness,
}

impl Side {
    fn new(number: u64, ledger: &Ledger) -> Self {
        let mut certificates = Certificates::default();
        let _ = certificates.insert(certificate(number).bytes(), ledger.roster(), NOW);
        Self {
            number,
            ledger: ledger.clone(),
            certificates,
            freshness: confirmed(ledger),
        }
    }

    fn rules(&self) -> Rules {
        Rules::private(&self.ledger, &self.certificates, &self.freshness)
    }

    fn towards(&self, remote: u64) -> Local {
        let rules = self.rules().expecting([node(remote)]);
        Local {
            network: self.ledger.network(),
            certificate: certificate(self.number).bytes().to_vec(),
            rules: Arc::new(rules),
            ledger: Some(Arc::new(self.ledger.clone())),
            certificates: Arc::new(self.certificates.clone()),
            freshness: Arc::new(self.freshness.clone()),
            latest: NOW,
            session: Session(self.number),
            remote: node(remote),
        }
    }

    /// Keeps what was learned, as the node does.
    fn keep(&mut self, actions: &[Action]) {
        for action in actions {
            if let Action::Learn {
                operations,
                certificates,
                revocations,
                statement,
            } = action
            {
                operations
                    .iter()
                    .for_each(|bytes| assert!(self.ledger.insert(bytes).is_ok()));
                for bytes in certificates {
                    self.certificates
                        .insert(bytes, self.ledger.roster(), NOW)
                        .unwrap();
                }
                for bytes in revocations {
                    self.certificates
                        .revoke(bytes, self.ledger.roster())
                        .unwrap();
                }
                self.freshness.recheck(self.ledger.roster());
                if let Some(bytes) = statement {
                    self.freshness.confirm(bytes, &self.ledger, NOW).unwrap();
                }
            }
        }
    }
}

/// What both sides did: the dialer's actions, then the listener's.
type Outcome = (Vec<Action>, Vec<Action>);

fn frames(actions: &[Action]) -> Vec<Vec<u8>> {
    let sent = |action: &Action| {
        if let Action::Send(frame) = action {
            Some(frame.clone())
        } else {
            None
        }
    };
    actions.iter().filter_map(sent).collect()
}

fn run(dialer: Local, listener: Local) -> Outcome {
    let (mut dialer, mut listener) = (Exchange::dialer(dialer), Exchange::listener(listener));
    let (mut by_dialer, mut by_listener) = (dialer.start(), listener.start());
    let mut pending = frames(&by_dialer);
    while !pending.is_empty() {
        let answers: Vec<_> = pending
            .iter()
            .flat_map(|frame| listener.on_frame(frame, NOW))
            .collect();
        let back = frames(&answers);
        by_listener.extend(answers);
        let answers: Vec<_> = back
            .iter()
            .flat_map(|frame| dialer.on_frame(frame, NOW))
            .collect();
        pending = frames(&answers);
        by_dialer.extend(answers);
    }
    (by_dialer, by_listener)
}

fn connect(dialer: &mut Side, listener: &mut Side) -> Outcome {
    let outcome = run(
        dialer.towards(listener.number),
        listener.towards(dialer.number),
    );
    dialer.keep(&outcome.0);
    listener.keep(&outcome.1);
    outcome
}

fn admitted(actions: &[Action]) -> Option<AccountId> {
    let last = actions.last()?;
    if let Action::Admit(admission) = last {
        Some(admission.account)
    } else {
        None
    }
}

fn refusal(actions: &[Action]) -> Option<RefusalReason> {
    if let Some(Action::Refuse(reason)) = actions.last() {
        Some(*reason)
    } else {
        None
    }
}

fn told(actions: &[Action]) -> Option<RefusalReason> {
    if let Some(Action::Refused(reason)) = actions.last() {
        Some(*reason)
    } else {
        None
    }
}

/// A network of persons 1 and 2, both up to date.
fn two_members() -> (Side, Side) {
    let mut ledger = network();
    add(&mut ledger, 1, 2, Role::Member);
    (Side::new(1, &ledger), Side::new(2, &ledger))
}

#[test]
fn members_admit_each_other() {
    let (mut one, mut two) = two_members();

    let (dialer, listener) = connect(&mut two, &mut one);

    assert_eq!(
        (admitted(&dialer), admitted(&listener)),
        (Some(account(1)), Some(account(2)))
    );
    assert_eq!(one.certificates.digest(), two.certificates.digest());
    assert_eq!(one.certificates.iter().count(), 2);
}

#[test]
fn sides_that_know_the_same_need_one_round_trip() {
    let (mut one, mut two) = two_members();
    connect(&mut two, &mut one);

    let (dialer, listener) = connect(&mut one, &mut two);

    assert!(admitted(&dialer).is_some() && admitted(&listener).is_some());
    assert_eq!((frames(&dialer).len(), frames(&listener).len()), (1, 1));
}

#[test]
fn whoever_was_added_learns_everything_from_the_genesis_on() {
    let mut ledger = network();
    let start = ledger.clone();
    for number in 2..=30 {
        add(&mut ledger, 1, number, Role::Member);
    }
    let (mut newcomer, mut member) = (Side::new(30, &start), Side::new(7, &ledger));

    let (dialer, listener) = connect(&mut newcomer, &mut member);

    assert_eq!(
        (admitted(&dialer), admitted(&listener)),
        (Some(account(7)), Some(account(30)))
    );
    assert_eq!(newcomer.ledger.heads(), member.ledger.heads());
    assert!(
        member
            .certificates
            .iter()
            .any(|(_, other)| other == node(30))
    );
}

#[test]
fn both_sides_learn_what_happened_meanwhile() {
    let (mut one, mut two) = two_members();
    let mut admin_elsewhere = one.ledger.clone();
    add(&mut admin_elsewhere, 1, 3, Role::Member);
    two.ledger = admin_elsewhere;
    add(&mut one.ledger, 1, 4, Role::Member);

    connect(&mut one, &mut two);

    assert_eq!(one.ledger.heads(), two.ledger.heads());
    assert_eq!(one.ledger.roster().members.len(), 4);
}

#[test]
fn an_operation_from_the_future_waits_and_keeps_nobody_out() {
    let (mut one, mut two) = two_members();
    let later = NOW.plus(Duration::from_hours(24 * 365));
    let before = one.ledger.heads();
    for number in [3, 4] {
        let (who, called) = (account(number), crate::fixture::name(number));
        let add = two
            .ledger
            .author_add(&key(1), who, called, Role::Member, later);
        two.ledger.insert(&add.unwrap()).unwrap();
    }

    for _ in 0..2 {
        let outcome = connect(&mut one, &mut two);
        assert!(admitted(&outcome.0).is_some(), "{outcome:?}");
        assert_eq!(
            one.ledger.heads(),
            before,
            "neither it nor what builds on it"
        );
    }

    let both = two
        .ledger
        .operations()
        .map(|(_, operation)| operation.bytes());
    let mut in_a_year = one.ledger.clone();
    for bytes in both.skip(1) {
        in_a_year.insert_dated(bytes, later).unwrap();
    }
    assert_eq!(in_a_year.heads(), two.ledger.heads());
}

#[test]
fn a_stranger_gets_one_short_refusal_and_nothing_else() {
    let (one, two) = two_members();
    let stranger = Side::new(9, &two.ledger);

    let (dialer, listener) = run(stranger.towards(1), one.towards(9));

    assert_eq!(told(&dialer), Some(RefusalReason::NotListed));
    assert_eq!(refusal(&listener), Some(RefusalReason::NotListed));
    let sent = frames(&listener);
    assert_eq!(sent.len(), 1);
    assert!(sent[0].len() <= 8, "{} bytes", sent[0].len());
}

#[test]
fn a_removed_member_is_refused_even_if_it_has_not_heard() {
    let (mut one, two) = two_members();
    remove(&mut one.ledger, 1, 2);

    let (dialer, listener) = run(two.towards(1), one.towards(2));

    assert_eq!(
        (told(&dialer), refusal(&listener)),
        (Some(RefusalReason::Removed), Some(RefusalReason::Removed))
    );
}

#[test]
fn a_listener_that_was_away_learns_of_the_removal_before_anything_else() {
    let (mut one, two) = two_members();
    add(&mut one.ledger, 1, 3, Role::Member);
    let mut away = Side::new(3, &one.ledger);
    remove(&mut one.ledger, 1, 2);

    let (_, listener) = run(two.towards(3), away.towards(2));
    assert_eq!(admitted(&listener), Some(account(2)), "it cannot know yet");

    connect(&mut one, &mut away);
    let (_, listener) = run(two.towards(3), away.towards(2));
    assert_eq!(refusal(&listener), Some(RefusalReason::Removed));
}

#[test]
fn a_dialer_that_brings_its_own_removal_is_refused_and_the_removal_kept() {
    let (one, two) = two_members();
    let mut away = one.clone();
    let mut knows = two.clone();
    remove(&mut knows.ledger, 1, 2);
    // Its own rules still allow the dial: it runs a modified program.
    let mut local = two.towards(1);
    local.ledger = Some(Arc::new(knows.ledger.clone()));

    let (dialer, listener) = run(local, away.towards(2));
    away.keep(&listener);

    assert_eq!(refusal(&listener), Some(RefusalReason::Removed));
    assert_eq!(told(&dialer), Some(RefusalReason::Removed));
    assert!(away.ledger.roster().removed.contains_key(&account(2)));
}

#[test]
fn a_removed_listener_is_refused_by_whoever_dials() {
    let (mut one, two) = two_members();
    remove(&mut one.ledger, 1, 2);

    let (dialer, listener) = run(one.towards(2), two.towards(1));

    assert_eq!(
        (refusal(&dialer), told(&listener)),
        (Some(RefusalReason::Removed), Some(RefusalReason::Removed))
    );
}

#[test]
fn nobody_dials_a_node_that_is_neither_known_nor_expected() {
    let (one, _) = two_members();
    let local = Local {
        rules: Arc::new(one.rules()),
        ..one.towards(2)
    };

    let actions = Exchange::dialer(local).start();

    assert_eq!(actions, [Action::Refuse(RefusalReason::NotListed)]);
}

#[test]
fn refuses_another_network() {
    let (one, two) = two_members();
    let other = Local {
        network: NetworkId::PUBLIC,
        ..two.towards(1)
    };

    let (dialer, listener) = run(other, one.towards(2));

    assert_eq!(refusal(&listener), Some(RefusalReason::WrongNetwork));
    assert_eq!(told(&dialer), Some(RefusalReason::WrongNetwork));
}

#[test]
fn refuses_certificates_that_do_not_bind_this_node_to_a_member() {
    let (one, two) = two_members();
    let over = Certificate::issue(&key(2), node(2), Purpose::Full, Timestamp(1), NOW).unwrap();
    let mut forged = certificate(2).bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;

    for (what, bytes, expected) in [
        ("expired", over.bytes(), RefusalReason::Expired),
        (
            "of another node",
            certificate_for(2, 9).bytes(),
            RefusalReason::BadCertificate,
        ),
        (
            "of another member",
            certificate(1).bytes(),
            RefusalReason::BadCertificate,
        ),
        (
            "by a stranger",
            certificate_for(9, 2).bytes(),
            RefusalReason::NotListed,
        ),
        ("forged", &forged, RefusalReason::BadCertificate),
        ("none", &[], RefusalReason::BadCertificate),
    ] {
        let local = Local {
            certificate: bytes.to_vec(),
            ..two.towards(1)
        };
        let (_, listener) = run(local, one.towards(2));
        assert_eq!(refusal(&listener), Some(expected), "certificate {what}");
        assert_eq!(frames(&listener).len(), 1, "certificate {what}");
    }
}

#[test]
fn a_greeting_replayed_from_another_node_is_refused() {
    let (one, two) = two_members();
    let greeting = frames(&Exchange::dialer(two.towards(1)).start());

    let mut listener = Exchange::listener(one.towards(9));
    let actions = listener.on_frame(&greeting[0], NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::BadCertificate));
    assert_eq!(listener.remote_account(), None);
}

#[test]
fn unreadable_rules_admit_nobody_and_say_nothing_about_it() {
    let (one, two) = two_members();
    let closed = Local {
        rules: Arc::new(Rules::nobody()),
        ..one.towards(2)
    };

    let (dialer, listener) = run(two.towards(1), closed);

    assert_eq!(refusal(&listener), Some(RefusalReason::RulesUnreadable));
    assert_eq!(told(&dialer), Some(RefusalReason::NotListed));
}

#[test]
fn the_public_network_refuses_the_blocked_and_admits_everybody_else() {
    let public = |number: u64, remote: u64, blocked: &[u64]| Local {
        network: NetworkId::PUBLIC,
        certificate: certificate(number).bytes().to_vec(),
        rules: Arc::new(Rules::public(
            blocked.iter().map(|number| account(*number)).collect(),
        )),
        ledger: None,
        certificates: Arc::default(),
        freshness: Arc::default(),
        latest: NOW,
        session: Session(number),
        remote: node(remote),
    };

    let (dialer, listener) = run(public(1, 2, &[]), public(2, 1, &[]));
    assert_eq!(
        (admitted(&dialer), admitted(&listener)),
        (Some(account(2)), Some(account(1)))
    );
    assert_eq!((frames(&dialer).len(), frames(&listener).len()), (1, 1));

    let (dialer, listener) = run(public(1, 2, &[]), public(2, 1, &[1]));
    assert_eq!(refusal(&listener), Some(RefusalReason::Blocked));
    assert_eq!(
        told(&dialer),
        Some(RefusalReason::NotListed),
        "a block is nobody's business"
    );

    let (dialer, _) = run(public(1, 2, &[2]), public(2, 1, &[]));
    assert_eq!(refusal(&dialer), Some(RefusalReason::Blocked));
}

#[test]
fn revocations_travel_with_the_certificates() {
    let (mut one, mut two) = two_members();
    connect(&mut one, &mut two);
    let revocation = streembit_identity::NodeRevocation {
        node: node(22),
        revoked_at: NOW,
    };
    let bytes = seal(&revocation, &NetworkId::NONE, &key(2)).unwrap();
    two.certificates
        .revoke(&bytes, two.ledger.roster())
        .unwrap();

    connect(&mut one, &mut two);

    assert!(one.certificates.is_revoked(account(2), node(22)));
    let local = Local {
        certificate: certificate_for(2, 22).bytes().to_vec(),
        ..two.towards(1)
    };
    let (_, listener) = run(
        local,
        Local {
            remote: node(22),
            ..one.towards(2)
        },
    );
    assert_eq!(refusal(&listener), Some(RefusalReason::Removed));
}

#[test]
fn a_full_network_fits_into_the_frames() {
    let mut ledger = network();
    let start = ledger.clone();
    let mut certificates = Certificates::default();
    for number in 2..=400 {
        add(&mut ledger, 1, number, Role::Member);
        for of in 0..4 {
            let bytes = certificate_for(number, number + 10_000 * of);
            certificates
                .insert(bytes.bytes(), ledger.roster(), NOW)
                .unwrap();
        }
    }
    let mut full = Side {
        number: 1,
        freshness: confirmed(&ledger),
        ledger,
        certificates,
    };
    let mut newcomer = Side::new(2, &start);

    let (dialer, listener) = connect(&mut newcomer, &mut full);

    assert!(admitted(&dialer).is_some() && admitted(&listener).is_some());
    for frame in frames(&listener) {
        assert!(frame.len() <= MAX_FRAME_BYTES);
    }
    assert_eq!(newcomer.ledger.heads(), full.ledger.heads());
    assert_eq!(newcomer.certificates.digest(), full.certificates.digest());
}

#[test]
fn a_deadline_ends_it_once() {
    let (one, _) = two_members();
    let mut listener = Exchange::listener(one.towards(2));

    assert_eq!(listener.expire(), [Action::Refuse(RefusalReason::Timeout)]);
    assert!(
        listener.expire().is_empty()
            && listener
                .on_frame(&[], NOW.plus(Duration::from_secs(1)))
                .is_empty()
    );
}
