//! `upgrade`, with the real program: everything goes on, in whatever moment it comes; and whatever is
//! wrong with the other program, nothing has changed.
//!
//! That each part of the state is carried is shown by the suite (`conformance-tests`, subject
//! `upgraded`) and the simulator. Here it is about what the kernel keeps, and about the other
//! program. `UPGRADES=1000` makes the run under load a long one.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use daemonproxy_testing::{
    Conn, Daemon, Setup, alive, children, eventually, exited, fd_count, kill, killed, programs,
    status_field,
};

/// The daemon becomes what it is.
#[track_caller]
fn upgrade(c: &mut Conn) {
    c.send("@upgrade\tupgrade");
    c.wait_for("done\tupgrade");
}

/// This program is refused, for this reason, and the daemon is as it was.
#[track_caller]
fn refused(d: &mut Daemon, program: &str, reason: &str) {
    let (pid, fds) = (d.pid(), d.settled_fds());
    d.answers(
        &format!("@upgrade\tupgrade\t{program}"),
        &[format!("done\tupgrade\tUpgrade\tcannot upgrade: {reason}")],
    );
    d.still_answers();
    assert_eq!(d.pid(), pid);
    eventually("nothing is left of the attempt", || (d.settled_fds() <= fds).then_some(()));
}

/// A program in C, made by the test.
fn compiled(d: &Daemon, name: &str, source: &str) -> String {
    let (code, program) = (d.path(&format!("{name}.c")), d.path(name));
    fs::write(&code, source).unwrap();
    let made = Command::new("cc").args(["-o", &program, &code]).status().unwrap();
    assert!(made.success());
    program
}

#[test]
fn children_connections_and_what_is_in_the_pipes_stay() {
    let mut d = Setup::interactive().socket().start();
    d.make_pipe("p");
    d.define_shell("writer", "echo before; exec sleep 1000");
    d.give_fds("writer", &["null", "p.w", "p.w"]);
    let pid = d.run("writer");
    let mut other = d.connect();
    other.sync();
    other.send_bytes(b"echo\tin two ");
    upgrade(&mut d);
    assert!(alive(pid) && children(d.pid()).contains(&pid));
    other.send_bytes(b"pieces\n");
    other.expect(&["in two pieces"]);
    // The line is still in the pipe.
    d.define_shell("reader", "read line; test \"$line\" = before");
    d.give_fds("reader", &["p.r", "null", "stderr"]);
    d.run("reader");
    d.wait_for(exited("reader", 0));
    d.send("service.signal\twriter\tKILL");
    d.wait_for(killed("writer", "SIGKILL"));
    d.log.wait_for("upgraded from ");
}

#[test]
fn what_the_first_start_found_is_what_services_get() {
    let mut d = Setup::new(["-i"]).env("KEPT", "yes").start();
    let script =
        "umask; ulimit -n; ulimit -Sn; echo $KEPT; grep -E 'Sig(Blk|Ign|Cgt)' /proc/self/status";
    let before = d.shell_output(script);
    for _ in 0..3 {
        upgrade(&mut d);
        assert_eq!(d.shell_output(script), before);
    }
    assert!(status_field(d.pid(), "Umask").is_some_and(|umask| umask.trim() == "0077"));
}

#[test]
fn the_command_line_and_the_name_stay_in_the_list_of_processes() {
    let mut d = Setup::new(["-i", "--log-time"]).start();
    let shown = |d: &Daemon| fs::read_to_string(format!("/proc/{}/cmdline", d.pid())).unwrap();
    let before = shown(&d);
    for _ in 0..2 {
        upgrade(&mut d);
    }
    let after = shown(&d);
    let rest = |text: &str| text.split('\0').skip(1).collect::<Vec<_>>().join(" ");
    assert!(rest(&after).starts_with("--resume "), "{after:?}");
    assert!(rest(&after).ends_with(&rest(&before)), "{after:?}");
    assert_eq!(status_field(d.pid(), "Name").unwrap().trim(), "daemonproxy");
}

#[test]
fn locked_memory_is_locked_again() {
    let mut d = Setup::new(["-i", "-M"]).start();
    let locked = |d: &Daemon| status_field(d.pid(), "VmLck").unwrap();
    if locked(&d).trim() == "0 kB" {
        println!("skipped: memory cannot be locked here");
        return;
    }
    upgrade(&mut d);
    assert_ne!(locked(&d).trim(), "0 kB");
}

