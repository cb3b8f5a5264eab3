-- Whether the daemon would take a command apart. What a field of each kind may be, and the text with which it is
-- refused, as the grammar has it; a command that does not exist, a field too few, a field too many.
--
-- It is a help for whoever writes a command. The daemon has the last say.

local grammar = require "daemonproxy.grammar"
local signals = require "daemonproxy.signals"

local match, find, gsub = string.match, string.find, string.gsub
local KINDS, COMMANDS = grammar.kinds, grammar.commands
local MAX_SECONDS <const> = 2147483647
local CONTROL <const> = "[\0-\31]"

local function set(words)
  local known = {}
  for _, word in ipairs(words) do known[word] = true end
  return known
end

local LEVELS, ACTIONS = set(grammar.words.level), set(grammar.words.signal_action)
local FILE_FLAGS, PIPE_FLAGS = set(grammar.words.file_flag), set(grammar.words.pipe_flag)
local SOCKET_FLAGS = set(grammar.words.pipe_flag)
for _, flag in ipairs { "mkdir", "bind", "listen" } do SOCKET_FLAGS[flag] = true end

local function clean(text)
  return (gsub(text, CONTROL, " "))
end

local function is_name(field)
  return #field <= 31 and find(field, "^[%w._-]+$") ~= nil
end

local function name_or(text)
  return function(field) return not is_name(field) and text or nil end
end

local function no_control_or(text)
  return function(field) return find(field, CONTROL) and text or nil end
end

local function word_or(known, text)
  return function(field) return not known[field] and string.format(text, clean(field)) or nil end
end

-- A whole number, or nothing; one that 64 bits cannot hold is the nearest of those that they can, and not exact.
local function integer(field)
  local minus, digits = match(field, "^(%-?)(%d+)$")
  if not digits then return nil end
  local number = tonumber(field)
  if math.type(number) == "integer" then return number, true end
  return minus == "" and math.maxinteger or math.mininteger, false
end

local function number_or(least, most, text, may_be_none)
  return function(field)
    if may_be_none and field == "-" then return nil end
    local number = integer(field)
    if not number then return "Expected integer" end
    return (number < least or number > most) and text or nil
  end
end

local function exact_or(text, may_be_none)
  return function(field)
    if may_be_none and field == "-" then return nil end
    local _, exact = integer(field)
    return not exact and text or nil
  end
end

local function flags_of(known)
  return function(field)
    if field == "" or field == "-" then return nil end
    for flag in string.gmatch(field .. ",", "([^,]*),") do
      local length = known == SOCKET_FLAGS and match(flag, "^listen=(.*)$")
      if length then
        local number = match(length, "^%d+$") and integer(length)
        if not number or number < 1 or number > 65535 then return "invalid listen queue length" end
      elseif not known[flag] then
        return string.format('unknown flag "%s"', clean(flag))
      end
    end
    return nil
  end
end

local function fd_numbers(field)
  for number in string.gmatch(field .. ",", "([^,]*),") do
    local value = match(number, "^%d+$") and integer(number)
    if not value or value > 255 then return KINDS.fd_numbers.missing end
  end
  return nil
end

local function is_ipv4(host)
  local count = 0
  for part in string.gmatch(host .. ".", "([^.]*)%.") do
    count = count + 1
    if not find(part, "^%d%d?%d?$") or tonumber(part) > 255 or find(part, "^0%d") then return false end
  end
  return count == 4
end

-- Eight groups of up to four digits; one `::` stands for one or more groups of zeros; the last two may be IPv4.
local function is_ipv6(host)
  local before, last = match(host, "^(.*:)(%d[%d.]*%.%d+)$")
  if last then
    if not is_ipv4(last) then return false end
    host = before .. "0:0"
  end
  local function groups(part)
    if part == "" then return 0 end
    local count = 0
    for group in string.gmatch(part .. ":", "([^:]*):") do
      if not find(group, "^%x%x?%x?%x?$") then return nil end
      count = count + 1
    end
    return count
  end
  local left, right = match(host, "^(.-)::(.*)$")
  if not left then return groups(host) == 8 end
  local in_left, in_right = groups(left), groups(right)
  return in_left ~= nil and in_right ~= nil and in_left + in_right <= 7
end

local function has_flag(flags, wanted)
  for flag in string.gmatch(flags, "[^,]+") do
    if match(flag, "^[^=]*") == wanted then return true end
  end
  return false
end

-- The last word about it counts; without one, tcp and udp mean inet.
local function domain_of(flags)
  local domain
  for flag in string.gmatch(flags, "[^,]+") do
    if flag == "unix" or flag == "inet" or flag == "inet6" then domain = flag end
  end
  return domain or (has_flag(flags, "tcp") or has_flag(flags, "udp")) and "inet" or "unix"
end

local function fits(address, flags)
  local domain = domain_of(flags)
  if domain == "unix" then return address ~= "" and not find(address, CONTROL) end
  local host, port = match(address, "^(.*):(%d+)$")
  if not port or integer(port) > 65535 then return false end
  if host == "*" then return true end
  if domain == "inet" then return is_ipv4(host) end
  local inner = match(host, "^%[(.*)%]$")
  return inner ~= nil and is_ipv6(inner)
end

