//! A node in a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::cable::{self, Machine};
use crate::deadline::{PATIENCE, within};
use crate::events::Events;
use crate::line::{CallError, Line};
use crate::program;

/// How long a node may take to start on a busy machine.
const START: Duration = Duration::from_secs(120);

/// What nodes write to their logs, which are shown when a test fails.
pub(crate) const LOG: &str = "info,streembit_node=debug,streembit_api=debug";

/// Where nodes and windows of tests listen: nothing leaves this machine.
pub(crate) const LOOPBACK: [&str; 2] = ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"];

/// A node that is about to be started: how it is made and with which arguments it runs.
#[derive(Clone, Debug)]
pub struct Draft {
    program: String,
    place: PathBuf,
    name: String,
    kind: &'static str,
    arguments: Vec<String>,
    listens: bool,
    /// The process in whose network namespace it runs, if not in this one.
    machine: Option<u32>,
    /// The words of the account that it brings back.
    phrase: Option<String>,
}

/// What a node says when it is ready.
#[derive(Clone, Debug, Default)]
pub struct Ready {
    /// The account.
    pub peer: String,
    /// The installation.
    pub node: String,
    /// Full addresses, ending in `/p2p/<node>`.
    pub addresses: Vec<String>,
    /// Every line that the node printed until it was ready.
    pub lines: Vec<Value>,
}

/// A running node; it is killed when this is dropped.
#[derive(Debug)]
pub struct NodeProcess {
    draft: Draft,
    child: Child,
    ready: Ready,
}

impl Draft {
    pub(crate) fn new(place: &Path, name: &str) -> Self {
        Self {
            program: "streembit-node".to_owned(),
            place: place.to_path_buf(),
            name: name.to_owned(),
            kind: "human",
            arguments: Vec::new(),
            listens: true,
            machine: None,
            phrase: None,
        }
    }

    /// Makes it a `human`, `device` or `hub`.
    #[must_use]
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Makes it a further node of the account with these words.
    #[must_use]
    pub fn restored_from(mut self, phrase: String) -> Self {
        self.phrase = Some(phrase);
        self
    }

    /// Runs another program than `streembit-node`, with the same arguments.
    #[must_use]
    pub fn program(mut self, program: &str) -> Self {
        program.clone_into(&mut self.program);
        self
    }

    /// Adds an argument to `run`.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Runs the node with a hook set; see the program `hooked-node`.
    #[must_use]
    pub fn hook(self, hook: &str) -> Self {
        self.program("hooked-node")
            .argument(format!("--hook={hook}"))
    }

    /// Starts from `node`, as its `--bootstrap` peer in the public network.
    #[must_use]
    pub fn bootstrap(self, node: &NodeProcess) -> Self {
        node.addresses().iter().fold(self, |draft, address| {
            draft.argument("--bootstrap").argument(address)
        })
    }

    /// Makes it a seed.
    #[must_use]
    pub fn seed(self) -> Self {
        self.argument("--seed")
    }

    /// Listens where the test says instead of at free ports of 127.0.0.1.
    #[must_use]
    pub fn listen(mut self, address: &str) -> Self {
        self.listens = false;
        self.argument("--listen").argument(address)
    }

    /// Runs on a machine of its own, and listens there.
    #[must_use]
    pub fn on(mut self, machine: &Machine) -> Self {
        self.machine = Some(machine.process());
        let address = machine.address();
        self.listen(&format!("/ip4/{address}/tcp/0"))
            .listen(&format!("/ip4/{address}/udp/0/quic-v1"))
    }

    /// Without the hooks whose names begin so: whoever comes back may be another one then.
    #[must_use]
    pub fn without_hook(mut self, name: &str) -> Self {
        let hook = format!("--hook={name}:");
        self.arguments.retain(|it| !it.starts_with(&hook));
        self
    }