#[test]
fn signals_that_come_meanwhile_are_counted_once() {
    let mut d = Setup::interactive().socket().start();
    let mut seen = 0;
    for _ in 0..20 {
        d.send("@upgrade\tupgrade");
        d.signal(libc::SIGUSR1);
        d.wait_for("done\tupgrade");
        d.signal(libc::SIGUSR1);
        let lines = d.dump_of("signal\tSIGUSR1");
        let count: i64 = lines[0].rsplit('\t').next().unwrap().parse().unwrap();
        // Of two that come at once the kernel tells one.
        assert!(count > seen && count <= seen + 2, "{count} after {seen}");
        seen = count;
    }
}

#[test]
fn a_service_that_ends_meanwhile_is_told_once() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    for round in 0..20 {
        let pid = d.run("web");
        d.send(&format!("@{round}\tupgrade"));
        kill(pid, libc::SIGKILL);
        d.wait_for_all(&[killed("web", "SIGKILL"), format!("done\t{round}")]);
        let lines = d.sync();
        assert!(
            lines.iter().all(|line| !line.starts_with("service.state\tweb\tdown")),
            "{lines:?}"
        );
    }
}

#[test]
fn a_deadline_is_kept() {
    let mut d = Daemon::interactive();
    d.define_shell("stubborn", "trap '' TERM; echo > ready; while :; do sleep 1; done");
    d.run("stubborn");
    eventually("it is stubborn", || fs::exists(d.path("ready")).unwrap().then_some(()));
    d.send("conn.timer\tt\t1");
    d.send("service.stop\tstubborn\t1");
    upgrade(&mut d);
    d.wait_for_all(&["conn.timer\tt".to_owned(), killed("stubborn", "SIGKILL")]);
}

#[test]
fn a_program_that_is_no_daemon_is_refused() {
    let mut d = Daemon::interactive();
    d.define_sleeper("web");
    let pid = d.run("web");
    refused(&mut d, "/nowhere/daemon", "/nowhere/daemon: No such file or directory");
    refused(&mut d, "/", "the program says: Permission denied");
    refused(&mut d, "/bin/true", "the program says nothing when it is asked");
    let text = d.path("text");
    fs::write(&text, "no program").unwrap();
    refused(&mut d, &text, "the program says: Permission denied");
    fs::set_permissions(&text, fs::Permissions::from_mode(0o755)).unwrap();
    refused(&mut d, &text, "the program says: Exec format error");
    // An ELF file for a processor of which there is none here.
    let mut elf = fs::read(programs::daemon()).unwrap();
    elf.truncate(4096);
    elf[18..20].copy_from_slice(&[0xf7, 0]);
    fs::write(&text, elf).unwrap();
    refused(&mut d, &text, "the program says: Exec format error");
    let rubbish = compiled(
        &d,
        "rubbish",
        "#include <stdio.h>\nint main() { for (int i = 0; i < 100000; i++) puts(\"rubbish\"); }",
    );
    refused(&mut d, &rubbish, "the program says: {text}");
    let failing = compiled(
        &d,
        "failing",
        "#include <stdio.h>\nint main() { puts(\"no, thank you\"); return 1; }",
    );
    refused(&mut d, &failing, "the program says: no, thank you");
    let coloured = compiled(
        &d,
        "coloured",
        "#include <stdio.h>\nint main() { puts(\"usage:\\t\\033[1mname\"); return 1; }",
    );
    refused(&mut d, &coloured, "the program says: usage:  [1mname");
    let crashing = compiled(&d, "crashing", "int main() { __builtin_trap(); }");
    refused(&mut d, &crashing, "the program says nothing when it is asked");
    let guessing = compiled(
        &d,
        "guessing",
        "#include <stdio.h>\nint main() { puts(\"understood 0123456789abcdef 9.9\"); }",
    );
    refused(&mut d, &guessing, "the program says: understood 0123456789abcdef 9.9");
    assert!(alive(pid));
    upgrade(&mut d);
}

#[test]
fn one_that_hangs_is_refused_after_a_time_and_others_are_served_meanwhile() {
    let mut d = Setup::interactive().socket().start();
    let hanging = compiled(&d, "hanging", "#include <unistd.h>\nint main() { for (;;) pause(); }");
    let mut other = d.connect();
    d.send(&format!("@upgrade\tupgrade\t{hanging}"));
    for round in 0..10 {
        other.answers(&format!("echo\t{round}"), &[round.to_string()]);
    }
    other.refuses("upgrade", "an upgrade is under way");
    d.wait_for("done\tupgrade\tUpgrade\tcannot upgrade: the program says nothing for 10 seconds");
    eventually("it is killed", || children(d.pid()).is_empty().then_some(()));
    d.still_answers();
}

