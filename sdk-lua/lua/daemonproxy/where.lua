-- Where the script is, for messages: an error that the script made names the line of the script,
-- not one of ours.

local debug = debug    -- a host may later take it away from scripts

local where = {}

-- Our own files are those whose names begin like the name of this one.
local own = ""
if debug then own = string.match(debug.getinfo(1, "S").source, "^(.*)where%.lua$") or own end

--- `script.lua:12`, the innermost line that is not one of ours; nil if there is none.
function where.am_i()
  if not debug then return nil end
  local level = 3
  while true do
    local info = debug.getinfo(level, "Sl")
    if not info then return nil end
    if info.currentline > 0 and (own == "" or string.sub(info.source, 1, #own) ~= own) then
      return info.short_src .. ":" .. info.currentline
    end
    level = level + 1
  end
end

--- Raises an error about the way in which the script uses this library.
function where.misuse(format, ...)
  local text = select("#", ...) == 0 and format or string.format(format, ...)
  local line = where.am_i()
  error(line and line .. ": " .. text or text, 0)
end

--- A number of seconds, or misuse.
function where.seconds(what, value)
  if type(value) ~= "number" or value ~= value or value < 0 then
    where.misuse("%s: seconds are a number of 0 or more, not %s", what, tostring(value))
  end
  return value
end

--- The text of an error with the way that led to it.
function where.traceback(thread, text)
  return debug and debug.traceback(thread, text) or text
end

return where
