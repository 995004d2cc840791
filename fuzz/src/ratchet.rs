//! End-to-end encryption: what is sealed, what was inside, and stored states.

use streembit_identity::{DeviceKeys, MessageId, NetworkId, Signer as _};
use streembit_ratchet::{Device, Inside, Pair, Route, Sealed};

use crate::identity::{NETWORK, account, node};
use crate::signed::{NOW, signed};

/// Sealed bodies, what is inside them, covers, and the keys that nodes sign.
pub fn sealed(data: &[u8]) {
    if let Some(keys) = signed::<DeviceKeys>(data, &NETWORK, &node()) {
        let open = DeviceKeys::open(keys.bytes(), &NETWORK, NOW);
        assert!(open.is_err() || keys.node == node().public());
    }
    let mut device = Device::new(NOW);
    assert!(
        device.uncover(data).is_err(),
        "nobody has covered for these keys"
    );
    let keys = device.keys(node().id());
    if let Some(sealed) = Sealed::from_bytes(data) {
        assert_eq!(sealed.to_bytes(), data, "one body, one encoding");
        let mut pair = Pair::default();
        let opened = pair.open(&mut device, keys.as_ref(), &sealed);
        assert!(opened.is_err(), "nobody has sealed for these keys");
        assert_eq!(pair.current(), None, "and it leaves nothing");
    }
    let route = Route {
        network: NetworkId::PUBLIC,
        from: account().id(),
        from_node: node().id(),
        to: account().id(),
        to_node: node().id(),
    };
    if let Ok(inside) = Inside::open(data, &route, MessageId::new(NOW, [5; 10])) {
        assert_eq!(
            inside.to_bytes().as_slice(),
            data,
            "one inside, one encoding"
        );
        assert!(inside.kind.is_sealed());
    }
}

/// Stored keys and sessions of a node: whatever reads back goes on working or says why not.
pub fn state(data: &[u8]) {
    if let Ok(mut device) = Device::from_bytes(data) {
        device.rotate(NOW);
        assert!(Device::from_bytes(&device.to_bytes()).is_ok());
        assert!(device.keys(node().id()).is_some());
    }
    if let Ok(mut pair) = Pair::from_bytes(data) {
        let again = Pair::from_bytes(&pair.to_bytes());
        assert_eq!(again.map(|pair| pair.current()), Ok(pair.current()));
        let sealed = pair.seal(node().id(), Vec::new, b"hello");
        assert!(sealed.is_err() || pair.current().is_some());
    }
}
