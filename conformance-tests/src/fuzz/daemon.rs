//! The whole state machine in its world, of which bytes say what happens there.
//!
//! A line is what a connection sends, from the second byte on: the first one, a digit, says which.
//! One that begins with `~` is the same without its line end, and one with `!` is the world: a letter
//! and numbers, see [`Bytes::world`].

use std::time::Duration;

use daemonproxy_core::{Ended, Fd, Limits, Monotonic, Proxy};
use daemonproxy_protocol::{Event, LogFilter, Signal};
use daemonproxy_testing::world::{self, ERRORS, Op, Output, World};

/// Connections at a time.
const CONNECTIONS: usize = 4;
/// More turns than any line needs.
const MANY: usize = 5000;
/// Longer than this a case is not looked at.
const LONGEST: usize = 1 << 16;

pub(super) fn daemon(data: &[u8]) {
    let mut bytes = Bytes::new();
    for line in data[..data.len().min(LONGEST)].split(|&byte| byte == b'\n') {
        bytes.line(line);
        if bytes.has_left {
            return;
        }
    }
    bytes.proxy.sys().be_kind();
    bytes.pass(40_000);
}

/// A machine, and those who are connected to it.
pub(super) struct Bytes {
    proxy: Proxy<World>,
    now: Monotonic,
    connections: [Option<Fd>; CONNECTIONS],
    /// What each of them has sent.
    sent: [Vec<u8>; CONNECTIONS],
    /// What was heard of a line that has not ended.
    halves: [Vec<u8>; CONNECTIONS],
    backlog: Vec<Fd>,
    signals: Vec<Signal>,
    has_left: bool,
}

impl Bytes {
    pub(super) fn new() -> Self {
        let now = Monotonic::from_seconds(200_000);
        let mut proxy = Proxy::new(World::lively(now), Limits::default(), None, LogFilter::Debug);
        world::name_standard(&mut proxy, b"unknown");
        assert!(proxy.listen(b"/c").is_ok(), "there is no control socket");
        Self {
            proxy,
            now,
            connections: [None; CONNECTIONS],
            sent: Default::default(),
            halves: Default::default(),
            backlog: Vec::new(),
            signals: Vec::new(),
            has_left: false,
        }
    }

    pub(super) fn line(&mut self, line: &[u8]) {
        match line {
            [b'!', letter, rest @ ..] => self.world(*letter, &numbers(rest), rest),
            [b'~', who, rest @ ..] => self.send(*who, rest.to_vec()),
            [who @ b'0'..=b'9', rest @ ..] => self.send(*who, [rest, b"\n"].concat()),
            _ => self.send(b'0', [line, b"\n"].concat()),
        }
        self.pump();
        self.check();
    }

    fn send(&mut self, who: u8, bytes: Vec<u8>) {
        let Some(fd) = self.connection(who) else { return };
        self.sent[usize::from(who) % CONNECTIONS].extend_from_slice(&bytes);
        self.proxy.sys().file(fd).sends(bytes, Vec::new());
    }

    /// It connects if it is not there, or was closed.
    fn connection(&mut self, who: u8) -> Option<Fd> {
        let who = usize::from(who) % CONNECTIONS;
        if let Some(fd) = self.connections[who] {
            let file = self.proxy.sys().file(fd);
            if file.is_open && !file.peer_gone {
                return Some(fd);
            }
        }
        self.proxy.listeners().next()?;
        let fd = self.proxy.sys().make_connection("connection");
        self.backlog.push(fd);
        self.connections[who] = Some(fd);
        self.sent[who].clear();
        self.halves[who].clear();
        self.pump();
        self.proxy.sys().file(fd).is_open.then_some(fd)
    }

    fn known(&mut self, who: u64) -> Option<Fd> {
        let fd = self.connections[who as usize % CONNECTIONS]?;
        self.proxy.sys().file(fd).is_open.then_some(fd)
    }

