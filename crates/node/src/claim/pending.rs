//! Claims of this node that are not decided yet, kept until they are.

use data_encoding::BASE64;
use serde_json::{Value, json};
use streembit_identity::{AccountId, NetworkId, NodeId};
use streembit_store::StoreError;
use streembit_things::claim::{ClaimCommit, Destination, decode, encode};
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

    /// Forgets the undecided claims for a network that is left: none can take effect any more.
    pub(crate) async fn drop_claims_for(&self, left: NetworkId) -> Result<(), StoreError> {
        for pending in self.pending_claims().await {
            let is_for_it = match pending.commit.destination {
                Destination::Private { network, .. } => network == left,
                Destination::Public => false,
            };
            if is_for_it {
                self.drop_claim(pending.host).await?;
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use streembit_things::claim::Attempt;

    use super::*;
    use crate::testing::Person;

    fn claim(host: &Person, destination: Destination) -> Pending {
        Pending {
            addresses: Vec::new(),
            certificate: Vec::new(),
            commit: ClaimCommit {
                attempt: Attempt([7; 16].into()),
                name: "Alice".parse().unwrap(),
                certificate: Vec::new().into(),
                destination,
                addresses: Vec::new(),
            },
            host: host.id(),
            kind: "device".to_owned(),
            name: "Desk box".to_owned(),
            node: host.key.id(),
        }
    }

    #[tokio::test]
    async fn undecided_claims_go_with_the_network_they_were_for() {
        let alice = Person::new(1).start("Alice").await;
        let home = alice.network_create("Home".parse().unwrap()).await.unwrap();
        let into_home = Destination::Private {
            network: home.network,
            name: home.name,
            operations: Vec::new(),
            certificates: Vec::new(),
        };
        let (lamp, lock) = (Person::new(2), Person::new(3));
        alice.keep_claim(&claim(&lamp, into_home)).await.unwrap();
        let elsewhere = claim(&lock, Destination::Public);
        alice.keep_claim(&elsewhere).await.unwrap();

        alice.network_leave(home.network).await.unwrap();

        let left = alice.pending_claims().await;
        let hosts: Vec<_> = left.iter().map(|pending| pending.host).collect();
        assert_eq!(hosts, [lock.id()]);
        alice.stop().await;
    }
}
