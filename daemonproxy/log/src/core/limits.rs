//! When a file is full, and how many archives there may be.

use std::time::Duration;

/// How much there may be of everything. `None` is no limit.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of one file.
    pub(crate) size: Option<u64>,
    /// How long a file is written to.
    pub(crate) age: Option<Duration>,
    /// How many archives.
    pub(crate) keep: Option<u64>,
    /// Bytes of all archives together.
    pub(crate) total: Option<u64>,
}

/// What there is of archives.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Archives {
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

impl Limits {
    /// Whether a line of this length has to go into a new file. A single line may be longer than a
    /// file should be.
    pub(crate) fn is_full(&self, written: u64, line: usize) -> bool {
        self.size.is_some_and(|size| written > 0 && written.saturating_add(line as u64) > size)
    }

    /// Whether the oldest archive has to go.
    pub(crate) fn are_exceeded_by(&self, archives: Archives) -> bool {
        let too_many = self.keep.is_some_and(|keep| archives.count > keep);
        let too_large = self.total.is_some_and(|total| archives.bytes > total);
        archives.count > 0 && (too_many || too_large)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Limits = Limits { size: None, age: None, keep: None, total: None };

    #[test]
    fn a_file_is_full_before_the_line_that_does_not_fit() {
        let limits = Limits { size: Some(100), ..NONE };
        assert!(!limits.is_full(0, 1000));
        assert!(!limits.is_full(90, 10));
        assert!(limits.is_full(90, 11));
        assert!(limits.is_full(101, 0));
        assert!(!NONE.is_full(u64::MAX, 11));
    }

    #[test]
    fn archives_are_limited_by_count_and_bytes() {
        let archives = |count, bytes| Archives { count, bytes };
        let limits = Limits { keep: Some(3), total: Some(1000), ..NONE };
        assert!(!limits.are_exceeded_by(archives(3, 1000)));
        assert!(limits.are_exceeded_by(archives(4, 10)));
        assert!(limits.are_exceeded_by(archives(1, 1001)));
        assert!(Limits { keep: Some(0), ..NONE }.are_exceeded_by(archives(1, 0)));
        assert!(!Limits { keep: Some(0), ..NONE }.are_exceeded_by(archives(0, 0)));
        assert!(!NONE.are_exceeded_by(archives(u64::MAX, u64::MAX)));
    }
}
