//! What a command may bring about, if it is carried out.

use daemonproxy_protocol::{Command, Rights, StartTime, Tagged};

use super::{Machine, OBSERVER};
use crate::sim::stream::echo_number;

impl Machine {
    /// What this line may bring about, if it is carried out.
    pub(super) fn foresee(&mut self, at: usize, line: &[u8]) {
        let (tag, command) = match Tagged::split(line) {
            Some(Ok(tagged)) => (Some(tagged.tag), tagged.command().unwrap_or_default()),
            Some(Err(_)) | None => (None, line),
        };
        match Command::parse(command) {
            // What is half written when it moves goes on elsewhere.
            Ok(Command::LogDest { .. } | Command::LogFilter { .. }) => self.log_moves = true,
            Ok(Command::ServiceStart { name, at: time }) => {
                if time == StartTime::Cancel {
                    self.cancelled.push(name.as_bytes().to_vec());
                }
                self.put_off.push(name.as_bytes().to_vec());
                self.expect_start(at);
            }
            Ok(Command::TerminateGuard { on: true, .. }) => self.may_be_guarded = true,
            Ok(Command::ServiceStop { name, .. }) => {
                self.cancelled.push(name.as_bytes().to_vec());
            }
            Ok(Command::ServiceRestart { name, .. }) => {
                self.put_off.push(name.as_bytes().to_vec());
                self.expect_start(at);
            }
            Ok(Command::ServiceAutoUp { .. } | Command::ServiceRelease { .. }) => {
                self.expect_start(at);
            }
            Ok(Command::ConnRestrict { rights, globs }) if rights != Rights::Full => {
                let echo = tag.and_then(|tag| echo_number(tag.as_bytes()));
                self.streams[at].rights.ask(echo, globs.iter());
            }
            Ok(Command::ServiceDeadman { name }) => {
                let now = self.boottime();
                self.deadman.vouch(name.as_bytes(), at, now);
            }
            Ok(Command::ConnTimer { name, seconds }) => {
                self.streams[at].timers.ask(name.as_bytes(), seconds, self.now);
            }
            _ => {}
        }
    }

    fn expect_start(&mut self, by: usize) {
        if by != OBSERVER {
            // A controller that does not read is heard at some other time.
            self.unclear |= self.streams[by].slow;
            self.ordered = true;
        }
    }
}
