//! Random files, applied one after the other to a daemon in a world that is not there.
//!
//! - After file A and then file B, the daemon is as if B had been applied to one that is fresh.
//! - What A and B have in common keeps its processes.
//! - Applying twice is as applying once; and what `plan` shows is nothing then.
//! - What is exported then changes nothing when it is applied.
//! - Whoever applies may be killed after any step: applying again finishes the work.
//! - Services may end, and be started, between any two steps: whatever runs in the end was started
//!   with what the file says.
//!
//! `SEED=N` runs that one seed, `SEEDS=N` so many instead of 300, `FROM=N` from that one on.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "and says why")]

use std::collections::BTreeMap;
use std::io;

use daemonproxy_compile::{
    Content, Plan, Reader, Step, Wishes, compile, difference, export, is_ready_or_done, was_started,
};
use daemonproxy_core::{ControllerKind, Ended, Fd, Limits, Monotonic, Pid, Proxy};
use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{Event, LogFilter, ServiceView, StateView, key};
use daemonproxy_testing::Rng;
use daemonproxy_testing::world::{self, World};

/// A state machine in a world, and one connection to it.
struct Daemon {
    proxy: Proxy<World>,
    now: Monotonic,
    fd: Fd,
    taken: usize,
    view: StateView,
    /// The process of each service, and what it was started with.
    started: BTreeMap<Vec<u8>, (i32, Vec<u8>)>,
    /// How many commands were sent.
    sent: usize,
    refused: Option<String>,
}

impl Daemon {
    fn new() -> Self {
        let now = Monotonic::from_seconds(200_000);
        let mut proxy = Proxy::new(World::lively(now), Limits::default(), None, LogFilter::Fatal);
        world::name_standard(&mut proxy, b"unknown");
        let fd = proxy.sys().make_connection("connection");
        proxy.connected(ControllerKind::Socket, Some(fd), Some(fd), now);
        let (view, taken, sent) = (StateView::new(), 0, 0);
        let started = BTreeMap::new();
        let mut daemon = Self { proxy, now, fd, taken, view, started, sent, refused: None };
        daemon.line(b"conn.features\truns\tsettings\tobserver");
        daemon.line(b"statedump");
        daemon
    }

    fn pump(&mut self) {
        for _ in 0..10_000 {
            let more = self.proxy.run(self.now);
            let now = self.now;
            let any = world::turn(&mut self.proxy, now, usize::MAX, |proxy| {
                let ended = proxy.sys().take_sigchld();
                if ended.is_some() {
                    proxy.children_ended(ended, now);
                }
                ended.is_some()
            });
            let due = self.proxy.deadline().is_some_and(|at| at <= self.now);
            if !any && !more && !due {
                self.listen();
                return;
            }
        }
        panic!("the state machine runs in circles");
    }

