//! The secrets of a profile and the one way they are written down.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use streembit_identity::{AccountKey, NodeKey};
use zeroize::Zeroizing;

use crate::VaultError;

/// What the written form begins with; keyrings may hold nothing but text.
const PREFIX: &str = "streembit-keys-1 ";

/// Length of the written keys behind that: 96 bytes in base32.
const CODE_LEN: usize = 154;

/// The keys of one profile.
#[derive(Clone)]
pub struct Secrets {
    /// The account, which the 24 words restore.
    pub account: AccountKey,
    /// This installation.
    pub node: NodeKey,
    /// The database of this installation.
    pub database: Zeroizing<[u8; 32]>,
}

impl Secrets {
    /// Makes all keys new, from the system's random source.
    ///
    /// # Errors
    ///
    /// Fails if the system has no randomness to give.
    pub fn generate() -> Result<Self, VaultError> {
        Self::for_account(AccountKey::from_seed(&random()?))
    }

    /// Makes the keys of a new installation of an account.
    ///
    /// # Errors
    ///
    /// Fails if the system has no randomness to give.
    pub fn for_account(account: AccountKey) -> Result<Self, VaultError> {
        Ok(Self {
            account,
            node: NodeKey::from_seed(&random()?),
            database: random()?,
        })
    }

    /// Writes the keys down as text.
    pub(crate) fn write(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 96]);
        let keys = [self.account.seed(), self.node.seed(), self.database.clone()];
        for (part, key) in bytes.chunks_exact_mut(32).zip(&keys) {
            part.copy_from_slice(key.as_slice());
        }
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + 160));
        text.push_str(PREFIX);
        BASE32_NOPAD.encode_append(bytes.as_slice(), &mut text);
        text
    }

    /// Reads what [`Self::write`] wrote.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let code = text.strip_prefix(PREFIX.as_bytes())?;
        if code.len() != CODE_LEN {
            return None;
        }
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(code).ok()?);
        let (account, rest) = bytes.split_first_chunk::<32>()?;
        let (node, database) = rest.split_first_chunk::<32>()?;
        Some(Self {
            account: AccountKey::from_seed(&Zeroizing::new(*account)),
            node: NodeKey::from_seed(&Zeroizing::new(*node)),
            database: Zeroizing::new(database.try_into().ok()?),
        })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(..)")
    }
}

/// Draws bytes from the system's random source.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, VaultError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|error| VaultError::Io {
        path: "the system's random source".into(),
        source: std::io::Error::other(error.to_string()),
    })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote() {
        let secrets = Secrets::generate().unwrap();

        let again = Secrets::read(secrets.write().as_bytes()).unwrap();

        assert_eq!(again.account.id(), secrets.account.id());
        assert_eq!(again.node.id(), secrets.node.id());
        assert_eq!(again.database, secrets.database);
    }

    #[test]
    fn reads_what_format_1_looks_like_for_ever() {
        let text = "streembit-keys-1 \
             AEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQEAQCAIBAEAQCAIBAEAQCAIBAE\
             AQCAIBAEAQCAIBAEAQCAIBAEAQDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGAYDAM";

        let secrets = Secrets::read(text.as_bytes()).unwrap();

        assert_eq!(*secrets.account.seed(), [1; 32]);
        assert_eq!(*secrets.node.seed(), [2; 32]);
        assert_eq!(*secrets.database, [3; 32]);
        assert_eq!(*secrets.write(), text);
    }

    #[test]
    fn refuses_everything_else() {
        let text = Secrets::generate().unwrap().write();
        let cases: [&[u8]; 5] = [
            b"",
            b"streembit-keys-2 AAAA",
            &text.as_bytes()[1..],
            &text.as_bytes()[..50],
            b"\xff",
        ];
        for case in cases {
            assert!(Secrets::read(case).is_none());
        }
        assert!(Secrets::read(format!("{}AA", *text).as_bytes()).is_none());
    }

    #[test]
    fn never_prints_itself() {
        assert_eq!(format!("{:?}", Secrets::generate().unwrap()), "Secrets(..)");
    }
}
