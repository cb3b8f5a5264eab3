-- The examples, each run as its first lines say, with what one may want to change set for the test:
-- short times, and services that do as the test wants.
--
-- A test reads what the daemon writes, and goes on when what it waits for is there. What has not
-- come within a minute will not come.

local expect = require "expect"

local here = string.match(arg[0], "^(.*/)") or "./"
local examples = here .. "../../examples/"
local of_the_daemon = here .. "../../../daemonproxy/examples/"
local daemon = assert(os.getenv "DAEMONPROXY", "DAEMONPROXY is not set: which daemon is to be tested with?")
local host = os.getenv "DAEMONPROXY_LUA"

local function output(command)
  local pipe = assert(io.popen(command))
  local text = string.gsub(pipe:read "a", "\n$", "")
  pipe:close()
  return text
end

local function read(path)
  local file = assert(io.open(path))
  local text = file:read "a"
  file:close()
  return text
end

-- In one step: whoever reads it meanwhile must not find half of it.
local function write(path, text)
  local file = assert(io.open(path .. ".new", "w"))
  assert(file:write(text))
  file:close()
  assert(os.rename(path .. ".new", path))
end

-- Replaces the statement that makes the same constant.
local function change(script, statement)
  local name = assert(string.match(statement, "^local ([%u_]+) <const>"), statement)
  local first, last = string.find(script, "\nlocal " .. name .. " <const>[^\n]*= %b{}\n")
  if not first then first, last = string.find(script, "\nlocal " .. name .. " <const>[^\n]*\n") end
  assert(first, "the example has no " .. name)
  return string.sub(script, 1, first) .. statement .. string.sub(script, last)
end

-- An example that runs in a folder of its own.
local run = {}
run.__index = run

function run.path(self, name) return self.dir .. "/" .. name end

