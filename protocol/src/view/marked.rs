//! Values of which is known whether they were told since a mark.
//!
//! A view that has missed something marks all that it knows, and asks for a dump. What was told
//! since then is true; the rest is forgotten when the dump is complete.

use crate::field::Fields;

/// A value that may be left over from before the last mark. What compares two views compares the
/// values only.
#[derive(Clone, Debug, Default)]
pub(super) struct Marked<T> {
    is_old: bool,
    pub(super) value: T,
}

impl<T> Marked<T> {
    /// One that was told just now.
    pub(super) fn fresh(value: T) -> Self {
        Self { is_old: false, value }
    }

    /// Whether it was told since the last mark.
    pub(super) fn is_fresh(&self) -> bool {
        !self.is_old
    }

    /// From here on it is in doubt, until it is told again.
    pub(super) fn mark(&mut self) {
        self.is_old = true;
    }

    /// The value, which is told just now.
    pub(super) fn touch(&mut self) -> &mut T {
        self.is_old = false;
        &mut self.value
    }
}

impl<T: Default> Marked<T> {
    /// Forgets it if it was not told since the last mark. Returns whether that made a difference.
    pub(super) fn sweep(&mut self) -> bool
    where
        T: PartialEq,
    {
        let is_old = std::mem::take(&mut self.is_old);
        is_old && std::mem::take(&mut self.value) != T::default()
    }
}

impl<T: PartialEq> PartialEq for Marked<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Marked<T> {}

/// A list that is told as a whole, or in several events of which each adds to it. So that what is
/// added to a list in doubt outlives it, the list knows how far the doubt goes.
#[derive(Clone, Debug, Default)]
pub(super) struct MarkedList {
    /// The fields as they stand on a line.
    fields: Vec<u8>,
    /// How many bytes of it are from before the last mark.
    old: usize,
}

impl MarkedList {
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::new(&self.fields)
    }

    /// This is the list, from now on.
    pub(super) fn set(&mut self, list: Fields<'_>) {
        self.old = 0;
        self.fields.clear();
        self.fields.extend_from_slice(list.as_bytes());
    }

    /// These come after what there is.
    pub(super) fn add(&mut self, more: Fields<'_>) {
        if !self.fields.is_empty() && !more.is_empty() {
            self.fields.push(b'\t');
        }
        self.fields.extend_from_slice(more.as_bytes());
    }

    /// From here on all of it is in doubt, until it is told again.
    pub(super) fn mark(&mut self) {
        self.old = self.fields.len();
    }

    /// Forgets what was not told since the last mark. Returns whether that made a difference.
    pub(super) fn sweep(&mut self) -> bool {
        let old = std::mem::take(&mut self.old);
        if old > 0 {
            // With the TAB after it, if there is anything after it.
            self.fields.drain(..self.fields.len().min(old + 1));
        }
        old > 0
    }
}

impl PartialEq for MarkedList {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
    }
}

impl Eq for MarkedList {}
