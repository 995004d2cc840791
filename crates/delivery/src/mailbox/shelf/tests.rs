use std::time::Duration;

use streembit_identity::{AccountKey, NodeKey};
use zeroize::Zeroizing;

use super::*;
use crate::mailbox::MAX_COPY;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

pub(in crate::mailbox) fn account(number: u16) -> AccountId {
    let mut seed = [9; 32];
    seed[..2].copy_from_slice(&number.to_be_bytes());
    AccountKey::from_seed(&Zeroizing::new(seed)).id()
}

pub(in crate::mailbox) fn node(number: u16) -> NodeId {
    let mut seed = [8; 32];
    seed[..2].copy_from_slice(&number.to_be_bytes());
    NodeKey::from_seed(&Zeroizing::new(seed)).id()
}

fn parcel(from: u16, to: u16, token: u64, bytes: usize) -> Parcel {
    let mut own = [0; 16];
    own[8..].copy_from_slice(&token.to_be_bytes());
    Parcel {
        to: account(to),
        node: node(to),
        from: account(from),
        token: own,
        bytes,
    }
}

fn shelf() -> Shelf {
    Shelf::new(Quota::DEFAULT)
}

fn new(deposited: Result<Deposited, Refusal>) -> Copy {
    match deposited {
        Ok(Deposited::New(copy)) => copy,
        other => panic!("not taken: {other:?}"),
    }
}

/// Leaves parcels of `bytes` until one is refused; returns how many were taken, and why no more.
fn flood(shelf: &mut Shelf, from: u16, to: u16, bytes: usize) -> (u64, Refusal) {
    for token in 0.. {
        if let Err(refusal) = shelf.deposit(parcel(from, to, token, bytes), NOW) {
            return (token, refusal);
        }
    }
    unreachable!("something refuses")
}

#[test]
fn what_is_left_is_collected_in_order_and_gone_once_acknowledged() {
    let mut shelf = shelf();
    let left: Vec<Copy> = (0..3)
        .map(|token| new(shelf.deposit(parcel(1, 2, token, 100), NOW)))
        .collect();

    let (page, has_more) = shelf.page(account(2), node(2), 0, 1_000, &BTreeSet::new());
    let gone = shelf.acknowledge(account(2), node(2), &[left[0].number, left[1].number, 99]);

    assert_eq!((page, has_more), (left.clone(), false));
    assert_eq!(gone, [left[0].number, left[1].number]);
    assert_eq!(
        shelf
            .page(account(2), node(2), 0, 1_000, &BTreeSet::new())
            .0,
        [left[2]]
    );
    assert_eq!(shelf.total(), Amount::one(100));
}

#[test]
fn what_does_not_fit_into_a_page_comes_with_the_next_one() {
    let mut shelf = shelf();
    for token in 0..5 {
        new(shelf.deposit(parcel(1, 2, token, 400), NOW));
    }
    let mut collected = Vec::new();
    let mut pages = 0;
    loop {
        let after = collected.last().copied().unwrap_or(0);
        let (page, has_more) = shelf.page(account(2), node(2), after, 1_000, &BTreeSet::new());
        collected.extend(page.iter().map(|copy| copy.number));
        pages += 1;
        if !has_more {
            break;
        }
    }

    assert_eq!((collected, pages), (vec![1, 2, 3, 4, 5], 3));
    assert_eq!(
        shelf
            .page(account(2), node(2), 0, 1, &BTreeSet::new())
            .0
            .len(),
        1,
        "a page is never empty"
    );
}

#[test]
fn nobody_collects_or_deletes_what_is_for_somebody_else() {
    let mut shelf = shelf();
    let copy = new(shelf.deposit(parcel(1, 2, 0, 100), NOW));

    for (account, node) in [
        (account(3), node(3)),
        (account(2), node(3)),
        (account(3), node(2)),
    ] {
        assert!(
            shelf
                .page(account, node, 0, 1_000, &BTreeSet::new())
                .0
                .is_empty()
        );
    }
    assert!(
        shelf
            .acknowledge(account(3), node(3), &[copy.number])
            .is_empty()
    );
    assert!(shelf.has_for(account(2), node(2)));
}

#[test]
fn what_is_left_twice_is_kept_once() {
    let mut shelf = shelf();
    let copy = new(shelf.deposit(parcel(1, 2, 7, 100), NOW));

    let later = NOW.plus(Duration::from_hours(1));
    assert_eq!(
        shelf.deposit(parcel(1, 2, 7, 100), later),
        Ok(Deposited::Known(copy))
    );
    new(shelf.deposit(parcel(3, 2, 7, 100), later));
    assert_eq!(shelf.total().copies, 2, "another's token is another's");
}

#[test]
fn a_copy_is_kept_for_fourteen_days_and_no_longer() {
    let mut shelf = shelf();
    let copy = new(shelf.deposit(parcel(1, 2, 0, 100), NOW));
    let end = NOW.plus(Duration::from_hours(14 * 24));

    assert_eq!(shelf.next_end(), Some(end));
    assert!(shelf.expire(Timestamp(end.0 - 1)).is_empty());
    assert!(shelf.has_for(account(2), node(2)));
    assert_eq!(shelf.expire(end), [copy.number]);
    assert!(!shelf.has_for(account(2), node(2)));
    assert_eq!((shelf.total(), shelf.next_end()), (Amount::default(), None));
}