-- The next line that matches; what comes in between does not matter.
function run.wait(self, pattern)
  for line in self.pipe:lines() do
    self.said[#self.said + 1] = line
    self.status = tonumber(string.match(line, "^the daemon has left with status (%d+)$"))
    if string.find(line, pattern) then return line end
  end
  error(string.format("no line %q came, but:\n%s", pattern, table.concat(self.said, "\n")), 2)
end

-- Waits for the end of the daemon, and gives its status.
function run.ends(self)
  self:wait "^the daemon has left"
  return self.status
end

-- Which of the lines so far matches.
function run.place(self, pattern)
  for at, line in ipairs(self.said) do
    if string.find(line, pattern) then return at end
  end
  return nil
end

function run.kill(self, signal, pid)
  assert(os.execute(string.format("kill -s %s %s", signal, pid or self.pid)))
end

-- Makes a FIFO, and waits until somebody writes a line into one, or writes one when somebody reads.
function run.fifo(self, name) assert(os.execute(string.format("mkfifo '%s/%s'", self.dir, name))) end
function run.hears(self, name) return output(string.format("cd '%s' && timeout 60 head -n 1 %s", self.dir, name)) end
function run.tells(self, name)
  assert(os.execute(string.format("cd '%s' && timeout 60 sh -c 'echo go on > %s'", self.dir, name)))
end

-- What another controller prints when it runs this code.
function run.asks(self, code)
  write(self:path "ask.lua", 'local dp = require "daemonproxy"\n' .. code .. "\nos.exit(0)")
  return output(string.format("cd '%s' && timeout 60 '%s' --connect=socket ask.lua 2>&1", self.dir, host))
end

-- The process that runs the script.
function run.script_pid(self)
  for child in string.gmatch(read("/proc/" .. self.pid .. "/task/" .. self.pid .. "/children"), "%d+") do
    if read("/proc/" .. child .. "/comm") == "daemonproxy-lua\n" then return child end
  end
  error("the script does not run", 2)
end

-- Whatever becomes of the daemon, what can be read of it ends in a minute.
local START <const> = [[
cd '%s' && mkfifo said && {
  { %s sh -c 'echo $$; exec "$0" -S socket -L "$1"' '%s' '%s'; echo "the daemon has left with status $?"; } >said 2>&1 &
  exec timeout 60 cat said
} </dev/null]]

local tests = {}

-- A test of an example: setup(run) says what is changed in it, before it starts.
local function test(name, script, setup, fn)
  if not host then return end
  tests[name] = function()
    local self = setmetatable({ dir = output "mktemp -d", said = {}, wrapper = "" }, run)
    assert(os.execute(string.format("cp '%s'*.lua '%s'*.lua '%s'", examples, of_the_daemon, self.dir)))
    local text = read(self:path(script))
    for _, statement in ipairs(setup(self)) do text = change(text, statement) end
    write(self:path(script), (self.prelude or "") .. text)
    self.pipe = assert(io.popen(string.format(START, self.dir, self.wrapper, daemon, script)))
    self.pid = self.pipe:read "l"
    local ok, trace = xpcall(fn, debug.traceback, self)
    if not self.status then
      -- Everything is killed.
      self:asks "dp.terminate_shutdown(0)"
      xpcall(self.ends, tostring, self)
      os.execute(string.format("kill -s KILL %s 2>/dev/null", self.pid))
    end
    self.pipe:close()
    os.execute(string.format("rm -rf '%s'", self.dir))
    if not ok then error(trace .. "\nwhat was said:\n" .. table.concat(self.said, "\n"), 0) end
  end
end

-- --- giveup.lua

test("giveup_switches_off_what_keeps_failing", "giveup.lua", function() return {} end, function(self)
  for _ = 1, 3 do self:wait "^broken has ended: exit 3$" end
  self:wait "^broken does not work, I switch it off$"
  self:kill "INT"
  expect.same(self:ends(), 0)
end)

-- One that runs until the shutdown.
local LONG <const> = [[
local long = require("daemonproxy").service("long")
long:args("sh", "-c", "echo it runs >&2; exec sleep 60"):fds("null", "null", "stderr"):auto_up(1, "always")
]]

local function with_long(self)
  self.prelude = LONG
  return {}
end

test("giveup_takes_a_shutdown_for_no_failure", "giveup.lua", with_long, function(self)
  self:wait "^it runs$"
  self:kill "TERM"
  expect.same(self:ends(), 0)
  expect.same(self:place "^long has ended", nil)
end)

-- Says in a tag when it is set up, which is when it waits for the first time.
local function says_when_it_is_set_up(self)
  self.prelude = [[
    local one = require "daemonproxy"
    local lua = one.service "lua"
    one.after(0, function() lua:tags("set-up-" .. lua.run.number) end)
  ]]
  return {}
end

-- Kills the script, and says what has become of the service when the next one is set up.
local AFTER_A_CRASH <const> = [[
  local lua, broken = dp.service "lua", dp.service "broken"
  local killed = lua.run.number
  lua:signal "KILL"
  dp.wait_for(function()
    local run = tonumber(string.match(lua.tags[1] or "", "^set%-up%-(%d+)$"))
    return run and run > killed
  end, 30)
  dp.sync()
  print(broken.state, #broken.triggers, lua.run.starts)
]]

test("giveup_is_not_undone_by_a_crash", "giveup.lua", says_when_it_is_set_up, function(self)
  self:wait "^broken does not work, I switch it off$"
  expect.same(self:asks(AFTER_A_CRASH), "down\t0\t2")
end)

-- --- clean-shutdown.lua

-- A front that works until it is told to go on, and a store. Both say in the file `order` when they
-- end.
local FRONT_AND_STORE <const> = [[local SERVICES <const> = {
  store = { "sh", "-c", "sleep 60 & trap 'kill $!; echo store >> order; exit' TERM; echo > store-runs; wait" },
  front = { "sh", "-c", "sleep 60 & trap 'trap \"\" TERM; kill $!; read line < finish; "
    .. "echo front >> order; echo goodbye; exit' TERM; echo > front-runs; wait" },
}]]

local function front_and_store(self)
  for _, name in ipairs { "store-runs", "front-runs", "finish" } do self:fifo(name) end
  return { FRONT_AND_STORE, "local DRAIN_SECONDS <const>, TERM_SECONDS <const>, KILL_SECONDS <const> = 60, 60, 60" }
end

local function both_run(self)
  self:hears "store-runs"
  self:hears "front-runs"
end

local function all_is_well(self)
  expect.same(self:ends(), 0)
  expect.same(read(self:path "order"), "front\nstore\n")
  expect.same(read(self:path "front.log"), "goodbye\n")
  expect.same(self:place "had to be killed", nil)
end

test("clean_shutdown_lets_the_front_finish", "clean-shutdown.lua", front_and_store, function(self)
  both_run(self)
  self:kill "TERM"
  self:wait "^SIGTERM: front may finish"
  self:tells "finish"
  all_is_well(self)
end)

test("clean_shutdown_at_control_c", "clean-shutdown.lua", front_and_store, function(self)
  both_run(self)
  self:kill "INT"
  self:wait "^SIGINT: front may finish"
  self:tells "finish"
  all_is_well(self)
end)

test("clean_shutdown_goes_on_when_the_script_dies", "clean-shutdown.lua", front_and_store, function(self)
  both_run(self)
  self:kill "TERM"
  self:wait "^SIGTERM: front may finish"
  self:kill("KILL", self:script_pid())
  self:wait "^SIGTERM: front may finish"
  self:tells "finish"
  all_is_well(self)
end)

-- One that ignores SIGTERM.
local STUBBORN <const> = [[local SERVICES <const> = {
  store = { "sleep", "60" },
  front = { "sh", "-c", "trap '' TERM; echo > front-runs; exec sleep 60" },
}]]

test("clean_shutdown_tells_what_had_to_be_killed", "clean-shutdown.lua", function(self)
  self:fifo "front-runs"
  return { STUBBORN, "local DRAIN_SECONDS <const>, TERM_SECONDS <const>, KILL_SECONDS <const> = 0.5, 1, 60" }
end, function(self)
  self:hears "front-runs"
  self:kill "TERM"
  self:wait "^front has not finished in 0.5 seconds"
  self:wait "^front had to be killed"
  expect.same(self:ends(), 10)
end)

test("clean_shutdown_hurries_at_the_second_signal", "clean-shutdown.lua", function(self)
  self:fifo "front-runs"
  return { STUBBORN, "local DRAIN_SECONDS <const>, TERM_SECONDS <const>, KILL_SECONDS <const> = 1000, 1000, 60" }
end, function(self)
  self:hears "front-runs"
  self:kill "TERM"
  self:wait "^SIGTERM: front may finish"
  self:kill "TERM"
  self:wait "^SIGTERM again"
  self:wait "^front had to be killed"
  expect.same(self:ends(), 10)
end)

-- --- crontab.lua and cron.lua

local crontab = dofile(examples .. "crontab.lua")
local function at(text)
  local year, month, day, hour, minute = string.match(text, "(%d+)-(%d+)-(%d+) (%d+):(%d+)")
  return os.date("*t", os.time { year = year, month = month, day = day, hour = hour, min = minute })
end

function tests.crontab_fields_mean_what_they_mean_in_crontab()
  -- The 2nd of March 2026 is a Monday.
  for _, case in ipairs {
    { "* * * * *", "2026-03-02 08:30", true },
    { "30 8 * * *", "2026-03-02 08:30", true },
    { "30 8 * * *", "2026-03-02 08:31", false },
    { "30 8 * * *", "2026-03-02 09:30", false },
    { "*/15 * * * *", "2026-03-02 08:45", true },
    { "*/15 * * * *", "2026-03-02 08:50", false },
    { "10-20/5 * * * *", "2026-03-02 08:15", true },
    { "10-20/5 * * * *", "2026-03-02 08:25", false },
    { "1,2,30-31 * * * *", "2026-03-02 08:30", true },
    { "1,2,30-31 * * * *", "2026-03-02 08:03", false },
    { "* * * mar *", "2026-03-02 08:30", true },
    { "* * * Apr-dec *", "2026-03-02 08:30", false },
    { "* * * * mon-fri", "2026-03-02 08:30", true },
    { "* * * * mon-fri", "2026-03-01 08:30", false },
    { "* * * * 7", "2026-03-01 08:30", true },
    { "* * * * 0", "2026-03-01 08:30", true },
    { "* * * * 5-7", "2026-03-01 08:30", true },
    { "* * 2 * *", "2026-03-02 08:30", true },
    { "* * 3 * *", "2026-03-02 08:30", false },
    -- Either of the two is enough, unless one of them begins with a star.
    { "* * 2 * fri", "2026-03-02 08:30", true },
    { "* * 3 * mon", "2026-03-02 08:30", true },
    { "* * 3 * fri", "2026-03-02 08:30", false },
    { "* * */2 * mon", "2026-03-02 08:30", false },
  } do
    local fits = assert(crontab.parse(case[1]))
    local text = string.format("%s at %s: it should be %s", table.unpack(case))
    if fits(at(case[2])) ~= case[3] then error(text) end
  end
end

function tests.crontab_fields_that_mean_nothing_are_refused()
  for text, part in pairs {
    ["60 * * * *"] = "60 is no minute: that is 0 to 59",
    ["* 24 * * *"] = "24 is no hour",
    ["* * 0 * *"] = "0 is no day of the month",
    ["* * * 13 *"] = "13 is no month",
    ["* * * * 8"] = "8 is no day of the week",
    ["5-1 * * * *"] = "5-1 is no minute",
    ["*/0 * * * *"] = "*/0 is no minute",
    ["5/10 * * * *"] = "5/10 is no minute",
    ["1,,2 * * * *"] = "1,,2 is no minute",
    ["mon * * * *"] = "mon is no minute",
    ["-1 * * * *"] = "-1 is no minute",
    ["* * * *"] = "less than five fields",
    ["* * * * * *"] = "more than five fields",
    [""] = "less than five fields",
  } do
    local fits, why = crontab.parse(text)
    expect.same(fits, nil)
    expect.has(why, part)
  end
end

local function jobs(self, list) write(self:path "cron-jobs.lua", "return {" .. list .. "}") end

local function test_cron(name, list, fn)
  test("cron_" .. name, "cron.lua", function(self)
    jobs(self, list)
    self:fifo "go-on"
    return {}
  end, fn)
end

test_cron("runs_every_so_many_seconds", '{ name = "beat", when = 0.1, args = { "echo", "it beats" } }', function(self)
  for _ = 1, 3 do self:wait "^it beats$" end
  self:kill "TERM"
  expect.same(self:ends(), 0)
  expect.same(self:place "failed", nil)
end)

test_cron("tells_that_one_failed", '{ name = "beat", when = 0.1, args = { "sh", "-c", "exit 3" } }', function(self)
  self:wait "^cron: beat failed: exit status 3$"
end)

test_cron("tells_that_one_was_killed", [[
  { name = "beat", when = 0.1, args = { "sh", "-c", "kill -9 $$" } },
]], function(self)
  self:wait "^cron: beat failed: SIGKILL$"
end)

test_cron("runs_nothing_twice_at_the_same_time", [[
  { name = "slow", when = 0.1, args = { "sh", "-c", "echo begins; read line < go-on; echo ends" } },
]], function(self)
  self:wait "^begins$"
  for _ = 1, 2 do self:wait "^cron: slow still runs" end
  self:tells "go-on"
  self:wait "^begins$"
  expect.same({ self.said[1], self:place "^ends$" ~= nil }, { "cron: the table is read", true })
  local begun = 0
  for _, line in ipairs(self.said) do
    if line == "begins" then begun = begun + 1 elseif line == "ends" then begun = begun - 1 end
    if begun > 1 then error "it ran twice at the same time" end
  end
  self:tells "go-on"
end)

-- The clock of the script says that it is just before half past eight on a Monday.
local CLOCK <const> = [[
local time = os.time
local offset = time { year = 2026, month = 3, day = 2, hour = 8, min = 29, sec = 58 } - time()
function os.time(date) return date and time(date) or time() + offset end
local date = os.date
function os.date(format, at) return date(format, at or os.time()) end
]]

test("cron_runs_at_a_time_of_day", "cron.lua", function(self)
  self.prelude = CLOCK
  jobs(self, [[
    { name = "time", when = "08:30", args = { "echo", "it is time" } },
    { name = "fields", when = "*/15 8-18 * * mon-fri", args = { "echo", "it fits" } },
    { name = "later", when = "08:31", args = { "touch", "too-early" } },
    { name = "sunday", when = "30 8 * * sun", args = { "touch", "too-early" } },
  ]])
  return {}
end, function(self)
  self:wait "^it %a+"
  self:wait "^it %a+"
  expect.same(self:place "^it is time$" ~= nil and self:place "^it fits$" ~= nil, true)
  self:kill "TERM"
  expect.same(self:ends(), 0)
  expect.same(io.open(self:path "too-early"), nil)
end)

test_cron("reads_the_table_again", '{ name = "old", when = 0.1, args = { "echo", "the old one" } }', function(self)
  self:wait "^the old one$"
  jobs(self, '{ name = "new", when = 0.1, args = { "echo", "the new one" } }')
  self:kill "HUP"
  for _ = 1, 5 do self:wait "^the new one$" end
  expect.same(self:asks 'print((dp.service("old"):wait("deleted", 60)), dp.signal("HUP").count)', "true\t0")
  -- Nobody tries to start it any more.
  expect.same(self:place "old still runs", nil)
end)

test_cron("what_was_taken_out_may_end_first", [[
  { name = "old", when = 0.1, args = { "sh", "-c", "echo begins; read line < go-on; echo ends" } },
]], function(self)
  self:wait "^begins$"
  jobs(self, '{ name = "new", when = 0.1, args = { "echo", "the new one" } }')
  self:kill "HUP"
  self:wait "^the new one$"
  expect.same(self:asks 'print(dp.service("old").state)', "up")
  self:tells "go-on"
  self:wait "^ends$"
  expect.same(self:asks 'print(dp.service("old"):wait("deleted", 60))', "true")
end)

test_cron("a_wrong_table_leaves_the_old_one", [[
  { name = "beat", when = 0.1, args = { "echo", "it beats" } },
]], function(self)
  self:wait "^it beats$"
  jobs(self, '{ name = "beat", when = "25:00", args = { "echo", "never" } }')
  self:kill "HUP"
  self:wait "^cron: the table is wrong, and not used: beat: 25 is no hour: that is 0 to 23$"
  self:wait "^it beats$"
end)

for name, case in pairs {
  no_name = { "{ when = 0.1, args = { 'true' } }", "an entry needs a name for its service" },
  twice = { "{ name = 'a', when = 1, args = { 'a' } }, { name = 'a', when = 2, args = { 'a' } }", "a is there twice" },
  no_args = { "{ name = 'a', when = 1 }", "a has no args" },
  not_ours = { "{ name = 'lua', when = 0.1, args = { 'true' } }", "lua is a service that does something else" },
  no_lua = { "{ name = }", "cron%-jobs.lua:1: " },
  no_number = { "{ name = 'a', when = 0, args = { 'true' } }", 'a: "0" has less than five fields' },
} do
  test_cron("a_table_can_be_mended_" .. name, case[1], function(self)
    self:wait("^cron: the table is wrong, and not used: .*" .. case[2])
    jobs(self, '{ name = "beat", when = 0.1, args = { "echo", "it beats" } }')
    self:kill "HUP"
    self:wait "^it beats$"
  end)
end

-- --- dependencies.lua

local function test_dependencies(name, services, times, fn)
  test("dependencies_" .. name, "dependencies.lua", function(self)
    for _, fifo in ipairs { "meet", "go-on" } do self:fifo(fifo) end
    return {
      "local SERVICES <const> = {" .. services .. "}",
      "local READY_SECONDS <const>, RETRY_SECONDS <const>, TERM_SECONDS <const> = " .. times,
    }
  end, fn)
end

-- Two that wait for each other before they are ready, and one that needs both.
test_dependencies("independent_ones_start_together", [[
  left = { args = { "sh", "-c", "echo > meet; echo ready >&3; exec sleep 60" } },
  right = { args = { "sh", "-c", "read line < meet; echo ready >&3; exec sleep 60" } },
  top = { needs = { "left", "right" }, args = { "sh", "-c", "echo top runs; echo ready >&3; exec sleep 60" } },
]], "60, 0.1, 60", function(self)
  self:wait "^dependencies: top is ready$"
  local left, right = self:place "left is ready", self:place "right is ready"
  expect.same(math.max(left, right) < self:place "^top runs$", true)
end)

test_dependencies("what_does_not_get_ready_is_tried_again", [[
  store = { args = { "sh", "-c", "[ -e tried ] && echo ready >&3; touch tried; exec sleep 60" } },
  web = { needs = { "store" }, args = { "sh", "-c", "echo web runs; echo ready >&3; exec sleep 60" } },
]], "2, 0.1, 60", function(self)
  self:wait "^dependencies: store does not get ready$"
  expect.same(self:place "web runs", nil)
  self:wait "^dependencies: web is ready$"
  expect.same(self:place "store is ready" < self:place "web runs", true)
end)

for name, how in pairs { dies = "exit 1", closes_it = "exec 3>&-; exec sleep 60" } do
  test_dependencies("what_" .. name .. "_is_not_ready", string.format([[
    store = { args = { "sh", "-c", "[ -e tried ] || { touch tried; %s; }; echo ready >&3; exec sleep 60" } },
  ]], how), "60, 0.1, 60", function(self)
    self:wait "^dependencies: store has closed its descriptor 3 or died$"
    self:wait "^dependencies: store is ready$"
  end)
end

-- web needs store, report needs web and does not come back by itself, other needs nothing.
local CHAIN <const> = [[
  store = { args = { "sh", "-c", "echo ready >&3; exec sleep 60" } },
  web = { needs = { "store" }, args = { "sh", "-c", "echo ready >&3; exec sleep 60" } },
  report = { needs = { "web" }, lost = "stop", args = { "sh", "-c", "echo ready >&3; exec sleep 60" } },
  other = { args = { "sh", "-c", "echo ready >&3; exec sleep 60" } },
]]

test_dependencies("who_needs_a_dead_one_is_restarted_or_stopped", CHAIN, "60, 0.1, 60", function(self)
  self:wait "^dependencies: report is ready$"
  self:asks 'dp.service("store"):signal("KILL"); dp.sync()'
  self:wait "^dependencies: web is stopped$"
  self:wait "^dependencies: web is ready$"
  expect.same(self:place "report is stopped" ~= nil, true)
  expect.same(self:asks 'print((dp.service("report"):wait("down", 60)))', "true")
  local states = 'print(dp.service("store").state, dp.service("report").state, dp.service("report").tags.stopped)'
  expect.same(self:asks(states), "up\tdown\t")
  self:asks 'dp.service("report"):tags_apply("-stopped"); dp.sync()'
  self:wait "^dependencies: report is ready$"
  expect.same(self:place "other is stopped", nil)
end)

test_dependencies("at_the_end_who_needs_others_goes_first", [[
  store = { args = { "sh", "-c", "sleep 60 & trap 'kill $!; echo store >> order; exit' TERM; echo ready >&3; wait" } },
  web = { needs = { "store" }, args = {
    "sh", "-c", "sleep 60 & trap 'kill $!; echo web >> order; exit' TERM; echo ready >&3; wait" } },
]], "60, 0.1, 60", function(self)
  self:wait "^dependencies: web is ready$"
  self:kill "TERM"
  expect.same(self:ends(), 0)
  expect.same(read(self:path "order"), "web\nstore\n")
end)

test_dependencies("another_script_goes_on_where_one_died", [[
  store = { args = { "sh", "-c", "echo store runs; read line < go-on; echo ready >&3; exec sleep 60" } },
  web = { needs = { "store" }, args = { "sh", "-c", "echo ready >&3; exec sleep 60" } },
  other = { args = { "sh", "-c", "echo other runs; echo ready >&3; exec sleep 60" } },
]], "60, 0.1, 60", function(self)
  for _ = 1, 2 do self:wait "^%a+ runs$" end
  local pid = self:script_pid()
  self:kill("KILL", pid)
  expect.same(self:asks(string.format([[
    local lua = dp.service "lua"
    while lua.pid == %s do lua:wait("down", 60); lua:wait("up", 60) end
    print((lua:wait("up", 60)))
  ]], pid)), "true")
  -- Only the new one can do this, and by then it has checked all of them.
  self:asks 'dp.service("other"):signal("KILL"); dp.sync()'
  self:wait "^other runs$"
  self:tells "go-on"
  self:wait "^dependencies: web is ready$"
  local runs = 0
  for _, line in ipairs(self.said) do runs = runs + (line == "store runs" and 1 or 0) end
  expect.same(runs, 1)
end)

for name, case in pairs {
  circle = { 'a = { needs = { "b" }, args = { "true" } }, b = { needs = { "a" }, args = { "true" } },',
    "they need each other: [ab] needs [ab] needs [ab]" },
  itself = { 'a = { needs = { "a" }, args = { "true" } },', "they need each other: a needs a" },
  unknown = { 'a = { needs = { "b" }, args = { "true" } },', "there is no such service: a needs b" },
} do
  test_dependencies("a_wrong_graph_is_refused_" .. name, case[1], "60, 0.1, 60", function(self)
    self:wait("^dependencies: " .. case[2] .. "$")
    local script = read(self:path "dependencies.lua")
    local right = 'local SERVICES <const> = { a = { args = { "sh", "-c", "echo ready >&3; exec sleep 60" } } }'
    write(self:path "dependencies.lua", change(script, right))
    self:wait "^dependencies: a is ready$"
  end)
end

-- --- canary.lua

-- The daemon inherits the socket, so that nobody else can have its port, and nobody finds it
-- closed. The server gives the answers of the file `answers`, one for each request, and the last of
-- them from then on.
local LISTEN <const> = [[
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0), backlog=100)
os.dup2(listener.fileno(), 9)
with open("port", "w") as file:
    file.write(str(listener.getsockname()[1]))
os.execvp(sys.argv[1], sys.argv[1:])
]]
local SERVER <const> = [[
import os, socket

# In one piece, whoever else writes to the same place.
def say(text):
    os.write(1, f"server: {text}\n".encode())

listener = socket.socket(fileno=3)
say("runs")
answers, kept = open("answers").read().split(), []
while True:
    connection, _ = listener.accept()
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    say(answer)
    try:
        if answer == "hang":
            kept.append(connection)
        elif answer == "close":
            connection.close()
        else:
            while not (text := connection.recv(4096)).endswith(b"\r\n\r\n") and text:
                pass
            connection.sendall(f"HTTP/1.0 {answer} so\r\n\r\nhello\n".encode())
            connection.close()
    except OSError:
        pass
]]

