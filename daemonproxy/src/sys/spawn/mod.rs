//! Starting a program.
//!
//! The daemon never waits for execve(2): for a program on a network file system that hangs, or
//! under a lease that somebody does not give up, it takes as long as others want it to. A start is
//! over for us when there is a process. How its execution went comes later, through a pipe
//! ([`report`]).
//!
//! There are two ways to make the process:
//!
//! - `clone(CLONE_VM)`: the child borrows our memory, with a place of its own in it ([`memory`]),
//!   while we go on. That costs the same however large the daemon is.
//! - fork(2), which copies our page tables. It is used for what does not fit into such a place, or
//!   when all of them are in use; and where sharing memory is refused (qemu-user, valgrind, a
//!   seccomp filter), or is not safe, because a child that dumps core takes down everybody who
//!   shares its memory (Linux before 5.16).
//!
//! What a start costs, measured by `make bench` on two busy processors, as a multiple of
//! posix_spawn(3) followed by waitpid(2): 0.27 with shared memory, 2.0 with fork, and 0.78 with
//! `CLONE_VFORK`, which was used before and stopped the daemon until the program was executed. With
//! 5000 other services the figures are much the same.
//!
//! Either way, everything that the child needs is made ready before, and [`child`] only makes
//! system calls.
//!
//! No signal makes the child do what our handlers do, and none is lost: all are blocked while the
//! process is made, and the child unblocks them when it has reset what it must (`dispositions.rs`).

mod child;
mod decode;
mod environment;
mod identity;
mod layout;
mod memory;
mod report;
mod settings;

use std::ffi::{CStr, c_char, c_int};

use daemonproxy_core::{
    ChildFd, Errno, Fd, NotifyBy, Pid, Read, Spawn, SpawnFailure, SpawnStage, Spawned, StateLine,
    Value, Writer, Wrong, split,
};
use daemonproxy_protocol::{Fields, Name, Options};
use nix::fcntl::OFlag;
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::unistd::{ForkResult, fork};

use super::cgroup::{Cgroup, Cgroups};
use super::clock::monotonic;
use super::fd::{close, give};
use super::notify::SOCKET_NAME;
use super::raw::{self, LEAVES_ERRNO_ALONE};
use super::start::{Startup, environ};
use child::{Job, LONGEST_PATH, Plan};
use environment::{Contents, Environment};
use layout::Layout;
use memory::Places;
use report::is_at_its_end;
pub(crate) use report::{Outcome, Report};
use settings::Settings;

/// Where to search for a program if the environment has no PATH: what the C library would do.
const DEFAULT_PATH: &[u8] = b"/bin:/usr/bin";

/// A child whose start is not over for us: it may be in our memory, or have something to report.
pub(super) struct Start {
    pid: Pid,
    /// Where its report comes from.
    report: Option<Fd>,
    /// Its place in our memory.
    place: Option<usize>,
    /// It leads a session.
    session: bool,
}

impl Start {
    /// Reads one that another daemon has left.
    pub(super) fn read<'a>(line: StateLine<'a>) -> Read<'a, Self> {
        let mut start = Self { pid: Pid(0), report: None, place: None, session: false };
        for field in line.rest.iter() {
            let (key, value) = split(field)?;
            let read = match key {
                b"pid" => start.pid.read(value),
                b"report" => start.report.read(value),
                b"session" => start.session.read(value),
                _ => return Err(Wrong::Key(key)),
            };
            read.ok_or(Wrong::Value(field))?;
        }
        Ok(start)
    }
}

/// A process that was made.
struct Child {
    pid: Pid,
    /// Its place in our memory, if it has one.
    place: Option<usize>,
    /// It leads a session, or will.
    session: bool,
    /// The user it is, or will be.
    user: u32,
}

/// Makes processes.
pub(super) struct Spawner {
    under_way: Vec<Start>,
    places: Places,
    /// For a start that has no place: a child of fork(2) has copies.
    text: Vec<u8>,
    argv: Vec<*const c_char>,
    fds: Vec<ChildFd>,
    environment: Environment,
    path: &'static [u8],
    startup: Startup,
    pub(super) cgroups: Cgroups,
}

impl Spawner {
    /// Takes room now for every argument list of `longest` bytes, and for as many starts at once as
    /// there are `services`.
    pub(super) fn new(startup: &Startup, longest: usize, services: usize) -> Self {
        // Every byte could end an empty argument.
        let fields = longest + 2;
        Self {
            under_way: Vec::with_capacity(services),
            places: if LEAVES_ERRNO_ALONE && dumps_core_alone() && !under_valgrind() {
                Places::new()
            } else {
                Places::none()
            },
            text: Vec::with_capacity(fields),
            argv: Vec::with_capacity(fields + 2),
            fds: Vec::with_capacity(fields),
            environment: Environment::new(if services > 0 { longest } else { 0 }),
            path: search_path(),
            startup: *startup,
            cgroups: Cgroups::default(),
        }
    }

