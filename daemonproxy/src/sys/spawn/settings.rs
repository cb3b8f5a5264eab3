//! The options of a service, as its process gets them.
//!
//! [`Settings::of`] is for the parent: it gathers what the options ask for, in a form that the
//! child only has to carry out. The steps are for the child (see `child.rs`: nothing but system
//! calls), in the order of [`SpawnStage`].

use std::ffi::{CStr, c_char, c_int, c_long};

use daemonproxy_core::{Errno, SpawnFailure, SpawnStage};
use daemonproxy_protocol::{Kill, Limit, LimitName, Options, ServiceOption};

use super::super::raw::{self, int};
use super::super::start::Startup;
use super::environment::PID_DIGITS;
use super::identity::{Ids, Wanted};

/// Where a process says how readily the kernel ends it.
const OOM: &CStr = c"/proc/self/oom_score_adj";
/// Bytes of the longest number in there, and a `-`.
const OOM_DIGITS: usize = 5;

/// What is different in this child.
#[derive(Copy, Clone)]
pub(super) struct Settings {
    /// Soft and hard, by the number of the limit.
    limits: [Option<[u64; 2]>; LIMITS],
    nice: Option<c_int>,
    oom: Option<[u8; OOM_DIGITS]>,
    /// It leads a session; descriptor 0 becomes the terminal of that.
    pub(super) session: Option<bool>,
    /// Where it moves into its cgroup, if it is not there already.
    pub(super) cgroup: Option<c_int>,
    pub(super) ids: Option<Ids>,
    no_new_privs: bool,
    /// Which signal, and whose child it was when it was made.
    parent_death: Option<(c_int, c_int)>,
    /// A string, or null.
    pub(super) cwd: *const c_char,
    /// Where in its environment its process id is to be, or null.
    pub(super) pids: [*mut u8; 2],
}

/// How many limits there are (RLIM_NLIMITS).
const LIMITS: usize = 16;

/// What else the options ask for: not of the child, but of whoever makes it.
#[derive(Default)]
pub(super) struct Preparations<'a> {
    /// To be laid out as a string.
    pub(super) cwd: Option<&'a [u8]>,
    pub(super) identity: Wanted<'a>,
    /// It is in a cgroup, with this much memory at most if that is said.
    pub(super) cgroup: Option<Option<i64>>,
    /// Its descriptors from 3 on are announced.
    pub(super) listen: bool,
    /// The arguments have bytes written as `%XX`.
    pub(super) percent: bool,
    /// The child would change what belongs to everybody who shares its memory.
    pub(super) needs_own_memory: bool,
}

impl Settings {
    /// A child like any other.
    pub(super) const NONE: Self = Self {
        limits: [None; LIMITS],
        nice: None,
        oom: None,
        session: None,
        cgroup: None,
        ids: None,
        no_new_privs: false,
        parent_death: None,
        cwd: std::ptr::null(),
        pids: [std::ptr::null_mut(); 2],
    };

