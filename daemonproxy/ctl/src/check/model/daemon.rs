//! What is about the daemon itself: its guard, its sockets, its signals, and the rights of the file.

use std::collections::BTreeMap;

use daemonproxy_client::protocol::{Command, Rights, Signal, SocketOptions};

use super::{Finding, Outcome};

/// The most control sockets with names, and the most patterns of services that one can have.
const MOST_SOCKETS: usize = 15;
const MOST_PATTERNS: usize = 16;

#[derive(Default)]
pub(super) struct Daemon {
    /// The code of the guard, if a line turned it on, and that line. Perhaps it was on before.
    guard: Option<(i64, usize)>,
    /// The control sockets with names, and their lines.
    sockets: BTreeMap<String, usize>,
    /// What the file may still do, and the line that says so.
    rights: Option<(Rights, usize)>,
}

impl Daemon {
    pub(super) fn take_in(&mut self, line: usize, command: &Command<'_>) -> Outcome {
        if let Some((rights, since)) = self.rights
            && command.rights() > rights
        {
            return Err(not_permitted(line, since));
        }
        let error = |text: String| Err(Finding::error(line, text));
        match *command {
            Command::ConnRestrict { rights: Rights::Full, globs } if !globs.is_empty() => {
                error("full rights cannot be limited to services".to_owned())
            }
            Command::ConnRestrict { rights, .. } => match self.rights {
                Some((left, since)) if rights > left => Err(not_permitted(line, since)),
                _ => {
                    self.rights = Some((rights, line));
                    Ok(())
                }
            },
            Command::TerminateGuard { on: true, code } => match self.guard {
                Some((_, since)) => error(format!("the guard is on since line {since}")),
                None => {
                    self.guard = Some((code, line));
                    Ok(())
                }
            },
            Command::TerminateGuard { on: false, code } => {
                self.guarded(line, Some(code))?;
                self.guard = None;
                Ok(())
            }
            Command::Terminate { guard, .. } | Command::TerminateShutdown { guard, .. } => {
                self.guarded(line, guard)
            }
            Command::SocketCreate { options, .. } => self.socket(line, options),
            Command::SocketDelete { name: Some(name) } => {
                match self.sockets.remove(&name.to_string()) {
                    Some(_) => Ok(()),
                    None => error(format!("there is no control socket {name} yet")),
                }
            }
            // A change of the size of its terminal can only be counted or handed on.
            Command::SignalDefault { signal, action }
                if !signal.is_received() && (signal != Signal::WINCH || action.is_the_end()) =>
            {
                error(format!("{signal} cannot do this: the daemon does not wait for it"))
            }
            Command::Upgrade { .. } => error("a config file cannot ask for an upgrade".to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether a guard that a line has turned on allows this.
    fn guarded(&self, line: usize, given: Option<i64>) -> Outcome {
        let Some((code, since)) = self.guard else { return Ok(()) };
        let text = match given {
            Some(given) if given == code => return Ok(()),
            Some(_) => format!("the guard has another code, on line {since}"),
            None => format!("the guard is on since line {since}: its code is missing here"),
        };
        Err(Finding::error(line, text))
    }

    fn socket(&mut self, line: usize, options: SocketOptions<'_>) -> Outcome {
        let error = |text: String| Err(Finding::error(line, text));
        if options.globs().count() > MOST_PATTERNS {
            return error(format!("there are more than {MOST_PATTERNS} patterns"));
        }
        let Some(name) = options.name.map(|name| name.to_string()) else { return Ok(()) };
        if let Some(since) = self.sockets.get(&name) {
            let text = format!("there is a control socket {name} already, of line {since}");
            let delete = format!("socket.delete<TAB>{name}, before this line");
            return Err(Finding::error(line, text).instead(delete));
        }
        if self.sockets.len() == MOST_SOCKETS {
            return error(format!("there are {MOST_SOCKETS} control sockets with names already"));
        }
        self.sockets.insert(name, line);
        Ok(())
    }
}

fn not_permitted(line: usize, since: usize) -> Finding {
    let text = format!("the conn.restrict of line {since} has taken the right to do this");
    Finding::error(line, text)
}
