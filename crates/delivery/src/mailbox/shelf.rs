//! What lies in a mailbox of one network: from whom, for whom, since when; not what it says.
//!
//! The bytes are stored elsewhere, by number. What the shelf says is to be done with them: a new
//! copy is stored before its depositor hears that it is kept, and whatever leaves is deleted before
//! anybody hears of that.

use std::collections::{BTreeMap, BTreeSet};

use streembit_identity::{AccountId, NodeId, Timestamp};

use super::quota::Usage;
use super::{Amount, KEPT_FOR, Quota, Refusal};

/// Copies on one page.
const MAX_PAGE: usize = 256;

/// Tells a depositor's copies apart, so that one that is left twice is kept once.
pub type Token = [u8; 16];

/// Something to be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Parcel {
    /// Whom it is for.
    pub to: AccountId,
    /// The node that can open it.
    pub node: NodeId,
    /// Who leaves it.
    pub from: AccountId,
    /// Its depositor's word for it.
    pub token: Token,
    /// How large it is.
    pub bytes: usize,
}

/// Something that is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Copy {
    /// Its number, by which it is collected: higher than all before it.
    pub number: u64,
    /// What it is.
    pub parcel: Parcel,
    /// When it is deleted, collected or not.
    pub until: Timestamp,
}

/// What became of a parcel that is kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deposited {
    /// It is to be stored.
    New(Copy),
    /// It is here since it was left before.
    Known(Copy),
}

/// Everything that is kept in one network.
#[derive(Debug)]
pub struct Shelf {
    quota: Quota,
    copies: BTreeMap<u64, Copy>,
    of_node: BTreeMap<(AccountId, NodeId), BTreeSet<u64>>,
    tokens: BTreeMap<(AccountId, NodeId, Token), u64>,
    ends: BTreeSet<(Timestamp, u64)>,
    total: Amount,
    recipients: BTreeMap<AccountId, Amount>,
    depositors: BTreeMap<AccountId, Amount>,
    pairs: BTreeMap<(AccountId, AccountId), Amount>,
    last: u64,
}

impl Shelf {
    /// An empty one.
    pub fn new(quota: Quota) -> Self {
        Self {
            quota,
            copies: BTreeMap::new(),
            of_node: BTreeMap::new(),
            tokens: BTreeMap::new(),
            ends: BTreeSet::new(),
            total: Amount::default(),
            recipients: BTreeMap::new(),
            depositors: BTreeMap::new(),
            pairs: BTreeMap::new(),
            last: 0,
        }
    }

    /// Puts back the highest number that there was before a restart: none is used twice.
    pub fn resume(&mut self, last: u64) {
        self.last = self.last.max(last);
    }

    /// Puts back what was stored before a restart.
    pub fn restore(&mut self, copy: Copy) {
        self.last = self.last.max(copy.number);
        if !self.copies.contains_key(&copy.number) {
            self.put(copy);
        }
    }

