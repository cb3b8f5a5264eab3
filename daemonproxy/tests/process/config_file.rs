//! Configuration files and controller scripts that were written for the original run unchanged.

use std::fs;

use daemonproxy_testing::{Daemon, Setup, eventually, kill};

/// Waits until the file holds this text.
#[track_caller]
fn wait_for(d: &Daemon, file: &str, text: &str) -> String {
    let path = d.path(file);
    eventually(&format!("{text:?} in {file}"), || {
        fs::read_to_string(&path).ok().filter(|content| content.contains(text))
    })
}

/// As users of the original write it: a service, and a logger of its own.
const WITH_LOGGER: &str = "\
fd.pipe\tol-log.r\tol-log.w
service.args\tol-log\t/bin/sh\t-c\texec cat >> \"$0\"\tlog-offlineimap
service.fds\tol-log\tol-log.r\tstderr\tstderr
service.auto_up\tol-log\t2\talways

service.args\tofflineimap\tsh\t-c\techo \"sync with $HOME/.netrc\"; exec sleep 300
service.fds\tofflineimap\tnull\tol-log.w\tol-log.w
service.auto_up\tofflineimap\t1\talways
";

#[test]
fn a_service_with_its_logger() {
    let d = Setup::default().no_input().env("HOME", "/home/frew").config(WITH_LOGGER).spawn();
    wait_for(&d, "log-offlineimap", "sync with /home/frew/.netrc\n");
}

/// The same, with a variable of the environment set by `env`.
const WITH_ENV: &str = "\
fd.pipe\tofflineimap-log.r\tofflineimap-log.w
service.args\tofflineimap-log\t/bin/sh\t-c\texec cat >> log
service.fds\tofflineimap-log\tofflineimap-log.r\tstderr\tstderr
service.auto_up\tofflineimap-log\t1\talways

service.args\tofflineimap\tenv\tHOME=/home/other\tsh\t-c\techo $HOME; echo err >&2; exec sleep 300
service.fds\tofflineimap\tnull\tofflineimap-log.w\tofflineimap-log.w
service.auto_up\tofflineimap\t1\talways
";

#[test]
fn a_service_with_an_environment_of_its_own() {
    let mut d = Setup::interactive().env("HOME", "/home/frew").config(WITH_ENV).start();
    wait_for(&d, "log", "/home/other\nerr\n");
    // Skips what was reported meanwhile.
    d.sync();
    let states = d.dump_of("service.state");
    assert!(states.iter().all(|l| l.contains("\tup\t")), "{states:?}");
    // The logger is killed, and started again on the same pipe: nothing is lost.
    let logger = states.iter().find(|l| l.contains("offlineimap-log")).unwrap();
    kill(logger.split('\t').nth(4).unwrap().parse().unwrap(), libc::SIGKILL);
    d.wait_for(daemonproxy_testing::killed("offlineimap-log", "SIGKILL"));
    d.send("service.args\tlate\techo\tlate");
    d.send("service.fds\tlate\tnull\tofflineimap-log.w");
    d.send("service.start\tlate");
    wait_for(&d, "log", "late\n");
}

/// An easy mistake: the first argument was taken for a title of the service.
#[test]
fn a_service_without_a_program_is_told_in_the_log_and_never_started() {
    let mut d = Setup::interactive()
        .config(
            "service.args\tofflineimap\n\
             service.fds\tofflineimap\tnull\tstdout\tstdout\n\
             service.auto_up\tofflineimap\t1\talways\n",
        )
        .start();
    d.log.wait_for("offlineimap");
    let state = d.dump_of("service.state\tofflineimap");
    assert_eq!(state, [daemonproxy_testing::never_started("offlineimap")]);
}

#[test]
fn comments_and_blank_lines_are_ignored() {
    let mut d = Setup::interactive()
        .config(
            "# web\n\n   \n\t\n\r\nservice.args\tweb\t/bin/true\n#service.args\tno\t/bin/true\n",
        )
        .start();
    assert_eq!(d.dump_of("service.args"), ["service.args\tweb\t/bin/true"]);
    assert!(!d.log.lines().iter().any(|l| l.starts_with("error: ")), "{}", d.log.show());
}

#[test]
fn a_config_file_of_thousands_of_lines() {
    let mut config = String::new();
    for i in 0..5000 {
        config.push_str(&format!("service.args\ts{i}\t/bin/true\t{}\n", "x".repeat(i % 100)));
    }
    let mut d = Setup::interactive().config(config).start();
    assert_eq!(d.dump_of("service.state").len(), 5000);
}