    /// What the options ask for. What the daemon gives back to every child is in `startup`, and
    /// some options change that.
    pub(super) fn of<'a>(options: Options<'a>, startup: &mut Startup) -> (Self, Preparations<'a>) {
        let mut settings = Self::NONE;
        let mut more = Preparations::default();
        for option in options.iter() {
            match option {
                ServiceOption::Cwd(path) => more.cwd = Some(path),
                ServiceOption::Umask(mask) => startup.umask = mask,
                ServiceOption::Nice(nice) => settings.nice = Some(nice as c_int),
                ServiceOption::Oom(score) => {
                    settings.oom = Some(number(score));
                    // It is the same for all processes that share memory (proc(5)).
                    more.needs_own_memory = true;
                }
                ServiceOption::Limit(name, Limit { soft, hard }) => {
                    let pair = [soft.unwrap_or(u64::MAX), hard.unwrap_or(u64::MAX)];
                    let number = limit_number(name);
                    if let Some(limit) = settings.limits.get_mut(number as usize) {
                        *limit = Some(pair);
                    }
                    if number == libc::RLIMIT_NOFILE as c_int {
                        startup.open_files = libc::rlimit { rlim_cur: pair[0], rlim_max: pair[1] };
                    }
                }
                ServiceOption::NoNewPrivs => settings.no_new_privs = true,
                ServiceOption::ParentDeath(signal) => {
                    settings.parent_death = Some((signal.number(), std::process::id() as c_int));
                }
                ServiceOption::Session(tty) => settings.session = Some(tty),
                ServiceOption::User(name) => more.identity.user = Some(name),
                ServiceOption::Group(name) => more.identity.group = Some(name),
                ServiceOption::Groups(names) => more.identity.groups = Some(names),
                ServiceOption::Listen => more.listen = true,
                ServiceOption::Args => more.percent = true,
                ServiceOption::Kill(Kill::Cgroup) => {
                    more.cgroup.get_or_insert_default();
                }
                ServiceOption::Memory(bytes) => more.cgroup = Some(Some(bytes)),
                // They are not about the process.
                ServiceOption::Stop(_)
                | ServiceOption::StopAfter(_)
                | ServiceOption::Kill(Kill::Main | Kill::Group)
                | ServiceOption::Reload(_)
                | ServiceOption::Ready(_)
                | ServiceOption::ReadyWithin(_)
                | ServiceOption::Watchdog(_)
                | ServiceOption::Deadman(_)
                | ServiceOption::Fdstore(_)
                | ServiceOption::Success(_)
                | ServiceOption::Backoff(_)
                | ServiceOption::Giveup(_)
                | ServiceOption::OnGiveup(_)
                | ServiceOption::Main => {}
            }
        }
        (settings, more)
    }
}

// The steps of the child.
impl Settings {
    /// All of them but those about descriptors. `first` is what descriptor 0 will be.
    pub(super) fn carry_out(&self, first: Option<c_int>) -> Result<(), SpawnFailure> {
        let at = |stage| move |errno| SpawnFailure { stage, errno };
        self.begin_session().map_err(at(SpawnStage::Session))?;
        if self.session == Some(true) {
            take_terminal(first).map_err(at(SpawnStage::Tty))?;
        }
        self.enter_cgroup().map_err(at(SpawnStage::Cgroup))?;
        self.set_limits().map_err(at(SpawnStage::Limit))?;
        self.set_nice().map_err(at(SpawnStage::Nice))?;
        self.set_oom().map_err(at(SpawnStage::Oom))?;
        if let Some(ids) = &self.ids {
            set_groups(ids).map_err(at(SpawnStage::Group))?;
            set_user(ids).map_err(at(SpawnStage::User))?;
        }
        self.set_process().map_err(at(SpawnStage::Prctl))?;
        self.change_directory().map_err(at(SpawnStage::Cwd))?;
        self.write_pid().map_err(at(SpawnStage::Exec))
    }

    /// A process group of its own lets `service.signal … group` mean the service and its children,
    /// and keeps the ^C of a terminal from the services. A session has one, too.
    fn begin_session(&self) -> Result<(), Errno> {
        if self.session.is_some() {
            return call(libc::SYS_setsid, [0; 5]).map(drop);
        }
        // It can only fail for a process that leads a session.
        let _ = call(libc::SYS_setpgid, [0; 5]);
        Ok(())
    }

    fn enter_cgroup(&self) -> Result<(), Errno> {
        let Some(procs) = self.cgroup else { return Ok(()) };
        let text = b"0".as_ptr().expose_provenance();
        call(libc::SYS_write, [int(procs), text, 1, 0, 0]).map(drop)
    }

