//! B12: a long conversation in the app's own window, beside a naive list and an empty page.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use streembit_identity::{AccountId, MessageId, NetworkId, Timestamp};
use streembit_store::{IncomingMessage, Store};
use streembit_tests::node::Draft;
use streembit_tests::walk::id;
use streembit_tests::{Desk, NodeProcess, PATIENCE, Place, Window, eventually, meet};
use tokio::task::JoinSet;

use super::figure::{Figures, quantile};

/// What runs in the page.
const SCRIPT: &str = include_str!("view.js");
/// Messages of the conversation, unless `STREEMBIT_BENCH_MESSAGES` says otherwise.
const MESSAGES: u64 = 100_000;
/// Messages that the naive list lays out; more take minutes.
const NAIVE: u64 = 10_000;
/// Frames of one scroll, and what each scrolls by.
const FRAMES: u32 = 400;
const STEP: i32 = 90;
/// Messages that arrive in a second, and for how long.
const RATE: u32 = 50;
const SECONDS: u32 = 5;
const SEARCHES: usize = 21;
/// The time of the first message.
const LONG_AGO: u64 = 1_600_000_000_000;

pub(super) async fn measure(figures: &mut Figures) -> anyhow::Result<()> {
    let (place, desk) = (Place::new()?, Desk::without_keyring().await?);
    let (alice, bob) = (place.node("Alice"), place.node("Bob"));
    let bob = bob.start().await?;
    let count = std::env::var("STREEMBIT_BENCH_MESSAGES").ok();
    let count = count.map_or(Ok(MESSAGES), |count| count.parse())?;
    furnish(&alice, &bob, count).await?;
    let window = Window::open(&desk, &alice.folder()).await?;
    window
        .fill(&id("unlock-passphrase"), streembit_tests::place::PASSPHRASE)
        .await?;
    window.click(&id("unlock-act")).await?;
    window.see(&id("nav-chats")).await?;
    println!("    a conversation of {count} messages:");
    go(figures, &window, bob.peer()).await?;
    search(figures, &window, bob.peer()).await?;
    if let Err(error) = append(figures, &window, &bob).await {
        println!("    messages that arrive are left out: {error:#}");
    }
    beside(figures, &window).await?;
    window.close().await?;
    bob.stop().await.map(drop)
}

