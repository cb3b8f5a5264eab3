//! The trail in the log: whose command it was, and to whom an event went.
//!
//! At `debug` every command and every event is written down; whoever looks for a fault in a
//! controller needs nothing else. The value of an environment variable never is. Above that level
//! all of this costs one comparison.

use daemonproxy_protocol::{Hint, LogLevel, Refusal, write_i64, write_without_values};

use crate::connection::controller::ControllerId;
use crate::limits::LOG_BUFFER;
use crate::memory::Text;
use crate::proxy::Proxy;
use crate::system::{Ended, Pid, System};
use crate::table::Slot;

/// How a TAB is shown to a person.
const TAB: &[u8] = b"<TAB>";

impl<S: System> Proxy<S> {
    pub(crate) fn trail_command(&mut self, id: ControllerId, line: &[u8]) {
        if self.log.shows(LogLevel::Debug) {
            self.with_text(|proxy, text| {
                text.add(b"command of ");
                proxy.write_origin(id, text);
                text.add(b": ");
                write_without_values(text, line);
                proxy.log(LogLevel::Debug, &[text]);
            });
        }
    }

    /// An event that goes to one controller, or to all.
    pub(crate) fn trail_event(&mut self, to: Option<ControllerId>, line: &[u8]) {
        if self.log.shows(LogLevel::Debug) {
            self.with_text(|proxy, text| {
                text.add(b"event to ");
                match to {
                    Some(id) => proxy.write_origin(id, text),
                    None => text.add(b"all"),
                }
                text.add(b": ");
                write_without_values(text, line);
                proxy.log(LogLevel::Debug, &[text]);
            });
        }
    }

    /// A message about what a controller has sent. Of a config file it names the place.
    pub(crate) fn log_about(&mut self, id: ControllerId, level: LogLevel, parts: &[&[u8]]) {
        if !self.is_config(id) {
            self.log(level, parts);
        } else if self.log.shows(level) {
            self.with_text(|proxy, text| {
                proxy.write_origin(id, text);
                text.add(b": ");
                parts.iter().for_each(|part| text.add(part));
                proxy.log(level, &[text]);
            });
        }
    }

    /// A refused command: why, the command itself, and what may have been overlooked.
    pub(crate) fn log_refusal(&mut self, id: ControllerId, refusal: &Refusal<'_>, line: &[u8]) {
        if !self.log.shows(LogLevel::Error) {
            return;
        }
        self.with_text(|proxy, text| {
            if let Refusal::UnknownCommand { name } = *refusal {
                proxy.with_text(|_, known| {
                    write_without_values(known, name);
                    Refusal::UnknownCommand { name: known }.write(text);
                });
                proxy.log_about(id, LogLevel::Error, &[text]);
            } else {
                refusal.write(text);
                proxy.log_about(id, LogLevel::Error, &[text]);
                text.clear();
                write_without_values(text, line);
                text.iter_mut().filter(|byte| **byte == b'\t').for_each(|byte| *byte = b' ');
                proxy.log(LogLevel::Error, &[b"  in the command: ", text]);
            }
            proxy.log_hint(line, text);
        });
    }

    fn log_hint(&mut self, line: &[u8], space: &mut Vec<u8>) {
        let Some(hint) = Hint::find(line, space) else { return };
        self.with_text(|proxy, told| {
            hint.write(told);
            if let Hint::Spaces { better } = hint {
                told.add(b": write ");
                proxy.with_text(|_, shown| {
                    write_without_values(shown, better);
                    // What comes after that, no message has room for.
                    for (nth, field) in shown.split(|&byte| byte == b'\t').enumerate() {
                        if told.len() + TAB.len() + field.len() > LOG_BUFFER {
                            break;
                        }
                        told.add(if nth > 0 { TAB } else { b"" });
                        told.add(field);
                    }
                });
            }
            proxy.log(LogLevel::Error, &[b"  ", told]);
        });
    }

    /// How a run ended, as the event says it.
    pub(crate) fn log_end(&mut self, slot: Slot, what: &[u8], pid: Pid, end: Ended) {
        if !self.log.shows(LogLevel::Info) {
            return;
        }
        self.say_of_service(slot, what, pid, |proxy, text| {
            proxy.with_text(|proxy, how| {
                match end {
                    Ended::Exit(status) => {
                        how.add(b": exit ");
                        write_i64(how, status.into());
                    }
                    Ended::Signal(signal) => {
                        how.add(b": signal ");
                        signal.write_name(how);
                    }
                }
                proxy.log(LogLevel::Info, &[text, how]);
            });
        });
    }
}
