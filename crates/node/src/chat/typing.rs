//! Tells a connected peer that something is being written: never stored, never repeated, and only
//! where both sides want it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use streembit_gate::ContactState;
use streembit_identity::{AccountId, Kind, NetworkId, Party, Timestamp};

use super::{
    ChatError,
    body::{self, decode, encode},
    receive::receipt,
};
use crate::{
    contacts,
    dispatch::{Arrival, Reply},
    event::Event,
    node::{Node, message_id},
    wire::Refusal,
};

/// How long a notice counts; whoever goes on writing says so again.
const LASTS: Duration = Duration::from_secs(6);
/// The same is said again to one peer after this at the earliest.
const PAUSE: Duration = Duration::from_secs(3);
/// A peer that says so more often is not heard.
const MIN_GAP: Duration = Duration::from_millis(500);
/// How long handing a notice over may take.
const HAND_OVER: Duration = Duration::from_secs(5);
/// Conversations that are remembered; above that the oldest go.
const MAX_REMEMBERED: usize = 512;

/// When something was last said in a conversation, and what.
#[derive(Debug, Default)]
pub(crate) struct Typing {
    heard: Mutex<Times>,
    told: Mutex<Times>,
}

#[derive(Debug, Default)]
struct Times(BTreeMap<(NetworkId, AccountId), (Timestamp, bool)>);

impl Times {
    /// Notes that `is_typing` is said now; false when that is no news: it is said too soon after the
    /// last time, or the end of what had not begun.
    fn note(
        &mut self,
        who: (NetworkId, AccountId),
        is_typing: bool,
        now: Timestamp,
        gap: Duration,
    ) -> bool {
        let last = self.0.get(&who);
        let is_too_soon = last.is_some_and(|(at, _)| now.since(*at) < gap);
        let had_begun = last.is_some_and(|(_, was)| *was);
        if (is_typing && is_too_soon) || (!is_typing && !had_begun) {
            return false;
        }
        if self.0.len() >= MAX_REMEMBERED {
            self.0.retain(|_, (at, _)| now.since(*at) < LASTS);
        }
        if self.0.len() >= MAX_REMEMBERED {
            self.0.clear();
        }
        self.0.insert(who, (now, is_typing));
        true
    }
}

impl Node {
    /// Tells `peer` that something is being written, if it is connected and that is wanted.
    ///
    /// # Errors
    /// See [`ChatError`].
    pub async fn conversation_typing(
        &self,
        network: Option<NetworkId>,
        peer: impl Into<Party>,
        is_typing: bool,
    ) -> Result<(), ChatError> {
        // In a group nobody is told.
        let Party::Account(peer) = peer.into() else {
            return Ok(());
        };
        if !is_wanted(self).await {
            return Ok(());
        }
        let network = self.network_with(network, peer).await?;
        if contacts::state(self, network, peer).await? != ContactState::Accepted {
            return Err(ChatError::Denied);
        }
        let live = self.network(&network);
        let nodes = live
            .map(|live| live.net().nodes_of(&peer))
            .unwrap_or_default();
        let Some(remote) = nodes.first().copied() else {
            return Ok(());
        };
        let now = self.now();
        let mut told = self
            .0
            .chat
            .typing
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_due = told.note((network, peer), is_typing, now, PAUSE);
        drop(told);
        if !is_due {
            return Ok(());
        }
        let body = encode(&body::Typing { is_typing });
        let notice = self.seal(network, peer, Kind::Typing, message_id(now), now, body)?;
        let node = self.clone();
        self.spawn(async move {
            // Whether it arrives makes no difference: it is over in a moment.
            drop(node.hand_over(network, remote, notice, HAND_OVER).await);
        });
        Ok(())
    }
}

/// Hears that the other side is writing, unless that is not wanted here.
pub(crate) async fn on_typing(node: &Node, arrival: &Arrival) -> Result<Reply, Refusal> {
    let body: body::Typing = decode(&arrival.envelope.body).ok_or(Refusal::Invalid)?;
    let (network, peer, now) = (arrival.network, arrival.from, node.now());
    if is_wanted(node).await {
        let mut heard = node
            .0
            .chat
            .typing
            .heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_news = heard.note((network, peer), body.is_typing, now, MIN_GAP);
        drop(heard);
        if is_news {
            let until = if body.is_typing { now.plus(LASTS) } else { now };
            node.emit(Event::Typing {
                network,
                peer,
                until,
            });
        }
    }
    Ok(receipt(arrival.envelope.id))
}

/// Whether this person wants to tell and to be told; if that is unknown, no.
async fn is_wanted(node: &Node) -> bool {
    let setting = node.store().setting("typing").await;
    setting.is_ok_and(|value| value.and_then(|value| value.as_bool()).unwrap_or(true))
}

#[cfg(test)]
mod tests {
    use streembit_identity::AccountKey;
    use zeroize::Zeroizing;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn who(number: u16) -> (NetworkId, AccountId) {
        let mut seed = [1; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        (
            NetworkId::PUBLIC,
            AccountKey::from_seed(&Zeroizing::new(seed)).id(),
        )
    }

    #[test]
    fn the_same_is_not_said_again_too_soon_but_a_change_is() {
        let mut times = Times::default();

        assert!(times.note(who(1), true, NOW, PAUSE));
        assert!(!times.note(who(1), true, NOW.plus(Duration::from_secs(2)), PAUSE));
        assert!(times.note(who(1), false, NOW.plus(Duration::from_secs(2)), PAUSE));
        assert!(!times.note(who(1), false, NOW.plus(Duration::from_secs(6)), PAUSE));
        assert!(!times.note(who(1), true, NOW.plus(Duration::from_secs(4)), PAUSE));
        assert!(times.note(who(1), true, NOW.plus(Duration::from_secs(5)), PAUSE));
        assert!(
            times.note(who(2), true, NOW, PAUSE),
            "others have their own pace"
        );
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut times = Times::default();
        for number in 0..2_000 {
            times.note(who(number), true, NOW, PAUSE);
        }

        assert!(times.0.len() <= MAX_REMEMBERED);
    }
}
