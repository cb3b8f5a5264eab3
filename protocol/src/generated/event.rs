// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! Every event: its value, its parser, its writer.

use crate::{
    ConnKind, ConnRights, EventError, FdStateField, Fields, LogFilter, Name, ShutdownPhase, Signal,
    SignalAction, SocketOptions, StateField, Told, Triggers, field, kind,
};

/// An event, as the daemon sends it to a controller.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// `service.state`: A service starts, runs, has ended, or is forgotten.
    ServiceState {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seven fields: STATE, TIMESTAMP, PID, REASON, VALUE, UPTIME and DOWNTIME.
        state: StateField,
    },
    /// `service.run`: What is known of the run of a service that goes on, or else of its last
    /// one; only for connections that want it (`conn.features` with `runs`). It follows each
    /// `service.state` but `deleted`, and comes again when a fact changes. RUN counts all
    /// starts of the daemon from 1 and never goes back: another process may get the same pid,
    /// but not the same RUN. 0: the service never ran. Since protocol 2.
    ServiceRun {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// A number, 0 or more.
        run: u32,
        /// What is known of a run of a service: KEY=VALUE, or KEY alone for what is so or is not.
        /// The keys are listed under `facts`; a reader ignores those that it does not know.
        facts: Fields<'a>,
    },
    /// `service.tags`: The tags of a service.
    ServiceTags {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Free text for controllers, by convention `KEY=VALUE` or a single word.
        tags: Fields<'a>,
    },
    /// `service.args`: The argument list of a service.
    ServiceArgs {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// One argument of a program. It may be empty, unless it is the only one.
        args: Fields<'a>,
    },
    /// `service.fds`: The descriptor list of a service.
    ServiceFds {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// The name of a file descriptor, `-` for a number that stays closed, or `*` for a name
        /// that this connection may not know.
        fds: Fields<'a>,
    },
    /// `service.options`: The options of a service. Only connections with the feature
    /// `settings` hear of it, and whoever has set them. Since protocol 2.
    ServiceOptions {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// An option as it was set. A version to come may have options that are not known here.
        options: Fields<'a>,
    },
    /// `service.env`: The environment of a service, as far as it was set. Only connections
    /// with the feature `settings` hear of it, and whoever has set it. One that is longer
    /// than a line goes on in events `service.env.apply`. Since protocol 2.
    ServiceEnv {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// An item of the environment, as it was set.
        env: Fields<'a>,
    },
    /// `service.env.apply`: More of the environment of a service, to be added to what was
    /// told before. Since protocol 2.
    ServiceEnvApply {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// An item of the environment, as it was set.
        apply: Fields<'a>,
    },
    /// `env`: The environment of every service, in the same way. Since protocol 2.
    Env {
        /// An item of the environment, as it was set.
        env: Fields<'a>,
    },
    /// `env.apply`: More of that. Since protocol 2.
    EnvApply {
        /// An item of the environment, as it was set.
        apply: Fields<'a>,
    },
    /// `service.auto_up`: When a service starts by itself.
    ServiceAutoUp {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seconds, 1 or more, or `-` for what was set before.
        interval: Option<u32>,
        /// A trigger, with `*` in the place of a name that this connection may not know.
        triggers: Triggers<'a>,
    },
    /// `fd.state`: A file descriptor was made, or is gone.
    FdState {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
        /// TYPE (`file`, `pipe`, `socket` or `special`), FLAGS and DESCRIPTION; or the one word
        /// `deleted`.
        state: FdStateField<'a>,
    },
    /// `fd.give`: The answer to `fd.give`: what comes with this line is that file descriptor.
    /// Since protocol 2.
    FdGive {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
        /// TYPE (`file`, `pipe`, `socket` or `special`), FLAGS and DESCRIPTION; or the one word
        /// `deleted`.
        state: FdStateField<'a>,
    },
    /// `signal`: The daemon got a signal: which, when, and how many are pending now.
    Signal {
        /// A signal by name, with or without `SIG`, or by number (1 to 64). Events always write
        /// `SIGNAME`.
        signal: Signal,
        /// A second of CLOCK_MONOTONIC.
        at: i64,
        /// A number, 0 or more.
        count: u32,
    },
    /// `log.filter`: The log filter, as an answer to `log.filter`. Connections with the
    /// feature `settings` hear of it as well, when it changes and in a dump.
    LogFilter {
        /// A log level. That level and those before it are suppressed; `none` suppresses nothing.
        level: LogFilter,
    },
    /// `log.dest`: Where the log goes. This event and the next five are the daemon's own
    /// settings, as the commands that set them; only connections with the feature `settings`
    /// hear of them. Since protocol 2.
    LogDest {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        fd: Name<'a>,
    },
    /// `terminate.exec_args`: The program that the daemon becomes when it leaves. Since
    /// protocol 2.
    TerminateExecArgs {
        /// One argument of the program that the daemon becomes when it leaves.
        args: Fields<'a>,
    },
    /// `signal.default`: What a signal does that nobody listens for. Since protocol 2.
    SignalDefault {
        /// A signal by name, with or without `SIG`, or by number (1 to 64). Events always write
        /// `SIGNAME`.
        signal: Signal,
        /// `event` only counts and reports the signal, `shutdown` does what `terminate.shutdown`
        /// does, `terminate` leaves at once, `forward` sends it to the service that has the
        /// option `main`, if that runs, and counts it no more.
        action: SignalAction,
    },
    /// `chdir`: The working directory of the daemon. One that no command could name is not
    /// told: it has a control character, or is too long for a line. Since protocol 2.
    Chdir {
        /// A path. Relative ones start at the working directory of the daemon.
        path: &'a [u8],
    },
    /// `socket.create`: A control socket, with its options and its path; a relative one is
    /// told as an absolute one, unless that is too long for a socket or a line. Since
    /// protocol 2.
    SocketCreate {
        /// `-`, or comma-separated: `name=NAME` for an additional socket; `mode=MODE`, in octal,
        /// and `uid=UID` and `gid=GID`, by number, for its file; `rights=RIGHTS` and
        /// `services=PATTERN`, with `:` between patterns, for those who connect, as in
        /// `conn.restrict`; `most=COUNT` for how many may be connected at a time.
        options: SocketOptions<'a>,
        /// A path. Relative ones start at the working directory of the daemon.
        path: &'a [u8],
    },
    /// `socket.delete`: That control socket is gone, or the one without a name. Since
    /// protocol 2.
    SocketDelete {
        /// The name of a control socket. Absent: the one that has none.
        name: Option<Name<'a>>,
    },
    /// `info`: Something that a person may like to know.
    Info {
        /// A text for people.
        text: &'a [u8],
    },
    /// `warning`: A command was carried out, but something about it is odd.
    Warning {
        /// A text for people.
        text: &'a [u8],
    },
    /// `error`: A command could not be carried out, or a service could not be started.
    Error {
        /// A text for people.
        text: &'a [u8],
    },
    /// `overflow`: This controller was too slow and has missed events. It should ask for a
    /// `statedump`.
    Overflow,
    /// `conn.features`: The features of this connection that are in force: the answer to the
    /// command of the same name. Since protocol 2.
    ConnFeatures {
        /// The name of a feature. `observer`: this connection does not count as a listener for
        /// signals. `runs`: it is told `service.run`. `settings`: it hears of options,
        /// environments and the settings of the daemon, and a state dump has them.
        features: Fields<'a>,
    },
    /// `conn.timer`: A timer of this connection has run out. Since protocol 2.
    ConnTimer {
        /// The name of a timer of this connection: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `conn.state`: A connection, as an answer to `conn.list`: the number that it has in the
    /// log, where it comes from, user, group and process of whoever connected, what it may
    /// do, and its features. The number of one that has gone is used again. Since protocol 2.
    ConnState {
        /// A number, 0 or more.
        id: u32,
        /// Where a connection comes from: a `config` file, the `interactive` session, a `socket`,
        /// with its NAME if it has one, or a `service`, with its name while that is known.
        kind: ConnKind<'a>,
        /// The number of a user, a group or a process, or `-` if it is not known.
        uid: Option<u32>,
        /// The number of a user, a group or a process, or `-` if it is not known.
        gid: Option<u32>,
        /// The number of a user, a group or a process, or `-` if it is not known.
        pid: Option<u32>,
        /// What a connection may do. Behind a `:` the names of the services that it is limited
        /// to: patterns with `:` between them, of which one must match; and where it was limited
        /// more than once, one of each part, with `&` between the parts.
        rights: ConnRights<'a>,
        /// The name of a feature. `observer`: this connection does not count as a listener for
        /// signals. `runs`: it is told `service.run`. `settings`: it hears of options,
        /// environments and the settings of the daemon, and a state dump has them.
        features: Fields<'a>,
    },
    /// `done`: The end of the answer to a tagged command (`@TAG`, a TAB, and the command): it
    /// comes after everything else that the command has to say to this connection. With ERROR
    /// and TEXT the command was refused, and nothing has changed. A `statedump` is done after
    /// its last line, a `service.start` when it is accepted. Since protocol 2.
    Done {
        /// The TAG of a tagged command (`@TAG`, a TAB, and the command): 1 to 31 characters out
        /// of `A-Z a-z 0-9 . _ -`.
        tag: Name<'a>,
        /// The name of an error, as the list of error texts has it. Names stay, while texts may
        /// be improved.
        error: Option<Name<'a>>,
        /// The text of an error, for people.
        text: Option<&'a [u8]>,
    },
    /// `terminate.state`: How far an orderly shutdown has got, and how many services are not
    /// gone yet: their main process, or others of its process group, are still there. Since
    /// protocol 2.
    TerminateState {
        /// How far an orderly shutdown has got: `stopping` after SIGTERM, `killing` after
        /// SIGKILL, `flushing` when only events and the log are left to deliver.
        phase: ShutdownPhase,
        /// A number, 0 or more.
        remaining: u32,
    },

    /// A line that `echo` made, or an event of a version to come: any whose first field is no event
    /// that is known here.
    Other {
        /// The whole line.
        line: &'a [u8],
    },
}

