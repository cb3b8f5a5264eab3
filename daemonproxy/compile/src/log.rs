//! `log = { … }`: how a logger writes, as options of daemonproxy-log; or another program that is
//! the logger.

use std::collections::BTreeMap;

use crate::text::{list, quote};
use crate::value;
use crate::values::Found;

/// Settings that have a value of one word.
const VALUES: &[&str] = &["size", "age", "keep", "total", "time"];
/// Settings that are there or not.
const FLAGS: &[&str] = &["sync", "block"];

/// Settings of a logger, as its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    values: BTreeMap<&'static str, String>,
    flags: Vec<&'static str>,
    then: Vec<String>,
}

/// A logger, as its arguments say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) settings: Settings,
    /// Descriptors that it reads, and whose they are.
    pub(crate) inputs: Vec<(String, String)>,
    pub(crate) dir: String,
}

impl Settings {
    /// What the table says.
    pub(crate) fn of(table: &Found<'_>) -> Self {
        let mut settings = Self::default();
        for &name in VALUES {
            let Some(found) = table.entry(name) else { continue };
            let value = match name {
                "size" | "total" => value::bytes(found.get()).map(|it| it.to_string()),
                "age" => found.seconds().map(|it| it.to_string()),
                "keep" => found.number().map(|it| it.to_string()),
                _ => found.str().map(str::to_owned),
            };
            settings.values.extend(value.map(|value| (name, value)));
        }
        let is_on = |name: &&&str| table.entry(name).and_then(|it| it.flag()) == Some(true);
        settings.flags = FLAGS.iter().filter(is_on).copied().collect();
        let then = table.entry("then").map(|it| it.texts()).unwrap_or_default();
        settings.then = then.into_iter().map(|(text, _)| text.to_owned()).collect();
        settings
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The keys of a table, with their values.
    pub(crate) fn entries(&self) -> Vec<(&'static str, String)> {
        let value = |name: &str, text: &str| match name {
            "time" => quote(text),
            _ => text.to_owned(),
        };
        let values = VALUES.iter().filter_map(|name| self.values.get_key_value(name));
        let mut all: Vec<_> = values.map(|(name, text)| (*name, value(name, text))).collect();
        all.extend(self.flags.iter().map(|name| (*name, "true".to_owned())));
        if !self.then.is_empty() {
            all.push(("then", list(self.then.iter().map(|it| &**it))));
        }
        all
    }
}

impl Arguments {
    /// The program with its arguments.
    pub(crate) fn write(&self, program: &str) -> Vec<String> {
        let Settings { values, flags, then } = &self.settings;
        let mut args = vec![program.to_owned()];
        let values = VALUES.iter().filter_map(|name| values.get_key_value(name));
        args.extend(values.flat_map(|(name, value)| [format!("--{name}"), value.clone()]));
        args.extend(flags.iter().map(|name| format!("--{name}")));
        for (number, name) in &self.inputs {
            args.extend(["--fd".to_owned(), format!("{number}={name}")]);
        }
        args.push(self.dir.clone());
        if !then.is_empty() {
            args.push("--then".to_owned());
            args.extend(then.iter().cloned());
        }
        args
    }

    /// What was written in this way.
    pub(crate) fn read(args: &[String]) -> Option<Self> {
        let program = args.first()?;
        let mut it = Self::default();
        let mut rest = args.iter().skip(1);
        while let Some(arg) = rest.next() {
            let name = arg.strip_prefix("--").unwrap_or("");
            if name == "fd" {
                let (number, name) = rest.next()?.split_once('=')?;
                it.inputs.push((number.to_owned(), name.to_owned()));
            } else if name == "then" {
                it.settings.then = rest.by_ref().cloned().collect();
            } else if let Some(name) = VALUES.iter().find(|it| **it == name) {
                it.settings.values.insert(name, rest.next()?.clone());
            } else if let Some(flag) = FLAGS.iter().find(|it| **it == name) {
                it.settings.flags.push(flag);
            } else {
                it.dir.clone_from(arg);
            }
        }
        // Whoever has another order, or other words for numbers, is not one of ours.
        let is_number = |(name, value): (&&str, &String)| {
            *name == "time" || value.bytes().all(|byte| byte.is_ascii_digit())
        };
        let is_ours = it.write(program) == *args && it.settings.values.iter().all(is_number);
        is_ours.then_some(it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for line in [
            "daemonproxy-log logs/web",
            "/x/log --size 10 --age 60 --keep 3 --total 9 --time unix --sync --fd 3=a --fd 4=b d",
            "log --block d --then gzip -9",
        ] {
            let args = words(line);
            let read = Arguments::read(&args).unwrap();
            assert_eq!(read.write(&args[0]), args);
        }
        for other in ["svlogd -tt d", "log --keep 3 --size 10 d", "log --size 10M d", "log"] {
            assert_eq!(Arguments::read(&words(other)), None, "{other}");
        }
    }
}
