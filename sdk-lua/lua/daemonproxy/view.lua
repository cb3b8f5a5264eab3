-- What is known about the daemon, put together from events. It does no I/O.
--
-- The last event of each kind is kept as it is, for each service, file descriptor and signal. After
-- a gap in the events nothing is thrown away at once: `mark` makes everything doubtful, a dump
-- confirms what is still there, and `sweep` forgets the rest. That goes for each fact of a service:
-- another one of its name can be made during a dump, after its place there.

local facts = require "daemonproxy.facts"
local grammar = require "daemonproxy.grammar"
local line = require "daemonproxy.line"

local view = {}

-- A list that is empty, or not known yet.
local NONE <const> = {}

-- What is told of a service that was only just made; any other list is empty.
local AT_FIRST <const> = {
  ["service.state"] = "down\t-\t-\t-\t-\t-\t-",
  ["service.run"] = "0",
  ["service.auto_up"] = "-",
}

-- Time that merely passes is not a change.
local FLEETING <const> = { uptime = true, downtime = true, at = true }

-- The last word of the name of an event, under which it has its list, and that list, if it has one.
local function last_word(name) return string.match(name, "[^.]+$") end
local function list_of(event)
  local list = event[last_word(event.event)]
  return type(list) == "table" and list or NONE
end

local function same_list(left, right)
  if #left ~= #right then return false end
  for at = 1, #left do
    if left[at] ~= right[at] then return false end
  end
  return true
end

local function same(left, right)
  for key, value in pairs(left) do
    if key == "facts" then
      if not facts.same(value, right[key]) then return false end
    elseif type(value) == "table" then
      if not same_list(value, right[key]) then return false end
    elseif value ~= right[key] and not FLEETING[key] then
      return false
    end
  end
  for key in pairs(right) do
    if left[key] == nil and not FLEETING[key] then return false end
  end
  return true
end