    fn listen(&mut self) {
        let written = &self.proxy.sys().file(self.fd).written;
        let new = written[self.taken..].to_vec();
        self.taken = written.len();
        for line in new.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let event = Event::parse(line).unwrap();
            self.view.apply(&event);
            if let Event::ServiceState { name, .. } = &event {
                self.note_start(name.as_bytes());
            }
            if let Event::Done { error: Some(_), text, .. } = event {
                let text = text.map(String::from_utf8_lossy);
                self.refused = Some(text.unwrap_or_default().into_owned());
            }
        }
    }

    fn note_start(&mut self, name: &[u8]) {
        let Some(it) = self.view.service(name) else { return };
        if let Some(pid) = it.pid()
            && self.started.get(name).is_none_or(|(known, _)| *known != pid)
        {
            self.started.insert(name.to_vec(), (pid, settings(it)));
        }
    }

    /// Whatever runs was started with what is set now.
    #[track_caller]
    fn runs_what_is_set(&self, seed: u64) {
        for (name, it) in self.view.services().filter(|(_, it)| it.pid().is_some()) {
            let (now, then) = (settings(it), self.started.get(name).map(|(_, set)| set.clone()));
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\t', " ");
            assert!(
                then.as_ref() == Some(&now),
                "seed {seed}: {} was started with\n{}\nand has\n{}",
                text(name),
                text(&then.unwrap_or_default()),
                text(&now)
            );
        }
    }

    /// Something ends, or time goes by.
    fn under_fire(&mut self, rng: &mut Rng) {
        if rng.one_in(2) {
            self.seconds(rng.below(3) as u32);
        }
        let running: Vec<(i32, bool)> = self
            .view
            .services()
            .filter_map(|(_, it)| Some((it.pid()?, it.args().iter().any(|arg| arg == b"job"))))
            .collect();
        if !running.is_empty() && rng.one_in(2) {
            let (pid, is_job) = rng.choose(&running);
            self.proxy.sys().end(Pid(pid), Ended::Exit(u8::from(!is_job).into()));
            self.pump();
        }
    }

    /// Sends a command that must not be refused.
    #[track_caller]
    fn line(&mut self, line: &[u8]) {
        let bytes = [b"@t\t", line, b"\n"].concat();
        self.proxy.sys().file(self.fd).sends(bytes, Vec::new());
        self.sent += 1;
        self.pump();
        let shown = String::from_utf8_lossy(line);
        assert_eq!(self.refused, None, "{shown}");
    }

    fn seconds(&mut self, seconds: u32) {
        let end = self.now.plus_seconds(seconds);
        loop {
            let due = self.proxy.deadline().filter(|&at| at <= end);
            self.now = due.unwrap_or(end).max(self.now);
            self.proxy.sys().now = self.now;
            self.pump();
            if due.is_none() {
                return;
            }
        }
    }

    /// Whether a service is up, or will be.
    fn comes_back(&mut self, name: &str) -> bool {
        self.seconds(5);
        self.view
            .service(name.as_bytes())
            .is_some_and(|it| is_ready_or_done(it) || it.pid().is_some())
    }

    /// Until this holds.
    #[track_caller]
    fn wait(&mut self, what: &str, holds: impl Fn(&StateView) -> bool) {
        for _ in 0..60 {
            if holds(&self.view) {
                return;
            }
            self.seconds(1);
        }
        let shown = |it: &ServiceView| format!("{:?} {:?}", it.state(), it.run());
        let it = self.view.service(what.as_bytes()).map(shown);
        panic!("it does not come to this: {what}: {it:?}");
    }

    /// The services that run to their end do so, until nothing changes any more.
    fn settle(&mut self, plan: &Plan) {
        for _ in 0..20 {
            self.seconds(5);
            let ends = |name: &str| {
                plan.service(name).is_some_and(|it| it.args.iter().any(|arg| arg == "job"))
            };
            let pids: Vec<i32> = self
                .view
                .services()
                .filter(|(name, _)| ends(std::str::from_utf8(name).unwrap()))
                .filter_map(|(_, it)| it.pid())
                .collect();
            for pid in pids {
                self.proxy.sys().end(Pid(pid), Ended::Exit(0));
            }
            self.pump();
        }
    }

    fn pids(&self) -> BTreeMap<String, i32> {
        let pid = |(name, it): (&[u8], &ServiceView)| {
            Some((String::from_utf8_lossy(name).into_owned(), it.pid()?))
        };
        self.view.services().filter_map(pid).collect()
    }

    /// Everything that a file says something about, as text.
    fn picture(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let text = |bytes: &[u8]| {
            let mut fields: Vec<_> =
                bytes.split(|&byte| byte == b'\t').map(String::from_utf8_lossy).collect();
            fields.sort();
            fields.join(" ")
        };
        for (name, it) in self.view.services() {
            let name = String::from_utf8_lossy(name);
            lines.push(format!("{name} args {}", String::from_utf8_lossy(it.args().as_bytes())));
            lines.push(format!("{name} fds {}", String::from_utf8_lossy(it.fds().as_bytes())));
            for (what, list) in [("tags", it.tags()), ("options", it.options()), ("env", it.env())]
            {
                lines.push(format!("{name} {what} {}", text(list.as_bytes())));
            }
            let triggers: Vec<_> =
                it.triggers().iter().map(|it| String::from_utf8_lossy(&it).into_owned()).collect();
            let interval = it.interval().filter(|_| !triggers.is_empty());
            lines.push(format!("{name} triggers {interval:?} {}", triggers.join(" ")));
            // What nobody starts goes on if it was started.
            let starts =
                triggers.iter().any(|it| !it.starts_with("failure") && !it.starts_with("success"));
            if !starts {
                continue;
            }
            lines.push(format!("{name} runs {}", it.pid().is_some()));
        }
        for (name, fd) in self.view.fds() {
            lines.push(format!("fd {} {:?}", String::from_utf8_lossy(name), fd.state()));
        }
        lines
    }

    /// Applies a plan, or the first steps of it. Returns whether there was something to do, and
    /// there is nothing left.
    #[track_caller]
    fn apply(&mut self, plan: &Plan, steps: usize) -> bool {
        self.apply_under_fire(plan, steps, None)
    }

    #[track_caller]
    fn apply_under_fire(&mut self, plan: &Plan, steps: usize, mut fire: Option<&mut Rng>) -> bool {
        let wanted = difference(plan, &self.view, Wishes::default(), 4096).unwrap();
        assert_eq!(wanted.changes.is_empty(), wanted.steps.is_empty(), "{wanted:?}");
        for step in wanted.steps.iter().take(steps) {
            if let Some(rng) = fire.as_mut() {
                self.under_fire(rng);
            }
            match step {
                // It was started, ended, and is not to be started again: dpctl says so, and leaves.
                Step::Ready(name) if fire.is_some() && !self.comes_back(name) => return false,
                step => self.carry_out(step),
            }
        }
        !wanted.steps.is_empty()
    }

    #[track_caller]
    fn carry_out(&mut self, step: &Step) {
        match step {
            Step::Send { line, .. } => self.line(line),
            Step::SendIfStarted { name, line, since } => {
                if self.view.service(name.as_bytes()).is_some_and(|it| was_started(it, *since)) {
                    self.line(line);
                }
            }
            Step::Ended(name) => self.wait(name, |view| {
                view.service(name.as_bytes()).is_none_or(|it| it.pid().is_none())
            }),
            Step::Delete(name) => self.line(&[b"service.delete\t", name.as_bytes()].concat()),
            Step::Ready(name) => {
                self.wait(name, |view| view.service(name.as_bytes()).is_some_and(is_ready_or_done));
            }
        }
    }
}

