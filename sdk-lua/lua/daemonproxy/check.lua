-- Whether the daemon would accept a command as well formed. What a field of each kind may be, and
-- the text with which it is refused, as in the grammar; a command that does not exist, a missing
-- field, an extra field.
--
-- It helps whoever writes a command. The daemon has the last word.

local grammar = require "daemonproxy.grammar"
local signals = require "daemonproxy.signals"

local match, find, gsub = string.match, string.find, string.gsub
local KINDS, COMMANDS = grammar.kinds, grammar.commands
local CONTROL <const> = "[\0-\31]"

local function set(words)
  local known = {}
  for _, word in ipairs(words) do known[word] = true end
  return known
end

local CONDITIONS = set(KINDS.trigger.words)
local NAMED_CONDITIONS = set { "ready", "up", "down", "done", "fd" }
local SOCKET_FLAGS, FILE_FLAGS = set(KINDS.socket_flags.flags), set(KINDS.file_flags.flags)

local SOCKET_OPTIONS = {}
for _, option in ipairs(KINDS.socket_options.flags) do SOCKET_OPTIONS[match(option, "^[^=]*=")] = true end

local WRONG_MODE <const> = "invalid mode, expected mode=0 to mode=0777 together with create"

local function clean(text)
  return (gsub(text, CONTROL, " "))
end

local function is_name(field)
  return #field <= 31 and find(field, "^[%w._-]+$") ~= nil
end

-- A trigger as events tell it, or nothing: conditions joined by commas. A signal that stands alone
-- gets its whole name. Real-time signals are never received; 32 and 33 have no name of their own.
local function trigger_as_told(field)
  local signal = signals.name(field)
  if signal then return not find(signal, "^SIG[R%d]") and signal or nil end
  for condition in string.gmatch(field .. ",", "([^,]*),") do
    local kind, name = match(condition, "^(%l+):(.*)$")
    local is_named = kind and NAMED_CONDITIONS[kind] and is_name(name)
    signal = signals.name(condition)
    if not is_named and not CONDITIONS[condition] and (not signal or find(signal, "^SIG[R%d]")) then
      return nil
    end
  end
  return field
end

-- An answer from the grammar, with this in the place of its placeholder.
local function answer(text, value)
  return (gsub(text, "{%w+}", function() return clean(value) end))
end

-- A whole number, or nothing; one that 64 bits cannot hold becomes the nearest that they can, and
-- is not exact.
local function integer(field)
  local minus, digits = match(field, "^(%-?)(%d+)$")
  if not digits then return nil end
  local number = tonumber(field)
  if math.type(number) == "integer" then return number, true end
  return minus == "" and math.maxinteger or math.mininteger, false
end

local function exact_or(text, may_be_none)
  return function(field)
    if may_be_none and field == "-" then return nil end
    local _, exact = integer(field)
    return not exact and text or nil
  end
end

local function socket_flags(field)
  if field == "" or field == "-" then return nil end
  for flag in string.gmatch(field .. ",", "([^,]*),") do
    local length = match(flag, "^listen=(.*)$")
    if length then
      local number = match(length, "^%d+$") and integer(length)
      if not number or number < 1 or number > 65535 then return "invalid listen queue length" end
    elseif not SOCKET_FLAGS[flag] then
      return answer(KINDS.socket_flags.refused, flag)
    end
  end
  return nil
end

local function file_flags(field)
  if field == "" or field == "-" then return nil end
  local with_mode, created = false, false
  for flag in string.gmatch(field .. ",", "([^,]*),") do
    if find(flag, "^mode=") then
      local mode = match(flag, "=([0-7][0-7]?[0-7]?[0-7]?)$")
      if not mode or tonumber(mode, 8) > 511 then return WRONG_MODE end
      with_mode = true
    elseif not FILE_FLAGS[flag] then
      return answer(KINDS.file_flags.refused, flag)
    end
    created = created or flag == "create"
  end
  return with_mode and not created and WRONG_MODE or nil
end

