//! The terminal: quiet while nobody reads from it, as it was found when the shell is suspended, and
//! put back however the shell ends; and the signals that end it.
//!
//! Between two prompts the terminal is as the editor sets it: nothing is echoed and no key sends a
//! signal, so nothing that is typed ahead is lost or shown twice.
//!
//! The end may come on another thread, when the daemon is gone or a signal came. The main thread is
//! then made to stand still, since it could be about to change the terminal again.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::OFlag;
use nix::sys::signal::{
    SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, sigaction, sigprocmask,
};
use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use nix::unistd::{Pid, getpgrp, getpid, tcgetpgrp};

use crate::failure::Result;
use crate::screen;

/// As it was found.
static FOUND: OnceLock<libc::termios> = OnceLock::new();
/// Whether the terminal is ours even while others are in its foreground.
static OURS: AtomicBool = AtomicBool::new(false);
/// Whether the main thread stands still.
static STILL: AtomicBool = AtomicBool::new(false);
/// Whether a thread is about to end the program.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// How long to wait for the main thread.
const PATIENCE: Duration = Duration::from_secs(1);
/// No bracketed paste, a visible cursor, and nothing left on this line.
const PLAIN: &[u8] = b"\x1b[?2004l\x1b[?25h\r\x1b[K";

/// Remembers the terminal. From here on ^C only affects the line, or what begins [`Interrupts`],
/// and TERM and HUP leave in good order. To be called by the main thread, before there are others.
///
/// The editor of a daemon takes the terminal, and is never stopped: the daemon would not notice.
pub(crate) fn prepare(of_daemon: bool) -> Result<()> {
    // SAFETY: ignoring a signal needs no handler, and `stand_still` makes only permitted calls.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGQUIT, libc::SIG_IGN);
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
        let handler = SigHandler::Handler(stand_still);
        let action = SigAction::new(handler, SaFlags::empty(), SigSet::all());
        sigaction(Signal::SIGUSR1, &action).map_err(std::io::Error::from)?;
    }
    if of_daemon {
        OURS.store(true, Ordering::SeqCst);
        // SAFETY: ignoring signals needs no handler.
        unsafe {
            libc::signal(libc::SIGTTOU, libc::SIG_IGN);
            libc::signal(libc::SIGTTIN, libc::SIG_IGN);
        }
        // The daemon does that too, but perhaps later than we get here.
        let _ = nix::unistd::tcsetpgrp(std::io::stdin(), getpgrp());
    }
    let found = tcgetattr(std::io::stdin()).map_err(std::io::Error::from)?;
    FOUND.get_or_init(|| found.into());
    let mut ending = SigSet::empty();
    ending.add(Signal::SIGTERM);
    ending.add(Signal::SIGHUP);
    let mut blocked = ending;
    // Only from `suspend`, on the thread that calls it.
    blocked.add(Signal::SIGTSTP);
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&blocked), None).map_err(std::io::Error::from)?;
    thread::spawn(move || {
        if let Ok(signal) = ending.wait() {
            leave(b"", 128 + signal as i32);
        }
    });
    Ok(())
}

/// The terminal as it was found, for the characters that are special on it.
pub(crate) fn found() -> Option<Termios> {
    FOUND.get().map(|found| Termios::from(*found))
}

/// The terminal between two prompts. It is restored when this is dropped.
pub(crate) struct Quiet;

impl Quiet {
    pub(crate) fn begin() -> Result<Self> {
        let mut mode = tcgetattr(std::io::stdin()).map_err(std::io::Error::from)?;
        mode.local_flags
            .remove(LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG | LocalFlags::IEXTEN);
        mode.input_flags.remove(InputFlags::ICRNL | InputFlags::IXON);
        mode.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        mode.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &mode).map_err(std::io::Error::from)?;
        Ok(Self)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        restore();
    }
}

/// While a command of the shell takes its time: ^C is a signal, and interrupts that. What is typed
/// ahead stays where it is. As it was before when this is dropped.
pub(crate) struct Interrupts {
    quiet: Termios,
    action: SigAction,
    /// What the handler writes to. Whoever waits is told by its end that this is over.
    _told: OwnedFd,
}

/// Where the handler of SIGINT writes a byte; -1 for none.
static TOLD: AtomicI32 = AtomicI32::new(-1);

