//! For whom a mailbox keeps anything: agreed beforehand, and ended by either side.

use std::collections::BTreeSet;

use streembit_identity::AccountId;

/// Accounts that one mailbox may agree with in one network.
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

/// What becomes of somebody's wish to be kept for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// It is agreed.
    Agreed,
    /// The owner has to decide.
    Waiting,
    /// There is room for nobody else.
    Full,
}

/// The agreements of one mailbox in one network.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Agreements {
    offer: Offer,
    chosen: BTreeSet<AccountId>,
    wishes: BTreeSet<AccountId>,
}

impl Agreements {
    /// Those of a node that offers this, and has agreed with these.
    pub fn new(offer: Offer, chosen: impl IntoIterator<Item = AccountId>) -> Self {
        Self {
            offer,
            chosen: chosen.into_iter().collect(),
            wishes: BTreeSet::new(),
        }
    }

    /// Tells whether anything is kept for `account`; `is_member` says that it is in the network.
    pub fn keeps_for(&self, account: AccountId, is_member: bool) -> bool {
        let is_agreed = match self.offer {
            Offer::Members => true,
            Offer::Chosen | Offer::Everybody => self.chosen.contains(&account),
        };
        is_member && is_agreed
    }

    /// Takes in that `account` wants to be kept for. What is agreed is to be stored.
    pub fn ask(&mut self, account: AccountId) -> Answer {
        if self.keeps_for(account, true) {
            return Answer::Agreed;
        }
        match self.offer {
            Offer::Everybody => self.choose(account),
            Offer::Chosen | Offer::Members => {
                if self.wishes.len() < MAX_WISHES || self.wishes.contains(&account) {
                    self.wishes.insert(account);
                    Answer::Waiting
                } else {
                    Answer::Full
                }
            }
        }
    }

    /// Agrees with `account`, because the owner chose it.
    pub fn choose(&mut self, account: AccountId) -> Answer {
        if self.chosen.len() >= MAX_AGREEMENTS && !self.chosen.contains(&account) {
            return Answer::Full;
        }
        self.wishes.remove(&account);
        self.chosen.insert(account);
        Answer::Agreed
    }

    /// Ends the agreement with `account`, or takes its wish back.
    pub fn end(&mut self, account: AccountId) {
        self.chosen.remove(&account);
        self.wishes.remove(&account);
    }

    /// Whom the owner chose, or who asked a mailbox for everybody.
    pub fn chosen(&self) -> impl Iterator<Item = AccountId> {
        self.chosen.iter().copied()
    }

    /// Who waits for the owner to decide.
    pub fn wishes(&self) -> impl Iterator<Item = AccountId> {
        self.wishes.iter().copied()
    }

    /// To whom it is offered.
    pub fn offer(&self) -> Offer {
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
        let agreements = Agreements::default();

        assert!(!agreements.keeps_for(account(1), true));
    }

    #[test]
    fn a_hub_keeps_for_every_member_and_for_nobody_else() {
        let agreements = Agreements::new(Offer::Members, []);

        assert!(agreements.keeps_for(account(1), true));
        assert!(!agreements.keeps_for(account(1), false));
    }

    #[test]
    fn a_wish_waits_for_the_owner_and_is_agreed_with_once_chosen() {
        let mut agreements = Agreements::default();

        assert_eq!(agreements.ask(account(1)), Answer::Waiting);
        assert!(!agreements.keeps_for(account(1), true));
        assert_eq!(agreements.choose(account(1)), Answer::Agreed);
        assert!(agreements.keeps_for(account(1), true));
        assert_eq!(agreements.wishes().count(), 0);
        agreements.end(account(1));
        assert!(!agreements.keeps_for(account(1), true));
    }

    #[test]
    fn who_asks_a_mailbox_for_everybody_is_agreed_with_until_it_is_full() {
        let mut agreements = Agreements::new(Offer::Everybody, []);

        for number in 0..MAX_AGREEMENTS {
            let number = u16::try_from(number).unwrap();
            assert_eq!(agreements.ask(account(number)), Answer::Agreed);
        }

        assert_eq!(agreements.ask(account(u16::MAX)), Answer::Full);
        assert!(
            agreements.keeps_for(account(0), true),
            "nobody lost a place"
        );
    }

    #[test]
    fn wishes_are_bounded() {
        let mut agreements = Agreements::default();
        for number in 0..1_000 {
            agreements.ask(account(number));
        }

        assert_eq!(agreements.wishes().count(), MAX_WISHES);
        assert_eq!(agreements.ask(account(1_000)), Answer::Full);
    }
}
