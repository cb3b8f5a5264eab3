-- Streams, over handles that are tables.

local expect = require "expect"
local fake = require "daemonproxy.testing"

local tests = {}

-- A handle that gives these pieces, one at a time: text, "again", "closed".
local function handle(pieces, room)
  local one = { written = "", watched = {}, room = room or math.huge }
  function one.read(_, length)
    local piece = pieces[1]
    if piece == "again" or piece == "closed" then return nil, piece end
    if piece == nil then return nil, "again" end
    if #piece > length then
      pieces[1] = string.sub(piece, length + 1)
      return string.sub(piece, 1, length)
    end
    table.remove(pieces, 1)
    return piece
  end
  function one.write(_, bytes)
    if bytes ~= "" and one.room == 0 then return nil, "again" end
    local count = math.min(#bytes, one.room)
    one.written = one.written .. string.sub(bytes, 1, count)
    one.room = one.room - count
    return count
  end
  function one.watch(_, direction) one.watched[#one.watched + 1] = direction or "off" end
  function one.close() one.is_closed = true end
  return one
end

local function opened(pieces, room)
  local one = handle(pieces, room)
  local dp, daemon = fake.new { sockets = true, open = function() return one end, connect = function() return one end }
  return assert(dp.open "/fifo"), one, dp, daemon
end

function tests.lines_are_cut_wherever_they_are_read()
  local stream = opened { "first\nsec", "ond\n\nlast", "closed" }
  expect.same({ stream:read(), stream:read "l", stream:read(), stream:read() }, { "first", "second", "", "last" })
  expect.same({ select(2, stream:read()) }, { "closed" })
end

function tests.bytes_and_everything()
  local stream = opened { "abc", "defgh", "closed" }
  expect.same({ stream:read(4), stream:read "a", stream:read "a" }, { "abcd", "efgh", "" })
  expect.same({ select(2, stream:read(1)) }, { "closed" })
end

function tests.what_is_not_there_yet_is_waited_for()
  local stream, one, dp, daemon = opened { "again" }
  daemon:at(101, function()
    one.read = handle({ "hello\n" }).read
    daemon:put("ready", one)
  end)
  expect.same({ stream:read("l", 5), one.watched }, { "hello", { "r" } })
  expect.same(dp.is_closed(), false)
end

function tests.a_read_has_a_limit_and_keeps_what_it_has()
  local stream, one = opened { "hel" }
  expect.same({ select(2, stream:read("l", 5)) }, { "timeout" })
  expect.same(one.watched, { "r", "off" })
  one.read = handle({ "lo\n" }).read
  expect.same(stream:read "l", "hello")
end

-- 16 MB in small pieces: copying everything for each of them would take minutes.
function tests.a_long_answer_is_read_in_a_time_of_its_length()
  local piece = string.rep("x", 1023) .. "\n"
  for _, what in ipairs { "a", 16 << 20 } do
    local stream, one = opened {}
    local count = 0
    function one.read()
      count = count + 1
      if count > 16384 then return nil, "closed" end
      return piece
    end
    local began = os.clock()
    expect.same(#stream:read(what), 16 << 20)
    local took = os.clock() - began
    if took > 10 then error(string.format("%s took %.1f s", what, took)) end
  end
end

function tests.many_lines_in_one_piece_are_read_in_a_time_of_their_length()
  local stream = opened { string.rep(string.rep("x", 9) .. "\n", 6000), "rest\n" }
  for _ = 1, 6000 do expect.same(stream:read(), "xxxxxxxxx") end
  expect.same(stream:read(), "rest")
end

function tests.what_came_before_a_limit_is_kept_for_any_other_read()
  local stream, one = opened { "one\nt", "wo" }
  expect.same({ select(2, stream:read("a", 5)) }, { "timeout" })
  expect.same({ select(2, stream:read(100, 5)) }, { "timeout" })
  expect.same(stream:read(2), "on")
  expect.same(stream:read "l", "e")
  expect.same({ select(2, stream:read("l", 5)) }, { "timeout" })
  one.read = handle({ "\nthree", "closed" }).read
  expect.same({ stream:read "l", stream:read "a" }, { "two", "three" })
end

function tests.a_stream_that_is_always_ready_gives_the_others_their_turn()
  local stream, one, dp, daemon = opened {}
  local function endless() daemon.time = daemon.time + 0.01 end
  function one.read(_, length)
    endless()
    return string.rep("x", length)
  end
  function one.write(_, bytes)
    endless()
    return #bytes
  end
  for _, go_on in ipairs { function() stream:read(4096) end, function() stream:write(string.rep("x", 4096)) end } do
    local ticks, seen = 0, 0
    local timer = dp.every(0.1, function() ticks = ticks + 1 end)
    local handler = dp.on("service.tags", function() seen = seen + 1 end)
    for _ = 1, 10 do daemon:tell "service.tags\tweb\tx" end
    local due = daemon.time + 20
    while daemon.time < due do go_on() end
    timer:cancel()
    handler:off()
    if ticks < 10 or seen < 10 then error(ticks .. " ticks and " .. seen .. " events") end
  end
end

function tests.a_limit_holds_for_a_stream_that_is_always_ready()
  local stream, one, _, daemon = opened {}
  function one.read(_, length)
    daemon.time = daemon.time + 0.1
    return string.rep("x", length)
  end
  expect.same({ select(2, stream:read("a", 5)) }, { "timeout" })
  expect.same(daemon.time < 110, true)
  expect.same(stream:read(5), "xxxxx")
end

function tests.the_end_stops_a_read_that_would_never_end()
  local stream, one, dp, daemon = opened {}
  function one.read(_, length) return string.rep("x", length) end
  daemon:close()
  local bytes
  dp.spawn(function()
    bytes = stream:read "a"
    while true do stream:read "a" end
  end)
  dp.run()
  expect.same(bytes ~= nil, true)
end

function tests.closing_ends_a_read_of_a_stream_that_is_always_ready()
  local stream, one, dp, daemon = opened {}
  function one.read(_, length) return string.rep("x", length) end
  dp.after(1, function() stream:close() end)
  daemon.time = daemon.time + 1
  local seen
  dp.spawn(function() seen = stream:read "a" ~= nil end)
  daemon:close()
  dp.run()
  expect.same({ seen, one.is_closed }, { true, true })
end

function tests.what_cannot_be_written_yet_waits()
  local stream, one, _, daemon = opened({}, 3)
  daemon:at(101, function()
    one.room = 10
    daemon:put("ready", one)
  end)
  expect.same({ stream:write "abcdef", one.written, one.watched }, { true, "abcdef", { "w" } })
end

function tests.a_line_that_is_too_long_is_an_error()
  local pieces = {}
  for at = 1, 300 do pieces[at] = string.rep("x", 4096) end
  local stream = opened(pieces)
  expect.same({ select(2, stream:read()) }, { "the line is too long" })
end

function tests.closing_ends_a_read_of_another_coroutine()
  local stream, one, dp = opened { "again" }
  local seen
  dp.spawn(function() seen = { select(2, stream:read()) } end)
  stream:close()
  stream:close()
  dp.step(0)
  expect.same(dp.is_closed(), false)
  expect.same({ seen, one.is_closed }, { { "closed" }, true })
  expect.same({ select(2, stream:write "x") }, { "closed" })
end

function tests.two_coroutines_cannot_read_one_stream()
  local stream, _, dp = opened { "again" }
  dp.spawn(function() stream:read() end)
  expect.misuse("another coroutine waits to read", function() stream:read() end)
end

function tests.two_coroutines_cannot_write_one_stream()
  local stream, _, dp = opened({}, 0)
  dp.spawn(function() stream:write "x" end)
  expect.misuse("another coroutine waits to write", function() stream:write "y" end)
end

-- One coroutine waits to read "hello", another to write "abcdef", to a peer that takes half of it.
-- What each gets, in the order in which they end.
local function both(limit_of_read, limit_of_write)
  local stream, one, dp, daemon = opened({ "again" }, 3)
  local seen = {}
  dp.spawn(function()
    local line, why = stream:read("l", limit_of_read)
    seen[#seen + 1] = { "read", line or why }
  end)
  dp.spawn(function()
    local ok, why = stream:write("abcdef", limit_of_write)
    seen[#seen + 1] = { "written", ok or why }
  end)
  local function is_read(time)
    daemon:at(time, function()
      one.read = handle({ "hello\n" }).read
      daemon:put("ready", one)
    end)
  end
  local function is_written(time)
    daemon:at(time, function()
      one.room = 10
      daemon:put("ready", one)
    end)
  end
  return dp, daemon, seen, one, is_read, is_written, stream
end

function tests.one_coroutine_reads_while_another_writes()
  for _, times in ipairs { { 101, 102 }, { 102, 101 } } do
    local dp, daemon, seen, one, is_read, is_written = both()
    is_read(times[1])
    is_written(times[2])
    daemon:at(103, daemon.close)
    dp.run()
    local read, written = { "read", "hello" }, { "written", true }
    expect.same(seen, times[1] < times[2] and { read, written } or { written, read })
    expect.same({ one.written, one.watched[1], one.watched[2] }, { "abcdef", "r", "rw" })
    -- Only one is still waiting.
    expect.same(one.watched[#one.watched], times[1] < times[2] and "w" or "r")
  end
end

function tests.a_limit_of_one_of_two_leaves_the_other_waiting()
  local dp, daemon, seen, one, _, is_written = both(5)
  is_written(110)
  daemon:at(111, daemon.close)
  dp.run()
  expect.same(seen, { { "read", "timeout" }, { "written", true } })
  expect.same(one.watched, { "r", "rw", "w" })
end

function tests.closing_ends_both_of_two()
  local dp, daemon, seen, _, _, _, stream = both()
  stream:close()
  daemon:close()
  dp.run()
  expect.same(seen, { { "read", "closed" }, { "written", "closed" } })
end

function tests.a_connection_is_made_when_it_can_be_written_to()
  local one = handle {}
  local dp, daemon = fake.new { sockets = true, connect = function() return one end }
  daemon:at(101, function() daemon:put("ready", one) end)
  local stream = dp.connect("127.0.0.1:80", 5)
  expect.same({ stream ~= nil, one.watched }, { true, { "w" } })
end

function tests.a_connection_that_is_refused_says_why_and_is_closed()
  local one = handle {}
  function one.write() return nil, "connection refused" end
  local dp, daemon = fake.new { sockets = true, connect = function() return one end }
  daemon:put("ready", one)
  expect.same({ select(2, dp.connect "127.0.0.1:80") }, { "connection refused" })
  expect.same(one.is_closed, true)
end

function tests.a_connection_that_takes_too_long_is_closed()
  local one = handle {}
  local dp = fake.new { sockets = true, connect = function() return one end }
  expect.same({ select(2, dp.connect("127.0.0.1:80", 5)) }, { "timeout" })
  expect.same(one.is_closed, true)
end

function tests.an_address_that_is_none_says_so()
  local dp = fake.new { sockets = true, connect = function() return nil, "no address" end }
  expect.same({ select(2, dp.connect "nowhere") }, { "no address" })
end

function tests.limits_and_bytes_are_checked()
  local stream, one, dp = opened { "abc" }
  for _, wrong in ipairs { {}, "5", -1, 0 / 0 } do
    expect.misuse("read: seconds are a number", function() stream:read(1, wrong) end)
    expect.misuse("write: seconds are a number", function() stream:write("x", wrong) end)
    expect.misuse("connect: seconds are a number", function() dp.connect("127.0.0.1:80", wrong) end)
  end
  expect.misuse("write: the bytes are a string, not a number", function() stream:write(5) end)
  expect.misuse("write: the bytes are a string, not a nil", function() stream:write() end)
  expect.same({ stream:read(1), one.written }, { "a", "" })
end

function tests.without_sockets_it_is_misuse()
  local dp = fake.new { sockets = false }
  expect.misuse("only daemonproxy-lua", function() dp.connect "127.0.0.1:80" end)
  expect.misuse("only daemonproxy-lua", function() dp.open "/fifo" end)
end

return tests
