//! One authenticated connection, driven by hand: streams are opened and bytes written as asked.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, bail};
use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::core::muxing::{StreamMuxer, StreamMuxerBox, StreamMuxerExt, SubstreamBox};
use libp2p::core::transport::{Boxed, DialOpts, PortUse};
use libp2p::core::upgrade::Version;
use libp2p::core::{Endpoint, Transport};
use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId, noise, quic, tcp, yamux};
use streembit_gate::RefusalReason;
use streembit_gate::exchange::{Action, Exchange};
use tokio::sync::{mpsc, oneshot, watch};

use super::place_of;
use crate::within;

/// How long one step on a connection may take before it counts as unanswered.
const STEP: Duration = Duration::from_secs(10);

/// A connection whose other side has proved its key.
#[derive(Debug)]
pub struct Wire {
    remote: PeerId,
    orders: mpsc::Sender<oneshot::Sender<SubstreamBox>>,
    inbound: mpsc::Receiver<SubstreamBox>,
    ended: watch::Receiver<bool>,
    /// The stream of the gate exchange, kept open for what comes after its end.
    gate: Gate,
}

/// Nobody waits for it: the lock makes a wire one that tasks may share.
type Gate = std::sync::Mutex<Option<SubstreamBox>>;

/// How an exchange at the gate ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The other side let us in; these operations were new.
    Admitted(Vec<Vec<u8>>),
    /// The connection ended without a word.
    Closed,
    /// The other side refused, saying why.
    Refused(RefusalReason),
}

impl Wire {
    /// Dials and proves `keypair`; says nothing else.
    pub(crate) async fn dial(keypair: &Keypair, address: Multiaddr) -> anyhow::Result<Self> {
        let mut transport = transport(keypair)?;
        let options = DialOpts {
            role: Endpoint::Dialer,
            port_use: PortUse::New,
        };
        let place = place_of(&address.to_string())?;
        let dial = transport.dial(place, options)?;
        let (remote, muxer) = within(STEP, "a handshake", dial).await??;
        Ok(Self::over(remote, muxer))
    }

    /// Takes a connection over and drives it.
    pub(crate) fn over(remote: PeerId, muxer: StreamMuxerBox) -> Self {
        let (orders, wanted) = mpsc::channel(64);
        let (offered, inbound) = mpsc::channel(64);
        let (end, ended) = watch::channel(false);
        tokio::spawn(drive(muxer, wanted, offered, end));
        Self {
            remote,
            orders,
            inbound,
            ended,
            gate: Gate::default(),
        }
    }

    /// Who is at the other end.
    #[must_use]
    pub const fn remote(&self) -> PeerId {
        self.remote
    }

