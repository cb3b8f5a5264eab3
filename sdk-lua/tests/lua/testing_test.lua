-- `daemonproxy.testing`, used as one would to test a controller: controllers/web.lua.

local expect = require "expect"
local testing = require "daemonproxy.testing"

local here = string.match(arg[0], "^(.*/)") or "./"
local SCRIPT <const> = here .. "controllers/web.lua"

local tests = {}

function tests.it_sets_up_what_is_not_there()
  local _, daemon = testing.new()
  daemon:load(SCRIPT)
  expect.same(daemon.sent, { "statedump", "service.args\tweb\thttpd", "service.auto_up\tweb\t2\talways" })
  expect.same(daemon.written, {})
end

function tests.it_leaves_what_it_finds()
  local dp, daemon = testing.new()
  daemon:answer("statedump", "service.state\tweb\tup\t90\t77\t-\t-\t10\t-", "service.args\tweb\thttpd")
  daemon:load(SCRIPT)
  expect.same(daemon.sent, { "statedump" })
  expect.same({ dp.service("web").pid, dp.service("web").uptime }, { 77, 10 })
end

function tests.it_gives_up_after_three_short_runs()
  local _, daemon = testing.new()
  daemon:load(SCRIPT)
  for _ = 1, 2 do
    daemon:up "web"
    daemon:pass(1)
    daemon:down("web", 1)
    daemon:settle()
  end
  expect.same({ daemon:has_sent "service.auto_up\tweb", tostring(daemon.exited) }, { false, "nil" })
  daemon:up "web"
  daemon:pass(4.5)
  daemon:down("web", "SEGV")
  daemon:settle()
  expect.same(daemon:has_sent("service.auto_up", "web"), true)
  expect.same({ daemon:has_sent("service.tags", "web", "given-up"), daemon.exited }, { true, 3 })
end

function tests.time_passes_when_the_test_says_so()
  local _, daemon = testing.new()
  daemon:load(SCRIPT)
  daemon:up "web"
  daemon:pass(59)
  expect.same(daemon:has_sent("echo", "web has been", "up", 60), false)
  daemon:pass(62)
  expect.same({ daemon:has_sent("echo", "web has been", "up", 60), daemon.time }, { true, 221 })
  expect.same(daemon.sent[#daemon.sent], "echo\tweb has been\tup\t120")
end

function tests.an_error_in_a_script_is_an_error_of_the_test()
  local _, daemon = testing.new()
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write "local dp = require 'daemonproxy'\ndp.service('web'):explode()\n"
  file:flush()
  local ok, text = pcall(daemon.load, daemon, path)
  os.remove(path)
  expect.same(ok, false)
  expect.has(text, ":2: a service has no explode")
end

-- A script in a file of its own, for `load`.
local function script(text)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "w"))
  file:write(text)
  return path
end

function tests.what_the_script_sets_comes_back()
  local dp = testing.new()
  local web = dp.service "web"
  web:args("httpd", "-p"):fds("null"):tags { "a", role = "web" }:auto_up(2, "always")
  dp.sync()
  expect.same({ web.exists, web.args, web.fds }, { true, { "httpd", "-p" }, { "null" } })
  expect.same({ web.tags, web.triggers, web.auto_up_interval }, { { "a", "role=web" }, { "always" }, 2 })
  web:tags_apply { a = false, role = "db", more = true }:auto_up()
  dp.sync()
  expect.same({ web.tags, web.triggers }, { { "role=db", "more" }, {} })
  web:delete()
  dp.sync()
  expect.same(web.exists, false)
end

function tests.there_are_runs_for_a_script_that_has_asked()
  local _, daemon = testing.new()
  local dp = require "daemonproxy"
  local web = dp.service "web"
  web:args "httpd"
  daemon:up("web", 77)
  dp.sync()
  local run = web.run
  expect.same({ run.number, run.starts, run.why, run.pid }, { 1, 1, "order", 77 })
  expect.same({ run.start, run.exec, run.ready, run.ended }, { 100.0, 100.0, 100.0 })
  daemon:pass(3.5)
  daemon:down("web", "SEGV")
  dp.sync()
  run = web.run
  expect.same({ run.number, run.ended, run.signal, web.uptime, web.pid }, { 1, 103.5, "SIGSEGV", 3, 77 })
  web:auto_up(1, "always")
  dp.sync()
  daemon:up "web"
  dp.sync()
  expect.same({ web.run.number, web.run.starts, web.run.why, web.run.exit }, { 2, 2, "always" })
  daemon:run("web", { gaveup = true, ready = false })
  dp.sync()
  expect.same({ web.run.gaveup, web.run.ready }, { true })
end

