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
use crate::transcript::{Bindings, Pattern, Step, Transcript, What, World};

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
    for step in &transcript.steps {
        *at = Some(step);
        match &step.what {
            What::Command(who, fields) if who.is_empty() => {
                expect(&mut connection, &mut bindings, fields, said)?;
            }
            What::Event(who, _, fields) if who.is_empty() => {
                let line = bindings.made_up_line(fields);
                said.note("<", &line);
                connection.write(&[line.as_slice(), b"\n"].concat())?;
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
    drop(connection);
    controller.wait().map_err(text(program))
}

/// The next command must be this one. Echoes and features that are not in the transcript are
/// answered.
fn expect(
    connection: &mut Connection,
    bindings: &mut Bindings,
    fields: &[Pattern],
    said: &mut Said,
) -> Result<(), String> {
    loop {
        let line = match connection.next_line()? {
            Got::Line(line) => line,
            Got::Closed(_) => return Err("the controller has ended".to_owned()),
            Got::Nothing => return Err("the controller sends nothing".to_owned()),
        };
        said.note(">", &line);
        let expected = bindings.line(fields);
        let is_same = expected.is_ok_and(|expected| {
            Parsed::parse(&expected).is_ok_and(|parsed| Parsed::parse(&line) == Ok(parsed))
        });
        if is_same || bindings.matches_line(fields, &line) {
            return Ok(());
        }
        match line.strip_prefix(b"echo\t") {
            Some(mark) => connection.write(&[mark, b"\n"].concat())?,
            // The answer is what is in force: all that was asked for.
            None if matches!(Parsed::parse(&line), Ok(Parsed::ConnFeatures { .. })) => {
                connection.write(&[line.as_slice(), b"\n"].concat())?;
            }
            None => return Err(shown(">", &line)),
        }
    }
}
