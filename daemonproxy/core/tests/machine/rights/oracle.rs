//! What a connection without full rights may do and hear, written down a second time: on lines as
//! text, and from the description in the manual and not from the grammar.

/// What has been taken from a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Limits {
    /// 2 full, 1 operate, 0 watch.
    rights: u8,
    /// The patterns of each command that had some.
    patterns: Vec<Vec<String>>,
    /// It has just asked for the filter of the log, which otherwise is a setting.
    pub(super) asks_for_filter: bool,
}

const NOT_PERMITTED: (&str, &str) = ("NotPermitted", "command not permitted on this connection");
const NO_SUCH: (&str, &str) = ("NoSuchService", "No such service");

impl Limits {
    pub(super) fn none() -> Self {
        Self { rights: 2, ..Self::default() }
    }

    /// Whether the service of this name is there for it.
    pub(super) fn sees(&self, name: &str) -> bool {
        self.patterns.iter().all(|any| any.iter().any(|pattern| is_like(name, pattern)))
    }

    /// The error that a well-formed command is refused with because of the rights alone: its name
    /// and its text.
    pub(super) fn refusal(&self, line: &str) -> Option<(&'static str, &'static str)> {
        let fields: Vec<&str> = line.split('\t').collect();
        let needed = match fields[0] {
            "echo" | "statedump" | "exit" => 0,
            "conn.event_timeout" | "conn.features" | "conn.timer" => 0,
            "log.filter" if fields.len() == 1 => 0,
            "conn.restrict" => rank(fields[1]),
            "service.start" | "service.stop" | "service.restart" | "service.release"
            | "service.signal" | "service.reload" => 1,
            _ => 2,
        };
        if needed > self.rights {
            Some(NOT_PERMITTED)
        } else if fields[0].starts_with("service.") && !self.sees(fields[1]) {
            Some(NO_SUCH)
        } else {
            None
        }
    }

    /// It has sent a `conn.restrict` for which it has the rights. Returns whether there is room for
    /// that.
    pub(super) fn narrow(&mut self, line: &str) -> bool {
        let fields: Vec<&str> = line.split('\t').collect();
        let patterns: Vec<String> = fields[2..].iter().map(|&field| field.to_owned()).collect();
        let before: usize = self.patterns.iter().map(Vec::len).sum();
        if before + patterns.len() > 16 {
            return false;
        }
        self.rights = rank(fields[1]);
        if !patterns.is_empty() {
            self.patterns.push(patterns);
        }
        true
    }

    /// What it hears of a line that a connection with full rights hears. An echo is not to be asked
    /// about: it may look like anything.
    pub(super) fn heard(&self, line: &str) -> Option<String> {
        let fields: Vec<&str> = line.split('\t').collect();
        if self.rights == 2 {
            return Some(line.to_owned());
        }
        match fields[0] {
            "service.state" | "service.tags" | "service.args" => {
                self.sees(fields[1]).then(|| line.to_owned())
            }
            "service.auto_up" => self.sees(fields[1]).then(|| {
                let shown = |condition: &str| match condition.split_once(':') {
                    Some((kind, name)) if !self.sees(name) => format!("{kind}:*"),
                    _ => condition.to_owned(),
                };
                let trigger = |it: &&str| it.split(',').map(shown).collect::<Vec<_>>().join(",");
                fields.iter().map(trigger).collect::<Vec<_>>().join("\t")
            }),
            "service.run" => self.sees(fields[1]).then(|| {
                let shown = |condition: &str| match condition.split_once(':') {
                    Some((kind, name)) if !self.sees(name) => format!("{kind}:*"),
                    _ => condition.to_owned(),
                };
                let fact = |it: &&str| match it.strip_prefix("why=") {
                    Some(why) => {
                        let why = why.split(',').map(shown).collect::<Vec<_>>().join(",");
                        format!("why={why}")
                    }
                    None => (*it).to_owned(),
                };
                fields.iter().map(fact).collect::<Vec<_>>().join("\t")
            }),
            "service.fds" => self.sees(fields[1]).then(|| {
                let shown = |&name: &&str| match name {
                    "" | "-" => name.to_owned(),
                    name if self.sees(name) => name.to_owned(),
                    _ => "*".to_owned(),
                };
                let rest: Vec<String> = fields[2..].iter().map(shown).collect();
                format!("service.fds\t{}\t{}", fields[1], rest.join("\t"))
            }),
            "error" => {
                match line.strip_suffix('"').and_then(|it| it.rsplit_once(", for service \"")) {
                    None => Some(line.to_owned()),
                    Some((_, service)) if !self.sees(service) => None,
                    Some((reason, service)) => {
                        let fd = reason
                            .strip_prefix("error\tfd \"")
                            .and_then(|rest| rest.strip_suffix("\" does not exist"));
                        Some(match fd {
                            Some(fd) if !self.sees(fd) => {
                                format!("error\tfd \"*\" does not exist, for service \"{service}\"")
                            }
                            _ => line.to_owned(),
                        })
                    }
                }
            }
            "log.filter" => self.asks_for_filter.then(|| line.to_owned()),
            "done" | "conn.features" | "conn.timer" | "overflow" => Some(line.to_owned()),
            _ => None,
        }
    }
}

fn rank(word: &str) -> u8 {
    match word {
        "watch" => 0,
        "operate" => 1,
        _ => 2,
    }
}

/// The slow and obvious way.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return name.is_empty() };
    let rest = &pattern[1..];
    match first {
        '*' => (0..=name.len()).any(|at| is_like(&name[at..], rest)),
        '?' => !name.is_empty() && is_like(&name[1..], rest),
        _ => name.starts_with(first) && is_like(&name[1..], rest),
    }
}
