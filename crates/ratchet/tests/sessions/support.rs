//! Two nodes that write to each other.

use streembit_identity::{
    AccountId, AccountKey, DeviceKeys, Kind, MessageId, NetworkId, NodeId, NodeKey, Timestamp,
};
use streembit_ratchet::{Astray, Device, Inside, OpenError, Pair, Route, Sealed};

pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A node with its keys and its sessions with one other.
pub(crate) struct End {
    pub(crate) account: AccountId,
    pub(crate) node: NodeId,
    pub(crate) device: Device,
    pub(crate) pair: Pair,
}

impl End {
    pub(crate) fn new(number: u8) -> Self {
        Self {
            account: AccountKey::from_seed(&[number; 32].into()).id(),
            node: NodeKey::from_seed(&[number ^ 0x80; 32].into()).id(),
            device: Device::new(NOW),
            pair: Pair::default(),
        }
    }

    pub(crate) fn keys(&self) -> DeviceKeys {
        self.device
            .keys(self.node)
            .expect("there is a fallback key")
    }

    /// Seals, and begins a session first if there is none.
    pub(crate) fn seals(&mut self, to: &DeviceKeys, plain: &[u8]) -> Sealed {
        if self.pair.current().is_none() {
            self.pair.begin(&self.device, to).expect("good keys");
        }
        // Who signs the keys is checked above this crate; here the bytes only stand for them.
        self.pair
            .seal(to.node, || vec![1], plain)
            .expect("there is a session")
    }

    pub(crate) fn opens(
        &mut self,
        from: &DeviceKeys,
        sealed: &Sealed,
    ) -> Result<Vec<u8>, OpenError> {
        let keys = sealed.keys.as_ref().map(|_| from);
        let plain = self.pair.open(&mut self.device, keys, sealed)?;
        Ok(plain.to_vec())
    }
}

pub(crate) fn route(from: &End, to: &End) -> Route {
    Route {
        network: NetworkId::PUBLIC,
        from: from.account,
        from_node: from.node,
        to: to.account,
        to_node: to.node,
    }
}

pub(crate) fn id(number: u32) -> MessageId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&number.to_be_bytes());
    MessageId::new(NOW, random)
}

pub(crate) fn inside(route: Route, number: u32) -> Inside {
    Inside {
        route,
        id: id(number),
        kind: Kind::Text,
        body: number.to_be_bytes().to_vec().into(),
    }
}

pub(crate) fn read(bytes: &[u8], route: &Route, number: u32) -> Result<Vec<u8>, Astray> {
    Inside::open(bytes, route, id(number)).map(|inside| inside.body.into())
}

/// Numbers that look random, from a seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    pub(crate) fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}
