use std::collections::BTreeSet;
use std::time::Duration;

use streembit_identity::{AccountKey, NodeKey};
use zeroize::Zeroizing;

use super::*;
use crate::{FLIGHT_LIMIT, Pace, SEEK_LIMIT, WINDOW};

mod mail;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const MONTH: Duration = Duration::from_secs(30 * 24 * 3_600);
/// The middle of the spread: waits are exactly as listed.
const MIDDLE: Jitter = 512;

fn later(ms: u64) -> Timestamp {
    NOW.plus(Duration::from_millis(ms))
}

fn account(seed: u8) -> Destination {
    Destination::any(AccountKey::from_seed(&Zeroizing::new([seed; 32])).id())
}

fn node(account: Destination, seed: u8) -> Destination {
    let node = NodeKey::from_seed(&Zeroizing::new([seed; 32])).id();
    Destination::at(account.account, node)
}

fn id(order: u64) -> MessageId {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&order.to_be_bytes());
    MessageId::new(NOW, random)
}

fn text(order: u64, to: Destination) -> Item {
    Item {
        id: id(order),
        to,
        order,
        state: State::Queued,
        pace: Pace::Together,
        until: NOW.plus(MONTH),
        mail: Mail::Never,
    }
}

fn sent(actions: &[Action]) -> Vec<MessageId> {
    let mut ids = Vec::new();
    for action in actions {
        if let Action::Transmit { id, .. } = action {
            ids.push(*id);
        }
    }
    ids
}

fn wake_at(actions: &[Action]) -> Option<Timestamp> {
    actions.iter().rev().find_map(|action| match action {
        Action::WakeAt(at) => Some(*at),
        Action::Deposit { .. }
        | Action::Transmit { .. }
        | Action::Record { .. }
        | Action::Seek { .. } => None,
    })
}

fn enqueue(outbox: &mut Outbox, items: impl IntoIterator<Item = Item>) {
    for item in items {
        outbox.handle(Event::Enqueued(item), NOW, MIDDLE);
    }
}

fn delivered(id: MessageId, to: Destination) -> Event {
    Event::Acknowledged {
        id,
        to,
        by: to.account,
        receipt: Receipt::Delivered,
    }
}

#[test]
fn looks_for_an_account_it_does_not_reach() {
    let (mut outbox, bob) = (Outbox::default(), account(2));

    let actions = outbox.handle(Event::Enqueued(text(1, bob)), NOW, MIDDLE);

    assert_eq!(
        actions,
        [
            Action::Seek { to: bob },
            Action::WakeAt(NOW.plus(SEEK_LIMIT))
        ],
        "and does not wait for the answer forever"
    );
}

#[test]
fn sends_at_once_when_the_account_appears() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob), text(2, bob)]);
    for _ in 0..12 {
        outbox.handle(Event::Unreachable(bob), NOW, MIDDLE);
    }

    let actions = outbox.handle(Event::Reachable(bob), later(1), MIDDLE);

    assert_eq!(sent(&actions), [id(1), id(2)]);
}

#[test]
fn keeps_a_window_in_flight_in_order() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, (1..=40).rev().map(|order| text(order, bob)));

    let first = sent(&outbox.handle(Event::Reachable(bob), NOW, MIDDLE));
    let next = sent(&outbox.handle(delivered(id(1), bob), NOW, MIDDLE));

    assert_eq!(first, (1..=16).map(id).collect::<Vec<_>>());
    assert_eq!(first.len(), WINDOW);
    assert_eq!(next, [id(17)]);
}

#[test]
fn sends_a_lone_item_alone() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let answer = Item {
        pace: Pace::Alone,
        ..text(2, bob)
    };
    enqueue(
        &mut outbox,
        [text(1, bob), answer, text(3, bob), text(4, bob)],
    );

    let first = sent(&outbox.handle(Event::Reachable(bob), NOW, MIDDLE));
    let second = sent(&outbox.handle(delivered(id(1), bob), NOW, MIDDLE));
    let third = sent(&outbox.handle(delivered(id(2), bob), NOW, MIDDLE));

    assert_eq!([first, second], [[id(1)], [id(2)]]);
    assert_eq!(third, [id(3), id(4)]);
}

#[test]
fn waits_longer_after_each_failed_look() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    let mut now = NOW;
    let mut waits = Vec::new();

    for _ in 0..13 {
        let at = wake_at(&outbox.handle(Event::Unreachable(bob), now, MIDDLE)).unwrap();
        waits.push(at.since(now).as_secs());
        now = at;
        let looks = outbox.handle(Event::Tick, now, MIDDLE);
        assert!(looks.contains(&Action::Seek { to: bob }), "{looks:?}");
    }

    assert_eq!(
        waits,
        [
            2, 4, 8, 16, 32, 64, 120, 300, 600, 1_200, 2_400, 3_600, 3_600
        ]
    );
}

