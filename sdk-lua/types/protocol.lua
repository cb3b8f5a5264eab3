---@meta _
-- Generated from grammar.toml by `cargo run -p daemonproxy-codegen`. Do not edit.
--
-- The events of the protocol, and its commands as methods.

---@class daemonproxy.Event
---@field event string its name

--- What an error is called with which the daemon refuses a command.
---@alias daemonproxy.ErrorName
---| "UnknownCommand"
---| "LineTooLong"
---| "InvalidTag"
---| "ExpectedCommand"
---| "NestedTag"
---| "UnexpectedArgument"
---| "ExpectedInteger"
---| "ExpectedNonNegativeInteger"
---| "InvalidFeatureName"
---| "ExpectedTimerName"
---| "InvalidTimerName"
---| "InvalidDelay"
---| "TooManyTimers"
---| "NotPermitted"
---| "ExpectedRights"
---| "UnknownRights"
---| "InvalidPattern"
---| "CannotLimitFullRights"
---| "TooManyPatterns"
---| "ExpectedServiceName"
---| "InvalidServiceName"
---| "NoSuchService"
---| "UnableToAllocateService"
---| "UnableToSetArgv"
---| "ExpectedProgram"
---| "InvalidFdName"
---| "UnableToSetFds"
---| "UnableToSetTags"
---| "ExpectedTag"
---| "InvalidTagChange"
---| "UnableToSetOptions"
---| "AnotherMainService"
---| "ExpectedOption"
---| "InvalidOption"
---| "NoCgroup"
---| "OptionGivenTwice"
---| "UnableToSetEnvironment"
---| "EnvironmentTooLong"
---| "ExpectedEnvItem"
---| "InvalidEnvItem"
---| "InvalidInterval"
---| "UnableToSetTriggers"
---| "NoArgsConfigured"
---| "InvalidTimestamp"
---| "ServiceIsNotStartable"
---| "NoStartPending"
---| "ServiceIsNotRunning"
---| "ServiceIsRunning"
---| "ReadyFdInUse"
---| "NotAwaited"
---| "UnknownOption"
---| "Kill"
---| "LoggerNameTooLong"
---| "InvalidFdNumbers"
---| "ExpectedSignalArgument"
---| "InvalidSignalArgument"
---| "InvalidSignalNumber"
---| "ExpectedAction"
---| "UnknownAction"
---| "ExpectedFileDescriptorName"
---| "InvalidFileDescriptorName"
---| "NamesMustDiffer"
---| "NoSuchFd"
---| "FdCannotBeAltered"
---| "UnableToAllocateFd"
---| "MissingFlags"
---| "UnknownFlag"
---| "MissingPath"
---| "InvalidPath"
---| "UnexpectedAfterPath"
---| "ExpectedAddress"
---| "InvalidAddress"
---| "UnexpectedAfterAddress"
---| "InvalidMode"
---| "InvalidListenQueue"
---| "NoAncillaryFd"
---| "CannotGiveFd"
---| "GiveFd"
---| "Open"
---| "Pipe"
---| "Socketpair"
---| "Socket"
---| "Setsockopt"
---| "Bind"
---| "Listen"
---| "InvalidOptions"
---| "InvalidSocketOption"
---| "InvalidSocketName"
---| "SocketNameInUse"
---| "NoSuchSocket"
---| "TooManySockets"
---| "FailedToCreateControlSocket"
---| "InvalidLogLevel"
---| "UnknownLoggingType"
---| "Chdir"
---| "UpgradeUnderWay"
---| "Upgrade"
---| "InvalidTimeout"
---| "ResetGreaterThanClose"
---| "SecondsOutOfRange"
---| "ExitCodeOutOfRange"
---| "GuardCodeRequired"
---| "IncorrectTerminateGuardCode"
---| "ExecNotConfigured"
---| "ExpectedPlusOrMinus"
---| "CodeCannotBeZero"
---| "GuardAlreadySet"
---| "GuardNotSet"
---| "IncorrectGuardCode"
---| "ExecArgsTooLong"
---| "InvalidExecArgs"
---| "ShutdownInProgress"

