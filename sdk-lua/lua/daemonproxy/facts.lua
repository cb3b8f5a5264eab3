-- What is known of a run of a service (`service.run`): from fields to a table, and back.
--
-- Numbers are numbers, what is so is true, and what is not known is nil. The host makes the same
-- tables by itself.

local grammar = require "daemonproxy.grammar"

local match = string.match

local function number(text) return math.tointeger(tonumber(text)) end

local VALUES = {}

-- At most nine digits after the point.
function VALUES.moment(text)
  local point, digits = match(text, "^%d+(%.?)(%d*)$")
  local fits = point and (point == "." and #digits > 0 or #digits == 0) and #digits <= 9
  return fits and tonumber(text) + 0.0 or nil
end
VALUES.seconds = VALUES.moment

function VALUES.number(text) return match(text, "^-?%d+$") and number(text) end
function VALUES.flag() return true end
function VALUES.word(text) return text end

function VALUES.failure(text)
  local stage, errno = match(text, "^(.*):(-?%d+)$")
  return stage and { stage = stage, errno = number(errno) }
end

local facts = {}

local KINDS = {}
for _, fact in ipairs(grammar.facts) do KINDS[fact[1]] = fact[2] end

--- The table for what stands behind the number of the run.
function facts.parse(rest)
  local known = {}
  if rest == "\t" then return known end
  for field in string.gmatch(rest, "\t([^\t]*)") do
    local key, mark, text = match(field, "^([^=]*)(=?)(.*)$")
    if KINDS[key] then known[key] = VALUES[KINDS[key]](text) or text
    elseif mark == "=" then known[key] = text
    else known[key] = true end
  end
  return known
end

local ONCE = {}
for _, fact in ipairs(grammar.facts) do ONCE[fact[1]] = fact.once end

local function equals(left, right)
  if type(left) == "table" and type(right) == "table" then
    return left.stage == right.stage and left.errno == right.errno
  end
  return left == right
end

--- Whether nothing is new in `told`; what is told only once need not be there again.
function facts.same(known, told)
  for key, value in pairs(known) do
    if not equals(value, told[key]) and not (ONCE[key] and told[key] == nil) then return false end
  end
  for key in pairs(told) do
    if known[key] == nil then return false end
  end
  return true
end

--- What is known of a run after this was told of it, too.
function facts.merge(known, told)
  local merged = {}
  for key, value in pairs(told) do merged[key] = value end
  for key in pairs(ONCE) do
    if merged[key] == nil then merged[key] = known[key] end
  end
  return merged
end

local function shown(value)
  if type(value) == "table" then return value.stage .. ":" .. value.errno end
  if math.type(value) ~= "float" then return tostring(value) end
  if value % 1 == 0 then return string.format("%.0f", value) end
  return (string.gsub(string.format("%.9f", value), "0+$", ""))
end

--- As they stand on the line, in the order of the grammar; what a newer daemon may know is left out.
function facts.fields(known)
  local fields = {}
  for _, fact in ipairs(grammar.facts) do
    local key, value = fact[1], known[fact[1]]
    if value == true then fields[#fields + 1] = key
    elseif value ~= nil then fields[#fields + 1] = key .. "=" .. shown(value) end
  end
  return fields
end

return facts
