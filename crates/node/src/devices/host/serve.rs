//! Answers requests: read, decided, protected from repetition, carried out, written down.

use std::sync::Arc;

use serde_json::{Map, json};
use streembit_gate::Access;
use streembit_identity::{AccountId, MessageId, Timestamp};
use streembit_things::{Operation, Outcome, Problem, ProblemKind, Request, Response};

use super::{Host, ObserverKey, lock, served::Served};
use crate::{
    devices::error::{broken, forbidden},
    dispatch::Arrival,
    node::Node,
    wire::Refusal,
};

/// Requests of one account that are worked on at once.
const MAX_AT_ONCE: usize = 32;

/// Who asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    /// The account.
    pub(crate) peer: AccountId,
    /// Its node, which may observe; none for whoever sits at the host.
    pub(crate) key: Option<ObserverKey>,
    /// The envelope that carries the request, until it expires.
    pub(crate) envelope: Option<(MessageId, Timestamp)>,
}

/// Answers an accepted envelope with the body of the response.
pub(crate) async fn answer(
    node: &Node,
    host: &Arc<Host>,
    arrival: &Arrival,
) -> Result<Vec<u8>, Refusal> {
    let request = Request::parse(&arrival.envelope.body).map_err(|_| Refusal::Invalid)?;
    let caller = Caller {
        peer: arrival.from,
        key: Some((arrival.network, arrival.node)),
        envelope: arrival
            .envelope
            .expires_at
            .map(|expiry| (arrival.envelope.id, expiry)),
    };
    let result = obey(node, host, caller, &request).await;
    Ok(Response::new(&request, result).to_body())
}

/// Carries out a request, if its sender may.
pub(crate) async fn obey(
    node: &Node,
    host: &Arc<Host>,
    caller: Caller,
    request: &Request,
) -> Result<Outcome, Problem> {
    let _turn = Turn::take(host, caller.peer)?;
    let result = match host.decide(caller.peer, request, node.now()) {
        Ok(()) => host.carry_out(node, caller, request).await,
        Err(problem) => Err(problem),
    };
    let problem = result.as_ref().err();
    let is_denied = problem.is_some_and(|problem| problem.kind == ProblemKind::Forbidden);
    if is_denied || is_change(request.operation) {
        host.note(node, caller.peer, request, problem).await;
    }
    result
}

/// A place among the requests that one account has under way.
struct Turn<'a> {
    host: &'a Host,
    peer: AccountId,
}

impl<'a> Turn<'a> {
    fn take(host: &'a Host, peer: AccountId) -> Result<Self, Problem> {
        let mut working = lock(&host.working);
        let count = working.entry(peer).or_default();
        if *count >= MAX_AT_ONCE {
            return Err(Problem::new(ProblemKind::RateLimited));
        }
        *count += 1;
        Ok(Self { host, peer })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut working = lock(&self.host.working);
        if let Some(count) = working.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                working.remove(&self.peer);
            }
        }
    }
}

/// What an operation on a thing asks for; none for those about rights.
fn access(operation: Operation) -> Option<Access> {
    match operation {
        Operation::ReadProperty
        | Operation::ObserveProperty
        | Operation::UnobserveProperty
        | Operation::ReadAllProperties
        | Operation::ReadMultipleProperties
        | Operation::ObserveAllProperties
        | Operation::UnobserveAllProperties
        | Operation::SubscribeEvent
        | Operation::UnsubscribeEvent
        | Operation::SubscribeAllEvents
        | Operation::UnsubscribeAllEvents
        | Operation::QueryAction
        | Operation::QueryAllActions
        | Operation::Describe => Some(Access::View),
        Operation::WriteProperty
        | Operation::WriteAllProperties
        | Operation::WriteMultipleProperties
        | Operation::InvokeAction
        | Operation::CancelAction => Some(Access::Operate),
        Operation::ReadAudit => Some(Access::Manage),
        Operation::ListThings
        | Operation::ListGrants
        | Operation::Grant
        | Operation::Revoke
        | Operation::Release
        | Operation::Resync => None,
    }
}

