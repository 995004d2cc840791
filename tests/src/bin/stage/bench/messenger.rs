//! Other people's messengers, on loopback in a network namespace of their own; each runs once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// How long one may take.
const LIMIT: Duration = Duration::from_secs(240);

/// What was measured of one messenger.
#[derive(Debug)]
pub(super) struct Messenger(Value);

impl Messenger {
    /// HyperDHT, on which Keet is built: signed messages without storage, and bytes.
    pub(super) async fn hyperdht() -> anyhow::Result<&'static Self> {
        static ONCE: OnceCell<Messenger> = OnceCell::const_new();
        ONCE.get_or_try_init(Self::run_hyperdht).await
    }

    async fn run_hyperdht() -> anyhow::Result<Self> {
        let folder = fetched("hyperdht", &["hyperdht@6.34.0"]).await?;
        let mut program = apart("node");
        program.arg(source("hyperdht.mjs")).arg(folder);
        measured(program).await
    }

    /// c-toxcore, as the system has it.
    pub(super) async fn tox() -> anyhow::Result<&'static Self> {
        static ONCE: OnceCell<Messenger> = OnceCell::const_new();
        ONCE.get_or_try_init(Self::run_tox).await
    }

    async fn run_tox() -> anyhow::Result<Self> {
        let folder = tools("tox")?;
        let program = folder.join("tox");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O2", "-o"])
            .arg(&program)
            .arg(source("tox.c"))
            .arg("-ltoxcore");
        let compiled = compiler.output().await.context("the C compiler")?;
        anyhow::ensure!(
            compiled.status.success(),
            "{}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        measured(apart(&program.to_string_lossy())).await
    }

    /// One figure by its name.
    pub(super) fn figure(&self, name: &str) -> Option<f64> {
        self.0.get(name).and_then(Value::as_f64)
    }
}

/// Where a peer's own program lies.
fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("peers/messengers")
        .join(name)
}

fn tools(name: &str) -> anyhow::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/tools")
        .join(name);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Fetches packages where they are missing.
pub(super) async fn fetched(name: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = tools(name)?;
    if folder.join("node_modules").is_dir() {
        return Ok(folder);
    }
    let mut npm = Command::new("npm");
    let flags = ["--no-audit", "--no-fund", "--no-save", "--prefix"];
    npm.arg("install").args(flags).arg(&folder).args(packages);
    let installed = npm.output().await?;
    anyhow::ensure!(
        installed.status.success(),
        "{}",
        String::from_utf8_lossy(&installed.stderr)
    );
    Ok(folder)
}

/// A program that reaches nothing but itself: its namespace has a loopback device only.
fn apart(program: &str) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--net", "--map-root-user", "sh", "-c"])
        .args(["ip link set lo up && exec \"$@\"", "sh", program])
        .kill_on_drop(true);
    command
}

async fn measured(mut program: Command) -> anyhow::Result<Messenger> {
    let output = tokio::time::timeout(LIMIT, program.output())
        .await
        .context("it took too long")??;
    let last = String::from_utf8_lossy(&output.stdout)
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned();
    let figures = serde_json::from_str(&last)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(Messenger(figures))
}
