//! What the tests of protocol 2 need besides `daemonproxy-testing`.
//!
//! * A *writer* is a service that writes numbered lines into its standard output and, after each,
//!   the same line into a file of its own, so that what it wrote is known when it is dead.
//! * A *logger* is a service that copies its standard input to a file.
//! * [`family`] finds every process of a daemon's session, so that none is left behind unseen.

use std::collections::HashMap;
use std::fs;

use daemonproxy_testing::{Conn, Daemon, Setup, eventually};

/// Arguments: a name, how many lines to write after SIGTERM, seconds between two lines (0: as fast
/// as the pipe takes them), and how many lines to write before it only waits (0: never).
///
/// Each line begins with the name; lines have different lengths.
const WRITER: &str = r#"
use strict; use warnings;
my ($name, $last, $pace, $most) = @ARGV;
my ($count, $end) = (0, 0);
$SIG{TERM} = sub { $end = 1 };
open(my $known, '>>', "$name.wrote") or die $!;
sub put {
    my ($to, $rest) = @_;
    while (length $rest) {
        my $sent = syswrite($to, $rest);
        if (defined $sent) { substr($rest, 0, $sent) = '' } elsif (!$!{EINTR}) { exit 9 }
    }
}
sub line {
    my $line = sprintf "%s %d %s\n", $name, $count, 'x' x ($count % 97);
    put(\*STDOUT, $line);
    put($known, $line);
    $count++;
}
until ($end) {
    if ($most && $count >= $most) {
        unless (-e "$name.full") { open(my $full, '>', "$name.full") or die $! }
        select(undef, undef, undef, 0.02);
        next;
    }
    line();
    select(undef, undef, undef, $pace) if $pace;
}
line() for 1 .. $last;
"#;

/// Makes the pipe on its standard output hold a megabyte, then becomes a writer.
const BIG_WRITER: &str = r#"
fcntl(STDOUT, 1031, 1 << 20) or die "F_SETPIPE_SZ: $!";
exec 'perl', 'writer.pl', @ARGV;
"#;

/// A daemon that can start writers.
pub(crate) fn with_writers(setup: Setup) -> Setup {
    setup.file("writer.pl", WRITER).file("big_writer.pl", BIG_WRITER)
}

/// One controller, on standard input and output, and writers to start.
pub(crate) fn daemon_with_writers() -> Daemon {
    with_writers(Setup::interactive()).start()
}

/// Starts a writer into `out` that writes `last` more lines when it gets SIGTERM.
#[track_caller]
pub(crate) fn run_writer(conn: &mut Conn, name: &str, out: &str, last: u32, pace: &str) -> i64 {
    let last = last.to_string();
    conn.define(name, &["perl", "writer.pl", name, &last, pace, "0"]);
    conn.give_fds(name, &["null", out, "stderr"]);
    conn.run(name)
}

/// Waits until the writer has written this many lines.
#[track_caller]
pub(crate) fn has_written(d: &Daemon, writer: &str, count: usize) {
    let path = d.path(&format!("{writer}.wrote"));
    eventually("the writer writes", || {
        let text = fs::read(&path).ok()?;
        (text.iter().filter(|&&byte| byte == b'\n').count() >= count).then_some(())
    });
}

/// Waits until a file exists.
#[track_caller]
pub(crate) fn exists(d: &Daemon, name: &str) {
    let path = d.path(name);
    eventually(&format!("{name} is there"), || fs::metadata(&path).ok());
}

/// Everything that each of the writers knows to have written is in the log, in order, nothing
/// twice, nothing cut. A writer that was killed may have written one line that it does not know of.
#[track_caller]
pub(crate) fn assert_complete(d: &Daemon, log: &str, writers: &[&str]) {
    let text = d.read(log);
    assert!(text.is_empty() || text.ends_with('\n'), "{log} ends in the midst of a line");
    let mut logged: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in text.lines() {
        let (name, _) = line.split_once(' ').unwrap_or((line, ""));
        assert!(writers.contains(&name), "a line of nobody in {log}: {line:?}");
        logged.entry(name).or_default().push(line);
    }
    for &writer in writers {
        let wrote = d.read(&format!("{writer}.wrote"));
        let wrote: Vec<&str> = wrote.lines().collect();
        let got = logged.remove(writer).unwrap_or_default();
        assert!(!wrote.is_empty(), "{writer} never wrote");
        let missing = wrote.iter().zip(&got).position(|(wrote, got)| wrote != got);
        assert!(
            missing.is_none() && (wrote.len()..=wrote.len() + 1).contains(&got.len()),
            "{log}: {writer} wrote {} lines and {} are there; first difference at {missing:?}",
            wrote.len(),
            got.len(),
        );
    }
}

/// The pids of all that live in the session of a daemon, it included.
pub(crate) fn family(session: i64) -> Vec<i64> {
    let session = session.to_string();
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<i64>().ok());
    pids.filter(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // After the name, which may contain anything: state, parent, group, session.
        let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        !matches!(fields.next(), None | Some("Z" | "X")) && fields.nth(2) == Some(&session)
    })
    .collect()
}

/// The daemon has left, and nothing of what it started stays there. What was killed may need a
/// moment for its last breath.
#[track_caller]
pub(crate) fn nobody_is_left(d: &Daemon) {
    eventually("everybody has gone", || family(d.pid()).is_empty().then_some(()));
}

/// What a state dump says, without what changes by itself: uptimes and downtimes.
#[track_caller]
pub(crate) fn lasting_state(conn: &mut Conn) -> Vec<String> {
    let strip = |line: String| match line.split_once("service.state\t") {
        Some(_) => line.split('\t').take(7).collect::<Vec<_>>().join("\t"),
        None => line,
    };
    conn.dump().into_iter().map(strip).collect()
}

/// The command is refused with this error, and a state dump says the same as before.
#[track_caller]
pub(crate) fn refused_without_a_trace(conn: &mut Conn, command: &str, message: &str) {
    let before = lasting_state(conn);
    conn.refuses(command, message);
    let after = lasting_state(conn);
    if before != after {
        conn.fail(&format!("{command:?} was refused and yet changed\n{before:#?}\nto\n{after:#?}"));
    }
}