#[test]
fn a_flood_from_one_depositor_evicts_nothing_and_leaves_room_for_others() {
    let mut shelf = shelf();
    let first = new(shelf.deposit(parcel(2, 9, 0, 1_000), NOW));

    for recipient in 9..200 {
        let (_, refusal) = flood(&mut shelf, 1, recipient, 300_000);
        assert_eq!(refusal, Refusal::Full);
    }

    assert_eq!(
        shelf.page(account(9), node(9), 0, 1, &BTreeSet::new()).0,
        [first],
        "what was there stays"
    );
    for (from, to) in [(2, 9), (3, 9), (3, 10), (4, 199)] {
        let left = shelf.deposit(parcel(from, to, 1, 300_000), NOW);
        assert!(left.is_ok(), "{from} to {to}: {left:?}");
    }
}

#[test]
fn each_bound_holds_and_says_so() {
    let quota = Quota::DEFAULT;
    let of = |count: u64, limit: Amount| {
        assert!(count <= limit.copies);
        assert!(count * 300_256 <= limit.bytes && (count + 1) * 300_256 > limit.bytes);
    };

    let mut shelf = shelf();
    of(flood(&mut shelf, 1, 2, 300_000).0, quota.pair);
    let more: u64 = (3..9).map(|to| flood(&mut shelf, 1, to, 300_000).0).sum();
    of(more + flood_of(&quota.pair), quota.depositor);

    let mut shelf = Shelf::new(quota);
    let taken: u64 = (10..30)
        .map(|from| flood(&mut shelf, from, 2, 300_000).0)
        .sum();
    of(taken, quota.recipient);

    let mut shelf = Shelf::new(quota);
    let taken: u64 = (10..200)
        .map(|from| flood(&mut shelf, from, from + 1_000, 300_000).0)
        .sum();
    of(taken, quota.total);
}

fn flood_of(limit: &Amount) -> u64 {
    limit.bytes / 300_256
}

#[test]
fn many_small_copies_are_bounded_by_their_number() {
    let mut shelf = shelf();

    assert_eq!(
        flood(&mut shelf, 1, 2, 1),
        (Quota::DEFAULT.pair.copies, Refusal::Full)
    );
}

#[test]
fn what_is_too_large_is_told_apart_from_what_is_too_much() {
    let mut shelf = shelf();

    let left = shelf.deposit(parcel(1, 2, 0, MAX_COPY + 1), NOW);

    assert_eq!(left, Err(Refusal::TooLarge));
    new(shelf.deposit(parcel(1, 2, 0, MAX_COPY), NOW));
}

#[test]
fn whoever_is_removed_is_kept_for_no_more_and_nothing_is_kept_from_it() {
    let mut shelf = shelf();
    new(shelf.deposit(parcel(1, 2, 0, 100), NOW));
    new(shelf.deposit(parcel(2, 1, 0, 100), NOW));
    let stays = new(shelf.deposit(parcel(1, 3, 0, 100), NOW));

    let gone = shelf.retain(|parcel| parcel.to != account(2) && parcel.from != account(2));

    assert_eq!(gone, [1, 2]);
    assert_eq!(
        shelf
            .page(account(3), node(3), 0, 1_000, &BTreeSet::new())
            .0,
        [stays]
    );
    assert_eq!(shelf.total(), Amount::one(100));
}

#[test]
fn after_a_restart_everything_lies_where_it_lay() {
    let mut before = shelf();
    for token in 0..20 {
        let from = u16::try_from(token % 3).unwrap();
        new(before.deposit(parcel(from, 5, token, 100 * (from as usize + 1)), NOW));
    }
    before.acknowledge(account(5), node(5), &[3, 4, 20]);

    let mut after = shelf();
    after.resume(before.last);
    for copy in before.copies.values() {
        after.restore(*copy);
    }

    assert_eq!(
        after.page(account(5), node(5), 0, 99_999, &BTreeSet::new()),
        before.page(account(5), node(5), 0, 99_999, &BTreeSet::new())
    );
    assert_eq!(after.total(), before.total());
    assert_eq!(after.next_end(), before.next_end());
    let next = new(after.deposit(parcel(1, 5, 99, 1), NOW));
    assert_eq!(next.number, 21, "numbers are used once");
}

#[test]
fn a_copy_that_could_not_be_stored_leaves_no_trace() {
    let mut shelf = shelf();
    let copy = new(shelf.deposit(parcel(1, 2, 0, 100), NOW));

    shelf.withdraw(copy.number);

    assert_eq!(shelf.total(), Amount::default());
    assert!(shelf.recipients.is_empty() && shelf.depositors.is_empty());
    assert!(shelf.pairs.is_empty() && shelf.tokens.is_empty() && shelf.of_node.is_empty());
    new(shelf.deposit(parcel(1, 2, 0, 100), NOW));
}
