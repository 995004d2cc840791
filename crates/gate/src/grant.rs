//! Who may do what with the things of one host. Kept and enforced on that host.

mod level;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};
use streembit_identity::{AccountId, Payload, Timestamp};
use thiserror::Error;

pub use self::level::{Access, Level, LevelError};

/// Most grants of one host.
const MAX_GRANTS: usize = 1_024;

/// Most affordances that a grant is narrowed to.
const MAX_AFFORDANCES: usize = 32;

/// Longest name of a thing or affordance, in bytes.
const MAX_NAME: usize = 256;

/// The right of one account, as an admin of the host signed it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// Who may.
    #[n(0)]
    pub peer: AccountId,
    /// How much.
    #[n(1)]
    pub level: Level,
    /// Until when; without end if none.
    #[n(2)]
    pub expires_at: Option<Timestamp>,
    /// Who said so.
    #[n(3)]
    pub issued_by: AccountId,
    /// When it was said.
    #[n(4)]
    pub issued_at: Timestamp,
    /// With which thing; with all of the host's if none.
    #[n(5)]
    pub thing: Option<String>,
    /// With which of its properties, actions and events; with all if empty.
    #[n(6)]
    pub affordances: Vec<String>,
}

impl Payload for Grant {
    const DOMAIN: &'static str = "grant";
    const MAX_BYTES: usize = 16 * 1024;

    fn check(&self) -> Result<(), &'static str> {
        if self.affordances.len() > MAX_AFFORDANCES {
            return Err("too many affordances");
        }
        let names = self.thing.iter().chain(&self.affordances);
        if names
            .into_iter()
            .any(|name| name.is_empty() || name.len() > MAX_NAME)
        {
            return Err("a name is empty or too long");
        }
        if !self.affordances.is_empty() && (self.thing.is_none() || self.level > Level::Operate) {
            return Err("only viewing and operating one thing can be narrowed");
        }
        if self.level == Level::Owner {
            Err("a host has the one owner who claimed it")
        } else {
            Ok(())
        }
    }
}

impl Grant {
    /// Returns whether the grant has ended.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    fn covers(&self, thing: Option<&str>, access: Access, affordance: Option<&str>) -> bool {
        let is_of_thing = self.thing.is_none() || self.thing.as_deref() == thing;
        let is_of_affordance = self.affordances.is_empty()
            || match affordance {
                Some(name) => self.affordances.iter().any(|other| other == name),
                // Whoever may use a part may read the description of the whole.
                None => access == Access::View,
            };
        is_of_thing && is_of_affordance && self.level >= access.level()
    }
}

/// The grants of one host.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    owner: Option<AccountId>,
    grants: BTreeMap<(AccountId, Option<String>), Grant>,
}

/// An account may not do what it asked for.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum Denied {
    /// The account has no right at all.
    #[error("the account has no grant")]
    NoGrant,
    /// Its right has ended.
    #[error("the grant has ended")]
    Expired,
    /// Its rights do not reach that far.
    #[error("the grant does not reach that far")]
    TooLittle,
}

/// Why grants stay as they are.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum GrantError {
    /// The host has as many grants as it may have.
    #[error("the host has too many grants")]
    Full,
    /// The grant breaks a rule of its form.
    #[error("the grant is invalid: {0}")]
    Invalid(&'static str),
    /// The issuer may not give or take this.
    #[error("the issuer may not give or take this")]
    NotAllowed,
    /// There is no such grant.
    #[error("there is no such grant")]
    NotFound,
    /// The owner's rights are not a grant.
    #[error("the owner keeps all rights")]
    Owner,
    /// The host has an owner.
    #[error("the host has an owner already")]
    Owned,
}

impl Grants {
    /// Returns the grants of a host with that owner.
    pub fn owned_by(owner: AccountId) -> Self {
        Self {
            owner: Some(owner),
            grants: BTreeMap::new(),
        }
    }

    /// Returns the owner, if the host has been claimed.
    pub fn owner(&self) -> Option<AccountId> {
        self.owner
    }

    /// Makes the account that claims the host its owner.
    ///
    /// # Errors
    ///
    /// Refuses a second claim.
    pub fn claim(&mut self, owner: AccountId) -> Result<(), GrantError> {
        match self.owner {
            Some(known) if known != owner => Err(GrantError::Owned),
            Some(_) => Ok(()),
            None => {
                self.owner = Some(owner);
                Ok(())
            }
        }
    }

