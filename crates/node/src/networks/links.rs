//! Seeds: where the public network is entered, and the link of a node that is one.

use streembit_identity::{
    NetworkId,
    link::{Link, SeedLink},
};
use streembit_store::Seed;

use super::NetworkError;
use crate::{node::Node, reach::split_address};

/// Seeds that one profile remembers.
const MAX_SEEDS: usize = 64;

impl Node {
    /// Lists the full addresses of the seeds.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn seeds_list(&self) -> Result<Vec<Seed>, NetworkError> {
        Ok(self.store().seeds().await?)
    }

    /// Adds a seed by its link or by a full address, and connects to it.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn seed_add(&self, text: &str) -> Result<(), NetworkError> {
        let addresses = seed_addresses(text.trim())?;
        if self.store().seeds().await?.len() + addresses.len() > MAX_SEEDS {
            return Err(NetworkError::Invalid(format!(
                "there are {MAX_SEEDS} seeds already"
            )));
        }
        for address in addresses {
            self.store()
                .add_seed(Seed {
                    address,
                    added_at: self.now(),
                })
                .await?;
        }
        if let Some(network) = self.network(&NetworkId::PUBLIC) {
            network.wake();
        }
        Ok(())
    }

    /// Forgets a seed, given by its link or by a full address.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn seed_remove(&self, text: &str) -> Result<(), NetworkError> {
        let mut was_there = false;
        for address in seed_addresses(text.trim())? {
            was_there |= self.store().remove_seed(&address).await?;
        }
        if was_there {
            Ok(())
        } else {
            Err(NetworkError::NotFound("this is not one of the seeds"))
        }
    }

    /// Returns a link under which others can use this node as a seed.
    #[must_use]
    pub fn seed_link(&self) -> Option<String> {
        let network = self.network(&NetworkId::PUBLIC)?;
        let addresses = self.link_addresses(&network);
        Some(
            Link::Seed(SeedLink {
                node: self.me().node,
                addresses,
            })
            .to_string(),
        )
    }
}

/// Reads a seed link or a full address.
fn seed_addresses(text: &str) -> Result<Vec<String>, NetworkError> {
    if text.starts_with('/') {
        split_address(text).ok_or_else(|| {
            NetworkError::Invalid("a seed's address ends in /p2p/ and its id".to_owned())
        })?;
        return Ok(vec![text.to_owned()]);
    }
    match Link::parse(text)? {
        Link::Seed(link) => Ok(link.addresses),
        Link::Claim(_) | Link::Invite(_) | Link::Join(_) | Link::Network(_) | Link::Node(_) => Err(
            NetworkError::Invalid("this link does not name a seed".to_owned()),
        ),
    }
}
