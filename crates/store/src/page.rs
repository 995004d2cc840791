//! Which part of a long list is asked for.

/// Rows in one answer at most.
pub const MAX_PAGE: u32 = 200;

/// Rows in one answer when nobody says how many.
const USUAL: u32 = 50;

/// A part of a list, counted from its newest end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Page<T> {
    /// Only what is older than this row.
    pub before: Option<T>,
    /// How many rows, at most [`MAX_PAGE`].
    pub limit: u32,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            before: None,
            limit: USUAL,
        }
    }
}

impl<T> Page<T> {
    /// How many rows to read.
    pub(crate) fn rows(&self) -> u32 {
        self.limit.min(MAX_PAGE)
    }
}
