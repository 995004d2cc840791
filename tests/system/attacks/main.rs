//! Attacks on a private network: raw connections and modified nodes against nodes of every kind,
//! over every transport. What is said on a wire is written by the tests themselves.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

mod damage;
mod forgery;
mod knocker;
mod message;
mod public;
mod removal;
mod scene;
mod siege;
mod stranger;
