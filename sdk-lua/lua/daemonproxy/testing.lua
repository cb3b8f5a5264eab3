-- For tests of controllers: a daemon that is just a table, and a clock that only moves when
-- everybody waits. No process is needed, and no time passes.
--
--     local testing = require "daemonproxy.testing"
--
--     local dp, daemon = testing.new()
--     daemon:load "web.lua"                     -- the script, as it is; its `require "daemonproxy"` finds this daemon
--     daemon:up "web"                           -- what the daemon says, and what the script makes of it
--     assert(daemon:has_sent("service.tags", "web", "seen"))
--     daemon:pass(60)                           -- a minute later
--
-- It remembers what it was told of services (imagined.lua), notes `conn.features`, and answers an
-- `echo`. What else becomes of a command the test says, with `answer`, `refuse` or `tell`, or a
-- transcript does, with `play`.

local check = require "daemonproxy.check"
local errors = require "daemonproxy.errors"
local grammar = require "daemonproxy.grammar"
local imagined = require "daemonproxy.imagined"
local line = require "daemonproxy.line"
local near = require "daemonproxy.near"
local transcript = require "daemonproxy.transcript"

-- Modules that belong to one connection.
local OF_A_CONNECTION <const> = { "daemonproxy", "daemonproxy.controller", "daemonproxy.host", "daemonproxy.start" }

local Daemon = {}
Daemon.__index = Daemon

-- The fields of a line, if they are given one by one.
local function joined(...)
  local fields = table.pack(...)
  for at = 1, fields.n do fields[at] = tostring(fields[at]) end
  return table.concat(fields, "\t")
end

--- What the script reads next: a kind of plain.lua and its values.
function Daemon:put(...)
  self.last = self.last + 1
  self.queue[self.last] = { ... }
end

-- A test that expects a command which does not exist would pass or fail for no reason.
local function check_command(text)
  local name = string.match(text, "^[^\t]*")
  if not grammar.commands[name] then error(near.unknown("command", name, grammar.commands), 3) end
end

--- What the script hears next: the fields of an event, or its whole line.
function Daemon:tell(...)
  local text = joined(...)
  local name = string.match(text, "^[^\t]*")
  if not grammar.events[name] then error(near.unknown("event", name, grammar.events), 2) end
  self:say(text)
end

--- Any line, even one that is no event, such as the word of an echo.
function Daemon:say(text)
  if not self.player then self.services.heard(text) end
  local event, why = line.parse_event(text)
  if event then self:put("event", event) else self:put("garbage", text, why) end
end

--- The events that this command causes, as whole lines; its end comes after them. An `error` among
--- them refuses it.
function Daemon:answer(command, ...)
  check_command(command)
  self.answers[command] = { ... }
end

--- This command is refused, with the error of this name: with its text in the grammar, or another.
function Daemon:refuse(command, name, text)
  check_command(command)
  text = text or grammar.errors[name] or error(near.unknown("error", name, grammar.errors), 2)
  self:answer(command, string.format('error\t%s, for command "%s"', text, string.gsub(command, "\t", " ")))
end

--- The service is up from now on: a new run.
function Daemon:up(name, pid)
  self.pids = self.pids + 1
  self.services.up(name, pid or self.pids)
end

--- The service has ended: with this exit status, 0 if none is given, or by this signal.
function Daemon:down(name, how) self.services.down(name, self.pids, how or 0) end

--- More is known of its run, the one that goes on or else the last: {ready = 105.5}, {gaveup = true}.
--- What is false is not so any more.
function Daemon:run(name, facts) self.services.more(name, facts) end

--- No more events.
function Daemon:close() self:put "closed" end

