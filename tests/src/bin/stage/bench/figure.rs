//! What was measured, as a table for people and as JSON.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// The measurements of one run.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    rows: Vec<Value>,
}

impl Figures {
    /// Notes one figure; `goal` says in words what it should be.
    pub(crate) fn add(&mut self, id: &str, what: &str, value: f64, goal: &str) {
        println!("    {id:4} {what}: {value:.2} ({goal})");
        self.rows
            .push(json!({ "id": id, "what": what, "value": value, "goal": goal }));
    }

    /// Writes `figures.json` and `figures.md` into `folder`.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(
            folder.join("figures.json"),
            serde_json::to_string_pretty(&self.rows)?,
        )?;
        let mut table = "| | what | figure | goal |\n|---|---|---:|---|\n".to_owned();
        for row in &self.rows {
            let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
            let value = row.get("value").and_then(Value::as_f64).unwrap_or_default();
            table.push_str(&format!(
                "| {} | {} | {value:.2} | {} |\n",
                text("id"),
                text("what"),
                text("goal")
            ));
        }
        fs::write(folder.join("figures.md"), &table)?;
        println!("\n{table}\nWritten to {}", folder.display());
        Ok(())
    }
}

/// The value below which `part` of the times lie, in milliseconds.
pub(crate) fn quantile(times: &mut [Duration], part: f64) -> f64 {
    times.sort_unstable();
    let index = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
    times
        .get(index)
        .map_or(0.0, |time| time.as_secs_f64() * 1e3)
}
