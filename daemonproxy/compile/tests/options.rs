//! Every option of the grammar has a key: what a daemon has is exported, and read again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;

use daemonproxy_compile::{Content, Reader, compile, export};
use daemonproxy_protocol::tables::OPTIONS;
use daemonproxy_protocol::{Event, StateView};

/// What is said in another way: arguments by `run`, sockets by `listen`. A file has whole seconds.
const OTHERWISE: &[&str] = &["args=percent", "listen", "giveup=3/0.5"];

struct File(String);

impl Reader for File {
    fn read(&mut self, _: &str) -> io::Result<Content> {
        Ok(Content { bytes: self.0.clone().into_bytes(), ..Content::default() })
    }

    fn matching(&mut self, _: &str) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[test]
fn every_option_has_a_key() {
    for info in OPTIONS {
        for example in info.examples {
            if OTHERWISE.contains(example) {
                continue;
            }
            let mut view = StateView::new();
            for line in [
                "service.state\ta\tdown\t-\t-\t-\t-\t-\t-".to_owned(),
                "service.args\ta\tx".to_owned(),
                "service.fds\ta\tnull\tstdout\tstderr".to_owned(),
                "service.auto_up\ta\t1\talways".to_owned(),
                format!("service.options\ta\t{example}"),
                "service.state\talarm\tdown\t-\t-\t-\t-\t-\t-".to_owned(),
                "service.args\talarm\tx".to_owned(),
            ] {
                view.apply(&Event::parse(line.as_bytes()).unwrap());
            }
            let text = export(&view, None, false);
            let compiled = compile("s.toml", &mut File(text.clone()));
            let plan = compiled.plan.unwrap_or_else(|| panic!("{example}: {text}"));
            let options = &plan.service("a").unwrap().options;
            assert_eq!(*options, [*example], "this option has no key:\n{text}");
        }
    }
}
