//! The identifiers that appear in arguments and results, as text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an identifier that is a string in JSON.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub struct $name(pub String);

        impl $name {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// An account: its key in lower-case base32.
    Peer
}
text_id! {
    /// An installation: its libp2p PeerId.
    Node
}
text_id! {
    /// `public`, or the id of a private network.
    NetworkKey
}
text_id! {
    /// A thing: `streembit://<peer>/<name>`.
    ThingUrl
}
text_id! {
    /// A message's UUID.
    MessageKey
}

/// A moment, in Unix milliseconds.
pub type Time = u64;
