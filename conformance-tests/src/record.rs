//! Records a session: sits between a controller and a daemon with `-i`, passes everything on, and
//! writes down a transcript of it that can be played again.
//!
//! What is different each time is masked by the kind that the grammar gives the field: times, pids
//! and tags. So are the words of echoes that a client makes up to know where an answer ends. What
//! happens to the daemon is deduced from its events: a child that ends, a signal, time that passes.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use daemonproxy_protocol::tables::{EVENTS, EventInfo, FACTS};
use daemonproxy_protocol::{
    Command as Parsed, Event, ExitField, Line, LineFramer, ServiceView, Signal, StartTime,
    StateField, StateView, Tagged,
};
use daemonproxy_testing::ready;
use nix::poll::PollFlags;

use crate::failure::shown;

/// A pause long enough that time may be the cause of what comes next.
const PAUSE: Duration = Duration::from_millis(300);
/// Longer than any line.
const LINE: usize = 1 << 16;
/// Longer than any session.
const LONG: Duration = Duration::from_secs(1 << 20);

/// Runs this daemon with our standard input and output, until it leaves. Returns the transcript.
pub fn record(command: &[String]) -> Result<(String, ExitStatus), String> {
    let (program, args) = command.split_first().ok_or("expected a daemon to run")?;
    let mut daemon = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{program}: {error}"))?;
    let mut stdin = daemon.stdin.take();
    let mut stdout = daemon.stdout.take().ok_or("no standard output")?;
    let mut recorder = Recorder::new(args)?;
    let (mut said, mut heard) = (LineFramer::new(LINE), LineFramer::new(LINE));
    loop {
        let mut wanted = vec![(stdout.as_raw_fd(), PollFlags::POLLIN)];
        if stdin.is_some() {
            wanted.push((io::stdin().as_raw_fd(), PollFlags::POLLIN));
        }
        ready(&wanted, Instant::now() + LONG);
        if is_readable(stdout.as_raw_fd()) {
            let count = stdout.read(heard.space()).map_err(text)?;
            if count == 0 {
                break;
            }
            heard.filled(count);
            pass(&mut heard, &mut io::stdout(), |line| recorder.event(line))?;
        } else if let Some(daemon) = &mut stdin
            && is_readable(io::stdin().as_raw_fd())
        {
            let count = io::stdin().lock().read(said.space()).map_err(text)?;
            said.filled(count);
            pass(&mut said, daemon, |line| recorder.command(line))?;
            if count == 0 {
                recorder.line("!\tshut");
                stdin = None;
            }
        }
    }
    recorder.line("!\tclosed");
    let status = daemon.wait().map_err(text)?;
    if let Some(code) = status.code() {
        recorder.line(&format!("!\tleaves\t{code}"));
    }
    Ok((recorder.transcript, status))
}

/// Notes the lines that are complete by now, and passes them on. Whoever does not read any more
/// misses them: a daemon that has left says so by the end of its output, and a controller may leave
/// while it is still being told that it does.
fn pass(
    lines: &mut LineFramer,
    to: &mut impl Write,
    mut each: impl FnMut(&[u8]),
) -> Result<(), String> {
    let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    let mut reads = true;
    while let Some(line) = lines.next_line() {
        if let Line::Complete(line) = line {
            each(line);
            if !reads {
                continue;
            }
            match to.write_all(&[line, b"\n"].concat()) {
                Err(error) if is_gone(&error) => reads = false,
                done => done.map_err(text)?,
            }
        }
    }
    match to.flush() {
        Err(error) if is_gone(&error) => Ok(()),
        done => done.map_err(text),
    }
}

fn is_readable(fd: i32) -> bool {
    ready(&[(fd, PollFlags::POLLIN)], Instant::now())
}

struct Recorder {
    transcript: String,
    view: StateView,
    pids: BTreeMap<i32, usize>,
    /// The answers of echoes that are under way, and what stands for each.
    echoes: VecDeque<(Vec<u8>, String)>,
    words: usize,
    /// The tags of the client, and their numbers in the transcript.
    tags: BTreeMap<Vec<u8>, usize>,
    pending: BTreeMap<Signal, u32>,
    begin: i64,
    last: Instant,
    greeted: bool,
}

