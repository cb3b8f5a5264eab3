//! There is no memory: whatever is asked for then is refused, and nothing else happens.
//!
//! One session contains every command. It is played repeatedly, and each time another allocation of
//! the state machine fails: only that one, or that one and all after it. An allocation that must
//! not fail ends the process, and so this test. Whoever is refused finds everything as it was, and
//! a controller that follows the news knows in the end what a state dump says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::disallowed_methods, reason = "a test may end when there is no memory")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use daemonproxy_core::{ControllerId, ControllerKind, Ended, Fd, Limits, Monotonic, Proxy};
use daemonproxy_protocol::tables::COMMANDS;
use daemonproxy_protocol::{Event, LogFilter, Signal, StateView};
use daemonproxy_testing::world::{self, Output, World};

thread_local! {
    /// Allocations until one fails; `None`: the state machine is not at work.
    static LEFT: Cell<Option<u32>> = const { Cell::new(None) };
    /// Whether all fail after that one.
    static FOR_EVER: Cell<bool> = const { Cell::new(false) };
    static FAILED: Cell<u32> = const { Cell::new(0) };
}

struct Failing;

impl Failing {
    fn fails() -> bool {
        let Some(left) = LEFT.get() else { return false };
        let fails = left == 0;
        if fails {
            FAILED.set(FAILED.get() + 1);
        }
        if !fails || !FOR_EVER.get() {
            LEFT.set(Some(left.wrapping_sub(1)));
        }
        fails
    }
}

#[global_allocator]
static ALLOCATOR: Failing = Failing;

