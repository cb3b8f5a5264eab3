//! The lines `@`: what a transcript needs before it begins.

use super::field::unescape;

/// Set-up and requirements.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Setup {
    /// `@ args ARG…`: more options for the daemon.
    pub args: Vec<String>,
    /// `@ config FIELD…`: a line of the configuration file; without any there is no such file.
    pub config: Vec<Vec<u8>>,
    /// `@ file PATH CONTENT`: files to make in the working directory of the daemon.
    pub files: Vec<(String, Vec<u8>)>,
    /// `@ dir PATH`: directories to make there.
    pub dirs: Vec<String>,
    /// `@ for SUBJECT…`: only for `core`, `daemon` or `sdk`; all of them if there is no such line.
    pub subjects: Vec<String>,
    /// `@ main socket`: the main connection is one to the control socket, and not standard input
    /// and output; `@ main none`: there is none.
    pub main: Main,
    /// `@ greeting`: the first lines of an interactive session are part of the transcript.
    pub greeting: bool,
    /// `@ narrow`: the daemon's pipe to the main connection is one page, the smallest size.
    pub narrow: bool,
    /// `@ root`: only as root.
    pub root: bool,
    /// `@ protocol 1` or `@ protocol 2`: which one the daemon speaks that is played to an SDK.
    pub protocol: Option<Protocol>,
}

/// How the main connection comes about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Main {
    /// Standard input and output of the daemon.
    #[default]
    Interactive,
    /// The control socket.
    Socket,
    /// Not at all.
    None,
}

/// What a daemon that is played to an SDK understands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// No tags: a word that begins with `@` is an unknown command.
    One,
    /// Tagged commands.
    Two,
}

impl Protocol {
    /// Its number.
    pub fn number(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
        }
    }
}

impl Setup {
    pub(super) fn add(&mut self, fields: &[&str]) -> Result<(), String> {
        match *fields {
            ["args", ref args @ ..] => {
                let args = args.iter().map(|arg| String::from_utf8(unescape(arg)));
                let args: Result<Vec<String>, _> = args.collect();
                self.args.extend(args.map_err(|_| "an option has to be text")?);
            }
            ["config", ref line @ ..] => self.config.push(unescape(&line.join("\t"))),
            ["file", path, content] => self.files.push((path.to_owned(), unescape(content))),
            ["dir", path] => self.dirs.push(path.to_owned()),
            ["for", ref subjects @ ..] if !subjects.is_empty() => {
                for subject in subjects {
                    if !["core", "daemon", "sdk"].contains(subject) {
                        return Err(format!("`{subject}`: expected core, daemon or sdk"));
                    }
                    self.subjects.push((*subject).to_owned());
                }
            }
            ["main", "socket"] => self.main = Main::Socket,
            ["main", "none"] => self.main = Main::None,
            ["greeting"] => self.greeting = true,
            ["narrow"] => self.narrow = true,
            ["root"] => self.root = true,
            ["protocol", "1"] => self.protocol = Some(Protocol::One),
            ["protocol", "2"] => self.protocol = Some(Protocol::Two),
            _ => {
                return Err(
                    "expected one of: args ARG..., config LINE, file PATH CONTENT, dir PATH, \
                            for SUBJECT..., main socket|none, greeting, narrow, root, protocol 1|2"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }

    /// Whether it is for this subject.
    pub fn is_for(&self, subject: &str) -> bool {
        self.subjects.is_empty() || self.subjects.iter().any(|meant| meant == subject)
    }
}
