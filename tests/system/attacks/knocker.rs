//! A libp2p node from other hands, js-libp2p, with a valid key of its own, at every door.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use streembit_tests::{PATIENCE, program, within};
use tokio::process::Command;

use crate::scene::Scene;

/// Runs js-libp2p; none where there is no Node.js to run it.
#[expect(clippy::print_stdout, reason = "a test that is left out says so")]
async fn knock(arguments: &Value) -> anyhow::Result<Option<Value>> {
    let missing = ["node", "npm"]
        .into_iter()
        .find(|name| !program::is_installed(name));
    if let Some(name) = missing {
        println!("left out: there is no {name}");
        return Ok(None);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/knocker");
    ensure!(
        folder.join("node_modules/libp2p").is_dir(),
        "js-libp2p is missing; `npm ci` in {} brings it",
        folder.display()
    );
    let run = Command::new("node")
        .arg(folder.join("knock.mjs"))
        .arg(arguments.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = within(2 * PATIENCE, "js-libp2p", run).await??;
    let result = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(Some(result))
}

#[tokio::test]
async fn js_libp2p_gets_no_answer_on_any_protocol_over_any_transport() -> anyhow::Result<()> {
    let scene = Scene::of_every_kind().await?;
    let doors = scene.doors().await?;
    let addresses: Vec<&String> = doors.iter().map(|door| &door.address).collect();
    let own = |part| format!("/streembit/{}/{part}/1", scene.id().short());
    let mut protocols = scene.protocols();
    protocols.extend(["gate", "push"].map(own));
    protocols.extend(["/ipfs/id/1.0.0", "/ipfs/kad/1.0.0"].map(str::to_owned));

    let arguments = json!({ "addresses": addresses, "protocols": protocols });
    let Some(told) = knock(&arguments).await? else {
        return Ok(());
    };

    let all = json!(protocols.len());
    assert_eq!(told["controls"], json!([all, all]), "its own kind answers");
    let results = told["results"].as_array().context("no list")?;
    assert_eq!(results.len(), doors.len() * protocols.len());
    for result in results {
        assert_eq!(result["connected"], true, "{result}");
        assert_eq!(result["answered"], 0, "{result}");
        assert_eq!(result["ended"], true, "{result}");
    }
    assert_eq!(told["opened"], json!([]), "nobody speaks to it unasked");
    for node in scene.nodes() {
        let refusals = scene.refusals(node, "reason", "bad_frame").await?;
        assert!(!refusals.is_empty(), "{} has noted it", node.name());
    }
    Ok(())
}
