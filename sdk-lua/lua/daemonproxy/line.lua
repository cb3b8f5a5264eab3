-- Parses lines of events into tables.
--
-- `event.event` is the name of the event, and each field of the grammar has its name in lower case
-- as its key: a number is an integer, a list an array, `-` is nil, and everything else the bytes as
-- they are. Two fields are split further: the state of a service is
-- `state timestamp pid exit signal uptime downtime`, and that of a file descriptor
-- `type flags description`; the facts of a run are a table by their names. A line whose first field
-- is not a known event has its other fields in `event.fields`.
--
-- Tables are never used twice: the view keeps them.

local grammar = require "daemonproxy.grammar"
local check = require "daemonproxy.check"
local facts = require "daemonproxy.facts"
local signals = require "daemonproxy.signals"

local match, find, sub = string.match, string.find, string.sub
local EVENTS, KINDS = grammar.events, grammar.kinds

-- A 64-bit integer, or nil.
local function integer(field)
  local number, exact = check.integer(field)
  return exact and number or nil
end

-- One that fits into 32 bits.
local function short(field)
  local number = integer(field)
  return number and number >= -0x80000000 and number <= 0x7fffffff and number or nil
end

local function count(field)
  local number = find(field, "^%d+$") and check.integer(field)
  return number and math.min(number, 0xffffffff) or nil
end

-- For each shape there is a function that takes what the grammar knows about a kind, and returns a
-- function that returns the value, or nil if the field is wrong.
local SHAPES = {}

function SHAPES.name() return function(field) return check.is_name(field) and field or nil end end

function SHAPES.bytes() return function(field) return not find(field, "[\0-\31]") and field or nil end end
SHAPES.flags = SHAPES.bytes

function SHAPES.words(kind)
  local known = check.set(kind.words)
  return function(field) return known[field] and field or nil end
end

function SHAPES.number(kind)
  local least, most = kind.range[1], kind.range[2] or math.maxinteger
  return function(field)
    local number = integer(field)
    return number and number >= least and number <= most and number or nil
  end
end

-- No event has one.
function SHAPES.decimal() return function() return nil end end

-- A word, with or without more behind a colon.
local function word_with(rest, ...)
  local known = check.set { ... }
  return function(field)
    local word, more = match(field, "^(%l+)(.*)$")
    return known[word] and (more == "" or find(more, rest)) and field or nil
  end
end

local VALUES = {
  conn_kind = word_with("^:[%w._-]+$", "config", "interactive", "socket", "service"),
  conn_rights = word_with("^:[\x21-\x7e]*$", "watch", "operate", "full"),
  trigger = check.trigger_as_told,
  -- A name that this connection may not know is a star.
  trigger_shown = function(field)
    if not find(field, ":*", 1, true) then return check.trigger_as_told(field) end
    return check.trigger_as_told((string.gsub(field, ":%*", ":x"))) and field
  end,
  fd_shown = function(field) return (field == "*" or check.is_name(field)) and field or nil end,
  path = function(field) return field ~= "" and not find(field, "[\0-\31]") and field or nil end,
  socket_options = function(field)
    for option in string.gmatch(field .. ",", "([^,]*),") do
      if not find(option, "^%l+=[\x21-\x7e]+$") then return nil end
    end
    return field
  end,
  signal = signals.name,
  timestamp = integer,
}
for name, kind in pairs(grammar.kinds) do
  if kind.shape then VALUES[name] = SHAPES[kind.shape](kind) end
end
-- A larger count is reported as this number.
VALUES.count = count
VALUES.id = count

-- Puts what follows the name of a service in `service.state` into the event. True if it is valid.
local function service_state(event, rest)
  local state, timestamp, pid, reason, value, uptime, downtime =
    match(rest, "^\t(%a+)\t([-%d]+)\t([-%d]+)\t([-%a]+)\t([^\t]+)\t([-%d]+)\t([-%d]+)$")
  event.state = state
  if state == "up" then
    event.timestamp, event.pid, event.uptime = integer(timestamp), short(pid), integer(uptime)
    return event.timestamp and event.pid and event.uptime and reason == "-" and value == "-" and downtime == "-"
  elseif state == "start" then
    event.timestamp = integer(timestamp)
    return event.timestamp and pid == "-" and reason == "-" and value == "-" and uptime == "-" and downtime == "-"
  elseif state == "down" and timestamp ~= "-" then
    if reason == "exit" then event.exit = short(value)
    elseif reason == "signal" then event.signal = signals.name(value) end
    event.timestamp, event.pid = integer(timestamp), short(pid)
    event.uptime, event.downtime = integer(uptime), integer(downtime)
    return (event.exit or event.signal) and event.timestamp and event.pid and event.uptime and event.downtime
  end
  return rest == "\tdown\t-\t-\t-\t-\t-\t-" or rest == "\tdeleted\t-\t-\t-\t-\t-\t-"
end

local function fd_state(event, rest)
  if rest == "\tdeleted" then
    event.type = "deleted"
    return true
  end
  event.type, event.flags, event.description = match(rest, "^\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
  return event.type ~= nil
end

local STATES = { service_state = service_state, fd_state = fd_state }

-- A line that ends before the list, and one that ends right after the TAB, both give the empty
-- list.
local function list(kind, rest)
  local values, length = {}, 0
  if rest == "" or rest == "\t" then return values end
  local value = VALUES[kind]
  for field in string.gmatch(rest, "\t([^\t]*)") do
    length = length + 1
    values[length] = value(field)
    if not values[length] then return nil end
  end
  return values
end

local function fill(event, args, rest)
  for at = 1, #args do
    local arg = args[at]
    local key, kind = arg[1], arg[2]
    local state = STATES[kind]
    if state then return state(event, rest) end
    if rest == "" and arg[3] == "?" then return true end
    if kind == "text" or kind == "error_text" then
      event[key] = match(rest, "^\t(.*)$")
      return event[key]
    end
    if kind == "fact" then
      event[key] = facts.parse(rest)
      return event[key]
    end
    if arg[3] == "*" then
      event[key] = list(kind, rest)
      return event[key]
    end
    local field, after = match(rest, "^\t([^\t]*)()")
    if not field then return false end
    rest = sub(rest, after)
    if field ~= "-" or not KINDS[kind].none then
      local value = VALUES[kind](field)
      if not value then return false end
      event[key] = value
    end
  end
  return rest == ""
end

-- Kinds that are parsed above, and not by a function of their own.
local line = { KINDS = check.set { "text", "error_text", "fact" } }
for kind in pairs(VALUES) do line.KINDS[kind] = true end
for kind in pairs(STATES) do line.KINDS[kind] = true end

--- The event, or nil and what is wrong with a line that begins like an event but is not one.
function line.parse_event(text)
  local name, after = match(text, "^([^\t]*)()")
  local known = EVENTS[name]
  -- The word alone is somebody's echo.
  if not known or known.needs_fields and text == name then
    local fields = {}
    for field in string.gmatch(sub(text, after), "\t([^\t]*)") do fields[#fields + 1] = field end
    return { event = name, fields = fields }
  end
  local event = { event = name }
  if fill(event, known.args, sub(text, after)) then return event end
  return nil, "not a line of the event " .. name
end

return line
