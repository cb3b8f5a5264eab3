//! What a connection wants of protocol 2 (`conn.features`).

use daemonproxy_protocol::Fields;

use crate::memory::Text;

/// The features of one connection. A new one begins with none: that is protocol 1.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// It is not a listener for signals.
    pub(crate) observer: bool,
    /// It is told `service.run`.
    pub(crate) runs: bool,
    /// It hears of everything that can be set.
    pub(crate) settings: bool,
}

impl Features {
    /// Those of a list that this daemon knows.
    pub(super) fn of(list: Fields<'_>) -> Self {
        let mut features = Self::default();
        for feature in list.iter() {
            match feature {
                b"observer" => features.observer = true,
                b"runs" => features.runs = true,
                b"settings" => features.settings = true,
                _ => {}
            }
        }
        features
    }

    /// Appends their names, as they are written on a line.
    pub(super) fn write_names(self, out: &mut Vec<u8>) {
        for (is, name) in [
            (self.observer, b"observer" as &[u8]),
            (self.runs, b"runs"),
            (self.settings, b"settings"),
        ] {
            if is {
                out.add(if out.is_empty() { b"" } else { b"\t" });
                out.add(name);
            }
        }
    }
}
