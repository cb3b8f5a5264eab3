//! `label`: what services write, line by line, with their names in front and in colours, as it is
//! wanted at a terminal (`daemonproxy -f FILE --foreground`).
//!
//! It is a service that reads the pipes of all others. At SIGTERM it shows what is in them, and goes.

use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Read};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::failure::{FAILED, Failure, OK, Result, USAGE};
use crate::output;
use crate::style::{Paint, Style, readable};

/// A line that is longer is shown in pieces.
const LONGEST: usize = 64 << 10;

/// What one service writes.
struct Input {
    pipe: File,
    /// What stands in front of its lines.
    label: String,
    /// The line that has no end yet.
    begun: Vec<u8>,
}

pub(crate) fn label(fds: &[String]) -> Result<u8> {
    let mut inputs = open(fds)?;
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGTERM);
    // The terminal sends these to everybody; the daemon says when it is over.
    let mut ignored = SigSet::empty();
    ignored.add(Signal::SIGINT);
    ignored.add(Signal::SIGQUIT);
    let cannot =
        |errno: nix::Error| Failure::new(FAILED, format!("cannot wait for signals: {errno}"));
    signals.thread_block().map_err(cannot)?;
    ignored.thread_block().map_err(cannot)?;
    let ended = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC).map_err(cannot)?;
    let is_terminal = std::io::stdout().is_terminal();
    let mut is_ending = false;
    while !inputs.is_empty() {
        let mut polled: Vec<_> =
            inputs.iter().map(|input| PollFd::new(input.pipe.as_fd(), PollFlags::POLLIN)).collect();
        polled.push(PollFd::new(ended.as_fd(), PollFlags::POLLIN));
        let timeout = if is_ending { PollTimeout::ZERO } else { PollTimeout::NONE };
        match poll(&mut polled, timeout) {
            Ok(_) | Err(nix::Error::EINTR) => {}
            Err(errno) => return Err(cannot(errno)),
        }
        let is_ready: Vec<bool> = polled.iter().map(|it| it.any() == Some(true)).collect();
        if is_ending && !is_ready[..inputs.len()].contains(&true) {
            break;
        }
        is_ending |= is_ready.last() == Some(&true);
        let mut ready = is_ready.into_iter();
        let mut out = Vec::new();
        inputs.retain_mut(|input| ready.next() != Some(true) || input.take(is_terminal, &mut out));
        output::write(&out)?;
    }
    let mut out = Vec::new();
    inputs.iter_mut().for_each(|input| input.finish(is_terminal, &mut out));
    output::write(&out)?;
    Ok(OK)
}

fn open(fds: &[String]) -> Result<Vec<Input>> {
    let style = Style::of_stdout();
    let mut inputs = Vec::new();
    let names = fds.iter().filter_map(|fd| fd.split_once('=')).map(|(_, name)| name.len());
    let width = names.max().unwrap_or(0);
    for (nth, fd) in fds.iter().enumerate() {
        let wrong = || {
            Failure::new(
                USAGE,
                format!("expected a descriptor and a name, such as 3=web, not {fd}"),
            )
        };
        let (number, name) = fd.split_once('=').ok_or_else(wrong)?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        // The pipe itself is opened, not a copy of what was inherited.
        let pipe = File::open(format!("/proc/self/fd/{number}")).map_err(|error| {
            Failure::new(FAILED, format!("cannot read descriptor {number}: {error}"))
        })?;
        let label = style.paint(Paint::Nth(nth), &format!("{name:width$} |"));
        inputs.push(Input { pipe, label, begun: Vec::new() });
    }
    Ok(inputs)
}

impl Input {
    /// Takes what is there. Returns false when nothing will come any more.
    fn take(&mut self, is_terminal: bool, out: &mut Vec<u8>) -> bool {
        let mut buffer = [0; 4096];
        let read = match self.pipe.read(&mut buffer) {
            Ok(0) => {
                self.finish(is_terminal, out);
                return false;
            }
            Ok(read) => read,
            Err(error) => return error.kind() == ErrorKind::Interrupted,
        };
        for &byte in &buffer[..read] {
            if byte != b'\n' {
                self.begun.push(byte);
            }
            if byte == b'\n' || self.begun.len() >= LONGEST {
                self.line(is_terminal, out);
            }
        }
        true
    }

    fn finish(&mut self, is_terminal: bool, out: &mut Vec<u8>) {
        if !self.begun.is_empty() {
            self.line(is_terminal, out);
        }
    }

    /// On a terminal nothing of it can control that.
    fn line(&mut self, is_terminal: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(self.label.as_bytes());
        out.push(b' ');
        if is_terminal {
            out.extend_from_slice(readable(&self.begun).as_bytes());
        } else {
            out.extend_from_slice(&self.begun);
        }
        out.push(b'\n');
        self.begun.clear();
    }
}