--- What is known of a run of a service; nil is what is not known, or not so. Moments are seconds of
--- CLOCK_MONOTONIC. A daemon to come may know more.
---@class daemonproxy.Facts
---@field ["starts"] integer? How often the service has been started since it exists, this run included.
---@field ["why"] string? What started it: `order`, a command; or the trigger that held, as `service.auto_up` has it: `always`, a signal, or conditions joined by commas. `condition`: one with conditions that is too long for here, or that the service does not have any more.
---@field ["pid"] integer? The process id that it has, or had.
---@field ["start"] number? When its process was made.
---@field ["exec"] number? When the daemon learned that the process has become its program. Without it and without `failed` that is not known yet, or the process ended before.
---@field ["ready"] number? Since when it is ready: when it said so in the way of its option `ready=`; without that, when it became its program.
---@field ["failed"] daemonproxy.Failure? Why it could not become its program: the stage of the start that failed (`fds`: its descriptors or its connection as a controller; `exec`: execve(2)), and the error number, as in errno(3).
---@field ["stop"] number? When the daemon began to stop it.
---@field ["late"] string? Why the daemon stops it by itself: something was not said in time. `ready`: that it is ready (`ready_within=`); `watchdog`: that it is alive (`watchdog=`), or it said that it is not; `deadman`: that it may go on (`deadman=`).
---@field ["killed"] true? The stop needed SIGKILL: something of the service was still there at the end of its time.
---@field ["end"] number? When its end was noticed.
---@field ["exit"] integer? The status with which it exited.
---@field ["signal"] string? The signal that ended it.
---@field ["core"] true? It dumped core.
---@field ["success"] true? Its end is a success, although it is not exit status 0: it was told to stop and ended by that signal, or the option `success=` says so.
---@field ["left"] integer? How many processes of its group, or of its session, were still there a moment after its main process had ended without being stopped; or when somebody last asked for a dump; 9999 for any more. A shutdown stops them, and so does `service.stop`.
---@field ["cpu"] number? The processor time that it and those of its children that it has waited for have used, user and system together. Told once, with the end of the run.
---@field ["maxrss"] integer? The most memory that one of them ever had resident (getrusage(2)). What the daemon has resident counts, too, as the child begins as a copy of it. Told once, with the end of the run. (kB)
---@field ["stale"] true? What the service is started with, such as its arguments or descriptors, has changed since this run was started.
---@field ["held"] true? It was stopped by `service.stop`, or since nobody vouched for it (`deadman=`), or given up: no trigger starts it.
---@field ["gaveup"] true? Its triggers started it too often (the option `giveup=`), and it is held for that.
---@field ["failures"] integer? How many of its last runs in a row were short, if it has the option `backoff=`.
---@field ["retry"] integer? No process could be made for the start that is pending, with this error number, as in errno(3); it is tried again.
---@field ["next"] number? When it will be started: a start is pending, or follows the stop that is under way.
---@field ["status"] string? What it said last of how it is, by `STATUS=` of sd_notify(3): at most 128 bytes, or fewer if the line would be longer than the shortest that a line may be, with `?` for control characters. It is told at most once a second, and with everything else that is new.

--- A step of a start that failed, and why, as in errno(3).
---@class daemonproxy.Failure
---@field stage string
---@field errno integer

--- A service starts, runs, has ended, or is forgotten.
---@class daemonproxy.ServiceStateEvent: daemonproxy.Event
---@field event "service.state"
---@field name string
---@field state daemonproxy.State
---@field timestamp integer? when it is to start, was started, or its end was noticed (seconds, CLOCK_MONOTONIC)
---@field pid integer? its process, also of a service that has ended
---@field exit integer? the status with which it exited
---@field signal string? the signal that killed it, such as "SIGTERM"
---@field uptime integer? for how long it has been running, or ran (seconds)
---@field downtime integer? for how long it has been down (seconds)

---@class daemonproxy.ServiceStateFilter
---@field name (string|daemonproxy.Service)?
---@field state daemonproxy.State?
---@field timestamp integer?
---@field pid integer?
---@field exit integer?
---@field signal (string|integer)?
---@field uptime integer?
---@field downtime integer?

--- What is known of the run of a service that goes on, or else of its last one; only for connections that want it (`conn.features` with `runs`). It follows each `service.state` but `deleted`, and comes again when a fact changes. RUN counts all starts of the daemon from 1 and never goes back: another process may get the same pid, but not the same RUN. 0: the service never ran.
---@class daemonproxy.ServiceRunEvent: daemonproxy.Event
---@field event "service.run"
---@field name string
---@field run integer
---@field facts daemonproxy.Facts

---@class daemonproxy.ServiceRunFilter
---@field name (string|daemonproxy.Service)?
---@field run (integer)?

--- The tags of a service.
---@class daemonproxy.ServiceTagsEvent: daemonproxy.Event
---@field event "service.tags"
---@field name string
---@field tags string[]

---@class daemonproxy.ServiceTagsFilter
---@field name (string|daemonproxy.Service)?
---@field tags (string)?

--- The argument list of a service.
---@class daemonproxy.ServiceArgsEvent: daemonproxy.Event
---@field event "service.args"
---@field name string
---@field args string[]

---@class daemonproxy.ServiceArgsFilter
---@field name (string|daemonproxy.Service)?
---@field args (string|number)?

--- The descriptor list of a service.
---@class daemonproxy.ServiceFdsEvent: daemonproxy.Event
---@field event "service.fds"
---@field name string
---@field fds string[]

---@class daemonproxy.ServiceFdsFilter
---@field name (string|daemonproxy.Service)?
---@field fds (string)?

--- The options of a service. Only connections with the feature `settings` hear of it, and whoever has set them.
---@class daemonproxy.ServiceOptionsEvent: daemonproxy.Event
---@field event "service.options"
---@field name string
---@field options string[]

---@class daemonproxy.ServiceOptionsFilter
---@field name (string|daemonproxy.Service)?
---@field options (string)?

--- The environment of a service, as far as it was set. Only connections with the feature `settings` hear of it, and whoever has set it. One that is longer than a line goes on in events `service.env.apply`.
---@class daemonproxy.ServiceEnvEvent: daemonproxy.Event
---@field event "service.env"
---@field name string
---@field env string[]

---@class daemonproxy.ServiceEnvFilter
---@field name (string|daemonproxy.Service)?
---@field env (string)?

--- More of the environment of a service, to be added to what was told before.
---@class daemonproxy.ServiceEnvApplyEvent: daemonproxy.Event
---@field event "service.env.apply"
---@field name string
---@field apply string[]

---@class daemonproxy.ServiceEnvApplyFilter
---@field name (string|daemonproxy.Service)?
---@field apply (string)?

--- The environment of every service, in the same way.
---@class daemonproxy.EnvEvent: daemonproxy.Event
---@field event "env"
---@field env string[]

---@class daemonproxy.EnvFilter
---@field env (string)?

--- More of that.
---@class daemonproxy.EnvApplyEvent: daemonproxy.Event
---@field event "env.apply"
---@field apply string[]

