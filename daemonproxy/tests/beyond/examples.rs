//! The first controller of the README, and the shortest of the protocol's: each is printed there as
//! it is, and does what is said of it.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use daemonproxy_testing::{Conn, Daemon, Setup, eventually, kill};

/// Of the folder of examples.
fn example(name: &str) -> String {
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The languages in which the first controller needs no more than this machine has.
const LANGUAGES: [(&str, &str); 2] = [("python3", "giveup.py"), ("perl", "giveup.pl")];

/// The first controller with this configuration; `None` where its language is missing.
fn giveup_in((program, script): (&str, &str), config: &str) -> Option<Daemon> {
    if Command::new(program).arg("-v").stdin(Stdio::null()).output().is_err() {
        println!("skipped: there is no {program}");
        return None;
    }
    let config = config.replace("python3\tgiveup.py", &format!("{program}\t{script}"));
    let setup =
        Setup::new([""; 0]).no_input().file(script, example(script)).config(config).socket();
    Some(setup.env("PERL5LIB", concat!(env!("CARGO_MANIFEST_DIR"), "/../sdk-perl/lib")).spawn())
}

fn giveup(config: &str) -> Option<Daemon> {
    giveup_in(LANGUAGES[0], config)
}

#[test]
fn the_readme_has_the_examples_as_they_are() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    // Their first lines say what they are, as the text of the README does.
    for (name, begin) in [
        ("giveup.lua", "local dp"),
        ("giveup.py", "import "),
        ("giveup.pl", "use "),
        ("../../sdk-python/examples/giveup.py", "import "),
    ] {
        let text = example(name);
        let code = &text[text.find(begin).unwrap()..];
        assert!(readme.contains(code), "{name} is not the one of the README");
        assert!(code.lines().count() <= 25, "{name} is longer than a first controller should be");
    }
    let config = example("giveup.conf").replace('\t', "→");
    let lines = config.lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        assert!(readme.contains(line), "{line} is not in the README");
    }
}

/// The blocks of the second page, run as they stand there.
#[test]
fn the_second_page_makes_the_first_configuration_of_commands() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let page = fs::read_to_string(page).unwrap();
    let block = |kind: &str| {
        let begin = page.split_once(&format!("```{kind}\n")).unwrap().1;
        begin.split_once("```").unwrap().0.to_owned()
    };
    let folder = tempfile::tempdir().unwrap();
    let run = |script: &str| {
        let run = Command::new("sh").args(["-ec", script]).current_dir(folder.path()).output();
        String::from_utf8(run.unwrap().stdout).unwrap()
    };
    run(&block("sh"));
    let console = block("console");
    let (command, shown) = console.split_once('\n').unwrap();
    assert_eq!(run(command.strip_prefix("$ ").unwrap()), shown);
    let made = fs::read_to_string(folder.path().join("first.conf")).unwrap();
    let first = example("first.conf");
    let is_code = |line: &&str| !line.is_empty() && !line.starts_with('#');
    assert!(first.lines().filter(is_code).eq(made.lines()), "{made}");
    let config = made.replace("null\tstdout", "null\tstderr").replace("date", "echo tick");
    let mut d = Setup::new([""; 0]).no_input().config(config).spawn();
    d.log.wait_for("tick");
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

#[test]
fn the_page_on_the_protocol_has_the_shortest_controller_as_it_is() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/README.md");
    let page = fs::read_to_string(page).unwrap();
    let text = example("limit.sh");
    assert!(page.contains(&text[text.find("IFS=").unwrap()..]));
    let is_code = |line: &&str| !line.starts_with("# ");
    assert_eq!(text.lines().filter(is_code).count(), 10);
}