    /// Runs with this configuration file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn config(self, toml: &str) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&self.place)?;
        let path = self.place.join(format!("{}.toml", self.name));
        std::fs::write(&path, toml)?;
        Ok(self.argument("--config").argument(path.to_string_lossy()))
    }

    /// The data folder that the node has or will have.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.place.join(&self.name)
    }

    pub(crate) fn passphrase_file(&self) -> PathBuf {
        self.place.join("passphrase")
    }

    /// Makes the account, once; its keys are in a sealed file.
    ///
    /// # Errors
    /// When `init` fails.
    pub async fn init(&self) -> anyhow::Result<()> {
        let mut init = Command::new(program::built(&self.program)?);
        init.arg("init");
        if let Some(phrase) = &self.phrase {
            let path = self.place.join(format!("{}.words", self.name));
            std::fs::write(&path, phrase)?;
            init.arg("--restore-phrase-file").arg(path);
        }
        let output = init
            .args([
                "--name",
                &self.name,
                "--kind",
                self.kind,
                "--key-store",
                "file",
                "--data",
            ])
            .arg(self.folder())
            .arg("--passphrase-file")
            .arg(self.place.join("passphrase"))
            .stdin(Stdio::null())
            .output()
            .await?;
        if !output.status.success() {
            bail!(
                "init of {} failed: {}",
                self.name,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(())
    }

    /// Makes the account if there is none, runs the node and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready, with the end of its log.
    pub async fn start(self) -> anyhow::Result<NodeProcess> {
        if !self.folder().join("profile.toml").exists() {
            self.init().await?;
        }
        let mut child = self.spawn()?;
        let read = within(START, "the ready line", read_ready(&mut child)).await;
        match read.and_then(|ready| ready) {
            Ok(ready) => Ok(NodeProcess {
                draft: self,
                child,
                ready,
            }),
            Err(error) => {
                let _ = child.kill().await;
                Err(error.context(format!(
                    "{} did not start; its log ends with:\n{}",
                    self.name,
                    self.log()
                )))
            }
        }
    }

    fn spawn(&self) -> anyhow::Result<Child> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        let program = program::built(&self.program)?;
        let mut command = match self.machine {
            None => Command::new(program),
            Some(machine) => {
                let mut command = cable::entered(machine);
                command.arg(program);
                command
            }
        };
        command
            .args(["run", "--log", LOG, "--data"])
            .arg(self.folder());
        command
            .arg("--passphrase-file")
            .arg(self.place.join("passphrase"))
            .args(&self.arguments);
        if self.listens {
            command.args(LOOPBACK.iter().flat_map(|address| ["--listen", address]));
        }
        command.env_remove("DBUS_SESSION_BUS_ADDRESS");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn();
        child.with_context(|| format!("could not start {}", self.program))
    }

    fn log_file(&self) -> PathBuf {
        self.place.join(format!("{}.log", self.name))
    }

    /// The last lines of what the node logged.
    fn log(&self) -> String {
        let log = std::fs::read(self.log_file()).unwrap_or_default();
        let text = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        lines
            .get(lines.len().saturating_sub(30)..)
            .unwrap_or_default()
            .join("\n")
    }
}

