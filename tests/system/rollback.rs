//! An old copy of the database between processes: it brings nobody back who was removed since, and
//! what was received since is asked for.

use std::fs;
use std::path::Path;

use serde_json::Value;
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually, meet};

const DATABASE: [&str; 3] = ["streembit.db", "streembit.db-wal", "streembit.db-shm"];

/// Copies the database of a stopped node, so that nothing newer stays beside the old.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for name in DATABASE {
        match (from.join(name), to.join(name)) {
            (from, to) if from.exists() => drop(fs::copy(from, to)?),
            (_, to) if to.exists() => fs::remove_file(to)?,
            _ => {}
        }
    }
    Ok(())
}

async fn until_refused(home: &Home, at: &NodeProcess) -> anyhow::Result<()> {
    eventually(PATIENCE, "a refusal for staleness", || async {
        let log = at.call("gate_log", home.arguments()).await?;
        let mut attempts = log.as_array().into_iter().flatten();
        Ok(attempts.any(|it| it["reason"] == "stale").then_some(()))
    })
    .await
}

#[tokio::test]
async fn an_old_copy_of_the_database_lets_nobody_back_in() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let (bob, carol) = (
        place.node("Bob").start().await?,
        place.node("Carol").kind("hub").start().await?,
    );
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "member").await?;
    home.admit(&alice, &carol, "hub").await?;
    home.connected(&bob, &carol).await?;

    // Carol is removed while she is away; Bob knows, until his database is an old one again.
    let of_carol = home.with(&carol);
    let (bob, carol) = (bob.stop().await?, carol.stop().await?);
    let old = place.path().join("old");
    copy(&bob.folder(), &old)?;
    let bob = bob.start().await?;
    home.connected(&alice, &bob).await?;
    alice.call("member_remove", of_carol).await?;
    eventually(PATIENCE, "the removal at Bob's", || async {
        let names = home.names(&bob).await?;
        Ok((!names.contains(&"Carol".to_owned())).then_some(()))
    })
    .await?;
    let (bob, alice) = (bob.stop().await?, alice.stop().await?);
    copy(&old, &bob.folder())?;

    // She says that nothing has changed, as a hub may; he knows that something has.
    let carol = carol.start().await?;
    carol.call("network_confirm", home.arguments()).await?;
    let bob = bob.start().await?;
    assert!(home.names(&bob).await?.contains(&"Carol".to_owned()));
    until_refused(&home, &bob).await?;
    assert!(!home.has_connection(&bob, &carol).await?);
    let view = home.view(&bob).await?;
    assert_eq!(view["state"], "stale", "{view}");
    assert_eq!(view["is_behind"], true, "{view}");

    // Another member tells him what he lacks.
    let alice = alice.start().await?;
    home.connected(&alice, &bob).await?;
    let view = home.view(&bob).await?;
    assert_eq!(view["state"], "connected", "{view}");
    assert!(view["is_behind"].is_null(), "{view}");
    assert!(!home.names(&bob).await?.contains(&"Carol".to_owned()));
    Ok(())
}

#[tokio::test]
async fn texts_that_an_old_copy_of_the_database_lacks_are_asked_for() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
    );
    meet::meet(&alice, &bob).await?;
    let mut ids = vec![meet::send(&alice, bob.peer(), "1").await?];
    meet::arrived(&bob, alice.peer(), &ids).await?;
    let bob = bob.stop().await?;
    let old = place.path().join("old");
    copy(&bob.folder(), &old)?;

    // Two more come, and then Bob's database is an old one again.
    let bob = bob.start().await?;
    for text in ["2", "3"] {
        ids.push(meet::send(&alice, bob.peer(), text).await?);
    }
    meet::arrived(&bob, alice.peer(), &ids).await?;
    let bob = bob.stop().await?;
    copy(&old, &bob.folder())?;
    let bob = bob.start().await?;
    ids.push(meet::send(&alice, bob.peer(), "4").await?);

    eventually(PATIENCE, "the gap before the last text", || async {
        let shown = meet::conversation(&bob, alice.peer()).await?;
        Ok(shown
            .iter()
            .any(|it| it["gap"]["missing"] == 2)
            .then_some(()))
    })
    .await?;
    eventually(2 * PATIENCE, "what was missing", || async {
        let shown = meet::conversation(&bob, alice.peer()).await?;
        let all: Vec<&Value> = shown.iter().map(|it| &it["id"]).collect();
        let has_gap = shown.iter().any(|it| !it["gap"].is_null());
        Ok((all == ids.iter().collect::<Vec<_>>() && !has_gap).then_some(()))
    })
    .await
}
