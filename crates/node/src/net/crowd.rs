//! Who is at the door: bounded for each place they come from, so that nobody fills it alone.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

use libp2p::{Multiaddr, multiaddr::Protocol, swarm::ConnectionId};

/// Connections from one address that may be at the door at once.
const MAX_PENDING: usize = 16;

/// Inbound connections that have not passed the door yet, by where they come from.
#[derive(Debug, Default)]
pub(super) struct Crowd(HashMap<ConnectionId, IpAddr>);

/// Too many are at the door from the same address.
#[derive(Debug, thiserror::Error)]
#[error("too many connections from this address are at the door")]
pub(super) struct Crowded;

impl Crowd {
    /// Notes that somebody comes from `address`.
    ///
    /// # Errors
    /// Too many from there are at the door.
    pub(super) fn knock(&mut self, id: ConnectionId, address: &Multiaddr) -> Result<(), Crowded> {
        let Some(origin) = origin(address) else {
            return Ok(());
        };
        let same = self.0.values().filter(|other| **other == origin);
        if same.count() >= MAX_PENDING {
            return Err(Crowded);
        }
        self.0.insert(id, origin);
        Ok(())
    }

    /// Notes that a connection has passed the door, or failed there.
    pub(super) fn leave(&mut self, id: ConnectionId) {
        self.0.remove(&id);
    }
}

/// Where a connection comes from: an address, or the network of an IPv6 one, which has many.
///
/// Nothing for this machine itself.
fn origin(address: &Multiaddr) -> Option<IpAddr> {
    let ip = address.iter().find_map(|part| {
        if let Protocol::Ip4(ip) = part {
            Some(IpAddr::V4(ip))
        } else if let Protocol::Ip6(ip) = part {
            Some(ip.to_canonical())
        } else {
            None
        }
    });
    match ip.filter(|ip| !ip.is_loopback())? {
        IpAddr::V6(ip) => Some(IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64))),
        ip @ IpAddr::V4(_) => Some(ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<IpAddr> {
        origin(&text.parse().expect("a multiaddress"))
    }

    #[test]
    fn crowds_are_told_apart_by_where_they_come_from() {
        let mapped = at("/ip6/::ffff:192.0.2.1/tcp/1");

        assert_eq!(at("/ip4/192.0.2.1/tcp/1"), mapped);
        assert_ne!(at("/ip4/192.0.2.2/tcp/1"), mapped);
        assert_eq!(
            at("/ip6/2001:db8::1/udp/1/quic-v1"),
            at("/ip6/2001:db8::2:3/tcp/9"),
            "one site has many addresses"
        );
        assert_ne!(
            at("/ip6/2001:db8::1/tcp/1"),
            at("/ip6/2001:db8:0:1::1/tcp/1")
        );
        assert_eq!(at("/ip4/127.0.0.1/tcp/1"), None, "this machine");
        assert_eq!(at("/ip6/::1/tcp/1"), None, "this machine");
    }
}
