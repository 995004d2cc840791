//! Measures opening and searching a long history: `cargo run --release --example search [FOLDER] [MESSAGES]`.

use std::time::{Duration, Instant};

use streembit_identity::{AccountId, AccountKey, MessageId, NetworkId, Timestamp};
use streembit_store::{DatabaseKey, IncomingMessage, Options, Page, Sought, Store, StoreError};
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const CONVERSATIONS: u64 = 50;
const RUNS: usize = 21;

/// Common words come often, as in speech; every message has one that is its own.
const WORDS: [&str; 24] = [
    "the", "kettle", "is", "on", "come", "over", "when", "you", "like", "and", "bring", "a",
    "cake", "to", "lamp", "garden", "tomorrow", "morning", "yes", "no", "maybe", "later", "train",
    "station",
];

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it prints what it measured")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "target".to_owned());
    let count: u64 = arguments
        .next()
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let path = folder.path().join("streembit.db");
    let key = DatabaseKey::new([1; 32]);
    let store = Store::open(&path, &key, Options::default()).await?;
    let started = Instant::now();
    fill(&store, count).await?;
    println!(
        "{count} messages stored in {:.0} s",
        started.elapsed().as_secs_f64()
    );
    store.close().await;
    println!("{} MiB on disk", std::fs::metadata(&path)?.len() >> 20);

    let store = Store::open(&path, &key, Options::default()).await?;
    let open = time(|| async {
        let page = Page {
            before: None,
            limit: 50,
        };
        store
            .messages(NetworkId::PUBLIC, peer(7), page)
            .await
            .map(|page| page.map_or(0, |page| page.len()))
    });
    println!("open a conversation: {}", open.await?);
    for (what, text, in_one) in [
        ("one message", "number77777", false),
        ("a common word", "kettle", false),
        ("two common words", "kettle garden", false),
        ("the beginning of a word", "tomor", false),
        ("a common word in one conversation", "kettle", true),
    ] {
        let sought = Sought {
            text: text.to_owned(),
            network: in_one.then_some(NetworkId::PUBLIC),
            peer: in_one.then(|| peer(7).into()),
            limit: 50,
        };
        let found = time(|| async {
            store
                .search_messages(sought.clone())
                .await
                .map(|found| found.len())
        });
        println!("search for {what}: {}", found.await?);
    }
    store.close().await;
    Ok(())
}

/// Runs `work` often, and tells the middle and the longest time, and how many rows came.
async fn time<W>(work: impl Fn() -> W) -> Result<String, StoreError>
where
    W: Future<Output = Result<usize, StoreError>>,
{
    let (mut times, mut rows) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let started = Instant::now();
        rows = work().await?;
        times.push(started.elapsed());
    }
    times.sort();
    let at = |place: usize| {
        times
            .get(place)
            .copied()
            .unwrap_or(Duration::ZERO)
            .as_secs_f64()
            * 1000.0
    };
    Ok(format!(
        "{:.2} ms, at most {:.2} ms, {rows} rows",
        at(RUNS / 2),
        at(RUNS - 1)
    ))
}

async fn fill(store: &Store, count: u64) -> Result<(), StoreError> {
    let peers: Vec<AccountId> = (0..CONVERSATIONS).map(peer).collect();
    let mut jobs = JoinSet::new();
    for n in 0..count {
        if jobs.len() >= 512
            && let Some(Ok(stored)) = jobs.join_next().await
        {
            stored?;
        }
        let from = peers
            .iter()
            .cycle()
            .nth(usize::try_from(n % CONVERSATIONS).unwrap_or(0))
            .copied();
        let (store, message) = (store.clone(), message(n, from.unwrap_or_else(|| peer(0))));
        jobs.spawn(async move { store.insert_incoming(message).await.map(drop) });
    }
    while let Some(stored) = jobs.join_next().await {
        stored.unwrap_or(Ok(()))?;
    }
    Ok(())
}

fn peer(n: u64) -> AccountId {
    let mut seed = [1; 32];
    seed.iter_mut()
        .zip(n.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    AccountKey::from_seed(&seed.into()).id()
}

fn message(n: u64, from: AccountId) -> IncomingMessage {
    let mut random = [0; 10];
    random
        .iter_mut()
        .skip(2)
        .zip(n.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    let mut roll = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut words = vec![format!("number{n}")];
    for _ in 0..10 {
        roll = roll.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let place = usize::try_from(roll >> 40).unwrap_or(0) % WORDS.len();
        words.extend(WORDS.get(place).map(|word| (*word).to_owned()));
    }
    IncomingMessage {
        id: MessageId::new(Timestamp(NOW.0 + n), random),
        network: NetworkId::PUBLIC,
        peer: from.into(),
        from,
        text: words.join(" "),
        reply_to: None,
        sent_at: Timestamp(NOW.0 + n),
        received_at: NOW,
        linked: None,
        edited: None,
    }
}
