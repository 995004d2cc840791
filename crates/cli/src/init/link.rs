//! `init --link`: links this folder to the account of another computer.

use std::{path::Path, process::ExitCode};

use serde_json::json;
use streembit_identity::Passphrase;
use streembit_node::profile::{Joining, LinkWish, Profile};
use tokio::sync::watch;

use crate::{arguments::Init, failure::Failure, file::read_text, output, passphrase};

/// The longest file with a link, in bytes.
const MAX_LINK: u64 = 8 * 1024;

/// Prints the code to compare, waits until the other side confirms it, and prints who this is then.
pub(super) async fn link(init: &Init, path: &Path) -> Result<ExitCode, Failure> {
    let passphrase = init.passphrase_file.as_deref();
    let wish = LinkWish {
        link: read_text(path, MAX_LINK)?.trim().to_owned(),
        key_store: init.key_store.into(),
        passphrase: passphrase
            .map(passphrase::read)
            .transpose()?
            .map(Passphrase::new),
    };
    let profile = Profile::open(&init.folder.path()?)?;
    let (progress, mut news) = watch::channel(Joining::default());
    let told = async {
        // It ends with the linking, which holds the other end.
        let shows = news.wait_for(|it| it.code.is_some()).await;
        let code = shows.ok().and_then(|it| it.code.clone());
        if let Some(code) = code {
            output::print(&json!({ "code": code }))?;
        }
        std::future::pending::<Result<(), Failure>>().await
    };
    let keys = tokio::select! {
        keys = profile.link(wish, &progress) => keys?,
        Err(failure) = told => return Err(failure),
    };
    output::print(&json!({
        "peer": keys.account().to_string(),
        "node": keys.node().to_string(),
    }))?;
    Ok(ExitCode::SUCCESS)
}
