-- What is known, and how it is learnt again after events were missed.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local tests = {}

local function names(list)
  local found = {}
  for at, object in ipairs(list) do found[at] = object.name end
  return found
end

-- A dump as the daemon would send it.
local DUMP <const> = {
  "fd.state\tnull\tspecial\tread,write\t/dev/null",
  "service.state\tweb\tup\t5\t77\t-\t-\t9\t-", "service.tags\tweb\trole=web\tcritical", "service.args\tweb\thttpd\t-p",
  "service.fds\tweb\tnull\t-", "service.auto_up\tweb\t5\talways\tSIGHUP", "signal\tSIGHUP\t5\t2",
}

function tests.requiring_it_learns_the_state()
  local _, daemon = fake.new()
  daemon:answer("statedump", table.unpack(DUMP))
  local dp = require "daemonproxy"
  local web = dp.service "web"
  expect.same(daemon.sent, { "statedump" })
  expect.same({ web.exists, web.state, web.pid, web.uptime, web.timestamp }, { true, "up", 77, 95, 5 })
  expect.same({ web.args, web.fds, web.tags }, { { "httpd", "-p" }, { "null", "-" }, { "role=web", "critical" } })
  expect.same({ web.tags.role, web.tags.critical, web.tags.zone == nil }, { "web", "", true })
  expect.same({ web.auto_up_interval, web.triggers }, { 5, { "always", "SIGHUP" } })
  local null = dp.fd "null"
  expect.same({ null.type, null.flags, null.description }, { "special", "read,write", "/dev/null" })
  expect.same({ names(dp.services()), names(dp.fds()), names(dp.signals()) }, { { "web" }, { "null" }, { "SIGHUP" } })
  expect.same({ dp.service("db").exists, dp.service("db").state, dp.fd("x").type }, { false, "deleted", "deleted" })
end

function tests.lists_that_are_read_are_copies()
  local dp, daemon = fake.new()
  daemon:tell "service.args\tweb\ta"
  dp.sync()
  dp.service("web").args[1] = "b"
  expect.same(dp.service("web").args, { "a" })
end

