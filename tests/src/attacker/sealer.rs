//! An attacker that encrypts as nodes do, and may lie about everything that it encrypts.

use anyhow::{Context, ensure};
use streembit_identity::{
    AccountId, DeviceKeys, Envelope, Kind, MessageId, NetworkId, Unverified, seal,
};
use streembit_ratchet::{Device, Inside, Pair, Route};

use super::{Attacker, Wire, now, random};

/// Sessions of one attacker's node with one other node.
#[derive(Debug)]
pub struct Sealer<'a> {
    attacker: &'a Attacker,
    device: Device,
    keys: DeviceKeys,
    network: NetworkId,
    pair: Pair,
    to: AccountId,
}

impl<'a> Sealer<'a> {
    /// Asks the node at the other end of `wire` for its keys.
    ///
    /// # Errors
    /// When it does not hand them over.
    pub async fn ask(
        attacker: &'a Attacker,
        network: NetworkId,
        to: AccountId,
        wire: &Wire,
        protocol: &str,
    ) -> anyhow::Result<Self> {
        let request = attacker.envelope(network, to, Kind::KeyRequest, Vec::new())?;
        let answer = wire.request(protocol, &request).await?;
        let (word, envelope) = answer.split_first().context("an answer")?;
        ensure!(*word == 0, "it refused");
        let envelope = Unverified::<Envelope>::parse(envelope)?.verify(&network)?;
        let mut body = minicbor::Decoder::new(&envelope.body);
        ensure!(body.map()? == Some(1) && body.u8()? == 1, "no keys");
        let keys = DeviceKeys::open(body.bytes()?, &network, now())?;
        Ok(Self {
            attacker,
            device: Device::new(now()),
            keys: (*keys).clone(),
            network,
            pair: Pair::default(),
            to,
        })
    }

    /// Between whom an honest message would go.
    #[must_use]
    pub fn route(&self) -> Route {
        Route {
            network: self.network,
            from: self.attacker.account(),
            from_node: self.attacker.node.id(),
            to: self.to,
            to_node: self.keys.node,
        }
    }

    /// A sealed envelope, with `route` inside it.
    ///
    /// # Errors
    /// When it cannot be encrypted or signed.
    pub fn seal(&mut self, route: Route, kind: Kind, body: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if self.pair.current().is_none() {
            self.pair.begin(&self.device, &self.keys)?;
        }
        let id = MessageId::new(now(), random()?);
        let inside = Inside {
            route,
            id,
            kind,
            body: body.into(),
        };
        let key = &self.attacker.node;
        let own = self.device.keys(key.id()).context("own keys")?;
        let own = seal(&own, &self.network, key)?;
        let sealed = self.pair.seal(self.keys.node, || own, &inside.to_bytes())?;
        let body = sealed.to_bytes();
        let from = self.attacker.account();
        let envelope = Envelope::new(id, from, self.to, now(), Kind::Sealed, body);
        Ok(seal(&envelope, &self.network, key)?)
    }
}
