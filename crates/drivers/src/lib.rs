//! Device drivers: what stands behind the things that a host serves.
//!
//! Owns how each kind of device behaves; knows nothing of networks, accounts or rights.

mod clock;
pub mod virtuals;

pub use clock::Clock;
