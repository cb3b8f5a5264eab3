//! The ways out.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

use crate::link::Link;
use crate::status::MEMORY;

/// How long to wait for a daemon that accepts no commands.
const PATIENCE: Duration = Duration::from_secs(1);

thread_local! {
    /// The connection, for those who have no other way to it.
    static LINK: RefCell<Option<Rc<Link>>> = const { RefCell::new(None) };
}

thread_local! {
    /// What the prompt has to do before the end.
    static AT_END: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    /// Lines that are said when the terminal is as it was.
    static LAST_WORDS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Says a line at the very end, when this program leaves in good order. What is said before, while a
/// line is edited, is shown by the editor, which may not come to it any more.
pub(crate) fn last_words(text: impl Into<String>) {
    LAST_WORDS.with_borrow_mut(|lines| lines.push(text.into()));
}

/// To be done first when this program leaves in good order.
pub(crate) fn first(task: impl FnOnce() + 'static) {
    AT_END.with(|it| *it.borrow_mut() = Some(Box::new(task)));
}

/// Makes the connection known.
pub(crate) fn remember(link: &Rc<Link>) {
    LINK.with(|known| *known.borrow_mut() = Some(Rc::clone(link)));
}

/// What was sent and is still here is sent.
pub(crate) fn flush() {
    LINK.with(|known| {
        let known = known.borrow();
        if let Some(mut output) = known.as_ref().and_then(|link| link.output.try_borrow_mut().ok())
        {
            output.flush_for(PATIENCE);
        }
    });
}

/// Leaves in good order: what was sent is sent, what was printed is printed.
pub(crate) fn with(status: i32) -> ! {
    flush();
    if let Some(task) = AT_END.with(RefCell::take) {
        task();
    }
    restore_terminal();
    LAST_WORDS.take().iter().for_each(|text| say(text));
    std::process::exit(status);
}

/// Says why, and leaves with what was sent so far.
pub(crate) fn for_want_of_memory(text: &str) -> ! {
    say(text);
    with(MEMORY.into())
}

/// A line on standard error.
pub(crate) fn say(text: &str) {
    // If nobody reads it, there is nothing to be done.
    let _ = writeln!(std::io::stderr(), "daemonproxy-lua: {text}");
}

/// Leaves immediately. With `in_order` commands are sent; without, it may be called in a signal
/// handler.
pub(crate) fn at_once(status: u8, in_order: bool) -> ! {
    if in_order {
        flush();
    }
    restore_terminal();
    // SAFETY: it does not return.
    unsafe { libc::_exit(status.into()) }
}

/// The terminal's settings before the prompt changed them, and its descriptor, once there is a
/// prompt.
static TERMINAL: AtomicI32 = AtomicI32::new(-1);
static SETTINGS: std::sync::OnceLock<libc::termios> = std::sync::OnceLock::new();

/// To be restored however this program ends, even by a signal.
pub(crate) fn remember_terminal(fd: i32, settings: libc::termios) -> nix::Result<()> {
    SETTINGS.get_or_init(|| settings);
    TERMINAL.store(fd, Ordering::Relaxed);
    // The signal is unblocked when the handler returns.
    let once =
        SigAction::new(SigHandler::Handler(end_by_signal), SaFlags::SA_RESETHAND, SigSet::empty());
    for signal in [Signal::SIGTERM, Signal::SIGHUP] {
        // SAFETY: the handler does only what is allowed in one.
        unsafe { sigaction(signal, &once) }?;
    }
    Ok(())
}

extern "C" fn end_by_signal(signal: libc::c_int) {
    restore_terminal();
    // SAFETY: async-signal-safe.
    unsafe { libc::raise(signal) };
}

/// Restores the terminal. Does no harm if that was already done.
pub(crate) fn restore_terminal() {
    let fd = TERMINAL.load(Ordering::Relaxed);
    let Some(settings) = SETTINGS.get().filter(|_| fd >= 0) else { return };
    // No bracketed paste, a visible cursor, and nothing left on this line.
    const END: &std::ffi::CStr = c"\x1b[?2004l\x1b[?25h\r\x1b[K";
    // SAFETY: both are async-signal-safe, and read what lives for ever.
    unsafe {
        libc::tcsetattr(fd, libc::TCSANOW, settings);
        libc::write(fd, END.as_ptr().cast(), END.count_bytes());
    }
}
