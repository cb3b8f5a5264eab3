// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! The grammar as data.

use crate::tables::{
    ArgInfo, CommandInfo, ErrorInfo, EventInfo, KindInfo,
    Presence::{Optional, Repeated, RepeatedAtLeastOnce, Required},
};
use crate::{CommandName, EventName};

static SERVICE: KindInfo = KindInfo {
    name: "service",
    abnf: "service = 1*31namechar",
    what: "the name of a service",
    doc: "The name of a service: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
};
static FD: KindInfo = KindInfo {
    name: "fd",
    abnf: "fd = 1*31namechar",
    what: "the name of a file descriptor",
    doc: "The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
};
static ARG: KindInfo = KindInfo {
    name: "arg",
    abnf: "arg = *fieldchar",
    what: "an argument",
    doc: "One argument of a program. It may be empty, unless it is the only one.",
};
static EXEC_ARG: KindInfo = KindInfo {
    name: "exec_arg",
    abnf: "exec_arg = *fieldchar",
    what: "an argument",
    doc: "One argument of the program that the daemon becomes when it leaves.",
};
static FD_OR_NONE: KindInfo = KindInfo {
    name: "fd_or_none",
    abnf: "fd_or_none = fd / \"-\"",
    what: "the name of a file descriptor, or -",
    doc: "The name of a file descriptor, or `-` for a number that stays closed.",
};
static TAG: KindInfo = KindInfo {
    name: "tag",
    abnf: "tag = *fieldchar",
    what: "a tag",
    doc: "Free text for controllers. By custom `KEY=VALUE`, or a single word.",
};
static TAG_CHANGE: KindInfo = KindInfo {
    name: "tag_change",
    abnf: "tag_change = key [ \"=\" *fieldchar ] / \"-\" 1*keychar",
    what: "KEY=VALUE, TAG or -KEY",
    doc: "`KEY=VALUE` or `TAG` sets that tag, or replaces the one with the same KEY; `-KEY` removes it.",
};
static INTERVAL: KindInfo = KindInfo {
    name: "interval",
    abnf: "interval = seconds / \"-\"",
    what: "a number of seconds, 1 or more, or -",
    doc: "Seconds, 1 or more, or `-` for what was set before.",
};
static TRIGGER: KindInfo = KindInfo {
    name: "trigger",
    abnf: "trigger = \"always\" / signal",
    what: "always, or a signal",
    doc: "`always`, or a signal: true while the pending count of that signal is above 0.",
};
static START_TIME: KindInfo = KindInfo {
    name: "start_time",
    abnf: "start_time = timestamp / \"-\"",
    what: "a timestamp, or -",
    doc: "A second of CLOCK_MONOTONIC, or `-` to cancel a start that is pending. Absent: now.",
};
static SIGNAL: KindInfo = KindInfo {
    name: "signal",
    abnf: "signal = [ \"SIG\" ] ( signame / 1*2DIGIT / \"RTMIN\" [ \"+\" 1*2DIGIT ] / \"RTMAX\" [ \"-\" 1*2DIGIT ] )",
    what: "the name or number of a signal",
    doc: "A signal by name, with or without `SIG`, or by number (1 to 64). Events always write `SIGNAME`.",
};
static GROUP: KindInfo = KindInfo {
    name: "group",
    abnf: "group = \"group\"",
    what: "group",
    doc: "The word `group`: the whole process group of the service is meant.",
};
static PIPE_FLAGS: KindInfo = KindInfo {
    name: "pipe_flags",
    abnf: "pipe_flags = [ \"-\" / pipe_flag *( \",\" pipe_flag ) ]",
    what: "flags of a pipe",
    doc: "Comma-separated: `nonblock unix inet inet6 tcp udp dgram stream seqpacket`. Any flag but `nonblock` makes it a pair of sockets.",
};
static FILE_FLAGS: KindInfo = KindInfo {
    name: "file_flags",
    abnf: "file_flags = [ \"-\" / file_flag *( \",\" file_flag ) ]",
    what: "flags of a file",
    doc: "Comma-separated: `read write append create trunc truncate nonblock mkdir`. `append` and `trunc` imply `write` unless `read` or `write` is there; without any of them the file is opened for reading.",
};
static PATH: KindInfo = KindInfo {
    name: "path",
    abnf: "path = 1*fieldchar",
    what: "a path",
    doc: "A path. Relative ones start at the working directory of the daemon.",
};
static SOCKET_FLAGS: KindInfo = KindInfo {
    name: "socket_flags",
    abnf: "socket_flags = [ \"-\" / socket_flag *( \",\" socket_flag ) ]",
    what: "flags of a socket",
    doc: "Comma-separated: `unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen listen=BACKLOG`. Without any it is `unix,stream`; `tcp` and `udp` alone mean `inet`. BACKLOG is 1 to 65535, 32 when it is not given. `listen` implies `bind`.",
};
static ADDRESS: KindInfo = KindInfo {
    name: "address",
    abnf: "address = path / ( \"*\" / ipv4 / \"[\" ipv6 \"]\" ) \":\" port",
    what: "an address that fits the flags",
    doc: "A path for `unix`. For `inet`: `1.2.3.4:PORT` or `*:PORT`. For `inet6`: `[::1]:PORT` or `*:PORT`. An address implies `bind`; `bind` and `listen` need one.",
};
static NO_OPTIONS: KindInfo = KindInfo {
    name: "no_options",
    abnf: "no_options = [ \"-\" ]",
    what: "-",
    doc: "Empty or `-`: there are no options yet.",
};
static COUNT: KindInfo = KindInfo {
    name: "count",
    abnf: "count = 1*DIGIT",
    what: "a number, 0 or more",
    doc: "A number, 0 or more.",
};
static FILTER_CHANGE: KindInfo = KindInfo {
    name: "filter_change",
    abnf: "filter_change = level / \"+\" / \"-\"",
    what: "a log level, + or -",
    doc: "A log level, or one step along `none trace debug info warning error fatal`: `+` suppresses more, `-` less.",
};
static LOG_TYPE: KindInfo = KindInfo {
    name: "log_type",
    abnf: "log_type = \"fd\"",
    what: "fd",
    doc: "The word `fd`, the one kind of destination there is.",
};
static TIMEOUT: KindInfo = KindInfo {
    name: "timeout",
    abnf: "timeout = 1*DIGIT",
    what: "a number of seconds, 1 or more",
    doc: "Seconds, 1 to 2147483647.",
};
static FEATURE: KindInfo = KindInfo {
    name: "feature",
    abnf: "feature = 1*31namechar",
    what: "the name of a feature",
    doc: "The name of a feature. `observer`: this connection does not count as a listener for signals.",
};
static EXIT_CODE: KindInfo = KindInfo {
    name: "exit_code",
    abnf: "exit_code = 1*3DIGIT",
    what: "an exit code",
    doc: "An exit code, 0 to 255.",
};
static GUARD: KindInfo = KindInfo {
    name: "guard",
    abnf: "guard = integer / \"-\"",
    what: "the guard code",
    doc: "The code that the terminate guard was set with. Absent or `-`: none.",
};
static GUARD_SWITCH: KindInfo = KindInfo {
    name: "guard_switch",
    abnf: "guard_switch = \"+\" / \"-\"",
    what: "+ or -",
    doc: "`+` turns the guard on, `-` turns it off.",
};
static GUARD_CODE: KindInfo = KindInfo {
    name: "guard_code",
    abnf: "guard_code = integer",
    what: "an integer other than 0",
    doc: "An integer of 64 bits, other than 0.",
};
static SECONDS: KindInfo = KindInfo {
    name: "seconds",
    abnf: "seconds = 1*10DIGIT / \"-\"",
    what: "a number of seconds, or -",
    doc: "Seconds, 0 to 2147483647. Absent or `-`: the default.",
};
static SIGNAL_ACTION: KindInfo = KindInfo {
    name: "signal_action",
    abnf: "signal_action = \"event\" / \"shutdown\" / \"terminate\"",
    what: "event, shutdown or terminate",
    doc: "`event` only counts and reports the signal, `shutdown` does what `terminate.shutdown` does, `terminate` leaves at once.",
};
static FD_NUMBERS: KindInfo = KindInfo {
    name: "fd_numbers",
    abnf: "fd_numbers = fdnumber *( \",\" fdnumber )",
    what: "descriptor numbers such as 1,2",
    doc: "Comma-separated descriptor numbers of the service, each 0 to 255, such as `1,2`.",
};
static LINE: KindInfo = KindInfo {
    name: "line",
    abnf: "line = *( fieldchar / TAB )",
    what: "the rest of the line",
    doc: "The rest of the line, whatever is in it.",
};
static SERVICE_STATE: KindInfo = KindInfo {
    name: "service_state",
    abnf: "service_state = \"down\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\"\n              / \"start\" TAB timestamp TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\"\n              / \"up\" TAB timestamp TAB pid TAB \"-\" TAB \"-\" TAB duration TAB \"-\"\n              / \"down\" TAB timestamp TAB pid TAB \"exit\" TAB integer TAB duration TAB duration\n              / \"down\" TAB timestamp TAB pid TAB \"signal\" TAB signal TAB duration TAB duration\n              / \"deleted\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\" TAB \"-\"",
    what: "the state of a service",
    doc: "Seven fields: STATE, TIMESTAMP, PID, REASON, VALUE, UPTIME and DOWNTIME.",
};
static FD_STATE: KindInfo = KindInfo {
    name: "fd_state",
    abnf: "fd_state = \"deleted\" / type TAB flags TAB description",
    what: "the state of a file descriptor",
    doc: "TYPE (`file`, `pipe`, `socket` or `special`), FLAGS and DESCRIPTION; or the one word `deleted`.",
};
static TIMESTAMP: KindInfo = KindInfo {
    name: "timestamp",
    abnf: "timestamp = integer",
    what: "a timestamp",
    doc: "A second of CLOCK_MONOTONIC.",
};
static LEVEL: KindInfo = KindInfo {
    name: "level",
    abnf: "level = \"none\" / \"trace\" / \"debug\" / \"info\" / \"warning\" / \"error\" / \"fatal\"",
    what: "a log level",
    doc: "A log level. That level and those before it are suppressed; `none` suppresses nothing.",
};
static TEXT: KindInfo = KindInfo {
    name: "text",
    abnf: "text = *( fieldchar / TAB )",
    what: "a text",
    doc: "A text for people.",
};
static PHASE: KindInfo = KindInfo {
    name: "phase",
    abnf: "phase = \"stopping\" / \"killing\" / \"flushing\"",
    what: "stopping, killing or flushing",
    doc: "How far an orderly shutdown has come: `stopping` after SIGTERM, `killing` after SIGKILL, `flushing` when only events and the log are left to deliver.",
};