/// As a controller script in Python would have been written: a loop over the events, a policy, and
/// commands on standard output.
const CONTROLLER_PY: &str = r#"
import sys

def command(*fields):
    sys.stdout.write("\t".join(fields) + "\n")
    sys.stdout.flush()

restarts = 0
command("statedump")
command("echo", "dump complete")
for line in sys.stdin:
    fields = line.rstrip("\n").split("\t")
    if fields[0] == "dump complete":
        command("service.args", "web", "/bin/sh", "-c", "exit 3")
        command("service.tags", "web", "managed")
        command("service.start", "web")
    elif fields[0] == "service.state":
        name, state, ts, pid, reason, value, uptime, downtime = fields[1:]
        if name == "web" and state == "down" and reason == "exit":
            restarts += 1
            if restarts < 3:
                command("service.start", "web")
            else:
                command("service.tags", "web", "given up", "last status " + value)
    elif fields[0] == "signal":
        name, ts, count = fields[1:]
        command("signal.clear", name, count)
        command("service.tags", "web", "signal " + name)
"#;

#[test]
fn a_controller_script_in_python() {
    let mut d = Setup::interactive().file("controller.py", CONTROLLER_PY).start();
    run_controller(&mut d, &["python3", "controller.py"]);
}

/// The same in Perl.
const CONTROLLER_PL: &str = r#"
use strict;
use warnings;
$| = 1;
sub command { print join("\t", @_), "\n" }

my $restarts = 0;
command('statedump');
command('echo', 'dump complete');
while (my $line = <STDIN>) {
    chomp $line;
    my ($event, @fields) = split /\t/, $line, -1;
    next unless defined $event;
    if ($event eq 'dump complete') {
        command('service.args', 'web', '/bin/sh', '-c', 'exit 3');
        command('service.tags', 'web', 'managed');
        command('service.start', 'web');
    }
    elsif ($event eq 'service.state') {
        my ($name, $state, $ts, $pid, $reason, $value) = @fields;
        if ($name eq 'web' && $state eq 'down' && $reason eq 'exit') {
            if (++$restarts < 3) { command('service.start', 'web') }
            else { command('service.tags', 'web', 'given up', "last status $value") }
        }
    }
    elsif ($event eq 'signal') {
        command('signal.clear', $fields[0], $fields[2]);
        command('service.tags', 'web', "signal $fields[0]");
    }
}
"#;

#[test]
fn a_controller_script_in_perl() {
    let mut d = Setup::interactive().file("controller.pl", CONTROLLER_PL).start();
    run_controller(&mut d, &["perl", "controller.pl"]);
}

/// And for the shell.
const CONTROLLER_SH: &str = r#"
restarts=0
tab=$(printf '\t')
printf 'statedump\necho\tdump complete\n'
while IFS="$tab" read -r event name state ts pid reason value rest; do
    case $event,$name,$state in
    'dump complete',*)
        printf 'service.args\tweb\t/bin/sh\t-c\texit 3\n'
        printf 'service.tags\tweb\tmanaged\n'
        printf 'service.start\tweb\n' ;;
    service.state,web,down)
        restarts=$((restarts + 1))
        if [ "$reason" != exit ]; then :
        elif [ $restarts -lt 3 ]; then printf 'service.start\tweb\n'
        else printf 'service.tags\tweb\tgiven up\tlast status %s\n' "$value"; fi ;;
    signal,*)
        printf 'signal.clear\t%s\t%s\n' "$name" "$ts"
        printf 'service.tags\tweb\tsignal %s\n' "$name" ;;
    esac
done
"#;

#[test]
fn a_controller_script_for_the_shell() {
    let mut d = Setup::interactive().file("controller.sh", CONTROLLER_SH).start();
    run_controller(&mut d, &["sh", "controller.sh"]);
}

fn run_controller(d: &mut Daemon, argv: &[&str]) {
    d.define("controller", argv);
    d.give_fds("controller", &["control.event", "control.cmd", "stderr"]);
    d.send("service.start\tcontroller");
    d.wait_for("service.tags\tweb\tmanaged");
    for _ in 0..3 {
        d.wait_for("service.state\tweb\tdown\t{ts}\t{pid}\texit\t3\t{secs}\t{secs}");
    }
    d.wait_for("service.tags\tweb\tgiven up\tlast status 3");
    d.signal(libc::SIGHUP);
    d.wait_for("service.tags\tweb\tsignal SIGHUP");
    assert!(d.dump_of("signal").is_empty());
}
