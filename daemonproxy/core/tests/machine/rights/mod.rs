//! A connection without full rights learns and changes nothing outside of them.
//!
//! The same random history is played to two state machines. In one of them a connection gives its
//! rights away, in the other it keeps them, but does not send what it would not be permitted. Then
//! everything that everybody else hears, and everything that is asked of the world, must be the
//! same in both; and the first must hear what the second hears, less what is hidden from it. What
//! it is refused and what is hidden is decided by an [`oracle`] of its own.
//!
//! `HISTORIES=100000 cargo test --release -p daemonproxy-core --test machine rights` plays that
//! many.

mod oracle;

use std::io::Write as _;

use daemonproxy_core::{Ended, Limits as Sizes, System};
use daemonproxy_protocol::{Command, Signal, Tagged};
use daemonproxy_testing::Rng;
use daemonproxy_testing::world::{Op, Output};

use self::oracle::Limits;
use crate::fixture::{Client, Fixture};

/// Histories in a run of all tests.
const HISTORIES: u64 = 100;
const STEPS: usize = 60;
/// The lines of half of the histories are short, so that an outbox is soon full.
const SHORT: usize = 512;

const NAMES: [&str; 7] = ["web", "web-1", "web-2", "web-long-name", "db", "mail", "w"];
const FDS: [&str; 6] = ["web.r", "web-1", "db.w", "db", "x", "null"];
const TRIGGERS: [&str; 7] =
    ["always", "HUP", "once failure", "up:web-1", "ready:db,done:mail", "down:w fd:db", "fd:web.r"];
const OPTIONS: [&str; 5] =
    ["", "nice=5", "cwd=/x stop=INT", "stop_after=2 reload=USR1", "umask=027"];
const PATTERNS: [&str; 10] =
    ["web*", "web-*", "web-?", "*", "mail", "db", "*b*", "?", "w*-*1", "web"];

/// A state machine, and three who are connected to it.
struct Side {
    machine: Fixture,
    /// Sends commands.
    boss: Client,
    /// Only listens.
    listener: Client,
    /// The one that this is about.
    other: Client,
}

impl Side {
    fn new(sizes: Sizes) -> Self {
        let mut machine = Fixture::with(sizes, None);
        let (boss, listener) = (machine.connect(), machine.connect());
        let other = machine.connect();
        Self { machine, boss, listener, other }
    }

    /// What has arrived since the last look.
    fn heard(&mut self, who: Client) -> Vec<String> {
        let text = String::from_utf8(self.machine.bytes(who)).expect("text");
        text.lines().map(str::to_owned).collect()
    }

    fn send(&mut self, who: Client, line: &str, passed: bool) {
        let fd = passed.then(|| self.machine.world().make("passed"));
        self.machine.pass(who, &format!("{line}\n"), fd.as_slice());
    }

    /// What was asked of the world, but for the end of what was passed.
    fn calls(&mut self) -> Vec<String> {
        let mut calls = std::mem::take(&mut self.machine.world().calls);
        calls.retain(|call| call != "close passed");
        calls
    }
}

/// Both machines.
struct Pair {
    /// Where the connection gives its rights away.
    limited: Side,
    /// Where it keeps them.
    full: Side,
    limits: Limits,
    /// What it should have heard, while it does not read.
    unread: Option<Vec<String>>,
    is_small: bool,
    shuts_down: bool,
    seed: u64,
    story: Vec<String>,
}

impl Drop for Pair {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let story = self.story.join("\n  ");
            let _ =
                writeln!(std::io::stderr(), "seed {}:\n  {story}\n{:?}", self.seed, self.limits);
        }
    }
}

impl Pair {
    fn both(&mut self, what: impl Fn(&mut Side)) {
        what(&mut self.limited);
        what(&mut self.full);
    }

