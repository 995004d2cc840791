//! States as bytes for the store.
//!
//! They are not encrypted once more: they lie in a database that is sealed as a whole, and a key
//! that lies beside what it opens would seal nothing.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use streembit_identity::Timestamp;
use thiserror::Error;
use vodozemac::olm::{Account, AccountPickle, Session, SessionPickle};
use zeroize::{Zeroize, Zeroizing};

/// Room for a session that was used a little, so that no copies are left behind while it is written.
const ROOM: usize = 8 * 1024;

/// Stored bytes are no state that this version knows.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the stored state cannot be read")]
pub struct PickleError;

/// A node's keys, as they are stored.
#[derive(Decode, Encode)]
#[cbor(map)]
pub(crate) struct DevicePickle {
    #[n(1)]
    pub(crate) since: Timestamp,
    #[n(2)]
    pub(crate) account: ByteVec,
    #[n(3)]
    pub(crate) former: Option<Vec<FormerPickle>>,
}

/// A fallback key of before, as it is stored.
#[derive(Decode, Encode)]
#[cbor(map)]
pub(crate) struct FormerPickle {
    #[n(1)]
    pub(crate) until: Timestamp,
    #[n(2)]
    pub(crate) account: ByteVec,
}

/// The sessions with one node, as they are stored.
#[derive(Decode, Encode)]
#[cbor(map)]
pub(crate) struct PairPickle {
    #[n(1)]
    pub(crate) turn: u64,
    #[n(2)]
    pub(crate) sessions: Vec<HeldPickle>,
}

/// One session, as it is stored.
#[derive(Decode, Encode)]
#[cbor(map)]
pub(crate) struct HeldPickle {
    #[n(1)]
    pub(crate) rank: u64,
    #[n(2)]
    pub(crate) session: ByteVec,
}

impl Drop for DevicePickle {
    fn drop(&mut self) {
        self.account.zeroize();
    }
}

impl Drop for FormerPickle {
    fn drop(&mut self) {
        self.account.zeroize();
    }
}

impl Drop for HeldPickle {
    fn drop(&mut self) {
        self.session.zeroize();
    }
}

/// Writes a state; writing to memory cannot fail.
pub(crate) fn encode<T: Encode<()>>(state: &T) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    let written = minicbor::encode(state, &mut *bytes);
    debug_assert!(written.is_ok(), "a vector takes every byte");
    bytes
}

/// Reads a state.
pub(crate) fn decode<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Result<T, PickleError> {
    minicbor::decode(bytes).map_err(|_| PickleError)
}

pub(crate) fn account(account: &Account) -> ByteVec {
    write(&account.pickle())
}

pub(crate) fn session(session: &Session) -> ByteVec {
    write(&session.pickle())
}

pub(crate) fn read_account(bytes: &[u8]) -> Result<Account, PickleError> {
    Ok(Account::from_pickle(read::<AccountPickle>(bytes)?))
}

pub(crate) fn read_session(bytes: &[u8]) -> Result<Session, PickleError> {
    Ok(Session::from_pickle(read::<SessionPickle>(bytes)?))
}

/// Reads one of vodozemac's states.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, PickleError> {
    serde_json::from_slice(bytes).map_err(|_| PickleError)
}

/// Writes one of vodozemac's states.
pub(crate) fn write<T: Serialize>(pickle: &T) -> ByteVec {
    let mut bytes = Vec::with_capacity(ROOM);
    let written = serde_json::to_writer(&mut bytes, pickle);
    debug_assert!(written.is_ok(), "a pickle is plain data");
    bytes.into()
}
