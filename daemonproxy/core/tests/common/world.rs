//! A world for the state machine: descriptors, children and a log that exist only here.
//!
//! - A descriptor's number is never given out twice, so that a use after close and a second close
//!   are noticed, at once, by a panic.
//! - Whatever is written to a descriptor is kept; it can be made to take nothing, so many bytes, or
//!   to fail.
//! - What goes out to the world is noted down in [`World::calls`], as a line of text each.

use std::collections::{BTreeMap, VecDeque};

use daemonproxy_core::{
    ChildFd, Direction, Ended, Errno, Fd, FdKind, Monotonic, Peer, Pid, Process, SocketFailure,
    SocketStage, Spawn, SpawnFailure, Spawned, System,
};
use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, PipeEnd, PipeFlags, Signal, SocketFlags, SocketType,
};

/// What can be told to fail.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Op {
    Open,
    Pipe,
    Socketpair,
    Socket(SocketStageKey),
    ControllerPair,
    Listen,
    Chdir,
    Spawn,
    Kill,
}

/// [`SocketStage`], in an order.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SocketStageKey {
    Bind,
    Listen,
}

/// How a descriptor takes what is written to it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
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
    pub(crate) const BLOCKED: Self = Self::Room(0);

    pub(crate) fn is_writable(self) -> bool {
        self != Self::BLOCKED
    }
}

/// A descriptor that was made at some time.
pub(crate) struct File {
    pub(crate) what: String,
    pub(crate) is_open: bool,
    pub(crate) output: Output,
    pub(crate) written: Vec<u8>,
    /// What can be read from it, in the pieces in which it comes, with descriptors that come along.
    pub(crate) input: VecDeque<(Vec<u8>, Vec<Fd>)>,
    /// Nothing more will come.
    pub(crate) input_ended: bool,
    /// Nobody reads it any more.
    pub(crate) peer_gone: bool,
}

/// A process that was started.
pub(crate) struct Child {
    pub(crate) program: String,
    pub(crate) fds: Vec<Option<Fd>>,
    pub(crate) alive: bool,
    /// How it has ended, until it is reaped.
    ended: Option<Ended>,
    /// Others of its group: so many live, and so many are zombies.
    pub(crate) others: u32,
    pub(crate) zombies: u32,
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
pub(crate) struct ExecEnd {
    pub(crate) pid: Pid,
    pub(crate) program: String,
    pub(crate) failure: Option<SpawnFailure>,
}

#[derive(Default)]
pub(crate) struct World {
    pub(crate) now: Monotonic,
    pub(crate) calls: Vec<String>,
    pub(crate) files: BTreeMap<Fd, File>,
    pub(crate) children: BTreeMap<Pid, Child>,
    pub(crate) next_pid: i32,
    /// What `inspect` says of the next descriptors; a pipe from outside when there is nothing here.
    pub(crate) inspected: Option<FdKind>,
    /// How the execution of the next program ends.
    pub(crate) exec_failure: Option<SpawnFailure>,
    /// Whether the next program takes its time with that: until [`World::end_exec`].
    pub(crate) exec_hangs: bool,
    /// What the daemon has yet to hear of executions.
    pub(crate) exec_ends: VecDeque<ExecEnd>,
    /// There is no /proc here.
    pub(crate) blind: bool,
    /// How often all processes were looked at.
    pub(crate) looks: usize,
    look: Vec<Process>,
    failing: BTreeMap<Op, (Errno, u32)>,
    next_fd: i32,
}

impl World {
    pub(crate) fn new(now: Monotonic) -> Self {
        Self { now, next_pid: 100, next_fd: 10, ..Self::default() }
    }

    /// Makes the next `times` of this fail.
    pub(crate) fn fail(&mut self, op: Op, errno: i32, times: u32) {
        self.failing.insert(op, (Errno(errno), times));
    }

