//! What two people write is readable to them alone, whatever is killed or put back.

use std::fs;
use std::path::Path;

use serde_json::Value;
use streembit_tests::{Draft, Place, meet};

/// What no frame may show.
const WORDS: &str = "the safe is behind the clock";

/// Writes what passes inside the transport's encryption to a file.
fn tapped(place: &Place, name: &str) -> Draft {
    let file = place.path().join(format!("frames-{name}"));
    place.node(name).hook(&format!("frames:{}", file.display()))
}

/// Listens at a port that stays the same over restarts, so that the other finds the way back.
fn at_fixed_port(draft: Draft) -> anyhow::Result<Draft> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    Ok(draft.listen(&format!("/ip4/127.0.0.1/tcp/{port}")))
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_type()?.is_file() {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .filter_map(|message| message["text"].as_str())
        .collect()
}

#[tokio::test]
async fn frames_show_no_plain_text_even_when_both_are_killed_in_the_middle() -> anyhow::Result<()> {
    let place = Place::new()?;
    let mut alice = tapped(&place, "alice").start().await?;
    let mut bob = at_fixed_port(tapped(&place, "bob"))?.start().await?;
    meet::meet(&bob, &alice).await?;
    let (a, b) = (alice.peer().to_owned(), bob.peer().to_owned());
    let (mut to_bob, mut to_alice) = (Vec::new(), Vec::new());

    for round in 0..3 {
        for number in 0..10 {
            let words = format!("{WORDS}: {round} {number}");
            to_bob.push(meet::send(&alice, &b, &words).await?);
            to_alice.push(meet::send(&bob, &a, &words).await?);
        }
        let drafts = (alice.kill().await?, bob.kill().await?);
        (alice, bob) = (drafts.0.start().await?, drafts.1.start().await?);
    }

    meet::arrived(&bob, &a, &to_bob).await?;
    meet::arrived(&alice, &b, &to_alice).await?;
    for name in ["alice", "bob"] {
        let frames = fs::read(place.path().join(format!("frames-{name}")))?;
        assert!(frames.len() > 60 * WORDS.len(), "{name} saw what passed");
        let shows = frames.windows(WORDS.len()).any(|it| it == WORDS.as_bytes());
        assert!(!shows, "{name} saw plain text");
    }
    Ok(())
}

#[tokio::test]
async fn after_an_old_copy_of_a_node_was_put_back_everything_arrives_once() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("alice").start().await?;
    let bob = place.node("bob").start().await?;
    meet::meet(&alice, &bob).await?;
    let (a, b) = (alice.peer().to_owned(), bob.peer().to_owned());
    let before = meet::send(&alice, &b, "before").await?;
    meet::arrived(&bob, &a, &[before]).await?;
    let bob = bob.stop().await?;
    let (folder, old) = (bob.folder(), place.path().join("old"));
    copy(&folder, &old)?;
    let bob = bob.start().await?;
    for number in 0..5 {
        let there = meet::send(&alice, &b, &format!("there {number}")).await?;
        meet::arrived(&bob, &a, &[there]).await?;
        let back = meet::send(&bob, &a, &format!("and back {number}")).await?;
        meet::arrived(&alice, &b, &[back]).await?;
    }

    let bob = bob.kill().await?;
    fs::remove_dir_all(&folder)?;
    copy(&old, &folder)?;
    let mut sent = Vec::new();
    for number in 0..10 {
        sent.push(meet::send(&alice, &b, &format!("afterwards {number}")).await?);
    }
    let bob = bob.start().await?;
    let messages = meet::arrived(&bob, &a, &sent).await?;
    let answer = meet::send(&bob, &a, "an answer").await?;
    meet::arrived(&alice, &b, &[answer]).await?;

    let mut expected = vec!["before".to_owned()];
    expected.extend((0..10).map(|number| format!("afterwards {number}")));
    assert_eq!(texts(&messages), expected, "once, in order");
    assert!(
        alice.log().contains("Began a new session") || bob.log().contains("Began a new session"),
        "somebody had to begin anew"
    );
    Ok(())
}
