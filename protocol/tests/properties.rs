//! What holds for every command, every event and every stream of bytes.

#![expect(clippy::unwrap_used, reason = "what is unwrapped here was made to be valid")]

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use daemonproxy_protocol::{
    Address, Command, CommandName, ConnKind, ConnRights, Domain, Event, EventName, ExitField,
    FdNumbers, FdStateField, Fields, FileFlags, FilterChange, Line, LineFramer, LogFilter, Name,
    PipeEnd, PipeFlags, Refusal, Rights, ShutdownPhase, Signal, SignalAction, SocketFlags,
    SocketOptions, SocketType, StartTime, StateField, StateView, Triggers, write_error_event,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// What values borrow from, and the values that own themselves.
#[derive(Clone, Debug)]
struct Parts {
    names: (String, String),
    list: Vec<u8>,
    fds: String,
    changes: String,
    numbers: String,
    text: Vec<u8>,
    path: Vec<u8>,
    time: i64,
    pid: i32,
    count: u32,
    seconds: (u32, u32),
    maybe_seconds: (Option<Duration>, Option<Duration>, Option<Duration>),
    code: i64,
    guard: Option<i64>,
    bits: u64,
    on: bool,
    signal: Signal,
    domain: Domain,
    kind: SocketType,
    filter: LogFilter,
}

fn parts() -> impl Strategy<Value = Parts> {
    let name = "[A-Za-z0-9._-]{1,24}";
    let seconds = 1..=i32::MAX as u32;
    let most = Duration::from_secs(i32::MAX as u64);
    let time = (0..=i32::MAX as u64, 0..1_000_000_000_u32);
    let maybe = option::of(time.prop_map(move |(s, n)| Duration::new(s, n).min(most)));
    (
        (
            (name, name).prop_filter("two names", |(a, b)| a != b),
            vec(field(0), 0..5).prop_map(|fields| fields.join(&b'\t')),
            vec("[A-Za-z0-9._-]{1,31}", 0..5).prop_map(|names| names.join("\t")),
            vec("-?[a-z]{1,4}|[a-z]{1,4}=[^\\x00-\\x1f]{0,4}", 1..4).prop_map(|c| c.join("\t")),
            vec(0..=255u8, 1..5)
                .prop_map(|n| n.iter().map(u8::to_string).collect::<Vec<_>>().join(",")),
            vec(any::<u8>().prop_map(|byte| if byte == b'\n' { 0 } else { byte }), 0..40),
            field(1),
        ),
        (
            any::<i64>(),
            any::<i32>(),
            any::<u32>(),
            (seconds.clone(), seconds).prop_map(|(a, b)| (a.min(b), a.max(b))),
            (maybe.clone(), maybe.clone(), maybe),
            any::<i64>().prop_filter("not 0", |code| *code != 0),
            option::of(any::<i64>()),
            any::<u64>(),
            any::<bool>(),
        ),
        (
            (1..=64).prop_map(|number| Signal::from_number(number).unwrap()),
            select(vec![Domain::Unix, Domain::Inet, Domain::Inet6]),
            select(vec![SocketType::Stream, SocketType::Dgram, SocketType::Seqpacket]),
            select(vec![LogFilter::None, LogFilter::Trace, LogFilter::Info, LogFilter::Fatal]),
        ),
    )
        .prop_map(|(a, b, c)| Parts {
            names: a.0,
            list: a.1,
            fds: a.2,
            changes: a.3,
            numbers: a.4,
            text: a.5,
            path: a.6,
            time: b.0,
            pid: b.1,
            count: b.2,
            seconds: b.3,
            maybe_seconds: b.4,
            code: b.5,
            guard: b.6,
            bits: b.7,
            on: b.8,
            signal: c.0,
            domain: c.1,
            kind: c.2,
            filter: c.3,
        })
}

/// A field of at least this many bytes: anything but control characters.
fn field(least: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(0x20..=255u8, least..12)
}

impl Parts {
    fn bit(&self, n: u32) -> bool {
        self.bits >> n & 1 == 1
    }

    fn triggers(&self) -> Triggers<'_> {
        // Real-time signals are none.
        let others: &[u8] = if self.on { b"once\tup:a,done:b,HUP\tfd:x" } else { b"" };
        Triggers::new(self.on, self.bits & 0x7fff_ffff, Fields::new(others))
    }

    fn file_flags(&self) -> FileFlags {
        let write = self.bit(0);
        FileFlags {
            read: self.bit(1) || !write,
            write,
            append: self.bit(2),
            create: self.bit(3),
            truncate: self.bit(4),
            nonblock: self.bit(5),
            mkdir: self.bit(6),
            mode: (self.bit(3) && self.bit(11)).then_some((self.bits >> 12) as u16 & 0o777),
        }
    }

    fn pipe_flags(&self) -> PipeFlags {
        PipeFlags { nonblock: self.bit(7), socket: self.bit(8).then_some((self.domain, self.kind)) }
    }

    fn socket_flags(&self) -> SocketFlags {
        let bind = self.bit(9);
        let listen = (bind && self.bit(10)).then_some((self.bits as u16).max(1));
        let (domain, kind) = (self.domain, self.kind);
        SocketFlags { domain, kind, nonblock: self.bit(11), mkdir: self.bit(12), bind, listen }
    }

    fn socket_options(&self) -> SocketOptions<'_> {
        SocketOptions {
            name: self.on.then(|| self.name()),
            mode: self.bit(13).then_some((self.bits >> 14) as u16 & 0o777),
            uid: self.bit(24).then_some(self.count / 2),
            gid: self.bit(25).then_some(self.count / 3),
            rights: Some(Rights::Operate),
            services: self.bit(26).then_some(b"web-*:m?il"),
            most: self.bit(27).then_some(self.seconds.0),
        }
    }

    fn address(&self) -> Address<'_> {
        let port = self.count as u16;
        match self.domain {
            Domain::Unix => Address::Unix(&self.path),
            Domain::Inet => Address::Inet(Ipv4Addr::from_bits(self.count), port),
            // Runs of zeros are what is special about these.
            Domain::Inet6 => Address::Inet6(
                Ipv6Addr::from(std::array::from_fn::<u16, 8, _>(|n| {
                    if self.bit(n as u32) { self.pid as u16 } else { 0 }
                })),
                port,
            ),
        }
    }

    fn name(&self) -> Name<'_> {
        Name::new(self.names.0.as_bytes()).unwrap()
    }

    fn delay(&self) -> Duration {
        Duration::new(self.bits % 1_000_000_000, (self.bits >> 34) as u32 % 1_000_000_000)
    }

    /// One of every command.
    fn commands(&self) -> Vec<Command<'_>> {
        let name = self.name();
        let list = Fields::new(&self.list);
        let some_list = if list.is_empty() { Fields::new(b"x") } else { list };
        let flags = self.socket_flags();
        vec![
            Command::Echo { rest: self.on.then_some(&self.text) },
            Command::Statedump,
            Command::ServiceArgs { name, args: list },
            Command::ServiceFds { name, fds: Fields::new(self.fds.as_bytes()) },
            Command::ServiceTags { name, tags: list },
            Command::ServiceAutoUp {
                name,
                interval: Some(self.seconds.0),
                triggers: self.triggers(),
            },
            Command::ServiceAutoUp { name, interval: None, triggers: self.triggers() },
            Command::ServiceAutoUp { name, interval: None, triggers: Triggers::default() },
            Command::ServiceStart { name, at: StartTime::Now },
            Command::ServiceStart { name, at: StartTime::Cancel },
            Command::ServiceStart { name, at: StartTime::At(self.time) },
            Command::ServiceStop { name, after: self.maybe_seconds.0 },
            Command::ServiceRestart { name, after: self.maybe_seconds.1 },
            Command::ServiceRelease { name },
            Command::ServiceReload { name },
            Command::ServiceReady { name },
            Command::ServiceDeadman { name },
            Command::ServiceSignal { name, signal: self.signal, group: self.on },
            Command::ServiceDelete { name },
            Command::FdPipe {
                read: name,
                write: Name::new(self.names.1.as_bytes()).unwrap(),
                flags: self.pipe_flags(),
            },
            Command::FdOpen { name, flags: self.file_flags(), path: &self.path },
            Command::FdSocket { name, flags, address: flags.bind.then(|| self.address()) },
            Command::FdTake { name },
            Command::FdDelete { name },
            Command::FdGive { name },
            Command::SocketCreate { options: SocketOptions::default(), path: &self.path },
            Command::SocketCreate { options: self.socket_options(), path: &self.path },
            Command::SocketDelete { name: None },
            Command::SocketDelete { name: Some(name) },
            Command::SignalClear { signal: self.signal, count: self.count },
            Command::LogFilter { change: self.on.then_some(FilterChange::Set(self.filter)) },
            Command::LogFilter { change: Some(FilterChange::Up) },
            Command::LogFilter { change: Some(FilterChange::Down) },
            Command::LogDest { fd: name },
            Command::Chdir { path: &self.path },
            Command::Upgrade {
                program: Some(&*self.path).filter(|&path| path != b"-"),
                guard: Some(5),
            },
            Command::ConnEventTimeout { reset: self.seconds.0, close: self.seconds.1 },
            Command::ConnFeatures { features: Fields::new(self.fds.as_bytes()) },
            Command::ConnTimer { name, seconds: Some(self.delay()) },
            Command::ConnTimer { name, seconds: None },
            Command::ConnList,
            Command::ConnRestrict { rights: Rights::Full, globs: Fields::default() },
            Command::ConnRestrict { rights: Rights::Operate, globs: Fields::new(b"web-*\tm?il") },
            Command::Exit,
            Command::Terminate { code: i32::from(self.bits as u8), guard: self.guard },
            Command::TerminateGuard { on: self.on, code: self.code },
            Command::TerminateExecArgs { args: list },
            Command::TerminateShutdown {
                term: self.maybe_seconds.0,
                kill: self.maybe_seconds.1,
                flush: self.maybe_seconds.2,
                guard: self.guard,
                code: self.guard.map(|guard| i32::from(guard as u8)),
            },
            Command::SignalDefault { signal: self.signal, action: SignalAction::Event },
            Command::SignalDefault { signal: self.signal, action: SignalAction::Shutdown },
            Command::SignalDefault { signal: self.signal, action: SignalAction::Terminate },
            Command::SignalDefault { signal: self.signal, action: SignalAction::Forward },
            Command::ServiceTagsApply { name, changes: Fields::new(self.changes.as_bytes()) },
            Command::ServiceOptions { name, options: Fields::new(b"cwd=/\tlimit.as=1:2\tnice=-1") },
            Command::ServiceOptions { name, options: Fields::default() },
            Command::ServiceEnv { name, env: Fields::new(b"!\tA=b c\tB%=%0A\t!C") },
            Command::ServiceEnvApply { name, changes: Fields::new(b"A==\t-B\t!C\t!\t-!") },
            Command::Env { env: Fields::new(b"A=\t!B") },
            Command::Env { env: Fields::default() },
            Command::EnvApply { changes: Fields::new(b"A=1\t-B") },
            Command::ServiceOptionsApply { name, changes: Fields::new(b"umask=7\t-nice\t-cwd") },
            Command::ServicePipe {
                name,
                fds: FdNumbers::new(self.numbers.as_bytes()).unwrap(),
                args: some_list,
            },
        ]
    }

    /// One of every event, in all of its forms.
    fn events(&self) -> Vec<Event<'_>> {
        let name = self.name();
        let list = Fields::new(&self.list);
        let (reaped, pid, uptime, downtime) = (self.time, self.pid, self.code, i64::from(self.pid));
        let mut events = vec![
            Event::ServiceTags { name, tags: list },
            Event::ServiceOptions { name, options: list },
            Event::ServiceEnv { name, env: list },
            Event::ServiceEnvApply { name, apply: list },
            Event::Env { env: list },
            Event::EnvApply { apply: list },
            Event::ServiceArgs { name, args: list },
            Event::ServiceFds { name, fds: Fields::new(self.fds.as_bytes()) },
            Event::ServiceFds { name, fds: Fields::new(b"-\t*\tx") },
            Event::FdGive {
                name,
                state: FdStateField::File { flags: self.file_flags(), path: &self.path },
            },
            Event::ServiceAutoUp {
                name,
                interval: Some(self.seconds.0),
                triggers: self.triggers(),
            },
            Event::ServiceAutoUp { name, interval: None, triggers: Triggers::default() },
            Event::Signal { signal: self.signal, at: self.time, count: self.count },
            Event::LogDest { fd: name },
            Event::TerminateExecArgs { args: list },
            Event::SignalDefault { signal: self.signal, action: SignalAction::Shutdown },
            Event::Chdir { path: &self.path },
            Event::SocketCreate { options: self.socket_options(), path: &self.path },
            Event::SocketDelete { name: None },
            Event::SocketDelete { name: Some(name) },
            Event::LogFilter { level: self.filter },
            Event::Info { text: &self.text },
            Event::Warning { text: &self.text },
            Event::Error { text: &self.text },
            Event::Overflow,
            Event::TerminateState { phase: ShutdownPhase::Stopping, remaining: self.count },
            Event::TerminateState { phase: ShutdownPhase::Killing, remaining: self.count },
            Event::TerminateState { phase: ShutdownPhase::Flushing, remaining: self.count },
            Event::ServiceRun { name, run: self.count, facts: Fields::new(self.fds.as_bytes()) },
            Event::ConnFeatures { features: Fields::new(self.fds.as_bytes()) },
            Event::ConnTimer { name },
            Event::ConnState {
                id: self.count,
                kind: ConnKind::Service(Some(name)),
                uid: None,
                gid: Some(self.count),
                pid: self.on.then_some(self.count),
                rights: ConnRights { rights: Rights::Full, services: None },
                features: Fields::new(self.fds.as_bytes()),
            },
            Event::ConnState {
                id: self.count,
                kind: ConnKind::Socket(self.on.then_some(name)),
                uid: Some(self.count),
                gid: None,
                pid: None,
                rights: ConnRights { rights: Rights::Watch, services: Some(b"a*:b&c") },
                features: Fields::default(),
            },
            Event::Done { tag: name, error: None, text: None },
            Event::Done { tag: name, error: Some(name), text: Some(&self.text) },
            Event::Other { line: b"" },
            Event::Other { line: b"signals\t" },
        ];
        events.extend(
            [
                StateField::NeverStarted,
                StateField::Deleted,
                StateField::Starting { at: self.time },
                StateField::Up { since: self.time, pid, uptime },
                StateField::Down { reaped, pid, end: ExitField::Exit(pid), uptime, downtime },
                StateField::Down {
                    reaped,
                    pid,
                    end: ExitField::Signal(self.signal),
                    uptime,
                    downtime,
                },
            ]
            .map(|state| Event::ServiceState { name, state }),
        );
        let text = &self.path;
        events.extend(
            [
                FdStateField::Deleted,
                FdStateField::File { flags: self.file_flags(), path: text },
                FdStateField::Pipe { flags: self.pipe_flags(), end: PipeEnd::From, peer: text },
                FdStateField::Pipe { flags: self.pipe_flags(), end: PipeEnd::To, peer: b"?" },
                FdStateField::Socket { flags: self.socket_flags(), address: text },
                FdStateField::Socket { flags: self.socket_flags(), address: b"" },
                FdStateField::Special { flags: b"read,write", description: text },
                FdStateField::Other { kind: b"device", flags: text, description: text },
            ]
            .map(|state| Event::FdState { name, state }),
        );
        events
    }
}