local function test_canary(name, answers, times, fn)
  test("canary_" .. name, "canary.lua", function(self)
    self.wrapper = "python3 listen.py"
    write(self:path "listen.py", LISTEN)
    write(self:path "server.py", SERVER)
    write(self:path "answers", answers)
    return {
      [[local SERVERS <const> = {
        web = { args = { "python3", "server.py" }, fds = { "null", "stderr", "stderr", "fd_9" },
          address = "127.0.0.1:" .. assert(io.open "port"):read "l", path = "/" },
      }]],
      "local EVERY <const>, TIMEOUT <const>, FAILURES <const> = " .. times,
      "local FIRST_PAUSE <const>, LONGEST_PAUSE <const>, TERM_SECONDS <const> = 0.1, 0.2, 60",
    }
  end, fn)
end

local function is_cured(self)
  write(self:path "answers", "200")
  self:wait "^server: runs"
  for _ = 1, 2 do self:wait "^server: 200" end
end

test_canary("one_that_answers_is_left_alone", "200", "0.1, 60, 1", function(self)
  for _ = 1, 4 do self:wait "^server: 200" end
  expect.same(self:place "canary", nil)
  self:kill "TERM"
  expect.same(self:ends(), 0)
end)

test_canary("one_that_answers_500_is_restarted", "500", "0.1, 60, 2", function(self)
  self:wait "^canary: web is not well %(1 of 2%): it says HTTP/1.0 500 so$"
  self:wait "^canary: web is not well %(2 of 2%): it says HTTP/1.0 500 so$"
  self:wait "^canary: web is started again in 0 seconds$"
  is_cured(self)
end)

