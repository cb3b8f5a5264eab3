-- Standard input and output of a plain Lua 5.4 as the connection to the daemon. It can only wait
-- for the next event: no timers, no sockets, no signals.
--
-- This is also where the I/O interface is described, the only access that this library has to the
-- world. The host has another implementation of it, `daemonproxy.host`:
--
--     io.program                     what messages begin with
--     io.timers .sockets .signals    what it can do
--     io.now()                       seconds of a clock that nobody sets
--     io.receive(seconds?)           writes what is buffered, then waits: "event", EVENT | "garbage", LINE, WHY |
--                                    "long", START | "ready", HANDLE | "signal", NAME | "idle" | "closed", WHY?
--     io.send(field, …)              one command into the buffer
--     io.parse_event(line)           an event as line.lua has it, or nil and what is wrong with the line
--     io.check_command(line)         true, or nil and the text with which the daemon would refuse it
--     io.on_signal                   what a signal does that nobody listens to: {SIGTERM = "shutdown"}
--     io.traceback(thread, text)     if debug.traceback will not do
--
-- With signals: io.trap(name, on). With sockets: io.connect(address) and io.open(path, mode) return
-- a HANDLE or nil and why, at once. It has :read(n) and :write(bytes), which return nil, "again" if
-- they would block, :close(), and :watch("r"|"w"|"rw"|nil), which reports once that it is ready,
-- with "rw" for either of the two. If a connection could not be made, :write("") says why.
-- io.listen(address) returns a HANDLE and the address where it listens; :accept() returns a HANDLE,
-- or nil and why.

local check = require "daemonproxy.check"
local line = require "daemonproxy.line"

-- The daemon sends no longer lines.
local MAX_LINE <const> = 65536

local stdin, stdout, stderr = io.stdin, io.stdout, io.stderr
local plain = { name = "plain", timers = false, sockets = false, signals = false }

-- Commands go out together, when there is nothing else to do.
stdout:setvbuf("full", 65536)

-- Standard output is the connection to the daemon, so print has to go elsewhere.
function print(...)
  local texts = table.pack(...)
  for at = 1, texts.n do texts[at] = tostring(texts[at]) end
  -- In one piece: others write there, too.
  stderr:write(table.concat(texts, "\t") .. "\n")
end

local program = arg and arg[-1] or "lua"
plain.program = string.match(program, "[^/]*$")
plain.now = os.time
plain.parse_event = line.parse_event
plain.check_command = check.command

local parse_event = line.parse_event
local is_closed = false

--- Waits for the next line, for ever: a plain Lua cannot check whether there is one.
function plain.receive(seconds)
  if is_closed then return "closed" end
  stdout:flush()
  if seconds == 0 then return "idle" end
  local text = stdin:read("L")
  -- A line without its end may be half of what was meant.
  if not text or string.byte(text, -1) ~= 10 then
    is_closed = true
    return "closed"
  end
  text = string.sub(text, 1, -2)
  if #text > MAX_LINE then return "long", string.sub(text, 1, 64) end
  local event, why = parse_event(text)
  if not event then return "garbage", text, why end
  return "event", event
end

--- Puts a command into the buffer.
function plain.send(...)
  stdout:write(table.concat({ ... }, "\t"), "\n")
  return true
end

return plain