impl Recorder {
    fn new(args: &[String]) -> Result<Self, String> {
        let begin = nix::time::clock_gettime(nix::time::ClockId::CLOCK_MONOTONIC).map_err(text)?;
        let mut recorder = Self {
            transcript: String::from("# A recorded session.\n"),
            view: StateView::new(),
            pids: BTreeMap::new(),
            echoes: VecDeque::new(),
            words: 0,
            tags: BTreeMap::new(),
            pending: BTreeMap::new(),
            begin: begin.tv_sec(),
            last: Instant::now(),
            greeted: false,
        };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "-i" | "--interactive" => {}
                "-c" | "--config" => {
                    let path = args.next().ok_or("expected a config file")?;
                    let config = fs::read(path).map_err(|error| format!("{path}: {error}"))?;
                    for line in config.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
                    {
                        recorder.line(&shown("@\tconfig", line));
                    }
                }
                other => recorder.line(&shown("@\targs", other.as_bytes())),
            }
        }
        Ok(recorder)
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.transcript, "{line}");
        self.last = Instant::now();
    }

    fn command(&mut self, line: &[u8]) {
        let Some(Ok(tagged)) = Tagged::split(line) else { return self.untagged(">", line) };
        match tagged.command() {
            Ok(command) => {
                let number = self.tag(tagged.tag.as_bytes());
                self.untagged(&format!(">\t@{number}"), command);
            }
            Err(_) => self.line(&shown(">", line)),
        }
    }

    /// A command without its tag, which is in what stands before it.
    fn untagged(&mut self, before: &str, line: &[u8]) {
        match Parsed::parse(line) {
            Ok(Parsed::ServiceStart { name, at: StartTime::At(at) }) => {
                let at = at - self.begin;
                self.line(&format!("{before}\tservice.start\t{name}\t{{ts:now{at:+}}}"));
                return;
            }
            Ok(Parsed::SignalClear { signal, count }) => {
                let pending = self.pending.entry(signal).or_default();
                *pending = pending.saturating_sub(count);
            }
            Ok(Parsed::Echo { rest: Some(word) }) if is_made_up(word) => {
                self.words += 1;
                let placeholder = format!("{{text:{}}}", self.words);
                self.line(&format!("{before}\techo\t{placeholder}"));
                self.echoes.push_back((word.to_vec(), placeholder));
                return;
            }
            _ => {}
        }
        self.line(&shown(before, line));
    }

    /// The number of a tag: the client may choose another one each time.
    fn tag(&mut self, tag: &[u8]) -> usize {
        let next = self.tags.len() + 1;
        *self.tags.entry(tag.to_vec()).or_insert(next)
    }

    fn event(&mut self, line: &[u8]) {
        let event = Event::parse(line).unwrap_or(Event::Other { line });
        if let (false, Event::Info { .. }) = (self.greeted, &event) {
            return;
        }
        self.greeted = true;
        if let Some(at) = self.echoes.iter().position(|(word, _)| word == line) {
            // The daemon has given up those before it, and will not answer them any more.
            let placeholder =
                self.echoes.drain(..=at).next_back().map(|(_, placeholder)| placeholder);
            self.line(&format!("<\t{}", placeholder.unwrap_or_default()));
            return;
        }
        let paused = self.last.elapsed();
        if paused >= PAUSE {
            self.line(&format!("!\tclock\t{}", paused.as_secs() + 1));
        }
        self.cause(&event);
        let masked = match event.name().and_then(|name| EVENTS.iter().find(|e| e.name == name)) {
            Some(info) => self.masked(info, &event, line),
            None => shown("<", line),
        };
        self.line(&masked);
        self.view.apply(&event);
    }

    /// What must have happened for this event to come.
    fn cause(&mut self, event: &Event<'_>) {
        match *event {
            Event::ServiceState { name, state: StateField::Down { pid, end, .. } } => {
                let known = self.view.service(name.as_bytes()).and_then(ServiceView::pid);
                if known == Some(pid) {
                    let number = self.pid(pid);
                    let how = match end {
                        ExitField::Exit(status) => format!("exit\t{status}"),
                        ExitField::Signal(signal) => format!("signal\t{}", name_of(signal)),
                    };
                    self.line(&format!("!\treap\t{{pid:{number}}}\t{how}"));
                }
            }
            // A dump reports those that are already known.
            Event::Signal { signal, count, .. }
                if self.pending.insert(signal, count).unwrap_or(0) < count =>
            {
                self.line(&format!("!\tsignal\t{}", name_of(signal)));
            }
            _ => {}
        }
    }

    /// The line, with a placeholder for what will be different the next time.
    fn masked(&mut self, info: &EventInfo, event: &Event<'_>, line: &[u8]) -> String {
        let text = shown("<", line);
        let mut fields: Vec<String> = text.split('\t').map(str::to_owned).collect();
        // Two fields come before the first argument: who speaks, and the name of the event.
        for (at, arg) in (2..).zip(info.args) {
            match arg.kind.name {
                "timestamp" => mask(&mut fields, at, "{ts}"),
                "command_tag" => {
                    if let Event::Done { tag, .. } = *event {
                        let number = self.tag(tag.as_bytes());
                        mask(&mut fields, at, &number.to_string());
                    }
                }
                "service_state" => {
                    if let Event::ServiceState {
                        state: StateField::Up { pid, .. } | StateField::Down { pid, .. },
                        ..
                    } = *event
                    {
                        let number = self.pid(pid);
                        mask(&mut fields, at + 2, &format!("{{pid:{number}}}"));
                    }
                    mask(&mut fields, at + 1, "{ts}");
                    mask(&mut fields, at + 5, "{secs}");
                    mask(&mut fields, at + 6, "{secs}");
                }
                "fact" => fields.iter_mut().skip(at).for_each(|fact| self.mask_fact(fact)),
                _ => {}
            }
        }
        fields.join("\t")
    }

    fn mask_fact(&mut self, fact: &mut String) {
        let Some((key, value)) = fact.split_once('=') else { return };
        let info = FACTS.iter().find(|info| info.name.as_str() == key);
        let placeholder = match (key, info.map(|info| info.shown)) {
            ("pid", _) => match value.parse() {
                Ok(pid) => format!("{{pid:{}}}", self.pid(pid)),
                Err(_) => return,
            },
            ("maxrss", _) => "{num}".to_owned(),
            (_, Some(shown)) if shown.ends_with("MOMENT") => "{moment}".to_owned(),
            ("cpu", _) => "{moment}".to_owned(),
            _ => return,
        };
        *fact = format!("{key}={placeholder}");
    }

    fn pid(&mut self, pid: i32) -> usize {
        let next = self.pids.len() + 1;
        *self.pids.entry(pid).or_insert(next)
    }
}

