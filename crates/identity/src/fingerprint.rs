//! What people compare to know that they hold each other's keys.

use sha2::{Digest as _, Sha512};

use crate::AccountId;

/// How often the hash is repeated, as Signal does for its numeric fingerprints.
const ROUNDS: usize = 5_200;

/// Writes the account id in groups of four characters.
pub fn fingerprint(account: AccountId) -> String {
    let mut text = String::with_capacity(64);
    for (index, character) in account.to_string().chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push(' ');
        }
        text.push(character);
    }
    text
}

/// Returns the 60 digits, in groups of five, that both people of a conversation see alike.
pub fn safety_number(one: AccountId, other: AccountId) -> String {
    let mut halves = [digits(one), digits(other)];
    halves.sort_unstable();
    halves.concat().join(" ")
}

/// Six groups of five digits for one key.
fn digits(account: AccountId) -> Vec<String> {
    let mut hash = Sha512::digest([b"streembit/1/safety".as_slice(), account.as_bytes()].concat());
    for _ in 1..ROUNDS {
        hash = Sha512::new()
            .chain_update(hash)
            .chain_update(account.as_bytes())
            .finalize();
    }
    hash.chunks_exact(5).take(6).map(group).collect()
}

fn group(bytes: &[u8]) -> String {
    let number = bytes
        .iter()
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    format!("{:05}", number % 100_000)
}
