//! Files between two people, in separate processes: whole or refused, whoever is killed meanwhile.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually, meet};

/// Groups are as long as this in files of the sizes that are sent here.
const GROUP: u64 = 256 * 1024;

/// Bytes that do not repeat.
fn bytes(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// Makes a file that is there to be sent.
fn file(place: &Place, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let folder = place.path().join("sources");
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    fs::write(&path, bytes)?;
    Ok(path)
}

/// Has files go to a folder of the node's own, and says up to which size they are taken.
async fn downloads(node: &NodeProcess, auto: u64) -> anyhow::Result<PathBuf> {
    let folder = node.folder().join("downloads");
    let settings = json!({ "downloads": folder, "files_auto_accept": auto });
    node.call("settings_set", settings).await?;
    Ok(folder)
}

async fn offer(from: &NodeProcess, to: &str, path: &Path) -> anyhow::Result<String> {
    let sent = from
        .call("file_send", json!({ "peer": to, "path": path }))
        .await?;
    Ok(sent["id"].as_str().context("no id")?.to_owned())
}

async fn look(node: &NodeProcess, id: &str) -> anyhow::Result<Value> {
    let files = node.call("files_list", json!({})).await?;
    let mut files = files.as_array().cloned().unwrap_or_default();
    files.retain(|file| file["id"] == id);
    files.pop().context("there is no such file")
}

async fn becomes(node: &NodeProcess, id: &str, state: &str) -> anyhow::Result<Value> {
    let look = async || {
        let file = look(node, id).await?;
        anyhow::ensure!(file["state"] == state, "it is {file}");
        Ok(Some(file))
    };
    let limit = PATIENCE * 3;
    eventually(limit, &format!("a file that is {state}"), look).await
}

/// Waits until so many bytes are there.
async fn reaches(node: &NodeProcess, id: &str, done: u64) -> anyhow::Result<u64> {
    let mut events = node.events().await?;
    let now = look(node, id).await.ok();
    if let Some(has) = now.and_then(|file| file["done"].as_u64().filter(|has| *has >= done)) {
        return Ok(has);
    }
    let has = |event: &Value| event["file"]["done"].as_u64().filter(|has| *has >= done);
    let event = events
        .wait("progress", |event| {
            event["type"] == "file" && event["file"]["id"] == id && has(event).is_some()
        })
        .await?;
    has(&event).context("no progress")
}

/// What a sender says of each stream that ended: how many groups were there before it, and how
/// many were given on it.
fn streams(log: &str) -> Vec<(u64, u64)> {
    let number = |line: &str, name: &str| {
        let after = line.split(&format!("{name}=")).nth(1)?;
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    log.lines()
        .filter(|line| line.contains("Gave a file out"))
        .filter_map(|line| Some((number(line, "has")?, number(line, "given")?)))
        .collect()
}

#[tokio::test]
async fn small_files_of_contacts_arrive_and_overwrite_nothing() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, 1024 * 1024).await?;
    let content = bytes(700_001, 1);
    let path = file(&place, "holiday.jpg", &content)?;

    let first = offer(&alice, bob.peer(), &path).await?;
    let there = becomes(&bob, &first, "done").await?;
    let second = offer(&alice, bob.peer(), &path).await?;
    let too = becomes(&bob, &second, "done").await?;

    assert_eq!(there["path"], json!(folder.join("holiday.jpg")));
    assert_eq!(too["path"], json!(folder.join("holiday (1).jpg")));
    for name in ["holiday.jpg", "holiday (1).jpg"] {
        assert!(fs::read(folder.join(name))? == content, "{name}");
    }
    assert_eq!(fs::read_dir(&folder)?.count(), 2, "no parts are left");
    becomes(&alice, &first, "done").await?;
    let messages = meet::conversation(&bob, alice.peer()).await?;
    assert_eq!(messages[0]["text"], "holiday.jpg");
    assert_eq!(
        (&messages[0]["file"], &messages[0]["id"]),
        (&json!(true), &json!(first))
    );
    Ok(())
}

