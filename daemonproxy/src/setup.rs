//! From the command line to a running loop, and from there to the end.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_core::{ControllerKind, Fd, FdKind, Leave, Peer, Proxy, SpecialFd, System};
use daemonproxy_protocol::{FileFlags, LogLevel, PipeEnd, PipeFlags};

use crate::event_loop::EventLoop;
use crate::options::{Options, Stop, USAGE, c_path};
use crate::script;
use crate::sys::{self, Editor, ExitExec, Inherited, Os, SignalSource, Startup, monotonic};

/// Exit status: the command line is wrong.
const WRONG_USAGE: i32 = 2;
/// Exit status: something that the command line names cannot be had.
const CANNOT_BEGIN: i32 = 1;

/// The names of descriptors 0, 1 and 2.
const STANDARD: [&[u8]; 3] = [b"stdin", b"stdout", b"stderr"];
/// What stands for those that are taken away from the services.
const NULL_PATH: &[u8] = b"/dev/null";
/// How it is open.
const NULL_FLAGS: FileFlags = FileFlags {
    read: true,
    write: true,
    append: false,
    create: false,
    truncate: false,
    nonblock: false,
    mkdir: false,
    mode: None,
};

/// The whole life of the daemon.
pub fn run() -> ! {
    let startup = Startup::take_over();
    let pid1 = sys::is_pid1();
    let mut exit_exec = ExitExec::new(&startup);
    sys::install_crash_handlers(&startup);
    sys::install_panic_hook();
    let mut has_exit_exec = false;
    let options = Options::parse(std::env::args_os(), pid1, |args| {
        exit_exec.set(args);
        has_exit_exec = !args.is_empty();
    });
    let options = match options {
        Ok(options) => options,
        Err(Stop::Print(text)) => {
            sys::print(Fd(1), text);
            sys::leave_process(0, "");
        }
        Err(Stop::Wrong(text)) => {
            complain(&format!("{text}\n{USAGE}"));
            sys::leave_process(WRONG_USAGE, &text);
        }
    };
    match begin(&options, &startup, exit_exec, has_exit_exec, pid1) {
        Ok((event_loop, editor)) => {
            #[cfg(debug_assertions)]
            fail_if_asked();
            sys::forget_the_start();
            let Leave { code, reason } = event_loop.run();
            if let Some(editor) = editor {
                editor.end();
            }
            sys::leave_process(code, reason)
        }
        Err(text) => {
            complain(&text);
            sys::leave_process(CANNOT_BEGIN, &text)
        }
    }
}

/// No input is known that makes the daemon panic, or use memory that it has not got; what happens then must be
/// seen all the same.
#[cfg(debug_assertions)]
fn fail_if_asked() {
    let failure = std::env::var_os("DAEMONPROXY_TEST_FAILURE");
    assert!(failure.as_deref() != Some("panic".as_ref()), "a panic was asked for");
    if failure.as_deref() == Some("memory".as_ref()) {
        std::hint::black_box(Vec::<u8>::with_capacity(isize::MAX as usize));
    }
}

/// Everything up to the moment in which the loop takes over.
fn begin(
    options: &Options,
    startup: &Startup,
    exit_exec: ExitExec,
    has_exit_exec: bool,
    pid1: bool,
) -> Result<(EventLoop, Option<Editor>), String> {
    let (null, inherited) = sys::inherited();
    let services = options.limits.services.map_or(0, |pool| pool.count);
    let os = Os::new(startup, options.limits.max_line, services, exit_exec);
    let mut proxy = Proxy::new(os, options.limits, options.guard, options.filter);
    if has_exit_exec {
        proxy.exit_exec_is_set();
    }
    if options.strict {
        proxy.set_strict();
    }
    if options.log_times {
        proxy.set_log_times();
    }
    if options.guard_by_itself {
        proxy.guard_came_by_itself();
    }
    for &(signal, action) in &options.signal_defaults {
        proxy.set_signal_default(signal, action);
    }

    // Whatever can be wrong with the command line is found out before the process goes to the background.
    let config_is_stdin = options.config.as_ref().is_some_and(|path| path == "-");
    let config_file = match &options.config {
        Some(path) if !config_is_stdin => Some(open_config(path.clone())?),
        Some(_) | None => None,
    };
    let script = match &options.script {
        Some(path) => {
            let (defaults, max_line) = (&options.signal_defaults, options.limits.max_line);
            Some(script::commands(path, defaults, max_line)?)
        }
        None => None,
    };
    if let Some(path) = &options.socket
        && let Err(errno) = proxy.listen(path.as_bytes())
    {
        let reason = if errno == sys::IN_USE {
            "somebody listens there already, such as another daemon"
        } else {
            sys::explain(errno)
        };
        return Err(format!("cannot listen for controllers at {}: {reason}", path.display()));
    }
    // From here on the terminal may be somebody else's.
    let on_terminal = options.interactive && !pid1 && sys::on_terminal();
    let editor = if on_terminal { sys::start_editor(proxy.sys()) } else { None };
    let taken = if editor.is_some() { Taken::Editor } else { Taken::Controller };
    let taken = |wanted: bool| if wanted { taken } else { Taken::No };
    let taken = [taken(options.interactive || config_is_stdin), taken(options.interactive)];
    let standard = name_inherited(&mut proxy, null, &inherited, taken);
    let config = if config_is_stdin { standard[0] } else { config_file };
    if options.daemonize && !pid1 && !options.interactive {
        go_to_background(&mut proxy, null)?;
    }

    let signals = SignalSource::new()
        .map_err(|errno| format!("cannot wait for signals (signalfd): {}", sys::explain(errno)))?;
    if options.lock_memory
        && let Err(errno) = sys::lock_memory()
    {
        let reason = sys::explain(errno);
        proxy.set_leave(Leave { code: CANNOT_BEGIN, reason: "the memory cannot be locked" });
        proxy.farewell();
        return Err(format!("cannot lock the memory (mlockall): {reason}"));
    }
    let editor = editor.map(|(editor, links)| {
        proxy.connected(
            ControllerKind::Interactive,
            Some(links.controller),
            Some(links.controller),
            monotonic(),
        );
        if let (Some(log), Some(errors)) = (links.log, links.errors) {
            show_on_terminal(&mut proxy, log, errors);
        }
        editor
    });
    proxy.prepare_log();
    for text in &options.corrections {
        proxy.log(LogLevel::Warning, &[text.as_bytes()]);
    }
    let config = config.and_then(|fd| {
        let id = proxy.connected(ControllerKind::Config, Some(fd), None, monotonic())?;
        let path = options.config.as_ref().filter(|_| !config_is_stdin);
        proxy.set_origin(id, path.map_or(b"stdin", |path| path.as_bytes()));
        Some((id, fd))
    });
    if options.interactive && editor.is_none() {
        if on_terminal {
            let text = b"no dpctl beside the daemon or in PATH: this is the protocol as it is";
            proxy.log(LogLevel::Info, &[text]);
        }
        let [read, write] = standard;
        proxy.connected(ControllerKind::Interactive, read, write, monotonic());
    }
    let input_socket = standard[0].filter(|&fd| sys::is_socket(fd));
    let controllers = options.limits.all_controllers();
    let mut event_loop = EventLoop::new(proxy, signals, controllers, services, input_socket);
    // A file is there as a whole: its services are set up before anybody can ask about them. A pipe or
    // a terminal may go on for ever, and takes its turns with the other controllers.
    if let Some((id, fd)) = config.filter(|&(_, fd)| sys::is_regular_file(fd)) {
        event_loop.read_config(id, fd);
    }
    if let Some(commands) = script {
        event_loop.carry_out(&commands)?;
    }
    Ok((event_loop, editor))
}

