//! People who exist only as names and keys, for views of very many.

use std::array;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::json;
use streembit_identity::AccountId;

use crate::line::Line;

/// Names that a view has to bear.
const ODD: [&str; 8] = [
    "שרה בן־דוד",
    "محمد عبد الرحمن الخوارزمي",
    "Maximiliane-Alexandra von und zu Hohenstein-Wallerstein-Thurnau",
    "Ștefănescu-Łukaszewicz Nguyễn-Ångström Þorgrímsdóttir-Đorđević Ğ",
    "李小龍",
    "ஸ்ரீநிவாசன் ராமானுஜன்",
    "Ayşe 👍",
    "O’Brien & Söhne <north>",
];

const FIRST: [&str; 16] = [
    "Ada", "Bo", "Carmen", "Dmitri", "Esra", "Finn", "Grace", "Hiro", "Ines", "Jakub", "Kofi",
    "Lena", "Malik", "Noor", "Olu", "Priya",
];

const LAST: [&str; 12] = [
    "Almeida",
    "Brandt",
    "Castillo",
    "Dvořák",
    "Eriksson",
    "Fischer",
    "Görgülü",
    "Haddad",
    "Ivanova",
    "Jensen",
    "Kowalski",
    "Laurent",
];

/// Somebody made up.
#[derive(Clone, Debug)]
pub struct Extra {
    /// A key that nobody holds.
    pub peer: String,
    /// What it is called.
    pub name: String,
}

/// So many people, each with a key and a name of their own; those with odd names come first.
#[must_use]
pub fn crowd(count: usize) -> Vec<Extra> {
    let plain = FIRST
        .iter()
        .flat_map(|first| LAST.iter().map(move |last| format!("{first} {last}")));
    let names = ODD.iter().map(|name| (*name).to_owned()).chain(plain);
    let keys = (1..).filter_map(key);
    names
        .zip(keys)
        .take(count)
        .map(|(name, peer)| Extra { peer, name })
        .collect()
}

/// Brings `extras` into a network of `app` by its plain list, as its admin would.
///
/// # Errors
/// When the list cannot be written or is not taken.
pub async fn enlist(
    app: &mut Line,
    network: &str,
    extras: &[Extra],
    folder: &Path,
) -> anyhow::Result<()> {
    let path = folder.join("members.toml");
    let here = json!({ "network": network, "path": path });
    app.ask("network_export", here.clone()).await??;
    let mut list = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    for Extra { peer, name } in extras {
        list.push_str(&format!(
            "[[member]]\nname = \"{name}\"\nkey = \"{peer}\"\nrole = \"member\"\n\n"
        ));
    }
    fs::write(&path, list)?;
    app.ask("network_import", here).await??;
    Ok(())
}

/// A key made of `number`; about every second number makes one.
fn key(number: u64) -> Option<String> {
    let mut state = number;
    let bytes: [u8; 32] = array::from_fn(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let [top, ..] = state.to_be_bytes();
        top
    });
    Some(AccountId::from_bytes(&bytes).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use streembit_identity::Name;

    use super::*;

    #[test]
    fn everybody_has_a_key_and_a_name_of_their_own() {
        let extras = crowd(150);

        let keys: BTreeSet<&str> = extras.iter().map(|extra| extra.peer.as_str()).collect();
        let names: BTreeSet<&str> = extras.iter().map(|extra| extra.name.as_str()).collect();
        assert_eq!((keys.len(), names.len()), (150, 150));
        assert!(names.iter().all(|name| name.parse::<Name>().is_ok()));
        assert!(names.iter().any(|name| name.chars().count() == 64));
    }
}
