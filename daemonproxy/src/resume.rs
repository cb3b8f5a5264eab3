//! Going on as the daemon that has executed us, with what that has left (`own.rs`, and the state
//! machine).
//!
//! Told to go on, we never begin anew: what cannot be read is the end, in the program of
//! `--exit-exec` if there is one; and as PID 1, where there must be no end, we stay with the
//! children there are and do nothing but reap them.

use std::time::Duration;

use daemonproxy_core::{Fd, Monotonic, Proxy, Read, StateLine, Trouble, Value, Wrong, split};

use crate::event_loop::EventLoop;
use crate::own::{Own, VERSION, yes};
use crate::sys::{self, Editor, ExitExec, Os, SignalSource, Starter, Startup, monotonic};

/// Exit status: what another daemon has left cannot be read.
const CANNOT_GO_ON: i32 = 1;
/// How the lines begin that are not ours, but the state machine's.
const MACHINE: &[u8] = b"resume.limits";

/// What there is besides the state machine.
#[derive(Default)]
struct Left {
    version: Vec<u8>,
    program: Vec<u8>,
    since: Monotonic,
    input_socket: Option<Fd>,
    starter: Option<Fd>,
    watchdog: Option<Duration>,
    waits: bool,
    ready_fd: Option<Fd>,
    background: Option<Fd>,
    editor: Option<Editor>,
    startup: Option<Startup>,
    os: sys::Left,
}

impl Left {
    /// Takes all lines.
    fn take_all(&mut self, head: &[u8]) -> Result<(), Trouble> {
        let lines = head.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        for (nth, line) in lines.enumerate() {
            let taken = self.take(StateLine::of(line));
            taken.map_err(|wrong| Trouble { line: nth + 1, why: wrong.explain() })?;
        }
        Ok(())
    }

    fn take<'a>(&mut self, line: StateLine<'a>) -> Read<'a> {
        match line.kind {
            b"resume.daemon" => {
                for field in line.rest.iter() {
                    let (key, value) = split(field)?;
                    let read = match key {
                        b"version" => self.version.read(value),
                        b"program" => self.program.read(value),
                        b"since" => self.since.read(value),
                        b"input_socket" => self.input_socket.read(value),
                        b"starter" => self.starter.read(value),
                        b"watchdog" => self.watchdog.read(value),
                        b"waits" => self.waits.read(value),
                        b"ready_fd" => self.ready_fd.read(value),
                        b"background" => self.background.read(value),
                        _ => return Err(Wrong::Key(key)),
                    };
                    read.ok_or(Wrong::Value(field))?;
                }
            }
            b"resume.editor" => self.editor = Some(Editor::read(line)?),
            b"resume.startup" => self.startup = Some(Startup::read(line)?),
            _ => return if self.os.take(line)? { Ok(()) } else { Err(Wrong::Kind) },
        }
        Ok(())
    }
}

/// Cuts off what is the state machine's.
fn parts(state: &[u8]) -> (&[u8], &[u8]) {
    let is_it = |part: &[u8]| part.starts_with(MACHINE);
    let at = state.split_inclusive(|&byte| byte == b'\n').take_while(|line| !is_it(line));
    state.split_at(at.map(<[u8]>::len).sum())
}

/// `--resume-check FD`: says whether we would understand a state.
pub(crate) fn check(fd: Fd) -> ! {
    let answer = match sys::read_state(fd) {
        Err(errno) => format!("cannot read the state: {}", sys::explain(errno)),
        Ok(state) => match understand(&state) {
            Ok(_) => format!("{} {VERSION}", yes(&state)),
            Err(trouble) => format!("version {VERSION}: {trouble}"),
        },
    };
    sys::print(Fd(1), &format!("{answer}\n"));
    std::process::exit(0)
}

/// Reads all of it, and does nothing with it.
fn understand(state: &[u8]) -> Result<(Left, Proxy<()>), Trouble> {
    let (head, machine) = parts(state);
    let mut left = Left::default();
    left.take_all(head)?;
    let lines = head.iter().filter(|&&byte| byte == b'\n').count();
    let proxy = Proxy::resume((), machine);
    let proxy = proxy.map_err(|Trouble { line, why }| Trouble { line: lines + line, why })?;
    Ok((left, proxy))
}

/// `--resume FD`: goes on.
pub(crate) fn resume(fd: Fd) -> EventLoop {
    let state = match sys::read_state(fd) {
        Ok(state) => state,
        Err(errno) => give_up(sys::explain(errno)),
    };
    let mut left = Left::default();
    let _ = left.take_all(parts(&state).0);
    let Some(mut startup) = left.startup.take() else {
        give_up("it is not said how the daemon was started");
    };
    startup.go_on();
    let mut exit_exec = ExitExec::new(&startup);
    exit_exec.set(left.os.exit_exec());
    sys::install_crash_handlers(&startup);
    sys::install_panic_hook();
    let (left, proxy) = match understand(&state) {
        Ok(understood) => understood,
        Err(trouble) => give_up(&trouble.to_string()),
    };
    drop(state);
    sys::close_all_on_exec();
    let Left { version, program, since, input_socket, editor, os, .. } = left;
    let ready = [left.ready_fd, left.background];
    let starter = Starter::go_on(left.starter, left.watchdog, ready, left.waits);
    let limits = proxy.limits();
    let services = limits.services.map_or(0, |pool| pool.count);
    let os = Os::go_on(&startup, limits.max_line, services, exit_exec, os);
    let mut proxy = proxy.in_world(os);
    let signals = match SignalSource::new() {
        Ok(signals) => signals,
        Err(errno) => give_up(sys::explain(errno)),
    };
    let now = monotonic();
    // In tenths of a millisecond. To write a fraction as such needs 25 kB of code.
    let away = now.nanos().saturating_sub(since.nanos()) / 100_000;
    let before = String::from_utf8_lossy(&version).into_owned();
    proxy.children_ended(None, now);
    proxy.upgraded(&format!(
        "upgraded from {before} to {VERSION}; away for {}.{} ms",
        away / 10,
        away % 10
    ));
    let besides = Own { starter, editor, input_socket, program };
    EventLoop::new(proxy, signals, besides, limits.all_controllers(), services)
}

/// What was left cannot be read.
fn give_up(why: &str) -> ! {
    let text = format!("cannot go on as the daemon before the upgrade: {why}");
    sys::print(Fd(2), &format!("fatal: {text}\n"));
    if sys::is_pid1() && !sys::has_exit_exec() {
        sys::print(Fd(2), "fatal: this is process 1: it only reaps its children from now on\n");
        sys::reap_for_ever();
    }
    sys::leave_process(CANNOT_GO_ON, &text)
}