/// What a process gets at its start.
fn settings(it: &ServiceView) -> Vec<u8> {
    let is_at_once = |option: &[u8]| {
        OPTIONS.iter().any(|info| info.at_once && info.name.as_bytes() == key(option))
    };
    let options = it.options().iter().filter(|option| !is_at_once(option));
    let lists = [it.args(), it.fds(), it.env()].map(|list| list.as_bytes().to_vec());
    lists.into_iter().chain(options.map(<[u8]>::to_vec)).collect::<Vec<_>>().join(&b'\n')
}

struct Text(String);

impl Reader for Text {
    fn read(&mut self, path: &str) -> io::Result<Content> {
        let bytes = if path == "x.env" { b"SECRET=1\n".to_vec() } else { self.0.clone().into() };
        Ok(Content { bytes, ..Content::default() })
    }

    fn matching(&mut self, _: &str) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[track_caller]
fn plan(text: &str) -> Plan {
    let compiled = compile("x.toml", &mut Text(text.to_owned()));
    let shown: Vec<_> =
        compiled.problems.iter().map(|it| it.render(&compiled.files, false)).collect();
    compiled.plan.unwrap_or_else(|| panic!("{text}\n{}", shown.join("\n")))
}

/// A file of some services that may say anything.
fn file(rng: &mut Rng) -> String {
    let mut text = "[daemon]\nname = \"o\"\nlogs = \"/l\"\n".to_owned();
    if rng.one_in(4) {
        text += "shared_log = { keep = 3, time = \"unix\" }\n";
    }
    let names = ["a", "b", "c", "d", "e"];
    let mut before: Vec<(&str, &str)> = Vec::new();
    for name in names {
        if rng.one_in(3) && name != "a" {
            continue;
        }
        let restart = rng.choose(&["always", "on-failure", "never"]);
        let does = if restart == "never" { "job" } else { "obeys" };
        text += &format!(
            "[service.{name}]\nrun = \"prog {does} {}\"\nrestart = \"{restart}\"\n",
            rng.below(3)
        );
        let mut after = Vec::new();
        for (other, restart) in &before {
            if rng.one_in(4) {
                after.push(match *restart {
                    "never" => format!("\"done:{other}\""),
                    _ => format!("\"up:{other}\""),
                });
            }
        }
        text += &format!("after = [{}]\n", after.join(", "));
        let any = [
            "log = true",
            "log = \"shared\"",
            "log = { size = \"1M\", keep = 3, age = \"1d\" }",
            "log = { sync = true, then = [\"gzip\", \"-9\"] }",
            "log = { run = \"svlogd -tt /x\" }",
            "log = { sh = \"cd /x\\nexec ./run\" }",
            "umask = \"027\"",
            "cwd = \"/a\"",
            "nice = 3",
            "tags = [\"x\"]",
            "tags = [\"x=1\", \"y\"]",
            "stop = { after = 5 }",
            "stop = \"INT\"",
            "env = { A = 1 }",
            "env = { A = 2, B = \"x\\ny\" }",
            "env_file = \"x.env\"",
            "listen = { http = \"tcp:*:80\" }",
            "listen = { http = \"tcp:*:80\", ctl = \"unix:/c\" }",
            "stdout = { file = \"/f\" }",
            "autostart = false",
            "limits = { nofile = 10 }",
            "enabled = false",
            "instances = 1",
            "instances = 3",
            "rolling = true",
            "health = { tcp = \"127.0.0.1:80\" }",
            "health = { http = \"http://localhost/{n}\", every = \"1m\", within = 3, failures = 2 }",
            "health = { run = \"check\" }",
            "health = { sh = \"check\\nit\" }",
            "lease = \"l\"",
            "lease = \"l\"\ndeadman = 3",
            "schedule = { cron = \"30 3 * * *\" }",
            "schedule = { cron = \"* * * * *\", tz = \"Europe/Berlin\", catch_up = true }",
        ];
        let mut keys: BTreeMap<&str, &str> = BTreeMap::new();
        for _ in 0..rng.below(5) {
            let line = rng.pick(&any);
            if restart == "always" && line.starts_with("schedule") {
                continue;
            }
            // Only its agent starts what has a lease.
            if line.starts_with("lease") && (restart != "always" || !after.is_empty()) {
                continue;
            }
            keys.insert(line.split(' ').next().unwrap(), line);
        }
        if keys.contains_key("lease") {
            keys.retain(|key, _| !["autostart", "health", "schedule"].contains(key));
        }
        let used = keys.contains_key("enabled")
            || keys.contains_key("autostart")
            || keys.contains_key("lease")
            || keys.contains_key("schedule");
        for line in keys.values() {
            text += line;
            text.push('\n');
        }
        // What nobody starts is never ready, and nobody can wait for what is not there.
        if !used {
            before.push((name, restart));
        }
    }
    if text.matches("[service").count() == text.matches("enabled = false").count() {
        text += "[service.z]\nrun = \"z\"\n";
    }
    text
}

/// Without what differs from one daemon to the next.
#[track_caller]
fn same(seed: u64, a: &str, b: &str, is: &Daemon, fresh: &Daemon) {
    let (is, fresh) = (is.picture(), fresh.picture());
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>().join("\n")
    };
    assert!(
        is == fresh,
        "seed {seed}: A\n{a}\nB\n{b}\nonly after A and B:\n{}\nonly when fresh:\n{}",
        only(&is, &fresh),
        only(&fresh, &is)
    );
}

