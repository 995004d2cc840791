//! Where a network listens: as it was told, at the ports of its last run.

use std::str::FromStr;

use libp2p::{Multiaddr, multiaddr::Protocol};
use streembit_identity::NetworkId;

use super::Network;
use crate::{
    net::{ip, is_loopback, port},
    node::Node,
};

/// Where a node listens when nobody said otherwise.
const ANYWHERE: [&str; 4] = [
    "/ip4/0.0.0.0/udp/0/quic-v1",
    "/ip4/0.0.0.0/tcp/0",
    "/ip6/::/udp/0/quic-v1",
    "/ip6/::/tcp/0",
];

impl Node {
    /// Returns where a network is to listen: as the configuration says, or at the `ports` it had.
    pub(crate) fn listen_addresses(&self, id: NetworkId, ports: &[String]) -> Vec<Multiaddr> {
        let asked = &self.0.config.listen;
        if id == NetworkId::PUBLIC && !asked.is_empty() {
            return asked.clone();
        }
        let stored: Vec<Multiaddr> = ports
            .iter()
            .filter_map(|port| Multiaddr::from_str(port).ok())
            .collect();
        if !stored.is_empty() {
            return stored;
        }
        if asked.is_empty() {
            return ANYWHERE
                .iter()
                .filter_map(|text| Multiaddr::from_str(text).ok())
                .collect();
        }
        asked
            .iter()
            .map(|address| with_port(address, None))
            .collect()
    }

    /// Returns the full addresses of the public network, once every asked-for listener is up.
    ///
    /// A host that lives elsewhere has none.
    #[must_use]
    pub fn public_addresses(&self) -> Option<Vec<String>> {
        let Some(network) = self.network(&NetworkId::PUBLIC) else {
            return Some(Vec::new());
        };
        let listening = network.net().listening();
        let is_up = |template: &Multiaddr| {
            listening
                .iter()
                .any(|address| port_for(template, address).is_some())
        };
        let asked = self.listen_addresses(NetworkId::PUBLIC, &[]);
        let addresses = crate::reach::full_addresses(&self.me().node, &network.net().addresses());
        asked.iter().all(is_up).then_some(addresses)
    }

    /// Returns what this network was told to listen at, with the ports that it got.
    pub(super) fn with_own_ports(&self, network: &Network) -> Vec<String> {
        let listening = network.net().listening();
        self.listen_addresses(network.id(), &[])
            .iter()
            .map(|template| {
                let port = listening
                    .iter()
                    .find_map(|address| port_for(template, address));
                with_port(template, port).to_string()
            })
            .collect()
    }
}

/// Returns the port of `address` when it is of the same family and transport as `template`.
fn port_for(template: &Multiaddr, address: &Multiaddr) -> Option<u16> {
    let family = |address| ip(address).map(|ip| ip.is_ipv4());
    let (transport, _) = port(template)?;
    let (found_transport, port) = port(address)?;
    (family(address) == family(template) && transport == found_transport).then_some(port)
}

/// Whether a network was told to stay on this computer: at loopback, at any ports.
pub(super) fn stays_here(listen: &[String]) -> bool {
    let is_here = |text: &String| {
        Multiaddr::from_str(text).is_ok_and(|address| {
            is_loopback(&address) && port(&address).is_some_and(|(_, port)| port == 0)
        })
    };
    !listen.is_empty() && listen.iter().all(is_here)
}

/// Returns `address` with another port; `None` means any.
fn with_port(address: &Multiaddr, port: Option<u16>) -> Multiaddr {
    address
        .iter()
        .map(|part| {
            if matches!(part, Protocol::Tcp(_)) {
                Protocol::Tcp(port.unwrap_or(0))
            } else if matches!(part, Protocol::Udp(_)) {
                Protocol::Udp(port.unwrap_or(0))
            } else {
                part
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_port_of_the_same_transport() {
        let template: Multiaddr = "/ip4/0.0.0.0/tcp/0".parse().expect("a multiaddress");
        let tcp: Multiaddr = "/ip4/192.0.2.1/tcp/4001".parse().expect("a multiaddress");
        let quic: Multiaddr = "/ip4/192.0.2.1/udp/4002/quic-v1"
            .parse()
            .expect("a multiaddress");

        assert_eq!(port_for(&template, &tcp), Some(4001), "same transport");
        assert_eq!(port_for(&template, &quic), None, "another transport");
        assert_eq!(
            with_port(&template, Some(4001)).to_string(),
            "/ip4/0.0.0.0/tcp/4001"
        );
    }

    #[test]
    fn stays_on_this_computer_only_when_told_so() {
        let told =
            |texts: &[&str]| stays_here(&texts.iter().map(ToString::to_string).collect::<Vec<_>>());

        assert!(told(&["/ip4/127.0.0.1/tcp/0"]));
        assert!(!told(&[]), "nobody said anything");
        assert!(!told(&["/ip4/127.0.0.1/tcp/4001"]), "ports of the last run");
        assert!(!told(&["/ip4/127.0.0.1/tcp/0", "/ip4/0.0.0.0/tcp/0"]));
        assert!(!told(&["nonsense"]));
    }
}
