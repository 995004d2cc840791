//! Grants: given, taken and listed; changed in the store before they are in force.

use std::sync::Arc;

use serde_json::{Value, json};
use streembit_gate::{Access, Denied, Grant, Grants, Level};
use streembit_identity::{AccountId, Kind, PeerKind, Timestamp};
use streembit_store::{StoreError, StoredGrant};
use streembit_things::{Notification, Operation, Outcome, Problem, ProblemKind, Request, ThingUrl};
use tracing::warn;

use super::Host;
use crate::{
    devices::{
        error::{broken, forbidden, ungranted},
        view::GrantView,
    },
    event::Event,
    node::{Node, message_id, now},
};

/// Reads owner and grants. What cannot be read grants nothing; a person owns what it hosts.
pub(super) async fn load(node: &Node) -> Result<Grants, StoreError> {
    let (me, store) = (node.me(), node.store());
    let owner = match store.claimed().await? {
        Some(claimed) => claimed.owner,
        None if me.kind == PeerKind::Human => me.account,
        None => return Ok(Grants::default()),
    };
    let mut grants = Grants::owned_by(owner);
    let stored = store.grants().await?.into_iter().filter_map(from_stored);
    let mut stored: Vec<Grant> = stored.filter(|grant| grant.peer != owner).collect();
    // Those who could give come before those to whom they gave.
    stored.sort_by_key(|grant| std::cmp::Reverse(grant.level));
    for grant in stored {
        // Its issuer may have lost the right since; the host decided when it was given.
        let by_owner = Grant {
            issued_by: owner,
            ..grant.clone()
        };
        let restored = grants.grant(grant, now());
        if let Err(error) = restored.or_else(|_| grants.grant(by_owner, now())) {
            warn!(%error, "A stored grant is not valid");
        }
    }
    Ok(grants)
}

fn from_stored(stored: StoredGrant) -> Option<Grant> {
    Some(Grant {
        peer: stored.peer,
        level: stored.level.parse().ok()?,
        expires_at: stored.expires_at,
        issued_by: stored.issued_by,
        issued_at: stored.issued_at,
        thing: stored.thing,
        affordances: stored.affordances,
    })
}

fn to_stored(grant: &Grant) -> StoredGrant {
    StoredGrant {
        peer: grant.peer,
        level: grant.level.to_string(),
        expires_at: grant.expires_at,
        issued_by: grant.issued_by,
        issued_at: grant.issued_at,
        thing: grant.thing.clone(),
        affordances: grant.affordances.clone(),
    }
}

impl Host {
    /// Takes the owner and the grants anew from the store: the host was claimed or released.
    pub(crate) async fn reload(&self, node: &Node) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing.lock().await;
        self.enforce(load(node).await?);
        self.recheck_observers();
        Ok(())
    }

    /// Decides whether `peer` has any say in who may what, before it is looked at what it says.
    ///
    /// The grants themselves say the rest: how much it may give, and from whom it may take.
    pub(super) fn decide_on_rights(
        &self,
        peer: AccountId,
        request: &Request,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let is = |operation| request.operation == operation;
        if is(Operation::ListThings) || is(Operation::ListGrants) {
            return Ok(()); // each sees what it may
        }
        let level = if peer == self.account {
            Some(Level::Owner)
        } else {
            self.grants().level(peer, None, now)
        };
        let level = level.ok_or_else(|| forbidden(Denied::NoGrant))?;
        let gives_up_own = is(Operation::Revoke) && read_peer(request) == Ok(peer);
        let needed = if is(Operation::Release) {
            Level::Owner
        } else if gives_up_own {
            Level::View
        } else {
            Level::Admin
        };
        if level >= needed {
            Ok(())
        } else {
            Err(forbidden(Denied::TooLittle))
        }
    }

    /// Gives an account a right.
    pub(super) async fn give(
        self: &Arc<Self>,
        node: &Node,
        by: AccountId,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        let grant = read_grant(request, self.issuer(by), node.now())?;
        {
            let _one_at_a_time = self.changing.lock().await;
            let mut grants = Grants::clone(&self.grants());
            grants.retain_live(node.now());
            grants.grant(grant.clone(), node.now()).map_err(ungranted)?;
            // Only whoever could give rights on a thing learns that there is none.
            let is_there = |name| self.served.keys().any(|known| known.as_str() == name);
            if !grant.thing.as_deref().is_none_or(is_there) {
                let detail = "there is no such thing";
                return Err(Problem::because(ProblemKind::NotFound, detail));
            }
            let stored = node.store().put_grant(to_stored(&grant)).await;
            stored.map_err(|error| broken(&error))?;
            self.enforce(grants);
        }
        self.rights_changed(node, grant.peer);
        Ok(Outcome {
            output: Some(to_json(&grant)),
            ..Outcome::default()
        })
    }

    /// Takes all rights of an account, and ends what it observes.
    pub(super) async fn take(
        self: &Arc<Self>,
        node: &Node,
        by: AccountId,
        request: &Request,
    ) -> Result<Outcome, Problem> {
        let peer = read_peer(request)?;
        {
            let _one_at_a_time = self.changing.lock().await;
            let mut grants = Grants::clone(&self.grants());
            let of_peer: Vec<Option<String>> = grants
                .iter()
                .filter(|grant| grant.peer == peer)
                .map(|grant| grant.thing.clone())
                .collect();
            if of_peer.is_empty() {
                // Says why, if there is more to say than that there is none.
                grants
                    .revoke(self.issuer(by), peer, None, node.now())
                    .map_err(ungranted)?;
            }
            for thing in of_peer {
                let revoked = grants.revoke(self.issuer(by), peer, thing.as_deref(), node.now());
                revoked.map_err(ungranted)?;
            }
            node.store()
                .remove_grants(peer)
                .await
                .map_err(|error| broken(&error))?;
            self.enforce(grants);
        }
        self.rights_changed(node, peer);
        Ok(Outcome::default())
    }

    /// Lists the rights: all of them to admins, their own to others.
    pub(super) fn rights(&self, peer: AccountId) -> Outcome {
        let now = now();
        let is_admin = self.may(peer, None, Access::Admin, None, now).is_ok();
        let grants = self.grants();
        let owner = grants.owner().filter(|owner| is_admin || *owner == peer);
        let mut rows: Vec<Value> = owner.into_iter().map(owner_row).collect();
        let live = grants.iter().filter(|grant| !grant.is_over(now));
        rows.extend(
            live.filter(|grant| is_admin || grant.peer == peer)
                .map(to_json),
        );
        Outcome {
            output: Some(Value::Array(rows)),
            ..Outcome::default()
        }
    }

    /// Whoever sits at the host acts for its owner.
    fn issuer(&self, by: AccountId) -> AccountId {
        if by == self.account {
            self.owner().unwrap_or(by)
        } else {
            by
        }
    }

    /// Ends what is no longer allowed, and tells whom it concerns to look again.
    pub(super) fn rights_changed(self: &Arc<Self>, node: &Node, peer: AccountId) {
        self.recheck_observers();
        self.update_watches(node);
        node.emit(Event::Grant { host: self.account });
        for network in node.networks() {
            for link in network.net().nodes_of(&peer) {
                let (node, id) = (node.clone(), network.id());
                node.clone().spawn(async move {
                    let now = node.now();
                    let body = Notification::to_body(&[look_again()]);
                    let kind = Kind::DeviceNotification;
                    let Ok(told) = node.seal(id, peer, kind, message_id(now), now, body) else {
                        return;
                    };
                    // Whoever does not take it looks when it connects.
                    let _ = node
                        .hand_over(id, link, told, super::properties::DRIVER)
                        .await;
                });
            }
        }
    }
}