    /// Writes the starts that are not over, for another daemon that goes on as us. A child that is
    /// in our memory stays there, and that is ours no more.
    pub(super) fn write_state(&self, to: &mut Writer) {
        let Self {
            under_way,
            // Memory for the next one.
            places: _,
            text: _,
            argv: _,
            fds: _,
            environment: _,
            // As the environment has it.
            path: _,
            startup,
            // Whoever asks us writes it.
            cgroups: _,
        } = self;
        startup.write_state(to);
        for Start { pid, report, place: _, session } in under_way {
            let Some(report) = report else { continue };
            to.begin(b"resume.start");
            to.keyed("pid", pid);
            to.keyed("report", report);
            to.keyed("session", session);
            to.end();
        }
    }

    /// Goes on with those.
    pub(super) fn go_on(&mut self, starts: Vec<Start>) {
        self.under_way.extend(starts);
    }

    /// A process that should become this program.
    pub(super) fn spawn(&mut self, spawn: &Spawn<'_>) -> Result<Spawned, Errno> {
        let flags = OFlag::O_CLOEXEC | OFlag::O_NONBLOCK;
        let (from, to) = nix::unistd::pipe2(flags).map_err(super::errno)?;
        let (from, to) = (give(from), give(to));
        let spawned = self.make(spawn, Job::Execute { report: to.0, doomed: None });
        close(to);
        match spawned {
            Ok(Child { pid, place, session, user }) => {
                self.under_way.push(Start { pid, report: Some(from), place, session });
                Ok(Spawned { pid, at: monotonic(), user })
            }
            Err(errno) => {
                close(from);
                Err(errno)
            }
        }
    }

    /// A process that exits at once.
    pub(super) fn stillborn(&mut self, status: i32) -> Result<Spawned, Errno> {
        let nothing = Spawn {
            service: Name::NULL,
            args: Fields::default(),
            fds: &[],
            names: Fields::default(),
            notify: None,
            options: Options::default(),
            env: [Fields::default(); 2],
        };
        let Child { pid, place, session, user } = self.make(&nothing, Job::Exit(status))?;
        if place.is_some() {
            self.under_way.push(Start { pid, report: None, place, session });
        }
        Ok(Spawned { pid, at: monotonic(), user })
    }

    pub(super) fn startup(&self) -> Startup {
        self.startup
    }