function view.new()
  local self = { overflowed = false, log_level = nil, shutdown = nil }
  local services, fds, counts, settings = {}, {}, {}, {}
  local environment, old_environment = NONE, 0    -- the list, and how much of it is in doubt
  local round = 0    -- counts the marks: what was reported since the last one has its number

  local function service(event)
    local name = event.name
    local known = services[name]
    if not known then
      known = {}
      services[name] = known
    end
    known.round = round
    known[event.event] = event
    if known.old then known.old[event.event] = nil end
  end

  -- What was too long for a line goes on in events with `.apply`: each adds to the list.
  local function more(event)
    local name = string.gsub(event.event, "%.apply$", "")
    local key = last_word(name)
    local known = services[event.name] or NONE
    local told, old = known[name], known.old and known.old[name]
    local before = told and told[key] or NONE
    local list = table.move(before, 1, #before, 1, {})
    table.move(event.apply, 1, #event.apply, #list + 1, list)
    service { event = name, name = event.name, [key] = list }
    if old then known.old[name] = old end    -- what was there before is as doubtful as it was
  end

  local function fd(event)
    fds[event.name] = event.type ~= "deleted" and { round = round, event = event } or nil
  end

  local function signal(event)
    counts[event.signal] = event.count > 0 and { round = round, event = event, count = event.count } or nil
  end

  -- A setting of the daemon itself, by what it is about. The event has the fields of the command.
  local function setting(event, of, ...)
    local list = { event.event }
    for at = 1, select("#", ...) do list[at + 1] = select(at, ...) end
    settings[event.event .. "\t" .. (of or "")] = { round = round, list = list }
  end

  local function join(list, items)
    return table.move(items, 1, #items, #list + 1, table.move(list, 1, #list, 1, {}))
  end

  -- Facts that are told only once are kept for as long as it is about the same run.
  local function run(event)
    local known = services[event.name]
    local before = known and known["service.run"]
    if before and before.run == event.run then
      local all = facts.merge(before.facts, event.facts)
      event = { event = event.event, name = event.name, run = event.run, facts = all }
    end
    service(event)
  end

  --- For each event the function that takes it in.
  self.fold = {
    ["service.state"] = function(event)
      if event.state == "deleted" then services[event.name] = nil else service(event) end
    end,
    ["service.run"] = run,
    ["fd.state"] = fd,
    ["signal"] = signal,
    ["log.filter"] = function(event)
      self.log_level = event.level
      setting(event, nil, event.level)
    end,
    ["log.dest"] = function(event) setting(event, nil, event.type, event.fd) end,
    ["terminate.exec_args"] = function(event) setting(event, nil, table.unpack(event.args)) end,
    ["chdir"] = function(event) setting(event, nil, event.path) end,
    ["signal.default"] = function(event) setting(event, event.signal, event.signal, event.action) end,
    ["socket.create"] = function(event)
      local options = event.options or "-"
      setting(event, string.match("," .. options, ",name=([^,]+)"), options, event.path)
    end,
    ["socket.delete"] = function(event) settings["socket.create\t" .. (event.name or "")] = nil end,
    ["env"] = function(event) environment, old_environment = event.env, 0 end,
    ["env.apply"] = function(event) environment = join(environment, event.apply) end,
    ["terminate.state"] = function(event) self.shutdown = event end,
    ["overflow"] = function() self.overflowed = true end,
  }
  -- Everything else about a service is a fact, and the last report counts.
  for name in pairs(grammar.events) do
    if string.find(name, "^service%.") and not self.fold[name] then
      self.fold[name] = string.find(name, "%.apply$") and more or service
    end
  end

  --- Whether an event says anything that is not known already. Ask before it is folded in.
  function self.is_news(event)
    local name = event.event
    local known
    if name == "fd.state" then
      known = fds[event.name]
      if not known then return event.type ~= "deleted" end
      return not same(known.event, event)
    elseif name == "signal" then
      return self.count(event.signal) ~= event.count
    elseif string.find(name, "^service%.") then
      known = services[event.name]
      if not known then return event.state ~= "deleted" end
      return not known[name] or not same(known[name], event)
    end
    return true
  end

  --- From here on notes what is still there. To be called just before the dump begins.
  function self.mark()
    round = round + 1
    self.overflowed = false
    old_environment = #environment
    for _, known in pairs(services) do
      -- For each fact how many elements of its list are in doubt.
      local old = {}
      for name, event in pairs(known) do
        if name ~= "old" and name ~= "round" then old[name] = #list_of(event) end
      end
      known.old = old
    end
  end

  -- An event for a fact that was not reported since the mark, and so was of another service.
  local function forgotten(known, name, event, count)
    local list = list_of(known[event])
    if #list > count then
      return { event = event, name = name, [last_word(event)] = table.move(list, count + 1, #list, 1, {}) }
    end
    local told = line.parse_event(table.concat({ event, name, AT_FIRST[event] or "" }, "\t"))
    return not same(known[event], told) and told or nil
  end

  --- Forgets what was not reported since the mark, and returns an event for each; nil if events
  --- were missed meanwhile.
  function self.sweep()
    if self.overflowed then return nil end
    local gone = {}
    for name, known in pairs(services) do
      if known.round ~= round then
        gone[#gone + 1] = { event = "service.state", name = name, state = "deleted" }
      else
        for event, count in pairs(known.old or NONE) do gone[#gone + 1] = forgotten(known, name, event, count) end
        known.old = nil
      end
    end
    for name, known in pairs(fds) do
      if known.round ~= round then gone[#gone + 1] = { event = "fd.state", name = name, type = "deleted" } end
    end
    for name, known in pairs(counts) do
      if known.round ~= round then gone[#gone + 1] = { event = "signal", signal = name, count = 0 } end
    end
    for key, known in pairs(settings) do
      if known.round ~= round then settings[key] = nil end
    end
    environment = table.move(environment, old_environment + 1, #environment, 1, {})
    old_environment = 0
    table.sort(gone, function(a, b)
      if a.event ~= b.event then return a.event < b.event end
      return (a.name or a.signal) < (b.name or b.signal)
    end)
    for _, event in ipairs(gone) do self.fold[event.event](event) end
    return gone
  end

  local function names(known)
    local list = {}
    for name in pairs(known) do list[#list + 1] = name end
    table.sort(list)
    return list
  end

  function self.service_names() return names(services) end
  function self.fd_names() return names(fds) end
  function self.signal_names() return names(counts) end

  --- The settings of the daemon itself as the commands that set them, each a list of fields.
  function self.settings()
    local list = {}
    for _, key in ipairs(names(settings)) do list[#list + 1] = join(NONE, settings[key].list) end
    return list
  end

  --- The environment of every service, as far as it was set.
  function self.environment() return join(NONE, environment) end

  --- Whether there is such a service.
  function self.has_service(name) return services[name] ~= nil end

  --- The last `service.state`, or nil if there is no such service. One of which nothing was
  --- reported yet is down.
  function self.state(name)
    local known = services[name]
    return known and (known["service.state"] or { state = "down" })
  end

  --- A list of a service: `service.args` and so on, under this key.
  function self.list(name, event, key)
    local known = services[name]
    local told = known and known[event]
    return told and told[key] or NONE
  end

  function self.interval(name)
    local known = services[name]
    local told = known and known["service.auto_up"]
    return told and told.interval
  end

  --- The last `service.run`, or nil.
  function self.run(name)
    local known = services[name]
    return known and known["service.run"]
  end

  --- Whether this run of a service has ended.
  function self.run_is_over(name, number)
    local known = services[name]
    local told = known and known["service.run"]
    if not known then return true end
    return told ~= nil and (told.run > number or told.run == number and told.facts["end"] ~= nil)
  end

  --- The last `fd.state`, or nil.
  function self.fd(name)
    local known = fds[name]
    return known and known.event
  end

  --- The last `signal`, or nil if none is pending.
  function self.signal(name)
    local known = counts[name]
    return known and known.event
  end

  --- How many of a signal are pending.
  function self.count(name)
    local known = counts[name]
    return known and known.count or 0
  end

  --- This many were taken off, which no event reports.
  function self.cleared(name, count)
    local known = counts[name]
    if not known then return end
    known.count = known.count - count
    if known.count <= 0 then counts[name] = nil end
  end

  return self
end

return view
