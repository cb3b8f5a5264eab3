//! The command line, from which the help, the completions and the manual page are made.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;

use crate::completion::{self, CompletedShell};
use crate::output::Format;
use crate::since::since;

const ABOUT: &str = "Control a daemonproxy: look at its services, start and stop them, talk to it";

const AFTER: &str = "\
NAME may be a pattern with *, ? and [abc]; quote it, so that your shell leaves it alone. @GROUP is
all services of a group of the file.

Exit status: 0 all is well, or every service named runs; 1 refused, failed, or undone by a later
command; 2 wrong command line; 3 a service does not run; 4 there is no such service; 150 no daemon to
talk to; 151 time is up.

The socket is --socket, else $DAEMONPROXY_SOCKET, else $XDG_RUNTIME_DIR/daemonproxy.sock or
/run/daemonproxy.sock. Colours are for terminals; NO_COLOR turns them off.";

#[derive(Debug, Parser)]
#[command(name = "dpctl", version, about = ABOUT, after_long_help = AFTER)]
pub(crate) struct Cli {
    /// The control socket of the daemon
    #[arg(short = 'S', long, global = true, value_name = "PATH", value_hint = clap::ValueHint::FilePath)]
    pub(crate) socket: Option<PathBuf>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show services; the exit status says whether those named are running
    ///
    /// On a terminal, lines are cut at its width, and a narrow one shows fewer columns; with -o,
    /// --format or a pipe they are not.
    Status(Listed),
    /// Say why services run, or do not, from what is so now to what began it
    Why(Names),
    /// List the names of services, or file descriptors
    Ls {
        /// List file descriptors
        #[arg(long)]
        fds: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Print nothing: the exit status is 0 if all of them are running
    Ok(Names),
    /// Start services that are not running
    ///
    /// A service has been started when its process executes its program, whatever becomes of it
    /// then: one that ends at once has been started. If the program cannot be executed, the status
    /// is 1 and the reason is printed.
    Start(Timed),
    /// Stop services, and hold them: no trigger starts them again
    ///
    /// The daemon sends SIGTERM, or the signal of the option `stop`, and SIGKILL to what is left of
    /// the process group when the time is up. Returns when the main process has ended, however long
    /// that may take; others of its group may be there until SIGKILL. start, restart, up and release
    /// end the hold; if one of them starts it meanwhile, that is said, and the status is 1.
    Stop(Stopped),
    /// Stop services, and start them as soon as nothing of them is left
    ///
    /// They are stopped as by stop. A service counts as started as it does for start, and may take 10
    /// seconds for that after its stop. If somebody stops it meanwhile, that is said, and the status
    /// is 1.
    Restart(Stopped),
    /// End the hold of services that were stopped: their triggers may start them again
    Release(Names),
    /// Start services now, and again whenever they end (auto_up); ends a hold
    Up {
        /// Minimum seconds between two starts; if not given, what was set before
        #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
        interval: Option<u32>,
        #[command(flatten)]
        timed: Timed,
    },
    /// Run a program once, as a service is run: with its user, directory, limits and environment
    ///
    /// Input and output are those of dpctl, signals such as ^C reach the program, and its exit
    /// status is that of dpctl: 128 and the number of the signal, if one has ended it. It does not
    /// get what the service listens to, and it has no /dev/tty. Meanwhile it is a service of the
    /// daemon, run-PID, of which nothing is left afterwards, also if dpctl is killed: what is still
    /// there then has the time to SIGKILL that the service has, or 5 seconds.
    Run {
        /// The service
        #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
        like: String,
        /// The program and its arguments
        #[arg(required = true, value_name = "PROGRAM", trailing_var_arg = true,
              allow_hyphen_values = true, value_hint = clap::ValueHint::CommandWithArguments)]
        program: Vec<std::ffi::OsString>,
    },
    /// Remove a program of run, when standard input ends
    #[command(hide = true)]
    Guard { name: String },
    /// Stop starting services by themselves; what is running goes on
    Down(Names),
    /// Let services read their configuration again, by the signal of the option reload=, or SIGHUP
    Reload(Names),
    /// Say that services are ready that have the option ready=control
    Ready(Names),
    /// Say that services that have the option deadman= may go on, which must be said again and again
    Deadman(Names),
    /// Send SIGHUP
    Hup(Names),
    /// Send a signal
    Signal {
        /// Its name or number
        #[arg(add = ArgValueCompleter::new(completion::signals))]
        signal: String,
        #[command(flatten)]
        names: Names,
        /// To the whole process group
        #[arg(long)]
        group: bool,
    },
    /// Wait until services are up, ready, down or done
    ///
    /// A service whose start is pending is neither up nor down. One that does not exist yet is waited
    /// for, too, except with `--for down`.
    Wait {
        #[command(flatten)]
        names: Names,
        /// What to wait for
        #[arg(long = "for", value_name = "STATE", default_value = "up")]
        state: Awaited,
        /// Seconds to wait
        #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
        timeout: f64,
    },
    /// Show the state as events, or with -f what happens from now on
    Events {
        /// Show what happens from now on, until ^C
        #[arg(short, long)]
        follow: bool,
        /// End after this many seconds
        #[arg(long, value_name = "SECONDS", value_parser = seconds, requires = "follow")]
        timeout: Option<f64>,
        /// Only events of these services and descriptors
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
        names: Vec<String>,
        /// Output format: table is for people, tsv is the protocol itself, and json with -f is one
        /// object per line
        #[arg(long, default_value = "table", value_name = "FORMAT")]
        format: Format,
    },
    /// Show what services have written, from the files of their loggers (daemonproxy-log)
    ///
    /// Lines of several services are merged by time, and have the name of the service in front.
    /// Archives that were compressed are not read.
    Logs(Logged),
    /// Write the answer to statedump, byte for byte
    Dump,
    /// Send one command of the protocol and write its answers
    ///
    /// If it is refused, the last line is the error, and the status is 1; json has the name of the
    /// error, too.
    Send {
        /// Output format: tsv is the protocol itself
        #[arg(long, default_value = "tsv", value_name = "FORMAT")]
        format: Format,
        /// The command and its arguments, each a field
        #[arg(required = true, value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true,
              add = ArgValueCompleter::new(completion::commands))]
        fields: Vec<std::ffi::OsString>,
    },
    /// Show the tags of a service, or change them
    Tags {
        #[arg(add = ArgValueCompleter::new(completion::services))]
        name: String,
        /// KEY=VALUE or TAG to set, -KEY to remove
        #[arg(value_name = "CHANGE", allow_hyphen_values = true)]
        changes: Vec<std::ffi::OsString>,
    },
    /// Show the options of a service, or change them
    Options {
        #[arg(add = ArgValueCompleter::new(completion::services))]
        name: String,
        /// KEY=VALUE or OPTION to set, -KEY to remove
        #[arg(value_name = "CHANGE", allow_hyphen_values = true,
              add = ArgValueCompleter::new(completion::options))]
        changes: Vec<std::ffi::OsString>,
    },
    /// Show what the environment of a service adds to that of the daemon, or change it
    Env {
        /// The service
        #[arg(add = ArgValueCompleter::new(completion::services), required_unless_present = "all",
              allow_hyphen_values = true)]
        name: Option<String>,
        /// That of every service
        #[arg(long)]
        all: bool,
        /// KEY=VALUE to set, !KEY to take it out, -KEY to say nothing of it any more
        #[arg(value_name = "CHANGE", allow_hyphen_values = true)]
        changes: Vec<std::ffi::OsString>,
    },
    /// End the daemon in good order, with all its services
    ///
    /// Services are stopped in the reverse of the order in which `after` starts them, and those
    /// that write into a pipe before those that read from it. Each gets the signal of its option
    /// `stop` (SIGTERM), and as long as its `stop_after` says; when the time is up, what is left gets
    /// SIGKILL. Waits until the daemon has gone.
    Shutdown {
        /// Seconds until SIGKILL; if not given, what the daemon was started with
        #[arg(long, value_name = "SECONDS", value_parser = seconds)]
        timeout: Option<f64>,
        /// The code of the terminate guard
        #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
        guard: Option<i64>,
    },
    /// Let the daemon become a new version of itself, without losing a child
    ///
    /// The other program is asked first whether it understands everything that there is. If it does
    /// not, nothing has changed, and the status is 1.
    Upgrade {
        /// The program; if not given, the path by which the daemon was started
        #[arg(value_name = "PROGRAM", value_hint = clap::ValueHint::ExecutablePath)]
        program: Option<PathBuf>,
        /// The code of the terminate guard
        #[arg(long, value_name = "CODE", allow_negative_numbers = true)]
        guard: Option<i64>,
    },
    /// Look for faults in config files, without a daemon
    Check {
        /// Config files; - is standard input
        #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        files: Vec<PathBuf>,
    },
    /// Look for faults in a file of services (TOML), without a daemon
    ///
    /// All that is wrong is shown, with its place and what to write instead. The status is 1 if
    /// there are errors.
    Validate {
        /// The file; - is standard input
        #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        file: PathBuf,
    },
    /// Show what applying a file of services would change
    ///
    /// `+` is made, `~` is changed, `-` is stopped and deleted; the rest of the line is why, and
    /// whether it is restarted. The status is 0 if nothing would change, 2 if something would, and
    /// 1 if the file has errors or belongs to somebody else.
    Plan(Planned),
    /// Make the daemon have what a file of services says
    ///
    /// The file is checked as a whole before anything is sent. What did not change is not touched;
    /// what the file no longer mentions, and this owner has made, is stopped and deleted. The first
    /// refusal ends it, with status 1; applying again finishes the work. One apply at a time: a
    /// second one waits.
    Apply(Applied),
    /// Write the file for what the daemon has
    ///
    /// What an owner has applied is there in full; what has no key becomes a comment. Values that
    /// are secrets are left out, unless --secrets is given.
    Export {
        /// The services of this owner; needed only if there are several
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// Write secrets, too; if the output is a file, only its owner may read it then
        #[arg(long)]
        secrets: bool,
    },
    /// Translate files of another tool into a file of services
    ///
    /// Files of supervisord (.conf, .ini), units of systemd (.service), compose.yaml, a Procfile,
    /// and configurations in the commands of the protocol; and directories of services of runit, or
    /// of s6 and s6-rc, whose scripts are kept where they are. Several that name each other are
    /// given together. What has no counterpart becomes a comment that says so. Nothing is sent to a
    /// daemon.
    Import(Foreign),
    /// Write the JSON Schema of files of services, for editors
    Schema,
    /// Talk to the daemon at the terminal
    Shell {
        /// Show lines as the protocol has them
        #[arg(long)]
        raw: bool,
        /// Show what is added to a file, such as the log of the daemon or of a service, above the
        /// prompt
        #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
        follow: Vec<PathBuf>,
        /// The connection is this descriptor; leaving the shell ends the daemon
        #[arg(long, value_name = "FD", hide = true)]
        control_fd: Option<i32>,
        /// Lines to show, marked with a name
        #[arg(long, value_name = "NAME=FD", hide = true)]
        show_fd: Vec<String>,
    },
    /// Show who is connected to the daemon
    ///
    /// Users, groups and processes are those that connected, by number. Only a connection with all
    /// rights is told.
    Who(Shown),
    /// Watch services on the full screen
    ///
    /// The arrows select a service, Page Up and Page Down, Home and End scroll, Esc selects none.
    /// With a service selected, t starts, s stops, R restarts, l reloads and e releases it, and x
    /// sends it a signal, whose name is typed; each asks first, and only y does it. What the daemon
    /// refuses is shown. w shows why it runs or does not, and o the last of what it has written,
    /// until another key is typed. a changes between all services and those that run; n, c, m, u
    /// and r sort; ? names all keys; q leaves, and ^Z for a while.
    Top {
        /// Only these
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
        names: Vec<String>,
        /// Seconds between two updates
        #[arg(short = 'd', long, value_name = "SECONDS", default_value = "1", value_parser = seconds)]
        delay: f64,
    },
    /// Show what services write to these descriptors, with a name in front of each line
    #[command(hide = true)]
    Label {
        /// A descriptor, and whose it is
        #[arg(long, value_name = "NUMBER=NAME", required = true)]
        fd: Vec<String>,
    },
    /// Write the completions for a shell, to be sourced from its start file
    Completions { shell: CompletedShell },
    /// Write the manual page
    Man {
        /// That of files of services, daemonproxy.toml(5)
        #[arg(long)]
        file: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Names {
    /// Services
    #[arg(required = true, value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Timed {
    #[command(flatten)]
    pub(crate) names: Names,
    /// Seconds to wait for it; if not given 10, and as long as a stop of it takes that is under way
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct Stopped {
    #[command(flatten)]
    pub(crate) names: Names,
    /// Seconds until SIGKILL; if not given, what the service has as its option `stop_after`, or 10
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) timeout: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct Listed {
    /// Only these
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: Shown,
}

#[derive(Debug, Args)]
pub(crate) struct Shown {
    /// How to write
    #[arg(long, default_value = "table", value_name = "FORMAT")]
    pub(crate) format: Format,
    /// The fields to show, separated by commas
    #[arg(short = 'o', long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Planned {
    /// How to write
    #[arg(short, long, default_value = "text", value_name = "FORMAT")]
    pub(crate) output: PlanFormat,
    #[command(flatten)]
    pub(crate) taking: Taking,
    /// The file; - is standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Applied {
    /// Return when everything is ready, or say what is not
    #[arg(long)]
    pub(crate) wait: bool,
    /// Seconds to wait for a service that others come after, for one to end that never gets SIGKILL,
    /// for another apply, and with --wait
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) timeout: f64,
    /// Show all output of services, with their names, instead of writing logs
    #[arg(long, hide = true)]
    pub(crate) foreground: bool,
    /// What of this signal is pending at the start is cleared
    #[arg(long, value_name = "SIGNAL", hide = true)]
    pub(crate) answers: Option<String>,
    /// What is done if the first apply of a daemon fails
    #[arg(long, value_name = "WHAT", hide = true)]
    pub(crate) first_failure: Option<FirstFailure>,
    #[command(flatten)]
    pub(crate) taking: Taking,
    /// The file; - is standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Foreign {
    /// Whose they are; if not given, their names say it
    #[arg(long, value_name = "TOOL")]
    pub(crate) from: Option<From>,
    /// Say on standard error how much was carried over
    #[arg(long)]
    pub(crate) stats: bool,
    /// Files or directories; - is standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    pub(crate) files: Vec<PathBuf>,
}

/// Tools whose files can be translated.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum From {
    /// supervisord.conf, and the files that it includes
    Supervisord,
    /// A line NAME: COMMAND for each service
    Procfile,
    /// Units of the kind .service
    Systemd,
    /// What compose.yaml says of processes
    Compose,
    /// Directories of services, also of daemontools
    Runit,
    /// Directories of services of s6, and sources of s6-rc
    S6,
    /// Commands of the protocol, as the daemon reads them with -c
    Commands,
}

