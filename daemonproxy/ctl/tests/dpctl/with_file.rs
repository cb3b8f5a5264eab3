//! `daemonproxy -f FILE`: the daemon has what a file says from its start.

use std::fs;

use daemonproxy_testing::{Daemon, Setup, eventually, programs};

use crate::daemon::{Said, run};

const WEB: &str = "[service.web]\nrun = \"sleep 1000\"\n";

fn start(file: &str) -> Daemon {
    let setup = Setup::new(["-f", "s.toml"]).file("s.toml", file);
    setup.socket().no_input().no_output().spawn()
}

fn dpctl(d: &Daemon, args: &str) -> Said {
    let mut dpctl = std::process::Command::new(env!("CARGO_BIN_EXE_dpctl"));
    run(dpctl.arg("-S").arg(d.socket()).args(args.split(' ')))
}

#[track_caller]
fn comes_to_say(d: &Daemon, args: &str, expected: &str) {
    let mut said = String::new();
    eventually(&format!("{args} says {expected}"), || {
        said = dpctl(d, args).out;
        (said == expected).then_some(())
    });
}

#[test]
fn it_has_what_the_file_says_and_reads_it_again_at_sighup() {
    let mut d = start(WEB);
    comes_to_say(&d, "ls", "apply\nweb\n");
    comes_to_say(&d, "status apply -o state,value --format tsv", "state\tvalue\ndown\t0\n");
    fs::write(d.path("s.toml"), format!("{WEB}[service.db]\nrun = \"sleep 1001\"\n")).unwrap();
    d.signal(libc::SIGHUP);
    comes_to_say(&d, "ls", "apply\ndb\nweb\n");
    comes_to_say(&d, "status apply -o state,value --format tsv", "state\tvalue\ndown\t0\n");
    // The signal was cleared.
    assert!(!dpctl(&d, "dump").out.contains("signal\tSIGHUP"));
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn a_file_with_faults_is_the_end_of_a_daemon_that_starts() {
    let mut d = start("[service.web]\nrnu = \"x\"\n");
    d.exits_with(2);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains("did you mean `run`?"), "{log}");
    assert!(log.contains("its first apply has failed"), "{log}");
}

/// What was started before the refusal is stopped.
#[test]
fn a_first_apply_that_is_refused_is_its_end_too() {
    let mut d = start(&format!("{WEB}listen = {{ http = \"unix:none/http\" }}\n"));
    d.exits_with(2);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains("bind: "), "{log}");
}

#[test]
fn a_fault_later_leaves_everything_as_it_is() {
    let mut d = start(WEB);
    comes_to_say(&d, "status apply -o state,value --format tsv", "state\tvalue\ndown\t0\n");
    fs::write(d.path("s.toml"), "[service.web\n").unwrap();
    d.signal(libc::SIGHUP);
    d.log.wait_for("what there was before stays as it is");
    comes_to_say(&d, "status apply -o state,value --format tsv", "state\tvalue\ndown\t1\n");
    assert_eq!(dpctl(&d, "ok web").status, 0);
    // What was wrong can be asked for, until it is mended.
    let why = dpctl(&d, "why apply").out;
    assert!(why.contains("The file was not applied: ") && why.contains("s.toml:1: "), "{why}");
    fs::write(d.path("s.toml"), WEB).unwrap();
    d.signal(libc::SIGHUP);
    comes_to_say(&d, "status apply -o value,tags --format tsv", "value\ttags\n0\t\n");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

#[test]
fn what_cannot_be_read_is_told_at_once() {
    let mut d = Setup::new(["-f", "none.toml"]).socket().no_input().no_output().spawn();
    d.exits_with(1);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains("cannot read none.toml: No such file"), "{log}");
    let mut d = Setup::new(["-f", "."]).socket().no_input().no_output().spawn();
    d.exits_with(1);
}

/// Whoever supervises the daemon hears that it is ready when there is what the file says; if the
/// first apply fails, never.
#[test]
fn it_is_ready_after_its_first_apply() {
    for (file, says_so) in [
        (format!("{WEB}[service.x]\nrun = \"sleep 1001\"\n"), true),
        (WEB.replace("run", "rnu"), false),
    ] {
        let (read, write) = daemonproxy_testing::pipe();
        let setup = Setup::new(["-f", "s.toml", "--ready-fd", "9"]).file("s.toml", file);
        let mut d = setup.socket().no_input().no_output().inherits(write, 9).spawn();
        let mut said = String::new();
        std::io::Read::read_to_string(&mut fs::File::from(read), &mut said).unwrap();
        assert_eq!(said, if says_so { "\n" } else { "" });
        if says_so {
            // Everything is there by then.
            assert_eq!(dpctl(&d, "ls").out, "apply\nweb\nx\n");
            d.signal(libc::SIGTERM);
            d.exits_with(0);
        } else {
            d.exits_with(2);
        }
    }
}

