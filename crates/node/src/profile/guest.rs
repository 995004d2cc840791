//! A guest: one more node in the process of another, all of whose keys come from one secret.
//!
//! It has no vault: whoever takes it in keeps the secret.

use std::{fmt, path::PathBuf};

use data_encoding::BASE32_NOPAD;
use streembit_identity::{AccountKey, Digest, Name, NodeKey, PeerKind};
use streembit_store::{Options, Store};
use streembit_vault::Secrets;
use zeroize::Zeroizing;

use super::{Keys, ProfileError, begin};
use crate::{config::Config, node::Node};

/// The secret that a guest's keys are drawn from; it prints nothing of itself.
#[derive(Clone)]
pub struct GuestSeed(Zeroizing<[u8; 32]>);

impl fmt::Debug for GuestSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuestSeed(..)")
    }
}

impl GuestSeed {
    /// Draws a new secret from the system's random source.
    ///
    /// # Errors
    /// The system has no randomness to give.
    pub fn draw() -> Result<Self, ProfileError> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut_slice())
            .map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Self(seed))
    }

    /// Reads what [`Self::reveal`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Writes the secret down, for a place that is sealed.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(self.0.as_slice()))
    }

    /// Derives the keys of the guest `label`.
    fn keys(&self, label: &str) -> Keys {
        let derive = |purpose: &str| {
            let domain = format!("streembit/1/guest {label} {purpose} ");
            let digest = Digest::of(&[domain.as_bytes(), self.0.as_slice()]);
            Zeroizing::new(*digest.as_bytes())
        };
        Keys(Secrets {
            account: AccountKey::from_seed(&derive("account")),
            node: NodeKey::from_seed(&derive("node")),
            database: derive("database"),
        })
    }
}

/// Somebody to take in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// The file that its database lies in.
    pub database: PathBuf,
    /// What kind of participant it is.
    pub kind: PeerKind,
    /// What tells it apart from others of the same secret.
    pub label: &'static str,
    /// What it is called.
    pub name: Name,
    /// What its keys are drawn from.
    pub seed: GuestSeed,
}

impl Guest {
    /// Starts its node; the database is made where there is none.
    ///
    /// # Errors
    /// See [`ProfileError`]; nothing keeps running after one.
    pub async fn start(&self, config: Config) -> Result<Node, ProfileError> {
        let keys = self.seed.keys(self.label);
        let store = Store::open(&self.database, &keys.database(), Options::default()).await?;
        begin(&keys, (self.kind, self.name.clone()), store, config).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_secret_gives_each_guest_keys_of_its_own_every_time() {
        let seed = GuestSeed::draw().unwrap();
        let again = GuestSeed::parse(&seed.reveal()).unwrap();

        assert_eq!(seed.keys("a").account(), again.keys("a").account());
        assert_eq!(seed.keys("a").node(), again.keys("a").node());
        assert_ne!(seed.keys("a").account(), seed.keys("b").account());
        assert_ne!(*seed.keys("a").0.database, *seed.keys("b").0.database);
        assert_eq!(format!("{seed:?}"), "GuestSeed(..)");
    }

    #[test]
    fn refuses_what_is_no_secret() {
        for text in ["", "AAAA", "not base32 at all"] {
            assert!(GuestSeed::parse(text).is_none(), "{text}");
        }
    }
}
