//! Invites at the door: who may show one, and what comes of it.

use streembit_identity::{AccountKey, InviteId, InviteKey, Redemption};

use super::*;
use crate::exchange::frame::Redeem;
use crate::fixture::name;

/// The key of the invite with that number.
fn invite(number: u8) -> InviteKey {
    InviteKey::from_seed(&[number; 32].into())
}

fn redemption(who: u64) -> Redemption {
    Redemption {
        invite: invite(1).id(),
        account: account(who),
        node: node(who),
        name: name(who),
    }
}

fn ticket(side: &Side) -> Ticket {
    let network = side.ledger.network();
    Ticket::sign(
        &redemption(side.number),
        &network,
        &invite(1),
        &key(side.number),
    )
    .unwrap()
}

/// What this side says to the node `remote` when it holds invite 1.
pub(super) fn shown(side: &Side, remote: u64) -> Vec<u8> {
    let mut dialer = Exchange::redeemer(side.towards(remote), ticket(side));
    frames(&dialer.start()).remove(0)
}

/// A stranger with an invite, before the door of person 1.
fn stranger_at_the_door() -> (Exchange, Exchange, Vec<Action>) {
    let (one, two) = two_members();
    let stranger = Side::new(9, &two.ledger);
    let mut dialer = Exchange::redeemer(stranger.towards(1), ticket(&stranger));
    let mut listener = Exchange::listener(one.towards(9));
    let first = frames(&dialer.start());
    let asked = listener.on_frame(&first[0], NOW);
    (dialer, listener, asked)
}

#[test]
fn the_node_decides_about_a_stranger_with_an_invite() {
    let (mut dialer, mut listener, asked) = stranger_at_the_door();
    let [Action::Redeem(redeeming)] = &asked[..] else {
        panic!("{asked:?}");
    };
    assert_eq!(
        (redeeming.invite, redeeming.account, redeeming.node),
        (invite(1).id(), account(9), node(9))
    );
    assert_eq!(redeeming.name, name(9));

    let done = listener.redeemed(Ok(()));
    let heard = dialer.on_frame(&frames(&done)[0], NOW);

    assert_eq!(done.last(), Some(&Action::Redeemed));
    assert_eq!(heard, [Action::Redeemed], "and nobody is admitted by it");
    assert!(frames(&done)[0].len() <= 8);
    assert!(listener.redeemed(Ok(())).is_empty(), "only once");
}

#[test]
fn whoever_is_refused_is_told_why_in_one_short_frame() {
    for reason in [
        RefusalReason::NotListed,
        RefusalReason::InviteUsed,
        RefusalReason::InviteExpired,
        RefusalReason::InviteRevoked,
    ] {
        let (mut dialer, mut listener, _) = stranger_at_the_door();

        let refused = listener.redeemed(Err(reason));
        let heard = dialer.on_frame(&frames(&refused)[0], NOW);

        assert_eq!(refusal(&refused), Some(reason));
        assert_eq!(told(&heard), Some(reason));
        assert!(frames(&refused)[0].len() <= 8);
    }
}

#[test]
fn an_unknown_invite_is_answered_like_no_invite_at_all() {
    let (one, two) = two_members();
    let stranger = Side::new(9, &two.ledger);
    let (_, greeted) = run(stranger.towards(1), one.towards(9));
    let (_, mut listener, _) = stranger_at_the_door();

    let refused = listener.redeemed(Err(RefusalReason::NotListed));

    assert_eq!(frames(&refused), frames(&greeted));
}

#[test]
fn nothing_else_is_heard_while_the_node_decides() {
    let (_, two) = two_members();
    let (_, mut listener, _) = stranger_at_the_door();

    let actions = listener.on_frame(&shown(&Side::new(9, &two.ledger), 1), NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
    assert!(listener.redeemed(Ok(())).is_empty(), "it is over");
}

#[test]
fn a_member_uses_nothing_up() {
    let (one, two) = two_members();

    let actions = Exchange::listener(one.towards(2)).on_frame(&shown(&two, 1), NOW);

    assert_eq!(actions.last(), Some(&Action::Redeemed));
    assert!(!actions.iter().any(|it| matches!(it, Action::Redeem(_))));
}

#[test]
fn an_invite_does_not_bring_back_the_removed() {
    let (mut one, two) = two_members();
    remove(&mut one.ledger, 1, 2);

    let actions = Exchange::listener(one.towards(2)).on_frame(&shown(&two, 1), NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::Removed));
}

#[test]
fn a_stolen_frame_is_worth_nothing_to_another_node() {
    let (one, two) = two_members();
    let captured = shown(&Side::new(9, &two.ledger), 1);

    let actions = Exchange::listener(one.towards(8)).on_frame(&captured, NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::BadCertificate));
}

