//! The world of a state machine that is not there: descriptors, children and a log that exist only
//! here. A virtual clock, failures by order, and nothing that happens by itself: a child ends when
//! whoever plays the world says so.
//!
//! - A descriptor's number is never given out twice, so that a use after close and a second close
//!   are noticed. What the state machine should not have done is kept in [`World::fault`].
//! - Whatever is written to a descriptor is kept; it can be made to take nothing, so many bytes, or
//!   to fail.
//! - What goes out to the world is noted down in [`World::calls`], as a line of text each.

mod op;

use std::collections::{BTreeMap, VecDeque};

use daemonproxy_core::{
    ChildFd, Direction, Ended, Errno, Fd, FdKind, Monotonic, Peer, Pid, Process, SocketFailure,
    SocketStage, Spawn, SpawnFailure, SpawnStage, Spawned, System,
};
use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, PipeEnd, PipeFlags, Signal, SocketFlags, SocketType,
};

pub use op::{ERRORS, Op};

/// How a descriptor takes what is written to it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// All of it.
    Free,
    /// So many bytes more, and then nothing.
    Room(usize),
    /// Any number of bytes, but so many at a time.
    Pieces(usize),
    /// It fails.
    Fails(Errno),
}

impl Output {
    /// Nothing at all.
    pub const BLOCKED: Self = Self::Room(0);

    /// Whether poll(2) would say so.
    pub fn is_writable(self) -> bool {
        self != Self::BLOCKED
    }
}

/// A descriptor that was made at some time.
pub struct File {
    /// In words.
    pub what: String,
    /// The daemon has it open.
    pub is_open: bool,
    /// How it takes what the daemon writes.
    pub output: Output,
    /// What the daemon has written.
    pub written: Vec<u8>,
    /// What can be read from it, in the pieces in which it comes, with descriptors that come along.
    pub input: VecDeque<(Vec<u8>, Vec<Fd>)>,
    /// Nothing more will come.
    pub input_ended: bool,
    /// Nobody reads it any more.
    pub peer_gone: bool,
}

impl File {
    /// Whether poll(2) would say so.
    pub fn is_writable(&self) -> bool {
        self.peer_gone || self.output.is_writable()
    }

    /// What one recvmsg(2) gives of what has come: at most so many bytes, and descriptors with them.
    pub fn receive(&mut self, most: usize) -> Option<(Vec<u8>, Vec<Fd>)> {
        let (bytes, fds) = self.input.front_mut()?;
        let piece = bytes.drain(..most.min(bytes.len())).collect();
        let fds = std::mem::take(fds);
        if bytes.is_empty() {
            self.input.pop_front();
        }
        Some((piece, fds))
    }

    /// Whoever has the other end closes it.
    pub fn hang_up(&mut self) {
        self.peer_gone = true;
        self.input_ended = true;
    }
}

/// A process that was started.
pub struct Child {
    /// The first of its arguments.
    pub program: String,
    fds: Vec<Option<Fd>>,
    /// It has not ended.
    pub alive: bool,
    /// How it has ended, until it is reaped.
    ended: Option<Ended>,
    /// Others of its group: so many live, and so many are zombies.
    pub others: u32,
    /// See there.
    pub zombies: u32,
    /// It is in exec, which will end so.
    exec: Option<Option<SpawnFailure>>,
}

impl Child {
    fn new(program: String, fds: Vec<Option<Fd>>) -> Self {
        Self { program, fds, alive: true, ended: None, others: 0, zombies: 0, exec: None }
    }

    /// Whether its number is still its own.
    fn is_there(&self) -> bool {
        self.alive || self.ended.is_some()
    }
}

/// An execution that is over: whose, of what, and why it has failed.
pub struct ExecEnd {
    /// Which child.
    pub pid: Pid,
    /// What it was to execute.
    pub program: String,
    /// None: it has become that program.
    pub failure: Option<SpawnFailure>,
}