    /// Where reports may come: poll(2) says when there is one.
    pub(super) fn reports(&self) -> impl Iterator<Item = (Pid, Fd)> + '_ {
        self.under_way.iter().filter_map(|start| start.report.map(|fd| (start.pid, fd)))
    }

    /// What has become of a start, if anything new is known.
    pub(super) fn outcome<'a>(&mut self, pid: Pid, report: &'a mut Report) -> Option<Outcome<'a>> {
        let at = self.under_way.iter().position(|start| start.pid == pid)?;
        let start = &mut self.under_way[at];
        let from = start.report?;
        let outcome = report.read(from)?;
        close(from);
        start.report = None;
        if let Some((failure, program)) = outcome {
            // It is still in its place, until it has ended.
            return Some(Outcome::Failed(failure, program));
        }
        let session = start.session;
        self.forget(at);
        has_executed(pid, session).then_some(Outcome::Executed)
    }

    /// The process has ended, and nothing more will be known of its start.
    pub(super) fn ended(&mut self, pid: Pid) {
        if let Some(at) = self.under_way.iter().position(|start| start.pid == pid) {
            self.forget(at);
        }
    }

    /// The child has left our memory.
    fn forget(&mut self, at: usize) {
        let start = self.under_way.swap_remove(at);
        if let Some(from) = start.report {
            close(from);
        }
        if let Some(place) = start.place {
            self.places.leave(place);
        }
    }

    /// Frees the places that children have left since the loop has heard of any: those whose pipe
    /// is at its end, with nothing in it. Their reports are read later.
    fn empty_places(&mut self) {
        for start in &mut self.under_way {
            if let (Some(report), Some(place)) = (start.report, start.place)
                && is_at_its_end(report)
            {
                start.place = None;
                self.places.leave(place);
            }
        }
    }

    /// See [`System::unknown_identity`](daemonproxy_core::System::unknown_identity).
    pub(super) fn unknown_identity(&self, options: Options<'_>) -> Option<SpawnStage> {
        let mut startup = self.startup;
        let (_, preparations) = Settings::of(options, &mut startup);
        preparations.identity.unknown()
    }

    fn make(&mut self, spawn: &Spawn<'_>, mut job: Job) -> Result<Child, Errno> {
        self.under_way.try_reserve(1).map_err(|_| Errno(libc::ENOMEM))?;
        // SAFETY: a constant of the process, which nothing in it changes.
        let environment = unsafe { environ };
        let Spawn { service, args, fds, names, notify, options, env } = *spawn;
        let mut startup = self.startup;
        let (mut settings, mut preparations) = Settings::of(options, &mut startup);
        let session = settings.session.is_some();
        let mut contents = Contents { lists: env, ..Contents::default() };
        if preparations.listen && names.len() > 3 {
            let from = names.iter().take(3).map(|name| name.len() + 1).sum();
            contents.listen = names.as_bytes().get(from..).map(Fields::new);
        }
        let mut name = [0; SOCKET_NAME];
        if let Some(NotifyBy { socket, watchdog }) = notify {
            contents.notify = Some(super::notify::name(socket, &mut name)?);
            contents.watchdog = watchdog.map(|time| time.as_micros().max(1));
        }
        if preparations.identity.is_any() {
            match preparations.identity.look_up() {
                Ok((ids, person)) => {
                    settings.ids = Some(ids);
                    contents.person = person;
                }
                Err(failure) => {
                    if let Job::Execute { doomed, .. } = &mut job {
                        *doomed = Some(failure);
                    }
                }
            }
            // Who it is says who may look at its memory (prctl(2), PR_SET_DUMPABLE).
            preparations.needs_own_memory = true;
        }
        let user = settings.ids.as_ref().and_then(|ids| ids.user);
        let user = user.unwrap_or_else(|| nix::unistd::getuid().as_raw());
        let mut needs_own_memory = preparations.needs_own_memory;
        let cgroup = match (&mut job, preparations.cgroup) {
            (Job::Execute { doomed, .. }, Some(memory)) => {
                needs_own_memory = true;
                match self.cgroups.enter(service, memory) {
                    Ok(cgroup) => Some(Open(Some(cgroup))),
                    Err(errno) => {
                        let failure = SpawnFailure { stage: SpawnStage::Cgroup, errno };
                        doomed.get_or_insert(failure);
                        None
                    }
                }
            }
            _ => None,
        };
        let cgroup = cgroup.as_ref().and_then(|open| open.0.as_ref());
        settings.cgroup = cgroup.map(|cgroup| cgroup.procs);
        let layout = Layout { args: args.as_bytes(), preparations };
        let mut plan = Plan {
            job,
            argv: std::ptr::null_mut(),
            fds: std::ptr::null_mut(),
            fd_count: fds.len(),
            path: self.path,
            environment,
            candidate: std::ptr::null_mut(),
            settings,
            startup,
        };
        if contents.is_own() {
            let made = self.environment.make(&contents)?;
            plan.environment = made.list;
            plan.path = made.path.unwrap_or(DEFAULT_PATH);
            plan.settings.pids = made.pids;
            // The next one uses the same memory.
            needs_own_memory = true;
        }
        if self.places.are_full() {
            self.empty_places();
        }
        if !needs_own_memory && let Some(place) = self.places.take(&layout, fds, &mut plan) {
            match with_signals_blocked(session, || self.places.clone(place, plan)) {
                Ok(pid) => return Ok(Child { pid, place: Some(place), session, user }),
                Err(errno) => {
                    self.places.leave(place);
                    if !matches!(errno.0, libc::EINVAL | libc::ENOSYS | libc::EPERM) {
                        return Err(errno);
                    }
                    // It would be refused again.
                    self.places = Places::none();
                }
            }
        }
        let mut candidate = [0; LONGEST_PATH];
        let sizes = layout.sizes();
        let no_memory = |_| Errno(libc::ENOMEM);
        self.text.clear();
        self.argv.clear();
        self.fds.clear();
        self.text.try_reserve(sizes.text).map_err(no_memory)?;
        self.argv.try_reserve(sizes.argv).map_err(no_memory)?;
        self.fds.try_reserve(fds.len()).map_err(no_memory)?;
        self.text.resize(sizes.text, 0);
        self.argv.resize(sizes.argv, std::ptr::null());
        self.fds.extend_from_slice(fds);
        layout.write(&mut self.text, &mut self.argv, &mut plan);
        plan.fds = self.fds.as_mut_ptr();
        plan.candidate = candidate.as_mut_ptr();
        let pid = with_signals_blocked(session, || {
            if let Some(cgroup) = cgroup {
                let mut inside = plan;
                inside.settings.cgroup = None;
                match fork_into(cgroup) {
                    Ok(Some(pid)) => return Ok(pid),
                    Ok(None) => child::run(&inside),
                    // It moves there by itself.
                    Err(_) => {}
                }
            }
            // SAFETY: the process has one thread, and the child makes nothing but system calls.
            match unsafe { fork() }.map_err(super::errno)? {
                ForkResult::Parent { child } => Ok(Pid(child.as_raw())),
                ForkResult::Child => child::run(&plan),
            }
        });
        pid.map(|pid| Child { pid, place: None, session, user })
    }
}