// SAFETY: what does not fail is handed to the standard allocator with the caller's own arguments.
unsafe impl GlobalAlloc for Failing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if Self::fails() {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { std::alloc::System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { std::alloc::System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if Self::fails() {
            return std::ptr::null_mut();
        }
        // SAFETY: as above.
        unsafe { std::alloc::System.realloc(memory, layout, size) }
    }
}

/// What the world needs is its own, and never fails: its work is not counted.
fn watch(is_at_work: bool) {
    thread_local! {
        static BEFORE: Cell<Option<u32>> = const { Cell::new(None) };
    }
    if is_at_work {
        BEFORE.set(LEFT.take());
    } else {
        LEFT.set(BEFORE.take());
    }
}

const NOW: Monotonic = Monotonic::from_seconds(1000);

enum Step {
    /// A command. A blank is a TAB here, and `*` as many letters as are long.
    Say(&'static str),
    /// Somebody connects who does not read what he is told.
    Connect,
    /// The next command has a descriptor with it.
    Pass,
    /// The process that was started last ends.
    End,
    /// It says this of itself, with a descriptor.
    Tell(&'static str),
    Signal(Signal),
}
use Step::{Connect, End, Pass, Say, Tell};

/// Everything that can be asked for.
const SESSION: &[Step] = &[
    Say("echo here"),
    Say("conn.features observer runs settings"),
    Say("conn.event_timeout 20 30"),
    Say("conn.timer soon 0.5"),
    Say("conn.timer later 20"),
    Say("conn.timer later -"),
    Say("conn.list"),
    Say("conn.restrict full"),
    Connect,
    Say("service.args a /bin/a one two"),
    Say("service.fds a null stderr *"),
    Say("service.tags a x=1 y=2"),
    Say("service.tags.apply a z=* -x"),
    Say("service.args a /bin/a * * *"),
    Say("service.args a /bin/a"),
    Say("env A=* B=1"),
    Say("env.apply C=* -B"),
    Say("service.env a A=* B=1"),
    Say("service.env.apply a C=* D=* -B"),
    Say("service.env a"),
    Say("service.options a cwd=/* umask=022"),
    Say("service.options r ready=fd:3 ready_within=5"),
    Say("service.args r /bin/r"),
    Say("service.start r"),
    End,
    Say("service.options r ready=control"),
    Say("service.start r"),
    Say("service.ready r"),
    End,
    Say("service.options r ready=notify watchdog=5 deadman=7"),
    Say("service.start r"),
    Say("service.deadman r"),
    End,
    Say("service.options r fdstore=3"),
    Say("service.start r"),
    Tell("FDSTORE=1\nFDNAME=x"),
    Tell("FDSTORE=1\nFDNAME=y"),
    Tell("FDSTOREREMOVE=1\nFDNAME=y"),
    End,
    Say("service.start r"),
    End,
    Say("service.delete r"),
    Say("service.options.apply a cwd=* -umask nice=5"),
    Say("service.auto_up a 5 USR1"),
    Say("service.auto_up b 5 always"),
    Say("service.auto_up w 5 up:a,done:c1 once ready:b"),
    Say("service.auto_up w 5 down:x fd:p"),
    Say("service.auto_up w 5"),
    Say("service.args b /bin/b"),
    Say("service.fds b control.socket"),
    End,
    Say("service.pipe a 1,2 /bin/log *"),
    Say("service.pipe new 1,2 /bin/log"),
    Say("service.pipe a 0 /bin/log"),
    Say("service.args c1 x"),
    Say("service.args c2 x"),
    Say("service.tags c3 x"),
    Say("service.fds c4 x"),
    Say("service.auto_up c5 - HUP"),
    Say("service.tags.apply c6 x"),
    Say("service.env c11 A=7"),
    Say("service.options c11 umask=7"),
    Say("service.options.apply c12 umask=7"),
    Say("service.options c13 backoff=60 giveup=2/60 on_giveup=c1"),
    Say("service.options.apply c13 -backoff -giveup"),
    Say("service.args c7 x"),
    Say("service.args c8 x"),
    Say("service.args c9 x"),
    Say("service.args c10 x"),
    Say("service.start c1"),
    Say("service.start c2 2000"),
    Say("service.signal c1 HUP"),
    Say("service.start c7"),
    Say("service.start c8 1"),
    End,
    Say("service.stop c8"),
    Say("service.release c8"),
    Say("service.reload c7"),
    Say("service.restart c7 5"),
    End,
    Step::Signal(Signal::USR1),
    Say("signal.clear USR1 1"),
    Say("signal.default USR2 event"),
    Say("fd.pipe p q"),
    Say("fd.pipe p r unix,stream"),
    Say("fd.open f write,create /a/path/*"),
    Say("fd.socket s unix,listen /a/socket"),
    Say("fd.socket s inet 127.0.0.1:80"),
    Pass,
    Say("fd.take t"),
    Say("fd.pipe m1 m2"),
    Say("fd.pipe m3 m4"),
    Say("fd.open f read short"),
    Say("fd.give f"),
    Say("fd.delete f"),
    Say("fd.delete p"),
    Say("fd.delete nothing"),
    Say("socket.create - /a/socket"),
    Say("socket.delete"),
    Say("socket.create name=ops,mode=0600,rights=watch,services=a:b,most=2 /b"),
    Say("socket.delete ops"),
    Say("log.filter none"),
    Say("log.dest fd m4"),
    Say("log.dest fd nothing"),
    Say("chdir /"),
    Say("upgrade /nowhere"),
    Say("statedump"),
    Say("@t statedump"),
    Say("@t echo * * *"),
    Say("@t service.start nothing"),
    Say("@t * * * *"),
    Say("@t"),
    Say("echo * * * *"),
    Say("nonsense * * * *"),
    Say("* * * * * * * * * *"),
    Say("service.delete c1"),
    Say("service.delete c2"),
    Say("service.delete c3"),
    Say("service.delete c4"),
    Say("service.delete c5"),
    Say("service.delete c6"),
    Say("service.delete c9"),
    Say("service.delete c10"),
    Say("service.delete c11"),
    Say("service.delete c12"),
    Connect,
    Say("terminate.exec_args /bin/true"),
    Say("terminate.guard + 7"),
    Say("terminate 0 8"),
    Say("terminate.guard - 7"),
];

/// How it ends, in two ways.
const ENDS: [Step; 2] = [Say("terminate.shutdown 5 5 5"), Say("exit")];

/// What a command is refused with when there is no memory, and what else may come of an earlier one
/// that was refused.
const REFUSALS: [&str; 20] = [
    "Unable to allocate new service,",
    "Unable to allocate new file descriptor object,",
    "unable to set argv,",
    "unable to set file descriptors,",
    "unable to set tags,",
    "unable to set options,",
    "unable to set environment,",
    "unable to set auto_up triggers,",
    "line too long",
    "cannot make its controller connection: no memory, for service",
    "No such service,",
    "No such file descriptor,",
    "No ancillary file descriptor received,",
    "No args configured for service,",
    "no args configured for service,",
    "service does not wait for this,",
    "service is not running,",
    "service is not startable,",
    "Unknown command: ",
    "cannot listen to what it says: ",
];

/// A controller, and the daemon's end of its connection.
#[derive(Copy, Clone)]
struct Controller {
    id: ControllerId,
    fd: Fd,
}

struct Session {
    proxy: Proxy<World>,
    main: Controller,
    observer: Controller,
    view: StateView,
    /// Those who do not read what they are told.
    slow: Vec<Controller>,
    pass: bool,
    marks: u32,
}

/// Lets the state machine work with the memory that it may have.
fn with_memory<R>(left: &mut u32, work: impl FnOnce() -> R) -> R {
    LEFT.set(Some(*left));
    let result = work();
    *left = LEFT.take().unwrap();
    result
}

impl Session {
    fn new(limits: Limits) -> Self {
        let mut proxy = Proxy::new(World::new(NOW), limits, None, LogFilter::None);
        world::name_standard(&mut proxy, b"unknown");
        proxy.sys().watch = watch;
        let [main, observer] = [0; 2].map(|_| {
            let fd = proxy.sys().make_connection("connection");
            let id = proxy.connected(ControllerKind::Socket, Some(fd), Some(fd), NOW).unwrap();
            Controller { id, fd }
        });
        let (view, slow) = (StateView::new(), Vec::new());
        let mut session = Self { proxy, main, observer, view, slow, pass: false, marks: 0 };
        session.dump();
        session
    }

    fn written(&mut self, by: Controller) -> &mut Vec<u8> {
        &mut self.proxy.sys().file(by.fd).written
    }

    /// Sends a line, in pieces as they fit.
    fn send(&mut self, by: Controller, line: &[u8], left: &mut u32) {
        let mut rest = line;
        while !rest.is_empty() {
            let proxy = &mut self.proxy;
            let count = with_memory(left, || {
                let space = proxy.input(by.id);
                let count = space.len().min(rest.len());
                space[..count].copy_from_slice(&rest[..count]);
                proxy.received(by.id, count);
                count
            });
            rest = &rest[count..];
            if rest.is_empty() && std::mem::take(&mut self.pass) {
                let fd = self.proxy.sys().make("passed");
                with_memory(left, || self.proxy.received_fd(by.id, fd, count));
            }
            self.run(left);
        }
    }

    fn run(&mut self, left: &mut u32) {
        for _ in 0..100 {
            let mut more = with_memory(left, || self.proxy.run(NOW));
            if self.proxy.upgrade_asked().is_some() {
                with_memory(left, || self.proxy.upgrade_failed("No such file or directory"));
                more = true;
            }
            let heard = self.hear_exec_ends(left);
            assert_eq!(self.proxy.sys().fault, None);
            if !(more || heard) || self.proxy.leave().is_some() {
                return;
            }
        }
        panic!("it runs in circles");
    }

    fn hear_exec_ends(&mut self, left: &mut u32) -> bool {
        let mut any = false;
        while let Some(end) = self.proxy.sys().hear_exec_end(None) {
            any = true;
            with_memory(left, || self.proxy.executed(end.pid, NOW));
        }
        any
    }

    /// What the observer sees now. It costs no memory that could be short.
    fn dump(&mut self) -> String {
        self.follow();
        self.send(self.observer, b"statedump\n", &mut { u32::MAX });
        let dump = String::from_utf8(std::mem::take(self.written(self.observer))).unwrap();
        for line in dump.lines() {
            self.view.apply(&Event::parse(line.as_bytes()).unwrap());
        }
        dump
    }

    /// Takes in what the observer has been told.
    fn follow(&mut self) {
        for line in std::mem::take(self.written(self.observer)).split(|&byte| byte == b'\n') {
            if !line.is_empty() {
                self.view.apply(&Event::parse(line).unwrap());
            }
        }
    }

    /// Takes a step. Returns the errors that were told because of it.
    fn step(&mut self, step: &Step, left: &mut u32) -> Vec<String> {
        let before = matches!(step, Say(_)).then(|| self.dump());
        let told = self.written(self.main).len();
        match *step {
            Say(command) => {
                let line = command.replace(' ', "\t").replace('*', &"x".repeat(400)) + "\n";
                self.send(self.main, line.as_bytes(), left);
            }
            Connect => {
                let fd = self.proxy.sys().make_connection("slow connection");
                self.proxy.sys().file(fd).output = Output::BLOCKED;
                let id = with_memory(left, || {
                    self.proxy.connected(ControllerKind::Socket, Some(fd), Some(fd), NOW)
                });
                self.slow.extend(id.map(|id| Controller { id, fd }));
                self.run(left);
            }
            Pass => self.pass = true,
            End => {
                if let Some(pid) = self.proxy.sys().latest() {
                    self.proxy.sys().end(pid, Ended::Exit(0));
                }
                with_memory(left, || self.proxy.children_ended(None, NOW));
                self.run(left);
            }
            Tell(text) => {
                if let Some(pid) = self.proxy.sys().latest() {
                    self.proxy.sys().tell(pid, world::USER, text.as_bytes(), 1);
                }
                self.run(left);
            }
            Step::Signal(signal) => {
                with_memory(left, || self.proxy.signalled(signal, NOW));
                self.run(left);
            }
        }
        let told = String::from_utf8(self.written(self.main)[told..].to_vec()).unwrap();
        let errors: Vec<String> = told
            .lines()
            .filter_map(|line| line.strip_prefix("error\t").map(str::to_owned))
            .collect();
        if let Some(before) = before
            && errors.iter().any(|error| error.contains(", for command "))
        {
            assert_eq!(self.dump(), before, "a command was refused and changed something");
        }
        errors
    }

    /// Everybody is still there, and knows what there is to know.
    fn check(&mut self) {
        self.marks += 1;
        let mark = format!("echo\tmark {}\n", self.marks);
        self.send(self.main, mark.as_bytes(), &mut { u32::MAX });
        let said = String::from_utf8_lossy(self.written(self.main)).into_owned();
        assert!(said.contains(&mark[5..]), "no answer any more");
        self.follow();
        let followed = (self.view.clone(), self.view.has_overflowed());
        self.view.reset();
        self.dump();
        if !followed.1 {
            // That the other end of a pipe has gone is no news, so of descriptors only the names
            // count.
            let names =
                |view: &StateView| view.fds().map(|(name, _)| name.to_vec()).collect::<Vec<_>>();
            assert_eq!(names(&followed.0), names(&self.view));
            let same = followed.0.services().eq(self.view.services());
            assert!(same, "the news and the dump disagree: {:?} {:?}", followed.0, self.view);
        }
        self.proxy.sys().be_kind();
        for slow in self.slow.clone() {
            self.proxy.writable(slow.id, NOW);
            for line in self.written(slow).split_inclusive(|&byte| byte == b'\n') {
                let line = line.strip_suffix(b"\n").expect("whole lines only");
                Event::parse(line).unwrap();
            }
        }
    }
}

/// Plays the session; all goes well until that allocation. Returns how many there were, and the
/// errors.
fn play(limits: Limits, which: u32, for_ever: bool) -> (u32, Vec<String>) {
    FOR_EVER.set(for_ever);
    let mut session = Session::new(limits);
    let mut left = which;
    let mut errors: Vec<_> =
        SESSION.iter().flat_map(|step| session.step(step, &mut left)).collect();
    session.check();
    errors.extend(session.step(&ENDS[which as usize % ENDS.len()], &mut left));
    (which.wrapping_sub(left), errors)
}

#[test]
fn every_command_is_in_the_session() {
    for command in COMMANDS.iter().map(|command| command.name.as_str()) {
        let is_said =
            |step: &Step| matches!(step, Say(line) if line.split(' ').next() == Some(command));
        assert!(SESSION.iter().chain(&ENDS).any(is_said), "add {command} to SESSION");
    }
}

#[test]
fn any_allocation_may_fail() {
    let (count, usual) = play(Limits::default(), u32::MAX, false);
    assert!(count > 50, "{count} allocations are too few to prove anything");
    for for_ever in [false, true] {
        for which in 0..count {
            // Only seen when it fails, and then the last line tells which one it was.
            println!("allocation {which}, for ever: {for_ever}");
            FAILED.set(0);
            let (_, errors) = play(Limits::default(), which, for_ever);
            assert!(FAILED.get() > 0);
            for error in errors.iter().filter(|error| !usual.contains(error)) {
                assert!(REFUSALS.iter().any(|text| error.starts_with(text)), "{error}");
            }
        }
    }
}

/// With pools there is nothing that could fail.
#[test]
fn pools_ask_for_nothing() {
    let limits = Limits {
        services: Some(daemonproxy_core::Pool { count: 30, bytes: 4000 }),
        fds: Some(daemonproxy_core::Pool { count: 60, bytes: 600 }),
        controllers: Some(8),
        ..Limits::default()
    };
    let (count, _) = play(limits, u32::MAX, false);
    assert_eq!(count, 0);
}
