// Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
//! Every reason for which a command can be refused.

use crate::error::write_field;
use crate::write_i64;

/// Why a command is refused. Written out, it is the text of the error event.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// `Unknown command: {name}`. There is no command of that name.
    UnknownCommand {
        /// The name.
        name: &'a [u8],
    },
    /// `line too long`. The line is longer than the daemon accepts, and was thrown away.
    LineTooLong,
    /// `invalid tag`. What follows the `@` is no tag: 1 to 31 characters out of `A-Z a-z 0-9
    /// . _ -`. The command was not carried out, and an `error` says so, since there is no tag
    /// to answer to.
    InvalidTag,
    /// `expected a command after the tag`. There is a tag and no command.
    ExpectedCommand,
    /// `a tagged command cannot have another tag`. One tag is enough: tags do not nest.
    NestedTag,
    /// `unexpected argument "{argument}"`. The command has an extra field; it was not carried
    /// out.
    UnexpectedArgument {
        /// What the peer sent.
        argument: &'a [u8],
    },
    /// `Expected integer`. A number is missing, or is not a decimal number. A number that is
    /// merely too large or too small has its own error text where there is one.
    ExpectedInteger,
    /// `Expected integer of 0 or more`. A count cannot be negative.
    ExpectedNonNegativeInteger,
    /// `invalid feature name`. The name of a feature is 1 to 31 characters out of `A-Z a-z
    /// 0-9 . _ -`.
    InvalidFeatureName,
    /// `Expected timer name`. The name of the timer is missing.
    ExpectedTimerName,
    /// `Invalid timer name`. A name has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
    InvalidTimerName,
    /// `invalid delay, expected seconds such as 1.5, or -`. A delay is 0 to 999999999
    /// seconds, with up to nine digits after the point.
    InvalidDelay,
    /// `too many timers, at most 16 for each connection`. Sixteen timers of this connection
    /// have not run out yet: cancel one, or move one by using its name.
    TooManyTimers,
    /// `command not permitted on this connection`. This connection has not the rights for it
    /// (`conn.restrict`, or the options of the socket).
    NotPermitted,
    /// `expected watch, operate or full`. The rights are missing.
    ExpectedRights,
    /// `unknown rights "{rights}", expected watch, operate or full`. There are no rights of
    /// that name.
    UnknownRights {
        /// What the peer sent.
        rights: &'a [u8],
    },
    /// `invalid pattern "{pattern}"`. A pattern has 1 to 31 characters out of `A-Z a-z 0-9 .
    /// _ - * ?`.
    InvalidPattern {
        /// What the peer sent.
        pattern: &'a [u8],
    },
    /// `full rights cannot be limited to services`. Whoever may do everything can become
    /// anything that the daemon can. Patterns go with `watch` and `operate`.
    CannotLimitFullRights,
    /// `more than 16 patterns`. A connection is limited by at most 16 patterns, those of
    /// earlier commands included.
    TooManyPatterns,
    /// `Expected service name`. The name of the service is missing.
    ExpectedServiceName,
    /// `Invalid service name`. A name has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
    InvalidServiceName,
    /// `No such service`. No service of that name was ever set up, or it was deleted.
    NoSuchService,
    /// `Unable to allocate new service`. The pool of services is full, or memory is short.
    UnableToAllocateService,
    /// `unable to set argv`. The arguments contain a control character, or do not fit into
    /// the memory of the service.
    UnableToSetArgv,
    /// `Expected program argument`. A service needs at least the name of a program.
    ExpectedProgram,
    /// `invalid fd name`. An entry of a descriptor list is neither a name nor `-`.
    InvalidFdName,
    /// `unable to set file descriptors`. The descriptor list does not fit into the memory of
    /// the service.
    UnableToSetFds,
    /// `unable to set tags`. The tags contain a control character, or do not fit into the
    /// memory of the service.
    UnableToSetTags,
    /// `Expected tag argument`. There is no tag to change.
    ExpectedTag,
    /// `invalid tag change "{change}"`. A change of tags has an empty key, or removes a tag
    /// by key and value: give the key alone.
    InvalidTagChange {
        /// What the peer sent.
        change: &'a [u8],
    },
    /// `unable to set options`. The options contain a control character, or do not fit into
    /// the memory of the service.
    UnableToSetOptions,
    /// `another service is the main one`. The option `main` is that of one service at a time:
    /// take it from the other first.
    AnotherMainService,
    /// `Expected option argument`. There is no option to change.
    ExpectedOption,
    /// `invalid option "{option}", expected {expected}`. There is such an option, but it
    /// cannot have this value.
    InvalidOption {
        /// What the peer sent.
        option: &'a [u8],
        /// What could stand there.
        expected: &'static str,
    },
    /// `the daemon was started without --cgroup`. The options `kill=cgroup` and `memory` need
    /// a directory for cgroups.
    NoCgroup,
    /// `option "{option}" is given twice`. A list of options has each KEY once.
    OptionGivenTwice {
        /// What the peer sent.
        option: &'a [u8],
    },
    /// `unable to set environment`. The environment contains a control character, does not
    /// fit into the memory of the service, or has an item that does not fit into a line.
    UnableToSetEnvironment,
    /// `environment longer than 65535 bytes`. That is the most, with a byte between each two
    /// items.
    EnvironmentTooLong,
    /// `Expected environment item`. There is nothing to change.
    ExpectedEnvItem,
    /// `invalid environment item, expected KEY=VALUE, KEY%=VALUE or !KEY, and ! only first`.
    /// An item without a KEY or a `=`, one that takes out a KEY by its value, or a `!` in
    /// another place.
    InvalidEnvItem,
    /// `invalid interval`. An interval is 1 to 2147483647 seconds.
    InvalidInterval,
    /// `unable to set auto_up triggers`. One of the triggers is none, or they do not fit into
    /// the memory of the service. There are `always`, `once`, `success`, `failure`,
    /// `ready:NAME`, `up:NAME`, `down:NAME`, `done:NAME`, `fd:NAME`, and signals; several
    /// with commas between them must all hold.
    UnableToSetTriggers,
    /// `no args configured for service`. The service has no program to run: use
    /// `service.args` first.
    NoArgsConfigured,
    /// `invalid timestamp`. The time is not a number, or is too far in the past.
    InvalidTimestamp,
    /// `service is not startable`. The service is already running.
    ServiceIsNotStartable,
    /// `no service.start pending`. There is no pending start to cancel.
    NoStartPending,
    /// `service is not running`. There is no process to signal.
    ServiceIsNotRunning,
    /// `service is running`. A running service cannot be deleted.
    ServiceIsRunning,
    /// `the descriptor of ready= is in the list`. The option `ready=fd:N` takes a descriptor
    /// N that the list of the service (`service.fds`) leaves free.
    ReadyFdInUse,
    /// `service does not wait for this`. The options with which it was started do not ask for
    /// it: `service.ready` is for those with `ready=control`, `service.deadman` for those
    /// with `deadman=`.
    NotAwaited,
    /// `unknown option "{option}"`. There is no option of that name here.
    UnknownOption {
        /// What the peer sent.
        option: &'a [u8],
    },
    /// `can't kill {name} (pid {pid}): {reason}`. The operating system refused to deliver the
    /// signal.
    Kill {
        /// The name.
        name: &'a [u8],
        /// The process id.
        pid: i32,
        /// What the operating system says.
        reason: &'a str,
    },
    /// `service name too long: "{name}-log.r" would pass 31 characters`. The pipe of a logger
    /// is named after its service, so that name has at most 25 characters.
    LoggerNameTooLong {
        /// The name.
        name: &'a [u8],
    },
    /// `expected descriptor numbers from 0 to 255, such as 1,2`. The places in the descriptor
    /// list are missing or wrong.
    InvalidFdNumbers,
    /// `Expected signal argument`. The signal is missing.
    ExpectedSignalArgument,
    /// `Invalid signal argument`. There is no signal of that name. Names are in capital
    /// letters.
    InvalidSignalArgument,
    /// `Invalid signal number`. Signals are numbered from 1 to 64.
    InvalidSignalNumber,
    /// `Expected action argument`. The action is missing.
    ExpectedAction,
    /// `unknown action "{action}", expected event, shutdown, terminate or forward`. There is
    /// no action of that name.
    UnknownAction {
        /// What the peer sent.
        action: &'a [u8],
    },
    /// `Expected file descriptor name`. The name of the file descriptor is missing.
    ExpectedFileDescriptorName,
    /// `Invalid file descriptor name`. A name has 1 to 31 characters out of `A-Z a-z 0-9 . _
    /// -`.
    InvalidFileDescriptorName,
    /// `the two names must differ`. The two ends of a pipe cannot share a name.
    NamesMustDiffer,
    /// `No such file descriptor`. No file descriptor has that name.
    NoSuchFd,
    /// `File descriptor cannot be altered`. This name belongs to the daemon itself: `null`
    /// and `control.*`.
    FdCannotBeAltered,
    /// `Unable to allocate new file descriptor object`. The pool of file descriptors is full,
    /// or memory is short.
    UnableToAllocateFd,
    /// `missing flags argument`. The flags are missing. `-` stands for the usual ones.
    MissingFlags,
    /// `unknown flag "{flag}"`. There is no flag of that name here.
    UnknownFlag {
        /// What the peer sent.
        flag: &'a [u8],
    },
    /// `missing path argument`. The path is missing or empty.
    MissingPath,
    /// `control character in path`. Bytes below 0x20 are reserved, so a path with one cannot
    /// be named in a command.
    InvalidPath,
    /// `unexpected argument after path`. There is a field after the path. A path that
    /// contains a TAB cannot be named in a command.
    UnexpectedAfterPath,
    /// `expected address argument`. `bind` and `listen` need an address.
    ExpectedAddress,
    /// `invalid address`. The address does not fit the domain of the socket.
    InvalidAddress,
    /// `unexpected argument after address`. There is a field after the address.
    UnexpectedAfterAddress,
    /// `invalid mode, expected mode=0 to mode=0777 together with create`. The mode of a new
    /// file is 0 to 0777, in octal; without `create` no file is made.
    InvalidMode,
    /// `invalid listen queue length`. The length of a listen queue is 1 to 65535.
    InvalidListenQueue,
    /// `No ancillary file descriptor received`. No descriptor was passed along with this
    /// line.
    NoAncillaryFd,
    /// `descriptors can only be passed over a unix socket`. This controller is a config file,
    /// or is connected by something else, such as standard input and output.
    CannotGiveFd,
    /// `cannot pass the descriptor: {reason}`. The operating system could not make a copy of
    /// the descriptor to be passed.
    GiveFd {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `open failed: {reason}`. The operating system could not open the file.
    Open {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `pipe() failed: {reason}`. The operating system could not make the pipe.
    Pipe {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `socketpair() failed: {reason}`. The operating system could not make the pair of
    /// sockets.
    Socketpair {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `socket: {reason}`. The operating system could not make the socket.
    Socket {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `setsockopt: {reason}`. The operating system could not set SO_REUSEADDR.
    Setsockopt {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `bind: {reason}`. The operating system could not bind the socket to its address.
    Bind {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `listen: {reason}`. The operating system could not make the socket listen.
    Listen {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `Invalid options`. The options are missing, or one of them is not known.
    InvalidOptions,
    /// `invalid socket option "{option}"`. The value of this option is not one, or it is
    /// given twice.
    InvalidSocketOption {
        /// What the peer sent.
        option: &'a [u8],
    },
    /// `invalid socket name`. A name has 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
    InvalidSocketName,
    /// `socket name in use`. There is a control socket of that name. Delete it first.
    SocketNameInUse,
    /// `No such socket`. There is no control socket of that name.
    NoSuchSocket,
    /// `too many sockets`. There are 15 control sockets with names.
    TooManySockets,
    /// `Failed to create control socket`. The control socket could not be made; the log says
    /// why.
    FailedToCreateControlSocket,
    /// `Invalid loglevel argument`. The levels are `none trace debug info warning error
    /// fatal`.
    InvalidLogLevel,
    /// `Unknown logging type`. The log can only go to an `fd`.
    UnknownLoggingType,
    /// `chdir failed: {reason}`. The operating system could not change the working directory.
    Chdir {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `an upgrade is under way`. Another connection has asked for an upgrade that is not
    /// decided yet.
    UpgradeUnderWay,
    /// `cannot upgrade: {reason}`. The daemon goes on as it is: the other program cannot be
    /// executed, does not understand the present state, or says nothing.
    Upgrade {
        /// What the operating system says.
        reason: &'a str,
    },
    /// `invalid timeout, must be 1 to 2147483647`. A timeout is out of range.
    InvalidTimeout,
    /// `reset timeout is greater than close timeout`. Events are thrown away before the
    /// connection is closed, not after.
    ResetGreaterThanClose,
    /// `seconds must be 0 to 2147483647`. A time is out of range.
    SecondsOutOfRange,
    /// `exit code must be 0 to 255`. The operating system has no other exit codes.
    ExitCodeOutOfRange,
    /// `terminate guard code required`. The guard is on: the command needs its code.
    GuardCodeRequired,
    /// `incorrect terminate guard code`. The guard is on, with another code.
    IncorrectTerminateGuardCode,
    /// `cannot exit, and exec-on-exit is not configured`. The guard is on, so the daemon may
    /// only leave by becoming another program, and none is set.
    ExecNotConfigured,
    /// `expected + or -`. `+` turns the guard on, `-` turns it off.
    ExpectedPlusOrMinus,
    /// `code cannot be 0`. 0 is not a guard code.
    CodeCannotBeZero,
    /// `terminate guard code is already set`. The guard is on; it can only be turned off.
    GuardAlreadySet,
    /// `terminate guard was not set`. The guard is off.
    GuardNotSet,
    /// `incorrect guard code`. The guard was turned on with another code.
    IncorrectGuardCode,
    /// `exec arguments exceed buffer size`. The program and its arguments do not fit into the
    /// memory set aside for them.
    ExecArgsTooLong,
    /// `control character in exec arguments`. Bytes below 0x20 are reserved.
    InvalidExecArgs,
    /// `shutdown in progress`. An orderly shutdown has begun, and nothing is started any
    /// more.
    ShutdownInProgress,
}

impl Refusal<'_> {
    /// Appends the text. In what it quotes of the peer, control characters become spaces, and what
    /// is longer than 255 bytes is cut.
    pub fn write(&self, out: &mut Vec<u8>) {
        let text = match *self {
            Self::UnknownCommand { name } => {
                out.extend_from_slice(b"Unknown command: ");
                write_field(out, name);
                ""
            }
            Self::LineTooLong => "line too long",
            Self::InvalidTag => "invalid tag",
            Self::ExpectedCommand => "expected a command after the tag",
            Self::NestedTag => "a tagged command cannot have another tag",
            Self::UnexpectedArgument { argument } => {
                out.extend_from_slice(b"unexpected argument \"");
                write_field(out, argument);
                "\""
            }
            Self::ExpectedInteger => "Expected integer",
            Self::ExpectedNonNegativeInteger => "Expected integer of 0 or more",
            Self::InvalidFeatureName => "invalid feature name",
            Self::ExpectedTimerName => "Expected timer name",
            Self::InvalidTimerName => "Invalid timer name",
            Self::InvalidDelay => "invalid delay, expected seconds such as 1.5, or -",
            Self::TooManyTimers => "too many timers, at most 16 for each connection",
            Self::NotPermitted => "command not permitted on this connection",
            Self::ExpectedRights => "expected watch, operate or full",
            Self::UnknownRights { rights } => {
                out.extend_from_slice(b"unknown rights \"");
                write_field(out, rights);
                "\", expected watch, operate or full"
            }
            Self::InvalidPattern { pattern } => {
                out.extend_from_slice(b"invalid pattern \"");
                write_field(out, pattern);
                "\""
            }
            Self::CannotLimitFullRights => "full rights cannot be limited to services",
            Self::TooManyPatterns => "more than 16 patterns",
            Self::ExpectedServiceName => "Expected service name",
            Self::InvalidServiceName => "Invalid service name",
            Self::NoSuchService => "No such service",
            Self::UnableToAllocateService => "Unable to allocate new service",
            Self::UnableToSetArgv => "unable to set argv",
            Self::ExpectedProgram => "Expected program argument",
            Self::InvalidFdName => "invalid fd name",
            Self::UnableToSetFds => "unable to set file descriptors",
            Self::UnableToSetTags => "unable to set tags",
            Self::ExpectedTag => "Expected tag argument",
            Self::InvalidTagChange { change } => {
                out.extend_from_slice(b"invalid tag change \"");
                write_field(out, change);
                "\""
            }
            Self::UnableToSetOptions => "unable to set options",
            Self::AnotherMainService => "another service is the main one",
            Self::ExpectedOption => "Expected option argument",
            Self::InvalidOption { option, expected } => {
                out.extend_from_slice(b"invalid option \"");
                write_field(out, option);
                out.extend_from_slice(b"\", expected ");
                out.extend_from_slice(expected.as_bytes());
                ""
            }
            Self::NoCgroup => "the daemon was started without --cgroup",
            Self::OptionGivenTwice { option } => {
                out.extend_from_slice(b"option \"");
                write_field(out, option);
                "\" is given twice"
            }
            Self::UnableToSetEnvironment => "unable to set environment",
            Self::EnvironmentTooLong => "environment longer than 65535 bytes",
            Self::ExpectedEnvItem => "Expected environment item",
            Self::InvalidEnvItem => {
                "invalid environment item, expected KEY=VALUE, KEY%=VALUE or !KEY, and ! only first"
            }
            Self::InvalidInterval => "invalid interval",
            Self::UnableToSetTriggers => "unable to set auto_up triggers",
            Self::NoArgsConfigured => "no args configured for service",
            Self::InvalidTimestamp => "invalid timestamp",
            Self::ServiceIsNotStartable => "service is not startable",
            Self::NoStartPending => "no service.start pending",
            Self::ServiceIsNotRunning => "service is not running",
            Self::ServiceIsRunning => "service is running",
            Self::ReadyFdInUse => "the descriptor of ready= is in the list",
            Self::NotAwaited => "service does not wait for this",
            Self::UnknownOption { option } => {
                out.extend_from_slice(b"unknown option \"");
                write_field(out, option);
                "\""
            }
            Self::Kill { name, pid, reason } => {
                out.extend_from_slice(b"can't kill ");
                write_field(out, name);
                out.extend_from_slice(b" (pid ");
                write_i64(out, i64::from(pid));
                out.extend_from_slice(b"): ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::LoggerNameTooLong { name } => {
                out.extend_from_slice(b"service name too long: \"");
                write_field(out, name);
                "-log.r\" would pass 31 characters"
            }
            Self::InvalidFdNumbers => "expected descriptor numbers from 0 to 255, such as 1,2",
            Self::ExpectedSignalArgument => "Expected signal argument",
            Self::InvalidSignalArgument => "Invalid signal argument",
            Self::InvalidSignalNumber => "Invalid signal number",
            Self::ExpectedAction => "Expected action argument",
            Self::UnknownAction { action } => {
                out.extend_from_slice(b"unknown action \"");
                write_field(out, action);
                "\", expected event, shutdown, terminate or forward"
            }
            Self::ExpectedFileDescriptorName => "Expected file descriptor name",
            Self::InvalidFileDescriptorName => "Invalid file descriptor name",
            Self::NamesMustDiffer => "the two names must differ",
            Self::NoSuchFd => "No such file descriptor",
            Self::FdCannotBeAltered => "File descriptor cannot be altered",
            Self::UnableToAllocateFd => "Unable to allocate new file descriptor object",
            Self::MissingFlags => "missing flags argument",
            Self::UnknownFlag { flag } => {
                out.extend_from_slice(b"unknown flag \"");
                write_field(out, flag);
                "\""
            }
            Self::MissingPath => "missing path argument",
            Self::InvalidPath => "control character in path",
            Self::UnexpectedAfterPath => "unexpected argument after path",
            Self::ExpectedAddress => "expected address argument",
            Self::InvalidAddress => "invalid address",
            Self::UnexpectedAfterAddress => "unexpected argument after address",
            Self::InvalidMode => "invalid mode, expected mode=0 to mode=0777 together with create",
            Self::InvalidListenQueue => "invalid listen queue length",
            Self::NoAncillaryFd => "No ancillary file descriptor received",
            Self::CannotGiveFd => "descriptors can only be passed over a unix socket",
            Self::GiveFd { reason } => {
                out.extend_from_slice(b"cannot pass the descriptor: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Open { reason } => {
                out.extend_from_slice(b"open failed: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Pipe { reason } => {
                out.extend_from_slice(b"pipe() failed: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Socketpair { reason } => {
                out.extend_from_slice(b"socketpair() failed: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Socket { reason } => {
                out.extend_from_slice(b"socket: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Setsockopt { reason } => {
                out.extend_from_slice(b"setsockopt: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Bind { reason } => {
                out.extend_from_slice(b"bind: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::Listen { reason } => {
                out.extend_from_slice(b"listen: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::InvalidOptions => "Invalid options",
            Self::InvalidSocketOption { option } => {
                out.extend_from_slice(b"invalid socket option \"");
                write_field(out, option);
                "\""
            }
            Self::InvalidSocketName => "invalid socket name",
            Self::SocketNameInUse => "socket name in use",
            Self::NoSuchSocket => "No such socket",
            Self::TooManySockets => "too many sockets",
            Self::FailedToCreateControlSocket => "Failed to create control socket",
            Self::InvalidLogLevel => "Invalid loglevel argument",
            Self::UnknownLoggingType => "Unknown logging type",
            Self::Chdir { reason } => {
                out.extend_from_slice(b"chdir failed: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::UpgradeUnderWay => "an upgrade is under way",
            Self::Upgrade { reason } => {
                out.extend_from_slice(b"cannot upgrade: ");
                out.extend_from_slice(reason.as_bytes());
                ""
            }
            Self::InvalidTimeout => "invalid timeout, must be 1 to 2147483647",
            Self::ResetGreaterThanClose => "reset timeout is greater than close timeout",
            Self::SecondsOutOfRange => "seconds must be 0 to 2147483647",
            Self::ExitCodeOutOfRange => "exit code must be 0 to 255",
            Self::GuardCodeRequired => "terminate guard code required",
            Self::IncorrectTerminateGuardCode => "incorrect terminate guard code",
            Self::ExecNotConfigured => "cannot exit, and exec-on-exit is not configured",
            Self::ExpectedPlusOrMinus => "expected + or -",
            Self::CodeCannotBeZero => "code cannot be 0",
            Self::GuardAlreadySet => "terminate guard code is already set",
            Self::GuardNotSet => "terminate guard was not set",
            Self::IncorrectGuardCode => "incorrect guard code",
            Self::ExecArgsTooLong => "exec arguments exceed buffer size",
            Self::InvalidExecArgs => "control character in exec arguments",
            Self::ShutdownInProgress => "shutdown in progress",
        };
        out.extend_from_slice(text.as_bytes());
    }

    /// Its name in the grammar, such as `NoSuchService`. Names stay, while texts may be improved.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::UnknownCommand { .. } => "UnknownCommand",
            Self::LineTooLong => "LineTooLong",
            Self::InvalidTag => "InvalidTag",
            Self::ExpectedCommand => "ExpectedCommand",
            Self::NestedTag => "NestedTag",
            Self::UnexpectedArgument { .. } => "UnexpectedArgument",
            Self::ExpectedInteger => "ExpectedInteger",
            Self::ExpectedNonNegativeInteger => "ExpectedNonNegativeInteger",
            Self::InvalidFeatureName => "InvalidFeatureName",
            Self::ExpectedTimerName => "ExpectedTimerName",
            Self::InvalidTimerName => "InvalidTimerName",
            Self::InvalidDelay => "InvalidDelay",
            Self::TooManyTimers => "TooManyTimers",
            Self::NotPermitted => "NotPermitted",
            Self::ExpectedRights => "ExpectedRights",
            Self::UnknownRights { .. } => "UnknownRights",
            Self::InvalidPattern { .. } => "InvalidPattern",
            Self::CannotLimitFullRights => "CannotLimitFullRights",
            Self::TooManyPatterns => "TooManyPatterns",
            Self::ExpectedServiceName => "ExpectedServiceName",
            Self::InvalidServiceName => "InvalidServiceName",
            Self::NoSuchService => "NoSuchService",
            Self::UnableToAllocateService => "UnableToAllocateService",
            Self::UnableToSetArgv => "UnableToSetArgv",
            Self::ExpectedProgram => "ExpectedProgram",
            Self::InvalidFdName => "InvalidFdName",
            Self::UnableToSetFds => "UnableToSetFds",
            Self::UnableToSetTags => "UnableToSetTags",
            Self::ExpectedTag => "ExpectedTag",
            Self::InvalidTagChange { .. } => "InvalidTagChange",
            Self::UnableToSetOptions => "UnableToSetOptions",
            Self::AnotherMainService => "AnotherMainService",
            Self::ExpectedOption => "ExpectedOption",
            Self::InvalidOption { .. } => "InvalidOption",
            Self::NoCgroup => "NoCgroup",
            Self::OptionGivenTwice { .. } => "OptionGivenTwice",
            Self::UnableToSetEnvironment => "UnableToSetEnvironment",
            Self::EnvironmentTooLong => "EnvironmentTooLong",
            Self::ExpectedEnvItem => "ExpectedEnvItem",
            Self::InvalidEnvItem => "InvalidEnvItem",
            Self::InvalidInterval => "InvalidInterval",
            Self::UnableToSetTriggers => "UnableToSetTriggers",
            Self::NoArgsConfigured => "NoArgsConfigured",
            Self::InvalidTimestamp => "InvalidTimestamp",
            Self::ServiceIsNotStartable => "ServiceIsNotStartable",
            Self::NoStartPending => "NoStartPending",
            Self::ServiceIsNotRunning => "ServiceIsNotRunning",
            Self::ServiceIsRunning => "ServiceIsRunning",
            Self::ReadyFdInUse => "ReadyFdInUse",
            Self::NotAwaited => "NotAwaited",
            Self::UnknownOption { .. } => "UnknownOption",
            Self::Kill { .. } => "Kill",
            Self::LoggerNameTooLong { .. } => "LoggerNameTooLong",
            Self::InvalidFdNumbers => "InvalidFdNumbers",
            Self::ExpectedSignalArgument => "ExpectedSignalArgument",
            Self::InvalidSignalArgument => "InvalidSignalArgument",
            Self::InvalidSignalNumber => "InvalidSignalNumber",
            Self::ExpectedAction => "ExpectedAction",
            Self::UnknownAction { .. } => "UnknownAction",
            Self::ExpectedFileDescriptorName => "ExpectedFileDescriptorName",
            Self::InvalidFileDescriptorName => "InvalidFileDescriptorName",
            Self::NamesMustDiffer => "NamesMustDiffer",
            Self::NoSuchFd => "NoSuchFd",
            Self::FdCannotBeAltered => "FdCannotBeAltered",
            Self::UnableToAllocateFd => "UnableToAllocateFd",
            Self::MissingFlags => "MissingFlags",
            Self::UnknownFlag { .. } => "UnknownFlag",
            Self::MissingPath => "MissingPath",
            Self::InvalidPath => "InvalidPath",
            Self::UnexpectedAfterPath => "UnexpectedAfterPath",
            Self::ExpectedAddress => "ExpectedAddress",
            Self::InvalidAddress => "InvalidAddress",
            Self::UnexpectedAfterAddress => "UnexpectedAfterAddress",
            Self::InvalidMode => "InvalidMode",
            Self::InvalidListenQueue => "InvalidListenQueue",
            Self::NoAncillaryFd => "NoAncillaryFd",
            Self::CannotGiveFd => "CannotGiveFd",
            Self::GiveFd { .. } => "GiveFd",
            Self::Open { .. } => "Open",
            Self::Pipe { .. } => "Pipe",
            Self::Socketpair { .. } => "Socketpair",
            Self::Socket { .. } => "Socket",
            Self::Setsockopt { .. } => "Setsockopt",
            Self::Bind { .. } => "Bind",
            Self::Listen { .. } => "Listen",
            Self::InvalidOptions => "InvalidOptions",
            Self::InvalidSocketOption { .. } => "InvalidSocketOption",
            Self::InvalidSocketName => "InvalidSocketName",
            Self::SocketNameInUse => "SocketNameInUse",
            Self::NoSuchSocket => "NoSuchSocket",
            Self::TooManySockets => "TooManySockets",
            Self::FailedToCreateControlSocket => "FailedToCreateControlSocket",
            Self::InvalidLogLevel => "InvalidLogLevel",
            Self::UnknownLoggingType => "UnknownLoggingType",
            Self::Chdir { .. } => "Chdir",
            Self::UpgradeUnderWay => "UpgradeUnderWay",
            Self::Upgrade { .. } => "Upgrade",
            Self::InvalidTimeout => "InvalidTimeout",
            Self::ResetGreaterThanClose => "ResetGreaterThanClose",
            Self::SecondsOutOfRange => "SecondsOutOfRange",
            Self::ExitCodeOutOfRange => "ExitCodeOutOfRange",
            Self::GuardCodeRequired => "GuardCodeRequired",
            Self::IncorrectTerminateGuardCode => "IncorrectTerminateGuardCode",
            Self::ExecNotConfigured => "ExecNotConfigured",
            Self::ExpectedPlusOrMinus => "ExpectedPlusOrMinus",
            Self::CodeCannotBeZero => "CodeCannotBeZero",
            Self::GuardAlreadySet => "GuardAlreadySet",
            Self::GuardNotSet => "GuardNotSet",
            Self::IncorrectGuardCode => "IncorrectGuardCode",
            Self::ExecArgsTooLong => "ExecArgsTooLong",
            Self::InvalidExecArgs => "InvalidExecArgs",
            Self::ShutdownInProgress => "ShutdownInProgress",
        }
    }

    /// Whether the text stands alone in an error event, without the command.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        matches!(self, Self::UnknownCommand { .. } | Self::LineTooLong)
    }
}
