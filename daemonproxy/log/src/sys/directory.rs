//! The directory of a log: the file that is written to, and the archives.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, FlockOperation, Mode, OFlags, RawDir, RenameFlags, SeekFrom, Statx, StatxFlags,
};
use rustix::io::Errno;

use crate::core::limits::Archives;
use crate::core::name::Archive;
use crate::core::text::Text;

const CURRENT: &CStr = c"current";
/// Bytes that a directory is read with.
const ENTRIES: usize = 1024;

/// Something that could not be done with a directory.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) doing: &'static str,
    pub(crate) errno: Errno,
}

impl Failure {
    fn of(doing: &'static str) -> impl Fn(Errno) -> Self {
        move |errno| Self { doing, errno }
    }

    /// Another logger has the directory.
    pub(crate) fn is_in_use(&self) -> bool {
        self.errno == Errno::WOULDBLOCK
    }
}

/// The name of an archive, with the NUL behind it.
pub(crate) type FileName = Text<128>;
/// A file with a longer name is none of ours; so there is room for one more ending.
const LONGEST_NAME: usize = 120;

/// The directory, which is ours alone while we have it.
pub(crate) struct Directory {
    fd: OwnedFd,
    path: PathBuf,
    c_path: CString,
}

/// The file that is written to.
pub(crate) struct Current {
    pub(crate) fd: OwnedFd,
    pub(crate) size: u64,
    /// Seconds since it was made, as far as that is known.
    pub(crate) age: i64,
    /// Whether its last line has no end.
    pub(crate) is_torn: bool,
}

impl Directory {
    /// Opens it, and makes it if needed.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        // Arguments come from the kernel: there is no NUL in them.
        let c_path = CString::new(path.as_os_str().as_bytes()).unwrap_or_default();
        let fd = open(&c_path)?;
        lock(&fd)?;
        Ok(Self { fd, path: path.to_owned(), c_path })
    }

    /// The path by which it was opened.
    pub(crate) fn path(&self) -> &[u8] {
        self.path.as_os_str().as_bytes()
    }

    /// Opens what is there now, if that is another one.
    pub(crate) fn reopen(&mut self) -> Result<(), Failure> {
        let fd = open(&self.c_path)?;
        let is_same = match (rustix::fs::fstat(&fd), rustix::fs::fstat(&self.fd)) {
            (Ok(new), Ok(old)) => (new.st_dev, new.st_ino) == (old.st_dev, old.st_ino),
            _ => false,
        };
        if !is_same {
            lock(&fd)?;
            self.fd = fd;
        }
        Ok(())
    }

    /// Whether it has been removed.
    pub(crate) fn is_gone(&self) -> bool {
        is_gone(&self.fd)
    }

    // The file that is written to

    /// Opens the file, and makes it if needed.
    pub(crate) fn open_current(&self, now: i64) -> Result<Current, Failure> {
        let failure = Failure::of("open the file current in");
        let flags = OFlags::RDWR
            | OFlags::APPEND
            | OFlags::CREATE
            | OFlags::CLOEXEC
            | OFlags::NOFOLLOW
            | OFlags::NOCTTY
            // Of a pipe with nobody at the other end it says that it is one.
            | OFlags::NONBLOCK;
        let fd = rustix::fs::openat(&self.fd, CURRENT, flags, Mode::from_raw_mode(0o640));
        let fd = fd.map_err(&failure)?;
        let wanted = StatxFlags::SIZE | StatxFlags::MTIME | StatxFlags::BTIME | StatxFlags::TYPE;
        let stat = rustix::fs::statx(&fd, c"", AtFlags::EMPTY_PATH, wanted).map_err(&failure)?;
        if rustix::fs::FileType::from_raw_mode(stat.stx_mode.into())
            != rustix::fs::FileType::RegularFile
        {
            return Err(failure(Errno::ISDIR));
        }
        let mut last = [b'\n'];
        if stat.stx_size > 0 {
            rustix::io::pread(&fd, &mut last, stat.stx_size - 1).map_err(&failure)?;
        }
        let age = now.saturating_sub(made(&stat));
        Ok(Current { fd, size: stat.stx_size, age, is_torn: last != [b'\n'] })
    }

    /// Gives the file its name as an archive. `EXIST`: there is such a one.
    pub(crate) fn archive(&self, name: &[u8]) -> Result<(), Errno> {
        self.rename(CURRENT, c_str(name)?)
    }

    /// Undoes that.
    pub(crate) fn bring_back(&self, name: &[u8]) -> Result<(), Errno> {
        self.rename(c_str(name)?, CURRENT)
    }

    // Archives

    /// How much there is of them, and the oldest.
    pub(crate) fn archives(&self) -> Result<(Archives, FileName), Errno> {
        let (mut sum, mut first, mut oldest) = (Archives::default(), u64::MAX, FileName::EMPTY);
        self.each_archive(|name, archive| {
            let Ok(stat) = rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) else {
                return;
            };
            sum.count += 1;
            sum.bytes += u64::try_from(stat.st_size).unwrap_or(0);
            if archive.number <= first {
                first = archive.number;
                oldest = FileName::EMPTY;
                oldest.push(name.to_bytes_with_nul());
            }
        })?;
        Ok((sum, oldest))
    }

    /// The number for the next one.
    pub(crate) fn next_number(&self) -> Result<u64, Errno> {
        let mut next = 0;
        self.each_archive(|_, archive| next = next.max(archive.number.saturating_add(1)))?;
        Ok(next)
    }

    /// The first one from this number on that no program has been through with.
    pub(crate) fn untouched(&self, from: u64) -> Result<Option<(u64, FileName)>, Errno> {
        let mut found: Option<(u64, FileName)> = None;
        self.each_archive(|name, Archive { number, is_untouched, .. }| {
            let is_first = found.as_ref().is_none_or(|(first, _)| number < *first);
            if is_untouched && number >= from && is_first {
                let mut text = FileName::EMPTY;
                text.push(name.to_bytes_with_nul());
                found = Some((number, text));
            }
        })?;
        Ok(found)
    }

    pub(crate) fn remove(&self, name: &[u8]) -> Result<(), Errno> {
        rustix::fs::unlinkat(&self.fd, c_str(name)?, AtFlags::empty())
    }

    /// Renames it, unless the new name is taken.
    pub(crate) fn mark(&self, name: &[u8], new: &[u8]) -> Result<(), Errno> {
        self.rename(c_str(name)?, c_str(new)?)
    }

    /// Makes sure that names are on the disk.
    pub(crate) fn sync(&self) -> Result<(), Errno> {
        rustix::fs::fsync(&self.fd)
    }

    fn rename(&self, from: &CStr, to: &CStr) -> Result<(), Errno> {
        match rustix::fs::renameat_with(&self.fd, from, &self.fd, to, RenameFlags::NOREPLACE) {
            // Not every file system knows how to do it in one step.
            Err(Errno::INVAL | Errno::NOSYS) => {
                match rustix::fs::statat(&self.fd, to, AtFlags::SYMLINK_NOFOLLOW) {
                    Err(Errno::NOENT) => rustix::fs::renameat(&self.fd, from, &self.fd, to),
                    Ok(_) => Err(Errno::EXIST),
                    Err(errno) => Err(errno),
                }
            }
            result => result,
        }
    }

    fn each_archive(&self, mut each: impl FnMut(&CStr, Archive)) -> Result<(), Errno> {
        rustix::fs::seek(&self.fd, SeekFrom::Start(0))?;
        let mut buffer = [const { MaybeUninit::uninit() }; ENTRIES];
        let mut entries = RawDir::new(&self.fd, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            if name.count_bytes() > LONGEST_NAME {
                continue;
            }
            if let Some(archive) = Archive::parse(name.to_bytes()) {
                each(name, archive);
            }
        }
        Ok(())
    }
}

