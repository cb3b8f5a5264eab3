//! From the command line to a running loop, and from there to the end.

mod config;
pub(crate) mod standard;

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use daemonproxy_core::{ControllerKind, Fd, Leave, Proxy};
use daemonproxy_protocol::{Fields, LogLevel};

use crate::event_loop::EventLoop;
use crate::file;
use crate::main_service;
use crate::options::{Instead, Options, USAGE};
use crate::own::Own;
use crate::resume;
use crate::script;
use crate::setup::config::Config;
use crate::setup::standard::Taken;
use crate::sys::{
    self, EditorLinks, ExitExec, Handed, Inherited, Os, SignalSource, Starter, Startup, monotonic,
};

/// Exit status: the command line is wrong.
const WRONG_USAGE: i32 = 2;
/// Exit status: something that the command line names cannot be had.
const CANNOT_BEGIN: i32 = 1;

/// The whole life of the daemon.
pub fn run() -> ! {
    let mut event_loop = start();
    event_loop.forget_the_start();
    sys::forget_the_start();
    let Leave { code, reason } = event_loop.run();
    if let Some(editor) = event_loop.editor() {
        editor.end();
    }
    sys::leave_process(code, reason)
}

/// What another daemon wants of us, if it has executed us (`resume.rs`): no option of people.
fn asked_by_another() -> Option<(bool, Fd)> {
    let mut args = std::env::args_os().skip(1);
    let goes_on = match args.next()?.to_str()? {
        sys::RESUME => true,
        sys::CHECK => false,
        _ => return None,
    };
    let fd = args.next()?.to_str()?.parse().ok()?;
    Some((goes_on, Fd(fd)))
}

/// Everything from the command line to the loop.
///
/// Never a part of its caller, whose frame stays for ever: what only the start needs of the stack
/// is given back. The loop is not on the stack for the same reason: each of its moves would leave
/// a copy there.
#[inline(never)]
fn start() -> Box<EventLoop> {
    match asked_by_another() {
        None => {}
        Some((true, fd)) => return Box::new(resume::resume(fd)),
        Some((false, fd)) => resume::check(fd),
    }
    let startup = Startup::take_over();
    let pid1 = sys::is_pid1();
    let mut exit_exec = ExitExec::new(&startup);
    sys::install_crash_handlers(&startup);
    sys::install_panic_hook();
    let mut exit_args = Vec::new();
    let options = Options::parse(std::env::args_os(), pid1, |args| {
        exit_exec.set(args);
        exit_args = args.as_bytes().to_vec();
    });
    let options = match options {
        Ok(options) => options,
        Err(Instead::Print(text)) => {
            sys::print(Fd(1), text);
            sys::leave_process(0, "");
        }
        Err(Instead::Complain(text)) => {
            complain(&format!("{text}\n{USAGE}"));
            sys::leave_process(WRONG_USAGE, &text);
        }
    };
    match begin(&options, &startup, exit_exec, &exit_args, pid1) {
        Ok(event_loop) => {
            #[cfg(debug_assertions)]
            fail_if_asked();
            Box::new(event_loop)
        }
        Err(text) => {
            complain(&text);
            sys::leave_process(CANNOT_BEGIN, &text)
        }
    }
}

/// No input is known that makes the daemon panic, or use memory that it has not got; what happens
/// then must be seen all the same.
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
    exit_args: &[u8],
    pid1: bool,
) -> Result<EventLoop, String> {
    let program = sys::own_path().map(|path| path.into_os_string().into_encoded_bytes());
    let (null, mut inherited) = sys::inherited();
    let ready_fd = take_ready_fd(options, &mut inherited)?;
    let mut starter = Starter::new(ready_fd);
    let handed = Handed::take();
    let limits = options.limits;
    let services = limits.services.map_or(0, |pool| pool.count);
    let mut os = Os::new(startup, limits.max_line, services, exit_exec);
    if let Some(path) = &options.cgroup {
        os.set_cgroups(sys::open_cgroups(path.as_ref())?);
    }
    let mut proxy = supervisor(os, options);
    if !exit_args.is_empty() {
        proxy.exit_exec_is_set(Fields::new(exit_args));
    }

    // Whatever can be wrong with the command line is found out before the process goes to the
    // background.
    let config = Config::open(options.config.as_ref())?;
    let script = script_commands(options)?;
    let main = main_commands(options)?;
    let socket =
        options.socket.clone().or_else(|| options.file.as_ref().map(|_| file::usual_socket()));
    let in_background = options.daemonize && !pid1 && !options.interactive;
    let errors = if in_background { standard::STARTER } else { "stderr" };
    let file = file_commands(options, socket.as_ref(), pid1, errors)?;
    listen(&mut proxy, socket.as_ref()).map_err(|text| match options.socket {
        Some(_) => text,
        None => format!("{text} (-S PATH listens elsewhere, and dpctl -S PATH looks there)"),
    })?;

    // From here on the terminal may be somebody else's.
    let on_terminal = options.interactive && !pid1 && sys::on_terminal();
    let editor = if on_terminal { sys::start_editor(proxy.sys()) } else { None };
    let taken = Taken::of(options.interactive, config.is_stdin(), editor.is_some());
    let [input, output] = standard::name_inherited(&mut proxy, null, &inherited, &handed, taken);
    if in_background {
        let is_told = options.file.is_some();
        starter.is_waited_for(standard::go_to_background(&mut proxy, null, is_told)?);
    }
    let signals = SignalSource::new()
        .map_err(|errno| format!("cannot wait for signals (signalfd): {}", sys::explain(errno)))?;
    lock_memory(&mut proxy, options)?;

    let editor = editor.map(|(editor, links)| {
        connect_editor(&mut proxy, &links);
        editor
    });
    proxy.prepare_log();
    for text in &options.corrections {
        proxy.log(LogLevel::Warning, &[text.as_bytes()]);
    }
    let config = config.connect(&mut proxy, input);
    if options.interactive && editor.is_none() {
        if on_terminal {
            let text = b"no dpctl beside the daemon or in PATH: this is the protocol as it is";
            proxy.log(LogLevel::Info, &[text]);
        }
        proxy.connected(ControllerKind::Interactive, input, output, monotonic());
    }

    let input_socket = input.filter(|&fd| sys::is_socket(fd));
    let controllers = limits.all_controllers();
    let program = program.unwrap_or_default();
    let own = Own { starter, editor, input_socket, program };
    let mut event_loop = EventLoop::new(proxy, signals, own, controllers, services);
    // A file is there as a whole: its services are set up before anybody can ask about them. A pipe
    // or a terminal may go on for ever, and takes its turns with the other controllers.
    if let Some((id, fd)) = config.filter(|&(_, fd)| sys::is_regular_file(fd)) {
        event_loop.read_config(id, fd);
    }
    if let Some(commands) = script {
        event_loop.carry_out(b"-L", &commands)?;
    }
    if let Some(commands) = file {
        event_loop.carry_out(b"-f", &commands)?;
        event_loop.is_ready_after_apply();
    }
    if let Some(commands) = main {
        event_loop.carry_out(b"--main", &commands)?;
        event_loop.start_main()?;
    }
    Ok(event_loop)
}