    /// Returns all grants.
    pub fn iter(&self) -> impl Iterator<Item = &Grant> {
        self.grants.values()
    }

    /// Decides whether an account may do something now, and returns the level that allows it.
    ///
    /// Without a thing the question is about the whole host; without an affordance, about the
    /// thing as a whole.
    ///
    /// # Errors
    ///
    /// Denies whatever no grant allows.
    pub fn decide(
        &self,
        peer: AccountId,
        thing: Option<&str>,
        access: Access,
        affordance: Option<&str>,
        now: Timestamp,
    ) -> Result<Level, Denied> {
        if self.owner == Some(peer) {
            return Ok(Level::Owner);
        }
        let (mut denied, mut allowed) = (Denied::NoGrant, None);
        for grant in self.of(peer) {
            if grant.is_over(now) {
                denied = if denied == Denied::NoGrant {
                    Denied::Expired
                } else {
                    denied
                };
            } else if grant.covers(thing, access, affordance) {
                allowed = allowed.max(Some(grant.level));
            } else {
                denied = Denied::TooLittle;
            }
        }
        allowed.ok_or(denied)
    }

    /// Returns the highest level that an account has now, with a thing or with any.
    pub fn level(&self, peer: AccountId, thing: Option<&str>, now: Timestamp) -> Option<Level> {
        if self.owner == Some(peer) {
            return Some(Level::Owner);
        }
        let is_of_thing = |grant: &&Grant| {
            thing.is_none() || grant.thing.is_none() || grant.thing.as_deref() == thing
        };
        let live = self.of(peer).filter(|grant| !grant.is_over(now));
        live.filter(is_of_thing).map(|grant| grant.level).max()
    }

    /// Takes a grant of its issuer, in place of the earlier one for the same account and thing.
    ///
    /// # Errors
    ///
    /// Refuses what the issuer may not give: only the owner makes admins, only admins give at all.
    pub fn grant(&mut self, grant: Grant, now: Timestamp) -> Result<(), GrantError> {
        grant.check().map_err(GrantError::Invalid)?;
        if self.owner == Some(grant.peer) {
            return Err(GrantError::Owner);
        }
        let key = (grant.peer, grant.thing.clone());
        let before = self.grants.get(&key).map(|known| known.level);
        let level = before.map_or(grant.level, |before| before.max(grant.level));
        self.check_issuer(grant.issued_by, grant.thing.as_deref(), level, now)?;
        if before.is_none() && self.grants.len() >= MAX_GRANTS {
            return Err(GrantError::Full);
        }
        self.grants.insert(key, grant);
        Ok(())
    }

    /// Takes an account's rights with one thing, or its rights with the whole host, away.
    ///
    /// Everybody may give up rights of their own.
    ///
    /// # Errors
    ///
    /// Refuses what `by` may not take, and what is not there.
    pub fn revoke(
        &mut self,
        by: AccountId,
        peer: AccountId,
        thing: Option<&str>,
        now: Timestamp,
    ) -> Result<Grant, GrantError> {
        if self.owner == Some(peer) {
            return Err(GrantError::Owner);
        }
        let key = (peer, thing.map(str::to_owned));
        let level = self.grants.get(&key).ok_or(GrantError::NotFound)?.level;
        if by != peer {
            self.check_issuer(by, thing, level, now)?;
        }
        self.grants.remove(&key).ok_or(GrantError::NotFound)
    }

    /// Returns when the first ends of those grants that have not ended.
    pub fn next_end(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.iter().filter_map(|grant| grant.expires_at);
        ends.filter(|end| *end > now).min()
    }

    /// Drops what has ended.
    pub fn retain_live(&mut self, now: Timestamp) {
        self.grants.retain(|_, grant| !grant.is_over(now));
    }

    fn of(&self, peer: AccountId) -> impl Iterator<Item = &Grant> {
        let from = self.grants.range((peer, None)..);
        from.take_while(move |((account, _), _)| *account == peer)
            .map(|(_, grant)| grant)
    }

    /// Admins give and take everything below admin, the owner everything.
    fn check_issuer(
        &self,
        issuer: AccountId,
        thing: Option<&str>,
        level: Level,
        now: Timestamp,
    ) -> Result<(), GrantError> {
        let allowed = self
            .decide(issuer, thing, Access::Admin, None, now)
            .map_err(|_| GrantError::NotAllowed)?;
        if allowed > level {
            Ok(())
        } else {
            Err(GrantError::NotAllowed)
        }
    }
}

#[cfg(test)]
mod tests;
