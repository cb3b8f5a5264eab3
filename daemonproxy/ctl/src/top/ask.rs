//! The status line of `top`: the question before something is done, and what the daemon answers.
//!
//! Only `y` sends the command. A question is about the service that was selected when it was asked,
//! however the list moves meanwhile. While an answer is under way the screen goes on.

use daemonproxy_client::protocol::Signal;
use daemonproxy_client::{Client, Error, Event, EventLine, UnderWay};

use super::deed::{Deed, Verb};
use crate::failure::{Failure, Result};
use crate::screen::Key;
use crate::style::{Paint, readable};

/// The longest name of a signal is shorter.
const LONGEST: usize = 12;

#[derive(Default)]
pub(super) struct Ask {
    state: State,
    /// What there is to say about the last one, until a key is typed.
    note: Option<(Paint, String)>,
    /// Commands whose answers have not come.
    sent: Vec<(UnderWay, String)>,
    /// The service that was acted on last.
    last: Vec<u8>,
}

#[derive(Default)]
enum State {
    #[default]
    Idle,
    /// The name of a signal is typed.
    Naming {
        name: Vec<u8>,
        typed: String,
    },
    Asking(Deed),
}

/// What a key meant here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Nothing: it is for somebody else.
    No,
    Yes,
    /// This is to be done.
    Do(Deed),
}

impl Ask {
    /// What a key does, if this service is selected.
    pub(super) fn takes(&mut self, key: Key, selected: Option<&[u8]>) -> Taken {
        self.note = None;
        match std::mem::take(&mut self.state) {
            State::Idle => self.begins(key, selected),
            State::Naming { name, typed } => {
                self.state = self.named(key, name, typed);
                Taken::Yes
            }
            State::Asking(deed) => match key {
                Key::Char(b'y' | b'Y') => Taken::Do(deed),
                Key::Char(b'n' | b'N' | b'q' | 0x03 | 0x04) | Key::Escape => Taken::Yes,
                _ => {
                    self.state = State::Asking(deed);
                    Taken::Yes
                }
            },
        }
    }

    fn begins(&mut self, key: Key, selected: Option<&[u8]>) -> Taken {
        let Key::Char(key) = key else { return Taken::No };
        let Some(verb) = Verb::of_key(key) else { return Taken::No };
        match selected {
            None => {
                let text = format!("{}: select a service with \u{2191} or \u{2193}", verb.name());
                self.note = Some((Paint::Waiting, text));
            }
            Some(name) if verb == Verb::Signal => {
                self.state = State::Naming { name: name.to_vec(), typed: String::new() };
            }
            Some(name) => {
                let deed = Deed { name: name.to_vec(), verb, signal: None };
                self.state = State::Asking(deed);
            }
        }
        Taken::Yes
    }

    /// What follows a key while the name of a signal is typed.
    fn named(&mut self, key: Key, name: Vec<u8>, mut typed: String) -> State {
        match key {
            Key::Char(b'\r' | b'\n') => {
                if typed.is_empty() {
                    return State::Idle;
                }
                let Some(signal) = Signal::parse(typed.as_bytes()) else {
                    self.note = Some((Paint::Bad, format!("there is no signal {typed}")));
                    return State::Idle;
                };
                return State::Asking(Deed { name, verb: Verb::Signal, signal: Some(signal) });
            }
            Key::Char(0x03 | 0x04) | Key::Escape => return State::Idle,
            Key::Char(0x08 | 0x7f) => {
                typed.pop();
            }
            Key::Char(key) if typed.len() < LONGEST && is_of_signal(key) => {
                typed.push(char::from(key.to_ascii_uppercase()));
            }
            _ => {}
        }
        State::Naming { name, typed }
    }

    /// Whether a question is open, for which every key is.
    pub(super) fn is_asking(&self) -> bool {
        !matches!(self.state, State::Idle)
    }

    /// Sends what was asked for. The answer comes later, see [`settle`](Self::settle).
    pub(super) fn send(&mut self, client: &mut Client, deed: Deed) -> Result<()> {
        let words = deed.words();
        self.note = Some((Paint::Faint, format!("sent: {words}")));
        match client.begin(deed.fields()) {
            Ok(command) => self.sent.push((command, words)),
            Err(error) => self.failed(error, &words)?,
        }
        self.last = deed.name;
        Ok(())
    }

    /// Whether an answer is still to come.
    pub(super) fn waits(&self) -> bool {
        !self.sent.is_empty()
    }

