//! A service as it stands in the file: what its keys say, before its instances are made and names
//! are looked up.

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::check::is_name;
use crate::env::{self, Env};
use crate::fill::fill;
use crate::health::{self, Health, How};
use crate::hints;
use crate::keys::TO_COME;
use crate::lease::{self, LEASE};
use crate::listen;
use crate::log::Settings;
use crate::option;
use crate::plan::Make;
use crate::problem::{Place, Problem, Severity};
use crate::schedule::{self, Schedule};
use crate::source::{Account, Reader, SourceFile, Thing, beside};
use crate::text::quote;
use crate::values::{Found, Values, part};
use crate::words::{self, Fault};

/// What starts a service again.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Restart {
    Always,
    OnFailure,
    Never,
}

/// Where its output goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    Not,
    Own,
    Shared,
}

/// Where a standard descriptor comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    Named(String),
    File(String),
}

/// One thing that must hold before it is started.
#[derive(Clone, Debug)]
pub(crate) struct After {
    /// `ready`, `up`, `down`, `done` or `fd`.
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) place: Place,
    /// Nothing was written in front of the name.
    pub(crate) is_plain: bool,
}

/// A service.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) instances: Option<u32>,
    pub(crate) rolling: bool,
    pub(crate) enabled: bool,
    pub(crate) args: Vec<String>,
    pub(crate) restart: Restart,
    pub(crate) autostart: bool,
    pub(crate) interval: u32,
    pub(crate) after: Vec<After>,
    /// Who is started when this one is given up.
    pub(crate) on_giveup: Option<(String, Place)>,
    /// Whether it says when it is ready.
    pub(crate) says_ready: bool,
    pub(crate) options: Vec<String>,
    pub(crate) env: Env,
    pub(crate) listen: Vec<(String, Make, Place)>,
    pub(crate) standard: [Option<Standard>; 3],
    pub(crate) fds: Vec<String>,
    pub(crate) log: Log,
    pub(crate) log_place: Place,
    /// How its logger writes.
    pub(crate) logger: Settings,
    /// Another program that is its logger.
    pub(crate) other_logger: Option<Vec<String>>,
    pub(crate) tags: Vec<String>,
    pub(crate) health: Option<Health>,
    pub(crate) schedule: Option<Schedule>,
    /// Of all services with this lease, on all machines of a fleet, one runs.
    pub(crate) lease: Option<String>,
}

/// Tags that apply sets itself.
const OWN_TAGS: &[&str] =
    &["again", "changed", "owner", "groups", "made", "secrets", "rolling", "logger", "added"];

/// Tags that are those of keys.
const TAGS_OF_KEYS: &[&str] = &["health", LEASE, "schedule"];

/// Tags that those write who carry out `health` and `schedule`.
pub(crate) const MEMORY_TAGS: &[&str] =
    &["health.failed", "health.found", "health.restarted", "schedule.due", "schedule.skipped"];

/// Tags that services have which stand in no file.
pub(crate) const LOGGER_TAG: &str = "logger";
pub(crate) const ADDED_TAG: &str = "added";

/// Whether a tag of this key does not come from `tags`.
pub(crate) fn is_own_tag(key: &str) -> bool {
    OWN_TAGS.contains(&key) || key_of_tag(key).is_some()
}

/// The key that a tag belongs to: `health` of `health.every`.
pub(crate) fn key_of_tag(tag: &str) -> Option<&'static str> {
    let first = tag.split(['.', '=']).next()?;
    TAGS_OF_KEYS.iter().copied().find(|key| *key == first)
}

/// Reads services.
pub(crate) struct Readings<'r> {
    pub(crate) files: &'r [SourceFile],
    pub(crate) reader: &'r mut dyn Reader,
    pub(crate) problems: &'r mut Vec<Problem>,
}

