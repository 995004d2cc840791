//! The door: runs the gate exchange on every connection before the swarm may see it.
//!
//! Owns the substream and its deadline; what is said on it belongs to `streembit_gate::exchange`.

use std::{future::Future, io, pin::Pin, sync::Arc, task::Poll, time::Duration};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, future::poll_fn};
use libp2p::{
    Multiaddr, PeerId,
    core::muxing::{StreamMuxer, StreamMuxerBox, StreamMuxerExt},
};
use streembit_gate::{
    RefusalReason,
    exchange::{Action, MAX_FRAME_BYTES, Redeeming, Session},
};
use streembit_identity::{AccountId, NodeId};
use tokio::time::Instant;

use super::{
    codec::fill,
    keeper::{Keeper, Learning},
    peer_id,
};

/// How long a peer may take from its first byte to being let in.
pub(crate) const DEADLINE: Duration = Duration::from_secs(8);
/// How long somebody who comes may take to say the first word.
const HELLO_DEADLINE: Duration = Duration::from_secs(3);
/// How long whoever is not let in has to read why: what it has not read when the connection ends is
/// lost, over QUIC always.
const LINGER: Duration = Duration::from_millis(500);

/// Runs the exchange with whoever the transport has authenticated, and lets the connection through
/// or ends it.
///
/// # Errors
/// A `PermissionDenied` error when either side refuses, `TimedOut` past the deadline.
pub(crate) async fn pass(
    keeper: Arc<Keeper>,
    peer: PeerId,
    muxer: StreamMuxerBox,
    dialer: bool,
    address: Multiaddr,
) -> io::Result<(PeerId, StreamMuxerBox)> {
    let Some(remote) = peer_id::to_node(&peer) else {
        keeper.refuse(None, None, &address, dialer, RefusalReason::BadCertificate);
        return Err(denied(RefusalReason::BadCertificate));
    };
    if keeper.is_banned(&remote) {
        keeper.refuse(Some(remote), None, &address, dialer, RefusalReason::Banned);
        return Err(denied(RefusalReason::Banned));
    }
    let mut guest = Guest {
        remote,
        account: None,
        dialer,
    };
    let outcome = tokio::time::timeout(DEADLINE, exchange(&keeper, &mut guest, muxer)).await;
    match outcome {
        Ok(Ok(muxer)) => Ok((peer, muxer)),
        Ok(Err(Ended::Refused(reason))) => {
            keeper.refuse(Some(remote), guest.account, &address, dialer, reason);
            Err(denied(reason))
        }
        Ok(Err(Ended::Redeemed)) => {
            keeper.observe("redeemed", &remote);
            keeper.broke(remote, dialer);
            Err(io::Error::new(
                io::ErrorKind::ConnectionAborted,
                "the invite has served",
            ))
        }
        Ok(Err(Ended::Io(error))) => {
            keeper.broke(remote, dialer);
            Err(error)
        }
        Err(_) => {
            keeper.refuse(
                Some(remote),
                guest.account,
                &address,
                dialer,
                RefusalReason::Timeout,
            );
            Err(io::ErrorKind::TimedOut.into())
        }
    }
}

/// Who stands at the door.
struct Guest {
    remote: NodeId,
    /// Whom its certificate proved.
    account: Option<AccountId>,
    dialer: bool,
}

/// Why an exchange ended without admission.
enum Ended {
    /// The transport failed underneath.
    Io(io::Error),
    /// An invite was used; the connection was for nothing else.
    Redeemed,
    /// One of the sides refused.
    Refused(RefusalReason),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

async fn exchange(
    keeper: &Arc<Keeper>,
    guest: &mut Guest,
    mut muxer: StreamMuxerBox,
) -> Result<StreamMuxerBox, Ended> {
    let dialer = guest.dialer;
    let first_word = Instant::now() + if dialer { DEADLINE } else { HELLO_DEADLINE };
    let opening = poll_fn(|cx| {
        // The muxer makes progress only while it is polled; what it reports is of no interest yet.
        let _ = Pin::new(&mut muxer).poll(cx)?;
        if dialer {
            muxer.poll_outbound_unpin(cx)
        } else {
            muxer.poll_inbound_unpin(cx)
        }
    });
    let mut stream = in_time(first_word, opening).await??;
    let ended = {
        let mut talk = std::pin::pin!(talk(keeper, guest, &mut stream, first_word));
        poll_fn(|cx| {
            let _ = Pin::new(&mut muxer).poll(cx)?;
            talk.as_mut().poll(cx)
        })
        .await
    };
    if matches!(ended, Err(Ended::Refused(_) | Ended::Redeemed)) && !dialer {
        linger(&mut muxer, &mut stream).await;
    }
    ended.map(|()| muxer)
}

/// Waits a moment until the other side has read the last word, and let go.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(muxer: &mut StreamMuxerBox, stream: &mut S) {
    let mut read = std::pin::pin!(async {
        stream.close().await?;
        stream.read(&mut [0]).await
    });
    let gone = poll_fn(|cx| match Pin::new(&mut *muxer).poll(cx) {
        Poll::Ready(Err(_)) => Poll::Ready(()),
        Poll::Ready(Ok(_)) | Poll::Pending => read.as_mut().poll(cx).map(drop),
    });
    // Whoever does not read it in time, or says more, does not want to know.
    let _ = tokio::time::timeout(LINGER, gone).await;
}

