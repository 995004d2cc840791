//! Keys that were found good lately, so that the same few need not be proven for every message.
//!
//! Taking a key apart costs a tenth of a signature check, and an envelope names three. The memory
//! is small, belongs to one thread, and holds public keys only; forgetting costs time, no more.

use std::cell::RefCell;

use ed25519_dalek::VerifyingKey;

/// Number of places; each key has exactly one that it may take.
const PLACES: usize = 64;

thread_local! {
    static KEYS: RefCell<[Option<VerifyingKey>; PLACES]> = const { RefCell::new([None; PLACES]) };
}

/// Returns the key if it was kept and not displaced since.
pub(super) fn recall(bytes: &[u8; 32]) -> Option<VerifyingKey> {
    KEYS.with_borrow(|keys| {
        let known = keys.get(place(bytes)).copied().flatten();
        known.filter(|known| known.as_bytes() == bytes)
    })
}

/// Keeps a key that was found good.
pub(super) fn keep(key: VerifyingKey) {
    KEYS.with_borrow_mut(|keys| {
        if let Some(known) = keys.get_mut(place(key.as_bytes())) {
            *known = Some(key);
        }
    });
}

fn place(bytes: &[u8; 32]) -> usize {
    let [first, ..] = bytes;
    usize::from(*first) % PLACES
}
