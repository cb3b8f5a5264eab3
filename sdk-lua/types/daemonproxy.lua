---@meta daemonproxy
--
-- What `require "daemonproxy"` gives. The events, `on`, and the methods that are commands are in
-- protocol.lua.

---@alias daemonproxy.State "down"|"start"|"up"|"deleted"

--- Read as a list, called as a command.
---@class daemonproxy.Args: string[]
---@overload fun(self: daemonproxy.Service, args: (string|number)[]): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string|number): daemonproxy.Service

---@class daemonproxy.Fds: string[]
---@overload fun(self: daemonproxy.Service, fds: (string|daemonproxy.Fd)[]): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string|daemonproxy.Fd): daemonproxy.Service

--- Tags as they are, and by key: `tags.role` is "web" for the tag `role=web`, and "" for the tag
--- `role`.
---@class daemonproxy.Tags: string[]
---@field [string] string?
---@overload fun(self: daemonproxy.Service, tags: table<integer|string, string|number|true>): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string): daemonproxy.Service

---@class daemonproxy.Service
---@field name string
---@field exists boolean
---@field state daemonproxy.State "deleted" if there is no such service
---@field timestamp integer? when it will start, was started, or its end was noticed (seconds, CLOCK_MONOTONIC)
---@field pid integer? its process, even after that has ended
---@field exit integer? its exit status; nil if it is running, never ran, or was killed
---@field signal_name string? the signal that killed it, such as "SIGTERM"
---@field uptime integer? how long it has been running so far, or ran (seconds)
---@field downtime integer? how long it has been down so far (seconds)
---@field args daemonproxy.Args program and arguments. As a method, the command `service.args`
---@field fds daemonproxy.Fds the names of its descriptors 0, 1, 2 and so on. As a method, the command `service.fds`
---@field tags daemonproxy.Tags its tags. As a method, the command `service.tags`
---@field auto_up_interval integer? the minimum number of seconds between two starts, while it has triggers
---@field triggers string[] what starts it by itself: "always", names of signals
---@field run daemonproxy.Run? the run that goes on, or else the last one; nil if the daemon tells nothing of runs
local Service = {}

--- A run of a service, with all that is known of it.
---@class daemonproxy.Run: daemonproxy.Facts
---@field number integer counts all starts of the daemon from 1; 0 if the service never ran
---@field ended number? when its end was noticed: `end` under a name that Lua can write

--- Waits until it is in that state; a brief state is noticed, even one that has passed since this
--- coroutine started it. What was sent before takes effect first.
---@param state daemonproxy.State
---@param seconds? number the time limit
---@return true? ok
---@return "timeout"|"deleted"|"closed"|nil why
function Service:wait(state, seconds) end

--- Waits until a run has ended, however soon the next one begins.
---@param number integer? `run.number`; without it the run that goes on now
---@param seconds number?
---@return true? done
---@return string? why "timeout", "deleted" (without a number: there is no such service), "closed"
function Service:wait_for_end(number, seconds) end

--- Stops it, and the daemon holds it, whatever its triggers, until it is started, restarted or
--- released; with a daemon of protocol 1 its triggers are gone.
---@param seconds? number before SIGKILL; what the option `stop_after=` says, or 10, if not given
---@return true? ok it is down
---@return string? why "timeout", "deleted", "closed", or the text of a refusal
---@return daemonproxy.ErrorName? name what the refusal is called: "NoSuchService" for a name that does not exist
function Service:stop(seconds) end

---@class daemonproxy.Fd
---@field name string
---@field exists boolean
---@field type string "file", "pipe", "socket", "special", "deleted", or a future one
---@field flags string? how it was made, separated by commas
---@field description string? a path, an address, or the name of the other end

---@class daemonproxy.Signal
---@field name string such as "SIGHUP"
---@field count integer how many are pending
local Signal = {}

--- Takes off this many that were dealt with. Command `signal.clear`.
---@param count? integer all that are known, if not given
---@return daemonproxy.Signal
function Signal:clear(count) end

--- Something that is called.
---@class daemonproxy.Handler
local Handler = {}

--- It is called no more.
function Handler:off() end

--- Something that is called later.
---@class daemonproxy.Timer
local Timer = {}

--- It is called no more.
function Timer:cancel() end

--- A connection or file of the script's own.
---@class daemonproxy.Stream
local Stream = {}

--- Reads a line ("l", without its end), this many bytes, or everything ("a"). At the end it returns
--- less, or nil and "closed".
---@param what? "l"|"a"|integer "l" if not given
---@param seconds? number the time limit
---@return string? bytes
---@return string? why "timeout", "closed", or what the system says
function Stream:read(what, seconds) end

--- Writes everything.
---@param bytes string
---@param seconds? number the time limit
---@return true? ok
---@return string? why
function Stream:write(bytes, seconds) end

function Stream:close() end

--- A socket that others connect to.
---@class daemonproxy.Listener
---@field address string where it listens, including a port that the system has chosen
local Listener = {}

--- Waits for the next connection.
---@param seconds? number the time limit
---@return daemonproxy.Stream? stream
---@return string? why "timeout", "closed", or what the system says
function Listener:accept(seconds) end

--- Closes it, and removes the socket from its folder.
function Listener:close() end

--- A command was refused, and nobody has asked about it.
---@class daemonproxy.RefusedEvent: daemonproxy.Event
---@field event "refused"
---@field text string what the daemon says
---@field error daemonproxy.ErrorName? what the error is called
---@field command string the name of the command
---@field where string? the line of the script

--- A line that is not an event, although it begins like one.
---@class daemonproxy.MalformedEvent: daemonproxy.Event
---@field event "malformed"
---@field line string
---@field reason string

