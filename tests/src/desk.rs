//! A screen, a session bus and a keyring of their own, for windows that nobody sees.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, bail};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};

use crate::deadline::{PATIENCE, eventually, within};

/// How large the invisible screen is.
pub(crate) const SCREEN: (u32, u32) = (2560, 1440);

/// Where windows open: an invisible X server with a real Secret Service beside it.
///
/// Everything lies in a folder of its own and ends when this is dropped.
#[derive(Debug)]
pub struct Desk {
    home: TempDir,
    environment: BTreeMap<String, String>,
    _running: Vec<Child>,
}

impl Desk {
    /// Starts everything, with an unlocked keyring.
    ///
    /// # Errors
    /// When a program is missing or does not start.
    pub async fn new() -> anyhow::Result<Self> {
        let mut desk = Self::without_keyring().await?;
        let keyring = start_keyring(&desk.environment).await?;
        desk._running.push(keyring);
        Ok(desk)
    }

    /// Starts a screen and a bus, but nothing that keeps secrets.
    ///
    /// # Errors
    /// When a program is missing or does not start.
    pub async fn without_keyring() -> anyhow::Result<Self> {
        let home = tempfile::Builder::new().prefix("desk-").tempdir()?;
        let mut environment = plain_environment(home.path())?;
        let (screen, display) = start_screen(&environment).await?;
        environment.insert("DISPLAY".to_owned(), display);
        let (bus, address) = start_bus(&environment).await?;
        environment.insert("DBUS_SESSION_BUS_ADDRESS".to_owned(), address);
        Ok(Self {
            home,
            environment,
            _running: vec![screen, bus],
        })
    }

    /// The variables that a program on this desk sees, and no others.
    #[must_use]
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// The home folder of whoever sits here.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The labels of all entries in the keyring, as its own tool lists them.
    ///
    /// # Errors
    /// When the Secret Service does not answer.
    pub async fn secrets(&self) -> anyhow::Result<Vec<String>> {
        let output = Command::new("dbus-send")
            .args([
                "--session",
                "--print-reply=literal",
                "--dest=org.freedesktop.secrets",
            ])
            .args([
                "/org/freedesktop/secrets/collection/login",
                "org.freedesktop.DBus.Properties.Get",
            ])
            .args(["string:org.freedesktop.Secret.Collection", "string:Items"])
            .env_clear()
            .envs(&self.environment)
            .output()
            .await?;
        if !output.status.success() {
            bail!(
                "the keyring did not answer: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text
            .split_whitespace()
            .filter(|word| word.starts_with("/org/"))
            .map(str::to_owned)
            .collect())
    }
}

/// Variables that keep a program inside `home`.
fn plain_environment(home: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let folder = |name: &str| -> anyhow::Result<PathBuf> {
        let path = home.join(name);
        fs::create_dir_all(&path)?;
        Ok(path)
    };
    let mut environment = BTreeMap::new();
    for (name, path) in [
        ("HOME", home.to_path_buf()),
        ("XDG_DATA_HOME", folder("data")?),
        ("XDG_CONFIG_HOME", folder("config")?),
        ("XDG_CACHE_HOME", folder("cache")?),
        ("XDG_RUNTIME_DIR", folder("run")?),
    ] {
        environment.insert(name.to_owned(), path.to_string_lossy().into_owned());
    }
    restrict(&home.join("run"))?;
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".to_owned());
    for (name, value) in [
        ("PATH", path.as_str()),
        ("LANG", "C.UTF-8"),
        ("GDK_BACKEND", "x11"),
        ("NO_AT_BRIDGE", "1"),
        // There is no graphics card behind an invisible screen. (Without its DMABUF renderer,
        // WebKitGTK 2.50 never answers when it is asked for a picture.)
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    Ok(environment)
}

fn restrict(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(
        folder,
        fs::Permissions::from_mode(0o700),
    )?)
}

fn command(program: &str, environment: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Starts Xvfb, which picks a free display and names it.
async fn start_screen(environment: &BTreeMap<String, String>) -> anyhow::Result<(Child, String)> {
    let mut screen = command("Xvfb", environment)
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{}x{}x24", SCREEN.0, SCREEN.1),
            "-nolisten",
            "tcp",
            "-noreset",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .context("Xvfb is missing; `apt-get install xvfb` brings it")?;
    let number = first_line(&mut screen, "Xvfb").await?;
    Ok((screen, format!(":{number}")))
}

async fn start_bus(environment: &BTreeMap<String, String>) -> anyhow::Result<(Child, String)> {
    let mut bus = command("dbus-daemon", environment)
        .args(["--session", "--nofork", "--print-address=1"])
        .stdout(Stdio::piped())
        .spawn()
        .context("dbus-daemon is missing; `apt-get install dbus` brings it")?;
    let address = first_line(&mut bus, "dbus-daemon").await?;
    Ok((bus, address))
}

/// Starts the keyring and unlocks it with a password of this desk's.
async fn start_keyring(environment: &BTreeMap<String, String>) -> anyhow::Result<Child> {
    let mut keyring = command("gnome-keyring-daemon", environment)
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .context("gnome-keyring-daemon is missing; `apt-get install gnome-keyring` brings it")?;
    keyring
        .stdin
        .take()
        .context("no input")?
        .write_all(b"desk")
        .await?;
    eventually(PATIENCE, "the keyring", || async {
        let owned = command("dbus-send", environment)
            .args([
                "--session",
                "--print-reply=literal",
                "--dest=org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
            ])
            .arg("string:org.freedesktop.secrets")
            .output()
            .await?;
        Ok(String::from_utf8_lossy(&owned.stdout)
            .contains("true")
            .then_some(()))
    })
    .await?;
    Ok(keyring)
}

async fn first_line(child: &mut Child, name: &str) -> anyhow::Result<String> {
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    let line = within(PATIENCE, name, lines.next_line()).await??;
    line.with_context(|| format!("{name} ended at once"))
}