/// Every kind of field.
pub static KINDS: &[&KindInfo] = &[
    &SERVICE,
    &FD,
    &ARG,
    &EXEC_ARG,
    &FD_OR_NONE,
    &TAG,
    &TAG_CHANGE,
    &INTERVAL,
    &TRIGGER,
    &START_TIME,
    &SIGNAL,
    &GROUP,
    &PIPE_FLAGS,
    &FILE_FLAGS,
    &PATH,
    &SOCKET_FLAGS,
    &ADDRESS,
    &NO_OPTIONS,
    &COUNT,
    &FILTER_CHANGE,
    &LOG_TYPE,
    &TIMEOUT,
    &FEATURE,
    &EXIT_CODE,
    &GUARD,
    &GUARD_SWITCH,
    &GUARD_CODE,
    &SECONDS,
    &SIGNAL_ACTION,
    &FD_NUMBERS,
    &LINE,
    &SERVICE_STATE,
    &FD_STATE,
    &TIMESTAMP,
    &LEVEL,
    &TEXT,
    &PHASE,
];

/// Every command, in the order of [`CommandName::ALL`].
pub static COMMANDS: &[CommandInfo] = &[
    CommandInfo {
        name: CommandName::Echo,
        args: &[ArgInfo { name: "REST", kind: &LINE, presence: Optional }],
        since: 1,
        doc: "Sends the rest of the line back, exactly as it is, as a line of its own; nothing at all when there is no field. Answers come in the order of the commands, so an echo tells where the answers so far end.",
        examples: &["echo\thello\t42", "echo"],
        events: &[],
        errors: &[],
    },
    CommandInfo {
        name: CommandName::Statedump,
        args: &[],
        since: 1,
        doc: "Tells everything: each file descriptor, each service with its tags, arguments, descriptors and triggers, each signal with a pending count. Commands behind it wait until the dump is complete.",
        examples: &["statedump"],
        events: &[
            EventName::FdState,
            EventName::ServiceState,
            EventName::ServiceTags,
            EventName::ServiceArgs,
            EventName::ServiceFds,
            EventName::ServiceAutoUp,
            EventName::Signal,
        ],
        errors: &["unexpected argument \"{argument}\""],
    },
    CommandInfo {
        name: CommandName::ServiceArgs,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "ARGS", kind: &ARG, presence: Repeated },
        ],
        since: 1,
        doc: "Sets the argument list of a service, and creates the service if need be. The first argument is the program, searched in PATH, and also its argv[0].",
        examples: &["service.args\tweb\thttpd\t-p\t80", "service.args\tweb"],
        events: &[EventName::ServiceArgs],
        errors: &[
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "unable to set argv",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceFds,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "FDS", kind: &FD_OR_NONE, presence: Repeated },
        ],
        since: 1,
        doc: "Sets which file descriptors become 0, 1, 2 and so on in the service, from its next start on. `-` leaves a number closed. A name that does not exist yet is only warned about. A service whose list was never set, or is empty, gets `null null null`.",
        examples: &[
            "service.fds\tweb\tnull\tlog.w\tlog.w",
            "service.fds\tweb\t-\tstdout\t-",
            "service.fds\tweb",
        ],
        events: &[EventName::ServiceFds, EventName::Warning],
        errors: &[
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "invalid fd name",
            "unable to set file descriptors",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceTags,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "TAGS", kind: &TAG, presence: Repeated },
        ],
        since: 1,
        doc: "Sets the tags of a service: free text that the daemon keeps for controllers and does not look at.",
        examples: &["service.tags\tweb\trole=frontend\tcritical", "service.tags\tweb"],
        events: &[EventName::ServiceTags],
        errors: &[
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "unable to set tags",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceAutoUp,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "INTERVAL", kind: &INTERVAL, presence: Optional },
            ArgInfo { name: "TRIGGERS", kind: &TRIGGER, presence: Repeated },
        ],
        since: 1,
        doc: "Starts the service whenever one of the triggers holds, but never sooner than INTERVAL seconds after its last start. Without a trigger it is off. An INTERVAL of `-` with triggers keeps the one set before, or 5 if there was none. Takes effect at once.",
        examples: &[
            "service.auto_up\tweb\t5\talways",
            "service.auto_up\treport\t60\tSIGUSR1\tSIGHUP",
            "service.auto_up\tweb\t-\talways",
            "service.auto_up\tweb\t-",
            "service.auto_up\tweb",
        ],
        events: &[EventName::ServiceAutoUp, EventName::ServiceState, EventName::Warning],
        errors: &[
            "Expected integer",
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "invalid interval",
            "unable to set auto_up triggers",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceStart,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "AT", kind: &START_TIME, presence: Optional },
        ],
        since: 1,
        doc: "Starts the service now, or at that second of CLOCK_MONOTONIC; `-` cancels a start that is pending. A time of up to 100000 seconds ago means now. It is done before the next command is read.",
        examples: &["service.start\tweb", "service.start\tweb\t86400", "service.start\tweb\t-"],
        events: &[EventName::ServiceState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected service name",
            "Invalid service name",
            "No such service",
            "no args configured for service",
            "invalid timestamp",
            "service is not startable",
            "no service.start pending",
            "shutdown in progress",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceSignal,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "SIGNAL", kind: &SIGNAL, presence: Required },
            ArgInfo { name: "GROUP", kind: &GROUP, presence: Optional },
        ],
        since: 1,
        doc: "Sends a signal to the service, if it runs; with `group` to its whole process group.",
        examples: &[
            "service.signal\tweb\tSIGTERM",
            "service.signal\tweb\tHUP\tgroup",
            "service.signal\tweb\t9",
        ],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected service name",
            "Invalid service name",
            "No such service",
            "service is not running",
            "unknown option \"{option}\"",
            "can't kill {name} (pid {pid}): {reason}",
            "Expected signal argument",
            "Invalid signal argument",
            "Invalid signal number",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceDelete,
        args: &[ArgInfo { name: "NAME", kind: &SERVICE, presence: Required }],
        since: 1,
        doc: "Forgets the service, if it does not run.",
        examples: &["service.delete\tweb"],
        events: &[EventName::ServiceState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected service name",
            "Invalid service name",
            "No such service",
            "service is running",
        ],
    },
    CommandInfo {
        name: CommandName::ServiceTagsApply,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "CHANGES", kind: &TAG_CHANGE, presence: RepeatedAtLeastOnce },
        ],
        since: 2,
        doc: "Changes single tags and leaves the others as they are, all in one step, so that two controllers do not overwrite each other. `KEY=VALUE` or `TAG` sets or replaces, `-KEY` removes.",
        examples: &["service.tags.apply\tweb\towner=alice\tcritical\t-role"],
        events: &[EventName::ServiceTags],
        errors: &[
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "unable to set tags",
            "Expected tag argument",
            "invalid tag change \"{change}\"",
        ],
    },
    CommandInfo {
        name: CommandName::ServicePipe,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "FDS", kind: &FD_NUMBERS, presence: Required },
            ArgInfo { name: "ARGS", kind: &ARG, presence: RepeatedAtLeastOnce },
        ],
        since: 2,
        doc: "Gives the service a logger of its own: a pipe `NAME-log.r` / `NAME-log.w`, a service `NAME-log` with these arguments that reads from it, is always up and is started again after 1 second at the soonest; and `NAME-log.w` in the places FDS of the service's descriptor list. A second one for the same service changes the logger's arguments and keeps the pipe, with whatever is in it.",
        examples: &["service.pipe\tweb\t1,2\tlogger\t-t\tweb"],
        events: &[
            EventName::FdState,
            EventName::ServiceArgs,
            EventName::ServiceFds,
            EventName::ServiceAutoUp,
            EventName::ServiceState,
        ],
        errors: &[
            "Expected service name",
            "Invalid service name",
            "Unable to allocate new service",
            "unable to set argv",
            "Expected program argument",
            "unable to set file descriptors",
            "service name too long: \"{name}-log.r\" would pass 31 characters",
            "expected descriptor numbers from 0 to 255, such as 1,2",
            "File descriptor cannot be altered",
            "Unable to allocate new file descriptor object",
            "pipe() failed: {reason}",
        ],
    },
    CommandInfo {
        name: CommandName::FdPipe,
        args: &[
            ArgInfo { name: "READ", kind: &FD, presence: Required },
            ArgInfo { name: "WRITE", kind: &FD, presence: Required },
            ArgInfo { name: "FLAGS", kind: &PIPE_FLAGS, presence: Optional },
        ],
        since: 1,
        doc: "Makes a pipe and names its two ends, or a pair of sockets if a flag of sockets is there. A name in use is closed and taken over.",
        examples: &["fd.pipe\tlog.r\tlog.w", "fd.pipe\ta\tb\tunix,stream,nonblock"],
        events: &[EventName::FdState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "the two names must differ",
            "File descriptor cannot be altered",
            "Unable to allocate new file descriptor object",
            "unknown flag \"{flag}\"",
            "pipe() failed: {reason}",
            "socketpair() failed: {reason}",
        ],
    },
    CommandInfo {
        name: CommandName::FdOpen,
        args: &[
            ArgInfo { name: "NAME", kind: &FD, presence: Required },
            ArgInfo { name: "FLAGS", kind: &FILE_FLAGS, presence: Required },
            ArgInfo { name: "PATH", kind: &PATH, presence: Required },
        ],
        since: 1,
        doc: "Opens a file. A new file gets the mode 0600, directories made by `mkdir` 0700. A name in use is closed and taken over.",
        examples: &[
            "fd.open\tweb.log\twrite,append,create,mkdir\t/var/log/web/out",
            "fd.open\tconf\tread\t/etc/web.conf",
        ],
        events: &[EventName::FdState],
        errors: &[
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "File descriptor cannot be altered",
            "Unable to allocate new file descriptor object",
            "missing flags argument",
            "unknown flag \"{flag}\"",
            "missing path argument",
            "unexpected argument after path",
            "open failed: {reason}",
        ],
    },
    CommandInfo {
        name: CommandName::FdSocket,
        args: &[
            ArgInfo { name: "NAME", kind: &FD, presence: Required },
            ArgInfo { name: "FLAGS", kind: &SOCKET_FLAGS, presence: Required },
            ArgInfo { name: "ADDRESS", kind: &ADDRESS, presence: Optional },
        ],
        since: 1,
        doc: "Makes a socket, binds it if there is an address, and listens if `listen` is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and taken over.",
        examples: &[
            "fd.socket\thttp\tinet,stream,listen=64\t127.0.0.1:80",
            "fd.socket\thttp\ttcp,listen\t*:80",
            "fd.socket\thttp6\tinet6,tcp,listen\t[::1]:8080",
            "fd.socket\tctl\tunix,listen,mkdir\t/run/web/ctl",
            "fd.socket\tout\tudp",
        ],
        events: &[EventName::FdState],
        errors: &[
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "File descriptor cannot be altered",
            "Unable to allocate new file descriptor object",
            "missing flags argument",
            "unknown flag \"{flag}\"",
            "expected address argument",
            "invalid address",
            "unexpected argument after address",
            "invalid listen queue length",
            "socket: {reason}",
            "setsockopt: {reason}",
            "bind: {reason}",
            "listen: {reason}",
        ],
    },
    CommandInfo {
        name: CommandName::FdTake,
        args: &[ArgInfo { name: "NAME", kind: &FD, presence: Required }],
        since: 1,
        doc: "Takes the file descriptor that was passed along with this line as SCM_RIGHTS over a unix socket. A name in use is closed and taken over.",
        examples: &["fd.take\tconn"],
        events: &[EventName::FdState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "File descriptor cannot be altered",
            "Unable to allocate new file descriptor object",
            "No ancillary file descriptor received",
        ],
    },
    CommandInfo {
        name: CommandName::FdDelete,
        args: &[ArgInfo { name: "NAME", kind: &FD, presence: Required }],
        since: 1,
        doc: "Closes the file descriptor and forgets its name.",
        examples: &["fd.delete\tlog.w"],
        events: &[EventName::FdState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "No such file descriptor",
            "File descriptor cannot be altered",
        ],
    },
    CommandInfo {
        name: CommandName::SocketCreate,
        args: &[
            ArgInfo { name: "OPTIONS", kind: &NO_OPTIONS, presence: Required },
            ArgInfo { name: "PATH", kind: &PATH, presence: Required },
        ],
        since: 1,
        doc: "Listens for controllers on a unix socket. There is one such socket at a time: a second one replaces and unlinks the first. A left-over socket at PATH is removed first; anything else in the way is an error.",
        examples: &["socket.create\t-\t/run/daemonproxy.sock"],
        events: &[],
        errors: &[
            "missing path argument",
            "unexpected argument after path",
            "Invalid options",
            "Failed to create control socket",
        ],
    },
    CommandInfo {
        name: CommandName::SocketDelete,
        args: &[],
        since: 1,
        doc: "Closes and unlinks the control socket, if there is one. Controllers that are connected stay.",
        examples: &["socket.delete"],
        events: &[],
        errors: &["unexpected argument \"{argument}\""],
    },
    CommandInfo {
        name: CommandName::SignalClear,
        args: &[
            ArgInfo { name: "SIGNAL", kind: &SIGNAL, presence: Required },
            ArgInfo { name: "COUNT", kind: &COUNT, presence: Required },
        ],
        since: 1,
        doc: "Takes COUNT off the pending count of a signal, down to 0 at the least.",
        examples: &["signal.clear\tSIGHUP\t1"],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected integer",
            "Expected integer of 0 or more",
            "Expected signal argument",
            "Invalid signal argument",
            "Invalid signal number",
        ],
    },
    CommandInfo {
        name: CommandName::SignalDefault,
        args: &[
            ArgInfo { name: "SIGNAL", kind: &SIGNAL, presence: Required },
            ArgInfo { name: "ACTION", kind: &SIGNAL_ACTION, presence: Required },
        ],
        since: 2,
        doc: "What the daemon does with a signal that no connected controller reads and no service has as a trigger.",
        examples: &[
            "signal.default\tTERM\tshutdown",
            "signal.default\tHUP\tevent",
            "signal.default\tQUIT\tterminate",
        ],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected signal argument",
            "Invalid signal argument",
            "Invalid signal number",
            "Expected action argument",
            "unknown action \"{action}\", expected event, shutdown or terminate",
        ],
    },
    CommandInfo {
        name: CommandName::LogFilter,
        args: &[ArgInfo { name: "CHANGE", kind: &FILTER_CHANGE, presence: Optional }],
        since: 1,
        doc: "Suppresses log messages of that level and those below it, and answers with the filter that holds now. Without an argument it only answers.",
        examples: &[
            "log.filter\tdebug",
            "log.filter\t+",
            "log.filter\t-",
            "log.filter\tnone",
            "log.filter",
        ],
        events: &[EventName::LogFilter],
        errors: &["unexpected argument \"{argument}\"", "Invalid loglevel argument"],
    },
    CommandInfo {
        name: CommandName::LogDest,
        args: &[
            ArgInfo { name: "TYPE", kind: &LOG_TYPE, presence: Required },
            ArgInfo { name: "FD", kind: &FD, presence: Required },
        ],
        since: 1,
        doc: "The log goes to the file descriptor of that name from now on, also when it does not exist yet or is closed and made again: the log waits for it.",
        examples: &["log.dest\tfd\tlog.w"],
        events: &[EventName::Warning],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected file descriptor name",
            "Invalid file descriptor name",
            "Unknown logging type",
        ],
    },
    CommandInfo {
        name: CommandName::Chdir,
        args: &[ArgInfo { name: "PATH", kind: &PATH, presence: Required }],
        since: 1,
        doc: "Changes the working directory of the daemon, and so of the services that it starts from now on.",
        examples: &["chdir\t/var/lib/web"],
        events: &[],
        errors: &[
            "missing path argument",
            "unexpected argument after path",
            "chdir failed: {reason}",
        ],
    },
    CommandInfo {
        name: CommandName::ConnEventTimeout,
        args: &[
            ArgInfo { name: "RESET", kind: &TIMEOUT, presence: Required },
            ArgInfo { name: "CLOSE", kind: &TIMEOUT, presence: Required },
        ],
        since: 1,
        doc: "How long this controller may leave its events unread, in seconds: after RESET what cannot be written is thrown away, after CLOSE the connection is closed. 15 and 30 until set.",
        examples: &["conn.event_timeout\t15\t30"],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected integer",
            "invalid timeout, must be 1 to 2147483647",
            "reset timeout is greater than close timeout",
        ],
    },
    CommandInfo {
        name: CommandName::ConnFeatures,
        args: &[ArgInfo { name: "FEATURES", kind: &FEATURE, presence: Repeated }],
        since: 2,
        doc: "Sets what this connection wants of protocol 2, in the place of what it wanted before; the answer tells what is in force. A feature that this daemon does not know is left out of the answer. `observer`: this connection is no listener for signals, so while nobody else is connected a signal still does what it does by default (`signal.default`).",
        examples: &["conn.features\tobserver", "conn.features"],
        events: &[EventName::ConnFeatures],
        errors: &["invalid feature name"],
    },
    CommandInfo {
        name: CommandName::Exit,
        args: &[],
        since: 1,
        doc: "Closes the connection of this controller, after everything that it is owed has been delivered.",
        examples: &["exit"],
        events: &[],
        errors: &["unexpected argument \"{argument}\""],
    },
    CommandInfo {
        name: CommandName::Terminate,
        args: &[
            ArgInfo { name: "CODE", kind: &EXIT_CODE, presence: Required },
            ArgInfo { name: "GUARD", kind: &GUARD, presence: Optional },
        ],
        since: 1,
        doc: "The daemon leaves at once with that exit code, and does not touch the services. While the guard is on GUARD must be its code, and a program to exec must be set.",
        examples: &["terminate\t0", "terminate\t3\t4242"],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected integer",
            "exit code must be 0 to 255",
            "terminate guard code required",
            "incorrect terminate guard code",
            "cannot exit, and exec-on-exit is not configured",
        ],
    },
    CommandInfo {
        name: CommandName::TerminateGuard,
        args: &[
            ArgInfo { name: "ON", kind: &GUARD_SWITCH, presence: Required },
            ArgInfo { name: "CODE", kind: &GUARD_CODE, presence: Required },
        ],
        since: 1,
        doc: "Turns the guard on, which protects the daemon from a `terminate` that is not meant, or off again with the same code.",
        examples: &["terminate.guard\t+\t4242", "terminate.guard\t-\t4242"],
        events: &[],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected integer",
            "expected + or -",
            "code cannot be 0",
            "terminate guard code is already set",
            "terminate guard was not set",
            "incorrect guard code",
        ],
    },
    CommandInfo {
        name: CommandName::TerminateExecArgs,
        args: &[ArgInfo { name: "ARGS", kind: &EXEC_ARG, presence: Repeated }],
        since: 1,
        doc: "The program that the daemon becomes, for whatever reason it leaves, instead of exiting. No argument turns it off.",
        examples: &["terminate.exec_args\t/sbin/reboot\t-f", "terminate.exec_args"],
        events: &[],
        errors: &["exec arguments exceed buffer size"],
    },
    CommandInfo {
        name: CommandName::TerminateShutdown,
        args: &[
            ArgInfo { name: "TERM", kind: &SECONDS, presence: Optional },
            ArgInfo { name: "KILL", kind: &SECONDS, presence: Optional },
            ArgInfo { name: "FLUSH", kind: &SECONDS, presence: Optional },
            ArgInfo { name: "GUARD", kind: &GUARD, presence: Optional },
        ],
        since: 2,
        doc: "The orderly end. Nothing is started any more. Services get SIGTERM, those that write into a pipe before those that read from it, and controllers last; after TERM seconds (10) SIGKILL; after KILL more seconds (5) they are given up. Then events and the log are delivered, for FLUSH seconds (5) at the most. The exit code is 0, or 10 when something needed SIGKILL, or 11 when something outlived it. A second one can only shorten the times of the first.",
        examples: &[
            "terminate.shutdown",
            "terminate.shutdown\t30",
            "terminate.shutdown\t30\t10\t-\t4242",
        ],
        events: &[EventName::TerminateState, EventName::ServiceState],
        errors: &[
            "unexpected argument \"{argument}\"",
            "Expected integer",
            "seconds must be 0 to 2147483647",
            "terminate guard code required",
            "incorrect terminate guard code",
            "cannot exit, and exec-on-exit is not configured",
        ],
    },
];

