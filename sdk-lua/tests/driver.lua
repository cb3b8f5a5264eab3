-- The driver of the conformance suite, which plays the daemon on standard input and output, and
-- says over a third descriptor what to do with the client. It is for a plain lua5.4 as well as for
-- daemonproxy-lua.

local here = string.match(arg[0], "^(.*/)") or "./"
package.path = here .. "../lua/?.lua;" .. package.path

local check = require "daemonproxy.check"
local dp = require "daemonproxy.controller"
local errors = require "daemonproxy.errors"
local facts = require "daemonproxy.facts"
local grammar = require "daemonproxy.grammar"
local io = io

dp.session.auto_resync = false

-- Lua can open files only by name, and this socket has none: `cat` passes its lines on.
local number = assert(os.getenv("DAEMONPROXY_TEST_FD"), "DAEMONPROXY_TEST_FD is not set: this is started by the suite")
local requests = assert(io.popen("exec cat <&" .. number, "r"))
local answers = assert(io.popen("exec cat >&" .. number, "w"))

local function unescaped(field)
  return (string.gsub(field, "\\x(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local function escaped(field)
  return (string.gsub(field, "[\0-\31\\]", function(byte) return string.format("\\x%02x", string.byte(byte)) end))
end

local function shown(value)
  return value == nil and "-" or tostring(value)
end

local function failed(why, name)
  local class = "refused"
  if why == errors.LOST then class = "lost" elseif why == "closed" or why == "timeout" then class = why end
  return { "error", class, why, name }
end

-- `$`: a call of the client.
local function called(name, ...)
  local args = { ... }
  local did, ok, why, name_of_error = pcall(function()
    if name == "sync" then return dp.sync() end
    if name == "resync" then return dp.resync() end
    if name == "wait" then return dp.service(args[2]):wait(args[3]) end
    return dp.call(name, table.unpack(args))
  end)
  if not did then return { "error", "usage", ok } end
  return ok and { "ok" } or failed(why, name_of_error)
end

local known = {}

function known.services()
  local answer = { "ok" }
  for _, service in ipairs(dp.services()) do answer[#answer + 1] = service.name end
  return answer
end

function known.fds()
  local answer = { "ok" }
  for _, fd in ipairs(dp.fds()) do answer[#answer + 1] = fd.name end
  return answer
end

function known.overflow() return { "ok", "overflow=" .. (dp.overflowed() and 1 or 0) } end
function known.signal(name) return { "ok", "count=" .. dp.signal(name).count } end

function known.fd(name)
  local fd = dp.fd(name)
  if not fd.exists then return { "none" } end
  return { "ok", "type=" .. fd.type, "flags=" .. fd.flags, "description=" .. fd.description }
end

function known.run(name)
  local run = dp.service(name).run
  if not run then return { "none" } end
  local answer = { "ok", "run=" .. run.number }
  for _, fact in ipairs(facts.fields(run)) do
    answer[#answer + 1] = string.find(fact, "=") and fact or fact .. "=1"
  end
  return answer
end

function known.service(name)
  local service = dp.service(name)
  if not service.exists then return { "none" } end
  -- As they were reported: the object would count on.
  local told = dp.session.view.state(name)
  return {
    "ok", "state=" .. service.state, "since=" .. shown(service.timestamp), "pid=" .. shown(service.pid),
    "exit=" .. shown(service.exit), "signal=" .. shown(service.signal_name), "uptime=" .. shown(told.uptime),
    "downtime=" .. shown(told.downtime), "args=" .. table.concat(service.args, "\t"),
    "fds=" .. table.concat(service.fds, "\t"), "tags=" .. table.concat(service.tags, "\t"),
    "interval=" .. shown(service.auto_up_interval), "triggers=" .. table.concat(service.triggers, "\t"),
  }
end

-- An event as the fields of its line, made only from its table.
local function written(event)
  local fields = { "valid", event.event }
  local function add(value) fields[#fields + 1] = shown(value) end
  for _, of in ipairs(grammar.events[event.event].args) do
    local key, kind, presence = of[1], of[2], of[3]
    if kind == "service_state" then
      local reason = event.exit and "exit" or event.signal and "signal"
      for _, value in ipairs { "state", "timestamp", "pid" } do add(event[value]) end
      add(reason or nil)
      add(event.exit or event.signal)
      add(event.uptime)
      add(event.downtime)
    elseif kind == "fd_state" then
      add(event.type)
      if event.flags then
        add(event.flags)
        add(event.description)
      end
    elseif kind == "fact" then
      for _, value in ipairs(facts.fields(event[key])) do add(value) end
    elseif presence == "*" then
      for _, value in ipairs(event[key]) do add(value) end
    elseif event[key] ~= nil or presence ~= "?" then
      add(event[key])
    end
  end
  return fields
end

-- `?`: what the parsers make of a line.
local function judged(kind, line)
  if kind == "command" then
    local ok, why = dp.session.io.check_command(line)
    return ok and { "valid", table.unpack((check.split(line))) } or { "invalid", why }
  end
  local event, why = dp.session.io.parse_event(line)
  if not event then return { "invalid", why } end
  return event.fields and { "other" } or written(event)
end

local function answer(kind, name, ...)
  if kind == "$" then return called(name, ...) end
  if kind == "=" and known[name] then
    -- A plain Lua cannot check whether an event is there, but it can ask for an echo and read up to
    -- it.
    if not dp.is_closed() then dp.sync() end
    return known[name](...)
  end
  if kind == "?" then return judged(name, ...) end
  return { "error", "usage", "unknown request" }
end

for line in requests:lines() do
  local request = {}
  for field in string.gmatch(line, "[^\t]*") do request[#request + 1] = unescaped(field) end
  local fields = answer(table.unpack(request))
  for at, field in ipairs(fields) do fields[at] = escaped(field) end
  answers:write(table.concat(fields, "\t"), "\n")
  answers:flush()
end

-- In a host the loop would go on.
os.exit(true)
