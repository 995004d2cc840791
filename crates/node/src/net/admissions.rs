//! Who came through the door: bounded, and never full for good.
//!
//! Whoever vanishes between the door and the swarm leaves an entry behind that nothing takes away;
//! such entries make room for others.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use streembit_gate::{Admission, RefusalReason, exchange::Session};
use streembit_identity::{Certificate, NodeId};

/// Nodes whose admission is remembered; more than the swarm lets be connected at once.
const MAX_ADMISSIONS: usize = 2_048;
/// How long a connection may take from the door to the swarm, with much to spare.
const ON_THE_WAY: Duration = Duration::from_secs(15);

/// The nodes that came through the door.
#[derive(Debug, Default)]
pub(super) struct Admissions(HashMap<NodeId, Entry>);

#[derive(Debug)]
struct Entry {
    admission: Admission,
    at: Instant,
    session: Session,
    /// Connections that came through the door and are not up yet; some never will be.
    on_the_way: u32,
    /// Whether a connection is up; before, the node may vanish without a trace.
    is_up: bool,
}

impl Admissions {
    /// Notes an admission.
    ///
    /// # Errors
    /// Refuses a node that is connected for another account, and one too many.
    pub(super) fn enter(
        &mut self,
        admission: Admission,
        session: Session,
        now: Instant,
    ) -> Result<(), RefusalReason> {
        let known = self.0.get(&admission.node);
        let is_up = known.is_some_and(|entry| entry.is_up);
        let on_the_way = known.map_or(0, |entry| entry.on_the_way);
        if known.is_some_and(|it| it.is_up && it.admission.account != admission.account) {
            return Err(RefusalReason::BadCertificate);
        }
        if self.0.len() >= MAX_ADMISSIONS && !self.0.contains_key(&admission.node) {
            self.make_room()?;
        }
        let entry = Entry {
            admission,
            at: now,
            session,
            on_the_way: on_the_way.saturating_add(1),
            is_up,
        };
        self.0.insert(entry.admission.node, entry);
        Ok(())
    }

    /// Forgets whoever came in longest ago without a connection that is up.
    fn make_room(&mut self) -> Result<(), RefusalReason> {
        let vanished = self.0.iter().filter(|(_, entry)| !entry.is_up);
        let oldest = vanished
            .min_by_key(|(_, entry)| entry.at)
            .map(|(node, _)| *node);
        let oldest = oldest.ok_or(RefusalReason::Timeout)?;
        self.0.remove(&oldest);
        Ok(())
    }

    /// Notes that a connection to `node` is up.
    pub(super) fn arrived(&mut self, node: &NodeId) {
        if let Some(entry) = self.0.get_mut(node) {
            entry.is_up = true;
            entry.on_the_way = entry.on_the_way.saturating_sub(1);
        }
    }

    /// Returns the certificate with which `node` came in.
    pub(super) fn certificate_of(&self, node: &NodeId) -> Option<Certificate> {
        let entry = self.0.get(node)?;
        Some(entry.admission.certificate.clone())
    }

    /// Returns since when `node` runs, as it said when it came in last.
    pub(super) fn session_of(&self, node: &NodeId) -> Option<Session> {
        Some(self.0.get(node)?.session)
    }

    /// Forgets `node`, whose last connection has ended, unless another has just come through the
    /// door: whoever dials over two transports at once drops the slower, at any moment.
    pub(super) fn forget(&mut self, node: &NodeId, now: Instant) {
        let Some(entry) = self.0.get_mut(node) else {
            return;
        };
        entry.is_up = false;
        if entry.on_the_way == 0 || now.saturating_duration_since(entry.at) > ON_THE_WAY {
            self.0.remove(node);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use streembit_identity::{AccountKey, NodeKey, Purpose, Timestamp};
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn seed(number: u16) -> Zeroizing<[u8; 32]> {
        let mut seed = [9; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        Zeroizing::new(seed)
    }

    fn admission(account: u16, node: u16) -> Admission {
        let account = AccountKey::from_seed(&seed(account));
        let node = NodeKey::from_seed(&seed(node)).id();
        let expires = NOW.plus(Certificate::LIFETIME);
        let certificate = Certificate::issue(&account, node, Purpose::Full, NOW, expires);
        Admission {
            account: account.id(),
            node,
            certificate: certificate.expect("a certificate"),
        }
    }

    #[test]
    fn those_who_vanish_at_the_door_lock_nobody_out() {
        let (mut admissions, start) = (Admissions::default(), Instant::now());
        let connected = admission(0, 0);
        admissions
            .enter(connected.clone(), Session(0), start)
            .expect("room");
        admissions.arrived(&connected.node);

        let passer_by = admission(1, 1);
        for number in 1..=2_100_u16 {
            let later = start + Duration::from_millis(number.into());
            let node = NodeKey::from_seed(&seed(number)).id();
            let entered = admissions.enter(
                Admission {
                    node,
                    ..passer_by.clone()
                },
                Session(0),
                later,
            );
            assert_eq!(entered, Ok(()), "{number}");
        }

        assert!(admissions.0.len() <= MAX_ADMISSIONS);
        assert!(admissions.certificate_of(&connected.node).is_some());
    }

    #[test]
    fn a_connected_node_stays_with_its_account() {
        let (mut admissions, now) = (Admissions::default(), Instant::now());
        let (first, second) = (admission(1, 7), admission(2, 7));
        admissions
            .enter(first.clone(), Session(0), now)
            .expect("room");
        admissions.arrived(&first.node);

        let refused = admissions.enter(second.clone(), Session(0), now);

        assert_eq!(refused, Err(RefusalReason::BadCertificate));
        admissions.forget(&first.node, now);
        let entered = admissions.enter(second, Session(0), now);
        assert_eq!(entered, Ok(()), "after it is gone");
    }

    #[test]
    fn a_connection_that_ends_does_not_take_along_the_one_behind_it_at_the_door() {
        let (mut admissions, now) = (Admissions::default(), Instant::now());
        let guest = admission(1, 7);
        for _transport in ["tcp", "quic"] {
            let entered = admissions.enter(guest.clone(), Session(0), now);
            entered.expect("room");
        }
        admissions.arrived(&guest.node);

        admissions.forget(&guest.node, now);
        assert!(admissions.certificate_of(&guest.node).is_some());

        admissions.arrived(&guest.node);
        admissions.forget(&guest.node, now);
        assert!(admissions.certificate_of(&guest.node).is_none());
    }

    #[test]
    fn whoever_vanished_at_the_door_is_forgotten_with_the_next_that_ends() {
        let (mut admissions, now) = (Admissions::default(), Instant::now());
        let guest = admission(1, 7);
        for _transport in ["tcp", "quic"] {
            let entered = admissions.enter(guest.clone(), Session(0), now);
            entered.expect("room");
        }
        admissions.arrived(&guest.node);

        admissions.forget(&guest.node, now + ON_THE_WAY + Duration::from_secs(1));

        assert!(admissions.certificate_of(&guest.node).is_none());
    }
}
