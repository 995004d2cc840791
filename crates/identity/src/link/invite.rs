//! The invitation to become a contact.

use minicbor::{Decode, Encode};

use super::{Link, LinkError};
use crate::record::check_addresses;
use crate::{
    AccountId, AccountKey, Certificate, LinkSecret, Name, NetworkId, Payload, SealError,
    SignatureError, Timestamp, Unverified, Verified, seal,
};

/// Most seeds in an invite.
const MAX_SEEDS: usize = 4;

/// Who invites, where to find them, and the secret that only the invited person has.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct ContactInvite {
    /// Who invites; they sign.
    #[n(1)]
    pub account: AccountId,
    /// What they call themselves.
    #[n(2)]
    pub name: Name,
    /// The certificate of the node that made the invite.
    #[cbor(n(3), with = "crate::bytes::string")]
    pub certificate: Vec<u8>,
    /// Where that node listens.
    #[n(4)]
    pub addresses: Vec<String>,
    /// Nodes to begin with, as multiaddresses that end in a peer id.
    #[n(5)]
    pub seeds: Vec<String>,
    /// Proves that a request answers this invite; good once.
    #[n(6)]
    pub secret: LinkSecret,
    /// When it stops being valid.
    #[n(7)]
    pub expires: Timestamp,
}

impl ContactInvite {
    /// Signs the invite and makes it a link.
    ///
    /// # Errors
    ///
    /// Refuses an invite that would not be read again.
    pub fn into_link(self, key: &AccountKey) -> Result<Link, LinkError> {
        let bytes = seal(&self, &NetworkId::PUBLIC, key).map_err(|error| match error {
            SealError::Invalid(rule) => LinkError::Invalid(rule),
            SealError::TooLarge => LinkError::Long,
            SealError::Encode(_) => LinkError::Damaged,
        })?;
        open(&bytes).map(Box::new).map(Link::Invite)
    }

    /// Returns whether it is still valid.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }
}

impl Payload for ContactInvite {
    const DOMAIN: &'static str = "contact-invite";
    const MAX_BYTES: usize = 2_900;

    fn check(&self) -> Result<(), &'static str> {
        if self.seeds.len() > MAX_SEEDS {
            return Err("there are too many seeds");
        }
        check_addresses(&self.addresses)?;
        check_addresses(&self.seeds)
    }
}

/// Reads a signed invite and checks that its account signed it and owns its node.
pub(super) fn open(bytes: &[u8]) -> Result<Verified<ContactInvite>, LinkError> {
    let invite = Unverified::<ContactInvite>::parse(bytes)?;
    if invite.peek().account != invite.signer() {
        return Err(SignatureError.into());
    }
    let invite = invite.verify(&NetworkId::PUBLIC)?;
    let certificate = Certificate::parse(&invite.certificate)
        .map_err(|_| LinkError::Invalid("the certificate of its node is not good"))?;
    if certificate.account() != invite.account {
        return Err(LinkError::Invalid("its node belongs to another account"));
    }
    Ok(invite)
}
