//! The steps of `cargo xtask test`, in order: cheap ones first, and nothing compiled twice.

use anyhow::Context;

use crate::program::{Count, Program};
use crate::{interface, packages, tools, workspace};

/// One thing that must hold.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// What holds when the step passes.
    pub(crate) claim: &'static str,
    /// Steps without which this one makes no sense.
    pub(crate) needs: &'static [&'static str],
    pub(crate) take: fn(&mut Count) -> anyhow::Result<()>,
}

const fn step(
    name: &'static str,
    claim: &'static str,
    needs: &'static [&'static str],
    take: fn(&mut Count) -> anyhow::Result<()>,
) -> Step {
    Step {
        name,
        claim,
        needs,
        take,
    }
}

/// All steps, in the order they are taken.
pub(crate) static STEPS: [Step; 18] = [
    step("tools", "packages and programs are there", &[], have_tools),
    step("format", "Rust is formatted", &[], format),
    step(
        "ui-install",
        "the window's packages are installed",
        &["tools"],
        |_| interface::install(),
    ),
    step(
        "ui-types",
        "TypeScript and Svelte have no type errors",
        &["ui-install"],
        |count| npm_run("check", count),
    ),
    step(
        "ui-lint",
        "eslint and prettier have no complaint",
        &["ui-install"],
        lint_interface,
    ),
    step(
        "ui-tests",
        "the window's own tests pass",
        &["ui-install"],
        |count| npm_run("test", count),
    ),
    step(
        "ui-build",
        "the window's contents build",
        &["ui-install"],
        |_| interface::build(),
    ),
    step(
        "build",
        "everything compiles",
        &["tools", "ui-build"],
        build,
    ),
    step("clippy", "clippy has no warning", &["ui-build"], clippy),
    step(
        "generated",
        "the generated TypeScript is up to date",
        &["build"],
        generated,
    ),
    step(
        "tests",
        "unit and property tests pass",
        &["build"],
        unit_tests,
    ),
    step(
        "fuzz",
        "every decoder survives its fuzz corpus",
        &["build"],
        fuzz_corpora,
    ),
    step(
        "doctests",
        "examples in the documentation pass",
        &["build"],
        doctests,
    ),
    step("docs", "rustdoc has no warning", &["ui-build"], docs),
    step("deny", "licences, sources and bans hold", &["tools"], deny),
    step(
        "peers",
        "the peer from other hands is installed",
        &["tools"],
        |_| interface::install_knocker(),
    ),
    step(
        "system",
        "nodes in processes of their own do as they should",
        &["build", "peers"],
        system_tests,
    ),
    step(
        "window",
        "the app in a real window does as it should",
        &["build"],
        window_tests,
    ),
];

/// The test that keeps the generated TypeScript equal to the command table.
const GENERATED: &str = "package(streembit-api) & test(typescript_is_up_to_date)";

fn have_tools(_: &mut Count) -> anyhow::Result<()> {
    packages::ensure(&[&packages::BUILD[..], &packages::SCREEN, &packages::JUDGES].concat())?;
    tools::node()?;
    tools::cargo_tool("nextest")?;
    tools::cargo_tool("deny")
}

fn format(_: &mut Count) -> anyhow::Result<()> {
    Program::new("cargo")
        .args(["fmt", "--all", "--check"])
        .run()
        .context("`cargo fmt --all` mends it")
}

fn npm_run(script: &str, count: &mut Count) -> anyhow::Result<()> {
    interface::npm().args(["run", script]).count(count)
}

fn lint_interface(count: &mut Count) -> anyhow::Result<()> {
    npm_run("lint", count)?;
    npm_run("format:check", count).context("`npm run format` in ui/ mends it")
}

fn build(count: &mut Count) -> anyhow::Result<()> {
    workspace::cargo("build").arg("--all-targets").count(count)
}

fn clippy(count: &mut Count) -> anyhow::Result<()> {
    workspace::cargo("clippy")
        .args(["--all-targets", "--", "-D", "warnings"])
        .count(count)
}

/// nextest on the binaries that `build` made, narrowed by `filter`.
fn nextest(filter: &str) -> Program {
    Program::new("cargo")
        .args(["nextest", "run"])
        .args(workspace::WHOLE)
        .args(["--all-targets", "--filterset", filter])
}

fn unit_tests(count: &mut Count) -> anyhow::Result<()> {
    nextest(&format!(
        "not package(streembit-tests) & not package(streembit-fuzz) & not ({GENERATED})"
    ))
    .count(count)
}

fn fuzz_corpora(count: &mut Count) -> anyhow::Result<()> {
    nextest("package(streembit-fuzz)").count(count)
}

/// Runs the one test that compares the file with the command table, and that mends it.
fn generated(count: &mut Count) -> anyhow::Result<()> {
    nextest(GENERATED)
        .count(count)
        .context("ui/src/lib/api.ts has been written anew; look at it and commit it")
}

fn doctests(count: &mut Count) -> anyhow::Result<()> {
    workspace::cargo("test").arg("--doc").count(count)
}

fn docs(count: &mut Count) -> anyhow::Result<()> {
    workspace::cargo("doc")
        .args(["--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .count(count)
}

fn deny(count: &mut Count) -> anyhow::Result<()> {
    let check = |what: &[&str], count: &mut Count| {
        Program::new("cargo")
            .args([
                "deny",
                "--locked",
                "--offline",
                "--workspace",
                "check",
                "--hide-inclusion-graph",
            ])
            .args(what)
            .count(count)
    };
    check(&["bans", "licenses", "sources"], count)?;
    let home = std::env::var_os("CARGO_HOME")
        .map(Into::into)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let database = home
        .map(|home| home.join("advisory-dbs"))
        .filter(|folder| folder.is_dir());
    if database.is_some() {
        return check(&["advisories"], count);
    }
    println!(
        "    Known vulnerabilities were not checked: there is no advisory database (`cargo deny fetch` brings it)."
    );
    Ok(())
}

fn system_tests(count: &mut Count) -> anyhow::Result<()> {
    nextest("package(streembit-tests) & not binary(window)").count(count)
}

fn window_tests(count: &mut Count) -> anyhow::Result<()> {
    nextest("package(streembit-tests) & binary(window)").count(count)
}