fn history(seed: u64) {
    let mut rng = Rng::new(seed);
    let (a, b) = (file(&mut rng), file(&mut rng));
    let (plan_a, plan_b) = (plan(&a), plan(&b));
    let mut fresh = Daemon::new();
    fresh.apply(&plan_b, usize::MAX);
    fresh.settle(&plan_b);

    let mut daemon = Daemon::new();
    assert!(daemon.apply(&plan_a, usize::MAX));
    daemon.settle(&plan_a);
    assert!(!daemon.apply(&plan_a, usize::MAX), "seed {seed}: twice is not once\n{a}");
    let before = daemon.pids();
    if rng.one_in(2) {
        daemon.apply(&plan_b, rng.below(30));
        if rng.one_in(2) {
            daemon.settle(&plan_b);
        }
        daemon.apply(&plan_b, rng.below(30));
    }
    daemon.apply(&plan_b, usize::MAX);
    daemon.settle(&plan_b);
    let sent = daemon.sent;
    assert!(!daemon.apply(&plan_b, usize::MAX), "seed {seed}: twice is not once\n{a}\n{b}");
    assert_eq!(daemon.sent, sent);
    same(seed, &a, &b, &daemon, &fresh);
    daemon.runs_what_is_set(seed);

    let text = export(&daemon.view, Some("o"), true);
    let again = plan(&text);
    let left = difference(&again, &daemon.view, Wishes::default(), 4096).unwrap();
    assert!(left.steps.is_empty(), "seed {seed}: {:?}\n{b}\nexported:\n{text}", left.changes);

    let after = daemon.pids();
    for service in &plan_b.services {
        let was = plan_a.service(&service.name);
        let made = |plan: &Plan| {
            let of = |it: &&daemonproxy_compile::Descriptor| service.fds.contains(&it.name);
            let mut made: Vec<_> = plan.descriptors.iter().filter(of).cloned().collect();
            made.sort_by(|a, b| a.name.cmp(&b.name));
            made
        };
        let (old, new) = (before.get(&service.name), after.get(&service.name));
        if let (Some(was), Some(old), Some(new)) = (was, old, new) {
            let is_same =
                was.args == service.args && was.fds == service.fds && was.env == service.env;
            assert!(
                is_same || old != new,
                "seed {seed}: {} is what it was\n{a}\n{b}",
                service.name
            );
        }
        if was == Some(service) && made(&plan_a) == made(&plan_b) {
            let name = &service.name;
            assert_eq!(
                before.get(name),
                after.get(name),
                "seed {seed}: {name} was touched\n{a}\n{b}"
            );
        }
    }
    assert_eq!(daemon.proxy.sys().fault, None, "seed {seed}");
}

