//! Accounts and addresses for tests.

use streembit_identity::{AccountId, AccountKey};

use crate::url::ThingUrl;

/// The account whose key has the seed `[n; 32]`.
pub(crate) fn account(n: u8) -> AccountId {
    AccountKey::from_seed(&[n; 32].into()).id()
}

/// The lamp on the first account's host.
pub(crate) fn lamp_url() -> ThingUrl {
    ThingUrl {
        host: account(1),
        name: "lamp".parse().unwrap(),
    }
}
