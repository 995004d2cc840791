//! Commands about the profile's own account.

use std::path::PathBuf;

use streembit_identity::{Name, Passphrase, RecoveryPhrase, fingerprint};
use streembit_node::profile::{KeyStoreKind, Keys, NewAccount, Restore};
use tracing::info;

use super::{invalid, read};
use crate::{Code, Error, Host, table::Nothing, types::*};

pub(crate) async fn status(host: &Host, _: Nothing) -> Result<AccountStatus, Error> {
    // While the node starts, the answer waits: neither locked nor ready is true yet.
    let _change = host.change().await;
    Ok(describe(host))
}

/// Describes the account as it is now.
pub(crate) fn describe(host: &Host) -> AccountStatus {
    let node = host.node();
    let described = host.profile().describe();
    let problem = match (&node, &described) {
        (Ok(_), _) => None,
        (Err(_), Err(error)) => Some((Code::of(error.code()), error.to_string())),
        (Err(_), Ok(_)) => host.problem().map(|error| (error.code, error.message)),
    };
    let state = match (&node, &described) {
        (Ok(_), _) => AccountState::Ready,
        (Err(_), Ok(None)) => AccountState::None,
        (Err(_), Ok(Some(_)) | Err(_)) => AccountState::Locked,
    };
    let known = described.ok().flatten();
    AccountStatus {
        state,
        peer: known.as_ref().map(|known| known.account.into()),
        node: known
            .as_ref()
            .and_then(|known| known.node)
            .or(node.ok().map(|node| node.me().node))
            .map(Into::into),
        name: known.as_ref().map(|known| known.name.to_string()),
        kind: known.as_ref().map(|known| known.kind.into()),
        key_store: known.as_ref().map(|known| known.key_store.into()),
        fingerprint: known.as_ref().map(|known| fingerprint(known.account)),
        // That there is no account, or that a passphrase is asked for, is no trouble.
        problem: problem
            .filter(|(code, _)| !matches!(code, Code::Denied | Code::Locked | Code::NoAccount))
            .map(|(code, message)| Problem { code, message }),
    }
}

pub(crate) async fn create(host: &Host, arguments: AccountCreate) -> Result<AccountCreated, Error> {
    let _change = host.change().await;
    let account = NewAccount {
        key_store: arguments.key_store.unwrap_or(KeyStore::Keyring).into(),
        kind: arguments.kind.unwrap_or(Kind::Human).into(),
        name: read("name", &arguments.name)?,
        passphrase: arguments.passphrase.map(Passphrase::new),
        phrase: None,
    };
    let keys = host.profile().create(account).await?;
    host.run(&keys).await?;
    Ok(AccountCreated {
        peer: keys.account().into(),
        node: keys.node().into(),
        name: arguments.name,
        phrase: keys.phrase().reveal().to_string(),
    })
}

pub(crate) async fn unlock(host: &Host, arguments: AccountUnlock) -> Result<AccountStatus, Error> {
    if host.node().is_err() {
        host.start(Some(Passphrase::new(arguments.passphrase)))
            .await?;
    }
    Ok(describe(host))
}

pub(crate) async fn phrase(host: &Host, _: Nothing) -> Result<Phrase, Error> {
    let node = host.node()?;
    let phrase = RecoveryPhrase::of(&node.me().account_key)
        .reveal()
        .to_string();
    Ok(Phrase { phrase })
}

pub(crate) async fn passphrase(
    host: &Host,
    arguments: PassphraseChange,
) -> Result<AccountStatus, Error> {
    let _change = host.change().await;
    let (old, new) = (
        Passphrase::new(arguments.old),
        Passphrase::new(arguments.new),
    );
    host.profile().change_passphrase(old, new).await?;
    Ok(describe(host))
}

