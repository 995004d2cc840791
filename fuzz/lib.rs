//! What each fuzz target does with its bytes, and what must hold afterwards.

#[path = "decoders/gate.rs"]
pub mod gate;
#[path = "decoders/identity.rs"]
pub mod identity;
#[path = "decoders/node.rs"]
pub mod node;
#[path = "decoders/signed.rs"]
pub mod signed;
#[path = "decoders/things.rs"]
pub mod things;
