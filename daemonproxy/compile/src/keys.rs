//! The table of keys: everything that may stand in a file, once. The checks, the schema and the
//! manual are made from it.
//!
//! The options of services are not in it, since the grammar has them: a key of `[service.NAME]`
//! that is not listed here is looked for there, see `option.rs`.

/// What a value may be.
#[derive(Copy, Clone, Debug)]
pub enum Kind {
    /// A text of one line.
    Text,
    /// A text of any number of lines.
    Lines,
    /// A text, or a list of texts.
    TextOrTexts,
    /// A list of texts.
    Texts,
    /// `true` or `false`.
    Flag,
    /// `true`, or one of these words, or `false`, or a table with these keys.
    FlagWordOrTable(&'static [&'static str], &'static [Key]),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number.
    Number(i64, i64),
    /// A duration of at least so many seconds.
    Duration(i64),
    /// The same, or with digits after the point, or `never`.
    Patience(i64),
    /// A number of bytes.
    Size,
    /// A number of at least 1, with or without a point.
    Factor,
    /// The name of a signal.
    Signal,
    /// Any names, each with a text, a number, `true` or `false`.
    Variables,
    /// Any names, each with a text.
    TextsByName,
    /// Any names, each with a list of texts.
    ListsByName,
    /// Names of limits, each with a number, a text, or two of them.
    Limits,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A word, or a table with these keys.
    WordOrTable(&'static [&'static str], &'static [Key]),
    /// A signal, or a table with these keys.
    SignalOrTable(&'static [Key]),
    /// A text, or a table with these keys.
    TextOrTable(&'static [Key]),
    /// Services: names, each with a table.
    Services,
    /// What a service has unless it says something else.
    Defaults,
}

/// What a change of a key does to a service that runs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is restarted.
    Restart,
    /// It goes on.
    AtOnce,
}

/// A key.
#[derive(Copy, Clone, Debug)]
pub struct Key {
    /// How it is spelled.
    pub name: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// What a change does.
    pub effect: Effect,
    /// The option of services that it becomes, if it is one.
    pub option: Option<&'static str>,
    /// Whether it may stand in `[defaults]`.
    pub in_defaults: bool,
    /// What it means.
    pub doc: &'static str,
    /// A line, or what stands behind its `=`.
    pub example: &'static str,
}

const fn key(name: &'static str, kind: Kind, example: &'static str, doc: &'static str) -> Key {
    Key { name, kind, effect: Effect::Restart, option: None, in_defaults: true, doc, example }
}

impl Key {
    const fn at_once(self) -> Self {
        Self { effect: Effect::AtOnce, ..self }
    }

    const fn option(self, name: &'static str) -> Self {
        Self { option: Some(name), ..self }
    }

    const fn of_one(self) -> Self {
        Self { in_defaults: false, ..self }
    }

    /// Whether a service may have `false` there, which is as if the default were not there.
    pub(crate) fn can_be_off(&self) -> bool {
        let is_more = matches!(
            self.kind,
            Kind::Texts
                | Kind::TextOrTexts
                | Kind::Variables
                | Kind::Limits
                | Kind::Table(_)
                | Kind::SignalOrTable(_)
                | Kind::TextOrTable(_)
        );
        self.in_defaults && is_more
    }
}

/// The key of this name.
pub(crate) fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}

/// What may stand at the top.
pub static FILE: &[Key] = &[
    key(
        "include",
        Kind::TextOrTexts,
        "\"conf.d/*.toml\"",
        "Other files, which are read as if they stood in front of this one: paths, or patterns with `*`, `?` and `[abc]`, relative to this file. A service stands in one file only; of other keys the later one wins. An included file includes no others.",
    ),
    key("daemon", Kind::Table(DAEMON), "", "What is not about a single service."),
    key(
        "defaults",
        Kind::Defaults,
        "",
        "What holds for every service that does not say something else. The variables of `env`, the `limits` and the `tags` of a service are added to those that stand here; of every other key, the value of the service replaces the one here. `KEY = false` in a service means: nothing of what stands here under that key, also for `env`, `limits` and `tags`.",
    ),
    key(
        "groups",
        Kind::ListsByName,
        "backend = [\"db\", \"web\"]",
        "Names for several services, which become the tag `groups=`.",
    )
    .at_once(),
    key(
        "service",
        Kind::Services,
        "",
        "The services, each in a table `[service.NAME]`. NAME has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
    ),
];

