//! The time in which another installation may be linked: one guest, one code, one chance. Pure.

use std::time::Duration;

use streembit_identity::{AccountId, Digest, LinkSecret, NodeId, Timestamp, is_proof};

/// How long a link is good, and the whole of linking may take.
pub(crate) const OPEN: Duration = Duration::from_mins(10);

/// How far linking has got.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkStage {
    /// Nobody has come yet.
    Waiting,
    /// Somebody has; both sides show the code.
    Compare,
    /// The codes are the same: everything is being handed over.
    Sending,
    /// The other installation has it all.
    Done,
    /// It is over, and nothing was linked.
    Closed,
}

/// Why a guest gets nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NotYours {
    /// The link was used, ended or closed.
    Over,
    /// The guest did not prove that it holds the link.
    WrongSecret,
}

/// The window of one link.
#[derive(Debug)]
pub(super) struct LinkWindow {
    pub(super) stage: LinkStage,
    guest: Option<(AccountId, NodeId)>,
    me: (AccountId, NodeId),
    secret: LinkSecret,
    until: Timestamp,
}

impl LinkWindow {
    pub(super) fn open(me: (AccountId, NodeId), secret: LinkSecret, now: Timestamp) -> Self {
        Self {
            stage: LinkStage::Waiting,
            guest: None,
            me,
            secret,
            until: now.plus(OPEN),
        }
    }

    pub(super) fn closes_at(&self) -> Timestamp {
        self.until
    }

    /// The code that both sides show, once somebody has come.
    pub(super) fn code(&self) -> Option<String> {
        let (_, guest) = self.guest?;
        Some(code(&self.secret, self.me.1, guest))
    }

    /// Somebody shows the link. The first one takes it; true once it may have everything.
    pub(super) fn ask(
        &mut self,
        guest: (AccountId, NodeId),
        proof: &[u8],
        now: Timestamp,
    ) -> Result<bool, NotYours> {
        if !is_proof(proof, &self.secret, guest.0, self.me.0) {
            return Err(NotYours::WrongSecret);
        }
        if now >= self.until || self.guest.is_some_and(|first| first != guest) {
            return Err(NotYours::Over);
        }
        match self.stage {
            LinkStage::Waiting => {
                self.guest = Some(guest);
                self.stage = LinkStage::Compare;
                Ok(false)
            }
            LinkStage::Compare => Ok(false),
            LinkStage::Sending | LinkStage::Done => Ok(true),
            LinkStage::Closed => Err(NotYours::Over),
        }
    }

    /// The person says which code the other side shows; another one closes the window for good.
    pub(super) fn confirm(&mut self, said: &str, now: Timestamp) -> bool {
        let digits: String = said.chars().filter(char::is_ascii_digit).collect();
        let is_right = self.code().is_some_and(|code| {
            let code: String = code.chars().filter(char::is_ascii_digit).collect();
            code == digits
        });
        if self.stage != LinkStage::Compare {
            return false;
        }
        self.stage = if is_right && now < self.until {
            LinkStage::Sending
        } else {
            LinkStage::Closed
        };
        self.stage == LinkStage::Sending
    }

    /// The guest says that it has everything.
    pub(super) fn done(&mut self) {
        if self.stage == LinkStage::Sending {
            self.stage = LinkStage::Done;
        }
    }

    /// Ends it, unless it is done.
    pub(super) fn close(&mut self) {
        if self.stage != LinkStage::Done {
            self.stage = LinkStage::Closed;
        }
    }
}

/// Six digits that only the two ends of this very connection can both show.
pub(crate) fn code(secret: &LinkSecret, host: NodeId, guest: NodeId) -> String {
    let parts: [&[u8]; 4] = [
        b"streembit/1/link-code",
        secret.as_bytes(),
        host.as_bytes(),
        guest.as_bytes(),
    ];
    let digest = Digest::of(&parts);
    let number = digest
        .as_bytes()
        .iter()
        .take(7)
        .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let number = number % 1_000_000;
    format!("{:03} {:03}", number / 1_000, number % 1_000)
}

#[cfg(test)]
mod tests {
    use streembit_identity::prove;

    use super::*;
    use crate::testing::Person;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn who(seed: u8) -> (AccountId, NodeId) {
        let person = Person::new(seed);
        (person.id(), person.key.id())
    }

    fn secret() -> LinkSecret {
        LinkSecret::from_bytes([7; 16])
    }

    fn open() -> LinkWindow {
        LinkWindow::open(who(1), secret(), NOW)
    }

    fn proof(guest: (AccountId, NodeId)) -> [u8; 32] {
        prove(&secret(), guest.0, who(1).0)
    }

    #[test]
    fn nothing_is_handed_over_before_the_code_is_confirmed() {
        let (mut window, guest) = (open(), who(2));

        assert_eq!(window.ask(guest, &proof(guest), NOW), Ok(false));
        assert_eq!(
            window.ask(guest, &proof(guest), NOW),
            Ok(false),
            "asked again"
        );
        let shown = code(&secret(), who(1).1, guest.1);
        assert!(window.confirm(&shown, NOW));

        assert_eq!(window.ask(guest, &proof(guest), NOW), Ok(true));
    }

    #[test]
    fn a_link_serves_one_guest() {
        let (mut window, guest, thief) = (open(), who(2), who(3));
        window.ask(guest, &proof(guest), NOW).unwrap();

        assert_eq!(window.ask(thief, &proof(thief), NOW), Err(NotYours::Over));
        assert_eq!(
            window.ask(thief, &proof(guest), NOW),
            Err(NotYours::WrongSecret),
            "a proof is worth nothing in other hands"
        );
    }

    #[test]
    fn a_wrong_code_ends_it_for_good() {
        let (mut window, guest) = (open(), who(2));
        window.ask(guest, &proof(guest), NOW).unwrap();
        let right = window.code().unwrap();
        let wrong = code(&secret(), who(1).1, who(3).1);

        assert!(!window.confirm(&wrong, NOW));
        assert!(!window.confirm(&right, NOW));
        assert_eq!(window.ask(guest, &proof(guest), NOW), Err(NotYours::Over));
    }

    #[test]
    fn it_ends_by_itself() {
        let (mut window, guest) = (open(), who(2));
        window.ask(guest, &proof(guest), NOW).unwrap();
        let (late, code) = (NOW.plus(OPEN), window.code().unwrap());

        assert!(!window.confirm(&code, late));
        assert_eq!(window.ask(guest, &proof(guest), late), Err(NotYours::Over));
    }

    #[test]
    fn nobody_confirms_before_somebody_came() {
        let mut window = open();

        assert!(!window.confirm("000 000", NOW));
        assert_eq!(window.stage, LinkStage::Waiting);
    }
}