function tests.runs_are_told_after_each_state()
  local _, daemon = testing.new()
  local dp = require "daemonproxy"
  local seen = {}
  dp.on("*", function(event) seen[#seen + 1] = event.event .. " " .. (event.state or event.run or "") end)
  dp.service("web"):args("httpd"):options { ready = "fd:3" }
  daemon:up "web"
  daemon:down("web", 0)
  dp.sync()
  expect.same(seen, {
    "service.args ", "service.options ", "service.state up", "service.run 1", "service.run 1", "service.state down",
    "service.run 1",
  })
  expect.same({ dp.service("web").run.exec, dp.service("web").run.ready }, { 100.0 })
end

function tests.what_does_not_exist_is_refused()
  local dp, daemon = testing.new()
  expect.same({ dp.call("service.start", "web") }, { nil, "No such service", "NoSuchService" })
  expect.same({ dp.service("web"):stop(1) }, { nil, "No such service", "NoSuchService" })
  daemon:refuse("service.start\tdb", "NotPermitted")
  expect.same({ select(3, dp.call("service.start", "db")) }, { "NotPermitted" })
end

local COUNTS <const> = [[
  local dp = require "daemonproxy"
  local job = dp.service "job"
  here = (here or 0) + 1
  if not job.exists then job:args("false"):auto_up(1, "always") end
  print("there is", here, job.tags.seen, job.run and job.run.starts)
  dp.on("service.run", { name = "job" }, function() job:tags { seen = job.run.number } end)
]]

function tests.a_script_that_was_killed_finds_the_services_as_they_are()
  local path = script(COUNTS)
  local old, daemon = testing.new()
  daemon:load(path)
  daemon:up "job"
  daemon:settle()
  local dp = daemon:kill()
  expect.same({ dp == old, rawget(_G, "here") }, { false })
  daemon:down("job", 1)
  daemon:up "job"
  daemon:load(path)
  os.remove(path)
  daemon:settle()
  expect.same(daemon.printed, { "there is\t1\tnil\tnil", "there is\t1\t1\t2" })
  expect.same({ daemon:has_printed "there is", daemon:has_printed "there was" }, { true, false })
  -- What is in the dump is no news: the script has not looked.
  expect.same({ dp.service("job").tags.seen, dp.service("job").args }, { "1", { "false" } })
  daemon:down("job", 1)
  daemon:settle()
  expect.same(dp.service("job").tags.seen, "2")
  expect.same({ #daemon.written, daemon.sent[#daemon.sent] }, { 0, "service.tags\tjob\tseen=2" })
  rawset(_G, "here", nil)
end

function tests.a_name_that_does_not_exist_is_an_error_of_the_test()
  local _, daemon = testing.new()
  local wrong = {
    ["there is no command service.stpo; did you mean service.stop?"] = function()
      daemon:has_sent("service.stpo", "a")
    end,
    ["there is no event service.sttae; did you mean service.state?"] = function()
      daemon:tell("service.sttae", "a")
    end,
    ["there is no command statedmup; did you mean statedump?"] = function() daemon:answer "statedmup" end,
    ["there is no error NoSuchServic; did you mean NoSuchService?"] = function()
      daemon:refuse("service.start\ta", "NoSuchServic")
    end,
    ["there is no command xyzzy"] = function() daemon:refuse("xyzzy", "NoSuchService") end,
  }
  for text, fn in pairs(wrong) do
    expect.misuse(text, fn)
  end
end

local TRANSCRIPT <const> = [[
# A service that exits.
>	statedump
<	service.state	web	down	-	-	-	-	-	-
>	echo	{text:1}
<	{text:1}
>	service.signal	web	SIGHUP
>	service.start	web	{ts:now+5}
<	service.state	web	up	{ts}	{pid:1}	-	-	{secs}	-
!	reap	{pid:1}	exit	42
<	service.state	web	down	{ts}	{pid:1}	exit	42	{secs}	{secs}
!	closed
]]

function tests.a_transcript_is_played()
  local dp, daemon = testing.new()
  daemon:play(TRANSCRIPT)
  local seen = {}
  dp.on("*", function(event) seen[#seen + 1] = event.state or event.event end)
  dp.resync()
  dp.service("web"):signal(1):start(105)
  daemon:finish()
  expect.same(seen, { "down", "resynced", "up", "down", "closed" })
  expect.same(dp.service("web").exit, 42)
end

local TAGGED <const> = [[
# One command is refused.
>	@1	echo
<	done	1
>	@x	service.start	web
<	done	x	NoSuchService	No such service
>	@y	service.tags	web	a
<	service.tags	web	a
<	done	y
>	service.tags	web	b
<	service.tags	web	b
]]

function tests.a_tag_in_a_transcript_stands_for_that_of_the_script()
  local dp, daemon = testing.new()
  daemon:play(TAGGED)
  dp.sync()
  expect.same({ dp.call("service.start", "web") }, { nil, "No such service", "NoSuchService" })
  expect.same({ dp.call("service.tags", "web", "a") }, { true })
  expect.same({ dp.call("service.tags", "web", "b") }, { true })
  daemon:finish()
end

-- It does not know yet that there are tags, and has sent none.
function tests.a_script_is_told_of_a_refusal_before_it_knows_of_tags()
  local dp, daemon = testing.new()
  daemon:play(string.gsub(TAGGED, ">\t@1\techo\n<\tdone\t1\n", ""))
  expect.same({ select(3, dp.call("service.start", "web")) }, { "NoSuchService" })
  dp.service("web"):tags { "a" }:tags { "b" }
  daemon:finish()
  expect.same(daemon.written, {})
end

function tests.what_a_transcript_does_not_have_is_told()
  local dp, daemon = testing.new()
  daemon:play(TRANSCRIPT)
  dp.resync()
  dp.service("web"):signal "TERM"
  local ok, text = pcall(daemon.finish, daemon)
  expect.same(ok, false)
  expect.has(text, "the script has sent service.signal web TERM, but line 6 expects service.signal web SIGHUP")
end

function tests.what_a_transcript_still_waits_for_is_told()
  local dp, daemon = testing.new()
  daemon:play(TRANSCRIPT)
  dp.resync()
  local ok, text = pcall(daemon.finish, daemon)
  expect.same(ok, false)
  expect.has(text, "the script has sent nothing more, but line 6 expects service.signal web SIGHUP")
end

return tests
