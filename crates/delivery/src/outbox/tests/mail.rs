//! What is left in mailboxes, and when.

use super::*;
use crate::drops::{DEPOSITS, PATIENCE, PATIENCE_CONNECTED};

const DAY: Duration = Duration::from_hours(24);

fn mailed(order: u64, to: Destination) -> Item {
    Item {
        mail: Mail::Copy(None),
        ..text(order, to)
    }
}

fn left(actions: &[Action]) -> Vec<MessageId> {
    let mut ids = Vec::new();
    for action in actions {
        if let Action::Deposit { id, .. } = action {
            ids.push(*id);
        }
    }
    ids
}

fn tick(outbox: &mut Outbox, now: Timestamp) -> Vec<Action> {
    outbox.handle(Event::Tick, now, MIDDLE)
}

/// An outbox in which `count` items wait for somebody who cannot be reached.
fn away(count: u64) -> (Outbox, Destination) {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, (1..=count).map(|order| mailed(order, bob)));
    outbox.handle(Event::Unreachable(bob), NOW, MIDDLE);
    (outbox, bob)
}

#[test]
fn a_copy_is_left_once_the_account_was_away_for_a_while() {
    let (mut outbox, bob) = away(1);

    let early = tick(&mut outbox, NOW.plus(PATIENCE / 2));
    let due = tick(&mut outbox, NOW.plus(PATIENCE));

    assert_eq!(left(&early), []);
    assert!(due.contains(&Action::Deposit { id: id(1), to: bob }));
    assert_eq!(left(&tick(&mut outbox, NOW.plus(2 * PATIENCE))), [], "once");
}

#[test]
fn it_wakes_in_time_to_leave_a_copy() {
    let (mut outbox, bob) = (Outbox::default(), account(2));

    let actions = outbox.handle(Event::Enqueued(mailed(1, bob)), NOW, MIDDLE);

    assert_eq!(wake_at(&actions), Some(NOW.plus(PATIENCE)));
}

#[test]
fn a_copy_is_left_for_somebody_who_is_connected_and_does_not_answer() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [mailed(1, bob)]);
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);

    assert_eq!(left(&tick(&mut outbox, NOW.plus(PATIENCE))), []);
    let due = tick(&mut outbox, NOW.plus(PATIENCE_CONNECTED));
    assert_eq!(left(&due), [id(1)]);
}

#[test]
fn nothing_is_left_of_what_was_answered_in_time() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [mailed(1, bob)]);
    outbox.handle(Event::Reachable(bob), NOW, MIDDLE);
    outbox.handle(delivered(id(1), bob), later(10), MIDDLE);

    assert_eq!(left(&tick(&mut outbox, NOW.plus(DAY))), []);
}

#[test]
fn what_a_mailbox_keeps_is_sent_and_not_delivered_until_its_recipient_signs() {
    let (mut outbox, bob) = away(1);
    tick(&mut outbox, NOW.plus(PATIENCE));
    let until = NOW.plus(14 * DAY);

    let kept = outbox.handle(
        Event::Kept {
            id: id(1),
            to: bob,
            until,
        },
        later(4_000),
        MIDDLE,
    );
    let delivered = outbox.handle(delivered(id(1), bob), later(5_000), MIDDLE);

    let record = |state| Action::Record {
        id: id(1),
        to: bob,
        state,
    };
    assert!(kept.contains(&record(State::Sent)), "{kept:?}");
    assert!(delivered.contains(&record(State::Delivered)));
    assert!(outbox.is_empty());
}

#[test]
fn what_a_mailbox_keeps_is_still_handed_over_directly() {
    let (mut outbox, bob) = away(1);
    tick(&mut outbox, NOW.plus(PATIENCE));
    let until = NOW.plus(14 * DAY);
    outbox.handle(
        Event::Kept {
            id: id(1),
            to: bob,
            until,
        },
        later(4_000),
        MIDDLE,
    );

    let actions = outbox.handle(Event::Reachable(bob), later(5_000), MIDDLE);

    assert_eq!(sent(&actions), [id(1)]);
}

#[test]
fn it_is_left_again_when_the_mailbox_keeps_it_no_longer() {
    let (mut outbox, bob) = away(1);
    tick(&mut outbox, NOW.plus(PATIENCE));
    let until = NOW.plus(14 * DAY);
    outbox.handle(
        Event::Kept {
            id: id(1),
            to: bob,
            until,
        },
        later(4_000),
        MIDDLE,
    );

    let before = tick(&mut outbox, Timestamp(until.0 - 1));
    tick(&mut outbox, until);
    let after = tick(&mut outbox, until.plus(PATIENCE));

    assert_eq!(left(&before), []);
    assert_eq!(left(&after), [id(1)]);
}

