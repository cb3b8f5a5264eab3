//! The environment, as it is kept and told; and the working directory.
//!
//! The environment may be longer than a line. Then it is told in several: the first sets the list,
//! and each of the others, `.apply`, adds to it.

use daemonproxy_protocol::{Event, Fields, Name};

use crate::limits::{Limits, MOST_ENV};
use crate::memory::{NoRoom, Text, at_start};
use crate::system::System;
use crate::upgrade::state::{Read, StateLine, Writer, Wrong, split};
use crate::upgrade::value::Value;

/// What stands before the items of a line that adds to a list, besides the name of a service.
const ADDS: usize = b"service.env.apply\t\t".len();

/// The environment of all services.
pub(crate) struct Environment {
    every: Vec<u8>,
    /// The working directory, when it was last looked at; empty if no line can tell it.
    directory: Vec<u8>,
    /// For a list under construction.
    pub(super) scratch: Vec<u8>,
}

impl Environment {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            every: at_start(if limits.is_fixed() { MOST_ENV } else { 0 }),
            directory: at_start(limits.max_line),
            // A list, what a line adds to it, and the TABs between.
            scratch: at_start(MOST_ENV + limits.max_line + 2),
        }
    }

    /// The list.
    pub(crate) fn every(&self) -> Fields<'_> {
        Fields::new(&self.every)
    }

    /// The working directory, if a line can tell it.
    pub(crate) fn directory(&self) -> Option<&[u8]> {
        Some(&*self.directory).filter(|path| !path.is_empty())
    }

    /// Until somebody looks again, this takes up no memory.
    pub(crate) fn forget_where_it_is(&mut self) {
        self.directory = at_start(self.directory.capacity());
    }

    /// Looks where the daemon is: its directory may have been renamed.
    pub(crate) fn look_where_it_is(&mut self, sys: &mut impl System, max_line: usize) {
        sys.working_directory(&mut self.directory);
        let is_plain = !self.directory.iter().any(u8::is_ascii_control);
        let is_short = b"chdir\t\n".len() + self.directory.len() <= max_line;
        if !(is_plain && is_short && self.directory.starts_with(b"/")) {
            self.directory.clear();
        }
    }

    pub(crate) fn write_state(&self, to: &mut Writer) {
        // The third is memory for what is under construction.
        let Self { every, directory, scratch: _ } = self;
        if !every.is_empty() {
            to.command(b"env", b"", Fields::new(every));
        }
        to.begin(b"resume.directory");
        to.keyed("path", directory);
        to.end();
    }

    /// Takes a line about it. False if it is about something else.
    pub(crate) fn read_state<'a>(&mut self, record: StateLine<'a>) -> Read<'a, bool> {
        match record.kind {
            b"env" => self.set(record.rest)?,
            b"resume.directory" => {
                let (key, path) = split(record.rest.as_bytes())?;
                let read = self.directory.read(path).filter(|()| key == b"path");
                read.ok_or(Wrong::Key(key))?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn set(&mut self, list: Fields<'_>) -> Result<(), NoRoom> {
        let new = list.as_bytes();
        self.every.try_reserve_exact(new.len().saturating_sub(self.every.len()))?;
        self.every.clear();
        self.every.add(new);
        Ok(())
    }
}

/// One of the lines that tell the environment of a service, from a place in the list on; and where
/// the next one goes on.
pub(crate) fn event_of<'a>(
    name: Name<'a>,
    list: Fields<'a>,
    from: usize,
    max_line: usize,
) -> (Event<'a>, Option<usize>) {
    let (items, next) = piece(list, from, room(max_line, name.as_bytes().len()));
    let event = match from {
        0 => Event::ServiceEnv { name, env: items },
        _ => Event::ServiceEnvApply { name, apply: items },
    };
    (event, next)
}

/// The same for that of all services.
pub(crate) fn event_of_all(
    list: Fields<'_>,
    from: usize,
    max_line: usize,
) -> (Event<'_>, Option<usize>) {
    let (items, next) = piece(list, from, room(max_line, 0));
    (if from == 0 { Event::Env { env: items } } else { Event::EnvApply { apply: items } }, next)
}

/// How many bytes of items fit into a line.
pub(super) fn room(max_line: usize, name: usize) -> usize {
    max_line.saturating_sub(ADDS + name + 1)
}

/// As many whole items as fit.
fn piece(list: Fields<'_>, from: usize, room: usize) -> (Fields<'_>, Option<usize>) {
    let rest = list.as_bytes().get(from..).unwrap_or_default();
    if rest.len() <= room {
        return (Fields::new(rest), None);
    }
    let end = rest[..=room].iter().rposition(|&byte| byte == b'\t').unwrap_or(room);
    (Fields::new(&rest[..end]), Some(from + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_told_in_pieces() {
        let list = Fields::new(b"A=1\tBB=2\tC=3");
        assert_eq!(piece(list, 0, 12), (list, None));
        assert_eq!(piece(list, 0, 11), (Fields::new(b"A=1\tBB=2"), Some(9)));
        assert_eq!(piece(list, 0, 4), (Fields::new(b"A=1"), Some(4)));
        assert_eq!(piece(list, 4, 4), (Fields::new(b"BB=2"), Some(9)));
        assert_eq!(piece(list, 9, 4), (Fields::new(b"C=3"), None));
    }

    #[test]
    fn a_piece_and_what_stands_before_it_are_as_long_as_a_line() {
        const MAX_LINE: usize = 40;
        let name = Name::new(b"web").unwrap();
        let list = b"A=1\tB=12345678901\tC=12";
        let (event, next) = event_of(name, Fields::new(&list[..list.len() - 1]), 4, MAX_LINE);
        let mut line = Vec::new();
        event.encode(&mut line);
        assert_eq!((line.len() + "\n".len(), next), (MAX_LINE, None));
        let (_, next) = event_of(name, Fields::new(list), 4, MAX_LINE);
        assert_eq!(next, Some(18));
    }
}
