//! Measures durable inserts a second, alone and in company: `cargo run --release --example inserts`.

use std::time::{Duration, Instant};

use streembit_identity::{AccountKey, MessageId, NetworkId, Timestamp};
use streembit_store::{DatabaseKey, IncomingMessage, Options, Store, StoreError};
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp(1_790_000_000_000);

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it prints what it measured")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir_in(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "target".to_owned()),
    )?;
    let key = DatabaseKey::new([1; 32]);
    let store = Store::open(
        &folder.path().join("streembit.db"),
        &key,
        Options::default(),
    )
    .await?;
    let mut first = 0;
    for writers in [1, 8, 64, 512] {
        let started = Instant::now();
        let stored = insert_for(Duration::from_secs(3), &store, writers, first).await?;
        first += stored;
        println!(
            "{writers:4} at a time: {:7.0} messages/s",
            stored as f64 / started.elapsed().as_secs_f64()
        );
    }
    store.close().await;
    Ok(())
}

/// Stores messages that came, `writers` at a time, and tells how many.
async fn insert_for(
    time: Duration,
    store: &Store,
    writers: usize,
    first: u64,
) -> Result<u64, StoreError> {
    let until = Instant::now() + time;
    let (mut stored, mut jobs) = (0, JoinSet::new());
    while Instant::now() < until || !jobs.is_empty() {
        while jobs.len() < writers && Instant::now() < until {
            let (store, message) = (store.clone(), message(first + stored + jobs.len() as u64));
            jobs.spawn(async move { store.insert_incoming(message).await });
            if jobs.len() < writers {
                continue;
            }
        }
        if let Some(Ok(answer)) = jobs.join_next().await {
            answer?;
            stored += 1;
        }
    }
    Ok(stored)
}

fn message(n: u64) -> IncomingMessage {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    IncomingMessage {
        id: MessageId::new(NOW, random),
        network: NetworkId::PUBLIC,
        peer: AccountKey::from_seed(&[1; 32].into()).id().into(),
        from: AccountKey::from_seed(&[1; 32].into()).id(),
        text: "The kettle is on, come over when you like.".to_owned(),
        reply_to: None,
        sent_at: NOW,
        received_at: NOW,
        linked: None,
        edited: None,
    }
}
