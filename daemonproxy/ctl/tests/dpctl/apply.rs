//! `plan` and `apply`, with real daemons. That any file can follow any other is shown by the tests
//! of `daemonproxy-compile`.

use std::path::{Path, PathBuf};
use std::process::Command;

use daemonproxy_testing::{eventually, programs};

use crate::daemon::{Daemon, Said, run};

/// A daemon, and a folder for files.
pub(crate) struct Applied {
    pub(crate) daemon: Daemon,
    pub(crate) folder: tempfile::TempDir,
}

impl Applied {
    pub(crate) fn new() -> Self {
        Self { daemon: Daemon::start(), folder: tempfile::tempdir().unwrap() }
    }

    /// Runs `dpctl COMMAND… FILE`; `@` stands for the folder in the text of the file.
    pub(crate) fn run(&self, command: &str, text: &str) -> Said {
        run(&mut self.command(&self.daemon.socket(), command, text))
    }

    /// The same, at this socket, and not yet started.
    pub(crate) fn command(&self, socket: &Path, command: &str, text: &str) -> Command {
        let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
        dpctl.arg("-S").arg(socket).args(command.split(' ')).arg(self.file(text));
        dpctl
    }

    pub(crate) fn file(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("s.toml");
        let folder = self.folder.path().display().to_string();
        std::fs::write(&path, text.replace('@', &folder)).unwrap();
        path
    }

    #[track_caller]
    pub(crate) fn ok(&self, command: &str, text: &str) -> String {
        let said = self.run(command, text);
        assert_eq!(said.status, 0, "{}{}", said.out, said.err);
        said.out
    }

    #[track_caller]
    pub(crate) fn pid(&self, name: &str) -> String {
        let out = self.daemon.ok(&format!("status {name} -o pid --format tsv"));
        out.lines().nth(1).unwrap_or_default().to_owned()
    }
}

const WEB: &str = "[service.web]\nrun = \"sleep 1000\"\n";

#[test]
fn a_plan_says_what_would_change_and_apply_does_it() {
    let it = Applied::new();
    let said = it.run("plan", WEB);
    assert_eq!((said.status, said.out.as_str(), said.err.as_str()), (2, "+ web\n", ""));
    assert_eq!(it.ok("apply --wait", WEB), "+ web\n");
    assert_eq!(it.ok("plan", WEB), "");
    let pid = it.pid("web");
    assert_eq!(it.ok("apply --wait", WEB), "");
    let other = format!("{WEB}nice = 3\ntags = [\"x\"]\n[service.db]\nrun = \"sleep 1001\"\n");
    let said = it.run("plan", &other);
    assert_eq!((said.status, said.out.as_str()), (2, "~ web: nice, tag x (restart)\n+ db\n"));
    let json = it.run("plan -o json", &other);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["changes"][0]["consequence"], "restart");
    it.ok("apply --wait", &other);
    assert_ne!(it.pid("web"), pid);
    assert_eq!(it.ok("apply --wait", WEB), "~ web: nice, tag x (restart)\n- db\n");
    assert_eq!(it.daemon.ok("ls"), "web\n");
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_done() {
    let it = Applied::new();
    for command in ["plan", "apply"] {
        let said = it.run(command, &format!("{WEB}bogus = 1\n[service.x]\nrun = \"a|b\"\n"));
        assert_eq!(said.status, 1);
        assert!(said.err.contains("2 errors; nothing was done"), "{}", said.err);
        assert_eq!(it.daemon.ok("ls"), "");
    }
}

#[test]
fn what_others_have_made_is_left_alone() {
    let it = Applied::new();
    it.daemon.ok("send service.args web sleep 999");
    it.daemon.ok("send service.args mine true");
    let said = it.run("apply", WEB);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("web is there already, and belongs to nobody"), "{}", said.err);
    it.ok("apply --adopt --wait", WEB);
    let said = it.run("apply", &format!("[daemon]\nname = \"other\"\n{WEB}"));
    assert!(said.err.contains("web belongs to main"), "{}", said.err);
    it.ok("apply", "[service.x]\nrun = \"true\"\n");
    assert_eq!(it.daemon.ok("ls"), "mine\nx\n");
}

#[test]
fn a_refusal_in_the_middle_is_told_and_the_next_apply_finishes() {
    let it = Applied::new();
    let text = format!("{WEB}listen = {{ http = \"unix:@/none/http\" }}\n");
    let said = it.run("apply", &text);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("bind: ") && said.err.contains("  + web"), "{}", said.err);
    std::fs::create_dir(it.folder.path().join("none")).unwrap();
    assert_eq!(it.ok("apply --wait", &text), "+ web\n");
}

