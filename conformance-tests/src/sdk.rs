//! Plays a transcript to an SDK: here the suite is the daemon, and a driver does what it is told.
//!
//! A `>` becomes a call of the method for that command, which must send just that command. The `<`
//! after it are sent, every echo that the transcript does not mention is answered, and then the
//! call must have ended: refused if one of the events was the error that answers it, successful
//! otherwise. The daemon knows tags; what is about SDKs is also played by one of protocol 1, unless
//! it is about one of the two.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::Instant;

use daemonproxy_protocol::Command as Parsed;
use daemonproxy_testing::{PATIENCE, ready};
use nix::poll::PollFlags;
use tempfile::TempDir;

use crate::connection::{Connection, text};
use crate::driver::CONTROL_FD;
use crate::failure::{Failure, Said, shown};
use crate::subject::Got;
use crate::tags::{Came, Tags, is_answer};
use crate::transcript::{
    Bindings, Main, Pattern, Protocol, Step, Transcript, What, World, escape, split_tag,
    unescape_bytes,
};
use crate::view;

/// The second of the clock at which the daemon that the suite plays begins.
const START: i64 = 200_000;
/// The number of the control descriptor.
const CONTROL_NUMBER: i32 = 3;

/// Why a transcript is not for SDKs, if it is not.
pub fn unfit(transcript: &Transcript) -> Option<&'static str> {
    let setup = &transcript.setup;
    if !setup.is_for("sdk") || setup.main == Main::None || setup.greeting {
        return Some("not for SDKs");
    }
    if transcript.has_other_connections() {
        return Some("several connections");
    }
    let mut bindings = Bindings::new(START, &["relay"]);
    let mut in_call = false;
    let mut under_way = 0;
    for step in &transcript.steps {
        match &step.what {
            What::Command(_, fields) if !in_call => {
                if under_way > 0 {
                    return Some("several commands under way");
                }
                let (tag, fields) = split_tag(fields);
                under_way += usize::from(tag.is_some());
                let line = bindings.made_up_line(fields);
                if Parsed::parse(&line).is_err() || line.iter().any(|&b| b < b' ' && b != b'\t') {
                    return Some("a command that no SDK sends");
                }
            }
            What::Event(_, _, fields) => {
                if bindings.made_up_line(fields).starts_with(b"done\t") {
                    under_way = 0;
                }
            }
            What::Call(_) => in_call = true,
            What::Outcome(_) => in_call = false,
            What::World(World::Closed(_) | World::Leaves(_), _) => {}
            What::World(world, _) if !world.is_behind_the_daemon() => {
                return Some("about the connection");
            }
            What::Nothing(_)
            | What::Setup(_)
            | What::Command(..)
            | What::World(..)
            | What::Query(..) => {}
        }
    }
    None
}

/// A running driver.
pub struct Driver {
    child: Child,
    /// The SDK's connection to the daemon, which is us.
    client: Connection,
    control: Connection,
    errors: File,
    _dir: TempDir,
}

impl Driver {
    /// Starts a driver.
    pub fn start(command: &[String]) -> Result<Self, String> {
        let dir = TempDir::with_prefix("dp").map_err(text("temporary directory"))?;
        let errors = tempfile::tempfile().map_err(text("temporary file"))?;
        let (stdin, events) = io::pipe().map_err(text("pipe"))?;
        let (commands, stdout) = io::pipe().map_err(text("pipe"))?;
        let (ours, theirs) = UnixStream::pair().map_err(text("socketpair"))?;
        let (program, args) = command.split_first().ok_or("no driver")?;
        let theirs_number = theirs.as_raw_fd();
        let mut command = Command::new(program);
        command.args(args).current_dir(dir.path());
        command.env(CONTROL_FD, CONTROL_NUMBER.to_string());
        command.stdin(stdin).stdout(stdout);
        command.stderr(errors.try_clone().map_err(text("dup"))?);
        let prepare = move || {
            // SAFETY: system calls on descriptors only.
            unsafe {
                if theirs_number == CONTROL_NUMBER {
                    libc::fcntl(CONTROL_NUMBER, libc::F_SETFD, 0);
                } else {
                    libc::dup2(theirs_number, CONTROL_NUMBER);
                }
                let first = CONTROL_NUMBER as libc::c_uint + 1;
                let flags = libc::CLOSE_RANGE_CLOEXEC as libc::c_uint;
                libc::syscall(libc::SYS_close_range, first, u32::MAX, flags);
            }
            Ok(())
        };
        // SAFETY: `prepare` makes system calls only, and allocates nothing.
        unsafe { command.pre_exec(prepare) };
        let child = command.spawn().map_err(text(program))?;
        drop(command);
        let reading = ours.try_clone().map_err(text("dup"))?;
        Ok(Self {
            child,
            client: Connection::new(Some(OwnedFd::from(events)), OwnedFd::from(commands), None)?,
            control: Connection::new(Some(ours.into()), reading.into(), None)?,
            errors,
            _dir: dir,
        })
    }

