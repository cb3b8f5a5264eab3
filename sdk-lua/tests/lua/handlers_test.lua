-- Handlers: who is called, in which order, and what happens when one fails.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local tests = {}

local function up(name) return "service.state\t" .. name .. "\tup\t5\t77\t-\t-\t0\t-" end

function tests.handlers_are_called_in_order()
  local dp, daemon = fake.new()
  local seen = {}
  for at = 1, 3 do dp.on("service.state", function() seen[#seen + 1] = at end) end
  dp.on("*", function() seen[#seen + 1] = "all" end)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  expect.same(seen, { 1, 2, 3, "all", "all" })    -- the second is `closed`
end

function tests.false_stops_the_later_ones()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.state", function() seen[#seen + 1] = 1 return false end)
  dp.on("service.state", function() seen[#seen + 1] = 2 end)
  dp.on("*", function(event) seen[#seen + 1] = event.event end)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  expect.same(seen, { 1, "closed" })
end

function tests.nil_and_true_stop_nothing()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.state", function() return nil end)
  dp.on("service.state", function() return true end)
  dp.on("service.state", function() seen[#seen + 1] = "last" end)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  expect.same(seen, { "last" })
end

function tests.a_filter_compares_fields()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.state", { name = "web", state = "up" }, function(event) seen[#seen + 1] = event.name end)
  daemon:tell(up "db")
  daemon:tell(up "web")
  daemon:tell("service.state\tweb\tdown\t5\t77\texit\t0\t1\t0")
  daemon:close()
  dp.run()
  expect.same(seen, { "web" })
end

function tests.a_filter_knows_signals_by_any_name()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("signal", { signal = "HUP" }, function(event) seen[#seen + 1] = event.count end)
  daemon:tell("signal\tSIGHUP\t5\t2")
  daemon:tell("signal\tSIGTERM\t5\t1")
  daemon:close()
  dp.run()
  expect.same(seen, { 2 })
end

function tests.any_field_can_be_filtered_by()
  local dp, daemon = fake.new()
  local seen = {}
  local function on(event, filter)
    dp.on(event, filter, function()
      local field, value = next(filter)
      seen[#seen + 1] = field .. "=" .. tostring(value)
    end)
  end
  on("service.state", { pid = 77 })
  on("service.state", { pid = 78 })
  on("service.state", { exit = 0 })
  on("service.state", { signal = 9 })
  on("service.tags", { tags = "role=web" })
  on("service.tags", { tags = "role" })
  on("service.args", { args = 80 })
  on("service.auto_up", { triggers = "HUP" })
  on("service.auto_up", { interval = 5 })
  on("fd.state", { type = "pipe" })
  on("log.filter", { level = "debug" })
  on("terminate.state", { phase = "killing" })
  on("signal", { signal = "SIGTERM" })
  on("*", { name = dp.service "web" })
  daemon:tell(up "db")
  daemon:tell("service.state\tdb\tdown\t5\t78\tsignal\tSIGKILL\t1\t0")
  daemon:tell("service.tags\tweb\ta\trole=web")
  daemon:tell("service.args\tdb\thttpd\t80")
  daemon:tell("service.auto_up\tdb\t5\talways\tSIGHUP")
  daemon:tell("fd.state\tlog\tpipe\tfrom\tx")
  daemon:tell("log.filter\tdebug")
  daemon:tell("terminate.state\tkilling\t3")
  daemon:tell("signal\tSIGTERM\t5\t1")
  daemon:close()
  dp.run()
  expect.same(seen, {
    "pid=77", "pid=78", "signal=9", "tags=role=web", "name=service web", "args=80", "triggers=HUP", "interval=5",
    "type=pipe", "level=debug", "phase=killing", "signal=SIGTERM",
  })
end

function tests.a_value_that_there_cannot_be_is_refused_at_once()
  local dp = fake.new()
  local function refused(part, event, filter)
    expect.misuse(part, function() dp.on(event, filter, print) end)
  end
  refused("state of service.state is one of down, start, up, deleted, not dwn", "service.state", { state = "dwn" })
  refused("the field name of service.state is a name, not a/b", "service.state", { name = "a/b" })
  refused("the field pid of service.state is a whole number, not 7", "service.state", { pid = "7" })
  refused("there is no signal FOO", "service.state", { signal = "FOO" })
  refused("is one of none, trace,", "log.filter", { level = "loud" })
  refused("is one of stopping, killing, flushing", "terminate.state", { phase = "stoping" })
  refused("the field triggers of service.auto_up is a trigger", "service.auto_up", { triggers = "sometimes" })
  refused("has no field nam", "*", { nam = "web" })
  refused("there is no event service.stat", "service.stat", {})
end

function tests.a_handler_can_remove_a_later_one()
  local dp, daemon = fake.new()
  local seen = {}
  local second
  dp.on("service.state", function() second:off() end)
  second = dp.on("service.state", function() seen[#seen + 1] = "second" end)
  dp.on("service.state", function() seen[#seen + 1] = "third" end)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  expect.same(seen, { "third" })
end

function tests.a_handler_can_remove_itself()
  local dp, daemon = fake.new()
  local seen = {}
  local once
  once = dp.on("service.state", function(event)
    seen[#seen + 1] = event.name
    once:off()
    once:off()
  end)
  daemon:tell(up "web")
  daemon:tell(up "db")
  daemon:close()
  dp.run()
  expect.same(seen, { "web" })
end

function tests.a_handler_that_is_set_by_a_handler_hears_of_the_next_event()
  local dp, daemon = fake.new()
  local seen = {}
  local is_set = false
  dp.on("service.state", function()
    if is_set then return end
    is_set = true
    dp.on("service.state", function(event) seen[#seen + 1] = event.name end)
  end)
  daemon:tell(up "web")
  daemon:tell(up "db")
  daemon:close()
  dp.run()
  expect.same(seen, { "db" })
end

function tests.an_error_in_a_handler_keeps_nobody_from_anything()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.state", function(event)
    seen[#seen + 1] = event.name
    error "oh dear"
  end)
  dp.on("service.state", function() seen[#seen + 1] = "next" end)
  daemon:tell(up "web")
  daemon:tell(up "db")
  daemon:close()
  dp.run()
  expect.same(seen, { "web", "next", "db", "next" })
  expect.same(#daemon.written, 2)
  expect.has(daemon.written[1], "error in a handler of service.state: ")
  expect.has(daemon.written[1], "handlers_test.lua:")
  expect.has(daemon.written[1], ": oh dear")
  expect.has(daemon.written[1], "stack traceback:")
end

-- For a repeated error: once in full, then a line a minute, and at the end what was left out.
function tests.an_error_at_each_event_does_not_fill_the_log()
  local dp, daemon = fake.new()
  dp.on("service.state", function(event) error("oh dear, " .. event.name) end)
  for minute = 0, 2 do
    daemon:at(100 + 60 * minute, function()
      for at = 1, 100 do daemon:tell(up("web" .. at)) end
    end)
  end
  daemon:at(300, daemon.close)
  dp.run()
  expect.same(#daemon.written, 4)
  expect.has(daemon.written[1], "oh dear, web1\nstack traceback:")
  for at, name in ipairs { "web1", "web1", "web100" } do
    local text = daemon.written[at + 1]
    expect.same(string.find(text, "traceback"), nil)
    expect.has(text, "error in a handler of service.state: ")
    expect.has(text, "oh dear, " .. name .. " (and " .. (at < 3 and 99 or 98) .. " more since the last one told)")
  end
end

function tests.errors_at_different_lines_are_told_in_full()
  local dp, daemon = fake.new()
  dp.on("service.state", function() error "oh dear" end)
  dp.on("service.state", function() error "oh dear" end)
  dp.after(1, function() error "oh dear" end)
  daemon:tell(up "web")
  daemon:at(110, daemon.close)
  dp.run()
  expect.same(#daemon.written, 3)
  for _, text in ipairs(daemon.written) do expect.has(text, "stack traceback:") end
end

-- The rule for errors in callbacks: they end that call, are reported, and nobody else notices.
function tests.an_error_in_a_callback_is_no_business_of_who_waits()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.tags", function() error "in a handler" end)
  dp.after(1, function() error "in a timer" end)
  dp.trap("HUP", function() error "in a trap" end)
  daemon:put("signal", "HUP")
  daemon:answer("service.tags\tweb\tx", "service.tags\tweb\tx")
  dp.spawn(function()
    seen[#seen + 1] = tostring(dp.call("service.tags", "web", "x"))
    seen[#seen + 1] = tostring(dp.sleep(2))
    seen[#seen + 1] = tostring(dp.sync())
    error "in a coroutine"
  end)
  daemon:at(110, daemon.close)
  dp.run()
  expect.same(seen, { "true", "true", "true" })
  expect.same(#daemon.written, 4)
end

function tests.an_error_after_a_wait_is_told_as_well()
  local dp, daemon = fake.new()
  dp.on("service.state", function()
    dp.sleep(1)
    error { "no text" }
  end)
  daemon:tell(up "web")
  daemon:at(110, daemon.close)
  dp.run()
  expect.same(#daemon.written, 1)
  expect.has(daemon.written[1], "table: ")
end

-- Runs a function as a handler; returns what was written.
local function written_by(fn)
  local dp, daemon = fake.new()
  dp.on("service.state", fn)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  return daemon.written
end

function tests.an_error_whose_text_cannot_be_had_is_told_as_well()
  local function unprintable(text) return setmetatable({}, { __tostring = text }) end
  local written = written_by(function() error(unprintable(function() error "inner" end)) end)
  expect.same(#written, 1)
  expect.has(written[1], "error in a handler of service.state: (error object is a table value")
  expect.has(written[1], "inner")
  written = written_by(function() error(unprintable(function() return {} end)) end)
  expect.same(#written, 1)
  expect.has(written[1], "(error object is a table value")
end

function tests.a_yield_to_nobody_is_an_error()
  local written = written_by(function() coroutine.yield "me" end)
  expect.same(#written, 1)
  expect.has(written[1], "error in a handler of service.state: coroutine.yield")
  expect.has(written[1], "handlers_test.lua:")
end

function tests.a_yield_to_nobody_closes_what_is_to_be_closed()
  local is_closed = false
  written_by(function()
    local _ <close> = setmetatable({}, { __close = function() is_closed = true end })
    coroutine.yield()
  end)
  expect.same(is_closed, true)
end

function tests.an_error_in_a_handler_closes_what_is_to_be_closed()
  local dp, daemon = fake.new()
  local closed = false
  dp.on("service.state", function()
    local _ <close> = setmetatable({}, { __close = function() closed = true end })
    error "oh dear"
  end)
  daemon:tell(up "web")
  daemon:close()
  dp.run()
  expect.same(closed, true)
end

function tests.a_handler_that_waits_does_not_hold_up_the_others()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("service.state", function(event)
    dp.sleep(event.name == "web" and 5 or 1)
    seen[#seen + 1] = event.name
  end)
  daemon:tell(up "web")
  daemon:tell(up "db")
  daemon:at(120, daemon.close)
  dp.run()
  expect.same(seen, { "db", "web" })
end

-- A mistake is in the script, and not in the library that notices it.
function tests.the_traceback_of_a_mistake_is_that_of_the_script()
  local dp, daemon = fake.new()
  dp.on("echo", function() local _ = dp.service("web").stat end)
  dp.on("signal", function() table.sort({ 1, 2 }, function() dp.sleep "long" end) end)
  daemon:say "hello"
  daemon:tell "signal\tSIGHUP\t5\t1"
  daemon:close()
  dp.run()
  local first, second = daemon.written[1], daemon.written[2]
  expect.has(first, "a service has no stat; did you mean state?\nstack traceback:\n")
  expect.same(select(2, string.gsub(first, "\n\t", "")), 1)
  expect.has(second, "in function 'table.sort'")
  expect.same(select(2, string.gsub(second, "\n\t", "")), 3)
  for _, text in ipairs(daemon.written) do
    expect.same({ string.find(text, "daemonproxy/"), string.find(text, "'error'") }, {})
  end
end

function tests.lines_that_are_no_events_are_echoes()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("echo", function(event) seen[#seen + 1] = event.line end)
  daemon:say "hello\tworld\t"
  daemon:say ""
  daemon:say "lua-echo-1\tx"
  daemon:close()
  dp.run()
  expect.same(seen, { "hello\tworld\t", "", "lua-echo-1\tx" })
end

function tests.own_echoes_are_nobodys_business()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("*", function(event) seen[#seen + 1] = event.event end)
  dp.sync()
  daemon:close()
  dp.run()
  expect.same(seen, { "closed" })
end

function tests.lines_that_are_wrong_are_told_to_whoever_wants_to_know()
  local dp, daemon = fake.new()
  local seen = {}
  dp.on("malformed", function(event) seen[#seen + 1] = event.line end)
  daemon:tell("service.state\tweb\tsleeping")
  daemon:put("long", "service.args\tweb\txxx")
  daemon:close()
  dp.run()
  expect.same(seen, { "service.state\tweb\tsleeping", "service.args\tweb\txxx" })
  expect.same(daemon.written, {})
end

function tests.lines_that_are_wrong_are_told_on_standard_error_else()
  local dp, daemon = fake.new()
  daemon:tell("service.state\tweb\tsleeping")
  daemon:close()
  dp.run()
  expect.same(#daemon.written, 1)
  expect.has(daemon.written[1], "not a line of the event service.state")
end

function tests.misuse_names_the_line_of_the_script()
  local dp = fake.new()
  expect.misuse("there is no event service.stat", function() dp.on("service.stat", print) end)
  expect.misuse("a function is needed", function() dp.on("service.state", 5) end)
  expect.misuse("has no field nam", function() dp.on("service.state", { nam = "web" }, print) end)
  expect.misuse("there is no signal FOO", function() dp.on("signal", { signal = "FOO" }, print) end)
  expect.misuse("a table, such as", function() dp.on("signal", "HUP", print) end)
end

function tests.coroutines_are_used_again()
  local dp, daemon = fake.new()
  local threads, count = {}, 0
  dp.on("service.state", function()
    local thread = coroutine.running()
    if not threads[thread] then
      threads[thread] = true
      count = count + 1
    end
  end)
  for _ = 1, 1000 do daemon:tell(up "web") end
  daemon:close()
  dp.run()
  expect.same(count, 1)
end

function tests.traps_are_called_and_removed()
  local dp, daemon = fake.new()
  local seen = {}
  local trap = dp.trap("SIGHUP", function(name) seen[#seen + 1] = name end)
  dp.trap("HUP", function() seen[#seen + 1] = "second" end)
  daemon:put("signal", "HUP")
  daemon:at(101, function()
    trap:off()
    daemon:put("signal", "HUP")
    daemon:close()
  end)
  dp.run()
  expect.same(seen, { "HUP", "second", "second" })
end

return tests
