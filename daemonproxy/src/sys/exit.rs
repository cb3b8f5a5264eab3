//! Leaving: with a status, or by becoming another program (`--exit-exec`), whatever the reason.
//!
//! What to execute is kept in memory that a signal handler can use as it is: the lists are built
//! when the command comes, and a crash only fills in two strings and makes system calls.

use std::cell::UnsafeCell;
use std::ffi::c_char;
use std::io::Write;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use daemonproxy_core::Fd;
use daemonproxy_core::limits::MAX_MAX_LINE;
use daemonproxy_protocol::Fields;

use super::dispositions;
use super::shared::{private_copy, write_at_once};
use super::signal::with_signals_blocked;
use super::start::{Startup, environ};

/// `NAME=VALUE` and a NUL; the value is filled in at the end.
type Variable = [u8; 320];

const CODE: &[u8] = b"DAEMONPROXY_EXITCODE=";
const ERROR: &[u8] = b"DAEMONPROXY_ERROR=";

/// Everything that the end needs. It is not on the heap, which may be what is broken; and as long
/// as nobody touches it, it is zeroed pages that take no memory.
///
/// In this order, so that what is always written shares a page with other variables of the daemon:
/// those that lie before it (layout.ld). The large parts mostly are not written.
#[repr(C)]
struct Store {
    startup: UnsafeCell<MaybeUninit<Startup>>,
    code: UnsafeCell<Variable>,
    error: UnsafeCell<Variable>,
    /// One pointer for each argument, and a null. Every byte could end an empty argument.
    argv: UnsafeCell<[*const c_char; MAX_MAX_LINE + 2]>,
    /// The arguments, each followed by a NUL.
    text: UnsafeCell<[u8; MAX_MAX_LINE + 1]>,
}

// SAFETY: the process has one thread. ARMED guards what a signal handler could see half done.
unsafe impl Sync for Store {}

static STORE: Store = Store {
    argv: UnsafeCell::new([std::ptr::null(); MAX_MAX_LINE + 2]),
    text: UnsafeCell::new([0; MAX_MAX_LINE + 1]),
    code: UnsafeCell::new([0; size_of::<Variable>()]),
    error: UnsafeCell::new([0; size_of::<Variable>()]),
    startup: UnsafeCell::new(MaybeUninit::uninit()),
};
/// The environment for that program, once [`ExitExec::new`] has made it.
static ENVP: AtomicPtr<*const c_char> = AtomicPtr::new(std::ptr::null_mut());
/// Whether there is something to execute. Only true while all of the above is complete.
static ARMED: AtomicBool = AtomicBool::new(false);

/// The right to say what is executed at the end. There is only one.
pub(crate) struct ExitExec(());

impl ExitExec {
    pub(crate) fn new(startup: &Startup) -> Self {
        // SAFETY: ARMED is not set yet, so nobody reads these.
        unsafe {
            (*STORE.startup.get()).write(*startup);
        }
        let mut envp = inherited_environment();
        envp.extend([STORE.code.get().cast_const().cast(), STORE.error.get().cast_const().cast()]);
        envp.push(std::ptr::null());
        ENVP.store(envp.leak().as_mut_ptr(), Ordering::Release);
        Self(())
    }

    /// Sets what to execute; nothing turns it off.
    pub(crate) fn set(&mut self, args: Fields<'_>) {
        // A signal that ends the daemon waits until everything is in place.
        with_signals_blocked(|| self.replace(args));
    }

    /// What is set, as it was set; nothing if nothing is.
    pub(super) fn args(&self) -> Vec<u8> {
        if !ARMED.load(Ordering::SeqCst) {
            return Vec::new();
        }
        // SAFETY: only one `ExitExec` exists, and only `replace` writes there. All arguments lie
        // one after the other, each with a NUL after it.
        unsafe {
            let (text, argv) = (&*STORE.text.get(), &*STORE.argv.get());
            let count = argv.iter().take_while(|arg| !arg.is_null()).count();
            let all = text.split(|&byte| byte == 0).take(count);
            all.collect::<Vec<_>>().join(&b'\t')
        }
    }

    fn replace(&mut self, args: Fields<'_>) {
        // A fault in the middle of this finds nothing to execute, rather than half of it.
        ARMED.store(false, Ordering::SeqCst);
        if args.is_empty() || args.as_bytes().len() > MAX_MAX_LINE {
            return;
        }
        // SAFETY: only one `ExitExec` exists, and the handler reads these only while ARMED.
        let (text, argv) = unsafe { (&mut *STORE.text.get(), &mut *STORE.argv.get()) };
        let mut start = 0;
        let mut count = 0;
        for field in args.iter() {
            let end = start + field.len();
            text[start..end].copy_from_slice(field);
            text[end] = 0;
            argv[count] = text[start..].as_ptr().cast();
            start = end + 1;
            count += 1;
        }
        argv[count] = std::ptr::null();
        ARMED.store(true, Ordering::SeqCst);
    }
}

/// Whether there is something to execute at the end.
pub(crate) fn has_exit_exec() -> bool {
    ARMED.load(Ordering::SeqCst)
}

