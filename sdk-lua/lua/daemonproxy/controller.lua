-- The connection of this process, with everything that a script can do with it. It has sent nothing
-- yet, unlike `require "daemonproxy"`, which has learnt the state of the daemon.

local clock = require "daemonproxy.clock"
local commands = require "daemonproxy.commands"
local condition = require "daemonproxy.condition"
local fd = require "daemonproxy.fd"
local json = require "daemonproxy.json"
local listener = require "daemonproxy.listener"
local service = require "daemonproxy.service"
local session = require "daemonproxy.session"
local signal = require "daemonproxy.signal"
local signals = require "daemonproxy.signals"
local stream = require "daemonproxy.stream"
local where = require "daemonproxy.where"

local has_host = package.preload["daemonproxy.host"] ~= nil
local io = require(has_host and "daemonproxy.host" or "daemonproxy.plain")

local one = session.new(io)
local loop, view = one.loop, one.view
-- `session` is for this library and its tests.
local dp = { session = one }

for _, part in ipairs { service, fd, signal, clock, condition, stream, listener } do
  for name, fn in pairs(part.new(one)) do dp[name] = fn end
end

for name, command in pairs(commands.others()) do
  dp[name] = function(...) one.send(command, ...) end
end

dp.on, dp.call, dp.sync, dp.resync = one.handlers.on, one.call, one.sync, one.resync

--- A value as JSON: json.lua.
dp.json = json.encode

--- What can be done here that a plain Lua cannot.
dp.has = { timers = io.timers, sockets = io.sockets, signals = io.signals }

--- Calls a function with these arguments in a coroutine of its own, until it ends or waits.
function dp.spawn(fn, ...)
  if type(fn) ~= "function" then where.misuse("spawn: a function is needed, not %s", type(fn)) end
  loop.run("a coroutine", fn, ...)
end

--- Calls a function when this process gets a signal, such as "HUP".
function dp.trap(name, fn)
  if not io.signals then where.misuse("trap: only daemonproxy-lua can be told of signals of its own") end
  if type(fn) ~= "function" then where.misuse("trap: a function is needed, not %s", type(fn)) end
  local known = signals.name(tostring(name))
  if not known then where.misuse("trap: there is no signal %s", tostring(name)) end
  name = string.sub(known, 4)
  local list = one.traps[name]
  if not list then
    local ok, why = io.trap(name, true)
    if ok == nil then where.misuse("trap: %s", why) end
    list = {}
  end
  local trap = { fn = fn }
  -- A new list: somebody may be iterating over the old one.
  local longer = table.move(list, 1, #list, 1, {})
  longer[#longer + 1] = trap
  one.traps[name] = longer
  function trap.off()
    local left = {}
    for _, other in ipairs(one.traps[name] or {}) do
      if other ~= trap then left[#left + 1] = other end
    end
    one.traps[name] = left[1] and left
    if not left[1] then io.trap(name, false) end
  end
  return trap
end

--- What the log leaves out, if that was reported.
function dp.log_level() return view.log_level end

--- The settings of the daemon itself as the commands that set them, each a list of fields; and what
--- is different in the environment of every service. Both are told with the feature `settings`.
dp.settings, dp.environment = view.settings, view.environment

--- The last `terminate.state` of an orderly shutdown, if one is in progress.
function dp.shutdown() return view.shutdown end

--- Whether events were missed and the state is not learnt again yet.
function dp.overflowed() return view.overflowed end

--- Whether the events have ended.
function dp.is_closed() return loop.is_closed end

--- The loop: until the events end, or stop() is called. In a coroutine it waits for that.
function dp.run()
  local task = loop.current()
  if task.co then
    while not loop.is_closed do one.pause({}) end
    return
  end
  if task.commands then loop.on_end(task) end
  loop.run_until_closed()
end

--- Makes run() return.
function dp.stop() loop.is_stopped = true end

--- One turn of the loop, of at most this many seconds. False when the events have ended.
function dp.step(seconds)
  if seconds ~= nil then where.seconds("step", seconds) end
  loop.begin()
  return loop.step(seconds)
end

return dp
