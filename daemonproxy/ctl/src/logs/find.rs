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

use crate::failure::{FAILED, Failure, Result};
use crate::glob;
use crate::services::chosen;
use crate::style::readable;

const PROGRAM: &str = "daemonproxy-log";

/// Where the lines of a service are.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) name: Vec<u8>,
    pub(super) dir: PathBuf,
    /// Only lines with this label are its own.
    pub(super) label: Option<Vec<u8>>,
    pub(super) time: TimeFormat,
}

/// A service that is a logger.
struct Logger<'v> {
    name: &'v [u8],
    service: &'v ServiceView,
    options: Options,
}

/// The logs of these services. Of what a pattern matches, those that have one.
pub(super) fn sources(view: &StateView, patterns: &[String]) -> Result<Vec<Source>> {
    let loggers: Vec<_> = view.services().filter_map(|(name, it)| Logger::new(name, it)).collect();
    let mut sources: Vec<Source> = Vec::new();
    for pattern in patterns {
        let is_pattern = glob::is_pattern(pattern.as_bytes());
        for name in chosen(view, std::slice::from_ref(pattern))? {
            let itself = loggers.iter().find(|logger| logger.name == name);
            let found = match itself {
                // It is behind the services that it logs.
                Some(_) if is_pattern => continue,
                Some(logger) => Some((logger, None)),
                None => loggers.iter().find_map(|logger| Some((logger, logger.logs(view, &name)?))),
            };
            match found {
                Some((logger, label)) => {
                    let (dir, time) = (logger.dir()?, logger.options.time);
                    let source = Source { name, dir, label, time };
                    if !sources.contains(&source) {
                        sources.push(source);
                    }
                }
                None if is_pattern => {}
                None => return Err(no_log(&readable(&name))),
            }
        }
    }
    match (sources.is_empty(), patterns.first()) {
        (true, Some(pattern)) => Err(no_log(&format!("what {pattern} matches"))),
        _ => Ok(sources),
    }
}

fn no_log(whose: &str) -> Failure {
    let text = format!(
        "{whose} has no log that dpctl can read: it writes into no pipe that a service reads with \
         {PROGRAM} (log = true in a file of services makes one, or service.pipe NAME 1,2 {PROGRAM} \
         DIR)"
    );
    Failure::new(FAILED, text)
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
    fn dir(&self) -> Result<PathBuf> {
        let dir = &self.options.dir;
        if dir.is_absolute() {
            return Ok(dir.clone());
        }
        let name = readable(self.name);
        let pid = self.service.pid().ok_or_else(|| {
            let dir = dir.display();
            let text = format!(
                "the logger {name} writes to {dir}, which is below its working directory, but it \
                 does not run now"
            );
            Failure::new(FAILED, text)
        })?;
        let here = std::fs::read_link(format!("/proc/{pid}/cwd")).map_err(|error| {
            let text = format!("cannot see where the logger {name} runs (pid {pid}): {error}");
            Failure::new(FAILED, text)
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

    fn found(
        view: &StateView,
        name: &str,
    ) -> std::result::Result<(String, Option<String>), String> {
        let sources = sources(view, &[name.to_owned()]).map_err(|failure| failure.text)?;
        assert_eq!(sources.len(), 1);
        let label = sources[0].label.clone().map(|label| String::from_utf8(label).unwrap());
        Ok((sources[0].dir.display().to_string(), label))
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
        assert_eq!(found(&view, "web"), Ok(("/var/log/web".into(), None)));
        assert_eq!(found(&view, "db"), Ok(("/var/log/all".into(), Some("database".into()))));
        assert_eq!(found(&view, "both"), Ok(("/var/log/all".into(), None)));
        assert!(found(&view, "other").unwrap_err().starts_with("other has no log"));
        assert!(found(&view, "nobody").unwrap_err().contains("no service nobody"));
        let all = sources(&view, &["*".to_owned(), "web".to_owned()]).unwrap();
        let names: Vec<_> = all.iter().map(|source| readable(&source.name)).collect();
        assert_eq!(names, ["db", "web"]);
    }
}
