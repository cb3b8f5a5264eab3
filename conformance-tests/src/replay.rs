//! Plays a transcript to any controller: the suite is the daemon, and the controller is a program
//! that reads events from its standard input and writes commands to its standard output.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use daemonproxy_protocol::Command as Parsed;

use crate::connection::{Connection, text};
use crate::failure::{Failure, Said, shown};
use crate::subject::Got;
use crate::tags::{Came, Tags};
use crate::transcript::{Bindings, Pattern, Protocol, Step, Transcript, What, World, split_tag};

/// The second of the clock at which it begins.
const START: i64 = 200_000;

/// Plays it. `speed` is how much faster time passes than when it was recorded; 0 is as fast as
/// possible.
pub fn replay(
    transcript: &Transcript,
    command: &[String],
    speed: f64,
) -> Result<ExitStatus, Box<Failure>> {
    let mut at = None;
    let mut said = Said::default();
    play(transcript, command, speed, &mut at, &mut said)
        .map_err(|got| said.fail(&transcript.file, at, got, String::new()))
}

fn play<'t>(
    transcript: &'t Transcript,
    command: &[String],
    speed: f64,
    at: &mut Option<&'t Step>,
    said: &mut Said,
) -> Result<ExitStatus, String> {
    let (program, args) = command.split_first().ok_or("expected a controller to run")?;
    let (stdin, events) = io::pipe().map_err(text("pipe"))?;
    let (commands, stdout) = io::pipe().map_err(text("pipe"))?;
    let mut child = Command::new(program);
    child.args(args).stdin(stdin).stdout(stdout);
    let mut controller = child.spawn().map_err(text(program))?;
    drop(child);
    let mut connection =
        Connection::new(Some(OwnedFd::from(events)), OwnedFd::from(commands), None)?;
    let mut bindings = Bindings::new(START, &["relay"]);
    let protocol = match transcript.has_tags() {
        true => Protocol::Two,
        false => transcript.setup.protocol.unwrap_or(Protocol::One),
    };
    let mut tags = Tags::new(protocol);
    let is_command = |step: &Step| matches!(&step.what, What::Command(who, _) if who.is_empty());
    let last_command = transcript.steps.iter().rposition(is_command).unwrap_or_default();
    let mut is_gone = false;
    for (nth, step) in transcript.steps.iter().enumerate() {
        *at = Some(step);
        match &step.what {
            What::Command(who, fields) if who.is_empty() => {
                end(&mut connection, &mut tags, said)?;
                expect(&mut connection, &mut bindings, &mut tags, fields, said)?;
            }
            What::Event(who, _, fields) if who.is_empty() => {
                if let Some(line) = tags.tell(bindings.made_up_line(fields))? {
                    said.note("<", &line);
                    let told = connection.write(&[line.as_slice(), b"\n"].concat());
                    // Once nothing more is expected of it, it may have ended: what the daemon said
                    // last when this was recorded, nobody may have heard.
                    is_gone = told.is_err() && nth > last_command;
                    if is_gone {
                        break;
                    }
                    told?;
                }
            }
            What::World(World::Clock(seconds), _) if speed > 0.0 => {
                std::thread::sleep(Duration::from_secs_f64(f64::from(*seconds) / speed));
            }
            What::Nothing(_)
            | What::Setup(_)
            | What::Command(..)
            | What::Event(..)
            | What::World(..)
            | What::Call(_)
            | What::Outcome(_)
            | What::Query(..) => {}
        }
    }
    *at = None;
    if !is_gone {
        end(&mut connection, &mut tags, said)?;
    }
    drop(connection);
    controller.wait().map_err(text(program))
}

/// The command before this has ended, if the transcript has not said so.
fn end(connection: &mut Connection, tags: &mut Tags, said: &mut Said) -> Result<(), String> {
    let Some(line) = tags.end() else { return Ok(()) };
    said.note("<", &line);
    connection.write(&[line.as_slice(), b"\n"].concat())
}

/// The next command must be this one. Echoes and features that are not in the transcript are
/// answered.
fn expect(
    connection: &mut Connection,
    bindings: &mut Bindings,
    tags: &mut Tags,
    fields: &[Pattern],
    said: &mut Said,
) -> Result<(), String> {
    let (here, fields) = split_tag(fields);
    loop {
        let line = match connection.next_line()? {
            Got::Line(line) => line,
            Got::Closed(_) => return Err("the controller has ended".to_owned()),
            Got::Nothing => return Err("the controller sends nothing".to_owned()),
        };
        said.note(">", &line);
        let expected = bindings.line(fields);
        let is_due = here.is_some() && expected.as_deref() == Ok(b"echo");
        let (tag, command) = match tags.read(&line, is_due) {
            Came::Question(answer) => {
                connection.write(&[answer.as_slice(), b"\n"].concat())?;
                continue;
            }
            Came::Command(tag, command) => (tag, command),
        };
        let is_same = expected.is_ok_and(|expected| {
            Parsed::parse(&expected).is_ok_and(|parsed| Parsed::parse(command) == Ok(parsed))
        });
        if is_same || bindings.matches_line(fields, command) {
            tags.expected(here, tag, command);
            return Ok(());
        }
        // The answer about features is what is in force: all that was asked for.
        let is_features = matches!(Parsed::parse(command), Ok(Parsed::ConnFeatures { .. }));
        let answer = match tag {
            _ if !is_features => Tags::echo(tag, command),
            Some(tag) => Some([command, b"\ndone\t", tag].concat()),
            None => Some(command.to_vec()),
        };
        match answer {
            Some(answer) => connection.write(&[answer.as_slice(), b"\n"].concat())?,
            None => return Err(shown(">", &line)),
        }
    }
}
