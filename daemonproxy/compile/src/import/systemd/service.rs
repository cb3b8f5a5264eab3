//! A unit of the kind .service, as a table.

use std::collections::BTreeMap;

use super::command::{Command, Name, words};
use super::limits::{bytes, limit, seconds};
use super::unit::{Directive, Unit};
use super::{Known, name};
use crate::import::restart::Restart;
use crate::import::{Table, cannot_run, for_shell};
use crate::text::{lines, list, quote, table};

/// Directives of `[Unit]` and `[Service]` that say what holds here anyway, or nothing about the
/// process.
const NOT_NEEDED: &[&str] = &[
    "Documentation",
    "DefaultDependencies",
    "IgnoreOnIsolate",
    "AllowIsolate",
    "RefuseManualStart",
    "RefuseManualStop",
    "CollectMode",
    "SourcePath",
    "PIDFile",
    "GuessMainPID",
    "RemainAfterExit",
    "SyslogIdentifier",
    "SyslogFacility",
    "SyslogLevel",
    "PassEnvironment",
    "IgnoreSIGPIPE",
    "NotifyAccess",
    "Alias",
    "RuntimeDirectoryPreserve",
    "StartLimitAction",
    "TimeoutStartFailureMode",
];

/// Directories that are made for a service, below which folder, and the variable that names them.
const DIRECTORIES: &[(&str, &str, &str)] = &[
    ("RuntimeDirectory", "/run", "RUNTIME_DIRECTORY"),
    ("StateDirectory", "/var/lib", "STATE_DIRECTORY"),
    ("CacheDirectory", "/var/cache", "CACHE_DIRECTORY"),
    ("LogsDirectory", "/var/log", "LOGS_DIRECTORY"),
    ("ConfigurationDirectory", "/etc", "CONFIGURATION_DIRECTORY"),
];

/// A unit that becomes a service, and maybe one more that makes directories for it.
pub(super) struct Service<'u> {
    unit: &'u Unit,
    known: &'u BTreeMap<String, Known>,
    name: Name,
    user: String,
    table: Table,
    restart: Restart,
    stop: Vec<(&'static str, String)>,
    after: Vec<String>,
    env: Vec<(String, String)>,
    env_files: Vec<String>,
    /// Files with variables that may be missing.
    may_be_missing: Vec<String>,
    limits: Vec<(String, String)>,
    success: Vec<String>,
    /// What makes directories.
    install: Vec<String>,
    /// Lines of a shell that stand in front of the command.
    conditions: Vec<String>,
    goes_to_background: bool,
}

impl<'u> Service<'u> {
    pub(super) fn new(
        theirs: &str,
        unit: &'u Unit,
        known: &'u BTreeMap<String, Known>,
        before: &[(String, String)],
    ) -> Self {
        let whole = format!("{theirs}.service");
        let ours = known.get(&whole).map_or_else(|| name(theirs), |it| it.ours.clone());
        let mut service = Self {
            unit,
            known,
            name: Name { whole: theirs.to_owned() },
            user: unit.last("Service", "User").unwrap_or("root").to_owned(),
            table: Table::service(&ours),
            restart: Restart { when: Some("never"), ..Restart::default() },
            stop: Vec::new(),
            after: Vec::new(),
            env: Vec::new(),
            env_files: Vec::new(),
            may_be_missing: Vec::new(),
            limits: Vec::new(),
            success: Vec::new(),
            install: Vec::new(),
            conditions: Vec::new(),
            goes_to_background: false,
        };
        if ours != theirs {
            service.table.note(format!("it was called {theirs}"));
        }
        for (_, other) in before.iter().filter(|(later, _)| *later == whole) {
            service.comes_after(other);
        }
        for directive in &unit.directives {
            service.table.directives += 1;
            service.directive(directive);
        }
        service.finish(theirs, &ours);
        service
    }

    pub(super) fn tables(self) -> Vec<Table> {
        let mut tables = vec![self.table];
        if !self.install.is_empty() {
            let header = tables[0].header.trim_end_matches('"').to_owned();
            let end = if tables[0].header.ends_with('"') { "\"" } else { "" };
            let mut install = Table::named(&format!("{header}-dirs{end}"));
            install.set("sh", lines(&self.install.join("\n")));
            install.set("restart", quote("never"));
            tables.insert(0, install);
        }
        tables
    }

    fn filled(&mut self, text: &str) -> String {
        let (text, missing) = self.name.fill(text, &self.user);
        missing.into_iter().for_each(|it| self.table.note(it));
        text
    }

