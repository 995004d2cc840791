//! `id`: tells who the account of a data folder is, running or not.

use std::process::ExitCode;

use serde_json::{Value, json};
use streembit_api::{
    Code, Error,
    control::{CallError, Client},
};
use streembit_node::profile::describe;

use crate::{arguments::Folder, failure::Failure, output};

/// Prints the account, asking the running node where there is one.
pub(crate) async fn id(folder: Folder) -> Result<ExitCode, Failure> {
    let path = folder.path()?;
    let status = match Client::connect(&path).await {
        Ok(mut client) => client.call("account_status", json!({})).await?,
        Err(CallError::NotRunning) => stored(&path)?,
        Err(error @ (CallError::Command(_) | CallError::Connection(_))) => return Err(error.into()),
    };
    if status.get("peer").is_none_or(Value::is_null) {
        return Err(Error::new(Code::NoAccount, "there is no account in this data folder").into());
    }
    let shown = ["peer", "node", "name", "kind"].map(|key| {
        (
            key.to_owned(),
            status.get(key).cloned().unwrap_or(Value::Null),
        )
    });
    output::print(&Value::Object(shown.into_iter().collect()))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads what the folder says of itself without its secrets.
fn stored(path: &std::path::Path) -> Result<Value, Failure> {
    let Some(found) = describe(path)? else {
        return Ok(json!({}));
    };
    Ok(json!({
        "peer": found.account.to_string(),
        "node": found.node.map(|node| node.to_string()),
        "name": found.name.to_string(),
        "kind": found.kind.to_string(),
    }))
}
