//! The exchange that every connection begins with: who is at the other end, and what each lacks.
//!
//! Sans-I/O: frames and time in, actions out. The transport has proved the remote node's key
//! before. The dialer speaks first; whoever is not admitted gets one short frame and nothing else.
//! The private network's operations pass between members only, and count only once verified.
//!
//! ```text
//! dialer                         listener
//! Hello                   ->     is the dialer admitted?
//!                         <-     Hello, then `parts` times Learn
//! is the listener admitted?
//! Learn, `left` down to 0 ->     is the dialer still admitted?      (unless both know the same)
//!                         <-     Admitted
//! ```
//!
//! Whoever holds a one-time invite says `Redeem` instead of `Hello`. The exchange then ends with
//! `Redeemed` or `Refused` and so does the connection: nobody is admitted by an invite, only listed.

mod frame;
mod redeem;
mod share;

use std::sync::Arc;

use minicbor::bytes::ByteVec;
use streembit_identity::{AccountId, Certificate, NetworkId, NodeId, Timestamp};

use self::frame::{Frame, Hello, Learn};
pub use self::redeem::{Redeeming, Ticket};
use self::share::{Inventory, Learned};
use crate::{Admission, Certificates, Freshness, Ledger, RefusalReason, Rules};

/// Largest frame, in bytes.
pub const MAX_FRAME_BYTES: usize = 512 * 1024;

/// Most frames that one side sends.
pub const MAX_FRAMES: usize = 10;

/// Most frames that carry what the other side lacks.
const MAX_PARTS: u8 = 8;

/// A number that a node draws when a network of its begins to run.
///
/// Another one than before says that the node has started anew, and that connections to it from
/// before are dead, whatever they look like.
#[derive(Clone, Copy, Debug, Eq, PartialEq, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct Session(#[n(0)] pub u64);

/// What this node brings to an exchange.
#[derive(Clone, Debug)]
pub struct Local {
    /// The network.
    pub network: NetworkId,
    /// This node's certificate.
    pub certificate: Vec<u8>,
    /// Whom it admits.
    pub rules: Arc<Rules>,
    /// The operations of a private network.
    pub ledger: Option<Arc<Ledger>>,
    /// The nodes of its members.
    pub certificates: Arc<Certificates>,
    /// How recently its members were confirmed.
    pub freshness: Arc<Freshness>,
    /// The latest time that a statement may bear.
    pub latest: Timestamp,
    /// Since when this node runs.
    pub session: Session,
    /// The node at the other end, as the transport proved it.
    pub remote: NodeId,
}

/// What to do next. After `Admit`, `Refuse`, `Refused` or `Redeemed` the exchange is over.
#[derive(Clone, Debug, Eq, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one a connection, taken apart at once"
)]
pub enum Action {
    /// Send a frame.
    Send(Vec<u8>),
    /// Keep what was learned, all of it verified, in this order.
    Learn {
        /// Operations.
        operations: Vec<Vec<u8>>,
        /// Certificates of members' nodes.
        certificates: Vec<Vec<u8>>,
        /// Revocations of members' nodes.
        revocations: Vec<Vec<u8>>,
        /// A newer statement than the one that was known.
        statement: Option<Vec<u8>>,
    },
    /// Let the connection be.
    Admit(Admission),
    /// Close the connection, after sending what was to be sent.
    Refuse(RefusalReason),
    /// Close the connection: the other side refused it.
    Refused(RefusalReason),
    /// Decide on an invite, and go on with [`Exchange::redeemed`].
    Redeem(Box<Redeeming>),
    /// Close the connection, after sending what was to be sent: the invite has served.
    Redeemed,
}

/// One side of the exchange on one connection.
#[derive(Debug)]
pub struct Exchange {
    local: Local,
    state: State,
    frames: usize,
    /// Whom the other side's certificate proved, admitted or not.
    account: Option<AccountId>,
    session: Option<Session>,
}

#[derive(Debug)]
enum State {
    /// The dialer, before the first frame.
    Dialing,
    /// The dialer, waiting for the listener's answer.
    Greeting,
    /// The dialer with an invite, before the first frame.
    Bearing(Box<Ticket>),
    /// The dialer, waiting for what becomes of its invite.
    Redeeming,
    /// The listener, waiting for the first frame.
    Listening,
    /// The listener, waiting for its own node to decide on an invite.
    Deciding,
    /// Either side, taking in what the other one knows.
    Learning {
        peer: Box<Peer>,
        left: u8,
        learned: Box<Learned>,
    },
    /// The dialer, waiting for the listener's last word.
    Admitting(Box<Admission>),
    Over,
}

#[derive(Debug)]
struct Peer {
    certificate: Certificate,
    hello: Hello,
    is_listener: bool,
}

impl Exchange {
    /// Begins the exchange on a connection that this node opened.
    pub const fn dialer(local: Local) -> Self {
        Self {
            local,
            state: State::Dialing,
            frames: 0,
            account: None,
            session: None,
        }
    }

    /// Begins the exchange on a connection that the other node opened.
    pub const fn listener(local: Local) -> Self {
        Self {
            local,
            state: State::Listening,
            frames: 0,
            account: None,
            session: None,
        }
    }

