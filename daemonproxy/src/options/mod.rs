//! The command line.
//!
//! Parsed from left to right, so that `--exit-exec` holds for everything after it: a wrong option
//! after it, or `--version`, also ends in that program. What the options mean together is settled
//! in the end ([`Parsing::settle`]).

mod usage;
mod values;

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::time::Duration;

use daemonproxy_core::{Limits, Pool, limits};
use daemonproxy_protocol::{Fields, FilterChange, LogFilter, Signal, SignalAction};
use lexopt::{Arg, Parser};

pub(crate) use usage::USAGE;
use usage::VERSION;
pub(crate) use values::c_path;
use values::{number, on_signal, pool, shutdown_times};

/// The config file of the first process of a machine, unless the command line names one.
const PID1_CONFIG: &str = "/etc/daemonproxy.conf";
/// The guard code of PID 1, unless the command line sets one.
const PID1_GUARD: i64 = 1;

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) config: Option<OsString>,
    /// The directory for the cgroups of services.
    pub(crate) cgroup: Option<OsString>,
    pub(crate) interactive: bool,
    pub(crate) socket: Option<OsString>,
    pub(crate) script: Option<OsString>,
    /// The main service: its program and arguments.
    pub(crate) main: Vec<OsString>,
    /// How long a shutdown may take that does not say it.
    pub(crate) shutdown_times: [Option<Duration>; 3],
    /// The file that says which services there should be.
    pub(crate) file: Option<OsString>,
    /// What they write is shown.
    pub(crate) foreground: bool,
    pub(crate) daemonize: bool,
    /// Where to say that the daemon is ready.
    pub(crate) ready_fd: Option<i32>,
    pub(crate) guard: Option<i64>,
    /// Nobody asked for the guard.
    pub(crate) guard_by_itself: bool,
    pub(crate) signal_defaults: Vec<(Signal, SignalAction)>,
    pub(crate) limits: Limits,
    pub(crate) lock_memory: bool,
    pub(crate) strict: bool,
    pub(crate) filter: LogFilter,
    pub(crate) log_times: bool,
    /// Sizes that were asked for and cannot be had: for the log, once there is one.
    pub(crate) corrections: Vec<String>,
}

