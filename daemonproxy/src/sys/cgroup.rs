//! The cgroups of services (cgroups(7), version 2): `dp-NAME` in the directory of `--cgroup`.
//!
//! That `dp-` keeps services apart from the files of the directory, and `..` from being its parent.
//! Everything is opened relative to the directory, so it stays the same one whatever is mounted
//! over it.

use std::ffi::{CStr, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use daemonproxy_core::{Errno, Fd};
use daemonproxy_protocol::{Name, Signal};

/// What statfs(2) says of a cgroup of version 2.
const CGROUP2_SUPER_MAGIC: i64 = 0x6367_7270;
/// Enough for `dp-`, a name, and a file.
const LONGEST_PATH: usize = 64;
/// Bytes of a list of processes at a time.
const LIST: usize = 4096;

/// The directory that was delegated to us, if there is one.
#[derive(Default)]
pub(super) struct Cgroups(Option<c_int>);

/// A cgroup that a process is to be in.
pub(super) struct Cgroup {
    /// The directory.
    pub(super) dir: c_int,
    /// Whoever writes 0 here moves into it.
    pub(super) procs: c_int,
}

/// Opens the directory of `--cgroup`. In words why not.
pub(crate) fn open_cgroups(path: &Path) -> Result<Fd, String> {
    let wrong = |why: &str| format!("--cgroup {}: {why}", path.display());
    let text = [path.as_os_str().as_bytes(), b"\0"].concat();
    let text = CStr::from_bytes_with_nul(&text).map_err(|_| wrong("not a path"))?;
    let dir = open_at(libc::AT_FDCWD, text, libc::O_RDONLY | libc::O_DIRECTORY)
        .map_err(|errno| wrong(super::explain(errno)))?;
    // SAFETY: all-zero is a valid statfs, which the call fills in.
    let kind = unsafe {
        let mut stat: libc::statfs = std::mem::zeroed();
        if libc::fstatfs(dir, &raw mut stat) != 0 { 0 } else { stat.f_type as i64 }
    };
    if kind != CGROUP2_SUPER_MAGIC {
        return Err(wrong("not a directory of cgroups, version 2"));
    }
    // For `memory=`. Where it cannot be had, a start that wants it fails.
    if let Ok(file) = open_at(dir, c"cgroup.subtree_control", libc::O_WRONLY) {
        let _ = write(file, b"+memory");
        close(file);
    }
    Ok(Fd(dir))
}

impl Cgroups {
    pub(super) fn set(&mut self, dir: Fd) {
        self.0 = Some(dir.0);
    }

    /// The directory.
    pub(super) fn dir(&self) -> Option<Fd> {
        self.0.map(Fd)
    }

    pub(super) fn are_there(&self) -> bool {
        self.0.is_some()
    }

    /// The cgroup of a service, made if needed, with at most this much memory.
    pub(super) fn enter(&self, service: Name<'_>, memory: Option<i64>) -> Result<Cgroup, Errno> {
        // What was made for nothing does not stay.
        self.make(service, memory).inspect_err(|_| self.remove(service))
    }

    fn make(&self, service: Name<'_>, memory: Option<i64>) -> Result<Cgroup, Errno> {
        let dir = self.0.ok_or(Errno(libc::EOPNOTSUPP))?;
        let path = Place::new(service, "");
        // SAFETY: a string, relative to a descriptor of ours.
        let made = unsafe { libc::mkdirat(dir, path.as_c_str().as_ptr(), 0o755) };
        match nix::errno::Errno::result(made) {
            Ok(_) | Err(nix::errno::Errno::EEXIST) => {}
            Err(errno) => return Err(super::errno(errno)),
        }
        self.limit_memory(service, memory)?;
        let dir = self.open(service, "", libc::O_PATH | libc::O_DIRECTORY)?;
        match self.open(service, "/cgroup.procs", libc::O_WRONLY) {
            Ok(procs) => Ok(Cgroup { dir, procs }),
            Err(errno) => {
                close(dir);
                Err(errno)
            }
        }
    }

    fn limit_memory(&self, service: Name<'_>, memory: Option<i64>) -> Result<(), Errno> {
        let file = match (self.open(service, "/memory.max", libc::O_WRONLY), memory) {
            (Ok(file), _) => file,
            (Err(_), None) => return Ok(()),
            // There is no controller for it.
            (Err(Errno(libc::ENOENT)), _) => return Err(Errno(libc::EOPNOTSUPP)),
            (Err(errno), _) => return Err(errno),
        };
        let mut text = [0; 20];
        let written = match memory {
            // What an earlier run had.
            None => write(file, b"max"),
            Some(bytes) => {
                let mut room = &mut text[..];
                let _ = std::io::Write::write_fmt(&mut room, format_args!("{bytes}"));
                let rest = room.len();
                write(file, &text[..text.len() - rest])
            }
        };
        close(file);
        written
    }

    /// See [`daemonproxy_core::System::watch_cgroup`].
    pub(super) fn watch(&self, service: Name<'_>) -> Result<Fd, Errno> {
        self.open(service, "/cgroup.events", libc::O_RDONLY).map(Fd)
    }

    pub(super) fn signal(&self, service: Name<'_>, signal: Signal) {
        if signal == Signal::KILL
            && let Ok(file) = self.open(service, "/cgroup.kill", libc::O_WRONLY)
        {
            let killed = write(file, b"1");
            close(file);
            if killed.is_ok() {
                return;
            }
        }
        // A kernel before 5.14, or another signal: one by one.
        let Ok(file) = self.open(service, "/cgroup.procs", libc::O_RDONLY) else { return };
        let mut text = [0; LIST];
        let mut pid = 0_i32;
        loop {
            let length = read(file, &mut text);
            for &byte in &text[..length] {
                match byte {
                    b'0'..=b'9' => {
                        pid = pid.saturating_mul(10).saturating_add(i32::from(byte - b'0'));
                    }
                    _ => send(std::mem::take(&mut pid), signal),
                }
            }
            if length == 0 {
                break;
            }
        }
        close(file);
    }

    /// One that somebody is in, or that has others in it, stays.
    pub(super) fn remove(&self, service: Name<'_>) {
        let Some(dir) = self.0 else { return };
        let path = Place::new(service, "");
        // SAFETY: a string, relative to a descriptor of ours.
        unsafe { libc::unlinkat(dir, path.as_c_str().as_ptr(), libc::AT_REMOVEDIR) };
    }

    fn open(&self, service: Name<'_>, file: &str, flags: c_int) -> Result<c_int, Errno> {
        let dir = self.0.ok_or(Errno(libc::ENOENT))?;
        open_at(dir, Place::new(service, file).as_c_str(), flags)
    }
}

impl Cgroup {
    pub(super) fn close(self) {
        close(self.dir);
        close(self.procs);
    }
}

/// Whether the file `cgroup.events` says that somebody is there.
pub(super) fn is_populated(events: Fd) -> bool {
    let mut text = [0; 256];
    // SAFETY: pread(2) writes at most as many bytes as there is room for.
    let length = unsafe { libc::pread(events.0, text.as_mut_ptr().cast(), text.len(), 0) };
    let text = text.get(..usize::try_from(length).unwrap_or(0)).unwrap_or_default();
    text.split(|&byte| byte == b'\n').any(|line| line == b"populated 1")
}

/// A file in the cgroup of a service.
struct Place([u8; LONGEST_PATH]);

impl Place {
    fn new(service: Name<'_>, file: &str) -> Self {
        let mut path = [0; LONGEST_PATH];
        let parts = [b"dp-", service.as_bytes(), file.as_bytes()];
        let bytes = parts.into_iter().flatten();
        // The last byte stays a NUL; the longest name, which has 31 bytes, leaves room for more.
        path[..LONGEST_PATH - 1].iter_mut().zip(bytes).for_each(|(place, &byte)| *place = byte);
        Self(path)
    }

    fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}

fn open_at(dir: c_int, path: &CStr, flags: c_int) -> Result<c_int, Errno> {
    // SAFETY: a string; what comes back is a number of ours.
    let fd = unsafe { libc::openat(dir, path.as_ptr(), flags | libc::O_CLOEXEC) };
    nix::errno::Errno::result(fd).map_err(super::errno)
}

fn write(file: c_int, text: &[u8]) -> Result<(), Errno> {
    // SAFETY: reads as many bytes as there are.
    let written = unsafe { libc::write(file, text.as_ptr().cast(), text.len()) };
    nix::errno::Errno::result(written).map(drop).map_err(super::errno)
}

fn read(file: c_int, text: &mut [u8]) -> usize {
    // SAFETY: writes at most as many bytes as there is room for.
    let length = unsafe { libc::read(file, text.as_mut_ptr().cast(), text.len()) };
    usize::try_from(length).unwrap_or(0)
}

fn send(pid: c_int, signal: Signal) {
    // 0 stands for a process that our pid namespace does not know.
    if pid > 0 {
        // SAFETY: kill(2) touches no memory.
        unsafe { libc::kill(pid, signal.number()) };
    }
}

fn close(fd: c_int) {
    // SAFETY: it is ours, and not used again.
    unsafe { libc::close(fd) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_directory() {
        let place = |name: &str, file| {
            let place = Place::new(Name::new(name.as_bytes()).unwrap(), file);
            place.as_c_str().to_str().unwrap().to_owned()
        };
        assert_eq!(place("..", "/cgroup.kill"), "dp-../cgroup.kill");
        assert_eq!(place("cgroup.procs", ""), "dp-cgroup.procs");
        let longest = "x".repeat(31);
        let path = place(&longest, "/cgroup.events");
        assert_eq!(path, format!("dp-{longest}/cgroup.events"));
        assert!(path.len() < LONGEST_PATH);
    }
}
