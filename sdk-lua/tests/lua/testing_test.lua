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