/// What there is to do instead of running.
pub(crate) enum Instead {
    /// Print this and exit 0.
    Print(&'static str),
    /// Say what is wrong with the command line.
    Complain(String),
}

impl From<lexopt::Error> for Instead {
    fn from(error: lexopt::Error) -> Self {
        Self::Complain(error.to_string())
    }
}

impl Options {
    /// Parses. `exit_exec` is called as soon as `--exit-exec` is found.
    pub(crate) fn parse(
        args: impl IntoIterator<Item = OsString>,
        pid1: bool,
        exit_exec: impl FnMut(Fields<'_>),
    ) -> Result<Self, Instead> {
        let options = Self::unless_told(pid1);
        let mut parsing = Parsing { options, exit_exec, ends: Vec::new(), given: Vec::new() };
        let mut parser = Parser::from_iter(args);
        while parsing.take_option(&mut parser)? {}
        parsing.settle(pid1)
    }

    fn unless_told(pid1: bool) -> Self {
        let shutdown = |signal| (signal, SignalAction::Shutdown);
        let ends = [Signal::TERM, Signal::INT, Signal::QUIT].map(shutdown);
        Self {
            config: None,
            cgroup: None,
            interactive: false,
            socket: None,
            script: None,
            main: Vec::new(),
            shutdown_times: [None; 3],
            file: None,
            foreground: false,
            daemonize: false,
            ready_fd: None,
            guard: pid1.then_some(PID1_GUARD),
            guard_by_itself: pid1,
            signal_defaults: if pid1 { Vec::new() } else { ends.into() },
            limits: Limits::default(),
            lock_memory: false,
            strict: false,
            filter: LogFilter::Debug,
            log_times: false,
            corrections: Vec::new(),
        }
    }
}

/// A command line that is being parsed.
struct Parsing<F> {
    options: Options,
    exit_exec: F,
    /// The signals that are said to end the daemon.
    ends: Vec<Signal>,
    /// The options that were given, of those that can be given only once.
    given: Vec<&'static str>,
}

impl<F: FnMut(Fields<'_>)> Parsing<F> {
    /// Takes the next option. Returns false when there is none.
    fn take_option(&mut self, parser: &mut Parser) -> Result<bool, Instead> {
        let Some(arg) = parser.next()? else { return Ok(false) };
        let options = &mut self.options;
        match arg {
            Arg::Short('i') | Arg::Long("interactive") => options.interactive = true,
            Arg::Short('D') | Arg::Long("daemonize") => options.daemonize = true,
            Arg::Long("foreground") => options.foreground = true,
            Arg::Long("strict") => options.strict = true,
            Arg::Long("log-time") => options.log_times = true,
            Arg::Short('M') | Arg::Long("mlockall") => options.lock_memory = true,
            Arg::Short('v') | Arg::Long("verbose") => {
                options.filter = options.filter.changed(FilterChange::Down);
            }
            Arg::Short('q') | Arg::Long("quiet") => {
                options.filter = options.filter.changed(FilterChange::Up);
            }
            Arg::Short('c') | Arg::Long("config") => {
                self.once("-c (--config)")?;
                self.options.config = Some(parser.value()?);
            }
            Arg::Short('S') | Arg::Long("socket") => {
                self.once("-S (--socket)")?;
                self.options.socket = Some(parser.value()?);
            }
            Arg::Short('L') | Arg::Long("lua") => {
                self.once("-L (--lua)")?;
                self.options.script = Some(parser.value()?);
            }
            Arg::Long("main") => self.take_main(parser)?,
            Arg::Long("shutdown-times") => {
                self.once("--shutdown-times")?;
                self.options.shutdown_times = shutdown_times(&parser.value()?)?;
            }
            Arg::Short('f') | Arg::Long("file") => {
                self.once("-f (--file)")?;
                self.options.file = Some(parser.value()?);
            }
            Arg::Short('E') | Arg::Long("exit-exec") => {
                self.once("-E (--exit-exec)")?;
                (self.exit_exec)(Fields::new(parser.value()?.as_bytes()));
            }
            Arg::Long("ready-fd") => {
                self.once("--ready-fd")?;
                self.options.ready_fd = Some(number(parser, "--ready-fd")?);
            }
            Arg::Long("cgroup") => {
                self.once("--cgroup")?;
                self.options.cgroup = Some(parser.value()?);
            }
            Arg::Long("exit-guard") => self.take_guard(parser)?,
            Arg::Long("on-signal") => self.take_signal(parser)?,
            Arg::Long("service-pool") => self.take_service_pool(parser)?,
            Arg::Long("fd-pool") => self.take_fd_pool(parser)?,
            Arg::Long("controller-pool") => self.take_controller_pool(parser)?,
            Arg::Long("max-line") => self.take_max_line(parser)?,
            Arg::Short('h') | Arg::Long("help") => return Err(Instead::Print(USAGE)),
            Arg::Long("version") => return Err(Instead::Print(VERSION)),
            Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(arg.unexpected().into()),
        }
        Ok(true)
    }

    /// The last one would silently win, and the others be forgotten.
    fn once(&mut self, option: &'static str) -> Result<(), Instead> {
        if self.given.contains(&option) {
            return Err(Instead::Complain(format!("{option} can be given only once")));
        }
        self.given.push(option);
        Ok(())
    }

    // Who may end the daemon

    fn take_guard(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        self.once("--exit-guard")?;
        let code = number::<i64>(parser, "--exit-guard")?;
        self.options.guard = (code != 0).then_some(code);
        self.options.guard_by_itself = false;
        Ok(())
    }

    fn take_signal(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        let (signal, action) = on_signal(&parser.value()?)?;
        if action.is_the_end() {
            self.ends.push(signal);
        }
        self.options.signal_defaults.push((signal, action));
        Ok(())
    }

    // The main service

    /// Everything that follows is its program.
    fn take_main(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        let mut main = vec![parser.value()?];
        main.extend(parser.raw_args()?);
        self.options.main = main;
        Ok(())
    }

    // Sizes

    fn take_service_pool(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        self.once("--service-pool")?;
        let asked = pool(&parser.value()?, limits::DEFAULT_SERVICE_BYTES)?;
        let least = Pool { count: 1, bytes: 1 };
        self.options.limits.services = Some(self.corrected("--service-pool", asked, least));
        Ok(())
    }

    fn take_fd_pool(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        self.once("--fd-pool")?;
        let asked = pool(&parser.value()?, limits::DEFAULT_FD_BYTES)?;
        let least = Pool { count: limits::MIN_FDS, bytes: 1 };
        self.options.limits.fds = Some(self.corrected("--fd-pool", asked, least));
        Ok(())
    }

    fn take_controller_pool(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        self.once("--controller-pool")?;
        // How many there must be is known when all options are.
        self.options.limits.controllers = Some(number(parser, "--controller-pool")?);
        Ok(())
    }

    fn take_max_line(&mut self, parser: &mut Parser) -> Result<(), Instead> {
        self.once("--max-line")?;
        let asked = number(parser, "--max-line")?;
        let (least, most) = (limits::MIN_MAX_LINE, limits::MAX_MAX_LINE);
        self.options.limits.max_line = self.clamped("--max-line", "size", asked, least, most);
        Ok(())
    }

    /// A pool of a size that can be had.
    fn corrected(&mut self, option: &str, asked: Pool, least: Pool) -> Pool {
        Pool {
            count: self.clamped(option, "count", asked.count, least.count, limits::MAX_POOL),
            bytes: self.clamped(option, "size", asked.bytes, least.bytes, limits::MAX_MAX_LINE),
        }
    }

    /// A number within its bounds, with a word about it when it was not.
    fn clamped(
        &mut self,
        option: &str,
        what: &str,
        asked: usize,
        least: usize,
        most: usize,
    ) -> usize {
        if asked < least {
            self.options
                .corrections
                .push(format!("{option}: {what} {asked} is below the minimum of {least}"));
        } else if asked > most {
            self.options
                .corrections
                .push(format!("{option}: {what} {asked} is above the maximum of {most}"));
        }
        asked.clamp(least, most)
    }

    // What they mean together

    fn settle(mut self, pid1: bool) -> Result<Options, Instead> {
        self.find_controller(pid1)?;
        self.settle_main();
        self.settle_guard();
        self.settle_controller_pool();
        Ok(self.options)
    }

    /// Somebody must say what is to be done.
    fn find_controller(&mut self, pid1: bool) -> Result<(), Instead> {
        let Options { config, interactive, socket, script, main, file, .. } = &mut self.options;
        let somebody = script.is_some() || !main.is_empty() || file.is_some();
        if config.is_none() && !*interactive && socket.is_none() && !somebody {
            if !pid1 {
                let text = "one of -f (--file), -i (--interactive), -c (--config), -S (--socket), \
                            -L (--lua) and --main is required";
                return Err(Instead::Complain(text.to_owned()));
            }
            *config = Some(PID1_CONFIG.into());
        }
        if self.options.foreground && self.options.file.is_none() {
            let text = "--foreground shows what the services of a file write: it goes with -f";
            return Err(Instead::Complain(text.to_owned()));
        }
        let Options { config, interactive, .. } = &self.options;
        if *interactive && config.as_ref().is_some_and(|path| path == "-") {
            let text = "standard input cannot be both the config file (-c -) and a controller (-i)";
            return Err(Instead::Complain(text.to_owned()));
        }
        Ok(())
    }

    /// With a main service the daemon is there for that one, also as PID 1, and hands on what it has
    /// no use for itself. What the command line says of signals counts.
    fn settle_main(&mut self) {
        let options = &mut self.options;
        if options.main.is_empty() {
            return;
        }
        if options.guard_by_itself {
            (options.guard, options.guard_by_itself) = (None, false);
        }
        let said = std::mem::take(&mut options.signal_defaults);
        let ends = [Signal::TERM, Signal::INT, Signal::QUIT];
        let forwarded = [Signal::HUP, Signal::USR1, Signal::USR2, Signal::WINCH];
        let all = ends.map(|signal| (signal, SignalAction::Shutdown)).into_iter();
        let all = all.chain(forwarded.map(|signal| (signal, SignalAction::Forward)));
        options.signal_defaults = all.chain(said).collect();
    }

    /// A guard that somebody asked for is stronger than what signals are said to do.
    fn settle_guard(&mut self) {
        if self.options.guard.is_some() && !self.options.guard_by_itself {
            let told =
                |signal| format!("the terminate guard is on, so {signal} does not end the daemon");
            self.options.corrections.extend(self.ends.drain(..).map(told));
        }
    }

    /// The config file, the script and the interactive session are controllers too, and may be
    /// there together.
    fn settle_controller_pool(&mut self) {
        let Some(asked) = self.options.limits.controllers else { return };
        let Options { config, script, main, file, interactive, .. } = &self.options;
        let commands = script.is_some() || !main.is_empty() || file.is_some();
        let there = [config.is_some(), commands, file.is_some(), *interactive];
        let least = there.map(usize::from).iter().sum::<usize>().max(1);
        let most = limits::MAX_CONTROLLERS;
        let count = self.clamped("--controller-pool", "count", asked, least, most);
        self.options.limits.controllers = Some(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_exec_is_known_before_a_wrong_option_is() {
        let mut found = Vec::new();
        let args = ["daemonproxy", "-E", "/bin/echo\thi", "--nonsense"].map(OsString::from);
        let outcome = Options::parse(args, false, |args| found = args.as_bytes().to_vec());
        assert!(matches!(outcome, Err(Instead::Complain(_))));
        assert_eq!(found, b"/bin/echo\thi");
    }
}
