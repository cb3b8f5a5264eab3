//! What the state machine asks of a world.

use daemonproxy_core::{
    ChildFd, Credentials, Death, Direction, Ended, Errno, Fd, FdKind, Monotonic, Notice, Peer, Pid,
    Process, Readiness, SocketFailure, SocketFile, SocketStage, Spawn, SpawnFailure, SpawnStage,
    Spawned, System,
};
use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, Kill, Name, Options, PipeEnd, PipeFlags, ServiceOption,
    Signal, SocketFlags, SocketType,
};

use super::behaviour::Behaviour;
use super::child::{ExecEnd, Life};
use super::children::READY;
use super::file::End;
use super::{ERRORS, Op, World};

/// While this lives, the world is at work, and not the state machine.
struct AtWork(fn(bool));

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0(false);
    }
}

impl World {
    fn at_work(&self) -> AtWork {
        (self.watch)(true);
        AtWork(self.watch)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\t', " ")
}

fn name(signal: Signal) -> String {
    let mut name = Vec::new();
    signal.write_name(&mut name);
    text(&name)
}

impl System for World {
    fn explain(&self, errno: Errno) -> &'static str {
        let known = ERRORS.iter().find(|(_, number, _)| *number == errno.0);
        known.map_or("an error that has no text here", |(.., text)| text)
    }

    fn readiness(&self, fd: Fd) -> Readiness {
        self.at(fd).readiness()
    }