---@class daemonproxy.EnvApplyFilter
---@field apply (string)?

--- When a service starts by itself.
---@class daemonproxy.ServiceAutoUpEvent: daemonproxy.Event
---@field event "service.auto_up"
---@field name string
---@field interval integer?
---@field triggers string[]

---@class daemonproxy.ServiceAutoUpFilter
---@field name (string|daemonproxy.Service)?
---@field interval (integer)?
---@field triggers (string)?

--- A file descriptor was made, or is gone.
---@class daemonproxy.FdStateEvent: daemonproxy.Event
---@field event "fd.state"
---@field name string
---@field type string "file", "pipe", "socket", "special", "deleted", or a future one
---@field flags string? how it was made, with commas between
---@field description string? a path, an address, or the name of the other end

---@class daemonproxy.FdStateFilter
---@field name (string|daemonproxy.Fd)?
---@field type string?
---@field flags string?
---@field description string?

--- The answer to `fd.give`: what comes with this line is that file descriptor.
---@class daemonproxy.FdGiveEvent: daemonproxy.Event
---@field event "fd.give"
---@field name string
---@field type string "file", "pipe", "socket", "special", "deleted", or a future one
---@field flags string? how it was made, with commas between
---@field description string? a path, an address, or the name of the other end

---@class daemonproxy.FdGiveFilter
---@field name (string|daemonproxy.Fd)?
---@field type string?
---@field flags string?
---@field description string?

--- The daemon got a signal: which, when, and how many are pending now.
---@class daemonproxy.SignalEvent: daemonproxy.Event
---@field event "signal"
---@field signal string
---@field at integer
---@field count integer

---@class daemonproxy.SignalFilter
---@field signal (string|integer)? with or without SIG
---@field at (integer)?
---@field count (integer)?

--- The log filter, as an answer to `log.filter`. Connections with the feature `settings` hear of it as well, when it changes and in a dump.
---@class daemonproxy.LogFilterEvent: daemonproxy.Event
---@field event "log.filter"
---@field level "none"|"trace"|"debug"|"info"|"warning"|"error"|"fatal"

---@class daemonproxy.LogFilterFilter
---@field level ("none"|"trace"|"debug"|"info"|"warning"|"error"|"fatal")?

--- Where the log goes. This event and the next five are the daemon's own settings, as the commands that set them; only connections with the feature `settings` hear of them.
---@class daemonproxy.LogDestEvent: daemonproxy.Event
---@field event "log.dest"
---@field type "fd"
---@field fd string

---@class daemonproxy.LogDestFilter
---@field type ("fd")?
---@field fd (string|daemonproxy.Fd)?

--- The program that the daemon becomes when it leaves.
---@class daemonproxy.TerminateExecArgsEvent: daemonproxy.Event
---@field event "terminate.exec_args"
---@field args string[]

---@class daemonproxy.TerminateExecArgsFilter
---@field args (string|number)?

--- What a signal does that nobody listens for.
---@class daemonproxy.SignalDefaultEvent: daemonproxy.Event
---@field event "signal.default"
---@field signal string
---@field action "event"|"shutdown"|"terminate"|"forward"

---@class daemonproxy.SignalDefaultFilter
---@field signal (string|integer)? with or without SIG
---@field action ("event"|"shutdown"|"terminate"|"forward")?

--- The working directory of the daemon. One that no command could name is not told: it has a control character, or is too long for a line.
---@class daemonproxy.ChdirEvent: daemonproxy.Event
---@field event "chdir"
---@field path string

---@class daemonproxy.ChdirFilter
---@field path (string)?

--- A control socket, with its options and its path; a relative one is told as an absolute one, unless that is too long for a socket or a line.
---@class daemonproxy.SocketCreateEvent: daemonproxy.Event
---@field event "socket.create"
---@field options string
---@field path string

---@class daemonproxy.SocketCreateFilter
---@field options (string)?
---@field path (string)?

--- That control socket is gone, or the one without a name.
---@class daemonproxy.SocketDeleteEvent: daemonproxy.Event
---@field event "socket.delete"
---@field name string?

---@class daemonproxy.SocketDeleteFilter
---@field name (string)?

--- Something that a person may like to know.
---@class daemonproxy.InfoEvent: daemonproxy.Event
---@field event "info"
---@field text string

---@class daemonproxy.InfoFilter
---@field text (string)?

--- A command was carried out, but something about it is odd.
---@class daemonproxy.WarningEvent: daemonproxy.Event
---@field event "warning"
---@field text string

---@class daemonproxy.WarningFilter
---@field text (string)?

--- A command could not be carried out, or a service could not be started.
---@class daemonproxy.ErrorEvent: daemonproxy.Event
---@field event "error"
---@field text string

---@class daemonproxy.ErrorFilter
---@field text (string)?

--- This controller was too slow and has missed events. It should ask for a `statedump`.
---@class daemonproxy.OverflowEvent: daemonproxy.Event
---@field event "overflow"

---@class daemonproxy.OverflowFilter

--- The features of this connection that are in force: the answer to the command of the same name.
---@class daemonproxy.ConnFeaturesEvent: daemonproxy.Event
---@field event "conn.features"
---@field features string[]

---@class daemonproxy.ConnFeaturesFilter
---@field features (string)?

--- A timer of this connection has run out.
---@class daemonproxy.ConnTimerEvent: daemonproxy.Event
---@field event "conn.timer"
---@field name string

---@class daemonproxy.ConnTimerFilter
---@field name (string)?

