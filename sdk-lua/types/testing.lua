---@meta daemonproxy.testing
--
-- What `require "daemonproxy.testing"` gives: a daemon that is just a table, for tests of
-- controllers.

---@class daemonproxy.testing.Daemon
---@field sent string[] the commands that the script has sent so far, each as a line: its fields with TABs between them
---@field printed string[] what the script has printed, each call of `print` a line
---@field written string[] what it would have written to standard error by itself: errors in handlers, refusals
---@field time number the seconds of CLOCK_MONOTONIC
---@field features string? what the script has asked for by conn.features
---@field exited integer|boolean|nil with what it has called os.exit
---@field protocol 1|2 whether it knows tags: a daemon of protocol 1 does not
local Daemon = {}

--- What the script hears next: the fields of an event, or its whole line.
---@param ... string|number
function Daemon:tell(...) end

--- What the script reads next, even if it is no event, such as the word of an echo.
---@param line string
function Daemon:say(line) end

--- The service is up from now on: a new run.
---@param name string
---@param pid? integer one of its own, if not given
function Daemon:up(name, pid) end

--- The service has ended.
---@param name string
---@param how? integer|string its exit status, or the signal that has killed it; 0 if not given
function Daemon:down(name, how) end

--- More is known of its run, the one that goes on or else the last. What is false is not so any more.
---@param name string
---@param facts table<string, any> `{ready = 105.5}`, `{gaveup = true}`
function Daemon:run(name, facts) end

--- The events that a command causes, which come before its end. An `error` among them refuses it.
---@param command string the whole line
---@param ... string the whole lines of the events
function Daemon:answer(command, ...) end

--- This command is refused.
---@param command string the whole line
---@param name daemonproxy.ErrorName what the error is called
---@param text? string its text, if it is not that in the grammar
function Daemon:refuse(command, name, text) end

--- No more events.
function Daemon:close() end

--- Calls a function at that time, once nothing else is left to do.
---@param time number
---@param fn fun(daemon: daemonproxy.testing.Daemon)
function Daemon:at(time, fn) end

--- Runs a script as daemonproxy-lua does, until it waits. An error in it is an error here.
---@param path string
---@param ... string its arguments
function Daemon:load(path, ...) end

--- Lets this many seconds pass, and the script do what it does meanwhile.
---@param seconds number
function Daemon:pass(seconds) end

--- Lets the script do what can be done at once.
function Daemon:settle() end

--- Whether the script has sent this command: its fields, or its whole line.
---@param ... string|number
---@return boolean
function Daemon:has_sent(...) end

--- Whether the script has printed a line that contains this.
---@param part string
---@return boolean
function Daemon:has_printed(part) end

--- The script is killed (kill -9): all that it had in its memory is gone, and the services run on.
--- `load` it again.
---@return daemonproxy.Module dp that of the next script
function Daemon:kill() end

--- Plays a transcript: what it expects must be sent, in that order, and the daemon sends what it
--- says.
---@param text string
function Daemon:play(text) end

--- Lets the script come to rest, and raises an error unless the transcript was played to its end.
function Daemon:finish() end

---@class daemonproxy.testing
local Testing = {}

--- A controller, and the daemon that it talks to. From now on `require "daemonproxy"` is this one.
---@param options? { timers: boolean? } `timers = false` is like a plain Lua
---@return daemonproxy.Module dp
---@return daemonproxy.testing.Daemon daemon
function Testing.new(options) end

return Testing
