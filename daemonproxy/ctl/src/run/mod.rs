//! `run --like NAME PROGRAM…`: a program with the options and the environment of a service, once,
//! on this terminal, and its exit status is ours.
//!
//! It is a service of the daemon for as long as it runs. Its descriptors are ours, which the daemon
//! takes; it has a session of its own, without a terminal to which it belongs, so it may read ours
//! whatever else runs there. The signals that a terminal sends come to us, and are passed on.
//!
//! Nothing of it is to stay in the daemon. So a second process, the [`mod@guard`], outlives this
//! one, however that ends, and cleans up.

mod guard;

use std::ffi::OsString;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use daemonproxy_client::protocol::{Fact, FactValue, ServiceView};
use daemonproxy_client::{Client, FOREVER, Sender, StateView, find};
use daemonproxy_look::why;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpid};

use crate::failure::{FAILED, Failure, NOT_THERE, Result};
use crate::output;
use crate::services;

pub(crate) use guard::guard;

/// Options of the service that the program has, too: who it is, where it is, and what it may use.
/// What says how a service is started and watched is not about one run.
const TAKEN_OVER: &[&str] = &[
    "cwd",
    "umask",
    "nice",
    "oom",
    "limit",
    "memory",
    "no_new_privs",
    "user",
    "group",
    "groups",
    "stop",
    "stop_after",
    "kill",
];

/// How many seconds a program has to stop before SIGKILL, unless the service says it: somebody waits
/// for the prompt.
const STOP_AFTER: u32 = 5;

/// Who is not heard of for so many seconds is taken to be gone, with its guard.
const DEADMAN: u32 = 3600;

/// Signals that are passed on.
const PASSED: &[Signal] = &[
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGWINCH,
    Signal::SIGTSTP,
];

/// What a status is made of if a signal has ended the program, as shells have it.
const KILLED: u8 = 128;

pub(crate) fn run(socket: Option<&Path>, like: &str, program: &[OsString]) -> Result<u8> {
    let socket = find(socket)?;
    let mut client = daemonproxy_apply::connect(&socket)?;
    let Some(model) = client.view().service(like.as_bytes()) else {
        return Err(Failure::new(NOT_THERE, services::no_such(client.view(), like)));
    };
    let settings = Settings::of(model, program);
    guard::clean_left(&mut client);
    let name = format!("run-{}", std::process::id());
    if client.view().service(name.as_bytes()).is_some() {
        return Err(Failure::new(FAILED, format!("there is a service {name} already")));
    }
    let signals = SigSet::from_iter(PASSED.iter().copied().chain([Signal::SIGTTOU]));
    signals.thread_block().map_err(std::io::Error::from)?;
    let terminal = tcgetattr(std::io::stdin()).ok();
    let watched = Watched::begin(&socket, &name)?;
    let ended = settings.start(&mut client, &name).and_then(|()| {
        pass_on(client.connection().sender()?, name.clone());
        let is_over = |view: &StateView| view.service(name.as_bytes()).is_none_or(is_over);
        Ok(client.wait(FOREVER, is_over)?)
    });
    let status = ended.map(|_| client.view().service(name.as_bytes()).map(status));
    if let Some(terminal) = terminal {
        // It may have been killed while it had the terminal in another mode.
        let _ = tcsetattr(std::io::stdin(), SetArg::TCSADRAIN, &terminal);
    }
    watched.end();
    let gone = || Failure::new(FAILED, format!("the service {name} was deleted"));
    status?.ok_or_else(gone)
}

/// What the program is started with.
struct Settings {
    args: Vec<Vec<u8>>,
    options: Vec<Vec<u8>>,
    env: Vec<Vec<u8>>,
}