#[test]
fn a_port_that_is_in_use_is_told_before_anything_is_sent() {
    let it = Applied::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let text = format!("{WEB}listen = {{ http = \"tcp:127.0.0.1:{port}\" }}\n");
    let before = it.daemon.ok("dump");
    let said = it.run("apply", &text);
    assert_eq!((said.status, said.out.as_str()), (1, ""));
    assert!(said.err.contains(&format!("error: 127.0.0.1:{port} is in use")), "{}", said.err);
    assert!(said.err.contains("s.toml:3:19"), "{}", said.err);
    assert!(said.err.contains("`ss -ltnp` says by whom"), "{}", said.err);
    assert_eq!(it.daemon.ok("dump"), before);
    drop(taken);
    assert_eq!(it.ok("apply --wait", &text), "+ web\n");
    // It is the daemon's own now.
    assert_eq!(it.ok("apply --wait", &format!("{text}nice = 1\n")), "~ web: nice (restart)\n");
    let said = it.run("apply", &text.replace("tcp:127.0.0.1", "tcp:*"));
    assert!(said.err.contains(&format!("error: *:{port} is in use")), "{}", said.err);
    let said = it.run("apply", &text.replace("127.0.0.1", "192.0.2.1"));
    assert!(said.err.contains("is not an address of this machine"), "{}", said.err);
}

#[test]
fn what_services_write_is_logged() {
    let it = Applied::new();
    let log = daemonproxy_testing::programs::built("daemonproxy-log", "daemonproxy-log");
    let text = "[daemon]\nlogs = \"@/logs\"\n[service.web]\nsh = \"echo hello; exec sleep 1000\"\nlog = true\n";
    let path = log.parent().unwrap().display().to_string();
    it.daemon.ok(&format!("send env PATH={path}:/usr/bin:/bin"));
    it.ok("apply --wait", text);
    eventually("the line is in the log", || {
        let said = it.daemon.dpctl("logs web");
        said.out.contains("hello").then_some(())
    });
    assert_eq!(it.daemon.ok("ls"), "web\nweb-log\n");
    it.ok("apply", WEB);
    assert_eq!(it.daemon.ok("ls"), "web\n");
    assert!(!it.daemon.ok("ls --fds").contains("log"), "{}", it.daemon.ok("ls --fds"));
}

#[test]
fn a_hold_stays_unless_it_is_released() {
    let it = Applied::new();
    it.ok("apply --wait", WEB);
    it.daemon.ok("stop web --timeout 60");
    let other = format!("{WEB}nice = 3\n");
    assert_eq!(it.ok("apply", &other), "~ web: nice (held: not started)\n");
    assert_eq!(it.ok("plan", &other), "");
    // It is told, not waited for, and so is what waits for it; the rest is waited for.
    let more = format!(
        "{other}[service.next]\nrun = \"sleep 1001\"\nafter = [\"web\"]\n\
         [service.slow]\nsh = \"sleep 0.5; echo >&3; exec sleep 1002\"\nready = \"fd:3\"\n"
    );
    let said = it.run("apply --wait", &more);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains("web: is held"), "{}", said.err);
    assert!(said.err.contains("next: waits for web"), "{}", said.err);
    assert_eq!(it.daemon.dpctl("wait slow --for ready --timeout 0").status, 0);
    it.ok("apply", &other);
    assert_eq!(it.ok("apply --release --wait", &other), "~ web: held, and released\n");
}

/// One that never gets SIGKILL is waited for as long as the command line says.
#[test]
fn one_that_may_take_for_ever_to_end_is_waited_for_as_long_as_is_said() {
    let it = Applied::new();
    let text = |more: &str| {
        format!(
            "[service.web]\nsh = \"trap '' TERM; echo >&3; until [ -e @/end ]; do sleep 0.02; done\"\n\
             ready = \"fd:3\"\nstop = {{ after = \"never\" }}\n{more}"
        )
    };
    it.ok("apply --wait", &text(""));
    let other = "[service.other]\nrun = \"true\"\nrestart = \"never\"\n";
    let said = it.run("apply --timeout 0.2", other);
    assert_eq!(said.status, 1, "{}{}", said.out, said.err);
    let why = "dpctl: web is being stopped, and has not ended after 0.2 s\n";
    assert!(said.err.starts_with(why), "{}", said.err);
    std::fs::write(it.folder.path().join("end"), "").unwrap();
    it.ok("apply", other);
    assert_eq!(it.daemon.ok("ls"), "other\n");
}

