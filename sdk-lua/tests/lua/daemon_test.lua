-- Scripts as services of a real daemon, under a plain Lua 5.4 and, if it is there, under
-- daemonproxy-lua.
--
-- The daemon is that of $DAEMONPROXY, the host that of $DAEMONPROXY_LUA. A test that takes longer
-- than a minute has failed.

local expect = require "expect"

local here = string.match(arg[0], "^(.*/)") or "./"
local daemon = assert(os.getenv "DAEMONPROXY", "DAEMONPROXY is not set: which daemon is to be tested with?")
local host = os.getenv "DAEMONPROXY_LUA"

local function read(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read "a"
  local _, _, status = pipe:close()
  return text, status
end

local lua = string.gsub(read("cd '" .. here .. "../../lua' && pwd"), "\n$", "")
local PREAMBLE <const> = string.format("package.path = %q .. package.path\n", lua .. "/?.lua;" .. lua .. "/?/init.lua;")

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  file:close()
end

local LEVELS <const> = { trace = true, debug = true, info = true, warning = true, error = true, fatal = true }

-- Runs a script as the service `ctl`; returns what it wrote to standard error, only its own lines,
-- and the status.
local function run(interpreter, script, config)
  local dir = string.gsub(read "mktemp -d", "\n$", "")
  write(dir .. "/script.lua", PREAMBLE .. script)
  write(dir .. "/conf", table.concat({
    "service.args\tctl\t" .. interpreter .. "\tscript.lua", "service.fds\tctl\tcontrol.event\tcontrol.cmd\tstderr",
    config or "service.start\tctl", "",
  }, "\n"))
  local text, status = read(string.format("cd '%s' && exec timeout -k 5 60 '%s' -c conf 2>&1 </dev/null", dir, daemon))
  read(string.format("rm -rf '%s'", dir))
  -- What the daemon logs is not what is tested here.
  local lines = {}
  for line in string.gmatch(text, "[^\n]+") do
    if not LEVELS[string.match(line, "^(%a+): ")] then lines[#lines + 1] = line end
  end
  return lines, status, text
end

local tests = {}

-- What messages begin with.
local function program(interpreter) return string.match(interpreter, "[^/]*$") .. ": " end

-- A test for each interpreter.
local function test(name, fn)
  tests[name .. "_plain"] = function() fn("lua5.4") end
  if host then tests[name .. "_host"] = function() fn(host) end end
end

test("a_service_is_set_up_and_runs_to_its_end", function(interpreter)
  local lines, status = run(interpreter, [[
    local dp = require "daemonproxy"
    local web = dp.service "web"
    dp.on("service.state", { name = "web" }, function(event) print(event.state, event.exit) end)
    web:args { "sh", "-c", "exit 42" }:tags { role = "test" }:start()
    print(web:wait "down", web.exit, web.tags.role)
    web:delete()
    print(dp.sync(), web.state)
    dp.terminate(3)
    dp.run()
  ]])
  expect.same(lines, { "start\tnil", "up\tnil", "down\t42", "true\t42\ttest", "deleted\tnil", "true\tdeleted" })
  expect.same(status, 3)
end)

test("refusals_name_the_line_of_the_script", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    dp.service("web"):start()
    print(dp.call("service.start", "db"))
    dp.spawn(function() dp.service("mail"):start() end)
    dp.terminate(0)
    dp.run()
  ]])
  expect.same(table.remove(lines, 1), "nil\tNo such service\tNoSuchService")
  table.sort(lines)
  expect.same(lines, {
    program(interpreter) .. 'script.lua:3: refused: No such service, for command "service.start web"',
    program(interpreter) .. 'script.lua:5: refused: No such service, for command "service.start mail"',
  })
end)