proptest! {
    #[test]
    fn a_command_is_read_as_it_is_written(parts in parts()) {
        let mut seen = BTreeSet::new();
        for command in parts.commands() {
            let mut line = Vec::new();
            command.encode(&mut line);
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(Command::parse(&line), Ok(command), "{}", line.escape_ascii());
            seen.insert(command.name());
        }
        let missing: Vec<_> = CommandName::ALL.iter().filter(|name| !seen.contains(name)).collect();
        prop_assert!(missing.is_empty(), "add an example of {missing:?} to `commands`");
    }

    #[test]
    fn an_event_is_read_as_it_is_written(parts in parts()) {
        let mut seen = BTreeSet::new();
        let mut view = StateView::new();
        for event in parts.events() {
            let mut line = Vec::new();
            event.encode(&mut line);
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(Event::parse(&line), Ok(event), "{}", line.escape_ascii());
            seen.extend(event.name());
            view.apply(&event);
        }
        let missing: Vec<_> = EventName::ALL.iter().filter(|name| !seen.contains(name)).collect();
        prop_assert!(missing.is_empty(), "add an example of {missing:?} to `events`");
        prop_assert_eq!(view.services().count(), 1);
    }

    /// Lines that are nearly right get further into the parsers than noise does.
    #[test]
    fn no_bytes_make_a_parser_panic(
        parts in parts(),
        noise in vec(any::<u8>(), 0..60),
        at in any::<usize>(),
    ) {
        let _ = Command::parse(&noise);
        let _ = Event::parse(&noise);
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for command in parts.commands() {
            lines.push(Vec::new());
            command.encode(lines.last_mut().unwrap());
        }
        for event in parts.events() {
            lines.push(Vec::new());
            event.encode(lines.last_mut().unwrap());
        }
        for line in &mut lines {
            let at = at % (line.len() + 1);
            line.truncate(at);
            line.extend_from_slice(&noise);
            line.retain(|&byte| byte != b'\n');
            if let Ok(command) = Command::parse(line) {
                let mut again = Vec::new();
                command.encode(&mut again);
                prop_assert_eq!(Command::parse(&again), Ok(command));
            }
            if let Ok(event) = Event::parse(line) {
                let mut again = Vec::new();
                event.encode(&mut again);
                prop_assert_eq!(Event::parse(&again), Ok(event));
            }
        }
    }

    #[test]
    fn an_error_event_has_two_fields(
        parts in parts(),
        line in vec(any::<u8>(), 0..400),
        noise in vec(any::<u8>(), 0..400),
    ) {
        let mut refusals = vec![
            Refusal::UnknownFlag { flag: &noise },
            Refusal::Kill { name: &noise, pid: parts.pid, reason: "No such process" },
            Refusal::NoSuchService,
            Refusal::LineTooLong,
        ];
        refusals.extend(Command::parse(&line).err());
        for refusal in refusals {
            let mut event = Vec::new();
            write_error_event(&mut event, &refusal, &line);
            prop_assert_eq!(event.iter().filter(|&&byte| byte == b'\t').count(), 1);
            prop_assert!(!event.contains(&b'\n'));
            prop_assert!(event.len() < 512);
            let is_error = matches!(Event::parse(&event), Ok(Event::Error { .. }));
            prop_assert!(is_error);
        }
    }

    #[test]
    fn lines_do_not_depend_on_how_the_bytes_are_cut(
        stream in vec(select(b"ab\n".to_vec()), 0..200),
        cuts in vec(1..20usize, 1..20),
        max_line in 1..12usize,
        take_often in any::<bool>(),
    ) {
        let mut framer = LineFramer::new(max_line);
        let mut lines = Vec::new();
        let mut cuts = cuts.iter().cycle();
        let mut rest = &stream[..];
        while !rest.is_empty() {
            let cut = rest.len().min(*cuts.next().unwrap());
            let taken = framer.push(&rest[..cut]);
            rest = &rest[taken..];
            if taken < cut || take_often {
                prop_assert!(taken == cut || framer.has_line());
                take(&mut framer, &mut lines);
            }
        }
        take(&mut framer, &mut lines);
        prop_assert_eq!(framer.received(), stream.len() as u64);
        prop_assert_eq!(framer.consumed() + framer.rest().len() as u64, stream.len() as u64);

        let lines_sent = stream.split(|&byte| byte == b'\n');
        let mut expected: Vec<_> = lines_sent.map(|line| told(line, max_line)).collect();
        let tail = expected.pop().unwrap();
        prop_assert_eq!(framer.is_skipping(), tail.0);
        prop_assert_eq!(framer.rest(), if tail.0 { b"" } else { &tail.1[..] });
        prop_assert_eq!(lines, expected);
    }
}

