//! With fixed pools nothing is allocated once the daemon has begun.
//!
//! A small library (`allocations.c`) is preloaded and counts; it is compiled by the test itself. A
//! daemon is put through a long random session in which everything happens that can, and at its end
//! the count is still zero. If it is not, the test says where the allocations came from.
//!
//! `SESSION_SEED` in the environment chooses another session; a failing one tells its seed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use daemonproxy_testing::{Conn, Daemon, PATIENCE, Setup, eventually, programs};

/// As in `allocations.c`.
const TRACES: usize = 64;
const FRAMES: usize = 32;

const POOLS: [&str; 6] =
    ["--service-pool", "30x600", "--fd-pool", "60x128", "--controller-pool", "8"];

/// The compiled library.
fn library() -> &'static PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let (library, new) =
            (folder.join("allocations.so"), folder.join(format!("new-{}.so", std::process::id())));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/beyond/allocations.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"])
            .args([new.as_os_str(), source.as_ref()])
            .status()
            .expect("cc, a C compiler");
        assert!(status.success(), "cc");
        // In one step, for another run of the tests may be using it.
        fs::rename(new, &library).expect("rename");
        library
    })
}

/// A daemon whose allocations are counted.
struct Counted {
    daemon: Daemon,
    counter: File,
}

impl Counted {
    /// Counts from the first answer on.
    fn start(setup: Setup) -> Self {
        let path = setup.path("allocations");
        let counter =
            File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
        counter.set_len((8 + TRACES * FRAMES * 8) as u64).unwrap();
        let daemon = setup.env("LD_PRELOAD", library()).env("ALLOCATIONS", &path).start();
        counter.write_all_at(&1_u32.to_ne_bytes(), 0).unwrap();
        Self { daemon, counter }
    }

    fn count(&self) -> u32 {
        let mut bytes = [0; 4];
        self.counter.read_exact_at(&mut bytes, 4).unwrap();
        u32::from_ne_bytes(bytes)
    }

    #[track_caller]
    fn assert_none(&self, what: &str) {
        let count = self.count();
        assert!(count == 0, "{what}: {count} allocations, among them\n{}", self.traces());
    }

    /// Where the first allocations came from, each place once.
    fn traces(&self) -> String {
        let mut bytes = vec![0; TRACES * FRAMES * 8];
        self.counter.read_exact_at(&mut bytes, 8).unwrap();
        let words: Vec<u64> =
            bytes.chunks(8).map(|word| u64::from_ne_bytes(word.try_into().unwrap())).collect();
        let program = fs::metadata(programs::daemon()).map_or(0, |m| m.len());
        let mut traces = BTreeSet::new();
        for trace in words.chunks(FRAMES).filter(|trace| trace[0] != 0) {
            let ours = trace.iter().filter(|&&address| address != 0 && address < program);
            let ours: Vec<String> = ours.map(|address| format!("{address:#x}")).collect();
            let lines = Command::new("addr2line")
                .args(["-f", "-C", "-s", "-p", "-i", "-e"])
                .arg(programs::daemon())
                .args(&ours)
                .output()
                .map_or(ours.join("\n"), |out| String::from_utf8_lossy(&out.stdout).into_owned());
            // The allocator's own frames say nothing, and the event loop's are always the same.
            let of_interest = |line: &&str| !line.contains("alloc") || line.contains("daemonproxy");
            let lines = lines.lines().filter(of_interest).take(8);
            traces.insert(lines.fold(String::new(), |text, line| text + "  " + line + "\n"));
        }
        traces.into_iter().collect::<Vec<_>>().join("  --\n")
    }
}