#[test]
fn one_outage_of_a_whole_window_counts_once() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, (1..=16).map(|order| text(order, bob)));
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);

    let mut wakes = BTreeSet::new();
    for order in 1..=16 {
        wakes.extend(wake_at(&outbox.handle(
            Event::Failed {
                id: id(order),
                to: bob,
            },
            NOW,
            MIDDLE,
        )));
    }
    let again = sent(&outbox.handle(Event::Tick, later(2_000), MIDDLE));

    assert_eq!(wakes, BTreeSet::from([later(2_000)]));
    assert_eq!(
        again,
        (1..=16).map(id).collect::<Vec<_>>(),
        "the same ids, in the same order"
    );
}

#[test]
fn keeps_what_a_busy_account_refused() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);

    let actions = outbox.handle(
        Event::Refused {
            id: id(1),
            to: bob,
            permanent: false,
        },
        NOW,
        MIDDLE,
    );

    assert_eq!(actions, [Action::WakeAt(later(2_000))]);
    assert_eq!(outbox.len(), 1);
}

#[test]
fn gives_up_what_was_refused_for_good_and_goes_on() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, (1..=17).map(|order| text(order, bob)));
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);

    let actions = outbox.handle(
        Event::Refused {
            id: id(3),
            to: bob,
            permanent: true,
        },
        NOW,
        MIDDLE,
    );

    assert_eq!(
        actions.first(),
        Some(&Action::Record {
            id: id(3),
            to: bob,
            state: State::Failed
        })
    );
    assert_eq!(sent(&actions), [id(17)]);
}

#[test]
fn ignores_receipts_from_anyone_else() {
    let (mut outbox, bob, carol) = (Outbox::default(), account(2), account(3));
    enqueue(&mut outbox, [text(1, bob)]);
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);

    let actions = outbox.handle(delivered(id(1), carol), NOW, MIDDLE);

    assert_eq!(actions, []);
    assert_eq!(outbox.len(), 1);
}

#[test]
fn says_sent_once_and_delivered_once() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);
    let mut records = Vec::new();

    for event in [
        Event::Transmitted { id: id(1), to: bob },
        Event::Transmitted { id: id(1), to: bob },
        delivered(id(1), bob),
        delivered(id(1), bob),
        Event::Transmitted { id: id(1), to: bob },
        Event::Failed { id: id(1), to: bob },
        Event::Refused {
            id: id(1),
            to: bob,
            permanent: true,
        },
    ] {
        records.extend(outbox.handle(event, NOW, MIDDLE));
    }
    records.retain(|action| matches!(action, Action::Record { .. }));

    assert_eq!(
        records,
        [
            Action::Record {
                id: id(1),
                to: bob,
                state: State::Sent
            },
            Action::Record {
                id: id(1),
                to: bob,
                state: State::Delivered
            },
        ]
    );
}

#[test]
fn a_lost_answer_ends_the_flight() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    let actions = outbox.handle(Event::Reachable(bob), later(1), MIDDLE);
    assert_eq!(wake_at(&actions), Some(later(1).plus(FLIGHT_LIMIT)));

    let pause = wake_at(&outbox.handle(Event::Tick, later(1).plus(FLIGHT_LIMIT), MIDDLE)).unwrap();
    let again = sent(&outbox.handle(Event::Tick, pause, MIDDLE));

    assert_eq!(again, [id(1)]);
}

#[test]
fn gives_up_after_its_lifetime() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);

    let actions = outbox.handle(Event::Tick, NOW.plus(MONTH), MIDDLE);

    assert_eq!(
        actions,
        [Action::Record {
            id: id(1),
            to: bob,
            state: State::Failed
        }]
    );
    assert!(outbox.is_empty());
}

#[test]
fn abandons_one_account_only() {
    let (mut outbox, bob, carol) = (Outbox::default(), account(2), account(3));
    enqueue(&mut outbox, [text(1, bob), text(2, carol), text(3, bob)]);

    let mut actions = outbox.handle(Event::Abandoned(bob.account), NOW, MIDDLE);
    actions.retain(|action| matches!(action, Action::Record { .. }));

    assert_eq!(
        actions,
        [
            Action::Record {
                id: id(1),
                to: bob,
                state: State::Failed
            },
            Action::Record {
                id: id(3),
                to: bob,
                state: State::Failed
            },
        ]
    );
    assert_eq!(outbox.len(), 1);
}

