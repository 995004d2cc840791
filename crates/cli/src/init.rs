//! `init`: creates an account in a data folder, or brings one back from its words.

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use serde_json::json;
use streembit_api::Code;
use streembit_identity::{Name, Passphrase, PeerKind, RecoveryPhrase};
use streembit_node::profile::{KeyStoreKind, NewAccount, Profile};

use crate::{
    arguments::{Init, KeyStore, Kind},
    failure::Failure,
    file::read_text,
    output, passphrase,
};

mod link;

/// The longest file with 24 words, in bytes.
const MAX_PHRASE: u64 = 4 * 1024;

/// Creates the account and prints who it is.
pub(crate) async fn init(init: Init) -> Result<ExitCode, Failure> {
    if let Some(path) = &init.link {
        return link::link(&init, path).await;
    }
    let account = account(&init)?;
    let is_restored = account.phrase.is_some();
    let profile = Profile::open(&init.folder.path()?)?;
    let keys = profile.create(account).await?;
    output::print(&json!({
        "peer": keys.account().to_string(),
        "node": keys.node().to_string(),
        "name": init.name,
        "kind": PeerKind::from(init.kind).to_string(),
    }))?;
    if matches!(init.kind, Kind::Human) && !is_restored && io::stderr().is_terminal() {
        let words = keys.phrase().reveal();
        output::say(
            "\nThese 24 words bring your account back. Write them down and keep them safe:\n",
        );
        output::say(&words);
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads everything that the account needs before anything is created.
fn account(init: &Init) -> Result<NewAccount, Failure> {
    let name: Name = init
        .name
        .as_deref()
        .unwrap_or_default()
        .parse()
        .map_err(|error| Failure::new(Code::InvalidArguments, format!("--name: {error}")))?;
    let passphrase = init
        .passphrase_file
        .as_deref()
        .map(passphrase::read)
        .transpose()?;
    let key_store = init.key_store.into();
    if key_store == KeyStoreKind::File && passphrase.is_none() {
        let message = "a sealed file needs a passphrase: name its file with --passphrase-file";
        return Err(Failure::new(Code::InvalidArguments, message));
    }
    Ok(NewAccount {
        key_store,
        kind: init.kind.into(),
        name,
        passphrase: passphrase.map(Passphrase::new),
        phrase: init
            .restore_phrase_file
            .as_deref()
            .map(phrase)
            .transpose()?,
    })
}

fn phrase(path: &std::path::Path) -> Result<RecoveryPhrase, Failure> {
    RecoveryPhrase::parse(read_text(path, MAX_PHRASE)?.trim()).map_err(|error| {
        Failure::new(
            Code::InvalidArguments,
            format!("{}: {error}", path.display()),
        )
    })
}

impl From<Kind> for PeerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Human => Self::Human,
            Kind::Device => Self::Device,
            Kind::Hub => Self::Hub,
        }
    }
}

impl From<KeyStore> for KeyStoreKind {
    fn from(key_store: KeyStore) -> Self {
        match key_store {
            KeyStore::Keyring => Self::Keyring,
            KeyStore::File => Self::File,
        }
    }
}
