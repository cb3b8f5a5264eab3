//! What a history does, step by step.

use std::time::Duration;

use super::{Machine, name};
use crate::sim::history::{Action, Arrival, Step};

impl Machine {
    pub(super) fn step(&mut self, step: &Step) -> Result<(), String> {
        if !step.noticed {
            self.note(|record| record.comment("together with what follows:"));
        }
        match step.action {
            Action::Send(who, ref bytes, passed) => {
                if let Some(at) = self.speaker(who)? {
                    self.send(at, bytes, passed);
                }
            }
            Action::Dump(who, tagged) => {
                if let Some(at) = self.speaker(who)? {
                    let echo = self.streams[at].ask_dump();
                    let text = match tagged {
                        true => format!("@e-{echo}\tstatedump\n"),
                        false => format!("statedump\necho\te-{echo}\n"),
                    };
                    self.send_lines(at, &text);
                }
            }
            Action::Tagged(who, ref command) => {
                if let Some(at) = self.speaker(who)? {
                    let text = format!("@e-{}\t{command}\n", self.streams[at].ask_echo());
                    self.send_lines(at, &text);
                }
            }
            Action::Echo(who) => {
                if let Some(at) = self.speaker(who)? {
                    let text = format!("echo\te-{}\n", self.streams[at].ask_echo());
                    self.send_lines(at, &text);
                }
            }
            Action::Close(who) => {
                if let Some(at) = self.known(who) {
                    self.note(|record| record.world(&format!("close\t{}", name(at))));
                    self.hang_up(at);
                }
            }
            Action::Shut(who) => {
                if let Some(at) = self.known(who).filter(|&at| self.streams[at].speaks) {
                    self.note(|record| record.world(&format!("shut\t{}", name(at))));
                    self.connection(at).input_ended = true;
                }
            }
            Action::Reads(who, output) => {
                if let Some(at) = self.known(who) {
                    self.note(|record| record.reads(&name(at), output));
                    self.unclear |= self.connection(at).unread() > 0;
                    self.connection(at).output = output;
                    self.streams[at].slow = true;
                }
            }
            Action::End(nth, end) => self.proxy.sys().end_nth(nth, end),
            Action::EndGrandchild => {
                self.note(|record| record.comment("a grandchild ends"));
                self.proxy.sys().end_oldest_other();
            }
            Action::Signal(signal) => {
                self.note(|record| record.signal(signal));
                self.signals.push(signal);
            }
            Action::Wait(millis) => {
                self.note(|record| record.wait(millis));
                let end = self.now.plus_millis(millis);
                if step.noticed {
                    self.advance_to(end)?;
                } else {
                    self.set_time(end);
                }
            }
            Action::Fail(op, errno, times) => {
                self.note(|record| record.fail(op, errno, times));
                self.proxy.sys().fail(op, errno, times);
            }
            Action::HangExec(times) => {
                self.note(|record| record.hang_exec(times));
                self.proxy.sys().exec_hangs = times;
            }
            Action::EndExec(nth) => {
                if let Some((pid, errno)) = self.proxy.sys().end_nth_exec(nth) {
                    self.note(|record| record.end_exec(pid.0, errno.map(|errno| errno.0)));
                }
            }
            Action::Tell(nth, uid, ref said, fds) => {
                self.tell(nth, uid, said, fds);
            }
            Action::Arrive(nth, arrival) => {
                if let Some(file) = self.proxy.sys().nth_of_services(nth) {
                    let what = format!("{}: {arrival:?}", file.what);
                    match arrival {
                        Arrival::Data => file.sends(b"x".to_vec(), Vec::new()),
                        Arrival::Nothing => file.is_read(),
                        Arrival::End => file.hang_up(),
                    }
                    self.note(|record| record.comment(&what));
                }
            }
            Action::Sleep(seconds) => {
                self.note(|record| record.world(&format!("sleep\t{seconds}")));
                self.proxy.sys().slept += Duration::from_secs(seconds);
            }
            Action::Log(output) => {
                self.note(|record| record.comment(&format!("the log: {output:?}")));
                let log = self.log;
                self.proxy.sys().file(log).output = output;
            }
        }
        Ok(())
    }
}