/// A `-` stays a `-`.
fn mask(fields: &mut [String], at: usize, placeholder: &str) {
    if let Some(field) = fields.get_mut(at).filter(|field| *field != "-") {
        placeholder.clone_into(field);
    }
}

/// Whether an echo is one of those by which a client knows how a command ended. They are one word,
/// which contains a pid or a number, so that it differs each time.
fn is_made_up(word: &[u8]) -> bool {
    !word.contains(&b'\t') && word.iter().any(u8::is_ascii_digit)
}

fn name_of(signal: Signal) -> String {
    let mut name = Vec::new();
    signal.write_name(&mut name);
    String::from_utf8_lossy(&name).into_owned()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::Transcript;

    #[test]
    fn what_changes_is_masked_and_what_happened_is_told() {
        let mut recorder = Recorder::new(&["-i".to_owned()]).unwrap();
        recorder.event(b"info\tdaemonproxy version 1");
        recorder.command(b"service.start\tweb");
        recorder.event(b"service.state\tweb\tup\t10\t77\t-\t-\t0\t-");
        recorder.event(b"service.state\tweb\tdown\t11\t77\texit\t3\t1\t0");
        recorder.event(
            b"service.run\tweb\t1\tstarts=1\tpid=77\tstart=9.5\tend=11\texit=3\tcpu=0.1\tmaxrss=9",
        );
        recorder.event(b"signal\tSIGHUP\t11\t1");
        recorder.command(b"statedump");
        recorder.event(b"service.state\tweb\tdown\t11\t77\texit\t3\t1\t5");
        recorder.event(b"signal\tSIGHUP\t11\t1");
        let expected = "\
# A recorded session.
>\tservice.start\tweb
<\tservice.state\tweb\tup\t{ts}\t{pid:1}\t-\t-\t{secs}\t-
!\treap\t{pid:1}\texit\t3
<\tservice.state\tweb\tdown\t{ts}\t{pid:1}\texit\t3\t{secs}\t{secs}
<\tservice.run\tweb\t1\tstarts=1\tpid={pid:1}\tstart={moment}\tend={moment}\texit=3\tcpu={moment}\tmaxrss={num}
!\tsignal\tSIGHUP
<\tsignal\tSIGHUP\t{ts}\t1
>\tstatedump
<\tservice.state\tweb\tdown\t{ts}\t{pid:1}\texit\t3\t{secs}\t{secs}
<\tsignal\tSIGHUP\t{ts}\t1
";
        assert_eq!(recorder.transcript, expected);
        assert_eq!(Transcript::parse("t", expected).unwrap().to_string(), expected);
    }

    #[test]
    fn the_words_that_clients_make_up_are_masked() {
        let mut recorder = Recorder::new(&["-i".to_owned()]).unwrap();
        recorder.command(b"echo\tperl-77-1");
        recorder.command(b"echo\tperl-77-2");
        recorder.command(b"echo\tdone");
        recorder.event(b"overflow");
        recorder.event(b"perl-77-2");
        recorder.event(b"done");
        recorder.event(b"perl-77-2");
        let expected = "\
# A recorded session.
>\techo\t{text:1}
>\techo\t{text:2}
>\techo\tdone
<\toverflow
<\t{text:2}
<\tdone
<\tperl-77-2
";
        assert_eq!(recorder.transcript, expected);
    }
}
