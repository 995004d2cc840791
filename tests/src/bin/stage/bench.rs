//! Figures, each beside a floor or a peer that was measured in the same run.

mod device;
mod figure;
mod file;
mod gate;
mod idle;
mod message;
mod messenger;
mod view;
mod window;

use std::path::Path;

use figure::Figures;
pub(crate) use file::serve_sink;
pub(crate) use message::serve_echo;

/// What can be measured, by name.
const NAMES: [&str; 8] = [
    "message", "file", "device", "gate", "idle", "window", "view", "bundle",
];

/// Measures what `names` say, or everything, and writes it to `folder`.
pub(crate) async fn bench(folder: &Path, names: &[String]) -> anyhow::Result<()> {
    if let Some(name) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        anyhow::bail!(
            "there is no figure `{name}`; there are: {}",
            NAMES.join(", ")
        );
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|it| it == name);
    let mut figures = Figures::default();
    if wanted("message") {
        message::measure(&mut figures).await?;
    }
    if wanted("file") {
        file::measure(&mut figures).await?;
    }
    if wanted("device") {
        device::measure(&mut figures).await?;
    }
    if wanted("gate") {
        gate::measure(&mut figures).await?;
    }
    if wanted("idle") {
        idle::measure(&mut figures).await?;
    }
    if wanted("window") {
        window::measure(&mut figures).await?;
    }
    if wanted("view") {
        view::measure(&mut figures).await?;
    }
    if wanted("bundle") {
        bundle(&mut figures)?;
    }
    figures.write(folder)
}

/// B16: the size of the package, where one was built.
fn bundle(figures: &mut Figures) -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/bundle/deb");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("    B16 left out: there is no package (`cargo xtask bundle` makes one)");
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            let bytes = std::fs::metadata(&path)?.len();
            figures.add(
                "B16",
                "size of the .deb, MB",
                bytes as f64 / 1e6,
                "at most 15",
            );
        }
    }
    Ok(())
}