#[tokio::test]
async fn what_is_too_large_waits_to_be_accepted_or_declined() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, 1000).await?;
    let content = bytes(1001, 2);
    let path = file(&place, "a.txt", &content)?;
    let empty = file(&place, "empty", &[])?;

    let wanted = offer(&alice, bob.peer(), &path).await?;
    let unwanted = offer(&alice, bob.peer(), &path).await?;
    let small = offer(&alice, bob.peer(), &empty).await?;
    becomes(&bob, &small, "done").await?;
    becomes(&bob, &wanted, "offered").await?;
    becomes(&bob, &unwanted, "offered").await?;
    assert_eq!(fs::read_dir(&folder)?.count(), 1, "nothing else came");
    let elsewhere = bob.folder().join("b.txt");
    bob.call("file_decline", json!({ "id": unwanted })).await?;
    bob.call("file_accept", json!({ "id": wanted, "path": elsewhere }))
        .await?;

    becomes(&bob, &wanted, "done").await?;
    assert!(fs::read(&elsewhere)? == content);
    becomes(&alice, &unwanted, "declined").await?;
    let again = bob
        .refuses("file_accept", json!({ "id": unwanted }))
        .await?;
    assert_eq!(again, "conflict");
    let theirs = alice
        .refuses("file_accept", json!({ "id": wanted }))
        .await?;
    assert_eq!(theirs, "denied");
    Ok(())
}

#[tokio::test]
async fn a_file_goes_on_where_it_was_after_either_side_is_killed() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("seed").seed().start().await?;
    let alice = place.node("alice").bootstrap(&seed).start().await?;
    let bob = place.node("bob").bootstrap(&seed).start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, u64::MAX >> 12).await?;
    let content = bytes(64 * 1024 * 1024, 3);
    let groups = content.len() as u64 / GROUP;
    let path = file(&place, "film.mp4", &content)?;

    let id = offer(&alice, bob.peer(), &path).await?;
    let first = reaches(&bob, &id, 8 * 1024 * 1024).await?;
    let bob = bob.kill().await?.start().await?;
    let second = reaches(&bob, &id, first + 8 * 1024 * 1024).await?;
    let log = alice.log();
    let alice = alice.kill().await?.start().await?;
    let there = becomes(&bob, &id, "done").await?;
    becomes(&alice, &id, "done").await?;

    let mut given = streams(&log);
    given.extend(streams(&alice.log()));
    assert!(fs::read(folder.join("film.mp4"))? == content);
    assert_eq!(there["done"], json!(content.len()));
    let (has, rest) = *given.last().context("no stream ended")?;
    assert_eq!(
        has + rest,
        groups,
        "the last stream gave what was missing: {given:?}"
    );
    assert!(
        has * GROUP >= second,
        "nothing that was there was lost: {given:?}"
    );
    let resumed = given.iter().find(|(has, _)| *has > 0);
    let (has, _) = resumed.context("nothing was resumed")?;
    assert!(has * GROUP >= first, "{given:?} after {first}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_changed_or_is_gone_is_said_to_be() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, 0).await?;
    let changed = file(&place, "changed", &bytes(2_000_000, 4))?;
    let gone = file(&place, "gone", &bytes(10, 5))?;
    let first = offer(&alice, bob.peer(), &changed).await?;
    let second = offer(&alice, bob.peer(), &gone).await?;
    becomes(&bob, &first, "offered").await?;
    becomes(&bob, &second, "offered").await?;

    let mut other = bytes(2_000_000, 4);
    other[1_900_000] ^= 1;
    fs::write(&changed, other)?;
    fs::remove_file(&gone)?;
    for id in [&first, &second] {
        bob.call("file_accept", json!({ "id": id })).await?;
    }

    for (id, why) in [(&first, "changed"), (&second, "gone")] {
        for node in [&bob, &alice] {
            let file = becomes(node, id, "failed").await?;
            assert_eq!(file["failure"], why, "{file}");
        }
    }
    assert_eq!(fs::read_dir(&folder)?.count(), 0, "nothing is left of them");
    Ok(())
}

