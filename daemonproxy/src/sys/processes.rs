//! All existing processes, from `/proc` (proc_pid_stat(5)).
//!
//! Three system calls for each, and no allocation: this is done while services are being stopped,
//! which has to work when there is no memory.

use std::ffi::{CStr, c_int};

use daemonproxy_core::{Errno, Pid, Process};
use daemonproxy_protocol::Signal;

/// Bytes of the list of a directory at a time.
const LIST: usize = 4096;
/// Enough of `/proc/PID/stat`: a number, a name of at most 64 bytes, a letter, and seven more
/// numbers.
const STAT: usize = 256;

/// The list, aligned as the kernel's records are.
#[repr(C, align(8))]
struct List([u8; LIST]);

/// Flags of a process in there: PF_FORKNOEXEC and PF_KTHREAD of the kernel.
const FORKED_AND_NOT_EXECUTED: u64 = 0x40;
const OF_THE_KERNEL: u64 = 0x20_0000;

/// A look at all processes, while it lasts.
pub(super) struct Processes {
    /// `/proc`, while it is open.
    dir: c_int,
    list: Box<List>,
    at: usize,
    end: usize,
    us: Us,
}

/// The daemon: its process, and its session.
#[derive(Copy, Clone)]
struct Us {
    pid: c_int,
    session: c_int,
}

impl Processes {
    pub(super) fn new() -> Self {
        Self {
            dir: -1,
            list: Box::new(List([0; LIST])),
            at: 0,
            end: 0,
            us: Us { pid: 0, session: 0 },
        }
    }

    pub(super) fn open(&mut self) -> Result<(), Errno> {
        self.close();
        let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC;
        // SAFETY: a constant path; what comes back is a number of ours.
        let dir = unsafe { libc::open(c"/proc".as_ptr(), flags) };
        self.dir = nix::errno::Errno::result(dir).map_err(super::errno)?;
        (self.at, self.end) = (0, 0);
        // SAFETY: getpid(2) and getsid(2) touch no memory.
        self.us = unsafe { Us { pid: libc::getpid(), session: libc::getsid(0) } };
        Ok(())
    }

    /// The next one that is still there when it is checked.
    pub(super) fn next(&mut self) -> Option<Process> {
        while let Some(name) = self.next_name() {
            // What is not a number is not a process.
            if name[0].is_ascii_digit()
                && let Some(process) = self.look(&name)
            {
                return Some(process);
            }
        }
        self.close();
        None
    }

    /// The next name in the directory, with a NUL after it; one that is too long for a number is
    /// cut.
    fn next_name(&mut self) -> Option<[u8; 16]> {
        if self.dir < 0 {
            return None;
        }
        if self.at >= self.end {
            // SAFETY: getdents64(2) writes into the list, as many bytes as it has.
            let length = unsafe {
                libc::syscall(libc::SYS_getdents64, self.dir, self.list.0.as_mut_ptr(), LIST)
            };
            self.at = 0;
            self.end = usize::try_from(length).unwrap_or(0);
        }
        // A record: inode and offset (8 bytes each), its length (2), a type (1), a name and a NUL.
        let record = self.list.0.get(self.at..self.end).filter(|record| record.len() > 19)?;
        let length = usize::from(u16::from_ne_bytes([record[16], record[17]]));
        self.at += length.max(19);
        let mut name = [0; 16];
        let text = record.get(19..length).unwrap_or_default();
        let text = text.split(|&byte| byte == 0).next().unwrap_or_default();
        let count = text.len().min(name.len() - 1);
        name[..count].copy_from_slice(&text[..count]);
        Some(name)
    }

    fn look(&self, name: &[u8; 16]) -> Option<Process> {
        let mut path = [0; 24];
        let length = name.iter().position(|&byte| byte == 0)?;
        path[..length].copy_from_slice(&name[..length]);
        path[length..length + 5].copy_from_slice(b"/stat");
        let mut text = [0; STAT];
        parse(read_stat(self.dir, &path, &mut text)?, self.us)
    }

    fn close(&mut self) {
        if self.dir >= 0 {
            // SAFETY: it is ours, and not used again.
            unsafe { libc::close(self.dir) };
            self.dir = -1;
        }
    }
}