impl Readings<'_> {
    fn error(&mut self, place: Place, message: impl Into<String>) {
        self.problems.push(Problem::error(place, message));
    }

    /// The service whose values these are. Something is returned whatever is wrong with it, so that
    /// others that name it can be looked at.
    pub(crate) fn service(&mut self, values: &Values<'_>) -> Raw {
        let name = values.name.to_owned();
        if !is_name(&name) {
            let message = format!("{name:?} cannot be the name of a service");
            let problem = Problem::error(values.place.clone(), message);
            self.problems
                .push(problem.help("a name has 1 to 31 characters out of A-Z a-z 0-9 . _ -"));
        }
        self.not_supported(values);
        let schedule = self.schedule(values);
        let lease = lease::read(values, self.problems);
        let restart = values.get("restart");
        let when = restart.and_then(|it| it.entry("when").or(Some(it))?.str());
        let delay = restart.and_then(|it| it.entry("delay")?.seconds()).unwrap_or(1);
        let log = values.get("log");
        let flag =
            |key: &str, without: bool| values.get(key).and_then(|it| it.flag()).unwrap_or(without);
        let env = self.env(values);
        let mut raw = Raw {
            name,
            place: values.place.clone(),
            instances: values.own("instances").and_then(|it| u32::try_from(it.number()?).ok()),
            rolling: flag("rolling", false),
            enabled: flag("enabled", true),
            args: self.args(values),
            restart: match when {
                // Its agent starts it, and nobody else.
                _ if lease.is_some() => Restart::Never,
                Some("on-failure") => Restart::OnFailure,
                Some("never") => Restart::Never,
                // It runs when its time comes.
                _ if schedule.is_some() => Restart::Never,
                _ => Restart::Always,
            },
            autostart: match schedule {
                _ if lease.is_some() => false,
                None => flag("autostart", true),
                Some(_) => values.own("autostart").and_then(|it| it.flag()) == Some(true),
            },
            interval: u32::try_from(delay).unwrap_or(1).max(1),
            after: self.after(values),
            on_giveup: values
                .get("on_giveup")
                .and_then(|it| Some((it.str()?.to_owned(), it.place()))),
            says_ready: values.get("ready").is_some(),
            options: Vec::new(),
            env,
            listen: self.listen(values),
            standard: [
                self.standard(values, "stdin"),
                self.standard(values, "stdout"),
                self.standard(values, "stderr"),
            ],
            fds: self.descriptors(values.get("fds")),
            log: match log {
                Some(it) if it.str() == Some("shared") => Log::Shared,
                Some(it) if it.flag() == Some(true) || it.get().is_table() => Log::Own,
                _ => Log::Not,
            },
            logger: log.map(|it| Settings::of(&it)).unwrap_or_default(),
            other_logger: log.and_then(|it| self.other_logger(&it)),
            log_place: log.map_or_else(|| values.place.clone(), |it| it.place()),
            tags: self.tags(values),
            health: self.health(values),
            schedule,
            lease,
        };
        raw.options = self.options(values, &raw);
        self.accounts(values);
        self.things(values, &raw);
        raw
    }

    /// What a person may write, and nobody carries out yet, is an error.
    fn not_supported(&mut self, values: &Values<'_>) {
        if let Some(found) = values.get("ready").filter(|it| it.str() == Some("health"))
            && values.get("health").is_none()
        {
            self.error(found.place(), "`ready = \"health\"` needs `health`");
        }
        let restart = values.get("restart");
        for (key, option) in [("max", "backoff"), ("giveup", "giveup")] {
            if let Some(found) = restart.and_then(|it| it.entry(key))
                && !option::is_known(option)
            {
                self.error(found.place(), format!("`restart.{key}` is not supported yet"));
            }
        }
        debug_assert!(!TO_COME.contains(&"restart"));
    }

    fn health(&mut self, values: &Values<'_>) -> Option<Health> {
        let found = values.get("health").filter(|it| it.get().is_table())?;
        let ways = ["http", "tcp", "run", "sh"];
        let given: Vec<_> = ways.into_iter().filter(|key| found.entry(key).is_some()).collect();
        let [way] = given[..] else {
            let message = "`health` needs one of `http`, `tcp`, `run` and `sh`";
            self.error(found.place(), message);
            return None;
        };
        let value = found.entry(way)?;
        // What is filled in is as good for one instance as for another.
        let number = values.own("instances").map(|_| 1);
        let how = match way {
            "http" | "tcp" => {
                let text = value.str()?;
                let (looked_at, of_tag) = match way {
                    "http" => (health::http(&fill(text, number)), text.to_owned()),
                    _ => (health::tcp(&fill(text, number)), format!("tcp:{text}")),
                };
                if let Err((message, help)) = looked_at {
                    self.problems.push(Problem::error(value.place(), message).help(help));
                }
                How::Address(of_tag)
            }
            "sh" => How::Command(self.shell(&value)?),
            _ => How::Command(self.run(&value)),
        };
        Some(Health {
            how,
            every: found.entry("every").and_then(|it| it.seconds()),
            within: found.entry("within").and_then(|it| it.seconds()),
            failures: found.entry("failures").and_then(|it| it.number()),
        })
    }

    fn schedule(&mut self, values: &Values<'_>) -> Option<Schedule> {
        let found = values.own("schedule").filter(|it| it.get().is_table())?;
        let Some(cron) = found.entry("cron") else {
            self.error(found.place(), "`schedule` needs `cron`");
            return None;
        };
        let expression = schedule::normal(cron.str()?);
        if let Some((message, help)) = schedule::fault(&expression) {
            let problem = Problem::error(cron.place(), message);
            self.problems.push(problem.help_if(help.map(str::to_owned)));
        }
        let tz = found.entry("tz").and_then(|it| Some((it.str()?.to_owned(), it.place())));
        if let Some((name, place)) = &tz
            && !schedule::is_zone(name)
        {
            let problem = Problem::error(place.clone(), format!("{name:?} is no time zone"));
            self.problems.push(problem.help("such as \"Europe/Berlin\" or \"UTC\""));
        }
        let restart = values.own("restart");
        if let Some(when) = restart.and_then(|it| it.entry("when").or(Some(it)))
            && when.str() == Some("always")
        {
            let message = "with a `schedule` it cannot be started again whenever it ends";
            let problem = Problem::error(when.place(), message);
            self.problems.push(problem.help("leave it out, or write \"on-failure\""));
        }
        if let Some(after) = values.own("after") {
            let message = "what the `schedule` starts does not wait for this";
            self.problems.push(Problem::warning(after.place(), message));
        }
        Some(Schedule {
            cron: expression,
            tz: tz.map(|(name, _)| name),
            catch_up: found
                .entry("catch_up")
                .filter(|it| it.flag() == Some(true))
                .map(|it| it.place()),
        })
    }

    fn args(&mut self, values: &Values<'_>) -> Vec<String> {
        let (run, sh) = (values.own("run"), values.own("sh"));
        if let (Some(run), Some(sh)) = (run, sh) {
            let problem = Problem::error(sh.place(), "either `run` or `sh`, not both");
            self.problems.push(problem.other(run.place(), "`run` is here"));
        }
        if let Some(args) = sh.and_then(|it| self.shell(&it)) {
            return args;
        }
        let Some(run) = run else {
            // A word for `run` that is not known here was complained about.
            let is_meant = |key: &str| {
                hints::elsewhere(key, false).is_some_and(|it| it.starts_with("run") || it == "sh")
                    || hints::nearest(key, ["run", "sh"].into_iter()).is_some()
            };
            let own = values.own.entries();
            if sh.is_none() && !own.iter().any(|(key, ..)| is_meant(key)) {
                let name = values.name;
                let problem =
                    Problem::error(values.place.clone(), format!("[service.{name}] has no `run`"));
                self.problems.push(problem.help("say what to run: run = \"PROGRAM ARGUMENTS\", or sh = \"a line for the shell\""));
            }
            return Vec::new();
        };
        self.run(&run)
    }

    /// The program that a `log` names as its logger.
    fn other_logger(&mut self, log: &Found<'_>) -> Option<Vec<String>> {
        let (run, sh) = (log.entry("run"), log.entry("sh"));
        let program = run.or(sh)?;
        if run.is_some() && sh.is_some() || !Settings::of(log).is_empty() {
            let message = "another logger has neither settings, nor both `run` and `sh`";
            self.error(program.place(), message);
        }
        match run {
            Some(run) => Some(self.run(&run)),
            None => self.shell(&program),
        }
    }

    /// The shell and its arguments, for a line.
    fn shell(&mut self, sh: &Found<'_>) -> Option<Vec<String>> {
        let text = sh.str()?;
        if text.trim().is_empty() {
            self.error(sh.place(), "`sh` is empty");
        }
        Some(["sh", "-c", text].map(str::to_owned).to_vec())
    }

    /// A program and its arguments.
    fn run(&mut self, run: &Found<'_>) -> Vec<String> {
        let args = match run.str() {
            Some(text) => self.words(text, run),
            None => run.texts().into_iter().map(|(text, _)| text.to_owned()).collect(),
        };
        match args.first() {
            None if run.get().is_array() => self.error(run.place(), "`run` is empty"),
            Some(first) if first.is_empty() => {
                self.error(run.place(), "the program is an empty text");
            }
            _ => {}
        }
        if args.iter().any(|arg| arg.contains('\0')) {
            self.error(run.place(), "an argument cannot contain the character U+0000");
        }
        args
    }

    fn words(&mut self, text: &str, run: &Found<'_>) -> Vec<String> {
        let fault = match words::split(text) {
            Ok(words) => return words,
            Err(fault) => fault,
        };
        let source = self.files.get(run.file).map_or("", |file| &file.text);
        let at = |within| {
            let span = part(source, &run.value.span(), text, within);
            Place { file: run.file, span }
        };
        let problem = match &fault {
            Fault::Special(within, c) => {
                let message = format!("`{c}` means something to a shell, and `run` has none");
                let help = format!(
                    "for a shell write sh = {}; for the character itself put it into '…', or write a list",
                    quote(text)
                );
                Problem::error(at(within), message).help(help)
            }
            Fault::Open(within) => {
                let end = if text[within.clone()].starts_with('\\') {
                    "nothing behind it"
                } else {
                    "no end"
                };
                Problem::error(at(within), format!("this has {end}"))
            }
            Fault::Assignment(within) => {
                let word = text.get(within.clone()).unwrap_or_default();
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                Problem::error(at(within), "a variable in front of the program is for a shell")
                    .help(format!("write env = {{ {name} = {value:?} }}"))
            }
            Fault::Empty => Problem::error(run.place(), "`run` is empty"),
        };
        self.problems.push(problem);
        Vec::new()
    }

    fn after(&mut self, values: &Values<'_>) -> Vec<After> {
        let mut all = Vec::new();
        let found = values.get("after").filter(|it| it.get().is_array());
        for (text, place) in found.map(|it| it.texts()).unwrap_or_default() {
            let (kind, name) = text.split_once(':').unwrap_or(("", text));
            let kind = match kind {
                "" | "ready" => "ready",
                "up" => "up",
                "down" => "down",
                "done" => "done",
                "fd" => "fd",
                _ => {
                    let problem = Problem::error(place, format!("unknown condition `{kind}:`"));
                    self.problems.push(problem.help(
                        "there are NAME, ready:NAME, up:NAME, down:NAME, done:NAME and fd:NAME",
                    ));
                    continue;
                }
            };
            if !is_name(name) {
                self.error(place, format!("{name:?} cannot be a name"));
                continue;
            }
            let is_plain = !text.contains(':');
            all.push(After { kind, name: name.to_owned(), place, is_plain });
        }
        all
    }

    /// Whether those are there who it runs as. Numbers need no entry.
    fn accounts(&mut self, values: &Values<'_>) {
        let (user, group) = (Account::User, Account::Group);
        for (key, account) in [("user", user), ("group", group), ("groups", group)] {
            let texts = values.get(key).map_or_else(Vec::new, |it| it.texts());
            for (name, place) in texts {
                // What can be no name was complained about in `check`.
                if name.parse::<u32>().is_err() && !name.contains(':') {
                    self.account(account, name, &place);
                }
            }
        }
    }

    /// Whether its program and its directory are there: they may still come, and so this is only a
    /// warning. Of paths that are not the same for all, or that are relative, nothing is known here.
    fn things(&mut self, values: &Values<'_>, raw: &Raw) {
        let is_fixed = |text: &str| !text.contains('{');
        if let Some(found) = values.get("cwd")
            && let Some(path) = found.str()
            && path.starts_with('/')
            && is_fixed(path)
            && !self.reader.is_there(Thing::Directory, path)
        {
            let message = format!("there is no directory {path} on this machine");
            self.problems.push(Problem::warning(found.place(), message));
        }
        let has_path = values.get("env").is_some_and(|it| it.entry("PATH").is_some());
        if let Some(found) = values.own("run")
            && let Some(program) = raw.args.first()
            && is_fixed(program)
            && (program.starts_with('/') || !program.contains('/') && !has_path)
            && !self.reader.is_there(Thing::Program, program)
        {
            let place = if program.starts_with('/') { "on this machine" } else { "in PATH here" };
            let message = format!("there is no program {program} {place}");
            self.problems.push(Problem::warning(found.place(), message));
        }
    }

    fn account(&mut self, account: Account, name: &str, place: &Place) {
        if name.is_empty() {
            return;
        }
        let Some(severity) = self.reader.lacks(account, name) else { return };
        let (what, file, make) = match account {
            Account::User => ("user", "/etc/passwd", "useradd --system"),
            Account::Group => ("group", "/etc/group", "groupadd --system"),
        };
        let message = format!("there is no {what} `{name}` on this machine");
        let mut problem = Problem { severity, ..Problem::error(place.clone(), message) };
        if severity == Severity::Warning {
            problem = problem.label("an error where it is applied");
        }
        self.problems.push(
            problem.help(format!(
                "only {file} is asked; `{make} {name}` makes one, or write a number"
            )),
        );
    }

    /// The options of the grammar: by their own names, and those of groups.
    fn options(&mut self, values: &Values<'_>, raw: &Raw) -> Vec<String> {
        let mut options = Vec::new();
        for (key, found) in values.keys() {
            if let Some(info) = option::find(key)
                && !is_health(key, &found)
                && let Ok(Some(text)) = option::text(info, found.get())
            {
                options.push(text);
            }
        }
        if values.get("ready").is_some_and(|it| is_health("ready", &it)) {
            options.push("ready=control".to_owned());
        }
        if let Some(stop) = values.get("stop") {
            let signal = stop.entry("signal").unwrap_or(stop);
            options.extend(signal.str().map(|signal| format!("stop={signal}")));
            let after = stop.entry("after");
            if after.is_some_and(|it| it.str() == Some("never")) {
                options.push("stop_after=-".to_owned());
            }
            let seconds = after.and_then(|it| match it.get() {
                DeValue::Float(number) => Some(number.as_str().to_owned()),
                _ => it.seconds().map(|it| it.to_string()),
            });
            options.extend(seconds.map(|seconds| format!("stop_after={seconds}")));
        }
        if let Some(restart) = values.get("restart") {
            let max = restart.entry("max").and_then(|it| it.seconds());
            let (factor, reset) = (restart.entry("factor"), restart.entry("reset"));
            if let Some(found) = factor.or(reset).filter(|_| max.is_none()) {
                self.error(found.place(), "`factor` and `reset` need `max`");
            }
            let number = factor.map(|it| match it.get() {
                DeValue::Float(number) => number.as_str().to_owned(),
                _ => it.number().map_or(String::new(), |it| it.to_string()),
            });
            let reset = reset.and_then(|it| it.seconds());
            // The second is there if the third is.
            let number = number.or(reset.map(|_| "2".to_owned()));
            options.extend(max.filter(|_| option::is_known("backoff")).map(|max| {
                let more = number.into_iter().chain(reset.map(|it| it.to_string()));
                format!("backoff={max}{}", more.map(|it| format!(":{it}")).collect::<String>())
            }));
            if let Some(giveup) = restart.entry("giveup").filter(|it| it.get().is_table()) {
                let times = giveup.entry("times").and_then(|it| it.number());
                let within = giveup.entry("within").and_then(|it| it.seconds());
                match (times, within) {
                    (Some(times), Some(within)) if option::is_known("giveup") => {
                        options.push(format!("giveup={times}/{within}"));
                    }
                    (Some(_), Some(_)) => {}
                    _ => self.error(giveup.place(), "`giveup` needs `times` and `within`"),
                }
            }
        }
        for option in &options {
            if daemonproxy_protocol::ServiceOption::parse(option.as_bytes()).is_err() {
                let place = values.get("restart").or_else(|| values.get("stop"));
                let place = place.map_or_else(|| values.place.clone(), |it| it.place());
                self.problems
                    .push(Problem::error(place, format!("the daemon does not take {option:?}")));
            }
        }
        self.limits(values, &mut options);
        if !raw.listen.is_empty() {
            options.push("listen".into());
        }
        if raw.args.iter().any(|arg| arg.bytes().any(|byte| byte < 0x20)) {
            options.push("args=percent".into());
        }
        if raw.lease.is_some() {
            options.extend(lease::added(values, &options));
        }
        options.sort();
        options
    }

    fn limits(&mut self, values: &Values<'_>, options: &mut Vec<String>) {
        let known = daemonproxy_protocol::tables::OPTIONS.iter().find(|it| it.name == "limit");
        let known = known.map_or(&[][..], |it| it.names);
        let mut limits = BTreeMap::new();
        for (name, place, value) in values.all("limits").iter().flat_map(Found::entries) {
            if !known.contains(&name) {
                let message = format!("there is no limit `{name}`");
                let near = hints::nearest(name, known.iter().copied());
                let help = near.map_or_else(
                    || format!("there are: {}", known.join(", ")),
                    |it| format!("did you mean `{it}`?"),
                );
                self.problems.push(Problem::error(place, message).help(help));
                continue;
            }
            let one = |value: &DeValue<'_>| match value.as_str() {
                Some(text) => Some(text.to_owned()),
                None => crate::value::integer(value).map(|number| number.to_string()),
            };
            let text = match value.get().as_array() {
                Some(two) => two
                    .iter()
                    .map(|it| one(it.get_ref()))
                    .collect::<Option<Vec<_>>>()
                    .map(|it| it.join(":")),
                None => one(value.get()),
            };
            let Some(text) = text.filter(|text| !text.contains('-')) else { continue };
            let option = format!("limit.{name}={text}");
            if daemonproxy_protocol::ServiceOption::parse(option.as_bytes()).is_err() {
                self.error(
                    value.place(),
                    "the first number, which holds, cannot be above the second",
                );
            }
            limits.insert(name, option);
        }
        options.extend(limits.into_values());
    }

    fn env(&mut self, values: &Values<'_>) -> Env {
        let mut env = Env {
            clear: values.get("env_clear").and_then(|it| it.flag()) == Some(true),
            ..Env::default()
        };
        for (name, place) in values.get("env_unset").map(|it| it.texts()).unwrap_or_default() {
            self.variable_name(name, place);
            env.unset.insert(name.to_owned());
        }
        for (path, place) in values.get("env_file").map(|it| it.texts()).unwrap_or_default() {
            self.env_file(path, &place, &mut env);
        }
        for (name, place, value) in values.all("env").iter().flat_map(Found::entries) {
            self.variable_name(name, place);
            let text = match value.get() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(_) => value.number().map_or(String::new(), |it| it.to_string()),
                DeValue::Float(number) => number.as_str().to_owned(),
                DeValue::Boolean(flag) => flag.to_string(),
                _ => continue,
            };
            if text.contains('\0') {
                self.error(value.place(), "a variable cannot contain the character U+0000");
            }
            env.secrets.remove(name);
            env.variables.insert(name.to_owned(), text);
        }
        for (name, place) in values.get("secrets").map(|it| it.texts()).unwrap_or_default() {
            match self.files.get(place.file) {
                _ if !env.variables.contains_key(name) => {
                    let message = format!("there is no variable `{name}` that could be a secret");
                    self.problems.push(Problem::warning(place, message));
                }
                Some(file) if file.is_public && !env.secrets.contains(name) => {
                    let message = format!("others can read this file, and `{name}` stands in it");
                    let problem = Problem::warning(place, message);
                    self.problems
                        .push(problem.help(
                            "take the rights away (chmod o-r), or put it into an `env_file`",
                        ));
                }
                _ => {}
            }
            if env.variables.contains_key(name) {
                env.secrets.insert(name.to_owned());
            }
        }
        env
    }

    fn variable_name(&mut self, name: &str, place: Place) {
        if !env::is_name(name) {
            self.error(place, format!("{name:?} cannot be the name of a variable"));
        }
    }

    fn env_file(&mut self, path: &str, place: &Place, env: &mut Env) {
        let of = self.files.get(place.file).map_or("", |file| &file.name);
        let path = beside(of, path);
        let content = match self.reader.read(&path) {
            Ok(content) => content,
            Err(error) => {
                let help = match error.kind() {
                    std::io::ErrorKind::PermissionDenied => {
                        "whoever runs dpctl must be able to read it: it is read at each apply"
                    }
                    _ => "a relative path begins beside the file that names it",
                };
                let message = format!("cannot read {path}: {error}");
                self.problems.push(Problem::error(place.clone(), message).help(help));
                return;
            }
        };
        if content.is_public {
            let message = format!("others can read {path}, and all of it is secret");
            let problem = Problem::warning(place.clone(), message);
            self.problems.push(problem.help("take the rights away: chmod o-r"));
        }
        if let Some(who) = &content.changed_by {
            let message = format!("{who} can change {path}, and so what runs");
            self.problems.push(Problem::warning(place.clone(), message));
        }
        let Ok(text) = String::from_utf8(content.bytes) else {
            self.error(place.clone(), format!("{path} is not UTF-8"));
            return;
        };
        let (found, wrong) = env::read_file(&text);
        for line in wrong {
            let message = format!("{path}:{line}: this is no NAME=VALUE");
            self.error(place.clone(), message);
        }
        for (name, value) in found {
            env.secrets.insert(name.clone());
            env.variables.insert(name, value);
        }
    }

    fn listen(&mut self, values: &Values<'_>) -> Vec<(String, Make, Place)> {
        let mut all = Vec::new();
        for (name, place, value) in values.own("listen").map(|it| it.entries()).unwrap_or_default()
        {
            if !is_name(name) {
                self.error(place, format!("{name:?} cannot be the name of a descriptor"));
                continue;
            }
            match value.str().map(listen::parse) {
                Some(Ok(make)) => all.push((name.to_owned(), make, value.place())),
                Some(Err(help)) => {
                    let problem = Problem::error(value.place(), "this is no socket");
                    self.problems.push(problem.help(help));
                }
                None => {}
            }
        }
        all
    }

    fn standard(&mut self, values: &Values<'_>, key: &str) -> Option<Standard> {
        let found = values.get(key)?;
        if found.get().is_table() {
            let Some(file) = found.entry("file") else {
                self.error(found.place(), format!("`{key}` needs `file`"));
                return None;
            };
            return Some(Standard::File(file.str()?.to_owned()));
        }
        let name = found.str()?;
        if name.contains('/') {
            let problem = Problem::error(found.place(), format!("{name:?} is no descriptor"));
            self.problems
                .push(problem.help(format!("for a file write {key} = {{ file = {name:?} }}")));
        } else if name != "-" && !is_name(name) {
            self.error(found.place(), format!("{name:?} cannot be the name of a descriptor"));
        }
        Some(Standard::Named(name.to_owned()))
    }

    fn descriptors(&mut self, found: Option<Found<'_>>) -> Vec<String> {
        let mut all = Vec::new();
        for (name, place) in found.map(|it| it.texts()).unwrap_or_default() {
            if name != "-" && !is_name(name) {
                self.error(place, format!("{name:?} cannot be the name of a descriptor"));
            }
            all.push(name.to_owned());
        }
        all
    }

    fn tags(&mut self, values: &Values<'_>) -> Vec<String> {
        let mut tags: BTreeMap<String, String> = BTreeMap::new();
        for (tag, place) in values.all("tags").iter().flat_map(Found::texts) {
            let key = tag.split('=').next().unwrap_or_default();
            if let Some(name) = key_of_tag(key) {
                let problem =
                    Problem::error(place, format!("the tag `{key}` belongs to the key `{name}`"));
                let example = if name == LEASE { "\"…\"" } else { "{ … }" };
                self.problems.push(problem.help(format!("write {name} = {example}")));
            } else if OWN_TAGS.contains(&key) {
                self.error(place, format!("the tag `{key}` is set by `dpctl apply` itself"));
            } else if key.is_empty() || key.starts_with('-') || tag.bytes().any(|it| it < 0x20) {
                self.error(place, format!("{tag:?} cannot be a tag"));
            } else {
                tags.insert(key.to_owned(), tag.to_owned());
            }
        }
        tags.into_values().collect()
    }
}

/// Whether it is `ready = "health"`, which is not one of the daemon's.
fn is_health(key: &str, found: &Found<'_>) -> bool {
    key == "ready" && found.str() == Some("health")
}
