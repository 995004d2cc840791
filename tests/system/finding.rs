//! Finding people by name in the public network: those who want it, and who really go by it.

#![expect(
    clippy::indexing_slicing,
    reason = "a member that a JSON value lacks reads as null, and a test's list is as long as it was made"
)]

use serde_json::{Value, json};
use streembit_tests::{NodeProcess, PATIENCE, Place, eventually};

/// Whom `who` finds by that name.
async fn find(who: &NodeProcess, name: &str) -> anyhow::Result<Vec<Value>> {
    let found = who.call("contact_find", json!({ "name": name })).await?;
    Ok(found.as_array().cloned().unwrap_or_default())
}

/// Waits until `who` finds these accounts by that name, and no others.
async fn finds(
    who: &NodeProcess,
    name: &str,
    expected: &[&NodeProcess],
) -> anyhow::Result<Vec<Value>> {
    let mut peers: Vec<&str> = expected.iter().map(|it| it.peer()).collect();
    peers.sort_unstable();
    let what = format!("{} finding {} people by {name}", who.name(), peers.len());
    eventually(PATIENCE, &what, || async {
        let found = find(who, name).await?;
        let mut seen: Vec<&str> = found.iter().filter_map(|it| it["peer"].as_str()).collect();
        seen.sort_unstable();
        Ok((seen == peers).then(|| found.clone()))
    })
    .await
}

async fn go_by(who: &NodeProcess, name: &str) -> anyhow::Result<()> {
    who.call("account_rename", json!({ "name": name })).await?;
    Ok(())
}

async fn be_findable(who: &NodeProcess, findable: bool) -> anyhow::Result<()> {
    let settings = who
        .call("settings_set", json!({ "findable": findable }))
        .await?;
    assert_eq!(settings["findable"], findable);
    Ok(())
}

#[tokio::test]
async fn people_are_found_by_the_name_that_they_go_by_if_they_wish() -> anyhow::Result<()> {
    let place = Place::new()?;
    let seed = place.node("Seed").seed().start().await?;
    let (ada, zoe, mallory, carol) = tokio::try_join!(
        place.node("Ada").bootstrap(&seed).start(),
        place.node("Zoe").bootstrap(&seed).start(),
        place
            .node("Mallory")
            .bootstrap(&seed)
            .hook("handle:Zoë Ω")
            .start(),
        place.node("Carol").bootstrap(&seed).start(),
    )?;
    go_by(&ada, "Zoë Ω").await?;
    go_by(&zoe, "zoë ω").await?;
    finds(&carol, "Zoë Ω", &[]).await?;

    // Mallory announces a name that Mallory does not go by.
    for who in [&mallory, &ada, &zoe] {
        be_findable(who, true).await?;
    }
    let found = finds(&carol, "ZOË Ω", &[&ada, &zoe]).await?;
    assert_ne!(found[0]["fingerprint"], found[1]["fingerprint"]);
    let mut names = [&found[0]["name"], &found[1]["name"]].map(Value::to_string);
    names.sort();
    assert_eq!(names, ["\"Zoë Ω\"", "\"zoë ω\""], "as they write them");
    assert!(find(&carol, "Mallory").await?.is_empty());

    // From the moment on at which it is true, the same announcement counts.
    go_by(&mallory, "Zoë Ω").await?;
    finds(&carol, "Zoë Ω", &[&ada, &zoe, &mallory]).await?;

    be_findable(&zoe, false).await?;
    finds(&carol, "Zoë Ω", &[&ada, &mallory]).await?;
    let code = carol
        .refuses("contact_find", json!({ "name": " " }))
        .await?;
    assert_eq!(code, "invalid_arguments");
    Ok(())
}
