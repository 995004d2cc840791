//! How a file is cut: into groups of equal size, each verified by itself.

/// Largest file, in bytes: 4 TiB.
pub const MAX_SIZE: u64 = 1 << 42;

/// Groups of one file at most.
pub const MAX_GROUPS: u32 = 1 << 18;

/// Smallest group, in bytes; larger files have larger ones, so that their list stays short.
const SMALLEST_GROUP: u64 = 1 << 18;

/// How one file is cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Layout {
    size: u64,
    group: u64,
    count: u32,
}

impl Layout {
    /// Cuts a file of `size` bytes; none above [`MAX_SIZE`].
    pub fn new(size: u64) -> Option<Self> {
        if size > MAX_SIZE {
            return None;
        }
        let mut group = SMALLEST_GROUP;
        while size.div_ceil(group) > u64::from(MAX_GROUPS) {
            group *= 2;
        }
        // An empty file is one empty group.
        let count = u32::try_from(size.div_ceil(group).max(1)).ok()?;
        Some(Self { size, group, count })
    }

    /// The file's size, in bytes.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The size of every group but the last, in bytes: a power of two.
    pub const fn group(&self) -> u64 {
        self.group
    }

    /// How many groups there are: at least one.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Where group `index` begins.
    pub const fn offset(&self, index: u32) -> u64 {
        (index as u64).saturating_mul(self.group)
    }

    /// How long group `index` is, in bytes; zero beyond the end.
    pub fn length(&self, index: u32) -> usize {
        let left = self.size.saturating_sub(self.offset(index));
        usize::try_from(left.min(self.group)).unwrap_or(usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_lies_in_one_group() {
        for size in [0, 1, SMALLEST_GROUP, SMALLEST_GROUP + 1, 10 << 30, MAX_SIZE] {
            let layout = Layout::new(size).unwrap();
            let total: u64 = (0..layout.count())
                .map(|index| layout.length(index) as u64)
                .sum();

            assert_eq!(total, size);
            assert!(layout.count() <= MAX_GROUPS && layout.group().is_power_of_two());
            assert_eq!(layout.length(layout.count()), 0);
        }
        assert_eq!(Layout::new(MAX_SIZE + 1), None);
    }
}