    /// Returns whom the other side's certificate proved, admitted or not.
    pub const fn remote_account(&self) -> Option<AccountId> {
        self.account
    }

    /// Returns since when the other side runs, once its certificate has proved whose node it is.
    pub const fn remote_session(&self) -> Option<Session> {
        self.session
    }

    /// Returns what to do before any frame has come.
    pub fn start(&mut self) -> Vec<Action> {
        if !matches!(self.state, State::Dialing | State::Bearing(_)) {
            return Vec::new();
        }
        if !self.local.rules.may_dial(self.local.remote) {
            return self.refuse_silently(RefusalReason::NotListed);
        }
        let state = std::mem::replace(&mut self.state, State::Greeting);
        let first = if let State::Bearing(ticket) = state {
            self.present(*ticket)
        } else {
            Frame::Hello(self.hello(0, false))
        };
        vec![Action::Send(first.to_bytes())]
    }

    /// Returns what to do when the deadline of the exchange is over.
    pub fn expire(&mut self) -> Vec<Action> {
        if matches!(self.state, State::Over) {
            Vec::new()
        } else {
            self.refuse_silently(RefusalReason::Timeout)
        }
    }

    /// Takes a frame of the other side and returns what to do.
    pub fn on_frame(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Action> {
        if matches!(self.state, State::Over) {
            return Vec::new();
        }
        self.frames += 1;
        if self.frames > MAX_FRAMES {
            return self.refuse(RefusalReason::BadFrame);
        }
        let frame = match Frame::parse(bytes) {
            Ok(frame) => frame,
            Err(reason) => return self.refuse(reason),
        };
        let state = std::mem::replace(&mut self.state, State::Over);
        let answer = match (state, frame) {
            (
                State::Greeting | State::Redeeming | State::Learning { .. } | State::Admitting(_),
                Frame::Refused(reason),
            ) => {
                return vec![Action::Refused(reason)];
            }
            (State::Listening, Frame::Hello(hello)) => self.on_dialer(hello, now),
            (State::Listening, Frame::Redeem(redeem)) => self.on_redeem(&redeem, now),
            (State::Redeeming, Frame::Redeemed) => Ok(vec![Action::Redeemed]),
            (State::Greeting, Frame::Hello(hello)) => self.on_listener(hello, now),
            (
                State::Learning {
                    peer,
                    left,
                    learned,
                },
                Frame::Learn(learn),
            ) => self.on_learn(peer, left, learned, learn, now),
            (State::Admitting(admission), Frame::Admitted) => {
                let fresh = self.local.rules.check_fresh(now);
                fresh.map(|()| vec![Action::Admit(*admission)])
            }
            (
                State::Dialing
                | State::Bearing(_)
                | State::Redeeming
                | State::Listening
                | State::Deciding
                | State::Greeting
                | State::Learning { .. }
                | State::Admitting(_)
                | State::Over,
                Frame::Hello(_)
                | Frame::Learn(_)
                | Frame::Admitted
                | Frame::Refused(_)
                | Frame::Redeem(_)
                | Frame::Redeemed,
            ) => Err(RefusalReason::BadFrame),
        };
        answer.unwrap_or_else(|reason| self.refuse(reason))
    }

    /// The listener decides on the dialer before it says a word of its own.
    fn on_dialer(&mut self, hello: Hello, now: Timestamp) -> Result<Vec<Action>, RefusalReason> {
        let certificate = self.check_hello(&hello)?;
        let mut learned = Learned::default();
        if let Some(bytes) = &hello.appointment {
            learned.merge_appointment(&mut self.local, certificate.account(), bytes);
        }
        let admission = self.local.rules.admit(&certificate, now)?;

        let mine = Inventory::of(&self.local);
        let parts = mine.missing_for(&hello, MAX_PARTS);
        let is_settled = mine.covers(&hello);
        let count = u8::try_from(parts.len()).unwrap_or(MAX_PARTS);
        let mut actions = vec![Action::Send(
            Frame::Hello(self.hello(count, is_settled)).to_bytes(),
        )];
        actions.extend(
            parts
                .into_iter()
                .map(|part| Action::Send(Frame::Learn(part).to_bytes())),
        );
        if is_settled {
            learned.merge_certificate(&mut self.local, &certificate, now);
            actions.extend(learned.into_action());
            match self.local.rules.check_fresh(now) {
                Ok(()) => actions.push(Action::Admit(admission)),
                Err(reason) => actions.extend(self.refuse(reason)),
            }
        } else {
            let peer = Box::new(Peer {
                certificate,
                hello,
                is_listener: false,
            });
            self.state = State::Learning {
                peer,
                left: MAX_PARTS,
                learned: Box::new(learned),
            };
        }
        Ok(actions)
    }

    /// The dialer hears what the listener knows before it decides: it may have been away for long.
    fn on_listener(&mut self, hello: Hello, now: Timestamp) -> Result<Vec<Action>, RefusalReason> {
        let certificate = self.check_hello(&hello)?;
        if hello.parts > MAX_PARTS {
            return Err(RefusalReason::BadFrame);
        }
        let left = hello.parts;
        let peer = Box::new(Peer {
            certificate,
            hello,
            is_listener: true,
        });
        if left == 0 {
            return self.on_all_learned(&peer, Box::default(), now);
        }
        self.state = State::Learning {
            peer,
            left,
            learned: Box::default(),
        };
        Ok(Vec::new())
    }

    fn on_learn(
        &mut self,
        peer: Box<Peer>,
        left: u8,
        mut learned: Box<Learned>,
        learn: Learn,
        now: Timestamp,
    ) -> Result<Vec<Action>, RefusalReason> {
        if learn.left >= left || (peer.is_listener && learn.left + 1 != left) {
            return Err(RefusalReason::BadFrame);
        }
        let left = learn.left;
        learned.merge(&self.local, learn, now)?;
        if left > 0 {
            self.state = State::Learning {
                peer,
                left,
                learned,
            };
            return Ok(Vec::new());
        }
        self.on_all_learned(&peer, learned, now)
    }

    /// Decides with everything in view that either side knows.
    fn on_all_learned(
        &mut self,
        peer: &Peer,
        mut learned: Box<Learned>,
        now: Timestamp,
    ) -> Result<Vec<Action>, RefusalReason> {
        learned.apply(&mut self.local);
        let rules = Arc::clone(&self.local.rules);
        // The dialer still hands over what it knows, also while it may let nobody in itself.
        let fresh = if peer.is_listener && !peer.hello.is_settled {
            Ok(())
        } else {
            rules.check_fresh(now)
        };
        let admission = rules.admit(&peer.certificate, now);
        let admission = match admission.and_then(|admission| fresh.map(|()| admission)) {
            Ok(admission) => admission,
            // What a member brought is true even if it says that this member is removed, and also
            // while the members are stale; what a listener brought who is none is not.
            Err(reason) if !peer.is_listener || reason == RefusalReason::Stale => {
                let mut actions = learned.into_action().into_iter().collect::<Vec<_>>();
                actions.extend(self.refuse(reason));
                return Ok(actions);
            }
            Err(reason) => return Err(reason),
        };
        learned.merge_certificate(&mut self.local, &peer.certificate, now);
        let mut actions: Vec<_> = learned.into_action().into_iter().collect();
        if !peer.is_listener {
            actions.push(Action::Send(Frame::Admitted.to_bytes()));
            actions.push(Action::Admit(admission));
        } else if peer.hello.is_settled {
            actions.push(Action::Admit(admission));
        } else {
            let mut parts = Inventory::of(&self.local).missing_for(&peer.hello, MAX_PARTS);
            if parts.is_empty() {
                parts.push(Learn::default());
            }
            actions.extend(
                parts
                    .into_iter()
                    .map(|part| Action::Send(Frame::Learn(part).to_bytes())),
            );
            self.state = State::Admitting(Box::new(admission));
        }
        Ok(actions)
    }

    /// Checks everything about a greeting that does not depend on the members.
    fn check_hello(&mut self, hello: &Hello) -> Result<Certificate, RefusalReason> {
        let certificate = self.identify(hello.network, &hello.certificate)?;
        self.session = Some(hello.session);
        Ok(certificate)
    }

    /// Checks whose node the other side's is, as the transport proved it.
    fn identify(
        &mut self,
        network: NetworkId,
        certificate: &[u8],
    ) -> Result<Certificate, RefusalReason> {
        if network != self.local.network {
            return Err(RefusalReason::WrongNetwork);
        }
        let certificate =
            Certificate::parse(certificate).map_err(|_| RefusalReason::BadCertificate)?;
        if certificate.node() != self.local.remote {
            return Err(RefusalReason::BadCertificate);
        }
        self.account = Some(certificate.account());
        Ok(certificate)
    }

    fn hello(&self, parts: u8, is_settled: bool) -> Hello {
        let inventory = Inventory::of(&self.local);
        Hello {
            version: frame::VERSION,
            network: self.local.network,
            certificate: self.local.certificate.clone(),
            heads: inventory.heads(),
            landmarks: inventory.landmarks(),
            certificates: inventory.digest(),
            parts,
            is_settled,
            session: self.local.session,
            confirmed: inventory.confirmed(),
            appointment: self.appointment(),
        }
    }

    /// Who was appointed by the recovery key shows it: it may be on nobody's list yet.
    fn appointment(&self) -> Option<ByteVec> {
        let certificate = Certificate::parse(&self.local.certificate).ok()?;
        let ledger = self.local.ledger.as_deref()?;
        let bytes = ledger.appointment_of(certificate.account())?;
        Some(bytes.to_vec().into())
    }

    /// Ends the exchange and tells the other side in one short frame.
    fn refuse(&mut self, reason: RefusalReason) -> Vec<Action> {
        self.state = State::Over;
        vec![
            Action::Send(Frame::Refused(reason.told()).to_bytes()),
            Action::Refuse(reason),
        ]
    }

    fn refuse_silently(&mut self, reason: RefusalReason) -> Vec<Action> {
        self.state = State::Over;
        vec![Action::Refuse(reason)]
    }
}

#[cfg(test)]
mod tests;