pub(crate) async fn rename(host: &Host, arguments: AccountRename) -> Result<AccountStatus, Error> {
    let _change = host.change().await;
    let name: Name = read("name", &arguments.name)?;
    host.profile().rename(&host.node()?, name).await?;
    host.tell_account();
    Ok(describe(host))
}

pub(crate) async fn backup(host: &Host, arguments: AccountBackup) -> Result<BackupWritten, Error> {
    let passphrase = Passphrase::new(arguments.passphrase);
    let bytes = host
        .node()?
        .account_backup(PathBuf::from(&arguments.path), passphrase)
        .await?;
    Ok(BackupWritten {
        path: arguments.path,
        bytes,
    })
}

pub(crate) async fn restore(
    host: &Host,
    arguments: AccountRestore,
) -> Result<AccountStatus, Error> {
    let _change = host.change().await;
    let keys = bring_back(host, arguments).await?;
    host.run(&keys).await?;
    Ok(describe(host))
}

async fn bring_back(host: &Host, arguments: AccountRestore) -> Result<Keys, Error> {
    let key_store = KeyStoreKind::from(arguments.key_store.unwrap_or(KeyStore::Keyring));
    let keys = match (arguments.phrase, arguments.path) {
        (Some(phrase), None) => {
            let name = arguments
                .name
                .ok_or_else(|| invalid("name", "the words need a name"))?;
            let account = NewAccount {
                key_store,
                kind: Kind::Human.into(),
                name: read("name", &name)?,
                passphrase: arguments
                    .store_passphrase
                    .or(arguments.passphrase)
                    .map(Passphrase::new),
                phrase: Some(
                    RecoveryPhrase::parse(&phrase)
                        .map_err(|error| invalid("phrase", &error.to_string()))?,
                ),
            };
            host.profile().create(account).await?
        }
        (None, Some(path)) => {
            let passphrase = arguments
                .passphrase
                .ok_or_else(|| invalid("passphrase", "a backup needs its passphrase"))?;
            let store_passphrase = arguments
                .store_passphrase
                .unwrap_or_else(|| passphrase.clone());
            let restore = Restore {
                key_store,
                passphrase: Passphrase::new(passphrase),
                path: PathBuf::from(path),
                store_passphrase: Some(Passphrase::new(store_passphrase)),
            };
            host.profile().restore(restore).await?
        }
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid(
                "phrase",
                "give either the words or the path of a backup",
            ));
        }
    };
    Ok(keys)
}

pub(crate) async fn delete(host: &Host, arguments: AccountDelete) -> Result<(), Error> {
    let _change = host.change().await;
    confirmed(host, &arguments)?;
    if let Ok(node) = host.node() {
        let heard = node.publish_tombstone().await;
        info!(heard, "Told the others that the account is no more");
    }
    wipe(host).await
}

/// Takes the account off this computer alone: nobody is told that it has ended, for it has not.
pub(crate) async fn unlink(host: &Host, arguments: AccountDelete) -> Result<(), Error> {
    let _change = host.change().await;
    confirmed(host, &arguments)?;
    let all = host.node()?.installations().await?;
    let stays = |it: &streembit_node::Installation| {
        if it.is_this {
            it.revoked_at.is_some()
        } else {
            it.revoked_at.is_none()
        }
    };
    if !all.iter().any(stays) {
        return Err(Error::new(
            Code::Conflict,
            "this is the only computer of the account: delete the account instead",
        ));
    }
    wipe(host).await
}

fn confirmed(host: &Host, arguments: &AccountDelete) -> Result<(), Error> {
    let Some(known) = host.profile().describe()? else {
        return Err(Error::new(Code::NoAccount, "there is no account to delete"));
    };
    if known.name.as_str() == arguments.confirm {
        Ok(())
    } else {
        Err(invalid(
            "confirm",
            "this is not the account's name; nothing was deleted",
        ))
    }
}

async fn wipe(host: &Host) -> Result<(), Error> {
    host.halt().await;
    host.profile().wipe().await?;
    host.tell_account();
    Ok(())
}
