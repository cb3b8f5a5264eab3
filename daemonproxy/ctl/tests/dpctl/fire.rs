//! `apply` under fire: dpctl is killed, the connection is lost, or a command is refused, after any
//! number of its commands; services die, others apply, and the file is written meanwhile.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use daemonproxy_testing::{PATIENCE, Rng, eventually, programs};

use crate::apply::Applied;
use crate::daemon::Said;

/// What happens after so many commands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// dpctl is killed.
    Killed,
    /// The connection is lost.
    Lost,
    /// The daemon refuses the next one.
    Refused,
}

/// Two files, and a daemon that has one of them, or the other.
struct Files {
    it: Applied,
    port: u16,
}

impl Files {
    fn new() -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { it: Applied::new(), port }
    }

    fn begin() -> String {
        let logger = programs::built("daemonproxy-log", "daemonproxy-log");
        format!("[daemon]\nlogs = \"@/logs\"\nlogger = \"{}\"\n", logger.display())
    }

    fn first(&self) -> String {
        Self::begin()
            + &format!(
                "[service.db]\nrun = \"sleep 1000\"\n\
                 [service.job]\nsh = \"exit 0\"\nrestart = \"never\"\n\
                 [service.web]\nrun = \"sleep 1001\"\ninstances = 2\nafter = [\"done:job\"]\n\
                 log = true\nenv = {{ A = 1 }}\nlisten = {{ http = \"tcp:127.0.0.1:{}\" }}\n\
                 [service.old]\nrun = \"sleep 1002\"\nlog = \"shared\"\n\
                 [service.older]\nrun = \"sleep 1003\"\nlog = true\nafter = [\"up:old\"]\n",
                self.port
            )
    }

    fn second() -> String {
        Self::begin()
            + "[service.db]\nrun = \"sleep 1000\"\n\
               [service.job]\nsh = \"exit 0 # again\"\nrestart = \"never\"\n\
               [service.web]\nrun = \"sleep 1004\"\ninstances = 3\nafter = [\"done:job\", \"up:db\"]\n\
               log = \"shared\"\nenv = { A = 2, B = 1 }\nnice = 1\n\
               listen = { http = \"unix:@/http\" }\n\
               [service.new]\nrun = \"sleep 1005\"\nafter = [\"up:web\"]\nlog = true\n"
    }

    /// All that a file says something about.
    fn picture(&self) -> String {
        let daemon = &self.it.daemon;
        daemon.ok("export --secrets") + &daemon.ok("ls --fds") + &daemon.ok("ls")
    }

    /// As it is when nothing was there before.
    fn fresh(&self, text: &str) -> String {
        self.fresh_by("apply --wait", text)
    }

    /// The same, with this command.
    fn fresh_by(&self, apply: &str, text: &str) -> String {
        let fresh = Files { it: Applied::new(), port: self.port };
        fresh.it.ok(apply, text);
        let folder = |files: &Files| files.it.folder.path().display().to_string();
        fresh.picture().replace(&folder(&fresh), &folder(self))
    }

    /// `dpctl apply`, with a fault after so many commands. `None`: it has fewer, and has ended well.
    fn apply_until(&self, text: &str, fault: Fault, after: usize) -> Option<(Said, String)> {
        let path = self.it.folder.path().join("relay");
        let happened = relay(&self.it.daemon.socket(), &path, fault, after);
        let mut dpctl = self.it.command(&path, "apply", text);
        let mut dpctl = dpctl.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let at = happened.recv_timeout(PATIENCE).ok();
        if at.is_some() && fault == Fault::Killed {
            dpctl.kill().unwrap();
        }
        let said = said(dpctl);
        assert!(at.is_some() || said.status == 0, "{}", said.err);
        Some((said, at?))
    }
}

