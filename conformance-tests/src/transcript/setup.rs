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
            _ => {
                return Err(
                    "expected one of: args ARG..., config LINE, file PATH CONTENT, dir PATH, \
                            for SUBJECT..., main socket|none, greeting, narrow, root"
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