    fn set_limits(&self) -> Result<(), Errno> {
        for (number, limit) in (0..).zip(self.limits) {
            let Some([soft, hard]) = limit else { continue };
            // That of descriptors is set when all are in their places, which may lie beyond it;
            // here, only what takes a privilege.
            let soft = if number == libc::RLIMIT_NOFILE as c_int {
                if has_room(number, hard)? {
                    continue;
                }
                hard
            } else {
                soft
            };
            limit_call(number, Some(&[soft, hard]), None)?;
        }
        Ok(())
    }

    fn set_nice(&self) -> Result<(), Errno> {
        let Some(nice) = self.nice else { return Ok(()) };
        call(libc::SYS_setpriority, [int(libc::PRIO_PROCESS as c_int), 0, int(nice), 0, 0])
            .map(drop)
    }

    fn set_oom(&self) -> Result<(), Errno> {
        let Some(digits) = self.oom else { return Ok(()) };
        let flags = libc::O_WRONLY | libc::O_CLOEXEC;
        let path = OOM.as_ptr().expose_provenance();
        let file = call(libc::SYS_openat, [int(libc::AT_FDCWD), path, int(flags), 0, 0])?;
        let bytes = digits.as_ptr().expose_provenance();
        let written = call(libc::SYS_write, [file, bytes, digits.len(), 0, 0]);
        let _ = call(libc::SYS_close, [file, 0, 0, 0, 0]);
        written.map(drop)
    }

    fn set_process(&self) -> Result<(), Errno> {
        if self.no_new_privs {
            call(libc::SYS_prctl, [int(libc::PR_SET_NO_NEW_PRIVS), 1, 0, 0, 0])?;
        }
        if let Some((signal, parent)) = self.parent_death {
            call(libc::SYS_prctl, [int(libc::PR_SET_PDEATHSIG), int(signal), 0, 0, 0])?;
            // The daemon may have ended before that.
            if call(libc::SYS_getppid, [0; 5])? != parent as usize {
                let own = call(libc::SYS_getpid, [0; 5])?;
                let _ = call(libc::SYS_kill, [own, int(signal), 0, 0, 0]);
            }
        }
        Ok(())
    }

    fn write_pid(&self) -> Result<(), Errno> {
        for place in self.pids {
            if place.is_null() {
                continue;
            }
            let mut rest = call(libc::SYS_getpid, [0; 5])?;
            let digits = rest.checked_ilog10().map_or(1, |log| log as usize + 1).min(PID_DIGITS);
            for at in (0..digits).rev() {
                // SAFETY: within the room in our copy of the environment.
                unsafe { *place.add(at) = b'0' + (rest % 10) as u8 };
                rest /= 10;
            }
        }
        Ok(())
    }

    fn change_directory(&self) -> Result<(), Errno> {
        if self.cwd.is_null() {
            return Ok(());
        }
        call(libc::SYS_chdir, [self.cwd.expose_provenance(), 0, 0, 0, 0]).map(drop)
    }
}

fn take_terminal(fd: Option<c_int>) -> Result<(), Errno> {
    let fd = fd.ok_or(Errno(libc::EBADF))?;
    call(libc::SYS_ioctl, [int(fd), libc::TIOCSCTTY as usize, 0, 0, 0]).map(drop)
}

/// Those of the daemon never stay.
fn set_groups(ids: &Ids) -> Result<(), Errno> {
    let groups = ids.groups.as_slice();
    let list = groups.as_ptr().expose_provenance();
    call(libc::SYS_setgroups, [groups.len(), list, 0, 0, 0])?;
    let Some(group) = ids.group else { return Ok(()) };
    let group = group as usize;
    call(libc::SYS_setresgid, [group, group, group, 0, 0]).map(drop)
}

fn set_user(ids: &Ids) -> Result<(), Errno> {
    let Some(user) = ids.user else { return Ok(()) };
    let number = user as usize;
    call(libc::SYS_setresuid, [number, number, number, 0, 0])?;
    if user != 0 { drop_capabilities() } else { Ok(()) }
}

