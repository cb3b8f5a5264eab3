---@meta daemonproxy
--
-- What `require "daemonproxy"` gives. The events, `on`, and the methods that are commands are in protocol.lua.

---@alias daemonproxy.State "down"|"start"|"up"|"deleted"

--- Read as a list, called as a command.
---@class daemonproxy.Args: string[]
---@overload fun(self: daemonproxy.Service, args: (string|number)[]): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string|number): daemonproxy.Service

---@class daemonproxy.Fds: string[]
---@overload fun(self: daemonproxy.Service, fds: (string|daemonproxy.Fd)[]): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string|daemonproxy.Fd): daemonproxy.Service

--- Tags as they are, and by key: `tags.role` is "web" for the tag `role=web`, and "" for the tag `role`.
---@class daemonproxy.Tags: string[]
---@field [string] string?
---@overload fun(self: daemonproxy.Service, tags: table<integer|string, string|number|true>): daemonproxy.Service
---@overload fun(self: daemonproxy.Service, ...: string): daemonproxy.Service

---@class daemonproxy.Service
---@field name string
---@field exists boolean
---@field state daemonproxy.State "deleted" if there is no such service
---@field timestamp integer? when it is to start, was started, or its end was noticed (seconds, CLOCK_MONOTONIC)
---@field pid integer? its process, also when that has ended
---@field exit integer? the status with which it exited; nil if it runs, never ran, or was killed
---@field signal_name string? the signal that killed it, such as "SIGTERM"
---@field uptime integer? for how long it has been running by now, or ran (seconds)
---@field downtime integer? for how long it has been down by now (seconds)
---@field args daemonproxy.Args program and arguments. As a method, the command `service.args`
---@field fds daemonproxy.Fds the names of its descriptors 0, 1, 2 and so on. As a method, the command `service.fds`
---@field tags daemonproxy.Tags its tags. As a method, the command `service.tags`
---@field auto_up_interval integer? the least number of seconds between two starts, while it has triggers
---@field triggers string[] what starts it by itself: "always", names of signals
local Service = {}

--- Waits until it is in that state; a state that passes by is noticed, also one that has passed by since this coroutine
--- started it. What was sent before takes effect first.
---@param state daemonproxy.State
---@param seconds? number no longer than that
---@return true? ok
---@return "timeout"|"deleted"|"closed"|nil why
function Service:wait(state, seconds) end

--- Stops it, and it stays down: triggers and a pending start are taken back, then SIGTERM, then SIGKILL.
---@param seconds? number before SIGKILL, 10 if not given
---@return true? ok it is down
---@return "timeout"|"deleted"|"closed"|nil why
function Service:stop(seconds) end

---@class daemonproxy.Fd
---@field name string
---@field exists boolean
---@field type string "file", "pipe", "socket", "special", "deleted", or one that is yet to come
---@field flags string? how it was made, with commas between
---@field description string? a path, an address, or the name of the other end

---@class daemonproxy.Signal
---@field name string such as "SIGHUP"
---@field count integer how many are pending
local Signal = {}

--- Takes off so many that were dealt with. Command `signal.clear`.
---@param count? integer all that are known of, if not given
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

--- Reads a line ("l", without its end), so many bytes, or everything ("a"). At the end less, or nil and "closed".
---@param what? "l"|"a"|integer "l" if not given
---@param seconds? number no longer than that
---@return string? bytes
---@return string? why "timeout", "closed", or what the system says
function Stream:read(what, seconds) end

--- Writes everything.
---@param bytes string
---@param seconds? number no longer than that
---@return true? ok
---@return string? why
function Stream:write(bytes, seconds) end

function Stream:close() end

--- A socket that others connect to.
---@class daemonproxy.Listener
---@field address string where it listens; a port that the system has chosen is in it
local Listener = {}

--- Waits for the next connection.
---@param seconds? number no longer than that
---@return daemonproxy.Stream? stream
---@return string? why "timeout", "closed", or what the system says
function Listener:accept(seconds) end

--- Closes it, and removes the socket from its folder.
function Listener:close() end

--- A command was refused, and nobody has asked.
---@class daemonproxy.RefusedEvent: daemonproxy.Event
---@field event "refused"
---@field text string what the daemon says
---@field command string the name of the command
---@field where string? the line of the script

--- A line that is no event, although it begins like one.
---@class daemonproxy.MalformedEvent: daemonproxy.Event
---@field event "malformed"
---@field line string
---@field reason string

--- A line that is no event: what a command `echo` made.
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

--- Sends a command and waits for its end.
---@param command string its name, such as "service.start"
---@param ... string|number|table|nil its arguments
---@return true? ok
---@return string? why the text of the refusal, or "closed"
function Module.call(command, ...) end

--- Waits until everything that was sent is carried out and told.
---@param seconds? number no longer than that
---@return true? ok
---@return string? why the refusal, if a command of this coroutine was refused since it last asked; "timeout", "closed"
function Module.sync(seconds) end

--- Learns the whole state, and forgets what is no more. That happens by itself at the start and after an overflow.
---@param seconds? number no longer than that
---@return true? ok
---@return string? why
function Module.resync(seconds) end

--- The seconds of CLOCK_MONOTONIC, which the daemon counts, too: `service:start(dp.now() // 1 + 5)`.
---@return number
function Module.now() end

--- Waits so many seconds.
---@param seconds number
---@return true? ok
---@return "closed"|nil why
function Module.sleep(seconds) end

--- Calls a function in so many seconds.
---@param seconds number
---@param fn fun()
---@return daemonproxy.Timer
function Module.after(seconds, fn) end

--- Calls a function every so many seconds, but not again before it has ended.
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
---@param seconds? number no longer than that
---@return daemonproxy.Stream? stream
---@return string? why
function Module.connect(address, seconds) end

--- Listens at "127.0.0.1:80", "*:80", "[::1]:80" or the path of a unix socket. A socket that was left there by somebody
--- who has gone is replaced. Port 0: the system chooses one.
---@param address string
---@return daemonproxy.Listener? listener
---@return string? why
function Module.listen(address) end

--- Waits until fn() gives something true, and gives that. It is called at once, when what was sent before has taken
--- effect, and then after each event and each timer. An error in it is an error of the wait.
---@generic T
---@param fn fun(): T?
---@param seconds? number no longer than that
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

--- What the log leaves out, if it was told.
---@return string?
function Module.log_level() end

--- How far an orderly shutdown is, if one is under way.
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

--- Makes run come back.
function Module.stop() end

--- One turn of the loop.
---@param seconds? number no longer than that
---@return boolean goes_on false when the events have ended
function Module.step(seconds) end

return Module