impl Interrupts {
    pub(crate) fn begin() -> Result<(Self, Interrupted)> {
        let (heard, told) = nix::unistd::pipe2(OFlag::O_CLOEXEC).map_err(std::io::Error::from)?;
        let quiet = tcgetattr(std::io::stdin()).map_err(std::io::Error::from)?;
        TOLD.store(told.as_raw_fd(), Ordering::SeqCst);
        let handler = SigHandler::Handler(tell);
        let new = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
        // SAFETY: `tell` makes only permitted calls.
        let action = unsafe { sigaction(Signal::SIGINT, &new) }.map_err(std::io::Error::from)?;
        let this = Self { quiet, action, _told: told };
        let mut mode = this.quiet.clone();
        mode.local_flags.insert(LocalFlags::ISIG | LocalFlags::NOFLSH);
        // The other keys that are signals mean what they mean at the next prompt.
        mode.control_chars[SpecialCharacterIndices::VSUSP as usize] = 0;
        mode.control_chars[SpecialCharacterIndices::VQUIT as usize] = 0;
        tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &mode).map_err(std::io::Error::from)?;
        Ok((this, Interrupted(File::from(heard))))
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &self.quiet);
        // SAFETY: it is the action that was found.
        let _ = unsafe { sigaction(Signal::SIGINT, &self.action) };
        TOLD.store(-1, Ordering::SeqCst);
    }
}

/// The other end of [`Interrupts`], for another thread.
pub(crate) struct Interrupted(File);

impl Interrupted {
    /// Waits for an interrupt. False if there will be none.
    pub(crate) fn wait(&mut self) -> bool {
        matches!(self.0.read(&mut [0]), Ok(1))
    }
}

extern "C" fn tell(_: libc::c_int) {
    // SAFETY: write(2) gets one byte that lives as long as the call; no descriptor is -1.
    unsafe { libc::write(TOLD.load(Ordering::SeqCst), [0_u8].as_ptr().cast(), 1) };
}

/// Restores the terminal. Does no harm if that was already done.
fn restore() {
    let Some(found) = found() else { return };
    let in_front = tcgetpgrp(std::io::stdin()).is_ok_and(|group: Pid| group == getpgrp());
    if !in_front {
        // It is somebody else's. But a daemon that was killed cannot restore it, and not every
        // shell does; at least ^C is a signal again.
        let now = tcgetattr(std::io::stdin());
        let has_signals = now.is_ok_and(|now| now.local_flags.contains(LocalFlags::ISIG));
        if has_signals || !OURS.load(Ordering::SeqCst) {
            screen::write_plainly(b"\n");
            return;
        }
    }
    screen::leave();
    let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, &found);
    screen::write_plainly(PLAIN);
}

/// Ends the program from a thread other than the main one, with the terminal in order. The text is
/// the last thing to be seen there.
///
/// The main thread may hold any lock when it is stopped, including the allocator's, so none is
/// taken.
pub(crate) fn leave(text: &[u8], status: i32) -> ! {
    if LEAVING.swap(true, Ordering::SeqCst) {
        // Another thread is already doing it.
        loop {
            thread::park();
        }
    }
    let main = libc::c_long::from(getpid().as_raw());
    // SAFETY: tgkill(2) takes three numbers. The main thread has the pid as its number.
    unsafe { libc::syscall(libc::SYS_tgkill, main, main, libc::c_long::from(libc::SIGUSR1)) };
    let deadline = Instant::now() + PATIENCE;
    while !STILL.load(Ordering::SeqCst) && Instant::now() < deadline {
        thread::yield_now();
    }
    restore();
    screen::write_plainly(text);
    // SAFETY: it takes a number, and does not return.
    unsafe { libc::_exit(status) }
}

extern "C" fn stand_still(_: libc::c_int) {
    STILL.store(true, Ordering::SeqCst);
    loop {
        // SAFETY: pause(2) takes nothing.
        unsafe { libc::pause() };
    }
}

/// Stops this process, and whatever else was started together with it, until it is in the
/// foreground again. Meanwhile the terminal is as it was found.
pub(crate) fn suspend() {
    let stdin = std::io::stdin;
    let (Some(found), Ok(now)) = (found(), tcgetattr(stdin())) else { return };
    screen::write_plainly(b"\x1b[?2004l");
    let _ = tcsetattr(stdin(), SetArg::TCSADRAIN, &found);
    let mut stop = SigSet::empty();
    stop.add(Signal::SIGTSTP);
    // For the whole group, and on this thread only, so that it stands still at the latest when the
    // signal is unblocked.
    let _ = nix::sys::signal::kill(Pid::from_raw(0), Signal::SIGTSTP);
    let _ = sigprocmask(SigmaskHow::SIG_UNBLOCK, Some(&stop), None);
    let _ = sigprocmask(SigmaskHow::SIG_BLOCK, Some(&stop), None);
    // In the background this stops us again.
    let _ = tcsetattr(stdin(), SetArg::TCSADRAIN, &now);
    screen::write_plainly(b"\x1b[?2004h");
}