/// Whoever starts it with -D goes on when there is what the file says.
#[test]
fn in_the_background_its_pid_is_printed_after_the_first_apply() {
    let setup = Setup::new(["-D", "-f", "s.toml"]).file("s.toml", WEB);
    let mut d = setup.socket().spawn();
    let said = d.lines_to_end();
    d.exits_with(0);
    assert_eq!(dpctl(&d, "ls").out, "apply\nweb\n");
    let pid = dpctl(&d, "ok web");
    assert_eq!((said.len(), pid.status), (1, 0), "{said:?}");
    // Whoever reads its standard error is not kept waiting.
    let _ = d.log.wait_for_end();
}

/// What goes wrong later can be read, too, if standard error is a file.
#[test]
fn in_the_background_standard_error_stays_if_it_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("s.toml"), "[service.web]\nsh = \"echo here >&2; exec sleep 1000\"\n").unwrap();
    let mut daemon = std::process::Command::new(programs::daemon());
    daemon.args(["-D", "-q", "-S", "control", "-f", "s.toml"]).current_dir(folder.path());
    daemon.env("PATH", beside_dpctl()).stderr(fs::File::create(path("log")).unwrap());
    let said = daemon.output().unwrap();
    assert_eq!(said.status.code(), Some(0));
    let says = |text: &str| {
        eventually(text, || fs::read_to_string(path("log")).unwrap().contains(text).then_some(()));
    };
    says("here\n");
    fs::write(path("s.toml"), "[service.web]\nrnu = \"x\"\n").unwrap();
    let pid = String::from_utf8(said.stdout).unwrap().trim().parse().unwrap();
    daemonproxy_testing::kill(pid, libc::SIGHUP);
    says("did you mean `run`?");
    daemonproxy_testing::kill(pid, libc::SIGTERM);
}

/// The daemon looks for dpctl in PATH.
fn beside_dpctl() -> std::ffi::OsString {
    let dpctl = std::path::Path::new(env!("CARGO_BIN_EXE_dpctl"));
    let mut folders = vec![dpctl.parent().unwrap().to_owned()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).unwrap()
}

/// It has the same status as the daemon then.
#[test]
fn in_the_background_a_file_with_faults_is_the_end_too() {
    let setup = Setup::new(["-D", "-f", "s.toml"]).file("s.toml", "[service.web]\nrnu = \"x\"\n");
    let mut d = setup.socket().spawn();
    assert_eq!(d.lines_to_end(), [""; 0]);
    d.exits_with(2);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains("did you mean `run`?"), "{log}");
    assert!(log.contains("the daemon has ended before it was ready"), "{log}");
}

/// Also if it becomes another version of itself meanwhile.
#[test]
fn it_is_ready_after_its_first_apply_also_when_upgraded_before() {
    let (read, write) = daemonproxy_testing::pipe();
    let setup = Setup::new(["-f", "s.toml", "--ready-fd", "9"]).file("s.toml", WEB);
    // Somebody else is applying.
    let lock = fs::File::create(setup.path(".control.apply")).unwrap();
    let lock = nix::fcntl::Flock::lock(lock, nix::fcntl::FlockArg::LockExclusive).unwrap();
    let mut d = setup.socket().no_input().no_output().inherits(write, 9).spawn();
    assert!(d.socket().ends_with("control"));
    comes_to_say(&d, "status apply -o state --format tsv", "state\nup\n");
    let said = dpctl(&d, "send upgrade");
    assert_eq!(said.status, 0, "{}{}", said.out, said.err);
    assert_eq!(dpctl(&d, "ls").out, "apply\n");
    drop(lock);
    let mut said = String::new();
    std::io::Read::read_to_string(&mut fs::File::from(read), &mut said).unwrap();
    assert_eq!(said, "\n");
    assert_eq!(dpctl(&d, "ls").out, "apply\nweb\n");
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}

/// And so does the one who has started it with -D.
#[test]
fn in_the_background_its_pid_is_printed_also_when_upgraded_before() {
    let setup = Setup::new(["-D", "-f", "s.toml"]).file("s.toml", WEB);
    let lock = fs::File::create(setup.path(".control.apply")).unwrap();
    let lock = nix::fcntl::Flock::lock(lock, nix::fcntl::FlockArg::LockExclusive).unwrap();
    let mut d = setup.socket().spawn();
    comes_to_say(&d, "status apply -o state --format tsv", "state\nup\n");
    assert_eq!(dpctl(&d, "send upgrade").status, 0);
    drop(lock);
    assert_eq!(d.lines_to_end().len(), 1);
    d.exits_with(0);
    assert_eq!(dpctl(&d, "ls").out, "apply\nweb\n");
}

