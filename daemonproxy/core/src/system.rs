//! What the world can do for the state machine: the trait [`System`] and the values it speaks in.
//!
//! The real one is in the daemon (`sys/`, on nix), the fake one is the world of
//! `daemonproxy-testing`. Every method does one thing and returns at once: nothing here may block.

use std::time::Duration;

use daemonproxy_protocol::{
    Address, Domain, Fields, FileFlags, Name, Options, Signal, SocketFlags, SocketType,
};

use crate::descriptor::kind::FdKind;

/// A descriptor of the daemon. Only the [`System`] knows what the number refers to.
///
/// Deliberately not an owning type: the state machine knows who owns it, and calls
/// [`System::close`] exactly once for each; the simulator checks that.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fd(pub i32);

/// A process id, as in kill(2).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pid(pub i32);

/// What there is to be read from a descriptor.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Nothing, for now.
    Nothing,
    /// Data, or somebody to accept.
    Data,
    /// Nothing any more: an error, or the other side has gone.
    Broken,
}

/// How a child ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It exited with this status.
    Exit(i32),
    /// It was killed by this signal.
    Signal(Signal),
}

/// What the kernel tells of a child that has ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Death {
    /// How it ended.
    pub end: Ended,
    /// It dumped core.
    pub core: bool,
    /// The processor time that it has used, in nanoseconds.
    pub cpu: u64,
    /// The most memory that it had resident, in kB.
    pub max_rss: i64,
}

impl From<Ended> for Death {
    /// One that has used nothing.
    fn from(end: Ended) -> Self {
        Self { end, core: false, cpu: 0, max_rss: 0 }
    }
}

/// An error number, as in errno(3). Its text comes from [`System::explain`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Errno(pub i32);

impl Errno {
    /// ENOENT of errno(3), the same number on every Linux.
    pub(crate) const NO_SUCH_FILE: Self = Self(2);
    /// EBADF, likewise.
    pub(crate) const BAD_FD: Self = Self(9);
    /// ENOMEM, likewise.
    pub(crate) const NO_MEMORY: Self = Self(12);
    /// EMFILE, likewise.
    pub(crate) const TOO_MANY: Self = Self(24);
}

/// A moment of CLOCK_MONOTONIC (clock_gettime(2)), in nanoseconds.
///
/// The protocol shows whole seconds; inside, the finer value keeps a restart interval of one second
/// from becoming anything between zero and two.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monotonic(u64);

impl Monotonic {
    const NANOS: u64 = 1_000_000_000;
    /// The last second that can be expressed: about 584 years after boot.
    pub const MAX_SECONDS: i64 = (u64::MAX / Self::NANOS) as i64;

    /// From nanoseconds since the clock's start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// From whole seconds since the clock's start.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(Self::NANOS))
    }

    /// Nanoseconds since the clock's start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The whole second it falls into: the timestamps of the protocol.
    pub const fn seconds(self) -> i64 {
        (self.0 / Self::NANOS) as i64
    }

    /// The moment `seconds` later.
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as u64 * Self::NANOS))
    }

    /// The moment that much later.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self(self.0.saturating_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)))
    }

    /// The moment `milliseconds` later.
    #[must_use]
    pub const fn plus_millis(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds.saturating_mul(1_000_000)))
    }

    /// The moment in the middle between this one and a later one; this one, when that is not later.
    #[must_use]
    pub const fn halfway_to(self, later: Self) -> Self {
        Self(self.0.saturating_add(later.0.saturating_sub(self.0) / 2))
    }

    /// Whole seconds that have passed since `earlier`; 0 if it is not earlier.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0.saturating_sub(earlier.0) / Self::NANOS) as i64
    }
}

/// One number of a new child: what is to be open there.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ChildFd {
    /// Nothing (a `-` in the list of `service.fds`).
    Closed,
    /// The same open file as this descriptor of the daemon.
    Same(Fd),
}

/// A program to start.
#[derive(Copy, Clone, Debug)]
pub struct Spawn<'a> {
    /// The service, after which its cgroup is called.
    pub service: Name<'a>,
    /// The argument list; its first field is both the program (searched in PATH) and `argv[0]`.
    pub args: Fields<'a>,
    /// What becomes descriptor 0, 1, 2, … Nothing else is open in the child.
    pub fds: &'a [ChildFd],
    /// What those are called.
    pub names: Fields<'a>,
    /// How it can say something of itself (sd_notify(3)), if it can.
    pub notify: Option<NotifyBy>,
    /// How else it differs from the daemon.
    pub options: Options<'a>,
    /// Its environment, beyond the daemon's: `env`, and then `service.env`.
    pub env: [Fields<'a>; 2],
}