/// See the top of this file.
#[derive(Default)]
pub struct World {
    /// The time.
    pub now: Monotonic,
    /// What the state machine should not have done; the first one counts.
    pub fault: Option<String>,
    /// What was asked of it, in words.
    pub calls: Vec<String>,
    /// All that were ever made.
    pub files: BTreeMap<Fd, File>,
    /// All that were ever started.
    pub children: BTreeMap<Pid, Child>,
    /// The number of the next child.
    pub next_pid: i32,
    /// What `inspect` says; a pipe from outside when there is nothing here.
    pub inspected: Option<FdKind>,
    /// Whether the next program takes its time with being executed: until [`World::end_exec`].
    pub exec_hangs: bool,
    /// What the daemon has yet to hear of executions.
    pub exec_ends: VecDeque<ExecEnd>,
    /// How often all processes were looked at.
    pub looks: usize,
    look: Vec<Process>,
    failing: BTreeMap<Op, (Errno, u32)>,
    next_fd: i32,
}

impl World {
    /// An empty one, at this time.
    pub fn new(now: Monotonic) -> Self {
        Self { now, next_pid: 100, next_fd: 10, ..Self::default() }
    }

    /// Makes the next `times` of this fail.
    pub fn fail(&mut self, op: Op, errno: i32, times: u32) {
        self.failing.insert(op, (Errno(errno), times));
    }

    /// Makes a descriptor, which the daemon has open.
    pub fn make(&mut self, what: &str) -> Fd {
        let fd = Fd(self.next_fd);
        self.next_fd += 1;
        let file = File {
            what: what.to_owned(),
            is_open: true,
            output: Output::Free,
            written: Vec::new(),
            input: VecDeque::new(),
            input_ended: false,
            peer_gone: false,
        };
        self.files.insert(fd, file);
        fd
    }

    /// The file behind a descriptor, open or not.
    pub fn file(&mut self, fd: Fd) -> &mut File {
        self.files.get_mut(&fd).unwrap_or_else(|| panic!("{fd:?} was never there"))
    }

    /// The descriptor made last of those whose description begins so.
    pub fn named(&self, what: &str) -> Fd {
        let found = self.files.iter().rev().find(|(_, file)| file.what.starts_with(what));
        *found.unwrap_or_else(|| panic!("there is no {what}")).0
    }

    /// What is open, in words.
    pub fn open_files(&self) -> Vec<&str> {
        self.files.values().filter(|file| file.is_open).map(|file| file.what.as_str()).collect()
    }

    /// The live child that runs this program, the latest of them.
    pub fn pid(&self, program: &str) -> Pid {
        self.find_pid(program).unwrap_or_else(|| panic!("{program} does not run"))
    }

    /// The same, if there is any.
    pub fn find_pid(&self, program: &str) -> Option<Pid> {
        let mut children = self.children.iter().rev();
        children.find(|(_, child)| child.alive && child.program == program).map(|(&pid, _)| pid)
    }

    /// Ends a child, whose descriptors somebody else has, too.
    pub fn end_alone(&mut self, pid: Pid, end: Ended) {
        let child = self.children.get_mut(&pid).unwrap_or_else(|| panic!("no child {pid:?}"));
        assert!(child.alive, "{pid:?} has ended already");
        child.alive = false;
        child.ended = Some(end);
    }

    /// Whether this child runs.
    pub fn is_alive(&self, pid: Pid) -> bool {
        self.children.get(&pid).is_some_and(|child| child.alive)
    }

    /// Ends a child; what only it had open has nobody at the other end any more.
    pub fn end(&mut self, pid: Pid, end: Ended) {
        self.end_alone(pid, end);
        for fd in self.children[&pid].fds.clone().into_iter().flatten() {
            // `theirs` of a controller's pair is the number after `ours`.
            if self.files[&fd].what == "controller theirs" {
                self.file(Fd(fd.0 - 1)).hang_up();
            }
        }
    }

    /// Whether this child lives, and its program has not been executed.
    pub fn is_in_exec(&self, pid: Pid) -> bool {
        self.children.get(&pid).is_some_and(|child| child.alive && child.exec.is_some())
    }

    /// The execution of this child's program is over, as it was to end from the start.
    pub fn end_exec(&mut self, pid: Pid) {
        let child = self.children.get_mut(&pid).unwrap_or_else(|| panic!("no child {pid:?}"));
        let failure = child.exec.take().unwrap_or_else(|| panic!("{pid:?} is not in exec"));
        self.exec_ends.push_back(ExecEnd { pid, program: child.program.clone(), failure });
    }

    /// The execution of this child's program will fail so, or not at all.
    pub fn set_exec_failure(&mut self, pid: Pid, errno: Option<i32>) {
        if let Some(child) = self.children.get_mut(&pid) {
            let failed = |errno| SpawnFailure { stage: SpawnStage::Exec, errno: Errno(errno) };
            child.exec = Some(errno.map(failed));
        }
    }