/// `[daemon]`.
pub static DAEMON: &[Key] = &[
    key("name", Kind::Text, "\"shop\"", "The owner of what this file makes: `main` if it is not given. Services have it as the tag `owner=`; of these, those that the file no longer mentions are deleted, and all others are left alone. If you change this name later, the services that are there already belong to the old one: the next apply needs `--adopt` to take them over."),
    key("logs", Kind::Text, "\"/var/log/shop\"", "The directory in which `log = true` makes one for each service."),
    key("shared_log", Kind::Table(LOG), "{ size = \"100M\" }", "How the logger of `log = \"shared\"` writes: the keys of `log`."),
    key("logger", Kind::Text, "\"/opt/bin/daemonproxy-log\"", "The program that writes logs: `daemonproxy-log` if it is not given, searched for in PATH, and beside dpctl."),
    key("lua", Kind::Text, "\"/opt/bin/daemonproxy-lua\"", "The program that carries out health checks and schedules: `daemonproxy-lua` if it is not given, searched for in PATH, and beside dpctl. It runs in the services `health` and `schedule`, which are there when a service has such a key."),
    key("max_line", Kind::Number(512, 65536), "8192", "The daemon's `--max-line`, if it was started with one: a service whose arguments do not fit into a line is an error.").at_once(),
];

/// `[service.NAME]`.
pub static SERVICE: &[Key] = &[
    key("run", Kind::TextOrTexts, "[\"postgres\", \"-D\", \"/var/lib/pg\"]", "The program and its arguments, or a text that is split as a shell would, without expansion. The program is searched for in PATH.").of_one(),
    key("sh", Kind::Lines, "\"exec app > /tmp/out\"", "A line, or several, for `sh -c`, instead of `run`. Begin the last command with `exec`, so that signals reach it.").of_one(),
    key("instances", Kind::Number(1, 999), "4", "So many of it: NAME-1, NAME-2 and so on. In all texts `{n}` is the number, and `{{n}}` is `{n}`.").of_one(),
    key("rolling", Kind::Flag, "true", "When a change restarts several instances: one at a time, each ready before the next.").at_once(),
    key("after", Kind::Texts, "[\"db\", \"done:migrate\"]", "What must hold for it to be started, all of it: `NAME`, or `ready:NAME`, that service is ready; `up:NAME` it runs; `down:NAME` it does not; `done:NAME` its last run was a success; `fd:NAME` there is something to read from that descriptor. Of a service with instances, it must hold for all of them.").at_once(),
    key("restart", Kind::WordOrTable(&["always", "on-failure", "never"], RESTART), "\"on-failure\"", "When it is started again: `always` (which holds without this key), `on-failure` or `never`; or a table, to say more.").at_once(),
    key("autostart", Kind::Flag, "false", "`false`: it is started by `dpctl start` only. When it ends, `restart` counts.").at_once(),
    key("enabled", Kind::Flag, "false", "`false`: it is checked, and otherwise as if it did not stand here."),
    key("listen", Kind::TextsByName, "{ http = \"tcp:0.0.0.0:80\" }", "Sockets that the daemon makes and holds, by their names: `tcp:ADDRESS:PORT`, `udp:ADDRESS:PORT` or `unix:PATH`, with `*` for every address, `[::1]` for one of version 6, and `tcp6:` or `udp6:` for `*` of that version. They become descriptors 3 and so on, shared by all instances, and are announced as sd_listen_fds(3) expects.").option("listen").of_one(),
    key("stdin", Kind::TextOrTable(INPUT), "\"null\"", "Descriptor 0: the name of a descriptor of the daemon, such as `null`, which it is without this key; or `-` to leave it closed."),
    key("stdout", Kind::TextOrTable(OUTPUT), "\"stdout\"", "Descriptor 1: likewise. Without this key it is the log, or else that of the daemon."),
    key("stderr", Kind::TextOrTable(OUTPUT), "{ file = \"/var/log/web.err\" }", "Descriptor 2: likewise."),
    key("fds", Kind::Texts, "[\"ctl\"]", "Descriptors from 3 on, behind the sockets of `listen`: names of descriptors of the daemon, or `-`."),
    key("log", Kind::FlagWordOrTable(&["shared"], LOG), "true", "`true`: what it writes to descriptors 1 and 2 goes through a pipe to a logger of its own (daemonproxy-log), which writes it to `LOGS/NAME`. `\"shared\"`: to one logger for all such services, which writes to `LOGS/shared`. A table: to a logger of its own, with these settings. `false`, as without this key: nothing of that."),
    key("env", Kind::Variables, "{ PORT = 80 }", "Variables of the environment."),
    key("env_file", Kind::TextOrTexts, "\"/etc/shop/web.env\"", "Files with more of them, a line `NAME=VALUE` for each, read at each apply. A variable that stands in `env`, too, has its value from there. All of those in files are secrets."),
    key("env_unset", Kind::Texts, "[\"LD_PRELOAD\"]", "Variables of the daemon's environment that it does not get."),
    key("env_clear", Kind::Flag, "true", "It gets nothing of the daemon's environment."),
    key("secrets", Kind::Texts, "[\"DB_PASSWORD\"]", "Variables whose values are not shown by `dpctl plan` and `dpctl export`.").at_once(),
    key("limits", Kind::Limits, "{ nofile = 65536, core = \"unlimited\" }", "Limits of setrlimit(2), by their names in small letters: a number, or `\"unlimited\"`, for both, or `[SOFT, HARD]`.").option("limit"),
    key("stop", Kind::SignalOrTable(STOP), "{ signal = \"INT\", after = \"60s\" }", "How it is told to end: by a signal, and how long it may take.").at_once(),
    key("health", Kind::Table(HEALTH), "{ http = \"http://127.0.0.1/health\" }", "How it is found out whether it works, by one of `http`, `tcp`, `run` and `sh`. After too many failures in a row it is restarted, at once and as often as that happens: neither `restart.max` nor `restart.giveup` counts such a restart. With `ready = \"health\"` it is ready when the first check after its start succeeds. Until then failures are only logged, and it is not restarted for them: `ready_within` says how long that may last. Names of hosts are looked up in /etc/hosts.").at_once(),
    key("schedule", Kind::Table(SCHEDULE), "{ cron = \"30 3 * * *\", tz = \"Europe/Berlin\" }", "When it is started. It does not start by itself then, unless `autostart` is `true`; and it is started again only by `restart = \"on-failure\"`. If it still runs when its time comes, or an operator has stopped it, that time is skipped.").of_one().at_once(),
    key("lease", Kind::Text, "\"importer\"", "Of all services with this lease, on all machines of a fleet, one runs at a time. It is started, and started again whenever it has ended, only by `dpfleet agent`, on whichever machine has the lease; without an agent it does not run. `deadman`, which stops it when its agent is dead or the store cannot be reached, is 10 seconds, and `parent_death`, for when the daemon is dead, is `KILL`, unless they are given. Neither with `after`, `schedule` or `health`, nor with a `stop.after` of `\"never\"`.").of_one().at_once(),
    key("tags", Kind::Texts, "[\"role=frontend\"]", "Tags, `KEY=VALUE` or a single word, for controllers and for people.").at_once(),
];