/// How a service says something of itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct NotifyBy {
    /// The daemon's socket, to which it sends.
    pub socket: Fd,
    /// How often it must say that it is alive.
    pub watchdog: Option<Duration>,
}

/// One message of a service.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How many bytes it has.
    pub bytes: usize,
    /// How many descriptors came with it.
    pub fds: usize,
    /// Who has sent it, if the kernel says so.
    pub sender: Option<Credentials>,
    /// There was more of it, bytes or descriptors, for which there was no room.
    pub is_cut: bool,
}

/// A child that exists now.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Spawned {
    /// Its process id.
    pub pid: Pid,
    /// When it was made.
    pub at: Monotonic,
    /// The user that its program runs as.
    pub user: u32,
}

/// How a child failed to become the program. It then exits with [`SpawnFailure::exit_code`].
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SpawnFailure {
    /// What it was doing.
    pub stage: SpawnStage,
    /// What went wrong.
    pub errno: Errno,
}

/// The steps between fork and the program, in their order. The grammar says which option belongs to
/// which.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SpawnStage {
    /// A session of its own (setsid).
    Session,
    /// The terminal that controls it (TIOCSCTTY).
    Tty,
    /// Its cgroup, and what that has a limit of.
    Cgroup,
    /// The limits (setrlimit).
    Limit,
    /// The nice value (setpriority).
    Nice,
    /// The adjustment for when memory is short (`/proc/self/oom_score_adj`).
    Oom,
    /// The file mode creation mask (umask).
    Umask,
    /// The groups (setgid, setgroups).
    Group,
    /// The user (setuid).
    User,
    /// What concerns privileges and the parent (prctl).
    Prctl,
    /// The working directory (chdir).
    Cwd,
    /// Putting the descriptors to their numbers (dup2).
    Fds,
    /// Executing the program (execve).
    Exec,
}

impl SpawnStage {
    /// All of them, in their order.
    pub const ALL: &[Self] = &[
        Self::Session,
        Self::Tty,
        Self::Cgroup,
        Self::Limit,
        Self::Nice,
        Self::Oom,
        Self::Umask,
        Self::Group,
        Self::User,
        Self::Prctl,
        Self::Cwd,
        Self::Fds,
        Self::Exec,
    ];

    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Tty => "tty",
            Self::Cgroup => "cgroup",
            Self::Limit => "limit",
            Self::Nice => "nice",
            Self::Oom => "oom",
            Self::Umask => "umask",
            Self::Group => "group",
            Self::User => "user",
            Self::Prctl => "prctl",
            Self::Cwd => "cwd",
            Self::Fds => "fds",
            Self::Exec => "exec",
        }
    }
}

impl SpawnFailure {
    /// The exit status of such a child: 127 when the program was not found, 126 for every other
    /// reason, as in a POSIX shell (XCU 2.8.2).
    pub fn exit_code(self) -> i32 {
        if self.stage == SpawnStage::Exec && self.errno == Errno::NO_SUCH_FILE { 127 } else { 126 }
    }
}

/// A process, as a look at all of them finds it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its process id.
    pub pid: Pid,
    /// Its process group: the process id of whoever leads it, or has led it.
    pub group: Pid,
    /// Its session: the process id of whoever leads it, or has led it.
    pub session: Pid,
    /// It is in the session of the daemon.
    pub is_near: bool,
    /// It is a child of the daemon.
    pub is_child: bool,
    /// It has ended and was not reaped.
    pub is_zombie: bool,
}

impl Process {
    /// Whether it is in the group or the session of a process that was a child of the daemon.
    pub(crate) fn is_of(&self, main: Pid) -> bool {
        self.session == main || self.group == main && self.is_near
    }
}

/// In which direction a controller's connection carries lines.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The service reads events (`control.event`).
    Events,
    /// The service writes commands (`control.cmd`).
    Commands,
    /// Both on one descriptor, or one for each.
    Both,
}

/// The step of `fd.socket` that failed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum SocketStage {
    /// socket(2).
    Socket,
    /// setsockopt(2), SO_REUSEADDR.
    Setsockopt,
    /// bind(2), and making the directories in front of a path.
    Bind,
    /// listen(2).
    Listen,
}

/// Why a socket could not be made.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SocketFailure {
    /// The step that failed.
    pub stage: SocketStage,
    /// What went wrong.
    pub errno: Errno,
}

