//! The BLAKE3 tree of a file, kept as the hashes of its groups.
//!
//! The groups are whole subtrees of BLAKE3's own tree, so the root is the plain BLAKE3 hash of the
//! file, and a group can be checked without any other.

use blake3::{
    Hasher,
    hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root},
};
use thiserror::Error;

use crate::transfer::Layout;

/// The hash of one group: its chaining value, or the root where the file is a single group.
pub type Leaf = ChainingValue;

/// The leaves of a file, which are known to make its root.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Leaves {
    layout: Layout,
    leaves: Vec<Leaf>,
    root: [u8; 32],
}

/// The leaves do not make the root.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("the list of hashes is not that of the file")]
pub struct WrongTree;

impl Leaves {
    /// Takes the leaves that were made of a file, as [`leaf`] makes them.
    ///
    /// # Errors
    /// [`WrongTree`] when they are not as many as the file has groups.
    pub fn of(layout: Layout, leaves: Vec<Leaf>) -> Result<Self, WrongTree> {
        if leaves.len() != layout.count() as usize {
            return Err(WrongTree);
        }
        let root = root(&leaves).ok_or(WrongTree)?;
        Ok(Self {
            layout,
            leaves,
            root,
        })
    }

    /// Reads leaves that somebody sent, for the file with this root.
    ///
    /// # Errors
    /// [`WrongTree`] when they are not its leaves.
    pub fn verified(layout: Layout, bytes: &[u8], wanted: &[u8; 32]) -> Result<Self, WrongTree> {
        let (leaves, []) = bytes.as_chunks() else {
            return Err(WrongTree);
        };
        let leaves = Self::of(layout, leaves.to_vec())?;
        if leaves.root == *wanted {
            Ok(leaves)
        } else {
            Err(WrongTree)
        }
    }

    /// How the file is cut.
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The BLAKE3 hash of the file.
    pub const fn root(&self) -> &[u8; 32] {
        &self.root
    }

    /// The leaves, one after another.
    pub fn as_bytes(&self) -> &[u8] {
        self.leaves.as_flattened()
    }

    /// Whether `bytes` are group `index` of the file.
    pub fn is_group(&self, index: u32, bytes: &[u8]) -> bool {
        self.leaves
            .get(index as usize)
            .is_some_and(|wanted| leaf(&self.layout, index, bytes) == Some(*wanted))
    }
}

/// Makes the leaf of group `index`; none when `bytes` cannot be that group.
pub fn leaf(layout: &Layout, index: u32, bytes: &[u8]) -> Option<Leaf> {
    if index >= layout.count() || bytes.len() != layout.length(index) {
        return None;
    }
    if layout.count() == 1 {
        return Some(*blake3::hash(bytes).as_bytes());
    }
    let mut hasher = Hasher::new();
    hasher.set_input_offset(layout.offset(index));
    hasher.update(bytes);
    Some(hasher.finalize_non_root())
}

/// Returns the root over the leaves of a whole file.
fn root(leaves: &[Leaf]) -> Option<[u8; 32]> {
    if let [only] = leaves {
        return Some(*only);
    }
    let (left, right) = leaves.split_at_checked(left_of(leaves.len()))?;
    let root = merge_subtrees_root(&subtree(left)?, &subtree(right)?, Mode::Hash);
    Some(*root.as_bytes())
}

/// Returns the chaining value over some leaves; as deep as BLAKE3's tree, 18 at most.
fn subtree(leaves: &[Leaf]) -> Option<ChainingValue> {
    if let [only] = leaves {
        return Some(*only);
    }
    let (left, right) = leaves.split_at_checked(left_of(leaves.len()))?;
    Some(merge_subtrees_non_root(
        &subtree(left)?,
        &subtree(right)?,
        Mode::Hash,
    ))
}

/// How many leaves stand in the left half: the largest power of two that leaves one to the right.
const fn left_of(leaves: usize) -> usize {
    leaves.div_ceil(2).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(size: usize) -> Vec<u8> {
        let mut bytes = vec![0; size];
        Hasher::new().finalize_xof().fill(&mut bytes);
        bytes
    }

    fn leaves_of(bytes: &[u8]) -> Leaves {
        let layout = Layout::new(bytes.len() as u64).unwrap();
        let leaves = (0..layout.count())
            .map(|index| leaf(&layout, index, group(&layout, bytes, index)).unwrap())
            .collect();
        Leaves::of(layout, leaves).unwrap()
    }

    fn group<'a>(layout: &Layout, bytes: &'a [u8], index: u32) -> &'a [u8] {
        let start = usize::try_from(layout.offset(index)).unwrap();
        &bytes[start..start + layout.length(index)]
    }

    #[test]
    fn the_root_is_the_blake3_hash_of_the_file() {
        let unit = 1 << 18;
        for size in [
            0,
            1,
            unit - 1,
            unit,
            unit + 1,
            2 * unit,
            3 * unit + 5,
            7 * unit,
            8 * unit,
        ] {
            let bytes = file(size);

            assert_eq!(
                leaves_of(&bytes).root(),
                blake3::hash(&bytes).as_bytes(),
                "{size} bytes"
            );
        }
    }

    #[test]
    fn leaves_of_another_file_are_refused() {
        let bytes = file(3 << 18);
        let leaves = leaves_of(&bytes);
        let layout = *leaves.layout();

        assert_eq!(
            Leaves::verified(layout, leaves.as_bytes(), leaves.root()),
            Ok(leaves.clone())
        );
        let mut wrong = leaves.as_bytes().to_vec();
        wrong[40] ^= 1;
        for wrong in [&wrong[..], &[], &wrong[..64], &wrong[..65]] {
            assert_eq!(
                Leaves::verified(layout, wrong, leaves.root()),
                Err(WrongTree)
            );
        }
    }

    #[test]
    fn a_group_is_taken_in_its_own_place_only() {
        let bytes = file((3 << 18) + 9);
        let leaves = leaves_of(&bytes);
        let second = group(leaves.layout(), &bytes, 1);

        assert!(leaves.is_group(1, second));
        assert!(!leaves.is_group(0, second) && !leaves.is_group(2, second));
        assert!(!leaves.is_group(1, &second[1..]) && !leaves.is_group(9, second));
    }
}
