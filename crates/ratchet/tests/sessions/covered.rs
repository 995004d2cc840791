//! Covers of what lies in a mailbox.

use std::time::Duration;

use streembit_ratchet::{Device, UncoverError, cover};

use crate::support::*;

#[test]
fn a_cover_opens_for_its_node_alone() {
    let (mut bob, mut carol) = (End::new(2), End::new(3));
    for size in [0, 1, 510, 511, 512, 100_000] {
        let envelope = vec![0; size];

        let covered = cover(&bob.keys(), &envelope).unwrap();

        assert_eq!(bob.device.uncover(&covered), Ok(envelope));
        assert_eq!(carol.device.uncover(&covered), Err(UncoverError::Lost));
    }
}

#[test]
fn covers_of_one_envelope_have_nothing_in_common_and_show_nothing_of_it() {
    let bob = End::new(2);
    let envelope = b"signed by alice, and it says so".repeat(4);
    let covers: Vec<Vec<u8>> = (0..2)
        .map(|_| cover(&bob.keys(), &envelope).unwrap())
        .collect();

    let shared = |a: &[u8], b: &[u8]| {
        a.windows(16)
            .any(|window| b.windows(16).any(|other| other == window))
    };
    assert!(!shared(&covers[0], &envelope), "nothing shows");
    let key = bob.keys().fallback;
    let without_key = |cover: &[u8]| {
        let at = cover.windows(32).position(|it| it == key).expect("the key");
        [&cover[..at], &cover[at + 32..]].concat()
    };
    assert!(
        !shared(&without_key(&covers[0]), &without_key(&covers[1])),
        "but the recipient's public key"
    );
}

#[test]
fn the_size_of_a_cover_tells_the_size_of_what_is_inside_only_roughly() {
    let bob = End::new(2);
    let size = |bytes: usize| cover(&bob.keys(), &vec![7; bytes]).unwrap().len();

    assert_eq!(size(600), size(1_000));
    assert!(size(1_100) > size(1_000));
}

#[test]
fn what_is_no_cover_or_was_changed_is_refused() {
    let mut bob = End::new(2);
    let covered = cover(&bob.keys(), b"envelope").unwrap();

    for cut in 0..covered.len() {
        assert!(bob.device.uncover(&covered[..cut]).is_err(), "cut at {cut}");
    }
    for place in 0..covered.len() {
        let mut changed = covered.clone();
        changed[place] ^= 1;
        assert!(bob.device.uncover(&changed).is_err(), "changed at {place}");
    }
    let mut longer = covered.clone();
    longer.push(0);
    assert_eq!(bob.device.uncover(&longer), Err(UncoverError::Malformed));
}

#[test]
fn a_cover_opens_after_five_weeks_less_a_moment_and_then_no_more() {
    let mut bob = End::new(2);
    let covered = cover(&bob.keys(), b"envelope").unwrap();

    bob.device
        .rotate(NOW.plus(Device::KEPT - Duration::from_secs(1)));
    assert!(bob.device.uncover(&covered).is_ok());
    bob.device.rotate(NOW.plus(Device::KEPT));
    assert_eq!(bob.device.uncover(&covered), Err(UncoverError::Lost));
}