#[test]
fn one_that_changes_after_it_was_asked_is_refused() {
    let mut d = Daemon::interactive();
    // Lets the real one answer, and then touches itself.
    let source = format!(
        "#include <stdlib.h>\n#include <sys/stat.h>\n#include <sys/wait.h>\n#include <unistd.h>\n\
         int main(int c, char **v) {{ if (!fork()) {{ v[0] = \"{daemon}\"; execv(v[0], v); _exit(1); }}\n\
         wait(0); chmod(\"{me}\", 0700); }}",
        daemon = programs::daemon().display(),
        me = d.path("changing"),
    );
    let changing = compiled(&d, "changing", &source);
    refused(&mut d, &changing, "the program has changed since it was asked");
    upgrade(&mut d);
}

#[test]
fn without_descriptors_or_room_it_is_refused() {
    let mut d = Daemon::interactive();
    let pid = i32::try_from(d.pid()).unwrap();
    let used = fd_count(d.pid()) as u64;
    let set = |most: u64| {
        let limit = libc::rlimit { rlim_cur: most, rlim_max: 1024 };
        // SAFETY: reads one rlimit.
        unsafe { libc::prlimit(pid, libc::RLIMIT_NOFILE, &raw const limit, std::ptr::null_mut()) };
    };
    for more in 0..5 {
        set(used + more);
        d.send("@upgrade\tupgrade");
        let answer = String::from_utf8(d.line()).unwrap();
        let refusal = "done\tupgrade\tUpgrade\tcannot upgrade: ";
        assert!(answer == "done\tupgrade" || answer.starts_with(refusal), "{answer}");
        d.still_answers();
    }
    set(1024);
    upgrade(&mut d);
    d.still_answers();
}

#[test]
fn the_usual_program_is_what_is_at_the_path_now() {
    let setup = Setup::interactive().own_copy();
    let mut d = setup.start();
    upgrade(&mut d);
    let own = fs::read_link(format!("/proc/{}/exe", d.pid())).unwrap();
    // As an installation does it: the old file goes on running.
    let new = own.with_extension("new");
    fs::copy(&own, &new).unwrap();
    fs::rename(&new, &own).unwrap();
    let is_deleted = |d: &Daemon| {
        let exe = fs::read_link(format!("/proc/{}/exe", d.pid())).unwrap();
        exe.to_string_lossy().ends_with("(deleted)")
    };
    assert!(is_deleted(&d));
    upgrade(&mut d);
    assert!(!is_deleted(&d));
    // And when it is gone.
    fs::remove_file(&own).unwrap();
    d.answers(
        "@upgrade\tupgrade",
        &["done\tupgrade\tUpgrade\tcannot upgrade: {any}: No such file or directory"],
    );
}

#[test]
fn exit_exec_is_kept() {
    let rescue = "/bin/sh\t-c\techo \"$DAEMONPROXY_EXITCODE\" > found; exit 99";
    let mut d = Setup::new(["-E", rescue, "-i"]).start();
    upgrade(&mut d);
    d.signal(libc::SIGSEGV);
    d.exits_with(99);
    assert_eq!(d.read("found").trim(), "139");
}

/// What is told of services: each is up once, and goes down once with the same pid.
#[derive(Default)]
struct States {
    up: HashMap<String, i64>,
    starting: HashSet<String>,
    ended: usize,
}

impl States {
    #[track_caller]
    fn hear(&mut self, line: &str) {
        let mut fields = line.split('\t');
        if fields.next() != Some("service.state") {
            return;
        }
        let (name, state) = (fields.next().unwrap(), fields.next().unwrap());
        let pid = fields.nth(1).and_then(|pid| pid.parse().ok());
        let was_starting = self.starting.remove(name);
        match state {
            "up" => assert_eq!(self.up.insert(name.to_owned(), pid.unwrap()), None, "{line}"),
            // The planned start was cancelled.
            "down" if was_starting => {}
            "down" => {
                assert_eq!(self.up.remove(name), pid, "{line}");
                self.ended += 1;
            }
            _ => {
                assert!(!self.up.contains_key(name), "{line}");
                self.starting.insert(name.to_owned());
            }
        }
    }
}