    /// Opens a stream; nothing is said on it.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn open(&self) -> anyhow::Result<SubstreamBox> {
        let (reply, stream) = oneshot::channel();
        self.orders.send(reply).await.ok().context("it has ended")?;
        within(STEP, "a stream", stream)
            .await?
            .context("it has ended")
    }

    /// The next stream that the other side opens; `None` when the connection ends first.
    pub async fn accept(&mut self) -> Option<SubstreamBox> {
        self.inbound.recv().await
    }

    /// Says one frame of the exchange, whatever it is.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn say(&mut self, frame: &[u8]) -> anyhow::Result<()> {
        let known = self.gate.get_mut().ok().and_then(Option::take);
        let mut stream = match known {
            Some(stream) => stream,
            None => self.open().await?,
        };
        write(&mut stream, frame).await?;
        self.gate = Gate::new(Some(stream));
        Ok(())
    }

    /// Hears one frame of the exchange; `None` when the other side has nothing to say any more.
    pub async fn hear(&mut self) -> Option<Vec<u8>> {
        let stream = self.gate.get_mut().ok()?.as_mut()?;
        tokio::time::timeout(STEP, read(stream)).await.ok()?.ok()
    }

    /// Runs an exchange to its end, ignoring whatever our own side would refuse.
    pub async fn exchange(&mut self, mut exchange: Exchange) -> Verdict {
        let (mut actions, mut learned) = (exchange.start(), Vec::new());
        loop {
            for action in actions {
                match action {
                    Action::Send(frame) => {
                        if self.say(&frame).await.is_err() {
                            return Verdict::Closed;
                        }
                    }
                    Action::Learn { operations, .. } => learned.extend(operations),
                    Action::Admit(_) => return Verdict::Admitted(learned),
                    Action::Refused(reason) => return Verdict::Refused(reason),
                    Action::Refuse(_) | Action::Redeem(_) | Action::Redeemed => {
                        return Verdict::Closed;
                    }
                }
            }
            let Some(frame) = self.hear().await else {
                return Verdict::Closed;
            };
            actions = exchange.on_frame(&frame, super::now());
        }
    }

    /// Opens a stream, asks for `protocol` and returns every byte that comes back until the
    /// stream or the connection ends, or `limit` is over.
    pub async fn probe(&self, protocol: &str, limit: Duration) -> Vec<u8> {
        let mut heard = Vec::new();
        let asking = async {
            let mut stream = self.open().await?;
            stream.write_all(&proposal(protocol)).await?;
            stream.flush().await?;
            let mut part = [0; 256];
            loop {
                match stream.read(&mut part).await? {
                    0 => return anyhow::Ok(()),
                    read => heard.extend(part.iter().take(read)),
                }
            }
        };
        // However it ends: what counts is what was heard.
        let _ = tokio::time::timeout(limit, asking).await;
        heard
    }

    /// Opens a stream on which both sides agree to speak `protocol`.
    ///
    /// # Errors
    /// When the other side does not speak it.
    pub async fn speak(&self, protocol: &str) -> anyhow::Result<SubstreamBox> {
        let mut stream = self.open().await?;
        let proposal = proposal(protocol);
        stream.write_all(&proposal).await?;
        stream.flush().await?;
        let mut agreed = vec![0; proposal.len()];
        stream.read_exact(&mut agreed).await?;
        if agreed != proposal {
            bail!("the other side does not speak {protocol}");
        }
        Ok(stream)
    }

    /// Sends one request of our protocol and returns the answer.
    ///
    /// # Errors
    /// When the other side does not speak it, or does not answer.
    pub async fn request(&self, protocol: &str, frame: &[u8]) -> anyhow::Result<Vec<u8>> {
        let ask = async {
            let mut stream = self.speak(protocol).await?;
            write(&mut stream, frame).await?;
            Ok(read(&mut stream).await?)
        };
        within(STEP, "an answer", ask).await?
    }

    /// Whether the connection has ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }

    /// Waits for the end of the connection.
    ///
    /// # Errors
    /// When it does not come within `limit`.
    pub async fn ended(&mut self, limit: Duration) -> anyhow::Result<()> {
        let ended = self.ended.wait_for(|ended| *ended);
        // The driver is gone when the connection is.
        let _ = within(limit, "the end of the connection", ended).await?;
        Ok(())
    }
}

/// TCP with Noise and Yamux, and QUIC, as our nodes have them, without a gate.
pub(crate) fn transport(keypair: &Keypair) -> anyhow::Result<Boxed<(PeerId, StreamMuxerBox)>> {
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(keypair)?)
        .multiplex(yamux::Config::default())
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let quic = quic::tokio::Transport::new(quic::Config::new(keypair))
        .map(|(peer, connection), _| (peer, StreamMuxerBox::new(connection)));
    Ok(quic
        .or_transport(tcp)
        .map(|either, _| either.into_inner())
        .boxed())
}

/// Keeps a connection going until either side ends it or nobody holds the wire any more.
async fn drive(
    mut muxer: StreamMuxerBox,
    mut orders: mpsc::Receiver<oneshot::Sender<SubstreamBox>>,
    offered: mpsc::Sender<SubstreamBox>,
    end: watch::Sender<bool>,
) {
    let mut waiting: Vec<oneshot::Sender<SubstreamBox>> = Vec::new();
    poll_fn(|cx| {
        loop {
            match orders.poll_recv(cx) {
                Poll::Ready(Some(order)) => waiting.push(order),
                Poll::Ready(None) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        if let Poll::Ready(Err(_)) = Pin::new(&mut muxer).poll(cx) {
            return Poll::Ready(());
        }
        loop {
            match muxer.poll_inbound_unpin(cx) {
                // A stream that nobody takes is dropped: the other side sees it closed.
                Poll::Ready(Ok(stream)) => drop(offered.try_send(stream)),
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        while !waiting.is_empty() {
            match muxer.poll_outbound_unpin(cx) {
                Poll::Ready(Ok(stream)) => {
                    drop(waiting.remove(0).send(stream));
                    // A new stream is noticed when the muxer is polled the next time.
                    cx.waker().wake_by_ref();
                }
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        Poll::Pending
    })
    .await;
    end.send_replace(true);
}

/// What a dialer says first on a stream: multistream-select and the one protocol it wants.
fn proposal(protocol: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in ["/multistream/1.0.0", protocol] {
        // Our names are shorter than 127 bytes, so that the length is one byte.
        bytes.push(u8::try_from(line.len() + 1).unwrap_or(u8::MAX));
        bytes.extend_from_slice(line.as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

async fn write(stream: &mut SubstreamBox, frame: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(frame.len()).unwrap_or(u32::MAX);
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_all(frame).await?;
    stream.flush().await
}

async fn read(stream: &mut SubstreamBox) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).await?;
    let mut frame = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut frame).await?;
    Ok(frame)
}
