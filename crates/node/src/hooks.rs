//! Ways to misbehave on purpose, for tests.
//!
//! They can only be set in code, by a test's own binary; no argument, file or variable of the real
//! programs reaches them.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use streembit_identity::{Name, NodeId};

/// How far the clock of a test's process is off, in milliseconds; zero in every other.
static SKEW: AtomicI64 = AtomicI64::new(0);

/// Receives `(what, node)` when something happens on a connection.
pub type Observer = Arc<dyn Fn(&'static str, &NodeId) + Send + Sync>;
/// Takes what is about to be said first at somebody's door, and returns what is said instead.
pub type FirstFrame = Arc<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>;
/// Sees each frame of the request protocol, as it passes inside the transport's encryption.
pub type FrameTap = Arc<dyn Fn(&[u8]) + Send + Sync>;
/// Is called at each named write point.
pub type WritePoint = Arc<dyn Fn(&'static str) + Send + Sync>;

/// What a test's node does differently; by default nothing.
#[derive(Clone)]
pub struct Hooks {
    /// How many milliseconds the gate's system clock is ahead of the real one.
    pub clock: i64,
    /// Changes what this node says first at the doors of others.
    pub first_frame: Option<FirstFrame>,
    /// Sees what is asked and answered, both ways.
    pub frames: Option<FrameTap>,
    /// Ignores every refusal of the gate, its own and the peers'.
    pub gate_off: bool,
    /// Announces the node under this name instead of its own.
    pub handle: Option<Name>,
    /// Sees what happens on connections, admitted or not.
    pub observer: Option<Observer>,
    /// Whether records are published to the DHT.
    pub publish: bool,
    /// Asks other hosts for whatever it is told to, known or not, without checking it first.
    pub unchecked: bool,
    /// Is called at each named write point of the store.
    pub write_point: Option<WritePoint>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            clock: 0,
            first_frame: None,
            frames: None,
            gate_off: false,
            handle: None,
            observer: None,
            publish: true,
            unchecked: false,
            write_point: None,
        }
    }
}

impl Hooks {
    /// Has this process take the time to be `millis` later than it is, or earlier if negative.
    pub fn skew(millis: i64) {
        SKEW.store(millis, Ordering::Relaxed);
    }

    /// Shows a frame to whoever looks.
    pub(crate) fn passes(&self, frame: &[u8]) {
        if let Some(tap) = &self.frames {
            tap(frame);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("gate_off", &self.gate_off)
            .field("publish", &self.publish)
            .finish_non_exhaustive()
    }
}

/// How far this process's clock is off, in milliseconds.
pub(crate) fn skew() -> i64 {
    SKEW.load(Ordering::Relaxed)
}