/// Numbers that look random and are the same in each run (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// More names than the pool has room for.
    fn service(&mut self) -> String {
        format!("s{}", self.below(36))
    }

    fn fd(&mut self) -> String {
        match self.below(30) {
            0 => "log.w".into(),
            1 => "null".into(),
            2 => "stderr".into(),
            _ => format!("f{}", self.below(64)),
        }
    }

    fn list(&mut self, most: usize, mut item: impl FnMut(&mut Self) -> String) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| item(self)).collect::<Vec<_>>().join("\t")
    }

    /// Any command but those that end the daemon or this connection.
    fn command(&mut self) -> String {
        let (s, f, g) = (self.service(), self.fd(), self.fd());
        match self.below(49) {
            0..=3 => {
                let program = self.one_of(&[
                    "/bin/true",
                    "/bin/sleep\t300",
                    "/bin/sh\t-c\texit 3",
                    "true",
                    "/dev/null/program",
                    "",
                    "/bin/sh\t-c\tkill -9 $$",
                ]);
                format!("service.args\t{s}\t{program}")
            }
            4 => format!("service.args\t{s}\t{}", "x\t".repeat(self.below(400))),
            5..=6 => {
                let control = ["control.event", "control.cmd", "control.socket", "-", "nothing"];
                let fds = self
                    .list(6, |r| if r.below(4) == 0 { r.one_of(&control).into() } else { r.fd() });
                format!("service.fds\t{s}\t{fds}")
            }
            7 => format!("service.tags\t{s}\t{}", self.list(9, |r| format!("k{}=v", r.below(9)))),
            8..=9 => {
                let tags = self.list(9, |r| {
                    let (key, size) = (r.below(9), r.below(90));
                    match r.below(3) {
                        0 => format!("-k{key}"),
                        _ => format!("k{key}={}", "v".repeat(size)),
                    }
                });
                format!("service.tags.apply\t{s}\t{tags}")
            }
            10..=11 => {
                let when = self.one_of(&["-", "1\talways", "-\tHUP", "2\tSIGHUP\tUSR1", "x", "0"]);
                format!("service.auto_up\t{s}\t{when}")
            }
            12..=18 => format!("service.start\t{s}"),
            19 => {
                let when = self.one_of(&["-", "2000000000", "1", "x"]);
                format!("service.start\t{s}\t{when}")
            }
            20..=23 => {
                let signal = self.one_of(&["KILL", "TERM", "HUP", "CONT", "NOSUCH", "KILL\tgroup"]);
                format!("service.signal\t{s}\t{signal}")
            }
            24..=25 => format!("service.delete\t{s}"),
            26 => format!("service.pipe\t{s}\t1,2\t/bin/sleep\t300"),
            27..=28 => {
                let flags = self.one_of(&["", "\tnonblock", "\tstream", "\tdgram", "\twrong"]);
                format!("fd.pipe\t{f}\t{g}{flags}")
            }
            29..=30 => {
                let path = self.one_of(&["/dev/null", "new", "/dev/null/x", "made/here/file"]);
                let flags = self.one_of(&["read", "write,create,mkdir", "read,write,append", "x"]);
                format!("fd.open\t{f}\t{flags}\t{path}")
            }
            31 => {
                let what = self.one_of(&[
                    "inet,stream\t127.0.0.1:0",
                    "inet6,dgram",
                    "unix,listen,mkdir\tmade/socket",
                    "tcp,listen=5\t*:0",
                    "inet\tnonsense",
                ]);
                format!("fd.socket\t{f}\t{what}")
            }
            32..=34 => format!("fd.delete\t{f}"),
            35 => format!("fd.take\t{f}"),
            36..=37 => "statedump".into(),
            38 => format!("signal.clear\t{}\t{}", self.one_of(&["HUP", "USR1"]), self.below(4)),
            39 => format!("log.filter\t{}", self.one_of(&["none", "debug", "+", "-", "error"])),
            40 => format!("log.dest\tfd\t{}", self.one_of(&["log.w", "stderr", "nothing"])),
            41 => self
                .one_of(&[
                    "chdir\t.",
                    "chdir\t/dev/null/x",
                    "signal.default\tUSR2\tevent",
                    "signal.default\tUSR2\tx",
                    "terminate.exec_args\t/bin/true",
                    "terminate.exec_args\t",
                    "terminate.guard\t-\t5",
                    "terminate\t0\t77",
                    "conn.event_timeout\t20\t30",
                    "conn.event_timeout\t30\t20",
                ])
                .into(),
            42 => {
                self.one_of(&["socket.create\t-\tcontrol", "socket.create\t\t/dev/null/x"]).into()
            }
            43 => format!("echo\t{}", "e".repeat(self.below(3000))),
            44 => "x".repeat(self.below(6000)),
            45..=46 => {
                let options = self.one_of(&[
                    "backoff=4\tgiveup=2/60",
                    "giveup=1/9\ton_giveup=s1\tsuccess=3",
                    "backoff=2:3:1",
                    "umask=022",
                    "",
                ]);
                format!("service.options\t{s}\t{options}")
            }
            47 => format!("{}\t{s}", self.one_of(&["service.release", "service.stop"])),
            _ => self.one_of(&["", "# comment", "nonsense", "service.args", "fd.open\tx"]).into(),
        }
    }
}

/// What must have happened for a session to prove anything.
const MUST_HAPPEN: [&str; 11] = [
    "\tup\t",
    "\texit\t3\t",
    "\tsignal\tSIGKILL\t",
    "cannot execute",
    "does not exist, for service",
    "Unable to allocate new service",
    "Unable to allocate new file descriptor object",
    "unable to set argv",
    "line too long",
    "signal\tSIGHUP\t",
    "\tdeleted",
];

/// Commands with a pause for what comes back, and now and then a signal. What is still missing of
/// [`MUST_HAPPEN`] is in `missing`.
fn talk(random: &mut Random, d: &mut Daemon, count: usize, missing: &mut Vec<&str>) {
    for _ in 0..count {
        let command = random.command();
        d.send(&command);
        match random.below(40) {
            0 => d.signal(libc::SIGHUP),
            1 => d.signal(libc::SIGUSR1),
            _ => {}
        }
    }
    let lines = d.sync();
    missing.retain(|text| !lines.iter().any(|line| line.contains(text)));
}

