//! Plays a transcript to a [`Subject`], and compares what it says with what it should.
//!
//! Also, every event must be one that the protocol's parser understands and would write in exactly
//! the same way, and at the end nothing may come that is not in the transcript.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use daemonproxy_protocol::{Event, StateView};

use crate::failure::{Failure, Said, shown};
use crate::subject::{CONTROL, Got, Subject};
use crate::transcript::{Bindings, Main, Order, Pattern, Step, Transcript, What, World};
use crate::view;

/// Plays it from the first line to the last.
pub fn play(transcript: &Transcript, subject: &mut dyn Subject) -> Result<(), Box<Failure>> {
    let relay = subject.relay();
    let relay: Vec<&str> = relay.iter().map(String::as_str).collect();
    let mut player = Player {
        bindings: Bindings::new(subject.now(), &relay),
        subject,
        view: StateView::new(),
        said: Said::default(),
        waiting: BTreeMap::new(),
        open: BTreeSet::new(),
        stopped: BTreeSet::new(),
        left: false,
    };
    let mut at = None;
    player.play(transcript, &mut at).map_err(|got| {
        let log = player.subject.log();
        player.said.fail(&transcript.file, at, got, log)
    })
}

struct Player<'a> {
    subject: &'a mut dyn Subject,
    bindings: Bindings,
    view: StateView,
    said: Said,
    /// Lines that were read but are not needed yet.
    waiting: BTreeMap<String, VecDeque<Vec<u8>>>,
    /// Connections on which nothing more may come at the end.
    open: BTreeSet<String>,
    stopped: BTreeSet<String>,
    left: bool,
}

