-- Lua values as JSON, for status pages and for programs that read a log.
--
--     local json = require "daemonproxy.json"
--     json.encode { name = "web", args = dp.service("web").args, pid = json.null }
--
-- A table with the keys 1, 2, 3 and so on is an array, and so is an empty one; all other keys must
-- be strings, and are sorted. `json.object(table)` is an object even if it is empty. Services, file
-- descriptors and signals are written as what is known about them. JSON is UTF-8: bytes that are
-- not become U+FFFD.

local where = require "daemonproxy.where"

local DEEPEST <const> = 100
local ESCAPES <const> = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["\b"] = "\\b", ["\f"] = "\\f", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t",
}

local json = {}
local OBJECT <const> = {}

--- What stands for null: a key with nil would not be there.
json.null = setmetatable({}, { __tostring = function() return "null" end })

--- Marks a table as an object, and returns it.
function json.object(table)
  if type(table) ~= "table" then where.misuse("object: a table is needed, not %s", type(table)) end
  return setmetatable(table, OBJECT)
end

local function escape(byte)
  return ESCAPES[byte] or string.format("\\u%04x", string.byte(byte))
end

local function valid_utf8(text)
  local parts, from = {}, 1
  while true do
    local length, wrong = utf8.len(text, from)
    if length then
      parts[#parts + 1] = string.sub(text, from)
      return table.concat(parts)
    end
    parts[#parts + 1] = string.sub(text, from, wrong - 1)
    parts[#parts + 1] = "\u{FFFD}"
    from = wrong + 1
  end
end

local function quoted(text)
  if not utf8.len(text) then text = valid_utf8(text) end
  return '"' .. string.gsub(text, '[%c"\\]', escape) .. '"'
end

local function number(value)
  if math.type(value) == "integer" then return string.format("%d", value) end
  if value ~= value or value == math.huge or value == -math.huge then where.misuse("json: %s is no number", value) end
  local short = string.format("%.15g", value)
  return tonumber(short) == value and short or string.format("%.17g", value)
end

local encode

local function members(value, depth)
  local names, parts = {}, {}
  for name in next, value do
    if type(name) ~= "string" then
      where.misuse("json: a table has the keys 1, 2, 3 and so on, or strings, and not %s among others", tostring(name))
    end
    names[#names + 1] = name
  end
  table.sort(names)
  for at, name in ipairs(names) do parts[at] = quoted(name) .. ":" .. encode(value[name], depth) end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function elements(value, depth)
  local parts = {}
  for at = 1, #value do parts[at] = encode(rawget(value, at), depth) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function is_array(value)
  local count = 0
  for _ in next, value do count = count + 1 end
  return count == #value
end

function encode(value, depth)
  local kind = type(value)
  if kind == "string" then return quoted(value) end
  if kind == "number" then return number(value) end
  if kind == "boolean" then return tostring(value) end
  if value == nil or value == json.null then return "null" end
  if kind ~= "table" then where.misuse("json: a %s cannot be written", kind) end
  if depth > DEEPEST then where.misuse("json: the tables are nested too deep, or in a circle") end
  local meta = getmetatable(value)
  if meta and meta.__known then return members(meta.__known(value), depth + 1) end
  if meta ~= OBJECT and is_array(value) then return elements(value, depth + 1) end
  return members(value, depth + 1)
end

--- The text, in one line.
function json.encode(value)
  return encode(value, 1)
end

return json
