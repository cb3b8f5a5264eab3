//! A history as a transcript: what was done and what was said, as far as that format can tell it.
//!
//! What it cannot tell (half a write, a grandchild, half a second) is a comment.

use daemonproxy_core::{Ended, Limits};
use daemonproxy_protocol::{Fact, FactKind, Signal};
use daemonproxy_testing::world::{ERRORS, Op, Output};

use super::history::History;
use crate::transcript::escape;

/// A transcript that is being written.
#[derive(Default)]
pub(super) struct Record {
    text: String,
    /// The pids that were reported, by the number of their placeholder.
    pids: Vec<Vec<u8>>,
}

impl Record {
    pub(super) fn new(history: &History, fault: &str) -> Self {
        let mut record = Self::default();
        let first = fault.lines().next().unwrap_or_default();
        record.comment(&format!("{} (seed {})", escape(first.as_bytes()), history.seed));
        record.text.push_str("@\tfor\tcore\n@\tmain\tsocket\n");
        let cgroups = history.cgroups.then(|| ("--cgroup", "/sys/fs/cgroup/dp".to_owned()));
        for (option, value) in cgroups.into_iter().chain(options(&history.limits, history.guard)) {
            record.text.push_str(&format!("@\targs\t{option}\t{value}\n"));
        }
        record
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn comment(&mut self, text: &str) {
        self.text.push_str(&format!("# {text}\n"));
    }

    pub(super) fn world(&mut self, text: &str) {
        self.text.push_str(&format!("!\t{text}\n"));
    }

    pub(super) fn reads(&mut self, who: &str, output: Output) {
        match output {
            Output::Free => self.world(&format!("resume\t{who}")),
            Output::Room(_) | Output::Pieces(_) | Output::Fails(_) => {
                self.comment(&format!("{who} reads like this: {output:?}"));
                self.world(&format!("stop\t{who}"));
            }
        }
    }

    pub(super) fn signal(&mut self, signal: Signal) {
        self.world(&format!("signal\t{}", signal_name(signal)));
    }

    pub(super) fn wait(&mut self, millis: u64) {
        if millis.is_multiple_of(1_000) {
            self.world(&format!("clock\t{}", millis / 1_000));
        } else {
            self.comment(&format!("{millis} ms pass"));
        }
    }

    pub(super) fn fail(&mut self, op: Op, errno: i32, times: u32) {
        let known = ERRORS.iter().find(|(_, number, _)| *number == errno);
        let name = known.map_or("EPERM", |(name, ..)| name);
        let operation = format!("{op:?}").to_lowercase();
        if times > 1 {
            self.comment(&format!("{times} times:"));
        }
        match op {
            Op::Link => self.comment(&format!("fail {operation} {name}")),
            _ => self.world(&format!("fail\t{operation}\t{name}")),
        }
    }

    pub(super) fn hang_exec(&mut self, times: u32) {
        if times > 1 {
            self.comment(&format!("{times} times:"));
        }
        self.world("hang\texec");
    }

    pub(super) fn end_exec(&mut self, pid: i32, errno: Option<i32>) {
        let pid = self.pid(pid.to_string().as_bytes());
        let known = ERRORS.iter().find(|(_, number, _)| Some(*number) == errno);
        match (errno, known) {
            (None, _) => self.world(&format!("exec\t{pid}")),
            (Some(_), known) => {
                let name = known.map_or("EPERM", |(name, ..)| name);
                self.world(&format!("exec\t{pid}\t{name}"));
            }
        }
    }

    pub(super) fn tell(&mut self, pid: i32, uid: u32, said: &[u8], fds: usize) {
        let pid = self.pid(pid.to_string().as_bytes());
        self.world(&format!("tell\t{pid}\t{}\t{fds}\t{uid}", escape_line(said)));
    }

    pub(super) fn reap(&mut self, pid: i32, end: Ended) {
        let pid = self.pid(pid.to_string().as_bytes());
        match end {
            Ended::Exit(status) => self.world(&format!("reap\t{pid}\texit\t{status}")),
            Ended::Signal(signal) => {
                self.world(&format!("reap\t{pid}\tsignal\t{}", signal_name(signal)));
            }
        }
    }

    pub(super) fn send(&mut self, who: &str, bytes: &[u8], passed: usize) {
        for _ in 0..passed {
            self.world("pass\tfile");
        }
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let Some(line) = line.strip_suffix(b"\n") else {
                self.comment("without an end of line:");
                self.text.push_str(&format!(">{who}\t{}\n", escape_line(line)));
                continue;
            };
            self.text.push_str(&format!(">{who}\t{}\n", escape_line(line)));
        }
    }

    pub(super) fn line(&mut self, who: &str, line: &[u8]) {
        let mut fields: Vec<String> = line.split(|&byte| byte == b'\t').map(escape).collect();
        match fields[0].as_str() {
            "service.state" if fields.len() == 9 => {
                if who.is_empty() && fields[2] == "up" {
                    self.pids.push(fields[4].clone().into_bytes());
                }
                if fields[3] != "-" {
                    fields[3] = "{ts}".to_owned();
                }
                if fields[4] != "-" {
                    fields[4] = self.pid(fields[4].clone().as_bytes());
                }
                for field in &mut fields[7..] {
                    if field != "-" {
                        "{secs}".clone_into(field);
                    }
                }
            }
            "service.run" => {
                for field in &mut fields[3..] {
                    if let Some(pid) = field.strip_prefix("pid=") {
                        *field = format!("pid={}", self.pid(pid.to_owned().as_bytes()));
                    } else if let Some((key, _)) = field.split_once('=')
                        && Fact::parse(key.as_bytes())
                            .is_some_and(|fact| fact.kind() == FactKind::Moment)
                    {
                        *field = format!("{key}={{moment}}");
                    }
                }
            }
            "signal" if fields.len() == 4 => "{ts}".clone_into(&mut fields[2]),
            _ => {}
        }
        self.text.push_str(&format!("<{who}\t{}\n", fields.join("\t")));
    }

    /// The placeholder of a pid: the latest process that had it.
    fn pid(&mut self, pid: &[u8]) -> String {
        match self.pids.iter().rposition(|known| known == pid) {
            Some(at) => format!("{{pid:{}}}", at + 1),
            None => "{pid}".to_owned(),
        }
    }
}

fn escape_line(line: &[u8]) -> String {
    line.split(|&byte| byte == b'\t').map(escape).collect::<Vec<_>>().join("\t")
}

fn signal_name(signal: Signal) -> String {
    let mut name = Vec::new();
    signal.write_name(&mut name);
    String::from_utf8_lossy(&name).into_owned()
}

/// The options of the command line for all this.
fn options(limits: &Limits, guard: Option<i64>) -> Vec<(&'static str, String)> {
    let mut options = Vec::new();
    if limits.max_line != Limits::default().max_line {
        options.push(("--max-line", limits.max_line.to_string()));
    }
    for (option, pool) in [("--service-pool", limits.services), ("--fd-pool", limits.fds)] {
        if let Some(pool) = pool {
            options.push((option, format!("{}x{}", pool.count, pool.bytes)));
        }
    }
    if let Some(count) = limits.controllers {
        options.push(("--controller-pool", count.to_string()));
    }
    if let Some(code) = guard {
        options.push(("--exit-guard", code.to_string()));
    }
    options
}