/// Every event, in the order of [`EventName::ALL`].
pub static EVENTS: &[EventInfo] = &[
    EventInfo {
        name: EventName::ServiceState,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "STATE", kind: &SERVICE_STATE, presence: Required },
        ],
        since: 1,
        doc: "A service starts, runs, has ended, or is forgotten.",
        forms: &[
            "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-",
            "service.state\tweb\tstart\t1042\t-\t-\t-\t-\t-",
            "service.state\tweb\tup\t1042\t7123\t-\t-\t0\t-",
            "service.state\tweb\tdown\t1099\t7123\texit\t0\t57\t3",
            "service.state\tweb\tdown\t1099\t7123\tsignal\tSIGKILL\t57\t3",
            "service.state\tweb\tdeleted\t-\t-\t-\t-\t-\t-",
        ],
    },
    EventInfo {
        name: EventName::ServiceTags,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "TAGS", kind: &TAG, presence: Repeated },
        ],
        since: 1,
        doc: "The tags of a service.",
        forms: &["service.tags\tweb\trole=frontend\tcritical", "service.tags\tweb\t"],
    },
    EventInfo {
        name: EventName::ServiceArgs,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "ARGS", kind: &ARG, presence: Repeated },
        ],
        since: 1,
        doc: "The argument list of a service.",
        forms: &["service.args\tweb\thttpd\t-p\t80", "service.args\tweb\t"],
    },
    EventInfo {
        name: EventName::ServiceFds,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "FDS", kind: &FD_OR_NONE, presence: Repeated },
        ],
        since: 1,
        doc: "The descriptor list of a service.",
        forms: &[
            "service.fds\tweb\tnull\tlog.w\tlog.w",
            "service.fds\tweb\t-\tstdout\t-",
            "service.fds\tweb\t",
        ],
    },
    EventInfo {
        name: EventName::ServiceAutoUp,
        args: &[
            ArgInfo { name: "NAME", kind: &SERVICE, presence: Required },
            ArgInfo { name: "INTERVAL", kind: &INTERVAL, presence: Required },
            ArgInfo { name: "TRIGGERS", kind: &TRIGGER, presence: Repeated },
        ],
        since: 1,
        doc: "When a service is started by itself.",
        forms: &[
            "service.auto_up\tweb\t5\talways",
            "service.auto_up\treport\t60\tSIGHUP\tSIGUSR1",
            "service.auto_up\tweb\t-",
        ],
    },
    EventInfo {
        name: EventName::FdState,
        args: &[
            ArgInfo { name: "NAME", kind: &FD, presence: Required },
            ArgInfo { name: "STATE", kind: &FD_STATE, presence: Required },
        ],
        since: 1,
        doc: "A file descriptor was made, or is gone.",
        forms: &[
            "fd.state\tweb.log\tfile\twrite,append,create,mkdir\t/var/log/web/out",
            "fd.state\tlog.r\tpipe\tfrom\tlog.w",
            "fd.state\tlog.w\tpipe\tnonblock,to\t?",
            "fd.state\ta\tpipe\tunix,stream,nonblock,to\tb",
            "fd.state\thttp\tsocket\tinet,stream,bind,listen=32\t*:80",
            "fd.state\tout\tsocket\tinet,dgram\t",
            "fd.state\tnull\tspecial\tread,write\t/dev/null",
            "fd.state\tfd_7\tfile\tread\tunknown",
            "fd.state\tlog.r\tdeleted",
        ],
    },
    EventInfo {
        name: EventName::Signal,
        args: &[
            ArgInfo { name: "SIGNAL", kind: &SIGNAL, presence: Required },
            ArgInfo { name: "AT", kind: &TIMESTAMP, presence: Required },
            ArgInfo { name: "COUNT", kind: &COUNT, presence: Required },
        ],
        since: 1,
        doc: "The daemon got a signal: which, when, and how many are pending now.",
        forms: &["signal\tSIGHUP\t1042\t1"],
    },
    EventInfo {
        name: EventName::LogFilter,
        args: &[ArgInfo { name: "LEVEL", kind: &LEVEL, presence: Required }],
        since: 1,
        doc: "The log filter, as an answer to `log.filter`.",
        forms: &["log.filter\tdebug", "log.filter\tnone"],
    },
    EventInfo {
        name: EventName::Info,
        args: &[ArgInfo { name: "TEXT", kind: &TEXT, presence: Required }],
        since: 1,
        doc: "Something that a person may like to know.",
        forms: &["info\tdaemonproxy version 1.0.0"],
    },
    EventInfo {
        name: EventName::Warning,
        args: &[ArgInfo { name: "TEXT", kind: &TEXT, presence: Required }],
        since: 1,
        doc: "A command was carried out, but something about it is odd.",
        forms: &["warning\tfd \"log.w\" is not yet defined"],
    },
    EventInfo {
        name: EventName::Error,
        args: &[ArgInfo { name: "TEXT", kind: &TEXT, presence: Required }],
        since: 1,
        doc: "A command could not be carried out, or a service could not be started.",
        forms: &[
            "error\tNo such service, for command \"service.start web\"",
            "error\tUnknown command: servce.start",
            "error\tline too long",
        ],
    },
    EventInfo {
        name: EventName::Overflow,
        args: &[],
        since: 1,
        doc: "This controller was too slow and has missed events. It should ask for a `statedump`.",
        forms: &["overflow"],
    },
    EventInfo {
        name: EventName::ConnFeatures,
        args: &[ArgInfo { name: "FEATURES", kind: &FEATURE, presence: Repeated }],
        since: 2,
        doc: "The features of this connection that are in force: the answer to the command of the same name.",
        forms: &["conn.features\tobserver", "conn.features"],
    },
    EventInfo {
        name: EventName::TerminateState,
        args: &[
            ArgInfo { name: "PHASE", kind: &PHASE, presence: Required },
            ArgInfo { name: "REMAINING", kind: &COUNT, presence: Required },
        ],
        since: 2,
        doc: "How an orderly shutdown gets on, and how many services still run.",
        forms: &[
            "terminate.state\tstopping\t4",
            "terminate.state\tkilling\t1",
            "terminate.state\tflushing\t0",
        ],
    },
];