/// What the file of a control socket is to be like. Nothing: as the umask and the daemon's own user
/// have it.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct SocketFile {
    /// Its permissions.
    pub mode: Option<u16>,
    /// The user that owns it.
    pub uid: Option<u32>,
    /// Its group.
    pub gid: Option<u32>,
}

/// Who is at the other end of a connection, as the kernel knows it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The user.
    pub uid: u32,
    /// The group of that user.
    pub gid: u32,
    /// The process that connected.
    pub pid: Pid,
}

/// What the state machine asks of the world. Descriptors that it returns are close-on-exec.
pub trait System {
    /// The text of an error number, such as `No such file or directory`.
    fn explain(&self, errno: Errno) -> &'static str;

    /// Whether there is something to read from a descriptor, as poll(2) sees it.
    fn readiness(&self, fd: Fd) -> Readiness;
    /// From now on whoever runs the state machine tells it when there is something to read from a
    /// descriptor, or when it is broken: [`Proxy::awaited_is_ready`](crate::Proxy::awaited_is_ready).
    /// Some cannot be watched, such as files; and in a fault none.
    fn watch(&mut self, fd: Fd) -> Result<(), Errno>;
    /// That is over. It is said before such a descriptor is closed: whoever has inherited it keeps
    /// the open file, and with it the kernel would keep watching.
    fn unwatch(&mut self, fd: Fd);

    /// Opens a file (`fd.open`). New files get mode 0600, new directories 0700.
    fn open(&mut self, path: &[u8], flags: FileFlags) -> Result<Fd, Errno>;
    /// A pipe: its read end and its write end (`fd.pipe`).
    fn pipe(&mut self, nonblock: bool) -> Result<(Fd, Fd), Errno>;
    /// A pair of connected sockets (`fd.pipe` with a socket flag).
    fn socketpair(
        &mut self,
        domain: Domain,
        kind: SocketType,
        nonblock: bool,
    ) -> Result<(Fd, Fd), Errno>;
    /// A socket, bound and listening as the flags have it (`fd.socket`).
    fn socket(
        &mut self,
        flags: SocketFlags,
        address: Option<Address<'_>>,
    ) -> Result<Fd, SocketFailure>;
    /// What kind of descriptor this is, for one that came from outside (`fd.take`).
    fn inspect(&mut self, fd: Fd) -> FdKind;
    /// Closes it. It is not used again.
    fn close(&mut self, fd: Fd);

