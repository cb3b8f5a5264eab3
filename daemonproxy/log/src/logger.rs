//! From the command line to the loop that waits for something to read, and from there to the end.

use std::os::fd::{AsRawFd, BorrowedFd};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::Mode;

use crate::core::split::Splitter;
use crate::options::{Instead, Options, USAGE};
use crate::sys::clock::{Now, SECOND};
use crate::sys::directory::Directory;
use crate::sys::signals::Signals;
use crate::sys::then::{HAND_OVER, hand_over};
use crate::sys::{explain, input};
use crate::writer::{Writer, cannot_begin};

/// Bytes that are read at once. Larger pieces are hardly faster, and this is memory that stays.
const CHUNK: usize = 6 * 1024;

/// Exit status: the command line is wrong.
const WRONG_USAGE: i32 = 2;
/// Exit status: it could not begin, or what was lost could not even be written down.
const FAILED: i32 = 1;

/// The whole life of the logger. Returns the exit status.
pub fn run() -> i32 {
    let mut args = std::env::args_os();
    if args.by_ref().nth(1).is_some_and(|first| first == HAND_OVER) {
        return hand_over(args).into();
    }
    let options = match Options::parse(std::env::args_os()) {
        Ok(options) => options,
        Err(Instead::Print(text)) => {
            return if print(rustix::stdio::stdout(), text.as_bytes()) { 0 } else { FAILED };
        }
        Err(Instead::Complain(text)) => {
            complain(&format!("{text}\n\n{USAGE}"));
            return WRONG_USAGE;
        }
    };
    match log(&options) {
        Ok(true) => 0,
        Ok(false) => FAILED,
        Err(text) => {
            complain(&text);
            FAILED
        }
    }
}

/// Logs until there is nothing left to read, or it is told to end. False if something was lost
/// that could not even be written down.
fn log(options: &Options) -> Result<bool, String> {
    let inputs = options.inputs.iter().map(|wanted| Input::open(wanted, options.longest));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    input::fill_the_gaps();
    rustix::process::umask(Mode::from_raw_mode(0o027));
    let signals = Signals::new()
        .map_err(|errno| format!("cannot wait for signals (signalfd): {}", explain(errno)))?;
    let mut polled = Vec::with_capacity(1 + inputs.len());
    polled.push(PollFd::from_borrowed_fd(signals.fd(), PollFlags::IN));
    polled.extend(inputs.iter().map(|input| PollFd::from_borrowed_fd(input.fd, PollFlags::IN)));
    let directory = Directory::open(&options.dir);
    let writer = directory.and_then(|directory| Writer::new(options, directory, &signals));
    let writer = writer.map_err(|failure| cannot_begin(options, &failure))?;
    Ok(Logger { inputs, writer, signals: &signals }.run(&mut polled))
}

/// A descriptor that is read, with the label and the unfinished line of what comes from it.
struct Input {
    fd: BorrowedFd<'static>,
    label: Vec<u8>,
    splitter: Splitter,
}

impl Input {
    fn open(wanted: &crate::options::Input, longest: usize) -> Result<Self, String> {
        let fd = input::inherited(wanted.fd).map_err(|errno| {
            let number = wanted.fd;
            let reason = explain(errno);
            format!(
                "cannot read from descriptor {number}: {reason}; start it with a pipe there (for \
                 a service: one more name in its service.fds), or choose another with --fd"
            )
        })?;
        Ok(Self { fd, label: wanted.label.clone(), splitter: Splitter::new(longest) })
    }
}

struct Logger<'a> {
    inputs: Vec<Input>,
    writer: Writer<'a>,
    signals: &'a Signals,
}