/// A framer that grows gives the same lines as one that has all of its buffer from the start.
#[test]
fn a_growing_framer_gives_the_same_lines() {
    let stream: Vec<u8> = (0..6000_usize)
        .flat_map(|n| std::iter::repeat_n(b'x', n * 7 % 5000).chain([b'\n']).take(n % 5200 + 1))
        .collect();
    let mut lines = [Vec::new(), Vec::new()];
    for (framer, lines) in
        [LineFramer::new(4096), LineFramer::growing(4096)].iter_mut().zip(&mut lines)
    {
        let mut rest = &stream[..];
        while !rest.is_empty() {
            rest = &rest[framer.push(rest)..];
            take(framer, lines);
        }
    }
    assert!(lines[0].len() > 1000);
    assert_eq!(lines[0], lines[1]);
}

/// Whether a line is too long, and what is reported about it.
fn told(line: &[u8], max_line: usize) -> (bool, Vec<u8>) {
    let too_long = line.len() >= max_line;
    (too_long, line[..if too_long { max_line.min(64) } else { line.len() }].to_vec())
}

fn take(framer: &mut LineFramer, lines: &mut Vec<(bool, Vec<u8>)>) {
    while let Some(line) = framer.next_line() {
        lines.push(match line {
            Line::Complete(line) => (false, line.to_vec()),
            Line::TooLong { start } => (true, start.to_vec()),
        });
    }
}
