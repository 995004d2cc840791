//! What a node reports as it happens.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde_json::Value;

use crate::deadline::{PATIENCE, within};
use crate::line::Line;

/// The events of one node, from the moment of subscribing; none is lost in between.
#[derive(Debug)]
pub struct Events {
    line: Line,
    passed: Vec<Value>,
}

impl Events {
    /// Subscribes to the node whose data lies in `folder`.
    ///
    /// # Errors
    /// When no node runs there.
    pub async fn of(folder: &Path) -> anyhow::Result<Self> {
        let mut line = Line::connect(folder).await?;
        line.subscribe().await?;
        Ok(Self {
            line,
            passed: Vec::new(),
        })
    }

    /// Waits for the first event for which `wanted` holds; those before it are passed over.
    ///
    /// # Errors
    /// When none comes within [`PATIENCE`], telling what came instead.
    pub async fn wait(
        &mut self,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        self.wait_for(PATIENCE, what, wanted).await
    }

    /// Like [`Events::wait`] with a deadline of its own.
    ///
    /// # Errors
    /// When none comes within `limit`, telling what came instead.
    pub async fn wait_for(
        &mut self,
        limit: Duration,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let (line, passed) = (&mut self.line, &mut self.passed);
        let search = async {
            loop {
                let event = line.read_event().await?;
                if wanted(&event) {
                    return anyhow::Ok(event);
                }
                passed.push(event);
            }
        };
        let found = within(limit, what, search).await.and_then(|found| found);
        let passed = std::mem::take(&mut self.passed);
        found.with_context(|| format!("events that came instead: {}", Value::from(passed)))
    }

    /// Waits, without a deadline, for whatever happens next.
    ///
    /// # Errors
    /// When the node has ended.
    pub async fn next(&mut self) -> anyhow::Result<Value> {
        self.line.read_event().await
    }

    /// Waits for an event of the type `kind`.
    ///
    /// # Errors
    /// When none comes within [`PATIENCE`].
    pub async fn wait_type(&mut self, kind: &str) -> anyhow::Result<Value> {
        self.wait(kind, |event| {
            event.get("type").and_then(Value::as_str) == Some(kind)
        })
        .await
    }
}