--- A connection, as an answer to `conn.list`: the number that it has in the log, where it comes from, user, group and process of whoever connected, what it may do, and its features. The number of one that has gone is used again.
---@class daemonproxy.ConnStateEvent: daemonproxy.Event
---@field event "conn.state"
---@field id integer
---@field kind string
---@field uid integer?
---@field gid integer?
---@field pid integer?
---@field rights string
---@field features string[]

---@class daemonproxy.ConnStateFilter
---@field id (integer)?
---@field kind (string)?
---@field uid (integer?)?
---@field gid (integer?)?
---@field pid (integer?)?
---@field rights (string)?
---@field features (string)?

--- The end of the answer to a tagged command (`@TAG`, a TAB, and the command): it comes after everything else that the command has to say to this connection. With ERROR and TEXT the command was refused, and nothing has changed. A `statedump` is done after its last line, a `service.start` when it is accepted.
---@class daemonproxy.DoneEvent: daemonproxy.Event
---@field event "done"
---@field tag string
---@field error daemonproxy.ErrorName?
---@field text string?

---@class daemonproxy.DoneFilter
---@field tag (string)?
---@field error (daemonproxy.ErrorName)?
---@field text (string)?

--- How far an orderly shutdown has got, and how many services are not gone yet: their main process, or others of its process group, are still there.
---@class daemonproxy.TerminateStateEvent: daemonproxy.Event
---@field event "terminate.state"
---@field phase "stopping"|"killing"|"flushing"
---@field remaining integer

---@class daemonproxy.TerminateStateFilter
---@field phase ("stopping"|"killing"|"flushing")?
---@field remaining (integer)?

---@class daemonproxy.Module
local Module = {}

