//! The program that archives are handed to, one after the other.
//!
//! Between us and it stands this same program once more, in the role of [`hand_over`]: it reads the
//! path of the archive from a pipe, and then becomes the program. So the command line that we start
//! is always the same and is put together once, and nothing is allocated later on. (To give it the
//! pipe as its standard input would make the C library allocate; it finds it under its number.)
//!
//! An archive that the program was through with and that still has its name gets `.done` behind it.
//! One that it failed on is tried again with the next archive, or at the next start.

use std::ffi::OsString;
use std::io::{IoSlice, PipeReader, PipeWriter};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::io::{Errno, FdFlags};

use super::clock::SECOND;
use super::directory::{Directory, Failure, FileName};
use super::explain;
use super::input::{fill_the_gaps, inherited};
use super::stderr::say;
use crate::core::name::DONE;
use crate::core::text::Text;

/// The first argument for the role between us and the program.
pub(crate) const HAND_OVER: &str = "--hand-over";
/// Exit status: the program could not be executed.
const CANNOT_EXECUTE: u8 = 127;
/// A program that takes longer than this is reported when the next archive is ready.
const LONG: u64 = 60 * SECOND;

/// What `--then` asks for.
pub(crate) struct Then {
    command: Command,
    program: OsString,
    /// Where the archives are, with a slash behind it.
    folder: Vec<u8>,
    /// How the path gets there.
    pipe: (PipeReader, PipeWriter),
    running: Option<Running>,
    /// Archives below this number have had their turn in this round.
    from: u64,
}

struct Running {
    child: Child,
    name: FileName,
    since: u64,
}

impl Then {
    /// `None` if no program is asked for.
    pub(crate) fn new(program: &[OsString], directory: &Path) -> Result<Option<Self>, Failure> {
        let Some(first) = program.first() else { return Ok(None) };
        let failure = |errno| Failure { doing: "make a pipe for the archives of", errno };
        let pipe = std::io::pipe().map_err(|error| failure(errno(&error)))?;
        rustix::io::fcntl_setfd(&pipe.0, FdFlags::empty()).map_err(failure)?;
        let this =
            std::env::current_exe().ok().or_else(|| Some(std::env::args_os().next()?.into()));
        let mut command = Command::new(this.unwrap_or_default());
        command.arg(HAND_OVER).arg(pipe.0.as_raw_fd().to_string()).args(program);
        // The program may go elsewhere before it opens the archive.
        let folder = std::fs::canonicalize(directory);
        let folder = folder.as_deref().unwrap_or(directory);
        let folder = [folder.as_os_str().as_bytes(), b"/"].concat();
        let program = first.clone();
        Ok(Some(Self { command, program, folder, pipe, running: None, from: 0 }))
    }

    /// There is a new archive, or there may be some from before.
    pub(crate) fn begin(&mut self, directory: &Directory, now: u64) {
        match &self.running {
            None => {
                self.from = 0;
                self.start(directory, now);
            }
            Some(running) => {
                let seconds = now.saturating_sub(running.since) / SECOND;
                if seconds * SECOND >= LONG {
                    let mut text = Text::<32>::EMPTY;
                    text.push_number(seconds, 1).push(b" s");
                    let name = without_nul(&running.name);
                    self.report(
                        name,
                        &[b"has been at it for ", text.as_bytes(), b"; the others wait"],
                    );
                }
            }
        }
    }

    /// A child has ended.
    pub(crate) fn reap(&mut self, directory: &Directory, now: u64) {
        let Some(running) = &mut self.running else { return };
        let ended = match running.child.try_wait() {
            Ok(None) => return,
            Ok(Some(status)) => status,
            // Somebody has told the kernel not to keep what children end with.
            Err(_) => ExitStatus::from_raw(0),
        };
        let name = running.name;
        self.running = None;
        if ended.success() {
            let (name, mut done) = (name.as_bytes(), FileName::EMPTY);
            done.push(without_nul_in(name)).push(DONE).push(b"\0");
            // It may well have renamed or removed it.
            let _ = directory.mark(name, done.as_bytes());
        } else {
            let mut text = Text::<32>::EMPTY;
            let (how, number) = match (ended.code(), ended.signal()) {
                (Some(code), _) => (&b"failed with status "[..], code),
                (None, signal) => (&b"was killed by signal "[..], signal.unwrap_or(0)),
            };
            text.push(how).push_number(number.unsigned_abs().into(), 1);
            let text = [text.as_bytes(), b"; it is tried again with the next archive"];
            self.report(without_nul(&name), &text);
        }
        self.start(directory, now);
    }

    /// Starts it with the next archive of this round, if there is one.
    fn start(&mut self, directory: &Directory, now: u64) {
        let Ok(Some((number, name))) = directory.untouched(self.from) else { return };
        self.from = number.saturating_add(1);
        match self.spawn(without_nul(&name)) {
            Ok(child) => self.running = Some(Running { child, name, since: now }),
            Err(error) => {
                let errno =
                    rustix::io::Errno::from_io_error(&error).unwrap_or(rustix::io::Errno::IO);
                let text = [b"cannot be started: ", explain(errno).as_bytes()];
                self.report(without_nul(&name), &text);
            }
        }
    }

    fn spawn(&mut self, name: &[u8]) -> std::io::Result<Child> {
        // One that did not live to read it may have left something behind.
        let mut left = rustix::io::ioctl_fionread(&self.pipe.0)?;
        while left > 0 {
            left = left.saturating_sub(rustix::io::read(&self.pipe.0, &mut [0; 256])? as u64);
        }
        rustix::io::writev(&self.pipe.1, &[IoSlice::new(&self.folder), IoSlice::new(name)])?;
        self.command.spawn()
    }

    fn report(&self, name: &[u8], text: &[&[u8]]) {
        let mut all = Text::<512>::EMPTY;
        all.push(self.program.as_bytes()).push(b" ").push(name).push(b": ");
        for part in text {
            all.push(part);
        }
        say(&[all.as_bytes()]);
    }
}

fn without_nul(name: &FileName) -> &[u8] {
    without_nul_in(name.as_bytes())
}

fn without_nul_in(name: &[u8]) -> &[u8] {
    name.strip_suffix(b"\0").unwrap_or(name)
}

fn errno(error: &std::io::Error) -> Errno {
    Errno::from_io_error(error).unwrap_or(Errno::IO)
}

/// Becomes the program, with the path that comes from the pipe as its last argument. The arguments
/// are the number of the pipe, the program, and its own.
///
/// Never a part of its caller, which would have room for the path on its stack as long as it runs.
#[inline(never)]
pub(crate) fn hand_over(mut args: impl Iterator<Item = OsString>) -> u8 {
    let number = args.next().and_then(|number| number.to_str()?.parse().ok());
    let program = args.next().unwrap_or_default();
    fill_the_gaps();
    let mut path = [0; 2 * 4096];
    let count = inherited(number.unwrap_or(-1)).and_then(|pipe| rustix::io::read(pipe, &mut path));
    let error = match count {
        Ok(count) => {
            let path = OsString::from_vec(path[..count].to_vec());
            Command::new(&program).args(args).arg(path).stdin(Stdio::null()).exec()
        }
        Err(errno) => errno.into(),
    };
    let reason = explain(errno(&error)).as_bytes();
    say(&[b"cannot execute ", program.as_bytes(), b": ", reason]);
    CANNOT_EXECUTE
}