/// Makes Alice's profile, with Bob as a contact and `count` messages of his.
async fn furnish(alice: &Draft, bob: &NodeProcess, count: u64) -> anyhow::Result<()> {
    let running = alice.clone().start().await?;
    meet::meet(&running, bob).await?;
    running
        .call(
            "settings_set",
            json!({ "first_run_done": true, "phrase_kept": true }),
        )
        .await?;
    running.stop().await?;
    let store = alice.open_store().await?;
    let from: AccountId = bob.peer().parse()?;
    let begun = Instant::now();
    let mut writing = JoinSet::new();
    for n in 0..count {
        if writing.len() >= 512
            && let Some(written) = writing.join_next().await
        {
            written??;
        }
        writing.spawn(put(store.clone(), message(n, from)));
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    store.close().await;
    println!(
        "    {count} messages stored in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}

async fn put(store: Store, message: IncomingMessage) -> anyhow::Result<()> {
    store.insert_incoming(message).await?;
    Ok(())
}

fn message(n: u64, from: AccountId) -> IncomingMessage {
    let words = [
        "the", "kettle", "is", "on", "come", "over", "when", "you", "like",
    ];
    let length = 3 + n % 40;
    let text = (0..length).filter_map(|at| words.get(usize::try_from((n * 7 + at * 5) % 9).ok()?));
    let text = text.copied().collect::<Vec<_>>().join(" ");
    let mut random = [0; 10];
    let last = random.iter_mut().skip(2);
    last.zip(n.to_be_bytes()).for_each(|(to, from)| *to = from);
    let at = Timestamp(LONG_AGO + n * 100_000);
    IncomingMessage {
        id: MessageId::new(at, random),
        network: NetworkId::PUBLIC,
        peer: from.into(),
        from,
        text: format!("number{n} {text}"),
        reply_to: None,
        sent_at: at,
        received_at: at,
        linked: None,
        edited: None,
    }
}

/// Opens it, scrolls both ways, and goes to both ends.
async fn go(figures: &mut Figures, window: &Window, peer: &str) -> anyhow::Result<()> {
    let whole = json!({ "peer": peer, "network": "public" });
    window
        .line()
        .await?
        .ask("conversation_read", whole)
        .await??;
    let opened = run(window, json!(["open", format!("#/chats/{peer}")])).await?;
    note(figures, "a long conversation opens, ms", &opened, "100");
    for (way, step) in [("up", -STEP), ("down", STEP)] {
        let scrolled = json!(["scroll", ".box:has(> .log)", "[data-row]", step, FRAMES]);
        frames(
            figures,
            &format!("scrolled {way}"),
            &run(window, scrolled).await?,
        );
    }
    for key in ["Home", "End"] {
        let jumped = run(window, json!(["press", key])).await?;
        note(
            figures,
            &format!("{key}, to the other end, ms"),
            &jumped,
            "100",
        );
    }
    Ok(())
}

/// Looks on while messages arrive.
async fn append(figures: &mut Figures, window: &Window, bob: &NodeProcess) -> anyhow::Result<()> {
    let me = window
        .line()
        .await?
        .ask("account_status", json!({}))
        .await??;
    // Who knows where the other is has to speak first.
    let mut events = bob.events().await?;
    let hello = json!({ "peer": bob.peer(), "network": "public", "text": "hello" });
    window.line().await?.ask("message_send", hello).await??;
    let met = |event: &Value| {
        event
            .pointer("/message/text")
            .is_some_and(|text| text == "hello")
    };
    events.wait("a connection", met).await?;
    let mut line = bob.line().await?;
    let wanted = json!({ "peer": me.get("peer"), "network": "public", "text": "one more" });
    let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
    let flood = tokio::spawn(async move {
        for _ in 0..RATE * SECONDS {
            tick.tick().await;
            line.ask("message_send", wanted.clone()).await??;
        }
        anyhow::Ok(())
    });
    let watched = run(window, json!(["watch", SECONDS])).await?;
    flood.await??;
    frames(figures, "while 50 a second arrive", &watched);
    let arrived = || async {
        let list = json!({ "peer": bob.peer(), "network": "public", "limit": 1 });
        let last = window.line().await?.ask("messages_list", list).await??;
        Ok(last
            .pointer("/0/text")
            .is_some_and(|text| text == "one more")
            .then_some(()))
    };
    eventually(PATIENCE, "the last of them", arrived).await
}

/// Looks for words through the node, as the window does.
async fn search(figures: &mut Figures, window: &Window, peer: &str) -> anyhow::Result<()> {
    let mut line = window.line().await?;
    for text in ["number7777", "kettle over"] {
        let mut times = Vec::new();
        for _ in 0..SEARCHES {
            let begun = Instant::now();
            let sought = json!({ "text": text, "network": "public", "peer": peer, "limit": 50 });
            line.ask("messages_search", sought).await??;
            times.push(begun.elapsed());
        }
        let what = format!("search for “{text}”, p50 ms");
        figures.add("B12", &what, quantile(&mut times, 0.5), "50");
    }
    Ok(())
}

/// The same frames over a list of everything, and over nothing.
async fn beside(figures: &mut Figures, window: &Window) -> anyhow::Result<()> {
    let naive = run(window, json!(["naive", NAIVE])).await?;
    let what = format!("a naive list of {NAIVE} opens, ms");
    note(figures, &what, &naive, "beside it");
    let scrolled = run(
        window,
        json!(["scroll", "#naive", "article", -STEP, FRAMES]),
    )
    .await?;
    frames(figures, "the naive list", &scrolled);
    run(window, json!(["floor"])).await?;
    let floor = run(window, json!(["scroll", "#floor", "p", -STEP, FRAMES])).await?;
    frames(figures, "an empty page", &floor);
    Ok(())
}

async fn run(window: &Window, arguments: Value) -> anyhow::Result<Value> {
    window.session().script_async(SCRIPT, arguments).await
}

fn note(figures: &mut Figures, what: &str, value: &Value, goal: &str) {
    figures.add("B12", what, value.as_f64().unwrap_or(f64::NAN), goal);
}

/// Notes how long frames took, and what moved by itself.
fn frames(figures: &mut Figures, what: &str, found: &Value) {
    let gaps = found["gaps"].as_array().into_iter().flatten();
    let gaps = gaps.filter_map(Value::as_f64);
    let mut times: Vec<Duration> = gaps.map(|ms| Duration::from_secs_f64(ms / 1e3)).collect();
    for (name, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        let goal = if name == "p99" { "20" } else { "" };
        figures.add(
            "B12",
            &format!("{what}: frame {name}, ms"),
            quantile(&mut times, part),
            goal,
        );
    }
    let most = found["most"].as_f64().unwrap_or_default();
    figures.add("B12", &format!("{what}: rows drawn at most"), most, "150");
    let jumps = found["jumps"].as_f64().unwrap_or_default();
    figures.add(
        "B12",
        &format!("{what}: moved by itself, times"),
        jumps,
        "0",
    );
}
