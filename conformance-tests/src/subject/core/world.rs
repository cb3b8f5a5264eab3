//! A world that is not there: descriptors, children and errors that a transcript makes up.
//!
//! A number of a descriptor is never given out twice, so that a use after close and a second close are
//! noticed. Such a fault is kept in [`FakeWorld::fault`] and fails the transcript.

use std::collections::{BTreeMap, VecDeque};

use daemonproxy_core::{
    ChildFd, Direction, Ended, Errno, Fd, FdKind, Monotonic, Pid, Process, SocketFailure,
    SocketStage, Spawn, SpawnFailure, SpawnStage, Spawned, System,
};
use daemonproxy_protocol::{Address, Domain, Fields, FileFlags, Signal, SocketFlags, SocketType};

use crate::transcript::{ERRORS, Operation};

/// What a descriptor is that a controller has passed: a file that is open for reading.
pub(super) const PASSED: FdKind = FdKind::File(FileFlags {
    read: true,
    write: false,
    append: false,
    create: false,
    truncate: false,
    nonblock: false,
    mkdir: false,
});

/// A descriptor that was made at some time.
#[derive(Default)]
pub(super) struct File {
    pub(super) open: bool,
    /// What the daemon has written to it.
    pub(super) written: Vec<u8>,
    /// So many more bytes can be written; `None`: any number.
    pub(super) room: Option<usize>,
    /// What the daemon has yet to read from it.
    pub(super) input: VecDeque<u8>,
    /// A descriptor that comes along with the next of these bytes.
    pub(super) passed: Option<Fd>,
    /// Nothing more will come.
    pub(super) input_ended: bool,
    /// Nobody reads it any more.
    pub(super) peer_gone: bool,
    /// What it is, if it came from outside.
    pub(super) kind: Option<FdKind>,
}

impl File {
    pub(super) fn is_writable(&self) -> bool {
        self.peer_gone || self.room != Some(0)
    }
}

/// A process, and its group.
struct Child {
    alive: bool,
    /// How it has ended, until it is reaped.
    ended: Option<Ended>,
    /// So many others of its process group live.
    others: u32,
    /// The daemon's ends of the connections that it has.
    connections: Vec<Fd>,
    /// What it executes, as long as that is under way.
    exec: Option<Vec<u8>>,
}

/// An execution that is over: whose, of what, and why it has failed.
pub(super) struct ExecEnd {
    pub(super) pid: Pid,
    pub(super) program: Vec<u8>,
    pub(super) failure: Option<SpawnFailure>,
}

pub(super) struct FakeWorld {
    pub(super) now: Monotonic,
    /// What fails next, and how.
    pub(super) failing: BTreeMap<Operation, i32>,
    /// What the state machine should not have done.
    pub(super) fault: Option<String>,
    /// The next program takes its time with being executed.
    pub(super) exec_hangs: bool,
    /// What the daemon has yet to hear of executions.
    pub(super) exec_ends: VecDeque<ExecEnd>,
    files: Vec<File>,
    children: BTreeMap<Pid, Child>,
    /// The daemon's end of each connection, by the service's end.
    pairs: BTreeMap<Fd, Fd>,
    /// What is left of the look at all processes.
    look: Vec<Process>,
}

impl FakeWorld {
    pub(super) fn new(now: Monotonic) -> Self {
        Self {
            now,
            failing: BTreeMap::new(),
            fault: None,
            exec_hangs: false,
            exec_ends: VecDeque::new(),
            files: Vec::new(),
            children: BTreeMap::new(),
            pairs: BTreeMap::new(),
            look: Vec::new(),
        }
    }

    pub(super) fn make(&mut self) -> Fd {
        self.files.push(File { open: true, ..File::default() });
        Fd(self.files.len() as i32 - 1)
    }

    pub(super) fn file(&mut self, fd: Fd) -> &mut File {
        &mut self.files[fd.0 as usize]
    }

    /// A child ends, and its connections with it.
    pub(super) fn end(&mut self, pid: Pid, end: Ended) -> Result<(), String> {
        let child = self.children.get_mut(&pid).filter(|child| child.alive);
        let child = child.ok_or_else(|| format!("there is no child {}", pid.0))?;
        child.alive = false;
        child.ended = Some(end);
        for fd in child.connections.clone() {
            let file = self.file(fd);
            file.peer_gone = true;
            file.input_ended = true;
        }
        Ok(())
    }

    /// A child's program has been executed, or could not be.
    pub(super) fn end_exec(&mut self, pid: Pid, errno: Option<i32>) -> Result<(), String> {
        let child = self.children.get_mut(&pid).filter(|child| child.alive);
        let program = child.and_then(|child| child.exec.take());
        let program = program.ok_or_else(|| format!("no child {} is in exec", pid.0))?;
        let failure =
            errno.map(|errno| SpawnFailure { stage: SpawnStage::Exec, errno: Errno(errno) });
        self.exec_ends.push_back(ExecEnd { pid, program, failure });
        Ok(())
    }

    /// So many others of a child's process group live, whether it has ended or not.
    pub(super) fn set_others(&mut self, pid: Pid, others: u32) -> Result<(), String> {
        let child = self.children.get_mut(&pid);
        child.ok_or_else(|| format!("there was no child {}", pid.0))?.others = others;
        Ok(())
    }

