//! Who keeps for this account: what it wants of each mailbox, and what each has said to that.

use std::collections::BTreeMap;

use streembit_identity::{AccountId, NodeId};

use super::agreement::Terms;

/// Mailboxes that one account names in its record.
pub const MAX_NAMED: usize = 4;

/// Mailboxes that are remembered in one network, whatever they said.
const MAX_KEEPERS: usize = 32;

/// How far this account has got with a mailbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keeper {
    /// It offered itself; this account has not answered.
    Offered,
    /// It is wanted, and has not answered yet, or its owner has to decide.
    Wanted,
    /// It keeps: the record names it.
    Agreed,
    /// It is wanted no longer, and has not heard of that yet.
    Ending,
    /// It is not wanted, and not asked by itself.
    Declined,
}

/// The wish that a mailbox is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wish {
    /// None: only the terms are asked for.
    Tell,
    /// To be kept for.
    Keep,
    /// To be kept for no longer.
    End,
}

/// The mailboxes of one account in one network.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Keepers(BTreeMap<AccountId, Entry>);

/// One mailbox: how far this account has got with it, and the node that keeps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Entry {
    /// How far.
    pub keeper: Keeper,
    /// The node of it that spoke: others of the same account know nothing of the agreement.
    pub node: Option<NodeId>,
}

impl Keepers {
    /// Those that were stored.
    pub fn new(stored: impl IntoIterator<Item = (AccountId, Entry)>) -> Self {
        Self(stored.into_iter().collect())
    }

