//! Claims of this node that are not decided yet, kept until they are.

use data_encoding::BASE64;
use serde_json::{Value, json};
use streembit_identity::{AccountId, NodeId};
use streembit_store::StoreError;
use streembit_things::claim::{ClaimCommit, decode, encode};
use tracing::warn;

use crate::node::Node;

/// What the settings of pending claims begin with.
const PREFIX: &str = "claim.pending.";

/// A commit that was sent, or is about to be.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// Where the host was found.
    pub(super) addresses: Vec<String>,
    /// The certificate of the host's node.
    pub(super) certificate: Vec<u8>,
    /// All that takes effect once the host says done.
    pub(super) commit: ClaimCommit,
    /// The host.
    pub(super) host: AccountId,
    /// Human, device or hub.
    pub(super) kind: String,
    /// What the host is called.
    pub(super) name: String,
    /// The host's node.
    pub(super) node: NodeId,
}

impl Node {
    /// Keeps a claim before its commit is sent.
    pub(super) async fn keep_claim(&self, pending: &Pending) -> Result<(), StoreError> {
        let value = json!({
            "addresses": pending.addresses,
            "certificate": BASE64.encode(&pending.certificate),
            "commit": BASE64.encode(&encode(&pending.commit)),
            "host": pending.host.to_string(),
            "kind": pending.kind,
            "name": pending.name,
            "node": pending.node.to_string(),
        });
        self.store()
            .set_settings([(key(pending.host), value)].into())
            .await
    }

    /// Forgets a claim that is decided.
    pub(super) async fn drop_claim(&self, host: AccountId) -> Result<(), StoreError> {
        self.store()
            .set_settings([(key(host), Value::Null)].into())
            .await
    }

    /// Returns the undecided claim of a host.
    pub(super) async fn pending_claim(
        &self,
        host: AccountId,
    ) -> Result<Option<Pending>, StoreError> {
        Ok(self
            .store()
            .setting(&key(host))
            .await?
            .as_ref()
            .and_then(read))
    }

    /// Returns all undecided claims.
    pub(super) async fn pending_claims(&self) -> Vec<Pending> {
        match self.store().settings().await {
            Ok(settings) => {
                let ours = settings.iter().filter(|(key, _)| key.starts_with(PREFIX));
                ours.filter_map(|(_, value)| read(value)).collect()
            }
            Err(error) => {
                warn!(%error, "Could not read the undecided claims");
                Vec::new()
            }
        }
    }
}

fn key(host: AccountId) -> String {
    format!("{PREFIX}{host}")
}

fn read(value: &Value) -> Option<Pending> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let bytes = |name: &str| BASE64.decode(text(name)?.as_bytes()).ok();
    let addresses = value.get("addresses")?.as_array()?;
    Some(Pending {
        addresses: addresses
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        certificate: bytes("certificate")?,
        commit: decode(&bytes("commit")?).ok()?,
        host: text("host")?.parse().ok()?,
        kind: text("kind")?.to_owned(),
        name: text("name")?.to_owned(),
        node: text("node")?.parse().ok()?,
    })
}
