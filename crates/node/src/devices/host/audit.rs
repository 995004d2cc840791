//! Who did what here, and who tried: rows of a ring in the store.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use serde_json::{Map, Value, json};
use streembit_identity::{AccountId, Timestamp};
use streembit_store::{AuditEntry, Page};
use streembit_things::{Outcome, Problem, ProblemKind, Request};

use super::{Host, lock, served::Served};
use crate::{devices::error::broken, node::Node};

/// Failed attempts of one account that are written down within a minute; more would only push out
/// what matters.
const PER_MINUTE: u32 = 10;

/// Accounts whose failed attempts are counted; those of others are not written down meanwhile.
const MAX_ACCOUNTS: usize = 1_024;

/// Most rows in one answer.
const MAX_ROWS: u32 = 200;

/// Counts failed attempts, so that nobody floods the audit with its own.
#[derive(Debug, Default)]
pub(super) struct Failures(Mutex<HashMap<AccountId, Count>>);

/// The failed attempts of one account.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// When its minute began.
    since: Timestamp,
    /// Those within the minute.
    now: u32,
    /// Those that no row tells of yet.
    untold: u32,
}

impl Count {
    fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.since) >= Duration::from_secs(60)
    }
}

impl Failures {
    /// Counts one; when it is worth a row, returns how many others that row tells of.
    fn count(&self, peer: AccountId, now: Timestamp) -> Option<u32> {
        let mut counts = lock(&self.0);
        if counts.len() >= MAX_ACCOUNTS && !counts.contains_key(&peer) {
            counts.retain(|_, count| !count.is_over(now));
            if counts.len() >= MAX_ACCOUNTS {
                return None;
            }
        }
        let count = counts.entry(peer).or_insert(Count {
            since: now,
            now: 0,
            untold: 0,
        });
        if count.is_over(now) {
            (count.since, count.now) = (now, 0);
        }
        count.now = count.now.saturating_add(1);
        if count.now <= PER_MINUTE {
            Some(std::mem::take(&mut count.untold))
        } else {
            count.untold = count.untold.saturating_add(1);
            None
        }
    }
}

impl Host {
    /// Writes down what was done, or refused; an audit that fails is no reason to fail the deed.
    pub(super) async fn note(
        &self,
        node: &Node,
        peer: AccountId,
        request: &Request,
        problem: Option<&Problem>,
    ) {
        let outcome = match problem {
            None => "done".to_owned(),
            Some(problem) => match self.failures.count(peer, node.now()) {
                None => return,
                Some(others) => failure(problem, others),
            },
        };
        // Names that whoever asks made up are nothing to remember.
        let thing = self.named(request).ok();
        let entry = AuditEntry {
            id: 0,
            at: node.now(),
            peer,
            thing: thing.map_or_else(String::new, |thing| thing.url().name.to_string()),
            operation: request.operation.name().to_owned(),
            affordance: thing.and_then(|thing| affordance(thing, request)),
            outcome,
        };
        if let Err(error) = node.store().add_audit(entry).await {
            tracing::warn!(%error, "Could not write to the audit");
        }
    }

    /// Hands out a page of the audit, newest first.
    pub(super) async fn audit(&self, node: &Node, request: &Request) -> Result<Outcome, Problem> {
        let number = |name: &str| {
            request
                .value
                .as_ref()
                .and_then(|value| value.get(name)?.as_u64())
        };
        let limit = number("limit")
            .and_then(|limit| u32::try_from(limit).ok())
            .unwrap_or(50);
        let page = Page {
            before: number("before"),
            limit: limit.clamp(1, MAX_ROWS),
        };
        let rows = node
            .store()
            .audit(page)
            .await
            .map_err(|error| broken(&error))?;
        let rows: Vec<Value> = rows.iter().map(to_json).collect();
        Ok(Outcome {
            output: Some(Value::Array(rows)),
            ..Outcome::default()
        })
    }
}

/// What came of an attempt, and of those before it that have no row of their own.
fn failure(problem: &Problem, others: u32) -> String {
    let mut text: String = if problem.kind == ProblemKind::Forbidden {
        "denied".to_owned()
    } else {
        problem.to_string().chars().take(256).collect()
    };
    if others > 0 {
        text.push_str(&format!(" ({others} more failed before)"));
    }
    text
}

/// What was touched, of that which the thing has.
fn affordance(thing: &Served, request: &Request) -> Option<String> {
    let known = thing.description().affordances();
    let is_known = |name: &&String| {
        known.properties.contains_key(*name)
            || known.actions.contains_key(*name)
            || known.events.contains_key(*name)
    };
    let several = request.values.iter().flat_map(Map::keys);
    let names: Vec<&str> = request
        .name
        .iter()
        .chain(several)
        .filter(is_known)
        .take(16)
        .map(String::as_str)
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn to_json(row: &AuditEntry) -> Value {
    json!({
        "id": row.id,
        "at": row.at.as_millis(),
        "peer": row.peer.to_string(),
        "thing": row.thing,
        "operation": row.operation,
        "affordance": row.affordance,
        "outcome": row.outcome,
    })
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn account(number: u16) -> AccountId {
        let mut seed = [7; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        AccountKey::from_seed(&Zeroizing::new(seed)).id()
    }

    #[test]
    fn what_was_left_out_is_told_with_the_next_row() {
        let failures = Failures::default();
        let rows = (0..25).filter_map(|_| failures.count(account(1), NOW));
        assert_eq!(rows.collect::<Vec<_>>(), [0; 10]);

        let later = NOW.plus(Duration::from_secs(60));

        assert_eq!(failures.count(account(1), later), Some(15));
        assert_eq!(failures.count(account(1), later), Some(0));
        assert_eq!(failures.count(account(2), NOW), Some(0), "counted apart");
    }

    #[test]
    fn a_crowd_is_not_counted_without_end() {
        let failures = Failures::default();
        let told = (0..2_000)
            .filter_map(|number| failures.count(account(number), NOW))
            .count();

        assert_eq!(told, MAX_ACCOUNTS);
        let later = NOW.plus(Duration::from_secs(60));
        assert_eq!(failures.count(account(1_999), later), Some(0));
    }
}