impl<'a> Logger<'a> {
    /// `polled` is the signals, and then each input.
    ///
    /// Never a part of its caller: what is read lies on the part of the stack that the start has
    /// used before, and so costs no memory of its own.
    #[inline(never)]
    fn run(mut self, polled: &mut Vec<PollFd<'a>>) -> bool {
        let mut chunk = [0; CHUNK];
        while !self.inputs.is_empty() && !self.signals.end.get() {
            self.wait(polled);
            self.writer.tell_time(Now::read());
            if !polled[0].revents().is_empty() {
                self.signals.take();
            }
            self.obey();
            self.writer.turn();
            for at in (0..self.inputs.len()).rev() {
                if !polled[at + 1].revents().is_empty() && !self.read(at, &mut chunk).goes_on() {
                    self.finish(at);
                    self.inputs.swap_remove(at);
                    polled.swap_remove(at + 1);
                }
            }
            self.writer.flush();
        }
        if self.signals.end.get() {
            self.take_what_is_there(&mut chunk);
        }
        (0..self.inputs.len()).for_each(|at| self.finish(at));
        self.writer.end()
    }

    /// Waits until there is something to do.
    fn wait(&self, polled: &mut [PollFd<'_>]) {
        // Some signals may have been taken while it wrote.
        let deadline = if self.signals.any() { Some(0) } else { self.writer.deadline() };
        let left = deadline.map(|at| at.saturating_sub(Now::read().steady));
        let timeout = left.map(|left| Timespec {
            tv_sec: (left / SECOND) as i64,
            tv_nsec: (left % SECOND) as i64,
        });
        if poll(polled, timeout.as_ref()).is_err() {
            // What it said last is no longer true.
            polled.iter_mut().for_each(PollFd::clear_revents);
        }
    }

    /// Does what signals ask for.
    fn obey(&mut self) {
        if self.signals.reopen.take() {
            self.writer.reopen();
        }
        if self.signals.rotate.take() {
            self.writer.rotate();
        }
        if self.signals.child.take() {
            self.writer.reap();
        }
    }

    /// Reads once from an input, at most as much as fits.
    fn read(&mut self, at: usize, chunk: &mut [u8]) -> Outcome {
        let input = &mut self.inputs[at];
        let count = match input::read(input.fd, chunk) {
            Ok(Some(0)) => return Outcome::End,
            Ok(Some(count)) => count,
            Ok(None) => return Outcome::Nothing,
            Err(errno) => {
                let number = input.fd.as_raw_fd();
                let mut text = crate::core::text::Text::<16>::EMPTY;
                text.push_number(number.unsigned_abs().into(), 1);
                let reason = explain(errno).as_bytes();
                let parts =
                    [&b"cannot read from descriptor "[..], text.as_bytes(), b" any more: ", reason];
                crate::sys::stderr::say(&parts);
                return Outcome::End;
            }
        };
        let writer = &mut self.writer;
        let prefix = writer.prefix(&input.label);
        input.splitter.take(&chunk[..count], |line| writer.take(&prefix, &line));
        Outcome::Read(count)
    }

    /// Takes what the pipes hold at this moment, and not what is written into them meanwhile.
    fn take_what_is_there(&mut self, chunk: &mut [u8]) {
        self.writer.tell_time(Now::read());
        for at in 0..self.inputs.len() {
            let mut left = input::waiting(self.inputs[at].fd);
            while left > 0 {
                let most = usize::try_from(left).unwrap_or(CHUNK).min(chunk.len());
                let Outcome::Read(count) = self.read(at, &mut chunk[..most]) else { break };
                left = left.saturating_sub(count as u64);
            }
        }
    }

    /// What an input has left unfinished is its last line.
    fn finish(&mut self, at: usize) {
        let input = &mut self.inputs[at];
        let writer = &mut self.writer;
        let prefix = writer.prefix(&input.label);
        input.splitter.finish(|line| writer.take(&prefix, &line));
    }
}

/// What came of reading.
enum Outcome {
    Read(usize),
    Nothing,
    End,
}

impl Outcome {
    fn goes_on(&self) -> bool {
        !matches!(self, Self::End)
    }
}

fn complain(text: &str) {
    let text = [b"daemonproxy-log: ", text.trim_end().as_bytes(), b"\n"].concat();
    // There is nobody else to tell.
    let _ = print(rustix::stdio::stderr(), &text);
}

fn print(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match rustix::io::write(fd, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
    true
}
