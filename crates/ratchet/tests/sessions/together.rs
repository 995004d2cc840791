//! What two nodes can do together.

use std::time::Duration;

use streembit_identity::Timestamp;
use streembit_ratchet::{Device, MAX_SESSIONS, OpenError, Pair};

use crate::support::*;

#[test]
fn a_first_message_needs_only_the_published_keys() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));

    let first = alice.seals(&bob.keys(), b"hello");
    let second = alice.seals(&bob.keys(), b"are you there?");

    assert!(
        first.keys.is_some() && second.keys.is_some(),
        "until an answer came"
    );
    assert_eq!(
        bob.opens(&alice.keys(), &second).unwrap(),
        b"are you there?"
    );
    assert_eq!(bob.opens(&alice.keys(), &first).unwrap(), b"hello");
    let answer = bob.seals(&alice.keys(), b"yes");
    assert_eq!(answer.session, first.session);
    assert!(answer.keys.is_none());
    assert_eq!(alice.opens(&bob.keys(), &answer).unwrap(), b"yes");
    assert!(alice.seals(&bob.keys(), b"good").keys.is_none());
}

#[test]
fn a_lost_first_message_does_not_matter() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    drop(alice.seals(&bob.keys(), b"lost"));

    let second = alice.seals(&bob.keys(), b"second");

    assert_eq!(bob.opens(&alice.keys(), &second).unwrap(), b"second");
}

#[test]
fn both_may_begin_at_once_and_go_on_with_one_session() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let from_alice = alice.seals(&bob.keys(), b"from Alice");
    let from_bob = bob.seals(&alice.keys(), b"from Bob");

    assert_eq!(
        bob.opens(&alice.keys(), &from_alice).unwrap(),
        b"from Alice"
    );
    assert_eq!(alice.opens(&bob.keys(), &from_bob).unwrap(), b"from Bob");
    let next = alice.seals(&bob.keys(), b"next");
    assert_eq!(bob.opens(&alice.keys(), &next).unwrap(), b"next");

    assert_eq!(alice.pair.current(), bob.pair.current());
    let answer = bob.seals(&alice.keys(), b"answer");
    assert_eq!(answer.session, next.session);
}

#[test]
fn states_survive_the_store() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let sealed = alice.seals(&bob.keys(), b"hello");
    bob.device = Device::from_bytes(&bob.device.to_bytes()).unwrap();
    alice.pair = Pair::from_bytes(&alice.pair.to_bytes()).unwrap();

    assert_eq!(bob.opens(&alice.keys(), &sealed).unwrap(), b"hello");
    bob.pair = Pair::from_bytes(&bob.pair.to_bytes()).unwrap();
    let answer = bob.seals(&alice.keys(), b"hello to you");

    assert_eq!(alice.opens(&bob.keys(), &answer).unwrap(), b"hello to you");
}

#[test]
fn the_number_of_sessions_is_bounded_and_the_current_one_stays() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let mut kept = Vec::new();
    for _ in 0..20 {
        alice.pair.begin(&alice.device, &bob.keys()).unwrap();
        kept.push(alice.seals(&bob.keys(), b"again"));
    }

    for sealed in &kept {
        assert_eq!(bob.opens(&alice.keys(), sealed).unwrap(), b"again");
    }

    assert_eq!(bob.pair.current(), Some(kept[19].session));
    let answer = bob.seals(&alice.keys(), b"answer");
    assert_eq!(alice.opens(&bob.keys(), &answer).unwrap(), b"answer");
    let again = Pair::from_bytes(&bob.pair.to_bytes());
    assert!(again.is_ok(), "at most {MAX_SESSIONS}");
}

#[test]
fn a_session_that_is_given_up_seals_no_more_but_still_opens() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let first = alice.seals(&bob.keys(), b"hello");
    bob.opens(&alice.keys(), &first).unwrap();
    let under_way = bob.seals(&alice.keys(), b"under way");

    assert!(alice.pair.retire(first.session));
    assert!(!alice.pair.retire(first.session), "once is enough");
    let anew = alice.seals(&bob.keys(), b"anew");

    assert_ne!(anew.session, first.session);
    assert_eq!(bob.opens(&alice.keys(), &anew).unwrap(), b"anew");
    assert_eq!(alice.opens(&bob.keys(), &under_way).unwrap(), b"under way");
    assert_eq!(alice.pair.current(), Some(anew.session));
}

#[test]
fn fallback_keys_are_replaced_weekly_and_kept_for_what_lies_in_mailboxes() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let week = Device::ROTATION;
    let old = bob.keys();

    assert!(!bob.device.rotate(NOW.plus(week - Duration::from_secs(1))));
    assert!(bob.device.rotate(NOW.plus(week)));
    assert_ne!(bob.keys().fallback, old.fallback);
    assert_eq!(bob.keys().identity, old.identity);
    let late = alice.seals(&old, b"late");
    assert_eq!(bob.opens(&alice.keys(), &late).unwrap(), b"late");

    for number in 2..5 {
        assert!(bob.device.rotate(NOW.plus(number * week)), "once a week");
    }
    bob.device = Device::from_bytes(&bob.device.to_bytes()).unwrap();
    alice.pair = Pair::default();
    let last = alice.seals(&old, b"the last moment");
    let lay_for = Duration::from_hours(14 * 24) - Duration::from_secs(1);
    bob.device.rotate(old.expires.plus(lay_for));
    bob.pair = Pair::default();
    assert_eq!(
        bob.opens(&alice.keys(), &last).unwrap(),
        b"the last moment",
        "begun while the key lived, and 14 days in a mailbox"
    );

    assert!(bob.device.rotate(NOW.plus(Device::KEPT)), "then it is gone");
    bob.pair = Pair::default();
    assert_eq!(bob.opens(&alice.keys(), &last), Err(OpenError::Lost));
}

#[test]
fn keys_of_before_are_few_whatever_the_clock_does() {
    let mut device = Device::new(NOW);
    for number in 1..100_u64 {
        let back = NOW.0 - number * 1_000;
        assert!(device.rotate(Timestamp(back)));
    }

    let bytes = device.to_bytes();
    assert!(Device::from_bytes(&bytes).is_ok());
    assert!(bytes.len() < 32 * 1024, "{} bytes", bytes.len());
}

#[test]
fn a_key_that_a_wrong_clock_dated_ahead_is_replaced() {
    let mut device = Device::new(NOW.plus(Duration::from_hours(24 * 365)));

    assert!(device.rotate(NOW));
    assert!(!device.rotate(NOW), "once");
    assert_eq!(device.due(), NOW.plus(Device::ROTATION));
}