    /// Compares what has happened. `own` is what the limited connection is to hear instead of what
    /// the other one has heard.
    fn compare(&mut self, own: Option<Vec<String>>) {
        let Self { limited, full, .. } = self;
        for who in [|side: &Side| side.boss, |side: &Side| side.listener] {
            let (one, two) = (who(limited), who(full));
            assert_eq!(limited.heard(one), full.heard(two), "others hear of it");
        }
        assert_eq!(limited.calls(), full.calls(), "the world is changed");
        assert_eq!(limited.machine.leave(), full.machine.leave());
        let (one, two) = (limited.other, full.other);
        let heard = full.heard(two);
        let filtered = || heard.iter().filter_map(|line| self.limits.heard(line)).collect();
        let expected: Vec<String> = own.unwrap_or_else(filtered);
        match &mut self.unread {
            Some(unread) => unread.extend(expected),
            None => assert_eq!(self.limited.heard(one), expected),
        }
    }

    /// The connection sends a line.
    fn ask(&mut self, line: &str, passed: bool) {
        let (tag, command) = match Tagged::split(line.as_bytes()) {
            Some(Ok(tagged)) => {
                let tag = String::from_utf8_lossy(tagged.tag.as_bytes()).into_owned();
                (Some(tag), line.split_once('\t').map_or("", |(_, command)| command))
            }
            Some(Err(_)) | None => (None, line),
        };
        let is_command = Command::parse(command.as_bytes()).is_ok();
        let mut refusal = if is_command { self.limits.refusal(command) } else { None };
        let restricts = is_command && command.starts_with("conn.restrict\t");
        let limits = self.limits.clone();
        if restricts && refusal.is_none() {
            if command.starts_with("conn.restrict\tfull\t") {
                refusal =
                    Some(("CannotLimitFullRights", "full rights cannot be limited to services"));
            } else if !self.limits.narrow(command) {
                refusal = Some(("TooManyPatterns", "more than 16 patterns"));
            }
        }
        let (limited, full) = (self.limited.other, self.full.other);
        self.limited.send(limited, line, passed);
        if refusal.is_none() && !restricts {
            self.full.send(full, line, passed);
            // An echo may look like an event.
            let echoed = command.strip_prefix("echo\t").map(str::to_owned);
            let end = tag.map(|tag| format!("done\t{tag}"));
            let own = echoed.map(|echoed| std::iter::once(echoed).chain(end).collect());
            if own.is_some() {
                let two = self.full.other;
                assert_eq!(Some(self.full.heard(two)), own);
            }
            self.limits.asks_for_filter = command == "log.filter";
            self.compare(own);
            self.limits.asks_for_filter = false;
            return;
        }
        if passed {
            // So that the numbers of descriptors stay the same.
            let fd = self.full.machine.world().make("passed");
            self.full.machine.world().close(fd);
        }
        let own = match (tag, refusal) {
            (Some(tag), Some((name, text))) => Some(format!("done\t{tag}\t{name}\t{text}")),
            (Some(tag), None) => Some(format!("done\t{tag}")),
            (None, Some((_, text))) => {
                let shown: String = line.chars().take(30).collect();
                let more = if line.len() > 30 { "..." } else { "" };
                let shown = shown.replace('\t', " ") + more;
                Some(format!("error\t{text}, for command \"{shown}\""))
            }
            (None, None) => None,
        };
        let heard = self.full.machine.bytes(full);
        assert!(heard.is_empty(), "{limits:?}: {}", String::from_utf8_lossy(&heard));
        self.compare(Some(own.into_iter().collect()));
    }

    /// It reads again, and has missed only what it was told that it has missed.
    fn read_again(&mut self) {
        let Some(expected) = self.unread.take() else { return };
        let who = self.limited.other;
        self.limited.machine.reads(who, Output::Free);
        let mut heard = self.limited.heard(who);
        let size: usize = expected.iter().map(|line| line.len() + 1).sum();
        if heard.last().is_some_and(|line| line == "overflow") {
            heard.pop();
            assert!(size > 7 * SHORT, "there was room for {size} bytes");
            assert!(expected.starts_with(&heard), "{heard:#?}\n{expected:#?}");
        } else {
            assert_eq!(heard, expected);
        }
        // The other side has not overflowed, since it has read all the time.
        self.compare(None);
    }
}

