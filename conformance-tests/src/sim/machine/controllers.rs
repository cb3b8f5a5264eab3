//! The connections of the controllers that a history plays.

use daemonproxy_core::{Direction, Fd, FdKind};
use daemonproxy_protocol::FileFlags;
use daemonproxy_testing::world::{End, File, Output};

use super::{Machine, OBSERVER, name};
use crate::sim::history::{LIMITED, LIMITED_TO, SOCKETS};
use crate::sim::stream::Stream;

impl Machine {
    /// The daemon's end of a connection.
    pub(super) fn connection(&mut self, at: usize) -> &mut File {
        let world = self.proxy.sys();
        let fd = world.connections[at];
        world.file(fd)
    }

    /// The other end is there, too.
    pub(super) fn is_live(&mut self, at: usize) -> bool {
        let connection = self.connection(at);
        connection.is_open && !connection.peer_gone
    }

    /// It takes what it is told at once, now.
    pub(super) fn reads(&mut self, at: usize) -> bool {
        matches!(self.connection(at).output, Output::Free | Output::Pieces(_))
    }

    /// The connection of a controller that is there.
    pub(super) fn known(&mut self, who: usize) -> Option<usize> {
        if let Some(&socket) = self.sockets.get(who) {
            return socket.filter(|&at| self.is_live(at));
        }
        let mut services: Vec<usize> = (0..self.streams.len()).collect();
        services.retain(|&at| self.streams[at].of_service && self.is_live(at));
        services.into_iter().rev().nth(who - SOCKETS)
    }

    /// The same, for one that can send something; it connects if needed.
    pub(super) fn speaker(&mut self, who: usize) -> Result<Option<usize>, String> {
        if let Some(at) = self.known(who) {
            let speaks = self.streams[at].speaks && !self.connection(at).input_ended;
            return Ok(speaks.then_some(at));
        }
        if who >= SOCKETS || self.proxy.listeners().next().is_none() || self.left.is_some() {
            return Ok(None);
        }
        self.pump()?;
        if self.proxy.listeners().next().is_none() || self.left.is_some() {
            return Ok(None);
        }
        let at = self.connect()?;
        self.sockets[who] = Some(at);
        Ok((self.left.is_none() && self.connection(at).is_open).then_some(at))
    }

    pub(super) fn connect(&mut self) -> Result<usize, String> {
        let at = self.proxy.sys().connections.len();
        if at != OBSERVER {
            self.note(|record| record.world(&format!("connect\t{}", name(at))));
        }
        let fd = self.proxy.sys().make_connection("connection");
        self.backlog.push(fd);
        self.meet(false);
        self.pump()?;
        Ok(at)
    }

    /// Finds new connections.
    pub(super) fn meet(&mut self, late: bool) {
        while self.streams.len() < self.proxy.sys().connections.len() {
            let at = self.streams.len();
            let mut stream = Stream::new(self.news.len(), late);
            if let End::Ours(Some(direction)) = self.connection(at).end {
                stream.of_service = true;
                stream.hears = direction != Direction::Commands;
                stream.speaks = direction != Direction::Events;
                self.note(|record| record.world(&format!("controller\t{}", name(at))));
            }
            self.streams.push(stream);
        }
    }

    pub(super) fn send(&mut self, at: usize, bytes: &[u8], passed: usize) {
        self.note(|record| record.send(&name(at), bytes, passed));
        let passed = (0..passed).map(|nth| self.make_passed(nth)).collect();
        self.connection(at).sends(bytes.to_vec(), passed);
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let mut line = std::mem::take(&mut self.streams[at].half_a_line);
            line.extend_from_slice(piece);
            match line.strip_suffix(b"\n") {
                Some(line) => self.foresee(at, line),
                None => self.streams[at].half_a_line = line,
            }
        }
    }

    /// A descriptor that somebody else has made: a file, or a pipe.
    fn make_passed(&mut self, nth: usize) -> Fd {
        let fd = self.proxy.sys().make("passed");
        let read = FileFlags { read: true, ..FileFlags::default() };
        self.proxy.sys().file(fd).kind = nth.is_multiple_of(2).then_some(FdKind::File(read));
        fd
    }

    /// Sends whole lines, even after half a line.
    pub(super) fn send_lines(&mut self, at: usize, text: &str) {
        if !self.streams[at].half_a_line.is_empty() {
            self.send(at, b"\n", 0);
        }
        self.send(at, text.as_bytes(), 0);
    }

    pub(super) fn hang_up(&mut self, at: usize) {
        self.connection(at).hang_up();
    }

    /// Who comes by a socket may have less than all rights. Which socket it is cannot be seen, but
    /// sometimes it makes no difference.
    pub(super) fn accept(&mut self, listener: Fd, fd: Fd) {
        let sockets = || self.view.settings().filter(|line| line.starts_with(b"socket.create\t"));
        let has = |line: &[u8], what: &[u8]| line.windows(what.len()).any(|part| part == what);
        let any = sockets().any(|line| has(line, b"rights="));
        let all = sockets().all(|line| has(line, &[LIMITED, b"\t"].concat()));
        if let Some(at) = self.proxy.sys().connections.iter().position(|&known| known == fd) {
            let rights = &mut self.streams[at].rights;
            if any {
                rights.ask(None, std::iter::empty());
            }
            if any && all {
                rights.begin_with(LIMITED_TO);
            }
        }
        self.proxy.accepted(listener, fd, self.now);
    }
}