impl<'a> Event<'a> {
    /// Reads a line, which is given without its LF.
    ///
    /// # Errors
    ///
    /// The line begins like an event and goes on like none. Text that a controller lets the daemon
    /// `echo` may do so, too.
    pub fn parse(line: &'a [u8]) -> Result<Self, EventError> {
        let (rest, name) = field::first_field(line);
        match name {
            b"service.state" => {
                let wrong = |field, what| EventError::new("service.state", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (rest, state) = kind::service_state(rest)
                    .map_err(|_| wrong("STATE", "the state of a service"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::ServiceState { name, state })
            }
            b"service.run" => {
                let wrong = |field, what| EventError::new("service.run", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (rest, run) =
                    kind::count(rest).map_err(|_| wrong("RUN", "a number, 0 or more"))?;
                let (_, facts) = kind::fact(rest).map_err(|_| wrong("FACTS", "a fact of a run"))?;
                Ok(Self::ServiceRun { name, run, facts })
            }
            b"service.tags" => {
                let wrong = |field, what| EventError::new("service.tags", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, tags) = kind::tag(rest).map_err(|_| wrong("TAGS", "a tag"))?;
                Ok(Self::ServiceTags { name, tags })
            }
            b"service.args" => {
                let wrong = |field, what| EventError::new("service.args", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, args) = kind::arg(rest).map_err(|_| wrong("ARGS", "an argument"))?;
                Ok(Self::ServiceArgs { name, args })
            }
            b"service.fds" => {
                let wrong = |field, what| EventError::new("service.fds", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, fds) = kind::fd_shown(rest)
                    .map_err(|_| wrong("FDS", "the name of a file descriptor, - or *"))?;
                Ok(Self::ServiceFds { name, fds })
            }
            b"service.options" => {
                let wrong = |field, what| EventError::new("service.options", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, options) =
                    kind::told_option(rest).map_err(|_| wrong("OPTIONS", "an option"))?;
                Ok(Self::ServiceOptions { name, options })
            }
            b"service.env" => {
                let wrong = |field, what| EventError::new("service.env", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, env) =
                    kind::told_env(rest).map_err(|_| wrong("ENV", "an item of the environment"))?;
                Ok(Self::ServiceEnv { name, env })
            }
            b"service.env.apply" => {
                let wrong = |field, what| EventError::new("service.env.apply", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (_, apply) = kind::told_env(rest)
                    .map_err(|_| wrong("APPLY", "an item of the environment"))?;
                Ok(Self::ServiceEnvApply { name, apply })
            }
            b"env" if !rest.is_empty() => {
                let wrong = |field, what| EventError::new("env", field, what);
                let (_, env) =
                    kind::told_env(rest).map_err(|_| wrong("ENV", "an item of the environment"))?;
                Ok(Self::Env { env })
            }
            b"env.apply" => {
                let wrong = |field, what| EventError::new("env.apply", field, what);
                let (_, apply) = kind::told_env(rest)
                    .map_err(|_| wrong("APPLY", "an item of the environment"))?;
                Ok(Self::EnvApply { apply })
            }
            b"service.auto_up" => {
                let wrong = |field, what| EventError::new("service.auto_up", field, what);
                let (rest, name) =
                    kind::service(rest).map_err(|_| wrong("NAME", "the name of a service"))?;
                let (rest, interval) = kind::interval(rest)
                    .map_err(|_| wrong("INTERVAL", "a number of seconds, 1 or more, or -"))?;
                let (_, triggers) =
                    kind::trigger_shown(rest).map_err(|_| wrong("TRIGGERS", "a trigger"))?;
                Ok(Self::ServiceAutoUp { name, interval, triggers })
            }
            b"fd.state" => {
                let wrong = |field, what| EventError::new("fd.state", field, what);
                let (rest, name) =
                    kind::fd(rest).map_err(|_| wrong("NAME", "the name of a file descriptor"))?;
                let (rest, state) = kind::fd_state(rest)
                    .map_err(|_| wrong("STATE", "the state of a file descriptor"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::FdState { name, state })
            }
            b"fd.give" => {
                let wrong = |field, what| EventError::new("fd.give", field, what);
                let (rest, name) =
                    kind::fd(rest).map_err(|_| wrong("NAME", "the name of a file descriptor"))?;
                let (rest, state) = kind::fd_state(rest)
                    .map_err(|_| wrong("STATE", "the state of a file descriptor"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::FdGive { name, state })
            }
            b"signal" => {
                let wrong = |field, what| EventError::new("signal", field, what);
                let (rest, signal) = kind::signal(rest)
                    .map_err(|_| wrong("SIGNAL", "the name or number of a signal"))?;
                let (rest, at) = kind::timestamp(rest).map_err(|_| wrong("AT", "a timestamp"))?;
                let (rest, count) =
                    kind::count(rest).map_err(|_| wrong("COUNT", "a number, 0 or more"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::Signal { signal, at, count })
            }
            b"log.filter" => {
                let wrong = |field, what| EventError::new("log.filter", field, what);
                let (rest, level) = kind::level(rest).map_err(|_| wrong("LEVEL", "a log level"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::LogFilter { level })
            }
            b"log.dest" => {
                let wrong = |field, what| EventError::new("log.dest", field, what);
                let (rest, ()) = kind::log_type(rest).map_err(|_| wrong("TYPE", "fd"))?;
                let (rest, fd) =
                    kind::fd(rest).map_err(|_| wrong("FD", "the name of a file descriptor"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::LogDest { fd })
            }
            b"terminate.exec_args" => {
                let wrong = |field, what| EventError::new("terminate.exec_args", field, what);
                let (_, args) = kind::exec_arg(rest).map_err(|_| wrong("ARGS", "an argument"))?;
                Ok(Self::TerminateExecArgs { args })
            }
            b"signal.default" => {
                let wrong = |field, what| EventError::new("signal.default", field, what);
                let (rest, signal) = kind::signal(rest)
                    .map_err(|_| wrong("SIGNAL", "the name or number of a signal"))?;
                let (rest, action) = kind::signal_action(rest)
                    .map_err(|_| wrong("ACTION", "event, shutdown, terminate or forward"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::SignalDefault { signal, action })
            }
            b"chdir" if !rest.is_empty() => {
                let wrong = |field, what| EventError::new("chdir", field, what);
                let (rest, path) = kind::path(rest).map_err(|_| wrong("PATH", "a path"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::Chdir { path })
            }
            b"socket.create" => {
                let wrong = |field, what| EventError::new("socket.create", field, what);
                let (rest, options) = kind::socket_options(rest)
                    .map_err(|_| wrong("OPTIONS", "options of a control socket"))?;
                let (rest, path) = kind::path(rest).map_err(|_| wrong("PATH", "a path"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::SocketCreate { options, path })
            }
            b"socket.delete" => {
                let wrong = |field, what| EventError::new("socket.delete", field, what);
                let (rest, name) = kind::socket(rest)
                    .map_err(|_| wrong("NAME", "the name of a control socket"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::SocketDelete { name })
            }
            b"info" => {
                let wrong = |field, what| EventError::new("info", field, what);
                let (_, text) = kind::text(rest).map_err(|_| wrong("TEXT", "a text"))?;
                Ok(Self::Info { text })
            }
            b"warning" => {
                let wrong = |field, what| EventError::new("warning", field, what);
                let (_, text) = kind::text(rest).map_err(|_| wrong("TEXT", "a text"))?;
                Ok(Self::Warning { text })
            }
            b"error" => {
                let wrong = |field, what| EventError::new("error", field, what);
                let (_, text) = kind::text(rest).map_err(|_| wrong("TEXT", "a text"))?;
                Ok(Self::Error { text })
            }
            b"overflow" => {
                let wrong = |field, what| EventError::new("overflow", field, what);
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::Overflow)
            }
            b"conn.features" => {
                let wrong = |field, what| EventError::new("conn.features", field, what);
                let (_, features) =
                    kind::feature(rest).map_err(|_| wrong("FEATURES", "the name of a feature"))?;
                Ok(Self::ConnFeatures { features })
            }
            b"conn.timer" => {
                let wrong = |field, what| EventError::new("conn.timer", field, what);
                let (rest, name) =
                    kind::timer(rest).map_err(|_| wrong("NAME", "the name of a timer"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::ConnTimer { name })
            }
            b"conn.state" => {
                let wrong = |field, what| EventError::new("conn.state", field, what);
                let (rest, id) =
                    kind::count(rest).map_err(|_| wrong("ID", "a number, 0 or more"))?;
                let (rest, kind) = kind::conn_kind(rest)
                    .map_err(|_| wrong("KIND", "config, interactive, socket or service"))?;
                let (rest, uid) = kind::id(rest).map_err(|_| wrong("UID", "a number, or -"))?;
                let (rest, gid) = kind::id(rest).map_err(|_| wrong("GID", "a number, or -"))?;
                let (rest, pid) = kind::id(rest).map_err(|_| wrong("PID", "a number, or -"))?;
                let (rest, rights) = kind::conn_rights(rest)
                    .map_err(|_| wrong("RIGHTS", "watch, operate or full"))?;
                let (_, features) =
                    kind::feature(rest).map_err(|_| wrong("FEATURES", "the name of a feature"))?;
                Ok(Self::ConnState { id, kind, uid, gid, pid, rights, features })
            }
            b"done" if !rest.is_empty() => {
                let wrong = |field, what| EventError::new("done", field, what);
                let (rest, tag) =
                    kind::command_tag(rest).map_err(|_| wrong("TAG", "the tag of a command"))?;
                let (rest, error) =
                    kind::error_name(rest).map_err(|_| wrong("ERROR", "the name of an error"))?;
                let (_, text) =
                    kind::error_text(rest).map_err(|_| wrong("TEXT", "the text of an error"))?;
                Ok(Self::Done { tag, error, text })
            }
            b"terminate.state" => {
                let wrong = |field, what| EventError::new("terminate.state", field, what);
                let (rest, phase) = kind::phase(rest)
                    .map_err(|_| wrong("PHASE", "stopping, killing or flushing"))?;
                let (rest, remaining) =
                    kind::count(rest).map_err(|_| wrong("REMAINING", "a number, 0 or more"))?;
                kind::end(rest).map_err(|_| wrong("end", "no more fields"))?;
                Ok(Self::TerminateState { phase, remaining })
            }

            _ => Ok(Self::Other { line }),
        }
    }

    /// Appends the line, without LF. [`parse`](Self::parse) gives the same event back.
    pub fn encode(&self, out: &mut Vec<u8>) {
        if let Some(name) = self.name() {
            out.extend_from_slice(name.as_str().as_bytes());
        }
        match *self {
            Self::ServiceState { name, state } => {
                kind::put_service(out, name);
                kind::put_service_state(out, state);
            }
            Self::ServiceRun { name, run, facts } => {
                kind::put_service(out, name);
                kind::put_count(out, run);
                kind::put_fact(out, facts);
            }
            Self::ServiceTags { name, tags } => {
                kind::put_service(out, name);
                kind::put_tag(out, tags);
            }
            Self::ServiceArgs { name, args } => {
                kind::put_service(out, name);
                kind::put_arg(out, args);
            }
            Self::ServiceFds { name, fds } => {
                kind::put_service(out, name);
                kind::put_fd_shown(out, fds);
            }
            Self::ServiceOptions { name, options } => {
                kind::put_service(out, name);
                kind::put_told_option(out, options);
            }
            Self::ServiceEnv { name, env } => {
                kind::put_service(out, name);
                kind::put_told_env(out, env);
            }
            Self::ServiceEnvApply { name, apply } => {
                kind::put_service(out, name);
                kind::put_told_env(out, apply);
            }
            Self::Env { env } => {
                kind::put_told_env(out, env);
            }
            Self::EnvApply { apply } => {
                kind::put_told_env(out, apply);
            }
            Self::ServiceAutoUp { name, interval, triggers } => {
                kind::put_service(out, name);
                kind::put_interval(out, interval);
                kind::put_trigger_shown(out, triggers);
            }
            Self::FdState { name, state } => {
                kind::put_fd(out, name);
                kind::put_fd_state(out, state);
            }
            Self::FdGive { name, state } => {
                kind::put_fd(out, name);
                kind::put_fd_state(out, state);
            }
            Self::Signal { signal, at, count } => {
                kind::put_signal(out, signal);
                kind::put_timestamp(out, at);
                kind::put_count(out, count);
            }
            Self::LogFilter { level } => {
                kind::put_level(out, level);
            }
            Self::LogDest { fd } => {
                kind::put_log_type(out);
                kind::put_fd(out, fd);
            }
            Self::TerminateExecArgs { args } => {
                kind::put_exec_arg(out, args);
            }
            Self::SignalDefault { signal, action } => {
                kind::put_signal(out, signal);
                kind::put_signal_action(out, action);
            }
            Self::Chdir { path } => {
                kind::put_path(out, path);
            }
            Self::SocketCreate { options, path } => {
                kind::put_socket_options(out, options);
                kind::put_path(out, path);
            }
            Self::SocketDelete { name } => {
                kind::put_socket(out, name);
            }
            Self::Info { text } => {
                kind::put_text(out, text);
            }
            Self::Warning { text } => {
                kind::put_text(out, text);
            }
            Self::Error { text } => {
                kind::put_text(out, text);
            }
            Self::Overflow => {}
            Self::ConnFeatures { features } => {
                kind::put_feature(out, features);
            }
            Self::ConnTimer { name } => {
                kind::put_timer(out, name);
            }
            Self::ConnState { id, kind, uid, gid, pid, rights, features } => {
                kind::put_count(out, id);
                kind::put_conn_kind(out, kind);
                kind::put_id(out, uid);
                kind::put_id(out, gid);
                kind::put_id(out, pid);
                kind::put_conn_rights(out, rights);
                kind::put_feature(out, features);
            }
            Self::Done { tag, error, text } => {
                kind::put_command_tag(out, tag);
                kind::put_error_name(out, error);
                kind::put_error_text(out, text);
            }
            Self::TerminateState { phase, remaining } => {
                kind::put_phase(out, phase);
                kind::put_count(out, remaining);
            }

            Self::Other { line } => out.extend_from_slice(line),
        }
    }

    /// Which event it is; `None` for a line that is none.
    #[must_use]
    pub const fn name(&self) -> Option<EventName> {
        Some(match self {
            Self::ServiceState { .. } => EventName::ServiceState,
            Self::ServiceRun { .. } => EventName::ServiceRun,
            Self::ServiceTags { .. } => EventName::ServiceTags,
            Self::ServiceArgs { .. } => EventName::ServiceArgs,
            Self::ServiceFds { .. } => EventName::ServiceFds,
            Self::ServiceOptions { .. } => EventName::ServiceOptions,
            Self::ServiceEnv { .. } => EventName::ServiceEnv,
            Self::ServiceEnvApply { .. } => EventName::ServiceEnvApply,
            Self::Env { .. } => EventName::Env,
            Self::EnvApply { .. } => EventName::EnvApply,
            Self::ServiceAutoUp { .. } => EventName::ServiceAutoUp,
            Self::FdState { .. } => EventName::FdState,
            Self::FdGive { .. } => EventName::FdGive,
            Self::Signal { .. } => EventName::Signal,
            Self::LogFilter { .. } => EventName::LogFilter,
            Self::LogDest { .. } => EventName::LogDest,
            Self::TerminateExecArgs { .. } => EventName::TerminateExecArgs,
            Self::SignalDefault { .. } => EventName::SignalDefault,
            Self::Chdir { .. } => EventName::Chdir,
            Self::SocketCreate { .. } => EventName::SocketCreate,
            Self::SocketDelete { .. } => EventName::SocketDelete,
            Self::Info { .. } => EventName::Info,
            Self::Warning { .. } => EventName::Warning,
            Self::Error { .. } => EventName::Error,
            Self::Overflow => EventName::Overflow,
            Self::ConnFeatures { .. } => EventName::ConnFeatures,
            Self::ConnTimer { .. } => EventName::ConnTimer,
            Self::ConnState { .. } => EventName::ConnState,
            Self::Done { .. } => EventName::Done,
            Self::TerminateState { .. } => EventName::TerminateState,

            Self::Other { .. } => return None,
        })
    }

    /// Who hears of it, besides connections with full rights.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one for each event")]
    pub const fn told(&self) -> Told {
        match self {
            Self::ServiceState { .. } => Told::Service,
            Self::ServiceRun { .. } => Told::Service,
            Self::ServiceTags { .. } => Told::Service,
            Self::ServiceArgs { .. } => Told::Service,
            Self::ServiceFds { .. } => Told::Service,
            Self::ServiceOptions { .. } => Told::Full,
            Self::ServiceEnv { .. } => Told::Full,
            Self::ServiceEnvApply { .. } => Told::Full,
            Self::Env { .. } => Told::Full,
            Self::EnvApply { .. } => Told::Full,
            Self::ServiceAutoUp { .. } => Told::Service,
            Self::FdState { .. } => Told::Full,
            Self::FdGive { .. } => Told::Full,
            Self::Signal { .. } => Told::Full,
            Self::LogFilter { .. } => Told::Asked,
            Self::LogDest { .. } => Told::Full,
            Self::TerminateExecArgs { .. } => Told::Full,
            Self::SignalDefault { .. } => Told::Full,
            Self::Chdir { .. } => Told::Full,
            Self::SocketCreate { .. } => Told::Full,
            Self::SocketDelete { .. } => Told::Full,
            Self::Info { .. } => Told::Full,
            Self::Warning { .. } => Told::Full,
            Self::Error { .. } => Told::Asked,
            Self::Overflow => Told::Asked,
            Self::ConnFeatures { .. } => Told::Asked,
            Self::ConnTimer { .. } => Told::Asked,
            Self::ConnState { .. } => Told::Asked,
            Self::Done { .. } => Told::Asked,
            Self::TerminateState { .. } => Told::Full,

            Self::Other { .. } => Told::Full,
        }
    }

    /// The service that it is about.
    #[must_use]
    pub const fn service(&self) -> Option<Name<'a>> {
        match *self {
            Self::ServiceState { name, .. }
            | Self::ServiceRun { name, .. }
            | Self::ServiceTags { name, .. }
            | Self::ServiceArgs { name, .. }
            | Self::ServiceFds { name, .. }
            | Self::ServiceOptions { name, .. }
            | Self::ServiceEnv { name, .. }
            | Self::ServiceEnvApply { name, .. }
            | Self::ServiceAutoUp { name, .. } => Some(name),
            _ => None,
        }
    }

    /// An event that says what some list of a service is now: the service, which list, and the
    /// list.
    #[must_use]
    pub const fn service_list(&self) -> Option<(Name<'a>, EventName, Fields<'a>)> {
        Some(match *self {
            Self::ServiceTags { name, tags } => (name, EventName::ServiceTags, tags),
            Self::ServiceArgs { name, args } => (name, EventName::ServiceArgs, args),
            Self::ServiceFds { name, fds } => (name, EventName::ServiceFds, fds),
            Self::ServiceOptions { name, options } => (name, EventName::ServiceOptions, options),
            Self::ServiceEnv { name, env } => (name, EventName::ServiceEnv, env),
            Self::ServiceEnvApply { name, apply } => (name, EventName::ServiceEnvApply, apply),

            _ => return None,
        })
    }
}

/// The name of an event.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventName {
    /// `service.state`
    ServiceState,
    /// `service.run`
    ServiceRun,
    /// `service.tags`
    ServiceTags,
    /// `service.args`
    ServiceArgs,
    /// `service.fds`
    ServiceFds,
    /// `service.options`
    ServiceOptions,
    /// `service.env`
    ServiceEnv,
    /// `service.env.apply`
    ServiceEnvApply,
    /// `env`
    Env,
    /// `env.apply`
    EnvApply,
    /// `service.auto_up`
    ServiceAutoUp,
    /// `fd.state`
    FdState,
    /// `fd.give`
    FdGive,
    /// `signal`
    Signal,
    /// `log.filter`
    LogFilter,
    /// `log.dest`
    LogDest,
    /// `terminate.exec_args`
    TerminateExecArgs,
    /// `signal.default`
    SignalDefault,
    /// `chdir`
    Chdir,
    /// `socket.create`
    SocketCreate,
    /// `socket.delete`
    SocketDelete,
    /// `info`
    Info,
    /// `warning`
    Warning,
    /// `error`
    Error,
    /// `overflow`
    Overflow,
    /// `conn.features`
    ConnFeatures,
    /// `conn.timer`
    ConnTimer,
    /// `conn.state`
    ConnState,
    /// `done`
    Done,
    /// `terminate.state`
    TerminateState,
}

impl EventName {
    /// Every event, in the order of the grammar.
    pub const ALL: &[Self] = &[
        Self::ServiceState,
        Self::ServiceRun,
        Self::ServiceTags,
        Self::ServiceArgs,
        Self::ServiceFds,
        Self::ServiceOptions,
        Self::ServiceEnv,
        Self::ServiceEnvApply,
        Self::Env,
        Self::EnvApply,
        Self::ServiceAutoUp,
        Self::FdState,
        Self::FdGive,
        Self::Signal,
        Self::LogFilter,
        Self::LogDest,
        Self::TerminateExecArgs,
        Self::SignalDefault,
        Self::Chdir,
        Self::SocketCreate,
        Self::SocketDelete,
        Self::Info,
        Self::Warning,
        Self::Error,
        Self::Overflow,
        Self::ConnFeatures,
        Self::ConnTimer,
        Self::ConnState,
        Self::Done,
        Self::TerminateState,
    ];

    /// The name as it stands on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ServiceState => "service.state",
            Self::ServiceRun => "service.run",
            Self::ServiceTags => "service.tags",
            Self::ServiceArgs => "service.args",
            Self::ServiceFds => "service.fds",
            Self::ServiceOptions => "service.options",
            Self::ServiceEnv => "service.env",
            Self::ServiceEnvApply => "service.env.apply",
            Self::Env => "env",
            Self::EnvApply => "env.apply",
            Self::ServiceAutoUp => "service.auto_up",
            Self::FdState => "fd.state",
            Self::FdGive => "fd.give",
            Self::Signal => "signal",
            Self::LogFilter => "log.filter",
            Self::LogDest => "log.dest",
            Self::TerminateExecArgs => "terminate.exec_args",
            Self::SignalDefault => "signal.default",
            Self::Chdir => "chdir",
            Self::SocketCreate => "socket.create",
            Self::SocketDelete => "socket.delete",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Overflow => "overflow",
            Self::ConnFeatures => "conn.features",
            Self::ConnTimer => "conn.timer",
            Self::ConnState => "conn.state",
            Self::Done => "done",
            Self::TerminateState => "terminate.state",
        }
    }
}