/// Whether an operation changes something, so that it must not be repeated and is written down.
fn is_change(operation: Operation) -> bool {
    let is_about_rights = matches!(
        operation,
        Operation::Grant | Operation::Revoke | Operation::Release
    );
    is_about_rights || access(operation) == Some(Access::Operate)
}

/// The names that a request touches; none for the thing as a whole.
fn touched(request: &Request) -> Vec<Option<&str>> {
    let several = request
        .values
        .iter()
        .flat_map(Map::keys)
        .chain(&request.names);
    let mut names: Vec<Option<&str>> = several.map(|name| Some(name.as_str())).collect();
    names.extend(request.name.as_deref().map(Some));
    if names.is_empty() {
        names.push(None);
    }
    names
}

impl Host {
    /// Decides, before it is looked whether the thing exists: strangers learn nothing.
    fn decide(&self, peer: AccountId, request: &Request, now: Timestamp) -> Result<(), Problem> {
        let Some(access) = access(request.operation) else {
            return self.decide_on_rights(peer, request, now);
        };
        let thing = request.thing.as_ref().map(|thing| &thing.name);
        // An invocation is asked after and stopped by its id; whose it is, is checked there.
        let is_by_id = matches!(
            request.operation,
            Operation::QueryAction | Operation::CancelAction
        );
        let access = if is_by_id { Access::View } else { access };
        for name in touched(request) {
            self.may(peer, thing, access, name, now)
                .map_err(forbidden)?;
        }
        Ok(())
    }

    async fn carry_out(
        self: &Arc<Self>,
        node: &Node,
        caller: Caller,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        if is_change(request.operation) {
            self.admit_once(node, caller).await?;
        }
        match request.operation {
            Operation::ListThings => Ok(self.list(caller.peer, request)),
            Operation::Grant => self.give(node, caller.peer, request).await,
            Operation::Revoke => self.take(node, caller.peer, request).await,
            Operation::ListGrants => Ok(self.rights(caller.peer)),
            Operation::ReadAudit => self.audit(node, request).await,
            Operation::Release => self.release(node).await,
            Operation::Resync => Err(Problem::new(ProblemKind::Unsupported)),
            Operation::ReadProperty
            | Operation::WriteProperty
            | Operation::ObserveProperty
            | Operation::UnobserveProperty
            | Operation::InvokeAction
            | Operation::QueryAction
            | Operation::CancelAction
            | Operation::SubscribeEvent
            | Operation::UnsubscribeEvent
            | Operation::ReadAllProperties
            | Operation::WriteAllProperties
            | Operation::ReadMultipleProperties
            | Operation::WriteMultipleProperties
            | Operation::ObserveAllProperties
            | Operation::UnobserveAllProperties
            | Operation::SubscribeAllEvents
            | Operation::UnsubscribeAllEvents
            | Operation::QueryAllActions
            | Operation::Describe => self.on_thing(node, caller, request).await,
        }
    }

    /// A request that changes something is carried out once, even across a restart.
    async fn admit_once(&self, node: &Node, caller: Caller) -> Result<(), Problem> {
        let Some((id, expiry)) = caller.envelope else {
            return Ok(());
        };
        let admitted = node
            .store()
            .admit_request(caller.peer, id, expiry, node.now())
            .await;
        if admitted.map_err(|error| broken(&error))? {
            Ok(())
        } else {
            Err(Problem::because(
                ProblemKind::Conflict,
                "this request was made before",
            ))
        }
    }

