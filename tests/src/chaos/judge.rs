//! What has arrived, compared with what was promised: none lost, none twice, none out of order.

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use super::Report;
use super::cast::{Cast, PEOPLE};
use super::writer::{Thread, Written, arguments};
use crate::{Line, eventually};

/// Messages that are read at once.
const PAGE: usize = 200;

/// Waits until everything is there, and looks at all of it.
pub(super) async fn judge(
    cast: &Cast,
    written: &[Written],
    limit: Duration,
    report: &mut Report,
) -> anyhow::Result<()> {
    for reader in 0..PEOPLE {
        let others = (0..PEOPLE).filter(|other| *other != reader);
        let threads = others.map(Thread::With).chain([Thread::Group]);
        for thread in threads {
            let what = format!("{} has everything of {thread:?}", Cast::name(reader));
            let shown = eventually(limit, &what, || async {
                let shown = conversation(cast, reader, thread).await?;
                let expected: usize = authors(reader, thread)
                    .map(|author| numbers(written, author, reader, thread).len())
                    .sum();
                // Too many is as final as all of them.
                anyhow::ensure!(
                    shown.len() >= expected,
                    "{} of {expected} are there",
                    shown.len()
                );
                Ok(Some(shown))
            })
            .await?;
            for author in authors(reader, thread) {
                let wanted = numbers(written, author, reader, thread);
                check(&shown, author, &wanted).with_context(|| what.clone())?;
                if author != reader {
                    report.arrived += u32::try_from(wanted.len())?;
                }
            }
        }
    }
    receipts(cast, limit).await
}

/// Whose messages a reader sees in a conversation.
fn authors(reader: usize, thread: Thread) -> impl Iterator<Item = usize> {
    (0..PEOPLE).filter(move |author| match thread {
        Thread::With(other) => *author == other || *author == reader,
        Thread::Group => true,
    })
}

/// What `author` wrote where `reader` sees it.
fn numbers(written: &[Written], author: usize, reader: usize, thread: Thread) -> Vec<u32> {
    let seen = match thread {
        Thread::Group => Thread::Group,
        Thread::With(other) if author == reader => Thread::With(other),
        Thread::With(_) => Thread::With(reader),
    };
    let own = written
        .iter()
        .filter(|it| it.author == author && it.thread == seen);
    own.map(|it| it.number).collect()
}

/// Holds what is shown of one author against what was promised.
fn check(shown: &[Value], author: usize, wanted: &[u32]) -> anyhow::Result<()> {
    let name = Cast::name(author);
    let own = |message: &&Value| {
        let text = message.get("text").and_then(Value::as_str);
        text.is_some_and(|text| text.starts_with(&format!("{name} ")))
    };
    let mut numbers = Vec::new();
    for message in shown.iter().filter(own) {
        let text = message.get("text").and_then(Value::as_str);
        let number = text.and_then(|text| text.split(' ').nth(1));
        numbers.push(number.context("no number")?.parse::<u32>()?);
        let gap = message.get("gap").is_some_and(|gap| !gap.is_null());
        anyhow::ensure!(!gap, "something is missing before {message}");
    }
    if numbers == wanted {
        return Ok(());
    }
    let lost = wanted.iter().filter(|it| !numbers.contains(it)).count();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    sorted.dedup();
    anyhow::bail!(
        "of {} messages of {name} {lost} are lost, {} are there twice, and the order is {}: {numbers:?}",
        wanted.len(),
        numbers.len() - sorted.len(),
        if numbers.is_sorted() {
            "right"
        } else {
            "wrong"
        },
    )
}

/// Waits until every author has the receipts of all that was written.
async fn receipts(cast: &Cast, limit: Duration) -> anyhow::Result<()> {
    for author in 0..PEOPLE {
        let others = (0..PEOPLE).filter(|other| *other != author);
        for thread in others.map(Thread::With) {
            let what = format!("{} has the receipts of {thread:?}", Cast::name(author));
            eventually(limit, &what, || async {
                let shown = conversation(cast, author, thread).await?;
                let open = shown.iter().filter(|it| {
                    let state = it.get("state").and_then(Value::as_str);
                    matches!(state, Some("queued" | "sent" | "failed"))
                });
                let open = open.count();
                anyhow::ensure!(open == 0, "{open} are without a receipt");
                Ok(Some(()))
            })
            .await?;
        }
    }
    Ok(())
}

/// Everything that `reader` has of a conversation, oldest first, without notes about its changes.
async fn conversation(cast: &Cast, reader: usize, thread: Thread) -> anyhow::Result<Vec<Value>> {
    let mut line = Line::connect(&cast.folder(reader)).await?;
    read(&mut line, arguments(cast, thread)?, usize::MAX).await
}

/// The last `most` messages of a conversation, oldest first.
pub(super) async fn read(
    line: &mut Line,
    thread: Value,
    most: usize,
) -> anyhow::Result<Vec<Value>> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let mut wanted = thread.clone();
        if let Some(wanted) = wanted.as_object_mut() {
            let before = all.first().and_then(|first| first.get("id")).cloned();
            wanted.insert("limit".to_owned(), json!(PAGE.min(most)));
            wanted.insert("before".to_owned(), before.unwrap_or_default());
        }
        let page = line.ask("messages_list", wanted).await??;
        let page = page.as_array().cloned().context("no list")?;
        let is_last = page.is_empty() || all.len() + page.len() >= most;
        all.splice(0..0, page);
        if is_last {
            all.retain(|it| it.get("note").is_none_or(Value::is_null));
            return Ok(all);
        }
    }
}