/// Tells a consumer that what it may see has changed.
fn look_again() -> Notification {
    Notification {
        thing: None,
        number: 0,
        operation: Operation::ListThings,
        name: None,
        state: streembit_things::message::PropertyState::default(),
        data: None,
        status: None,
    }
}

fn owner_row(owner: AccountId) -> Value {
    json!({
        "peer": owner.to_string(),
        "level": Level::Owner.to_string(),
        "issued_by": owner.to_string(),
        "issued_at": 0,
        "affordances": [],
    })
}

fn to_json(grant: &Grant) -> Value {
    json!({
        "peer": grant.peer.to_string(),
        "level": grant.level.to_string(),
        "expires_at": grant.expires_at.map(Timestamp::as_millis),
        "issued_by": grant.issued_by.to_string(),
        "issued_at": grant.issued_at.as_millis(),
        "thing": grant.thing,
        "affordances": grant.affordances,
    })
}

/// Reads what a host tells of a grant.
pub(crate) fn to_view(row: &Value, host: AccountId) -> Option<GrantView> {
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let thing = |name: &str| {
        Some(ThingUrl {
            host,
            name: name.parse().ok()?,
        })
    };
    let affordances = row.get("affordances").and_then(Value::as_array);
    Some(GrantView {
        affordances: affordances
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        expires_at: row.get("expires_at").and_then(Value::as_u64).map(Timestamp),
        issued_at: Timestamp(
            row.get("issued_at")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
        ),
        issued_by: text("issued_by")?.parse().ok()?,
        level: text("level")?.parse().ok()?,
        name: None,
        peer: text("peer")?.parse().ok()?,
        thing: text("thing").and_then(thing),
    })
}

fn bad(text: &str) -> Problem {
    Problem::because(ProblemKind::BadRequest, text)
}

fn read_peer(request: &Request) -> Result<AccountId, Problem> {
    let value = request
        .value
        .as_ref()
        .ok_or_else(|| bad("the value is missing"))?;
    let peer = value
        .get("peer")
        .and_then(Value::as_str)
        .and_then(|peer| peer.parse().ok());
    peer.ok_or_else(|| bad("the peer is not an account"))
}

fn read_grant(request: &Request, by: AccountId, now: Timestamp) -> Result<Grant, Problem> {
    let peer = read_peer(request)?;
    let value = request
        .value
        .as_ref()
        .ok_or_else(|| bad("the value is missing"))?;
    let level = value
        .get("level")
        .and_then(Value::as_str)
        .and_then(|level| level.parse().ok());
    let expires_at = value
        .get("expires_at")
        .and_then(Value::as_u64)
        .map(Timestamp);
    if expires_at.is_some_and(|end| end <= now) {
        return Err(bad("the grant would have ended already"));
    }
    let affordances = value.get("affordances").and_then(Value::as_array);
    let names = affordances
        .into_iter()
        .flatten()
        .map(|name| name.as_str().map(str::to_owned));
    Ok(Grant {
        peer,
        level: level.ok_or_else(|| bad("the level is not known"))?,
        expires_at,
        issued_by: by,
        issued_at: now,
        thing: value
            .get("thing")
            .and_then(Value::as_str)
            .map(str::to_owned),
        affordances: names
            .collect::<Option<_>>()
            .ok_or_else(|| bad("a name is not text"))?,
    })
}
