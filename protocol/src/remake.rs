//! A view as the commands that make the same state again, in a daemon that has just started.

use std::collections::BTreeSet;

use crate::event::{FdStateField, PipeEnd};
use crate::field::{Fields, Name};
use crate::flags::PipeFlags;
use crate::generated::command::Command;
use crate::generated::event::EventName;
use crate::generated::fact::Fact;
use crate::option::env_key;
use crate::view::{ServiceView, StateView};

/// What stands in the place of a path, an address or a name that the daemon never knew.
const UNKNOWN: &[u8] = b"unknown";
/// The descriptors of a service whose list was never set.
const DEFAULT_FDS: &[u8] = b"null\tnull\tnull";
/// Bytes of environment in a line: as much as fits with the shortest `--max-line`, the name of a
/// service and a tag. Only an item that is longer has a longer line, which is then its own.
const ENV_PIECE: usize = 400;

impl StateView {
    /// The commands that make this state again in a daemon that has just started, as lines without
    /// their LF, in an order in which each of them is accepted.
    ///
    /// The view must be that of a connection with full rights and with the feature `settings`; with
    /// `runs` it also knows which services are held. Everything that can be set is made again, but
    /// for
    ///
    /// - descriptors that were inherited or taken, and the standard ones, which a new daemon has;
    /// - the guard, whose code nobody is told;
    /// - runs: what starts by itself is started, and nothing else; starts and signals that are
    ///   pending, connections and a shutdown are not settings;
    /// - the interval of a service that has no triggers, which is not told;
    /// - what makes no difference: an empty list of descriptors, which means `null null null`, and
    ///   of a variable that one environment has twice, the item that does not count.
    ///
    /// Files are opened as they were opened at first: one with `trunc` is emptied again. A relative
    /// path, of a file or a socket of `fd.socket`, begins at the working directory as it is now. A
    /// pipe of which only one end has a name takes a second name for a moment, and needs room for
    /// that where a pool has a fixed number of descriptors.
    #[must_use]
    pub fn commands(&self) -> Vec<Vec<u8>> {
        let mut lines = Lines::default();
        self.own(&mut lines, &["chdir", "log.filter"]);
        self.remake_fds(&mut lines);
        self.own(&mut lines, &["log.dest", "signal.default", "terminate.exec_args"]);
        let env = effective(self.env());
        for (nth, env) in pieces(&env).enumerate() {
            lines.add(&match nth {
                0 => Command::Env { env },
                _ => Command::EnvApply { changes: env },
            });
        }
        for (name, service) in self.named_services() {
            lines.remake_service(name, service);
        }
        self.own(&mut lines, &["socket.create"]);
        // What starts by itself does so now: everything that it may need is there.
        for (name, service) in self.named_services() {
            let (interval, triggers) = (service.interval(), service.triggers());
            if interval.is_some() || !triggers.is_empty() {
                lines.add(&Command::ServiceAutoUp { name, interval, triggers });
            }
        }
        lines.0
    }

    fn named_services(&self) -> impl Iterator<Item = (Name<'_>, &ServiceView)> {
        self.services().filter_map(|(name, service)| Some((Name::new(name)?, service)))
    }

    /// The daemon's own settings of these names.
    fn own(&self, lines: &mut Lines, names: &[&str]) {
        for line in self.settings() {
            let name = line.split(|&byte| byte == b'\t').next().unwrap_or_default();
            if names.iter().any(|wanted| wanted.as_bytes() == name) {
                lines.0.push(line.to_vec());
            }
        }
    }