impl Player<'_> {
    fn play<'t>(
        &mut self,
        transcript: &'t Transcript,
        at: &mut Option<&'t Step>,
    ) -> Result<(), String> {
        let setup = &transcript.setup;
        if setup.main != Main::None {
            self.open.insert(String::new());
        }
        match setup.main {
            Main::Interactive if !setup.greeting => self.skip_greeting()?,
            Main::Socket => self.wait_until_known("")?,
            Main::Interactive | Main::None => {}
        }
        let mut steps = transcript.steps.iter().peekable();
        while let Some(step) = steps.next() {
            *at = Some(step);
            match &step.what {
                What::Nothing(_) | What::Setup(_) | What::Call(_) | What::Outcome(_) => {}
                What::Command(who, fields) => self.command(who, fields)?,
                What::Event(who, Order::Next, fields) => self.event(who, fields)?,
                What::Event(who, Order::Repeated, fields) => self.repeated(who, fields)?,
                What::Event(who, Order::Any, fields) => {
                    let mut expected = vec![fields.as_slice()];
                    while let Some(Step { what: What::Event(other, Order::Any, fields), .. }) =
                        steps.peek()
                        && other == who
                    {
                        expected.push(fields);
                        steps.next();
                    }
                    self.any_order(who, expected)?;
                }
                What::World(world, fields) => {
                    self.said.note("!", fields.join("\t").as_bytes());
                    self.world(world)?;
                }
                What::Query(asked, expected) => {
                    let answer = view::answer(&self.view, asked);
                    view::compare(&answer, expected, &mut self.bindings)?;
                }
            }
        }
        *at = None;
        self.end()
    }

    fn command(&mut self, who: &str, fields: &[Pattern]) -> Result<(), String> {
        let mut line = self.bindings.command_line(fields)?;
        self.said.note(&format!(">{who}"), &line);
        line.push(b'\n');
        self.subject.send(who, &line)
    }

    fn event(&mut self, who: &str, expected: &[Pattern]) -> Result<(), String> {
        let line = self.line(who)?;
        self.take(who, &line, expected).then_some(()).ok_or_else(|| show(who, &line))
    }

    fn any_order(&mut self, who: &str, mut expected: Vec<&[Pattern]>) -> Result<(), String> {
        while !expected.is_empty() {
            let line = self.line(who)?;
            let found = expected.iter().position(|patterns| self.take(who, &line, patterns));
            expected.remove(found.ok_or_else(|| show(who, &line))?);
        }
        Ok(())
    }

    fn repeated(&mut self, who: &str, expected: &[Pattern]) -> Result<(), String> {
        loop {
            let line = self.line(who)?;
            if !self.take(who, &line, expected) {
                self.waiting.entry(who.to_owned()).or_default().push_front(line);
                return Ok(());
            }
        }
    }

    /// If the line is the expected one, the event has happened.
    fn take(&mut self, who: &str, line: &[u8], expected: &[Pattern]) -> bool {
        if !self.bindings.matches_line(expected, line) {
            return false;
        }
        self.said.note(&format!("<{who}"), line);
        if let (true, Ok(event)) = (who.is_empty(), Event::parse(line)) {
            self.view.apply(&event);
        }
        true
    }

    fn line(&mut self, who: &str) -> Result<Vec<u8>, String> {
        if let Some(line) = self.waiting.get_mut(who).and_then(VecDeque::pop_front) {
            return Ok(line);
        }
        match self.subject.next_line(who)? {
            Got::Line(line) => {
                check(&line)?;
                Ok(line)
            }
            Got::Closed(0) => Err(format!("<{who}\tthe end of the connection")),
            Got::Closed(rest) => {
                Err(format!("<{who}\tthe end of the connection, after {rest} bytes of a line"))
            }
            Got::Nothing => Err(format!("<{who}\tnothing")),
        }
    }

    fn pid(&self, pid: &Pattern) -> Result<i32, String> {
        let pid = self.bindings.line(std::slice::from_ref(pid))?;
        let pid = std::str::from_utf8(&pid).ok().and_then(|pid| pid.parse().ok());
        pid.ok_or_else(|| "expected a pid".to_owned())
    }

    fn world(&mut self, world: &World) -> Result<(), String> {
        match world {
            World::Reap(pid, end) => {
                let pid = self.pid(pid)?;
                self.subject.reap(pid, end)
            }
            World::Group(pid, others) => {
                let pid = self.pid(pid)?;
                self.subject.group(pid, *others)
            }
            World::Signal(signal) => self.subject.signal(*signal),
            World::Clock(seconds) => self.subject.clock(*seconds),
            World::Fail(operation, errno) => self.subject.fail(*operation, *errno),
            World::HangExec => self.subject.hang_exec(),
            World::EndExec(pid, errno) => {
                let pid = self.pid(pid)?;
                self.subject.end_exec(pid, *errno)
            }
            World::Tell(pid, told) => {
                let pid = self.pid(pid)?;
                self.subject.tell(pid, told)
            }
            World::Sleep(seconds) => self.subject.sleep(*seconds),
            World::Connect(who, path) => {
                self.open.insert(who.clone());
                self.subject.connect(who, path.as_deref().unwrap_or(CONTROL))?;
                self.wait_until_known(who)
            }
            World::Controller(who) => {
                // It is not known here which of the two directions it has.
                self.subject.controller(who)
            }
            World::Close(who) => {
                self.open.remove(who);
                self.subject.close(who)
            }
            World::Shut(who) => {
                self.open.remove(who);
                self.subject.shut(who)
            }
            World::Stop(who) => {
                self.stopped.insert(who.clone());
                self.subject.stop(who)
            }
            World::Resume(who) => {
                self.stopped.remove(who);
                self.subject.resume(who)
            }
            World::Flood(who, times, fields) => {
                let mut line = self.bindings.line(fields)?;
                line.push(b'\n');
                self.subject.flood(who, &line.repeat(*times as usize))
            }
            World::Pass(path) => self.subject.pass(path),
            World::Closed(who) => {
                self.open.remove(who);
                match self.line(who) {
                    Ok(line) => Err(show(who, &line)),
                    Err(end) if end.ends_with("the end of the connection") => Ok(()),
                    Err(other) => Err(other),
                }
            }
            World::Leaves(code) => {
                self.left = true;
                match self.subject.leaves()? {
                    Some(left) if left == *code => Ok(()),
                    Some(left) => Err(format!("!\tleaves\t{left}")),
                    None => Err("the daemon does not leave".to_owned()),
                }
            }
            World::Log(text) => match self.subject.logs(text)? {
                true => Ok(()),
                false => Err("the log does not have it".to_owned()),
            },
            World::Content(path, text) => match self.subject.content(path, text)? {
                true => Ok(()),
                false => Err("the file does not have it".to_owned()),
            },
        }
    }

    fn skip_greeting(&mut self) -> Result<(), String> {
        const MARK: &[u8] = b"-- the greeting ends --";
        self.subject.send("", &[b"echo\t", MARK, b"\n"].concat())?;
        while self.line("")? != MARK {}
        Ok(())
    }

    /// The daemon notices a new connection a moment later, and tells it nothing before.
    fn wait_until_known(&mut self, who: &str) -> Result<(), String> {
        const MARK: &[u8] = b"-- connected --";
        // It may have been refused, and already be closed.
        let _ = self.subject.send(who, &[b"echo\t", MARK, b"\n"].concat());
        let line = self.line(who)?;
        if line != MARK {
            self.waiting.entry(who.to_owned()).or_default().push_front(line);
        }
        Ok(())
    }

    /// Nothing more may come.
    fn end(&mut self) -> Result<(), String> {
        if self.left {
            return Ok(());
        }
        const MARK: &[u8] = b"-- the transcript ends --";
        for who in self.open.difference(&self.stopped).cloned().collect::<Vec<_>>() {
            self.subject.send(&who, &[b"echo\t", MARK, b"\n"].concat())?;
            let line = self.line(&who)?;
            if line != MARK {
                return Err(show(&who, &line));
            }
        }
        Ok(())
    }
}

fn show(who: &str, line: &[u8]) -> String {
    shown(&format!("<{who}"), line)
}

/// An event is what the grammar says.
fn check(line: &[u8]) -> Result<(), String> {
    let event = Event::parse(line)
        .map_err(|error| format!("an event that is none ({error}): {}", line.escape_ascii()))?;
    let mut again = Vec::new();
    event.encode(&mut again);
    if again != line {
        let (line, again) = (line.escape_ascii(), again.escape_ascii());
        return Err(format!("{line}, which should be written {again}"));
    }
    Ok(())
}
