//! The system calls, one kind in each file. Nothing is decided here.

pub(crate) mod clock;
pub(crate) mod directory;
pub(crate) mod input;
pub(crate) mod signals;
pub(crate) mod stderr;
pub(crate) mod then;

use rustix::io::Errno;

/// What went wrong, in the words of the C library: what can go wrong with files and pipes. (A list
/// of everything would be more memory that is written to at the start than this program has for its
/// lines.)
pub(crate) fn explain(errno: Errno) -> &'static str {
    match errno {
        Errno::ACCESS => "Permission denied",
        Errno::BADF => "Bad file descriptor",
        Errno::DQUOT => "Disk quota exceeded",
        Errno::EXIST => "File exists",
        Errno::FBIG => "File too large",
        Errno::INVAL => "Invalid argument",
        Errno::IO => "Input/output error",
        Errno::ISDIR => "Is a directory",
        Errno::LOOP => "Too many levels of symbolic links",
        Errno::MFILE => "Too many open files",
        Errno::NAMETOOLONG => "File name too long",
        Errno::NFILE => "Too many open files in system",
        Errno::NOENT => "No such file or directory",
        Errno::NOMEM => "Cannot allocate memory",
        Errno::NOSPC => "No space left on device",
        Errno::NOTDIR => "Not a directory",
        Errno::PERM => "Operation not permitted",
        Errno::PIPE => "Broken pipe",
        Errno::ROFS => "Read-only file system",
        Errno::STALE => "Stale file handle",
        Errno::AGAIN => "Resource temporarily unavailable",
        _ => "an error that is unusual here",
    }
}

/// What somebody can do about it, if there is something to say.
pub(crate) fn advice(errno: Errno) -> &'static str {
    match errno {
        Errno::ACCESS | Errno::PERM => {
            "; let the user that it runs as write there, or choose another directory"
        }
        Errno::NOTDIR | Errno::EXIST => "; something on this path is not a directory",
        Errno::NOSPC | Errno::DQUOT => "; make room there, or choose another directory",
        Errno::ROFS => "; choose a directory that can be written to",
        Errno::LOOP => "; it is a symbolic link, which is not followed: remove it",
        Errno::ISDIR => "; remove what is in its place",
        _ => "",
    }
}
