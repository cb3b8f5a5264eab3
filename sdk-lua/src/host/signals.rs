//! Signals to this process itself: `receive` reports trapped ones.
//!
//! The handler sets a bit and writes a byte into a pipe that the loop waits on. Handlers and not
//! signalfd, because a blocked signal stays blocked in every program that the script runs.
//!
//! INT and QUIT do nothing unless they are trapped, if the daemon has started us: at a terminal
//! they come to all processes at once, but what they mean is up to the daemon, which reports them
//! as events. They end a process that a person has started, as usual. A signal that we inherited as
//! ignored stays ignored, here and in what the script runs (nohup(1)).

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use daemonproxy_protocol::Signal;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal as Number, sigaction};
use nix::unistd::{pipe2, read};

/// A bit for each signal that has come: bit n for number n.
static COME: AtomicU64 = AtomicU64::new(0);
/// Where the handler writes.
static BELL: AtomicI32 = AtomicI32::new(-1);

pub(crate) struct Signals {
    reader: OwnedFd,
    _writer: OwnedFd,
    /// Those that do nothing unless they are trapped.
    silent: &'static [Number],
    /// Those that were ignored when we started.
    ignored: Vec<Number>,
}

/// For a process that was started by the daemon, or has a prompt, and for any other one.
const SILENT: &[Number] = &[Number::SIGPIPE, Number::SIGINT, Number::SIGQUIT];
const SILENT_BY_HAND: &[Number] = &[Number::SIGPIPE];

/// Trapped: remembers it, and wakes the loop.
extern "C" fn remember(number: libc::c_int) {
    COME.fetch_or(1 << number, Ordering::Relaxed);
    // SAFETY: write is async-signal-safe, and reads one byte that lives for ever. When the pipe is
    // full the loop is awake anyway. The interrupted code must not see the errno of write.
    unsafe {
        let errno = *libc::__errno_location();
        libc::write(BELL.load(Ordering::Relaxed), c"!".as_ptr().cast(), 1);
        *libc::__errno_location() = errno;
    }
}

/// Not trapped, and without effect. SIG_IGN would be inherited by every program that the script
/// runs.
extern "C" fn nothing(_: libc::c_int) {}

impl Signals {
    /// `by_hand`: a person has started us, at a terminal that has no prompt of ours.
    pub(crate) fn new(by_hand: bool) -> nix::Result<Self> {
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC | OFlag::O_NONBLOCK)?;
        BELL.store(writer.as_raw_fd(), Ordering::Relaxed);
        let signals = Self {
            reader,
            _writer: writer,
            silent: if by_hand { SILENT_BY_HAND } else { SILENT },
            ignored: [Number::SIGINT, Number::SIGQUIT].into_iter().filter(is_ignored).collect(),
        };
        for &number in signals.silent.iter().filter(|number| !signals.ignored.contains(number)) {
            handle(number, SigHandler::Handler(nothing))?;
        }
        Ok(signals)
    }

    /// Whether to report this signal from now on.
    pub(super) fn trap(&self, name: &[u8], on: bool) -> Result<(), String> {
        let shown = String::from_utf8_lossy(name);
        let signal = Signal::parse(name).ok_or_else(|| format!("there is no signal {shown:?}"))?;
        let number =
            Number::try_from(signal.number()).map_err(|_| format!("{signal} cannot be trapped"))?;
        let handler = match number {
            Number::SIGKILL | Number::SIGSTOP => {
                return Err(format!("{signal} cannot be trapped by anybody"));
            }
            Number::SIGALRM => return Err(format!("{signal} is used by the watchdog")),
            Number::SIGSEGV | Number::SIGBUS | Number::SIGFPE | Number::SIGILL => {
                return Err(format!("{signal} means that this program is broken"));
            }
            _ if on => SigHandler::Handler(remember),
            _ if self.ignored.contains(&number) => SigHandler::SigIgn,
            _ if self.silent.contains(&number) => SigHandler::Handler(nothing),
            _ => SigHandler::SigDfl,
        };
        handle(number, handler).map_err(|error| format!("{signal}: {}", error.desc()))
    }

    /// A signal that has come but was not reported yet, by its name without `SIG`.
    pub(super) fn take(&self) -> Option<String> {
        let come = COME.load(Ordering::Relaxed);
        if come == 0 {
            return None;
        }
        let number = come.trailing_zeros();
        COME.fetch_and(!(1 << number), Ordering::Relaxed);
        let name = Signal::from_number(number.cast_signed())?.to_string();
        Some(name.trim_start_matches("SIG").to_owned())
    }

    pub(super) fn poll_fd(&self) -> PollFd<'_> {
        PollFd::new(self.reader.as_fd(), PollFlags::POLLIN)
    }

    /// Empties the pipe.
    pub(super) fn heard(&self) {
        let mut buffer = [0; 64];
        while matches!(read(&self.reader, &mut buffer), Ok(n) if n > 0) {}
    }
}

fn is_ignored(number: &Number) -> bool {
    // SAFETY: all of a sigaction may be zero, and this call only fills it.
    unsafe {
        let mut now: libc::sigaction = std::mem::zeroed();
        libc::sigaction(*number as libc::c_int, std::ptr::null(), &raw mut now) == 0
            && now.sa_sigaction == libc::SIG_IGN
    }
}

fn handle(number: Number, handler: SigHandler) -> nix::Result<()> {
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: both handlers do only what is allowed in one.
    unsafe { sigaction(number, &action) }.map(drop)
}