    fn lost(&mut self, directive: &Directive) {
        self.table.lost(format!("{}={}", directive.key, directive.value));
    }

    fn directive(&mut self, it: &Directive) {
        let value = self.filled(&it.value);
        let yes = matches!(&*value.to_lowercase(), "yes" | "true" | "on" | "1");
        match (&*it.section, &*it.key) {
            ("Unit", "Description") => self.describe(&value),
            (
                "Unit",
                "After" | "Requires" | "Wants" | "Before" | "BindsTo" | "PartOf" | "Requisite"
                | "Conflicts",
            ) => {
                self.relation(it);
            }
            ("Unit", "OnFailure") => self.on_failure(it),
            ("Unit", key) if key.starts_with("Condition") || key.starts_with("Assert") => {
                self.condition(it, &value);
            }
            (
                "Unit" | "Service",
                "StartLimitBurst" | "StartLimitIntervalSec" | "StartLimitInterval",
            ) => {
                self.start_limit(it);
            }
            ("Install", "WantedBy" | "RequiredBy" | "UpheldBy") => {}
            ("Install", "Also" | "DefaultInstance") => self.lost(it),
            ("Service", "Type") => self.kind(it),
            // They become a command in the end.
            ("Service", "ExecStart" | "ExecStartPre") => {}
            ("Service", "ExecReload") => self.reload(it),
            ("Service", "ExecStop") => self.stop_command(it),
            ("Service", "Restart") => self.restart(it),
            ("Service", "RestartSec") => self.restart.delay = seconds(&value),
            ("Service", "RestartMaxDelaySec") => self.restart.max = seconds(&value),
            ("Service", "RestartSteps") => self.table.not_needed_silently(),
            ("Service", "User") => self.table.set("user", quote(&value)),
            ("Service", "Group") => self.table.set("group", quote(&value)),
            ("Service", "SupplementaryGroups") => {
                self.table.set("groups", list(value.split_whitespace()));
            }
            ("Service", "WorkingDirectory") => {
                let path = value.trim_start_matches('-');
                match path.starts_with('/') {
                    true => self.table.set("cwd", quote(path)),
                    false => self.lost(it),
                }
            }
            ("Service", "Environment") => self.environment(it, &value),
            ("Service", "EnvironmentFile") => match value.strip_prefix('-') {
                Some(path) => self.may_be_missing.push(path.to_owned()),
                None => self.env_files.push(value),
            },
            ("Service", "UnsetEnvironment") => {
                self.table.set("env_unset", list(value.split_whitespace()));
            }
            ("Service", "UMask") => self.table.set("umask", quote(&value)),
            ("Service", "Nice") => self.number("nice", it),
            ("Service", "OOMScoreAdjust") => self.number("oom", it),
            ("Service", "MemoryMax" | "MemoryLimit") => match bytes(&value) {
                Some(bytes) if bytes >= 4096 => {
                    self.table.set("memory", bytes.to_string());
                    self.table.note("memory is limited by a daemon that was started with --cgroup");
                }
                _ if value == "infinity" => self.table.not_needed_silently(),
                _ => self.lost(it),
            },
            ("Service", key) if key.starts_with("Limit") => match limit(key, &value) {
                Some(limit) => self.limits.push(limit),
                None => self.lost(it),
            },
            ("Service", "KillSignal") => self.signal("signal", it),
            ("Service", "RestartKillSignal") => self.lost(it),
            ("Service", "TimeoutStopSec") => self.stop_after(it),
            ("Service", "TimeoutSec") => {
                self.stop_after(it);
                self.ready_within(&value);
            }
            ("Service", "TimeoutStartSec") => self.ready_within(&value),
            ("Service", "KillMode") => match &*value {
                "process" => self.table.set("kill", quote("main")),
                "control-group" => self.table.not_needed_silently(),
                "mixed" => self.table.note("KillMode=mixed: here all get the same signals"),
                _ => self.lost(it),
            },
            ("Service", "SendSIGKILL" | "SendSIGHUP") => match yes == (it.key == "SendSIGKILL") {
                true => self.table.not_needed_silently(),
                false => self.lost(it),
            },
            ("Service", "SuccessExitStatus" | "RestartPreventExitStatus") => self.success(it),
            ("Service", "WatchdogSec") => match seconds(&value).filter(|_| value != "0") {
                Some(seconds) => self.table.set("watchdog", seconds.to_string()),
                None => self.table.not_needed_silently(),
            },
            ("Service", "NoNewPrivileges") if yes => self.table.set("no_new_privs", "true"),
            ("Service", "StandardInput" | "StandardOutput" | "StandardError") => self.standard(it),
            ("Service", "FileDescriptorStoreMax") => match value.parse::<u32>() {
                Ok(count @ 1..=64) => self.table.set("fdstore", count.to_string()),
                _ => self.lost(it),
            },
            ("Service", key) if DIRECTORIES.iter().any(|(it, ..)| *it == key) => {
                self.directories(key, &value);
            }
            ("Service", key) if key.ends_with("DirectoryMode") => {}
            (_, key) if NOT_NEEDED.contains(&key) || key.starts_with("X-") => {
                self.table.not_needed_silently();
            }
            (section, _) if section.starts_with("X-") => self.table.not_needed_silently(),
            // What is off does nothing.
            ("Service", _) if matches!(&*value, "no" | "false") => self.table.not_needed_silently(),
            _ => self.lost(it),
        }
    }