test_canary("one_that_hangs_is_restarted", "hang", "0.1, 0.5, 2", function(self)
  self:wait "^canary: web is not well %(1 of 2%): no answer: timeout$"
  self:wait "^canary: web is not well %(2 of 2%): no answer: timeout$"
  self:wait "^canary: web is started again in 0 seconds$"
  is_cured(self)
end)

test_canary("one_that_hangs_up_is_restarted", "close", "0.1, 60, 1", function(self)
  self:wait "^canary: web is not well %(1 of 1%): no answer: "
  self:wait "^canary: web is started again in 0 seconds$"
  is_cured(self)
end)

test_canary("a_failure_now_and_then_is_no_matter", "500 200 500 200 500 200", "0.1, 60, 2", function(self)
  for _ = 1, 3 do
    self:wait "^canary: web is not well %(1 of 2%)"
    self:wait "^server: 200"
  end
  expect.same(self:place "started again", nil)
end)

test_canary("the_pauses_grow_as_long_as_nothing_helps", "500", "0.1, 60, 1", function(self)
  for _, pause in ipairs { "0", "0%.1", "0%.2", "0%.2" } do
    self:wait("^canary: web is started again in " .. pause .. " seconds$")
  end
  is_cured(self)
end)

test("canary_one_where_nobody_listens_is_restarted", "canary.lua", function(self)
  -- A port that nobody else can get, and to which nobody listens.
  self.wrapper = "python3 listen.py"
  write(self:path "listen.py", (string.gsub(LISTEN, "listener = [^\n]*\n",
    'listener = socket.socket()\nlistener.bind(("127.0.0.1", 0))\n')))
  return {
    [[local SERVERS <const> = {
      web = { args = { "sh", "-c", "echo server: runs; exec sleep 60" }, path = "/",
        address = "127.0.0.1:" .. assert(io.open "port"):read "l" },
    }]],
    "local EVERY <const>, TIMEOUT <const>, FAILURES <const> = 0.1, 60, 1",
  }
end, function(self)
  self:wait "^server: runs"
  self:wait "^canary: web is not well %(1 of 1%): no %a+: Connection refused$"
  self:wait "^server: runs"
end)

return tests