    /// Takes the answers that have come by now.
    pub(super) fn settle(&mut self, client: &mut Client) -> Result<()> {
        let (ended, open) =
            std::mem::take(&mut self.sent).into_iter().partition(|(it, _)| it.has_ended());
        self.sent = open;
        let ended: Vec<_> = ended;
        for (command, words) in ended {
            if let Err(error) = client.finish(&command) {
                self.failed(error, &words)?;
            }
        }
        Ok(())
    }

    /// Also what goes wrong afterwards is an answer: a program that cannot be executed.
    pub(super) fn hears(&mut self, line: &EventLine) {
        let Ok(Event::Error { text }) = line.event() else { return };
        let of_whom = [b", for service \"", &self.last[..], b"\""].concat();
        if !self.last.is_empty() && text.ends_with(&of_whom) {
            self.note = Some((Paint::Bad, readable(text)));
        }
    }

    /// What was refused is told; without a daemon there is nothing to watch.
    fn failed(&mut self, error: Error, words: &str) -> Result<()> {
        if matches!(error, Error::Closed) {
            return Err(error.into());
        }
        self.note = Some((Paint::Bad, format!("{words}: {}", Failure::from(error).text)));
        Ok(())
    }

    /// What is in the status line, if anything.
    pub(super) fn status(&self) -> Option<(Paint, String)> {
        match &self.state {
            State::Idle => self.note.clone(),
            State::Naming { name, typed } => {
                Some((Paint::Bold, format!("signal for {}: {typed}_", readable(name))))
            }
            State::Asking(deed) => Some((Paint::Bold, format!("{}? y/n", deed.words()))),
        }
    }
}

/// As in `SIGRTMIN+1`.
fn is_of_signal(key: u8) -> bool {
    key.is_ascii_alphanumeric() || matches!(key, b'+' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Types these keys with `db` selected, and gives what the last of them meant.
    fn types(ask: &mut Ask, keys: &str) -> Taken {
        let mut taken = Taken::No;
        for key in keys.bytes() {
            taken = ask.takes(if key == 0x1b { Key::Escape } else { Key::Char(key) }, Some(b"db"));
        }
        taken
    }

    fn text(ask: &Ask) -> String {
        ask.status().map_or(String::new(), |(_, text)| text)
    }

    #[test]
    fn only_yes_does_it() {
        for no in ["n", "N", "q", "\x03", "\x04", "\x1b"] {
            let mut ask = Ask::default();
            assert_eq!(types(&mut ask, "s"), Taken::Yes);
            assert_eq!(text(&ask), "stop db? y/n");
            assert_eq!(types(&mut ask, no), Taken::Yes);
            assert_eq!(text(&ask), "");
            assert_eq!(types(&mut ask, "y"), Taken::No, "it is not asked any more");
        }
        let mut ask = Ask::default();
        assert_eq!(types(&mut ask, "stRg \r"), Taken::Yes);
        assert_eq!(text(&ask), "stop db? y/n", "nothing else is an answer");
        let deed = Deed { name: b"db".to_vec(), verb: Verb::Stop, signal: None };
        assert_eq!(ask.takes(Key::Char(b'y'), Some(b"other")), Taken::Do(deed));
    }

    #[test]
    fn each_key_has_its_command() {
        for (keys, command) in [
            ("ty", "service.start db"),
            ("sy", "service.stop db"),
            ("Ry", "service.restart db"),
            ("ly", "service.reload db"),
            ("ey", "service.release db"),
            ("xusr1\ry", "service.signal db SIGUSR1"),
            ("x15x\x7f\ny", "service.signal db SIGTERM"),
        ] {
            let Taken::Do(deed) = types(&mut Ask::default(), keys) else { panic!("{keys}") };
            let fields = deed.fields().join(&b' ');
            assert_eq!(String::from_utf8(fields).unwrap(), command);
        }
    }

    #[test]
    fn a_signal_has_to_exist() {
        let mut ask = Ask::default();
        types(&mut ask, "xusr\r");
        assert_eq!(text(&ask), "there is no signal USR");
        types(&mut ask, "x\r");
        assert_eq!(text(&ask), "");
        types(&mut ask, "xh\x1b");
        assert_eq!(text(&ask), "");
    }

    #[test]
    fn nothing_is_asked_about_no_service() {
        let mut ask = Ask::default();
        assert_eq!(ask.takes(Key::Char(b's'), None), Taken::Yes);
        assert!(text(&ask).starts_with("stop: select a service"));
        assert_eq!(ask.takes(Key::Char(b'y'), None), Taken::No);
    }
}