impl Settings {
    fn of(model: &ServiceView, program: &[OsString]) -> Self {
        let is_taken_over = |option: &&[u8]| {
            let end = option.iter().position(|byte| matches!(byte, b'=' | b'.'));
            TAKEN_OVER.iter().any(|name| name.as_bytes() == &option[..end.unwrap_or(option.len())])
        };
        let mut options: Vec<Vec<u8>> =
            model.options().iter().filter(is_taken_over).map(<[u8]>::to_vec).collect();
        options.extend([b"session".to_vec(), format!("deadman={DEADMAN}").into_bytes()]);
        if !options.iter().any(|option| option.starts_with(b"stop_after=")) {
            options.push(format!("stop_after={STOP_AFTER}").into_bytes());
        }
        let mut args: Vec<Vec<u8>> = program.iter().map(|arg| arg.as_bytes().to_vec()).collect();
        if args.iter().flatten().any(|&byte| byte < b' ') {
            args = args.iter().map(|arg| percent(arg)).collect();
            options.push(b"args=percent".to_vec());
        }
        let mut env: Vec<Vec<u8>> = model.env().iter().map(<[u8]>::to_vec).collect();
        // What kind of terminal it is only we know.
        let has_term = env.iter().any(|item| item.starts_with(b"TERM=") || item == b"!TERM");
        if let Some(term) = std::env::var_os("TERM").filter(|_| !has_term) {
            env.push([b"TERM=", term.as_bytes()].concat());
        }
        Self { args, options, env }
    }

    fn start(&self, client: &mut Client, name: &str) -> Result<()> {
        let line = |command: &str, fields: &[Vec<u8>]| {
            let begin = [command.as_bytes(), name.as_bytes()].map(<[u8]>::to_vec);
            [&begin[..], fields].concat()
        };
        let tag = guard::tag().into_bytes();
        client.command(line("service.tags", &[b"added".to_vec(), tag]))?;
        client.command(line("service.args", &self.args))?;
        let ends = guard::descriptors(name);
        client.take_fd(&ends[0], std::io::stdin().as_fd())?;
        client.take_fd(&ends[1], std::io::stdout().as_fd())?;
        client.take_fd(&ends[2], std::io::stderr().as_fd())?;
        client.command(line("service.fds", &ends.map(String::into_bytes)))?;
        client.command(line("service.options", &self.options))?;
        // One variable a line, for any of them may nearly fill it.
        for item in &self.env {
            client.command(line("service.env.apply", std::slice::from_ref(item)))?;
        }
        client.command(["service.start", name])?;
        Ok(())
    }
}

/// The guard, while we are there.
struct Watched(Child);

impl Watched {
    fn begin(socket: &Path, name: &str) -> Result<Self> {
        let own = std::env::current_exe()?;
        let mut guard = Command::new(own);
        guard.arg("--socket").arg(std::path::absolute(socket)?).args(["guard", name]);
        // What it is told is that this pipe ends. It keeps nobody else's descriptors.
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(guard.spawn()?))
    }

    fn end(mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Waits for signals, and passes them on.
fn pass_on(sender: Sender, name: String) {
    std::thread::spawn(move || {
        let signals = SigSet::from_iter(PASSED.iter().copied());
        let send = |signal: &str| {
            // If it has just ended, there is nobody to tell.
            let _ = sender.send(format!("service.signal\t{name}\t{signal}\tgroup").as_bytes());
        };
        while let Ok(signal) = signals.wait() {
            match signal {
                // A group without a parent in its session cannot be stopped by TSTP. We stop with
                // it, so that whoever has started us gets the terminal back.
                Signal::SIGTSTP => {
                    send("STOP");
                    let _ = kill(getpid(), Signal::SIGSTOP);
                    send("CONT");
                }
                signal => send(signal.as_str()),
            }
        }
    });
}

/// Whether it has run, and does not any more.
fn is_over(it: &ServiceView) -> bool {
    it.run().number() > 0 && it.run().has(Fact::End) && it.pid().is_none()
}

/// The exit status. That it could not be executed is said.
fn status(it: &ServiceView) -> u8 {
    if let Some(FactValue::Failure(failure)) = it.run().get(Fact::Failed) {
        output::warn(&why::failed(failure));
    }
    let number = |status: i64| u8::try_from(status).unwrap_or(FAILED);
    match (it.run().get(Fact::Exit), it.run().get(Fact::Signal)) {
        (Some(FactValue::Number(status)), _) => number(status),
        (_, Some(FactValue::Word(signal))) => {
            let signal = daemonproxy_client::protocol::Signal::parse(signal);
            signal.map_or(FAILED, |it| number(i64::from(KILLED) + i64::from(it.number())))
        }
        _ => FAILED,
    }
}

/// Bytes in the form of `args=percent`.
fn percent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for &byte in bytes {
        match byte {
            b'%' | 0..0x20 => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            byte => out.push(byte),
        }
    }
    out
}

/// Whether a process of this number is there.
fn is_there(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) != Err(nix::errno::Errno::ESRCH)
}