    /// What a letter with numbers means.
    fn world(&mut self, letter: u8, numbers: &[u64], rest: &[u8]) {
        let at = |nth: usize| numbers.get(nth).copied().unwrap_or(0);
        let signal = |number: u64| Signal::from_number((number % 65) as i32);
        match letter {
            // Milliseconds pass.
            b't' => self.pass(at(0) % 1_000_000),
            // A child ends: by exiting, or by a signal.
            b'e' => self.proxy.sys().end_nth(at(0) as usize, Ended::Exit((at(1) & 0xff) as i32)),
            b'k' => {
                if let Some(signal) = signal(at(1)) {
                    self.proxy.sys().end_nth(at(0) as usize, Ended::Signal(signal));
                }
            }
            b'g' => {
                self.proxy.sys().end_oldest_other();
            }
            // The daemon gets a signal.
            b's' => self.signals.extend(signal(at(0)).filter(|signal| signal.is_received())),
            // Something fails, with an error, so many times.
            b'f' => {
                let op = Op::ALL[at(0) as usize % Op::ALL.len()];
                let (_, errno, _) = ERRORS[at(1) as usize % ERRORS.len()];
                self.proxy.sys().fail(op, errno, (at(2) % 16) as u32);
            }
            b'h' => self.proxy.sys().exec_hangs = (at(0) % 16) as u32,
            b'x' => {
                self.proxy.sys().end_nth_exec(at(0) as usize);
            }
            // A connection is closed, or sends nothing more, or takes what it is told in some way.
            b'c' => {
                if let Some(fd) = self.known(at(0)) {
                    self.proxy.sys().file(fd).hang_up();
                }
            }
            b'd' => {
                if let Some(fd) = self.known(at(0)) {
                    self.proxy.sys().file(fd).input_ended = true;
                }
            }
            b'b' => {
                if let Some(fd) = self.known(at(0)) {
                    self.proxy.sys().file(fd).output = match at(1) {
                        0 => Output::Free,
                        room if room % 2 == 0 => Output::Room(room as usize % 5000),
                        size => Output::Pieces(size as usize % 5000),
                    };
                }
            }
            // A service says something of itself: which, by whom, and what.
            b'n' => {
                let text = rest.splitn(4, |&byte| byte == b' ').nth(3).unwrap_or_default();
                let text: Vec<u8> =
                    text.iter().map(|&b| if b == b'|' { b'\n' } else { b }).collect();
                let uid = if at(1) == 0 { world::USER } else { at(1) as u32 };
                self.proxy.sys().tell_nth(at(0) as usize, uid, &text, (at(0) % 3) as usize);
            }
            // The machine sleeps for so many seconds.
            b'z' => self.proxy.sys().slept += Duration::from_secs(at(0) % 100_000),
            b'u' => world::upgrade(&mut self.proxy, true),
            _ => {}
        }
    }

    /// Milliseconds pass, with all that falls due.
    pub(super) fn pass(&mut self, millis: u64) {
        let end = self.now.plus_millis(millis);
        for _ in 0..MANY {
            self.pump();
            self.check();
            let due = self.proxy.deadline().filter(|&at| at <= end && !self.has_left);
            let now = due.unwrap_or(end).max(self.now);
            self.now = now;
            self.proxy.sys().now = now;
            if due.is_none() {
                return;
            }
        }
        // A service that is restarted again and again keeps the clock busy for as long as it lasts.
    }

    fn pump(&mut self) {
        for _ in 0..MANY {
            if self.has_left {
                return;
            }
            let mut more = self.proxy.run(self.now);
            more |= world::upgrade_if_asked(&mut self.proxy);
            if self.proxy.leave().is_some() {
                self.proxy.farewell();
                self.has_left = true;
                return;
            }
            let due = self.proxy.deadline().is_some_and(|at| at <= self.now);
            if !self.turn() && !more && !due {
                return;
            }
        }
        panic!("there is always something more to do");
    }

    fn turn(&mut self) -> bool {
        let (now, signals) = (self.now, std::mem::take(&mut self.signals));
        let mut any = world::turn(&mut self.proxy, now, 1 << 16, |proxy| {
            signals.iter().for_each(|&signal| proxy.signalled(signal, now));
            let sigchld = proxy.sys().take_sigchld();
            if sigchld.is_some() {
                proxy.children_ended(sigchld, now);
            }
            sigchld.is_some() || !signals.is_empty()
        });
        let listener = self.proxy.listeners().next();
        if let Some(listener) = listener {
            for fd in std::mem::take(&mut self.backlog) {
                self.proxy.accepted(listener, fd, now);
                any = true;
            }
        }
        any
    }

    /// Nothing was done to the world that must not be, and all that was said are events, or words
    /// that look like one and that this connection has asked for with `echo`.
    fn check(&mut self) {
        if let Some(fault) = &self.proxy.sys().fault {
            panic!("{fault}");
        }
        for who in 0..CONNECTIONS {
            let Some(fd) = self.connections[who] else { continue };
            let said = std::mem::take(&mut self.proxy.sys().file(fd).written);
            for piece in said.split_inclusive(|&byte| byte == b'\n') {
                self.halves[who].extend_from_slice(piece);
                if let Some(line) = self.halves[who].strip_suffix(b"\n") {
                    let is_right = Event::parse(line).is_ok() || has_echo(&self.sent[who], line);
                    assert!(is_right, "no event: {}", line.escape_ascii());
                    self.halves[who].clear();
                }
            }
        }
    }
}

/// Whether these words were to be echoed.
fn has_echo(sent: &[u8], words: &[u8]) -> bool {
    let wanted = [b"echo\t", words].concat();
    sent.windows(wanted.len()).any(|part| part == wanted)
}

/// The numbers in this text.
fn numbers(text: &[u8]) -> Vec<u64> {
    let words = text.split(|byte| !byte.is_ascii_digit()).filter(|word| !word.is_empty());
    words.filter_map(|word| str::from_utf8(word).ok()?.parse().ok()).collect()
}