--- A line that is not an event: the result of an `echo`.
---@class daemonproxy.EchoEvent: daemonproxy.Event
---@field event "echo"
---@field line string

--- The connection has ended.
---@class daemonproxy.ClosedEvent: daemonproxy.Event
---@field event "closed"
---@field reason string?

---@class daemonproxy.Module
---@field has { timers: boolean, sockets: boolean, signals: boolean } what can be done here that a plain Lua cannot
local Module = {}

--- The service of this name, whether it exists or not.
---@param name string
---@return daemonproxy.Service
function Module.service(name) end

--- All services, sorted by name.
---@return daemonproxy.Service[]
function Module.services() end

--- The file descriptor of this name, whether it exists or not.
---@param name string
---@return daemonproxy.Fd
function Module.fd(name) end

--- All file descriptors, sorted by name.
---@return daemonproxy.Fd[]
function Module.fds() end

--- A signal: "HUP", "SIGHUP" or 1.
---@param name string|integer
---@return daemonproxy.Signal
function Module.signal(name) end

--- The signals that are pending, sorted by name.
---@return daemonproxy.Signal[]
function Module.signals() end

--- Sends a command and waits until it is carried out.
---@param command string its name, such as "service.start"
---@param ... string|number|table|nil its arguments
---@return true? ok
---@return string? why the text of the refusal, or "closed"
---@return daemonproxy.ErrorName? name what the error is called, if the daemon has refused it
function Module.call(command, ...) end

--- Waits until everything that was sent is carried out and reported.
---@param seconds? number the time limit
---@return true? ok
---@return string? why the refusal, if a command of this coroutine was refused since it last asked; "timeout", "closed"
---@return daemonproxy.ErrorName? name what that error is called
function Module.sync(seconds) end

--- Learns the whole state, and forgets what no longer exists. That happens by itself at the start
--- and after an overflow.
---@param seconds? number the time limit
---@return true? ok
---@return string? why
function Module.resync(seconds) end

--- The seconds of CLOCK_MONOTONIC, which the daemon uses, too: `service:start(dp.now() // 1 + 5)`.
---@return number
function Module.now() end

--- Waits this many seconds.
---@param seconds number
---@return true? ok
---@return "closed"|nil why
function Module.sleep(seconds) end

--- Calls a function after this many seconds.
---@param seconds number
---@param fn fun()
---@return daemonproxy.Timer
function Module.after(seconds, fn) end

--- Calls a function at this interval, in seconds, but not again before it has ended.
---@param seconds number
---@param fn fun(timer: daemonproxy.Timer)
---@return daemonproxy.Timer
function Module.every(seconds, fn) end

--- Calls a function at a time of day.
---@param time number|string what os.time gives, or "HH:MM" or "HH:MM:SS" for the next such moment
---@param fn fun()
---@return daemonproxy.Timer
function Module.at(time, fn) end

--- Calls a function in a coroutine of its own, until it ends or waits.
---@param fn fun(...: any)
---@param ... any its arguments
function Module.spawn(fn, ...) end

--- Calls a function when this process gets a signal.
---@param name string such as "HUP"
---@param fn fun(name: string)
---@return daemonproxy.Handler
function Module.trap(name, fn) end

--- Connects to "127.0.0.1:80", "[::1]:80", "localhost:80" or the path of a unix socket.
---@param address string
---@param seconds? number the time limit
---@return daemonproxy.Stream? stream
---@return string? why
function Module.connect(address, seconds) end

--- Listens at "127.0.0.1:80", "*:80", "[::1]:80" or the path of a unix socket. A left-over socket
--- is replaced. Port 0: the system chooses one.
---@param address string
---@return daemonproxy.Listener? listener
---@return string? why
function Module.listen(address) end

--- Waits until fn() returns something true, and returns that. fn is called as soon as what was sent
--- before has taken effect, and then after each event and each timer. An error in it is an error of
--- the wait.
---@generic T
---@param fn fun(): T?
---@param seconds? number the time limit
---@return T? value
---@return "timeout"|"closed"|nil why
function Module.wait_for(fn, seconds) end

--- A value as JSON, in one line: `daemonproxy.json`.
---@param value any
---@return string
function Module.json(value) end

--- Opens a FIFO or a device.
---@param path string
---@param mode? "r"|"w" "r" if not given
---@return daemonproxy.Stream? stream
---@return string? why
function Module.open(path, mode) end

--- What the log leaves out, if that was reported.
---@return string?
function Module.log_level() end

--- The settings of the daemon itself as the commands that set them, each a list of fields, such as
--- `{"log.dest", "fd", "stderr"}`, in an order in which they can be sent. The daemon tells them with the feature `settings`:
--- `dp.conn_features "settings"` and then `dp.resync()`.
---@return string[][]
function Module.settings() end

--- What is different in the environment of every service (the command `env`): items such as `LANG=C` and `!TZ`. It is told
--- with the feature `settings`, too.
---@return string[]
function Module.environment() end

--- How far an orderly shutdown has got, if one is in progress.
---@return daemonproxy.TerminateStateEvent?
function Module.shutdown() end

--- Whether events were missed and the state is not learnt again yet.
---@return boolean
function Module.overflowed() end

--- Whether the events have ended.
---@return boolean
function Module.is_closed() end

--- The loop: until the events end, or stop is called.
function Module.run() end

--- Makes run return.
function Module.stop() end

--- One turn of the loop.
---@param seconds? number the time limit
---@return boolean goes_on false when the events have ended
function Module.step(seconds) end

return Module
