//! `dpctl logs`, with a real daemon and real loggers.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use daemonproxy_testing::{eventually, programs};

use crate::daemon::Daemon;
use crate::terminal;

/// A daemon in whose directory `logger` is the program, and whose loggers write below it.
fn daemon() -> Daemon {
    let daemon = Daemon::start();
    let program = programs::built("daemonproxy-log", "daemonproxy-log");
    std::os::unix::fs::symlink(program, daemon.path("daemonproxy-log")).unwrap();
    daemon
}

/// A service with a logger of its own, that writes what is said to it.
fn logged(daemon: &Daemon, name: &str, options: &str) {
    let (program, dir) = (daemon.path("daemonproxy-log"), daemon.path(&format!("logs/{name}")));
    let mut line = vec!["send", "service.pipe", name, "1,2", &program, &dir];
    line.extend(options.split_whitespace());
    daemon.ok_args(&line);
    // It says each line that is put into its file.
    let (said, script) = (daemon.path(&format!("{name}.said")), "exec tail -n +1 -f \"$0\"");
    fs::write(&said, "").unwrap();
    daemon.ok_args(&["send", "service.args", name, "sh", "-c", script, &said]);
    daemon.ok(&format!("start {name}"));
}

fn say(daemon: &Daemon, name: &str, text: &str) {
    let said = daemon.path(&format!("{name}.said"));
    let mut file = fs::File::options().append(true).open(said).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Says it, and waits until it is in the log.
fn log(daemon: &Daemon, name: &str, line: &str) {
    say(daemon, name, &format!("{line}\n"));
    eventually(&format!("{line} is in the log of {name}"), || {
        daemon.ok(&format!("logs {name}")).contains(line).then_some(())
    });
}

/// The lines without their times.
fn without_times(text: &str) -> Vec<String> {
    let line = |line: &str| match line.split_once("Z ") {
        Some((start, rest)) => start[..start.len() - 26].to_owned() + rest,
        None => line.to_owned(),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_last_lines_of_a_service() {
    let daemon = daemon();
    logged(&daemon, "web", "");
    log(&daemon, "web", "one");
    log(&daemon, "web", "two with a word");
    log(&daemon, "web", "three");
    let lines = |args: &str| without_times(&daemon.ok(args));
    assert_eq!(lines("logs web"), ["one", "two with a word", "three"]);
    assert_eq!(lines("logs web -n 2"), ["two with a word", "three"]);
    assert!(lines("logs web -n 0").is_empty());
    assert_eq!(lines("logs web --grep word -n 1"), ["two with a word"]);
    assert_eq!(lines("logs web --since 1h").len(), 3);
    assert!(lines("logs web --since 2099-01-01T00:00:00Z").is_empty());
    // The logger itself is the same log.
    assert_eq!(lines("logs web-log -n 1"), ["three"]);
}

#[test]
fn several_are_merged_by_time() {
    let daemon = daemon();
    logged(&daemon, "web", "");
    logged(&daemon, "db", "--time tai64n");
    for (name, line) in [("web", "a"), ("db", "b"), ("web", "c"), ("db", "d"), ("web", "e")] {
        log(&daemon, name, line);
    }
    let text = daemon.ok("logs web db");
    let lines: Vec<_> = text
        .lines()
        .map(|line| {
            let mut words = line.split(' ');
            (words.next().unwrap(), words.next_back().unwrap())
        })
        .collect();
    let expected = [("web|", "a"), ("db|", "b"), ("web|", "c"), ("db|", "d"), ("web|", "e")];
    assert_eq!(lines, expected, "{text}");
    let text = daemon.ok("logs * -n 2");
    assert!(
        text.starts_with("db| ") && text.lines().nth(1).unwrap().starts_with("web| "),
        "{text}"
    );
}

/// One logger for two services: each gets its own lines.
#[test]
fn a_shared_logger() {
    let daemon = daemon();
    let (program, dir) = (daemon.path("daemonproxy-log"), daemon.path("shared"));
    for name in ["web", "db"] {
        daemon.ok_args(&["send", "fd.pipe", &format!("{name}.r"), &format!("{name}.w")]);
        let script = format!("echo this is {name}; exec sleep 1000");
        daemon.ok_args(&["send", "service.args", name, "sh", "-c", &script]);
        daemon.ok_args(&["send", "service.fds", name, "null", &format!("{name}.w")]);
    }
    let args = ["--fd", "3=web", "--fd", "4=db", &dir];
    daemon.ok_args(&[&["send", "service.args", "log", &program][..], &args].concat());
    daemon.ok_args(&["send", "service.fds", "log", "null", "null", "stderr", "web.r", "db.r"]);
    daemon.ok("start log web db");
    eventually("both lines", || (daemon.dpctl("logs log").out.lines().count() == 2).then_some(()));
    assert_eq!(without_times(&daemon.ok("logs web")), ["this is web"]);
    assert_eq!(without_times(&daemon.ok("logs db")), ["this is db"]);
}

struct Following {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Following {
    fn start(daemon: &Daemon, args: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dpctl"))
            .env("DAEMONPROXY_SOCKET", daemon.socket())
            .args(["logs", "-f"])
            .args(args.split(' '))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn next(&mut self) -> String {
        let mut line = String::new();
        assert!(self.lines.read_line(&mut line).unwrap() > 0, "it ended");
        without_times(&line).remove(0)
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every line once, in order, over many new files.
#[test]
fn following_goes_on_over_rotations() {
    let daemon = daemon();
    logged(&daemon, "web", "--size 2K --keep 100000");
    log(&daemon, "web", "line 0");
    let mut following = Following::start(&daemon, "web");
    assert_eq!(following.next(), "line 0");
    let mut number = 0;
    for _ in 0..20 {
        let mut text = String::new();
        for _ in 0..200 {
            number += 1;
            text += &format!("line {number}\n");
        }
        say(&daemon, "web", &text);
        for line in number - 199..=number {
            assert_eq!(following.next(), format!("line {line}"));
        }
    }
    let files = fs::read_dir(daemon.path("logs/web")).unwrap().count();
    assert!(files > 50, "{files}");
    // And all of them once more, from the start.
    let lines = without_times(&daemon.ok("logs web -n 10000"));
    assert_eq!(lines, (0..=number).map(|line| format!("line {line}")).collect::<Vec<_>>());
    let lines = without_times(&daemon.ok("logs web -n 150"));
    assert_eq!(lines.len(), 150);
    assert_eq!(lines[0], format!("line {}", number - 149));
}

#[test]
fn what_is_wrong_is_said() {
    let daemon = daemon();
    daemon.ok("send service.args plain sleep 1000");
    let said = daemon.dpctl("logs nobody");
    assert_eq!((said.status, said.err.as_str()), (4, "dpctl: there is no service nobody\n"));
    let said = daemon.dpctl("logs plain");
    assert_eq!(said.status, 1);
    assert!(said.err.contains("plain has no log that can be read here"), "{}", said.err);
    let said = daemon.dpctl("logs plain --since yesterday");
    assert_eq!(said.status, 2);
    assert!(said.err.contains("a span such as 90s, 10m"), "{}", said.err);
    logged(&daemon, "web", "");
    log(&daemon, "web", "x");
    fs::remove_dir_all(daemon.path("logs/web")).unwrap();
    let said = daemon.dpctl("logs web");
    assert_eq!(said.status, 1);
    assert!(said.err.contains("cannot read the log of web, "), "{}", said.err);
}

/// Labels are coloured on a terminal, and nothing in a log commands it.
#[test]
fn on_a_terminal() {
    let daemon = daemon();
    logged(&daemon, "web", "--time none");
    logged(&daemon, "db", "--time none");
    log(&daemon, "web", "red: ");
    say(&daemon, "db", "\x1b[31mhello\n");
    eventually("it is in the log", || daemon.ok("logs db").contains("hello").then_some(()));
    let socket = daemon.socket();
    let script =
        format!("unset NO_COLOR; TERM=xterm exec dpctl --socket {} logs web db", socket.display());
    let mut terminal = terminal::script(daemon.folder(), &script, &[]);
    terminal.shows("\x1b[36mweb|\x1b[0m red: ");
    terminal.shows("\x1b[35mdb|\x1b[0m \\u{1b}[31mhello");
    assert_eq!(terminal.ends(), Some(0));
}