function tests.an_overflow_is_mended_by_itself()
  local dp, daemon = fake.new()
  for _, line in ipairs(DUMP) do daemon:tell(line) end
  daemon:tell "service.args\told\tx"
  daemon:tell "fd.state\tf\tfile\tread\t/x"
  dp.sync()
  local seen = {}
  dp.on("*", function(event)
    local what, how = event.name or event.signal or "", event.state or event.type or ""
    seen[#seen + 1] = string.format("%s %s %s", event.event, what, how)
  end)
  daemon:answer("statedump", DUMP[1], "service.state\tweb\tdown\t9\t77\texit\t1\t4\t3", table.unpack(DUMP, 3, 6))
  daemon:tell "overflow"
  daemon:at(101, daemon.close)
  dp.run()
  -- Only what has changed meanwhile.
  expect.same(seen, {
    "overflow  ", "service.state web down", "fd.state f deleted", "service.state old deleted", "signal SIGHUP ",
    "resynced  ", "closed  ",
  })
  expect.same({ names(dp.services()), names(dp.fds()), dp.overflowed() }, { { "web" }, { "null" }, false })
end

function tests.what_is_known_of_a_service_does_not_pass_to_another_one_of_its_name()
  local dp, daemon = fake.new()
  for _, told in ipairs {
    "service.args\tweb\told", "service.tags\tweb\trole=old", "service.env\tweb\tA=old",
    "service.auto_up\tweb\t5\talways", "service.run\tweb\t7\tpid=77",
    "service.state\tweb\tup\t5\t77\t-\t-\t0\t-", "env\tB=old",
  } do daemon:tell(told) end
  dp.sync()
  local heard = {}
  dp.on("*", function(event) heard[#heard + 1] = event.event end)
  -- It is not in the dump, and yet there: it was made after its place there.
  daemon:answer("statedump", "service.args\tweb\tnew", "service.env.apply\tweb\tA=new", "env.apply\tB=new")
  dp.resync()
  local view = dp.session.view
  expect.same({ view.list("web", "service.args", "args"), view.list("web", "service.env", "env"), view.environment() },
    { { "new" }, { "A=new" }, { "B=new" } })
  expect.same({ view.run("web").run, view.state("web").state, view.interval("web") }, { 0, "down" })
  expect.same(view.list("web", "service.tags", "tags"), {})
  expect.same(heard, {
    "service.args", "service.env.apply", "env.apply", "service.auto_up", "service.env", "service.run", "service.state",
    "service.tags", "resynced",
  })
  heard = {}
  daemon:answer("statedump", "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-", "service.args\tweb\tnew",
    "service.env\tweb\tA=new")
  dp.resync()
  expect.same(heard, { "resynced" })
end

function tests.times_that_only_pass_are_no_news()
  local dp, daemon = fake.new()
  daemon:tell "service.state\tweb\tup\t5\t77\t-\t-\t0\t-"
  dp.sync()
  local count = 0
  dp.on("service.state", function() count = count + 1 end)
  daemon:answer("statedump", "service.state\tweb\tup\t5\t77\t-\t-\t100\t-")
  dp.resync()
  expect.same({ count, dp.session.view.state("web").uptime }, { 0, 100 })
end

-- A resync that goes on while the test sends these lines, and its result.
local function resynced(...)
  local dp, daemon = fake.new { protocol = 1 }
  daemon:tell "service.args\told\tx"
  daemon:tell "signal\tSIGHUP\t5\t1"
  dp.sync()    -- the first echo: it has found out that there are no tags
  daemon.is_silent = true
  local ok
  dp.spawn(function() ok = dp.resync() end)
  for _, line in ipairs { ... } do daemon:say(line) end
  daemon:close()
  dp.run()
  return dp, #daemon.sent, ok
end

function tests.an_overflow_in_a_dump_makes_it_begin_again()
  -- The fourth echo finds out whether answers were lost.
  local dp, dumps, ok = resynced("lua-echo-2", "overflow", "lua-echo-3", "lua-echo-4", "lua-echo-5",
    "service.args\tweb\tx", "lua-echo-6")
  expect.same({ dumps, ok, names(dp.services()), dp.overflowed() }, { 2, true, { "web" }, false })
end

function tests.an_overflow_before_a_dump_does_not()
  local dp, dumps, ok = resynced("overflow", "lua-echo-2", "service.args\tweb\tx", "lua-echo-3", "lua-echo-4")
  expect.same({ dumps, ok, names(dp.services()), dp.overflowed() }, { 1, true, { "web" }, false })
end

function tests.a_dump_whose_beginning_was_lost_does_not_count()
  local dp, dumps, ok = resynced("lua-echo-3", "lua-echo-4", "service.args\tweb\tx", "lua-echo-5")
  expect.same({ dumps, ok, names(dp.services()) }, { 2, true, { "web" } })
end

function tests.news_on_their_way_are_no_dump()
  local dp, dumps, ok = resynced("signal\tSIGHUP\t5\t2", "lua-echo-2", "lua-echo-3")
  expect.same({ dumps, ok, names(dp.signals()) }, { 1, true, {} })
end

function tests.a_dump_with_tags_begins_again_after_an_overflow_too()
  local dp, daemon = fake.new()
  daemon:tell "service.args\told\tx"
  dp.sync()
  daemon.is_silent = true
  local ok
  dp.spawn(function() ok = dp.resync() end)
  for _, line in ipairs {
    "done\tlua-2", "overflow", "done\tlua-3", "done\tlua-4", "done\tlua-5", "service.args\tweb\tx", "done\tlua-6",
  } do
    daemon:tell(line)
  end
  daemon:close()
  dp.run()
  expect.same({ #daemon.sent, ok, names(dp.services()), dp.overflowed() }, { 2, true, { "web" }, false })
end

function tests.who_waits_for_a_service_that_has_gone_meanwhile_is_told()
  local dp, daemon = fake.new()
  daemon:tell "service.state\tweb\tup\t5\t77\t-\t-\t0\t-"
  dp.sync()
  daemon:answer "statedump"
  daemon:tell "overflow"
  expect.same({ select(2, dp.service("web"):wait "down") }, { "deleted" })
end

function tests.two_resyncs_at_a_time_are_one()
  local dp, daemon = fake.new()
  local count = 0
  for _ = 1, 2 do
    dp.spawn(function()
      dp.resync()
      count = count + 1
    end)
  end
  daemon:close()
  dp.run()
  expect.same({ count, daemon.sent }, { 2, { "statedump" } })
end

function tests.a_resync_that_the_end_overtakes_says_so()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  daemon:close()
  expect.same({ select(2, dp.resync()) }, { "closed" })
end

-- What is sent for these signals, by a host that was told what they do and a script that listens to
-- some.
local function sent_for(signals, listen, before, answer)
  local _, daemon = fake.new { on_signal = { SIGTERM = "shutdown", SIGQUIT = "terminate" } }
  for _, list in ipairs { "runs", "observer\truns" } do
    if answer then daemon:answer("conn.features\t" .. list, answer) end
  end
  daemon:answer("statedump", before)
  for _, name in ipairs(signals) do
    daemon:at(101, function() daemon:tell("signal\t" .. name .. "\t5\t1") end)
  end
  daemon:at(102, daemon.close)
  require "daemonproxy.start"(function()
    local dp = require "daemonproxy"
    listen(dp)
  end)
  expect.same(table.remove(daemon.sent, 1), "statedump")
  expect.same(daemon.written, {})
  return daemon.sent, daemon.features
end

local function to_nothing() end

-- A daemon of protocol 1, where everybody is a listener.
local UNKNOWN <const> = "error\tUnknown command: conn.features"

function tests.a_signal_that_nobody_listens_to_does_what_the_host_was_told()
  expect.same(sent_for({ "SIGHUP" }, to_nothing, nil, UNKNOWN), {})
  expect.same(sent_for({ "SIGTERM" }, to_nothing, nil, UNKNOWN), { "terminate.shutdown" })
  expect.same(sent_for({ "SIGQUIT" }, to_nothing, nil, UNKNOWN), { "terminate\t0" })
end

function tests.an_observer_leaves_signals_to_the_daemon()
  expect.same({ sent_for({ "SIGTERM" }, to_nothing) }, { {}, "observer\truns" })
  -- A handler of everything only watches, and other signals end nothing.
  expect.same({ sent_for({ "SIGTERM" }, function(dp) dp.on("*", function() end) end) }, { {}, "observer\truns" })
  local function listen(dp) dp.on("signal", { signal = "HUP" }, function() end) end
  expect.same({ sent_for({ "SIGHUP", "SIGTERM" }, listen) }, { {}, "observer\truns" })
end

function tests.a_script_that_listens_is_no_observer()
  local function listen(dp) dp.on("signal", function() end) end
  expect.same({ #sent_for({ "SIGTERM" }, listen), tostring(select(2, sent_for({ "SIGTERM" }, listen))) }, { 0, "runs" })
end

function tests.what_a_script_observes_changes_with_its_handlers()
  local _, daemon = fake.new()
  local dp = require "daemonproxy"
  local seen, told = {}, 0
  dp.on("*", function(event) if event.event ~= "closed" then told = told + 1 end end)
  local function note()
    dp.sync()
    seen[#seen + 1] = daemon.features
  end
  note()
  local one = dp.on("signal", { signal = "INT" }, function() end)
  local other = dp.on("signal", { count = 2 }, function() end)
  note()
  one:off()
  note()
  other:off()
  note()
  expect.same({ seen, told }, { { "observer\truns", "runs", "runs", "observer\truns" }, 0 })
end

function tests.a_script_may_ask_for_features_of_its_own()
  local _, daemon = fake.new()
  local dp = require "daemonproxy"
  local told = 0
  dp.on("conn.features", function() told = told + 1 end)
  dp.sync()
  dp.conn_features "other"
  dp.sync()
  expect.same({ daemon.features, told }, { "other\tobserver\truns", 1 })
  dp.on("signal", function() end)
  dp.sync()
  expect.same({ daemon.features, told }, { "other\truns", 1 })
  dp.conn_features("runs", "other", "observer")
  dp.sync()
  expect.same(daemon.features, "other\tobserver\truns")
end

function tests.settings_of_the_daemon_are_known_as_commands()
  local dp, daemon = fake.new()
  for _, line in ipairs {
    "log.filter\tinfo", "log.dest\tfd\tstderr", "terminate.exec_args\t", "chdir\t/x",
    "signal.default\tSIGHUP\tevent", "signal.default\tSIGTERM\tshutdown", "socket.create\t-\t/c",
    "socket.create\tname=ops,rights=watch\t/ops", "env\tA=1", "env.apply\t!B\tC=", "log.dest\tfd\tlog",
  } do daemon:tell(line) end
  dp.sync()
  expect.same(dp.settings(), {
    { "chdir", "/x" }, { "log.dest", "fd", "log" }, { "log.filter", "info" }, { "signal.default", "SIGHUP", "event" },
    { "signal.default", "SIGTERM", "shutdown" }, { "socket.create", "-", "/c" },
    { "socket.create", "name=ops,rights=watch", "/ops" }, { "terminate.exec_args" },
  })
  expect.same(dp.environment(), { "A=1", "!B", "C=" })
  daemon:tell "socket.delete"
  daemon:answer("statedump", "socket.create\tname=ops,rights=watch\t/ops", "terminate.exec_args\tsh\t-c", "env\t")
  dp.resync()
  local ops = { "socket.create", "name=ops,rights=watch", "/ops" }
  expect.same(dp.settings(), { ops, { "terminate.exec_args", "sh", "-c" } })
  expect.same(dp.environment(), {})
end

function tests.a_daemon_that_knows_no_features_is_asked_once()
  local _, daemon = fake.new()
  daemon:answer("conn.features\truns", UNKNOWN)
  local dp = require "daemonproxy"
  local told = 0
  dp.on("error", function() told = told + 1 end)
  dp.sync()
  dp.sync()
  dp.on("signal", function() end)
  expect.same({ dp.sync(), told, daemon.features }, { true, 0, "runs" })
  expect.same(daemon.written, {})
end

function tests.a_signal_that_somebody_listens_to_does_nothing_else()
  local function listen(dp) dp.on("signal", { signal = "TERM" }, function() end) end
  expect.same(sent_for({ "SIGTERM" }, listen), {})
  expect.same(sent_for({ "SIGQUIT" }, listen), { "terminate\t0" })
end

function tests.a_signal_from_before_is_acted_on_when_the_script_has_begun()
  local function listen(dp) dp.on("signal", function() end) end
  expect.same(sent_for({}, to_nothing, "signal\tSIGTERM\t5\t1"), { "terminate.shutdown" })
  expect.same(sent_for({}, listen, "signal\tSIGTERM\t5\t1"), {})
end

function tests.a_signal_from_before_is_nobodys_when_handlers_are_for_others()
  local function listen(dp) dp.on("signal", { signal = "HUP" }, function() end) end
  expect.same(sent_for({}, listen, "signal\tSIGTERM\t5\t1"), { "terminate.shutdown" })
  expect.same(sent_for({}, listen, "signal\tSIGHUP\t5\t1"), {})
end

return tests
