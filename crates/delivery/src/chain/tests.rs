use streembit_identity::{AccountKey, NodeKey, Timestamp};

use super::*;

fn hash(n: u8) -> LinkHash {
    LinkHash::from_bytes([n; 32])
}

fn tail(sequence: u32) -> Option<Tail> {
    Some(Tail {
        sequence,
        hash: hash(1),
    })
}

fn link(sequence: u32, previous: u8) -> Link {
    Link {
        sequence,
        previous: Some(hash(previous)),
    }
}

fn chain(node: u8) -> Chain {
    let account = |n: u8| AccountKey::from_seed(&[n; 32].into()).id();
    Chain {
        network: NetworkId::PUBLIC,
        from: account(1),
        node: NodeKey::from_seed(&[node; 32].into()).id(),
        to: account(2).into(),
    }
}

#[test]
fn the_hash_depends_on_chain_id_and_words() {
    let id = MessageId::new(Timestamp(1), [7; 10]);
    let other = MessageId::new(Timestamp(1), [8; 10]);
    let hash = chain(1).hash(id, b"hello");

    assert_eq!(hash, chain(1).hash(id, b"hello"), "however often it goes");
    assert_ne!(hash, chain(1).hash(id, b"hellO"));
    assert_ne!(hash, chain(1).hash(other, b"hello"));
    assert_ne!(hash, chain(2).hash(id, b"hello"));
}

#[test]
fn each_text_names_the_one_before_it() {
    let first = Link::after(None).unwrap();
    assert_eq!((first.sequence, first.previous), (1, None));

    let next = Link::after(tail(41)).unwrap();
    assert_eq!((next.sequence, next.previous), (42, Some(hash(1))));
    assert_eq!(Link::after(tail(u32::MAX)), None);
}

#[test]
fn only_the_first_text_has_none_before_it() {
    let without = |sequence| Link {
        sequence,
        previous: None,
    };

    assert!(without(1).is_sound() && link(2, 1).is_sound());
    assert!(!without(2).is_sound() && !link(1, 1).is_sound() && !without(0).is_sound());
}

#[test]
fn what_follows_goes_to_the_end_and_what_is_missing_is_counted() {
    assert_eq!(link(8, 1).at_end(tail(7)), Some(Place::End { missing: 0 }));
    assert_eq!(link(11, 9).at_end(tail(7)), Some(Place::End { missing: 3 }));
    assert_eq!(link(7, 1).at_end(tail(7)), None, "it comes late");
    assert_eq!(link(3, 1).at_end(tail(7)), None);
}

#[test]
fn a_text_that_names_another_before_it_is_no_silent_successor() {
    let conflict = Some(Place::Conflict { is_tail: true });

    assert_eq!(link(8, 2).at_end(tail(7)), conflict);
    assert_eq!(link(8 + MAX_MISSING + 1, 9).at_end(tail(7)), conflict);
}

#[test]
fn a_chain_begins_with_one_unless_it_is_met_far_on() {
    let at_end = |sequence| link(sequence, 9).at_end(None);

    assert_eq!(at_end(1), Some(Place::End { missing: 0 }));
    assert_eq!(at_end(3), Some(Place::End { missing: 2 }));
    assert_eq!(at_end(MAX_FIRST), Some(Place::End { missing: 63 }));
    assert_eq!(at_end(MAX_FIRST + 1), Some(Place::End { missing: 0 }));
}

#[test]
fn what_was_missing_goes_before_the_text_that_showed_it() {
    let around = Around {
        is_taken: false,
        before: None,
        later: Some(Later {
            sequence: 10,
            previous: Some(hash(9)),
            missing: 4,
        }),
    };

    let place = |sequence, own| link(sequence, 5).in_between(hash(own), around);
    assert_eq!(
        place(7, 7),
        Place::Before {
            distance: 3,
            missing: 1
        }
    );
    assert_eq!(
        place(9, 9),
        Place::Before {
            distance: 1,
            missing: 3
        }
    );
    assert_eq!(
        place(9, 8),
        Place::Conflict { is_tail: false },
        "the next one names another"
    );
}

#[test]
fn what_was_missing_has_to_follow_the_one_before_it() {
    let around = Around {
        before: Some(hash(6)),
        later: Some(Later {
            sequence: 10,
            previous: None,
            missing: 3,
        }),
        ..Around::default()
    };

    assert_eq!(
        link(7, 6).in_between(hash(7), around),
        Place::Before {
            distance: 3,
            missing: 0
        }
    );
    assert_eq!(
        link(7, 5).in_between(hash(7), around),
        Place::Conflict { is_tail: false }
    );
}

#[test]
fn two_texts_with_one_number_contradict_each_other() {
    let around = Around {
        is_taken: true,
        ..Around::default()
    };

    assert_eq!(
        link(7, 6).in_between(hash(7), around),
        Place::Conflict { is_tail: false }
    );
}

#[test]
fn without_the_texts_around_it_a_late_one_stands_apart() {
    assert_eq!(
        link(7, 6).in_between(hash(7), Around::default()),
        Place::Apart
    );
}
