//! Who did what here, and who tried: rows of a ring in the store.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use serde_json::{Value, json};
use streembit_identity::{AccountId, Timestamp};
use streembit_store::{AuditEntry, Page};
use streembit_things::{Outcome, Problem, ProblemKind, Request};

use super::{Host, lock};
use crate::{devices::error::broken, node::Node};

/// Refusals of one account that are written down within a minute; more would only push out
/// what matters.
const PER_MINUTE: u32 = 10;

/// Accounts whose refusals are counted.
const MAX_ACCOUNTS: usize = 1_024;

/// Most rows in one answer.
const MAX_ROWS: u32 = 200;

/// Counts refusals, so that nobody floods the audit with its own.
#[derive(Debug, Default)]
pub(super) struct Denials(Mutex<HashMap<AccountId, (Timestamp, u32)>>);

impl Denials {
    fn is_worth_a_row(&self, peer: AccountId, now: Timestamp) -> bool {
        let mut counts = lock(&self.0);
        let is_old = |at: &Timestamp| now.since(*at) >= Duration::from_secs(60);
        if counts.len() >= MAX_ACCOUNTS && !counts.contains_key(&peer) {
            counts.retain(|_, (at, _)| !is_old(at));
            if counts.len() >= MAX_ACCOUNTS {
                return false;
            }
        }
        let entry = counts.entry(peer).or_insert((now, 0));
        if is_old(&entry.0) {
            *entry = (now, 0);
        }
        entry.1 += 1;
        entry.1 <= PER_MINUTE
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
        let outcome = match problem.map(|problem| problem.kind) {
            None => "done".to_owned(),
            Some(ProblemKind::Forbidden) if !self.denials.is_worth_a_row(peer, node.now()) => {
                return;
            }
            Some(ProblemKind::Forbidden) => "denied".to_owned(),
            Some(_) => problem.map(ToString::to_string).unwrap_or_default(),
        };
        let thing = request.thing.as_ref().map(|thing| thing.name.to_string());
        let entry = AuditEntry {
            id: 0,
            at: node.now(),
            peer,
            thing: thing.unwrap_or_default(),
            operation: request.operation.name().to_owned(),
            affordance: affordance(request),
            outcome: outcome.chars().take(256).collect(),
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

/// What was touched; an outsider's names are cut to a length that a row bears.
fn affordance(request: &Request) -> Option<String> {
    let several = || {
        let names = request.values.as_ref()?.keys().take(16).cloned();
        Some(names.collect::<Vec<_>>().join(", "))
    };
    let name = request.name.clone().or_else(several)?;
    Some(name.chars().take(128).collect())
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
