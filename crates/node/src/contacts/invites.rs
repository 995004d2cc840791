//! Invites: their secrets leave this node only inside a link, and are good for one person, once.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use streembit_identity::{
    AccountId, LinkSecret, NetworkId, Timestamp, is_proof,
    link::{ContactInvite, Link},
    prove,
};
use streembit_store::{Invite, SecretHash, StoreError};

use super::ContactError;
use crate::node::Node;

/// How long an invite is good.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Addresses and seeds that go into one link.
const MAX_ADDRESSES: usize = 6;
const MAX_SEEDS: usize = 3;

impl Node {
    /// Makes an invite link for one person, good for seven days.
    ///
    /// # Errors
    /// See [`ContactError`].
    pub async fn contact_invite(&self) -> Result<String, ContactError> {
        let network = self.network(&NetworkId::PUBLIC);
        let network = network.ok_or(ContactError::NotFound("the public network does not run"))?;
        let secret = new_secret()?;
        let now = self.now();
        let expires = now.plus(LIFETIME);
        let mut addresses = network.net().addresses();
        addresses.truncate(MAX_ADDRESSES);
        let addresses = addresses.iter().map(ToString::to_string).collect();
        let seeds = self
            .store()
            .seeds()
            .await?
            .into_iter()
            .map(|seed| seed.address);
        let seeds = seeds.take(MAX_SEEDS).collect();
        let secret_hash = hash(&secret);
        let invite = ContactInvite {
            account: self.me().account,
            name: self.name(),
            certificate: self.me().certificate.bytes().to_vec(),
            addresses,
            seeds,
            secret,
            expires,
        };
        let link = invite.into_link(&self.me().account_key)?;
        let row = Invite {
            secret_hash,
            created_at: now,
            expires_at: expires,
            used_by: None,
        };
        self.store().add_invite(row).await?;
        Ok(link.to_string())
    }
}

/// Reads an invite link that is still good.
pub(super) fn read(text: &str, now: Timestamp) -> Result<ContactInvite, ContactError> {
    match Link::parse(text)? {
        Link::Invite(invite) if !invite.is_live(now) => Err(ContactError::Expired),
        Link::Invite(invite) => Ok(ContactInvite::clone(&invite)),
        Link::Claim(_) => Err(ContactError::Invalid("this link claims a device")),
        Link::Node(_) => Err(ContactError::Invalid(
            "this link is for another computer of the same person",
        )),
        Link::Join(_) | Link::Network(_) => Err(ContactError::Invalid(
            "this link leads into a private network",
        )),
        Link::Seed(_) => Err(ContactError::Invalid("this link names a seed")),
    }
}

/// Proves to the inviter that `from` holds the secret of an invite.
pub(super) fn proof(secret: &LinkSecret, from: AccountId, to: AccountId) -> [u8; 32] {
    prove(&proving_key(&hash(secret)), from, to)
}

/// Finds the open invite that a proof belongs to.
///
/// All are tried, each in constant time: what takes long tells nothing.
pub(super) async fn proven(
    node: &Node,
    proof: &[u8; 32],
    from: AccountId,
) -> Result<Option<SecretHash>, StoreError> {
    let mut found = None;
    for invite in node.store().open_invites(node.now()).await? {
        let key = proving_key(&invite.secret_hash);
        if is_proof(proof, &key, from, node.me().account) {
            found = Some(invite.secret_hash);
        }
    }
    Ok(found)
}

fn new_secret() -> Result<LinkSecret, ContactError> {
    let mut bytes = [0; 16];
    // A secret must not be guessable, so here a failure of the random source ends it.
    getrandom::fill(&mut bytes)
        .map_err(|_| ContactError::Invalid("the random source of this system failed"))?;
    Ok(LinkSecret::from_bytes(bytes))
}

/// What is stored of a secret: enough to check a proof, not enough to make the link again.
fn hash(secret: &LinkSecret) -> SecretHash {
    Sha256::new()
        .chain_update(b"streembit/1/invite")
        .chain_update(secret.as_bytes())
        .finalize()
        .into()
}

fn proving_key(hash: &SecretHash) -> LinkSecret {
    let mut key = [0; 16];
    key.copy_from_slice(hash.first_chunk::<16>().unwrap_or(&[0; 16]));
    LinkSecret::from_bytes(key)
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    fn account(seed: u8) -> AccountId {
        AccountKey::from_seed(&Zeroizing::new([seed; 32])).id()
    }

    #[test]
    fn a_proof_binds_secret_sender_and_recipient() {
        let (alice, bob, eve) = (account(1), account(2), account(3));
        let secret = LinkSecret::from_bytes([9; 16]);
        let key = proving_key(&hash(&secret));

        let shown = proof(&secret, bob, alice);

        assert!(is_proof(&shown, &key, bob, alice));
        assert!(!is_proof(&shown, &key, eve, alice), "another sender");
        assert!(!is_proof(&shown, &key, bob, eve), "another recipient");
        let other = proving_key(&hash(&LinkSecret::from_bytes([8; 16])));
        assert!(!is_proof(&shown, &other, bob, alice), "another secret");
    }

    #[test]
    fn the_stored_hash_is_not_the_secret() {
        let secret = LinkSecret::from_bytes([9; 16]);

        assert!(
            !hash(&secret)
                .windows(16)
                .any(|part| part == secret.as_bytes())
        );
    }
}
