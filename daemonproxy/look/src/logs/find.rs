//! Which logger has the lines of a service, and where.
//!
//! What the daemon tells is enough: a service that is a logger has `daemonproxy-log` and a
//! directory in its arguments, and reads from pipes; another is logged if it writes into one of
//! them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use daemonproxy_client::StateView;
use daemonproxy_client::protocol::{FdStateField, ServiceView};
use daemonproxy_log::{Options, TimeFormat};

use crate::readable;

const PROGRAM: &str = "daemonproxy-log";

/// Where the lines of a service are.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The service.
    pub name: Vec<u8>,
    /// The directory of its logger.
    pub dir: PathBuf,
    /// Only lines with this label are its own.
    pub label: Option<Vec<u8>>,
    /// How the times in front of the lines are written.
    pub time: TimeFormat,
}

/// The services of a daemon that are loggers.
pub struct Loggers<'v> {
    view: &'v StateView,
    all: Vec<Logger<'v>>,
}

/// A service that is a logger.
struct Logger<'v> {
    name: &'v [u8],
    service: &'v ServiceView,
    options: Options,
}

impl<'v> Loggers<'v> {
    /// Those that this view knows.
    #[must_use]
    pub fn of(view: &'v StateView) -> Self {
        let all = view.services().filter_map(|(name, it)| Logger::new(name, it)).collect();
        Self { view, all }
    }

    /// Whether this service is one.
    #[must_use]
    pub fn has(&self, name: &[u8]) -> bool {
        self.all.iter().any(|logger| logger.name == name)
    }

    /// Where the lines of this service are, or where those are that it writes as a logger; `None`
    /// if nobody knows.
    ///
    /// # Errors
    ///
    /// Why the directory of its logger cannot be told, in words.
    pub fn source(&self, name: &[u8]) -> Result<Option<Source>, String> {
        let itself = self.all.iter().find(|logger| logger.name == name);
        let found = match itself {
            Some(logger) => Some((logger, None)),
            None => {
                let mut all = self.all.iter();
                all.find_map(|logger| Some((logger, logger.logs(self.view, name)?)))
            }
        };
        let Some((logger, label)) = found else { return Ok(None) };
        let (dir, time) = (logger.dir()?, logger.options.time);
        Ok(Some(Source { name: name.to_vec(), dir, label, time }))
    }
}

/// Why there is no log of a service, and what gives it one.
#[must_use]
pub fn no_log(whose: &str) -> String {
    format!(
        "{whose} has no log that can be read here; put `log = true` into its table in the file of \
         services. (Any service has one whose pipe is read by another with {PROGRAM}: service.pipe \
         NAME 1,2 {PROGRAM} DIR.)"
    )
}

impl<'v> Logger<'v> {
    /// If it is one.
    fn new(name: &'v [u8], service: &'v ServiceView) -> Option<Self> {
        let args: Vec<OsString> =
            service.args().iter().map(|arg| OsString::from_vec(arg.to_vec())).collect();
        // There may be something in front, such as env or nice.
        let at =
            args.iter().position(|arg| Path::new(arg).file_name() == Some(OsStr::new(PROGRAM)))?;
        let options = Options::parse(args.into_iter().skip(at)).ok()?;
        Some(Self { name, service, options })
    }

    /// Whether it has the lines of this service, and with which label, if that tells them from
    /// others.
    #[allow(clippy::option_option)]
    fn logs(&self, view: &StateView, name: &[u8]) -> Option<Option<Vec<u8>>> {
        let writes_to: Vec<_> = view.service(name)?.fds().iter().collect();
        let fds: Vec<_> = self.service.fds().iter().collect();
        let input = self.options.inputs.iter().find(|input| {
            let read = usize::try_from(input.fd).ok().and_then(|number| fds.get(number));
            let state = read.and_then(|read| view.fd(read)).map(|fd| fd.state());
            matches!(state, Some(FdStateField::Pipe { peer, .. }) if writes_to.contains(&peer))
        })?;
        Some(Some(input.label.clone()).filter(|label| !label.is_empty()))
    }

    /// Its directory. A relative one is below where the logger runs.
    fn dir(&self) -> Result<PathBuf, String> {
        let dir = &self.options.dir;
        if dir.is_absolute() {
            return Ok(dir.clone());
        }
        let name = readable(self.name);
        let pid = self.service.pid().ok_or_else(|| {
            let dir = dir.display();
            format!(
                "the logger {name} writes to {dir}, which is below its working directory, but it \
                 does not run now"
            )
        })?;
        let here = std::fs::read_link(format!("/proc/{pid}/cwd")).map_err(|error| {
            format!("cannot see where the logger {name} runs (pid {pid}): {error}")
        })?;
        Ok(here.join(dir))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daemonproxy_client::protocol::Event;

    fn view(lines: &[&str]) -> StateView {
        let mut view = StateView::new();
        for line in lines {
            view.apply(&Event::parse(line.replace(' ', "\t").as_bytes()).unwrap());
        }
        view
    }

    fn found(view: &StateView, name: &str) -> Option<(String, Option<String>)> {
        let source = Loggers::of(view).source(name.as_bytes()).unwrap()?;
        let label = source.label.map(|label| String::from_utf8(label).unwrap());
        Some((source.dir.display().to_string(), label))
    }

    #[test]
    fn a_logger_is_found_by_the_pipe() {
        let view = view(&[
            "fd.state w.r pipe from w.w",
            "fd.state w.w pipe to w.r",
            "fd.state d.r pipe from d.w",
            "fd.state d.w pipe to d.r",
            "fd.state o.r pipe from o.w",
            "service.args web httpd",
            "service.fds web null w.w w.w",
            "service.args db postgres",
            "service.fds db null d.w stderr",
            "service.args other sh",
            "service.fds other null o.w o.w",
            "service.args o-log cat",
            "service.fds o-log o.r null null",
            "service.args single env X=1 /usr/bin/daemonproxy-log --time unix /var/log/web",
            "service.fds single w.r stderr stderr",
            "service.args both daemonproxy-log --fd 3=database /var/log/all --then gzip x",
            "service.fds both null null null d.r",
        ]);
        assert_eq!(found(&view, "web"), Some(("/var/log/web".into(), None)));
        assert_eq!(found(&view, "db"), Some(("/var/log/all".into(), Some("database".into()))));
        assert_eq!(found(&view, "both"), Some(("/var/log/all".into(), None)));
        assert_eq!([found(&view, "other"), found(&view, "nobody")], [None, None]);
        let loggers = Loggers::of(&view);
        assert!(loggers.has(b"both") && !loggers.has(b"web") && !loggers.has(b"o-log"));
    }
}
