-- Lua values as the fields of a command.
--
-- A table stands for a list where the command takes one, for flags joined by commas where it takes
-- those, and for its name where a name is wanted. Tags and options can be written as keys: {role = "web",
-- critical = true}, and in a change false removes one. Absent arguments are left out at the end,
-- and are `-` elsewhere.

local grammar = require "daemonproxy.grammar"
local near = require "daemonproxy.near"
local where = require "daemonproxy.where"

local COMMANDS, KINDS = grammar.commands, grammar.kinds

-- Kinds that are several words in one field, and those that are the name of something.
local JOINED, NAMES = { fd_numbers = true }, {}
for name, kind in pairs(KINDS) do
  if kind.flags then JOINED[name] = true end
  if kind.shape == "name" then NAMES[name] = true end
end

-- Lists whose fields can be written as keys and values.
local KEYED = { tag = true, tag_change = true, option = true, option_change = true }

-- And not a service or a file descriptor.
local function is_list(value)
  return type(value) == "table" and rawget(value, "name") == nil
end

local function text(command, kind, value)
  local is = math.type(value)
  if is == "float" and math.tointeger(value) then value, is = math.tointeger(value), "integer" end
  if is == "integer" then return string.format("%d", value) end
  -- As many digits as the protocol takes, and no more of them than there are.
  if is == "float" and (kind == "delay" or kind == "seconds") then
    return (string.gsub(string.gsub(string.format("%.9f", value), "0+$", ""), "%.$", ""))
  end
  if type(value) == "table" and NAMES[kind] then value = rawget(value, "name") end
  if type(value) ~= "string" then
    where.misuse("%s: %s is wanted, not %s", command, KINDS[kind] and KINDS[kind].what or "a field",
      is == "float" and tostring(value) or "a " .. type(value))
  end
  local control = string.match(value, "[\0-\31]")
  if control then where.misuse("%s: control character 0x%02x in a field", command, string.byte(control)) end
  return value
end

local function add_tags(fields, command, kind, tags)
  local keys = {}
  for key in pairs(tags) do
    if type(key) == "string" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local value = tags[key]
    if value == true then value = key
    elseif value == false and (kind == "tag_change" or kind == "option_change") then value = "-" .. key
    else value = key .. "=" .. text(command, kind, value)
    end
    fields[#fields + 1] = text(command, kind, value)
  end
end

local function add_list(fields, command, kind, list)
  for _, value in ipairs(list) do fields[#fields + 1] = text(command, kind, value) end
  if KEYED[kind] then
    add_tags(fields, command, kind, list)
  end
end

local function joined(command, kind, list)
  local words = {}
  for at, value in ipairs(list) do words[at] = text(command, kind, value) end
  return table.concat(words, ",")
end

local commands = {}

--- The fields of a command, its name first.
function commands.fields(name, ...)
  local known = COMMANDS[name]
  if not known then where.misuse("%s", near.unknown("command", name, COMMANDS)) end
  local fields = { name }
  local count = select("#", ...)
  while count > 0 and select(count, ...) == nil do count = count - 1 end
  local values = { ... }
  local last = known.args[#known.args]
  for at = 1, count do
    local arg = known.args[at] or last or { "", "", "" }
    local kind, presence, value = arg[2], arg[3], values[at]
    if value == nil then
      if presence ~= "?" then where.misuse("%s: %s is missing", name, arg[1]) end
      fields[#fields + 1] = "-"
    elseif is_list(value) and (presence == "*" or presence == "+" or kind == "line") then
      add_list(fields, name, kind, value)
    elseif is_list(value) and JOINED[kind] then
      fields[#fields + 1] = joined(name, kind, value)
    else
      fields[#fields + 1] = text(name, kind, value)
    end
  end
  return fields
end

--- The commands that are about a thing of this kind, by the name of their method: `start` is
--- service.start.
function commands.about(kind)
  local found = {}
  for name, command in pairs(COMMANDS) do
    local method = string.match(name, "^" .. kind .. "%.(.+)$")
    if method and command.args[1] and command.args[1][2] == kind then
      found[string.gsub(method, "%.", "_")] = name
    end
  end
  return found
end

--- All others, `socket_create` for socket.create.
function commands.others()
  local found = {}
  for name in pairs(COMMANDS) do found[string.gsub(name, "%.", "_")] = name end
  for _, kind in ipairs { "service", "fd", "signal" } do
    for _, name in pairs(commands.about(kind)) do found[string.gsub(name, "%.", "_")] = nil end
  end
  return found
end

return commands