-- For each kind a function that gives the text with which a field is refused, or nothing. `values` are the fields
-- before it, by name.
local FIELDS = {
  service = name_or "Invalid service name",
  fd = name_or "Invalid file descriptor name",
  fd_or_none = name_or "invalid fd name",    -- `-` is a name as far as letters go
  feature = name_or "invalid feature name",
  arg = no_control_or "unable to set argv",
  exec_arg = no_control_or "control character in exec arguments",
  tag = no_control_or "unable to set tags",
  tag_change = function(field)
    if find(field, CONTROL) then return "unable to set tags" end
    local is_change = find(field, "^[^-=]") or find(field, "^%-[^=]+$")
    return not is_change and string.format('invalid tag change "%s"', field) or nil
  end,
  interval = number_or(1, MAX_SECONDS, "invalid interval", true),
  seconds = number_or(0, MAX_SECONDS, "seconds must be 0 to 2147483647", true),
  timeout = number_or(1, MAX_SECONDS, "invalid timeout, must be 1 to 2147483647"),
  exit_code = number_or(0, 255, "exit code must be 0 to 255"),
  count = number_or(0, math.maxinteger, "Expected integer of 0 or more"),
  start_time = exact_or("invalid timestamp", true),
  guard = exact_or("Expected integer", true),
  guard_code = function(field)
    local code, exact = integer(field)
    if not exact then return "Expected integer" end
    return code == 0 and "code cannot be 0" or nil
  end,
  trigger = function(field)
    return field ~= "always" and not signals.name(field) and "unable to set auto_up triggers" or nil
  end,
  signal = function(field)
    if signals.name(field) then return nil end
    return integer(field) and "Invalid signal number" or "Invalid signal argument"
  end,
  group = word_or({ group = true }, 'unknown option "%s"'),
  no_options = word_or({ [""] = true, ["-"] = true }, "Invalid options"),
  log_type = word_or({ fd = true }, "Unknown logging type"),
  guard_switch = word_or({ ["+"] = true, ["-"] = true }, "expected + or -"),
  signal_action = word_or(ACTIONS, 'unknown action "%s", expected event, shutdown or terminate'),
  filter_change = function(field)
    return not LEVELS[field] and field ~= "+" and field ~= "-" and "Invalid loglevel argument" or nil
  end,
  pipe_flags = flags_of(PIPE_FLAGS),
  file_flags = flags_of(FILE_FLAGS),
  socket_flags = flags_of(SOCKET_FLAGS),
  fd_numbers = fd_numbers,
  path = function(field)
    if field == "" then return "missing path argument" end
    return find(field, CONTROL) and "control character in path" or nil
  end,
  address = function(field, values)
    return not fits(field, values.FLAGS) and "invalid address" or nil
  end,
}

-- Rules about several fields.
local RULES = {
  logger_name_fits = function(name)
    if #name + #"-log.r" <= 31 then return nil end
    return string.format('service name too long: "%s-log.r" would pass 31 characters', name)
  end,
  names_differ = function(read, write) return read == write and "the two names must differ" or nil end,
  reset_within_close = function(reset, close)
    return integer(reset) > integer(close) and "reset timeout is greater than close timeout" or nil
  end,
}

local check = { FIELDS = FIELDS, RULES = RULES, is_name = is_name, integer = integer, set = set }

--- The fields of a line, empty ones too.
function check.split(line)
  local fields, count = {}, 0
  for field in string.gmatch(line, "[^\t]*") do
    count = count + 1
    fields[count] = field
  end
  return fields, count
end

local function check_list(kind, presence, fields, first, count)
  -- A list of one empty field is the empty list.
  if count == first and fields[first] == "" then count = first - 1 end
  if count < first then return presence == "+" and KINDS[kind].missing or nil end
  local is_wrong = FIELDS[kind]
  for at = first, count do
    local text = is_wrong(fields[at])
    if text then return text end
  end
  return nil
end

--- Nothing if the command is well formed, else the text with which the daemon would refuse it.
function check.refusal(line)
  local fields, count = check.split(line)
  local command = COMMANDS[fields[1]]
  if not command then return "Unknown command: " .. clean(fields[1]) end
  local values, at = {}, 1
  for _, arg in ipairs(command.args) do
    local name, kind, presence = arg[1], arg[2], arg[3]
    if kind == "line" then return nil end
    at = at + 1
    local field = fields[at]
    if presence == "*" or presence == "+" then
      local text = check_list(kind, presence, fields, at, count)
      if text then return text end
      at = count
    elseif field then
      local text = FIELDS[kind](field, values)
      if text then return text end
      values[name] = field
    elseif presence == "" then
      return KINDS[kind].missing
    elseif kind == "address" and (has_flag(values.FLAGS, "bind") or has_flag(values.FLAGS, "listen")) then
      return "expected address argument"
    end
  end
  if at < count then
    local surplus = clean(fields[at + 1])
    return (gsub(command.surplus, "{argument}", function() return surplus end))
  end
  local rule = command.check
  if rule then return RULES[rule[1]](values[rule[2]], values[rule[3]]) end
  return nil
end

--- As `io.check_command` has it: true, or nil and the text.
function check.command(line)
  local text = check.refusal(line)
  if text then return nil, text end
  return true
end

return check