    /// Takes a parcel, if it fits; its recipient is one for whom something is kept.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn deposit(&mut self, parcel: Parcel, now: Timestamp) -> Result<Deposited, Refusal> {
        let token = (parcel.from, parcel.node, parcel.token);
        if let Some(known) = self.tokens.get(&token).and_then(|n| self.copies.get(n)) {
            return Ok(Deposited::Known(*known));
        }
        self.quota.admits(&self.usage(&parcel), parcel.bytes)?;
        self.last = self.last.saturating_add(1);
        let copy = Copy {
            number: self.last,
            parcel,
            until: now.plus(KEPT_FOR),
        };
        self.put(copy);
        Ok(Deposited::New(copy))
    }

    /// Returns what is kept for a node of `account` after number `after`, up to `room` bytes but at
    /// least one, and whether there is more. What is to be skipped is left out.
    pub fn page(
        &self,
        account: AccountId,
        node: NodeId,
        after: u64,
        room: usize,
        skip: &BTreeSet<u64>,
    ) -> (Vec<Copy>, bool) {
        let Some(numbers) = self.of_node.get(&(account, node)) else {
            return (Vec::new(), false);
        };
        let mut page = Vec::new();
        let mut taken = 0_usize;
        let rest = numbers.range(after.saturating_add(1)..);
        for number in rest.filter(|number| !skip.contains(number)) {
            let Some(copy) = self.copies.get(number) else {
                continue;
            };
            taken = taken.saturating_add(copy.parcel.bytes);
            let is_full = taken > room || page.len() >= MAX_PAGE;
            if is_full && !page.is_empty() {
                return (page, true);
            }
            page.push(*copy);
        }
        (page, false)
    }

    /// Takes out what a node of `account` has collected; returns the numbers of those that were its
    /// own.
    pub fn acknowledge(&mut self, account: AccountId, node: NodeId, numbers: &[u64]) -> Vec<u64> {
        let of_node = self.of_node.get(&(account, node));
        let is_own = |number: &u64| of_node.is_some_and(|own| own.contains(number));
        let own = numbers.iter().copied().filter(is_own).collect();
        self.remove(own)
    }

    /// Takes out one copy, as when it could not be stored.
    pub fn withdraw(&mut self, number: u64) {
        self.remove(vec![number]);
    }

    /// Takes out everything that is for, or from, somebody who is not `wanted`.
    pub fn retain(&mut self, wanted: impl Fn(&Parcel) -> bool) -> Vec<u64> {
        let gone = self.copies.values().filter(|copy| !wanted(&copy.parcel));
        let gone = gone.map(|copy| copy.number).collect();
        self.remove(gone)
    }

    /// Takes out what was kept long enough.
    pub fn expire(&mut self, now: Timestamp) -> Vec<u64> {
        let over = self.ends.iter().take_while(|(until, _)| *until <= now);
        let over = over.map(|(_, number)| *number).collect();
        self.remove(over)
    }

    /// When the next copy has been kept long enough.
    pub fn next_end(&self) -> Option<Timestamp> {
        self.ends.first().map(|(until, _)| *until)
    }

    /// How much is kept.
    pub fn total(&self) -> Amount {
        self.total
    }

    /// How much is kept for `account`.
    pub fn kept_for(&self, account: AccountId) -> Amount {
        self.recipients.get(&account).copied().unwrap_or_default()
    }

    /// How much may be kept.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Tells whether anything is kept for a node of `account`.
    pub fn has_for(&self, account: AccountId, node: NodeId) -> bool {
        self.of_node.contains_key(&(account, node))
    }

    fn usage(&self, parcel: &Parcel) -> Usage {
        let pair = (parcel.from, parcel.to);
        Usage {
            total: self.total,
            recipient: self.kept_for(parcel.to),
            depositor: self
                .depositors
                .get(&parcel.from)
                .copied()
                .unwrap_or_default(),
            pair: self.pairs.get(&pair).copied().unwrap_or_default(),
        }
    }

    fn put(&mut self, copy: Copy) {
        let (number, parcel) = (copy.number, copy.parcel);
        let one = Amount::one(parcel.bytes);
        self.copies.insert(number, copy);
        let owner = (parcel.to, parcel.node);
        self.of_node.entry(owner).or_default().insert(number);
        let token = (parcel.from, parcel.node, parcel.token);
        self.tokens.insert(token, number);
        self.ends.insert((copy.until, number));
        self.total = self.total.plus(one);
        add(&mut self.recipients, parcel.to, one);
        add(&mut self.depositors, parcel.from, one);
        add(&mut self.pairs, (parcel.from, parcel.to), one);
    }

    /// Takes copies out; returns the numbers of those that were there.
    fn remove(&mut self, numbers: Vec<u64>) -> Vec<u64> {
        let mut removed = Vec::with_capacity(numbers.len());
        for number in numbers {
            let Some(copy) = self.copies.remove(&number) else {
                continue;
            };
            let parcel = copy.parcel;
            let one = Amount::one(parcel.bytes);
            let owner = (parcel.to, parcel.node);
            if let Some(own) = self.of_node.get_mut(&owner) {
                own.remove(&number);
                if own.is_empty() {
                    self.of_node.remove(&owner);
                }
            }
            self.tokens
                .remove(&(parcel.from, parcel.node, parcel.token));
            self.ends.remove(&(copy.until, number));
            self.total = self.total.minus(one);
            subtract(&mut self.recipients, parcel.to, one);
            subtract(&mut self.depositors, parcel.from, one);
            subtract(&mut self.pairs, (parcel.from, parcel.to), one);
            removed.push(number);
        }
        removed
    }
}

fn add<K: Ord>(amounts: &mut BTreeMap<K, Amount>, key: K, one: Amount) {
    let amount = amounts.entry(key).or_default();
    *amount = amount.plus(one);
}

fn subtract<K: Ord>(amounts: &mut BTreeMap<K, Amount>, key: K, one: Amount) {
    if let Some(amount) = amounts.get_mut(&key) {
        *amount = amount.minus(one);
        if *amount == Amount::default() {
            amounts.remove(&key);
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