#[test]
fn work_that_is_done_once_is_done_again_when_it_changes() {
    let it = Applied::new();
    let text = |word: &str| {
        format!(
            "[service.job]\nsh = \"echo {word} >> @/done\"\nrestart = \"never\"\n[service.web]\nrun = \"sleep 1000\"\nafter = [\"done:job\"]\n"
        )
    };
    it.ok("apply --wait", &text("one"));
    let pid = it.pid("web");
    it.ok("apply --wait", &text("one"));
    assert_eq!(it.ok("apply --wait", &text("two")), "~ job: run (runs again)\n");
    let done = std::fs::read_to_string(it.folder.path().join("done")).unwrap();
    assert_eq!((done.as_str(), it.pid("web")), ("one\ntwo\n", pid));
}

#[test]
fn waiting_says_what_has_failed() {
    let it = Applied::new();
    let text = "[service.job]\nsh = \"exit 3\"\nrestart = \"never\"\n[service.web]\nrun = \"sleep 1000\"\nafter = [\"done:job\"]\n";
    let said = it.run("apply --wait", text);
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(
        said.err.contains("job: has ended") && said.err.contains("web: waits for job"),
        "{}",
        said.err
    );
}

/// One that was given up is told, and what has just been restarted is waited for nevertheless.
#[test]
fn waiting_goes_on_for_the_rest() {
    let it = Applied::new();
    let text = "[service.broken]\nsh = \"exit 3\"\nrestart = { giveup = { times = 1, within = 60 } }\n\
                [service.slow]\nsh = \"sleep 0.5; echo >&3; exec sleep 1000\"\nready = \"fd:3\"\n";
    it.ok("apply", text);
    it.daemon.comes_to_say("status broken -o cause --format tsv", "cause\nexit 3, given up\n");
    let said = it.run("apply --wait", &text.replace("0.5", "0.6"));
    assert_eq!(said.status, 1, "{}", said.err);
    assert!(
        said.err.contains("broken: was given up") && !said.err.contains("slow"),
        "{}",
        said.err
    );
    assert_eq!(it.daemon.dpctl("wait slow --for ready --timeout 0").status, 0);
}

/// Whoever holds the lock may take as long as it likes; it goes with its process.
#[test]
fn one_applies_at_a_time() {
    let it = Applied::new();
    let slow =
        "[service.a]\nsh = \"trap '' TERM; while :; do sleep 1; done\"\nstop = { after = 1000 }\n";
    it.ok("apply --wait", slow);
    let socket = it.daemon.socket().clone();
    let mut first = Command::new(env!("CARGO_BIN_EXE_dpctl"))
        .arg("-S")
        .arg(&socket)
        .arg("apply")
        .arg(it.file(WEB))
        .spawn()
        .unwrap();
    eventually("it waits for the end", || {
        it.daemon.ok("dump").contains("service.args\tweb").then_some(())
    });
    let said = it.run("apply --timeout 0.2", WEB);
    assert_eq!(said.status, 151);
    assert!(said.err.contains("somebody else is applying"), "{}", said.err);
    first.kill().unwrap();
    first.wait().unwrap();
    it.daemon.ok("signal KILL a");
    it.ok("apply", WEB);
    assert_eq!(it.daemon.ok("ls"), "web\n");
}

/// Values that nobody is to see are in no plan.
#[test]
fn secrets_are_not_shown() {
    let it = Applied::new();
    let text =
        |value: &str| format!("{WEB}env = {{ KEY = \"{value}\", A = 1 }}\nsecrets = [\"KEY\"]\n");
    it.ok("apply --wait", &text("sesame"));
    let said = it.run("plan", &text("bushel"));
    assert!(said.out.starts_with("~ web: env KEY=*** ("), "{}", said.out);
    assert!(!said.out.contains("bushel") && !said.out.contains("sesame"));
}

#[test]
fn instances_are_changed_one_after_the_other() {
    let it = Applied::new();
    let text = |n: u32, more: &str| {
        format!("[service.web]\nrun = \"sleep 100{{n}}\"\ninstances = {n}\nrolling = true\n{more}")
    };
    assert_eq!(it.ok("apply --wait", &text(3, "")), "+ web-1\n+ web-2\n+ web-3\n");
    let out = it.ok("apply --wait", &text(2, "nice = 1\n"));
    assert_eq!(out, "~ web-1: nice (restart)\n~ web-2: nice (restart)\n- web-3\n");
    assert_eq!(it.daemon.ok("status web-2 -o args --format tsv"), "args\nsleep 1002\n");
}

