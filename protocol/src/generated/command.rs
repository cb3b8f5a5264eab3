// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! Every command: its value, its parser, its writer.

use std::time::Duration;

use crate::{
    Address, FdNumbers, Fields, FileFlags, FilterChange, Name, PipeFlags, Refusal, Rights, Signal,
    SignalAction, SocketFlags, SocketOptions, StartTime, Triggers, check, field, kind,
};

/// A command, as a controller sends it to the daemon.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    /// `echo`: Sends the rest of the line back, exactly as it is, as a line of its own;
    /// nothing at all when there is no field. Answers come in the order of the commands, so
    /// an echo shows where the answers so far end.
    Echo {
        /// The rest of the line, whatever is in it.
        rest: Option<&'a [u8]>,
    },
    /// `statedump`: Reports everything: each file descriptor, each service with its tags,
    /// arguments, descriptors and triggers, each signal with a pending count. Commands after
    /// it wait until the dump is complete.
    Statedump,
    /// `service.args`: Sets the argument list of a service, and creates the service if
    /// needed. The first argument is the program, searched for in PATH, and also its
    /// argv\[0\].
    ServiceArgs {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// One argument of a program. It may be empty, unless it is the only one.
        args: Fields<'a>,
    },
    /// `service.fds`: Sets which file descriptors become 0, 1, 2 and so on in the service,
    /// from its next start on. `-` leaves a number closed. A name that does not exist yet
    /// only causes a warning. A service whose list was never set, or is empty, gets `null
    /// null null`.
    ServiceFds {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// The name of a file descriptor, or `-` to leave that number closed.
        fds: Fields<'a>,
    },
    /// `service.tags`: Sets the tags of a service: free text that the daemon keeps for
    /// controllers and does not interpret.
    ServiceTags {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Free text for controllers, by convention `KEY=VALUE` or a single word.
        tags: Fields<'a>,
    },
    /// `service.auto_up`: Starts the service whenever one of the triggers holds, but never
    /// sooner than INTERVAL seconds after its last start. Without a trigger this is off. An
    /// INTERVAL of `-` with triggers keeps the one set before, or 5 if there was none. Takes
    /// effect at once.
    ServiceAutoUp {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seconds, 1 or more, or `-` for what was set before.
        interval: Option<u32>,
        /// A condition, or several joined by commas, all of which must hold. `always`; a signal:
        /// its pending count is above 0 (a real-time signal is refused, for the daemon receives
        /// none); `once`: the service never ran; `failure`, `success`: how its last run ended;
        /// `ready:NAME`, `up:NAME`: that service runs and is ready, or runs; `down:NAME`: it
        /// exists and has no process; `done:NAME`: it has no process, and its last run was a
        /// success; `fd:NAME`: that descriptor is readable. A name that does not exist satisfies
        /// none. Of protocol 1 are `always` and signals, one at a time.
        triggers: Triggers<'a>,
    },
    /// `service.start`: Starts the service now, or at that second of CLOCK_MONOTONIC; `-`
    /// cancels a start that is pending. A time of up to 100000 seconds ago means now. It is
    /// done before the next command is read. While the service is being stopped, it is
    /// started when the stop is over. It ends a hold.
    ServiceStart {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// A second of CLOCK_MONOTONIC, or `-` to cancel a start that is pending. Absent: now.
        at: StartTime,
    },
    /// `service.stop`: Ends the service in good order, and holds it: until `service.start`,
    /// `service.restart` or `service.release`, no trigger starts it. Its main process gets
    /// SIGTERM, or what the option `stop=` says, and SIGCONT; when that has ended and others
    /// of its process group are left, they get the same; AFTER seconds (10, or what the
    /// option `stop_after=` says) after the command, whatever is left gets SIGKILL. The stop
    /// is over when nothing is left: until then the service is not started again, and cannot
    /// be deleted. A service that is not running is only held, and a start that is pending is
    /// cancelled. A second stop can only shorten the time of the first. Since protocol 2.
    ServiceStop {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the
        /// default.
        after: Option<Duration>,
    },
    /// `service.restart`: Stops the service as `service.stop` does, and starts it again as
    /// soon as nothing of it is left, whatever the interval of its triggers. One that is not
    /// running is started at once. It ends a hold. Of a stop, a start and a restart, the
    /// latest decides what follows. Since protocol 2.
    ServiceRestart {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the
        /// default.
        after: Option<Duration>,
    },
    /// `service.release`: Ends the hold of a service that was stopped, without starting it:
    /// its triggers may do that. Since protocol 2.
    ServiceRelease {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `service.reload`: Asks the service to read its configuration again, if it is running:
    /// sends SIGHUP to its main process, or what the option `reload=` says. Since protocol 2.
    ServiceReload {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `service.ready`: Says for a service with the option `ready=control` that it is ready.
    /// Once is enough: said again, it changes nothing. Since protocol 2.
    ServiceReady {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `service.deadman`: Vouches for a service that runs and has the option `deadman=`: its
    /// time begins again. Since protocol 2.
    ServiceDeadman {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `service.signal`: Sends a signal to the service, if it is running; with `group`, to
    /// its whole process group.
    ServiceSignal {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// A signal by name, with or without `SIG`, or by number (1 to 64). Events always write
        /// `SIGNAME`.
        signal: Signal,
        /// The word `group`, which means the whole process group of the service.
        group: bool,
    },
    /// `service.delete`: Forgets the service, if it is not running and not being stopped.
    ServiceDelete {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `service.tags.apply`: Changes single tags and leaves the others as they are, all in
    /// one step, so that two controllers do not overwrite each other. `KEY=VALUE` or `TAG`
    /// sets or replaces, `-KEY` removes. Since protocol 2.
    ServiceTagsApply {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// `KEY=VALUE` or `TAG` sets that tag, or replaces the one with the same KEY; `-KEY`
        /// removes it.
        changes: Fields<'a>,
    },
    /// `service.options`: Sets the options of a service: all of them, in place of those it
    /// had. They apply from its next start on, unless it is said otherwise; see the list of
    /// options. A user or group that does not exist now only causes a warning. Since protocol
    /// 2.
    ServiceOptions {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// `KEY=VALUE`, or a single word: one of the options of services.
        options: Fields<'a>,
    },
    /// `service.options.apply`: Changes single options and leaves the others as they are, all
    /// in one step. `KEY=VALUE` or a word sets or replaces, `-KEY` takes out. Since protocol
    /// 2.
    ServiceOptionsApply {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// An option, which is set or replaces the one with the same KEY; or `-KEY`, which takes
        /// it out.
        changes: Fields<'a>,
    },
    /// `service.env`: Sets what is different in the environment of a service, from its next
    /// start on. A start gets the environment of the daemon, changed by `env`, by what
    /// `user=` sets, and by this; the PATH of the result is searched for the program. At most
    /// 65535 bytes. No value is ever in the log. Since protocol 2.
    ServiceEnv {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// `KEY=VALUE` sets a variable of the environment; `KEY%=VALUE`, too, and in VALUE `%XX`
        /// is the byte with that hexadecimal number; `!KEY` takes it out. A first item `!` starts
        /// from nothing.
        env: Fields<'a>,
    },
    /// `service.env.apply`: Changes single items of that, and leaves the others as they are,
    /// all in one step. Since protocol 2.
    ServiceEnvApply {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// An item, which is set or replaces the one about the same KEY; or `-KEY`, which takes
        /// the item out. `!` becomes the first item, `-!` takes it out.
        changes: Fields<'a>,
    },
    /// `env`: The same for every service: what `service.env` says comes after it. Since
    /// protocol 2.
    Env {
        /// `KEY=VALUE` sets a variable of the environment; `KEY%=VALUE`, too, and in VALUE `%XX`
        /// is the byte with that hexadecimal number; `!KEY` takes it out. A first item `!` starts
        /// from nothing.
        env: Fields<'a>,
    },
    /// `env.apply`: Changes single items of that. Since protocol 2.
    EnvApply {
        /// An item, which is set or replaces the one about the same KEY; or `-KEY`, which takes
        /// the item out. `!` becomes the first item, `-!` takes it out.
        changes: Fields<'a>,
    },
    /// `service.pipe`: Gives the service a logger of its own: a pipe `NAME-log.r` /
    /// `NAME-log.w`, a service `NAME-log` with these arguments that reads from it, is always
    /// up and is started again after 1 second at the earliest; and `NAME-log.w` in the places
    /// FDS of the service's descriptor list. A second `service.pipe` for the same service
    /// changes the logger's arguments and keeps the pipe, with whatever is in it. Since
    /// protocol 2.
    ServicePipe {
        /// The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Comma-separated descriptor numbers of the service, each 0 to 255, such as `1,2`.
        fds: FdNumbers<'a>,
        /// One argument of a program. It may be empty, unless it is the only one.
        args: Fields<'a>,
    },
    /// `fd.pipe`: Makes a pipe and names its two ends, or a pair of sockets if any flag is
    /// one of sockets. A name in use is closed and taken over.
    FdPipe {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        read: Name<'a>,
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        write: Name<'a>,
        /// Comma-separated: `nonblock unix inet inet6 tcp udp dgram stream seqpacket`. Any flag
        /// but `nonblock` makes it a pair of sockets.
        flags: PipeFlags,
    },
    /// `fd.open`: Opens a file. A new file gets the mode 0600, directories made by `mkdir`
    /// 0700. A name in use is closed and taken over.
    FdOpen {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Comma-separated: `read write append create trunc truncate nonblock mkdir mode=MODE`.
        /// `append` and `trunc` imply `write` unless `read` or `write` is there; without any of
        /// them the file is opened for reading. A file that `create` makes has the mode 0600, or
        /// exactly MODE, 0 to 0777 in octal; directories made by `mkdir` have 0700.
        flags: FileFlags,
        /// A path. Relative ones start at the working directory of the daemon.
        path: &'a [u8],
    },
    /// `fd.socket`: Makes a socket, binds it if there is an address, and listens if `listen`
    /// is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and
    /// taken over. With `listen`, the file of a unix socket at which nobody listens any more
    /// is replaced.
    FdSocket {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Comma-separated: `unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind
        /// listen listen=BACKLOG`. Without any it is `unix,stream`; `tcp` and `udp` alone mean
        /// `inet`. BACKLOG is 1 to 65535, and 32 if it is not given. `listen` implies `bind`.
        flags: SocketFlags,
        /// A path for `unix`. For `inet`: `1.2.3.4:PORT` or `*:PORT`. For `inet6`: `[::1]:PORT`
        /// or `*:PORT`. An address implies `bind`; `bind` and `listen` need one.
        address: Option<Address<'a>>,
    },
    /// `fd.take`: Takes the file descriptor that was passed along with this line as
    /// SCM_RIGHTS over a unix socket. A name in use is closed and taken over. Send the
    /// descriptor and the whole line with one sendmsg(2): a descriptor that is not taken by
    /// the lines it came with is closed, and so is one that has waited 30 seconds for the end
    /// of its line. At most 32 descriptors wait for one controller, and 256 for all of them.
    FdTake {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `fd.give`: Passes the file descriptor to this connection, which must be a unix socket:
    /// an event of the same name, with the descriptor as SCM_RIGHTS in the message that
    /// begins with that line. Both share one open file. Read with recvmsg(2): a plain read(2)
    /// loses it. Commands after it wait until it is sent. Since protocol 2.
    FdGive {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `fd.delete`: Closes the file descriptor and forgets its name.
    FdDelete {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        name: Name<'a>,
    },
    /// `socket.create`: Listens for controllers on a unix socket. The one without a name
    /// replaces and unlinks the one before it; those with names (protocol 2), at most 15, are
    /// additional ones. A left-over socket at PATH is removed first; anything else in the way
    /// is an error. The socket appears at PATH when it listens and has its mode and its
    /// owner. Whoever connects has the rights that the options say, all of them if they say
    /// nothing.
    SocketCreate {
        /// `-`, or comma-separated: `name=NAME` for an additional socket; `mode=MODE`, in octal,
        /// and `uid=UID` and `gid=GID`, by number, for its file; `rights=RIGHTS` and
        /// `services=PATTERN`, with `:` between patterns, for those who connect, as in
        /// `conn.restrict`; `most=COUNT` for how many may be connected at a time.
        options: SocketOptions<'a>,
        /// A path. Relative ones start at the working directory of the daemon.
        path: &'a [u8],
    },
    /// `socket.delete`: Closes and unlinks the control socket, if there is one, or the one of
    /// that name (protocol 2). Controllers that are connected stay.
    SocketDelete {
        /// The name of a control socket. Absent: the one that has none.
        name: Option<Name<'a>>,
    },
    /// `signal.clear`: Takes COUNT off the pending count of a signal, which never goes below
    /// 0.
    SignalClear {
        /// A signal by name, with or without `SIG`, or by number (1 to 64). Events always write
        /// `SIGNAME`.
        signal: Signal,
        /// A number, 0 or more.
        count: u32,
    },
    /// `signal.default`: What the daemon does with a signal that no connected controller
    /// reads and no service has as a trigger. An action that ends the daemon turns off the
    /// guard that it has by itself as PID 1. A guard that was asked for stays, no signal ends
    /// the daemon then, and a warning says so. WINCH, which is never an event, can be
    /// forwarded, too. Since protocol 2.
    SignalDefault {
        /// A signal by name, with or without `SIG`, or by number (1 to 64). Events always write
        /// `SIGNAME`.
        signal: Signal,
        /// `event` only counts and reports the signal, `shutdown` does what `terminate.shutdown`
        /// does, `terminate` leaves at once, `forward` sends it to the service that has the
        /// option `main`, if that runs, and counts it no more.
        action: SignalAction,
    },
    /// `log.filter`: Suppresses log messages of that level and those below it, and answers
    /// with the filter now in force. Without an argument it only answers.
    LogFilter {
        /// A log level, or one step along `none trace debug info warning error fatal`: `+`
        /// suppresses more, `-` less.
        change: Option<FilterChange>,
    },
    /// `log.dest`: From now on the log goes to the file descriptor of that name, even if it
    /// does not exist yet or is closed and made again: the log waits for it.
    LogDest {
        /// The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z
        /// a-z 0-9 . _ -`.
        fd: Name<'a>,
    },
    /// `chdir`: Changes the working directory of the daemon, and so of the services that it
    /// starts from now on.
    Chdir {
        /// A path. Relative ones start at the working directory of the daemon.
        path: &'a [u8],
    },
    /// `conn.event_timeout`: How long this controller may leave its events unread, in
    /// seconds: after RESET what cannot be written is thrown away, after CLOSE the connection
    /// is closed. The defaults are 15 and 30.
    ConnEventTimeout {
        /// Seconds, 1 to 2147483647.
        reset: u32,
        /// Seconds, 1 to 2147483647.
        close: u32,
    },
    /// `conn.features`: Sets what this connection wants of protocol 2, in place of what it
    /// wanted before; the answer says what is in force. A feature that this daemon does not
    /// know is left out of the answer. `observer`: this connection is no listener for
    /// signals, so while nobody else is connected a signal still does what it does by default
    /// (`signal.default`). `runs`: after each `service.state` this connection is told what is
    /// known of the run, as `service.run`, and so it is in dumps. `settings`: it hears of all
    /// that can be set, also when somebody else sets it, and a state dump reports it. Since
    /// protocol 2.
    ConnFeatures {
        /// The name of a feature. `observer`: this connection does not count as a listener for
        /// signals. `runs`: it is told `service.run`. `settings`: it hears of options,
        /// environments and the settings of the daemon, and a state dump has them.
        features: Fields<'a>,
    },
    /// `conn.timer`: Sets a timer of this connection: so many seconds from now, the event
    /// `conn.timer` with this NAME comes, to this connection only. If there is a timer of
    /// this name, it is moved; with `-` it is cancelled, and if there is none, nothing
    /// happens. A connection has at most 16 timers at a time, and one that has run out is
    /// none any more. While a connection does not read, its timers wait, and none of them is
    /// lost. Since protocol 2.
    ConnTimer {
        /// The name of a timer of this connection: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
        name: Name<'a>,
        /// Seconds from now, 0 to 999999999, with up to nine digits after a point; or `-` for
        /// never.
        seconds: Option<Duration>,
    },
    /// `conn.restrict`: Narrows what this connection may do from here on. Nothing widens it
    /// again. With patterns, which go with `watch` and `operate`, it hears of services only
    /// whose names match one of them, and can do nothing with the others: for this connection
    /// they do not exist. Where it was limited before, both hold. A service that is hidden is
    /// not told of by any event or dump, and its name stands as `*` in lines about others; so
    /// do names of file descriptors. File descriptors, signals, settings, other connections
    /// and the shutdown are told of to connections with full rights only; `conn.list` tells
    /// each of itself. Descriptors that it passes are closed, and it is no listener for
    /// signals. At most 16 patterns. There is no answer; with a tag there is its end. Since
    /// protocol 2.
    ConnRestrict {
        /// `watch`: look at services. `operate`: also start, stop and signal those that exist.
        /// `full`: everything.
        rights: Rights,
        /// A pattern of names: `*` stands for any characters, also none, `?` for one, and all
        /// else for itself.
        globs: Fields<'a>,
    },
    /// `conn.list`: Reports every connection there is, each with a line, this one as well. A
    /// connection without full rights is told of itself only, and so what it may do. Since
    /// protocol 2.
    ConnList,
    /// `exit`: Closes the connection of this controller, once everything that it is owed has
    /// been delivered.
    Exit,
    /// `terminate`: The daemon leaves at once with that exit code, and does not touch the
    /// services. While the guard is on, GUARD must be its code, and a program to exec must be
    /// set.
    Terminate {
        /// An exit code, 0 to 255.
        code: i32,
        /// The code that the terminate guard was set with. Absent or `-`: none.
        guard: Option<i64>,
    },
    /// `terminate.guard`: Turns the guard on, which protects the daemon from an accidental
    /// `terminate`, or off again with the same code.
    TerminateGuard {
        /// `+` turns the guard on, `-` turns it off.
        on: bool,
        /// A 64-bit integer other than 0.
        code: i64,
    },
    /// `terminate.exec_args`: The program that the daemon becomes, for whatever reason it
    /// leaves, instead of exiting. No argument turns it off.
    TerminateExecArgs {
        /// One argument of the program that the daemon becomes when it leaves.
        args: Fields<'a>,
    },
    /// `terminate.shutdown`: Shuts down in an orderly way. Nothing is started any more. Every
    /// service is stopped in its own way, as its options `stop`, `stop_after` and `kill` say:
    /// those that write into a pipe before those that read from it, those whose conditions
    /// name others with `ready:` or `up:` before those others, and controllers last. A circle
    /// is stopped as if it were one service. When the main process of a service has ended and
    /// others of its process group are left, they get the same, and the service has gone when
    /// they have. TERM caps every `stop_after`, and is the time of the services without one,
    /// which otherwise is 10 seconds. There is one deadline, however many wait for each
    /// other: at TERM seconds after the shutdown began, without TERM after the longest
    /// `stop_after`, but at least 10 seconds, all services whose turn has come get SIGKILL,
    /// with all that their stop is about; KILL seconds (5) after that everything that is left
    /// is given up. As process 1 the daemon takes everything else in its pid namespace along
    /// when the services have gone: SIGTERM, and SIGKILL at the same deadline. Then events
    /// and the log are delivered, for at most FLUSH seconds (5). The exit code is 10 if
    /// something needed SIGKILL, and 11 if something outlived it; or else that of the service
    /// with the option `main`, or CODE (0) if there is none or it never ran. A second
    /// `terminate.shutdown` can only shorten the times of the first. A second SIGTERM, SIGINT
    /// or SIGQUIT during the shutdown means SIGKILL at once, even if a controller hears of
    /// it. Since protocol 2.
    TerminateShutdown {
        /// Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the
        /// default.
        term: Option<Duration>,
        /// Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the
        /// default.
        kill: Option<Duration>,
        /// Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the
        /// default.
        flush: Option<Duration>,
        /// The code that the terminate guard was set with. Absent or `-`: none.
        guard: Option<i64>,
        /// An exit code, 0 to 255. Absent or `-`: the default.
        code: Option<i32>,
    },
    /// `upgrade`: The daemon becomes PROGRAM, another version of itself, and goes on: the
    /// same process, with all children, connections, descriptors and times. Without PROGRAM
    /// it is the path by which the daemon was started. First PROGRAM is asked whether it
    /// understands everything that there is; if it does not, or says nothing for 10 seconds,
    /// the command is refused, and nothing has changed. Other connections are served
    /// meanwhile; commands of this one wait until the outcome is known. While the guard is
    /// on, GUARD must be its code. Since protocol 2.
    Upgrade {
        /// The path of a program, with a `/` in it; it is not searched for. Absent or `-`: the
        /// default.
        program: Option<&'a [u8]>,
        /// The code that the terminate guard was set with. Absent or `-`: none.
        guard: Option<i64>,
    },
}

impl<'a> Command<'a> {
    /// Reads a line, which is given without its LF and is not to be
    /// [ignored](crate::is_ignored).
    ///
    /// # Errors
    ///
    /// Why the daemon does not carry out this line. Only faults of the line itself are found here.
    pub fn parse(line: &'a [u8]) -> Result<Self, Refusal<'a>> {
        let (rest, name) = field::first_field(line);
        match name {
            b"echo" => {
                let (_, rest) = kind::line(rest)?;
                Ok(Self::Echo { rest })
            }
            b"statedump" => {
                kind::end(rest)?;
                Ok(Self::Statedump)
            }
            b"service.args" => {
                let (rest, name) = kind::service(rest)?;
                let (_, args) = kind::arg(rest)?;
                Ok(Self::ServiceArgs { name, args })
            }
            b"service.fds" => {
                let (rest, name) = kind::service(rest)?;
                let (_, fds) = kind::fd_or_none(rest)?;
                Ok(Self::ServiceFds { name, fds })
            }
            b"service.tags" => {
                let (rest, name) = kind::service(rest)?;
                let (_, tags) = kind::tag(rest)?;
                Ok(Self::ServiceTags { name, tags })
            }
            b"service.auto_up" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, interval) = kind::interval(rest)?;
                let (_, triggers) = kind::trigger(rest)?;
                Ok(Self::ServiceAutoUp { name, interval, triggers })
            }
            b"service.start" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, at) = kind::start_time(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceStart { name, at })
            }
            b"service.stop" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, after) = kind::seconds(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceStop { name, after })
            }
            b"service.restart" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, after) = kind::seconds(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceRestart { name, after })
            }
            b"service.release" => {
                let (rest, name) = kind::service(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceRelease { name })
            }
            b"service.reload" => {
                let (rest, name) = kind::service(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceReload { name })
            }
            b"service.ready" => {
                let (rest, name) = kind::service(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceReady { name })
            }
            b"service.deadman" => {
                let (rest, name) = kind::service(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceDeadman { name })
            }
            b"service.signal" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, signal) = kind::signal(rest)?;
                let (rest, group) = kind::group(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceSignal { name, signal, group })
            }
            b"service.delete" => {
                let (rest, name) = kind::service(rest)?;
                kind::end(rest)?;
                Ok(Self::ServiceDelete { name })
            }
            b"service.tags.apply" => {
                let (rest, name) = kind::service(rest)?;
                let (_, changes) = kind::tag_change(rest)?;
                kind::at_least_one(changes, Refusal::ExpectedTag)?;
                Ok(Self::ServiceTagsApply { name, changes })
            }
            b"service.options" => {
                let (rest, name) = kind::service(rest)?;
                let (_, options) = kind::option(rest)?;
                Ok(Self::ServiceOptions { name, options })
            }
            b"service.options.apply" => {
                let (rest, name) = kind::service(rest)?;
                let (_, changes) = kind::option_change(rest)?;
                kind::at_least_one(changes, Refusal::ExpectedOption)?;
                Ok(Self::ServiceOptionsApply { name, changes })
            }
            b"service.env" => {
                let (rest, name) = kind::service(rest)?;
                let (_, env) = kind::env_item(rest)?;
                Ok(Self::ServiceEnv { name, env })
            }
            b"service.env.apply" => {
                let (rest, name) = kind::service(rest)?;
                let (_, changes) = kind::env_change(rest)?;
                kind::at_least_one(changes, Refusal::ExpectedEnvItem)?;
                Ok(Self::ServiceEnvApply { name, changes })
            }
            b"env" => {
                let (_, env) = kind::env_item(rest)?;
                Ok(Self::Env { env })
            }
            b"env.apply" => {
                let (_, changes) = kind::env_change(rest)?;
                kind::at_least_one(changes, Refusal::ExpectedEnvItem)?;
                Ok(Self::EnvApply { changes })
            }
            b"service.pipe" => {
                let (rest, name) = kind::service(rest)?;
                let (rest, fds) = kind::fd_numbers(rest)?;
                let (_, args) = kind::arg(rest)?;
                kind::at_least_one(args, Refusal::ExpectedProgram)?;
                check::logger_name_fits(name)?;
                Ok(Self::ServicePipe { name, fds, args })
            }
            b"fd.pipe" => {
                let (rest, read) = kind::fd(rest)?;
                let (rest, write) = kind::fd(rest)?;
                let (rest, flags) = kind::pipe_flags(rest)?;
                kind::end(rest)?;
                check::names_differ(read, write)?;
                Ok(Self::FdPipe { read, write, flags })
            }
            b"fd.open" => {
                let (rest, name) = kind::fd(rest)?;
                let (rest, flags) = kind::file_flags(rest)?;
                let (rest, path) = kind::path(rest)?;
                kind::end_or(rest, Refusal::UnexpectedAfterPath)?;
                Ok(Self::FdOpen { name, flags, path })
            }
            b"fd.socket" => {
                let (rest, name) = kind::fd(rest)?;
                let (rest, flags) = kind::socket_flags(rest)?;
                let (rest, (flags, address)) = kind::address(rest, flags)?;
                kind::end_or(rest, Refusal::UnexpectedAfterAddress)?;
                Ok(Self::FdSocket { name, flags, address })
            }
            b"fd.take" => {
                let (rest, name) = kind::fd(rest)?;
                kind::end(rest)?;
                Ok(Self::FdTake { name })
            }
            b"fd.give" => {
                let (rest, name) = kind::fd(rest)?;
                kind::end(rest)?;
                Ok(Self::FdGive { name })
            }
            b"fd.delete" => {
                let (rest, name) = kind::fd(rest)?;
                kind::end(rest)?;
                Ok(Self::FdDelete { name })
            }
            b"socket.create" => {
                let (rest, options) = kind::socket_options(rest)?;
                let (rest, path) = kind::path(rest)?;
                kind::end_or(rest, Refusal::UnexpectedAfterPath)?;
                Ok(Self::SocketCreate { options, path })
            }
            b"socket.delete" => {
                let (rest, name) = kind::socket(rest)?;
                kind::end(rest)?;
                Ok(Self::SocketDelete { name })
            }
            b"signal.clear" => {
                let (rest, signal) = kind::signal(rest)?;
                let (rest, count) = kind::count(rest)?;
                kind::end(rest)?;
                Ok(Self::SignalClear { signal, count })
            }
            b"signal.default" => {
                let (rest, signal) = kind::signal(rest)?;
                let (rest, action) = kind::signal_action(rest)?;
                kind::end(rest)?;
                Ok(Self::SignalDefault { signal, action })
            }
            b"log.filter" => {
                let (rest, change) = kind::filter_change(rest)?;
                kind::end(rest)?;
                Ok(Self::LogFilter { change })
            }
            b"log.dest" => {
                let (rest, ()) = kind::log_type(rest)?;
                let (rest, fd) = kind::fd(rest)?;
                kind::end(rest)?;
                Ok(Self::LogDest { fd })
            }
            b"chdir" => {
                let (rest, path) = kind::path(rest)?;
                kind::end_or(rest, Refusal::UnexpectedAfterPath)?;
                Ok(Self::Chdir { path })
            }
            b"conn.event_timeout" => {
                let (rest, reset) = kind::timeout(rest)?;
                let (rest, close) = kind::timeout(rest)?;
                kind::end(rest)?;
                check::reset_within_close(reset, close)?;
                Ok(Self::ConnEventTimeout { reset, close })
            }
            b"conn.features" => {
                let (_, features) = kind::feature(rest)?;
                Ok(Self::ConnFeatures { features })
            }
            b"conn.timer" => {
                let (rest, name) = kind::timer(rest)?;
                let (rest, seconds) = kind::delay(rest)?;
                kind::end(rest)?;
                Ok(Self::ConnTimer { name, seconds })
            }
            b"conn.restrict" => {
                let (rest, rights) = kind::rights(rest)?;
                let (_, globs) = kind::glob(rest)?;
                Ok(Self::ConnRestrict { rights, globs })
            }
            b"conn.list" => {
                kind::end(rest)?;
                Ok(Self::ConnList)
            }
            b"exit" => {
                kind::end(rest)?;
                Ok(Self::Exit)
            }
            b"terminate" => {
                let (rest, code) = kind::exit_code(rest)?;
                let (rest, guard) = kind::guard(rest)?;
                kind::end(rest)?;
                Ok(Self::Terminate { code, guard })
            }
            b"terminate.guard" => {
                let (rest, on) = kind::guard_switch(rest)?;
                let (rest, code) = kind::guard_code(rest)?;
                kind::end(rest)?;
                Ok(Self::TerminateGuard { on, code })
            }
            b"terminate.exec_args" => {
                let (_, args) = kind::exec_arg(rest)?;
                Ok(Self::TerminateExecArgs { args })
            }
            b"terminate.shutdown" => {
                let (rest, term) = kind::seconds(rest)?;
                let (rest, kill) = kind::seconds(rest)?;
                let (rest, flush) = kind::seconds(rest)?;
                let (rest, guard) = kind::guard(rest)?;
                let (rest, code) = kind::exit_status(rest)?;
                kind::end(rest)?;
                Ok(Self::TerminateShutdown { term, kill, flush, guard, code })
            }
            b"upgrade" => {
                let (rest, program) = kind::program(rest)?;
                let (rest, guard) = kind::guard(rest)?;
                kind::end(rest)?;
                Ok(Self::Upgrade { program, guard })
            }

            _ => Err(Refusal::UnknownCommand { name }),
        }
    }

    /// Appends the line, without LF. [`parse`](Self::parse) gives the same command back.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.name().as_str().as_bytes());
        match *self {
            Self::Echo { rest } => {
                kind::put_line(out, rest);
            }
            Self::Statedump => {}
            Self::ServiceArgs { name, args } => {
                kind::put_service(out, name);
                kind::put_arg(out, args);
            }
            Self::ServiceFds { name, fds } => {
                kind::put_service(out, name);
                kind::put_fd_or_none(out, fds);
            }
            Self::ServiceTags { name, tags } => {
                kind::put_service(out, name);
                kind::put_tag(out, tags);
            }
            Self::ServiceAutoUp { name, interval, triggers } => {
                kind::put_service(out, name);
                kind::put_interval(out, interval);
                kind::put_trigger(out, triggers);
            }
            Self::ServiceStart { name, at } => {
                kind::put_service(out, name);
                kind::put_start_time(out, at);
            }
            Self::ServiceStop { name, after } => {
                kind::put_service(out, name);
                let begin = out.len();
                kind::put_seconds(out, after);
                kind::trim_absent(out, begin);
            }
            Self::ServiceRestart { name, after } => {
                kind::put_service(out, name);
                let begin = out.len();
                kind::put_seconds(out, after);
                kind::trim_absent(out, begin);
            }
            Self::ServiceRelease { name } => {
                kind::put_service(out, name);
            }
            Self::ServiceReload { name } => {
                kind::put_service(out, name);
            }
            Self::ServiceReady { name } => {
                kind::put_service(out, name);
            }
            Self::ServiceDeadman { name } => {
                kind::put_service(out, name);
            }
            Self::ServiceSignal { name, signal, group } => {
                kind::put_service(out, name);
                kind::put_signal(out, signal);
                kind::put_group(out, group);
            }
            Self::ServiceDelete { name } => {
                kind::put_service(out, name);
            }
            Self::ServiceTagsApply { name, changes } => {
                kind::put_service(out, name);
                kind::put_tag_change(out, changes);
            }
            Self::ServiceOptions { name, options } => {
                kind::put_service(out, name);
                kind::put_option(out, options);
            }
            Self::ServiceOptionsApply { name, changes } => {
                kind::put_service(out, name);
                kind::put_option_change(out, changes);
            }
            Self::ServiceEnv { name, env } => {
                kind::put_service(out, name);
                kind::put_env_item(out, env);
            }
            Self::ServiceEnvApply { name, changes } => {
                kind::put_service(out, name);
                kind::put_env_change(out, changes);
            }
            Self::Env { env } => {
                kind::put_env_item(out, env);
            }
            Self::EnvApply { changes } => {
                kind::put_env_change(out, changes);
            }
            Self::ServicePipe { name, fds, args } => {
                kind::put_service(out, name);
                kind::put_fd_numbers(out, fds);
                kind::put_arg(out, args);
            }
            Self::FdPipe { read, write, flags } => {
                kind::put_fd(out, read);
                kind::put_fd(out, write);
                let begin = out.len();
                kind::put_pipe_flags(out, flags);
                kind::trim_absent(out, begin);
            }
            Self::FdOpen { name, flags, path } => {
                kind::put_fd(out, name);
                kind::put_file_flags(out, flags);
                kind::put_path(out, path);
            }
            Self::FdSocket { name, flags, address } => {
                kind::put_fd(out, name);
                kind::put_socket_flags(out, flags);
                kind::put_address(out, address);
            }
            Self::FdTake { name } => {
                kind::put_fd(out, name);
            }
            Self::FdGive { name } => {
                kind::put_fd(out, name);
            }
            Self::FdDelete { name } => {
                kind::put_fd(out, name);
            }
            Self::SocketCreate { options, path } => {
                kind::put_socket_options(out, options);
                kind::put_path(out, path);
            }
            Self::SocketDelete { name } => {
                kind::put_socket(out, name);
            }
            Self::SignalClear { signal, count } => {
                kind::put_signal(out, signal);
                kind::put_count(out, count);
            }
            Self::SignalDefault { signal, action } => {
                kind::put_signal(out, signal);
                kind::put_signal_action(out, action);
            }
            Self::LogFilter { change } => {
                kind::put_filter_change(out, change);
            }
            Self::LogDest { fd } => {
                kind::put_log_type(out);
                kind::put_fd(out, fd);
            }
            Self::Chdir { path } => {
                kind::put_path(out, path);
            }
            Self::ConnEventTimeout { reset, close } => {
                kind::put_timeout(out, reset);
                kind::put_timeout(out, close);
            }
            Self::ConnFeatures { features } => {
                kind::put_feature(out, features);
            }
            Self::ConnTimer { name, seconds } => {
                kind::put_timer(out, name);
                kind::put_delay(out, seconds);
            }
            Self::ConnRestrict { rights, globs } => {
                kind::put_rights(out, rights);
                kind::put_glob(out, globs);
            }
            Self::ConnList => {}
            Self::Exit => {}
            Self::Terminate { code, guard } => {
                kind::put_exit_code(out, code);
                let begin = out.len();
                kind::put_guard(out, guard);
                kind::trim_absent(out, begin);
            }
            Self::TerminateGuard { on, code } => {
                kind::put_guard_switch(out, on);
                kind::put_guard_code(out, code);
            }
            Self::TerminateExecArgs { args } => {
                kind::put_exec_arg(out, args);
            }
            Self::TerminateShutdown { term, kill, flush, guard, code } => {
                let begin = out.len();
                kind::put_seconds(out, term);
                kind::put_seconds(out, kill);
                kind::put_seconds(out, flush);
                kind::put_guard(out, guard);
                kind::put_exit_status(out, code);
                kind::trim_absent(out, begin);
            }
            Self::Upgrade { program, guard } => {
                let begin = out.len();
                kind::put_program(out, program);
                kind::put_guard(out, guard);
                kind::trim_absent(out, begin);
            }
        }
    }

    /// Which command it is.
    #[must_use]
    pub const fn name(&self) -> CommandName {
        match self {
            Self::Echo { .. } => CommandName::Echo,
            Self::Statedump => CommandName::Statedump,
            Self::ServiceArgs { .. } => CommandName::ServiceArgs,
            Self::ServiceFds { .. } => CommandName::ServiceFds,
            Self::ServiceTags { .. } => CommandName::ServiceTags,
            Self::ServiceAutoUp { .. } => CommandName::ServiceAutoUp,
            Self::ServiceStart { .. } => CommandName::ServiceStart,
            Self::ServiceStop { .. } => CommandName::ServiceStop,
            Self::ServiceRestart { .. } => CommandName::ServiceRestart,
            Self::ServiceRelease { .. } => CommandName::ServiceRelease,
            Self::ServiceReload { .. } => CommandName::ServiceReload,
            Self::ServiceReady { .. } => CommandName::ServiceReady,
            Self::ServiceDeadman { .. } => CommandName::ServiceDeadman,
            Self::ServiceSignal { .. } => CommandName::ServiceSignal,
            Self::ServiceDelete { .. } => CommandName::ServiceDelete,
            Self::ServiceTagsApply { .. } => CommandName::ServiceTagsApply,
            Self::ServiceOptions { .. } => CommandName::ServiceOptions,
            Self::ServiceOptionsApply { .. } => CommandName::ServiceOptionsApply,
            Self::ServiceEnv { .. } => CommandName::ServiceEnv,
            Self::ServiceEnvApply { .. } => CommandName::ServiceEnvApply,
            Self::Env { .. } => CommandName::Env,
            Self::EnvApply { .. } => CommandName::EnvApply,
            Self::ServicePipe { .. } => CommandName::ServicePipe,
            Self::FdPipe { .. } => CommandName::FdPipe,
            Self::FdOpen { .. } => CommandName::FdOpen,
            Self::FdSocket { .. } => CommandName::FdSocket,
            Self::FdTake { .. } => CommandName::FdTake,
            Self::FdGive { .. } => CommandName::FdGive,
            Self::FdDelete { .. } => CommandName::FdDelete,
            Self::SocketCreate { .. } => CommandName::SocketCreate,
            Self::SocketDelete { .. } => CommandName::SocketDelete,
            Self::SignalClear { .. } => CommandName::SignalClear,
            Self::SignalDefault { .. } => CommandName::SignalDefault,
            Self::LogFilter { .. } => CommandName::LogFilter,
            Self::LogDest { .. } => CommandName::LogDest,
            Self::Chdir { .. } => CommandName::Chdir,
            Self::ConnEventTimeout { .. } => CommandName::ConnEventTimeout,
            Self::ConnFeatures { .. } => CommandName::ConnFeatures,
            Self::ConnTimer { .. } => CommandName::ConnTimer,
            Self::ConnRestrict { .. } => CommandName::ConnRestrict,
            Self::ConnList => CommandName::ConnList,
            Self::Exit => CommandName::Exit,
            Self::Terminate { .. } => CommandName::Terminate,
            Self::TerminateGuard { .. } => CommandName::TerminateGuard,
            Self::TerminateExecArgs { .. } => CommandName::TerminateExecArgs,
            Self::TerminateShutdown { .. } => CommandName::TerminateShutdown,
            Self::Upgrade { .. } => CommandName::Upgrade,
        }
    }

    /// The rights that a connection needs for it.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "one for each command")]
    pub const fn rights(&self) -> Rights {
        match *self {
            Self::Echo { .. } => Rights::Watch,
            Self::Statedump => Rights::Watch,
            Self::ServiceArgs { .. } => Rights::Full,
            Self::ServiceFds { .. } => Rights::Full,
            Self::ServiceTags { .. } => Rights::Full,
            Self::ServiceAutoUp { .. } => Rights::Full,
            Self::ServiceStart { .. } => Rights::Operate,
            Self::ServiceStop { .. } => Rights::Operate,
            Self::ServiceRestart { .. } => Rights::Operate,
            Self::ServiceRelease { .. } => Rights::Operate,
            Self::ServiceReload { .. } => Rights::Operate,
            Self::ServiceReady { .. } => Rights::Operate,
            Self::ServiceDeadman { .. } => Rights::Operate,
            Self::ServiceSignal { .. } => Rights::Operate,
            Self::ServiceDelete { .. } => Rights::Full,
            Self::ServiceTagsApply { .. } => Rights::Full,
            Self::ServiceOptions { .. } => Rights::Full,
            Self::ServiceOptionsApply { .. } => Rights::Full,
            Self::ServiceEnv { .. } => Rights::Full,
            Self::ServiceEnvApply { .. } => Rights::Full,
            Self::Env { .. } => Rights::Full,
            Self::EnvApply { .. } => Rights::Full,
            Self::ServicePipe { .. } => Rights::Full,
            Self::FdPipe { .. } => Rights::Full,
            Self::FdOpen { .. } => Rights::Full,
            Self::FdSocket { .. } => Rights::Full,
            Self::FdTake { .. } => Rights::Full,
            Self::FdGive { .. } => Rights::Full,
            Self::FdDelete { .. } => Rights::Full,
            Self::SocketCreate { .. } => Rights::Full,
            Self::SocketDelete { .. } => Rights::Full,
            Self::SignalClear { .. } => Rights::Full,
            Self::SignalDefault { .. } => Rights::Full,
            Self::LogFilter { change: Some(_), .. } => Rights::Full,
            Self::LogFilter { .. } => Rights::Watch,
            Self::LogDest { .. } => Rights::Full,
            Self::Chdir { .. } => Rights::Full,
            Self::ConnEventTimeout { .. } => Rights::Watch,
            Self::ConnFeatures { .. } => Rights::Watch,
            Self::ConnTimer { .. } => Rights::Watch,
            Self::ConnRestrict { .. } => Rights::Watch,
            Self::ConnList => Rights::Watch,
            Self::Exit => Rights::Watch,
            Self::Terminate { .. } => Rights::Full,
            Self::TerminateGuard { .. } => Rights::Full,
            Self::TerminateExecArgs { .. } => Rights::Full,
            Self::TerminateShutdown { .. } => Rights::Full,
            Self::Upgrade { .. } => Rights::Full,
        }
    }

    /// The service that it is about.
    #[must_use]
    pub const fn service(&self) -> Option<Name<'a>> {
        match *self {
            Self::ServiceArgs { name, .. }
            | Self::ServiceFds { name, .. }
            | Self::ServiceTags { name, .. }
            | Self::ServiceAutoUp { name, .. }
            | Self::ServiceStart { name, .. }
            | Self::ServiceStop { name, .. }
            | Self::ServiceRestart { name, .. }
            | Self::ServiceRelease { name, .. }
            | Self::ServiceReload { name, .. }
            | Self::ServiceReady { name, .. }
            | Self::ServiceDeadman { name, .. }
            | Self::ServiceSignal { name, .. }
            | Self::ServiceDelete { name, .. }
            | Self::ServiceTagsApply { name, .. }
            | Self::ServiceOptions { name, .. }
            | Self::ServiceOptionsApply { name, .. }
            | Self::ServiceEnv { name, .. }
            | Self::ServiceEnvApply { name, .. }
            | Self::ServicePipe { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// The name of a command.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandName {
    /// `echo`
    Echo,
    /// `statedump`
    Statedump,
    /// `service.args`
    ServiceArgs,
    /// `service.fds`
    ServiceFds,
    /// `service.tags`
    ServiceTags,
    /// `service.auto_up`
    ServiceAutoUp,
    /// `service.start`
    ServiceStart,
    /// `service.stop`
    ServiceStop,
    /// `service.restart`
    ServiceRestart,
    /// `service.release`
    ServiceRelease,
    /// `service.reload`
    ServiceReload,
    /// `service.ready`
    ServiceReady,
    /// `service.deadman`
    ServiceDeadman,
    /// `service.signal`
    ServiceSignal,
    /// `service.delete`
    ServiceDelete,
    /// `service.tags.apply`
    ServiceTagsApply,
    /// `service.options`
    ServiceOptions,
    /// `service.options.apply`
    ServiceOptionsApply,
    /// `service.env`
    ServiceEnv,
    /// `service.env.apply`
    ServiceEnvApply,
    /// `env`
    Env,
    /// `env.apply`
    EnvApply,
    /// `service.pipe`
    ServicePipe,
    /// `fd.pipe`
    FdPipe,
    /// `fd.open`
    FdOpen,
    /// `fd.socket`
    FdSocket,
    /// `fd.take`
    FdTake,
    /// `fd.give`
    FdGive,
    /// `fd.delete`
    FdDelete,
    /// `socket.create`
    SocketCreate,
    /// `socket.delete`
    SocketDelete,
    /// `signal.clear`
    SignalClear,
    /// `signal.default`
    SignalDefault,
    /// `log.filter`
    LogFilter,
    /// `log.dest`
    LogDest,
    /// `chdir`
    Chdir,
    /// `conn.event_timeout`
    ConnEventTimeout,
    /// `conn.features`
    ConnFeatures,
    /// `conn.timer`
    ConnTimer,
    /// `conn.restrict`
    ConnRestrict,
    /// `conn.list`
    ConnList,
    /// `exit`
    Exit,
    /// `terminate`
    Terminate,
    /// `terminate.guard`
    TerminateGuard,
    /// `terminate.exec_args`
    TerminateExecArgs,
    /// `terminate.shutdown`
    TerminateShutdown,
    /// `upgrade`
    Upgrade,
}

impl CommandName {
    /// Every command, in the order of the grammar.
    pub const ALL: &[Self] = &[
        Self::Echo,
        Self::Statedump,
        Self::ServiceArgs,
        Self::ServiceFds,
        Self::ServiceTags,
        Self::ServiceAutoUp,
        Self::ServiceStart,
        Self::ServiceStop,
        Self::ServiceRestart,
        Self::ServiceRelease,
        Self::ServiceReload,
        Self::ServiceReady,
        Self::ServiceDeadman,
        Self::ServiceSignal,
        Self::ServiceDelete,
        Self::ServiceTagsApply,
        Self::ServiceOptions,
        Self::ServiceOptionsApply,
        Self::ServiceEnv,
        Self::ServiceEnvApply,
        Self::Env,
        Self::EnvApply,
        Self::ServicePipe,
        Self::FdPipe,
        Self::FdOpen,
        Self::FdSocket,
        Self::FdTake,
        Self::FdGive,
        Self::FdDelete,
        Self::SocketCreate,
        Self::SocketDelete,
        Self::SignalClear,
        Self::SignalDefault,
        Self::LogFilter,
        Self::LogDest,
        Self::Chdir,
        Self::ConnEventTimeout,
        Self::ConnFeatures,
        Self::ConnTimer,
        Self::ConnRestrict,
        Self::ConnList,
        Self::Exit,
        Self::Terminate,
        Self::TerminateGuard,
        Self::TerminateExecArgs,
        Self::TerminateShutdown,
        Self::Upgrade,
    ];

    /// The name as it stands on the line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Statedump => "statedump",
            Self::ServiceArgs => "service.args",
            Self::ServiceFds => "service.fds",
            Self::ServiceTags => "service.tags",
            Self::ServiceAutoUp => "service.auto_up",
            Self::ServiceStart => "service.start",
            Self::ServiceStop => "service.stop",
            Self::ServiceRestart => "service.restart",
            Self::ServiceRelease => "service.release",
            Self::ServiceReload => "service.reload",
            Self::ServiceReady => "service.ready",
            Self::ServiceDeadman => "service.deadman",
            Self::ServiceSignal => "service.signal",
            Self::ServiceDelete => "service.delete",
            Self::ServiceTagsApply => "service.tags.apply",
            Self::ServiceOptions => "service.options",
            Self::ServiceOptionsApply => "service.options.apply",
            Self::ServiceEnv => "service.env",
            Self::ServiceEnvApply => "service.env.apply",
            Self::Env => "env",
            Self::EnvApply => "env.apply",
            Self::ServicePipe => "service.pipe",
            Self::FdPipe => "fd.pipe",
            Self::FdOpen => "fd.open",
            Self::FdSocket => "fd.socket",
            Self::FdTake => "fd.take",
            Self::FdGive => "fd.give",
            Self::FdDelete => "fd.delete",
            Self::SocketCreate => "socket.create",
            Self::SocketDelete => "socket.delete",
            Self::SignalClear => "signal.clear",
            Self::SignalDefault => "signal.default",
            Self::LogFilter => "log.filter",
            Self::LogDest => "log.dest",
            Self::Chdir => "chdir",
            Self::ConnEventTimeout => "conn.event_timeout",
            Self::ConnFeatures => "conn.features",
            Self::ConnTimer => "conn.timer",
            Self::ConnRestrict => "conn.restrict",
            Self::ConnList => "conn.list",
            Self::Exit => "exit",
            Self::Terminate => "terminate",
            Self::TerminateGuard => "terminate.guard",
            Self::TerminateExecArgs => "terminate.exec_args",
            Self::TerminateShutdown => "terminate.shutdown",
            Self::Upgrade => "upgrade",
        }
    }
}
