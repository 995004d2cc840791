//! The Debian and Ubuntu packages that the project needs, and how they get installed.

use anyhow::bail;

use crate::program::{Program, find};

/// What building the app needs.
pub(crate) const BUILD: [&str; 6] = [
    "build-essential",
    "pkg-config",
    "perl",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
];

/// What showing the app needs where nobody sits in front of it.
pub(crate) const SCREEN: [&str; 6] = [
    "xvfb",
    "dbus",
    "gnome-keyring",
    "webkit2gtk-driver",
    "fonts-dejavu-core",
    "adwaita-icon-theme",
];

/// What is measured beside ours, and how it is kept apart.
pub(crate) const PEERS: [&str; 3] = ["libtoxcore-dev", "iproute2", "util-linux"];

/// What the tests use besides.
pub(crate) const JUDGES: [&str; 4] = ["age", "iproute2", "libsecret-tools", "util-linux"];

/// Makes sure that every package of `wanted` is there: installs it, or says exactly what to type.
pub(crate) fn ensure(wanted: &[&str]) -> anyhow::Result<()> {
    if find("dpkg-query").is_none() {
        println!(
            "    This is not Debian or Ubuntu. If the build stops, install what these packages hold: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("    Missing: {}", missing.join(" "));
    let install = format!(
        "apt-get install --yes --no-install-recommends {}",
        missing.join(" ")
    );
    if is_root()? {
        apt(&[], &missing)
    } else if find("sudo").is_some() && ask_sudo() {
        apt(&["sudo"], &missing)
    } else {
        bail!(
            "packages are missing. Type this, then try again:\n    sudo apt-get update && sudo {install}"
        );
    }
}

fn apt(before: &[&str], missing: &[&str]) -> anyhow::Result<()> {
    let call = |arguments: &[&str]| {
        let words = [
            before,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"],
            arguments,
        ]
        .concat();
        let (first, rest) = words
            .split_first()
            .ok_or_else(|| anyhow::anyhow!("nothing to run"))?;
        Program::new(first).args(rest).run()
    };
    call(&["update", "-q"])?;
    call(
        &[
            &["install", "-q", "--yes", "--no-install-recommends"],
            missing,
        ]
        .concat(),
    )
}

fn is_installed(name: &str) -> bool {
    Program::new("dpkg-query")
        .args(["--show", "--showformat", "${db:Status-Status}", name])
        .output()
        .is_ok_and(|status| status == "installed")
}

fn is_root() -> anyhow::Result<bool> {
    Ok(Program::new("id").arg("-u").output()?.trim() == "0")
}

/// Whether sudo can be had: without a password, or from the person at the terminal.
fn ask_sudo() -> bool {
    use std::io::IsTerminal;
    std::io::stdin().is_terminal() || Program::new("sudo").args(["-n", "true"]).output().is_ok()
}
