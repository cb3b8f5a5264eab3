//! What a connection wants of protocol 2 (`conn.features`).

use daemonproxy_protocol::Fields;

use crate::memory::Text;
use crate::upgrade::state::Writer;
use crate::upgrade::value::Value;

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
    /// None of them.
    pub(super) const NONE: Self = Self { observer: false, runs: false, settings: false };

    /// Those of a list that this daemon knows.
    pub(super) fn of(list: Fields<'_>) -> Self {
        list.iter().fold(Self::default(), Self::with)
    }

    fn with(mut self, feature: &[u8]) -> Self {
        match feature {
            b"observer" => self.observer = true,
            b"runs" => self.runs = true,
            b"settings" => self.settings = true,
            _ => {}
        }
        self
    }

    /// Appends their names, as they are written on a line.
    pub(super) fn write_names(self, out: &mut Vec<u8>) {
        for name in self.names() {
            out.add(if out.is_empty() { b"" } else { b"\t" });
            out.add(name);
        }
    }

    fn names(self) -> impl Iterator<Item = &'static [u8]> {
        let Self { observer, runs, settings } = self;
        let all = [(observer, b"observer" as &[u8]), (runs, b"runs"), (settings, b"settings")];
        all.into_iter().filter_map(|(is, name)| is.then_some(name))
    }
}

/// Over an upgrade: their names, with commas between.
impl Value for Features {
    fn write(&self, to: &mut Writer) {
        for (nth, name) in self.names().enumerate() {
            to.push(if nth > 0 { b"," } else { b"" });
            to.push(name);
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        let mut features = Self::default();
        for feature in text.split(|&byte| byte == b',') {
            let before = features;
            features = features.with(feature);
            if features == before {
                return None;
            }
        }
        Some(features)
    }
}
