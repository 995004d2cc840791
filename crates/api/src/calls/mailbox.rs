//! Commands about mailboxes.

use streembit_node::MailboxesView;

use crate::{Error, Host, types::*};

pub(crate) async fn list(host: &Host, arguments: NetworkRef) -> Result<Mailboxes, Error> {
    let shown = host.node()?.mailboxes_list(arguments.network.0).await?;
    Ok(shown.into())
}

impl From<MailboxesView> for Mailboxes {
    fn from(view: MailboxesView) -> Self {
        let keepers = view.keepers.into_iter().map(|keeper| MailKeeper {
            peer: keeper.peer.into(),
            name: keeper.name,
            online: keeper.is_online,
        });
        Self {
            keepers: keepers.collect(),
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
