//! What no frames whatever can do to one side.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// Feeds frames to one side and checks what holds whatever they are.
fn feed(mut exchange: Exchange, frames_in: &[Vec<u8>]) -> Vec<Action> {
    let mut all = exchange.start();
    for frame in frames_in {
        all.extend(exchange.on_frame(frame, NOW));
    }
    assert!(
        frames(&all).len() <= MAX_FRAMES,
        "never more frames than allowed"
    );
    assert!(
        frames(&all)
            .iter()
            .all(|frame| frame.len() <= MAX_FRAME_BYTES)
    );
    let is_end = |action: &&Action| {
        matches!(
            action,
            Action::Admit(_) | Action::Refuse(_) | Action::Refused(_) | Action::Redeemed
        )
    };
    assert!(all.iter().filter(is_end).count() <= 1, "it ends once");
    all
}

pub(super) fn hello(local: &Local, change: impl FnOnce(&mut Hello)) -> Vec<u8> {
    let mut hello = Exchange::dialer(local.clone()).hello(0, false);
    change(&mut hello);
    Frame::Hello(hello).to_bytes()
}

#[test]
fn refuses_other_versions() {
    let (one, two) = two_members();

    for version in [0, 1, 3, u16::MAX] {
        let frame = hello(&two.towards(1), |hello| hello.version = version);
        let actions = feed(Exchange::listener(one.towards(2)), &[frame]);
        assert_eq!(refusal(&actions), Some(RefusalReason::Version), "{version}");
    }
}

#[test]
fn refuses_frames_in_another_encoding() {
    let (one, two) = two_members();
    let frame = hello(&two.towards(1), |_| ());
    let (start, rest) = frame.split_at(6);
    assert_eq!(rest[0], 2, "the version, in its one byte");

    let longer = [start, &[0x18], rest].concat();

    let actions = feed(Exchange::listener(one.towards(2)), &[longer]);
    assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
}

#[test]
fn refuses_frames_out_of_turn() {
    let (one, two) = two_members();
    let greeting = hello(&two.towards(1), |_| ());
    let learn = Frame::Learn(Learn::default()).to_bytes();
    let admitted_frame = Frame::Admitted.to_bytes();

    for frames_in in [
        vec![learn.clone()],
        vec![admitted_frame.clone()],
        vec![Frame::Refused(RefusalReason::Removed).to_bytes()],
        vec![greeting.clone(), greeting.clone()],
        vec![greeting.clone(), admitted_frame.clone()],
    ] {
        let actions = feed(Exchange::listener(one.towards(2)), &frames_in);
        assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
        assert_eq!(admitted(&actions), None);
    }
    for frames_in in [
        vec![learn],
        vec![admitted_frame.clone()],
        vec![hello(&one.towards(2), |_| ()), greeting],
    ] {
        let actions = feed(Exchange::dialer(two.towards(1)), &frames_in);
        assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
    }
}

#[test]
fn a_listener_cannot_skip_saying_who_it_is() {
    let (_, two) = two_members();

    let actions = feed(
        Exchange::dialer(two.towards(1)),
        &[Frame::Admitted.to_bytes()],
    );

    assert_eq!(admitted(&actions), None);
}

#[test]
fn more_parts_than_announced_are_refused() {
    let (one, two) = two_members();
    let part = |left| {
        Frame::Learn(Learn {
            left,
            ..Learn::default()
        })
        .to_bytes()
    };
    let greeting = hello(&one.towards(2), |hello| hello.parts = 2);

    for parts in [
        vec![part(2)],
        vec![part(0)],
        vec![part(1), part(1)],
        vec![part(255)],
    ] {
        let frames_in = [vec![greeting.clone()], parts].concat();
        assert_eq!(
            refusal(&feed(Exchange::dialer(two.towards(1)), &frames_in)),
            Some(RefusalReason::BadFrame)
        );
    }
    let many = hello(&one.towards(2), |hello| hello.parts = 200);
    assert_eq!(
        refusal(&feed(Exchange::dialer(two.towards(1)), &[many])),
        Some(RefusalReason::BadFrame)
    );
}