--- Calls fn(daemon) at this time, once nothing else is left to do.
function Daemon:at(time, fn)
  local plans = self.plans
  plans[#plans + 1] = { time = time, fn = fn }
  table.sort(plans, function(a, b) return a.time < b.time end)
end

--- Lets this many seconds pass, and the script do what it does meanwhile.
function Daemon:pass(seconds)
  local due = self.time + seconds
  -- Twice, since timers are checked after the events.
  local times_idle = 0
  while times_idle < 2 or self.time < due do
    self.is_idle = false
    if not self.loop.step(math.max(0, due - self.time)) then return end
    times_idle = self.is_idle and times_idle + 1 or 0
  end
end

--- Lets the script do what it can do at once.
function Daemon:settle() self:pass(0) end

--- Whether the script has sent this command: its fields, or its whole line.
function Daemon:has_sent(...)
  local text = joined(...)
  check_command(text)
  for _, sent in ipairs(self.sent) do
    if sent == text then return true end
  end
  return false
end

--- Whether the script has printed a line that contains this.
function Daemon:has_printed(part)
  for _, text in ipairs(self.printed) do
    if string.find(text, part, 1, true) then return true end
  end
  return false
end

--- Runs a script as daemonproxy-lua does, until it waits. Modules next to it are found. An error in
--- it is an error here. `os.exit` ends it: its argument is in `exited`, and the events are at their
--- end. What it prints is in `printed`.
function Daemon:load(path, ...)
  local folder = string.match(path, "^(.*)/[^/]*$") or "."
  package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua;" .. package.path
  local function exit(status)
    self.exited = status == nil and true or status
    self:close()
    while true do self.loop.wait {} end    -- the second does not come back
  end
  local function print_here(...)
    local texts = table.pack(...)
    for at = 1, texts.n do texts[at] = tostring(texts[at]) end
    self.printed[#self.printed + 1] = table.concat(texts, "\t")
  end
  local own = { arg = { [0] = path, ... }, os = setmetatable({ exit = exit }, { __index = os }), print = print_here }
  local function set(_, key, value)
    self.globals[key] = true
    _G[key] = value
  end
  local chunk = assert(loadfile(path, "t", setmetatable(own, { __index = _G, __newindex = set })))
  local problem
  self.loop.run_watched(function(message) problem = message end, chunk, ...)
  self:settle()
  if problem then error(problem, 0) end
end

--- The script is killed (kill -9): its memory and its global variables, its modules and all that it
--- has not read are gone, and nothing of it is called any more. The services run on. Returns the `dp`
--- of the next script, which is there when `load` is called again.
function Daemon:kill()
  for key in pairs(self.globals) do _G[key] = nil end
  self.globals = {}
  for name in pairs(package.loaded) do
    if not self.modules[name] then package.loaded[name] = nil end
  end
  self.queue, self.first, self.last = {}, 1, 0
  self.features, self.exited = nil, nil
  return self:connect()
end

--- Plays a transcript, as conformance-tests/README.md describes them and `conformance-tests record`
--- writes them: what it expects must be sent, in that order, and the daemon sends what it says. An
--- echo that is not in it is answered anyway. A tag in it stands for that of the script; without any
--- the daemon is one of protocol 1. Events before the first command come now.
function Daemon:play(text)
  self.player = transcript.new(text, self.time // 1 | 0)
  self.protocol = self.player.has_tags and 2 or 1
  self:tell_answer(self.player:begin())
end

--- Lets the script come to rest, and raises an error unless the transcript was played to its end.
function Daemon:finish()
  self:settle()
  local problem = self.player:problem()
  if problem then error(problem, 2) end
end

-- What is said in answer to a command, and its end: an error that refuses it is the end of one with a
-- tag.
function Daemon:tell_answer(lines, tag)
  local how
  for _, text in ipairs(lines) do
    local refusal = tag and type(text) == "string" and string.match(text, "^error\t(.*)$")
    local name = refusal and not string.find(refusal, ', for service "[^"]*"$') and errors.name_of(refusal)
    if name then how = name .. "\t" .. errors.without_command(refusal)
    elseif text == transcript.CLOSED then self:close()
    else self:say(text)
    end
  end
  if tag and not self.is_silent then self:say(how and "done\t" .. tag .. "\t" .. how or "done\t" .. tag) end
end

-- A command of the script.
function Daemon:take(text)
  local tag, command = string.match(text, "^@([%w._-]+)\t(.+)$")
  if tag and self.protocol == 1 then
    if not self.is_silent then self:tell("error", "Unknown command: @" .. tag) end
    return
  end
  text = command or text
  local word = string.match(text, "^echo\t(.*)$")
  -- The echoes that tell the client how a command ended are not commands of the script.
  local is_own = tag and text == "echo" or word and string.find(word, "^lua%-echo%-%d+$")
  local is_noted = not is_own and not string.find(text, "^conn%.features")
  if word and not is_own then self.sent[#self.sent + 1] = text end
  local told, has_end = nil, false
  if self.player then told, has_end = self.player:command(text, tag) end
  if told then
    if not word and not is_own then self.sent[#self.sent + 1] = text end
    return self:tell_answer(told, not has_end and tag or nil)
  end
  if is_own or word then
    if not self.is_silent then self:tell_answer({ word }, tag) end
    return
  end
  local features = string.match(text, "^conn%.features\t?(.*)$")
  if features then self.features = features end
  if features and not self.answers[text] then return self:tell_answer({ "conn.features\t" .. features }, tag) end
  if is_noted then self.sent[#self.sent + 1] = text end
  if self.player then self.player:mistake(text) end
  local answer = self.answers[text]
  if not answer and not self.player then
    answer = text == "statedump" and self.services.dump() or self.services.command(text)
  end
  self:tell_answer(answer or {}, tag)
end

-- The next that is there for the script, or the next thing that happens.
function Daemon:receive(seconds)
  local next = self.queue[self.first]
  if next then
    if next[1] ~= "closed" then
      self.queue[self.first] = nil
      self.first = self.first + 1
    end
    return table.unpack(next)
  end
  local plan = self.plans[1]
  local until_plan = plan and plan.time - self.time
  if seconds and (not plan or seconds < until_plan) then
    self.is_idle = true
    self.time = self.time + seconds
    return "idle"
  end
  if not plan then error("everybody waits, and nothing will ever come", 0) end
  table.remove(self.plans, 1)
  self.time = math.max(self.time, plan.time)
  plan.fn(self)
  return "idle"
end

local testing = {}

--- A controller, and the daemon that it talks to. From now on `require "daemonproxy"` is this one.
--- `options` change what plain.lua describes: `{timers = false}` is like a plain Lua. With
--- `{protocol = 1}` the daemon does not know tags.
function testing.new(options)
  local daemon = setmetatable({
    sent = {},          -- the commands of the script so far, each a line: its fields with TABs between them
    written = {},       -- what it would have written to standard error by itself
    printed = {},       -- what it has printed
    time = 100,         -- the seconds of CLOCK_MONOTONIC
    features = nil,     -- what the script has asked for by conn.features
    exited = nil,       -- with what it has called os.exit
    protocol = options and options.protocol or 2,
    options = options or {}, answers = {}, plans = {}, queue = {}, first = 1, last = 0, pids = 1000,
    globals = {}, modules = {},
  }, Daemon)
  daemon.services = imagined.new(daemon)
  for name in pairs(package.loaded) do daemon.modules[name] = true end
  return daemon:connect(), daemon
end

-- A controller that knows nothing yet.
function Daemon:connect()
  local io = {
    name = "testing", program = "controller", timers = true, sockets = false, signals = true,
    parse_event = line.parse_event, check_command = check.command,
  }
  function io.now() return self.time end
  function io.receive(seconds) return self:receive(seconds) end
  function io.trap() return true end

  function io.send(...)
    local text = table.concat({ ... }, "\t")
    if self.has_no_room and self.has_no_room(text) then return nil, "there is no room" end
    self:take(text)
    return true
  end

  for key, value in pairs(self.options) do io[key] = value end
  for _, name in ipairs(OF_A_CONNECTION) do package.loaded[name] = nil end
  package.preload["daemonproxy.host"] = function() return io end
  local dp = require "daemonproxy.controller"
  self.loop = dp.session.loop
  function self.loop.complain(text) self.written[#self.written + 1] = text end
  return dp
end

return testing