/// Carries the state machine's frames until it admits or refuses.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    keeper: &Arc<Keeper>,
    guest: &mut Guest,
    stream: &mut S,
    first_word: Instant,
) -> Result<(), Ended> {
    let mut hears_first = true;
    let mut exchange = keeper.exchange(guest.remote, guest.dialer);
    let mut actions = exchange.start();
    keeper.tamper(&mut actions);
    loop {
        if let [Action::Redeem(asked)] = &actions[..] {
            let decision = keeper.decide(Redeeming::clone(asked)).await;
            actions = exchange.redeemed(decision);
        }
        guest.account = exchange.remote_account();
        let session = exchange.remote_session();
        match perform(keeper, (guest.remote, session), stream, actions).await {
            Ok(Step::Admitted) => return Ok(stream.close().await?),
            // Only a test's own binary can switch its gate off; see `Hooks`.
            Err(Ended::Refused(_)) if keeper.gate_is_off() => return Ok(()),
            Ok(Step::Continue) => {}
            Err(ended) => return Err(ended),
        }
        let frame = if std::mem::take(&mut hears_first) {
            in_time(first_word, read_frame(stream)).await??
        } else {
            read_frame(stream).await?
        };
        actions = exchange.on_frame(&frame, keeper.now());
    }
}

/// Waits no longer than until `end`: whoever says nothing takes nobody's place.
async fn in_time<T>(end: Instant, work: impl Future<Output = T>) -> Result<T, Ended> {
    let timely = tokio::time::timeout_at(end, work).await;
    timely.map_err(|_| Ended::Refused(RefusalReason::Timeout))
}

/// Whether the exchange goes on.
enum Step {
    Admitted,
    Continue,
}

async fn perform<S: AsyncWrite + Unpin>(
    keeper: &Arc<Keeper>,
    (remote, session): (NodeId, Option<Session>),
    stream: &mut S,
    actions: Vec<Action>,
) -> Result<Step, Ended> {
    for action in actions {
        match action {
            Action::Send(frame) => write_frame(stream, &frame).await?,
            Action::Learn {
                operations,
                certificates,
                revocations,
                statement,
            } => {
                let news = Learning {
                    operations,
                    certificates,
                    revocations,
                    statement,
                };
                let kept = keeper.learn(news).await;
                kept.map_err(|_| Ended::Refused(RefusalReason::RulesUnreadable))?;
            }
            Action::Admit(admission) => {
                let session = session.ok_or(Ended::Refused(RefusalReason::BadFrame))?;
                keeper
                    .admit(remote, admission, session)
                    .map_err(Ended::Refused)?;
                return Ok(Step::Admitted);
            }
            Action::Refused(reason) => {
                keeper.invite_failed(&remote, reason);
                keeper.hear_refusal(remote, reason);
                return Err(Ended::Refused(reason));
            }
            Action::Refuse(reason) => return Err(Ended::Refused(reason)),
            Action::Redeem(_) => return Err(Ended::Refused(RefusalReason::BadFrame)),
            Action::Redeemed => {
                keeper.was_redeemed(&remote);
                return Err(Ended::Redeemed);
            }
        }
    }
    Ok(Step::Continue)
}

async fn write_frame<S: AsyncWrite + Unpin>(stream: &mut S, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_all(frame).await?;
    stream.flush().await
}

async fn read_frame<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Vec<u8>, Ended> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME_BYTES {
        return Err(Ended::Refused(RefusalReason::BadFrame));
    }
    Ok(fill(stream, length).await?)
}

fn denied(reason: RefusalReason) -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, reason.to_string())
}
