//! Which envelopes a recipient takes.

use streembit_identity::{
    AcceptError, Certificate, Envelope, Kind, Purpose, Timestamp, Unverified, Verified, seal,
};

use crate::fixtures::*;

const MINUTE: u64 = 60_000;

#[test]
fn takes_a_timely_envelope_from_a_live_node() {
    let accepted = verified(&text(b"hello"))
        .accept(&certificate(), bob().id(), NOW)
        .unwrap();

    assert_eq!(accepted.body, b"hello");
    assert_eq!(accepted.from, alice().id());
}

#[test]
fn refuses_another_node_of_nobody_knows_whom() {
    let other = Certificate::issue(&alice(), node(9).id(), Purpose::Full, NOW, later(1)).unwrap();

    let verdict = verified(&text(b"")).accept(&other, bob().id(), NOW);

    assert_eq!(verdict.unwrap_err(), AcceptError::WrongNode);
}

#[test]
fn refuses_a_node_that_speaks_for_another_account() {
    let mallory = account(66);
    let stolen =
        Certificate::issue(&mallory, alices_node().id(), Purpose::Full, NOW, later(1)).unwrap();

    let verdict = verified(&text(b"")).accept(&stolen, bob().id(), NOW);

    assert_eq!(verdict.unwrap_err(), AcceptError::WrongAccount);
}

#[test]
fn refuses_certificates_out_of_their_time() {
    let early = Timestamp(NOW.0 - 11 * MINUTE);
    for now in [later(365), later(400), early] {
        let verdict = verified(&text(b"")).accept(&certificate(), bob().id(), now);
        assert_eq!(verdict.unwrap_err(), AcceptError::NotLive);
    }
}

#[test]
fn refuses_what_is_for_somebody_else() {
    let verdict = verified(&text(b"")).accept(&certificate(), account(4).id(), NOW);

    assert_eq!(verdict.unwrap_err(), AcceptError::NotMine);
}

#[test]
fn times_out_requests_and_only_old_messages() {
    let table = [
        (text(b""), NOW.0 + 30 * DAY, Ok(())),
        (text(b""), NOW.0 + 30 * DAY + 1, Err(AcceptError::Old)),
        (text(b""), NOW.0 - 10 * MINUTE, Ok(())),
        (request(), NOW.0 + 29_999, Ok(())),
        (request(), NOW.0 + 30_000, Err(AcceptError::Expired)),
        (request(), NOW.0 - 10 * MINUTE, Ok(())),
    ];
    for (envelope, now, expected) in table {
        let verdict = verified(&envelope).accept(&certificate(), bob().id(), Timestamp(now));
        assert_eq!(
            verdict.map(|_| ()),
            expected,
            "{:?} at {now}",
            envelope.kind
        );
    }
}

#[test]
fn refuses_messages_from_the_future() {
    let mut envelope = text(b"");
    envelope.sent_at = Timestamp(NOW.0 + 10 * MINUTE + 1);

    let verdict = verified(&envelope).accept(&certificate(), bob().id(), NOW);

    assert_eq!(verdict.unwrap_err(), AcceptError::Future);
}

#[test]
fn requests_and_only_requests_expire() {
    let expiries = [None, Some(0), Some(1), Some(30_000), Some(30_001)];
    let good_for_request = [false, false, true, true, false];
    let good_for_stored = [true, false, false, false, false];
    for (kind, good) in [
        (Kind::DeviceRequest, good_for_request),
        (Kind::Text, good_for_stored),
    ] {
        for (expiry, good) in expiries.into_iter().zip(good) {
            let mut envelope = text(b"");
            envelope.kind = kind;
            envelope.expires_at = expiry.map(|millis| Timestamp(NOW.0 + millis));
            assert_eq!(
                seal(&envelope, &HOME, &alices_node()).is_ok(),
                good,
                "{kind:?} {expiry:?}"
            );
        }
    }
}

fn verified(envelope: &Envelope) -> Verified<Envelope> {
    let bytes = seal(envelope, &HOME, &alices_node()).unwrap();
    Unverified::parse(&bytes).unwrap().verify(&HOME).unwrap()
}
