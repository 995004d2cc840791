//! The headless node as scripts use it: arguments, output, exit codes.

use std::process::Output;

use anyhow::Context;
use serde_json::{Value, json};
use streembit_tests::{Place, program};
use tokio::process::Command;

/// Runs `streembit-node` with `arguments` to its end.
async fn run(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(Command::new(program::built("streembit-node")?)
        .args(arguments)
        .output()
        .await?)
}

/// The JSON objects that a program printed, one a line.
fn lines(bytes: &[u8]) -> anyhow::Result<Vec<Value>> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    text.lines()
        .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
        .collect()
}

/// The last line of a program's standard error, as the error that it is.
fn failure(output: &Output) -> anyhow::Result<Value> {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = text.lines().last().context("nothing on standard error")?;
    serde_json::from_str(line).with_context(|| text.clone())
}

#[tokio::test]
async fn init_prints_who_it_made_and_refuses_a_second_time_without_changing_anything()
-> anyhow::Result<()> {
    let place = Place::new()?;
    let data = place.path().join("node");
    let (data, passphrase) = (data.to_string_lossy(), place.passphrase_file());
    let passphrase = passphrase.to_string_lossy();
    let arguments = [
        "init",
        "--name",
        "Alice",
        "--data",
        &data,
        "--key-store",
        "file",
        "--passphrase-file",
        &passphrase,
    ];

    let first = run(&arguments).await?;
    let profile = std::fs::read(place.path().join("node/profile.toml"))?;
    let second = run(&arguments).await?;
    let id = run(&["id", "--data", &data]).await?;

    assert!(first.status.success());
    let made = lines(&first.stdout)?;
    assert_eq!(
        (made[0]["name"].as_str(), made[0]["kind"].as_str()),
        (Some("Alice"), Some("human"))
    );
    assert_eq!(made[0]["peer"].as_str().map(str::len), Some(52));
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(failure(&second)?["code"], "exists");
    assert_eq!(
        std::fs::read(place.path().join("node/profile.toml"))?,
        profile
    );
    assert_eq!(lines(&id.stdout)?[0]["peer"], made[0]["peer"]);
    Ok(())
}

#[tokio::test]
async fn call_answers_with_a_result_an_error_or_not_running() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let folder = alice.folder();
    let data = folder.to_string_lossy();

    let status = run(&["call", "--data", &data, "account_status"]).await?;
    let unknown = run(&["call", "--data", &data, "tea_make"]).await?;
    let invalid = run(&["call", "--data", &data, "contact_block", "{\"peer\": 7}"]).await?;
    alice.stop().await?;
    let after = run(&["call", "--data", &data, "account_status"]).await?;

    assert_eq!(
        serde_json::from_slice::<Value>(&status.stdout)?["state"],
        "ready"
    );
    assert_eq!(
        (unknown.status.code(), &failure(&unknown)?["code"]),
        (Some(1), &json!("unknown_command"))
    );
    assert_eq!(
        (invalid.status.code(), &failure(&invalid)?["code"]),
        (Some(1), &json!("invalid_arguments"))
    );
    assert_eq!(
        (after.status.code(), &failure(&after)?["code"]),
        (Some(2), &json!("not_running"))
    );
    Ok(())
}

#[tokio::test]
async fn a_ready_node_tells_full_addresses_and_a_seed_its_link() -> anyhow::Result<()> {
    let place = Place::new()?;

    let seed = place.node("Seed").seed().start().await?;

    assert!(!seed.addresses().is_empty());
    assert!(
        seed.addresses()
            .iter()
            .all(|address| address.ends_with(&format!("/p2p/{}", seed.node())))
    );
    let link = seed
        .ready()
        .lines
        .iter()
        .find_map(|line| line["seed"].as_str());
    assert!(
        link.is_some_and(|link| link.starts_with("streembit:seed/")),
        "{link:?}"
    );
    seed.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_wrong_passphrase_is_told_and_changes_nothing() -> anyhow::Result<()> {
    let place = Place::new()?;
    let draft = place.node("Alice");
    draft.init().await?;
    let wrong = place.write("wrong", "not this one")?;
    let sealed = std::fs::read(draft.folder().join("secrets.age"))?;

    let folder = draft.folder();
    let output = run(&[
        "run",
        "--data",
        &folder.to_string_lossy(),
        "--passphrase-file",
        &wrong.to_string_lossy(),
    ])
    .await?;

    assert!(!output.status.success());
    assert_eq!(failure(&output)?["code"], "denied");
    assert_eq!(std::fs::read(draft.folder().join("secrets.age"))?, sealed);
    draft.start().await?.stop().await?;
    Ok(())
}

#[tokio::test]
async fn the_table_of_commands_is_printed_with_schemas() -> anyhow::Result<()> {
    let output = run(&["commands"]).await?;

    let table: Value = serde_json::from_slice(&output.stdout)?;
    let commands = table.as_array().context("a list")?;
    assert!(
        commands
            .iter()
            .any(|command| command["name"] == "message_send")
    );
    assert!(
        commands
            .iter()
            .all(|command| command["doc"].as_str().is_some_and(|doc| !doc.is_empty()))
    );
    Ok(())
}

#[tokio::test]
async fn checks_of_files_tell_what_is_wrong_and_where() -> anyhow::Result<()> {
    let place = Place::new()?;
    let good = place.write("good.toml", "")?;
    let bad = place.write(
        "bad.toml",
        "[[member]]\nname = \"Bob\"\nkey = \"nonsense\"\n",
    )?;
    let thing = place.write("thing.json", "{\"title\": 3}")?;

    let lists = run(&[
        "list",
        "check",
        &good.to_string_lossy(),
        &bad.to_string_lossy(),
    ])
    .await?;
    let things = run(&["td", "check", &thing.to_string_lossy()]).await?;

    let told = lines(&lists.stdout)?;
    assert_eq!(
        (&told[0]["ok"], &told[1]["ok"]),
        (&json!(true), &json!(false))
    );
    assert!(told[1]["errors"][0]["message"].is_string());
    assert_eq!(lists.status.code(), Some(1));
    assert_eq!(lines(&things.stdout)?[0]["ok"], false);
    Ok(())
}

#[tokio::test]
async fn only_one_node_runs_on_a_folder() -> anyhow::Result<()> {
    let place = Place::new()?;
    let alice = place.node("Alice").start().await?;
    let folder = alice.folder();
    let passphrase = place.passphrase_file();

    let second = run(&[
        "run",
        "--data",
        &folder.to_string_lossy(),
        "--passphrase-file",
        &passphrase.to_string_lossy(),
    ])
    .await?;

    assert!(!second.status.success());
    assert!(
        alice.call("account_status", json!({})).await.is_ok(),
        "the first goes on"
    );
    Ok(())
}