/// An open cgroup, until the child is there.
struct Open(Option<Cgroup>);

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(cgroup) = self.0.take() {
            cgroup.close();
        }
    }
}

/// Of clone(2), as the kernel has it; that of the library is too short a number.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// fork(2) into a cgroup: nothing in the parent, if it was the child that returned. An old kernel
/// refuses, and so do some filters of system calls.
fn fork_into(cgroup: &Cgroup) -> Result<Option<Pid>, Errno> {
    // SAFETY: numbers only, and all-zero is what the kernel takes for nothing.
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.flags = CLONE_INTO_CGROUP;
    args.exit_signal = libc::SIGCHLD as u64;
    args.cgroup = cgroup.dir as u64;
    let at = (&raw const args).expose_provenance();
    let size = size_of::<libc::clone_args>();
    // SAFETY: as with fork(2): the process has one thread, and the child, which has a copy of our
    // memory, makes nothing but system calls.
    let pid = unsafe { raw::call(libc::SYS_clone3, [at, size, 0, 0, 0]) }?;
    Ok((pid != 0).then_some(Pid(pid as c_int)))
}

/// Makes a process in which no signal has an effect yet. It leads its own process group, even for a
/// signal that we send to the group before the child gets to that itself; but who leads a group
/// cannot begin a session.
fn with_signals_blocked(
    session: bool,
    make: impl FnOnce() -> Result<Pid, Errno>,
) -> Result<Pid, Errno> {
    let mut before = SigSet::empty();
    let all = SigSet::all();
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&all), Some(&mut before)).map_err(super::errno)?;
    let pid = make();
    // With such arguments it cannot fail.
    let _ = sigprocmask(SigmaskHow::SIG_SETMASK, Some(&before), None);
    if let (Ok(Pid(pid)), false) = (pid, session) {
        // If the child has already executed its program, it has done this itself.
        let _ = lead_group(pid);
    }
    pid
}

/// Makes a child the leader of a process group.
fn lead_group(pid: c_int) -> Result<(), nix::errno::Errno> {
    let pid = nix::unistd::Pid::from_raw(pid);
    nix::unistd::setpgid(pid, pid)
}

/// Whether a child, which may be a zombie, has executed a program since it was made: then, and only
/// then, its parent may no longer change its process group (setpgid(2), EACCES). Of a child with a
/// session of its own it never may (EPERM): there /proc knows. Where there is none, we believe in
/// the end of the report.
fn has_executed(pid: Pid, session: bool) -> bool {
    if session {
        return super::processes::has_executed(pid).unwrap_or(true);
    }
    lead_group(pid.0) == Err(nix::errno::Errno::EACCES)
}

/// valgrind ends the program that makes such a process, instead of refusing it. We recognise it by
/// the libraries that it loads into every program.
fn under_valgrind() -> bool {
    variable(c"LD_PRELOAD").is_some_and(|list| list.windows(9).any(|part| part == b"vgpreload"))
}

/// PATH, of the environment that the daemon was started with.
fn search_path() -> &'static [u8] {
    variable(c"PATH").unwrap_or(DEFAULT_PATH)
}

fn variable(name: &CStr) -> Option<&'static [u8]> {
    // SAFETY: the environment stays as it is while the process lives.
    unsafe {
        let value = libc::getenv(name.as_ptr());
        (!value.is_null()).then(|| CStr::from_ptr(value).to_bytes())
    }
}

/// Whether a process that dumps core dies alone, and not with everybody who shares its memory:
/// since Linux 5.16.
fn dumps_core_alone() -> bool {
    // SAFETY: all-zero is a valid utsname, which uname(2) then fills with strings.
    let release = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        libc::uname(&raw mut name);
        name.release
    };
    let release = release.map(|byte| byte as u8);
    let mut numbers = release.split(|byte| !byte.is_ascii_digit()).map(|digits| {
        digits.iter().fold(0_u32, |number, digit| {
            number.saturating_mul(10).saturating_add(u32::from(digit - b'0'))
        })
    });
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next()) >= (5, 16)
}
