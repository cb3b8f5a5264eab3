-- Commands: what is sent, and how it is known how they ended.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local tests = {}

function tests.methods_send_at_once_and_can_be_chained()
  local dp, daemon = fake.new()
  local web = dp.service "web"
  web:args { "httpd", "-p", 80 }:fds { "null", dp.fd "log.w" }:auto_up(2, "always"):start():signal("HUP", "group")
  web:start("-"):delete():pipe({ 1, 2 }, "logger", "-t"):args()
  expect.same(daemon.sent, {
    "service.args\tweb\thttpd\t-p\t80", "service.fds\tweb\tnull\tlog.w", "service.auto_up\tweb\t2\talways",
    "service.start\tweb", "service.signal\tweb\tHUP\tgroup", "service.start\tweb\t-", "service.delete\tweb",
    "service.pipe\tweb\t1,2\tlogger\t-t", "service.args\tweb",
  })
end

function tests.tags_can_be_written_as_keys()
  local dp, daemon = fake.new()
  local web = dp.service "web"
  web:tags { "first", role = "web", critical = true, weight = 2 }
  web:tags("a=b", "c")
  web:tags_apply { role = false, owner = "me" }
  expect.same(daemon.sent, {
    "service.tags\tweb\tfirst\tcritical\trole=web\tweight=2", "service.tags\tweb\ta=b\tc",
    "service.tags.apply\tweb\towner=me\t-role",
  })
end

function tests.what_may_be_absent_is_left_out_or_a_dash()
  local dp, daemon = fake.new()
  dp.terminate_shutdown(nil, 10)
  dp.terminate_shutdown()
  dp.service("web"):auto_up(nil, "always")
  dp.service("web"):auto_up()
  dp.log_filter(nil)
  expect.same(daemon.sent, {
    "terminate.shutdown\t-\t10", "terminate.shutdown", "service.auto_up\tweb\t-\talways", "service.auto_up\tweb",
    "log.filter",
  })
end

function tests.descriptors_and_signals_have_methods_too()
  local dp, daemon = fake.new()
  dp.fd("log.r"):pipe("log.w"):pipe("log.w", { "unix", "stream" })
  dp.fd("x"):open({ "write", "append" }, "/tmp/x"):socket("tcp,listen", "*:80"):delete()
  dp.signal("HUP"):clear(2):default("shutdown")
  dp.socket_create("-", "/tmp/s")
  expect.same(daemon.sent, {
    "fd.pipe\tlog.r\tlog.w", "fd.pipe\tlog.r\tlog.w\tunix,stream", "fd.open\tx\twrite,append\t/tmp/x",
    "fd.socket\tx\ttcp,listen\t*:80", "fd.delete\tx", "signal.clear\tSIGHUP\t2", "signal.default\tSIGHUP\tshutdown",
    "socket.create\t-\t/tmp/s",
  })
end

function tests.misuse_sends_nothing()
  local dp, daemon = fake.new()
  local web = dp.service "web"
  expect.misuse("a/b is no name", function() dp.service "a/b" end)
  expect.misuse("nil is no name", function() dp.fd() end)
  expect.misuse("there is no signal", function() dp.signal "FOO" end)
  expect.misuse("Invalid signal argument", function() web:signal "FOO" end)
  expect.misuse("Expected signal argument", function() web:signal() end)
  expect.misuse("control character 0x0a", function() web:args { "a\nterminate\t0" } end)
  expect.misuse("control character 0x09", function() dp.echo("a\tb") end)
  expect.misuse("Expected integer", function() web:auto_up("soon", "always") end)
  expect.misuse("a timestamp, or - is wanted, not 1.5", function() web:start(1.5) end)
  expect.misuse("not a boolean", function() web:args { "x", true } end)
  expect.misuse("not a table", function() web:args { { "x" } } end)
  expect.misuse("SIGNAL is missing", function() web:signal(nil, "group") end)
  expect.misuse("there is no command service.explode", function() dp.call("service.explode", "web") end)
  expect.misuse('unexpected argument "x"', function() dp.call("service.delete", "web", "x") end)
  expect.misuse("call it with a colon", function() web.start() end)
  expect.misuse("call it with a colon", function() web.args {} end)
  expect.misuse("a service has no stat", function() return web.stat end)
  expect.misuse("state of a service cannot be set", function() web.state = "up" end)
  expect.same(daemon.sent, {})