/// The environment that the daemon was started with, except the two variables that are set at the
/// end, and those about descriptors that the program does not get.
fn inherited_environment() -> Vec<*const c_char> {
    let mut list = Vec::new();
    // SAFETY: the C library keeps `environ` as a null-terminated list of strings, and nothing in
    // this program changes it.
    unsafe {
        let mut next = environ;
        while !next.is_null() && !(*next).is_null() {
            let text = std::ffi::CStr::from_ptr(*next).to_bytes();
            let is_gone = |name: &&str| {
                text.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="))
            };
            let is_gone = super::handed::VARIABLES.iter().any(is_gone);
            if !text.starts_with(CODE) && !text.starts_with(ERROR) && !is_gone {
                list.push(*next);
            }
            next = next.add(1);
        }
    }
    list
}

/// Leaves, one way or the other.
pub(crate) fn leave_process(code: i32, reason: &str) -> ! {
    execute(code, reason.as_bytes());
    std::process::exit(code)
}

/// Becomes the other program, if there is one. Returns if not. Only system calls that do not block,
/// and memory that is already there.
pub(super) fn execute(code: i32, reason: &[u8]) {
    if !ARMED.load(Ordering::SeqCst) {
        return;
    }
    // Signals that are pending or come now must not take effect before the program runs.
    dispositions::block_all();
    // SAFETY: it is complete while ARMED; nobody else is left to use it. The calls are safe in a
    // handler (signal-safety(7)); execvpe is not on that list, but the C library's uses nothing but
    // the stack.
    unsafe {
        let mut digits = Text::<4>::new();
        digits.push_number(code.clamp(0, 255).unsigned_abs());
        fill(&mut *STORE.code.get(), CODE, digits.as_bytes());
        fill(&mut *STORE.error.get(), ERROR, reason);
        for number in 0..=2 {
            libc::fcntl(number, libc::F_SETFD, 0);
        }
        (*STORE.startup.get()).assume_init_ref().give_back_limits();
        dispositions::swallow_all();
        dispositions::block_none();
        let argv = STORE.argv.get().cast::<*const c_char>();
        libc::execvpe(*argv, argv, ENVP.load(Ordering::Acquire));
    }
    say(b"fatal: cannot execute the program of --exit-exec\n");
}

fn fill(variable: &mut Variable, name: &[u8], value: &[u8]) {
    let room = variable.len() - name.len() - 1;
    let value = value.get(..room).unwrap_or(value);
    let end = name.len() + value.len();
    variable[..name.len()].copy_from_slice(name);
    variable[name.len()..end].copy_from_slice(value);
    variable[end] = 0;
}

/// Writes to standard error what it accepts without blocking, which may be nothing. Only system
/// calls.
pub(super) fn say(text: &[u8]) {
    say_to(Fd(2), text);
}

fn say_to(fd: Fd, mut text: &[u8]) {
    let copy = private_copy(fd, true);
    while !text.is_empty() {
        match write_at_once(copy.unwrap_or(fd), text) {
            Ok(count @ 1..) => text = text.get(count..).unwrap_or_default(),
            Ok(0) | Err(_) => break,
        }
    }
    if let Some(copy) = copy {
        super::close(copy);
    }
}

/// Writes to standard output or error before the daemon has begun: all of it, as any program does,
/// unless something is to be executed at the end. That must not wait for a reader.
pub(crate) fn print(fd: Fd, text: &str) {
    if ARMED.load(Ordering::SeqCst) {
        return say_to(fd, text.as_bytes());
    }
    // If nobody reads it, there is nothing to be done.
    let _ = match fd {
        Fd(1) => std::io::stdout().write_all(text.as_bytes()),
        _ => std::io::stderr().write_all(text.as_bytes()),
    };
    let _ = std::io::stdout().flush();
}

/// A short text, made without the heap, and without the formatting machinery, which may use the
/// heap. What does not fit is left out.
pub(super) struct Text<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

impl<const ROOM: usize> Text<ROOM> {
    pub(super) fn new() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }

    pub(super) fn push(&mut self, more: &[u8]) {
        for (place, &byte) in self.bytes.iter_mut().skip(self.length).zip(more) {
            *place = byte;
            self.length += 1;
        }
    }

    pub(super) fn push_number(&mut self, number: u32) {
        if number > 9 {
            self.push_number(number / 10);
        }
        self.push(&[b'0' + (number % 10) as u8]);
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_decimal() {
        for (number, text) in [(0, "0"), (9, "9"), (10, "10"), (255, "255")] {
            let mut out = Text::<4>::new();
            out.push_number(number);
            assert_eq!(out.as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn a_text_is_cut_where_it_does_not_fit() {
        let mut out = Text::<4>::new();
        out.push(b"abc");
        out.push(b"def");
        assert_eq!(out.as_bytes(), b"abcd");
    }

    #[test]
    fn a_reason_of_any_length_fits() {
        let mut variable = [1; size_of::<Variable>()];
        fill(&mut variable, ERROR, &[b'x'; 1000]);
        assert_eq!(variable.last(), Some(&0));
        fill(&mut variable, ERROR, b"short");
        assert!(variable.starts_with(b"DAEMONPROXY_ERROR=short\0"));
    }
}
