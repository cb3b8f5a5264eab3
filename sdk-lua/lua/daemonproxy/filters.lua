-- What a handler wants to hear about: fields of an event, each with the value that it must have.
--
-- A filter is checked when the handler is set: an event, a field or a value that can never occur is
-- a mistake in the script, since the handler would never be called. A list such as `tags` matches
-- if it contains the value.

local check = require "daemonproxy.check"
local grammar = require "daemonproxy.grammar"
local near = require "daemonproxy.near"
local signals = require "daemonproxy.signals"
local where = require "daemonproxy.where"

-- Events that the daemon does not send, and their fields with their kinds.
local OWN = {
  refused = { text = "text", error = "text", command = "text", where = "text" },
  malformed = { line = "text", reason = "text" },
  echo = { line = "text" },
  resynced = {},
  closed = { reason = "text" },
}
local OF_STATES = {
  service_state = {
    state = "state", timestamp = "timestamp", pid = "integer", exit = "integer", signal = "signal",
    uptime = "integer", downtime = "integer",
  },
  fd_state = { type = "text", flags = "text", description = "text" },
}

local function whole(value)
  return math.type(value) and math.tointeger(value)
end

-- The name of a service or a file descriptor, or the object itself.
local function name(value)
  if type(value) == "table" then value = rawget(value, "name") end
  return type(value) == "string" and check.is_name(value) and value
end

local function text(value)
  return type(value) == "string" and value or math.type(value) == "integer" and string.format("%d", value)
end

local function signal(value)
  return (type(value) == "string" or math.type(value)) and signals.name(tostring(value))
end

local function word(list)
  local known = check.set(list)
  return { function(value) return known[value] and value end, "one of " .. table.concat(list, ", ") }
end

-- For each kind of field the value as it is in an event, or nothing, and what it can be.
local WHOLE <const>, NAME <const>, TEXT <const> = { whole, "a whole number" }, { name, "a name" }, { text, "a text" }
local SHAPES = { name = NAME, bytes = TEXT, number = WHOLE, flags = TEXT }
local KINDS = {
  text = TEXT, error_text = TEXT, conn_kind = TEXT, conn_rights = TEXT, fd_shown = NAME,
  id = WHOLE, timestamp = WHOLE, integer = WHOLE, path = TEXT, socket_options = TEXT,
  signal = { signal, "a signal" },
  trigger_shown = { function(value) return type(value) == "string" and check.trigger_as_told(value) end, "a trigger" },
  state = word(grammar.words.state),
}
for kind, known in pairs(grammar.kinds) do
  KINDS[kind] = KINDS[kind] or known.shape == "words" and word(known.words) or SHAPES[known.shape]
end

-- The kinds of the fields of each event, by their names.
local FIELDS = {}
for event, fields in pairs(OWN) do FIELDS[event] = fields end
for event, known in pairs(grammar.events) do
  local fields = {}
  for _, arg in ipairs(known.args) do
    local own = OF_STATES[arg[2]] or { [arg[1]] = arg[2] ~= "fact" and arg[2] or nil }
    for field, kind in pairs(own) do fields[field] = kind end
  end
  FIELDS[event] = fields
end
-- All that there are.
FIELDS["*"] = {}
for _, fields in pairs(FIELDS) do
  for field, kind in pairs(fields) do FIELDS["*"][field] = kind end
end

local filters = { KINDS = KINDS, FIELDS = FIELDS }

--- Raises misuse unless there is such an event.
function filters.check_event(event)
  if not FIELDS[event] then
    where.misuse("on: %s", near.unknown("event", event, FIELDS))
  end
end

--- A filter as a list of fields and values in turn; nil if there is nothing to compare.
function filters.new(event, filter)
  local list = {}
  for field, wanted in pairs(filter) do
    local kind = FIELDS[event][field]
    if not kind then
      where.misuse("on: the event %s has no field %s%s", event, tostring(field), near.hint(field, FIELDS[event]))
    end
    local value = KINDS[kind][1](wanted)
    if not value then
      local is_signal = kind == "signal" and type(wanted) == "string"
      if is_signal then where.misuse("on: there is no signal %s", wanted) end
      where.misuse("on: the field %s of %s is %s, not %s", field, event, KINDS[kind][2], tostring(wanted))
    end
    list[#list + 1] = field
    list[#list + 1] = value
  end
  return list[1] ~= nil and list or nil
end

local function has(list, wanted)
  for at = 1, #list do
    if list[at] == wanted then return true end
  end
  return false
end

--- Whether an event has these values.
function filters.fits(event, list)
  for at = 1, #list, 2 do
    local value, wanted = event[list[at]], list[at + 1]
    if value ~= wanted and not (type(value) == "table" and has(value, wanted)) then return false end
  end
  return true
end

--- Whether it can match an event in which this field has this value.
function filters.may_fit(list, field, value)
  for at = 1, #list, 2 do
    if list[at] == field and list[at + 1] ~= value then return false end
  end
  return true
end

return filters