/// kill(2), by a descriptor of the process: should another one have its number by now, that gets
/// nothing. A kernel before 5.3 has no such descriptors.
pub(super) fn signal(process: Process, signal: Signal) {
    let Process { pid, session, .. } = process;
    // SAFETY: these system calls take numbers, and a null where a siginfo may be; the descriptor is
    // ours.
    unsafe {
        let fd = libc::syscall(libc::SYS_pidfd_open, pid.0, 0) as c_int;
        if fd < 0 {
            if *libc::__errno_location() == libc::ENOSYS {
                libc::kill(pid.0, signal.number());
            }
            return;
        }
        if libc::getsid(pid.0) == session.0 {
            let info: *const libc::siginfo_t = std::ptr::null();
            libc::syscall(libc::SYS_pidfd_send_signal, fd, signal.number(), info, 0);
        }
        libc::close(fd);
    }
}

/// Whether this process, which may be a zombie, has executed a program since it was made: the flag
/// PF_FORKNOEXEC of the kernel (proc(5), `flags`). `None`: there is no /proc, or no such process.
pub(super) fn has_executed(pid: Pid) -> Option<bool> {
    let mut path = [0_u8; 32];
    let mut room = &mut path[..31];
    std::io::Write::write_fmt(&mut room, format_args!("/proc/{}/stat", pid.0)).ok()?;
    let mut text = [0; STAT];
    let stat = read_stat(libc::AT_FDCWD, &path, &mut text)?;
    let name_end = stat.iter().rposition(|&byte| byte == b')')?;
    // State, parent, group, session, terminal, its group, flags.
    let flags = stat.get(name_end + 2..)?.split(|&byte| byte == b' ').nth(6)?;
    let flags: u64 = std::str::from_utf8(flags).ok()?.parse().ok()?;
    Some(flags & FORKED_AND_NOT_EXECUTED == 0)
}

/// What is in a file `stat` of /proc; the path ends in a NUL, and is as in openat(2).
fn read_stat<'a>(dir: c_int, path: &[u8], text: &'a mut [u8; STAT]) -> Option<&'a [u8]> {
    let path = CStr::from_bytes_until_nul(path).ok()?;
    // SAFETY: the path is a string, and the length of the text is right.
    let length = unsafe {
        let fd = libc::openat(dir, path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC);
        if fd < 0 {
            return None;
        }
        let length = libc::read(fd, text.as_mut_ptr().cast(), STAT);
        libc::close(fd);
        length
    };
    text.get(..usize::try_from(length).ok()?)
}

/// `PID (NAME) STATE PARENT GROUP SESSION TTY TTY_GROUP FLAGS …`; the name may hold anything, but
/// nothing after it has a parenthesis. Nothing for a thread of the kernel.
fn parse(stat: &[u8], us: Us) -> Option<Process> {
    let name_end = stat.iter().rposition(|&byte| byte == b')')?;
    let pid = stat.split(|&byte| byte == b' ').next()?;
    let mut rest = stat.get(name_end + 2..)?.split(|&byte| byte == b' ');
    let state = rest.next()?;
    let mut next = || number(rest.next()?);
    let (parent, group, session) = (next()?, next()?, next()?);
    let flags: u64 = std::str::from_utf8(rest.nth(2)?).ok()?.parse().ok()?;
    if flags & OF_THE_KERNEL != 0 {
        return None;
    }
    Some(Process {
        pid: Pid(number(pid)?),
        group: Pid(group),
        session: Pid(session),
        is_near: session == us.session,
        is_child: parent == us.pid,
        is_zombie: matches!(state, b"Z" | b"X" | b"x"),
    })
}

fn number(text: &[u8]) -> Option<c_int> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let us = Us { pid: 5, session: 4 };
        let process = parse(b"71 (a) Z 1 (b) ) S 5 70 69 0 -1 4194304 9", us).unwrap();
        let expected = Process {
            pid: Pid(71),
            group: Pid(70),
            session: Pid(69),
            is_near: false,
            is_child: true,
            is_zombie: false,
        };
        assert_eq!(process, expected);
        assert!(
            parse(b"71 (a) Z 4 70 70 0 -1 0 9", us).is_some_and(|p| p.is_zombie && !p.is_child)
        );
        assert_eq!(parse(b"2 (kthreadd) S 0 0 0 0 -1 2129984 0", us), None);
        assert_eq!(parse(b"71 (a", us), None);
        assert_eq!(parse(b"", us), None);
    }

    #[test]
    fn a_look_finds_ourselves_and_can_be_done_again() {
        let us = Pid(std::process::id() as c_int);
        let mut processes = Processes::new();
        for _ in 0..2 {
            processes.open().unwrap();
            let mut all = std::iter::from_fn(|| processes.next());
            assert!(all.any(|process| process.pid == us && !process.is_zombie));
            assert!(all.count() < 1_000_000);
        }
    }
}
