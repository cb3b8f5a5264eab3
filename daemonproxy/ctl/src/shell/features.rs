//! What the daemon is asked to tell this connection (`conn.features`).
//!
//! The shell asks for all that `status` and `why` speak of. What it is told only for that is taken
//! in and not shown. A person who sends the command gets what it says, and nothing else: then the
//! shell asks for the rest whenever it is needed, and gives it back.

use daemonproxy_client::protocol::{Command, Tagged};

/// The shell looks at the daemon, and keeps no signal from it.
const OWN: &[&[u8]] = &[b"observer", b"runs", b"settings"];
/// Those without which it would say what is not so.
const NEEDED: &[&[u8]] = &[b"runs", b"settings"];

/// The features of the connection.
#[derive(Clone, Default)]
pub(super) struct Features {
    /// Those that the person has asked for, if that was the last word.
    by_hand: Option<Vec<Vec<u8>>>,
}

impl Features {
    /// Notes what a line asks for that the person sends.
    pub(super) fn note(&mut self, line: &[u8]) {
        let command = match Tagged::split(line) {
            Some(tagged) => tagged.and_then(|tagged| tagged.command()),
            None => Ok(line),
        };
        if let Ok(Command::ConnFeatures { features }) = command.and_then(Command::parse) {
            self.by_hand = Some(features.iter().map(<[u8]>::to_vec).collect());
        }
    }

    /// Whether the events of runs are to be seen: the person wants them.
    pub(super) fn show_runs(&self) -> bool {
        self.by_hand.iter().flatten().any(|feature| feature == b"runs")
    }

    /// Whether the shell is told all that it needs.
    pub(super) fn are_enough(&self) -> bool {
        self.by_hand.as_ref().is_none_or(|had| NEEDED.iter().all(|it| has(had, it)))
    }

    /// The command that asks for these.
    pub(super) fn line(&self) -> Vec<u8> {
        let all: Vec<&[u8]> = match &self.by_hand {
            Some(features) => features.iter().map(Vec::as_slice).collect(),
            None => OWN.to_vec(),
        };
        [&[b"conn.features".as_slice()], &all[..]].concat().join(&b'\t')
    }

    /// The same, and what the shell needs.
    pub(super) fn enough(&self) -> Self {
        let by_hand = self.by_hand.as_ref().map(|had| {
            let missing = NEEDED.iter().filter(|it| !has(had, it)).map(|it| it.to_vec());
            had.iter().cloned().chain(missing).collect()
        });
        Self { by_hand }
    }
}

fn has(features: &[Vec<u8>], wanted: &[u8]) -> bool {
    features.iter().any(|feature| feature == wanted)
}

#[cfg(test)]
mod tests {
    use super::Features;

    #[test]
    fn what_is_asked_for_by_hand_is_all_that_is_shown_and_not_all_that_is_needed() {
        let mut features = Features::default();
        assert_eq!(features.line(), b"conn.features\tobserver\truns\tsettings");
        assert!(features.are_enough() && !features.show_runs());
        for line in ["service.tags\tweb\tconn.features", "@x\techo\tconn.features", "@a/b\tx"] {
            features.note(line.as_bytes());
            assert!(features.are_enough(), "{line}");
        }
        features.note(b"@x\tconn.features\tsettings");
        assert_eq!(features.line(), b"conn.features\tsettings");
        assert_eq!(features.enough().line(), b"conn.features\tsettings\truns");
        assert!(!features.are_enough() && !features.show_runs());
        features.note(b"conn.features\truns\tsettings");
        assert!(features.are_enough() && features.show_runs());
        features.note(b"conn.features");
        assert_eq!(features.line(), b"conn.features");
        assert!(!features.show_runs());
    }
}