    /// A connection for a service that is a controller: our end (non-blocking), the service's end.
    fn controller_pair(&mut self, direction: Direction) -> Result<(Fd, Fd), Errno>;
    /// How many bytes can be read from that connection now; `None` if that is not known.
    fn unread(&mut self, fd: Fd) -> Option<usize>;
    /// Listens for controllers at `path` (`socket.create`). A stale socket there is replaced, and
    /// so is the one of this listener of ours.
    fn control_listen(
        &mut self,
        path: &[u8],
        file: SocketFile,
        replaces: Option<Fd>,
    ) -> Result<Fd, Errno>;
    /// Closes that listener and removes its file.
    fn control_unlisten(&mut self, listener: Fd);
    /// Who has connected to the control socket (SO_PEERCRED of unix(7)), if that is known.
    fn credentials(&mut self, fd: Fd) -> Option<Credentials>;
    /// Sends to a controller without blocking. Returns how much was accepted; EAGAIN is `Ok(0)`.
    fn send(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno>;
    /// A pipe on which a service says that it is ready: our end, from which nothing is awaited when
    /// it is read, and the service's.
    fn ready_pipe(&mut self) -> Result<(Fd, Fd), Errno>;
    /// A socket to which a service sends messages of its own, which are told with their senders.
    fn notify_socket(&mut self) -> Result<Fd, Errno>;
    /// Receives one of these messages, and descriptors with it. What there is no room for is lost,
    /// and closed. Nothing now is `None`.
    fn receive_notice(
        &mut self,
        socket: Fd,
        space: &mut [u8],
        fds: &mut [Fd],
    ) -> Result<Option<Notice>, Errno>;
    /// The clock that also counts while the machine sleeps (CLOCK_BOOTTIME).
    fn boottime(&self) -> Monotonic;
    /// Reads what has come. Nothing now is `None`; the end is `Some(0)`.
    fn read(&mut self, fd: Fd, space: &mut [u8]) -> Result<Option<usize>, Errno>;
    /// Another descriptor for the same open file.
    fn duplicate(&mut self, fd: Fd) -> Result<Fd, Errno>;
    /// The same as [`Self::send`], and passes a descriptor along with the first byte (SCM_RIGHTS of
    /// unix(7)). Ours stays open.
    fn send_with(&mut self, to: Fd, bytes: &[u8], passed: Fd) -> Result<usize, Errno>;
    /// Writes to the log without blocking, even if others made the descriptor a blocking one.
    /// Returns how much was accepted; "not now" is `Ok(0)`.
    fn write_log(&mut self, fd: Fd, bytes: &[u8]) -> Result<usize, Errno>;

    /// Changes the working directory (`chdir`).
    fn chdir(&mut self, path: &[u8]) -> Result<(), Errno>;
    /// Puts the working directory, an absolute path, into `out`; nothing if it cannot be told or
    /// there is no room for it.
    fn working_directory(&mut self, out: &mut Vec<u8>);
    /// Makes a child that becomes this program. `Err` means that there is none. Whether it could be
    /// executed is reported later: [`Proxy::executed`](crate::Proxy::executed), and
    /// [`Proxy::exec_failed`](crate::Proxy::exec_failed).
    fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno>;
    /// A child that only exits with `status`: so a start that cannot succeed looks to controllers
    /// like any other.
    fn spawn_stillborn(&mut self, status: i32) -> Result<Spawned, Errno>;
    /// kill(2); with `group`, the process group that `pid` leads.
    fn kill(&mut self, pid: Pid, signal: Signal, group: bool) -> Result<(), Errno>;
    /// kill(2), for this process if it is still the one that a look has found.
    fn signal(&mut self, process: Process, signal: Signal);
    /// kill(2), for every process that there is, but for the daemon. Only for process 1.
    fn kill_all(&mut self, signal: Signal);
    /// Whether there is nobody else, not even a zombie.
    fn is_alone(&mut self) -> bool;
    /// At which stage a start with these options would fail now, because the user or a group does
    /// not exist. Nothing if that cannot be known.
    fn unknown_identity(&self, options: Options<'_>) -> Option<SpawnStage>;
    /// Whether services can have cgroups.
    fn has_cgroups(&self) -> bool;
    /// A descriptor on which something happens when the cgroup of this service becomes empty.
    fn watch_cgroup(&mut self, service: Name<'_>) -> Result<Fd, Errno>;
    /// Whether there is anybody in a cgroup that is watched with this, or below it.
    fn is_populated(&mut self, watch: Fd) -> bool;
    /// Sends it to all in the cgroup of this service. SIGKILL reaches everybody, however fast they
    /// multiply.
    fn signal_cgroup(&mut self, service: Name<'_>, signal: Signal);
    /// Removes the cgroup of this service, if nobody is in it.
    fn remove_cgroup(&mut self, service: Name<'_>);
    /// A child that has ended, and how: any, or this one. With `keep` it stays a zombie, and its
    /// number its own, until it is asked for without; while there is a zombie, one that was kept
    /// may come again and again when any is asked for.
    fn ended_child(&mut self, which: Option<Pid>, keep: bool) -> Option<(Pid, Death)>;
    /// The result of executing a child's program, if it has not been reported yet; the name of a
    /// program that could not be executed is put into `program`. Asked when the child has ended and
    /// before it is reaped, so that everything it has said is heard before its end is reported.
    fn last_words(&mut self, child: Pid, program: &mut Vec<u8>)
    -> Option<Result<(), SpawnFailure>>;
    /// Whether there is anybody in the process group of that number, be it zombies.
    fn has_group(&mut self, group: Pid) -> bool;
    /// Begins to look at all processes there are, but for those of the kernel. Fails where that
    /// cannot be done.
    fn open_processes(&mut self) -> Result<(), Errno>;
    /// The next of them. After `None` the look is over. Whoever is born or ends meanwhile may be
    /// missed.
    fn next_process(&mut self) -> Option<Process>;
    /// Sets what to execute instead of exiting (`terminate.exec_args`); empty turns it off. It is
    /// kept where even a crash finds it.
    fn set_exit_exec(&mut self, args: Fields<'_>);
}

#[cfg(test)]
mod tests {
    use super::SpawnStage;
    use daemonproxy_protocol::tables::OPTIONS;

    #[test]
    fn every_option_of_the_grammar_has_its_stage() {
        let known = |name| SpawnStage::ALL.iter().any(|stage| stage.as_str() == name);
        for option in OPTIONS {
            let stage = option.stage.unwrap_or("exec");
            assert!(known(stage), "add the stage `{stage}` of the option `{}`", option.name);
        }
    }
}
