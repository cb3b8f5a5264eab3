//! What a connection wants of protocol 2 (`conn.features`).

use daemonproxy_protocol::Fields;

/// The features of one connection. A new one begins with none: that is protocol 1.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// It is not a listener for signals.
    pub(crate) observer: bool,
}

impl Features {
    /// Those of a list that this daemon knows.
    pub(super) fn of(list: Fields<'_>) -> Self {
        let mut features = Self::default();
        for feature in list.iter() {
            if feature == b"observer" {
                features.observer = true;
            }
        }
        features
    }

    /// Their names, as they are written on a line.
    pub(super) fn names(self) -> Fields<'static> {
        Fields::new(if self.observer { b"observer" } else { b"" })
    }
}
