-- Connections and files that a script reads and writes itself, while everything else goes on.
--
-- What was read but not asked for yet stays with the stream, even when a read ends early: `text`
-- from `from` on, and then the pieces. They are joined once, when somebody takes them, or a long
-- answer would be copied for each of its pieces.

local where = require "daemonproxy.where"

-- How much is read or written at a time.
local CHUNK <const> = 65536
-- How much goes through before everybody else has a turn, if the stream never makes us wait.
local TURN <const> = 262144
-- A longer line is an error, and cannot fill the memory.
local MAX_LINE <const> = 1048576

local stream = {}
stream.__index = stream
stream.__name = "daemonproxy.stream"

local function pause(self, direction, waiter, seconds)
  self.paused[direction] = true
  local ok, why = self.session.pause(waiter, seconds)
  self.paused[direction] = nil
  return ok, why
end

-- What is read or written in pieces is for one coroutine at a time.
local function check_free(self, direction, what)
  if self.paused[direction] then where.misuse("another coroutine waits to %s this stream already", what) end
end

local function watch(handle, waiters)
  handle:watch(waiters.r and waiters.w and "rw" or waiters.r and "r" or waiters.w and "w" or nil)
end

-- Waits until the handle may be ready: one coroutine to read and one to write.
local function wait_for(self, direction, seconds)
  local ready, handle = self.session.ready, self.handle
  local waiter, waiters = {}, ready[handle] or {}
  waiters[direction] = waiter
  ready[handle] = waiters
  watch(handle, waiters)
  self.unwaited[direction] = 0
  local ok, why = pause(self, direction, waiter, seconds)
  -- Otherwise it is not watched any more, and the others that waited have been woken, too.
  if ready[handle] == waiters then
    waiters[direction] = nil
    if next(waiters) == nil then ready[handle] = nil end
    if self.handle then watch(handle, waiters) end
  end
  return ok, why
end

-- Before reading or writing more: lets the others have their turn, if it is time. True, or nil and
-- why not to go on.
local function take_turns(self, direction, left)
  if self.unwaited[direction] >= TURN then
    self.unwaited[direction] = 0
    local _, why = pause(self, direction, {}, 0)
    if why == "closed" then return nil, why end
    if left() == 0 then return nil, "timeout" end
  end
  if not self.handle then return nil, "closed" end
  return true
end

