//! The host's side: a window of time in which one claimer may take it.

use std::collections::VecDeque;
use std::time::Duration;

use streembit_identity::{AccountId, LinkSecret, Timestamp, is_proof};

use super::message::{Attempt, ClaimRefusal, ClaimRequest};

/// How long a window is open unless it is said otherwise.
pub const OPEN: Duration = Duration::from_secs(5 * 60);

/// The shortest window.
pub const MIN_OPEN: Duration = Duration::from_secs(3 * 60);

/// The longest window.
pub const MAX_OPEN: Duration = Duration::from_secs(15 * 60);

/// How long a host is reserved for whoever proved the secret.
const RESERVED: Duration = Duration::from_secs(60);

/// Wrong attempts within a minute that are told so.
const PER_MINUTE: usize = 5;

/// Wrong attempts in all that are told so.
const IN_ALL: u32 = 20;

/// Who is about to claim.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Candidate {
    account: AccountId,
    attempt: Attempt,
    until: Timestamp,
}

/// Where the window stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// Nobody came yet, or the last one did not finish.
    Waiting,
    /// One claimer proved the secret.
    Reserved(Candidate),
    /// The claim is persisted; only its attempt is answered, after a restart any of its owner's.
    Committed {
        owner: AccountId,
        attempt: Option<Attempt>,
    },
}

/// A host's claim window.
#[derive(Debug)]
pub struct ClaimWindow {
    host: AccountId,
    secret: LinkSecret,
    closes_at: Timestamp,
    /// When the last wrong attempts came, at most [`PER_MINUTE`].
    recent: VecDeque<Timestamp>,
    wrong: u32,
    state: State,
}

impl ClaimWindow {
    /// Opens a window for a host that nobody owns; the time is held within its bounds.
    pub fn open(host: AccountId, secret: LinkSecret, now: Timestamp, open: Duration) -> Self {
        let closes_at = now.plus(open.clamp(MIN_OPEN, MAX_OPEN));
        let (recent, state) = (VecDeque::new(), State::Waiting);
        Self {
            host,
            secret,
            closes_at,
            recent,
            wrong: 0,
            state,
        }
    }

    /// Opens a window in which only `owner` may learn again that the host is its own.
    ///
    /// An owner begins no second attempt before the first is decided, so it needs no telling apart.
    pub fn confirming(host: AccountId, owner: AccountId) -> Self {
        Self {
            host,
            secret: LinkSecret::from_bytes([0; 16]),
            closes_at: Timestamp(u64::MAX),
            recent: VecDeque::new(),
            wrong: 0,
            state: State::Committed {
                owner,
                attempt: None,
            },
        }
    }

    /// When it closes by itself.
    pub fn closes_at(&self) -> Timestamp {
        self.closes_at
    }

    /// Says whether a new claimer could come in.
    pub fn is_open(&self, now: Timestamp) -> bool {
        match self.state {
            State::Waiting | State::Reserved(_) => now < self.closes_at,
            State::Committed { .. } => false,
        }
    }

    /// Hears the wish of `from` and reserves the host for it.
    ///
    /// Whoever proves the secret is heard whatever others tried: with 128 bits to guess, limits on
    /// the right ones would only let outsiders shut the window.
    ///
    /// # Errors
    /// Says why not; a wrong secret tells nothing else.
    pub fn request(
        &mut self,
        from: AccountId,
        wish: &ClaimRequest,
        now: Timestamp,
    ) -> Result<(), ClaimRefusal> {
        self.check_open(now)?;
        if !is_proof(wish.proof.as_slice(), &self.secret, from, self.host) {
            return Err(self.on_wrong(now));
        }
        if let State::Reserved(other) = self.state
            && other.account != from
            && now < other.until
        {
            return Err(ClaimRefusal::Busy);
        }
        let until = now.plus(RESERVED);
        self.state = State::Reserved(Candidate {
            account: from,
            attempt: wish.attempt,
            until,
        });
        Ok(())
    }

    /// Says what to do with a commit: persist it, then call [`Self::committed`].
    ///
    /// `Ok(false)` means that this very attempt was committed before and is only to be confirmed.
    ///
    /// # Errors
    /// Says why not; the attempt can then never be committed.
    pub fn commit(
        &mut self,
        from: AccountId,
        attempt: Attempt,
        now: Timestamp,
    ) -> Result<bool, ClaimRefusal> {
        match self.state {
            State::Committed {
                owner,
                attempt: known,
            } if owner == from && known.is_none_or(|known| known == attempt) => Ok(false),
            State::Committed { .. } => Err(ClaimRefusal::Claimed),
            State::Reserved(candidate)
                if candidate.account == from
                    && candidate.attempt == attempt
                    && now < candidate.until =>
            {
                Ok(true)
            }
            State::Reserved(candidate) if candidate.account == from => {
                self.state = State::Waiting;
                Err(ClaimRefusal::Unknown)
            }
            State::Reserved(_) | State::Waiting => Err(ClaimRefusal::Unknown),
        }
    }