#[test]
fn without_a_daemon_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    std::fs::write(&path, WEB).unwrap();
    let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    let said = run(dpctl.arg("-S").arg(folder.path().join("none")).arg("plan").arg(&path));
    assert_eq!(said.status, 150, "{}", said.err);
}

/// What was exported says the same, and shows no secret unless it is asked to.
#[test]
fn what_is_exported_changes_nothing() {
    let it = Applied::new();
    let text =
        format!("{WEB}env = {{ KEY = \"sesame\", A = 1 }}\nsecrets = [\"KEY\"]\nstop = \"INT\"\n");
    it.ok("apply --wait", &text);
    let out = it.daemon.ok("export");
    assert!(out.contains("# KEY=*** (") && !out.contains("sesame"), "{out}");
    let path = it.folder.path().join("exported.toml");
    let mut dpctl = Command::new(env!("CARGO_BIN_EXE_dpctl"));
    dpctl.arg("-S").arg(it.daemon.socket()).args(["export", "--secrets"]);
    let status = dpctl.stdout(std::fs::File::create(&path).unwrap()).status().unwrap();
    assert!(status.success());
    let out = std::fs::read_to_string(&path).unwrap();
    assert_eq!(it.ok("plan", &out), "", "{out}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(it.daemon.dpctl("export --owner nobody").status, 1);
}

/// What was made by hand can become a file.
#[test]
fn what_nobody_owns_is_exported_and_can_be_adopted() {
    let it = Applied::new();
    it.daemon.ok("send service.args web sleep 1000");
    it.daemon.ok("send service.auto_up web 5 SIGUSR1");
    let out = it.daemon.ok("export");
    assert!(out.contains("# started by: SIGUSR1"), "{out}");
    it.ok("apply --adopt", &out);
    assert_eq!(it.ok("plan", &it.daemon.ok("export")), "");
}

/// What is ready when a check says so, and what comes after it, with the real checker.
#[test]
fn a_service_that_is_checked_is_ready_when_the_first_check_succeeds() {
    let it = Applied::new();
    let lua = programs::built("daemonproxy-lua", "daemonproxy-lua");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = port.local_addr().unwrap();
    drop(port);
    let text = format!(
        "[daemon]\nlua = \"{}\"\n\
         [service.db]\nrun = \"sleep 1000\"\nhealth = {{ tcp = \"{at}\" }}\nready = \"health\"\n\
         [service.worker]\nrun = \"sleep 1001\"\nafter = [\"db\"]\n\
         health = {{ sh = \"test -e '@/fine' || {{ touch @/asked; false; }}\", every = 1, failures = 2 }}\n\
         [service.never]\nrun = \"sleep 1002\"\nschedule = {{ cron = \"0 0 29 2 *\", tz = \"UTC\" }}\n",
        lua.display()
    );
    assert_eq!(
        it.ok("apply", &text),
        "+ health\n+ schedule\n+ db\n+ worker.check\n+ worker\n+ never\n"
    );
    eventually("its next time is noted", || {
        it.daemon.ok("dump").contains("\tschedule.due=").then_some(())
    });
    assert_ne!(it.daemon.dpctl("ok worker").status, 0);
    let server = std::net::TcpListener::bind(at).unwrap();
    eventually("the worker is started", || {
        (it.daemon.dpctl("ok worker").status == 0).then_some(())
    });
    assert_eq!(it.ok("apply --wait", &text), "");
    // Its own check fails, and it is started anew.
    let pid = it.pid("worker");
    eventually("it was checked by its command", || {
        it.folder.path().join("asked").exists().then_some(())
    });
    // In between it is down, and status says so with its exit status.
    eventually("it is started anew", || {
        let said = it.daemon.dpctl("status worker -o pid --format tsv");
        (said.status == 0 && said.out.lines().nth(1) != Some(&pid)).then_some(())
    });
    std::fs::write(it.folder.path().join("fine"), "").unwrap();
    // What is noted in tags is no difference.
    assert_eq!(it.ok("plan", &text), "");
    let exported = it.daemon.ok("export");
    assert_eq!(it.ok("plan", &exported), "", "{exported}");
    drop(server);
}
