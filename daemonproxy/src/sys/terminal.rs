//! The terminal of an interactive daemon, and the line editor that has it meanwhile.
//!
//! The editor is another program (`dpctl shell`), started as the interactive controller: it is in
//! the foreground, and the daemon and all services are not, so that ^C reaches none of them.

use daemonproxy_core::{
    ChildFd, Direction, Errno, Fd, Pid, Read, Spawn, StateLine, System, Value, Writer, Wrong, split,
};
use daemonproxy_protocol::{Fields, Name, Options};
use nix::poll::{PollFd, PollFlags, PollTimeout};

use super::Os;
use super::fd::{borrow, close, pipe};
use super::program::places;
use super::spawn::{Outcome, Report};

/// The name of the editor's program.
const PROGRAM: &str = "dpctl";
/// How long to wait at the end for the editor to restore the terminal, in milliseconds: otherwise
/// the prompt of the shell that started us would come in between.
const PATIENCE_MILLIS: u16 = 1000;

/// An editor that runs.
pub(crate) struct Editor {
    pid: Pid,
    /// The terminal as it was before, in case the editor cannot restore it.
    before: Option<libc::termios>,
}

/// The daemon's descriptors for an editor.
pub(crate) struct EditorLinks {
    /// Commands and events.
    pub(crate) controller: Fd,
    /// Where the log goes, and where services write their errors, if both went to the terminal
    /// before.
    pub(crate) log: Option<Fd>,
    pub(crate) errors: Option<Fd>,
}

/// Whether descriptors 0 and 1 are a terminal.
pub(crate) fn on_terminal() -> bool {
    [Fd(0), Fd(1)].into_iter().all(is_terminal)
}

fn is_terminal(fd: Fd) -> bool {
    nix::unistd::isatty(borrow(fd)).unwrap_or(false)
}

/// Starts the editor: the one next to our own program, or else the first in PATH. `None` if there
/// is none.
pub(crate) fn start_editor(os: &mut Os) -> Option<(Editor, EditorLinks)> {
    let before = terminal_mode();
    let (controller, theirs) = os.controller_pair(Direction::Both).ok()?;
    let shown = is_terminal(Fd(2)).then(|| Some((pipe(false).ok()?, pipe(false).ok()?))).flatten();
    let mut fds = vec![Fd(0), Fd(1), Fd(2), theirs];
    let mut args = "\tshell\t--control-fd\t3".to_owned();
    if let Some((log, errors)) = shown {
        fds.extend([log.0, errors.0]);
        args += "\t--show-fd\tlog=4\t--show-fd\tstderr=5";
    }
    let fds: Vec<ChildFd> = fds.iter().map(|&fd| ChildFd::Same(fd)).collect();
    let mut programs =
        places(PROGRAM).filter_map(|place| place.into_os_string().into_string().ok());
    let pid = programs.find_map(|program| start(os, &(program + &args), &fds).ok());
    close(theirs);
    if let Some((log, errors)) = shown {
        close(log.0);
        close(errors.0);
    }
    let (log, errors) = (shown.map(|(log, _)| log.1), shown.map(|(_, errors)| errors.1));
    let Some(pid) = pid else {
        [Some(controller), log, errors].into_iter().flatten().for_each(close);
        return None;
    };
    give_terminal_to(pid);
    Some((Editor { pid, before }, EditorLinks { controller, log, errors }))
}

fn terminal_mode() -> Option<libc::termios> {
    let mut mode = std::mem::MaybeUninit::uninit();
    // SAFETY: tcgetattr(3) fills the whole of it if it returns 0.
    unsafe { (libc::tcgetattr(0, mode.as_mut_ptr()) == 0).then(|| mode.assume_init()) }
}

/// Starts a program and waits until it is executed: nobody else needs us yet.
fn start(os: &mut Os, args: &str, fds: &[ChildFd]) -> Result<Pid, Errno> {
    let pid = os
        .spawn(&Spawn {
            service: Name::NULL,
            args: Fields::new(args.as_bytes()),
            fds,
            names: Fields::default(),
            notify: None,
            options: Options::default(),
            env: [Fields::default(); 2],
        })?
        .pid;
    let report = os.starts().find(|&(other, _)| other == pid).map(|(_, fd)| fd);
    if let Some(fd) = report {
        let mut poll = [PollFd::new(borrow(fd), PollFlags::POLLIN)];
        let interrupted = Err(nix::errno::Errno::EINTR);
        while nix::poll::poll(&mut poll, PollTimeout::NONE) == interrupted {}
    }
    match os.start_outcome(pid, &mut Report::new()) {
        Some(Outcome::Executed) => Ok(pid),
        Some(Outcome::Failed(failure, _)) => Err(failure.errno),
        // Somebody has killed it.
        None => Err(Errno(libc::ECHILD)),
    }
}

/// Puts a process group into the foreground. A background process that does that is stopped by
/// SIGTTOU, unless it ignores it (tcsetpgrp(3)).
fn give_terminal_to(group: Pid) {
    // SAFETY: ignoring a signal runs no code of ours; SIGTTOU at its default is what services get.
    unsafe {
        let before = libc::signal(libc::SIGTTOU, libc::SIG_IGN);
        libc::tcsetpgrp(0, group.0);
        libc::signal(libc::SIGTTOU, before);
    }
}

impl Editor {
    /// Writes it for another daemon that goes on as us.
    pub(crate) fn write_state(&self, to: &mut Writer) {
        let Self { pid, before } = self;
        to.begin(b"resume.editor");
        to.keyed("pid", pid);
        if let Some(before) = before {
            let place = std::ptr::from_ref(before).cast::<u8>();
            // SAFETY: a structure of numbers, as so many bytes.
            let bytes = unsafe { std::slice::from_raw_parts(place, size_of_val(before)) };
            to.keyed("before", &bytes.to_vec());
        }
        to.end();
    }

    /// Reads that.
    pub(crate) fn read<'a>(line: StateLine<'a>) -> Read<'a, Self> {
        let (mut pid, mut bytes) = (Pid(0), Vec::<u8>::new());
        for field in line.rest.iter() {
            let (key, value) = split(field)?;
            let read = match key {
                b"pid" => pid.read(value),
                b"before" => bytes.read(value),
                _ => return Err(Wrong::Key(key)),
            };
            read.ok_or(Wrong::Value(field))?;
        }
        let is_whole = bytes.len() == size_of::<libc::termios>();
        // SAFETY: so many bytes, of which any are a structure of numbers.
        let before =
            is_whole.then(|| unsafe { bytes.as_ptr().cast::<libc::termios>().read_unaligned() });
        Ok(Self { pid, before })
    }

    /// The editor has been told to end: waits a moment for it, takes the terminal back, and leaves
    /// it as it was, whatever became of the editor.
    pub(crate) fn end(&self) {
        // SAFETY: pidfd_open(2) takes two numbers and returns a new descriptor, or fails: before
        // Linux 5.3, and if the editor has already been reaped.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, self.pid.0, 0) };
        if fd >= 0 {
            let fd = Fd(fd as i32);
            let mut poll = [PollFd::new(borrow(fd), PollFlags::POLLIN)];
            let _ = nix::poll::poll(&mut poll, PollTimeout::from(PATIENCE_MILLIS));
            close(fd);
        }
        give_terminal_to(Pid(nix::unistd::getpgrp().as_raw()));
        if let Some(before) = &self.before {
            // SAFETY: it was filled by tcgetattr.
            unsafe { libc::tcsetattr(0, libc::TCSANOW, before) };
        }
    }
}