#[test]
fn a_network_without_members_knows_no_invites() {
    let (one, two) = two_members();
    let public = Local {
        ledger: None,
        rules: Arc::new(Rules::public(BTreeSet::new())),
        ..one.towards(9)
    };

    let actions = Exchange::listener(public).on_frame(&shown(&Side::new(9, &two.ledger), 1), NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::NotListed));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn refuses_redemptions_that_are_not_signed_by_both_for_this_node() {
    let (one, two) = two_members();
    let network = one.ledger.network();
    let good = redemption(9);
    let sealed = |redemption: &Redemption, by: &AccountKey| seal(redemption, &network, by).unwrap();
    let by_invite =
        |redemption: &Redemption, by: u8| seal(redemption, &network, &invite(by)).unwrap();
    let elsewhere = seal(&good, &NetworkId::PUBLIC, &key(9)).unwrap();
    let other_name = Redemption {
        name: name(8),
        ..good.clone()
    };
    let other_node = Redemption {
        node: node(8),
        ..good.clone()
    };
    let other_account = Redemption {
        account: account(8),
        ..good.clone()
    };
    let mut forged = by_invite(&good, 1);
    *forged.last_mut().unwrap() ^= 1;

    for (what, invite_part, account_part, expected) in [
        (
            "another invite's key",
            by_invite(&good, 2),
            sealed(&good, &key(9)),
            RefusalReason::BadCertificate,
        ),
        (
            "another account's key",
            by_invite(&good, 1),
            sealed(&good, &key(8)),
            RefusalReason::BadCertificate,
        ),
        (
            "the invite's key twice",
            by_invite(&good, 1),
            by_invite(&good, 1),
            RefusalReason::BadCertificate,
        ),
        (
            "two stories",
            by_invite(&other_name, 1),
            sealed(&good, &key(9)),
            RefusalReason::BadCertificate,
        ),
        (
            "another node",
            by_invite(&other_node, 1),
            sealed(&other_node, &key(9)),
            RefusalReason::BadCertificate,
        ),
        (
            "another account",
            by_invite(&other_account, 1),
            sealed(&other_account, &key(8)),
            RefusalReason::BadCertificate,
        ),
        (
            "another network",
            by_invite(&good, 1),
            elsewhere,
            RefusalReason::BadCertificate,
        ),
        (
            "a forgery",
            forged,
            sealed(&good, &key(9)),
            RefusalReason::BadCertificate,
        ),
        ("nothing", Vec::new(), Vec::new(), RefusalReason::BadFrame),
    ] {
        let frame = Frame::Redeem(Redeem {
            version: frame::VERSION,
            network,
            certificate: Side::new(9, &two.ledger).towards(1).certificate,
            by_invite: invite_part,
            by_account: account_part,
        });
        let actions = Exchange::listener(one.towards(9)).on_frame(&frame.to_bytes(), NOW);
        assert_eq!(refusal(&actions), Some(expected), "{what}");
    }
}

#[test]
fn refuses_a_bearer_whose_certificate_is_over_and_another_version() {
    let (one, two) = two_members();
    let stranger = Side::new(9, &two.ledger);
    let over = Certificate::issue(&key(9), node(9), Purpose::Full, Timestamp(1), NOW).unwrap();
    let shown_with = |change: &dyn Fn(&mut Redeem)| {
        let Frame::Redeem(mut redeem) = Frame::parse(&shown(&stranger, 1)).unwrap() else {
            panic!("another frame");
        };
        change(&mut redeem);
        let frame = Frame::Redeem(redeem).to_bytes();
        refusal(&Exchange::listener(one.towards(9)).on_frame(&frame, NOW))
    };

    let expired = shown_with(&|redeem| redeem.certificate = over.bytes().to_vec());
    let version = shown_with(&|redeem| redeem.version = 0);

    assert_eq!(expired, Some(RefusalReason::Expired));
    assert_eq!(version, Some(RefusalReason::Version));
}

#[test]
fn a_bearer_dials_only_whom_its_link_names() {
    let (one, two) = two_members();
    let stranger = Side::new(9, &two.ledger);
    let local = Local {
        rules: Arc::new(Rules::private(
            &one.ledger,
            &one.certificates,
            &one.freshness,
        )),
        ..stranger.towards(7)
    };

    let actions = Exchange::redeemer(local, ticket(&stranger)).start();

    assert_eq!(actions, [Action::Refuse(RefusalReason::NotListed)]);
}

#[test]
fn an_admission_is_no_answer_to_an_invite() {
    let (_, two) = two_members();
    let stranger = Side::new(9, &two.ledger);
    let mut dialer = Exchange::redeemer(stranger.towards(1), ticket(&stranger));
    dialer.start();

    let actions = dialer.on_frame(&Frame::Admitted.to_bytes(), NOW);

    assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
}

#[test]
fn ids_of_invites_are_read_as_written() {
    let id = invite(3).id();

    assert_eq!(id.to_string().parse::<InviteId>(), Ok(id));
}
