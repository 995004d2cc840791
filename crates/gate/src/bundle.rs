//! A private network in a file: all that a device must know of it before it has met anybody.
//!
//! Everything inside proves itself by its signatures; the file as a whole proves nothing.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use streembit_identity::Timestamp;
use thiserror::Error;

use crate::{Certificates, Freshness, Ledger, LoadError};

/// Largest file, in bytes.
pub const MAX_BUNDLE_BYTES: usize = 16 * 1024 * 1024;

/// What a file begins with: what it is, and in which version.
const MAGIC: &[u8] = b"streembit bundle 1\n";

/// A network as it is written to a file.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
    /// The operations, the genesis first.
    #[cbor(n(0), with = "crate::bytes")]
    operations: Vec<Vec<u8>>,
    /// Certificates of members' nodes.
    #[cbor(n(1), with = "crate::bytes")]
    certificates: Vec<Vec<u8>>,
    /// Revocations of members' nodes.
    #[cbor(n(2), with = "crate::bytes")]
    revocations: Vec<Vec<u8>>,
    /// The newest statement that confirms the members.
    #[n(3)]
    statement: Option<ByteVec>,
}

/// A network from a file, verified.
#[derive(Clone, Debug)]
pub struct Unbundled {
    /// The operations.
    pub ledger: Ledger,
    /// The nodes of the members.
    pub certificates: Certificates,
    /// How recently the members were confirmed.
    pub freshness: Freshness,
}

/// Why a file is not a network.
#[derive(Debug, Error)]
pub enum BundleError {
    /// It was changed, or cut off.
    #[error("the file is damaged")]
    Damaged,
    /// It is something else, or of another version.
    #[error("this is no network bundle that this version can read")]
    Kind,
    /// Above the limit.
    #[error("the file is too large for a network bundle")]
    Large,
    /// What is inside does not hold.
    #[error("what the file holds is no network: {0}")]
    Load(#[from] LoadError),
}

impl Bundle {
    /// Takes a network as it is now.
    pub fn of(ledger: &Ledger, certificates: &Certificates, freshness: &Freshness) -> Self {
        let operations = ledger.operations();
        Self {
            operations: operations
                .map(|(_, operation)| operation.bytes().to_vec())
                .collect(),
            certificates: certificates.bytes().map(<[u8]>::to_vec).collect(),
            revocations: certificates.revocations().map(<[u8]>::to_vec).collect(),
            statement: freshness
                .statement()
                .map(|bytes| ByteVec::from(bytes.to_vec())),
        }
    }

    /// Returns what goes into the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to memory fails for nothing; an empty content would be refused on reading.
        let content = minicbor::to_vec(self).unwrap_or_default();
        [MAGIC, &content].concat()
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Refuses what is too large, of another kind, or not in the one encoding.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BUNDLE_BYTES {
            return Err(BundleError::Large);
        }
        let content = bytes.strip_prefix(MAGIC).ok_or(BundleError::Kind)?;
        let bundle: Self = minicbor::decode(content).map_err(|_| BundleError::Damaged)?;
        if bundle.to_bytes() == bytes {
            Ok(bundle)
        } else {
            Err(BundleError::Damaged)
        }
    }

    /// Verifies what the file holds: every operation, and as much of the rest as counts at `now`.
    ///
    /// # Errors
    ///
    /// Refuses the whole if one operation does not hold.
    pub fn open(self, now: Timestamp) -> Result<Unbundled, BundleError> {
        let ledger = Ledger::load(&self.operations)?;
        let (mut certificates, mut freshness) = (Certificates::default(), Freshness::default());
        // A file grows old: what is over, or concerns no member, is left out.
        for bytes in &self.revocations {
            let _ = certificates.revoke(bytes, ledger.roster());
        }
        for bytes in &self.certificates {
            let _ = certificates.insert(bytes, ledger.roster(), now);
        }
        if let Some(bytes) = &self.statement {
            let _ = freshness.confirm(bytes, &ledger, now);
        }
        Ok(Unbundled {
            ledger,
            certificates,
            freshness,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Role;
    use crate::fixture::{NOW, account, add, certificate, key, network, node};

    fn home() -> Bundle {
        let mut ledger = network();
        add(&mut ledger, 1, 2, Role::Device);
        let (mut certificates, mut freshness) = (Certificates::default(), Freshness::default());
        for number in [1, 2] {
            certificates
                .insert(certificate(number).bytes(), ledger.roster(), NOW)
                .unwrap();
        }
        let statement = ledger.author_statement(&key(1), NOW).unwrap();
        freshness.confirm(&statement, &ledger, NOW).unwrap();
        Bundle::of(&ledger, &certificates, &freshness)
    }

    #[test]
    fn a_network_is_read_as_it_was_written() {
        let bytes = home().to_bytes();

        let read = Bundle::parse(&bytes).unwrap().open(NOW).unwrap();

        assert!(read.ledger.roster().member(account(2)).is_some());
        assert_eq!(read.certificates.nodes_of(account(2)).next(), Some(node(2)));
        assert_eq!(read.freshness.at(), Some(NOW));
        let again = Bundle::of(&read.ledger, &read.certificates, &read.freshness);
        assert_eq!(again.to_bytes(), bytes);
    }

    #[test]
    fn refuses_a_file_with_any_byte_changed_or_takes_nothing_new_from_it() {
        let bytes = home().to_bytes();
        let good = home().open(NOW).unwrap();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 1;
            let Ok(bundle) = Bundle::parse(&changed) else {
                continue;
            };
            let Ok(read) = bundle.open(NOW) else {
                continue;
            };
            // Only certificates and the statement may be left out one by one.
            assert_eq!(
                read.ledger.roster(),
                good.ledger.roster(),
                "byte {position}"
            );
            assert!(read.certificates.iter().count() <= 2, "byte {position}");
        }
    }

    #[test]
    fn refuses_other_kinds_and_what_is_cut_off() {
        let bytes = home().to_bytes();
        let other = [b"streembit bundle 2\n", &bytes[MAGIC.len()..]].concat();
        let longer = [&bytes[..], &[0]].concat();

        assert!(matches!(Bundle::parse(b""), Err(BundleError::Kind)));
        assert!(matches!(Bundle::parse(&other), Err(BundleError::Kind)));
        assert!(matches!(Bundle::parse(&longer), Err(BundleError::Damaged)));
        let cut = Bundle::parse(&bytes[..bytes.len() - 1]);
        assert!(matches!(cut, Err(BundleError::Damaged)));
        let large = vec![0; MAX_BUNDLE_BYTES + 1];
        assert!(matches!(Bundle::parse(&large), Err(BundleError::Large)));
    }

    #[test]
    fn refuses_a_network_with_a_forged_operation() {
        let mut bundle = home();
        *bundle.operations[1].last_mut().unwrap() ^= 1;

        let refused = bundle.open(NOW);

        assert!(matches!(refused, Err(BundleError::Load(_))));
    }
}
