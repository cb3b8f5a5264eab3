//! A made-up world: descriptors, pipes, children, connections, and everything that can go wrong.
//!
//! - A descriptor number is never used twice, so that a use after close and a second close are
//!   noticed. A pid is given out again as soon as its child was reaped and nobody else is in its
//!   group, as a busy machine does.
//! - Children may have others in their group, which obey signals or not, and live on without them.
//! - SIGCHLD is told once, however many have ended since; and of several zombies the oldest is
//!   shown first.
//! - The holders of each end of a pipe are counted, including grandchildren, so a reader gets its
//!   end of file when the last writer has closed, and not before.
//! - What the state machine should not have done is kept in [`World::fault`]; the first one counts.

use daemonproxy_core::{
    ChildFd, Direction, Ended, Errno, Fd, FdKind, Monotonic, Peer, Pid, Process, SocketFailure,
    SocketStage, Spawn, SpawnFailure, SpawnStage, Spawned, System,
};
use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, PipeEnd, PipeFlags, Signal, SocketFlags, SocketType,
};
use daemonproxy_testing::world::{ERRORS, Op, Output};

/// What a program does; the second field of its arguments says so.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Behaviour {
    /// Dies of every signal that kills by default.
    Obeys,
    /// Dies only of SIGKILL.
    Ignores,
    /// Exits on SIGTERM, with a status.
    Exits,
    /// Ends at the end of file of the first pipe that it reads from, or of its connection, or of
    /// SIGTERM.
    Reads,
    /// Dies like the first, but has a child of its own that keeps everything open. This is what
    /// that one does; and whether it has left the group.
    Forks(Other, bool),
    /// Is stuck in the kernel: not even SIGKILL ends it.
    Stuck,
}

/// What a grandchild does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Other {
    Obeys,
    Ignores,
    /// At SIGTERM there is another one in its place, which obeys.
    Forks,
}

impl Behaviour {
    fn of(args: Fields<'_>) -> Self {
        match args.iter().nth(1) {
            Some(b"ignores") => Self::Ignores,
            Some(b"exits") => Self::Exits,
            Some(b"reads") => Self::Reads,
            Some(b"forks") => Self::Forks(Other::Obeys, false),
            Some(b"forks-ignores") => Self::Forks(Other::Ignores, false),
            Some(b"forks-on") => Self::Forks(Other::Forks, false),
            Some(b"escapes") => Self::Forks(Other::Ignores, true),
            Some(b"stuck") => Self::Stuck,
            Some(_) | None => Self::Obeys,
        }
    }
}

/// What a descriptor refers to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum What {
    /// Nothing that matters here.
    Plain,
    /// The read end of a pipe, and the other one.
    From(Fd),
    /// The write end of a pipe, and the other one.
    To(Fd),
    /// The daemon's end of a connection.
    Ours(usize),
    /// A service's end of a connection.
    Theirs(usize),
    /// Where the log goes at first.
    Log,
}

struct File {
    what: What,
    /// The daemon has it open.
    open: bool,
    /// How many processes hold it, the daemon included.
    holders: u32,
}

/// A connection of a controller, seen from its side.
pub(super) struct Connection {
    /// A service has its other end.
    pub(super) of_service: bool,
    pub(super) hears: bool,
    pub(super) speaks: bool,
    /// What the daemon has yet to read.
    pub(super) input: Vec<u8>,
    /// Descriptors that come with the next bytes.
    pub(super) passed: Vec<Fd>,
    /// What was sent last, if it has no end of line yet.
    pub(super) half_a_line: Vec<u8>,
    /// Nothing more will come.
    pub(super) ended: bool,
    /// The controller has gone.
    pub(super) gone: bool,
    pub(super) output: Output,
    /// Recently it did not take everything at once.
    pub(super) slow: bool,
    /// What has arrived and was not checked yet.
    pub(super) received: Vec<u8>,
    /// The daemon has closed it.
    pub(super) closed: bool,
}