    /// Sends a request, and returns the fields of its answer.
    pub fn ask(&mut self, request: &[&[u8]]) -> Result<Vec<Vec<u8>>, String> {
        self.request(request)?;
        match self.control.next_line()? {
            Got::Line(line) => Ok(fields(&line)),
            Got::Closed(_) => Err(format!("the driver has ended: {}", self.errors())),
            Got::Nothing => Err("the driver does not answer".to_owned()),
        }
    }

    fn request(&mut self, request: &[&[u8]]) -> Result<(), String> {
        let fields: Vec<String> = request.iter().map(|field| escape(field)).collect();
        self.control.write(format!("{}\n", fields.join("\t")).as_bytes())
    }

    /// What comes next: a command, or an answer.
    fn next(&mut self) -> Result<Next, String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Got::Line(line) = self.client.line_that_is_there()? {
                return Ok(Next::Command(line));
            }
            match self.control.line_that_is_there()? {
                Got::Line(line) => {
                    // What was written before the answer comes before it.
                    return Ok(match self.client.line_that_is_there()? {
                        Got::Line(command) => Next::CommandAndAnswer(command, fields(&line)),
                        Got::Closed(_) | Got::Nothing => Next::Answer(fields(&line)),
                    });
                }
                Got::Closed(_) => return Err(format!("the driver has ended: {}", self.errors())),
                Got::Nothing => {}
            }
            let wanted = [
                (self.client.input(), PollFlags::POLLIN),
                (self.control.input(), PollFlags::POLLIN),
            ];
            if !ready(&wanted, deadline) {
                return Err("nothing comes from the driver".to_owned());
            }
        }
    }

    fn errors(&mut self) -> String {
        let mut bytes = Vec::new();
        let _ = self.errors.rewind();
        let _ = self.errors.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a driver does.
enum Next {
    Command(Vec<u8>),
    Answer(Vec<Vec<u8>>),
    CommandAndAnswer(Vec<u8>, Vec<Vec<u8>>),
}

fn fields(line: &[u8]) -> Vec<Vec<u8>> {
    line.split(|&byte| byte == b'\t').map(unescape_bytes).collect()
}

/// Which daemons it is for.
pub fn protocols(transcript: &Transcript) -> &'static [Protocol] {
    match transcript.setup.protocol {
        Some(Protocol::One) => &[Protocol::One],
        Some(Protocol::Two) => &[Protocol::Two],
        None if transcript.has_tags() || transcript.setup.subjects.is_empty() => &[Protocol::Two],
        None => &[Protocol::One, Protocol::Two],
    }
}

/// Plays it from the first line to the last.
pub fn play(
    transcript: &Transcript,
    protocol: Protocol,
    driver: &mut Driver,
) -> Result<(), Box<Failure>> {
    let mut player = Player {
        driver,
        bindings: Bindings::new(START, &["relay"]),
        said: Said::default(),
        tags: Tags::new(protocol),
        call: None,
        explicit: false,
        closed: false,
    };
    player.said.note("@\tprotocol", protocol.number().as_bytes());
    let mut at = None;
    player.play(transcript, &mut at).map_err(|got| {
        let log = player.driver.errors();
        player.said.fail(&transcript.file, at, got, log)
    })
}

