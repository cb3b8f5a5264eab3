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

-- How a traceback names our files: by their folder, or if the path is too long for it by its end.
local shown = debug and string.match(debug.getinfo(1, "S").short_src, "^(.*)where%.lua$")

local function is_ours(line)
  local folder, module = string.match(line, "^\t([^:]-)([%w_]+)%.lua:")
  if not shown or not folder then return false end
  local name = module == "init" and "daemonproxy" or "daemonproxy." .. module
  if package.loaded[name] == nil and name ~= "daemonproxy.where" then return false end
  if folder == shown then return true end
  return string.find(folder .. shown, "...", 1, true) ~= nil and string.find(folder, "daemonproxy/$") ~= nil
end

--- A text with a traceback, without those of its lines that lead through this library: a mistake is
--- in the script.
function where.only_the_script(text)
  text = tostring(text)
  local message, calls = string.match(text, "^(.*)\nstack traceback:(\n.*)$")
  if not message then return text end
  local kept, in_c = {}, {}
  for line in string.gmatch(calls, "\n([^\n]*)") do
    local is_gap = string.find(line, "^\t%(%.%.%.tail calls") ~= nil
    if is_ours(line) then
      in_c = {}    -- what we have called is ours, too
    elseif string.find(line, "^\t%[C%]:") then
      in_c[#in_c + 1] = line
    elseif not is_gap then
      table.move(in_c, 1, #in_c, #kept + 1, kept)
      in_c = {}
      kept[#kept + 1] = line
    end
  end
  if not kept[1] then return message end
  table.move(in_c, 1, #in_c, #kept + 1, kept)
  return message .. "\nstack traceback:\n" .. table.concat(kept, "\n")
end

return where
