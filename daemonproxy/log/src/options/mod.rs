//! The command line.

mod usage;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

use crate::core::limits::Limits;
use crate::core::moment::TimeFormat;

pub(crate) use usage::USAGE;
use usage::VERSION;

/// The least that `--max-line` can be: a line of this length, cut, still says something.
const LEAST_MAX_LINE: u64 = 64;
/// The most. That much memory may be needed for each descriptor.
const MOST_MAX_LINE: u64 = 16 << 20;
/// The most descriptors.
const MOST_INPUTS: usize = 256;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where the files are.
    pub dir: PathBuf,
    /// What is read.
    pub inputs: Vec<Input>,
    /// What stands in front of each line.
    pub time: TimeFormat,
    pub(crate) longest: usize,
    pub(crate) limits: Limits,
    pub(crate) sync: bool,
    pub(crate) block: bool,
    pub(crate) tee: bool,
    pub(crate) then: Vec<OsString>,
}

/// A descriptor that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its number.
    pub fd: i32,
    /// What stands in front of its lines. May be empty.
    pub label: Vec<u8>,
}

/// What there is to do instead of running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// Print this and exit 0.
    Print(&'static str),
    /// Say what is wrong with the command line.
    Complain(String),
}

impl From<lexopt::Error> for Instead {
    fn from(error: lexopt::Error) -> Self {
        Self::Complain(error.to_string())
    }
}

impl Options {
    /// Parses a command line that begins with the name of the program.
    pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Self, Instead> {
        let mut options = Self {
            dir: PathBuf::new(),
            inputs: Vec::new(),
            time: TimeFormat::default(),
            longest: 16 << 10,
            limits: Limits { size: Some(10 << 20), age: None, keep: Some(10), total: None },
            sync: false,
            block: false,
            tee: false,
            then: Vec::new(),
        };
        let mut parser = Parser::from_iter(args);
        while options.take_option(&mut parser)? {}
        if options.dir.as_os_str().is_empty() {
            return Err(complaint("say into which directory to write"));
        }
        if options.inputs.is_empty() {
            options.inputs.push(Input { fd: 0, label: Vec::new() });
        }
        Ok(options)
    }

    /// Takes the next option. Returns false when there is none.
    fn take_option(&mut self, parser: &mut Parser) -> Result<bool, Instead> {
        let Some(arg) = parser.next()? else { return Ok(false) };
        match arg {
            Arg::Long("fd") => self.take_input(&parser.value()?)?,
            Arg::Long("time") => {
                self.time = values::time("--time", &parser.value()?).map_err(Instead::Complain)?;
            }
            Arg::Long("max-line") => {
                let bytes = size("--max-line", parser)?;
                if !(LEAST_MAX_LINE..=MOST_MAX_LINE).contains(&bytes) {
                    return Err(complaint("--max-line can be from 64 to 16M"));
                }
                self.longest = bytes as usize;
            }
            Arg::Long("size") => {
                self.limits.size = Some(size("--size", parser)?).filter(|&bytes| bytes > 0);
            }
            Arg::Long("total") => self.limits.total = Some(size("--total", parser)?),
            Arg::Long("age") => {
                let span = values::span("--age", &parser.value()?).map_err(Instead::Complain)?;
                self.limits.age = Some(span);
            }
            Arg::Long("keep") => {
                let count = values::count("--keep", &parser.value()?).map_err(Instead::Complain)?;
                self.limits.keep = Some(count);
            }
            Arg::Long("sync") => self.sync = true,
            Arg::Long("block") => self.block = true,
            Arg::Long("tee") => self.tee = true,
            Arg::Long("then") => {
                self.then.push(parser.value()?);
                self.then.extend(parser.raw_args()?);
            }
            Arg::Short('h') | Arg::Long("help") => return Err(Instead::Print(USAGE)),
            Arg::Long("version") => return Err(Instead::Print(VERSION)),
            Arg::Value(dir) if self.dir.as_os_str().is_empty() => self.dir = dir.into(),
            Arg::Value(more) => {
                let (dir, more) = (self.dir.display(), more.display());
                return Err(Instead::Complain(format!(
                    "there can be one directory only, not \"{dir}\" and \"{more}\""
                )));
            }
            Arg::Short(_) | Arg::Long(_) => return Err(arg.unexpected().into()),
        }
        Ok(true)
    }

    fn take_input(&mut self, value: &OsString) -> Result<(), Instead> {
        let input = values::input("--fd", value).map_err(Instead::Complain)?;
        if self.inputs.iter().any(|other| other.fd == input.fd) {
            return Err(Instead::Complain(format!("--fd {} is there twice", input.fd)));
        }
        if self.inputs.len() == MOST_INPUTS {
            return Err(complaint("there can be 256 descriptors at the most"));
        }
        self.inputs.push(input);
        Ok(())
    }
}

fn size(option: &str, parser: &mut Parser) -> Result<u64, Instead> {
    values::size(option, &parser.value()?).map_err(Instead::Complain)
}

fn complaint(text: &str) -> Instead {
    Instead::Complain(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, Instead> {
        let words = line.split_whitespace().map(OsString::from);
        Options::parse(std::iter::once("daemonproxy-log".into()).chain(words))
    }

    #[test]
    fn a_directory_is_enough() {
        let options = parse("/var/log/web").unwrap();
        assert_eq!(options.dir, PathBuf::from("/var/log/web"));
        assert_eq!(options.inputs, [Input { fd: 0, label: Vec::new() }]);
        assert_eq!(options.limits.keep, Some(10));
    }

    #[test]
    fn what_comes_after_then_belongs_to_the_program() {
        let options = parse("--size 0 logs --fd 3=web --then gzip -f --size 5").unwrap();
        assert_eq!(options.then, ["gzip", "-f", "--size", "5"]);
        assert_eq!((options.limits.size, options.inputs[0].fd), (None, 3));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, text) in [
            ("", "say into which directory"),
            ("a b", "not \"a\" and \"b\""),
            ("a --fd 3 --fd 3=x", "--fd 3 is there twice"),
            ("a --max-line 1", "from 64"),
            ("a --size ten", "--size needs a number of bytes"),
            ("a --age 0", "--age needs a time"),
            ("a --nonsense", "--nonsense"),
        ] {
            let Err(Instead::Complain(said)) = parse(line) else { panic!("{line}") };
            assert!(said.contains(text), "{line}: {said}");
        }
    }
}