    /// The claim is persisted.
    pub fn committed(&mut self, owner: AccountId, attempt: Attempt) {
        self.state = State::Committed {
            owner,
            attempt: Some(attempt),
        };
    }

    /// The claim could not be persisted, or was not valid: the attempt is over.
    pub fn abandoned(&mut self) {
        if let State::Reserved(_) = self.state {
            self.state = State::Waiting;
        }
    }

    fn check_open(&self, now: Timestamp) -> Result<(), ClaimRefusal> {
        match self.state {
            State::Committed { .. } => Err(ClaimRefusal::Claimed),
            State::Waiting | State::Reserved(_) if now < self.closes_at => Ok(()),
            State::Waiting | State::Reserved(_) => Err(ClaimRefusal::Closed),
        }
    }

    /// A guess costs the guesser time; after some the answer does not even say that it was one.
    fn on_wrong(&mut self, now: Timestamp) -> ClaimRefusal {
        let minute = Duration::from_secs(60);
        self.recent.retain(|at| now.since(*at) < minute);
        if self.wrong >= IN_ALL || self.recent.len() >= PER_MINUTE {
            return ClaimRefusal::TooMany;
        }
        self.wrong += 1;
        self.recent.push_back(now);
        ClaimRefusal::WrongSecret
    }
}

#[cfg(test)]
mod tests {
    use streembit_identity::prove;

    use super::*;
    use crate::testing::account;

    const NOW: Timestamp = Timestamp(1_000_000);
    const SECRET: [u8; 16] = [42; 16];

    fn window() -> ClaimWindow {
        ClaimWindow::open(account(1), LinkSecret::from_bytes(SECRET), NOW, OPEN)
    }

    fn wish(from: AccountId, secret: [u8; 16], attempt: u8) -> ClaimRequest {
        ClaimRequest {
            attempt: tried(attempt),
            proof: prove(&LinkSecret::from_bytes(secret), from, account(1)).into(),
            name: "Alice".parse().unwrap(),
        }
    }

    fn tried(attempt: u8) -> Attempt {
        Attempt([attempt; 16].into())
    }

    #[test]
    fn one_claimer_becomes_owner_once() {
        let (mut window, alice, bob) = (window(), account(2), account(3));
        window.request(alice, &wish(alice, SECRET, 1), NOW).unwrap();

        assert_eq!(
            window.request(bob, &wish(bob, SECRET, 2), NOW),
            Err(ClaimRefusal::Busy)
        );
        assert_eq!(
            window.commit(bob, tried(2), NOW),
            Err(ClaimRefusal::Unknown)
        );
        assert_eq!(window.commit(alice, tried(1), NOW), Ok(true));
        window.committed(alice, tried(1));
        assert_eq!(
            window.commit(alice, tried(1), NOW),
            Ok(false),
            "confirmed again"
        );
        assert_eq!(
            window.commit(alice, tried(2), NOW),
            Err(ClaimRefusal::Claimed)
        );
        assert_eq!(
            window.request(bob, &wish(bob, SECRET, 2), NOW),
            Err(ClaimRefusal::Claimed)
        );
        assert!(!window.is_open(NOW), "the code works once");
    }

    #[test]
    fn proof_is_bound_to_the_claimer() {
        let (mut window, alice, bob) = (window(), account(2), account(3));

        let stolen = window.request(bob, &wish(alice, SECRET, 1), NOW);

        assert_eq!(stolen, Err(ClaimRefusal::WrongSecret));
    }

    #[test]
    fn guessing_is_slowed_and_then_not_answered() {
        let (mut window, eve) = (window(), account(2));
        let mut told = 0;
        for second in 0..290 {
            let at = NOW.plus(Duration::from_secs(second));
            match window.request(eve, &wish(eve, [0; 16], 1), at) {
                Err(ClaimRefusal::WrongSecret) => told += 1,
                answer => assert_eq!(answer, Err(ClaimRefusal::TooMany)),
            }
        }
        assert_eq!(told, 20, "five a minute, twenty in all");
    }

    #[test]
    fn guesses_of_others_do_not_shut_out_who_has_the_code() {
        let (mut window, alice, eve) = (window(), account(2), account(3));
        for _ in 0..1_000 {
            let _ = window.request(eve, &wish(eve, [0; 16], 1), NOW);
        }

        assert_eq!(window.request(alice, &wish(alice, SECRET, 1), NOW), Ok(()));
        assert_eq!(window.commit(alice, tried(1), NOW), Ok(true));
    }

    #[test]
    fn closes_in_time_and_frees_itself_from_the_idle() {
        let (mut window, alice, bob) = (window(), account(2), account(3));
        window.request(alice, &wish(alice, SECRET, 1), NOW).unwrap();
        let later = NOW.plus(RESERVED);

        assert!(
            window.request(bob, &wish(bob, SECRET, 2), later).is_ok(),
            "Alice was too slow"
        );
        assert_eq!(
            window.commit(alice, tried(1), later),
            Err(ClaimRefusal::Unknown)
        );
        let closed = window.closes_at();
        assert_eq!(
            window.request(bob, &wish(bob, SECRET, 3), closed),
            Err(ClaimRefusal::Closed)
        );
    }
}
