//! Actions: each invocation is a task that can be asked after and cancelled.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use data_encoding::HEXLOWER;
use serde_json::Value;
use streembit_gate::Access;
use streembit_identity::AccountId;
use streembit_things::{ActionState, ActionStatus, DriverError, Problem, ProblemKind};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::{Host, lock, served::Served};
use crate::node::{Node, fill, now};

/// Actions of one thing under way at once.
const MAX_RUNNING: usize = 32;

/// Invocations of one thing that are remembered.
const MAX_KEPT: usize = 128;

/// How long an invocation is waited for before it is answered as running.
const PROMPT: Duration = Duration::from_millis(250);

/// One invocation.
#[derive(Debug)]
pub(super) struct Invocation {
    by: AccountId,
    status: ActionStatus,
    stop: CancellationToken,
}

impl Host {
    /// Starts an action; what ends within a moment is answered as ended.
    pub(super) async fn invoke(
        self: &Arc<Self>,
        node: &Node,
        thing: &Arc<Served>,
        by: AccountId,
        name: &str,
        input: Value,
    ) -> Result<ActionStatus, Problem> {
        thing.description.check_invoke(name, &input)?;
        let (id, stop) = (new_id(), node.stop_token());
        let status = begun(&id, name);
        {
            let mut actions = lock(&thing.actions);
            make_room(&mut actions)?;
            let invocation = Invocation {
                by,
                status,
                stop: stop.clone(),
            };
            actions.insert(id.clone(), invocation);
        }
        let (done, ended) = oneshot::channel::<()>();
        let (host, thing_too, name, id_too) =
            (self.clone(), thing.clone(), name.to_owned(), id.clone());
        node.spawn(async move {
            host.run(&thing_too, &id_too, &name, input, stop).await;
            drop(done);
        });
        let _ = tokio::time::timeout(PROMPT, ended).await;
        self.status(thing, &id)
            .ok_or_else(|| Problem::new(ProblemKind::Internal))
    }

    async fn run(
        self: &Arc<Self>,
        thing: &Arc<Served>,
        id: &str,
        name: &str,
        input: Value,
        stop: CancellationToken,
    ) {
        let reporter = self.reporter(thing, Some(id));
        let outcome = tokio::select! {
            () = stop.cancelled() => None,
            outcome = thing.driver.invoke(name, input, &reporter) => Some(outcome),
        };
        self.update(thing, id, |status| end(status, thing, name, outcome));
    }

    /// Tells how an invocation stands; those of others only to who manages the thing.
    pub(super) fn query(
        &self,
        thing: &Served,
        peer: AccountId,
        id: &str,
    ) -> Result<ActionStatus, Problem> {
        let known = lock(&thing.actions)
            .get(id)
            .map(|one| (one.by, one.status.clone()));
        let is_manager = || {
            let name = Some(&thing.url.name);
            self.may(peer, name, Access::Manage, None, now()).is_ok()
        };
        match known {
            Some((by, status)) if by == peer || is_manager() => Ok(status),
            Some(_) | None => Err(Problem::because(
                ProblemKind::NotFound,
                "there is no such action of yours",
            )),
        }
    }

    /// Lists the invocations that `peer` may ask after.
    pub(super) fn query_all(&self, thing: &Served, peer: AccountId) -> Vec<ActionStatus> {
        let ids: Vec<String> = lock(&thing.actions).keys().cloned().collect();
        ids.iter()
            .filter_map(|id| self.query(thing, peer, id).ok())
            .collect()
    }

    /// Stops an action that is under way.
    pub(super) fn cancel(
        &self,
        thing: &Served,
        peer: AccountId,
        id: &str,
    ) -> Result<ActionStatus, Problem> {
        let status = self.query(thing, peer, id)?;
        if status.state.is_over() {
            return Err(Problem::because(
                ProblemKind::Conflict,
                "the action is over already",
            ));
        }
        if let Some(invocation) = lock(&thing.actions).get(id) {
            invocation.stop.cancel();
        }
        self.update(thing, id, cancel);
        self.query(thing, peer, id)
    }

    /// Notes how much of an action is done.
    pub(super) fn progressed(&self, thing: &Served, id: &str, percent: u8) {
        self.update(thing, id, |status| status.progress = Some(percent));
    }

    fn update(&self, thing: &Served, id: &str, change: impl FnOnce(&mut ActionStatus)) {
        let told = {
            let mut actions = lock(&thing.actions);
            let Some(invocation) = actions.get_mut(id) else {
                return;
            };
            // What is over stays as it ended.
            if invocation.status.state.is_over() {
                return;
            }
            change(&mut invocation.status);
            (invocation.by, invocation.status.clone())
        };
        self.tell_action(&thing.url, told.0, &told.1);
    }

    fn status(&self, thing: &Served, id: &str) -> Option<ActionStatus> {
        lock(&thing.actions)
            .get(id)
            .map(|invocation| invocation.status.clone())
    }
}

fn begun(id: &str, action: &str) -> ActionStatus {
    ActionStatus {
        id: id.to_owned(),
        action: action.to_owned(),
        state: ActionState::Running,
        progress: None,
        output: None,
        error: None,
        requested_at: now().as_millis(),
        ended_at: None,
    }
}

fn cancel(status: &mut ActionStatus) {
    status.state = ActionState::Cancelled;
    status.ended_at = Some(now().as_millis());
}

/// Notes the end: the driver's outcome, or none when it was stopped.
fn end(
    status: &mut ActionStatus,
    thing: &Served,
    name: &str,
    outcome: Option<Result<Value, DriverError>>,
) {
    let Some(outcome) = outcome else {
        return cancel(status);
    };
    status.ended_at = Some(now().as_millis());
    match outcome {
        Ok(output) => {
            let schema = thing
                .description
                .action(name)
                .and_then(|action| action.output.as_ref());
            let is_fine = schema.is_none_or(|schema| schema.validate(&output).is_ok());
            if !is_fine {
                warn!(thing = %thing.url, name, "A driver gave a wrong output");
            }
            status.state = ActionState::Completed;
            status.output = (is_fine && !output.is_null()).then_some(output);
            status.progress = Some(100);
        }
        Err(error) => {
            status.state = ActionState::Failed;
            status.error = Some(error.into());
        }
    }
}

/// Forgets the oldest that are over; refuses when too many are under way.
fn make_room(actions: &mut BTreeMap<String, Invocation>) -> Result<(), Problem> {
    let running = actions
        .values()
        .filter(|one| !one.status.state.is_over())
        .count();
    if running >= MAX_RUNNING {
        return Err(Problem::because(
            ProblemKind::RateLimited,
            "too many actions are under way",
        ));
    }
    while actions.len() >= MAX_KEPT {
        let over = actions.iter().filter(|(_, one)| one.status.state.is_over());
        let oldest = over
            .min_by_key(|(_, one)| one.status.requested_at)
            .map(|(id, _)| id.clone());
        let Some(oldest) = oldest else { break };
        actions.remove(&oldest);
    }
    Ok(())
}

/// An id that nobody can guess.
fn new_id() -> String {
    let mut random = [0; 12];
    fill(&mut random);
    HEXLOWER.encode(&random)
}
