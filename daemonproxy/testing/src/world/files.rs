//! The descriptors of a world: who holds them, and that each is closed once and not used after
//! that.

use std::borrow::Cow;

use daemonproxy_core::{Direction, Errno, Fd};

use super::World;
use super::file::{End, File, Output};

/// The number of the first descriptor.
const FIRST: i32 = 10;

fn index(fd: Fd) -> usize {
    (fd.0 - FIRST) as usize
}

impl World {
    /// Makes a descriptor, which the daemon has open.
    pub fn make(&mut self, what: impl Into<Cow<'static, str>>) -> Fd {
        self.make_end(what, End::Plain)
    }

    /// Makes the daemon's end of a connection.
    pub fn make_connection(&mut self, what: impl Into<Cow<'static, str>>) -> Fd {
        self.make_link(what, None)
    }

    pub(super) fn make_link(
        &mut self,
        what: impl Into<Cow<'static, str>>,
        of_service: Option<Direction>,
    ) -> Fd {
        let fd = self.make_end(what, End::Ours(of_service));
        self.connections.push(fd);
        fd
    }

    pub(super) fn make_end(&mut self, what: impl Into<Cow<'static, str>>, end: End) -> Fd {
        self.files.push(File::new(what.into(), end));
        Fd(FIRST + self.files.len() as i32 - 1)
    }

    /// The number of the descriptor that is made next.
    pub(super) fn next_fd(&self) -> Fd {
        Fd(FIRST + self.files.len() as i32)
    }

    /// What a descriptor refers to, open or not.
    pub fn file(&mut self, fd: Fd) -> &mut File {
        self.files.get_mut(index(fd)).unwrap_or_else(|| panic!("{fd:?} was never there"))
    }

    pub(super) fn at(&self, fd: Fd) -> &File {
        self.files.get(index(fd)).unwrap_or_else(|| panic!("{fd:?} was never there"))
    }

    /// The same, and it should be open.
    pub(super) fn used(&mut self, fd: Fd) -> &mut File {
        if !self.at(fd).is_open {
            let what = self.at(fd).what.clone();
            self.blame(|| format!("use-after-close: {fd:?} ({what})"));
        }
        self.file(fd)
    }

    /// The descriptor made last of those whose description begins so.
    pub fn named(&self, what: &str) -> Fd {
        let found = self.files.iter().rposition(|file| file.what.starts_with(what));
        Fd(FIRST + found.unwrap_or_else(|| panic!("there is no {what}")) as i32)
    }

    /// Everything that a descriptor has referred to.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    /// What is open, in words.
    pub fn open_files(&self) -> Vec<&str> {
        self.files.iter().filter(|file| file.is_open).map(|file| &*file.what).collect()
    }

    /// The `nth` of the descriptors that are there for services, if there is any; after the last
    /// comes the first.
    pub fn nth_of_services(&mut self, nth: usize) -> Option<&mut File> {
        let is_there = |file: &&mut File| {
            let kind = file.what.split(' ').next().unwrap_or_default();
            file.is_open && ["pipe", "socketpair", "socket", "passed"].contains(&kind)
        };
        let count = self.files.iter_mut().filter(is_there).count();
        self.files.iter_mut().filter(is_there).nth(nth.checked_rem(count)?)
    }

    /// Whatever is written to is taken at once from now on.
    pub fn be_fast(&mut self) {
        for file in &mut self.files {
            file.output = Output::Free;
        }
    }

    /// What nobody has received goes away with the connection that it came by, as in the kernel.
    pub fn drop_unread(&mut self) {
        for at in 0..self.files.len() {
            for (_, fds) in std::mem::take(&mut self.files[at].input) {
                fds.into_iter().for_each(|fd| self.close_file(fd));
            }
        }
    }

    pub(super) fn write_to(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        if bytes.is_empty() {
            self.blame(|| format!("empty-write: nothing was to be written to {fd:?}"));
        }
        let end = self.used(fd).end;
        match end {
            // Nobody reads any more.
            End::To(other) if self.at(other).holders == 0 => Err(Errno(libc::EPIPE)),
            End::From(_) | End::Theirs(_) => Err(Errno(libc::EBADF)),
            End::To(_) | End::Plain | End::Ours(_) => {
                let written = self.file(fd).write(bytes);
                if let (Some(trace), Ok(count)) = (&mut self.trace, written) {
                    let text = String::from_utf8_lossy(bytes.get(..count).unwrap_or(bytes));
                    trace.push(format!("write {fd:?} {text}"));
                }
                written
            }
        }
    }

    pub(super) fn close_file(&mut self, fd: Fd) {
        let file = self.file(fd);
        if !std::mem::take(&mut file.is_open) {
            let what = file.what.clone();
            self.blame(|| format!("closed-twice: {fd:?} ({what})"));
            return;
        }
        if self.watched.contains(&fd) {
            // Who has inherited it would have it reported, under a number that is another's by then.
            self.blame(|| format!("watched: {fd:?} is closed while it is watched"));
        }
        // What nobody has received goes away with it.
        for said in std::mem::take(&mut self.file(fd).notices) {
            said.fds.into_iter().for_each(|fd| self.release(fd));
        }
        self.release(fd);
    }

    /// One process more holds it.
    pub(super) fn hold(&mut self, fd: Fd) {
        self.used(fd).holders += 1;
    }

    /// One process less holds it.
    pub(super) fn release(&mut self, fd: Fd) {
        let file = self.file(fd);
        file.holders -= 1;
        if file.holders > 0 {
            return;
        }
        match file.end {
            End::To(other) => self.end_readers(other),
            End::Theirs(ours) => self.file(ours).hang_up(),
            // The service's end is the next one.
            End::Ours(Some(_)) => self.end_readers(Fd(fd.0 + 1)),
            End::Ours(None) | End::Plain | End::From(_) => {}
        }
    }

    /// Whether there is something to read, or its end.
    pub(super) fn is_readable(&mut self, fd: Fd) -> bool {
        let file = self.used(fd);
        file.unread() > 0 || !file.notices.is_empty() || self.is_at_its_end(fd)
    }

    /// Whether nothing more will come from there.
    pub(super) fn is_at_its_end(&self, fd: Fd) -> bool {
        match self.at(fd).end {
            End::From(other) => self.at(other).holders == 0,
            End::Theirs(ours) => !self.at(ours).is_open,
            End::Plain | End::To(_) | End::Ours(_) => false,
        }
    }
}