/// What becomes of a daemon whose first apply has failed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FirstFailure {
    /// It leaves, with status 2.
    Leave,
    /// It goes on, and that is said.
    Stay,
}

/// What is taken over.
#[derive(Copy, Clone, Debug, Args)]
pub(crate) struct Taking {
    /// Take over services and descriptors of these names that are somebody else's, or that belong to nobody
    #[arg(long)]
    pub(crate) adopt: bool,
    /// End the hold of services that were stopped
    #[arg(long)]
    pub(crate) release: bool,
}

/// How a plan is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// A line for each change.
    Text,
    /// One JSON object.
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Logged {
    /// Services; of what a pattern matches, those that have a log
    #[arg(required = true, value_name = "NAME", add = ArgValueCompleter::new(completion::services))]
    pub(crate) names: Vec<String>,
    /// Go on with what is added, until ^C
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Only the last N lines; if not given 100, or all with --since
    #[arg(short = 'n', long, value_name = "N")]
    pub(crate) lines: Option<usize>,
    /// Only what was written in this span before now (90s, 10m, 2h, 7d), or from a time on
    /// (2026-08-01T12:34:56Z)
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub(crate) since: Option<daemonproxy_log::Moment>,
    /// Only lines that contain this
    #[arg(long, value_name = "WORD")]
    pub(crate) grep: Option<String>,
}

/// What can be waited for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Awaited {
    /// It runs.
    Up,
    /// It runs, and can be used.
    Ready,
    /// It does not run, and no start is pending.
    Down,
    /// The same, and its last run was a success.
    Done,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => Ok(seconds),
        _ => Err("a number of seconds is expected, such as 10 or 0.5".to_owned()),
    }
}