/// Every text with which a command can be refused.
pub static ERRORS: &[ErrorInfo] = &[
    ErrorInfo {
        name: "UnknownCommand",
        text: "Unknown command: {name}",
        doc: "There is no command of that name.",
    },
    ErrorInfo {
        name: "LineTooLong",
        text: "line too long",
        doc: "The line is longer than the daemon takes, and was thrown away.",
    },
    ErrorInfo {
        name: "UnexpectedArgument",
        text: "unexpected argument \"{argument}\"",
        doc: "The command has a field too many; it was not carried out.",
    },
    ErrorInfo {
        name: "ExpectedInteger",
        text: "Expected integer",
        doc: "A number is missing, or is no decimal number. One that is merely too large or too small has a text of its own where there is one.",
    },
    ErrorInfo {
        name: "ExpectedNonNegativeInteger",
        text: "Expected integer of 0 or more",
        doc: "A count cannot be negative.",
    },
    ErrorInfo {
        name: "InvalidFeatureName",
        text: "invalid feature name",
        doc: "The name of a feature is 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
    },
    ErrorInfo {
        name: "ExpectedServiceName",
        text: "Expected service name",
        doc: "The name of the service is missing.",
    },
    ErrorInfo {
        name: "InvalidServiceName",
        text: "Invalid service name",
        doc: "A name has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
    },
    ErrorInfo {
        name: "NoSuchService",
        text: "No such service",
        doc: "No service of that name was ever set up, or it was deleted.",
    },
    ErrorInfo {
        name: "UnableToAllocateService",
        text: "Unable to allocate new service",
        doc: "The pool of services is full, or memory is short.",
    },
    ErrorInfo {
        name: "UnableToSetArgv",
        text: "unable to set argv",
        doc: "The arguments contain a control character, or do not fit into the memory of the service.",
    },
    ErrorInfo {
        name: "ExpectedProgram",
        text: "Expected program argument",
        doc: "A service needs at least the name of a program.",
    },
    ErrorInfo {
        name: "InvalidFdName",
        text: "invalid fd name",
        doc: "An entry of a descriptor list is neither a name nor `-`.",
    },
    ErrorInfo {
        name: "UnableToSetFds",
        text: "unable to set file descriptors",
        doc: "The descriptor list does not fit into the memory of the service.",
    },
    ErrorInfo {
        name: "UnableToSetTags",
        text: "unable to set tags",
        doc: "The tags contain a control character, or do not fit into the memory of the service.",
    },
    ErrorInfo {
        name: "ExpectedTag",
        text: "Expected tag argument",
        doc: "There is no tag to change.",
    },
    ErrorInfo {
        name: "InvalidTagChange",
        text: "invalid tag change \"{change}\"",
        doc: "A change of tags has an empty key, or takes away a tag with a value: the key is enough.",
    },
    ErrorInfo {
        name: "InvalidInterval",
        text: "invalid interval",
        doc: "An interval is 1 to 2147483647 seconds.",
    },
    ErrorInfo {
        name: "UnableToSetTriggers",
        text: "unable to set auto_up triggers",
        doc: "A trigger is neither `always` nor a signal, or the triggers do not fit into the memory of the service.",
    },
    ErrorInfo {
        name: "NoArgsConfigured",
        text: "no args configured for service",
        doc: "The service has no program to run: use `service.args` first.",
    },
    ErrorInfo {
        name: "InvalidTimestamp",
        text: "invalid timestamp",
        doc: "The time is not a number, or is too far in the past.",
    },
    ErrorInfo {
        name: "ServiceIsNotStartable",
        text: "service is not startable",
        doc: "The service runs already.",
    },
    ErrorInfo {
        name: "NoStartPending",
        text: "no service.start pending",
        doc: "There is no pending start to cancel.",
    },
    ErrorInfo {
        name: "ServiceIsNotRunning",
        text: "service is not running",
        doc: "There is no process to signal.",
    },
    ErrorInfo {
        name: "ServiceIsRunning",
        text: "service is running",
        doc: "A service that runs cannot be deleted.",
    },
    ErrorInfo {
        name: "UnknownOption",
        text: "unknown option \"{option}\"",
        doc: "The only option here is `group`.",
    },
    ErrorInfo {
        name: "Kill",
        text: "can't kill {name} (pid {pid}): {reason}",
        doc: "The operating system refused to deliver the signal.",
    },
    ErrorInfo {
        name: "LoggerNameTooLong",
        text: "service name too long: \"{name}-log.r\" would pass 31 characters",
        doc: "The pipe of a logger is named after its service, so that name has 25 characters at the most.",
    },
    ErrorInfo {
        name: "InvalidFdNumbers",
        text: "expected descriptor numbers from 0 to 255, such as 1,2",
        doc: "The places in the descriptor list are missing or wrong.",
    },
    ErrorInfo {
        name: "ExpectedSignalArgument",
        text: "Expected signal argument",
        doc: "The signal is missing.",
    },
    ErrorInfo {
        name: "InvalidSignalArgument",
        text: "Invalid signal argument",
        doc: "There is no signal of that name. Names are in capital letters.",
    },
    ErrorInfo {
        name: "InvalidSignalNumber",
        text: "Invalid signal number",
        doc: "Signals are numbered from 1 to 64.",
    },
    ErrorInfo {
        name: "ExpectedAction",
        text: "Expected action argument",
        doc: "The action is missing.",
    },
    ErrorInfo {
        name: "UnknownAction",
        text: "unknown action \"{action}\", expected event, shutdown or terminate",
        doc: "There is no action of that name.",
    },
    ErrorInfo {
        name: "ExpectedFileDescriptorName",
        text: "Expected file descriptor name",
        doc: "The name of the file descriptor is missing.",
    },
    ErrorInfo {
        name: "InvalidFileDescriptorName",
        text: "Invalid file descriptor name",
        doc: "A name has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.",
    },
    ErrorInfo {
        name: "NamesMustDiffer",
        text: "the two names must differ",
        doc: "The two ends of a pipe cannot share a name.",
    },
    ErrorInfo {
        name: "NoSuchFd",
        text: "No such file descriptor",
        doc: "No file descriptor has that name.",
    },
    ErrorInfo {
        name: "FdCannotBeAltered",
        text: "File descriptor cannot be altered",
        doc: "This name belongs to the daemon itself: `null` and `control.*`.",
    },
    ErrorInfo {
        name: "UnableToAllocateFd",
        text: "Unable to allocate new file descriptor object",
        doc: "The pool of file descriptors is full, or memory is short.",
    },
    ErrorInfo {
        name: "MissingFlags",
        text: "missing flags argument",
        doc: "The flags are missing. `-` stands for the usual ones.",
    },
    ErrorInfo {
        name: "UnknownFlag",
        text: "unknown flag \"{flag}\"",
        doc: "There is no flag of that name here.",
    },
    ErrorInfo {
        name: "MissingPath",
        text: "missing path argument",
        doc: "The path is missing or empty.",
    },
    ErrorInfo {
        name: "InvalidPath",
        text: "control character in path",
        doc: "Bytes below 0x20 are reserved, so a path with one cannot be named in a command.",
    },
    ErrorInfo {
        name: "UnexpectedAfterPath",
        text: "unexpected argument after path",
        doc: "There is a field behind the path. A path that contains a TAB cannot be named in a command.",
    },
    ErrorInfo {
        name: "ExpectedAddress",
        text: "expected address argument",
        doc: "`bind` and `listen` need an address.",
    },
    ErrorInfo {
        name: "InvalidAddress",
        text: "invalid address",
        doc: "The address does not fit the domain of the socket.",
    },
    ErrorInfo {
        name: "UnexpectedAfterAddress",
        text: "unexpected argument after address",
        doc: "There is a field behind the address.",
    },
    ErrorInfo {
        name: "InvalidListenQueue",
        text: "invalid listen queue length",
        doc: "The length of a listen queue is 1 to 65535.",
    },
    ErrorInfo {
        name: "NoAncillaryFd",
        text: "No ancillary file descriptor received",
        doc: "No descriptor was passed along with this line.",
    },
    ErrorInfo {
        name: "Open",
        text: "open failed: {reason}",
        doc: "The operating system could not open the file.",
    },
    ErrorInfo {
        name: "Pipe",
        text: "pipe() failed: {reason}",
        doc: "The operating system could not make the pipe.",
    },
    ErrorInfo {
        name: "Socketpair",
        text: "socketpair() failed: {reason}",
        doc: "The operating system could not make the pair of sockets.",
    },
    ErrorInfo {
        name: "Socket",
        text: "socket: {reason}",
        doc: "The operating system could not make the socket.",
    },
    ErrorInfo {
        name: "Setsockopt",
        text: "setsockopt: {reason}",
        doc: "The operating system could not set SO_REUSEADDR.",
    },
    ErrorInfo {
        name: "Bind",
        text: "bind: {reason}",
        doc: "The operating system could not bind the socket to its address.",
    },
    ErrorInfo {
        name: "Listen",
        text: "listen: {reason}",
        doc: "The operating system could not make the socket listen.",
    },
    ErrorInfo {
        name: "InvalidOptions",
        text: "Invalid options",
        doc: "The options are missing, or neither empty nor `-`.",
    },
    ErrorInfo {
        name: "FailedToCreateControlSocket",
        text: "Failed to create control socket",
        doc: "The control socket could not be made; the log says why.",
    },
    ErrorInfo {
        name: "InvalidLogLevel",
        text: "Invalid loglevel argument",
        doc: "The levels are `none trace debug info warning error fatal`.",
    },
    ErrorInfo {
        name: "UnknownLoggingType",
        text: "Unknown logging type",
        doc: "The log can only go to an `fd`.",
    },
    ErrorInfo {
        name: "Chdir",
        text: "chdir failed: {reason}",
        doc: "The operating system could not change the working directory.",
    },
    ErrorInfo {
        name: "InvalidTimeout",
        text: "invalid timeout, must be 1 to 2147483647",
        doc: "A timeout is out of range.",
    },
    ErrorInfo {
        name: "ResetGreaterThanClose",
        text: "reset timeout is greater than close timeout",
        doc: "Events are thrown away before the connection is closed, not after.",
    },
    ErrorInfo {
        name: "SecondsOutOfRange",
        text: "seconds must be 0 to 2147483647",
        doc: "A time is out of range.",
    },
    ErrorInfo {
        name: "ExitCodeOutOfRange",
        text: "exit code must be 0 to 255",
        doc: "The operating system has no other exit codes.",
    },
    ErrorInfo {
        name: "GuardCodeRequired",
        text: "terminate guard code required",
        doc: "The guard is on: the command needs its code.",
    },
    ErrorInfo {
        name: "IncorrectTerminateGuardCode",
        text: "incorrect terminate guard code",
        doc: "The guard is on, with another code.",
    },
    ErrorInfo {
        name: "ExecNotConfigured",
        text: "cannot exit, and exec-on-exit is not configured",
        doc: "The guard is on, so the daemon may only leave by becoming another program, and none is set.",
    },
    ErrorInfo {
        name: "ExpectedPlusOrMinus",
        text: "expected + or -",
        doc: "`+` turns the guard on, `-` turns it off.",
    },
    ErrorInfo { name: "CodeCannotBeZero", text: "code cannot be 0", doc: "0 is no guard code." },
    ErrorInfo {
        name: "GuardAlreadySet",
        text: "terminate guard code is already set",
        doc: "The guard is on; it can only be turned off.",
    },
    ErrorInfo {
        name: "GuardNotSet",
        text: "terminate guard was not set",
        doc: "The guard is off.",
    },
    ErrorInfo {
        name: "IncorrectGuardCode",
        text: "incorrect guard code",
        doc: "The guard was turned on with another code.",
    },
    ErrorInfo {
        name: "ExecArgsTooLong",
        text: "exec arguments exceed buffer size",
        doc: "The program and its arguments do not fit into the memory set aside for them.",
    },
    ErrorInfo {
        name: "InvalidExecArgs",
        text: "control character in exec arguments",
        doc: "Bytes below 0x20 are reserved.",
    },
    ErrorInfo {
        name: "ShutdownInProgress",
        text: "shutdown in progress",
        doc: "An orderly shutdown has begun, and nothing is started any more.",
    },
];