fn play(seed: u64) {
    let mut rng = Rng::new(seed);
    let max_line = rng.choose(&[SHORT, 4096]);
    let sizes = || Sizes { max_line, ..Sizes::default() };
    let mut pair = Pair {
        limited: Side::new(sizes()),
        full: Side::new(sizes()),
        limits: Limits::none(),
        unread: None,
        is_small: max_line == SHORT,
        shuts_down: false,
        seed,
        story: Vec::new(),
    };
    let before = rng.below(8);
    for _ in 0..before {
        step(&mut pair, &mut rng);
        if pair.limited.machine.leave().is_some() || !is_there(&pair) {
            return;
        }
    }
    pair.read_again();
    let line = restriction(&mut rng);
    pair.story.push(format!("gives its rights away: {line}"));
    pair.ask(&line, false);
    for _ in 0..STEPS {
        if pair.limited.machine.leave().is_some() || !is_there(&pair) {
            return;
        }
        step(&mut pair, &mut rng);
    }
    pair.read_again();
    if is_there(&pair) && pair.limited.machine.leave().is_none() {
        for who in [|side: &Side| side.boss, |side: &Side| side.other] {
            pair.both(|side| side.send(who(side), "statedump", false));
            pair.compare(None);
        }
    }
}

fn is_there(pair: &Pair) -> bool {
    pair.limited.machine.is_connected(pair.limited.other)
}

fn step(pair: &mut Pair, rng: &mut Rng) {
    let draw = rng.below(20);
    match draw {
        0..=6 => {
            let line = match rng.one_in(30) {
                true => "socket.create name=s,rights=watch /s\nsocket.delete s".to_owned(),
                false => command(rng),
            };
            let passed = line.starts_with("fd.take") && rng.one_in(2);
            pair.story.push(format!("boss: {line}"));
            if line.starts_with("terminate") {
                // It waits for those who do not read.
                pair.read_again();
                pair.shuts_down = true;
            }
            pair.both(|side| side.send(side.boss, &line, passed));
        }
        7..=12 if pair.unread.is_none() => {
            let line = request(rng);
            let passed = rng.one_in(6);
            pair.shuts_down |= line.contains("terminate.shutdown");
            pair.story.push(format!("other: {line} {passed}"));
            return pair.ask(&line, passed);
        }
        13 | 14 => {
            let end = rng.choose(&[Ended::Exit(0), Ended::Exit(3), Ended::Signal(Signal::KILL)]);
            let program = match rng.one_in(5) {
                true => "logger".to_owned(),
                false => format!("p-{}", rng.pick(&NAMES)),
            };
            pair.story.push(format!("{end:?} of {program}"));
            pair.both(|side| {
                if let Some(pid) = side.machine.world().find_pid(&program) {
                    side.machine.end_pid(pid, end);
                }
            });
        }
        15 => {
            let seconds = 1 + rng.below(6) as u32;
            if pair.unread.is_some() {
                return;
            }
            pair.story.push(format!("{seconds} seconds"));
            pair.both(|side| side.machine.advance(seconds));
        }
        16 => {
            let signal = rng.choose(&[Signal::HUP, Signal::USR1]);
            pair.story.push(format!("{signal}"));
            pair.both(|side| side.machine.signal(signal));
        }
        17 => {
            let op = rng.choose(&[Op::Fork, Op::Exec, Op::Kill, Op::Pipe, Op::Open, Op::Link]);
            pair.story.push(format!("{op:?} fails"));
            pair.both(|side| side.machine.world().fail(op, 11, 1));
        }
        18 if pair.unread.is_none() && pair.is_small && !pair.shuts_down && is_there(pair) => {
            pair.story.push("stops reading".to_owned());
            let who = pair.limited.other;
            pair.limited.machine.reads(who, Output::BLOCKED);
            pair.unread = Some(Vec::new());
        }
        19 => {
            pair.story.push("reads again".to_owned());
            return pair.read_again();
        }
        _ => return,
    }
    pair.compare(None);
}

