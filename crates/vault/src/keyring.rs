//! The entries of each profile in the keyring of the operating system.
//!
//! A keyring may block for as long as its dialogue stands open, so each call runs on a thread of
//! its own and is given up after a deadline.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::{ProfileId, Secrets, VaultError};

/// How long a call to the keyring may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// What entries are filed under.
const SERVICE: &str = "streembit";

/// A keyring; cheap to clone.
#[derive(Clone)]
pub struct Keyring {
    store: Option<Arc<CredentialStore>>,
    deadline: Duration,
}

impl Keyring {
    /// Returns the keyring of the operating system; nothing is asked of it yet.
    pub const fn system() -> Self {
        Self {
            store: None,
            deadline: DEADLINE,
        }
    }

    /// Takes another keyring, as tests do.
    pub fn other(store: Arc<CredentialStore>) -> Self {
        Self {
            store: Some(store),
            deadline: DEADLINE,
        }
    }

    /// Sets how long a call may take.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    /// Stores the secrets of a new profile and reads them back.
    pub(crate) fn store(&self, id: &ProfileId, secrets: &Secrets) -> Result<(), VaultError> {
        let text = secrets.write();
        self.run(id.as_str(), move |entry| {
            match entry.get_secret() {
                Err(Error::NoEntry) => {}
                Ok(_) => return Err(Failure::Taken),
                Err(error) => return Err(error.into()),
            }
            entry.set_password(&text)?;
            let kept = Zeroizing::new(entry.get_secret()?);
            if kept.as_slice() == text.as_bytes() {
                Ok(())
            } else {
                Err(Failure::Altered)
            }
        })
    }

    /// Loads the secrets of a profile.
    pub(crate) fn load(&self, id: &ProfileId) -> Result<Secrets, VaultError> {
        let text = self.run(id.as_str(), |entry| Ok(Zeroizing::new(entry.get_secret()?)))?;
        Secrets::read(&text).ok_or_else(|| VaultError::damaged("the entry in the keyring"))
    }

    /// Reads an entry that is no secret; none where there is none.
    pub(crate) fn get(&self, user: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.run(user, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        })
    }

    /// Writes an entry that is no secret over what was there.
    pub(crate) fn set(&self, user: &str, text: &str) -> Result<(), VaultError> {
        let text = text.to_owned();
        self.run(user, move |entry| Ok(entry.set_password(&text)?))
    }

    /// Deletes an entry; that there is none is as good.
    pub(crate) fn delete(&self, user: &str) -> Result<(), VaultError> {
        self.run(user, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        })
    }

    /// Runs a call on a thread of its own, which is left behind when the deadline passes.
    fn run<T: Send + 'static>(
        &self,
        user: &str,
        call: impl FnOnce(&Entry) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, VaultError> {
        let (answer, answers) = mpsc::sync_channel(1);
        let (store, user) = (self.store.clone(), user.to_owned());
        thread::Builder::new()
            .name("keyring".into())
            .spawn(move || {
                let result = entry(store, &user).and_then(|entry| call(&entry));
                // Nobody waits any more once the deadline has passed.
                let _ = answer.send(result.map_err(explain));
            })
            .map_err(VaultError::io("a thread for the keyring"))?;
        match answers.recv_timeout(self.deadline) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(VaultError::Timeout),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(VaultError::Unreachable),
        }
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.store.is_some() {
            "Keyring(other)"
        } else {
            "Keyring(system)"
        })
    }
}

/// Why a call failed, before it is put into words.
enum Failure {
    /// The keyring gave back something else than it was given.
    Altered,
    /// The keyring itself failed.
    Keyring(Error),
    /// An entry of that name exists.
    Taken,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Keyring(error)
    }
}

fn entry(store: Option<Arc<CredentialStore>>, user: &str) -> Result<Entry, Failure> {
    let entry = match store {
        Some(store) => store.build(SERVICE, user, None)?,
        None => keyring::Entry::new(SERVICE, user)?.inner,
    };
    Ok(entry)
}

fn explain(failure: Failure) -> VaultError {
    match failure {
        Failure::Altered => VaultError::damaged("what the keyring gives back"),
        Failure::Taken => VaultError::Exists("the keyring".into()),
        Failure::Keyring(error) => match error {
            Error::NoEntry => VaultError::Missing,
            Error::NoStorageAccess(cause) => explain_access(&cause.to_string()),
            Error::Ambiguous(_) => VaultError::Ambiguous,
            Error::BadDataFormat(..) | Error::BadEncoding(_) => {
                VaultError::damaged("the entry in the keyring")
            }
            Error::BadStoreFormat(_) => VaultError::damaged("the keyring"),
            Error::PlatformFailure(_)
            | Error::TooLong(..)
            | Error::Invalid(..)
            | Error::NoDefaultStore
            | Error::NotSupportedByStore(_)
            | _ => VaultError::Unreachable,
        },
    }
}

/// Tells a locked keyring from a refused prompt and from one without any collection.
fn explain_access(cause: &str) -> VaultError {
    if cause.contains("dismissed") {
        VaultError::Denied
    } else if cause.contains("not returned") {
        VaultError::Unreachable
    } else {
        VaultError::Locked
    }
}