#[tokio::test]
async fn messages_arrive_promptly_while_three_files_move() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    downloads(&bob, u64::MAX >> 12).await?;
    let content = bytes(96 << 20, 7);
    let mut ids = Vec::new();
    for number in 0..3 {
        let path = file(&place, &format!("{number}.bin"), &content)?;
        ids.push(offer(&alice, bob.peer(), &path).await?);
    }
    for id in &ids {
        reaches(&bob, id, 1).await?;
    }

    let mut waits = Vec::new();
    for number in 0..5 {
        let began = std::time::Instant::now();
        let id = meet::send(&alice, bob.peer(), &format!("meanwhile {number}")).await?;
        meet::arrived(&bob, alice.peer(), &[id]).await?;
        waits.push(began.elapsed());
    }
    let moving = look(&bob, &ids[0]).await?;

    assert!(
        waits.iter().all(|wait| *wait < Duration::from_secs(3)),
        "{waits:?} while {moving}"
    );
    for id in &ids {
        becomes(&bob, id, "done").await?;
    }
    Ok(())
}

#[tokio::test]
async fn either_side_can_stop_a_file() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, u64::MAX >> 12).await?;
    let path = file(&place, "film.mp4", &bytes(64 << 20, 11))?;

    for (by, other) in [(&alice, &bob), (&bob, &alice)] {
        let id = offer(&alice, bob.peer(), &path).await?;
        reaches(&bob, &id, 1).await?;
        by.call("file_cancel", json!({ "id": id })).await?;
        becomes(other, &id, "cancelled").await?;
        becomes(by, &id, "cancelled").await?;
        let empty = async || {
            let left = fs::read_dir(&folder)?.count();
            anyhow::ensure!(left == 0, "{left} files are left");
            Ok(Some(()))
        };
        eventually(PATIENCE, "its parts to be gone", empty).await?;
    }
    Ok(())
}

/// Waits until the log of `node` says `what` so often.
async fn logs(node: &NodeProcess, what: &str, times: usize) -> anyhow::Result<()> {
    let expected = format!("{times} times “{what}”");
    eventually(PATIENCE * 2, &expected, || async {
        Ok((node.log().matches(what).count() >= times).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_small_file_comes_by_mailbox_to_whoever_is_never_there_with_its_sender()
-> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().argument("--mailbox");
    let seed = seed.start().await?;
    let alice = place.node("Alice").bootstrap(&seed).start().await?;
    let bob = place.node("Bob").bootstrap(&seed).start().await?;
    meet::meet(&alice, &bob).await?;
    let folder = downloads(&bob, 1024 * 1024).await?;
    for node in [&alice, &bob] {
        logs(node, "mailboxes=1 ", 1).await?;
    }
    let content = bytes(700_001, 7);
    let path = file(&place, "holiday.jpg", &content)?;

    let b = bob.peer().to_owned();
    let bob = bob.stop().await?;
    let id = offer(&alice, &b, &path).await?;
    // The offer, and three groups.
    logs(&seed, "Kept a copy", 4).await?;
    let alice = alice.stop().await?;
    let bob = bob.start().await?;
    let there = becomes(&bob, &id, "done").await?;
    assert_eq!(fs::read(folder.join("holiday.jpg"))?, content, "{there}");
    let log = bob.log();
    let word = log.split("A file has ended id=").nth(1);
    let word = word.and_then(|it| it.split_whitespace().next());
    let word = word.context("nothing tells that it ended")?;
    logs(&bob, &format!("A mailbox keeps what waits id={word}"), 1).await?;
    let bob = bob.stop().await?;
    let alice = alice.start().await?;
    becomes(&alice, &id, "done").await?;
    drop(bob);
    Ok(())
}

#[tokio::test]
async fn deleting_the_message_of_a_file_stops_it() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    downloads(&bob, u64::MAX >> 12).await?;
    let path = file(&place, "film.mp4", &bytes(64 << 20, 13))?;

    for by in [&alice, &bob] {
        let id = offer(&alice, bob.peer(), &path).await?;
        reaches(&bob, &id, 1).await?;
        by.call("message_delete", json!({ "id": id })).await?;
        becomes(&alice, &id, "cancelled").await?;
        becomes(&bob, &id, "cancelled").await?;
    }
    Ok(())
}
