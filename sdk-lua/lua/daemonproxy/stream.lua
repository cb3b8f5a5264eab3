-- Connections and files that a script reads and writes itself, while everything else goes on.

local where = require "daemonproxy.where"

local CHUNK <const> = 4096
-- A line that is longer is an error, and not a way to fill the memory.
local MAX_LINE <const> = 1048576

local stream = {}
stream.__index = stream
stream.__name = "daemonproxy.stream"

-- Waits until the handle is ready. Only one coroutine can wait for it.
local function wait_for(self, direction, seconds)
  local session, handle = self.session, self.handle
  if session.ready[handle] then where.misuse("another coroutine waits for this stream already") end
  local waiter = {}
  session.ready[handle] = waiter
  handle:watch(direction)
  local ok, why = session.pause(waiter, seconds)
  session.ready[handle] = nil
  if not ok and self.handle then handle:watch(nil) end
  return ok, why
end

-- More bytes into the buffer: true, or nil and why not.
local function fill(self, left)
  while true do
    if not self.handle then return nil, "closed" end
    local bytes, why = self.handle:read(CHUNK)
    if bytes then
      self.buffer = self.buffer .. bytes
      return true
    end
    if why ~= "again" then return nil, why end
    local ok, reason = wait_for(self, "r", left())
    if not ok then return nil, reason end
  end
end

local function take(self, length)
  local taken = string.sub(self.buffer, 1, length)
  self.buffer = string.sub(self.buffer, length + 1)
  return taken
end

-- How many seconds are left, each time it is called.
local function countdown(session, seconds)
  if not seconds then return function() return nil end end
  local due = session.io.now() + seconds
  return function() return math.max(0, due - session.io.now()) end
end

--- Reads: "l" a line without its end, a number so many bytes, "a" everything up to the end. At the end less, or nil
--- and "closed".
function stream:read(what, seconds)
  what = what or "l"
  local left = countdown(self.session, seconds)
  local why
  while true do
    local ended = why ~= nil
    if what == "l" then
      local line, behind = string.match(self.buffer, "^([^\n]*)\n()")
      if line then
        self.buffer = string.sub(self.buffer, behind)
        return line
      end
      if #self.buffer > MAX_LINE then return nil, "the line is too long" end
    elseif math.type(what) == "integer" and what > 0 then
      if #self.buffer >= what then return take(self, what) end
    elseif what ~= "a" then
      where.misuse('read: "l", "a" or a number of bytes is wanted, not %s', tostring(what))
    end
    if ended then
      if why == "closed" and (self.buffer ~= "" or what == "a") then return take(self, #self.buffer) end
      return nil, why
    end
    local ok
    ok, why = fill(self, left)
    if ok then why = nil end
  end
end

--- Writes everything: true, or nil and why not.
function stream:write(bytes, seconds)
  local left = countdown(self.session, seconds)
  local from = 1
  while from <= #bytes do
    if not self.handle then return nil, "closed" end
    local count, why = self.handle:write(string.sub(bytes, from, from + 65535))
    if count then
      from = from + count
    elseif why ~= "again" then
      return nil, why
    else
      local ok, reason = wait_for(self, "w", left())
      if not ok then return nil, reason end
    end
  end
  return true
end

--- Closes it. Whoever reads from it gets nil, "closed".
function stream:close()
  local handle = self.handle
  if not handle then return end
  self.handle = nil
  local waiter = self.session.ready[handle]
  if waiter then self.session.loop.wake(waiter, nil, "closed") end
  handle:close()
end

stream.__gc = stream.close
stream.__close = stream.close

local function new(session, handle)
  return setmetatable({ session = session, handle = handle, buffer = "" }, stream)
end

function stream.new(session)
  local io = session.io
  local self = {}

  local function need_sockets(what)
    if not io.sockets then where.misuse("%s: only daemonproxy-lua can wait for more than the events", what) end
  end

  --- Connects to "127.0.0.1:80", "[::1]:80", "localhost:80" or the path of a unix socket.
  function self.connect(address, seconds)
    need_sockets("connect")
    local handle, why = io.connect(address)
    if not handle then return nil, why end
    local made = new(session, handle)
    -- It can be written to when it is connected, or when that has failed; which of them, writing tells.
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