    async fn on_thing(
        self: &Arc<Self>,
        node: &Node,
        caller: Caller,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        let thing = self.named(request)?.clone();
        match request.operation {
            Operation::Describe => Ok(Outcome {
                output: Some(thing.description.document().clone()),
                ..Outcome::default()
            }),
            Operation::ReadProperty => {
                Ok((&self.read(&thing, request.required_name()?).await?).into())
            }
            Operation::ReadAllProperties | Operation::ReadMultipleProperties => Ok(self
                .read_many(&thing, self.readable(&thing, caller.peer, request, node))
                .await),
            Operation::WriteProperty => {
                let value = request.value.clone().unwrap_or_default();
                Ok((&self.write(&thing, request.required_name()?, value).await?).into())
            }
            Operation::WriteAllProperties | Operation::WriteMultipleProperties => {
                self.write_many(&thing, request.values.clone().unwrap_or_default())
                    .await
            }
            Operation::InvokeAction
            | Operation::QueryAction
            | Operation::CancelAction
            | Operation::QueryAllActions => self.on_action(node, &thing, caller, request).await,
            Operation::ObserveProperty
            | Operation::UnobserveProperty
            | Operation::ObserveAllProperties
            | Operation::UnobserveAllProperties
            | Operation::SubscribeEvent
            | Operation::UnsubscribeEvent
            | Operation::SubscribeAllEvents
            | Operation::UnsubscribeAllEvents => {
                self.on_observe(node, &thing, caller, request).await
            }
            Operation::ListThings
            | Operation::Grant
            | Operation::Revoke
            | Operation::ListGrants
            | Operation::ReadAudit
            | Operation::Release
            | Operation::Resync => Err(Problem::new(ProblemKind::Unsupported)),
        }
    }

    /// The thing that is asked for.
    pub(super) fn named(&self, request: &Request) -> Result<&Arc<Served>, Problem> {
        let url = request
            .thing
            .as_ref()
            .filter(|url| url.host == self.account);
        let thing = url.and_then(|url| self.served.get(&url.name));
        thing.ok_or_else(|| Problem::because(ProblemKind::NotFound, "there is no such thing"))
    }

    /// The properties that are asked for and that `peer` may see.
    fn readable(
        &self,
        thing: &Served,
        peer: AccountId,
        request: &Request,
        node: &Node,
    ) -> Vec<String> {
        let all = thing.description.affordances().properties.keys();
        let is_asked = |name: &&String| request.names.is_empty() || request.names.contains(name);
        let may = |name: &&String| {
            let thing = Some(&thing.url.name);
            self.may(peer, thing, Access::View, Some(name), node.now())
                .is_ok()
        };
        all.filter(is_asked).filter(may).cloned().collect()
    }

    async fn on_action(
        self: &Arc<Self>,
        node: &Node,
        thing: &Arc<Served>,
        caller: Caller,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        let id = request.action_id.as_deref().unwrap_or_default();
        let is = |operation| request.operation == operation;
        if is(Operation::QueryAllActions) {
            let all = json!(self.query_all(thing, caller.peer));
            return Ok(Outcome {
                output: Some(all),
                ..Outcome::default()
            });
        }
        let status = if is(Operation::InvokeAction) {
            let input = request.input.clone().unwrap_or_default();
            self.invoke(node, thing, caller.peer, request.required_name()?, input)
                .await?
        } else if is(Operation::CancelAction) {
            self.cancel(thing, caller.peer, id)?
        } else {
            self.query(thing, caller.peer, id)?
        };
        Ok(Outcome {
            status: Some(status),
            ..Outcome::default()
        })
    }

    async fn on_observe(
        self: &Arc<Self>,
        node: &Node,
        thing: &Arc<Served>,
        caller: Caller,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        let unsupported = || Problem::new(ProblemKind::Unsupported);
        let key = caller.key.ok_or_else(unsupported)?;
        let (url, name) = (&thing.url, request.name.as_deref());
        let is_event = matches!(
            request.operation,
            Operation::SubscribeEvent
                | Operation::UnsubscribeEvent
                | Operation::SubscribeAllEvents
                | Operation::UnsubscribeAllEvents
        );
        let begins = matches!(
            request.operation,
            Operation::ObserveProperty
                | Operation::ObserveAllProperties
                | Operation::SubscribeEvent
                | Operation::SubscribeAllEvents
        );
        match name {
            Some(name) if is_event => drop(thing.description.subscribable(name)?),
            Some(name) => drop(thing.description.readable(name)?),
            None => {}
        }
        self.observe(node, caller.peer, key, |session| {
            if is_event {
                session.subscribe(url, name, begins)
            } else {
                session.observe(url, name, begins)
            }
        })?;
        self.update_watches(node);
        if is_event || !begins {
            return Ok(Outcome::default());
        }
        // What is observed begins with what is.
        let names = match name {
            Some(name) => vec![name.to_owned()],
            None => self.readable(thing, caller.peer, request, node),
        };
        Ok(self.read_many(thing, names).await)
    }
}