    fn describe(&mut self, text: &str) {
        self.table.note(text);
    }

    /// It begins when the other one is there.
    fn comes_after(&mut self, other: &str) {
        let Some(known) = self.known.get(other) else { return };
        if !self.after.contains(&known.condition) {
            self.after.push(known.condition.clone());
        }
    }

    fn relation(&mut self, it: &Directive) {
        let own = format!("{}.service", self.name.whole);
        let (mut is_carried, mut left) = (false, Vec::new());
        for other in it.value.split_whitespace().filter(|other| **other != own) {
            let is_known = self.known.contains_key(other);
            match &*it.key {
                "After" if is_known => {
                    self.comes_after(other);
                    is_carried = true;
                }
                // Both are started anyway.
                "Requires" | "Wants" | "Before" if is_known => is_carried = true,
                "Conflicts" if other.ends_with(".target") => {}
                "Before" => {}
                // What the machine has when it has begun.
                _ if !other.ends_with(".service") || other.starts_with("systemd-") => {}
                _ => left.push(other),
            }
        }
        let what = format!("{}={}: not among what was given", it.key, left.join(" "));
        if !left.is_empty() && matches!(&*it.key, "After" | "Wants") {
            // Only an order, of what is there.
            self.table.not_needed(what);
        } else if !left.is_empty() {
            self.table.lost(what);
        } else if !is_carried {
            self.table.not_needed_silently();
        }
    }

    /// What must be there, as a line in front of the command. Who is started again whenever it ends
    /// would try for ever.
    fn condition(&mut self, it: &Directive, value: &str) {
        let test = match it.key.trim_start_matches("Condition").trim_start_matches("Assert") {
            "PathExists" => "-e",
            "PathIsDirectory" => "-d",
            "FileNotEmpty" => "-s",
            "FileIsExecutable" => "-x",
            _ => return self.lost(it),
        };
        let is_always = self.unit.last("Service", "Restart") == Some("always");
        let (not, path) = match value.strip_prefix('!') {
            Some(path) => ("! ", path),
            None => ("", value),
        };
        if !path.starts_with('/') || is_always {
            return self.lost(it);
        }
        let status = if it.key.starts_with("Assert") { 1 } else { 0 };
        let path = for_shell(path);
        self.conditions.push(format!("[ {not}{test} {path} ] || exit {status}"));
    }

    fn on_failure(&mut self, it: &Directive) {
        let has_limit = self.unit.last("Unit", "StartLimitBurst").is_some();
        match self.known.get(&it.value).filter(|_| has_limit) {
            Some(known) => self.table.set("on_giveup", quote(&known.ours)),
            None => self.lost(it),
        }
    }

    fn start_limit(&mut self, it: &Directive) {
        let last = |key: &str| {
            self.unit
                .last("Unit", key)
                .or_else(|| self.unit.last("Service", key))
                .map(str::to_owned)
        };
        let interval = last("StartLimitIntervalSec").or_else(|| last("StartLimitInterval"));
        let times = last("StartLimitBurst").map_or(Ok(5), |it| it.parse());
        let within = interval.as_deref().map_or(Some(10), seconds);
        match (times, within) {
            // Nothing is too often.
            _ if interval.as_deref() == Some("0") => self.table.not_needed_silently(),
            (Ok(times), Some(within)) if times > 0 => self.restart.giveup = Some((times, within)),
            _ => self.lost(it),
        }
    }