    fn remake_fds(&self, lines: &mut Lines) {
        for (name, fd) in self.fds() {
            match fd.state() {
                FdStateField::File { flags, path } if path != UNKNOWN => {
                    let Some(name) = Name::new(name) else { continue };
                    lines.add(&Command::FdOpen { name, flags, path });
                }
                FdStateField::Socket { flags, address } if address != UNKNOWN => {
                    // As it was given, since an address can be written in more than one way.
                    let mut line = [b"fd.socket\t", name, b"\t"].concat();
                    flags.write(&mut line);
                    if !address.is_empty() {
                        line.push(b'\t');
                        line.extend_from_slice(address);
                    }
                    lines.0.push(line);
                }
                FdStateField::Pipe { flags, end, peer } => {
                    // The two ends of a pair of sockets are alike.
                    let is_first = match flags.socket {
                        Some(_) => name < peer,
                        None => end == PipeEnd::From,
                    };
                    match self.is_pair(name, flags, end, peer) {
                        true if is_first => lines.pipe(name, peer, flags),
                        true => {}
                        // Of one that came from outside, the other end was never here.
                        false if peer == UNKNOWN => {}
                        false => self.remake_half(lines, name, flags, end),
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the other end of a pipe is still the one that it was made with. That it has gone is
    /// told by no event of its own.
    fn is_pair(&self, name: &[u8], flags: PipeFlags, end: PipeEnd, peer: &[u8]) -> bool {
        let other = self.fd(peer).map(|fd| fd.state());
        matches!(other, Some(FdStateField::Pipe { flags: its, end: other, peer: back })
            if its == flags && back == name && (other != end || flags.socket.is_some()))
    }

    /// One end of a pipe, whose other end has no name.
    fn remake_half(&self, lines: &mut Lines, name: &[u8], flags: PipeFlags, end: PipeEnd) {
        let mut other = b"other-end".to_vec();
        while self.fd(&other).is_some() {
            other.push(b'-');
        }
        match end {
            PipeEnd::From => lines.pipe(name, &other, flags),
            PipeEnd::To => lines.pipe(&other, name, flags),
        }
        if let Some(name) = Name::new(&other) {
            lines.add(&Command::FdDelete { name });
        }
    }
}

/// The lines so far.
#[derive(Default)]
struct Lines(Vec<Vec<u8>>);

impl Lines {
    fn add(&mut self, command: &Command<'_>) {
        let mut line = Vec::new();
        command.encode(&mut line);
        self.0.push(line);
    }

    fn pipe(&mut self, read: &[u8], write: &[u8], flags: PipeFlags) {
        if let (Some(read), Some(write)) = (Name::new(read), Name::new(write)) {
            self.add(&Command::FdPipe { read, write, flags });
        }
    }

    /// All but its triggers.
    fn remake_service(&mut self, name: Name<'_>, service: &ServiceView) {
        self.add(&Command::ServiceArgs { name, args: service.args() });
        for (list, set) in [
            (service.tags(), Command::ServiceTags { name, tags: service.tags() }),
            (service.fds(), Command::ServiceFds { name, fds: service.fds() }),
            (service.options(), Command::ServiceOptions { name, options: service.options() }),
        ] {
            if !list.is_empty() && list.as_bytes() != DEFAULT_FDS {
                self.add(&set);
            }
        }
        let env = effective(service.list(EventName::ServiceEnv));
        for (nth, env) in pieces(&env).enumerate() {
            self.add(&match nth {
                0 => Command::ServiceEnv { name, env },
                _ => Command::ServiceEnvApply { name, changes: env },
            });
        }
        if service.run().has(Fact::Held) {
            self.add(&Command::ServiceStop { name, after: None });
        }
    }
}

/// The items of an environment that count: of several about the same variable, the last one.
fn effective(list: Fields<'_>) -> Vec<u8> {
    let items: Vec<&[u8]> = list.iter().collect();
    let mut seen = BTreeSet::new();
    let last = items.into_iter().rev().filter(|item| seen.insert(env_key(item)));
    let mut last: Vec<&[u8]> = last.collect();
    last.reverse();
    last.join(&b'\t')
}

/// A list in pieces that fit into lines; nothing at all if it is empty.
fn pieces(list: &[u8]) -> impl Iterator<Item = Fields<'_>> {
    let mut rest = list;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = if rest.len() <= ENV_PIECE {
            rest.len()
        } else {
            let is_tab = |&byte: &u8| byte == b'\t';
            let last = rest[..=ENV_PIECE].iter().rposition(is_tab);
            last.or_else(|| rest.iter().position(is_tab)).unwrap_or(rest.len())
        };
        let piece = Fields::new(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::event::Event;

    fn commands(lines: &[&str]) -> Vec<String> {
        let mut view = StateView::new();
        for line in lines {
            view.apply(&Event::parse(line.as_bytes()).unwrap());
        }
        let commands = view.commands();
        for line in &commands {
            assert!(Command::parse(line).is_ok(), "{}", String::from_utf8_lossy(line));
        }
        commands.into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn what_is_needed_comes_first() {
        let events = [
            "service.state\tweb\tup\t10\t77\t-\t-\t0\t-",
            "service.auto_up\tweb\t5\tready:db",
            "service.args\tweb\thttpd\t-p",
            "service.options\tweb\tnice=5",
            "service.fds\tweb\tnull\tlog.w\tlog.w",
            "service.state\tdb\tdown\t-\t-\t-\t-\t-\t-",
            "service.fds\tdb\tnull\tnull\tnull",
            "service.run\tdb\t0\theld",
            "fd.state\tlog.w\tpipe\tnonblock,to\tlog.r",
            "fd.state\tlog.r\tpipe\tnonblock,from\tlog.w",
            "fd.state\tone\tpipe\tunix,dgram,to\tanother",
            "fd.state\tanother\tpipe\tunix,dgram,to\tone",
            "log.dest\tfd\tlog.w",
            "log.filter\tinfo",
            "socket.create\tname=ops,rights=watch\t/ops",
            "terminate.exec_args\t",
            "chdir\t/x",
            "env\tA=1\tB=2\tA=3",
        ];
        let expected = [
            "chdir\t/x",
            "log.filter\tinfo",
            "fd.pipe\tanother\tone\tunix,dgram",
            "fd.pipe\tlog.r\tlog.w\tnonblock",
            "log.dest\tfd\tlog.w",
            "terminate.exec_args\t",
            "env\tB=2\tA=3",
            "service.args\tdb\t",
            "service.stop\tdb",
            "service.args\tweb\thttpd\t-p",
            "service.fds\tweb\tnull\tlog.w\tlog.w",
            "service.options\tweb\tnice=5",
            "socket.create\tname=ops,rights=watch\t/ops",
            "service.auto_up\tweb\t5\tready:db",
        ];
        assert_eq!(commands(&events), expected);
    }

    #[test]
    fn descriptors_that_came_from_outside_are_left_out() {
        let events = [
            "fd.state\tnull\tspecial\tread,write\t/dev/null",
            "fd.state\tstdin\tfile\tread\tunknown",
            "fd.state\tconn\tsocket\tunix,stream\tunknown",
            "fd.state\tin\tpipe\tfrom\tunknown",
            "fd.state\tlog\tfile\twrite,append,create,mode=0640\t/log",
            "fd.state\thttp\tsocket\tinet,stream,bind,listen=32\t*:80",
            "fd.state\tout\tsocket\tinet,dgram\t",
        ];
        let expected = [
            "fd.socket\thttp\tinet,stream,bind,listen=32\t*:80",
            "fd.open\tlog\twrite,append,create,mode=0640\t/log",
            "fd.socket\tout\tinet,dgram",
        ];
        assert_eq!(commands(&events), expected);
    }

    #[test]
    fn half_a_pipe_is_made_with_an_end_that_goes() {
        let events = [
            "fd.state\tunknown\tpipe\tfrom\tw",
            "fd.state\tw\tpipe\tto\tunknown",
            "fd.state\tr\tpipe\tfrom\tw",
            "fd.state\tone\tpipe\tunix,stream,to\t?",
            "fd.state\tother-end\tfile\tread\t/x",
        ];
        let expected = [
            "fd.pipe\tother-end-\tone\tunix,stream",
            "fd.delete\tother-end-",
            "fd.open\tother-end\tread\t/x",
            "fd.pipe\tr\tother-end-",
            "fd.delete\tother-end-",
            "fd.pipe\tunknown\tw",
        ];
        assert_eq!(commands(&events), expected);
    }

    #[test]
    fn a_long_environment_takes_several_lines() {
        let value = |size| "x".repeat(size);
        let items = [value(300), value(90), value(900), value(8), value(390)];
        let items = items.iter().enumerate().map(|(nth, value)| format!("{nth}={value}"));
        let items: Vec<String> = items.collect();
        let event = format!("service.env\ta\t{}", items.join("\t"));
        let expected = [
            "service.args\ta\t".to_owned(),
            format!("service.env\ta\t{}\t{}", items[0], items[1]),
            format!("service.env.apply\ta\t{}", items[2]),
            format!("service.env.apply\ta\t{}", items[3]),
            format!("service.env.apply\ta\t{}", items[4]),
        ];
        assert_eq!(commands(&[&event]), expected);
        assert_eq!(commands(&["service.env\ta\t!\tA=1\t!A"])[1], "service.env\ta\t!\t!A");
    }
}