/// The kernel takes them only from who was root, and not even then all (capabilities(7)).
fn drop_capabilities() -> Result<(), Errno> {
    /// Which layout the kernel expects (_LINUX_CAPABILITY_VERSION_3): two words of each kind.
    const VERSION: u32 = 0x2008_0522;
    let clear = libc::PR_CAP_AMBIENT_CLEAR_ALL as usize;
    // A kernel that does not know that kind has none of it.
    let _ = call(libc::SYS_prctl, [int(libc::PR_CAP_AMBIENT), clear, 0, 0, 0]);
    let (mut whose, none) = ([VERSION, 0], [0_u32; 6]);
    let whose = (&raw mut whose).expose_provenance();
    let none = (&raw const none).expose_provenance();
    call(libc::SYS_capset, [whose, none, 0, 0, 0]).map(drop)
}

/// A call with numbers, and with pointers to what the parent has laid out or to constants.
fn call(number: c_long, args: [usize; 5]) -> Result<usize, Errno> {
    // SAFETY: none of the calls above writes to memory, and what they read is there.
    unsafe { raw::call(number, args) }
}

/// Whether the hard limit of this process is not below that.
fn has_room(number: c_int, hard: u64) -> Result<bool, Errno> {
    let mut now = [0; 2];
    limit_call(number, None, Some(&mut now))?;
    Ok(now[1] >= hard)
}

fn limit_call(
    number: c_int,
    new: Option<&[u64; 2]>,
    old: Option<&mut [u64; 2]>,
) -> Result<(), Errno> {
    let new = new.map_or(0, |new| new.as_ptr().expose_provenance());
    let old = old.map_or(0, |old| old.as_mut_ptr().expose_provenance());
    // SAFETY: prlimit(2) on our own process reads one limit and writes one; both are ours, or null.
    unsafe { raw::call(libc::SYS_prlimit64, [0, int(number), new, old, 0]) }.map(drop)
}

/// As the kernel reads it. White space at the end does not count.
fn number(number: i64) -> [u8; OOM_DIGITS] {
    let mut text = [b'\n'; OOM_DIGITS];
    let mut rest = number.unsigned_abs();
    let digits = rest.checked_ilog10().map_or(1, |log| log as usize + 1);
    let minus = usize::from(number < 0);
    text[0] = b'-';
    for place in text.iter_mut().take(digits + minus).skip(minus).rev() {
        *place = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    text
}

fn limit_number(name: LimitName) -> c_int {
    let number = match name {
        LimitName::As => libc::RLIMIT_AS,
        LimitName::Core => libc::RLIMIT_CORE,
        LimitName::Cpu => libc::RLIMIT_CPU,
        LimitName::Data => libc::RLIMIT_DATA,
        LimitName::Fsize => libc::RLIMIT_FSIZE,
        LimitName::Locks => libc::RLIMIT_LOCKS,
        LimitName::Memlock => libc::RLIMIT_MEMLOCK,
        LimitName::Msgqueue => libc::RLIMIT_MSGQUEUE,
        LimitName::Nice => libc::RLIMIT_NICE,
        LimitName::Nofile => libc::RLIMIT_NOFILE,
        LimitName::Nproc => libc::RLIMIT_NPROC,
        LimitName::Rss => libc::RLIMIT_RSS,
        LimitName::Rtprio => libc::RLIMIT_RTPRIO,
        LimitName::Rttime => libc::RLIMIT_RTTIME,
        LimitName::Sigpending => libc::RLIMIT_SIGPENDING,
        LimitName::Stack => libc::RLIMIT_STACK,
    };
    number as c_int
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_written() {
        for (value, text) in [(0, "0"), (7, "7"), (-1, "-1"), (1000, "1000"), (-1000, "-1000")] {
            assert_eq!(String::from_utf8_lossy(&number(value)).trim_end(), text);
        }
    }
}