    /// A child that the daemon never started ends (as PID 1 there are many).
    pub fn stranger_ends(&mut self) {
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        self.children.insert(pid, Child::new("stranger".to_owned(), Vec::new()));
        self.end(pid, Ended::Exit(0));
    }

    /// Whether anybody has ended and was not reaped.
    pub fn has_zombies(&self) -> bool {
        self.children.values().any(|child| child.ended.is_some())
    }

    fn note(&mut self, call: String) {
        self.calls.push(call);
    }

    fn blame(&mut self, fault: String) {
        self.fault.get_or_insert(fault);
    }

    fn check(&mut self, op: Op) -> Result<(), Errno> {
        let Some((errno, times)) = self.failing.get_mut(&op) else { return Ok(()) };
        let errno = *errno;
        *times -= 1;
        if *times == 0 {
            self.failing.remove(&op);
        }
        Err(errno)
    }

    fn used(&mut self, fd: Fd) -> &mut File {
        let file = &self.files[&fd];
        if !file.is_open {
            self.blame(format!("use of {fd:?} ({}) after it was closed", file.what));
        }
        self.file(fd)
    }

    fn write(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        if bytes.is_empty() {
            self.blame(format!("a write of nothing to {fd:?}"));
        }
        let file = self.used(fd);
        if file.peer_gone {
            return Err(Errno(libc::EPIPE));
        }
        let count = match &mut file.output {
            Output::Free => bytes.len(),
            Output::Room(room) => {
                let count = bytes.len().min(*room);
                *room -= count;
                count
            }
            Output::Pieces(size) => bytes.len().min(*size),
            Output::Fails(errno) => return Err(*errno),
        };
        file.written.extend_from_slice(&bytes[..count]);
        Ok(count)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\t', " ")
}

impl System for World {
    fn explain(&self, errno: Errno) -> &'static str {
        let known = ERRORS.iter().find(|(_, number, _)| *number == errno.0);
        known.map_or("an error that has no text here", |(.., text)| text)
    }

    fn open(&mut self, path: &[u8], _: FileFlags) -> Result<Fd, Errno> {
        self.check(Op::Open)?;
        Ok(self.make(&text(path)))
    }

