//! The real world: every syscall of the daemon, and every `unsafe`, is in this folder.
//!
//! [`Os`] implements the [`System`] that the state machine asks for. Nothing in here decides
//! anything; it does the one thing asked for and reports what the kernel said.

// Other requirements are written where they are used; a port to another system begins here.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
compile_error!("the daemon is written for Linux with the GNU C library (2.32 or newer)");

mod alloc;
mod awaited;
mod background;
mod beside;
mod cgroup;
mod clock;
mod control;
mod crash;
mod dispositions;
mod epoll;
mod exit;
mod fd;
mod handed;
mod inherit;
mod inspect;
mod notify;
mod poll;
mod processes;
mod program;
mod raw;
mod receive;
mod resume;
mod shared;
mod signal;
mod socket;
mod spawn;
mod start;
mod starter;
mod terminal;
mod upgrade;

use daemonproxy_core::{
    Credentials, Death, Direction, Errno, Fd, FdKind, Monotonic, Notice, Pid, Process, Readiness,
    SocketFailure, SocketFile, Spawn, SpawnFailure, SpawnStage, Spawned, System,
};
use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, Name, Options, Signal, SocketFlags, SocketType,
};

pub use alloc::Noticing;
pub(crate) use awaited::PORTION as AWAITED;
pub(crate) use background::daemonize;
pub(crate) use cgroup::open_cgroups;
pub(crate) use clock::monotonic;
pub(crate) use control::IN_USE;
pub(crate) use crash::{install_crash_handlers, install_panic_hook};
pub(crate) use exit::{ExitExec, has_exit_exec, leave_process, print};
pub(crate) use fd::{close, duplicate, is_regular_file, read, with_content};
pub(crate) use handed::Handed;
pub(crate) use inherit::{Inherited, inherited};
pub(crate) use notify::BootAlarm;
pub(crate) use poll::Poll;
pub(crate) use program::{own_path, places};
pub(crate) use resume::Left;
pub(crate) use shared::private_copy;
pub(crate) use signal::{Heard, SignalSource};
pub(crate) use socket::{accept, is_socket, receive};
pub(crate) use spawn::{Outcome, Report};
pub(crate) use start::{Startup, forget_the_start, is_pid1, open_config};
pub(crate) use starter::Starter;
pub(crate) use terminal::{Editor, EditorLinks, on_terminal, start_editor};
pub(crate) use upgrade::{
    CHECK, Check, Program, RESUME, become_program, close_all_on_exec, read_state, reap_for_ever,
    sealed,
};

use awaited::Awaited;
use control::ControlSockets;
use fd::CPath;
use processes::Processes;
use shared::LogOutput;
use spawn::Spawner;

/// The kernel, as the state machine sees it.
pub(crate) struct Os {
    path: CPath,
    awaited: Awaited,
    spawner: Spawner,
    control: ControlSockets,
    exit_exec: ExitExec,
    log_output: LogOutput,
    processes: Processes,
    /// A controller's output of which we could not get our own copy: it may be blocking.
    pub(crate) shared_output: Option<Fd>,
    /// All memory is locked (mlockall(2)), which execve(2) undoes.
    is_locked: bool,
}

impl Os {
    /// All memory for strings of `longest` bytes is taken now, and none later; also that for as
    /// many starts at once as there are `services`.
    pub(crate) fn new(
        startup: &Startup,
        longest: usize,
        services: usize,
        exit_exec: ExitExec,
    ) -> Self {
        Self {
            path: CPath::new(longest),
            awaited: Awaited::new(),
            spawner: Spawner::new(startup, longest, services),
            control: ControlSockets::new(longest),
            exit_exec,
            log_output: LogOutput::default(),
            processes: Processes::new(),
            shared_output: None,
            is_locked: false,
        }
    }

    /// What the start has needed for a moment takes up no memory any more.
    pub(crate) fn forget_the_start(&mut self) {
        self.path.forget();
    }

    /// The memory of the daemon is to stay where it is.
    pub(crate) fn lock_memory(&mut self) -> Result<(), Errno> {
        start::lock_memory()?;
        self.is_locked = true;
        Ok(())
    }

