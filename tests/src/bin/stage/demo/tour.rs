//! A walk through one window, with pictures of what is seen.

use streembit_tests::Window;
use streembit_tests::walk::id;
use streembit_tests::window::{USUAL, key};

use crate::gallery::Gallery;

/// A window and the gallery that its pictures go to.
#[derive(Debug)]
pub(crate) struct Tour<'a> {
    pub(crate) window: &'a Window,
    gallery: &'a mut Gallery,
}

impl<'a> Tour<'a> {
    /// Begins a walk.
    pub(crate) fn new(window: &'a Window, gallery: &'a mut Gallery) -> Self {
        Self { window, gallery }
    }

    /// Takes a picture in light and one in dark.
    pub(crate) async fn both(&mut self, name: &str) -> anyhow::Result<()> {
        self.dark(name).await?;
        self.light(name).await
    }

    /// Takes a picture in light.
    pub(crate) async fn light(&mut self, name: &str) -> anyhow::Result<()> {
        self.gallery.take_in("light", self.window, name).await
    }

    /// Takes a picture in dark.
    pub(crate) async fn dark(&mut self, name: &str) -> anyhow::Result<()> {
        self.gallery.take_in("dark", self.window, name).await
    }

    /// Clicks what has these test ids, one after the other.
    pub(crate) async fn click(&self, testids: &[&str]) -> anyhow::Result<()> {
        for testid in testids {
            self.window.click(&id(testid)).await?;
        }
        Ok(())
    }

    /// Shows an item of a view and waits for something in it.
    pub(crate) async fn show(&self, view: &str, item: &str, seen: &str) -> anyhow::Result<()> {
        self.window.go_to(view, item).await?;
        self.window.see(&id(seen)).await.map(drop)
    }

    /// Closes the dialog or menu that is open.
    pub(crate) async fn escape(&self) -> anyhow::Result<()> {
        self.press(&[], &key::ESCAPE.to_string()).await?;
        self.window.gone("dialog[open]").await
    }

    /// Presses keys.
    pub(crate) async fn press(&self, held: &[char], keys: &str) -> anyhow::Result<()> {
        self.window.session().press(held, keys).await
    }

    /// Goes back to the size that the window opened at.
    pub(crate) async fn usual_size(&self) -> anyhow::Result<()> {
        self.window.resize(USUAL.0, USUAL.1).await
    }
}