/// Services that start and die, connections with commands under way, upgrades all the time: each
/// numbered echo comes once and in order, each run begins and ends once, and nothing is left over.
#[test]
fn nothing_is_lost_or_doubled_under_load() {
    let upgrades: usize = std::env::var("UPGRADES").map_or(20, |text| text.parse().unwrap());
    let services = if upgrades > 100 { 200 } else { 20 };
    let mut d = Setup::interactive().socket().start();
    let mut states = States::default();
    let mut others: Vec<Conn> = (0..20).map(|_| d.connect()).collect();
    others.iter_mut().for_each(|other| drop(other.sync()));
    upgrade(&mut d);
    let before = d.settled_fds();
    // A controller that is a service, and is killed now and then.
    d.define_shell("control", "while read -r line; do :; done");
    d.give_fds("control", &["control.event", "control.cmd", "stderr"]);
    d.send("service.auto_up\tcontrol\t1\talways");
    for nth in 0..services {
        d.send(&format!("service.args\ts{nth}\tsleep\t0.{}", 1 + nth % 9));
        d.send(&format!("service.auto_up\ts{nth}\t1\talways"));
    }
    let mut sent = vec![0_u64; others.len()];
    let mut heard = vec![0_u64; others.len()];
    for round in 0..upgrades {
        for (other, sent) in others.iter_mut().zip(&mut sent) {
            let commands: String = (*sent..*sent + 10).map(|at| format!("echo\t{at}\n")).collect();
            // The last of them in two pieces.
            let (first, second) = commands.split_at(commands.len() - 3);
            other.send_bytes(first.as_bytes());
            *sent += 10;
            if round % 2 == 0 {
                other.send_bytes(second.as_bytes());
            }
        }
        d.send(&format!("@{round}\tupgrade"));
        if let Some(&pid) = states.up.get("control").filter(|_| round % 7 == 0) {
            kill(pid, libc::SIGKILL);
        }
        let (lines, _) = d.lines_until(format!("done\t{round}"));
        lines.iter().for_each(|line| states.hear(line));
        for (nth, other) in others.iter_mut().enumerate() {
            if round % 2 == 1 {
                let commands = format!("echo\t{}\n", sent[nth] - 1);
                other.send_bytes(&commands.as_bytes()[commands.len() - 3..]);
            }
            while heard[nth] < sent[nth] {
                let line = String::from_utf8(other.line()).unwrap();
                // They hear of the services, too.
                if !line.contains('\t') {
                    assert_eq!(line, heard[nth].to_string());
                    heard[nth] += 1;
                }
            }
        }
    }
    for nth in 0..services {
        d.send(&format!("service.auto_up\ts{nth}\t-"));
    }
    d.send("service.stop\tcontrol");
    d.sync().iter().for_each(|line| states.hear(line));
    while !states.up.is_empty() {
        let line = d.line();
        states.hear(&String::from_utf8(line).unwrap());
    }
    println!("{upgrades} upgrades, {} runs", states.ended);
    assert!(states.ended > 0);
    eventually("no child is left", || children(d.pid()).is_empty().then_some(()));
    let after = d.settled_fds();
    assert_eq!(after, before);
}

/// What the kernel may refuse on the way. strace(1) takes the system call away from the daemon, and
/// not from the child that is asked.
#[test]
fn what_the_kernel_refuses_is_told_and_undone() {
    for (call, error, reason) in [
        (
            "memfd_create",
            "ENOSYS",
            "no memory for the state (memfd_create): Function not implemented",
        ),
        (
            "memfd_create",
            "ENOSPC",
            "no memory for the state (memfd_create): No space left on device",
        ),
        ("execveat", "EACCES", "{any}: Permission denied"),
        ("execveat", "ENOMEM", "{any}: Cannot allocate memory"),
    ] {
        let (trace, inject) = (format!("trace={call}"), format!("inject={call}:error={error}"));
        let strace = ["strace", "-D", "-qqq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        if Command::new("strace").arg("-V").output().is_err() {
            println!("skipped: there is no strace to take the system call away");
            return;
        }
        let mut d = Setup::interactive().wrapped_in(&strace).start();
        d.define_sleeper("web");
        let pid = d.run("web");
        for _ in 0..2 {
            refused(&mut d, "-", reason);
        }
        d.send("service.signal\tweb\tKILL");
        d.wait_for(killed("web", "SIGKILL"));
        assert!(!alive(pid));
    }
}
