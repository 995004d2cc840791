//! The identifiers that appear in arguments and results: text outside, checked types inside.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use streembit_identity::{self as identity, AccountId, GroupId, MessageId, NetworkId, NodeId};

/// The word for the public network.
const PUBLIC: &str = "public";

/// Declares an identifier that is a string in JSON and a checked type here.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, JsonSchema)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub struct $name(
            #[schemars(with = "String")]
            #[cfg_attr(test, ts(type = "string"))]
            pub $inner,
        );

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

/// Gives an identifier the text of its inner type.
macro_rules! same_text {
    ($name:ident($inner:ty)) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = <$inner as FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

text_id! {
    /// An account: its key in lower-case base32.
    Peer(AccountId)
}
same_text!(Peer(AccountId));

text_id! {
    /// The other side of a conversation: an account, or a group as `group:` and its id.
    Party(identity::Party)
}
same_text!(Party(identity::Party));

text_id! {
    /// A group: `group:` and its id in lower-case base32.
    GroupKey(GroupId)
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        identity::Party::Group(self.0).fmt(f)
    }
}

impl FromStr for GroupKey {
    type Err = identity::IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let party: identity::Party = text.parse()?;
        let group = party.group();
        group
            .map(Self)
            .ok_or(identity::IdError::Shape("a group begins with `group:`"))
    }
}

text_id! {
    /// An installation: its libp2p PeerId.
    Node(NodeId)
}
same_text!(Node(NodeId));

text_id! {
    /// A message's UUID.
    MessageKey(MessageId)
}
same_text!(MessageKey(MessageId));

text_id! {
    /// A thing: `streembit://<peer>/<name>`.
    ThingUrl(streembit_things::ThingUrl)
}
same_text!(ThingUrl(streembit_things::ThingUrl));

text_id! {
    /// `public`, or the id of a private network.
    NetworkKey(NetworkId)
}

impl fmt::Display for NetworkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == NetworkId::PUBLIC {
            f.write_str(PUBLIC)
        } else {
            self.0.fmt(f)
        }
    }
}

impl FromStr for NetworkKey {
    type Err = <NetworkId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == PUBLIC {
            Ok(Self(NetworkId::PUBLIC))
        } else {
            text.parse().map(Self)
        }
    }
}

/// A moment, in Unix milliseconds.
pub type Time = u64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_the_public_network_by_its_word() {
        let key = NetworkKey(NetworkId::PUBLIC);

        assert_eq!(serde_json::to_value(&key).unwrap(), "public");
        assert_eq!("public".parse::<NetworkKey>().unwrap(), key);
    }

    #[test]
    fn refuses_text_that_is_no_key() {
        for text in ["", "public ", "x", "../../etc"] {
            assert!(text.parse::<Peer>().is_err(), "{text}");
            assert!(text.parse::<NetworkKey>().is_err(), "{text}");
        }
    }
}