/// The same while services end and time goes by, and the first file may not have been applied as a
/// whole. What is touched then is no longer to be seen.
fn history_under_fire(seed: u64) {
    let mut rng = Rng::new(seed);
    let (a, b) = (file(&mut rng), file(&mut rng));
    let (plan_a, plan_b) = (plan(&a), plan(&b));
    let mut fresh = Daemon::new();
    fresh.apply(&plan_b, usize::MAX);
    fresh.settle(&plan_b);

    let mut daemon = Daemon::new();
    let steps = if rng.one_in(2) { usize::MAX } else { rng.below(60) };
    daemon.apply_under_fire(&plan_a, steps, Some(&mut rng));
    if rng.one_in(2) {
        daemon.settle(&plan_a);
    }
    if rng.one_in(2) {
        let steps = rng.below(30);
        daemon.apply_under_fire(&plan_b, steps, Some(&mut rng));
    }
    if !daemon.apply_under_fire(&plan_b, usize::MAX, Some(&mut rng)) {
        daemon.apply(&plan_b, usize::MAX);
    }
    daemon.settle(&plan_b);
    assert!(!daemon.apply(&plan_b, usize::MAX), "seed {seed}: twice is not once\n{a}\n{b}");
    same(seed, &a, &b, &daemon, &fresh);
    daemon.runs_what_is_set(seed);
    assert_eq!(daemon.proxy.sys().fault, None, "seed {seed}");
}

const CHECKED: &str = "[service.a]\nrun = \"prog obeys\"\nhealth = { tcp = \"h:1\" }\n\
                       [service.b]\nrun = \"prog job\"\nschedule = { cron = \"0 0 * * *\" }\n";

fn tags(daemon: &Daemon, name: &str) -> String {
    let tags = daemon.view.service(name.as_bytes()).unwrap().tags();
    String::from_utf8_lossy(tags.as_bytes()).replace('\t', " ")
}