-- Only whether they are known: the daemon says what is wrong with their values.
local function socket_options(field)
  if field == "" or field == "-" then return nil end
  for option in string.gmatch(field .. ",", "([^,]*),") do
    if not SOCKET_OPTIONS[match(option, "^[^=]*=")] then return KINDS.socket_options.refused end
  end
  return nil
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

-- Eight groups of up to four digits; one `::` stands for one or more groups of zeros; the last two
-- may be IPv4.
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

-- Kinds that are nothing more than their shape. For each shape there is a function that takes what
-- the grammar knows about the kind, and returns a function that returns the text with which a field
-- is refused, or nothing.
local SHAPES = {}

function SHAPES.name(kind) return function(field) return not is_name(field) and kind.refused or nil end end

function SHAPES.bytes(kind) return function(field) return find(field, CONTROL) and kind.refused or nil end end

function SHAPES.number(kind)
  local least, most = kind.range[1], kind.range[2] or math.maxinteger
  return function(field)
    if kind.none and field == "-" then return nil end
    local number = integer(field)
    if not number then return kind.refused end
    return (number < least or number > most) and kind.outside or nil
  end
end

-- With up to nine digits after a point.
function SHAPES.decimal(kind)
  local whole_number, least, most = SHAPES.number(kind), kind.range[1], kind.range[2]
  return function(field)
    local whole, part = match(field, "^(%d+)%.(%d+)$")
    if not whole then return whole_number(field) end
    if #whole > 10 or #part > 9 then return kind.refused end
    local number = tonumber(field)
    return (number < least or number > most) and kind.outside or nil
  end
end

function SHAPES.words(kind)
  local known = set(kind.words)
  return function(field) return not known[field] and answer(kind.refused, field) or nil end
end

function SHAPES.flags(kind)
  local known = set(kind.flags)
  return function(field)
    if kind.none and (field == "" or field == "-") then return nil end
    for flag in string.gmatch(field .. ",", "([^,]*),") do
      if not known[flag] then return answer(kind.refused, flag) end
    end
    return nil
  end
end

local function path(field)
  if field == "" then return KINDS.path.missing end
  return find(field, CONTROL) and KINDS.path.refused or nil
end

-- All others. `values` are the fields before it, by name.
local FIELDS = {
  tag_change = function(field)
    if find(field, CONTROL) then return "unable to set tags" end
    local is_change = find(field, "^[^-=]") or find(field, "^%-[^=]+$")
    return not is_change and string.format('invalid tag change "%s"', field) or nil
  end,
  start_time = exact_or(KINDS.start_time.refused, true),
  delay = function(field)
    local whole, point, part = match(field, "^(%d+)(%.?)(%d*)$")
    local is_number = whole and #whole <= 9 and #part <= 9 and (point == "") == (part == "")
    return field ~= "-" and not is_number and KINDS.delay.refused or nil
  end,
  guard = exact_or(KINDS.guard.refused, true),
  guard_code = function(field)
    local code, exact = integer(field)
    if not exact then return KINDS.guard_code.refused end
    return code == 0 and "code cannot be 0" or nil
  end,
  trigger = function(field) return not trigger_as_told(field) and KINDS.trigger.refused or nil end,
  signal = function(field)
    if signals.name(field) then return nil end
    return integer(field) and "Invalid signal number" or KINDS.signal.refused
  end,
  glob = function(field)
    local is_glob = #field <= 31 and find(field, "^[%w._*?-]+$")
    return not is_glob and string.format('invalid pattern "%s"', clean(field)) or nil
  end,
  socket_options = socket_options,
  socket_flags = socket_flags,
  file_flags = file_flags,
  fd_numbers = fd_numbers,
  path = path,
  program = path,
  address = function(field, values)
    return not fits(field, values.FLAGS) and KINDS.address.refused or nil
  end,
}

for name, kind in pairs(KINDS) do
  if kind.shape and kind.refused then FIELDS[name] = SHAPES[kind.shape](kind) end
end

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

local check = {
  FIELDS = FIELDS, RULES = RULES,
  is_name = is_name, integer = integer, set = set, trigger_as_told = trigger_as_told,
}

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
