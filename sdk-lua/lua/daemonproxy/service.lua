-- Services.
--
-- `args`, `fds`, `tags` and all other lists are two things under one name: the list to read, and
-- the command that sets it.

local grammar = require "daemonproxy.grammar"
local near = require "daemonproxy.near"
local objects = require "daemonproxy.objects"
local set = require("daemonproxy.check").set
local where = require "daemonproxy.where"

local STATES <const> = set(grammar.words.state)
-- What can be known of a run.
local RUN <const> = { number = true, ended = true }
for _, fact in ipairs(grammar.facts) do RUN[fact[1]] = true end
-- How long a service may take to end by default: then it gets SIGKILL, and then it is given up.
local TERM_SECONDS <const>, KILL_SECONDS <const> = 10, 5

local function tag(list, key)
  if type(key) ~= "string" then return nil end
  for at = 1, #list do
    local name, value = string.match(list[at], "^([^=]*)=?(.*)$")
    if name == key then return value end
  end
  return nil
end

local service = {}

function service.new(session)
  local view, loop = session.view, session.loop
  local getters, methods = {}, {}
  local make, check, by_hand
  local waiters = {}    -- by the name of the service

  -- A copy of a list of a service, which can also be called: then it is the command.
  local function list_of(key, lookup)
    local command = "service." .. key
    local list = { __index = lookup }
    function list.__call(_, self, ...)
      check(self, key)
      session.send(command, self.name, ...)
      return self
    end
    getters[key] = function(self)
      local told = view.list(self.name, command, key)
      return setmetatable(table.move(told, 1, #told, 1, {}), list)
    end
    -- Otherwise it would be a method like the others, and could not be read.
    methods[key] = nil
  end

  local function of_state(key)
    return function(self)
      local state = view.state(self.name)
      return state and state[key]
    end
  end

  for _, key in ipairs { "timestamp", "pid", "exit" } do getters[key] = of_state(key) end
  getters.signal_name = of_state("signal")

  -- An event says how long something had lasted at that moment; if it still lasts, add the time
  -- since.
  local function of_time(key, state)
    return function(self)
      local told = view.state(self.name)
      if not told then return nil end
      local now = told.state == state and told.timestamp and session.moment.now()
      return now and math.max(now - told.timestamp, 0) or told[key]
    end
  end
  getters.uptime, getters.downtime = of_time("uptime", "up"), of_time("downtime", "down")

  function getters.state(self)
    local state = view.state(self.name)
    return state and state.state or "deleted"
  end
  -- A fact that cannot be is a slip of the pen, and would be nil for ever.
  local Run = {}
  function Run.__index(_, key)
    if RUN[key] then return nil end
    return where.misuse("a run has no %s%s", tostring(key), near.hint(key, RUN))
  end

  -- `end` is a word of Lua: the moment is `ended`, too.
  function getters.run(self)
    local told = view.run(self.name)
    if not told then return nil end
    local run = { number = told.run, ended = told.facts["end"] }
    for key, value in pairs(told.facts) do run[key] = value end
    return setmetatable(run, Run)
  end
  function getters.exists(self) return view.has_service(self.name) end
  function getters.auto_up_interval(self) return view.interval(self.name) end
  function getters.triggers(self)
    local told = view.list(self.name, "service.auto_up", "triggers")
    return table.move(told, 1, #told, 1, {})
  end

  -- Checks whether somebody has waited for this event.
  function session.look(event)
    if event.state then session.runs.heard(event.name, event.state) end
    local list = waiters[event.name]
    if not list then return end
    for _, waiter in ipairs(loop.oldest_first(list)) do
      if waiter.run then
        if view.run_is_over(event.name, waiter.run) then loop.wake(waiter, true) end
      elseif event.state and waiter.state == event.state then loop.wake(waiter, true)
      elseif event.state == "deleted" then loop.wake(waiter, nil, "deleted")
      end
    end
  end

  --- Waits until it is in that state; a brief state is noticed, even one that has passed since this
  --- coroutine started the service. Commands that were sent before take effect first: after
  --- `start`, a wait for "down" is for the end of that run.
  function methods.wait(self, state, seconds)
    check(self, "wait")
    if not STATES[state] then
      local hint = state == "ready" and ". That is a fact: dp.wait_for(function() return web.run.ready end)" or ""
      where.misuse("wait: %s is no state: those are down, start, up and deleted%s", tostring(state), hint)
    end
    session.check_limit("wait", seconds)
    local name = self.name
    if session.runs.has_been(loop.current().commands, name, state) then return true end
    local sent = session.last_sent()
    if not sent and self.state == state then return true end
    local waiter = { state = state }
    local list = waiters[name] or {}
    waiters[name] = list
    list[waiter] = true
    if sent then
      sent.then_look = { next = sent.then_look, function()
        if self.state == state then loop.wake(waiter, true) end
      end }
    end
    local ok, why = session.pause(waiter, seconds)
    list[waiter] = nil
    if next(list) == nil and waiters[name] == list then waiters[name] = nil end
    return ok, why
  end

  --- Waits until this run has ended, however soon the next one begins: `service.run.number`, or the
  --- run that goes on when what was sent before has taken effect.
  function methods.wait_for_end(self, number, seconds)
    check(self, "wait_for_end")
    session.check_limit("wait_for_end", seconds)
    local name = self.name
    if not number then
      session.settle()
      if not view.has_service(name) then return nil, "deleted" end
    end
    local told = view.run(name)
    number = number or told and told.run or 0
    if view.run_is_over(name, number) then return true end
    local waiter = { run = number }
    local list = waiters[name] or {}
    waiters[name] = list
    list[waiter] = true
    local ok, why = session.pause(waiter, seconds)
    list[waiter] = nil
    if next(list) == nil and waiters[name] == list then waiters[name] = nil end
    return ok, why
  end

  --- Stops it, and it stays down: the daemon holds it, whatever its triggers, until it is started,
  --- restarted or released. Whatever is left of it after this many seconds gets SIGKILL. True when it
  --- is down; nil, why not, and the name of the refusal if it was one.
  function methods.stop(self, seconds)
    check(self, "stop")
    if seconds ~= nil then where.seconds("stop", seconds) end
    session.settle()
    -- Without a number it is for the option `stop_after=` to say.
    local after = seconds and { seconds } or {}
    local ok, why, name = session.call("service.stop", self.name, table.unpack(after))
    if ok then
      local limit = session.io.timers and seconds and after[1] + KILL_SECONDS or nil
      return self:wait("down", limit)
    end
    if name == "UnknownCommand" then return by_hand(self, seconds) end
    return nil, why, name
  end

  -- The same for a daemon of protocol 1: it has no triggers then, and only its main process is
  -- stopped.
  function by_hand(self, seconds)
    if not self.exists then return nil, grammar.errors.NoSuchService, "NoSuchService" end
    if #self.triggers > 0 then session.call("service.auto_up", self.name) end
    if self.state == "start" then session.call("service.start", self.name, "-") end
    if self.state ~= "up" then return true end
    local has_clock = session.io.timers
    session.call("service.signal", self.name, "TERM")
    local ok, why = self:wait("down", has_clock and (seconds or TERM_SECONDS) or nil)
    if ok or why ~= "timeout" then return ok, why end
    session.call("service.signal", self.name, "KILL")
    return self:wait("down", KILL_SECONDS)
  end

  make, check = objects.class(session, "service", getters, methods)
  -- Each list that an event reports and a command of the same name sets.
  for name, event in pairs(grammar.events) do
    local key = string.match(name, "^service%.(.+)$")
    local list = event.args[2]
    if key and list and list[1] == key and list[3] == "*" and grammar.commands[name] then
      list_of(key, key == "tags" and tag or nil)
    end
  end

  local self = {}

  --- The service of this name, whether it exists or not.
  function self.service(name) return make(objects.name("service", name)) end

  --- All services, sorted by name.
  function self.services()
    local all = {}
    for at, name in ipairs(view.service_names()) do all[at] = make(name) end
    return all
  end

  return self
end

return service
