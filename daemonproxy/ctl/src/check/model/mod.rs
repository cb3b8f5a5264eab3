//! What several lines together show: what the daemon would know at each line of the file, and what
//! it would refuse therefore.
//!
//! Only what every daemon refuses is an error, whatever its command line and its machine are.

mod daemon;
mod descriptors;
mod life;
mod services;

use daemonproxy_client::protocol::Command;

use super::Finding;
use daemon::Daemon;
use descriptors::Descriptors;
use services::Services;

/// Nothing, or why a command is refused; then it has changed nothing.
type Outcome = Result<(), Finding>;

/// What the daemon would know after the lines so far.
#[derive(Default)]
pub(super) struct Model {
    daemon: Daemon,
    descriptors: Descriptors,
    services: Services,
}

impl Model {
    /// Takes in one command.
    pub(super) fn take_in(
        &mut self,
        line: usize,
        command: &Command<'_>,
        findings: &mut Vec<Finding>,
    ) {
        let outcome = self
            .daemon
            .take_in(line, command)
            .and_then(|()| self.descriptors.take_in(line, command))
            .and_then(|()| self.services.take_in(line, command, &mut self.descriptors, findings));
        findings.extend(outcome.err());
    }

    /// What only the end of the file shows.
    pub(super) fn finish(self, findings: &mut Vec<Finding>) {
        self.services.finish(findings);
        self.descriptors.finish(findings);
    }
}