    fn pipe(&mut self, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Pipe)?;
        Ok((self.make("pipe from"), self.make("pipe to")))
    }

    fn socketpair(&mut self, _: Domain, _: SocketType, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Socketpair)?;
        Ok((self.make("socketpair"), self.make("socketpair")))
    }

    fn socket(&mut self, _: SocketFlags, _: Option<Address<'_>>) -> Result<Fd, SocketFailure> {
        for (op, stage) in [
            (Op::Socket, SocketStage::Socket),
            (Op::Bind, SocketStage::Bind),
            (Op::Listen, SocketStage::Listen),
        ] {
            self.check(op).map_err(|errno| SocketFailure { stage, errno })?;
        }
        Ok(self.make("socket"))
    }

    fn inspect(&mut self, fd: Fd) -> FdKind {
        self.used(fd);
        let flags = PipeFlags::default();
        self.inspected.unwrap_or(FdKind::Pipe { flags, end: PipeEnd::From, peer: Peer::Unknown })
    }

    fn close(&mut self, fd: Fd) {
        self.used(fd).is_open = false;
        let what = self.files[&fd].what.clone();
        self.note(format!("close {what}"));
    }

    fn controller_pair(&mut self, direction: Direction) -> Result<(Fd, Fd), Errno> {
        self.check(Op::Link)?;
        self.note(format!("pair {direction:?}"));
        let (ours, theirs) = (self.make("controller ours"), self.make("controller theirs"));
        Ok((ours, theirs))
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        Some(self.used(fd).input.iter().map(|(bytes, _)| bytes.len()).sum())
    }

    fn control_listen(&mut self, path: &[u8]) -> Result<Fd, Errno> {
        self.check(Op::Control)?;
        Ok(self.make(&format!("listener {}", text(path))))
    }

    fn control_unlisten(&mut self, listener: Fd) {
        self.close(listener);
    }

    fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        self.write(fd, bytes)
    }

    fn write_log(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        self.write(fd, bytes)
    }

    fn chdir(&mut self, path: &[u8]) -> Result<(), Errno> {
        self.check(Op::Chdir)?;
        self.note(format!("chdir {}", text(path)));
        Ok(())
    }

    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        self.check(Op::Fork)?;
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        let mut fds = Vec::new();
        let mut shown = Vec::new();
        for fd in spawn.fds {
            match *fd {
                ChildFd::Closed => {
                    fds.push(None);
                    shown.push("-".to_owned());
                }
                ChildFd::Same(fd) => {
                    shown.push(self.used(fd).what.clone());
                    fds.push(Some(fd));
                }
            }
        }
        let args = text(spawn.args.as_bytes());
        self.note(format!("spawn {args} [{}]", shown.join(", ")));
        let program = text(spawn.args.iter().next().unwrap_or_default());
        assert!(!self.children.get(&pid).is_some_and(Child::is_there), "{pid:?} is in use");
        let failed = |stage| move |errno| SpawnFailure { stage, errno };
        let failure = self
            .check(Op::Dup)
            .map_err(failed(SpawnStage::Fds))
            .and_then(|()| self.check(Op::Exec).map_err(failed(SpawnStage::Exec)))
            .err();
        self.children.insert(pid, Child { exec: Some(failure), ..Child::new(program, fds) });
        if !std::mem::take(&mut self.exec_hangs) {
            self.end_exec(pid);
        }
        Ok(Spawned { pid, at: self.now })
    }

    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        self.check(Op::Fork)?;
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        self.note(format!("stillborn {status}"));
        let program = "stillborn".to_owned();
        self.children.insert(pid, Child::new(program, Vec::new()));
        Ok(Spawned { pid, at: self.now })
    }

    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
        self.check(Op::Kill)?;
        let Some(child) = self.children.get(&pid) else {
            self.blame(format!("a signal for {pid:?}, which was never there"));
            return Err(Errno(libc::ESRCH));
        };
        let program = child.program.clone();
        let others = group && child.others + child.zombies > 0;
        if !(child.is_there() || others) {
            self.blame(format!("a signal for {program}, {pid:?}, which has ended and was reaped"));
            return Err(Errno(libc::ESRCH));
        }
        let mut name = Vec::new();
        signal.write_name(&mut name);
        let group = if group { " group" } else { "" };
        self.note(format!("kill {program} {}{group}", text(&name)));
        Ok(())
    }

    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Ended)> {
        let mut children = self.children.iter_mut();
        let found = |(pid, child): &(&Pid, &mut Child)| {
            child.ended.is_some() && which.is_none_or(|which| which == **pid)
        };
        let (&pid, child) = children.find(found)?;
        let end = if keep { child.ended } else { child.ended.take() };
        end.map(|end| (pid, end))
    }

    fn last_words(
        &mut self,
        child: Pid,
        program: &mut Vec<u8>,
    ) -> Option<Result<(), SpawnFailure>> {
        let at = self.exec_ends.iter().position(|end| end.pid == child)?;
        let end = self.exec_ends.remove(at)?;
        program.extend_from_slice(end.program.as_bytes());
        Some(end.failure.map_or(Ok(()), Err))
    }

    fn has_group(&mut self, group: Pid) -> bool {
        let there = |child: &Child| child.is_there() || child.others + child.zombies > 0;
        self.children.get(&group).is_some_and(there)
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        self.check(Op::Processes)?;
        self.looks += 1;
        self.look.clear();
        for (&pid, child) in &self.children {
            // Others of the group: numbers that nobody else has, and on both sides of their leader.
            let others = (0..child.others + child.zombies).map(|nth| Process {
                pid: Pid(if nth % 2 == 0 { 50_000 } else { -50_000 } + 100 * pid.0 + nth as i32),
                group: pid,
                is_child: false,
                is_zombie: nth >= child.others,
            });
            self.look.extend(others);
            if child.is_there() {
                let is_zombie = !child.alive;
                self.look.push(Process { pid, group: pid, is_child: true, is_zombie });
            }
        }
        self.look.sort_by_key(|process| std::cmp::Reverse(process.pid));
        Ok(())
    }

    fn next_process(&mut self) -> Option<Process> {
        self.look.pop()
    }

    fn set_exit_exec(&mut self, args: Fields<'_>) {
        self.note(format!("exit_exec {}", text(args.as_bytes())));
    }
}