--- Calls a function for each such event, in a coroutine of its own. Functions are called in the order in which they
--- were given; one that returns `false` keeps the event from those after it.
---@param event "*"|"resynced" the name of an event, or "*" for all
---@param fn fun(event: daemonproxy.Event): boolean?
---@return daemonproxy.Handler
---@overload fun(event: "service.state", fn: fun(event: daemonproxy.ServiceStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.state", filter: daemonproxy.ServiceStateFilter, fn: fun(event: daemonproxy.ServiceStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.run", fn: fun(event: daemonproxy.ServiceRunEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.run", filter: daemonproxy.ServiceRunFilter, fn: fun(event: daemonproxy.ServiceRunEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.tags", fn: fun(event: daemonproxy.ServiceTagsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.tags", filter: daemonproxy.ServiceTagsFilter, fn: fun(event: daemonproxy.ServiceTagsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.args", fn: fun(event: daemonproxy.ServiceArgsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.args", filter: daemonproxy.ServiceArgsFilter, fn: fun(event: daemonproxy.ServiceArgsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.fds", fn: fun(event: daemonproxy.ServiceFdsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.fds", filter: daemonproxy.ServiceFdsFilter, fn: fun(event: daemonproxy.ServiceFdsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.options", fn: fun(event: daemonproxy.ServiceOptionsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.options", filter: daemonproxy.ServiceOptionsFilter, fn: fun(event: daemonproxy.ServiceOptionsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.env", fn: fun(event: daemonproxy.ServiceEnvEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.env", filter: daemonproxy.ServiceEnvFilter, fn: fun(event: daemonproxy.ServiceEnvEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.env.apply", fn: fun(event: daemonproxy.ServiceEnvApplyEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.env.apply", filter: daemonproxy.ServiceEnvApplyFilter, fn: fun(event: daemonproxy.ServiceEnvApplyEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "env", fn: fun(event: daemonproxy.EnvEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "env", filter: daemonproxy.EnvFilter, fn: fun(event: daemonproxy.EnvEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "env.apply", fn: fun(event: daemonproxy.EnvApplyEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "env.apply", filter: daemonproxy.EnvApplyFilter, fn: fun(event: daemonproxy.EnvApplyEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.auto_up", fn: fun(event: daemonproxy.ServiceAutoUpEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "service.auto_up", filter: daemonproxy.ServiceAutoUpFilter, fn: fun(event: daemonproxy.ServiceAutoUpEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "fd.state", fn: fun(event: daemonproxy.FdStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "fd.state", filter: daemonproxy.FdStateFilter, fn: fun(event: daemonproxy.FdStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "fd.give", fn: fun(event: daemonproxy.FdGiveEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "fd.give", filter: daemonproxy.FdGiveFilter, fn: fun(event: daemonproxy.FdGiveEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "signal", fn: fun(event: daemonproxy.SignalEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "signal", filter: daemonproxy.SignalFilter, fn: fun(event: daemonproxy.SignalEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "log.filter", fn: fun(event: daemonproxy.LogFilterEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "log.filter", filter: daemonproxy.LogFilterFilter, fn: fun(event: daemonproxy.LogFilterEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "log.dest", fn: fun(event: daemonproxy.LogDestEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "log.dest", filter: daemonproxy.LogDestFilter, fn: fun(event: daemonproxy.LogDestEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "terminate.exec_args", fn: fun(event: daemonproxy.TerminateExecArgsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "terminate.exec_args", filter: daemonproxy.TerminateExecArgsFilter, fn: fun(event: daemonproxy.TerminateExecArgsEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "signal.default", fn: fun(event: daemonproxy.SignalDefaultEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "signal.default", filter: daemonproxy.SignalDefaultFilter, fn: fun(event: daemonproxy.SignalDefaultEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "chdir", fn: fun(event: daemonproxy.ChdirEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "chdir", filter: daemonproxy.ChdirFilter, fn: fun(event: daemonproxy.ChdirEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "socket.create", fn: fun(event: daemonproxy.SocketCreateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "socket.create", filter: daemonproxy.SocketCreateFilter, fn: fun(event: daemonproxy.SocketCreateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "socket.delete", fn: fun(event: daemonproxy.SocketDeleteEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "socket.delete", filter: daemonproxy.SocketDeleteFilter, fn: fun(event: daemonproxy.SocketDeleteEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "info", fn: fun(event: daemonproxy.InfoEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "info", filter: daemonproxy.InfoFilter, fn: fun(event: daemonproxy.InfoEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "warning", fn: fun(event: daemonproxy.WarningEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "warning", filter: daemonproxy.WarningFilter, fn: fun(event: daemonproxy.WarningEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "error", fn: fun(event: daemonproxy.ErrorEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "error", filter: daemonproxy.ErrorFilter, fn: fun(event: daemonproxy.ErrorEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "overflow", fn: fun(event: daemonproxy.OverflowEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "overflow", filter: daemonproxy.OverflowFilter, fn: fun(event: daemonproxy.OverflowEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.features", fn: fun(event: daemonproxy.ConnFeaturesEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.features", filter: daemonproxy.ConnFeaturesFilter, fn: fun(event: daemonproxy.ConnFeaturesEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.timer", fn: fun(event: daemonproxy.ConnTimerEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.timer", filter: daemonproxy.ConnTimerFilter, fn: fun(event: daemonproxy.ConnTimerEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.state", fn: fun(event: daemonproxy.ConnStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "conn.state", filter: daemonproxy.ConnStateFilter, fn: fun(event: daemonproxy.ConnStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "done", fn: fun(event: daemonproxy.DoneEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "done", filter: daemonproxy.DoneFilter, fn: fun(event: daemonproxy.DoneEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "terminate.state", fn: fun(event: daemonproxy.TerminateStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "terminate.state", filter: daemonproxy.TerminateStateFilter, fn: fun(event: daemonproxy.TerminateStateEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "refused", fn: fun(event: daemonproxy.RefusedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "refused", filter: table<string, string>, fn: fun(event: daemonproxy.RefusedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "malformed", fn: fun(event: daemonproxy.MalformedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "malformed", filter: table<string, string>, fn: fun(event: daemonproxy.MalformedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "echo", fn: fun(event: daemonproxy.EchoEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "echo", filter: table<string, string>, fn: fun(event: daemonproxy.EchoEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "closed", fn: fun(event: daemonproxy.ClosedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "closed", filter: table<string, string>, fn: fun(event: daemonproxy.ClosedEvent): boolean?): daemonproxy.Handler
---@overload fun(event: "*", filter: table<string, any>, fn: fun(event: daemonproxy.Event): boolean?): daemonproxy.Handler
function Module.on(event, fn) end

---@class daemonproxy.Service
local Service = {}

--- Starts the service whenever one of the triggers holds, but never sooner than INTERVAL seconds after its last start. Without a trigger this is off. An INTERVAL of `-` with triggers keeps the one set before, or 5 if there was none. Takes effect at once.
---
--- Command `service.auto_up`.
---@param interval? integer Seconds, 1 or more, or `-` for what was set before.
---@param ... string|(string)[] A condition, or several joined by commas, all of which must hold. `always`; a signal: its pending count is above 0 (a real-time signal is refused, for the daemon receives none); `once`: the service never ran; `failure`, `success`: how its last run ended; `ready:NAME`, `up:NAME`: that service runs and is ready, or runs; `down:NAME`: it exists and has no process; `done:NAME`: it has no process, and its last run was a success; `fd:NAME`: that descriptor is readable. A name that does not exist satisfies none. Of protocol 1 are `always` and signals, one at a time.
---@return daemonproxy.Service
function Service:auto_up(interval, ...) end

--- Starts the service now, or at that second of CLOCK_MONOTONIC; `-` cancels a start that is pending. A time of up to 100000 seconds ago means now. It is done before the next command is read. While the service is being stopped, it is started when the stop is over. It ends a hold.
---
--- Command `service.start`.
---@param at? integer|"-" A second of CLOCK_MONOTONIC, or `-` to cancel a start that is pending. Absent: now.
---@return daemonproxy.Service
function Service:start(at) end

--- Ends the service in good order, and holds it: until `service.start`, `service.restart` or `service.release`, no trigger starts it. Its main process gets SIGTERM, or what the option `stop=` says, and SIGCONT; when that has ended and others of its process group are left, they get the same; AFTER seconds (10, or what the option `stop_after=` says) after the command, whatever is left gets SIGKILL. The stop is over when nothing is left: until then the service is not started again, and cannot be deleted. A service that is not running is only held, and a start that is pending is cancelled. A second stop can only shorten the time of the first.
---
--- Command `service.stop`, protocol 2.
---@param after? number Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the default.
---@return daemonproxy.Service
function Service:stop(after) end

--- Stops the service as `service.stop` does, and starts it again as soon as nothing of it is left, whatever the interval of its triggers. One that is not running is started at once. It ends a hold. Of a stop, a start and a restart, the latest decides what follows.
---
--- Command `service.restart`, protocol 2.
---@param after? number Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the default.
---@return daemonproxy.Service
function Service:restart(after) end

--- Ends the hold of a service that was stopped, without starting it: its triggers may do that.
---
--- Command `service.release`, protocol 2.
---@return daemonproxy.Service
function Service:release() end

--- Asks the service to read its configuration again, if it is running: sends SIGHUP to its main process, or what the option `reload=` says.
---
--- Command `service.reload`, protocol 2.
---@return daemonproxy.Service
function Service:reload() end

--- Says for a service with the option `ready=control` that it is ready. Once is enough: said again, it changes nothing.
---
--- Command `service.ready`, protocol 2.
---@return daemonproxy.Service
function Service:ready() end

--- Vouches for a service that runs and has the option `deadman=`: its time begins again.
---
--- Command `service.deadman`, protocol 2.
---@return daemonproxy.Service
function Service:deadman() end

--- Sends a signal to the service, if it is running; with `group`, to its whole process group.
---
--- Command `service.signal`.
---@param signal string|integer A signal by name, with or without `SIG`, or by number (1 to 64). Events always write `SIGNAME`.
---@param group? "group" The word `group`, which means the whole process group of the service.
---@return daemonproxy.Service
function Service:signal(signal, group) end

--- Forgets the service, if it is not running and not being stopped.
---
--- Command `service.delete`.
---@return daemonproxy.Service
function Service:delete() end

--- Changes single tags and leaves the others as they are, all in one step, so that two controllers do not overwrite each other. `KEY=VALUE` or `TAG` sets or replaces, `-KEY` removes.
---
--- Command `service.tags.apply`, protocol 2.
---@param ... string|table<integer|string, string|number|boolean> `KEY=VALUE` or `TAG` sets that tag, or replaces the one with the same KEY; `-KEY` removes it.
---@return daemonproxy.Service
function Service:tags_apply(...) end

--- Sets the options of a service: all of them, in place of those it had. They apply from its next start on, unless it is said otherwise; see the list of options. A user or group that does not exist now only causes a warning.
---
--- Command `service.options`, protocol 2.
---@param ... string|table<integer|string, string|number|boolean> `KEY=VALUE`, or a single word: one of the options of services.
---@return daemonproxy.Service
function Service:options(...) end

--- Changes single options and leaves the others as they are, all in one step. `KEY=VALUE` or a word sets or replaces, `-KEY` takes out.
---
--- Command `service.options.apply`, protocol 2.
---@param ... string|table<integer|string, string|number|boolean> An option, which is set or replaces the one with the same KEY; or `-KEY`, which takes it out.
---@return daemonproxy.Service
function Service:options_apply(...) end

--- Sets what is different in the environment of a service, from its next start on. A start gets the environment of the daemon, changed by `env`, by what `user=` sets, and by this; the PATH of the result is searched for the program. At most 65535 bytes. No value is ever in the log.
---
--- Command `service.env`, protocol 2.
---@param ... string|(string)[] `KEY=VALUE` sets a variable of the environment; `KEY%=VALUE`, too, and in VALUE `%XX` is the byte with that hexadecimal number; `!KEY` takes it out. A first item `!` starts from nothing.
---@return daemonproxy.Service
function Service:env(...) end

--- Changes single items of that, and leaves the others as they are, all in one step.
---
--- Command `service.env.apply`, protocol 2.
---@param ... string|(string)[] An item, which is set or replaces the one about the same KEY; or `-KEY`, which takes the item out. `!` becomes the first item, `-!` takes it out.
---@return daemonproxy.Service
function Service:env_apply(...) end

--- Gives the service a logger of its own: a pipe `NAME-log.r` / `NAME-log.w`, a service `NAME-log` with these arguments that reads from it, is always up and is started again after 1 second at the earliest; and `NAME-log.w` in the places FDS of the service's descriptor list. A second `service.pipe` for the same service changes the logger's arguments and keeps the pipe, with whatever is in it.
---
--- Command `service.pipe`, protocol 2.
---@param fds string|integer[] Comma-separated descriptor numbers of the service, each 0 to 255, such as `1,2`.
---@param ... string|number|(string|number)[] One argument of a program. It may be empty, unless it is the only one.
---@return daemonproxy.Service
function Service:pipe(fds, ...) end

---@class daemonproxy.Fd
local Fd = {}

--- Makes a pipe and names its two ends, or a pair of sockets if any flag is one of sockets. A name in use is closed and taken over.
---
--- Command `fd.pipe`.
---@param write string The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
---@param flags? string|string[] Comma-separated: `nonblock unix inet inet6 tcp udp dgram stream seqpacket`. Any flag but `nonblock` makes it a pair of sockets.
---@return daemonproxy.Fd
function Fd:pipe(write, flags) end

--- Opens a file. A new file gets the mode 0600, directories made by `mkdir` 0700. A name in use is closed and taken over.
---
--- Command `fd.open`.
---@param flags string|string[] Comma-separated: `read write append create trunc truncate nonblock mkdir mode=MODE`. `append` and `trunc` imply `write` unless `read` or `write` is there; without any of them the file is opened for reading. A file that `create` makes has the mode 0600, or exactly MODE, 0 to 0777 in octal; directories made by `mkdir` have 0700.
---@param path string A path. Relative ones start at the working directory of the daemon.
---@return daemonproxy.Fd
function Fd:open(flags, path) end

--- Makes a socket, binds it if there is an address, and listens if `listen` is among the flags. SO_REUSEADDR is set before a bind. A name in use is closed and taken over. With `listen`, the file of a unix socket at which nobody listens any more is replaced.
---
--- Command `fd.socket`.
---@param flags string|string[] Comma-separated: `unix inet inet6 tcp udp stream dgram seqpacket nonblock mkdir bind listen listen=BACKLOG`. Without any it is `unix,stream`; `tcp` and `udp` alone mean `inet`. BACKLOG is 1 to 65535, and 32 if it is not given. `listen` implies `bind`.
---@param address? string A path for `unix`. For `inet`: `1.2.3.4:PORT` or `*:PORT`. For `inet6`: `[::1]:PORT` or `*:PORT`. An address implies `bind`; `bind` and `listen` need one.
---@return daemonproxy.Fd
function Fd:socket(flags, address) end

--- Takes the file descriptor that was passed along with this line as SCM_RIGHTS over a unix socket. A name in use is closed and taken over. Send the descriptor and the whole line with one sendmsg(2): a descriptor that is not taken by the lines it came with is closed, and so is one that has waited 30 seconds for the end of its line. At most 32 descriptors wait for one controller, and 256 for all of them.
---
--- Command `fd.take`.
---@return daemonproxy.Fd
function Fd:take() end

--- Passes the file descriptor to this connection, which must be a unix socket: an event of the same name, with the descriptor as SCM_RIGHTS in the message that begins with that line. Both share one open file. Read with recvmsg(2): a plain read(2) loses it. Commands after it wait until it is sent.
---
--- Command `fd.give`, protocol 2.
---@return daemonproxy.Fd
function Fd:give() end

--- Closes the file descriptor and forgets its name.
---
--- Command `fd.delete`.
---@return daemonproxy.Fd
function Fd:delete() end

---@class daemonproxy.Signal
local Signal = {}

--- What the daemon does with a signal that no connected controller reads and no service has as a trigger. An action that ends the daemon turns off the guard that it has by itself as PID 1. A guard that was asked for stays, no signal ends the daemon then, and a warning says so. WINCH, which is never an event, can be forwarded, too.
---
--- Command `signal.default`, protocol 2.
---@param action "event"|"shutdown"|"terminate"|"forward" `event` only counts and reports the signal, `shutdown` does what `terminate.shutdown` does, `terminate` leaves at once, `forward` sends it to the service that has the option `main`, if that runs, and counts it no more.
---@return daemonproxy.Signal
function Signal:default(action) end

--- Sends the rest of the line back, exactly as it is, as a line of its own; nothing at all when there is no field. Answers come in the order of the commands, so an echo shows where the answers so far end.
---
--- Command `echo`.
---@param ... string|number|(string|number)[] The rest of the line, whatever is in it.
function Module.echo(...) end

--- Reports everything: each file descriptor, each service with its tags, arguments, descriptors and triggers, each signal with a pending count. Commands after it wait until the dump is complete.
---
--- Command `statedump`.
function Module.statedump() end

--- The same for every service: what `service.env` says comes after it.
---
--- Command `env`, protocol 2.
---@param ... string|(string)[] `KEY=VALUE` sets a variable of the environment; `KEY%=VALUE`, too, and in VALUE `%XX` is the byte with that hexadecimal number; `!KEY` takes it out. A first item `!` starts from nothing.
function Module.env(...) end

--- Changes single items of that.
---
--- Command `env.apply`, protocol 2.
---@param ... string|(string)[] An item, which is set or replaces the one about the same KEY; or `-KEY`, which takes the item out. `!` becomes the first item, `-!` takes it out.
function Module.env_apply(...) end

--- Listens for controllers on a unix socket. The one without a name replaces and unlinks the one before it; those with names (protocol 2), at most 15, are additional ones. A left-over socket at PATH is removed first; anything else in the way is an error. The socket appears at PATH when it listens and has its mode and its owner. Whoever connects has the rights that the options say, all of them if they say nothing.
---
--- Command `socket.create`.
---@param options string|string[] `-`, or comma-separated: `name=NAME` for an additional socket; `mode=MODE`, in octal, and `uid=UID` and `gid=GID`, by number, for its file; `rights=RIGHTS` and `services=PATTERN`, with `:` between patterns, for those who connect, as in `conn.restrict`; `most=COUNT` for how many may be connected at a time.
---@param path string A path. Relative ones start at the working directory of the daemon.
function Module.socket_create(options, path) end

--- Closes and unlinks the control socket, if there is one, or the one of that name (protocol 2). Controllers that are connected stay.
---
--- Command `socket.delete`.
---@param name? string The name of a control socket. Absent: the one that has none.
function Module.socket_delete(name) end

--- Suppresses log messages of that level and those below it, and answers with the filter now in force. Without an argument it only answers.
---
--- Command `log.filter`.
---@param change? "none"|"trace"|"debug"|"info"|"warning"|"error"|"fatal"|"+"|"-" A log level, or one step along `none trace debug info warning error fatal`: `+` suppresses more, `-` less.
function Module.log_filter(change) end

--- From now on the log goes to the file descriptor of that name, even if it does not exist yet or is closed and made again: the log waits for it.
---
--- Command `log.dest`.
---@param type "fd" The word `fd`, the only kind of destination.
---@param fd string The name of a file descriptor that the daemon holds: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
function Module.log_dest(type, fd) end

--- Changes the working directory of the daemon, and so of the services that it starts from now on.
---
--- Command `chdir`.
---@param path string A path. Relative ones start at the working directory of the daemon.
function Module.chdir(path) end

--- How long this controller may leave its events unread, in seconds: after RESET what cannot be written is thrown away, after CLOSE the connection is closed. The defaults are 15 and 30.
---
--- Command `conn.event_timeout`.
---@param reset integer Seconds, 1 to 2147483647.
---@param close integer Seconds, 1 to 2147483647.
function Module.conn_event_timeout(reset, close) end

--- Sets what this connection wants of protocol 2, in place of what it wanted before; the answer says what is in force. A feature that this daemon does not know is left out of the answer. `observer`: this connection is no listener for signals, so while nobody else is connected a signal still does what it does by default (`signal.default`). `runs`: after each `service.state` this connection is told what is known of the run, as `service.run`, and so it is in dumps. `settings`: it hears of all that can be set, also when somebody else sets it, and a state dump reports it.
---
--- Command `conn.features`, protocol 2.
---@param ... string|(string)[] The name of a feature. `observer`: this connection does not count as a listener for signals. `runs`: it is told `service.run`. `settings`: it hears of options, environments and the settings of the daemon, and a state dump has them.
function Module.conn_features(...) end

--- Sets a timer of this connection: so many seconds from now, the event `conn.timer` with this NAME comes, to this connection only. If there is a timer of this name, it is moved; with `-` it is cancelled, and if there is none, nothing happens. A connection has at most 16 timers at a time, and one that has run out is none any more. While a connection does not read, its timers wait, and none of them is lost.
---
--- Command `conn.timer`, protocol 2.
---@param name string The name of a timer of this connection: 1 to 31 characters out of `A-Z a-z 0-9 . _ -`.
---@param seconds number|"-" Seconds from now, 0 to 999999999, with up to nine digits after a point; or `-` for never.
function Module.conn_timer(name, seconds) end

--- Narrows what this connection may do from here on. Nothing widens it again. With patterns, which go with `watch` and `operate`, it hears of services only whose names match one of them, and can do nothing with the others: for this connection they do not exist. Where it was limited before, both hold. A service that is hidden is not told of by any event or dump, and its name stands as `*` in lines about others; so do names of file descriptors. File descriptors, signals, settings, other connections and the shutdown are told of to connections with full rights only; `conn.list` tells each of itself. Descriptors that it passes are closed, and it is no listener for signals. At most 16 patterns. There is no answer; with a tag there is its end.
---
--- Command `conn.restrict`, protocol 2.
---@param rights "watch"|"operate"|"full" `watch`: look at services. `operate`: also start, stop and signal those that exist. `full`: everything.
---@param ... string|(string)[] A pattern of names: `*` stands for any characters, also none, `?` for one, and all else for itself.
function Module.conn_restrict(rights, ...) end

--- Reports every connection there is, each with a line, this one as well. A connection without full rights is told of itself only, and so what it may do.
---
--- Command `conn.list`, protocol 2.
function Module.conn_list() end

--- Closes the connection of this controller, once everything that it is owed has been delivered.
---
--- Command `exit`.
function Module.exit() end

--- The daemon leaves at once with that exit code, and does not touch the services. While the guard is on, GUARD must be its code, and a program to exec must be set.
---
--- Command `terminate`.
---@param code integer An exit code, 0 to 255.
---@param guard? integer The code that the terminate guard was set with. Absent or `-`: none.
function Module.terminate(code, guard) end

--- Turns the guard on, which protects the daemon from an accidental `terminate`, or off again with the same code.
---
--- Command `terminate.guard`.
---@param on "+"|"-" `+` turns the guard on, `-` turns it off.
---@param code integer A 64-bit integer other than 0.
function Module.terminate_guard(on, code) end

--- The program that the daemon becomes, for whatever reason it leaves, instead of exiting. No argument turns it off.
---
--- Command `terminate.exec_args`.
---@param ... string|number|(string|number)[] One argument of the program that the daemon becomes when it leaves.
function Module.terminate_exec_args(...) end

--- Shuts down in an orderly way. Nothing is started any more. Every service is stopped in its own way, as its options `stop`, `stop_after` and `kill` say: those that write into a pipe before those that read from it, those whose conditions name others with `ready:` or `up:` before those others, and controllers last. A circle is stopped as if it were one service. When the main process of a service has ended and others of its process group are left, they get the same, and the service has gone when they have. TERM caps every `stop_after`, and is the time of the services without one, which otherwise is 10 seconds. There is one deadline, however many wait for each other: at TERM seconds after the shutdown began, without TERM after the longest `stop_after`, but at least 10 seconds, all services whose turn has come get SIGKILL, with all that their stop is about; KILL seconds (5) after that everything that is left is given up. As process 1 the daemon takes everything else in its pid namespace along when the services have gone: SIGTERM, and SIGKILL at the same deadline. Then events and the log are delivered, for at most FLUSH seconds (5). The exit code is 10 if something needed SIGKILL, and 11 if something outlived it; or else that of the service with the option `main`, or CODE (0) if there is none or it never ran. A second `terminate.shutdown` can only shorten the times of the first. A second SIGTERM, SIGINT or SIGQUIT during the shutdown means SIGKILL at once, even if a controller hears of it.
---
--- Command `terminate.shutdown`, protocol 2.
---@param term? number Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the default.
---@param kill? number Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the default.
---@param flush? number Seconds, 0 to 2147483647, with up to nine digits after a point. Absent or `-`: the default.
---@param guard? integer The code that the terminate guard was set with. Absent or `-`: none.
---@param code? integer An exit code, 0 to 255. Absent or `-`: the default.
function Module.terminate_shutdown(term, kill, flush, guard, code) end

--- The daemon becomes PROGRAM, another version of itself, and goes on: the same process, with all children, connections, descriptors and times. Without PROGRAM it is the path by which the daemon was started. First PROGRAM is asked whether it understands everything that there is; if it does not, or says nothing for 10 seconds, the command is refused, and nothing has changed. Other connections are served meanwhile; commands of this one wait until the outcome is known. While the guard is on, GUARD must be its code.
---
--- Command `upgrade`, protocol 2.
---@param program? string The path of a program, with a `/` in it; it is not searched for. Absent or `-`: the default.
---@param guard? integer The code that the terminate guard was set with. Absent or `-`: none.
function Module.upgrade(program, guard) end
