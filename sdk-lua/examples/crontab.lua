-- The five fields of crontab(5), for cron.lua: is this minute one of theirs?
--
--     local fits = assert(crontab.parse "*/15 8-18 * * mon-fri")
--     if fits(os.date "*t") then …
--
-- Minute, hour, day of the month, month, day of the week. Each is `*`, a number or a range, where
-- `*` and a range may be followed by `/` and a step; or several of these, separated by commas.
-- Months and days may be given as three letters, and 7 is also Sunday. If neither of the two fields
-- about days begins with `*`, a day that matches one of them is enough.

local function words(first, text)
  local numbers = {}
  for word in string.gmatch(text, "%a+") do
    numbers[word] = first
    first = first + 1
  end
  return numbers
end

local FIELDS <const> = {
  { name = "minute", least = 0, most = 59, words = {} },
  { name = "hour", least = 0, most = 23, words = {} },
  { name = "day of the month", least = 1, most = 31, words = {} },
  { name = "month", least = 1, most = 12, words = words(1, "jan feb mar apr may jun jul aug sep oct nov dec") },
  { name = "day of the week", least = 0, most = 7, words = words(0, "sun mon tue wed thu fri sat") },
}

local function number(field, text)
  local value = field.words[string.lower(text)] or string.find(text, "^%d+$") and tonumber(text)
  return value and value >= field.least and value <= field.most and value or nil
end

-- The numbers of a field, as a set; nil if it makes no sense.
local function parse_field(field, text)
  local set = {}
  for part in string.gmatch(text .. ",", "([^,]*),") do
    local range, step = string.gsub(part, "/%d+$", ""), string.match(part, "/(%d+)$")
    local from, to = string.match(range, "^(%w+)%-(%w+)$")
    local first, last, by = number(field, from or ""), number(field, to or ""), tonumber(step or 1)
    if range == "*" then
      first, last = field.least, field.most
    elseif not from and not step then
      first = number(field, part)
      last = first
    end
    if not first or not last or first > last or by == 0 then return nil end
    for value = first, last, by do set[value] = true end
  end
  return set
end

local crontab = {}

--- A function that says whether a table of os.date matches; or nil and why not, if these are not
--- five fields.
---@param text string
---@return (fun(time: table): boolean)? fits
---@return string? why
function crontab.parse(text)
  local sets, is_any = {}, {}
  for part in string.gmatch(text, "%S+") do
    local at = #sets + 1
    local field = FIELDS[at]
    if not field then return nil, string.format("%q has more than five fields", text) end
    local set = parse_field(field, part)
    if not set then
      return nil, string.format("%s is no %s: that is %d to %d", part, field.name, field.least, field.most)
    end
    sets[at], is_any[at] = set, string.sub(part, 1, 1) == "*"
  end
  if #sets < #FIELDS then return nil, string.format("%q has less than five fields", text) end
  local minutes, hours, days, months, weekdays = table.unpack(sets)
  if weekdays[7] then weekdays[0] = true end

  return function(time)
    if not (minutes[time.min] and hours[time.hour] and months[time.month]) then return false end
    local day, weekday = days[time.day] or false, weekdays[time.wday - 1] or false
    if is_any[3] or is_any[5] then return day and weekday end
    return day or weekday
  end
end

return crontab