/// What the checker and the scheduler have noted in tags is theirs.
#[test]
fn notes_in_tags_are_no_difference_and_are_kept() {
    let mut daemon = Daemon::new();
    daemon.apply(&plan(CHECKED), usize::MAX);
    daemon.settle(&plan(CHECKED));
    daemon.line(b"service.tags.apply\ta\thealth.failed=2");
    daemon.line(b"service.tags.apply\tb\tschedule.due=99\tschedule.skipped=1");
    assert!(!daemon.apply(&plan(CHECKED), usize::MAX));
    let text = export(&daemon.view, Some("main"), true);
    assert!(!text.contains("failed") && !text.contains("99"), "{text}");
    assert!(!daemon.apply(&plan(&text), usize::MAX), "{text}");

    let tagged = CHECKED.replace("run", "tags = [\"x\"]\nnice = 3\nrun");
    daemon.apply(&plan(&tagged), usize::MAX);
    assert_eq!(tags(&daemon, "a"), "owner=main health=tcp:h:1 health.failed=2 x");
    let b = "owner=main schedule=0 0 * * * schedule.due=99 schedule.skipped=1 x";
    assert_eq!(tags(&daemon, "b"), b);
    // They go with what they are about.
    daemon.apply(&plan("[service.a]\nrun = \"prog obeys\"\n"), usize::MAX);
    assert_eq!(tags(&daemon, "a"), "owner=main");
}

/// Also what is noted after the look and before the work, or in the middle of it.
#[test]
fn a_note_that_comes_meanwhile_is_not_lost() {
    let tagged = plan(&CHECKED.replace("run", "tags = [\"x\"]\nnice = 3\nrun"));
    let mut moment = 0;
    loop {
        let mut daemon = Daemon::new();
        daemon.apply(&plan(CHECKED), usize::MAX);
        daemon.settle(&plan(CHECKED));
        let wanted = difference(&tagged, &daemon.view, Wishes::default(), 4096).unwrap();
        if moment > wanted.steps.len() {
            break;
        }
        wanted.steps[..moment].iter().for_each(|step| daemon.carry_out(step));
        daemon.line(b"service.tags.apply\ta\thealth.failed=2");
        daemon.line(b"service.tags.apply\tb\tschedule.due=99");
        wanted.steps[moment..].iter().for_each(|step| daemon.carry_out(step));
        assert!(tags(&daemon, "a").contains("health.failed=2"), "at step {moment}");
        assert!(tags(&daemon, "b").contains("schedule.due=99"), "at step {moment}");
        assert!(!daemon.apply(&tagged, usize::MAX));
        moment += 1;
    }
    assert!(moment > 4);
}

/// What was run once is made anew, and so are its tags.
#[test]
fn notes_in_tags_are_kept_when_a_service_is_made_anew() {
    let text = format!("{CHECKED}autostart = true\n");
    let mut daemon = Daemon::new();
    daemon.apply(&plan(&text), usize::MAX);
    daemon.settle(&plan(&text));
    daemon.line(b"service.tags.apply\tb\tschedule.due=99");
    daemon.apply(&plan(&text.replace("prog job", "prog job 2")), usize::MAX);
    assert_eq!(tags(&daemon, "b"), "owner=main schedule=0 0 * * * schedule.due=99");
}

/// One checker is enough for all services of a daemon.
#[test]
fn the_checker_of_another_file_will_do() {
    let mut daemon = Daemon::new();
    daemon.apply(&plan(CHECKED), usize::MAX);
    let other =
        plan(&format!("[daemon]\nname = \"o\"\n{}", CHECKED.replace("service.", "service.o")));
    daemon.apply(&other, usize::MAX);
    assert!(!daemon.apply(&other, usize::MAX));
    assert!(!daemon.apply(&plan(CHECKED), usize::MAX));
    assert_eq!(tags(&daemon, "health"), "owner=main added");
}

#[test]
fn after_one_file_and_another_it_is_as_after_the_other() {
    seeds(history);
}

#[test]
fn under_fire_it_is_as_after_the_other_as_well() {
    seeds(history_under_fire);
}

fn seeds(history: impl Fn(u64)) {
    let number = |name: &str| std::env::var(name).ok().map(|it| it.parse::<u64>().unwrap());
    if let Some(seed) = number("SEED") {
        return history(seed);
    }
    let from = number("FROM").unwrap_or(0);
    for seed in from..from + number("SEEDS").unwrap_or(300) {
        let told = Told(seed);
        history(seed);
        drop(told);
    }
}

/// Says which seed it is, whatever the failure says.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("SEED={}", self.0);
        }
    }
}