/// `restart = { … }`.
pub static RESTART: &[Key] = &[
    key(
        "when",
        Kind::Word(&["always", "on-failure", "never"]),
        "\"always\"",
        "What `restart` says without braces.",
    )
    .at_once(),
    key(
        "delay",
        Kind::Duration(1),
        "1",
        "How long after one start the next one comes at the earliest: 1 second without this key.",
    )
    .at_once(),
    key("max", Kind::Duration(1), "60", "After short runs the delay grows, up to this.")
        .at_once()
        .option("backoff"),
    key("factor", Kind::Factor, "1.5", "By what it grows: it doubles without this key.").at_once(),
    key(
        "reset",
        Kind::Duration(1),
        "\"5m\"",
        "A run that lasts so long is none of the short ones: that is `max` without this key.",
    )
    .at_once(),
    key(
        "giveup",
        Kind::Table(GIVEUP),
        "{ times = 5, within = \"5m\" }",
        "After so many starts in that time it is left down. Only starts by its triggers count: by `restart` and `after`, not those by `dpctl start` or by `health`.",
    )
    .at_once()
    .option("giveup"),
];

/// `giveup = { … }`.
pub static GIVEUP: &[Key] = &[
    key("times", Kind::Number(1, 1_000_000), "5", "How many starts.").at_once(),
    key("within", Kind::Duration(1), "\"5m\"", "In which time.").at_once(),
];

/// `stop = { … }`.
pub static STOP: &[Key] = &[
    key("signal", Kind::Signal, "\"INT\"", "The signal: TERM without this key.")
        .at_once()
        .option("stop"),
    key(
        "after",
        Kind::Patience(0),
        "\"60s\"",
        "How long before it gets SIGKILL: 10 seconds without this key; `\"never\"`: it gets none.",
    )
    .at_once()
    .option("stop_after"),
];

