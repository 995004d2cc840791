//! What processes cost, as the kernel counts it.

use std::collections::BTreeSet;
use std::fs;

/// `root` and everything it has started.
pub fn tree(root: u32) -> BTreeSet<u32> {
    let parents: Vec<(u32, u32)> = processes()
        .filter_map(|id| Some((id, parent(id)?)))
        .collect();
    let mut found = BTreeSet::from([root]);
    loop {
        let before = found.len();
        found.extend(
            parents
                .iter()
                .filter(|(_, parent)| found.contains(parent))
                .map(|(id, _)| *id)
                .collect::<Vec<_>>(),
        );
        if found.len() == before {
            return found;
        }
    }
}

/// Memory of these processes, shared pages divided fairly, in MiB.
pub fn memory(processes: &BTreeSet<u32>) -> f64 {
    let kilobytes = |id: &u32| field(&format!("/proc/{id}/smaps_rollup"), "Pss:");
    processes.iter().filter_map(kilobytes).sum::<f64>() / 1024.0
}

/// Memory of one process that is in RAM, in MiB.
pub fn resident(id: u32) -> f64 {
    field(&format!("/proc/{id}/status"), "VmRSS:").unwrap_or_default() / 1024.0
}

/// Has the kernel begin anew with the most memory that a process had in RAM.
///
/// # Errors
/// When it is not one's own.
pub fn forget_most_resident(id: u32) -> std::io::Result<()> {
    fs::write(format!("/proc/{id}/clear_refs"), "5")
}

/// The most memory that a process ever had in RAM, or since that was forgotten, in MiB.
pub fn most_resident(id: u32) -> f64 {
    field(&format!("/proc/{id}/status"), "VmHWM:").unwrap_or_default() / 1024.0
}

/// Seconds of processor time that a process has had.
pub fn processor_time(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; what follows is regular.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or_default()
    };
    (ticks(11) + ticks(12)) / 100.0
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok())
}

fn parent(id: u32) -> Option<u32> {
    field(&format!("/proc/{id}/status"), "PPid:").map(|parent| parent as u32)
}

/// The number after `name` in a file of `/proc`.
fn field(file: &str, name: &str) -> Option<f64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