impl NodeProcess {
    /// The account's key.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.ready.peer
    }

    /// The installation's PeerId.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.ready.node
    }

    /// Where the public network listens.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.ready.addresses
    }

    /// Everything it said when it got ready.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.draft.name
    }

    /// Its data folder.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.draft.folder()
    }

    /// The end of its log.
    #[must_use]
    pub fn log(&self) -> String {
        self.draft.log()
    }

    /// The process id.
    #[must_use]
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// A connection of one's own to the control socket.
    ///
    /// # Errors
    /// When the node has ended.
    pub async fn line(&self) -> anyhow::Result<Line> {
        Line::connect(&self.folder()).await
    }

    /// Subscribes to the node's events.
    ///
    /// # Errors
    /// When the node has ended.
    pub async fn events(&self) -> anyhow::Result<Events> {
        Events::of(&self.folder()).await
    }

    /// Runs a command that should succeed.
    ///
    /// # Errors
    /// When it fails, with the end of the node's log.
    pub async fn call(&self, command: &str, arguments: Value) -> anyhow::Result<Value> {
        let answer = self.attempt(command, arguments).await?;
        answer.map_err(|error| {
            anyhow!(
                "{command} on {} failed: {error}\nits log ends with:\n{}",
                self.name(),
                self.log()
            )
        })
    }

    /// Runs a command that may fail.
    ///
    /// # Errors
    /// When the node cannot be asked.
    pub async fn attempt(
        &self,
        command: &str,
        arguments: Value,
    ) -> anyhow::Result<Result<Value, CallError>> {
        let asked = async { self.line().await?.ask(command, arguments).await };
        asked.await.with_context(|| {
            format!(
                "{command} on {}; its log ends with:\n{}",
                self.name(),
                self.log()
            )
        })
    }

    /// Runs a command that should fail, and returns the code of its error.
    ///
    /// # Errors
    /// When it succeeds.
    pub async fn refuses(&self, command: &str, arguments: Value) -> anyhow::Result<String> {
        match self.attempt(command, arguments).await? {
            Ok(result) => bail!(
                "{command} on {} should have failed, and gave {result}",
                self.name()
            ),
            Err(error) => Ok(error.code),
        }
    }

    /// A private network's addresses of this node, as its list of networks gives them.
    ///
    /// # Errors
    /// When the node does not know the network.
    pub async fn addresses_in(&self, network: &str) -> anyhow::Result<Vec<String>> {
        let networks = self.call("networks_list", json!({})).await?;
        let found = networks
            .as_array()
            .into_iter()
            .flatten()
            .find(|it| it.get("network").and_then(Value::as_str) == Some(network));
        let addresses = found
            .with_context(|| format!("{} is not in {network}", self.name()))?
            .get("addresses")
            .cloned();
        Ok(strings(&addresses.unwrap_or_default()))
    }

    /// Holds the process where it is: its connections stand, and nothing answers.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        signal(&self.child, "-STOP").await
    }

    /// Lets a frozen process go on.
    ///
    /// # Errors
    /// When it has ended.
    pub async fn thaw(&self) -> anyhow::Result<()> {
        signal(&self.child, "-CONT").await
    }

    /// Ends the process at once, as a power cut would.
    ///
    /// # Errors
    /// When the process cannot be ended.
    pub async fn kill(mut self) -> anyhow::Result<Draft> {
        self.child.kill().await?;
        Ok(self.draft.clone())
    }

    /// Asks the process to end, and checks that it does so cleanly.
    ///
    /// # Errors
    /// When it does not end in time or not well.
    pub async fn stop(mut self) -> anyhow::Result<Draft> {
        signal(&self.child, "-TERM").await?;
        let status = within(PATIENCE, "a clean end", self.child.wait()).await??;
        if !status.success() {
            bail!(
                "{} ended with {status}; its log ends with:\n{}",
                self.name(),
                self.log()
            );
        }
        Ok(self.draft.clone())
    }

    /// Stops it and starts it again, at new ports.
    ///
    /// # Errors
    /// When either fails.
    pub async fn restart(self) -> anyhow::Result<Self> {
        self.stop().await?.start().await
    }

    /// Waits for the process to end by itself.
    ///
    /// # Errors
    /// When it does not within `limit`.
    pub async fn ended(&mut self, limit: Duration) -> anyhow::Result<std::process::ExitStatus> {
        Ok(within(limit, "the end of the process", self.child.wait()).await??)
    }
}

/// Sends a signal; the standard library knows only SIGKILL.
async fn signal(child: &Child, name: &str) -> anyhow::Result<()> {
    let id = child.id().context("the process has ended already")?;
    Command::new("kill")
        .args([name, &id.to_string()])
        .status()
        .await?;
    Ok(())
}

/// Reads what the node prints up to the line that says it is ready; the rest is read and dropped.
async fn read_ready(child: &mut Child) -> anyhow::Result<Ready> {
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let mut ready = Ready::default();
    while let Some(line) = lines.next_line().await? {
        let value: Value =
            serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))?;
        let text = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let done = text("type") == "ready";
        if done {
            (ready.peer, ready.node) = (text("peer"), text("node"));
            ready.addresses = strings(value.get("addresses").unwrap_or(&Value::Null));
        }
        ready.lines.push(value);
        if done {
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(ready);
        }
    }
    bail!("it ended before it was ready")
}

/// The strings of a JSON list.
fn strings(list: &Value) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