/// Without -S it listens where dpctl looks.
#[test]
fn it_listens_where_dpctl_looks() {
    let setup = Setup::new(["-f", "s.toml"]).file("s.toml", WEB);
    let folder = setup.path("");
    let d = setup.env("XDG_RUNTIME_DIR", &folder).no_input().no_output().spawn();
    eventually("it runs", || {
        let mut dpctl = std::process::Command::new(env!("CARGO_BIN_EXE_dpctl"));
        dpctl.env("XDG_RUNTIME_DIR", &folder).env_remove("DAEMONPROXY_SOCKET").args(["ok", "web"]);
        (run(&mut dpctl).status == 0).then_some(())
    });
    d.signal(libc::SIGTERM);
}

/// As foreman and compose do it: names in front, and nothing is lost at the end.
#[test]
fn in_the_foreground_all_output_is_shown_with_names() {
    let file = "[daemon]\nlogs = \"/none\"\n[service.web]\nsh = \"echo hello; trap 'echo bye; exit' TERM; while :; do sleep 0.1; done\"\n\
                [service.longer]\nsh = \"echo one >&2; exec sleep 1000\"\nlog = true\n";
    let setup = Setup::new(["-f", "s.toml", "--foreground"]).file("s.toml", file);
    let out = std::fs::File::create(setup.path("out")).unwrap();
    let mut d = setup.socket().no_input().std(1, out.into()).spawn();
    let has = |text: &str| d.read("out").lines().any(|line| line == text).then_some(());
    eventually("a line of web", || has("web    | hello"));
    eventually("a line of longer", || has("longer | one"));
    // Whoever looks at the file with another program finds no difference.
    let said = dpctl(&d, &format!("plan {}", d.path("s.toml")));
    assert_eq!((said.status, said.out.as_str()), (0, ""));
    d.signal(libc::SIGTERM);
    d.exits_with(0);
    let out = d.read("out");
    assert!(out.lines().any(|line| line == "web    | bye"), "{out}");
}

/// Somebody who may not write there is told what to do.
#[test]
fn where_it_cannot_listen_it_says_how_to_listen_elsewhere() {
    let setup = Setup::new(["-f", "s.toml"]).file("s.toml", WEB).env("XDG_RUNTIME_DIR", "/none");
    let mut d = setup.env("DAEMONPROXY_SOCKET", "").no_input().no_output().spawn();
    d.exits_with(1);
    let log = d.log.wait_for_end().join("\n");
    assert!(log.contains("-S PATH listens elsewhere"), "{log}");
}

#[test]
fn the_foreground_is_of_a_file() {
    let mut d = Setup::new(["--foreground"]).socket().no_input().no_output().spawn();
    d.exits_with(2);
}

/// The first configuration of the README, as it stands there: no option, and no program in PATH but
/// those of the system.
#[test]
fn the_first_configuration_of_the_readme_runs() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let (_, block) = readme.split_once("```toml\n").unwrap();
    let (file, _) = block.split_once("```").unwrap();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/demo/services.toml");
    assert!(fs::read_to_string(demo).unwrap().ends_with(&format!("\n{file}")));
    if std::process::Command::new("python3").arg("-V").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    for program in ["daemonproxy-log", "daemonproxy-lua"] {
        programs::built(program, program);
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let setup =
        Setup::new(["-f", "s.toml"]).file("s.toml", file.replace("8000", &port.to_string()));
    let out = std::fs::File::create(setup.path("out")).unwrap();
    let mut d = setup.socket().no_input().std(1, out.into()).spawn();
    eventually("the visitor was there", || {
        d.read("out").contains("visitor: the page is there").then_some(())
    });
    assert_eq!(dpctl(&d, "wait --for ready web visitor").status, 0);
    assert_eq!(dpctl(&d, "wait --for done page").status, 0);
    eventually("the log has the check", || {
        dpctl(&d, "logs web").out.contains("\"GET / HTTP/1.").then_some(())
    });
    let said = dpctl(&d, &format!("plan {}", d.path("s.toml")));
    assert_eq!((said.status, said.out.as_str()), (0, ""));
    // Another dpctl, which finds them in PATH, finds no difference either.
    let lua = programs::built("daemonproxy-lua", "daemonproxy-lua");
    let path = format!("{}:/usr/bin:/bin", lua.parent().unwrap().display());
    let mut other = std::process::Command::new(env!("CARGO_BIN_EXE_dpctl"));
    other.arg("-S").arg(d.socket()).args(["plan", &d.path("s.toml")]).env("PATH", path);
    assert_eq!(run(&mut other).out, "");
    assert_eq!(dpctl(&d, "signal KILL web").status, 0);
    assert_eq!(dpctl(&d, "wait --for ready web").status, 0);
    d.signal(libc::SIGTERM);
    d.exits_with(0);
}