impl Connection {
    pub(super) fn is_writable(&self) -> bool {
        self.gone || self.output != Output::Room(0)
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Life {
    Alive,
    /// How it ended, before it is reaped.
    Dead(Ended),
}

struct Child {
    pid: Pid,
    behaviour: Behaviour,
    life: Life,
    /// Its end has been told, and it is still there.
    told: bool,
    fds: Vec<Fd>,
    /// It is in exec.
    exec: Option<Exec>,
}

/// The execution of a program.
pub(super) struct Exec {
    pub(super) program: Vec<u8>,
    pub(super) failure: Option<SpawnFailure>,
}

struct Grandchild {
    /// Whoever leads its group, if that is a child.
    group: Option<Pid>,
    does: Other,
    fds: Vec<Fd>,
    /// It is to be stopped by an orderly end.
    to_stop: bool,
}

pub(super) struct World {
    pub(super) now: Monotonic,
    pub(super) fault: Option<String>,
    pub(super) connections: Vec<Connection>,
    pub(super) log: Output,
    /// What has arrived there and was not checked yet.
    pub(super) log_text: Vec<u8>,
    failing: [(i32, u32); Op::ALL.len()],
    /// So many programs to come take their time with being executed.
    pub(super) exec_hangs: u32,
    /// Executions that are over, of which the daemon has not heard.
    exec_ends: Vec<(Pid, Exec)>,
    /// Children that could not be executed, and of which nobody was told.
    pub(super) untold: Vec<Pid>,
    files: Vec<File>,
    /// Those that were not reaped.
    children: Vec<Child>,
    grandchildren: Vec<Grandchild>,
    look: Vec<Process>,
    /// A child has ended since this was last looked at.
    sigchld: bool,
    /// How children have ended, to be written down.
    pub(super) told: Vec<(Pid, Ended)>,
    next_pid: i32,
}

impl World {
    pub(super) fn new(now: Monotonic) -> Self {
        Self {
            now,
            fault: None,
            connections: Vec::new(),
            log: Output::Free,
            log_text: Vec::new(),
            failing: [(0, 0); Op::ALL.len()],
            exec_hangs: 0,
            exec_ends: Vec::new(),
            untold: Vec::new(),
            files: Vec::new(),
            children: Vec::new(),
            grandchildren: Vec::new(),
            look: Vec::new(),
            sigchld: false,
            told: Vec::new(),
            next_pid: 0,
        }
    }

    /// Makes the next `times` of this operation fail.
    pub(super) fn fail(&mut self, op: Op, errno: i32, times: u32) {
        self.failing[op as usize] = (errno, times);
    }

    /// A file that is there at the start.
    pub(super) fn make_plain(&mut self) -> Fd {
        self.make(What::Plain)
    }

    /// The file that the log goes to at first.
    pub(super) fn make_log(&mut self) -> Fd {
        self.make(What::Log)
    }

    /// A connection; the daemon's end of it.
    pub(super) fn make_connection(&mut self) -> Fd {
        let fd = self.make(What::Ours(self.connections.len()));
        self.connections.push(Connection {
            of_service: false,
            hears: true,
            speaks: true,
            input: Vec::new(),
            passed: Vec::new(),
            half_a_line: Vec::new(),
            ended: false,
            gone: false,
            output: Output::Free,
            slow: false,
            received: Vec::new(),
            closed: false,
        });
        fd
    }

    /// Whether the log could be written there now.
    pub(super) fn is_log_writable(&mut self, fd: Fd) -> bool {
        self.used(fd).what != What::Log || self.log != Output::Room(0)
    }

    /// Nothing more goes wrong.
    pub(super) fn be_kind(&mut self) {
        self.failing = [(0, 0); Op::ALL.len()];
        self.exec_hangs = 0;
        self.log = Output::Free;
        for connection in &mut self.connections {
            connection.output = Output::Free;
        }
    }

    /// Which connection a descriptor of the daemon is.
    pub(super) fn connection_of(&mut self, fd: Fd) -> Option<usize> {
        let What::Ours(at) = self.used(fd).what else { return None };
        Some(at)
    }

    pub(super) fn open_files(&self) -> impl Iterator<Item = Fd> + '_ {
        (0..).zip(&self.files).filter(|(_, file)| file.open).map(|(at, _)| Fd(at))
    }

    /// Those that the kernel drops with the messages they are in.
    pub(super) fn drop_unread(&mut self) {
        for at in 0..self.connections.len() {
            for fd in std::mem::take(&mut self.connections[at].passed) {
                self.close(fd);
            }
        }
    }

    // Children

    /// Children of whose end nothing was told.
    pub(super) fn child_count(&self) -> usize {
        self.children.iter().filter(|child| !child.told).count()
    }

    /// Whoever is there now in the group of a child is to be gone at the end.
    pub(super) fn stop_begins(&mut self) {
        for at in 0..self.grandchildren.len() {
            let group = self.grandchildren[at].group;
            let to_stop = group.is_some_and(|pid| self.has_child(pid.0));
            self.grandchildren[at].to_stop |= to_stop;
        }
    }

    /// How many should be gone at the end.
    pub(super) fn left_over(&self) -> usize {
        let others = self.grandchildren.iter().filter(|other| other.to_stop).count();
        self.child_count() + others
    }

    /// Whether a child has ended since the last question.
    pub(super) fn take_sigchld(&mut self) -> bool {
        std::mem::take(&mut self.sigchld)
    }

    fn has_member(&self, group: Pid) -> bool {
        self.grandchildren.iter().any(|other| other.group == Some(group))
    }

    pub(super) fn has_child(&self, pid: i32) -> bool {
        self.children.iter().any(|child| child.pid.0 == pid)
    }

    /// The `nth` child ends, modulo how many there are, if there are any.
    pub(super) fn end_child(&mut self, nth: usize, end: Ended) {
        if let Some(at) = nth.checked_rem(self.children.len()) {
            self.end(at, end);
        }
    }

    /// All of them end, and theirs.
    pub(super) fn end_all(&mut self) {
        for at in 0..self.children.len() {
            self.end(at, Ended::Signal(Signal::KILL));
        }
        while self.end_grandchild() {}
    }

    /// The oldest grandchild ends. Returns whether there was one.
    pub(super) fn end_grandchild(&mut self) -> bool {
        if self.grandchildren.is_empty() {
            return false;
        }
        self.end_other(0);
        true
    }

    /// The execution of the `nth` of those programs that take their time is over. Returns which
    /// pid.
    pub(super) fn end_exec(&mut self, nth: usize) -> Option<(Pid, Option<Errno>)> {
        let hangs = |at: &usize| self.children[*at].exec.is_some();
        let hanging: Vec<usize> = (0..self.children.len()).filter(hangs).collect();
        let at = hanging[nth.checked_rem(hanging.len())?];
        let pid = self.children[at].pid;
        let failure = self.children[at].exec.as_ref().and_then(|exec| exec.failure);
        self.exec_is_over(at);
        Some((pid, failure.map(|failure| failure.errno)))
    }

    fn exec_is_over(&mut self, at: usize) {
        let child = &mut self.children[at];
        let Some(exec) = child.exec.take() else { return };
        let failure = exec.failure;
        self.exec_ends.push((child.pid, exec));
        if let Some(failure) = failure {
            self.untold.push(child.pid);
            child.behaviour = Behaviour::Obeys;
            self.end(at, Ended::Exit(failure.exit_code()));
        } else if let Behaviour::Forks(does, escapes) = child.behaviour {
            let group = (!escapes).then_some(child.pid);
            let fds = child.fds.clone();
            for fd in &fds {
                self.files[fd.0 as usize].holders += 1;
            }
            self.grandchildren.push(Grandchild { group, does, fds, to_stop: false });
        } else if child.behaviour == Behaviour::Reads {
            let fds = &self.children[at].fds;
            if fds.iter().any(|&fd| self.is_at_its_end(fd)) {
                self.end(at, Ended::Exit(0));
            }
        }
    }

    /// Whether nothing more will come from there.
    fn is_at_its_end(&self, fd: Fd) -> bool {
        match self.files[fd.0 as usize].what {
            What::From(other) => self.files[other.0 as usize].holders == 0,
            What::Theirs(at) => self.connections[at].closed,
            What::Plain | What::To(_) | What::Ours(_) | What::Log => false,
        }
    }

    /// An execution that is over: of this child, or of any.
    pub(super) fn hear_exec_end(&mut self, of: Option<Pid>) -> Option<(Pid, Exec)> {
        let at = self.exec_ends.iter().position(|(pid, _)| of.is_none_or(|of| of == *pid))?;
        Some(self.exec_ends.remove(at))
    }

    fn end_other(&mut self, at: usize) {
        for fd in self.grandchildren.remove(at).fds {
            self.release(fd);
        }
    }

    /// What a signal does to the others of a group.
    fn signal_others(&mut self, group: Pid, signal: Signal) {
        let mut at = 0;
        while let Some(other) = self.grandchildren.get_mut(at) {
            if other.group != Some(group) {
                at += 1;
                continue;
            }
            match (other.does, signal) {
                (_, Signal::KILL) => self.end_other(at),
                (_, Signal::CONT | Signal::CHLD) | (Other::Ignores, _) => at += 1,
                (Other::Forks, Signal::TERM) => {
                    other.does = Other::Obeys;
                    at += 1;
                }
                (Other::Obeys | Other::Forks, _) => self.end_other(at),
            }
        }
    }

    fn end(&mut self, at: usize, end: Ended) {
        let Some(child) = self.children.get_mut(at) else { return };
        if child.life != Life::Alive {
            return;
        }
        child.life = Life::Dead(end);
        // One that dies in exec has nothing to tell of it.
        child.exec = None;
        let fds = std::mem::take(&mut child.fds);
        self.sigchld = true;
        for fd in fds {
            self.release(fd);
        }
    }

    /// One process less holds it.
    fn release(&mut self, fd: Fd) {
        let file = &mut self.files[fd.0 as usize];
        file.holders -= 1;
        if file.holders > 0 {
            return;
        }
        match file.what {
            What::To(other) => self.end_readers(other),
            What::Theirs(at) => {
                let connection = &mut self.connections[at];
                connection.gone = true;
                connection.ended = true;
            }
            What::Ours(at) => {
                self.connections[at].closed = true;
                // The service's end is the next one, if there is a service.
                if self.connections[at].of_service {
                    self.end_readers(Fd(fd.0 + 1));
                }
            }
            What::Plain | What::From(_) | What::Log => {}
        }
    }

    /// There is nothing more to read from there.
    fn end_readers(&mut self, from: Fd) {
        for at in 0..self.children.len() {
            let child = &self.children[at];
            let reads = child.behaviour == Behaviour::Reads && child.exec.is_none();
            if reads && child.fds.contains(&from) {
                self.end(at, Ended::Exit(0));
            }
        }
    }

    fn spawn_child(&mut self, behaviour: Behaviour, fds: Vec<Fd>) -> Pid {
        // Out of order, and used again.
        loop {
            self.next_pid = (self.next_pid + 37) % 101;
            let pid = Pid(100 + self.next_pid);
            if self.has_child(pid.0) || self.has_member(pid) {
                continue;
            }
            let life = Life::Alive;
            self.children.push(Child { pid, behaviour, life, told: false, fds, exec: None });
            return pid;
        }
    }

    // Descriptors

    fn make(&mut self, what: What) -> Fd {
        self.files.push(File { what, open: true, holders: 1 });
        Fd(self.files.len() as i32 - 1)
    }

    fn blame(&mut self, what: impl FnOnce() -> String) {
        self.fault.get_or_insert_with(what);
    }

    fn used(&mut self, fd: Fd) -> &File {
        if !self.files[fd.0 as usize].open {
            self.blame(|| format!("use-after-close: descriptor {}", fd.0));
        }
        &self.files[fd.0 as usize]
    }

    fn check(&mut self, op: Op) -> Result<(), Errno> {
        let (errno, times) = &mut self.failing[op as usize];
        if *times == 0 {
            return Ok(());
        }
        *times -= 1;
        Err(Errno(*errno))
    }
}

/// Accepts what fits.
fn take(output: &mut Output, length: usize) -> Result<usize, Errno> {
    match output {
        Output::Free => Ok(length),
        Output::Room(room) => {
            let count = length.min(*room);
            *room -= count;
            Ok(count)
        }
        Output::Pieces(size) => Ok(length.min(*size)),
        Output::Fails(errno) => Err(*errno),
    }
}

impl System for World {
    fn explain(&self, errno: Errno) -> &'static str {
        let known = ERRORS.iter().find(|(_, number, _)| *number == errno.0);
        known.map_or("an error that has no text here", |(.., text)| text)
    }

