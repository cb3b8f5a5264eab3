//! Standard input, output and error, and whatever else the daemon was started with: who gets it,
//! and by what name.

use daemonproxy_core::{Fd, FdKind, Peer, Proxy, SpecialFd, System};
use daemonproxy_protocol::{FileFlags, PipeEnd, PipeFlags};

use crate::sys::{self, Handed, Inherited, Os};

/// Standard error of whoever has started a daemon that goes to the background, for as long as it is
/// waited for: what the first apply has to say goes there.
pub(crate) const STARTER: &str = "starter";
/// The names of descriptors 0, 1 and 2.
const STANDARD: [&[u8]; 3] = [b"stdin", b"stdout", b"stderr"];
/// What stands for those that are taken away from the services.
const NULL_PATH: &[u8] = b"/dev/null";

/// What becomes of standard input, or output.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is for services, by its name.
    No,
    /// A controller has it.
    Controller,
    /// The line editor has it; we keep it, to take the terminal back in the end.
    Editor,
}

/// The log, and what services write to `stderr`, go through the line editor: across the line that
/// is being typed nobody could read either. Descriptor 2 stays what it is, for a crash.
pub(super) fn show_on_terminal(proxy: &mut Proxy<Os>, log: Fd, errors: Fd) {
    const LOG: &[u8] = b"terminal.log";
    let kind = FdKind::Pipe { flags: PipeFlags::default(), end: PipeEnd::To, peer: Peer::Unknown };
    proxy.replace_fd(b"stderr", errors, kind, b"");
    proxy.replace_fd(LOG, log, kind, b"");
    proxy.set_log_destination(LOG);
}

impl Taken {
    /// Of standard input, and of standard output.
    pub(super) fn of(interactive: bool, config_is_stdin: bool, has_editor: bool) -> [Self; 2] {
        let taken = if has_editor { Self::Editor } else { Self::Controller };
        [interactive || config_is_stdin, interactive].map(|is| if is { taken } else { Self::No })
    }
}

/// Names what the daemon was started with: `stdin`, `stdout`, `stderr`, what was handed to it by a
/// name by that one, and `fd_N` for the rest.
///
/// Of the first two, those that are `taken` belong to a controller; they are returned, and their
/// names stand for /dev/null.
pub(super) fn name_inherited(
    proxy: &mut Proxy<Os>,
    null: Option<Fd>,
    inherited: &[Inherited],
    handed: &Handed,
    taken: [Taken; 2],
) -> [Option<Fd>; 2] {
    proxy.name_fd(b"null", null, FdKind::Special(SpecialFd::Null), b"");
    let mut given = [None, None];
    for &Inherited { fd, kind } in inherited {
        let number = usize::try_from(fd.0).unwrap_or(usize::MAX);
        match (STANDARD.get(number), taken.get(number)) {
            (Some(name), Some(&way)) if way != Taken::No => {
                let other = null.and_then(|fd| sys::duplicate(fd).ok());
                name_null(proxy, name, other);
                if way == Taken::Editor {
                    continue;
                }
                let copy = sys::private_copy(fd, number == 1);
                if copy.is_some() {
                    proxy.sys().close(fd);
                } else if number == 1 {
                    proxy.sys().shared_output = Some(fd);
                }
                given[number] = copy.or(Some(fd));
            }
            (Some(name), _) => proxy.name_inherited(name, fd, kind),
            (None, _) => match handed.name(number) {
                Some(name) => proxy.name_inherited(name, fd, kind),
                None => proxy.name_inherited(format!("fd_{number}").as_bytes(), fd, kind),
            },
        }
    }
    given
}

/// The daemon goes on without a terminal. Standard error stays if it is a file: somebody wants to
/// read it. A terminal or a pipe would keep whoever reads it waiting. Returns where to say that it is ready: then its pid is
/// printed, and whoever has started it goes on as well; until then, with `is_told`, the descriptor
/// [`STARTER`] leads to its standard error.
pub(super) fn go_to_background(
    proxy: &mut Proxy<Os>,
    null: Option<Fd>,
    is_told: bool,
) -> Result<Fd, String> {
    let null = null.ok_or("cannot go to the background: there is no /dev/null")?;
    let errors = Fd(2);
    let keeps_errors = sys::is_regular_file(errors);
    let of_starter = if is_told { sys::duplicate(errors).ok() } else { None };
    let waits = sys::daemonize(null, keeps_errors).map_err(|errno| {
        format!("cannot go to the background (pipe, fork, setsid, dup2): {}", sys::explain(errno))
    })?;
    proxy.sys().listen_as_ourselves();
    // The three are something else now.
    proxy.sys().forget_log_output();
    let taken = if keeps_errors { 2 } else { 3 };
    for (number, name) in (0..).zip(STANDARD).take(taken) {
        name_null(proxy, name, Some(Fd(number)));
    }
    if let Some(fd) = of_starter {
        proxy.name_inherited(STARTER.as_bytes(), fd, written());
    }
    Ok(waits)
}

/// Nobody waits any more: what the service `apply` has to say goes where all the rest goes.
pub(crate) fn starter_is_gone(proxy: &mut Proxy<Os>) {
    let Ok(fd) = sys::duplicate(Fd(2)) else { return };
    match sys::is_regular_file(fd) {
        true => proxy.name_inherited(STARTER.as_bytes(), fd, written()),
        false => name_null(proxy, STARTER.as_bytes(), Some(fd)),
    }
}

/// What is only written to.
fn written() -> FdKind {
    FdKind::File(FileFlags { write: true, ..FileFlags::default() })
}

/// A standard descriptor that is `/dev/null`, open for reading and writing.
fn name_null(proxy: &mut Proxy<Os>, name: &[u8], fd: Option<Fd>) {
    let flags = FileFlags { read: true, write: true, ..FileFlags::default() };
    proxy.name_fd(name, fd, FdKind::File(flags), NULL_PATH);
}