    fn watch(&mut self, fd: Fd) -> Result<(), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Watch)?;
        self.used(fd);
        if !self.watched.insert(fd) {
            self.blame(|| format!("watched-twice: {fd:?}"));
        }
        Ok(())
    }

    fn unwatch(&mut self, fd: Fd) {
        let _at_work = self.at_work();
        self.watched.remove(&fd);
    }

    fn open(&mut self, path: &[u8], _: FileFlags) -> Result<Fd, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Open)?;
        Ok(self.make(text(path)))
    }

    fn pipe(&mut self, _: bool) -> Result<(Fd, Fd), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Pipe)?;
        let (from, to) = (self.next_fd(), Fd(self.next_fd().0 + 1));
        Ok((self.make_end("pipe from", End::From(to)), self.make_end("pipe to", End::To(from))))
    }

    fn socketpair(&mut self, _: Domain, _: SocketType, _: bool) -> Result<(Fd, Fd), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Socketpair)?;
        let (one, other) = (self.next_fd(), Fd(self.next_fd().0 + 1));
        // Which of them is closed last does not matter to anybody.
        Ok((self.make_end("socketpair", End::To(other)), self.make_end("socketpair", End::To(one))))
    }

    fn socket(&mut self, _: SocketFlags, _: Option<Address<'_>>) -> Result<Fd, SocketFailure> {
        let _at_work = self.at_work();
        for (op, stage) in [
            (Op::Socket, SocketStage::Socket),
            (Op::Bind, SocketStage::Bind),
            (Op::Listen, SocketStage::Listen),
        ] {
            self.faults.check(op).map_err(|errno| SocketFailure { stage, errno })?;
        }
        Ok(self.make("socket"))
    }

    fn inspect(&mut self, fd: Fd) -> FdKind {
        let flags = PipeFlags::default();
        let unknown = FdKind::Pipe { flags, end: PipeEnd::From, peer: Peer::Unknown };
        self.used(fd).kind.unwrap_or(unknown)
    }

    fn close(&mut self, fd: Fd) {
        let _at_work = self.at_work();
        self.note(|world| format!("close {}", world.at(fd).what));
        self.close_file(fd);
    }

    fn controller_pair(&mut self, direction: Direction) -> Result<(Fd, Fd), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Link)?;
        self.note(|_| format!("pair {direction:?}"));
        let ours = self.make_link("controller ours", Some(direction));
        Ok((ours, self.make_end("controller theirs", End::Theirs(ours))))
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        let file = self.used(fd);
        matches!(file.end, End::Ours(_)).then(|| file.unread())
    }

    fn control_listen(
        &mut self,
        path: &[u8],
        file: SocketFile,
        _: Option<Fd>,
    ) -> Result<Fd, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Control)?;
        if file != SocketFile::default() {
            self.note(|_| format!("{file:?} for {}", text(path)));
        }
        Ok(self.make(format!("listener {}", text(path))))
    }

    fn control_unlisten(&mut self, listener: Fd) {
        self.close(listener);
    }

    fn credentials(&mut self, _: Fd) -> Option<Credentials> {
        self.peer
    }

    fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        let _at_work = self.at_work();
        match self.at(fd).end {
            End::Ours(_) => self.write_to(fd, bytes),
            End::Plain | End::From(_) | End::To(_) | End::Theirs(_) => Err(Errno(libc::ENOTSOCK)),
        }
    }

    fn ready_pipe(&mut self) -> Result<(Fd, Fd), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Pipe)?;
        let (from, to) = (self.next_fd(), Fd(self.next_fd().0 + 1));
        let ours = self.make_end("ready ours", End::From(to));
        Ok((ours, self.make_end(READY, End::To(from))))
    }

    fn notify_socket(&mut self) -> Result<Fd, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Notify)?;
        Ok(self.make("notify socket"))
    }

    fn receive_notice(
        &mut self,
        socket: Fd,
        space: &mut [u8],
        fds: &mut [Fd],
    ) -> Result<Option<Notice>, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Receive)?;
        let Some(said) = self.used(socket).notices.pop_front() else { return Ok(None) };
        let bytes = said.text.len().min(space.len());
        space[..bytes].copy_from_slice(&said.text[..bytes]);
        fds[..said.fds.len()].copy_from_slice(&said.fds);
        for &fd in &said.fds {
            self.file(fd).is_open = true;
        }
        let sender = Some(Credentials { uid: said.uid, gid: said.uid, pid: said.pid });
        let is_cut = bytes < said.text.len();
        Ok(Some(Notice { bytes, fds: said.fds.len(), sender, is_cut }))
    }

    fn boottime(&self) -> Monotonic {
        self.now.plus(self.slept)
    }

    fn read(&mut self, fd: Fd, space: &mut [u8]) -> Result<Option<usize>, Errno> {
        let _at_work = self.at_work();
        if let Some((bytes, _)) = self.used(fd).receive(space.len()) {
            space[..bytes.len()].copy_from_slice(&bytes);
            return Ok(Some(bytes.len()));
        }
        Ok(self.is_at_its_end(fd).then_some(0))
    }

    fn duplicate(&mut self, fd: Fd) -> Result<Fd, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Duplicate)?;
        let what = self.used(fd).what.clone();
        Ok(self.make(format!("copy of {what}")))
    }

    fn send_with(&mut self, to: Fd, bytes: &[u8], passed: Fd) -> Result<usize, Errno> {
        let sent = self.send(to, bytes)?;
        let _at_work = self.at_work();
        let what = self.used(passed).what.clone();
        if sent > 0 {
            self.note(|_| format!("pass {what}"));
        }
        Ok(sent)
    }

    fn write_log(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        let _at_work = self.at_work();
        self.write_to(fd, bytes)
    }

    fn chdir(&mut self, path: &[u8]) -> Result<(), Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Chdir)?;
        self.note(|_| format!("chdir {}", text(path)));
        match path.starts_with(b"/") {
            true => self.directory = path.to_vec(),
            false => {
                self.directory.push(b'/');
                self.directory.extend_from_slice(path);
            }
        }
        Ok(())
    }

    fn working_directory(&mut self, out: &mut Vec<u8>) {
        out.clear();
        if self.directory.len() <= out.capacity() {
            out.extend_from_slice(&self.directory);
        }
    }

    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Fork)?;
        self.note(|world| {
            let shown = |fd: &ChildFd| match *fd {
                ChildFd::Closed => "-".to_owned(),
                ChildFd::Same(fd) => world.at(fd).what.to_string(),
            };
            let shown: Vec<String> = spawn.fds.iter().map(shown).collect();
            let options = match text(spawn.options.fields().as_bytes()) {
                none if none.is_empty() => none,
                options => format!(" {{{options}}}"),
            };
            let args = text(spawn.args.as_bytes());
            format!("spawn {args} [{}]{options}", shown.join(", "))
        });
        let open = |fd: &ChildFd| match *fd {
            ChildFd::Closed => None,
            ChildFd::Same(fd) => Some(fd),
        };
        let fds: Vec<Fd> = spawn.fds.iter().filter_map(open).collect();
        for &fd in &fds {
            self.hold(fd);
        }
        let failure = self.faults.check_exec(spawn.options);
        let does = self.behave.map_or(Behaviour::Played, |behave| behave(spawn.args));
        let program = spawn.args.iter().next().unwrap_or_default().to_vec();
        let pid = self.add_child(program, does, fds);
        let at = self.children.len() - 1;
        self.children[at].exec = Some(failure);
        let session = |option| matches!(option, ServiceOption::Session(_));
        self.children[at].leads_session = spawn.options.iter().any(session);
        self.children[at].notify = spawn.notify.map(|notify| notify.socket);
        let cgroup =
            |option| matches!(option, ServiceOption::Kill(Kill::Cgroup) | ServiceOption::Memory(_));
        let service = spawn.service.as_bytes().to_vec();
        self.children[at].cgroup = spawn.options.iter().any(cgroup).then_some(service);
        match self.exec_hangs.checked_sub(1) {
            Some(rest) => self.exec_hangs = rest,
            None => self.end_exec_at(at),
        }
        Ok(Spawned { pid, at: self.now, user: super::USER })
    }

    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        let _at_work = self.at_work();
        self.faults.check(Op::Fork)?;
        self.note(|_| format!("stillborn {status}"));
        let pid = self.add_child(b"stillborn".to_vec(), Behaviour::Played, Vec::new());
        if self.behave.is_some() {
            self.end(pid, Ended::Exit(status));
        }
        Ok(Spawned { pid, at: self.now, user: super::USER })
    }

    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
        let _at_work = self.at_work();
        let there = self.has_child(pid);
        if !(there || group && self.is_number_of_others(pid)) {
            self.blame(|| format!("wrong-kill: a signal for {pid:?}, which was reaped"));
            return Err(Errno(libc::ESRCH));
        }
        self.faults.check(Op::Kill)?;
        let Some(at) = self.position(pid) else { return Ok(()) };
        self.note(|world| {
            let group = if group { " group" } else { "" };
            format!("kill {} {}{group}", text(&world.children[at].program), name(signal))
        });
        // In exec there is no program yet that could do anything about it.
        let does = match self.children[at].does {
            does @ (Behaviour::Stuck | Behaviour::Played) => does,
            _ if self.children[at].exec.is_some() => Behaviour::Obeys,
            does => does,
        };
        if there && let Some(end) = does.end_by(signal) {
            self.end_at(at, end);
        }
        if group {
            self.signal_others(pid, signal);
        }
        Ok(())
    }

    fn unknown_identity(&self, options: Options<'_>) -> Option<SpawnStage> {
        options.iter().find_map(|option| match option {
            ServiceOption::User(b"no-such-user" | b"4123456789") => Some(SpawnStage::User),
            ServiceOption::Group(b"no-such-group") => Some(SpawnStage::Group),
            _ => None,
        })
    }

    fn has_cgroups(&self) -> bool {
        self.has_cgroups
    }

    fn watch_cgroup(&mut self, service: Name<'_>) -> Result<Fd, Errno> {
        let _at_work = self.at_work();
        match self.faults.check(Op::Cgroup) {
            // The kernel does not say that of one in which somebody is.
            Err(Errno(libc::ENOENT)) if self.has_cgroup_members(service.as_bytes()) => {}
            result => result?,
        }
        let fd = self.make("cgroup");
        self.used(fd).cgroup = Some((service.as_bytes().to_vec(), true));
        Ok(fd)
    }

    fn is_populated(&mut self, watch: Fd) -> bool {
        let Some((service, _)) = self.used(watch).cgroup.clone() else { return false };
        let populated = self.has_cgroup_members(&service);
        self.used(watch).cgroup = Some((service, populated));
        populated
    }

    fn signal_cgroup(&mut self, service: Name<'_>, signal: Signal) {
        let _at_work = self.at_work();
        let service = service.as_bytes();
        self.note(|_| format!("kill cgroup {} {}", text(service), name(signal)));
        for at in 0..self.children.len() {
            let child = &self.children[at];
            let is_in = child.cgroup.as_deref() == Some(service);
            if is_in && let Some(end) = child.does.end_by(signal) {
                self.end_at(at, end);
            }
        }
        self.signal_others_in(service, signal);
    }

    fn remove_cgroup(&mut self, service: Name<'_>) {
        let _at_work = self.at_work();
        self.note(|_| format!("remove cgroup {}", text(service.as_bytes())));
    }

    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Death)> {
        let _at_work = self.at_work();
        let at = self
            .children
            .iter()
            .position(|child| child.is_zombie() && which.is_none_or(|which| which == child.pid))?;
        let child = &mut self.children[at];
        let Life::Dead(end) = child.life else { return None };
        let pid = child.pid;
        if !std::mem::replace(&mut child.told, true) {
            self.told.push((pid, end));
        }
        if !keep {
            self.reap(at);
        }
        Some((pid, end.into()))
    }

    fn last_words(
        &mut self,
        child: Pid,
        program: &mut Vec<u8>,
    ) -> Option<Result<(), SpawnFailure>> {
        let _at_work = self.at_work();
        let ExecEnd { program: name, failure, .. } = self.hear_exec_end(Some(child))?;
        program.extend_from_slice(&name);
        Some(failure.map_or(Ok(()), Err))
    }

    fn has_group(&mut self, group: Pid) -> bool {
        self.has_child(group) || self.has_member(group)
    }

    fn signal(&mut self, process: Process, signal: Signal) {
        let _at_work = self.at_work();
        self.note(|_| format!("kill another {}", name(signal)));
        self.signal_other(process.pid, signal);
    }

    fn kill_all(&mut self, signal: Signal) {
        let _at_work = self.at_work();
        self.note(|_| format!("kill everybody {}", name(signal)));
        for at in 0..self.children.len() {
            if let Some(end) = self.children[at].does.end_by(signal) {
                self.end_at(at, end);
            }
        }
        self.signal_everybody_else(signal);
    }

    fn is_alone(&mut self) -> bool {
        self.look_around();
        self.look.is_empty()
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        let _at_work = self.at_work();
        let opened = self.faults.check(Op::Processes);
        self.was_blind |= opened.is_err();
        opened?;
        self.look_around();
        Ok(())
    }

    fn next_process(&mut self) -> Option<Process> {
        self.look.pop()
    }

    fn set_exit_exec(&mut self, args: Fields<'_>) {
        let _at_work = self.at_work();
        self.note(|_| format!("exit_exec {}", text(args.as_bytes())));
    }
}