/// `log = { … }`.
pub static LOG: &[Key] = &[
    key(
        "size",
        Kind::Size,
        "\"10M\"",
        "When the file has so many bytes, a new one begins; 0 for never. 10M without this key.",
    ),
    key("age", Kind::Duration(1), "\"1d\"", "A new file begins after that time, too."),
    key(
        "keep",
        Kind::Number(0, 1_000_000),
        "10",
        "So many older files are kept: 10 without this key.",
    ),
    key("total", Kind::Size, "\"1G\"", "All files together have at most so many bytes."),
    key(
        "time",
        Kind::Word(&["iso", "unix", "tai64n", "none"]),
        "\"iso\"",
        "How the time stands in front of each line.",
    ),
    key("sync", Kind::Flag, "true", "What was read is on the disk before more is read."),
    key(
        "block",
        Kind::Flag,
        "true",
        "While the disk is full nothing is thrown away: services wait.",
    ),
    key(
        "then",
        Kind::Texts,
        "[\"gzip\"]",
        "A program that is run with the path of each file that has ended.",
    ),
    key(
        "run",
        Kind::TextOrTexts,
        "[\"svlogd\", \"-tt\", \"/var/log/web\"]",
        "Another program is the logger, and reads it from descriptor 0. The keys above are not for it. Not in `shared_log`.",
    ),
    key("sh", Kind::Lines, "\"exec logger -t web\"", "Likewise, a line for `sh -c`."),
];

/// `stdin = { … }`.
pub static INPUT: &[Key] = &[key("file", Kind::Text, "\"/srv/list\"", "A file that is read.")];

/// `stdout = { … }`.
pub static OUTPUT: &[Key] = &[key(
    "file",
    Kind::Text,
    "\"/var/log/web.out\"",
    "A file that is written to at its end, and made if it is not there, with its directories.",
)];

/// `health = { … }`.
pub static HEALTH: &[Key] = &[
    key(
        "http",
        Kind::Text,
        "\"http://127.0.0.1/health\"",
        "It answers a GET of this address with a status of 200 to 399. No https: for that use a command.",
    )
    .at_once(),
    key("tcp", Kind::Text, "\"127.0.0.1:5432\"", "It accepts a connection there.").at_once(),
    key(
        "run",
        Kind::TextOrTexts,
        "\"pg_isready -q\"",
        "This command exits with 0. It is the service `NAME.check`, with the user, directory, limits and environment of the one that it checks; what it prints to descriptor 2 goes where that of the service goes.",
    )
    .at_once(),
    key("sh", Kind::Lines, "\"test -s /run/web.ok\"", "Likewise, a line for `sh -c`.").at_once(),
    key("every", Kind::Duration(1), "\"10s\"", "How often: every 10 seconds without this key.")
        .at_once(),
    key(
        "within",
        Kind::Duration(1),
        "\"2s\"",
        "How long one check may take: 2 seconds without this key.",
    )
    .at_once(),
    key(
        "failures",
        Kind::Number(1, 1000),
        "3",
        "So many in a row, and it is restarted: 3 without this key.",
    )
    .at_once(),
];

/// `schedule = { … }`.
pub static SCHEDULE: &[Key] = &[
    key(
        "cron",
        Kind::Text,
        "\"30 3 * * *\"",
        "Minute, hour, day of month, month and day of week, as in crontab(5).",
    )
    .at_once(),
    key(
        "tz",
        Kind::Text,
        "\"Europe/Berlin\"",
        "The time zone; that of the machine without this key. A time that its clock leaves out comes at the end of the gap, and one that it repeats comes once.",
    )
    .at_once(),
    key(
        "catch_up",
        Kind::Flag,
        "true",
        "What was missed while the machine was off is run once. When it last ran stands in `LOGS/NAME.last`.",
    )
    .at_once(),
];

/// Options that one-file set-ups are to have, and that only daemons to come know.
pub(crate) const TO_COME: &[&str] = &[
    "deadman",
    "fdstore",
    "kill",
    "main",
    "memory",
    "on_giveup",
    "ready",
    "ready_within",
    "success",
    "watchdog",
];

/// Those among the options of the grammar whose value is a duration.
pub(crate) const DURATIONS: &[&str] = &["deadman", "ready_within", "stop_after", "watchdog"];

/// Those among the options of the grammar whose value is a number of bytes.
pub(crate) const SIZES: &[&str] = &["memory"];
