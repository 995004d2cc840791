//! The key that the database is encrypted with.

use std::fmt;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Bytes at the start of the file that hold the salt.
pub(crate) const SALT_BYTES: usize = 16;

/// A random 256-bit key, forgotten from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DatabaseKey([u8; 32]);

impl DatabaseKey {
    /// Takes 32 random bytes as a key.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The salt that every file under this key begins with.
    ///
    /// SQLCipher draws it at random for passphrases. This key is random itself, so deriving the
    /// salt costs nothing and tells a wrong key from a damaged first page.
    pub(crate) fn salt(&self) -> [u8; SALT_BYTES] {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(b"streembit/1/database salt")
            .chain_update(self.0)
            .finalize()
            .into();
        let mut salt = [0; SALT_BYTES];
        salt.copy_from_slice(digest.split_at(SALT_BYTES).0);
        salt
    }

    /// The statement that unlocks a connection: raw key and salt, no stretching.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(HEXLOWER.encode(&self.0));
        let salt = HEXLOWER.encode(&self.salt());
        Zeroizing::new(format!("PRAGMA key = \"x'{}{salt}'\"", *key))
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}