fn open_config(path: OsString) -> Result<Fd, String> {
    let name = path.clone();
    sys::open_config(&c_path(path)).map_err(|errno| {
        let reason = sys::explain(errno);
        format!("cannot read the config file {}: {reason}", name.display())
    })
}

/// What becomes of standard input, or output.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Taken {
    /// It is for services, by its name.
    No,
    /// A controller has it.
    Controller,
    /// The line editor has it; we keep it, to take the terminal back in the end.
    Editor,
}

/// The log, and what services write to `stderr`, go through the line editor: across the line that is being
/// typed nobody could read either. Descriptor 2 stays what it is, for a crash.
fn show_on_terminal(proxy: &mut Proxy<Os>, log: Fd, errors: Fd) {
    const LOG: &[u8] = b"terminal.log";
    let kind = FdKind::Pipe { flags: PipeFlags::default(), end: PipeEnd::To, peer: Peer::Unknown };
    proxy.replace_fd(b"stderr", errors, kind, b"");
    proxy.replace_fd(LOG, log, kind, b"");
    proxy.set_log_destination(LOG);
}

/// Names what the daemon was started with: `stdin`, `stdout`, `stderr`, and `fd_N` for the rest.
///
/// Of the first two, those that are `taken` belong to a controller; they are returned, and their names
/// stand for /dev/null.
fn name_inherited(
    proxy: &mut Proxy<Os>,
    null: Option<Fd>,
    inherited: &[Inherited],
    taken: [Taken; 2],
) -> [Option<Fd>; 2] {
    proxy.name_fd(b"null", null, FdKind::Special(SpecialFd::Null), b"");
    let mut given = [None, None];
    for &Inherited { fd, kind } in inherited {
        let number = usize::try_from(fd.0).unwrap_or(usize::MAX);
        match (STANDARD.get(number), taken.get(number)) {
            (Some(name), Some(&way)) if way != Taken::No => {
                let other = null.and_then(sys::duplicate);
                proxy.name_fd(name, other, FdKind::File(NULL_FLAGS), NULL_PATH);
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
            (None, _) => proxy.name_inherited(format!("fd_{number}").as_bytes(), fd, kind),
        }
    }
    given
}

fn go_to_background(proxy: &mut Proxy<Os>, null: Option<Fd>) -> Result<(), String> {
    let null = null.ok_or("cannot go to the background: there is no /dev/null")?;
    sys::daemonize(null, |pid| sys::print(Fd(1), &format!("{pid}\n"))).map_err(|errno| {
        format!("cannot go to the background (fork, setsid, dup2): {}", sys::explain(errno))
    })?;
    // The three are something else now.
    proxy.sys().forget_log_output();
    for (number, name) in (0..).zip(STANDARD) {
        proxy.name_fd(name, Some(Fd(number)), FdKind::File(NULL_FLAGS), NULL_PATH);
    }
    Ok(())
}

/// Writes a message to standard error, where the log will be once there is one.
fn complain(text: &str) {
    sys::print(Fd(2), &format!("fatal: {}\n", text.trim_end()));
}