    /// This can be read when one of the descriptors can be that services wait for.
    pub(crate) fn awaited(&self) -> Option<Fd> {
        self.awaited.fd()
    }

    /// Some of them that can. Returns how many.
    pub(crate) fn awaited_ready(&self, fds: &mut [Fd; AWAITED]) -> usize {
        self.awaited.ready(fds)
    }

    /// What the daemon was started with.
    pub(crate) fn startup(&self) -> Startup {
        self.spawner.startup()
    }

    /// The starts of which a report is to be expected, and where it comes from.
    pub(crate) fn starts(&self) -> impl Iterator<Item = (Pid, Fd)> + '_ {
        self.spawner.reports()
    }

    /// What has become of a start, if anything new is known.
    pub(crate) fn start_outcome<'a>(
        &mut self,
        pid: Pid,
        report: &'a mut Report,
    ) -> Option<Outcome<'a>> {
        self.spawner.outcome(pid, report)
    }

    /// Services can have cgroups in that directory.
    pub(crate) fn set_cgroups(&mut self, dir: Fd) {
        self.spawner.cgroups.set(dir);
    }

    /// We are another process now.
    pub(crate) fn listen_as_ourselves(&self) {
        self.control.listen_as_ourselves();
    }

    /// The standard descriptors refer to something else now.
    pub(crate) fn forget_log_output(&mut self) {
        self.log_output.forget();
    }
}

/// From the library's error number to ours.
fn errno(errno: nix::errno::Errno) -> Errno {
    Errno(errno as i32)
}

/// The text of an error number: that of strerror(3), in English whatever the locale.
pub(crate) fn explain(errno: Errno) -> &'static str {
    unsafe extern "C" {
        /// Of the GNU C library, since 2.32 (strerrordesc_np(3)).
        fn strerrordesc_np(errno: std::ffi::c_int) -> *const std::ffi::c_char;
    }
    // SAFETY: returns a constant string, or null for a number that it does not know.
    let text = unsafe {
        let text = strerrordesc_np(errno.0);
        if text.is_null() { None } else { std::ffi::CStr::from_ptr(text).to_str().ok() }
    };
    text.unwrap_or("Unknown error")
}