impl Current {
    pub(crate) fn is_gone(&self) -> bool {
        is_gone(&self.fd)
    }
}

fn is_gone(fd: &OwnedFd) -> bool {
    rustix::fs::fstat(fd).is_ok_and(|stat| stat.st_nlink == 0)
}

fn open(c_path: &CStr) -> Result<OwnedFd, Failure> {
    let open = || {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        rustix::fs::open(c_path, flags, Mode::empty())
    };
    match open() {
        Err(Errno::NOENT) => {
            make(c_path).map_err(Failure::of("make the directory"))?;
            open().map_err(Failure::of("open"))
        }
        result => result.map_err(Failure::of("open")),
    }
}

/// Makes a directory, and those that it is in. It has room for a path, which its caller should not
/// have on the stack all the time.
#[inline(never)]
fn make(path: &CStr) -> Result<(), Errno> {
    let bytes = path.to_bytes();
    let mut part = Text::<4097>::EMPTY;
    let mut result = Ok(());
    for piece in bytes.split_inclusive(|&byte| byte == b'/') {
        part.push(piece).push(b"\0");
        // Those that are there already may well be in places where we can make nothing.
        result = match rustix::fs::mkdir(c_str(part.as_bytes())?, Mode::from_raw_mode(0o750)) {
            Err(Errno::EXIST) => Ok(()),
            result => result,
        };
        part.pop();
    }
    result
}

/// Of two loggers in one directory each would take the other's file away.
fn lock(fd: &OwnedFd) -> Result<(), Failure> {
    match rustix::fs::flock(fd, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(Failure { doing: "lock", errno: Errno::WOULDBLOCK }),
        // Where there are no locks, we do without.
        _ => Ok(()),
    }
}

/// When a file was made; where the file system does not tell, when it was last written to.
fn made(stat: &Statx) -> i64 {
    let has_birth = stat.stx_mask & StatxFlags::BTIME.bits() != 0;
    if has_birth { stat.stx_btime.tv_sec } else { stat.stx_mtime.tv_sec }
}

fn c_str(name: &[u8]) -> Result<&CStr, Errno> {
    CStr::from_bytes_with_nul(name).map_err(|_| Errno::INVAL)
}
