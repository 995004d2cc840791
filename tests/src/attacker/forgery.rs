//! What an attacker says that no node of ours would: frames and operations made by hand.

use minicbor::Encoder;
use streembit_gate::{Action, Ledger, Operation};
use streembit_identity::{NetworkId, Signer, Timestamp, seal};

/// An operation on the heads of `ledger`, signed by anybody for any network.
///
/// # Errors
/// When it has no encoding at all.
pub fn operation(
    ledger: &Ledger,
    network: NetworkId,
    action: Action,
    at: Timestamp,
    key: &impl Signer,
) -> anyhow::Result<Vec<u8>> {
    let operation = Operation {
        heads: ledger.heads(),
        at,
        action,
        seal: None,
    };
    Ok(seal(&operation, &network, key)?)
}

/// The frame of the gate exchange that hands operations over; the last of its kind.
///
/// # Errors
/// Never: it is written to memory.
pub fn learn(operations: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    e.array(2)?.u8(1)?.map(1)?.u8(0)?.map(4)?;
    e.u8(0)?.u8(0)?;
    lists(&mut e, 1, operations)?;
    Ok(bytes)
}

/// What one member tells another about their network, as the body of an envelope.
///
/// # Errors
/// Never: it is written to memory.
pub fn roster(operations: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    e.map(3)?;
    lists(&mut e, 0, operations)?;
    Ok(bytes)
}

/// Three lists under three numbers: operations, and neither certificates nor revocations.
fn lists(e: &mut Encoder<&mut Vec<u8>>, first: u8, operations: &[Vec<u8>]) -> anyhow::Result<()> {
    e.u8(first)?.array(operations.len() as u64)?;
    for operation in operations {
        e.bytes(operation)?;
    }
    e.u8(first + 1)?.array(0)?;
    e.u8(first + 2)?.array(0)?;
    Ok(())
}

/// A greeting of another version: the version is the one byte after these six.
#[must_use]
pub fn of_version(greeting: &[u8], version: u8) -> Vec<u8> {
    let mut greeting = greeting.to_vec();
    if let Some(byte) = greeting.get_mut(6) {
        *byte = version;
    }
    greeting
}
