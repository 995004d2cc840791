//! Deleting an account: telling the others, its keys, its database and what the window kept.

use std::{io, time::Duration};

use streembit_identity::{NetworkId, PublicRecord, Tombstone, Unverified, seal};
use streembit_store::Store;
use tracing::debug;

use super::{Profile, ProfileError, blocking};
use crate::{networks::Network, node::Node};

/// Folders beside the database that belong to the profile: what guests and the window's engine kept.
const REMAINS: [&str; 2] = ["practice", "webview"];

/// How long a deletion waits for the others to hear of it.
const FAREWELL: Duration = Duration::from_secs(5);

/// Holders of records keep a tombstone this long.
const TOMBSTONE_LIFETIME: Duration = Duration::from_hours(30 * 24);

impl Node {
    /// Publishes in every network that this account is no more; tells in how many it was heard.
    pub async fn publish_tombstone(&self) -> usize {
        let mut heard = 0;
        let farewell = async {
            for network in self.networks() {
                if bury(self, &network).await {
                    heard += 1;
                } else {
                    debug!(network = %network.id().short(), "Nobody took the tombstone");
                }
            }
        };
        // Nobody may be there to hear it; the account is deleted all the same.
        let _ = tokio::time::timeout(FAREWELL, farewell).await;
        heard
    }
}

/// Puts the signed tombstone where the account's record lay.
async fn bury(node: &Node, network: &Network) -> bool {
    if network.net().peers().is_empty() {
        return false;
    }
    let Some(record) = tombstone(node) else {
        return false;
    };
    let (key, value) = (*record.key().as_bytes(), record.to_bytes());
    network
        .net()
        .put(key, value, TOMBSTONE_LIFETIME)
        .await
        .is_ok()
}

/// Signs that the account is no more, everywhere.
fn tombstone(node: &Node) -> Option<PublicRecord> {
    let tombstone = Tombstone { at: node.now() };
    let bytes = seal(&tombstone, &NetworkId::NONE, &node.me().account_key).ok()?;
    let verified = Unverified::parse(&bytes)
        .ok()?
        .verify(&NetworkId::NONE)
        .ok()?;
    Some(PublicRecord::Tombstone(verified))
}

impl Profile {
    /// Deletes the account's keys and everything of it in the folder.
    ///
    /// The node must have stopped. May be repeated after an error.
    ///
    /// # Errors
    /// No file goes while the keyring will not delete its entry.
    pub async fn wipe(&self) -> Result<(), ProfileError> {
        let vault = self.vault()?;
        blocking(move || {
            let (database, folder) = (vault.database(), vault.folder().to_owned());
            vault.delete()?;
            Store::remove(&database)?;
            for remains in REMAINS {
                match std::fs::remove_dir_all(folder.join(remains)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    Ok(()) | Err(_) => {}
                }
            }
            Ok(())
        })
        .await
    }
}
