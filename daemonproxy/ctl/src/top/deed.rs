//! What `top` can do to a service, each with a key of its own.

use daemonproxy_client::protocol::Signal;

use crate::style::readable;

/// What is done.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Start,
    Stop,
    Restart,
    Reload,
    Release,
    Signal,
}

/// The keys, and the name of each. None of them sorts, and none scrolls.
const KEYS: &[(u8, &str, Verb)] = &[
    (b't', "start", Verb::Start),
    (b's', "stop", Verb::Stop),
    (b'R', "restart", Verb::Restart),
    (b'l', "reload", Verb::Reload),
    (b'e', "release", Verb::Release),
    (b'x', "signal", Verb::Signal),
];

impl Verb {
    pub(super) fn of_key(key: u8) -> Option<Self> {
        KEYS.iter().find(|(known, ..)| *known == key).map(|&(.., verb)| verb)
    }

    pub(super) fn name(self) -> &'static str {
        KEYS.iter().find(|(.., verb)| *verb == self).map_or("", |(_, name, _)| name)
    }

    /// `t start  s stop`, and so on.
    pub(super) fn help() -> String {
        let keys = KEYS.iter().map(|(key, name, _)| format!("{} {name}", char::from(*key)));
        keys.collect::<Vec<_>>().join("  ")
    }
}

/// A verb and the service it is about, whatever is selected by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deed {
    pub(super) name: Vec<u8>,
    pub(super) verb: Verb,
    /// The one to send, for [`Verb::Signal`].
    pub(super) signal: Option<Signal>,
}

impl Deed {
    /// The command, which is that of the subcommand of the same name.
    pub(super) fn fields(&self) -> Vec<Vec<u8>> {
        let command = format!("service.{}", self.verb.name());
        let signal = self.signal.map(|signal| signal.to_string().into_bytes());
        [command.into_bytes(), self.name.clone()].into_iter().chain(signal).collect()
    }

    /// `stop db`, or `send SIGHUP to db`.
    pub(super) fn words(&self) -> String {
        let name = readable(&self.name);
        match self.signal {
            Some(signal) => format!("send {signal} to {name}"),
            None => format!("{} {name}", self.verb.name()),
        }
    }
}