/// Connections that come, talk, pass descriptors, do not read, and go in every way there is.
fn mingle(random: &mut Random, d: &mut Daemon, others: &mut Vec<Conn>) {
    match random.below(7) {
        0 | 1 if others.len() < 10 => others.push(d.connect()),
        2 if !others.is_empty() => drop(others.swap_remove(random.below(others.len()))),
        3 if !others.is_empty() => {
            let mut other = others.swap_remove(random.below(others.len()));
            // It may have been refused, for the pool is small.
            let _ = other.try_push(b"echo\tx\nexit\n");
            other.discard();
        }
        _ if others.is_empty() => {}
        choice => {
            let place = random.below(others.len());
            let other = &mut others[place];
            if choice == 4 {
                let null = File::open("/dev/null").unwrap();
                let line = format!("fd.take\t{}\n", random.fd());
                other.try_send_with_fd(line.as_bytes(), null.as_fd());
            } else {
                let _ = other.try_push(format!("{}\n", random.command()).as_bytes());
            }
            // Otherwise it does not read, and so is blocked before long.
            if choice == 5 {
                other.discard();
            }
        }
    }
}

#[test]
fn a_long_random_session_within_the_pools() {
    let seed = std::env::var("SESSION_SEED").ok().and_then(|text| text.parse().ok());
    let seed: u64 = seed.unwrap_or(20);
    println!("SESSION_SEED={seed}");
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let setup = Setup::interactive().args(POOLS).args(["--exit-guard", "4"]).socket();
    let mut counted = Counted::start(setup);
    let d = &mut counted.daemon;
    // A log that nobody reads.
    d.ask("fd.pipe\tlog.r\tlog.w");
    d.ask("log.filter\tnone");
    d.ask("log.dest\tfd\tlog.w");
    let mut others = Vec::new();
    let mut missing = MUST_HAPPEN.to_vec();
    for _ in 0..1500 {
        talk(&mut random, d, 12, &mut missing);
        mingle(&mut random, d, &mut others);
    }
    drop(others);
    assert!(missing.is_empty(), "never seen: {missing:?}");
    counted.assert_none(&format!("SESSION_SEED={seed}"));
}

/// A dump that is larger than all buffers, to a controller that reads it late; then it is
/// disconnected.
#[test]
fn a_controller_that_does_not_read() {
    let mut counted = Counted::start(Setup::interactive().args(POOLS).socket());
    let d = &mut counted.daemon;
    let tags = format!("t={}", "x".repeat(500));
    for i in 0..25 {
        d.ask(&format!("service.tags.apply\ts{i}\t{tags}"));
    }
    let mut slow = d.connect();
    slow.send("conn.event_timeout\t1\t2");
    let dumps = "statedump\n".repeat(100);
    slow.push(dumps.as_bytes());
    // Events that it has no room for.
    for _ in 0..20 {
        for i in 0..25 {
            d.send(&format!("service.tags.apply\ts{i}\t{tags}"));
        }
        d.sync();
    }
    assert!(slow.wait_for_hangup(PATIENCE));
    let mut late = d.connect();
    late.push(dumps.as_bytes());
    while late.next_line(Duration::from_millis(200)).is_ok() {}
    drop(late);
    d.still_answers();
    counted.assert_none("a controller that does not read");
}

#[test]
fn starts_and_deaths() {
    let mut counted = Counted::start(Setup::interactive().args(POOLS));
    let d = &mut counted.daemon;
    d.ask("log.filter\tnone");
    for i in 0..25 {
        d.ask(&format!("service.args\ts{i}\t/bin/true"));
        d.ask(&format!("service.fds\ts{i}\tnull\t-\tnull\tcontrol.event\tcontrol.cmd"));
    }
    for _ in 0..4 {
        for i in 0..25 {
            d.send(&format!("service.start\ts{i}"));
        }
        d.sync();
        eventually("all have ended", || {
            (!d.dump().iter().any(|l| l.contains("\tup\t"))).then_some(())
        });
    }
    counted.assert_none("starts and deaths");
}

#[test]
fn an_orderly_shutdown() {
    let mut counted = Counted::start(Setup::interactive().args(POOLS).socket());
    let d = &mut counted.daemon;
    for i in 0..8 {
        d.ask(&format!("service.pipe\ts{i}\t1,2\t/bin/cat"));
        // With a child in its group, so that there is something to look for in /proc.
        d.ask(&format!("service.args\ts{i}\t/bin/sh\t-c\tsleep 300; echo"));
        d.ask(&format!("service.start\ts{i}"));
    }
    d.send("terminate.shutdown");
    d.lines_to_end();
    d.exits_with(0);
    counted.assert_none("an orderly shutdown");
}

/// The counter itself: without pools there is something to count.
#[test]
fn without_pools_something_is_counted() {
    let mut counted = Counted::start(Setup::interactive());
    counted.daemon.ask("service.tags\tweb\tsome\ttags");
    assert!(counted.count() > 0);
    assert!(counted.traces().contains("daemonproxy"), "{}", counted.traces());
}
