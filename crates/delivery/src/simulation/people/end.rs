//! What must hold in the simulated world, at every step and in the end.

use std::collections::BTreeSet;

use crate::{MAX_ITEMS_PER_ACCOUNT, State};

use super::World;
use super::node::Node;

impl World {
    /// Whether nothing is on its way and nothing is missing.
    pub(crate) fn is_idle(&self) -> bool {
        self.nodes.iter().all(|node| {
            node.outbox.is_empty() && node.wishes.is_empty() && node.disk.heard.missing() == 0
        })
    }

    /// Says what is still waited for.
    pub(crate) fn waiting(&self) -> String {
        let each = self.nodes.iter().map(|node| {
            let (waiting, missing) = (node.outbox.len(), node.disk.heard.missing());
            let queue: Vec<_> = node.disk.queue.values().collect();
            format!("{waiting} on their way, {missing} missing, {queue:?}")
        });
        let each: Vec<String> = each.collect();
        format!("not everything came: {}", each.join("; "))
    }

    /// What holds at every step.
    pub(crate) fn check_bounds(&self) -> Result<(), String> {
        for node in &self.nodes {
            let (waiting, stored) = (node.outbox.len(), node.disk.queue.len());
            if waiting > stored {
                return Err(format!("{waiting} on their way, {stored} stored"));
            }
            if waiting > MAX_ITEMS_PER_ACCOUNT {
                return Err(format!("{waiting} on their way"));
            }
        }
        if self.post.is_within_bounds() {
            Ok(())
        } else {
            Err("the mailbox keeps more than it may".to_owned())
        }
    }

    /// What holds in the end: everything arrived, once, in order, and its sender knows.
    pub(crate) fn check_end(&mut self) -> Result<(), String> {
        for from in &self.nodes {
            for (to, said) in &from.disk.said {
                let ids: BTreeSet<_> = said.iter().map(|said| said.id).collect();
                self.outcome.texts += ids.len() as u64;
                for at in self.nodes.iter().filter(|it| it.at.account == *to) {
                    check_thread(from, at)?;
                }
            }
        }
        for node in &self.nodes {
            if let Some(id) = node.disk.heard.astray.first() {
                return Err(format!("{id} contradicts what was said before"));
            }
        }
        Ok(())
    }
}

/// Compares what one node said with what another shows.
fn check_thread(from: &Node, at: &Node) -> Result<(), String> {
    let whose = (from.at.account, from.at.node.unwrap());
    let said = &from.disk.said[&at.at.account];
    let rows = at.disk.heard.threads.get(&whose);
    let mut rows: Vec<_> = rows.into_iter().flat_map(|it| it.rows.values()).collect();
    rows.sort_by_key(|row| row.line);
    let shown: Vec<_> = rows.iter().map(|row| row.id).collect();
    let wanted: Vec<_> = said.iter().map(|said| said.id).collect();
    if shown != wanted {
        return Err(format!("{wanted:?} were said, {shown:?} are shown"));
    }
    for said in said {
        let state = from.disk.states.get(&(said.id, at.at));
        if state != Some(&State::Delivered) {
            return Err(format!("{} arrived and is {state:?}", said.id));
        }
    }
    Ok(())
}
