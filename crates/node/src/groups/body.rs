//! What the envelopes of a group say: one decoder for each kind, with its limits.

use minicbor::{Decode, Encode, bytes::ByteVec};
use streembit_gate::OperationId;
use streembit_identity::GroupId;

/// Operations that are named as the last ones known, at most.
pub(super) const MAX_HEADS: usize = 16;

/// Bytes of operations in one envelope at most; what else it says has room beside them.
pub(super) const MAX_OPERATION_BYTES: usize = 320 * 1024;

/// Operations in one envelope at most.
const MAX_OPERATIONS: usize = 2_048;

/// The body of signed changes of a group, and of the answer to who asked for them.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Operations {
    /// The group.
    #[n(1)]
    pub(crate) group: GroupId,
    /// The operations, each after those that it builds on.
    #[n(2)]
    pub(crate) operations: Vec<ByteVec>,
}

/// The body of something that comes with the key of the session it was written in.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Keyed {
    /// The key, for this reader.
    #[n(1)]
    pub(crate) key: ByteVec,
    /// What was written, as it is inside of what others got.
    #[n(2)]
    pub(crate) inside: ByteVec,
    /// The last operations of the group that the sender knows.
    #[n(3)]
    pub(crate) heads: Vec<OperationId>,
}

/// The body of something that only the members of a group can read.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Post {
    /// The sealed message.
    #[n(1)]
    pub(crate) sealed: ByteVec,
    /// The last operations of the group that the sender knows.
    #[n(2)]
    pub(crate) heads: Vec<OperationId>,
}

/// The body of the wish for the changes that the asking node lacks.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq)]
#[cbor(map)]
pub(crate) struct Ask {
    /// The group.
    #[n(1)]
    pub(crate) group: GroupId,
    /// The last operations that are known there; none when the group is not.
    #[n(2)]
    pub(crate) heads: Vec<OperationId>,
}

impl Operations {
    /// Packs operations; as many from the first one on as have room.
    pub(crate) fn pack(group: GroupId, operations: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut room = MAX_OPERATION_BYTES;
        let operations = operations.into_iter().take(MAX_OPERATIONS);
        let packed = operations.map_while(|bytes| {
            room = room.checked_sub(bytes.len() + 8)?;
            Some(bytes.into())
        });
        Self {
            group,
            operations: packed.collect(),
        }
    }

    /// Whether it keeps the limits.
    pub(crate) fn is_sound(&self) -> bool {
        (1..=MAX_OPERATIONS).contains(&self.operations.len())
    }
}

/// Whether a list of operations that somebody names keeps its limit.
pub(crate) fn are_sound(heads: &[OperationId]) -> bool {
    heads.len() <= MAX_HEADS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::body::{decode, encode};

    const GROUP: GroupId = GroupId::from_bytes([3; 32]);

    #[test]
    fn each_survives_a_round_trip_and_nothing_else_is_read() {
        let head = OperationId::from_bytes([4; 32]);
        let operations = Operations::pack(GROUP, [vec![1; 40], vec![2; 50]]);
        let post = Post {
            sealed: vec![7; 9].into(),
            heads: vec![head],
        };
        let ask = Ask {
            group: GROUP,
            heads: vec![head; 3],
        };

        assert_eq!(decode(&encode(&operations)), Some(operations.clone()));
        assert_eq!(decode(&encode(&post)), Some(post));
        assert_eq!(decode(&encode(&ask)), Some(ask));
        let trailing = [encode(&operations), vec![0]].concat();
        assert_eq!(decode::<Operations>(&trailing), None);
    }

    #[test]
    fn what_has_no_room_is_left_for_another_envelope() {
        let packed = Operations::pack(GROUP, (0..1_000).map(|_| vec![0; 1_000]));

        assert!(packed.is_sound());
        assert!(encode(&packed).len() < streembit_identity::Envelope::MAX_BODY - 16 * 1024);
        assert!(!Operations::pack(GROUP, []).is_sound());
        assert!(!are_sound(
            &[OperationId::from_bytes([1; 32]); MAX_HEADS + 1]
        ));
    }
}
