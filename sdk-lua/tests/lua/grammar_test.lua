-- What the grammar has, this library has: if a new kind, rule, command or event needs something
-- here that is missing, one of these tests names it.

local check = require "daemonproxy.check"
local filters = require "daemonproxy.filters"
local grammar = require "daemonproxy.grammar"
local line = require "daemonproxy.line"
local testing = require "daemonproxy.testing"

local tests = {}

-- Raises an error with all that is missing.
local function report(missing)
  table.sort(missing)
  if missing[1] then error(table.concat(missing, "\n"), 2) end
end

function tests.each_kind_of_a_command_can_be_checked()
  local missing = {}
  for name, command in pairs(grammar.commands) do
    for _, arg in ipairs(command.args) do
      if arg[2] ~= "line" and not check.FIELDS[arg[2]] then
        missing[#missing + 1] = string.format("check.lua does not check the kind %s, of %s in %s", arg[2], arg[1], name)
      end
    end
    if command.check and not check.RULES[command.check[1]] then
      missing[#missing + 1] = string.format("check.lua does not have the rule %s, of %s", command.check[1], name)
    end
  end
  report(missing)
end

function tests.each_kind_of_an_event_can_be_read_and_filtered_by()
  local missing = {}
  for name, event in pairs(grammar.events) do
    for _, arg in ipairs(event.args) do
      if not line.KINDS[arg[2]] then
        missing[#missing + 1] = string.format("line.lua does not read the kind %s, of %s in %s", arg[2], arg[1], name)
      end
    end
    for field, kind in pairs(filters.FIELDS[name]) do
      if not filters.KINDS[kind] then
        missing[#missing + 1] = string.format("filters.lua does not know the kind %s, of %s in %s", kind, field, name)
      end
    end
  end
  report(missing)
end

-- What is reported about a service must be found at the service.
function tests.each_fact_about_a_service_can_be_read()
  local dp, daemon = testing.new()
  -- While nothing was told of a run, it is nil.
  daemon:tell("service.run", "web", 7, "why=order")
  dp.sync()
  local known = getmetatable(dp.service "web").__known(dp.service "web")
  -- Its facts are in the same table.
  known.facts = known.run.why
  local missing = {}
  for name, event in pairs(grammar.events) do
    local what = string.match(name, "^service%.(.+)$")
    -- With `.apply` it adds to a list that has an event of its own.
    if what and what ~= "state" and not string.find(what, "%.apply$") then
      for at = 2, #event.args do
        local field = event.args[at][1]
        -- For a service, an interval alone means nothing.
        if known[field] == nil and not pcall(function() return dp.service("web")[what .. "_" .. field] end) then
          missing[#missing + 1] = string.format("service.lua does not show %s of the event %s", field, name)
        end
      end
    end
  end
  report(missing)
end

function tests.each_command_is_a_method_or_a_function()
  local dp = testing.new()
  local about = { service = dp.service "web", fd = dp.fd "log", signal = dp.signal "HUP" }
  local missing = {}
  for name, command in pairs(grammar.commands) do
    local kind, method = string.match(name, "^(%a+)%.(.+)$")
    local object = about[kind] and command.args[1] and command.args[1][2] == kind and about[kind] or dp
    local key = string.gsub(object == dp and name or method, "%.", "_")
    local ok, callable = pcall(function() return object[key] end)
    if not ok or not callable then missing[#missing + 1] = "there is nothing for the command " .. name end
  end
  report(missing)
end

return tests