test("a_controller_that_was_started_again_knows_what_there_is", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    local web = dp.service "web"
    if not web.exists then
      web:args { "sleep", "1000" }:start()
      dp.sync()
      error "oh dear"
    end
    print(web.state, web.args[2], #dp.services())
    dp.terminate_shutdown(5)
    dp.run()
  ]], "service.auto_up\tctl\t1\talways")
  local text = table.concat(lines, "\n")
  expect.has(text, "script.lua:7: oh dear")
  expect.has(text, "up\t1000\t2")
end)

test("an_error_in_a_handler_loses_no_event", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    local count = 0
    dp.on("service.tags", function() count = count + 1; error "oh dear" end)
    for at = 1, 500 do dp.service("web"):tags { at } end
    dp.sync()
    print("heard of " .. count)
    dp.terminate(0)
    dp.run()
  ]])
  expect.has(table.concat(lines, "\n"), "heard of 500")
  expect.has(lines[1], program(interpreter) .. "error in a handler of service.tags: script.lua:4: oh dear")
end)

test("the_end_is_told_to_who_waits", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    dp.on("closed", function() print "closed" end)
    dp.spawn(function() print(dp.service("web"):wait "up") end)
    dp.terminate(0)
    dp.run()
    print "and on"
  ]])
  expect.same({ lines[1], lines[2] }, { "closed", "nil\tclosed" })
  if interpreter == "lua5.4" then expect.same(lines[3], "and on") end
end)

-- The script has no handler for signals: the daemon ends as if it were not there.
test("a_script_that_only_observes_keeps_nobody_from_ending_the_daemon", function(interpreter)
  local lines, status, text = run(interpreter, [[
    local dp = require "daemonproxy"
    dp.on("terminate.state", function(event) print(event.phase) end)
    dp.sync()
    dp.sync()
    dp.service("kill"):args { "sh", "-c", "kill -TERM $PPID" }:start()
    dp.run()
  ]])
  expect.same(lines[1], "stopping")
  if status ~= 0 then error(text) end
end)

test("a_signal_is_heard_and_cleared", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    dp.on("signal", function(event)
      print(event.signal, event.count, dp.signal("HUP").count)
      dp.signal("HUP"):clear()
      dp.sync()
      print(dp.signal("HUP").count, #dp.signals())
      dp.terminate(0)
    end)
    dp.service("kill"):args { "sh", "-c", "kill -HUP $PPID" }:start()
    dp.run()
  ]])
  expect.same(lines, { "SIGHUP\t1\t1", "0\t0" })
end)

-- Another controller floods this one, which reads nothing until that is done.
test("missed_events_are_made_up_for", function(interpreter)
  local lines = run(interpreter, [[
    local dp = require "daemonproxy"
    -- However long it takes.
    dp.conn_event_timeout(1000, 2000)
    local told = 0
    dp.on("service.tags", function() told = told + 1 end)
    dp.on("overflow", function() print "overflow" end)
    dp.on("resynced", function()
      print("resynced", dp.service("web").tags.n, dp.overflowed(), told < 30000)
      dp.terminate(0)
    end)
    local flood = 'n=0; while [ $n -lt 30000 ]; do n=$((n+1)); echo "service.tags\tweb\tn=$n"; done; : > flooded'
    dp.service("flood"):args { "sh", "-c", (flood:gsub("\t", "\\t")) }:fds { "null", "control.cmd", "stderr" }:start()
    dp.sync()
    os.execute "while ! [ -e flooded ]; do sleep 0.1; done"
    dp.run()
  ]])
  expect.same(lines, { "overflow", "resynced\t30000\tfalse\ttrue" })
end)

if host then
  function tests.waits_have_limits_in_the_host()
    local lines, status = run(host, [[
      local dp = require "daemonproxy"
      local before = dp.now()
      print(dp.service("web"):wait("up", 0.2))
      print(dp.sleep(0.1))
      print(dp.now() - before >= 0.3)
      dp.after(0.1, function() dp.terminate(7) end)
    ]])
    expect.same({ lines, status }, { { "nil\ttimeout", "true", "true" }, 7 })
  end
end

return tests
