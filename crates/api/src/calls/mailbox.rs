//! Commands about mailboxes.

use streembit_identity::NetworkId;
use streembit_node::{Keeper, MailboxesView, Terms};

use crate::{Error, Host, types::*};

pub(crate) async fn list(host: &Host, arguments: NetworkRef) -> Result<Mailboxes, Error> {
    let shown = host.node()?.mailboxes_list(arguments.network.0).await?;
    Ok(shown.into())
}

pub(crate) async fn ask(host: &Host, arguments: MailboxAsk) -> Result<Mailboxes, Error> {
    let network = arguments.network.map_or(NetworkId::PUBLIC, |it| it.0);
    let node = host.node()?;
    node.mailbox_ask(network, arguments.peer.0, arguments.wanted)
        .await?;
    Ok(node.mailboxes_list(network).await?.into())
}

pub(crate) async fn offer(host: &Host, arguments: MailboxOffer) -> Result<Mailboxes, Error> {
    let network = arguments.network.map_or(NetworkId::PUBLIC, |it| it.0);
    let node = host.node()?;
    node.mailbox_offer(network, arguments.peer.0, arguments.willing)
        .await?;
    Ok(node.mailboxes_list(network).await?.into())
}

impl From<MailboxesView> for Mailboxes {
    fn from(view: MailboxesView) -> Self {
        let keepers = view.keepers.into_iter().map(|keeper| MailKeeper {
            peer: keeper.peer.into(),
            name: keeper.name,
            online: keeper.is_online,
            state: match keeper.keeper {
                Keeper::Agreed => KeeperState::Agreed,
                Keeper::Wanted => KeeperState::Asked,
                Keeper::Ending | Keeper::Declined => KeeperState::Declined,
                Keeper::Offered => KeeperState::Offered,
            },
        });
        let agreements = view.agreements.into_iter().map(|with| MailAgreement {
            peer: with.peer.into(),
            name: with.name,
            state: match with.terms {
                Terms::Agreed => AgreementState::Agreed,
                Terms::Asked => AgreementState::Asked,
                Terms::Offered => AgreementState::Offered,
            },
        });
        Self {
            keepers: keepers.collect(),
            agreements: agreements.collect(),
            kept: view.kept.map(|kept| MailKept {
                copies: u32::try_from(kept.copies).unwrap_or(u32::MAX),
                bytes: kept.bytes,
                max_copies: u32::try_from(kept.max_copies).unwrap_or(u32::MAX),
                max_bytes: kept.max_bytes,
            }),
            trouble: view.trouble.map(|(code, at)| MailTrouble {
                code: code.to_owned(),
                at: at.0,
            }),
        }
    }
}