/// A call that has not ended.
#[derive(Default)]
struct Call {
    /// The answer of the daemon, if it refuses.
    refused: Option<Refused>,
    /// How it ended, if that was seen already.
    answer: Option<Vec<Vec<u8>>>,
}

/// What the daemon says when it refuses.
#[derive(Clone)]
struct Refused {
    text: Vec<u8>,
    /// What the error is called, if it is said.
    name: Option<Vec<u8>>,
}

struct Player<'a> {
    driver: &'a mut Driver,
    bindings: Bindings,
    tags: Tags,
    said: Said,
    call: Option<Call>,
    /// The call is a `$`, and ends at its `$=`.
    explicit: bool,
    closed: bool,
}

impl Player<'_> {
    fn play<'t>(
        &mut self,
        transcript: &'t Transcript,
        at: &mut Option<&'t Step>,
    ) -> Result<(), String> {
        if transcript.has_tags() {
            // Before the first answer a client does not know whether there are tags.
            self.driver.request(&[b"$", b"sync"])?;
            self.answer()?;
        }
        for step in &transcript.steps {
            *at = Some(step);
            match &step.what {
                What::Nothing(_) | What::Setup(_) => {}
                What::Command(_, fields) if self.explicit => self.expect_command(fields)?,
                What::Command(_, fields) => {
                    self.finish()?;
                    self.begin(fields)?;
                    self.expect_command(fields)?;
                }
                What::Event(_, _, fields) => self.tell(fields)?,
                What::World(World::Closed(_) | World::Leaves(_), _) => self.close()?,
                What::World(..) => {
                    if !self.explicit {
                        self.finish()?;
                    }
                }
                What::Call(fields) => {
                    self.finish()?;
                    self.begin(fields)?;
                    self.explicit = true;
                }
                What::Outcome(expected) => {
                    self.explicit = false;
                    self.end()?;
                    let answer = self.outcome()?;
                    let fits = answer.len() >= expected.len()
                        && expected.iter().zip(&answer).all(|(e, a)| self.bindings.matches(e, a));
                    if !fits {
                        return Err(shown("$=", &answer.join(&b'\t')));
                    }
                }
                What::Query(asked, expected) => {
                    if !self.explicit {
                        self.finish()?;
                    }
                    let mut request: Vec<&[u8]> = vec![b"="];
                    request.extend(asked.iter().map(String::as_bytes));
                    self.driver.request(&request)?;
                    let answer = self.answer()?;
                    view::compare(&answer, expected, &mut self.bindings)?;
                }
            }
        }
        *at = None;
        self.finish()
    }

    fn begin(&mut self, fields: &[Pattern]) -> Result<(), String> {
        let (_, fields) = split_tag(fields);
        let line = self.bindings.command_line(fields)?;
        self.said.note("$", &line);
        let mut request: Vec<&[u8]> = vec![b"$"];
        request.extend(line.split(|&byte| byte == b'\t'));
        // Only here can a field contain a literal TAB.
        let separate: Option<Vec<&[u8]>> = fields.iter().map(Pattern::literal).collect();
        if let Some(separate) = separate {
            request.truncate(1);
            request.extend(separate);
        }
        self.driver.request(&request)?;
        self.call = Some(Call::default());
        Ok(())
    }

    /// The SDK writes just this.
    fn expect_command(&mut self, fields: &[Pattern]) -> Result<(), String> {
        self.end()?;
        let (here, fields) = split_tag(fields);
        let expected = self.bindings.line(fields)?;
        loop {
            let command = match self.driver.next()? {
                Next::Command(command) => command,
                Next::CommandAndAnswer(command, answer) => {
                    self.call.get_or_insert_default().answer = Some(answer);
                    command
                }
                Next::Answer(answer) => {
                    return Err(shown("$=", &answer.join(&b'\t')));
                }
            };
            self.said.note(">", &command);
            let is_due = here.is_some() && expected == b"echo";
            let (tag, command) = match self.tags.read(&command, is_due) {
                Came::Question(answer) => {
                    self.write(&answer)?;
                    continue;
                }
                Came::Command(tag, command) => (tag, command),
            };
            let same = command == expected
                || Parsed::parse(&expected).is_ok_and(|e| Parsed::parse(command) == Ok(e));
            if same {
                self.tags.expected(here, tag, command);
                return Ok(());
            }
            match Tags::echo(tag, command) {
                Some(answer) => self.write_unless_closed(&answer)?,
                None => return Err(shown(">", command)),
            }
        }
    }

    fn tell(&mut self, fields: &[Pattern]) -> Result<(), String> {
        let Some(line) = self.tags.tell(self.bindings.made_up_line(fields))? else {
            return Ok(());
        };
        let fields: Vec<&[u8]> = line.splitn(4, |&byte| byte == b'\t').collect();
        let refused = match fields[..] {
            [b"done", _, name, text] => {
                Some(Refused { text: text.to_vec(), name: Some(name.to_vec()) })
            }
            [b"error", text] if is_answer(text) => {
                Some(Refused { text: text.to_vec(), name: None })
            }
            _ => None,
        };
        if let (Some(call), Some(refused)) = (&mut self.call, refused) {
            call.refused = Some(refused);
        }
        self.write(&line)
    }

    /// The command before this has ended, if that was not said.
    fn end(&mut self) -> Result<(), String> {
        match self.tags.end() {
            Some(line) => self.write_unless_closed(&line),
            None => Ok(()),
        }
    }

    fn write(&mut self, line: &[u8]) -> Result<(), String> {
        self.said.note("<", line);
        self.driver.client.write(&[line, b"\n"].concat())
    }

    fn close(&mut self) -> Result<(), String> {
        self.closed = true;
        self.driver.client.shut();
        if self.explicit { Ok(()) } else { self.finish() }
    }

    /// A call that was made for a `>` ends as the events after it say.
    fn finish(&mut self) -> Result<(), String> {
        self.end()?;
        if self.call.is_none() {
            return Ok(());
        }
        let refused = self.call.as_ref().and_then(|call| call.refused.clone());
        let answer = self.outcome()?;
        let fits = match (&refused, &answer[..]) {
            (None, [ok]) => ok == b"ok",
            (None, [error, class, ..]) => self.closed && error == b"error" && class == b"closed",
            (Some(refused), [error, class, message, name @ ..]) => {
                error == b"error"
                    && class == b"refused"
                    && *message == refused.text
                    && refused.name.as_ref().is_none_or(|known| name == [known.clone()])
            }
            (Some(_) | None, _) => false,
        };
        if fits {
            return Ok(());
        }
        let answer = shown("$=", &answer.join(&b'\t'));
        Err(match refused {
            Some(Refused { text, name }) => {
                let said = [text, name.unwrap_or_default()].join(&b'\t');
                format!("{answer}\n      expected: {}", shown("$=\terror\trefused", &said))
            }
            None => format!("{answer}\n      expected: $=\tok"),
        })
    }

    /// How the call has ended.
    fn outcome(&mut self) -> Result<Vec<Vec<u8>>, String> {
        match self.call.take().and_then(|call| call.answer) {
            Some(answer) => Ok(answer),
            None => self.answer(),
        }
    }

    /// The answer to the last request. Echoes on the way are answered.
    fn answer(&mut self) -> Result<Vec<Vec<u8>>, String> {
        loop {
            let (command, answer) = match self.driver.next()? {
                Next::Answer(answer) => return Ok(answer),
                Next::CommandAndAnswer(command, answer) => (command, Some(answer)),
                Next::Command(command) => (command, None),
            };
            let sent = match self.tags.read(&command, false) {
                Came::Question(answer) => Some(answer),
                Came::Command(tag, command) => Tags::echo(tag, command),
            };
            match sent {
                Some(answer) => self.write_unless_closed(&answer)?,
                None => {
                    return Err(format!("a command too many: {}", shown(">", &command)));
                }
            }
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }

    fn write_unless_closed(&mut self, line: &[u8]) -> Result<(), String> {
        if self.closed { Ok(()) } else { self.write(line) }
    }
}
