//! Decoders of `streembit-node`: what envelopes between people say.

#[path = "../../crates/node/src/contacts/body.rs"]
mod contacts;
#[path = "../../crates/node/src/chat/body.rs"]
mod texts;

use contacts::{Answer, Request};
use texts::{Read, Receipt, Text, check_text, decode, encode};

/// Longest text, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// Bodies of texts, receipts, read receipts, contact requests and their answers.
pub fn body(data: &[u8]) {
    if let Some(text) = decode::<Text>(data) {
        assert_eq!(encode(&text), data);
        assert!(check_text(&text.text).is_err() || !text.text.trim().is_empty());
    }
    if let Some(receipt) = decode::<Receipt>(data) {
        assert_eq!(encode(&receipt), data);
    }
    if let Some(read) = decode::<Read>(data) {
        assert_eq!(encode(&read), data);
    }
    if let Some(request) = decode::<Request>(data) {
        assert_eq!(encode(&request), data);
    }
    if let Some(answer) = decode::<Answer>(data) {
        assert_eq!(encode(&answer), data);
    }
}