    fn kind(&mut self, it: &Directive) {
        match &*it.value {
            "simple" | "exec" | "idle" | "oneshot" => {}
            "notify" | "notify-reload" => self.table.set("ready", quote("notify")),
            "forking" => {
                self.lost(it);
                self.goes_to_background = true;
            }
            _ => self.lost(it),
        }
        if it.value == "notify-reload" {
            self.table.set("reload", quote("HUP"));
        }
    }

    fn reload(&mut self, it: &Directive) {
        let commands = Command::read(&it.value).unwrap_or_default();
        match commands.iter().find_map(Command::signal) {
            Some(signal) => self.table.set("reload", quote(&signal)),
            None => self.lost(it),
        }
    }

    fn stop_command(&mut self, it: &Directive) {
        let commands = Command::read(&it.value).unwrap_or_default();
        match commands.iter().find_map(Command::signal) {
            Some(signal) => self.stop.push(("signal", quote(&signal))),
            None => self.lost(it),
        }
    }

    fn restart(&mut self, it: &Directive) {
        self.restart.when = Some(match &*it.value {
            "always" => "always",
            "on-failure" => "on-failure",
            "on-abnormal" | "on-watchdog" | "on-abort" => {
                self.table.note(format!("Restart={}: here after any failure", it.value));
                "on-failure"
            }
            "on-success" => {
                self.lost(it);
                "never"
            }
            _ => "never",
        });
    }

    fn environment(&mut self, it: &Directive, value: &str) {
        let Some(words) = words(value) else { return self.lost(it) };
        for word in words {
            match word.split_once('=') {
                Some((name, value)) if crate::env::is_name(name) => {
                    self.env.retain(|(known, _)| known != name);
                    self.env.push((name.to_owned(), value.to_owned()));
                }
                _ => self.lost(it),
            }
        }
    }

    fn number(&mut self, key: &str, it: &Directive) {
        match it.value.parse::<i64>() {
            Ok(number) => self.table.set(key, number.to_string()),
            Err(_) => self.lost(it),
        }
    }

    fn signal(&mut self, key: &'static str, it: &Directive) {
        let signal = it.value.strip_prefix("SIG").unwrap_or(&it.value);
        match daemonproxy_protocol::Signal::parse(signal.as_bytes()) {
            Some(_) => self.stop.push((key, quote(signal))),
            None => self.lost(it),
        }
    }

    fn stop_after(&mut self, it: &Directive) {
        match seconds(&it.value).filter(|_| it.value != "0") {
            Some(seconds) => self.stop.push(("after", seconds.to_string())),
            None if matches!(&*it.value, "0" | "infinity") => {
                self.stop.push(("after", quote("never")));
            }
            None => self.lost(it),
        }
    }

    /// What says when it is ready has so much time for that.
    fn ready_within(&mut self, value: &str) {
        let says_so = self.unit.last("Service", "Type").is_some_and(|it| it.starts_with("notify"));
        match seconds(value).filter(|_| says_so && value != "0") {
            Some(seconds) => self.table.set("ready_within", seconds.to_string()),
            None => self.table.not_needed_silently(),
        }
    }

    fn success(&mut self, it: &Directive) {
        let mut lost = false;
        for word in it.value.split_whitespace() {
            let text = word.strip_prefix("SIG").unwrap_or(word);
            let is_signal = daemonproxy_protocol::Signal::parse(text.as_bytes()).is_some();
            match word.parse::<u8>() {
                Ok(0) => {}
                Ok(status) => self.success.push(status.to_string()),
                Err(_) if is_signal => self.success.push(format!("SIG{text}")),
                Err(_) => lost = true,
            }
        }
        if lost {
            self.lost(it);
        } else if it.key == "RestartPreventExitStatus" {
            self.table.note("an end that is not to be followed by a restart is a success here");
        }
    }

    fn standard(&mut self, it: &Directive) {
        let (key, own) = match &*it.key {
            "StandardInput" => ("stdin", "null"),
            "StandardOutput" => ("stdout", ""),
            _ => ("stderr", ""),
        };
        let file =
            ["file:", "append:", "truncate:"].iter().find_map(|it_| it.value.strip_prefix(it_));
        match &*it.value {
            "null" if own == "null" => self.table.not_needed_silently(),
            "null" => self.table.set(key, quote("null")),
            // To the log, as everything does here.
            "journal" | "syslog" | "kmsg" | "inherit" | "journal+console" | "syslog+console" => {
                self.table.not_needed_silently();
            }
            _ => match file {
                Some(path) => self.table.set(key, table([("file", quote(path))])),
                None => self.lost(it),
            },
        }
    }

