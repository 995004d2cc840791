//! Machines of their own on one cable: network namespaces that can be cut off without a word.

use std::process::Stdio;

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Holds a namespace open, and says when it is there.
const HOLD: &str = "ip link set lo up && echo ready && exec sleep infinity";

/// A cable that ends in any number of machines; nothing on it reaches anything else.
#[derive(Debug)]
pub struct Cable {
    switch: Child,
    machines: Vec<Machine>,
}

/// A machine on a cable: a network namespace of its own.
#[derive(Debug)]
pub struct Machine {
    holder: Child,
    process: u32,
    number: usize,
}

impl Machine {
    /// The process that holds its namespace open.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Its only address, besides loopback.
    #[must_use]
    pub fn address(&self) -> String {
        format!("10.77.0.{}", self.number + 1)
    }

    fn port(&self) -> String {
        format!("port{}", self.number)
    }
}

impl Cable {
    /// Whether the system lets this user make namespaces at all; some containers do not.
    pub async fn is_possible() -> bool {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--net", "ip", "link"]);
        let outcome = unshare.stdout(Stdio::null()).status().await;
        outcome.is_ok_and(|status| status.success())
    }

    /// Lays a cable with `count` machines, all connected.
    ///
    /// # Errors
    /// When the system lets nobody make namespaces.
    pub async fn with(count: usize) -> anyhow::Result<Self> {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--net", "sh", "-c", HOLD]);
        let (switch, process) = held(unshare).await.context("a namespace for the cable")?;
        let mut cable = Self {
            switch,
            machines: Vec::new(),
        };
        ip(process, "link add bridge type bridge").await?;
        ip(process, "link set bridge up").await?;
        for number in 0..count {
            let mut unshare = entered(process);
            unshare.args(["unshare", "--net", "sh", "-c", HOLD]);
            let (holder, inside) = held(unshare).await.context("a namespace for a machine")?;
            let machine = Machine {
                holder,
                process: inside,
                number,
            };
            let (port, address) = (machine.port(), machine.address());
            let pair = format!("link add {port} type veth peer name cable netns {inside}");
            ip(process, &pair).await?;
            ip(process, &format!("link set {port} master bridge up")).await?;
            ip(inside, &format!("address add {address}/24 dev cable")).await?;
            ip(inside, "link set cable up").await?;
            cable.machines.push(machine);
        }
        Ok(cable)
    }

    /// One of the machines.
    ///
    /// # Errors
    /// When there are not so many.
    pub fn machine(&self, number: usize) -> anyhow::Result<&Machine> {
        self.machines.get(number).context("no such machine")
    }

    /// Cuts a machine off, or connects it again. Nobody is told: what is sent vanishes.
    ///
    /// # Errors
    /// When the namespace is gone.
    pub async fn connect(&self, number: usize, connected: bool) -> anyhow::Result<()> {
        let port = self.machine(number)?.port();
        let state = if connected { "up" } else { "down" };
        ip(self.process()?, &format!("link set {port} {state}")).await
    }

    /// Cuts two machines off from each other, and from nobody else; or ends that.
    ///
    /// # Errors
    /// When the namespace is gone. One pair at a time can be parted.
    pub async fn part(&self, pair: [usize; 2], parted: bool) -> anyhow::Result<()> {
        let state = if parted { "on" } else { "off" };
        for number in pair {
            let port = self.machine(number)?.port();
            let isolate = format!("link set {port} type bridge_slave isolated {state}");
            ip(self.process()?, &isolate).await?;
        }
        Ok(())
    }

    fn process(&self) -> anyhow::Result<u32> {
        self.switch.id().context("the cable is gone")
    }
}

/// A command that begins in the network namespace that `process` holds open.
pub(crate) fn entered(process: u32) -> Command {
    let mut command = Command::new("nsenter");
    command
        .args(["--user", "--net", "--preserve-credentials", "--target"])
        .arg(process.to_string())
        .arg("--");
    command
}

/// Starts what holds a namespace, and waits until it is there.
async fn held(mut command: Command) -> anyhow::Result<(Child, u32)> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    let said = child.stdout.take().context("no output")?;
    let said = BufReader::new(said).lines().next_line().await?;
    anyhow::ensure!(said.as_deref() == Some("ready"), "it says {said:?}");
    let process = child.id().context("it has ended")?;
    Ok((child, process))
}

/// Runs `ip` in a namespace.
async fn ip(process: u32, arguments: &str) -> anyhow::Result<()> {
    let mut command = entered(process);
    command.arg("ip").args(arguments.split(' '));
    let output = command.output().await?;
    anyhow::ensure!(
        output.status.success(),
        "ip {arguments}: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.holder.start_kill();
    }
}
