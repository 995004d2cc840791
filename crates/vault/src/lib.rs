//! Where a profile keeps its secrets: the OS keyring or a sealed file.
//!
//! Owns the plain profile file, the entry in the keyring, the sealed file, and the lock of the
//! data folder. Nothing that exists is ever overwritten, and a store that does not answer never
//! counts as one without a key. All calls block; those to the keyring for 20 seconds at most.

mod disk;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod keyring;
mod lock;
mod marks;
mod profile;
mod sealed;
mod secrets;
mod vault;

pub use error::VaultError;
pub use keyring::Keyring;
pub use lock::{FolderLock, LockError};
pub use marks::{MAX_MARKS, Marks};
pub use profile::{KeyStoreKind, KeyStoreKindError, NewProfile, ProfileFile, ProfileId};
pub use secrets::Secrets;
pub use vault::{DATABASE, State, Vault};