    pub(crate) fn make(&mut self, what: &str) -> Fd {
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

    pub(crate) fn file(&mut self, fd: Fd) -> &mut File {
        self.files.get_mut(&fd).unwrap_or_else(|| panic!("{fd:?} was never there"))
    }

    /// The descriptor made last of those whose description begins so.
    pub(crate) fn named(&self, what: &str) -> Fd {
        let found = self.files.iter().rev().find(|(_, file)| file.what.starts_with(what));
        *found.unwrap_or_else(|| panic!("there is no {what}")).0
    }

    /// What is open, in words.
    pub(crate) fn open_files(&self) -> Vec<&str> {
        self.files.values().filter(|file| file.is_open).map(|file| file.what.as_str()).collect()
    }

    /// The live child that runs this program, the latest of them.
    pub(crate) fn pid(&self, program: &str) -> Pid {
        self.find_pid(program).unwrap_or_else(|| panic!("{program} does not run"))
    }

    pub(crate) fn find_pid(&self, program: &str) -> Option<Pid> {
        let mut children = self.children.iter().rev();
        children.find(|(_, child)| child.alive && child.program == program).map(|(&pid, _)| pid)
    }

    /// Ends a child, whose descriptors somebody else has, too.
    pub(crate) fn end_alone(&mut self, pid: Pid, end: Ended) {
        let child = self.children.get_mut(&pid).unwrap_or_else(|| panic!("no child {pid:?}"));
        assert!(child.alive, "{pid:?} has ended already");
        child.alive = false;
        child.ended = Some(end);
    }

    /// Ends a child; what only it had open has nobody at the other end any more.
    pub(crate) fn end(&mut self, pid: Pid, end: Ended) {
        self.end_alone(pid, end);
        for fd in self.children[&pid].fds.clone().into_iter().flatten() {
            // `theirs` of a controller's pair is the number after `ours`.
            if self.files[&fd].what == "controller theirs" {
                let ours = self.file(Fd(fd.0 - 1));
                ours.peer_gone = true;
                ours.input_ended = true;
            }
        }
    }

    /// The execution of this child's program is over.
    pub(crate) fn end_exec(&mut self, pid: Pid) {
        let child = self.children.get_mut(&pid).unwrap_or_else(|| panic!("no child {pid:?}"));
        let failure = child.exec.take().unwrap_or_else(|| panic!("{pid:?} is not in exec"));
        self.exec_ends.push_back(ExecEnd { pid, program: child.program.clone(), failure });
    }

    /// A child that the daemon never started ends (as PID 1 there are many).
    pub(crate) fn stranger_ends(&mut self) {
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        self.children.insert(pid, Child::new("stranger".to_owned(), Vec::new()));
        self.end(pid, Ended::Exit(0));
    }

    /// Whether anybody has ended and was not reaped.
    pub(crate) fn has_zombies(&self) -> bool {
        self.children.values().any(|child| child.ended.is_some())
    }

    fn note(&mut self, call: String) {
        self.calls.push(call);
    }

    fn failure(&mut self, op: Op) -> Option<Errno> {
        let (errno, times) = self.failing.get_mut(&op)?;
        let errno = *errno;
        *times -= 1;
        if *times == 0 {
            self.failing.remove(&op);
        }
        Some(errno)
    }

    fn check(&mut self, op: Op) -> Result<(), Errno> {
        self.failure(op).map_or(Ok(()), Err)
    }

    fn used(&mut self, fd: Fd) -> &mut File {
        let file = self.file(fd);
        assert!(file.is_open, "use of {fd:?} ({}) after close", file.what);
        file
    }

    fn write(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        assert!(!bytes.is_empty(), "a write of nothing");
        let file = self.used(fd);
        if file.peer_gone {
            return Err(Errno(32));
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
        match errno.0 {
            2 => "No such file or directory",
            3 => "No such process",
            11 => "Resource temporarily unavailable",
            13 => "Permission denied",
            24 => "Too many open files",
            _ => "some other error",
        }
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
        let stages = [
            (SocketStageKey::Bind, SocketStage::Bind),
            (SocketStageKey::Listen, SocketStage::Listen),
        ];
        for (key, stage) in stages {
            if let Some(errno) = self.failure(Op::Socket(key)) {
                return Err(SocketFailure { stage, errno });
            }
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
        self.check(Op::ControllerPair)?;
        self.note(format!("pair {direction:?}"));
        let (ours, theirs) = (self.make("controller ours"), self.make("controller theirs"));
        Ok((ours, theirs))
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        Some(self.used(fd).input.iter().map(|(bytes, _)| bytes.len()).sum())
    }

    fn control_listen(&mut self, path: &[u8]) -> Result<Fd, Errno> {
        self.check(Op::Listen)?;
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
        self.check(Op::Spawn)?;
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
        let exec = Some(self.exec_failure.take());
        self.children.insert(pid, Child { exec, ..Child::new(program, fds) });
        if !std::mem::take(&mut self.exec_hangs) {
            self.end_exec(pid);
        }
        Ok(Spawned { pid, at: self.now })
    }

    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        self.check(Op::Spawn)?;
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        self.note(format!("stillborn {status}"));
        let program = "stillborn".to_owned();
        self.children.insert(pid, Child::new(program, Vec::new()));
        Ok(Spawned { pid, at: self.now })
    }

    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
        self.check(Op::Kill)?;
        let child = self.children.get(&pid).unwrap_or_else(|| panic!("no child {pid:?}"));
        let there = child.is_there() || (group && child.others + child.zombies > 0);
        assert!(there, "a signal for {}, which has ended and was reaped", child.program);
        let program = child.program.clone();
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
        let child = &self.children[&group];
        child.is_there() || child.others + child.zombies > 0
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        if self.blind {
            return Err(Errno(2));
        }
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
