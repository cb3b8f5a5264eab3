//! The prompt of the program, on a terminal.

use daemonproxy_testing::{Daemon, Terminal};

use crate::program::program;

/// The prompt of this daemon, with more arguments.
#[track_caller]
pub(crate) fn prompt(daemon: &Daemon, args: &[&str]) -> Terminal {
    let mut command = program();
    command.arg("--connect").arg(daemon.socket()).args(args);
    command.env("XDG_STATE_HOME", daemon.folder());
    Terminal::new(command)
}
