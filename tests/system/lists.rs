//! The plain list between processes: looked at first, then in force everywhere.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use streembit_identity::AccountKey;
use streembit_tests::{Home, NodeProcess, PATIENCE, Place, eventually, within};
use zeroize::Zeroizing;

const PEOPLE: u32 = 200;
const DEVICES: u32 = 1_000;

/// A list of `who` and as many others as it says.
fn list(who: &[(&NodeProcess, &str)], people: u32, devices: u32) -> anyhow::Result<String> {
    let mut text = String::new();
    for (node, role) in who {
        entry(&mut text, node.name(), node.peer(), role)?;
    }
    for number in 0..people + devices {
        let mut seed = Zeroizing::new([9; 32]);
        seed.iter_mut()
            .zip(number.to_be_bytes())
            .for_each(|(byte, digit)| *byte = digit);
        let key = AccountKey::from_seed(&seed).id().to_string();
        let role = if number < people { "member" } else { "device" };
        entry(&mut text, &format!("Entry {number}"), &key, role)?;
    }
    Ok(text)
}

fn entry(text: &mut String, name: &str, key: &str, role: &str) -> anyhow::Result<()> {
    writeln!(
        text,
        "[[member]]\nname = \"{name}\"\nkey = \"{key}\"\nrole = \"{role}\"\n"
    )?;
    Ok(())
}

fn count(change: &Value, field: &str) -> usize {
    change[field].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_list_of_1200_is_looked_at_first_and_then_holds_everywhere() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob, eve) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
        place.node("Eve").start().await?,
    );
    let home = Home::create(&alice).await?;
    home.admit(&alice, &bob, "member").await?;
    home.admit(&alice, &eve, "member").await?;
    home.connected(&bob, &eve).await?;
    let all = list(&[(&alice, "admin"), (&bob, "hub")], PEOPLE, DEVICES)?;
    let path = place.write("list.toml", &all)?;
    let mut arguments = json!({ "network": home.network, "path": path, "dry_run": true });

    let would = alice.call("network_import", arguments.clone()).await?;
    let numbers = [("added", 1_200), ("removed", 1), ("changed", 1)];
    for (field, number) in numbers {
        assert_eq!(count(&would, field), number, "{field}");
    }
    assert_eq!(
        home.names(&alice).await?,
        ["Alice", "Bob", "Eve"],
        "as before"
    );

    arguments["dry_run"] = json!(false);
    let limit = Duration::from_secs(20);
    let import = alice.call("network_import", arguments.clone());
    let done = within(limit, "the import", import).await??;
    assert_eq!(done, would, "what was shown is what happened");

    home.disconnected(&bob, &eve, PATIENCE).await?;
    eventually(PATIENCE, "the list with Bob", || async {
        Ok((home.names(&bob).await?.len() == 1_202).then_some(()))
    })
    .await?;
    assert_eq!(home.view(&bob).await?["role"], "hub");
    let again = alice.call("network_import", arguments).await?;
    assert!(numbers.iter().all(|(field, _)| count(&again, field) == 0));
    Ok(())
}

#[tokio::test]
async fn a_list_with_a_mistake_changes_nothing() -> anyhow::Result<()> {
    let place = Place::new()?;
    let (alice, bob) = (
        place.node("Alice").start().await?,
        place.node("Bob").start().await?,
    );
    let home = Home::create(&alice).await?;
    let good = list(&[(&alice, "admin"), (&bob, "member")], 2, 0)?;
    let lists = [
        good.replace("Entry 1", "Entry 0"),
        good.replace("role = \"member\"", "role = \"king\""),
        good.replace("key = \"", "key = \"x"),
        format!("{good}\nsurprise = true\n"),
    ];

    for text in lists {
        let path = place.write("list.toml", &text)?;
        let arguments = json!({ "network": home.network, "path": path });
        alice.refuses("network_import", arguments).await?;
        assert_eq!(home.names(&alice).await?, ["Alice"]);
    }
    Ok(())
}
