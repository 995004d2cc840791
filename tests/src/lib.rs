//! The harness: real nodes and real windows, driven from tests.
//!
//! Owns how processes are started, spoken to, killed and cleared away. A test makes a [`Place`],
//! starts [`NodeProcess`]es in it, calls their commands and waits for events under deadlines.

pub mod attacker;
pub mod cable;
pub mod chaos;
pub mod crowd;
pub mod deadline;
pub mod desk;
pub mod events;
pub mod home;
pub mod http;
pub mod line;
pub mod look;
pub mod meet;
pub mod memory;
pub mod node;
pub mod notices;
pub mod place;
pub mod process;
pub mod program;
pub mod siege;
pub mod town;
pub mod walk;
pub mod webdriver;
pub mod window;

mod joining;

pub use attacker::Attacker;
pub use cable::{Cable, Machine};
pub use deadline::{PATIENCE, eventually, within};
pub use desk::Desk;
pub use events::Events;
pub use home::Home;
pub use joining::Joining;
pub use line::{CallError, Line};
pub use node::{Draft, NodeProcess, Ready};
pub use place::Place;
pub use town::Town;
pub use window::Window;