    fn open(&mut self, _: &[u8], _: FileFlags) -> Result<Fd, Errno> {
        self.check(Op::Open)?;
        Ok(self.make(What::Plain))
    }

    fn pipe(&mut self, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Pipe)?;
        let next = self.files.len() as i32;
        Ok((self.make(What::From(Fd(next + 1))), self.make(What::To(Fd(next)))))
    }

    fn socketpair(&mut self, _: Domain, _: SocketType, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Socketpair)?;
        let next = self.files.len() as i32;
        // The last one to be closed does not matter to anybody.
        Ok((self.make(What::To(Fd(next + 1))), self.make(What::To(Fd(next)))))
    }

    fn socket(&mut self, _: SocketFlags, _: Option<Address<'_>>) -> Result<Fd, SocketFailure> {
        for (op, stage) in [
            (Op::Socket, SocketStage::Socket),
            (Op::Bind, SocketStage::Bind),
            (Op::Listen, SocketStage::Listen),
        ] {
            self.check(op).map_err(|errno| SocketFailure { stage, errno })?;
        }
        Ok(self.make(What::Plain))
    }

    fn inspect(&mut self, fd: Fd) -> FdKind {
        let flags = PipeFlags::default();
        match self.used(fd).what {
            What::Plain if fd.0 % 2 == 0 => {
                FdKind::File(FileFlags { read: true, ..FileFlags::default() })
            }
            _ => FdKind::Pipe { flags, end: PipeEnd::From, peer: Peer::Unknown },
        }
    }

    fn close(&mut self, fd: Fd) {
        if !self.files[fd.0 as usize].open {
            self.blame(|| format!("closed-twice: descriptor {}", fd.0));
            return;
        }
        self.files[fd.0 as usize].open = false;
        self.release(fd);
    }

    fn controller_pair(&mut self, direction: Direction) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Link)?;
        let at = self.connections.len();
        let ours = self.make_connection();
        let connection = &mut self.connections[at];
        connection.of_service = true;
        connection.hears = direction != Direction::Commands;
        connection.speaks = direction != Direction::Events;
        Ok((ours, self.make(What::Theirs(at))))
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        let What::Ours(at) = self.used(fd).what else { return None };
        Some(self.connections[at].input.len())
    }

    fn control_listen(&mut self, _: &[u8]) -> Result<Fd, Errno> {
        self.check(Op::Control)?;
        Ok(self.make(What::Plain))
    }

    fn control_unlisten(&mut self, listener: Fd) {
        self.close(listener);
    }

    fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        if bytes.is_empty() {
            self.blame(|| "empty-write: nothing was to be sent".to_owned());
        }
        let What::Ours(at) = self.used(fd).what else { return Err(Errno(libc::ENOTSOCK)) };
        let connection = &mut self.connections[at];
        if connection.gone {
            return Err(Errno(libc::EPIPE));
        }
        let count = take(&mut connection.output, bytes.len())?;
        connection.received.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn write_log(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        if bytes.is_empty() {
            self.blame(|| "empty-write: nothing was to be logged".to_owned());
        }
        let what = self.used(fd).what;
        match what {
            // Nobody reads any more.
            What::To(other) if self.files[other.0 as usize].holders == 0 => Err(Errno(libc::EPIPE)),
            What::Log => {
                let count = take(&mut self.log, bytes.len())?;
                self.log_text.extend_from_slice(&bytes[..count]);
                Ok(count)
            }
            What::Plain | What::To(_) => Ok(bytes.len()),
            What::From(_) | What::Ours(_) | What::Theirs(_) => Err(Errno(libc::EBADF)),
        }
    }

    fn chdir(&mut self, _: &[u8]) -> Result<(), Errno> {
        self.check(Op::Chdir)
    }

    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        self.check(Op::Fork)?;
        let mut fds = Vec::with_capacity(spawn.fds.len());
        for fd in spawn.fds {
            if let ChildFd::Same(fd) = *fd {
                self.used(fd);
                self.files[fd.0 as usize].holders += 1;
                fds.push(fd);
            }
        }
        let failed = |stage| move |errno| SpawnFailure { stage, errno };
        let failure = self
            .check(Op::Dup)
            .map_err(failed(SpawnStage::Fds))
            .and_then(|()| self.check(Op::Exec).map_err(failed(SpawnStage::Exec)))
            .err();
        let pid = self.spawn_child(Behaviour::of(spawn.args), fds);
        let program = spawn.args.iter().next().unwrap_or_default().to_vec();
        let at = self.children.len() - 1;
        self.children[at].exec = Some(Exec { program, failure });
        match self.exec_hangs.checked_sub(1) {
            Some(rest) => self.exec_hangs = rest,
            None => self.exec_is_over(at),
        }
        Ok(Spawned { pid, at: self.now })
    }

    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        self.check(Op::Fork)?;
        let pid = self.spawn_child(Behaviour::Obeys, Vec::new());
        self.end(self.children.len() - 1, Ended::Exit(status));
        Ok(Spawned { pid, at: self.now })
    }

    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
        let child = self.children.iter().position(|child| child.pid == pid);
        if child.is_none() && !(group && self.has_member(pid)) {
            self.blame(|| format!("wrong-kill: a signal for pid {}, which was reaped", pid.0));
            return Err(Errno(libc::ESRCH));
        }
        self.check(Op::Kill)?;
        if group {
            self.signal_others(pid, signal);
        }
        let Some(at) = child else { return Ok(()) };
        let harmless = [Signal::CONT, Signal::CHLD];
        // In exec there is no program yet that could do anything about it.
        let behaviour = match self.children[at].behaviour {
            Behaviour::Stuck => Behaviour::Stuck,
            _ if self.children[at].exec.is_some() => Behaviour::Obeys,
            behaviour => behaviour,
        };
        match (behaviour, signal) {
            (Behaviour::Stuck, _) => {}
            (_, Signal::KILL) => self.end(at, Ended::Signal(signal)),
            (Behaviour::Ignores, _) => {}
            (Behaviour::Exits, Signal::TERM) => self.end(at, Ended::Exit(7)),
            (_, signal) if harmless.contains(&signal) => {}
            (Behaviour::Obeys | Behaviour::Exits | Behaviour::Reads | Behaviour::Forks(..), _) => {
                self.end(at, Ended::Signal(signal));
            }
        }
        Ok(())
    }

    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Ended)> {
        let at = self.children.iter().position(|child| {
            child.life != Life::Alive && which.is_none_or(|which| which == child.pid)
        })?;
        let child = &mut self.children[at];
        let Life::Dead(end) = child.life else { return None };
        let pid = child.pid;
        if !std::mem::replace(&mut child.told, true) {
            self.told.push((pid, end));
        }
        if !keep {
            self.children.remove(at);
        }
        Some((pid, end))
    }

    fn last_words(
        &mut self,
        child: Pid,
        program: &mut Vec<u8>,
    ) -> Option<Result<(), SpawnFailure>> {
        let (_, Exec { program: name, failure }) = self.hear_exec_end(Some(child))?;
        program.extend_from_slice(&name);
        Some(failure.map_or(Ok(()), Err))
    }

    fn has_group(&mut self, group: Pid) -> bool {
        self.has_child(group.0) || self.has_member(group)
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        self.check(Op::Processes)?;
        self.look.clear();
        self.look.extend(self.children.iter().map(|child| Process {
            pid: child.pid,
            group: child.pid,
            is_child: true,
            is_zombie: child.life != Life::Alive,
        }));
        // Nobody asks for their numbers.
        self.look.extend(self.grandchildren.iter().map(|other| Process {
            pid: Pid(9),
            group: other.group.unwrap_or(Pid(9)),
            is_child: false,
            is_zombie: false,
        }));
        Ok(())
    }

    fn next_process(&mut self) -> Option<Process> {
        self.look.pop()
    }

    fn set_exit_exec(&mut self, _: Fields<'_>) {}
}
