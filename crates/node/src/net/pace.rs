//! How fast strangers come to the door: so many a second, so many at once that have proved no key.
//!
//! A handshake costs its listener a few signatures and, over QUIC, some seconds of memory. Whoever
//! comes faster waits in the kernel's or QUIC's queue; whoever holds a place without proving
//! anything loses it to the next one. Members who are connected feel little of either.

use std::{
    collections::VecDeque,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{AbortHandle, Abortable, BoxFuture},
};
use libp2p::{
    Multiaddr, PeerId,
    core::{
        Transport,
        muxing::StreamMuxerBox,
        transport::{Boxed, DialOpts, ListenerId, TransportError, TransportEvent},
    },
};
use tokio::time::{Instant, Sleep, sleep_until};

/// Inbound connections that may begin in a second.
const RATE: u32 = 128;
/// Inbound connections that may begin at once after a quiet while.
const BURST: u32 = 256;
/// Inbound connections that may be unproved at once.
pub(super) const PLACES: usize = 128;

/// What a transport makes of a connection.
type Proved = (PeerId, StreamMuxerBox);

/// A transport whose listeners take connections at a bounded pace.
pub(super) struct Paced {
    inner: Boxed<Proved>,
    pace: Pace,
    /// Those that have proved nothing yet, the oldest first; and some that are over.
    unproved: VecDeque<AbortHandle>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(super) fn new(inner: Boxed<Proved>) -> Self {
        Self {
            inner,
            pace: Pace::new(Instant::now()),
            unproved: VecDeque::new(),
            pause: None,
        }
    }

    /// Waits until another connection may begin.
    fn poll_pace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(next) = self.pace.next(Instant::now()) {
            let pause = self
                .pause
                .get_or_insert_with(|| Box::pin(sleep_until(next)));
            if pause.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.pause = None;
        }
        Poll::Ready(())
    }

    /// Gives an inbound connection a place, the oldest one's if need be.
    fn admit(
        &mut self,
        upgrade: BoxFuture<'static, io::Result<Proved>>,
    ) -> BoxFuture<'static, io::Result<Proved>> {
        self.pace.take();
        if self.unproved.len() >= PLACES
            && let Some(oldest) = self.unproved.pop_front()
        {
            oldest.abort();
        }
        let (place, registration) = AbortHandle::new_pair();
        self.unproved.push_back(place);
        Abortable::new(upgrade, registration)
            .map(|proved| proved.unwrap_or_else(|_| Err(crowded())))
            .boxed()
    }
}

impl Transport for Paced {
    type Output = Proved;
    type Error = io::Error;
    type ListenerUpgrade = BoxFuture<'static, io::Result<Proved>>;
    type Dial = BoxFuture<'static, io::Result<Proved>>;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<io::Error>> {
        self.inner.listen_on(id, address)
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.inner.remove_listener(id)
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        options: DialOpts,
    ) -> Result<Self::Dial, TransportError<io::Error>> {
        Ok(self.inner.dial(address, options)?.boxed())
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, io::Error>> {
        if self.poll_pace(cx).is_pending() {
            return Poll::Pending;
        }
        let event = std::task::ready!(Pin::new(&mut self.inner).poll(cx));
        Poll::Ready(event.map_upgrade(|upgrade| self.admit(upgrade.boxed())))
    }
}

fn crowded() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the door is crowded")
}

/// So many a second, and as many at once as were saved up: a token bucket.
#[derive(Debug)]
struct Pace {
    tokens: u32,
    /// Up to when tokens have been counted.
    counted: Instant,
}

impl Pace {
    const STEP: Duration = Duration::from_nanos(1_000_000_000 / RATE as u64);

    fn new(now: Instant) -> Self {
        Self {
            tokens: BURST,
            counted: now,
        }
    }

    /// Returns when the next one may begin; none when it may now.
    fn next(&mut self, now: Instant) -> Option<Instant> {
        let passed = now.saturating_duration_since(self.counted);
        let steps = u32::try_from(passed.as_nanos() / Self::STEP.as_nanos()).unwrap_or(u32::MAX);
        self.tokens = self.tokens.saturating_add(steps).min(BURST);
        self.counted = if self.tokens == BURST {
            now
        } else {
            self.counted + Self::STEP * steps
        };
        (self.tokens == 0).then(|| self.counted + Self::STEP)
    }

    fn take(&mut self) {
        self.tokens = self.tokens.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use futures::future::{pending, ready};
    use libp2p::core::transport::dummy::DummyTransport;

    use super::*;

    #[test]
    fn a_second_of_flood_begins_a_burst_and_a_second_of_the_rate() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let mut begun = 0;

        for micros in 0..1_000_000 / 50 {
            if pace
                .next(start + Duration::from_micros(micros * 50))
                .is_none()
            {
                pace.take();
                begun += 1;
            }
        }

        assert!(
            (BURST + RATE - 1..=BURST + RATE).contains(&begun),
            "{begun}"
        );
    }

    #[test]
    fn quiet_saves_up_no_more_than_a_burst() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        let much_later = start + Duration::from_hours(24 * 365);
        let mut begun = 0;

        while pace.next(much_later).is_none() {
            pace.take();
            begun += 1;
        }

        assert_eq!(begun, BURST);
    }

    #[tokio::test]
    async fn whoever_proves_nothing_loses_its_place_to_the_next() {
        let mut door = Paced::new(DummyTransport::<Proved>::new().boxed());
        let mut oldest = door.admit(pending().boxed());
        assert!(oldest.as_mut().now_or_never().is_none(), "it has a place");

        for _ in 0..PLACES {
            drop(door.admit(ready(Err(io::ErrorKind::BrokenPipe.into())).boxed()));
        }

        assert!(oldest.await.is_err(), "its place is taken");
        assert_eq!(door.unproved.len(), PLACES);
    }
}