#[test]
fn after_a_restart_what_is_kept_is_not_left_again_before_its_time() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let item = Item {
        state: State::Sent,
        mail: Mail::Copy(Some(NOW.plus(DAY))),
        ..text(1, bob)
    };
    outbox.handle(Event::Enqueued(item), NOW, MIDDLE);

    assert_eq!(left(&tick(&mut outbox, NOW.plus(DAY / 2))), []);
    tick(&mut outbox, NOW.plus(DAY));
    let after = tick(&mut outbox, NOW.plus(DAY + PATIENCE));
    assert_eq!(left(&after), [id(1)]);
}

#[test]
fn where_no_mailbox_keeps_it_the_next_try_waits_longer_each_time() {
    let (mut outbox, bob) = away(1);
    let mut now = NOW;
    let mut tries = Vec::new();
    while tries.len() < 6 {
        now = now.plus(Duration::from_secs(1));
        if left(&tick(&mut outbox, now)) == [id(1)] {
            tries.push(now);
            outbox.handle(Event::NotKept { id: id(1), to: bob }, now, MIDDLE);
        }
    }

    let waits: Vec<Duration> = tries.windows(2).map(|two| two[1].since(two[0])).collect();
    assert!(waits.is_sorted(), "{waits:?}");
    assert!(
        waits.last().unwrap() >= &Duration::from_secs(30),
        "{waits:?}"
    );
}

#[test]
fn a_mailbox_that_appears_ends_the_wait() {
    let (mut outbox, bob) = away(1);
    let mut last = NOW;
    for day in 1..9 {
        last = NOW.plus(DAY * day);
        tick(&mut outbox, last);
        outbox.handle(Event::NotKept { id: id(1), to: bob }, last, MIDDLE);
    }
    let soon = last.plus(PATIENCE);

    assert_eq!(left(&tick(&mut outbox, soon)), [], "it waits");
    let found = outbox.handle(Event::MailboxFound, soon, MIDDLE);
    assert_eq!(left(&found), [id(1)]);
}

#[test]
fn few_copies_are_left_at_once_and_all_of_them_in_the_end() {
    let (mut outbox, bob) = away(20);
    let mut now = NOW.plus(PATIENCE);
    let mut under_way = left(&tick(&mut outbox, now));
    let mut all = BTreeSet::new();

    while let Some(next) = under_way.pop() {
        assert!(under_way.len() < DEPOSITS);
        assert!(all.insert(next), "each once");
        now = now.plus(Duration::from_secs(1));
        let until = now.plus(14 * DAY);
        let actions = outbox.handle(
            Event::Kept {
                id: next,
                to: bob,
                until,
            },
            now,
            MIDDLE,
        );
        under_way.extend(left(&actions));
    }

    assert_eq!(all.len(), 20);
}

#[test]
fn a_copy_that_could_not_be_read_is_replaced() {
    let (mut outbox, bob) = away(1);
    let now = NOW.plus(PATIENCE);
    tick(&mut outbox, now);
    let until = NOW.plus(14 * DAY);
    outbox.handle(
        Event::Kept {
            id: id(1),
            to: bob,
            until,
        },
        now,
        MIDDLE,
    );

    outbox.handle(
        Event::Unreadable { id: id(1), to: bob },
        now.plus(DAY),
        MIDDLE,
    );

    let due = tick(&mut outbox, now.plus(DAY + PATIENCE));
    assert_eq!(left(&due), [id(1)]);
}

#[test]
fn what_nobody_answers_is_done_once_a_mailbox_keeps_it() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    let word = Item {
        mail: Mail::Instead,
        ..text(1, bob)
    };
    let actions = outbox.handle(Event::Enqueued(word), NOW, MIDDLE);
    assert_eq!(
        left(&actions),
        [id(1)],
        "at once: its sender may leave soon"
    );

    let until = NOW.plus(14 * DAY);
    outbox.handle(
        Event::Kept {
            id: id(1),
            to: bob,
            until,
        },
        later(4_000),
        MIDDLE,
    );

    assert!(outbox.is_empty());
}

#[test]
fn what_mailboxes_have_no_part_in_is_never_left_there() {
    let (mut outbox, bob) = (Outbox::default(), account(2));
    enqueue(&mut outbox, [text(1, bob)]);
    outbox.handle(Event::Unreachable(bob), NOW, MIDDLE);

    assert_eq!(left(&tick(&mut outbox, NOW.plus(DAY))), []);
    assert_eq!(
        left(&outbox.handle(Event::MailboxFound, later(9), MIDDLE)),
        []
    );
}

#[test]
fn a_try_that_never_comes_back_counts_as_failed() {
    let (mut outbox, _) = away(1);
    assert_eq!(left(&tick(&mut outbox, NOW.plus(PATIENCE))), [id(1)]);

    let late = NOW.plus(Duration::from_mins(10));
    tick(&mut outbox, late);

    let again = tick(&mut outbox, late.plus(Duration::from_mins(1)));
    assert_eq!(left(&again), [id(1)]);
}
