-- Sockets on which a script waits for others to connect, while everything else goes on.

local stream = require "daemonproxy.stream"
local where = require "daemonproxy.where"

local listener = {}
listener.__index = listener
listener.__name = "daemonproxy.listener"

--- The next connection, as a stream; or nil and why not.
function listener:accept(seconds)
  local session = self.session
  session.check_limit("accept", seconds)
  if self.waiter then where.misuse("another coroutine waits to accept already") end
  local due = seconds and session.io.now() + seconds
  while true do
    if not self.handle then return nil, "closed" end
    local made, why = self.handle:accept()
    if made then return stream.wrap(session, made) end
    if why ~= "again" then return nil, why end
    local waiter = {}
    self.waiter = waiter
    session.ready[self.handle] = { r = waiter }
    self.handle:watch("r")
    local ok, reason = session.pause(waiter, due and math.max(0, due - session.io.now()))
    self.waiter = nil
    if self.handle and not ok then
      session.ready[self.handle] = nil
      self.handle:watch(nil)
    end
    if not ok then return nil, reason end
  end
end

--- Closes it, and removes the socket from its folder. Whoever waits for a connection gets nil,
--- "closed".
function listener:close()
  local handle = self.handle
  if not handle then return end
  self.handle = nil
  self.session.ready[handle] = nil
  if self.waiter then self.session.loop.wake(self.waiter, nil, "closed") end
  handle:close()
end

listener.__gc = listener.close
listener.__close = listener.close

function listener.new(session)
  local io = session.io
  local self = {}

  --- Listens at "127.0.0.1:80", "*:80", "[::1]:80" or the path of a unix socket. If the port is 0,
  --- the system chooses one: it is in `address`.
  function self.listen(address)
    if not io.sockets then where.misuse("listen: only daemonproxy-lua can wait for more than the events") end
    if type(address) ~= "string" then where.misuse("listen: the address is a string, not a %s", type(address)) end
    local handle, where_or_why = io.listen(address)
    if not handle then return nil, where_or_why end
    return setmetatable({ session = session, handle = handle, address = where_or_why }, listener)
  end

  return self
end

return listener