/// What `--ready-fd` names, which is for nobody else then.
fn take_ready_fd(options: &Options, inherited: &mut Vec<Inherited>) -> Result<Option<Fd>, String> {
    let Some(number) = options.ready_fd else { return Ok(None) };
    let fd = Fd(number);
    if !inherited.iter().any(|it| it.fd == fd) {
        return Err(format!("--ready-fd: the daemon was started without a descriptor {number}"));
    }
    inherited.retain(|it| it.fd != fd || number <= 2);
    Ok(Some(fd))
}

/// The state machine as the options want it.
fn supervisor(os: Os, options: &Options) -> Proxy<Os> {
    let mut proxy = Proxy::new(os, options.limits, options.guard, options.filter);
    if options.strict {
        proxy.set_strict();
    }
    if options.log_times {
        proxy.set_log_times();
    }
    if sys::is_pid1() {
        proxy.owns_everything();
    }
    if options.guard_by_itself {
        proxy.guard_came_by_itself();
    }
    proxy.set_shutdown_times(options.shutdown_times);
    for &(signal, action) in &options.signal_defaults {
        proxy.set_signal_default(signal, action);
    }
    proxy
}

/// What `-L` stands for.
fn script_commands(options: &Options) -> Result<Option<Vec<u8>>, String> {
    let Some(path) = &options.script else { return Ok(None) };
    script::commands(path, &options.signal_defaults, options.limits.max_line).map(Some)
}

/// What `--main` stands for.
fn main_commands(options: &Options) -> Result<Option<Vec<u8>>, String> {
    let is_there = !options.main.is_empty();
    is_there.then(|| main_service::commands(&options.main, options.limits.max_line)).transpose()
}

/// What `-f` stands for.
fn file_commands(
    options: &Options,
    socket: Option<&OsString>,
    pid1: bool,
    errors: &str,
) -> Result<Option<Vec<u8>>, String> {
    match (&options.file, socket) {
        (Some(path), Some(socket)) => {
            let flags = [pid1, options.foreground];
            file::commands(path, socket, flags, errors, options.limits.max_line).map(Some)
        }
        _ => Ok(None),
    }
}

fn listen(proxy: &mut Proxy<Os>, socket: Option<&OsString>) -> Result<(), String> {
    let Some(path) = socket else { return Ok(()) };
    proxy.listen(path.as_bytes()).map_err(|errno| {
        let reason = if errno == sys::IN_USE {
            "somebody listens there already, such as another daemon"
        } else {
            sys::explain(errno)
        };
        format!("cannot listen for controllers at {}: {reason}", path.display())
    })
}

fn lock_memory(proxy: &mut Proxy<Os>, options: &Options) -> Result<(), String> {
    if !options.lock_memory {
        return Ok(());
    }
    proxy.sys().lock_memory().map_err(|errno| {
        proxy.set_leave(Leave { code: CANNOT_BEGIN, reason: "the memory cannot be locked" });
        proxy.farewell();
        format!("cannot lock the memory (mlockall): {}", sys::explain(errno))
    })
}

fn connect_editor(proxy: &mut Proxy<Os>, links: &EditorLinks) {
    let both = Some(links.controller);
    proxy.connected(ControllerKind::Interactive, both, both, monotonic());
    if let (Some(log), Some(errors)) = (links.log, links.errors) {
        standard::show_on_terminal(proxy, log, errors);
    }
}

/// Writes a message to standard error, where the log will be once there is one.
fn complain(text: &str) {
    sys::print(Fd(2), &format!("fatal: {}\n", text.trim_end()));
}