/// What somebody with full rights asks for.
fn command(rng: &mut Rng) -> String {
    let name = rng.pick(&NAMES);
    let (fd, other) = (rng.pick(&FDS), rng.pick(&FDS));
    match rng.below(30) {
        24 => format!("service.options {name} {}", rng.pick(&OPTIONS)),
        25 => {
            format!("service.options.apply {name} {}", rng.pick(&["-nice", "nice=9", "stop=INT"]))
        }
        26 => format!("service.env {name} {}", rng.pick(&["A=1 B=2", "! PATH=/bin", "!A"])),
        27 => format!("service.env.apply {name} {}", rng.pick(&["A=3", "-A", "!B"])),
        28 => rng.pick(&["env A=1", "env", "env.apply B=2", "env.apply -A"]).to_owned(),
        29 => match rng.below(4) {
            1 => "socket.delete s".to_owned(),
            2 => "log.dest fd x".to_owned(),
            3 => "signal.default HUP event".to_owned(),
            _ => "terminate.exec_args p".to_owned(),
        },
        0..=4 => format!("service.args {name} p-{name} x=1"),
        5 | 6 => format!("service.fds {name} - {fd} {other} null"),
        7 => format!("service.fds {name}"),
        8 => format!("service.tags {name} {}", rng.pick(&["k=v", "service.state"])),
        9 => {
            format!("service.auto_up {name} {} {}", 1 + rng.below(5), rng.pick(&TRIGGERS))
        }
        10 | 11 => format!("service.start {name}"),
        12 => format!("service.stop {name} {}", rng.below(4)),
        13 => format!("service.restart {name}"),
        14 => format!("service.release {name}"),
        15 => format!("service.signal {name} TERM"),
        16 => format!("service.delete {name}"),
        17 => format!("service.pipe {name} 1,2 logger"),
        18 => format!("fd.pipe {fd} {other}"),
        19 => format!("fd.open {fd} read /f"),
        20 => format!("fd.{} {fd}", rng.pick(&["delete", "give"])),
        21 => format!("fd.take {fd}"),
        22 => rng
            .pick(&["log.filter debug", "signal.clear HUP 1", "statedump", "chdir /x"])
            .to_owned(),
        _ if rng.one_in(6) => "terminate.shutdown 2 2 2".to_owned(),
        _ => format!("service.tags.apply {name} t={}", rng.below(3)),
    }
}

/// What the other one asks for: everything there is, and what it hopes to get away with.
fn request(rng: &mut Rng) -> String {
    let name = rng.pick(&NAMES);
    let line = match rng.below(14) {
        0 => restriction(rng),
        1 => "statedump".to_owned(),
        2 => rng
            .pick(&[
                "conn.features observer",
                "conn.timer t 2",
                "conn.features runs",
                "conn.features settings",
                "conn.features runs settings",
                "log.filter",
            ])
            .to_owned(),
        3 => format!("echo {}", rng.pick(&["e", "service.state db up 1 2 - - 3 -", "error x"])),
        4..=6 => format!("service.start {name}{}", rng.pick(&["", "", " -", " 1", " x"])),
        // Not `conn.list`, which tells each of them of itself: transcripts show that.
        7 => rng.pick(&["env", "terminate.exec_args", "socket.delete", "nonsense"]).to_owned(),
        8 => format!("service.{} {name}", rng.pick(&["stop", "restart", "release", "reload"])),
        9 => format!("service.signal {name} {}", rng.pick(&["TERM", "HUP group", "NO"])),
        10 if rng.one_in(12) => "exit".to_owned(),
        _ => command(rng),
    };
    let line = line.replace(' ', "\t");
    if rng.one_in(3) { format!("@t{}\t{line}", rng.below(9)) } else { line }
}

fn restriction(rng: &mut Rng) -> String {
    let rights = rng.pick(&["watch", "operate", "operate", "full"]);
    let count = rng.choose(&[0, 1, 1, 2, 3, 9]);
    let patterns: String = (0..count).map(|_| format!("\t{}", rng.pick(&PATTERNS))).collect();
    format!("conn.restrict\t{rights}{patterns}")
}

#[test]
fn a_limited_connection_hears_what_is_left_and_changes_nothing_else() {
    let count = std::env::var("HISTORIES").ok().and_then(|count| count.parse().ok());
    for seed in 0..count.unwrap_or(HISTORIES) {
        play(seed);
    }
}
