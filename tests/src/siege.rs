//! A crowd of strangers at one door: dials that are refused, and handshakes that never end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use streembit_gate::Ledger;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::attacker::{Attacker, Verdict, place_of};

/// Strangers who dial at the same time.
const AT_ONCE: usize = 24;

/// How long a half-open handshake may take to begin.
const CONNECT: Duration = Duration::from_secs(5);

/// What became of hostile dials.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Siege {
    /// Those that were let in.
    pub admitted: usize,
    /// Those that were told no.
    pub refused: usize,
    /// Those that were cut off without a word, or did not come through.
    pub cut_off: usize,
}

impl Siege {
    /// Dials `count` times, `AT_ONCE` at a time, as strangers who know the network's genesis.
    ///
    /// # Errors
    /// When a dial breaks the test itself.
    pub async fn lay(addresses: &[String], genesis: &Ledger, count: usize) -> anyhow::Result<Self> {
        let mut siege = Self::default();
        let mut dials = JoinSet::new();
        for (number, address) in (0..count).zip(addresses.iter().cycle()) {
            if dials.len() >= AT_ONCE {
                siege.note(dials.join_next().await.context("a dial")??);
            }
            let (address, genesis) = (address.clone(), genesis.clone());
            let stranger = Attacker::new(u8::try_from(number % 100)? + 100);
            dials.spawn(async move {
                let knock = stranger.knock(&address, &genesis).await;
                knock.map_or(Verdict::Closed, |(_, verdict)| verdict)
            });
        }
        while let Some(verdict) = dials.join_next().await {
            siege.note(verdict?);
        }
        Ok(siege)
    }

    fn note(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Admitted(_) => self.admitted += 1,
            Verdict::Closed => self.cut_off += 1,
            Verdict::Refused(_) => self.refused += 1,
        }
    }
}

/// Begins `count` handshakes over TCP that say half a word, and holds them open.
///
/// # Errors
/// When the address is not one of TCP.
pub async fn half_open(address: &str, count: usize) -> anyhow::Result<Vec<TcpStream>> {
    let place = place_of(address)?.to_string();
    let parts: Vec<&str> = place.split('/').collect();
    let [_, _, ip, _, port] = parts.as_slice() else {
        anyhow::bail!("{address} is not one of TCP");
    };
    let socket = SocketAddr::new(ip.parse()?, port.parse()?);
    let mut held = Vec::with_capacity(count);
    for number in 0..count {
        let connecting = tokio::time::timeout(CONNECT, TcpStream::connect(socket));
        // Whoever finds the door crowded is as good as gone.
        let Ok(Ok(mut stream)) = connecting.await else {
            continue;
        };
        if number % 2 == 0 {
            let _ = stream.write_all(b"\x13/multi").await;
        }
        held.push(stream);
    }
    Ok(held)
}
