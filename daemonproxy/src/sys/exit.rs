//! Leaving: with a status, or by becoming another program (`--exit-exec`), whatever the reason.
//!
//! What to execute is kept in memory that a signal handler can use as it is: the lists are built when the
//! command comes, and the crash itself only fills in two strings and makes system calls.

use std::ffi::{CString, c_char};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use daemonproxy_protocol::Fields;

use super::alloc::Noticing;
use super::signal::Dispositions;
use super::start::Startup;

/// `NAME=VALUE`, of which the value is filled in at the end.
struct Variable {
    text: *mut u8,
    name: &'static [u8],
    room: usize,
}

/// Everything that the end needs. Made once and never freed.
struct Memory {
    text: *mut u8,
    text_room: usize,
    argv: *mut *const c_char,
    envp: *const *const c_char,
    code: Variable,
    error: Variable,
    dispositions: Dispositions,
    umask: libc::mode_t,
    open_files: libc::rlimit,
}

/// Null until [`ExitExec::new`].
static MEMORY: AtomicPtr<Memory> = AtomicPtr::new(std::ptr::null_mut());
/// Whether there is something to execute.
static ARMED: AtomicBool = AtomicBool::new(false);

/// The right to say what is executed at the end.
pub(crate) struct ExitExec(());

impl ExitExec {
    /// Takes the memory for argument lists of up to `max_line` bytes.
    pub(crate) fn new(startup: &Startup, max_line: usize) -> Self {
        let code = Variable::new(b"DAEMONPROXY_EXITCODE=", 16);
        let error = Variable::new(b"DAEMONPROXY_ERROR=", 256);
        let mut envp = environment_without(&[code.name, error.name]);
        envp.extend([code.text.cast_const().cast(), error.text.cast_const().cast()]);
        envp.push(std::ptr::null());
        let memory = Memory {
            text: leak(Vec::<u8>::with_capacity(max_line + 1)),
            text_room: max_line + 1,
            // Every byte could be the end of an empty field.
            argv: leak(Vec::<*const c_char>::with_capacity(max_line + 2)),
            envp: leak(envp),
            code,
            error,
            dispositions: startup.dispositions,
            umask: startup.umask,
            open_files: startup.open_files,
        };
        MEMORY.store(Box::into_raw(Box::new(memory)), Ordering::Release);
        Self(())
    }

    /// Sets what to execute; nothing turns it off.
    pub(crate) fn set(&mut self, args: Fields<'_>) {
        // A crash in the middle of this finds nothing to execute, rather than half of it.
        ARMED.store(false, Ordering::SeqCst);
        // SAFETY: made by `new`, without which there is no `self`, and never freed.
        let memory = unsafe { &*MEMORY.load(Ordering::Acquire) };
        if args.is_empty() || args.as_bytes().len() >= memory.text_room {
            return;
        }
        // SAFETY: `text` has room for the bytes and a NUL (checked above), `argv` for one pointer
        // more than there can be fields, and a null. Both are ours:
        // only one `ExitExec` exists, and the handler reads them only while ARMED.
        unsafe {
            let mut at = 0;
            let mut count = 0;
            for field in args.iter() {
                memory.argv.add(count).write(memory.text.add(at).cast());
                count += 1;
                memory.text.add(at).copy_from_nonoverlapping(field.as_ptr(), field.len());
                at += field.len();
                memory.text.add(at).write(0);
                at += 1;
            }
            memory.argv.add(count).write(std::ptr::null());
        }
        ARMED.store(true, Ordering::SeqCst);
    }
}

impl Variable {
    fn new(name: &'static [u8], room: usize) -> Self {
        let mut text = name.to_vec();
        text.resize(name.len() + room, 0);
        Self { text: leak(text), name, room }
    }

    /// Fills in the value, cut to the room there is.
    fn set(&self, value: &[u8]) {
        let len = value.len().min(self.room - 1);
        // SAFETY: `room` bytes stand behind the name, for the value and a NUL.
        unsafe {
            let place = self.text.add(self.name.len());
            place.copy_from_nonoverlapping(value.as_ptr(), len);
            place.add(len).write(0);
        }
    }
}

/// Memory for ever.
fn leak<T>(memory: Vec<T>) -> *mut T {
    std::mem::ManuallyDrop::new(memory).as_mut_ptr()
}

fn environment_without(names: &[&[u8]]) -> Vec<*const c_char> {
    use std::os::unix::ffi::OsStringExt;
    std::env::vars_os()
        .filter_map(|(name, value)| {
            let mut text = name.into_vec();
            text.push(b'=');
            text.extend(value.into_vec());
            let kept = !names.iter().any(|name| text.starts_with(name));
            kept.then(|| CString::new(text).ok().map(|text| text.into_raw().cast_const()))?
        })
        .collect()
}

/// Leaves, one way or the other.
pub(crate) fn leave_process(code: i32, reason: &str) -> ! {
    execute(code, reason.as_bytes());
    std::process::exit(code)
}

/// Called by the handler of a crash: executes, if there is something to.
pub(super) fn crashed(signal: i32) {
    let reason: &[u8] = match signal {
        _ if Noticing::ran_out() => b"out of memory",
        libc::SIGSEGV => b"SIGSEGV",
        libc::SIGABRT => b"SIGABRT",
        libc::SIGILL => b"SIGILL",
        libc::SIGBUS => b"SIGBUS",
        _ => b"SIGFPE",
    };
    for part in [b"fatal: the daemon crashed: " as &[u8], reason, b"\n"] {
        // SAFETY: write(2) is safe in a handler; where it fails there is nobody left to tell.
        unsafe { libc::write(2, part.as_ptr().cast(), part.len()) };
    }
    // As a shell tells of a program that died of a signal.
    execute(128 + signal, reason);
}

/// Becomes the other program, if there is one. Comes back if not. Only system calls, and memory
/// that is there already.
fn execute(code: i32, reason: &[u8]) {
    let memory = MEMORY.load(Ordering::Acquire);
    if memory.is_null() || !ARMED.load(Ordering::SeqCst) {
        return;
    }
    // SAFETY: made by `ExitExec::new` and never freed.
    let memory = unsafe { &*memory };
    let mut digits = [0; 3];
    memory.code.set(decimal(code.clamp(0, 255) as u8, &mut digits));
    memory.error.set(reason);
    memory.dispositions.restore();
    // SAFETY: system calls that are safe in a handler (signal-safety(7)), on memory that is complete
    // while ARMED is set. execvpe is not on that list, but the C library's uses only the stack.
    unsafe {
        for number in 0..=2 {
            libc::fcntl(number, libc::F_SETFD, 0);
        }
        libc::umask(memory.umask);
        libc::setrlimit(libc::RLIMIT_NOFILE, &raw const memory.open_files);
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
        libc::execvpe(*memory.argv, memory.argv, memory.envp);
        let text = b"fatal: cannot execute the program of --exit-exec\n";
        libc::write(2, text.as_ptr().cast(), text.len());
    }
}

/// A number without the formatting machinery, which may allocate.
fn decimal(mut number: u8, digits: &mut [u8; 3]) -> &[u8] {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + number % 10;
        number /= 10;
        if number == 0 {
            return &digits[start..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exit_code_is_written_in_decimal() {
        for (number, text) in [(0, "0"), (9, "9"), (10, "10"), (255, "255")] {
            assert_eq!(decimal(number, &mut [0; 3]), text.as_bytes());
        }
    }
}
