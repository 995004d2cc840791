//! What the sender of a file still owes on one stream.

use std::collections::VecDeque;

use thiserror::Error;

use crate::transfer::{Ask, Layout};

/// Asks that may wait at once.
const MAX_ASKS: usize = 64;

/// The groups that were asked for and not sent.
#[derive(Debug)]
pub struct Serve {
    asks: VecDeque<Ask>,
    layout: Layout,
    left: u32,
}

/// The other side asked for what there is not, too often, or more than once.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the other side asks for more than there is")]
pub struct Overdrawn;

impl Serve {
    /// Owes nothing of a file yet.
    pub fn new(layout: Layout) -> Self {
        Self {
            asks: VecDeque::new(),
            layout,
            left: layout.count(),
        }
    }

    /// Takes an ask; in one stream a file is sent once at most.
    ///
    /// # Errors
    /// [`Overdrawn`]: whoever does that is cut off.
    pub fn ask(&mut self, ask: Ask) -> Result<(), Overdrawn> {
        let end = ask.first.checked_add(ask.count).ok_or(Overdrawn)?;
        let left = self.left.checked_sub(ask.count).ok_or(Overdrawn)?;
        if end > self.layout.count() || ask.count == 0 || self.asks.len() >= MAX_ASKS {
            return Err(Overdrawn);
        }
        self.left = left;
        self.asks.push_back(ask);
        Ok(())
    }

    /// Takes the next group to send.
    pub fn next_group(&mut self) -> Option<u32> {
        let ask = self.asks.front_mut()?;
        let index = ask.first;
        ask.first += 1;
        ask.count -= 1;
        if ask.count == 0 {
            self.asks.pop_front();
        }
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serve() -> Serve {
        Serve::new(Layout::new(10 << 18).unwrap())
    }

    #[test]
    fn groups_go_out_in_the_order_of_the_asks() {
        let mut serve = serve();
        serve.ask(Ask { first: 8, count: 2 }).unwrap();
        serve.ask(Ask { first: 0, count: 2 }).unwrap();

        let sent: Vec<u32> = std::iter::from_fn(|| serve.next_group()).collect();

        assert_eq!(sent, [8, 9, 0, 1]);
    }

    #[test]
    fn whoever_asks_for_too_much_is_refused() {
        for (first, count) in [(9, 2), (10, 1), (u32::MAX, 1), (0, u32::MAX), (0, 0)] {
            let ask = Ask { first, count };
            assert_eq!(serve().ask(ask), Err(Overdrawn), "{ask:?}");
        }
        let mut again = serve();
        again.ask(Ask { first: 0, count: 8 }).unwrap();
        assert_eq!(again.ask(Ask { first: 0, count: 8 }), Err(Overdrawn));
    }
}
