-- The services of the daemon that testing.lua plays: what is told about them is remembered, so that
-- a dump has it again, and a setting that the script makes is told back, as by a real daemon.
--
-- Nothing starts or ends by itself, whatever the triggers are: that is for the test to say.

local check = require "daemonproxy.check"
local facts = require "daemonproxy.facts"
local grammar = require "daemonproxy.grammar"

-- The lists of a service, in the order of a dump.
local LISTS <const> = { "tags", "args", "fds", "auto_up", "options", "env" }
-- Those with a line of their own in the dump even if nothing was ever told of them, and that line.
local DEFAULTS <const> = { tags = { "" }, args = { "" }, fds = { "null", "null", "null" }, auto_up = { "-" } }
-- Those that a connection hears of only if it has asked for `settings`, or has set them itself.
local SETTINGS <const> = check.set { "options", "env" }
local SETS <const> = check.set(LISTS)

local imagined = {}

local function line(...) return table.concat({ ... }, "\t") end

-- A list after some changes: `KEY=VALUE` and `WORD` are set, `-KEY` is removed.
local function changed(list, changes)
  local result = {}
  for at = 1, #list do result[at] = list[at] ~= "" and list[at] or nil end
  for _, change in ipairs(changes) do
    local key = string.match(change, "^%-?([^=]*)")
    local place
    for at, word in ipairs(result) do
      if string.match(word, "^[^=]*") == key then place = at end
    end
    if string.sub(change, 1, 1) == "-" then
      if place then table.remove(result, place) end
    else
      result[place or #result + 1] = change
    end
  end
  return result[1] and result or { "" }
end

--- `daemon` has the time, and the features that the script has asked for.
function imagined.new(daemon)
  local self = {}
  local services = {}    -- by name: what was told of each
  local run_count = 0

  local function known(name)
    services[name] = services[name] or { lists = {}, run = 0, facts = {}, starts = 0 }
    return services[name]
  end

  local function now() return daemon.time // 1 | 0 end

  local function has_feature(word)
    return string.find("\t" .. (daemon.features or "") .. "\t", "\t" .. word .. "\t", 1, true) ~= nil
  end

  local function run_line(name, service)
    return line("service.run", name, service.run, table.unpack(facts.fields(service.facts)))
  end

  local function tell_run(name, service)
    if has_feature "runs" then daemon:tell(run_line(name, service)) end
  end

  --- Takes in what is told to the script.
  function self.heard(text)
    local fields = check.split(text)
    local event, name = fields[1], fields[2]
    local key = string.match(event, "^service%.([%w_]+)$")
    if not key or not name then return end
    if key == "state" and fields[3] == "deleted" then
      services[name] = nil
    elseif key == "state" then
      known(name).state = text
      known(name).word = fields[3]
    elseif key == "run" then
      local service = known(name)
      service.run = math.tointeger(tonumber(fields[3])) or service.run
      run_count = math.max(run_count, service.run)
      service.facts = facts.parse("\t" .. table.concat(fields, "\t", 4))
      service.starts = service.facts.starts or service.starts
    elseif SETS[key] then
      known(name).lists[key] = table.move(fields, 3, #fields, 1, {})
    end
  end

  local function is_always(service)
    local triggers = service.lists.auto_up or {}
    for at = 2, #triggers do
      if triggers[at] == "always" then return true end
    end
    return false
  end

  --- A run begins.
  function self.up(name, pid)
    local service = known(name)
    run_count = run_count + 1
    service.starts = service.starts + 1
    local why = not service.is_ordered and is_always(service) and "always" or "order"
    service.is_ordered = nil
    service.pid, service.since, service.run = pid, now(), run_count
    service.facts = { starts = service.starts, why = why, pid = pid, start = daemon.time + 0.0 }
    daemon:tell("service.state", name, "up", now(), pid, "-", "-", 0, "-")
    tell_run(name, service)
    -- It has become its program, and is ready unless it says so in some way of its own.
    service.facts.exec = service.facts.start
    if not string.find("\t" .. table.concat(service.lists.options or {}, "\t"), "\tready=", 1, true) then
      service.facts.ready = service.facts.start
    end
    tell_run(name, service)
  end

  --- It has ended.
  function self.down(name, pid, how)
    local service = known(name)
    pid = service.word == "up" and service.pid or pid
    local since = service.word == "up" and service.since or now()
    local is_exit = math.type(how)
    service.facts["end"] = daemon.time + 0.0
    if is_exit then service.facts.exit = how else service.facts.signal = "SIG" .. string.gsub(how, "^SIG", "") end
    daemon:tell("service.state", name, "down", now(), pid, is_exit and "exit" or "signal", how, now() - since, 0)
    tell_run(name, service)
  end

  --- More is known of the run that goes on, or else the last one; false takes a fact away.
  function self.more(name, more)
    local service = known(name)
    for key, value in pairs(more) do service.facts[key] = value or nil end
    tell_run(name, service)
  end

  --- Everything there is, as a dump tells it.
  function self.dump()
    local names, lines = {}, {}
    for name in pairs(services) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      local service = services[name]
      lines[#lines + 1] = service.state or line("service.state", name, "down", "-", "-", "-", "-", "-", "-")
      if has_feature "runs" then lines[#lines + 1] = run_line(name, service) end
      for _, key in ipairs(LISTS) do
        local list = service.lists[key] or DEFAULTS[key]
        if list and (not SETTINGS[key] or has_feature "settings") then
          lines[#lines + 1] = line("service." .. key, name, table.unpack(list))
        end
      end
    end
    return lines
  end

  --- What a command of the script does to a service: the lines that answer it.
  function self.command(text)
    local fields = check.split(text)
    local key, is_change = string.match(fields[1], "^service%.([%w_]+)(.*)$")
    local name = fields[2]
    if not key then return {} end
    if SETS[key] then
      local list = table.move(fields, 3, #fields, 1, {})
      if is_change == ".apply" then list = changed((services[name] or { lists = {} }).lists[key] or {}, list) end
      if not list[1] then list = { key == "auto_up" and "-" or "" } end
      if key == "auto_up" and not list[2] then list = { "-" } end
      return { line("service." .. key, name, table.unpack(list)) }
    end
    local service = services[name]
    if key == "pipe" then return {} end
    if not service then return { line("error", grammar.errors.NoSuchService) } end
    if key == "start" then service.is_ordered = fields[3] ~= "-" end
    if key == "delete" then return { line("service.state", name, "deleted", "-", "-", "-", "-", "-", "-") } end
    return {}
  end

  return self
end

return imagined