    /// How far this account has got with `mailbox`.
    pub fn with(&self, mailbox: AccountId) -> Option<Entry> {
        self.0.get(&mailbox).copied()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (AccountId, Entry)> {
        self.0.iter().map(|(account, entry)| (*account, *entry))
    }

    /// Those that keep, as many as a record names.
    pub fn named(&self) -> impl Iterator<Item = (AccountId, NodeId)> {
        let agreed = self.all().filter(|(_, it)| it.keeper == Keeper::Agreed);
        agreed
            .filter_map(|(account, it)| Some((account, it.node?)))
            .take(MAX_NAMED)
    }

    /// Whether this node of `mailbox` keeps for this account.
    pub fn keeps(&self, mailbox: AccountId, node: NodeId) -> bool {
        self.named().any(|named| named == (mailbox, node))
    }

    /// Whether another mailbox would be of use.
    pub fn has_room(&self) -> bool {
        let is_used = |it: &Entry| matches!(it.keeper, Keeper::Agreed | Keeper::Wanted);
        self.0.values().filter(|it| is_used(it)).count() < MAX_NAMED
    }

    /// Wants `mailbox`; false if there is no room.
    pub fn want(&mut self, mailbox: AccountId) -> bool {
        let known = self.with(mailbox);
        match known.map(|it| it.keeper) {
            Some(Keeper::Agreed | Keeper::Wanted) => true,
            Some(Keeper::Offered | Keeper::Ending | Keeper::Declined) | None => {
                let node = known.and_then(|it| it.node);
                self.has_room() && self.put(mailbox, Keeper::Wanted, node)
            }
        }
    }

    /// Wants `mailbox` no longer, nor what it offers.
    pub fn decline(&mut self, mailbox: AccountId) {
        let Some(known) = self.with(mailbox) else {
            return;
        };
        let next = match known.keeper {
            Keeper::Agreed | Keeper::Wanted => Keeper::Ending,
            Keeper::Offered => Keeper::Declined,
            Keeper::Ending | Keeper::Declined => return,
        };
        self.put(mailbox, next, known.node);
    }

    /// Forgets `mailbox`, as when it is a contact no longer.
    pub fn forget(&mut self, mailbox: AccountId) -> bool {
        self.0.remove(&mailbox).is_some()
    }

    /// Puts back what was with `mailbox`, as when a change could not be stored.
    pub fn put_back(&mut self, mailbox: AccountId, entry: Option<Entry>) {
        match entry {
            Some(entry) => self.0.insert(mailbox, entry),
            None => self.0.remove(&mailbox),
        };
    }

    /// What this node of `mailbox` is to be told when it is connected; nothing if there is nothing
    /// with it.
    pub fn wish(&self, mailbox: AccountId, node: NodeId) -> Option<Wish> {
        let known = self.with(mailbox)?;
        if known.node.is_some_and(|other| other != node) {
            return None;
        }
        match known.keeper {
            Keeper::Wanted => Some(Wish::Keep),
            Keeper::Ending => Some(Wish::End),
            Keeper::Offered | Keeper::Agreed => Some(Wish::Tell),
            Keeper::Declined => None,
        }
    }

    /// Takes in the terms that a node of `mailbox` tells; true if anything changed.
    ///
    /// `heard` is the wish that they answer, if they answer one. Whatever a mailbox says, it is one
    /// only if it was wanted.
    pub fn hear(
        &mut self,
        mailbox: AccountId,
        node: NodeId,
        terms: Option<Terms>,
        heard: Option<Wish>,
    ) -> bool {
        let known = self.with(mailbox);
        if known.is_some_and(|it| it.node.is_some_and(|other| other != node)) {
            return false;
        }
        let next = next(known.map(|it| it.keeper), terms, heard);
        let speaks = next.is_some_and(|it| it != Keeper::Wanted).then_some(node);
        let entry = next.map(|keeper| Entry {
            keeper,
            node: speaks.or(known.and_then(|it| it.node)),
        });
        if entry == known {
            return false;
        }
        match entry {
            Some(entry) => self.put(mailbox, entry.keeper, entry.node),
            None => self.forget(mailbox),
        }
    }

    fn put(&mut self, mailbox: AccountId, keeper: Keeper, node: Option<NodeId>) -> bool {
        let has_room = self.0.len() < MAX_KEEPERS || self.0.contains_key(&mailbox);
        if has_room {
            self.0.insert(mailbox, Entry { keeper, node });
        }
        has_room
    }
}

fn next(known: Option<Keeper>, terms: Option<Terms>, heard: Option<Wish>) -> Option<Keeper> {
    let Some(known) = known else {
        return terms.map(|_| Keeper::Offered);
    };
    match (known, terms) {
        (Keeper::Wanted | Keeper::Agreed, Some(Terms::Agreed)) => Some(Keeper::Agreed),
        // It has forgotten, as one restored from a backup: it is asked again.
        (Keeper::Agreed | Keeper::Wanted, Some(Terms::Offered | Terms::Asked)) => {
            Some(Keeper::Wanted)
        }
        // News that crossed the wish.
        (Keeper::Wanted, None) if heard != Some(Wish::Keep) => Some(Keeper::Wanted),
        (Keeper::Agreed | Keeper::Offered | Keeper::Wanted, None) => None,
        (Keeper::Offered, Some(Terms::Offered | Terms::Asked | Terms::Agreed)) => {
            Some(Keeper::Offered)
        }
        (Keeper::Ending, _) if heard == Some(Wish::End) => Some(Keeper::Declined),
        (Keeper::Ending, _) => Some(Keeper::Ending),
        (Keeper::Declined, _) => Some(Keeper::Declined),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::shelf::tests::{account, node};

    fn one(keeper: Keeper) -> Keepers {
        let node = Some(node(1));
        Keepers::new([(account(1), Entry { keeper, node })])
    }

    fn told(keepers: &mut Keepers, terms: Option<Terms>) -> bool {
        keepers.hear(account(1), node(1), terms, None)
    }

    #[test]
    fn a_mailbox_is_named_only_once_both_sides_agree() {
        let mut keepers = Keepers::default();
        assert!(keepers.want(account(1)));
        assert_eq!(keepers.wish(account(1), node(1)), Some(Wish::Keep));

        keepers.hear(account(1), node(1), Some(Terms::Asked), Some(Wish::Keep));
        assert_eq!(keepers.named().count(), 0, "its owner has not decided");
        told(&mut keepers, Some(Terms::Agreed));

        assert_eq!(keepers.named().collect::<Vec<_>>(), [(account(1), node(1))]);
        assert!(keepers.keeps(account(1), node(1)));
    }

    #[test]
    fn nobody_becomes_a_mailbox_unasked() {
        for terms in [Terms::Offered, Terms::Asked, Terms::Agreed] {
            let mut keepers = Keepers::default();

            told(&mut keepers, Some(terms));
            told(&mut keepers, Some(Terms::Agreed));

            assert_eq!(keepers.named().count(), 0, "{terms:?}");
            assert_eq!(keepers.wish(account(1), node(1)), Some(Wish::Tell));
        }
    }

    #[test]
    fn another_node_of_a_mailbox_changes_nothing() {
        let mut keepers = one(Keeper::Agreed);

        assert!(!keepers.hear(account(1), node(2), None, None));

        assert!(keepers.keeps(account(1), node(1)));
        assert!(!keepers.keeps(account(1), node(2)));
        assert_eq!(keepers.wish(account(1), node(2)), None);
    }

    #[test]
    fn what_a_mailbox_ended_is_named_no_longer() {
        let mut keepers = one(Keeper::Agreed);

        assert!(told(&mut keepers, None));

        assert_eq!(keepers, Keepers::default());
    }

    #[test]
    fn an_end_is_told_until_it_was_heard_and_not_undone_by_an_offer() {
        let mut keepers = one(Keeper::Agreed);
        keepers.decline(account(1));
        assert_eq!(keepers.named().count(), 0, "it is named no longer at once");

        told(&mut keepers, Some(Terms::Agreed));
        assert_eq!(keepers.wish(account(1), node(1)), Some(Wish::End));
        keepers.hear(account(1), node(1), None, Some(Wish::End));
        assert_eq!(keepers.wish(account(1), node(1)), None);
        told(&mut keepers, Some(Terms::Offered));

        assert_eq!(keepers.wish(account(1), node(1)), None, "it stays declined");
    }

    #[test]
    fn a_mailbox_that_forgot_is_asked_again() {
        let mut keepers = one(Keeper::Agreed);

        keepers.hear(account(1), node(1), Some(Terms::Offered), Some(Wish::Tell));

        assert_eq!(keepers.wish(account(1), node(1)), Some(Wish::Keep));
    }

    #[test]
    fn a_wish_outlives_news_that_crossed_it_but_no_refusal() {
        let mut keepers = Keepers::default();
        keepers.want(account(1));

        assert!(!told(&mut keepers, None));
        assert_eq!(keepers.wish(account(1), node(1)), Some(Wish::Keep));
        keepers.hear(account(1), node(1), None, Some(Wish::Keep));

        assert_eq!(keepers, Keepers::default());
    }

    #[test]
    fn mailboxes_are_bounded() {
        let mut keepers = Keepers::default();
        for number in 0..100 {
            keepers.hear(account(number), node(1), Some(Terms::Offered), None);
        }
        assert_eq!(keepers.all().count(), MAX_KEEPERS);

        let wanted = (0..100).filter(|number| keepers.want(account(*number)));

        assert_eq!(wanted.count(), MAX_NAMED);
    }
}