impl System for Os {
    fn explain(&self, errno: Errno) -> &'static str {
        explain(errno)
    }

    fn readiness(&self, fd: Fd) -> Readiness {
        poll::readiness(fd)
    }

    fn watch(&mut self, fd: Fd) -> Result<(), Errno> {
        self.awaited.watch(fd)
    }

    fn unwatch(&mut self, fd: Fd) {
        self.awaited.unwatch(fd);
    }

    fn open(&mut self, path: &[u8], flags: FileFlags) -> Result<Fd, Errno> {
        fd::open(&mut self.path, path, flags)
    }

    fn pipe(&mut self, nonblock: bool) -> Result<(Fd, Fd), Errno> {
        fd::pipe(nonblock)
    }

    fn socketpair(
        &mut self,
        domain: Domain,
        kind: SocketType,
        nonblock: bool,
    ) -> Result<(Fd, Fd), Errno> {
        socket::pair(domain, kind, nonblock)
    }

    fn socket(
        &mut self,
        flags: SocketFlags,
        address: Option<Address<'_>>,
    ) -> Result<Fd, SocketFailure> {
        socket::named(flags, address, &mut self.path)
    }

    fn inspect(&mut self, fd: Fd) -> FdKind {
        inspect::inspect(fd)
    }

    fn close(&mut self, fd: Fd) {
        if self.shared_output == Some(fd) {
            self.shared_output = None;
        }
        self.log_output.closing(fd);
        fd::close(fd);
    }

    fn controller_pair(&mut self, direction: Direction) -> Result<(Fd, Fd), Errno> {
        socket::controller_pair(direction)
    }

    fn unread(&mut self, fd: Fd) -> Option<usize> {
        socket::unread(fd)
    }

    fn control_listen(
        &mut self,
        path: &[u8],
        file: SocketFile,
        replaces: Option<Fd>,
    ) -> Result<Fd, Errno> {
        self.control.listen(path, file, replaces, &mut self.path)
    }

    fn control_unlisten(&mut self, listener: Fd) {
        self.control.unlisten(listener, &mut self.path);
    }

    fn credentials(&mut self, fd: Fd) -> Option<Credentials> {
        socket::credentials(fd)
    }

    fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        if self.shared_output == Some(fd) {
            shared::write_at_once(fd, bytes)
        } else {
            fd::write(fd, bytes)
        }
    }

    fn ready_pipe(&mut self) -> Result<(Fd, Fd), Errno> {
        fd::ready_pipe()
    }

    fn notify_socket(&mut self) -> Result<Fd, Errno> {
        notify::socket()
    }

    fn receive_notice(
        &mut self,
        socket: Fd,
        space: &mut [u8],
        fds: &mut [Fd],
    ) -> Result<Option<Notice>, Errno> {
        notify::receive(socket, space, fds)
    }

    fn boottime(&self) -> Monotonic {
        clock::boottime()
    }

    fn read(&mut self, fd: Fd, space: &mut [u8]) -> Result<Option<usize>, Errno> {
        fd::read(fd, space)
    }

    fn duplicate(&mut self, fd: Fd) -> Result<Fd, Errno> {
        fd::duplicate(fd)
    }

    fn send_with(&mut self, to: Fd, bytes: &[u8], passed: Fd) -> Result<usize, Errno> {
        socket::send_with(to, bytes, passed)
    }

    fn write_log(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno> {
        self.log_output.write(fd, bytes)
    }

    fn chdir(&mut self, path: &[u8]) -> Result<(), Errno> {
        nix::unistd::chdir(self.path.set(path)?).map_err(errno)
    }

    fn working_directory(&mut self, out: &mut Vec<u8>) {
        control::working_directory(out.capacity(), out);
    }

    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        self.spawner.spawn(spawn)
    }

    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        self.spawner.stillborn(status)
    }

    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno> {
        signal::kill(pid, signal, group)
    }

    fn signal(&mut self, process: Process, signal: Signal) {
        processes::signal(process, signal);
    }

    fn kill_all(&mut self, signal: Signal) {
        signal::kill_all(signal);
    }

    fn is_alone(&mut self) -> bool {
        signal::is_alone()
    }

    fn unknown_identity(&self, options: Options<'_>) -> Option<SpawnStage> {
        self.spawner.unknown_identity(options)
    }

    fn has_cgroups(&self) -> bool {
        self.spawner.cgroups.are_there()
    }

    fn watch_cgroup(&mut self, service: Name<'_>) -> Result<Fd, Errno> {
        self.spawner.cgroups.watch(service)
    }

    fn is_populated(&mut self, watch: Fd) -> bool {
        cgroup::is_populated(watch)
    }

    fn signal_cgroup(&mut self, service: Name<'_>, signal: Signal) {
        self.spawner.cgroups.signal(service, signal);
    }

    fn remove_cgroup(&mut self, service: Name<'_>) {
        self.spawner.cgroups.remove(service);
    }

    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Death)> {
        signal::ended_child(which, keep)
    }

    fn last_words(
        &mut self,
        child: Pid,
        program: &mut Vec<u8>,
    ) -> Option<Result<(), SpawnFailure>> {
        let mut report = Report::new();
        let words = match self.spawner.outcome(child, &mut report) {
            None => None,
            Some(Outcome::Executed) => Some(Ok(())),
            Some(Outcome::Failed(failure, name)) => {
                // There is room for the longest line, of which this is a part.
                let room = program.capacity() - program.len();
                program.extend_from_slice(name.get(..room).unwrap_or(name));
                Some(Err(failure))
            }
        };
        self.spawner.ended(child);
        words
    }

    fn has_group(&mut self, group: Pid) -> bool {
        signal::has_group(group)
    }

    fn open_processes(&mut self) -> Result<(), Errno> {
        self.processes.open()
    }

    fn next_process(&mut self) -> Option<Process> {
        self.processes.next()
    }

    fn set_exit_exec(&mut self, args: Fields<'_>) {
        self.exit_exec.set(args);
    }
}