#[test]
fn a_member_that_brings_forgeries_is_refused_and_nothing_of_it_kept() {
    let (one, two) = two_members();
    let mut ahead = two.ledger.clone();
    let good = add(&mut ahead, 1, 3, Role::Member);
    let mut forged = ahead
        .author_add(
            &key(1),
            account(4),
            crate::fixture::name(4),
            Role::Member,
            NOW,
        )
        .unwrap();
    *forged.last_mut().unwrap() ^= 1;
    let own = seal(
        &crate::Operation {
            heads: two.ledger.heads(),
            at: NOW,
            action: crate::Action::Remove {
                account: account(1),
            },
            seal: None,
        },
        &two.ledger.network(),
        &key(2),
    );

    for operations in [
        vec![good.clone(), forged],
        vec![good, own.unwrap()],
        vec![vec![0; 64]],
    ] {
        let learn = Frame::Learn(Learn {
            operations,
            ..Learn::default()
        })
        .to_bytes();
        let frames_in = [
            hello(&two.towards(1), |hello| hello.heads = Vec::new()),
            learn,
        ];
        let mut local = one.towards(2);
        // What the other side claims to lack keeps the exchange open.
        local.certificates = Arc::default();
        let actions = feed(Exchange::listener(local), &frames_in);
        assert!(
            !actions
                .iter()
                .any(|action| matches!(action, Action::Learn { .. } | Action::Admit(_)))
        );
    }
}

#[test]
fn operations_have_no_place_in_a_network_without_any() {
    let (one, two) = two_members();
    let local = Local {
        network: NetworkId::PUBLIC,
        certificate: certificate(1).bytes().to_vec(),
        rules: Arc::new(Rules::public(BTreeSet::new())),
        ledger: None,
        certificates: Arc::default(),
        freshness: Arc::default(),
        latest: NOW,
        session: Session(1),
        remote: node(2),
    };
    let peer = Local {
        network: NetworkId::PUBLIC,
        ..two.towards(1)
    };
    let learn = Learn {
        operations: one.ledger.missing_for(&[]),
        ..Learn::default()
    };
    let greeting = hello(&peer, |hello| {
        hello.heads = vec![OperationId::from_bytes([1; 32])];
    });

    let actions = feed(
        Exchange::listener(local),
        &[greeting, Frame::Learn(learn).to_bytes()],
    );

    assert_eq!(refusal(&actions), Some(RefusalReason::BadFrame));
}

fn arbitrary_frame() -> impl Strategy<Value = Vec<u8>> {
    let (one, two) = two_members();
    let samples = vec![
        hello(&one.towards(2), |_| ()),
        hello(&two.towards(1), |_| ()),
        hello(&two.towards(1), |hello| hello.parts = 1),
        hello(&one.towards(2), |hello| {
            hello.heads = vec![OperationId::from_bytes([7; 32])];
        }),
        Frame::Learn(Learn {
            operations: one.ledger.missing_for(&[]),
            ..Learn::default()
        })
        .to_bytes(),
        Frame::Learn(Learn::default()).to_bytes(),
        Frame::Admitted.to_bytes(),
        Frame::Refused(RefusalReason::Timeout).to_bytes(),
        redeeming::shown(&Side::new(2, &two.ledger), 1),
        redeeming::shown(&Side::new(9, &two.ledger), 1),
        Frame::Redeemed.to_bytes(),
    ];
    let sample = prop::sample::select(samples);
    prop_oneof![
        2 => sample.clone(),
        2 => (sample, any::<Index>(), any::<u8>()).prop_map(|(mut frame, at, byte)| {
            let at = at.index(frame.len());
            frame[at] = byte;
            frame
        }),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stranger_gets_at_most_one_refusal_whatever_it_sends(
        frames_in in prop::collection::vec(arbitrary_frame(), 0..14),
    ) {
        let (one, _) = two_members();

        let actions = feed(Exchange::listener(one.towards(9)), &frames_in);

        prop_assert!(frames(&actions).len() <= 1);
        prop_assert!(frames(&actions).iter().all(|frame| frame.len() <= 8));
        let is_gain = |action: &Action| matches!(action, Action::Admit(_) | Action::Learn { .. });
        prop_assert!(!actions.iter().any(is_gain));
    }

    #[test]
    fn members_end_within_the_limits_whatever_they_send(
        frames_in in prop::collection::vec(arbitrary_frame(), 0..14),
        is_dialer in any::<bool>(),
    ) {
        let (one, two) = two_members();
        let exchange = if is_dialer { Exchange::dialer(two.towards(1)) } else { Exchange::listener(one.towards(2)) };
        let count = frames_in.len();

        let actions = feed(exchange, &frames_in);

        let is_end = |action: &Action| {
            matches!(
                action,
                Action::Admit(_) | Action::Refuse(_) | Action::Refused(_) | Action::Redeemed
            )
        };
        prop_assert!(count <= MAX_FRAMES || actions.iter().any(is_end));
        for action in &actions {
            if let Action::Admit(admission) = action {
                prop_assert_eq!(admission.node, if is_dialer { node(1) } else { node(2) });
            }
        }
    }
}
