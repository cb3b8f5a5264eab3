-- Waits: for services, for time, for the end.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local UNKNOWN <const> = "error\tUnknown command: service.stop"
local tests = {}

local UP <const> = "service.state\tweb\tup\t5\t77\t-\t-\t0\t-"
local DOWN <const> = "service.state\tweb\tdown\t6\t77\texit\t3\t1\t0"
local DELETED <const> = "service.state\tweb\tdeleted\t-\t-\t-\t-\t-\t-"
local WAITING <const> = "service.state\tweb\tstart\t5\t-\t-\t-\t-\t-"

function tests.what_is_so_already_is_not_waited_for()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  expect.same({ dp.service("web"):wait "up" }, { true })
  expect.same({ dp.service("db"):wait "deleted" }, { true })
end

function tests.a_state_that_passes_by_is_noticed()
  local dp, daemon = fake.new()
  daemon:tell(WAITING)
  daemon:tell(UP)
  daemon:tell(DOWN)
  local seen = {}
  dp.spawn(function()
    seen[1] = dp.service("web"):wait "up"
    seen[2] = dp.service("web").state
  end)
  daemon:close()
  dp.run()
  expect.same(seen, { true, "up" })
end

function tests.who_has_waited_longest_goes_on_first()
  local dp, daemon = fake.new()
  daemon:tell(WAITING)
  dp.sync()
  local seen = {}
  for at = 1, 20 do
    dp.spawn(function()
      dp.service("web"):wait "up"
      seen[#seen + 1] = at
      dp.service("web"):wait "down"
      seen[#seen + 1] = 20 + at
    end)
  end
  daemon:tell(UP)
  daemon:at(107, daemon.close)
  dp.run()
  for at = 1, 40 do expect.same(seen[at], at) end
end

function tests.a_wait_after_start_is_for_the_end_of_that_run()
  local dp, daemon = fake.new()
  daemon:tell "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-"
  dp.sync()
  daemon:answer("service.start\tweb", WAITING, UP)
  daemon:at(107, function() daemon:tell(DOWN) end)
  local web = dp.service "web"
  expect.same({ web:start():wait "down" }, { true })
  expect.same({ web.exit, daemon.time }, { 3, 107 })
end

function tests.a_wait_after_a_command_that_changes_nothing_ends()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  daemon:answer("service.tags\tweb\tx", "service.tags\tweb\tx")
  expect.same({ dp.service("web"):tags { "x" }:wait "up" }, { true })
end

function tests.a_service_that_is_deleted_is_waited_for_no_more()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  daemon:tell(DELETED)
  expect.same({ select(2, dp.service("web"):wait "down") }, { "deleted" })
end

function tests.a_service_that_is_to_come_can_be_waited_for()
  local dp, daemon = fake.new()
  daemon:at(110, function() daemon:tell(UP) end)
  expect.same({ dp.service("web"):wait("up", 60) }, { true })
end

-- Whatever goes on meanwhile.
function tests.runs_of_several_services_that_pass_by_are_noticed()
  local dp, daemon = fake.new()
  daemon:answer("service.start\tweb", UP, DOWN)
  daemon:answer("service.start\tdb", (string.gsub(UP, "web", "db")), (string.gsub(DOWN, "web", "db")))
  local web, db = dp.service "web", dp.service "db"
  web:start()
  db:start()
  for _, service in ipairs { db, web } do expect.same({ service:wait("up", 60) }, { true }) end
  for _, service in ipairs { web, db } do expect.same({ service:wait("down", 60) }, { true }) end
  -- And only once: these runs have been seen.
  expect.same({ select(2, web:wait("up", 5)) }, { "timeout" })
end

function tests.what_passed_before_a_start_was_sent_does_not_count()
  local dp, daemon = fake.new()
  local web = dp.service "web"
  daemon:tell(UP)
  daemon:tell(DOWN)
  dp.sync()
  expect.same({ select(2, web:wait("up", 5)) }, { "timeout" })
  daemon:answer("service.start\tweb", UP, DOWN)
  web:start()
  dp.sync()
  dp.sleep(5)
  local elsewhere
  dp.spawn(function() elsewhere = { select(2, web:wait("up", 5)) } end)
  expect.same({ web:wait("up", 60) }, { true })
  dp.sleep(10)
  expect.same(elsewhere, { "timeout" })
end

function tests.uptime_and_downtime_go_on()
  local dp, daemon = fake.new()
  local web = dp.service "web"
  expect.same({ tostring(web.uptime), tostring(web.downtime) }, { "nil", "nil" })
  daemon:up "web"
  dp.sync()
  expect.same({ web.uptime, tostring(web.downtime) }, { 0, "nil" })
  daemon:pass(30.5)
  expect.same({ web.uptime, tostring(web.downtime) }, { 30, "nil" })
  daemon:down "web"
  daemon:pass(12)
  expect.same({ web.uptime, web.downtime }, { 30, 12 })
end

-- If there is no monotonic clock, each event shows the difference to the daemon's.
function tests.uptime_goes_on_without_a_clock()
  local time = 1000000
  local dp, daemon = fake.new { timers = false, now = function() return time end }
  local web = dp.service "web"
  daemon:tell "service.state\tweb\tup\t5\t77\t-\t-\t20\t-"
  dp.sync()
  expect.same(web.uptime, 20)
  time = time + 10
  expect.same(web.uptime, 30)
  daemon:tell "service.state\tdb\tdown\t9\t78\texit\t0\t1\t40"
  dp.sync()
  expect.same({ web.uptime, dp.service("db").downtime }, { 44, 40 })
  time = time + 1
  expect.same({ web.uptime, dp.service("db").downtime }, { 45, 41 })
end

function tests.a_condition_is_waited_for()
  local dp, daemon = fake.new()
  daemon:at(105, function() daemon:tell(UP) end)
  daemon:at(106, function() daemon:tell(DOWN) end)
  local count = 0
  local value = dp.wait_for(function()
    count = count + 1
    return dp.service("web").exit
  end, 60)
  expect.same({ value, daemon.time, count < 10 }, { 3, 106, true })
end

function tests.a_condition_that_passes_by_is_noticed()
  local dp, daemon = fake.new()
  local seen = {}
  dp.spawn(function()
    seen[1] = dp.wait_for(function() return dp.service("web").state == "up" end)
    seen[2] = dp.service("web").state
  end)
  dp.spawn(function() seen[3] = dp.wait_for(function() return dp.service("web").state == "down" end) end)
  daemon:tell(UP)
  daemon:tell(DOWN)
  daemon:close()
  dp.run()
  expect.same(seen, { true, "up", true })
end

function tests.a_condition_about_what_was_sent_is_looked_at_afterwards()
  local dp, daemon = fake.new()
  daemon:tell(DOWN)
  dp.sync()
  daemon:answer("service.start\tweb", UP)
  daemon:at(110, function() daemon:tell(DOWN) end)
  local web = dp.service "web"
  web:start()
  expect.same({ dp.wait_for(function() return web.state == "down" end), daemon.time }, { true, 110 })
end

function tests.a_condition_has_a_limit_and_ends_with_the_events()
  local dp, daemon = fake.new()
  expect.same({ select(2, dp.wait_for(function() return nil end, 5)) }, { "timeout" })
  expect.same(daemon.time, 105)
  local why
  dp.spawn(function() why = select(2, dp.wait_for(function() return false end)) end)
  daemon:close()
  dp.run()
  expect.same(why, "closed")
end

function tests.a_condition_of_the_script_itself_is_looked_at_after_timers()
  local dp, daemon = fake.new()
  local is_done = false
  dp.after(3, function() is_done = true end)
  expect.same({ dp.wait_for(function() return is_done end, 60), daemon.time }, { true, 103 })
end

function tests.an_error_in_a_condition_is_an_error_of_the_wait()
  local dp, daemon = fake.new()
  daemon:at(101, function() daemon:tell(UP) end)
  local ok, text = pcall(dp.wait_for, function()
    if dp.service("web").exists then error "oh dear" end
  end, 60)
  expect.same({ ok, daemon.time }, { false, 101 })
  expect.has(text, "waits_test.lua:")
  expect.has(text, "oh dear")
  expect.same({ dp.sync() }, { true })
  expect.same(daemon.written, {})
  expect.misuse("wait_for: a function is needed, not boolean", function() dp.wait_for(true) end)
end

function tests.a_wait_has_a_limit()
  local dp, daemon = fake.new()
  expect.same({ select(2, dp.service("web"):wait("up", 5)) }, { "timeout" })
  expect.same(daemon.time, 105)
end

function tests.a_limit_is_a_number_of_seconds_and_the_error_names_the_script()
  local dp, daemon = fake.new()
  daemon:tell "service.auto_up\tweb\t1\talways"
  daemon:tell(UP)
  dp.sync()
  local web = dp.service "web"
  for _, wrong in ipairs { {}, "5", -1, 0 / 0, true } do
    expect.misuse("wait: seconds are a number", function() web:wait("down", wrong) end)
    expect.misuse("stop: seconds are a number", function() web:stop(wrong) end)
    expect.misuse("sync: seconds are a number", function() dp.sync(wrong) end)
    expect.misuse("resync: seconds are a number", function() dp.resync(wrong) end)
    expect.misuse("step: seconds are a number", function() dp.step(wrong) end)
    expect.misuse("sleep: seconds are a number", function() dp.sleep(wrong) end)
  end
  -- Even if there is nothing to wait for.
  expect.misuse("wait: seconds are a number", function() web:wait("up", {}) end)
  expect.misuse("stop: seconds are a number", function() dp.service("db"):stop {} end)
  expect.same(daemon.sent, {})
end

function tests.a_limit_needs_a_clock()
  local dp, daemon = fake.new { timers = false }
  expect.misuse("wait with a limit needs a clock", function() dp.service("web"):wait("up", 5) end)
  expect.misuse("sync with a limit needs a clock", function() dp.sync(5) end)
  expect.misuse("resync with a limit needs a clock", function() dp.resync(5) end)
  expect.misuse("sleep needs a clock", function() dp.sleep(5) end)
  expect.misuse("after needs a clock", function() dp.after(5, print) end)
  expect.misuse("every needs a clock", function() dp.every(5, print) end)
  expect.misuse("at needs a clock", function() dp.at("12:00", print) end)
  expect.misuse("now needs a clock", function() dp.now() end)
  expect.same(daemon.sent, {})
end

function tests.a_wait_that_ended_early_leaves_no_timer()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  daemon:at(102, daemon.close)
  local ended = {}
  dp.spawn(function()
    ended[1] = dp.service("web"):wait("up", 1000)
  end)
  dp.run()
  expect.same(ended, { true })
  expect.same(daemon.time, 102)
end

function tests.a_thousand_waits_one_after_the_other_take_no_room()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  local web = dp.service "web"
  local function round()
    for _ = 1, 1000 do
      daemon:tell(DOWN)
      web:wait("down", 100000)
      daemon:tell(UP)
      web:wait("up", 100000)
    end
    collectgarbage()
    return collectgarbage "count"
  end
  round()
  local before = round()
  local after = round()
  if after > before + 16 then error(string.format("%.0f KiB, and then %.0f", before, after)) end
end

function tests.the_end_wakes_everybody()
  local dp, daemon = fake.new()
  local seen = {}
  dp.spawn(function() seen[1] = select(2, dp.service("web"):wait "up") end)
  dp.spawn(function() seen[2] = select(2, dp.sleep(1000)) end)
  daemon:at(101, daemon.close)
  dp.run()
  expect.same(seen, { "closed", "closed" })
end

function tests.everybody_is_told_of_the_end_once()
  local dp, daemon = fake.new()
  local seen = {}
  for at = 1, 2 do
    dp.on("closed", function() seen[at] = select(2, dp.sleep(1)) end)
  end
  daemon:close()
  dp.run()
  expect.same(seen, { "closed", "closed" })
end

function tests.a_loop_that_does_not_look_ends_all_the_same()
  local dp, daemon = fake.new()
  local rounds = 0
  dp.spawn(function()
    while true do
      dp.sleep(10)
      rounds = rounds + 1
    end
  end)
  daemon:at(125, daemon.close)
  dp.run()
  -- Two sleeps that ended, one that the end cut short; the one after that never ends.
  expect.same(rounds, 3)
end

function tests.a_main_chunk_that_does_not_look_is_ended_by_an_error()
  local dp, daemon = fake.new()
  daemon:close()
  local rounds = 0
  local ok, why = pcall(function()
    while true do
      dp.service("web"):wait "up"
      rounds = rounds + 1
    end
  end)
  expect.same({ ok, rounds }, { false, 1 })
  expect.has(why, "the events have ended")
end

function tests.a_wait_inside_a_function_of_c_runs_the_loop()
  local dp, daemon = fake.new()
  daemon:at(103, daemon.close)
  local seen = {}
  dp.spawn(function()
    local names = { "b", "a" }
    table.sort(names, function(left, right)
      dp.sleep(1)
      return left < right
    end)
    seen = names
  end)
  dp.run()
  expect.same(seen, { "a", "b" })
end

function tests.a_wait_inside_a_coroutine_of_the_script_runs_the_loop()
  local dp, daemon = fake.new()
  daemon:at(110, daemon.close)
  local seen = {}
  dp.spawn(function()
    local each = coroutine.wrap(function()
      for at = 1, 3 do
        dp.sleep(1)
        coroutine.yield(at)
      end
    end)
    for at in each do seen[#seen + 1] = at end
  end)
  dp.run()
  expect.same(seen, { 1, 2, 3 })
end

function tests.sleepers_wake_in_the_order_of_their_time()
  local dp, daemon = fake.new()
  local seen = {}
  for _, seconds in ipairs { 5, 1, 4, 2, 3, 2 } do
    dp.spawn(function()
      dp.sleep(seconds)
      seen[#seen + 1] = seconds
    end)
  end
  daemon:at(110, daemon.close)
  dp.run()
  expect.same(seen, { 1, 2, 2, 3, 4, 5 })
end

function tests.events_do_not_keep_timers_from_their_time()
  local dp, daemon = fake.new()
  local count, at_timer = 0, nil
  dp.on("service.state", function()
    count = count + 1
    daemon.time = daemon.time + 0.01
    if count < 5000 then daemon:tell(UP) else daemon:close() end
  end)
  dp.after(1, function() at_timer = count end)
  daemon:tell(UP)
  dp.run()
  if not at_timer or at_timer > 200 then error("the timer came after " .. tostring(at_timer) .. " events") end
end

function tests.timers_that_are_always_due_do_not_keep_events_away()
  local dp, daemon = fake.new()
  local function again() dp.after(0, again) end
  again()
  dp.on("service.state", function() dp.stop() end)
  daemon:tell(UP)
  dp.run()
  expect.same(dp.service("web").state, "up")
end

function tests.timers_come_in_order_whatever_was_cancelled()
  local timers = require "daemonproxy.timers"
  math.randomseed(7)
  for _ = 1, 200 do
    local heap, all = timers.new(), {}
    for at = 1, 40 do all[at] = heap:add(math.random(100), print) end
    local left = {}
    for _, timer in ipairs(all) do
      if math.random(2) == 1 then heap:remove(timer) else left[#left + 1] = timer.due end
    end
    table.sort(left)
    for at, due in ipairs(left) do
      expect.same({ heap.count, heap:next() }, { #left - at + 1, due })
      expect.same(heap:pop(due - 1) == nil, true)
      expect.same(heap:pop(due).due, due)
    end
    expect.same({ heap.count, heap:next() == nil }, { 0, true })
  end
end

function tests.after_and_every_can_be_cancelled()
  local dp, daemon = fake.new()
  local seen = {}
  local never = dp.after(2, function() seen[#seen + 1] = "never" end)
  dp.after(1, function() never:cancel() end)
  local count = 0
  dp.every(3, function(timer)
    count = count + 1
    seen[#seen + 1] = daemon.time
    if count == 3 then timer:cancel() end
  end)
  daemon:at(150, daemon.close)
  dp.run()
  expect.same(seen, { 103, 106, 109 })
end

function tests.every_does_not_overtake_itself()
  local dp, daemon = fake.new()
  local seen = {}
  dp.every(1, function()
    seen[#seen + 1] = daemon.time
    dp.sleep(2.5)
  end)
  daemon:at(108.75, daemon.close)
  dp.run()
  expect.same(seen, { 101, 104.0, 107.0 })
end

function tests.every_goes_on_after_an_error()
  local dp, daemon = fake.new()
  local count = 0
  dp.every(1, function()
    count = count + 1
    error "oh dear"
  end)
  daemon:at(103.5, daemon.close)
  dp.run()
  expect.same({ count, #daemon.written }, { 3, 2 })
  expect.has(daemon.written[1], "error in a function called by every: ")
end

function tests.every_goes_on_after_a_yield_to_nobody()
  local dp, daemon = fake.new()
  local count = 0
  dp.every(1, function()
    count = count + 1
    coroutine.yield()
  end)
  daemon:at(103.5, daemon.close)
  dp.run()
  expect.same({ count, #daemon.written }, { 3, 2 })
end

function tests.an_error_is_told_of_whoever_made_it()
  local dp, daemon = fake.new()
  dp.every(1, function(timer) timer:cancel() end)
  daemon:at(102, function()
    dp.on("service.state", function() error "oh dear" end)
    daemon:tell(UP)
    daemon:close()
  end)
  dp.run()
  expect.has(daemon.written[1], "error in a handler of service.state: ")
end

function tests.at_takes_a_time_and_a_time_of_day()
  local clock = require "daemonproxy.clock"
  local noon = os.time { year = 2024, month = 3, day = 1, hour = 12, min = 0, sec = 0 }
  local function shown(text) return os.date("%m-%d %H:%M:%S", clock.next(text, noon)) end
  expect.same(shown "13:30", "03-01 13:30:00")
  expect.same(shown "12:00:01", "03-01 12:00:01")
  expect.same(shown "12:00", "03-02 12:00:00")
  expect.same(shown "7:05", "03-02 07:05:00")
  for _, wrong in ipairs { "24:00", "12:60", "12", "12:00:60", "12:00:1", "12:00x", "" } do
    expect.same({ wrong, clock.next(wrong, noon) }, { wrong })
  end
  local dp, daemon = fake.new()
  local seen = {}
  dp.at(os.time() - 5, function() seen[#seen + 1] = "at once" end)
  daemon:at(101, daemon.close)
  dp.run()
  expect.same(seen, { "at once" })
  expect.misuse("the time is that of os.time", function() dp.at("soon", print) end)
end

function tests.stop_is_the_command()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  daemon:answer("service.stop\tweb\t6.5", "service.state\tweb\tdown\t9\t77\tsignal\tSIGTERM\t4\t0")
  expect.same({ dp.service("web"):stop(6.5) }, { true })
  expect.same(daemon.sent, { "service.stop\tweb\t6.5" })
end

function tests.stop_has_the_time_of_the_service()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  daemon:at(150, function() daemon:tell(DOWN) end)
  expect.same({ dp.service("web"):stop() }, { true })
  expect.same(daemon.sent, { "service.stop\tweb" })
end

function tests.stop_ends_when_nothing_helps()
  local dp, daemon = fake.new()
  daemon:tell(UP)
  dp.sync()
  expect.same({ dp.service("web"):stop(7) }, { nil, "timeout" })
  expect.same(daemon.time, 112)
end

function tests.a_name_that_does_not_exist_cannot_be_stopped()
  for protocol = 1, 2 do
    local dp, daemon = fake.new { protocol = protocol }
    if protocol == 1 then daemon:answer("service.stop\tnosuch\t1", UNKNOWN) end
    expect.same({ dp.service("nosuch"):stop(1) }, { nil, "No such service", "NoSuchService" })
    expect.same({ dp.service("nosuch"):wait_for_end() }, { nil, "deleted" })
  end
end

-- With a daemon of protocol 1.
function tests.stop_asks_and_then_kills()
  local dp, daemon = fake.new()
  daemon:tell "service.auto_up\tweb\t1\talways"
  daemon:tell(UP)
  dp.sync()
  daemon:answer("service.stop\tweb\t7", UNKNOWN)
  daemon:answer("service.auto_up\tweb", "service.auto_up\tweb\t-")
  daemon:answer("service.signal\tweb\tKILL", "service.state\tweb\tdown\t9\t77\tsignal\tSIGKILL\t4\t0")
  expect.same({ dp.service("web"):stop(7) }, { true })
  expect.same({ daemon.time, dp.service("web").signal_name }, { 107, "SIGKILL" })
  expect.same(daemon.sent, {
    "service.stop\tweb\t7", "service.auto_up\tweb", "service.signal\tweb\tTERM", "service.signal\tweb\tKILL",
  })
end

function tests.stop_takes_back_a_pending_start()
  local dp, daemon = fake.new()
  daemon:tell(WAITING)
  dp.sync()
  daemon:answer("service.stop\tweb", UNKNOWN)
  daemon:answer("service.start\tweb\t-", "service.state\tweb\tdown\t-\t-\t-\t-\t-\t-")
  expect.same({ dp.service("web"):stop() }, { true })
  expect.same(daemon.sent, { "service.stop\tweb", "service.start\tweb\t-" })
end

function tests.run_in_a_coroutine_waits_for_the_end()
  local dp, daemon = fake.new()
  local seen = {}
  dp.spawn(function()
    dp.run()
    seen[#seen + 1] = "ended"
  end)
  expect.same(seen, {})
  daemon:close()
  dp.run()
  expect.same(seen, { "ended" })
end

function tests.stop_makes_run_come_back()
  local dp, daemon = fake.new()
  dp.on("service.state", function() dp.stop() end)
  daemon:tell(UP)
  daemon:tell(DOWN)
  dp.run()
  expect.same(dp.service("web").state, "up")
  dp.step(0)
  expect.same(dp.service("web").state, "down")
end

function tests.a_chunk_that_fails_ends_the_host()
  local _, daemon = fake.new()
  local start = require "daemonproxy.start"
  expect.same(start(function(text) error(text) end, "oh dear"), false)
  expect.has(daemon.written[1], "oh dear")
  expect.has(daemon.written[1], "stack traceback:")
end

function tests.a_chunk_can_wait()
  local dp, daemon = fake.new()
  local start = require "daemonproxy.start"
  local seen = {}
  daemon:at(110, daemon.close)
  expect.same(start(function(...)
    dp.sleep(3)
    seen = { daemon.time, ... }
    dp.run()
  end, "a", nil, "b"), true)
  expect.same({ seen[1], seen[2], seen[4] }, { 103, "a", "b" })
end

function tests.without_a_clock_limits_are_misuse()
  local dp = fake.new { timers = false }
  expect.misuse("only daemonproxy-lua has", function() dp.sleep(1) end)
  expect.misuse("only daemonproxy-lua has", function() dp.service("web"):wait("up", 1) end)
  expect.misuse("only daemonproxy-lua has", function() dp.after(1, print) end)
  expect.misuse("only daemonproxy-lua has", function() dp.every(1, print) end)
  expect.misuse("only daemonproxy-lua has", function() dp.at("12:00", print) end)
  expect.misuse("only daemonproxy-lua has", function() dp.now() end)
end

function tests.numbers_of_seconds_are_looked_at()
  local dp = fake.new()
  expect.misuse("not -1", function() dp.sleep(-1) end)
  expect.misuse("not nil", function() dp.after(nil, print) end)
  expect.misuse("more than 0", function() dp.every(0, print) end)
  expect.misuse("a function is needed", function() dp.after(1) end)
end

function tests.the_end_of_a_run_is_not_that_of_the_next()
  local dp, daemon = fake.new()
  daemon:tell("service.state", "web", "up", 90, 77, "-", "-", 0, "-")
  daemon:tell("service.run", "web", 7, "starts=2", "why=always", "pid=77", "start=90.5")
  dp.sync()
  local web = dp.service "web"
  expect.same({ web.run.number, web.run.starts, web.run.why, web.run.start }, { 7, 2, "always", 90.5 })
  daemon:at(101, function()
    daemon:tell("service.state", "web", "down", 101, 77, "exit", 3, 11, 0)
    daemon:tell("service.run", "web", 7, "pid=77", "failed=exec:2", "end=101", "exit=3", "cpu=0.5", "maxrss=900")
    daemon:tell("service.run", "web", 7, "pid=77", "failed=exec:2", "end=101", "exit=3", "next=106")
  end)
  expect.same(web:wait_for_end(7), true)
  dp.sync()
  local run = web.run
  expect.same({ run.failed.stage, run.failed.errno, run.ended, run.exit }, { "exec", 2, 101.0, 3 })
  expect.same({ run.cpu, run.maxrss, run.next }, { 0.5, 900, 106.0 })
  expect.misuse("a run has no finished", function() return run.finished end)
  expect.misuse("a run has no readdy; did you mean ready?", function() return web.run.readdy end)
  daemon:tell("service.run", "web", 8, "pid=78", "start=106")
  dp.sync()
  expect.same({ web:wait_for_end(7), web.run.cpu }, { true })
  expect.same({ web:wait_for_end(8, 1) }, { nil, "timeout" })
end

function tests.the_end_after_a_start_is_that_of_the_new_run()
  local _, daemon = fake.new()
  local dp = require "daemonproxy"
  local web = dp.service "web"
  web:args "true"
  daemon:up "web"
  daemon:down "web"
  dp.sync()
  daemon:answer("service.start\tweb", "service.state\tweb\tup\t100\t9\t-\t-\t0\t-", "service.run\tweb\t2\tstarts=2")
  daemon:at(105, function() daemon:down("web", 3) end)
  expect.same({ web:start():wait_for_end(), daemon.time, web.run.exit }, { true, 105, 3 })
end

return tests