/// Stands between dpctl and the daemon, and passes so many commands on until something happens. It
/// says when, and at which command.
fn relay(daemon: &Path, path: &Path, fault: Fault, after: usize) -> Receiver<String> {
    let _ = std::fs::remove_file(path);
    let listener = UnixListener::bind(path).unwrap();
    let daemon = daemon.to_owned();
    let (happens, happened) = channel();
    thread::spawn(move || {
        let (dpctl, _) = listener.accept().unwrap();
        let daemon = UnixStream::connect(daemon).unwrap();
        let (mut answers, mut back) = (daemon.try_clone().unwrap(), dpctl.try_clone().unwrap());
        let answering = thread::spawn(move || io::copy(&mut answers, &mut back));
        let _ = pass_on(&dpctl, &daemon, fault, after, &happens);
        let _ = daemon.shutdown(Shutdown::Both);
        let _ = dpctl.shutdown(Shutdown::Both);
        let _ = answering.join();
    });
    happened
}

fn pass_on(
    mut dpctl: &UnixStream,
    mut daemon: &UnixStream,
    fault: Fault,
    after: usize,
    happens: &Sender<String>,
) -> io::Result<()> {
    let mut lines = BufReader::new(dpctl);
    for number in 0.. {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            break;
        }
        if number == after {
            let _ = happens.send(line.clone());
            match fault {
                Fault::Killed => return dpctl.read_to_end(&mut Vec::new()).map(drop),
                Fault::Lost => break,
                Fault::Refused => {
                    let (tag, _) = line.split_once('\t').unwrap();
                    line = format!("{tag}\tno.such.command\n");
                }
            }
        }
        daemon.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn said(dpctl: Child) -> Said {
    let output = dpctl.wait_with_output().unwrap();
    Said {
        // It may have been killed.
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// From the first file to the second, with a fault after each number of commands; and how often it
/// came to that.
fn at_any_moment(fault: Fault, look: impl Fn(&Said, &str, &str)) {
    let files = Files::new();
    let (first, second) = (files.first(), Files::second());
    let (as_first, as_second) = (files.fresh(&first), files.fresh(&second));
    files.it.ok("apply --wait", &first);
    let pid = files.it.pid("db");
    let mut moments = 0;
    for after in 0.. {
        let plan = files.it.run("plan", &second).out;
        let Some((said, at)) = files.apply_until(&second, fault, after) else { break };
        look(&said, &plan, &at);
        files.it.ok("apply --wait", &second);
        assert_eq!(files.picture(), as_second, "{fault:?} after {after} commands");
        assert_eq!(files.it.run("plan", &second).status, 0);
        files.it.ok("apply --wait", &first);
        assert_eq!(files.picture(), as_first, "{fault:?} after {after} commands, and back");
        moments += 1;
    }
    assert_eq!(files.it.pid("db"), pid, "what both have in common is not touched");
    eprintln!("{fault:?} at {moments} moments");
    assert!(moments > 40, "{moments}");
}

#[test]
fn the_next_apply_finishes_what_one_has_begun_that_was_killed() {
    at_any_moment(Fault::Killed, |_, _, _| {});
}

#[test]
fn a_connection_that_is_lost_is_told_and_what_was_not_done() {
    at_any_moment(Fault::Lost, |said, plan, _| {
        assert_eq!(said.status, 150, "{}", said.err);
        assert!(said.err.contains("the daemon closed the connection"), "{}", said.err);
        is_done_or_not(said, plan);
    });
}

#[test]
fn after_a_refusal_it_is_told_what_was_done_and_what_not() {
    at_any_moment(Fault::Refused, |said, plan, at| {
        // What is asked when they get acquainted may be unknown to an older daemon.
        let is_greeting = ["conn.features", "echo"].iter().any(|command| at.contains(command));
        if said.status == 0 && is_greeting {
            assert_eq!(said.out, plan);
            return;
        }
        assert_eq!(said.status, 1, "{at}: {}", said.err);
        is_done_or_not(said, plan);
    });
}

/// Each change was done, or is named as one that was not; once something was sent.
fn is_done_or_not(said: &Said, plan: &str) {
    let Some((_, left)) = said.err.split_once("(run it again to finish):\n") else {
        // It was no command that changes something.
        assert_eq!(said.out, "", "{}", said.err);
        return;
    };
    let mut told: Vec<_> = said.out.lines().chain(left.lines().map(str::trim_start)).collect();
    let mut planned: Vec<_> = plan.lines().collect();
    told.sort_unstable();
    planned.sort_unstable();
    assert_eq!(told, planned);
}

/// Services that end all the time, and are started by others, while one file follows the other.
#[test]
fn services_may_start_and_die_meanwhile() {
    let files = Files::new();
    let flapping = |args: &str| {
        format!(
            "[service.flap]\nsh = \"exit 1 # {args}\"\nrestart = \"always\"\n\
             [service.short]\nsh = \"sleep 0.05; exit 0 # {args}\"\nrestart = \"always\"\n"
        )
    };
    let (first, second) = (files.first() + &flapping("1"), Files::second() + &flapping("2"));
    // Two that end all the time need not be ready together at any moment.
    let as_second = files.fresh_by("apply", &second);
    files.it.ok("apply", &first);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let (daemon, over) = (&files.it.daemon, &over);
        scope.spawn(move || {
            let mut rng = Rng::new(15);
            while !over.load(Ordering::Relaxed) {
                let name = rng.choose(&["web-1", "web-2", "old", "new", "main-log", "db"]);
                let what = rng.choose(&["signal KILL", "start", "restart"]);
                // It may not be there at the moment.
                daemon.dpctl(&format!("{what} {name}"));
            }
        });
        for _ in 0..10 {
            files.it.ok("apply", &second);
            files.it.ok("apply", &first);
        }
        files.it.ok("apply", &second);
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(files.it.run("plan", &second).out, "");
    assert_eq!(files.picture(), as_second);
    // Whatever runs was started with what is set now.
    for (name, args) in [("web-1", "sleep 1004"), ("web-3", "sleep 1004"), ("new", "sleep 1005")] {
        eventually(&format!("{name} runs {args}"), || {
            // It may be down at this moment.
            let said = files.it.daemon.dpctl(&format!("status {name} -o pid --format tsv"));
            let pid = said.out.lines().nth(1)?;
            let args = args.replace(' ', "\0") + "\0";
            (std::fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()? == args).then_some(())
        });
    }
}

/// Whoever comes later waits, and then does what is still to be done.
#[test]
fn several_may_apply_at_once() {
    let files = Files::new();
    let texts = [files.first(), Files::second()];
    let pictures = [files.fresh(&texts[0]), files.fresh(&texts[1])];
    let paths = [files.it.folder.path().join("0.toml"), files.it.folder.path().join("1.toml")];
    for (text, path) in texts.iter().zip(&paths) {
        std::fs::copy(files.it.file(text), path).unwrap();
    }
    for _ in 0..3 {
        let all: Vec<_> = (0..6)
            .map(|number| {
                let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
                dpctl.arg("-S").arg(files.it.daemon.socket());
                dpctl.args(["apply", "--timeout", "60"]).arg(&paths[number % 2]);
                dpctl.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for dpctl in all {
            let said = said(dpctl);
            assert_eq!((said.status, said.err.as_str()), (0, ""));
        }
        let picture = files.picture();
        assert!(pictures.contains(&picture), "neither one nor the other:\n{picture}");
    }
}

/// The daemon itself is gone, in the middle of the work.
#[test]
fn a_daemon_that_is_killed_is_told() {
    let mut it = Applied::new();
    let slow =
        "[service.a]\nsh = \"trap '' TERM; while :; do sleep 1; done\"\nstop = { after = 1000 }\n";
    it.ok("apply --wait", slow);
    let text = "[service.web]\nrun = \"sleep 1000\"\n";
    let mut dpctl = it.command(&it.daemon.socket(), "apply", text);
    let dpctl = dpctl.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    eventually("it waits for the end of a", || {
        it.daemon.ok("dump").contains("service.auto_up\tweb").then_some(())
    });
    it.daemon.kill();
    let said = said(dpctl);
    assert_eq!((said.status, said.out.as_str()), (150, "+ web\n"), "{}", said.err);
    assert!(said.err.contains("the daemon closed the connection"), "{}", said.err);
    assert!(said.err.ends_with("(run it again to finish):\n  - a\n"), "{}", said.err);
}
