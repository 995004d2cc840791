//! Commands about settings and diagnostics.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use serde_json::{Map, Value};

use super::invalid;
use crate::{Code, Error, Host, table::Nothing, types::*};

/// Favourites that are kept at most.
const MAX_FAVOURITES: usize = 256;

pub(crate) async fn get(host: &Host, _: Nothing) -> Result<Settings, Error> {
    let stored = host.node()?.settings().await?;
    // A value that this version does not know counts as left out, one by one.
    let defaults = to_object(&Settings::default())?;
    let known = defaults.into_iter().map(|(key, default)| {
        let value = stored.get(&key).filter(|value| fits(&key, value)).cloned();
        (key, value.unwrap_or(default))
    });
    serde_json::from_value(Value::Object(known.collect())).map_err(|error| defect(&error))
}

pub(crate) async fn set(host: &Host, arguments: SettingsChange) -> Result<Settings, Error> {
    let favourites = arguments.favourites.as_deref().unwrap_or_default();
    if favourites.len() > MAX_FAVOURITES {
        return Err(invalid("favourites", "there are 256 at most"));
    }
    let downloads = arguments.downloads.as_deref().unwrap_or_default();
    if !downloads.is_empty() && !Path::new(downloads).is_absolute() {
        return Err(invalid("downloads", "the path must be absolute"));
    }
    let changes = to_object(&arguments)?
        .into_iter()
        .filter(|(_, value)| !value.is_null());
    host.node()?
        .set_settings(changes.collect::<BTreeMap<_, _>>())
        .await?;
    get(host, Nothing {}).await
}

/// Whether `value` is one that the setting `key` can have.
fn fits(key: &str, value: &Value) -> bool {
    let one = Map::from_iter([(key.to_owned(), value.clone())]);
    serde_json::from_value::<Settings>(Value::Object(one)).is_ok()
}

fn to_object(value: &impl serde::Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(value).map_err(|error| defect(&error))? {
        Value::Object(object) => Ok(object),
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {
            Ok(Map::new())
        }
    }
}

fn defect(error: &serde_json::Error) -> Error {
    Error::new(
        Code::Internal,
        format!("the settings are not JSON: {error}"),
    )
}

pub(crate) async fn diagnostics(host: &Host, _: Nothing) -> Result<String, Error> {
    let mut text = String::new();
    let account = super::account::describe(host);
    let _ = writeln!(text, "Streembit {}", env!("CARGO_PKG_VERSION"));
    let _ = writeln!(
        text,
        "System: {} {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let _ = writeln!(
        text,
        "Account: {:?}, {:?}, keys in {:?}",
        account.state, account.kind, account.key_store
    );
    if let Some(problem) = account.problem {
        let _ = writeln!(text, "Problem: {:?}: {}", problem.code, problem.message);
    }
    let Ok(node) = host.node() else {
        return Ok(text);
    };
    let _ = writeln!(text, "Node: {}", node.me().node);
    for network in node.networks_list() {
        let kind = if network.is_public {
            "public"
        } else {
            "private"
        };
        let id = NetworkKey(network.network);
        let _ = writeln!(
            text,
            "Network {id} ({kind}): {:?}, {} peers",
            network.state, network.peers
        );
        for address in network.addresses {
            let _ = writeln!(text, "  {address}");
        }
    }
    Ok(text)
}
