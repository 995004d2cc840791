//! Sets of small numbers: which operations another one builds on.

/// A growing set of indices, one bit each.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// Returns the set of everything below `len`.
    pub(crate) fn below(len: usize) -> Self {
        (0..len).collect()
    }

    pub(crate) fn contains(&self, index: usize) -> bool {
        self.0
            .get(index / 64)
            .is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    pub(crate) fn insert(&mut self, index: usize) {
        let at = index / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (index % 64);
        }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0
            .iter_mut()
            .zip(&other.0)
            .for_each(|(word, more)| *word |= more);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| at * 64 + bit)
        })
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        let mut bits = Self::default();
        indices.into_iter().for_each(|index| bits.insert(index));
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_in() {
        let mut bits: Bits = [0, 63, 64, 200].into_iter().collect();
        bits.extend(&[5, 300].into_iter().collect());

        assert_eq!(bits.iter().collect::<Vec<_>>(), [0, 5, 63, 64, 200, 300]);
        assert_eq!(bits.len(), 6);
        assert!(bits.contains(300) && !bits.contains(301) && !bits.contains(9_999));
        assert_eq!(Bits::below(3), [0, 1, 2].into_iter().collect());
    }
}
