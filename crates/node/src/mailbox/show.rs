//! What is shown of mailboxes: who keeps for this account, how much this node keeps for others, and
//! why the last copy was left nowhere.

use streembit_delivery::mailbox::{Keeper, Terms};
use streembit_identity::{AccountId, NetworkId, Timestamp};

use super::{NotKept, deposit, is_hub, keep, keepers, lock, terms};
use crate::{networks::NetworkError, node::Node};

/// The mailboxes of one network, as they are shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MailboxesView {
    /// Who keeps for this account.
    pub keepers: Vec<KeeperView>,
    /// With whom this node has terms.
    pub agreements: Vec<AgreementView>,
    /// What this node keeps for others; none where it keeps for nobody.
    pub kept: Option<KeptView>,
    /// Why the last copy that was to be left was kept nowhere, as a code, and when that was.
    pub trouble: Option<(&'static str, Timestamp)>,
}

/// Somebody who keeps messages for this account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeeperView {
    /// Whether a node of it is connected.
    pub is_online: bool,
    /// What it is called.
    pub name: Option<String>,
    /// How far this account has got with it.
    pub keeper: Keeper,
    /// The account.
    pub peer: AccountId,
}

/// Somebody with whom this node has terms.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AgreementView {
    /// What it is called.
    pub name: Option<String>,
    /// The account.
    pub peer: AccountId,
    /// The terms.
    pub terms: Terms,
}

/// How much is kept for others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeptView {
    /// Bytes, with what each copy costs besides.
    pub bytes: u64,
    /// Copies.
    pub copies: u64,
    /// Bytes that may be kept.
    pub max_bytes: u64,
    /// Copies that may be kept.
    pub max_copies: u64,
}

impl Node {
    /// Shows the mailboxes of a network.
    ///
    /// # Errors
    /// See [`NetworkError`].
    pub async fn mailboxes_list(&self, id: NetworkId) -> Result<MailboxesView, NetworkError> {
        let network = self
            .network(&id)
            .ok_or(NetworkError::NotFound("no such network"))?;
        let me = self.me().account;
        let hubs = deposit::hubs(&network).into_iter();
        let mut asked = hubs
            .filter(|hub| *hub != me)
            .map(|hub| (hub, Keeper::Agreed))
            .collect::<Vec<_>>();
        asked.extend(keepers::with(self, id, |keepers| {
            let all = keepers.all().map(|(peer, entry)| (peer, entry.keeper));
            all.filter(|(peer, _)| !is_hub(&network, peer))
                .collect::<Vec<_>>()
        }));
        let mut keepers = Vec::new();
        for (peer, keeper) in asked {
            keepers.push(KeeperView {
                is_online: !network.net().nodes_of(&peer).is_empty(),
                name: self.known_name(&network, peer).await,
                keeper,
                peer,
            });
        }
        let stands = terms::with(self, &network, |agreements| {
            agreements.all().collect::<Vec<_>>()
        });
        let mut agreements = Vec::new();
        for (peer, terms) in stands {
            agreements.push(AgreementView {
                name: self.known_name(&network, peer).await,
                peer,
                terms,
            });
        }
        let keeps = |it: &AgreementView| it.terms == Terms::Agreed;
        let keeps = is_hub(&network, &me) || agreements.iter().any(keeps);
        let kept = keeps.then(|| {
            keep::with(self, id, |shelf| {
                let (total, quota) = (shelf.total(), shelf.quota().total);
                KeptView {
                    bytes: total.bytes,
                    copies: total.copies,
                    max_bytes: quota.bytes,
                    max_copies: quota.copies,
                }
            })
        });
        let trouble = lock(&self.0.mailboxes.trouble).get(&id).copied();
        Ok(MailboxesView {
            keepers,
            agreements,
            kept,
            trouble: trouble.map(|(why, at)| (why.code(), at)),
        })
    }
}

impl NotKept {
    /// The word for it that people's programs know.
    fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Gone => "removed",
            Self::NoKeys => "no_keys",
            Self::NoMailbox => "no_mailbox",
            Self::Refused => "denied",
            Self::TooLarge => "too_large",
            Self::Unreachable => "unreachable",
        }
    }
}
