//! The address of a thing: `streembit://<account of its host>/<name>`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use streembit_identity::{AccountId, IdError};

/// Longest name of a thing on its host.
const MAX_NAME: usize = 64;

/// What every address of a thing begins with.
const SCHEME: &str = "streembit://";

/// A thing's name on its host: lower-case letters, digits and single hyphens between them.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ThingName(String);

/// The address of one thing.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ThingUrl {
    /// The account of its host.
    pub host: AccountId,
    /// Its name there.
    pub name: ThingName,
}

/// Why text is not the address or the name of a thing.
#[derive(Debug, thiserror::Error)]
pub enum ThingUrlError {
    /// The host part is not an account.
    #[error("the host is not an account: {0}")]
    Host(#[from] IdError),
    /// The name part has other characters, or is too short or too long.
    #[error("a thing's name has 1 to {MAX_NAME} lower-case letters, digits and hyphens")]
    Name,
    /// Not of the form `streembit://<peer>/<name>`.
    #[error("a thing's address has the form streembit://<peer>/<name>")]
    Shape,
}

impl ThingName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ThingName {
    type Err = ThingUrlError;

    fn from_str(text: &str) -> Result<Self, ThingUrlError> {
        let is_fine = (1..=MAX_NAME).contains(&text.len())
            && text.split('-').all(|part| {
                !part.is_empty()
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            });
        is_fine
            .then(|| Self(text.to_owned()))
            .ok_or(ThingUrlError::Name)
    }
}

impl fmt::Display for ThingName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for ThingUrl {
    type Err = ThingUrlError;

    fn from_str(text: &str) -> Result<Self, ThingUrlError> {
        let rest = text.strip_prefix(SCHEME).ok_or(ThingUrlError::Shape)?;
        let (host, name) = rest.split_once('/').ok_or(ThingUrlError::Shape)?;
        Ok(Self {
            host: host.parse()?,
            name: name.parse()?,
        })
    }
}

impl fmt::Display for ThingUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{SCHEME}{}/{}", self.host, self.name)
    }
}

impl Serialize for ThingUrl {
    fn serialize<S: Serializer>(&self, writer: S) -> Result<S::Ok, S::Error> {
        writer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ThingUrl {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        String::deserialize(reader)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for good in ["lamp", "lamp-2", "0", &"a".repeat(64)] {
            assert!(good.parse::<ThingName>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "Lamp",
            "lamp-",
            "-lamp",
            "la--mp",
            "lämp",
            "a/b",
            "..",
            &"a".repeat(65),
        ] {
            assert!(bad.parse::<ThingName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn reads_back_what_it_writes() {
        let host = crate::testing::account(1);
        let url = ThingUrl {
            host,
            name: "lamp".parse().unwrap(),
        };

        let again: ThingUrl = url.to_string().parse().unwrap();

        assert_eq!(again, url);
        assert!(format!("http://{host}/lamp").parse::<ThingUrl>().is_err());
        assert!(format!("streembit://{host}").parse::<ThingUrl>().is_err());
        assert!("streembit://nobody/lamp".parse::<ThingUrl>().is_err());
    }
}