    fn check(&mut self, operation: Operation) -> Result<(), Errno> {
        self.failing.remove(&operation).map_or(Ok(()), |errno| Err(Errno(errno)))
    }

    fn used(&mut self, fd: Fd) -> &mut File {
        if !self.file(fd).open {
            self.fault = Some(format!("descriptor {} was used after it was closed", fd.0));
        }
        self.file(fd)
    }

    fn write(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        let file = self.used(fd);
        if file.peer_gone {
            return Err(Errno(libc::EPIPE));
        }
        let count = bytes.len().min(file.room.unwrap_or(usize::MAX));
        if let Some(room) = &mut file.room {
            *room -= count;
        }
        file.written.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn child(&mut self, connections: Vec<Fd>, exec: Option<Vec<u8>>) -> Pid {
        let pid = Pid(101 + self.children.len() as i32);
        let child = Child { alive: true, ended: None, others: 0, connections, exec };
        self.children.insert(pid, child);
        pid
    }
}

impl System for FakeWorld {
    fn explain(&self, errno: Errno) -> &'static str {
        let known = ERRORS.iter().find(|(_, number, _)| *number == errno.0);
        known.map_or("an error that has no text here", |(.., text)| text)
    }

    fn open(&mut self, _: &[u8], _: FileFlags) -> Result<Fd, Errno> {
        self.check(Operation::Open)?;
        Ok(self.make())
    }

    fn pipe(&mut self, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Operation::Pipe)?;
        Ok((self.make(), self.make()))
    }

    fn socketpair(&mut self, _: Domain, _: SocketType, _: bool) -> Result<(Fd, Fd), Errno> {
        self.check(Operation::Socketpair)?;
        Ok((self.make(), self.make()))
    }

    fn socket(&mut self, _: SocketFlags, _: Option<Address<'_>>) -> Result<Fd, SocketFailure> {
        for (operation, stage) in [
            (Operation::Socket, SocketStage::Socket),
            (Operation::Bind, SocketStage::Bind),
            (Operation::Listen, SocketStage::Listen),
        ] {
            self.check(operation).map_err(|errno| SocketFailure { stage, errno })?;
        }
        Ok(self.make())
    }

    fn inspect(&mut self, fd: Fd) -> FdKind {
        self.used(fd).kind.unwrap_or(PASSED)
    }

    fn close(&mut self, fd: Fd) {
        self.used(fd).open = false;
    }

    fn controller_pair(&mut self, _: Direction) -> Result<(Fd, Fd), Errno> {
        let (ours, theirs) = (self.make(), self.make());
        self.pairs.insert(theirs, ours);
        Ok((ours, theirs))
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        Some(self.used(fd).input.len())
    }

    fn control_listen(&mut self, _: &[u8]) -> Result<Fd, Errno> {
        self.check(Operation::Control)?;
        Ok(self.make())
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

    fn chdir(&mut self, _: &[u8]) -> Result<(), Errno> {
        self.check(Operation::Chdir)
    }

    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        self.check(Operation::Fork)?;
        let mut connections = Vec::new();
        for fd in spawn.fds {
            if let ChildFd::Same(fd) = *fd {
                self.used(fd);
                connections.extend(self.pairs.get(&fd));
            }
        }
        let program = spawn.args.iter().next().unwrap_or_default();
        let pid = self.child(connections, Some(program.to_vec()));
        if !std::mem::take(&mut self.exec_hangs) {
            let errno = self.check(Operation::Exec).err().map(|errno| errno.0);
            let _ = self.end_exec(pid, errno);
        }
        Ok(Spawned { pid, at: self.now })
    }

    fn spawn_stillborn(&mut self, _: i32) -> Result<Spawned, Errno> {
        self.check(Operation::Fork)?;
        let pid = self.child(Vec::new(), None);
        Ok(Spawned { pid, at: self.now })
    }

    fn kill(&mut self, pid: Pid, _: Signal, group: bool) -> Result<(), Errno> {
        self.check(Operation::Kill)?;
        let there =
            |child: &Child| child.alive || child.ended.is_some() || (group && child.others > 0);
        if !self.children.get(&pid).is_some_and(there) {
            self.fault = Some(format!("a signal for {}, which has ended", pid.0));
        }
        Ok(())
    }

    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Ended)> {
        let mut children = self.children.iter_mut();
        let (&pid, child) = children.find(|(pid, child)| {
            child.ended.is_some() && which.is_none_or(|which| which == **pid)
        })?;
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
        program.extend_from_slice(&end.program);
        Some(end.failure.map_or(Ok(()), Err))
    }

    fn has_group(&mut self, group: Pid) -> bool {
        let there = |child: &Child| child.alive || child.ended.is_some() || child.others > 0;
        self.children.get(&group).is_some_and(there)
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        self.look.clear();
        for (&group, child) in &self.children {
            if child.alive || child.ended.is_some() {
                let is_zombie = !child.alive;
                self.look.push(Process { pid: group, group, is_child: true, is_zombie });
            }
            // Nobody asks for their numbers.
            self.look.extend((0..child.others).map(|_| Process {
                pid: Pid(0),
                group,
                is_child: false,
                is_zombie: false,
            }));
        }
        Ok(())
    }

    fn next_process(&mut self) -> Option<Process> {
        self.look.pop()
    }

    fn set_exit_exec(&mut self, _: Fields<'_>) {}
}
