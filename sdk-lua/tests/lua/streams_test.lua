-- Streams, over handles that are tables.

local expect = require "expect"
local fake = require "fake"

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
  daemon.at(101, function()
    one.read = handle({ "hello\n" }).read
    daemon.put("ready", one)
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

function tests.what_cannot_be_written_yet_waits()
  local stream, one, _, daemon = opened({}, 3)
  daemon.at(101, function()
    one.room = 10
    daemon.put("ready", one)
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
  expect.misuse("another coroutine waits", function() stream:read() end)
end

function tests.a_connection_is_made_when_it_can_be_written_to()
  local one = handle {}
  local dp, daemon = fake.new { sockets = true, connect = function() return one end }
  daemon.at(101, function() daemon.put("ready", one) end)
  local stream = dp.connect("127.0.0.1:80", 5)
  expect.same({ stream ~= nil, one.watched }, { true, { "w" } })
end

function tests.a_connection_that_is_refused_says_why_and_is_closed()
  local one = handle {}
  function one.write() return nil, "connection refused" end
  local dp, daemon = fake.new { sockets = true, connect = function() return one end }
  daemon.put("ready", one)
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

function tests.without_sockets_it_is_misuse()
  local dp = fake.new { sockets = false }
  expect.misuse("only daemonproxy-lua", function() dp.connect "127.0.0.1:80" end)
  expect.misuse("only daemonproxy-lua", function() dp.open "/fifo" end)
end

return tests
