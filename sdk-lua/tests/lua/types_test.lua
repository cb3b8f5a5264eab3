-- The annotations and the README cover everything there is, and nothing else.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local here = string.match(arg[0], "^(.*/)") or "./"
local root = here .. "../../"

local function read(path)
  local file = assert(io.open(root .. path))
  local text = file:read "a"
  file:close()
  return text
end

local TYPES <const> = read "types/daemonproxy.lua" .. "\n" .. read "types/protocol.lua"

-- The functions and the fields of a class, as annotated.
local function annotated(class)
  local found = {}
  for name in string.gmatch(TYPES, "\nfunction " .. class .. "[.:]([%w_]+)%(") do found[name] = "function" end
  for fields in string.gmatch(TYPES, "\n%-%-%-@class daemonproxy%." .. class .. "\n(.-)\n[^-]") do
    for name in string.gmatch(fields .. "\n", "%-%-%-@field ([%w_]+)") do found[name] = found[name] or "field" end
  end
  return found
end

local tests = {}

function tests.every_function_is_annotated_and_every_annotation_is_true()
  local dp = fake.new()
  local described = annotated "Module"
  for name in pairs(described) do
    if dp[name] == nil then error("there is no dp." .. name) end
  end
  for name in pairs(dp) do
    if name ~= "session" and not described[name] then error("dp." .. name .. " is not annotated") end
  end
end

function tests.annotated_methods_and_fields_can_be_had()
  local dp = fake.new()
  local objects = { Service = dp.service "web", Fd = dp.fd "log", Signal = dp.signal "HUP" }
  for class, object in pairs(objects) do
    local count = 0
    for name in pairs(annotated(class)) do
      -- What does not exist raises an error.
      local _ = object[name]
      count = count + 1
    end
    for name in pairs(getmetatable(object).__known(object)) do
      if not annotated(class)[name] then error(name .. " of a " .. class .. " is not annotated") end
    end
    if count < 4 then error("only " .. count .. " annotations of " .. class .. " were found") end
  end
end

-- Names in the first column of the README's tables.
local function explained()
  local found = {}
  for cell in string.gmatch(read "README.md", "\n| (`[^|]*`) |") do
    for names in string.gmatch(cell, "`([^`]+)`") do
      for name in string.gmatch(names, "%S+") do found[name] = true end
    end
  end
  return found
end

function tests.every_event_and_every_fact_is_in_the_readme()
  local found = explained()
  found["end"], found["service.env.apply"], found["env.apply"] = found.ended, true, true
  for event in pairs(require("daemonproxy.filters").FIELDS) do
    if not found[event] then error("the event " .. event .. " is not in the README") end
  end
  for _, fact in ipairs(require("daemonproxy.grammar").facts) do
    if not found[fact[1]] then error("the fact " .. fact[1] .. " is not in the README") end
  end
end

function tests.the_scripts_of_the_readme_compile()
  local count = 0
  for script in string.gmatch(read "README.md", "\n```lua\n(.-)\n```") do
    assert(load(script, "=README.md"))
    count = count + 1
  end
  if count == 0 then error "there is no script in the README" end
end

function tests.the_readme_tells_of_everything()
  local dp = fake.new()
  local readme = read "README.md"
  for name in pairs(dp) do
    if name ~= "session" then expect.has(readme, name) end
  end
  for name, kind in pairs(annotated "Service") do
    if kind == "function" then expect.has(readme, name) end
  end
end

return tests