-- Reads one more piece, and returns it, or nil and why not.
local function fill(self, left)
  while true do
    local ok, why = take_turns(self, "r", left)
    if not ok then return nil, why end
    local piece
    piece, why = self.handle:read(CHUNK)
    if piece then
      self.pieces[#self.pieces + 1] = piece
      self.length = self.length + #piece
      self.unwaited.r = self.unwaited.r + #piece
      return piece
    end
    if why ~= "again" then return nil, why end
    ok, why = wait_for(self, "r", left())
    if not ok then return nil, why end
  end
end

local function join(self)
  if not self.pieces[1] then return end
  table.insert(self.pieces, 1, string.sub(self.text, self.from))
  self.text, self.from, self.pieces = table.concat(self.pieces), 1, {}
end

local function take(self, length)
  join(self)
  local from = self.from
  local taken = string.sub(self.text, from, from + length - 1)
  self.from = from + #taken
  self.length = self.length - #taken
  if self.length == 0 then self.text, self.from = "", 1 end
  return taken
end

-- Nothing more comes: what is left, or nil and why.
local function at_end(self, what, why)
  if why == "closed" and (self.length > 0 or what == "a") then return take(self, self.length) end
  return nil, why
end

local function read_line(self, left)
  join(self)
  local place = string.find(self.text, "\n", self.from, true)
  local length = place and place - self.from
  while not length do
    if self.length > MAX_LINE then return nil, "the line is too long" end
    local before = self.length
    local piece, why = fill(self, left)
    if not piece then return at_end(self, "l", why) end
    place = string.find(piece, "\n", 1, true)
    length = place and before + place - 1
  end
  local line = take(self, length)
  take(self, 1)
  return line
end

-- How many seconds are left, each time it is called.
local function countdown(session, seconds)
  if not seconds then return function() return nil end end
  local due = session.io.now() + seconds
  return function() return math.max(0, due - session.io.now()) end
end

--- Reads: "l" a line without its end, a number that many bytes, "a" everything up to the end. At
--- the end it returns less, or nil and "closed".
function stream:read(what, seconds)
  what = what or "l"
  if what ~= "l" and what ~= "a" and not (math.type(what) == "integer" and what > 0) then
    where.misuse('read: "l", "a" or a number of bytes is wanted, not %s', tostring(what))
  end
  self.session.check_limit("read", seconds)
  check_free(self, "r", "read")
  local left = countdown(self.session, seconds)
  if what == "l" then return read_line(self, left) end
  local wanted = what == "a" and math.huge or what
  while self.length < wanted do
    local piece, why = fill(self, left)
    if not piece then return at_end(self, what, why) end
  end
  return take(self, wanted)
end

--- Writes everything: true, or nil and why not.
function stream:write(bytes, seconds)
  if type(bytes) ~= "string" then where.misuse("write: the bytes are a string, not a %s", type(bytes)) end
  self.session.check_limit("write", seconds)
  check_free(self, "w", "write")
  local left = countdown(self.session, seconds)
  local from = 1
  while from <= #bytes do
    local ok, why = take_turns(self, "w", left)
    if not ok then return nil, why end
    local count
    count, why = self.handle:write(string.sub(bytes, from, from + CHUNK - 1))
    if count then
      from = from + count
      self.unwaited.w = self.unwaited.w + count
    elseif why ~= "again" then
      return nil, why
    else
      ok, why = wait_for(self, "w", left())
      if not ok then return nil, why end
    end
  end
  return true
end

--- Closes it. Whoever waits for it gets nil, "closed".
function stream:close()
  local handle = self.handle
  if not handle then return end
  self.handle = nil
  local session = self.session
  local waiters = session.ready[handle] or {}
  session.ready[handle] = nil
  if waiters.r then session.loop.wake(waiters.r, nil, "closed") end
  if waiters.w then session.loop.wake(waiters.w, nil, "closed") end
  handle:close()
end

stream.__gc = stream.close
stream.__close = stream.close

local function new(session, handle)
  return setmetatable({
    session = session, handle = handle, text = "", from = 1, pieces = {}, length = 0,
    unwaited = { r = 0, w = 0 },    -- bytes since it last made us wait, to read or to write
    paused = {},                    -- whether a coroutine waits in a read, "r", or in a write, "w"
  }, stream)
end

--- A stream over a handle of the host.
stream.wrap = new

function stream.new(session)
  local io = session.io
  local self = {}

  local function need_sockets(what)
    if not io.sockets then where.misuse("%s: only daemonproxy-lua can wait for more than the events", what) end
  end

  --- Connects to "127.0.0.1:80", "[::1]:80", "localhost:80" or the path of a unix socket.
  function self.connect(address, seconds)
    need_sockets("connect")
    session.check_limit("connect", seconds)
    local handle, why = io.connect(address)
    if not handle then return nil, why end
    local made = new(session, handle)
    -- It becomes writable when it is connected, or when that has failed; writing shows which.
    local ok, reason = wait_for(made, "w", seconds)
    if ok then ok, reason = handle:write("") end
    if ok then return made end
    made:close()
    return nil, reason
  end

  --- Opens a FIFO or a device, "r" or "w".
  function self.open(path, mode)
    need_sockets("open")
    if mode ~= nil and mode ~= "r" and mode ~= "w" then
      where.misuse('open: the mode is "r" or "w", not %s', tostring(mode))
    end
    local handle, why = io.open(path, mode or "r")
    if not handle then return nil, why end
    return new(session, handle)
  end

  return self
end

return stream
