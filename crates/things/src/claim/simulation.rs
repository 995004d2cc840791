//! Both sides through every order of loss and power cuts: in the end both hold the claim or neither.

use proptest::prelude::*;
use streembit_identity::{AccountId, LinkSecret, Timestamp};

use super::*;
use crate::testing::account;

const SECRET: [u8; 16] = [42; 16];

/// What happens to one exchange of messages.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// Request and answer arrive.
    Fine,
    /// The request is lost.
    LostRequest,
    /// The answer is lost.
    LostAnswer,
    /// The host loses power after it persisted.
    HostCut,
    /// The claimer loses power before the answer arrives.
    ClaimerCut,
    /// Minutes pass first.
    Delay,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        3 => Just(Fate::Fine),
        1 => Just(Fate::LostRequest),
        1 => Just(Fate::LostAnswer),
        1 => Just(Fate::HostCut),
        1 => Just(Fate::ClaimerCut),
        1 => Just(Fate::Delay),
    ]
}

/// A host with what it has on disk.
struct Host {
    window: ClaimWindow,
    disk: Option<(AccountId, Attempt)>,
}

impl Host {
    fn start(disk: Option<(AccountId, Attempt)>, now: Timestamp) -> Self {
        let window = match disk {
            Some((owner, _)) => ClaimWindow::confirming(account(1), owner),
            None => ClaimWindow::open(account(1), LinkSecret::from_bytes(SECRET), now, OPEN),
        };
        Self { window, disk }
    }

    fn commit(&mut self, from: AccountId, attempt: Attempt, now: Timestamp) -> ClaimDone {
        match self.window.commit(from, attempt, now) {
            Ok(true) => {
                self.disk = Some((from, attempt));
                self.window.committed(from, attempt);
                ClaimDone::Done(attempt, Vec::new())
            }
            Ok(false) => ClaimDone::Done(attempt, Vec::new()),
            Err(refusal) => ClaimDone::Refused(refusal),
        }
    }
}

/// A claimer with what it has on disk.
#[derive(Default)]
struct Alice {
    pending: Option<Attempt>,
    is_reserved: bool,
    owned: Option<Attempt>,
    tried: u8,
}

/// One step of Alice towards the host.
fn step(alice: &mut Alice, host: &mut Host, fate: Fate, now: &mut Timestamp) {
    let me = account(2);
    if let Fate::Delay = fate {
        *now = now.plus(std::time::Duration::from_secs(100));
    }
    if alice.owned.is_some() || matches!(fate, Fate::LostRequest) {
        return;
    }
    let Some(attempt) = alice.pending.filter(|_| alice.is_reserved) else {
        return ask(alice, host, fate, *now);
    };
    let answer = host.commit(me, attempt, *now);
    if let Fate::HostCut = fate {
        *host = Host::start(host.disk, *now);
    }
    if matches!(fate, Fate::LostAnswer | Fate::HostCut | Fate::ClaimerCut) {
        return;
    }
    match Claimer::new(me, account(1), attempt).answer(&encode(&answer)) {
        Some(ClaimAnswer::Done(_)) => alice.owned = alice.pending.take(),
        Some(ClaimAnswer::Never(_)) => (alice.pending, alice.is_reserved) = (None, false),
        None => panic!("an answer that is none: {answer:?}"),
    }
}

/// The first exchange; a cut before the commit was persisted leaves nothing.
fn ask(alice: &mut Alice, host: &mut Host, fate: Fate, now: Timestamp) {
    alice.tried += 1;
    let attempt = Attempt([alice.tried; 16].into());
    let claimer = Claimer::new(account(2), account(1), attempt);
    let wish = claimer.request(&LinkSecret::from_bytes(SECRET), "Alice".parse().unwrap());
    let is_reserved = host.window.request(account(2), &wish, now).is_ok();
    if let Fate::HostCut = fate {
        *host = Host::start(host.disk, now);
    }
    if is_reserved && !matches!(fate, Fate::LostAnswer | Fate::ClaimerCut) {
        (alice.pending, alice.is_reserved) = (Some(attempt), true);
    }
}

proptest! {
    #[test]
    fn both_hold_the_claim_or_neither(fates in prop::collection::vec(fate(), 0..24)) {
        let mut now = Timestamp(1_000_000);
        let (mut alice, mut host) = (Alice::default(), Host::start(None, now));

        for fate in fates {
            step(&mut alice, &mut host, fate, &mut now);
            prop_assert!(alice.owned.is_none() || host.disk.is_some(), "never Alice alone");
        }
        // The wire is good again: whoever has something unfinished finishes it.
        if alice.pending.is_some() {
            step(&mut alice, &mut host, Fate::Fine, &mut now);
        }

        prop_assert_eq!(host.disk.map(|(_, attempt)| attempt), alice.owned);
    }
}
