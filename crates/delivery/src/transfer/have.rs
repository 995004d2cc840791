//! Which groups of a file are there, verified.

use std::ops::Range;

/// A set of groups, as a bitmap.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Have {
    bits: Vec<u8>,
    count: u32,
    set: u32,
}

impl Have {
    /// None of `count` groups.
    pub fn none(count: u32) -> Self {
        Self {
            bits: vec![0; count.div_ceil(8) as usize],
            count,
            set: 0,
        }
    }

    /// Reads what [`Have::as_bytes`] gave; none when it is not of so many groups.
    pub fn from_bytes(bytes: &[u8], count: u32) -> Option<Self> {
        let set: u32 = bytes.iter().map(|byte| byte.count_ones()).sum();
        let have = Self {
            bits: bytes.to_vec(),
            count,
            set,
        };
        let beyond = count..count.next_multiple_of(8);
        let fits = bytes.len() == count.div_ceil(8) as usize;
        (fits && !beyond.into_iter().any(|index| have.bit(index))).then_some(have)
    }

    /// The bitmap: bit `index % 8` of byte `index / 8`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bits
    }

    /// How many groups there are.
    pub const fn len(&self) -> u32 {
        self.set
    }

    /// Whether none is there.
    pub const fn is_empty(&self) -> bool {
        self.set == 0
    }

    /// Whether all are there.
    pub const fn is_complete(&self) -> bool {
        self.set == self.count
    }

    /// Whether group `index` is there.
    pub fn has(&self, index: u32) -> bool {
        index < self.count && self.bit(index)
    }

    /// Adds a group; false when it was there, or is none of the file.
    pub fn insert(&mut self, index: u32) -> bool {
        if index >= self.count || self.bit(index) {
            return false;
        }
        if let Some(byte) = self.bits.get_mut(index as usize / 8) {
            *byte |= 1 << (index % 8);
            self.set += 1;
        }
        true
    }

    /// Takes a group out, as when what lies on the disk is not it.
    pub fn remove(&mut self, index: u32) {
        if self.has(index)
            && let Some(byte) = self.bits.get_mut(index as usize / 8)
        {
            *byte &= !(1 << (index % 8));
            self.set -= 1;
        }
    }

    /// The groups that are there.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.count).filter(|index| self.bit(*index))
    }

    /// The first run of missing groups at or after `from`, cut to `most` of them.
    pub fn missing(&self, from: u32, most: u32) -> Option<Range<u32>> {
        let first = (from..self.count).find(|index| !self.bit(*index))?;
        let end = first.saturating_add(most).min(self.count);
        let last = (first..end).find(|index| self.bit(*index)).unwrap_or(end);
        (last > first).then_some(first..last)
    }

    fn bit(&self, index: u32) -> bool {
        let byte = self.bits.get(index as usize / 8).copied().unwrap_or(0);
        byte >> (index % 8) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_what_is_missing_leave_nothing_out() {
        let mut have = Have::none(20);
        for index in [0, 3, 4, 19] {
            assert!(have.insert(index));
        }

        assert_eq!(have.missing(0, 10), Some(1..3));
        assert_eq!(have.missing(3, 10), Some(5..15));
        assert_eq!(have.missing(15, 10), Some(15..19));
        assert_eq!(have.missing(19, 10), None);
        assert!(
            !have.insert(3) && !have.insert(20),
            "once, and of this file"
        );
        assert_eq!(have.len(), 4);
        have.remove(3);
        have.remove(3);
        assert_eq!(have.iter().collect::<Vec<_>>(), [0, 4, 19]);
    }

    #[test]
    fn a_bitmap_survives_a_round_trip_and_strange_ones_are_refused() {
        let mut have = Have::none(9);
        have.insert(8);

        assert_eq!(Have::from_bytes(have.as_bytes(), 9), Some(have));
        assert_eq!(Have::from_bytes(&[0, 2], 9), None, "a bit beyond the end");
        assert_eq!(Have::from_bytes(&[0], 9), None);
    }
}
