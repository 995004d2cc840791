//! What an operation may do, given the state that its author saw.
//!
//! Judged on what the operation builds on alone, so every node judges alike.

use std::collections::BTreeSet;

use streembit_identity::{AccountId, Name, ParseError, SignatureError};
use thiserror::Error;

use crate::roster::name_key;
use crate::{Action, Binding, Role, Roster, Seal};

/// Most members of one network.
pub(crate) const MAX_MEMBERS: usize = 2_048;

/// Most admins of one network.
pub(crate) const MAX_ADMINS: usize = 64;

/// Most accounts that a network remembers as removed.
const MAX_REVOKED: usize = 4_096;

/// Why an operation does not hold.
#[derive(Debug, Error)]
pub enum InsertError {
    /// It is dated later than any clock may be.
    #[error("the operation is dated in the future")]
    Ahead,
    /// It lists an account that is listed.
    #[error("the account is a member already")]
    AlreadyMember,
    /// It is dated before what it builds on.
    #[error("the operation is dated before what it builds on")]
    Backdated,
    /// The network has as many operations or members as it may have.
    #[error("the network is full")]
    Full,
    /// It would leave the network without an admin.
    #[error("the network would be left without an admin")]
    LastAdmin,
    /// Another member goes by that name.
    #[error("another member goes by that name")]
    NameTaken,
    /// Its author is no admin.
    #[error("its author is not an admin of the network")]
    NotAdmin,
    /// It is no matter of a group.
    #[error("it is no matter of a group")]
    NotOfGroup,
    /// It changes an account that is not listed.
    #[error("the account is not a member")]
    NotMember,
    /// It cannot be read.
    #[error("the operation cannot be read")]
    Parse(#[from] ParseError),
    /// The recovery key is no account.
    #[error("the recovery key cannot be a member")]
    RecoveryKey,
    /// It names heads that build on each other.
    #[error("the heads build on each other")]
    RedundantHeads,
    /// It begins a network.
    #[error("the network has begun already")]
    SecondGenesis,
    /// A later seal has taken its place, or already says what it says.
    #[error("a seal says otherwise, or the same")]
    Sealed,
    /// It is not signed by whom it names, or for another network.
    #[error("the operation is not signed for this network by its author")]
    Signature(#[from] SignatureError),
    /// It changes nothing.
    #[error("the operation changes nothing")]
    Unchanged,
    /// It builds on operations that are not here.
    #[error("the operation builds on others that are missing here")]
    UnknownHeads,
    /// It states another state than the one it builds on.
    #[error("the checkpoint is wrong")]
    WrongCheckpoint,
}

/// Checks an action of `author` against the state that it builds on, of at most so many members.
pub(crate) fn check(
    author: AccountId,
    action: &Action,
    before: &Roster,
    most: usize,
) -> Result<(), InsertError> {
    let is_recovery = author == before.recovery;
    let may_author = match action {
        Action::Appoint { .. } | Action::Seal(_) => is_recovery,
        // Whoever leaves says so.
        Action::Remove { account } => is_recovery || before.is_admin(author) || *account == author,
        Action::Genesis { .. }
        | Action::Add(_)
        | Action::Change(_)
        | Action::RevokeNode { .. }
        | Action::SetPolicy(_)
        | Action::Checkpoint(_)
        | Action::Rename(_) => before.is_admin(author),
    };
    if !may_author {
        return Err(InsertError::NotAdmin);
    }
    match action {
        Action::Genesis { .. } => Err(InsertError::SecondGenesis),
        Action::Add(binding) => check_add(binding, before, most),
        Action::Remove { account } => check_remove(*account, is_recovery, before),
        Action::Change(binding) => check_change(binding, before),
        Action::Appoint { account, name } => check_appoint(*account, name, before),
        Action::RevokeNode { node } if before.revoked.contains(node) => Err(InsertError::Unchanged),
        Action::RevokeNode { .. } if before.revoked.len() >= MAX_REVOKED => Err(InsertError::Full),
        Action::RevokeNode { .. } => Ok(()),
        Action::SetPolicy(policy) if *policy == before.policy => Err(InsertError::Unchanged),
        Action::SetPolicy(_) => Ok(()),
        Action::Rename(name) if *name == before.name => Err(InsertError::Unchanged),
        Action::Rename(_) => Ok(()),
        Action::Checkpoint(snapshot) if *snapshot == before.snapshot() => Ok(()),
        Action::Checkpoint(_) => Err(InsertError::WrongCheckpoint),
        Action::Seal(seal) => check_seal(seal, before),
    }
}

fn check_add(binding: &Binding, before: &Roster, most: usize) -> Result<(), InsertError> {
    if before.member(binding.account).is_some() {
        return Err(InsertError::AlreadyMember);
    }
    if before.members.len() >= most {
        return Err(InsertError::Full);
    }
    check_role(binding.role, before)?;
    check_name(binding.account, &binding.name, before)
}

fn check_remove(account: AccountId, is_recovery: bool, before: &Roster) -> Result<(), InsertError> {
    if before.member(account).is_none() {
        return Err(InsertError::NotMember);
    }
    if !is_recovery && before.is_last_admin(account) {
        Err(InsertError::LastAdmin)
    } else {
        Ok(())
    }
}

fn check_change(binding: &Binding, before: &Roster) -> Result<(), InsertError> {
    let member = before
        .member(binding.account)
        .ok_or(InsertError::NotMember)?;
    if member.binding() == *binding {
        return Err(InsertError::Unchanged);
    }
    if binding.role != Role::Admin && before.is_last_admin(binding.account) {
        return Err(InsertError::LastAdmin);
    }
    if binding.role != member.role {
        check_role(binding.role, before)?;
    }
    check_name(binding.account, &binding.name, before)
}

fn check_appoint(account: AccountId, name: &Name, before: &Roster) -> Result<(), InsertError> {
    if before.is_admin(account) {
        return Err(InsertError::Unchanged);
    }
    // No limit on members or admins here: recovery has to work in every network.
    check_name(account, name, before)
}

/// A seal holds whatever came before; only that it can be a network is looked at.
pub(crate) fn check_seal(seal: &Seal, before: &Roster) -> Result<(), InsertError> {
    if seal.members.len() > MAX_MEMBERS + MAX_ADMINS || seal.revoked.len() > MAX_REVOKED {
        return Err(InsertError::Full);
    }
    if seal.listed(before.recovery).is_some() {
        return Err(InsertError::RecoveryKey);
    }
    let bindings = || seal.members.iter().map(|listed| &listed.binding);
    if !bindings().any(|binding| binding.role == Role::Admin) {
        return Err(InsertError::LastAdmin);
    }
    let names: BTreeSet<_> = bindings().map(|binding| name_key(&binding.name)).collect();
    if names.len() != seal.members.len() {
        return Err(InsertError::NameTaken);
    }
    Ok(())
}

fn check_role(role: Role, before: &Roster) -> Result<(), InsertError> {
    let is_full = role == Role::Admin && before.admins().count() >= MAX_ADMINS;
    if is_full {
        Err(InsertError::Full)
    } else {
        Ok(())
    }
}

fn check_name(account: AccountId, name: &Name, before: &Roster) -> Result<(), InsertError> {
    if account == before.recovery {
        return Err(InsertError::RecoveryKey);
    }
    match before.named(name) {
        Some(holder) if holder.account != account => Err(InsertError::NameTaken),
        Some(_) | None => Ok(()),
    }
}
