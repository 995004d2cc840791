//! For whom a mailbox keeps anything: agreed beforehand, and ended by either side.

use std::collections::BTreeMap;

use streembit_identity::AccountId;

/// Accounts with which one mailbox has terms in one network, beyond those that only wish for them.
pub const MAX_AGREEMENTS: usize = 1_024;

/// Accounts whose wish is remembered until the person answers.
const MAX_WISHES: usize = 64;

/// To whom a node offers to keep messages.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Offer {
    /// Those whom its owner chose, one by one.
    #[default]
    Chosen,
    /// Whoever asks.
    Everybody,
    /// Every member of its private network, asked or not.
    Members,
}

/// How far a mailbox and an account have got.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Terms {
    /// The mailbox's owner is willing; the account has not asked.
    Offered,
    /// The account has asked; the owner has to decide.
    Asked,
    /// Both want it: it is kept.
    Agreed,
}

/// There is room for nobody else.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the mailbox has no room for anybody else")]
pub struct NoRoom;

/// The agreements of one mailbox in one network.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Agreements {
    offer: Offer,
    terms: BTreeMap<AccountId, Terms>,
}

impl Agreements {
    /// Those of a node that offers this, and has these terms.
    pub fn new(offer: Offer, terms: impl IntoIterator<Item = (AccountId, Terms)>) -> Self {
        Self {
            offer,
            terms: terms.into_iter().collect(),
        }
    }

    /// Tells whether anything is kept for `account`.
    pub fn keeps_for(&self, account: AccountId) -> bool {
        self.offer == Offer::Members || self.with(account) == Some(Terms::Agreed)
    }

    /// The terms with `account`.
    pub fn with(&self, account: AccountId) -> Option<Terms> {
        self.terms.get(&account).copied()
    }

    /// Takes in that `account` wants to be kept for; what comes of it is to be stored.
    ///
    /// # Errors
    /// There is no room.
    pub fn ask(&mut self, account: AccountId) -> Result<Terms, NoRoom> {
        match self.with(account) {
            Some(Terms::Offered | Terms::Agreed) => self.put(account, Terms::Agreed),
            None if self.offer == Offer::Everybody => self.put(account, Terms::Agreed),
            None | Some(Terms::Asked) => self.put(account, Terms::Asked),
        }
    }

    /// Takes in that the owner is willing to keep for `account`.
    ///
    /// # Errors
    /// There is no room.
    pub fn offer(&mut self, account: AccountId) -> Result<Terms, NoRoom> {
        match self.with(account) {
            Some(Terms::Asked | Terms::Agreed) => self.put(account, Terms::Agreed),
            None | Some(Terms::Offered) => self.put(account, Terms::Offered),
        }
    }

    fn put(&mut self, account: AccountId, terms: Terms) -> Result<Terms, NoRoom> {
        let is_wish = |terms: &Terms| *terms == Terms::Asked;
        let others = self.terms.iter().filter(|(other, _)| **other != account);
        let wishes = others.clone().filter(|(_, terms)| is_wish(terms)).count();
        let has_room = if is_wish(&terms) {
            wishes < MAX_WISHES
        } else {
            others.count().saturating_sub(wishes) < MAX_AGREEMENTS
        };
        if !has_room {
            return Err(NoRoom);
        }
        self.terms.insert(account, terms);
        Ok(terms)
    }

    /// Ends whatever there is with `account`; tells whether there was anything.
    pub fn end(&mut self, account: AccountId) -> bool {
        self.terms.remove(&account).is_some()
    }

    /// Puts back what was with `account`, as when a change could not be stored.
    pub fn put_back(&mut self, account: AccountId, terms: Option<Terms>) {
        match terms {
            Some(terms) => self.terms.insert(account, terms),
            None => self.terms.remove(&account),
        };
    }

    /// Everybody with whom there are terms.
    pub fn all(&self) -> impl Iterator<Item = (AccountId, Terms)> {
        self.terms.iter().map(|(account, terms)| (*account, *terms))
    }

    /// To whom it is offered.
    pub fn offered_to(&self) -> Offer {
        self.offer
    }

    /// Offers it to others; what was agreed stays.
    pub fn set_offer(&mut self, offer: Offer) {
        self.offer = offer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::shelf::tests::account;

    #[test]
    fn nobody_is_kept_for_without_an_agreement() {
        let mut agreements = Agreements::default();

        assert!(!agreements.keeps_for(account(1)));
        assert_eq!(agreements.ask(account(1)), Ok(Terms::Asked));
        assert_eq!(agreements.offer(account(2)), Ok(Terms::Offered));

        assert!(!agreements.keeps_for(account(1)), "one side is not enough");
        assert!(!agreements.keeps_for(account(2)), "nor is the other");
    }

    #[test]
    fn it_takes_both_sides_in_any_order_and_one_to_end_it() {
        let mut agreements = Agreements::default();
        agreements.ask(account(1)).unwrap();
        assert_eq!(agreements.offer(account(1)), Ok(Terms::Agreed));
        agreements.offer(account(2)).unwrap();
        assert_eq!(agreements.ask(account(2)), Ok(Terms::Agreed));
        assert!(agreements.keeps_for(account(1)) && agreements.keeps_for(account(2)));

        agreements.end(account(1));

        assert!(!agreements.keeps_for(account(1)));
        assert!(agreements.keeps_for(account(2)));
    }

    #[test]
    fn asking_again_changes_nothing() {
        let mut agreements = Agreements::new(Offer::Chosen, [(account(1), Terms::Agreed)]);

        assert_eq!(agreements.ask(account(1)), Ok(Terms::Agreed));
        assert_eq!(agreements.ask(account(2)), Ok(Terms::Asked));
        assert_eq!(agreements.ask(account(2)), Ok(Terms::Asked));
        assert_eq!(agreements.all().count(), 2);
    }

    #[test]
    fn a_hub_keeps_for_every_member_unasked() {
        let agreements = Agreements::new(Offer::Members, []);

        assert!(agreements.keeps_for(account(1)));
    }

    #[test]
    fn who_asks_a_mailbox_for_everybody_is_agreed_with_until_it_is_full() {
        let mut agreements = Agreements::new(Offer::Everybody, []);

        for number in 0..MAX_AGREEMENTS {
            let number = u16::try_from(number).unwrap();
            assert_eq!(agreements.ask(account(number)), Ok(Terms::Agreed));
        }

        assert_eq!(agreements.ask(account(u16::MAX)), Err(NoRoom));
        assert_eq!(
            agreements.ask(account(0)),
            Ok(Terms::Agreed),
            "nobody lost a place"
        );
    }

    #[test]
    fn wishes_are_bounded_and_take_nobodys_place() {
        let mut agreements = Agreements::default();
        for number in 0..1_000 {
            let _ = agreements.ask(account(number));
        }

        assert_eq!(agreements.all().count(), MAX_WISHES);
        assert_eq!(agreements.ask(account(1_000)), Err(NoRoom));
        assert_eq!(agreements.offer(account(1_000)), Ok(Terms::Offered));
    }
}