end

function tests.call_waits_for_the_end_of_a_command()
  local dp, daemon = fake.new()
  daemon:answer("service.start\tweb", 'error\tNo such service, for command "service.start web"')
  expect.same({ dp.call("service.args", "web", "x") }, { true })
  expect.same({ select(2, dp.call("service.start", "web")) }, { "No such service", "NoSuchService" })
  expect.same(daemon.written, {})
end

function tests.a_start_that_fails_later_is_no_answer()
  local dp, daemon = fake.new()
  daemon:answer("service.tags\tweb\tx", 'error\tfd "y" does not exist, for service "z"')
  expect.same({ dp.call("service.tags", "web", "x") }, { true })
end

local REFUSAL = 'No such service, for command "service.start web"'

-- A daemon that refuses a command, and a controller that knows that it has tags.
local function refusing(options)
  local dp, daemon = fake.new(options)
  daemon:refuse("service.start\tweb", "NoSuchService")
  dp.sync()
  return dp, daemon
end

-- What is sent, with the tags and echoes of the library.
local function lines_of(daemon)
  local lines = {}
  function daemon.has_no_room(text) lines[#lines + 1] = text end
  return lines
end

function tests.whether_there_are_tags_is_asked_once_and_nothing_waits_for_the_answer()
  local dp, daemon = fake.new()
  local lines = lines_of(daemon)
  dp.service("web"):args { "x" }:args { "y" }
  expect.same(lines, {
    "@lua-1\techo", "service.args\tweb\tx", "echo\tlua-echo-2", "service.args\tweb\ty", "echo\tlua-echo-3",
  })
  dp.sync()
  dp.service("web"):args { "z" }
  expect.same({ lines[7], lines[8] }, { "@lua-5\tservice.args\tweb\tz" })
end

function tests.a_daemon_without_tags_is_asked_only_once()
  local dp, daemon = refusing { protocol = 1 }
  local seen = 0
  dp.on("error", function() seen = seen + 1 end)
  local lines = lines_of(daemon)
  expect.same({ select(2, dp.call("service.start", "web")) }, { REFUSAL, "NoSuchService" })
  expect.same({ lines, seen }, { { "service.start\tweb", "echo\tlua-echo-2" }, 1 })
end

function tests.who_does_not_answer_does_not_know_tags()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  dp.service("web"):args { "x" }
  daemon:say "lua-echo-2"
  daemon:settle()
  local lines = lines_of(daemon)
  dp.service("web"):args { "y" }
  expect.same(lines, { "service.args\tweb\ty", "echo\tlua-echo-3" })
end

function tests.an_error_that_is_not_in_the_grammar_has_no_name()
  local dp, daemon = fake.new { protocol = 1 }
  daemon:answer("chdir\t/", 'error\tthe moon is full, for command "chdir /"')
  expect.same({ select(2, dp.call("chdir", "/")) }, { 'the moon is full, for command "chdir /"' })
end

function tests.with_tags_no_error_event_is_an_answer()
  local dp, daemon = fake.new()
  dp.sync()
  daemon.is_silent = true
  local ended
  dp.spawn(function() ended = { dp.call("service.tags", "web", "x") } end)
  daemon:tell('error\tNo such service, for command "service.tags web x"')
  daemon:tell "done\tlua-2"
  daemon:close()
  dp.run()
  expect.same(ended, { true })
end

function tests.commands_with_tags_end_in_any_order_and_may_be_lost()
  local dp, daemon = fake.new()
  dp.sync()
  dp.session.auto_resync = false
  daemon.is_silent = true
  local ended, others = {}, {}
  for at = 1, 3 do
    dp.spawn(function()
      local _, why = dp.call("service.tags", "web", at)
      ended[#ended + 1] = at .. " " .. tostring(why)
    end)
  end
  dp.on("done", function(event) others[#others + 1] = event.tag end)
  daemon:tell "done\tlua-3\tUnableToSetTags\tunable to set tags"
  daemon:tell "done\tlua-3"
  daemon:tell "overflow"
  daemon:at(101, function()
    daemon:tell "done\tlua-5"    -- the mark behind the overflow
    daemon:close()
  end)
  dp.run()
  local lost = "the answer was lost, because events were read too slowly"
  expect.same({ ended, others }, { { "2 unable to set tags", "1 " .. lost, "3 " .. lost }, { "lua-3" } })
end

function tests.a_command_for_which_there_is_no_room_is_refused()
  local dp, daemon = fake.new()
  daemon.has_no_room = function(text) return string.find(text, "huge", 1, true) end
  expect.same({ select(2, dp.call("service.args", "web", "huge")) }, { "there is no room" })
  dp.service("web"):args { "huge" }
  expect.same({ select(2, dp.sync()) }, { "there is no room" })
  dp.service("web"):args { "small" }
  expect.same({ dp.sync() }, { true })
  expect.same(daemon.sent, { "service.args\tweb\tsmall" })
end

-- The command has taken all the room, and the daemon says that it is too long.
function tests.an_echo_for_which_there_was_no_room_is_sent_later()
  local dp, daemon = fake.new { protocol = 1 }
  daemon.has_no_room = function(text)
    local is_echo = string.find(text, "^echo")
    if is_echo then daemon.has_no_room = nil end
    return is_echo
  end
  daemon:answer("service.args\tweb\tx", "error\tline too long")
  expect.same({ select(2, dp.call("service.args", "web", "x")) }, { "line too long", "LineTooLong" })
  expect.same({ dp.call("service.args", "web", "y") }, { true })
end

function tests.sync_tells_what_was_refused_once()
  local dp, daemon = refusing()
  dp.service("web"):start():args { "x" }
  expect.same({ select(2, dp.sync()) }, { "No such service", "NoSuchService" })
  expect.same({ dp.sync() }, { true })
  expect.same(daemon.written, {})
end

function tests.sync_is_about_the_commands_of_its_own_coroutine()
  local dp, daemon = refusing()
  local seen = {}
  dp.spawn(function()
    dp.service("web"):start()
    seen.first = { select(2, dp.sync()) }
  end)
  dp.spawn(function()
    dp.service("db"):args { "x" }
    seen.second = { dp.sync() }
  end)
  daemon:close()
  dp.run()
  expect.same(seen.first, { "No such service", "NoSuchService" })
  expect.same(seen.second, { true })
end

function tests.a_refusal_that_nobody_asks_for_is_told_with_its_line()
  local dp, daemon = refusing()
  dp.spawn(function() dp.service("web"):start() end)
  daemon:close()
  dp.run()
  expect.same(#daemon.written, 1)
  expect.has(daemon.written[1], "commands_test.lua:")
  expect.has(daemon.written[1], ": refused: " .. REFUSAL)
end

function tests.a_refusal_is_told_while_its_coroutine_waits_for_something_else()
  local dp, daemon = refusing()
  local written
  dp.spawn(function()
    dp.service("web"):start():wait("up", 10)
  end)
  daemon:at(105, function() written = #daemon.written end)
  daemon:at(120, daemon.close)
  dp.run()
  expect.same(written, 1)
end

-- While a call waits for its own answer, what was refused before is kept for a sync.
function tests.a_refusal_that_was_kept_is_told_when_its_coroutine_ends()
  local dp, daemon = refusing()
  dp.spawn(function()
    dp.service("web"):start()
    dp.call("service.args", "web", "x")
    expect.same(daemon.written, {})
  end)
  daemon:close()
  dp.run()
  expect.same(#daemon.written, 1)
  expect.has(daemon.written[1], REFUSAL)
end

function tests.a_refusal_that_was_kept_is_told_when_its_coroutine_waits()
  local dp, daemon = refusing()
  local written
  dp.spawn(function()
    dp.service("web"):start()
    dp.call("service.args", "web", "x")
    dp.sleep(10)
  end)
  daemon:at(105, function() written = #daemon.written end)
  daemon:at(120, daemon.close)
  dp.run()
  expect.same({ written, #daemon.written }, { 1, 1 })
end

function tests.of_two_refusals_that_are_asked_for_the_second_is_written()
  local dp, daemon = refusing()
  daemon:refuse("service.start\tdb", "NoSuchService")
  dp.service("web"):start()
  dp.service("db"):start()
  expect.same({ select(2, dp.sync()) }, { "No such service", "NoSuchService" })
  expect.same(#daemon.written, 1)
  expect.has(daemon.written[1], "service.start db")
end

function tests.handlers_of_refused_are_told_instead()
  local dp, daemon = refusing()
  local seen = {}
  dp.on("refused", function(event) seen = { event.command, event.text, event.error, event.where } end)
  dp.service("web"):start()
  daemon:close()
  dp.run()
  expect.same({ seen[1], seen[2], seen[3] }, { "service.start", "No such service", "NoSuchService" })
  expect.has(seen[4], "commands_test.lua:")
  expect.same(daemon.written, {})
end

function tests.a_cleared_signal_is_known_to_be_cleared()
  local dp, daemon = fake.new()
  daemon:tell("signal\tSIGHUP\t5\t3")
  dp.sync()
  expect.same(dp.signal("HUP").count, 3)
  dp.signal("HUP"):clear(1)
  dp.sync()
  expect.same(dp.signal("HUP").count, 2)
  dp.signal("HUP"):clear()
  dp.sync()
  expect.same(dp.signal("HUP").count, 0)
  expect.same(daemon.sent, { "signal.clear\tSIGHUP\t1", "signal.clear\tSIGHUP\t2" })
end

function tests.no_more_than_fits_into_a_pipe_is_under_way()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  local is_through = false
  dp.spawn(function()
    for _ = 1, 2000 do dp.service("web"):tags { string.rep("x", 100) } end
    is_through = true
  end)
  local sent = #daemon.sent
  if sent < 50 or sent > 300 then error("sent " .. sent) end
  daemon.is_silent = false
  for at = 1, sent do daemon:say("lua-echo-" .. at) end
  daemon:at(110, daemon.close)
  dp.run()
  expect.same({ #daemon.sent, is_through }, { 2000, true })
end

function tests.the_main_chunk_waits_for_room_by_running_the_loop()
  local dp, daemon = fake.new()
  for _ = 1, 2000 do dp.service("web"):tags { string.rep("x", 100) } end
  expect.same(#daemon.sent, 2000)
end

function tests.answers_that_were_lost_are_known_to_be_lost()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  local seen
  dp.spawn(function() seen = { select(2, dp.call("service.start", "web")) } end)
  daemon.is_silent = false
  dp.sync()
  expect.same(seen, { "the answer was lost, because events were read too slowly" })
end

function tests.after_the_end_nothing_is_sent_and_calls_say_so()
  local dp, daemon = fake.new()
  daemon:close()
  dp.run()
  dp.service("web"):start()
  expect.same({ select(2, dp.call("service.start", "web")) }, { "closed" })
  expect.same(daemon.sent, {})
end

function tests.a_command_that_ends_the_connection_has_succeeded()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  daemon:close()
  expect.same({ dp.call("exit") }, { true })
end

function tests.a_call_that_the_end_overtakes_says_so()
  local dp, daemon = fake.new()
  daemon.is_silent = true
  daemon:close()
  expect.same({ select(2, dp.call("service.start", "web")) }, { "closed" })
end

return tests