#[test]
fn is_bounded_for_each_account_at_all_of_its_nodes_together() {
    let (mut outbox, bob, carol) = (Outbox::default(), account(2), account(3));
    let nodes = [1, 2].map(|seed| NodeKey::from_seed(&[seed; 32].into()).id());
    let places = nodes.map(|node| Destination::at(bob.account, node));
    let all = (0..MAX_ITEMS_PER_ACCOUNT as u64).zip(places.into_iter().cycle());
    enqueue(&mut outbox, all.map(|(order, to)| text(order, to)));

    assert_eq!(outbox.waiting_for(&bob.account), MAX_ITEMS_PER_ACCOUNT);
    assert_eq!(outbox.room(&bob.account), Err(Full));
    assert_eq!(outbox.room(&carol.account), Ok(()));
}

#[test]
fn ignores_what_it_knows_or_is_settled() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);

    let known = outbox.handle(Event::Enqueued(text(1, bob)), NOW, MIDDLE);
    let settled = Item {
        state: State::Delivered,
        ..text(2, bob)
    };
    let settled = outbox.handle(Event::Enqueued(settled), NOW, MIDDLE);

    assert_eq!((known, settled), (Vec::new(), Vec::new()));
    assert_eq!(outbox.len(), 1);
}

#[test]
fn a_new_item_looks_at_once_even_during_a_long_pause() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    for at in [0, 10_000, 20_000] {
        outbox.handle(Event::Tick, later(at), MIDDLE);
        outbox.handle(Event::Unreachable(bob), later(at), MIDDLE);
    }

    let soon = outbox.handle(Event::Enqueued(text(2, bob)), later(20_500), MIDDLE);
    let later_on = outbox.handle(Event::Enqueued(text(3, bob)), later(23_000), MIDDLE);

    assert!(
        !soon.contains(&Action::Seek { to: bob }),
        "it looked half a second ago"
    );
    assert!(later_on.contains(&Action::Seek { to: bob }));
}

#[test]
fn a_message_goes_to_each_node_by_itself() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let (desk, lap) = (node(bob, 7), node(bob, 8));
    enqueue(
        &mut outbox,
        [
            text(1, desk),
            Item {
                order: 2,
                ..text(1, lap)
            },
        ],
    );

    let first = outbox.handle(Event::Reachable(lap), NOW, MIDDLE);
    let record = outbox.handle(delivered(id(1), lap), NOW, MIDDLE);

    assert!(first.contains(&Action::Transmit { id: id(1), to: lap }));
    assert_eq!(sent(&first).len(), 1, "the other one is not there");
    assert_eq!(
        record.first(),
        Some(&Action::Record {
            id: id(1),
            to: lap,
            state: State::Delivered
        })
    );
    let second = outbox.handle(Event::Reachable(desk), NOW, MIDDLE);
    assert!(second.contains(&Action::Transmit {
        id: id(1),
        to: desk
    }));
}

#[test]
fn whichever_node_answers_first_will_do_when_none_is_known() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let (desk, lap) = (node(bob, 7), node(bob, 8));
    enqueue(&mut outbox, [text(1, bob)]);

    outbox.handle(Event::Reachable(desk), NOW, MIDDLE);
    outbox.handle(Event::Failed { id: id(1), to: bob }, NOW, MIDDLE);
    let again = outbox.handle(Event::Reachable(lap), NOW, MIDDLE);
    outbox.handle(Event::Failed { id: id(1), to: bob }, NOW, MIDDLE);
    outbox.handle(Event::Unreachable(desk), NOW, MIDDLE);
    let retry = outbox.handle(Event::Tick, later(2_000), MIDDLE);
    outbox.handle(Event::Unreachable(lap), later(2_001), MIDDLE);
    let none = outbox.handle(Event::Enqueued(text(2, bob)), later(9_000), MIDDLE);

    assert_eq!(sent(&again), [id(1)], "another node came");
    assert_eq!(sent(&retry), [id(1)], "and it is still there");
    assert!(none.contains(&Action::Seek { to: bob }), "{none:?}");
}

#[test]
fn what_waits_for_a_revoked_node_is_given_up_and_nothing_else() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let (desk, lap) = (node(bob, 7), node(bob, 8));
    enqueue(
        &mut outbox,
        [
            text(1, desk),
            Item {
                order: 2,
                ..text(1, lap)
            },
        ],
    );
    let revoked = lap.node.unwrap();

    let mut actions = outbox.handle(Event::Revoked(revoked), NOW, MIDDLE);
    actions.retain(|action| matches!(action, Action::Record { .. }));

    assert_eq!(
        actions,
        [Action::Record {
            id: id(1),
            to: lap,
            state: State::Failed
        }]
    );
    assert_eq!(outbox.destinations().collect::<Vec<_>>(), [desk]);
}
