//! The logs that names and patterns on the command line mean.

use daemonproxy_apply::glob;
use daemonproxy_client::StateView;
use daemonproxy_look::logs::{Loggers, Source, no_log};

use crate::failure::{FAILED, Failure, Result};
use crate::services::chosen;
use crate::style::readable;

/// The logs of these services. Of what a pattern matches, those that have one.
pub(super) fn sources(view: &StateView, patterns: &[String]) -> Result<Vec<Source>> {
    let loggers = Loggers::of(view);
    let failed = |text| Failure::new(FAILED, text);
    let mut sources: Vec<Source> = Vec::new();
    for pattern in patterns {
        let is_pattern = glob::is_pattern(pattern.as_bytes());
        for name in chosen(view, std::slice::from_ref(pattern))? {
            // A logger is behind the services that it logs.
            if is_pattern && loggers.has(&name) {
                continue;
            }
            match loggers.source(&name).map_err(failed)? {
                Some(source) if sources.contains(&source) => {}
                Some(source) => sources.push(source),
                None if is_pattern => {}
                None => return Err(failed(no_log(&readable(&name)))),
            }
        }
    }
    match (sources.is_empty(), patterns.first()) {
        (true, Some(pattern)) => Err(failed(no_log(&format!("what {pattern} matches")))),
        _ => Ok(sources),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daemonproxy_client::protocol::Event;

    #[test]
    fn a_pattern_means_those_that_have_a_log_and_a_name_must() {
        let mut view = StateView::new();
        for line in [
            "fd.state w.r pipe from w.w",
            "fd.state w.w pipe to w.r",
            "service.fds web null w.w w.w",
            "service.fds other null null null",
            "service.args logger daemonproxy-log /var/log/web",
            "service.fds logger w.r stderr stderr",
        ] {
            view.apply(&Event::parse(line.replace(' ', "\t").as_bytes()).unwrap());
        }
        let found = |patterns: &[&str]| {
            let patterns: Vec<_> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
            let sources = sources(&view, &patterns).map_err(|failure| failure.text)?;
            Ok::<_, String>(sources.iter().map(|it| readable(&it.name)).collect::<Vec<_>>())
        };
        assert_eq!(found(&["*", "web"]), Ok(vec!["web".to_owned()]));
        assert_eq!(found(&["logger"]), Ok(vec!["logger".to_owned()]));
        assert!(found(&["other"]).unwrap_err().starts_with("other has no log"));
        assert!(found(&["o*"]).unwrap_err().starts_with("what o* matches has no log"));
        assert!(found(&["nobody"]).unwrap_err().contains("no service nobody"));
    }
}