#[test]
fn a_controller_of_ten_lines_of_shell_starts_over_what_takes_too_long() {
    let config = example("limit.conf").replace("limit.sh\t5", "limit.sh\t0.2");
    let config =
        config.replace("echo 'this one hangs'", "printf x >> runs; echo \"run $(cat runs)\"");
    let setup = Setup::new([""; 0]).no_input().file("limit.sh", example("limit.sh"));
    let mut d = setup.config(config).spawn();
    for run in ["run x", "run xx", "run xxx"] {
        d.log.wait_for(run);
    }
    // The controller is an observer.
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn what_keeps_failing_is_switched_off() {
    let Some(mut d) = giveup(&example("giveup.conf")) else { return };
    d.log.wait_for("broken does not work, I switch it off");
    let log = d.log.lines();
    let ended = log.iter().filter(|line| *line == "broken has ended: exit 3").count();
    assert_eq!(ended, 3, "{log:#?}");
    d.signal(libc::SIGINT);
    d.exits_with(0);
}

/// A connection that leaves signals to others.
fn observer(d: &Daemon) -> Conn {
    let mut conn = d.connect();
    conn.answers("conn.features\tobserver", &["conn.features\tobserver"]);
    conn
}

/// It has no memory that outlives it, and undoes nothing when it is started again.
#[test]
fn what_was_given_up_stays_so_when_the_controller_is_killed() {
    for language in LANGUAGES {
        let Some(mut d) = giveup_in(language, &example("giveup.conf")) else { continue };
        d.log.wait_for("broken does not work, I switch it off");
        let mut other = observer(&d);
        // It says so before the daemon has read the command.
        eventually("it is switched off", || {
            let dump = other.dump_of("service.auto_up\tbroken");
            (dump == ["service.auto_up\tbroken\t-"]).then_some(())
        });
        other.send("service.signal\tgiveup\tKILL");
        other.wait_for("service.state\tgiveup\tdown\t{text}");
        // The next one tells of the last end once more: it has read the state.
        let ends =
            || d.log.lines().iter().filter(|line| *line == "broken has ended: exit 3").count();
        eventually("the next one has read the state", || (ends() == 4).then_some(()));
        let dump = other.dump_of("service.auto_up\tbroken");
        assert_eq!(dump, ["service.auto_up\tbroken\t-"], "{language:?}");
        d.signal(libc::SIGINT);
        d.exits_with(0);
        assert_eq!(
            d.log.lines().iter().filter(|line| line.contains("broken has ended")).count(),
            4
        );
    }
}

/// In a shutdown everything ends, and nothing has failed.
#[test]
fn a_shutdown_is_no_failure() {
    let config = example("giveup.conf").replace("sleep 1; exit 3", "echo up >&2; exec sleep 1000");
    let config = format!("service.fds\tbroken\tnull\tnull\tstderr\n{config}");
    for language in LANGUAGES {
        for signal in [libc::SIGTERM, libc::SIGINT] {
            let Some(mut d) = giveup_in(language, &config) else { continue };
            d.log.wait_for("up");
            if language.0 == "perl" {
                let mut other = observer(&d);
                eventually("it leaves signals to the daemon", || {
                    let all = other.ask("conn.list");
                    all.iter()
                        .any(|it| it.contains(":giveup\t") && it.contains("observer"))
                        .then_some(())
                });
            }
            // The other has read the state when it is told of this.
            d.signal(signal);
            d.exits_with(0);
            let log = d.log.wait_for_end();
            for bad in ["has ended: signal", "Traceback", "BrokenPipe", "KeyboardInterrupt"] {
                assert!(!log.iter().any(|line| line.contains(bad)), "{bad}: {log:#?}");
            }
        }
    }
}

/// An example with these files beside it, started with a port that is free; `None` where there is no
/// Python.
fn at_a_port(name: &str) -> Option<(Daemon, u16)> {
    if Command::new("python3").arg("-V").output().is_err() {
        println!("skipped: there is no python3");
        return None;
    }
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let config = example(name).replace("8080", &port.to_string());
    let setup = Setup::new([""; 0]).no_input().file("server.py", example("server.py"));
    Some((setup.config(config).spawn(), port))
}

/// Asks the server, and returns which version has answered.
fn ask(port: u16) -> std::io::Result<char> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let version = answer.trim_end().rsplit(' ').next().and_then(|word| word.chars().next());
    version.ok_or_else(|| std::io::Error::other(format!("no answer: {answer:?}")))
}

#[test]
fn a_service_waits_until_another_one_is_ready() {
    let mut d = Setup::new([""; 0]).no_input().config(example("ready.conf")).spawn();
    d.log.wait_for("web: db is ready");
    let log = d.log.lines();
    let begun = log.iter().filter(|line| line.as_str() == "db: opening its files").count();
    assert_eq!(begun, 1, "{log:#?}");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn a_worker_that_hangs_is_started_over() {
    if Command::new("python3").arg("-V").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let setup = Setup::new([""; 0]).no_input().file("worker.py", example("worker.py"));
    let mut d = setup.config(example("watchdog.conf")).spawn();
    d.log.wait_for("worker: pid ");
    let log = d.log.lines();
    let pid = log.iter().find_map(|line| line.strip_prefix("worker: pid ")).unwrap();
    kill(pid.parse().unwrap(), libc::SIGUSR1);
    d.log.wait_for("service 'worker' does not say that it is alive");
    eventually("another one has begun", || {
        let begun = |line: &&String| line.starts_with("worker: pid ");
        (d.log.lines().iter().filter(begun).count() == 2).then_some(())
    });
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn the_first_connection_starts_a_server() {
    let Some((mut d, port)) = at_a_port("activation.conf") else { return };
    // The daemon has just begun.
    assert_eq!(eventually("somebody listens", || ask(port).ok()), '1');
    d.log.wait_for("version 1 is ready");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

/// Ten thousand requests or more, none of which is refused or lost, while the server is replaced.
#[test]
fn a_new_version_takes_over_without_a_refused_connection() {
    const REQUESTS: usize = 10_000;
    const CLIENTS: usize = 4;
    let Some((mut d, port)) = at_a_port("replace.conf") else { return };
    d.log.wait_for("version 1 is ready");
    let done = Arc::new(AtomicUsize::new(0));
    let replaced = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (done, replaced) = (Arc::clone(&done), Arc::clone(&replaced));
            std::thread::spawn(move || {
                let mut old = 0;
                // However long the replacement takes, some come after it.
                while !replaced.load(Ordering::Relaxed) || done.load(Ordering::Relaxed) < REQUESTS {
                    match ask(port) {
                        Ok(version) => old += usize::from(version == '1'),
                        Err(error) => panic!("after {}: {error}", done.load(Ordering::Relaxed)),
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
                old
            })
        })
        .collect();
    let reached = |count| {
        eventually("the requests go on", || (done.load(Ordering::Relaxed) >= count).then_some(()));
    };
    reached(REQUESTS / 4);
    d.signal(libc::SIGUSR1);
    d.log.wait_for("version 2 is ready");
    d.log.wait_for("version 1 ends");
    let at_the_end = done.load(Ordering::Relaxed);
    replaced.store(true, Ordering::Relaxed);
    let old: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
    // Each client may have had an answer by then that it had not counted yet.
    let most = at_the_end + CLIENTS;
    assert!(old >= REQUESTS / 4 && old <= most, "{old} by the old one, of {at_the_end}");
    assert_eq!(ask(port).unwrap(), '2');
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}
