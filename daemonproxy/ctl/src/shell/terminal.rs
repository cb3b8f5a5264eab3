//! The terminal as it was found, to be put back however the shell ends, and the signals that end it.

use std::io::Write;
use std::process::exit;
use std::sync::OnceLock;
use std::thread;

use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};

use crate::failure::Result;
use crate::screen;

static BEFORE: OnceLock<libc::termios> = OnceLock::new();

/// Remembers the terminal. From here on ^C is for the line only, and TERM and HUP leave in good order.
/// To be called before there are threads.
pub(crate) fn prepare() -> Result<()> {
    let found = tcgetattr(std::io::stdin()).map_err(std::io::Error::from)?;
    BEFORE.get_or_init(|| found.into());
    // SAFETY: ignoring a signal needs no handler.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGQUIT, libc::SIG_IGN);
        libc::signal(libc::SIGPIPE, libc::SIG_IGN);
    }
    let mut ending = SigSet::empty();
    ending.add(Signal::SIGTERM);
    ending.add(Signal::SIGHUP);
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&ending), None).map_err(std::io::Error::from)?;
    thread::spawn(move || {
        if let Ok(signal) = ending.wait() {
            restore();
            exit(128 + signal as i32);
        }
    });
    Ok(())
}

/// Puts the terminal back. Does no harm if that was done already.
pub(crate) fn restore() {
    let Some(before) = BEFORE.get() else { return };
    screen::leave();
    let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, &Termios::from(*before));
    let mut out = std::io::stdout().lock();
    // No bracketed paste, the first screen, the cursor to be seen, and nothing left on this line.
    let _ = out.write_all(b"\x1b[?2004l\x1b[?25h\r\x1b[K");
    let _ = out.flush();
}