    fn directories(&mut self, key: &str, value: &str) {
        let Some((_, base, variable)) = DIRECTORIES.iter().find(|(it, ..)| *it == key) else {
            return;
        };
        let mode = self.unit.last("Service", &format!("{key}Mode")).unwrap_or("0755");
        let group = self.unit.last("Service", "Group").unwrap_or("");
        let is_for_root = *base == "/etc" || self.user == "root" && group.is_empty();
        let owner = match (is_for_root, group) {
            (true, _) => String::new(),
            (false, "") => format!(" -o {0} -g \"$(id -gn {0})\"", for_shell(&self.user)),
            (false, group) => format!(" -o {} -g {}", for_shell(&self.user), for_shell(group)),
        };
        let paths: Vec<String> = value
            .split_whitespace()
            .map(|it| format!("{base}/{}", it.split(':').next().unwrap_or(it)))
            .collect();
        for path in &paths {
            self.install.push(format!("install -d -m {mode}{owner} {}", for_shell(path)));
        }
        self.env.push(((*variable).to_owned(), paths.join(":")));
    }

    /// What needs to be known as a whole.
    fn finish(&mut self, theirs: &str, ours: &str) {
        self.command();
        if self.goes_to_background {
            let why = "it goes to the background: let it stay in the foreground, and enable it";
            cannot_run(&mut self.table, why);
        }
        if theirs.ends_with('@') {
            cannot_run(
                &mut self.table,
                "it is a template: write what %i stands for, and enable it",
            );
        }
        if !self.unit.has_section("Install") {
            self.table.set("autostart", "false");
            self.table.note("nothing starts it by itself, for it has no [Install]");
        }
        if !self.install.is_empty() {
            self.after.push(format!("done:{ours}-dirs"));
        }
        if !self.after.is_empty() {
            self.table.set("after", list(self.after.iter().map(|it| &**it)));
        }
        if !self.env_files.is_empty() {
            self.table.set("env_file", list(self.env_files.iter().map(|it| &**it)));
        }
        if !self.env.is_empty() {
            let env = self.env.iter().map(|(name, value)| (&**name, quote(value)));
            self.table.set("env", table(env));
        }
        if !self.success.is_empty() {
            self.table.set("success", list(self.success.iter().map(|it| &**it)));
        }
        if !self.limits.is_empty() {
            let limits = self.limits.iter().map(|(name, value)| (&**name, value.clone()));
            self.table.set("limits", table(limits));
        }
        let mut stop: Vec<(&str, String)> = Vec::new();
        for (key, value) in std::mem::take(&mut self.stop) {
            stop.retain(|(known, _)| *known != key);
            stop.push((key, value));
        }
        if !stop.is_empty() {
            self.table.set("stop", table(stop));
        }
        if let Some(text) = self.restart.text() {
            self.table.set("restart", text);
        }
    }

    /// `run`, or `sh` where a shell is needed.
    fn command(&mut self) {
        let mut all = Vec::new();
        for key in ["ExecStartPre", "ExecStart"] {
            for line in self.unit.all("Service", key) {
                let Some(commands) = Command::read(line) else {
                    self.table.lost(format!("{key}={line}"));
                    continue;
                };
                for command in commands {
                    if !command.prefix.is_empty() {
                        self.table.note(format!("{key} had {} in front", command.prefix));
                    }
                    let command = command.map(|text| self.filled(text));
                    all.push((key == "ExecStart", command));
                }
            }
        }
        let count = all.iter().filter(|(is_main, _)| *is_main).count();
        if count == 0 {
            return cannot_run(&mut self.table, "it has no ExecStart, so it cannot run");
        }
        if let [(true, command)] = &all[..]
            && self.may_be_missing.is_empty()
            && self.conditions.is_empty()
            && let Some(words) = command.plain()
        {
            return self.table.set("run", list(words.iter().map(|it| &**it)));
        }
        let mut script = std::mem::take(&mut self.conditions);
        for path in std::mem::take(&mut self.may_be_missing) {
            let path = for_shell(&path);
            script.push(format!("set -a; [ ! -r {path} ] || . {path}; set +a"));
        }
        let last = all.len() - 1;
        for (nth, (is_main, command)) in all.iter().enumerate() {
            let line = command.for_shell();
            script.push(match (nth == last && *is_main, command.may_fail) {
                (true, false) => format!("exec {line}"),
                (_, true) => format!("{line} || :"),
                (false, false) => format!("{line} || exit"),
            });
        }
        let end = if script.len() > 1 { "\n" } else { "" };
        self.table.set("sh", lines(&format!("{}{end}", script.join("\n"))));
    }
}
