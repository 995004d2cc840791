use serde_json::json;

use super::*;
use crate::testing::lamp_url;

fn reading(value: i64) -> Reading {
    Reading {
        reported: Some(json!(value)),
        ..Reading::default()
    }
}

fn observing() -> HostSession {
    let mut session = HostSession::default();
    session.observe(&lamp_url(), None, true).unwrap();
    session.subscribe(&lamp_url(), None, true).unwrap();
    session
}

fn sent(turn: Turn) -> Vec<Notification> {
    match turn {
        Turn::Send(batch) => batch,
        Turn::Idle | Turn::Wait(_) => panic!("nothing to send: {turn:?}"),
    }
}

#[test]
fn tells_nothing_that_nobody_observes() {
    let mut session = HostSession::default();

    session.changed(&lamp_url(), "on", &reading(1));
    session.happened(&lamp_url(), "overheated", &json!(null), Timestamp(1));

    assert_eq!(session.turn(Timestamp(1)), Turn::Idle);
}

#[test]
fn coalesces_properties_and_never_events() {
    let mut session = observing();
    for value in 0..10 {
        session.changed(&lamp_url(), "level", &reading(value));
        session.happened(&lamp_url(), "pressed", &json!(value), Timestamp(1));
    }

    let batch = sent(session.turn(Timestamp(1)));

    let levels: Vec<_> = batch
        .iter()
        .filter(|one| one.operation == Operation::ObserveProperty)
        .collect();
    assert_eq!(levels.len(), 1);
    assert_eq!(levels[0].state.value, Some(json!(9)), "the last one wins");
    assert_eq!(batch.len(), 11);
}

#[test]
fn sends_one_batch_at_a_time_and_paced() {
    let mut session = observing();
    session.changed(&lamp_url(), "level", &reading(1));
    sent(session.turn(Timestamp(100)));
    session.changed(&lamp_url(), "level", &reading(2));

    assert_eq!(
        session.turn(Timestamp(500)),
        Turn::Idle,
        "the first has not arrived"
    );
    session.delivered();
    assert_eq!(session.turn(Timestamp(120)), Turn::Wait(Timestamp(150)));
    assert_eq!(sent(session.turn(Timestamp(150)))[0].number, 2);
}

#[test]
fn says_so_when_it_lost_something() {
    let mut session = observing();
    for _ in 0..=MAX_EVENTS {
        session.happened(&lamp_url(), "pressed", &json!(1), Timestamp(1));
    }

    let batch = sent(session.turn(Timestamp(1)));

    assert_eq!(batch[0].operation, Operation::Resync);
}

#[test]
fn revoking_drops_what_waits() {
    let mut session = observing();
    session.changed(&lamp_url(), "level", &reading(1));
    session.happened(&lamp_url(), "pressed", &json!(1), Timestamp(1));

    session.retain(|_| false);

    assert_eq!(session.turn(Timestamp(1)), Turn::Idle);
    assert!(!session.observes(&lamp_url()));
}
