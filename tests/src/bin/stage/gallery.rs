//! Pictures of a window, numbered in the order they were taken.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use streembit_tests::Window;

/// A folder that pictures go to.
#[derive(Debug)]
pub(crate) struct Gallery {
    folder: PathBuf,
    taken: usize,
}

impl Gallery {
    /// Clears the folder of the pictures of an earlier time.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "png") {
                fs::remove_file(path)?;
            }
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            taken: 0,
        })
    }

    /// How many pictures there are.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Takes a picture of what `window` shows and prints its path.
    pub(crate) async fn take(&mut self, window: &Window, name: &str) -> anyhow::Result<()> {
        self.taken += 1;
        let file = self.folder.join(format!("{:03}-{name}.png", self.taken));
        window.settle().await?;
        window.picture(&file).await?;
        println!("{}", file.display());
        Ok(())
    }

    /// Takes a picture in one theme; its name ends with the theme.
    pub(crate) async fn take_in(
        &mut self,
        theme: &str,
        window: &Window,
        name: &str,
    ) -> anyhow::Result<()> {
        window.theme(theme).await?;
        self.take(window, &format!("{name}-{theme}")).await
    }
}
