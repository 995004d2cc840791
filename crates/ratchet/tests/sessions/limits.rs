//! How much disorder a session bears, and what happens beyond.

use std::collections::BTreeSet;

use streembit_ratchet::OpenError;

use crate::support::*;

/// Envelopes that a node sends to another before one was answered (`streembit_delivery::WINDOW`).
const WINDOW: u32 = 16;

#[test]
fn a_thousand_ratchet_steps_out_of_order() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let (to_bob, to_alice) = (route(&alice, &bob), route(&bob, &alice));
    let mut dice = Dice::new(1);
    let mut number = 0;
    let mut sessions = BTreeSet::new();

    for _ in 0..1_000 {
        let mut bursts = (Vec::new(), Vec::new());
        for _ in 0..=dice.below(WINDOW as usize / 4) {
            number += 1;
            let plain = inside(to_bob, number).to_bytes();
            bursts.0.push((number, alice.seals(&bob.keys(), &plain)));
            let plain = inside(to_alice, number).to_bytes();
            bursts.1.push((number, bob.seals(&alice.keys(), &plain)));
        }
        dice.shuffle(&mut bursts.0);
        dice.shuffle(&mut bursts.1);
        for (number, sealed) in bursts.0 {
            sessions.insert(sealed.session);
            let plain = bob.opens(&alice.keys(), &sealed).unwrap();
            assert!(read(&plain, &to_bob, number).is_ok());
        }
        for (number, sealed) in bursts.1 {
            let plain = alice.opens(&bob.keys(), &sealed).unwrap();
            assert!(read(&plain, &to_alice, number).is_ok());
        }
    }

    assert!(sessions.len() <= 2, "nobody had to begin anew");
}

#[test]
fn a_whole_window_may_come_backwards() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let window: Vec<_> = (0..WINDOW)
        .map(|_| alice.seals(&bob.keys(), b"hello"))
        .collect();

    for sealed in window.iter().rev() {
        assert!(bob.opens(&alice.keys(), sealed).is_ok());
    }
}

#[test]
fn more_than_forty_skipped_messages_lose_the_oldest_and_nothing_else() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let sent: Vec<_> = (0..42)
        .map(|_| alice.seals(&bob.keys(), b"hello"))
        .collect();
    assert!(bob.opens(&alice.keys(), &sent[41]).is_ok());

    assert_eq!(bob.opens(&alice.keys(), &sent[0]), Err(OpenError::Lost));
    for sealed in &sent[1..41] {
        assert!(bob.opens(&alice.keys(), sealed).is_ok());
    }
}

#[test]
fn a_message_from_more_than_five_turns_ago_is_lost() {
    let (mut alice, mut bob) = (End::new(1), End::new(2));
    let first = alice.seals(&bob.keys(), b"first");
    bob.opens(&alice.keys(), &first).unwrap();
    let answer = bob.seals(&alice.keys(), b"answer");
    alice.opens(&bob.keys(), &answer).unwrap();
    let held_up = alice.seals(&bob.keys(), b"held up");

    for _ in 0..6 {
        let there = alice.seals(&bob.keys(), b"there");
        bob.opens(&alice.keys(), &there).unwrap();
        let back = bob.seals(&alice.keys(), b"and back");
        alice.opens(&bob.keys(), &back).unwrap();
    }

    assert_eq!(bob.opens(&alice.keys(), &held_up), Err(OpenError::Lost));
    let next = alice.seals(&bob.keys(), b"next");
    assert_eq!(
        bob.opens(&alice.keys(), &next).unwrap(),
        b"next",
        "the session goes on"
    );
}
