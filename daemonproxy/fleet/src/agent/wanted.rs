//! What a service says of its lease: its tag `lease=NAME`, and the options that say how long the
//! lease must be.

use std::time::Duration;

use daemonproxy_client::protocol::{ServiceView, Triggers, read_seconds};

use crate::lease::Times;
use crate::store::is_node;

/// How long a process may take to go after SIGKILL.
const AFTER_KILL: Duration = Duration::from_secs(2);
/// How long the daemon leaves a process after its stop signal, if nobody has said otherwise.
const STOP_AFTER: Duration = Duration::from_secs(10);

/// What a service says of its lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) times: Times,
}

impl Wanted {
    pub(super) fn of(it: &ServiceView) -> Option<Self> {
        let tag = it.tags().iter().find_map(|it| it.strip_prefix(b"lease="))?;
        let name = std::str::from_utf8(tag).ok().filter(|name| is_node(name))?.to_owned();
        // A start by the daemon itself would begin the time of `deadman` again.
        if it.triggers() != Triggers::default() {
            return None;
        }
        let option = |key: &[u8]| it.options().iter().find_map(|it| it.strip_prefix(key));
        let deadman = read_seconds(option(b"deadman=")?)?;
        let stop = match option(b"stop_after=") {
            // It may take for ever.
            Some(b"-") => return None,
            Some(seconds) => read_seconds(seconds)?,
            None => STOP_AFTER,
        };
        Some(Self { name, times: Times { deadman, stop: stop + AFTER_KILL } })
    }
}
