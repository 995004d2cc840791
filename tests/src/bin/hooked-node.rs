//! `streembit-node` with hooks set in code, for tests of what must hold against such a program.
//!
//! Takes the same arguments, and besides any number of:
//! - `--hook=gate-off`: ignores every refusal of the gate, its own and the peers';
//! - `--hook=unchecked`: asks other hosts for whatever it is told to, without checking it first;
//! - `--hook=steal:FILE`: writes what it would say first at a door, and says nonsense instead;
//! - `--hook=replay:FILE`: says first at a door what such a file holds;
//! - `--hook=publish-off`: publishes nothing to the DHT;
//! - `--hook=clock:SECONDS`: its gate's system clock is so far ahead, or behind if negative;
//! - `--hook=time:SECONDS`: all its clocks are so far ahead, or behind if negative;
//! - `--hook=handle:NAME`: lets itself be found by that name, though it goes by another;
//! - `--hook=frames:FILE`: writes each frame of the request protocol, as it is inside the transport;
//! - `--hook=observe:FILE`: writes what happens on connections, a line each: what, node;
//! - `--hook=points:FILE`: writes the name of each write point that is passed, a line each;
//! - `--hook=kill-at:POINT:N`: kills itself with SIGKILL when it passes `POINT` for the Nth time;
//! - `--hook=kill-at:POINT:N:FILE`: the same, counted from when `FILE` exists.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, bail};
use streembit_cli::Hooks;

fn main() -> anyhow::Result<ExitCode> {
    let (hooks, arguments): (Vec<OsString>, Vec<OsString>) =
        std::env::args_os().partition(|argument| argument.to_string_lossy().starts_with("--hook="));
    let mut set = Hooks::default();
    for hook in &hooks {
        let hook = hook.to_string_lossy();
        apply(hook.trim_start_matches("--hook="), &mut set)
            .with_context(|| hook.clone().into_owned())?;
    }
    Ok(streembit_cli::main_from(arguments, set))
}

fn apply(hook: &str, set: &mut Hooks) -> anyhow::Result<()> {
    let (name, value) = hook.split_once(':').unwrap_or((hook, ""));
    match name {
        "gate-off" => set.gate_off = true,
        "clock" => set.clock = value.parse::<i64>()? * 1_000,
        "time" => Hooks::skew(value.parse::<i64>()? * 1_000),
        "publish-off" => set.publish = false,
        "handle" => set.handle = Some(value.parse()?),
        "steal" => {
            let file = value.to_owned();
            set.first_frame = Some(Arc::new(move |frame| {
                let _ = std::fs::write(&file, frame);
                vec![0]
            }));
        }
        "replay" => {
            let file = value.to_owned();
            set.first_frame = Some(Arc::new(move |frame| std::fs::read(&file).unwrap_or(frame)));
        }
        "frames" => {
            let file = lines_to(value)?;
            set.frames = Some(Arc::new(move |frame| {
                if let Ok(mut file) = file.lock() {
                    let _ = file.write_all(frame);
                }
            }));
        }
        "unchecked" => set.unchecked = true,
        "observe" => {
            let file = lines_to(value)?;
            set.observer = Some(Arc::new(move |what, node| {
                write_line(&file, &format!("{what} {node}"));
            }));
        }
        "points" => {
            let file = lines_to(value)?;
            set.write_point = Some(Arc::new(move |point| write_line(&file, point)));
        }
        "kill-at" => {
            let mut parts = value.splitn(3, ':');
            let point = parts.next().unwrap_or_default().to_owned();
            let count = parts.next().context("kill-at:POINT:N")?.parse()?;
            set.write_point = Some(kill_at(point, count, parts.next().map(PathBuf::from)));
        }
        _ => bail!("there is no such hook"),
    }
    Ok(())
}

/// Counts the passages of `point` and ends the process, as a power cut would, at the `last`.
fn kill_at(
    point: String,
    last: u64,
    armed_by: Option<PathBuf>,
) -> Arc<dyn Fn(&'static str) + Send + Sync> {
    let passed = AtomicU64::new(0);
    let is_armed = move || armed_by.as_ref().is_none_or(|file| file.exists());
    Arc::new(move |name| {
        if name == point && is_armed() && passed.fetch_add(1, Ordering::Relaxed) + 1 == last {
            let killed = Command::new("kill")
                .args(["-KILL", &std::process::id().to_string()])
                .status();
            if killed.is_err() {
                std::process::abort();
            }
            // The signal may arrive a moment later; nothing may be written until then.
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    })
}

fn lines_to(path: &str) -> anyhow::Result<Mutex<File>> {
    Ok(Mutex::new(
        OpenOptions::new().create(true).append(true).open(path)?,
    ))
}

fn write_line(file: &Mutex<File>, line: &str) {
    if let Ok(mut file) = file.lock() {
        let _ = writeln!(file, "{line}");
    }
}
